"""Normalised names of GPUs, providers and models, and the nearest name for a hint."""

import difflib
import unicodedata
from collections.abc import Iterable

from roi_xl.text import text


def normal(name: str) -> str:
    """A name in upper case without spaces and hyphens, and G for GB: `a100 80g` equals `A100-80GB`.

    The look-up keys of the workbook are formed alike, with SUBSTITUTE and UPPER.
    """
    plain = unicodedata.normalize("NFKC", name).upper()
    return "".join(plain.split()).replace("-", "").replace("GB", "G")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The most similar known name: the closest in length of those that extend it, else by spelling."""
    wanted = normal(name)
    by_normal: dict[str, str] = {}
    for candidate in known:
        by_normal.setdefault(normal(candidate), candidate)
    alike = [n for n in by_normal if wanted and (n.startswith(wanted) or wanted.startswith(n))]
    if alike:
        return by_normal[min(alike, key=lambda n: (abs(len(n) - len(wanted)), n))]
    close = difflib.get_close_matches(wanted, by_normal, n=1, cutoff=0.4)
    return by_normal[close[0]] if close else None


def hint(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for an error message, or an empty text."""
    near = nearest(name, known)
    return text("error.hint", nearest=near) if near else ""
