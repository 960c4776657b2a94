"""What a cell can hold, and how text is kept from ever being a formula."""

import datetime as dt
import math
import numbers
import re
import unicodedata
from decimal import Decimal

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
TEXT_LIMIT = 32_767  # UTF-16 units, as Excel counts
FORMULA_LIMIT = 8_191  # characters behind the `=`
_FIRST_YEAR = 1900
_IMPOSSIBLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_START = frozenset("=+-@\t\r")
_TO_ESCAPE = re.compile(r"\r|_(?=x[0-9A-Fa-f]{4}_)")


def cell_value(value: object) -> object:
    """The value, as it can stand in a cell: text, a finite number, a truth value or a date.

    Raises:
        ValueError: no cell can hold it.
    """
    if isinstance(value, (bool, str)):
        if isinstance(value, str) and (_utf16(value) > TEXT_LIMIT or _IMPOSSIBLE.search(value)):
            raise ValueError(value)
        return value
    if isinstance(value, dt.date):
        if value.year < _FIRST_YEAR:
            raise ValueError(value)
        return value
    if isinstance(value, (numbers.Real, Decimal)):
        return _finite(value)
    raise ValueError(value)


def _finite(value: numbers.Real | Decimal) -> float | int:
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(value) from None
    if not math.isfinite(number):
        raise ValueError(value)
    return int(value) if isinstance(value, numbers.Integral) else number


def _utf16(text: str) -> int:
    return len(text) + sum(ch > "\uffff" for ch in text)


def reads_as_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula if somebody typed it."""
    return unicodedata.normalize("NFKC", text[:1]) in _FORMULA_START


def escaped(text: str) -> str:
    """Text as the file holds it, where `_x000D_` stands for a carriage return."""
    return _TO_ESCAPE.sub(lambda found: "_x000D_" if found[0] == "\r" else "_x005F_", text)
