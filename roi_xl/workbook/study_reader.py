"""Reads a filled workbook as a study: inputs, scenarios, ranges and prices; never run, never followed.

Each cell is read once and each value validated once, when the case is built.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import SCENARIOS, SWING, Span, Study, Typed, find_scenario, span_of, swing_of
from roi_xl.errors import BadInput
from roi_xl.prices.sheet import PriceSheet
from roi_xl.workbook import layout
from roi_xl.workbook.filled_workbook import FilledWorkbook, scenario_headings
from roi_xl.workbook.price_tables import read_gpu_prices
from roi_xl.workbook.typed_reader import read_typed
from roi_xl.xlsx.cell_reader import Contents, Place
from roi_xl.xlsx.safe_archive import open_archive

__all__ = ["read_cells", "read_workbook", "workbook_language"]


def read_workbook(path: Path) -> Study:
    """The study that a person filled in, from whichever program saved it.

    Raises:
        BadWorkbook: the file is no workbook, or holds none of the inputs.
        BadInput: a cell holds what its input may not be, or a cell cannot be found for certain; the
            message names the cell or the defined name.
    """
    study, _ = read_filled(path)
    return study


def read_filled(path: Path, problems: list[BadInput] | None = None) -> tuple[Study, FilledWorkbook]:
    """The study, and the workbook it was read from.

    Args:
        path: the file.
        problems: where errors are noted, with bad cells read as blank; None raises the first.

    Raises:
        BadWorkbook: as `read_workbook`.
        BadInput: as `read_workbook`, unless errors are noted.
    """
    with open_archive(path) as archive:
        book = FilledWorkbook(path, Contents(archive), problems)
        base = {name: book.input_value(name, *place) for name, place in book.inputs.items()}
        prices, begun = read_gpu_prices(book)
        scenarios, ranges = _scenarios(book), _ranges(book)
        live, swing = _live(book), _swing(book)
        typed = read_typed(book, begun)
    blank = {("blank", n, ""): True for n, v in base.items() if v is None and INPUTS[n].is_sample}
    typed = replace(typed, cells={**typed.cells, **blank})
    case = _case(book, base, prices)
    if not typed.cell(layout.TEMPLATE):
        case = case.with_samples_open()
    study = Study(case, scenarios, ranges, live_scenario=live, swing=swing, typed=typed)
    _refuse_lost_prices(book, study, typed)
    return study, book


def _case(book: FilledWorkbook, base: dict[str, object], prices: PriceSheet | None) -> Case:
    values = dict(base)
    while True:
        try:
            return Case(prices=prices, **values)
        except BadInput as error:
            name = str(error.values.get("name", ""))
            if values.get(name) is None:
                raise BadInput("in_file", path=book.path, reason=error) from None
            book.refuse(error, *book.inputs[name], name)
            values[name] = None


def _scenarios(book: FilledWorkbook) -> dict[str, dict[str, Any]]:
    """The values that each scenario's column sets instead of the base."""
    found: dict[str, dict[str, Any]] = {}
    for scenario in SCENARIOS[1:]:
        name = layout.scenario_name(scenario)
        area = book.areas.get(name)
        if area is None:
            continue
        book.refuse_wrong_column(name, area, scenario_headings(scenario))
        given = {}
        for entry, row in book.scenario_rows(area).items():
            place = (row, area.left)
            raw = book.input_value(entry, area.sheet, place)
            read = _read(book, entry, raw, area.sheet, place)
            if read is not None:
                given[entry] = read
        if given:
            found[scenario] = given
    return found


def _read(book: FilledWorkbook, name: str, raw: object, sheet: str, place: Place) -> Any:
    """A value as a case holds it; None for a blank."""
    try:
        return None if raw is None else INPUTS[name].read(raw)
    except BadInput as error:
        book.refuse(error, sheet, place, name)
        return None


def _live(book: FilledWorkbook) -> str:
    """The scenario chosen in the drop-down; the base where there is none or nothing is chosen."""
    area = book.areas.get(layout.LIVE_SCENARIO)
    if area is None:
        return SCENARIOS[0]
    about = {"name": layout.LIVE_SCENARIO, "label": layout.LIVE_SCENARIO}
    chosen = book.value(area.sheet, (area.top, area.left), about)
    if chosen is None:
        return SCENARIOS[0]
    for key, name in zip(SCENARIOS[1:], layout.TITLES, strict=True):
        if (title := book.areas.get(name)) is not None:
            said = book.cell(title.sheet, (title.top, title.left)).value
            if str(said).strip().casefold() == str(chosen).strip().casefold():
                return key
    try:
        return find_scenario(str(chosen))
    except BadInput as error:
        book.report(BadInput("in_file", path=book.path, reason=error))
        return SCENARIOS[0]


def _swing(book: FilledWorkbook) -> float:
    """The share by which a driver without a range moves."""
    area = book.areas.get(layout.SWING)
    if area is None:
        return SWING
    about = {"name": layout.SWING, "label": layout.SWING}
    value = book.value(area.sheet, (area.top, area.left), about)
    try:
        return SWING if value is None else swing_of(value)
    except BadInput as error:
        book.report(BadInput("in_file", path=book.path, reason=error))
        return SWING


def _ranges(book: FilledWorkbook) -> dict[str, Span]:
    """Low, likely and high of the rows that give low and high, by the key in the row."""
    areas = [book.areas.get(name) for name in layout.RANGES]
    if any(area is None for area in areas):
        return {}
    low_area, likely_area, high_area = (area for area in areas if area is not None)
    for end, name, area in zip(
        layout.RANGE_ENDS, layout.RANGES, (low_area, likely_area, high_area), strict=True
    ):
        book.refuse_wrong_column(name, area, layout.headings(end))
    sheet = low_area.sheet
    found: dict[str, Span] = {}
    for name, row in book.key_rows(sheet, layout.RANGE_KEY).items():
        places = [(row, area.left) for area in (low_area, likely_area, high_area)]
        if not low_area.top <= row <= low_area.bottom:
            key = layout.range_key(name)
            book.report(BadInput("name_too_short", path=book.path, cell=low_area, name=key))
        raws = [book.input_value(name, sheet, place) for place in places]
        if raws[0] is None and raws[2] is None:
            continue
        low, likely, high = (
            _read(book, name, raw, sheet, place) for raw, place in zip(raws, places, strict=True)
        )
        try:
            found[name] = span_of(name, low, likely, high)
        except BadInput as error:
            book.report(BadInput("in_file", path=book.path, reason=error))
    return found


def _refuse_lost_prices(book: FilledWorkbook, study: Study, typed: Typed) -> None:
    """Refuse a case that looks a GPU price up where the workbook has lost its prices.

    The shipped prices must not take their place: nobody would see that the figures are others.
    """
    prices = study.case.prices
    if prices is None or len(prices):
        return
    wanted = [study.case.gpu_model]
    wanted += [values.get("gpu_model") for values in study.scenarios.values()]
    wanted += [values.get("gpu_model") for _, values in typed.alternatives or ()]
    gpu = next((gpu for gpu in wanted if gpu is not None), None)
    if gpu is not None:
        key = "prices_empty" if layout.PRICE_TABLE in book.areas else "prices_lost"
        book.report(BadInput(key, path=book.path, found=gpu, name=layout.PRICE_TABLE))


def workbook_language(path: Path) -> str | None:
    """The language of a workbook of ours; None for any other file."""
    with open_archive(path) as archive:
        sheets = Contents(archive).sheets
    return next((lang for lang, title in layout.titles("inputs").items() if title in sheets), None)


def read_cells(path: Path) -> dict[str, list[list[Any]]]:
    """The rows of every sheet as values; a formula without a stored value as its text.

    Raises:
        BadWorkbook: the file is no workbook, or larger than a table of cases can be.
    """
    with open_archive(path) as archive:
        contents = Contents(archive)
        return {title: contents.rows(title) for title in contents.sheets}
