"""How a format is declared: columns by which it is known, columns it groups by, numbers it adds up.

Only declared columns are read; prompts, answers, keys and user names never leave the file.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.usage.cell_values import Moment, moment

USAGE, COST = "usage", "cost"  # what a file holds; a file of both counts as usage

# what is added up for each day and model
REQUESTS = "requests"
INPUT = "input"  # all input tokens: cached, written to the cache, and neither
CACHED = "cached"
WRITTEN = "written"  # input tokens written to the cache, where it is not sure that INPUT has them
APART = "apart"  # requests with more cached and written tokens than their prompt has
CACHEABLE = "cacheable"  # input tokens of which it is known whether they were cached
OUTPUT = "output"
METERED = "metered"  # requests whose tokens are known
PRICED = "priced"  # requests whose cost is known
MONEY = "money"

ROWS = -1  # in place of a number: how many rows


def filled(index: int) -> int:
    """In place of a number: how many rows have this number."""
    return -2 - index


Adds = tuple[tuple[str, int, float], ...]  # measure, index of a number, factor


@dataclass(frozen=True, slots=True)
class Key:
    """A column that rows are grouped by. The first of its names that the table has is taken."""

    names: tuple[str, ...]
    date: bool = False
    hourly: bool = False  # a time stamp per request, grouped by the hour


@dataclass(frozen=True, slots=True)
class Number:
    """A column that is added up."""

    names: tuple[str, ...]
    kind: str = "count"  # count | amount
    blank: str = "zero"  # zero | unknown | refuse | needed (refuse where it is added up)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the sums of a group go.

    Args:
        start: the beginning of what the rows cover.
        end: the end of it, exclusive.
        model: the model's name, "" where the export does not say.
        adds: measure, index of a number (or ROWS, or filled(index)), factor.
        currency: of the amounts among the measures, "" where there are none.
        aside: the name of what is not model usage and only mentioned, "" for all else.
    """

    start: dt.datetime
    end: dt.datetime
    model: str = ""
    adds: Adds = ()
    currency: str = ""
    aside: str = ""


Values = Sequence[str]
Expanded = Iterable[tuple[tuple[Any, ...], tuple[float | None, ...]]]


@dataclass(frozen=True, slots=True)
class Format:
    """One table of an export.

    Args:
        name: unique name.
        family: the provider or tool; files of one family may be read together.
        signature: columns that must be there; of each tuple one is enough.
        keys: columns grouped by.
        numbers: columns added up.
        target: where a group goes, from the texts of its keys and the order of its dates; None for
            rows that are nothing to us.
        kind: USAGE or COST.
        bucketed: a row without anything but its times is a day without use.
        within: indices of two numbers, of which the first is part of the second.
        unless_apart: whether cached and written tokens are inside the input unless they are more.
        expand: keys and numbers of a row that are not in columns of their own.
        expands: columns `expand` reads.
        requests: whether requests are counted.
        cached: whether cached tokens are told apart.
        slashes: the order of dates with strokes, where the export has one.
        provider: as the price look-up calls it.
    """

    name: str
    family: str
    signature: tuple[tuple[str, ...], ...]
    keys: tuple[Key, ...]
    numbers: tuple[Number, ...]
    target: Callable[[Values, str | None], Target | None]
    kind: str = USAGE
    bucketed: bool = False
    within: tuple[int, int] | None = None
    unless_apart: bool = False
    expand: Callable[[Mapping[str, Any]], Expanded] | None = None
    expands: tuple[tuple[str, ...], ...] = ()
    requests: bool = True
    cached: bool = True
    slashes: str | None = None
    provider: str | None = None
    notes: tuple[str, ...] = field(default=())  # said whenever this format is read

    def matches(self, columns: Iterable[str]) -> bool:
        """Whether a table with these columns is one of this format."""
        known = set(columns)
        return all(known.intersection(names) for names in self.signature)


def bucket(start: object, end: object, order: str | None) -> tuple[dt.datetime, dt.datetime]:
    """Beginning and end of what a row covers; without an end, the whole day of its beginning.

    Raises:
        BadInput: one is no date, or the end does not come after the beginning.
    """
    first = moment(start, "start", order)
    last = moment(end, "end", order).at if end else _day_after(first)
    if last <= first.at:
        raise BadInput("usage.period", first=first.at, last=last)
    return first.at, last


def hour(stamp: object, order: str | None) -> tuple[dt.datetime, dt.datetime]:
    """The hour, or day, of a request."""
    found = moment(stamp, "time", order)
    return found.at, found.hour_end


_CURRENCIES = {"RMB": "CNY"}


def currency_of(text: str) -> str:
    """The code of a currency; "" for a blank cell.

    Raises:
        BadInput: it is no code of three letters.
    """
    code = text.upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise BadInput("usage.currency", found=f'"{text[:40]}"')
    return _CURRENCIES.get(code, code)


def _day_after(found: Moment) -> dt.datetime:
    return dt.datetime.combine(found.at.date() + dt.timedelta(days=1), dt.time())
