"""GPU, provider and model names compared as people write them, and the nearest one for a hint."""

import difflib
import unicodedata
from collections.abc import Iterable

from roi_xl.text import text


def normal(name: str) -> str:
    """A name without case, spaces and hyphens, with GB as G: `a100 80g` equals `A100-80GB`.

    The workbook's look-up keys do the same with SUBSTITUTE and UPPER.
    """
    plain = unicodedata.normalize("NFKC", name).upper()
    return "".join(plain.split()).replace("-", "").replace("GB", "G")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one: of those that begin or end alike the shortest, else by spelling."""
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
    """`; did you mean …?` for an error message, or nothing."""
    near = nearest(name, known)
    return text("error.hint", nearest=near) if near else ""
