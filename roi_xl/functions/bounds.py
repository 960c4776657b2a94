"""What a quantity may be: one test for a number, one sentence for a person, one table of words."""

import difflib
import math
import unicodedata
from collections.abc import Iterable
from functools import cache

from roi_xl.text import LANGUAGES, set_language, text
from roi_xl.units import Quantity

NEVER = "never"


def within(quantity: Quantity, value: float) -> bool:
    """Whether the number is inside the bounds (NaN never is, infinity only where it means never)."""
    if math.isinf(value):
        return quantity.never and value > 0
    lower, upper = quantity.lower, quantity.upper
    if lower is not None and not (value > lower if quantity.lower_open else value >= lower):
        return False
    if upper is not None and not value <= upper:
        return False
    if quantity.whole and value != math.floor(value):
        return False
    return not math.isnan(value)


def allowed(quantity: Quantity, language: str | None = None) -> str:
    """What is allowed, in words: `a number ≥ 0`, `normal or high`."""
    if quantity.kind == "choice":
        return text("error.allowed.choice", language, words=", ".join(words(quantity, language)))
    if quantity.kind != "number":
        return text(f"error.allowed.{quantity.kind}", language)
    key = "whole" if quantity.whole else "number"
    parts = []
    if quantity.lower is not None:
        parts.append(f"{'>' if quantity.lower_open else '≥'} {quantity.lower:g}")
    if quantity.upper is not None:
        parts.append(f"≤ {quantity.upper:g}")
    bounds = text("error.allowed.and", language).join(parts)
    sentence = text(f"error.allowed.{key}", language)
    sentence = f"{sentence} {bounds}" if bounds else sentence
    if quantity.never:
        word = text(f"choice.{quantity.infinity}", language)
        sentence = text("error.allowed.never", language, number=sentence, never=word)
    if quantity.named:
        named = ", ".join(text(f"choice.{word}", language) for word, _ in quantity.named)
        sentence = text("error.allowed.named", language, number=sentence, words=named)
    return sentence


def words(quantity: Quantity, language: str | None = None) -> list[str]:
    """The words of a closed set, in order."""
    return [text(f"choice.{choice}", language) for choice in quantity.choices]


def never(language: str | None = None) -> str:
    """The word a cell shows for an infinite payback; `never` where no language was chosen."""
    chosen = language or set_language()
    return text("choice.never", chosen) if chosen else NEVER


def fold(word: str) -> str:
    """A word without case, outer space and full-width forms, for comparison."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def nearest(found: str, names: Iterable[str]) -> str:
    """The hint of an error message: the known name most like the one found, or nothing."""
    near = difflib.get_close_matches(found.strip().lower(), list(names), n=1, cutoff=0.6)
    return text("error.hint", nearest=near[0]) if near else ""


@cache
def codes(choices: tuple[str, ...]) -> dict[str, float]:
    """Every accepted word of a closed set, in all languages, with its code 0, 1, 2, …"""
    found = {fold(choice): float(i) for i, choice in enumerate(choices)}
    for language in LANGUAGES:
        for i, choice in enumerate(choices):
            found[fold(text(f"choice.{choice}", language))] = float(i)
    return found


def named_number(quantity: Quantity, word: str) -> float | None:
    """The number a word stands for, where the quantity has such words."""
    code = codes(tuple(name for name, _ in quantity.named)).get(fold(word))
    return None if code is None else quantity.named[int(code)][1]


@cache
def never_words() -> frozenset[str]:
    """Every accepted word for infinity: "never", "no end"."""
    words = (text(f"choice.{key}", lang) for key in (NEVER, "no_end") for lang in LANGUAGES)
    return frozenset({NEVER, *map(fold, words)})
