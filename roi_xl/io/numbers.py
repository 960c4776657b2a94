"""Numbers as people and programs write them, by one rule for cells, CSV files, price lists and `--set`.

A text is a number only if it has one reading. `1,234` on its own may be 1234 or 1.234, so it is
ambiguous: the caller names the cell or row and asks for another spelling.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from roi_xl.errors import BadInput

MARKS = (".", ",")  # decimal marks
AMBIGUOUS = "?"  # a mark that may separate thousands or decimals
DOLLAR = "$"
# full-width forms, and typographic signs and spaces; no superscripts: 10² is not 102
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_NARROW |= str.maketrans("−–’\u3000\u00a0\u2007\u2009\u202f", "--'     ")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,.'])\d{3})(?:\1\d{3})*(?:(?!\1)[,.]\d*)?$", re.ASCII)
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[,.]\d*)?$", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[,.]\d*)?|[,.]\d+)(?:[eE][+-]?\d{1,6})?$", re.ASCII)
# xsd:double without its names for infinity and NaN, which no spreadsheet stores
_STORED = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,6})?$", re.ASCII)
_STORED_WHOLE = re.compile(r"-?\d{1,15}$", re.ASCII)
_XML_SPACE = " \t\r\n"


class TwoReadings(str):
    """A cell's text that may be one number or another, a thousand times as large."""

    __slots__ = ()


def number(written: str, decimal: str | None = None, currency: str = "") -> float | None:
    """The number a text stands for; None where it is none.

    Full-width digits and signs, typographic minus, and thousands separated by comma, point, space
    or apostrophe are read.

    Args:
        written: the text.
        decimal: `.` or `,` where the table says which it uses, `?` where a point is ambiguous in
            it as well (see `decimal_mark`); None for a text on its own.
        currency: the sign of the amount's own currency, which may stand before the number.

    Raises:
        BadInput: the text can be read in two ways, as `1,234` can on its own.

    Example:
        >>> number("１２，３４５．５０"), number("0,009"), number("1.234,5"), number("four")
        (12345.5, 0.009, 1234.5, None)
        >>> number("$0.90"), number("$0.90", currency="$")
        (None, 0.9)
    """
    text = written.translate(_NARROW).strip()
    if currency and text.startswith(currency):
        text = text.removeprefix(currency).lstrip()
    found = _marks(text)
    if found is None:
        return None
    group, mark = found
    if mark == AMBIGUOUS:
        if decimal == AMBIGUOUS or (group == "," and decimal is None):
            raise BadInput("ambiguous_number", found=f'"{written.strip()}"')
        group, mark = (None, group) if group == (decimal or ".") else (group, None)
    if decimal in MARKS and (group == decimal or mark not in (None, decimal)):
        return None
    text = text.replace(" ", "")
    if group:
        text = text.replace(group, "")
    return float(text.replace(mark, ".") if mark else text)


def percentage(written: str) -> float | None:
    """The share that a percentage stands for; None where the text is none.

    Raises:
        BadInput: the number before the sign can be read in two ways.

    Example:
        >>> percentage("10%"), percentage("12.5 ％"), percentage("0.1")
        (0.1, 0.125, None)
    """
    text = written.translate(_NARROW).strip()
    if not text.endswith("%"):
        return None
    found = number(text[:-1])
    return None if found is None else float(Decimal(repr(found)) / 100)


def decimal_mark(cells: Iterable[str], delimiter: str = "") -> str | None:
    """The decimal mark that a table's numbers use, from those with one reading.

    Where none has, thousands are not guessed: None says that `1,234` is ambiguous, and `?` that
    `1.234` is, too. That is so between semicolons (why else avoid the comma), or where the table
    uses both marks.
    """
    seen = set()
    for cell in cells:
        found = _marks(cell.translate(_NARROW).strip())
        if found is not None and found[1] in MARKS:
            seen.add(found[1])
        elif found is not None and found[0] in MARKS and found[1] is None:
            seen.add("." if found[0] == "," else ",")  # grouped twice: 1,234,567
    if len(seen) == 1:
        return str(seen.pop())
    return AMBIGUOUS if seen or delimiter == ";" else None


def stored_number(text: str) -> float | int | None:
    """The number in the `<v>` of a cell; None where no spreadsheet writes it so.

    Only ASCII digits without separators count, so neither `1_000` nor full-width digits, which
    Python's own `float` takes.
    """
    text = text.strip(_XML_SPACE)
    if _STORED_WHOLE.match(text):
        return int(text)
    return float(text) if _STORED.match(text) else None


def looks_blank(text: str) -> bool:
    r"""Whether a text shows nothing though a spreadsheet does not count it as blank.

    A spreadsheet's TRIM removes plain spaces only; a no-break or wide space stays as text.

    Example:
        >>> looks_blank("\u00a0"), looks_blank("  "), looks_blank("")
        (True, False, False)
    """
    return bool(text.strip(" ")) and not text.strip()


def _marks(text: str) -> tuple[str | None, str | None] | None:
    """Group separator and decimal mark of a number; `AMBIGUOUS` for a mark that may be either."""
    if _SPACED.match(text):
        return None, _last_mark(text)
    grouped = _GROUPED.match(text)
    if grouped:
        group = grouped[1]
        rest = text.replace(group, "")
        once = text.count(group) == 1 and not re.search(r"[,.]", rest)
        if group == "'" or not once:
            return group, _last_mark(rest)
        if re.match(r"[+-]?0", text):  # nobody groups 0,009
            return None, group
        return group, AMBIGUOUS
    if _PLAIN.match(text):
        return None, _last_mark(text)
    return None


def _last_mark(text: str) -> str | None:
    found = re.search(r"[,.]", text)
    return found[0] if found else None
