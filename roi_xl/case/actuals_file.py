"""Reads a CSV of actuals: one row per month, columns by key or by label in either language."""

import csv
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from roi_xl.case.actuals import COLUMNS, ONE_OFF, QUALITY, Actual, month_number
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show
from roi_xl.io.numbers import decimal_mark, number
from roi_xl.io.text_files import delimiter_of, read_text, rows_of
from roi_xl.text import LANGUAGES, text
from roi_xl.units import fold

MONTH = "month"
_CALENDAR = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_SIGNED = (QUALITY, ONE_OFF)


def column_names() -> dict[str, str]:
    """Columns by every spelling, folded: key, key with spaces, and label in each language."""
    found = {}
    for name in (MONTH, *COLUMNS):
        labels = (text(f"actuals.column.{name}", language) for language in LANGUAGES)
        for spelling in (name, name.replace("_", " "), *labels):
            found[fold(spelling)] = name
    return found


def is_actuals(path: Path) -> bool:
    """Whether a file is a CSV of actuals: its first row has a column of months and another of ours."""
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        return False
    try:
        rows = rows_of(read_text(path))
        heads = next(iter(rows), [])
    except (BadInput, csv.Error):
        return False
    names = column_names()
    known = {names.get(fold(head)) for head in heads} - {None}
    return MONTH in known and len(known) > 1


def read_actuals(path: Path, start_month: str | None) -> list[Actual]:
    """The months in a CSV of actuals; blank cells are left out, and rows without any.

    Args:
        path: the file; numbers are read as people write them.
        start_month: the plan's month 1 (YYYY-MM), for months given by the calendar.

    Raises:
        BadInput: a column is not known or given twice, or a cell cannot be read; the message names
            file, row and column.
    """
    written = read_text(path)
    try:
        rows = [row for row in rows_of(written) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadInput("not_csv", path=path, reason=error) from None
    if not rows:
        raise BadInput("actuals.nothing")
    columns = _columns(path, rows[0])
    cells = [cell for row in rows[1:] for name, cell in _named(columns, row) if name != MONTH]
    decimal = decimal_mark(cells, delimiter_of(written.partition("\n")[0]))
    found = []
    for place, row in enumerate(rows[1:], 2):
        if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            allowed = str(len(columns))
            raise BadInput("csv_width", path=path, row=place, found=len(row), allowed=allowed)
        try:
            found.append(_actual(dict(_named(columns, row)), start_month, decimal))
        except BadInput as error:
            raise BadInput("bad_row", path=path, row=place, reason=error) from None
    return found


def actuals_of_rows(rows: Sequence[Sequence[object]]) -> list[Actual]:
    """The months typed on a workbook's Actuals sheet: a row from month 0, cells in the order of COLUMNS.

    Raises:
        BadInput: a cell holds no number, or one that it may not hold; the message names the month.
    """
    found = []
    for month, row in enumerate(rows):
        values = {}
        for name, cell in zip(COLUMNS, row, strict=False):
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            try:
                written = cell if isinstance(cell, str) else repr(cell)
                values[name] = _amount(name, written, ".")
            except BadInput as error:
                raise BadInput("actuals.sheet_row", month=month, reason=error) from None
        if values:
            found.append(Actual(month, values))
    return found


def _columns(path: Path, heads: Sequence[str]) -> list[str]:
    names, found = column_names(), list[str]()
    for head in heads:
        name = names.get(fold(head))
        if name is None:
            allowed = ", ".join((MONTH, *COLUMNS))
            raise BadInput("actuals.column", path=path, found=show(head), allowed=allowed)
        if name in found:
            raise BadInput("heading_twice", path=path, found=show(head))
        found.append(name)
    if MONTH not in found:
        raise BadInput("actuals.no_month", path=path, allowed=text(f"actuals.column.{MONTH}"))
    return found


def _named(columns: Sequence[str], row: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(columns, row, strict=False))


def _actual(cells: Mapping[str, str], start_month: str | None, decimal: str | None) -> Actual:
    values = {}
    for name in COLUMNS:
        written = cells.get(name, "").strip()
        if written:
            values[name] = _amount(name, written, decimal)
    return Actual(_month(cells.get(MONTH, ""), start_month), values)


def _amount(name: str, written: str, decimal: str | None) -> float:
    value = number(written, decimal)
    if value is None or not math.isfinite(value) or (value < 0 and name not in _SIGNED):
        label = text(f"actuals.column.{name}")
        rule = "actuals.amount" if name in _SIGNED else "actuals.positive"
        raise BadInput(rule, name=label, found=show(written))
    return value


def _month(written: str, start_month: str | None) -> int:
    written = written.strip()
    calendar = _CALENDAR.fullmatch(written)
    if calendar and 1 <= int(calendar[2]) <= 12:
        month = month_number(f"{calendar[1]}-{calendar[2]}", start_month)
        if month is None:
            raise BadInput("actuals.no_start", found=show(written))
        return month
    if not re.fullmatch(r"\d{1,3}", written):
        raise BadInput("actuals.month", found=show(written))
    return int(written)
