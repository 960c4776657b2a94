"""The only reader of workbooks: a size guard, then inputs, scenarios and ranges by name or key."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.scenarios import SCENARIOS, Span, Study, find_scenario, span_of
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.functions.bounds import allowed
from roi_xl.functions.evaluate import read_value, show
from roi_xl.prices.read import sheet_of_range
from roi_xl.prices.sheet import PriceSheet

MOST_BYTES = 200_000_000  # of all parts together, unpacked
MOST_PARTS = 5_000
_COLUMN = re.compile(r"^'?((?:[^']|'')+?)'?!\$?([A-Z]{1,3})\$?(\d+):\$?\2\$?(\d+)$")
PRICE_TABLE = "gpu_price_table"
_TARGET = re.compile(r"^'?((?:[^']|'')+?)'?!\$?([A-Z]{1,3})\$?(\d+)$")


def read_workbook(path: Path) -> Study:
    """The study that a person filled in, from whichever program saved it.

    Raises:
        BadWorkbook: the file is no workbook, or holds none of the inputs.
        BadInput: a cell holds what its input may not be; the message names the cell.
    """
    return study_in(Filled(path, _load(path, data_only=False), _load(path, data_only=True)))


def study_in(file: "Filled") -> Study:
    """The study in a workbook that is open; see `read_workbook`."""
    path = file.path
    places = {name: (sheet, cell) for name, sheet, cell in _cells(file.formulas)}
    if not places:
        raise BadWorkbook("no_inputs", path=path)
    base = {name: file.read(name, *place) for name, place in places.items()}
    case = Case(prices=_price_table(file.values), **base)
    return Study(case, _scenarios(file, places), _ranges(file), live_scenario=_live(file))


@dataclass(frozen=True)
class Filled:
    """A workbook twice: with its formulas, and with the values stored for them."""

    path: Path
    formulas: Workbook
    values: Workbook

    def raw(self, sheet: str, cell: str) -> Any:
        """What a cell holds, a formula as its stored value; the formula itself where none is stored."""
        found = self.formulas[sheet][cell].value
        stored = isinstance(found, str) and found.startswith("=")
        return (self.stored(sheet, cell) or found) if stored else found

    def stored(self, sheet: str, cell: str) -> Any:
        """The value stored beside a formula."""
        return self.values[sheet][cell].value

    def read(self, name: str, sheet: str, cell: str) -> Any:
        """What an input's cell holds.

        Raises:
            BadInput: the input may not be that, or the cell's formula has no stored value.
        """
        where, about = f"{sheet}!{cell}", _about(name)
        found = self.formulas[sheet][cell].value
        if isinstance(found, str) and found.startswith("="):
            formula, found = found, self.stored(sheet, cell)
            if found is None:
                raise BadInput("cell_no_value", path=self.path, cell=where, found=formula, **about)
        _, code = read_value(INPUTS[name].param, found)
        if code:
            rule = allowed(INPUTS[name].quantity)
            raise BadInput(
                "cell_value", path=self.path, cell=where, found=show(found), allowed=rule, **about
            )
        return None if isinstance(found, str) and not found.strip() else found


def _scenarios(file: Filled, places: dict[str, tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """What each scenario's column holds in the rows of the inputs."""
    found: dict[str, dict[str, Any]] = {}
    for scenario in SCENARIOS[1:]:
        area = _area(file.formulas, f"scenario_{scenario}")
        if area is None:
            continue
        sheet, column, first, last = area
        rows = {n: int(_digits(c)) for n, (title, c) in places.items() if title == sheet}
        cells = {n: f"{column}{row}" for n, row in rows.items() if first <= row <= last}
        values = {n: file.read(n, sheet, cell) for n, cell in cells.items()}
        given = {n: INPUTS[n].read(v) for n, v in values.items() if v is not None}
        if given:
            found[scenario] = given
    return found


def _live(file: Filled) -> str:
    """The scenario chosen in the drop-down; the base where there is none or nothing is chosen."""
    place = _named(file.formulas, "scenario")
    chosen = None if place is None else file.raw(*place)
    if chosen is None or not str(chosen).strip():
        return SCENARIOS[0]
    try:
        return find_scenario(str(chosen))
    except BadInput as error:
        raise BadInput("in_file", path=file.path, reason=error) from None


def _ranges(file: Filled) -> dict[str, Span]:
    """Low, likely and high of the rows that give low and high, by the key in the row."""
    areas = [_area(file.formulas, f"range_{end}") for end in ("low", "likely", "high")]
    if any(area is None for area in areas):
        return {}
    found: dict[str, Span] = {}
    sheet, _, first, last = next(area for area in areas if area)
    columns = [area[1] for area in areas if area]
    for row in range(first, last + 1):
        keys = [cell.value for cell in file.formulas[sheet][row][:8]]
        name = next((n for n in INPUTS if f"range_{n}" in keys), None)
        if name is None:
            continue
        low, likely, high = (file.read(name, sheet, f"{c}{row}") for c in columns)
        if low is None and high is None:
            continue
        try:
            found[name] = span_of(name, low, likely, high)
        except BadInput as error:
            raise BadInput("in_file", path=file.path, reason=error) from None
    return found


def _digits(cell: str) -> str:
    return cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _area(book: Workbook, name: str) -> tuple[str, str, int, int] | None:
    """Sheet, column, first and last row of a named part of one column."""
    defined: Any = book.defined_names.get(name)
    match = _COLUMN.match(defined.attr_text or "") if defined is not None else None
    if match is None:
        return None
    sheet = match[1].replace("''", "'")
    if sheet not in book.sheetnames:
        return None
    return sheet, match[2], int(match[3]), int(match[4])


def _price_table(book: Workbook) -> PriceSheet | None:
    """The workbook's own GPU prices; None where it has no such table."""
    defined: Any = book.defined_names.get(PRICE_TABLE)
    for sheet, cells in [] if defined is None else defined.destinations:
        if sheet in book.sheetnames:
            rows = book[sheet][cells.replace("$", "")]
            return sheet_of_range([[cell.value for cell in row] for row in rows])
    return None


def workbook_language(path: Path) -> str | None:
    """The language a workbook of ours was made in, None for any other file."""
    from roi_xl.text import LANGUAGES, text

    titles = _load(path, data_only=False).sheetnames
    for language in LANGUAGES:
        if text("workbook.sheet.inputs.title", language) in titles:
            return language
    return None


def _about(name: str) -> dict[str, str]:
    return {"name": name, "label": INPUTS[name].label()}


def _load(path: Path, *, data_only: bool) -> Workbook:
    guard(path)
    try:
        return load_workbook(path, data_only=data_only)
    except Exception as error:  # noqa: BLE001 - openpyxl raises six unrelated kinds on odd files
        raise BadWorkbook("not_a_workbook", path=path, reason=_reason(error)) from None


def read_cells(path: Path) -> dict[str, list[list[Any]]]:
    """Every sheet's rows of values; a formula that nobody has calculated stands as its text.

    Raises:
        BadWorkbook: the file is no workbook.
    """
    formulas, values = _load(path, data_only=False), _load(path, data_only=True)
    return {
        sheet.title: [
            [f if v is None else v for v, f in zip(shown, written, strict=True)]
            for shown, written in zip(
                sheet.iter_rows(values_only=True),
                formulas[sheet.title].iter_rows(values_only=True),
                strict=True,
            )
        ]
        for sheet in values.worksheets
    }


def guard(path: Path) -> None:
    """Refuse what is no archive, or would unpack to more than a workbook needs.

    Raises:
        BadWorkbook: saying which.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadWorkbook("not_a_workbook", path=path, reason=_reason(error)) from None
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES or len(parts) > MOST_PARTS:
        reason = f"{len(parts)} parts, {size / 1e6:,.0f} MB"
        raise BadWorkbook("not_a_workbook", path=path, reason=reason)


def _reason(error: Exception) -> str:
    said = str(error).split("\n")[0].strip()
    return said[:120] or type(error).__name__


def _cells(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Name, sheet and cell of every input: by defined name, else beside its key."""
    keys: dict[str, tuple[str, str]] | None = None
    for name in INPUTS:
        place = _named(book, name)
        if place is None:
            keys = _by_key(book) if keys is None else keys
            place = keys.get(name)
        if place is not None:
            yield (name, *place)


def _named(book: Workbook, name: str) -> tuple[str, str] | None:
    defined: Any = book.defined_names.get(name)
    match = _TARGET.match(defined.attr_text or "") if defined is not None else None
    if match is None:
        return None
    sheet = match[1].replace("''", "'")
    return (sheet, f"{match[2]}{match[3]}") if sheet in book.sheetnames else None


def _by_key(book: Workbook) -> dict[str, tuple[str, str]]:
    places: dict[str, tuple[str, str]] = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_col=8, max_row=500):
            for key, value in pairwise(row):
                if isinstance(key.value, str) and key.value in INPUTS:
                    places.setdefault(key.value, (sheet.title, value.coordinate))
    return places
