"""The only reader of workbooks: inputs, scenarios and ranges by name or key, never run, never followed."""

from pathlib import Path
from typing import Any

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import SCENARIOS, SWING, Span, Study, find_scenario, span_of, swing_of
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.functions.answers import show
from roi_xl.functions.arguments import read_value
from roi_xl.prices.reader import sheet_of_range
from roi_xl.prices.sheet import PriceSheet
from roi_xl.units import allowed
from roi_xl.workbook.typed_reader import read_typed
from roi_xl.xlsx.addresses import PRICE_TABLE, RANGE_ENDS, Area, area_of
from roi_xl.xlsx.cell_reader import Cell, Contents, Place, address
from roi_xl.xlsx.safe_archive import guard, opened

__all__ = ["PRICE_TABLE", "guard", "read_cells", "read_workbook", "workbook_language"]

_COLUMNS_NAMED = (
    *(f"scenario_{s}" for s in SCENARIOS[1:]),
    *(f"range_{end}" for end in RANGE_ENDS),
)
# where keys are looked for: in the first columns of a row, in a workbook without names
_KEYS_SHEETS, _KEYS_ROWS, _KEYS_COLUMNS = 20, 500, 8


def read_workbook(path: Path) -> Study:
    """The study that a person filled in, from whichever program saved it.

    Raises:
        BadWorkbook: the file is no workbook, or holds none of the inputs.
        BadInput: a cell holds what its input may not be; the message names the cell.
    """
    with opened(path) as archive:
        contents = Contents(archive)
        file = _File(path, contents)
        if not file.places:
            raise BadWorkbook("no_inputs", path=path)
        typed = read_typed(path, contents)
    base = {name: file.read(name, *place) for name, place in file.places.items()}
    case = Case(prices=_price_table(file), **base)
    return Study(
        case,
        _scenarios(file),
        _ranges(file),
        live_scenario=_live(file),
        swing=_swing(file),
        typed=typed,
    )


class _File:
    """The cells of a workbook that a study can stand in."""

    def __init__(self, path: Path, contents: Contents) -> None:
        self.path = path
        self.areas = {
            name: area
            for name in (*INPUTS, *_COLUMNS_NAMED, "scenario", "swing", PRICE_TABLE)
            if (area := area_of(contents, name)) is not None
        }
        self.cells = contents.cells(_wanted(self.areas))
        self.places: dict[str, tuple[str, Place]] = {
            name: (area.sheet, (area.top, area.left))
            for name, area in self.areas.items()
            if name in INPUTS and (area.top, area.left) == (area.bottom, area.right)
        }
        if len(self.places) < len(INPUTS):
            self._look_for_keys(contents)

    def _look_for_keys(self, contents: Contents) -> None:
        titles = list(contents.sheets)[:_KEYS_SHEETS]
        near = contents.cells(dict.fromkeys(titles, _may_hold_keys))
        for title, cells in near.items():
            for (row, column), cell in sorted(cells.items()):
                key = cell.value
                if isinstance(key, str) and key in INPUTS and column <= _KEYS_COLUMNS - 1:
                    self.places.setdefault(key, (title, (row, column + 1)))
            self.cells[title] = cells | self.cells.get(title, {})

    def cell(self, sheet: str, place: Place) -> Cell:
        """What a cell holds; one that holds nothing is blank."""
        return self.cells.get(sheet, {}).get(place, Cell(None))

    def read(self, name: str, sheet: str, place: Place) -> Any:
        """What an input's cell holds.

        Raises:
            BadInput: the input may not be that, or the cell's formula has no stored value.
        """
        cell = self.cell(sheet, place)
        where = f"{sheet}!{address(*place)}"
        about = {"path": self.path, "cell": where, "name": name, "label": INPUTS[name].label()}
        if cell.formula is not None and cell.value is None:
            raise BadInput("cell_no_value", found=show(cell.formula)[1:-1], **about)
        _, code = read_value(INPUTS[name].param, cell.value)
        if code:
            rule = allowed(INPUTS[name].quantity)
            raise BadInput("cell_value", found=show(cell.value), allowed=rule, **about)
        blank = isinstance(cell.value, str) and not cell.value.strip()
        return None if blank else cell.value


def _wanted(areas: dict[str, Area]) -> dict[str, Any]:
    """For every sheet, which of its cells the names cover, with the keys of rows that have ranges."""
    by_sheet: dict[str, list[Area]] = {}
    for name, area in areas.items():
        by_sheet.setdefault(area.sheet, []).append(area)
        if name == "range_low":
            keys = Area(area.sheet, area.top, 1, area.bottom, _KEYS_COLUMNS)
            by_sheet[area.sheet].append(keys)
    return {title: _in_any(covered) for title, covered in by_sheet.items()}


def _in_any(areas: list[Area]) -> Any:
    left, right = min(a.left for a in areas), max(a.right for a in areas)
    top, bottom = min(a.top for a in areas), max(a.bottom for a in areas)

    def wanted(row: int, column: int) -> bool:
        within = top <= row <= bottom and left <= column <= right
        return within and any(area.holds(row, column) for area in areas)

    return wanted


def _may_hold_keys(row: int, column: int) -> bool:
    return row <= _KEYS_ROWS and column <= _KEYS_COLUMNS


def _scenarios(file: _File) -> dict[str, dict[str, Any]]:
    """What each scenario's column holds in the rows of the inputs."""
    found: dict[str, dict[str, Any]] = {}
    for scenario in SCENARIOS[1:]:
        area = file.areas.get(f"scenario_{scenario}")
        if area is None:
            continue
        values = {
            name: file.read(name, sheet, (row, area.left))
            for name, (sheet, (row, _)) in file.places.items()
            if sheet == area.sheet and area.holds(row, area.left)
        }
        given = {n: INPUTS[n].read(v) for n, v in values.items() if v is not None}
        if given:
            found[scenario] = given
    return found


def _live(file: _File) -> str:
    """The scenario chosen in the drop-down; the base where there is none or nothing is chosen."""
    area = file.areas.get("scenario")
    cell = Cell(None) if area is None else file.cell(area.sheet, (area.top, area.left))
    chosen = cell.formula if cell.value is None else cell.value
    if chosen is None or not str(chosen).strip():
        return SCENARIOS[0]
    try:
        return find_scenario(str(chosen))
    except BadInput as error:
        raise BadInput("in_file", path=file.path, reason=error) from None


def _swing(file: _File) -> float:
    """The share by which a driver without a range moves."""
    area = file.areas.get("swing")
    if area is None:
        return SWING
    cell = file.cell(area.sheet, (area.top, area.left))
    blank = cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())
    try:
        return SWING if blank else swing_of(cell.value)
    except BadInput as error:
        raise BadInput("in_file", path=file.path, reason=error) from None


def _ranges(file: _File) -> dict[str, Span]:
    """Low, likely and high of the rows that give low and high, by the key in the row."""
    areas = [file.areas.get(f"range_{end}") for end in RANGE_ENDS]
    first = areas[0]
    if first is None or any(area is None for area in areas):
        return {}
    found: dict[str, Span] = {}
    sheet, columns = first.sheet, [area.left for area in areas if area]
    rows = sorted({row for row, _ in file.cells.get(sheet, {}) if first.holds(row, first.left)})
    for row in rows:
        keys = [file.cell(sheet, (row, column)).value for column in range(1, _KEYS_COLUMNS + 1)]
        name = next((n for n in INPUTS if f"range_{n}" in keys), None)
        if name is None:
            continue
        low, likely, high = (file.read(name, sheet, (row, column)) for column in columns)
        if low is None and high is None:
            continue
        try:
            found[name] = span_of(name, low, likely, high)
        except BadInput as error:
            raise BadInput("in_file", path=file.path, reason=error) from None
    return found


def _price_table(file: _File) -> PriceSheet | None:
    """The workbook's own GPU prices; None where it has no such table."""
    area = file.areas.get(PRICE_TABLE)
    if area is None:
        return None
    filled = sorted({row for row, _ in file.cells[area.sheet] if area.top <= row <= area.bottom})
    columns = range(area.left, area.right + 1)
    return sheet_of_range([[file.cell(area.sheet, (r, c)).value for c in columns] for r in filled])


def workbook_language(path: Path) -> str | None:
    """The language a workbook of ours was made in, None for any other file."""
    from roi_xl.text import LANGUAGES, text

    with opened(path) as archive:
        titles = Contents(archive).sheets
    for language in LANGUAGES:
        if text("workbook.sheet.inputs.title", language) in titles:
            return language
    return None


def read_cells(path: Path) -> dict[str, list[list[Any]]]:
    """Every sheet's rows of values; a formula that nobody has calculated stands as its text.

    Raises:
        BadWorkbook: the file is no workbook, or larger than a table of cases can be.
    """
    with opened(path) as archive:
        contents = Contents(archive)
        return {title: contents.rows(title) for title in contents.sheets}
