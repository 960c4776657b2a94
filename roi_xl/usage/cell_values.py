"""Values of export cells: counts, amounts, and moments in the notations exports use.

An ambiguous number or date is an error, never a guess: `1,234` may be a thousand, `5/1/25` may be
January. Days are those written in the file; times with an offset are not moved to another zone.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.io.numbers import number

BLANKS = frozenset({"", "NULL", "null", "\\N"})  # \N: a PostgreSQL dump
LARGEST = 1e15  # of a count or an amount in one cell
LONGEST = 200  # characters of a name
MONTH_FIRST, DAY_FIRST = "mdy", "dmy"

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d*)?(?:e[+-]?\d{1,3}|E-?\d{1,3})?", re.ASCII)
_ROUNDED = re.compile(r"\dE\+\d", re.ASCII)  # 1.23E+06: a spreadsheet's display of a large number
_TIME = r"(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d\d:?(?:\d\d)?)?)?"
_ISO = re.compile(rf"(\d{{4}})([-/])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_SLASHED = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}|\d\d){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)", re.ASCII)
_SECONDS = re.compile(r"\d{10}(?:\.\d+)?", re.ASCII)


class DateOrder(BadInput):
    """A date such as 5/1/25 whose day and month may be either way round."""


def text_of(value: object) -> str:
    """A cell as text without surrounding spaces; "" where the export means that there is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    said = str(value).strip()
    return "" if said in BLANKS else said


def name_of(value: object, column: str) -> str:
    """A name, such as a model's.

    Raises:
        BadInput: it is longer than any real one.
    """
    said = text_of(value)
    if len(said) > LONGEST:
        raise BadInput("usage.long_name", column=column, allowed=LONGEST)
    return said


def amount(value: object, column: str, mark: str | None = None) -> float | None:
    """An amount or quantity, which may be negative; None for a blank cell.

    Args:
        value: the cell.
        column: its column, for the message.
        mark: `?` where the table's separator leaves decimals in doubt (see `decimal_mark`).

    Raises:
        BadInput: it is no number, may be one of two, or is larger than any real one.
    """
    if mark is None and type(value) is str and _PLAIN.fullmatch(value):  # most of them
        found = float(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value) if abs(value) <= LARGEST else math.inf
    else:
        said = text_of(value)
        if not said:
            return None
        if _ROUNDED.search(said):
            raise BadInput("usage.rounded", column=column, found=_quoted(said))
        found = _as_people_write(said, column, mark)
    if not abs(found) <= LARGEST:
        raise BadInput("usage.number", column=column, found=_quoted(value))
    return found


def _as_people_write(said: str, column: str, mark: str | None) -> float:
    try:
        found = number(said, mark)
    except BadInput as error:
        raise BadInput("in_file", path=column, reason=error) from None
    if found is None:
        raise BadInput("usage.number", column=column, found=_quoted(said))
    return found


def count(value: object, column: str, mark: str | None = None) -> float | None:
    """A count: a whole number from 0, which may be written `10.0`; None for a blank cell.

    Raises:
        BadInput: it is none.
    """
    found = amount(value, column, mark)
    if found is None or (found >= 0 and found == int(found)):
        return found
    raise BadInput("usage.count", column=column, found=_quoted(value))


def _quoted(value: object) -> str:
    return f'"{str(value)[:40]}"'


# --- moments ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time of day, as the file has it."""

    at: dt.datetime
    timed: bool  # False: the whole day

    @property
    def hour_end(self) -> dt.datetime:
        """The end of the hour, or of the day where no time is given."""
        if not self.timed:
            return self.at + dt.timedelta(days=1)
        return self.at.replace(minute=0, second=0) + dt.timedelta(hours=1)


def moment(value: object, column: str, order: str | None = None) -> Moment:
    """The moment a cell stands for: ISO, Unix seconds, yyyymmdd, or 10/31/2026.

    Args:
        value: the cell.
        column: its column, for the message.
        order: which of day and month comes first in dates with strokes; None: not known.

    Raises:
        DateOrder: day and month may be either way round, and `order` is None.
        BadInput: it is no date of the years 2015 to 2099.

    Example:
        >>> moment("20261031", "date").at.date().isoformat()
        '2026-10-31'
    """
    said = text_of(value)
    found = _parts(said, column, order)
    if found is not None and 2015 <= found[0] <= 2099:
        year, month, day, *clock = found
        hour, minute, second = (int(part or 0) for part in (clock or (0, 0, 0)))
        timed = bool(clock) and clock[0] is not None
        try:
            return Moment(dt.datetime(year, month, day, hour, minute, second), timed)
        except ValueError:
            pass
    raise BadInput("usage.date", column=column, found=_quoted(value))


def _parts(said: str, column: str, order: str | None) -> tuple[Any, ...] | None:
    iso = _ISO.fullmatch(said)
    if iso:
        return int(iso[1]), int(iso[3]), int(iso[4]), *iso.groups()[4:]
    if _COMPACT.fullmatch(said):
        return int(said[:4]), int(said[4:6]), int(said[6:])
    if _SECONDS.fullmatch(said):
        at = dt.datetime.fromtimestamp(int(float(said)), dt.UTC)
        return at.year, at.month, at.day, at.hour, at.minute, at.second
    slashed = _SLASHED.fullmatch(said)
    if slashed:
        first, second = int(slashed[1]), int(slashed[2])
        known = order or order_of(first, second)
        if known is None and first != second:
            raise DateOrder("usage.date_order", column=column, found=_quoted(said))
        year = int(slashed[3]) + (2000 if len(slashed[3]) == 2 else 0)
        month, day = (second, first) if known == DAY_FIRST else (first, second)
        return year, month, day, *slashed.groups()[3:]
    return None


def order_of(first: int, second: int) -> str | None:
    """Which of the two is the month, where the numbers leave no doubt."""
    if first > 12 >= second:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 >= first else None


def slashed(value: object) -> tuple[int, int, int] | None:
    """The numbers of a date such as 5/1/25 as they stand; None for any other text."""
    found = _SLASHED.fullmatch(text_of(value))
    return (int(found[1]), int(found[2]), int(found[3]) % 100) if found else None
