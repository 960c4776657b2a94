"""Sums for each day and model, from tables of any length, in memory that does not grow with them.

Rows are grouped by the text of their key columns and their numbers added up; only then is a group's
text looked at, once. Two readers do this and give the same sums: Python's own `csv`, which is always
there, and Arrow, where pyarrow is installed, which hands a piece to the first as soon as a cell is not
plain, so that a message names the row.

Compared on a log of 10 million requests (`benchmarks/usage.py`, 1.5 GB, 24 columns; seconds of processor
time and megabytes at the most): Arrow in pieces 10 s, 170 MB; DuckDB 4 s, 290 MB; `csv` 79 s, 170 MB.
DuckDB is the fastest, and not used: it would be one more package, for this command alone, where pyarrow
is there for Parquet and batches already; and it reads a file by itself, without GB18030, rows that end
after four cells, the row of a bad cell, or pieces that Dask can send elsewhere.
"""

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from roi_xl.batch.table import has_arrow
from roi_xl.errors import BadInput
from roi_xl.usage import arrow_groups
from roi_xl.usage.cell_values import (
    DAY_FIRST,
    MONTH_FIRST,
    amount,
    count,
    moment,
    order_of,
    slashed,
    text_of,
)
from roi_xl.usage.declaration import MONEY, ROWS, Format, Target
from roi_xl.usage.tables import BadRow, Columns, Piece, Table

MOST_CELLS = 250_000  # days times models of one export
MOST_GROUPS = 100_000  # kept before they are added to their days
MOST_ASIDE = 200  # other services by name
AHEAD = 3  # pieces under way for each worker thread
RETRIES = 5  # times a piece is read again when a worker is lost with it
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_IN_MONEY = (MONEY, "own_key", "granted", "billed")

Groups = dict[Target, list[float]]  # how many rows; of each number its sum and how many there are


@dataclass(slots=True)
class Tally:
    """What was added up of one format.

    Args:
        cells: by day (its ordinal), model, measure and currency ("" for what is no money).
        start: the beginning of what the rows cover.
        end: the end of it, exclusive.
        aside: amounts of other services by name and currency.
        long_periods: whether a row covers more than a day.
        rows: how many there were.
    """

    form: Format
    cells: dict[tuple[int, str], dict[tuple[str, str], float]] = field(default_factory=dict)
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    aside: dict[tuple[str, str], float] = field(default_factory=dict)
    long_periods: bool = False
    rows: int = 0

    def add(self, groups: Mapping[Target, list[float]], path: str) -> None:
        """Add groups of rows.

        Raises:
            BadInput: there are more days and models than any export has.
        """
        for target, sums in groups.items():
            self.rows += int(sums[0])
            self._cover(target)
            if target.aside:
                self._set_aside(target, sums)
                continue
            if not sums[0] or not target.adds:
                continue  # a day without use, or a row that only shows how far the file goes
            day = target.start.toordinal()
            cell = self.cells.setdefault((day, target.model), {})
            for measure, value in _added(target, sums):
                cell[measure] = cell.get(measure, 0.0) + value
        if len(self.cells) > MOST_CELLS:
            raise BadInput("usage.too_many", path=path, allowed=MOST_CELLS)

    def _cover(self, target: Target) -> None:
        self.start = target.start if self.start is None else min(self.start, target.start)
        self.end = target.end if self.end is None else max(self.end, target.end)
        self.long_periods |= target.end - target.start > dt.timedelta(days=1)

    def _set_aside(self, target: Target, sums: list[float]) -> None:
        label = target.aside
        if (label, target.currency) not in self.aside and len(self.aside) >= MOST_ASIDE:
            label = "…"
        money = sum(v for (m, _), v in _added(target, sums) if m == MONEY)
        key = (label, target.currency)
        self.aside[key] = self.aside.get(key, 0.0) + money


def _added(target: Target, sums: list[float]) -> Iterator[tuple[tuple[str, str], float]]:
    for measure, index, factor in target.adds:
        if index == ROWS:
            value = sums[0]
        elif index >= 0:
            value = sums[1 + 2 * index]
        else:  # filled(): how many there are
            value = sums[2 * (-index - 2) + 2]
        yield (measure, target.currency if measure in _IN_MONEY else ""), value * factor


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: its format, and what was found out about its numbers and dates."""

    form: Format
    mark: str | None = None
    order: str | None = None
    fast: bool = False

    @property
    def columns(self) -> Columns:
        """The columns that are asked for."""
        if self.form.expand is not None:
            return self.form.expands
        return (*(k.names for k in self.form.keys), *(n.names for n in self.form.numbers))


def tally(
    table: Table, form: Format, *, alone: bool, fast: bool | None = None, client: Any = None
) -> Tally:
    """The sums of a table.

    Args:
        table: the table.
        form: its format.
        alone: False where the table holds rows of other formats too.
        fast: whether to use Arrow; None: where it is installed.
        client: a Dask client that reads the pieces; None reads them here.

    Raises:
        BadInput: a cell is not what its column holds, or may be read in two ways; the message names
            the file and the row.
    """
    matches = None if alone else form.matches
    fast = has_arrow() if fast is None else fast
    reading = Reading(form, table.mark, form.slashes, fast and form.expand is None)
    try:
        return _tally(table, reading, matches, client)
    except _Ordered:
        order = _date_order(table, form, matches)
        found = Reading(form, table.mark, order or "?", reading.fast)
        return _tally(table, found, matches, client)


class _Ordered(Exception):
    """The order of day and month must be found out from the whole table."""


def _tally(
    table: Table, reading: Reading, matches: Callable[..., bool] | None, client: Any
) -> Tally:
    result = Tally(reading.form)
    pieces = table.pieces(reading.columns, matches)
    index = 0
    try:
        for groups in _all_groups(pieces, reading, client):
            result.add(groups, table.name)
            index += 1
    except BadRow as bad:
        if bad.key == "usage.date_order" and reading.order is None:
            raise _Ordered from None
        reason = BadInput(bad.key, **bad.values)
        row = bad.row + 1 + _rows_before(table, reading, matches, index)
        raise BadInput("bad_row", path=table.name, row=row, reason=reason) from None
    return result


def _all_groups(pieces: Iterator[Piece], reading: Reading, client: Any) -> Iterator[Groups]:
    if client is None:
        yield from (groups_of(piece, reading) for piece in pieces)
        return
    threads = sum(client.nthreads().values()) or 1
    under_way: deque[Any] = deque()
    for piece in pieces:
        sent = client.submit(groups_of, piece, reading, pure=False, retries=RETRIES)
        under_way.append(sent)
        if len(under_way) >= AHEAD * threads:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _rows_before(
    table: Table, reading: Reading, matches: Callable[..., bool] | None, index: int
) -> int:
    """How many rows the first pieces of a table hold."""
    pieces = table.pieces(reading.columns, matches)
    form = reading.form
    return sum(len(next(pieces).rows((), short=form.bucketed)) for _ in range(index))


# --- one piece ---------------------------------------------------------------------------------------


def groups_of(piece: Piece, reading: Reading) -> Groups:
    """The sums of a piece by where they go.

    Raises:
        BadRow: a row cannot be read.
    """
    if reading.fast:
        found = _fast_groups(piece, reading)
        if found is not None:
            return found
    return _plain_groups(piece, reading)


def _fast_groups(piece: Piece, reading: Reading) -> Groups | None:
    if reading.mark is not None:
        return None
    form = reading.form
    found: Groups = {}
    table = piece.arrow(reading.columns)
    if table is None:
        return None
    grouped = arrow_groups.grouped(table, form)
    if grouped is None:
        return None
    try:
        for keys, sums in grouped:
            target = _target(form, keys, reading.order)
            if target is None:
                continue
            if any(sums[2 * n + 2] < sums[0] for n in _needed(form, target)):
                return None
            _sum(found, target, sums)
    except BadInput:
        return None
    return found


def _target(form: Format, keys: tuple[str, ...], order: str | None) -> Target | None:
    # "?": nothing in the table says which of day and month comes first
    return form.target(keys, None if order == "?" else order)


def _needed(form: Format, target: Target) -> tuple[int, ...]:
    """The numbers that must not be blank in rows that go here."""
    used = {index for _, index, _ in target.adds}
    return tuple(
        n for n, number in enumerate(form.numbers) if number.blank == "needed" and n in used
    )


def _sum(groups: Groups, target: Target, sums: list[float]) -> None:
    mine = groups.get(target)
    if mine is None:
        groups[target] = list(sums)
    else:
        for n, value in enumerate(sums):
            mine[n] += value


def _plain_groups(piece: Piece, reading: Reading) -> Groups:
    form = reading.form
    raw: dict[tuple[str, ...], list[float]] = {}
    targets: dict[tuple[str, ...], Target | None] = {}
    needed: dict[tuple[str, ...], tuple[int, ...]] = {}
    found: Groups = {}
    rows = piece.rows(reading.columns, short=form.bucketed)
    row = 0
    try:
        while row < len(rows):
            cells = rows[row]
            for keys, numbers in _unfolded(cells, reading):
                if keys not in targets:
                    target = targets[keys] = _target(form, keys, reading.order)
                    needed[keys] = () if target is None else _needed(form, target)
                if targets[keys] is None:
                    continue
                values = numbers if form.expand else _numbers(numbers, keys, reading)
                if values is not None:
                    _check_within(form, values)
                    _check_needed(form, needed[keys], values)
                sums = raw.get(keys)
                if sums is None:
                    sums = raw[keys] = [0.0] * (1 + 2 * len(form.numbers))
                _count_in(sums, values)
            if len(targets) > MOST_GROUPS:
                _move(raw, targets, found)
                needed.clear()
            row += 1
    except BadInput as error:
        raise BadRow.of(row, error) from None
    _move(raw, targets, found)
    return found


def _move(
    raw: dict[tuple[str, ...], list[float]],
    targets: dict[tuple[str, ...], Target | None],
    found: Groups,
) -> None:
    for keys, sums in raw.items():
        target = targets[keys]
        assert target is not None
        _sum(found, target, sums)
    raw.clear()
    targets.clear()


def _unfolded(
    cells: tuple[Any, ...], reading: Reading
) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
    """Key texts and numbers of a row."""
    form = reading.form
    width = len(form.keys)
    if form.expand is None:
        yield _keys(cells[:width], form, reading.order), cells[width:]
        return
    row = {names[0]: cell for names, cell in zip(form.expands, cells, strict=True)}
    for keys, numbers in form.expand(row):
        yield _keys(keys, form, reading.order), numbers


def _keys(cells: tuple[Any, ...], form: Format, order: str | None) -> tuple[str, ...]:
    found = []
    for cell, key in zip(cells, form.keys, strict=True):
        said = text_of(cell)
        found.append(_hour_of(said, order) if key.hourly else said)
    return tuple(found)


def _hour_of(stamp: str, order: str | None) -> str:
    """A time stamp without minutes, so that the requests of an hour are one group."""
    if _STAMP.fullmatch(stamp):  # most of them; whether such a day exists is seen with its group
        return f"{stamp[:10]}T{stamp[11:13]}:00"
    found = moment(stamp, "time", None if order == "?" else order)
    return found.at.strftime("%Y-%m-%dT%H:00" if found.timed else "%Y-%m-%d")


def _numbers(
    cells: tuple[Any, ...], keys: tuple[str, ...], reading: Reading
) -> tuple[float | None, ...] | None:
    """The numbers of a row; None for a bucket without use."""
    form = reading.form
    if form.bucketed and _is_empty(cells, keys, form):
        return None
    found = []
    for cell, number in zip(cells, form.numbers, strict=True):
        column = number.names[0]
        read = count if number.kind == "count" else amount
        value = read(cell, column, reading.mark)
        if value is None and number.blank == "refuse":
            raise BadInput("usage.blank", column=column)
        found.append(value)
    return tuple(found)


def _is_empty(cells: tuple[Any, ...], keys: tuple[str, ...], form: Format) -> bool:
    dated = [key for text, key in zip(keys, form.keys, strict=True) if text and not key.date]
    return not dated and not any(text_of(cell) for cell in cells)


def _check_within(form: Format, values: tuple[float | None, ...]) -> None:
    if form.within is None:
        return
    part, whole = (values[n] or 0.0 for n in form.within)
    if part > whole:
        column = form.numbers[form.within[0]].names[:1] or ("cached",)
        raise BadInput("usage.within", column=column[0], found=f"{part:g} > {whole:g}")


def _check_needed(form: Format, needed: tuple[int, ...], values: tuple[float | None, ...]) -> None:
    for n in needed:
        if values[n] is None:
            raise BadInput("usage.blank", column=form.numbers[n].names[0])


def _count_in(sums: list[float], values: tuple[float | None, ...] | None) -> None:
    if values is None:
        return
    sums[0] += 1
    for n, value in enumerate(values):
        if value is not None:
            sums[1 + 2 * n] += value
            sums[2 + 2 * n] += 1


# --- dates with strokes ------------------------------------------------------------------------------


def _date_order(table: Table, form: Format, matches: Callable[..., bool] | None) -> str | None:
    """Whether days or months come first in a table's dates, by those that leave no doubt."""
    dates = [key.names for key in form.keys if key.date]
    columns = [*dates, ("billingperiodstart",), ("billingperiodend",)]
    seen: set[str] = set()
    for piece in table.pieces(columns, matches):
        cells = piece.rows(columns, short=form.bucketed)
        for row in cells:
            numbers = [slashed(cell) for cell in row]
            seen.update(filter(None, (order_of(n[0], n[1]) for n in numbers if n)))
            first, last = numbers[-2:]
            if first and last:
                seen.update(filter(None, [_month_order(first, last)]))
    return seen.pop() if len(seen) == 1 else None


def _month_order(first: tuple[int, int, int], last: tuple[int, int, int]) -> str | None:
    """The order by which these two dates are a month apart, as billing periods are."""
    found = []
    for order in (MONTH_FIRST, DAY_FIRST):
        (month, day), (to_month, to_day) = (
            (d[0], d[1]) if order == MONTH_FIRST else (d[1], d[0]) for d in (first, last)
        )
        months = 12 * (last[2] - first[2]) + to_month - month
        if months == 1 and day == to_day == 1 and month <= 12 >= to_month:
            found.append(order)
    return found[0] if len(found) == 1 else None


# --- several tables ----------------------------------------------------------------------------------


def tallies(
    named: list[tuple[Table, Format, bool]], engine: str = "", scheduler: str | None = None
) -> list[tuple[Table, Tally]]:
    """The sums of each table.

    Args:
        named: tables with their formats, and whether all rows of it are of that format.
        engine: `dask` to read the pieces on a cluster.
        scheduler: the address of a running scheduler; None starts one here.

    Raises:
        BadInput: a row cannot be read.
        MissingPackage: Dask is not installed.
    """
    with ExitStack() as stack:
        add = tally
        if engine == "dask":
            from roi_xl.batch.dask import connected

            add = partial(tally, client=stack.enter_context(connected(scheduler)))
        return [(table, add(table, form, alone=alone)) for table, form, alone in named]
