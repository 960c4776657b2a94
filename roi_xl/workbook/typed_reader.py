"""Reads what a person typed beside the case, and names what a new workbook would leave behind."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS, Key, Typed, scenario_label
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES
from roi_xl.workbook import layout
from roi_xl.workbook.filled_workbook import FilledWorkbook
from roi_xl.workbook.price_tables import Row, added_models, formula_columns, own_model_prices
from roi_xl.xlsx.cell_reader import address


def read_typed(book: FilledWorkbook, begun_prices: tuple[Row, ...]) -> Typed:
    """What was typed beside the case.

    Args:
        book: the workbook.
        begun_prices: rows of the GPU prices that are no price yet.

    Raises:
        BadInput: a cell of a price or alternative holds what it may not; the message names it.
    """
    cells: dict[Key, Any] = {}
    for name in (layout.PRICES_AS_OF, layout.LLM_LOOKUP_MODEL):
        if name in book.areas:
            area = book.areas[name]
            value = book.cell(area.sheet, (area.top, area.left)).value
            cells[name, "", ""] = value.date() if isinstance(value, dt.datetime) else value
    for (key, column), value in own_model_prices(book).items():
        cells["llm_own", key, column] = value
    cells |= _lone_likely(book)
    cells |= _settings(book)
    alternatives = _alternatives(book)
    ours = {area.sheet for area in book.areas.values()} | layout.all_titles()
    return Typed(
        cells,
        {
            layout.PRICE_TABLE: begun_prices,
            layout.LLM_ADDED: tuple(added_models(book)),
            layout.ACTUALS: _block(book, layout.ACTUALS),
            layout.RATES: _block(book, layout.RATES),
        },
        alternatives,
        tuple(title for title in book.contents.sheets if title not in ours),
        tuple(title for title in book.contents.commented() if title in ours),
        tuple(_typed_formulas(book)),
        tuple(book.trusted),
    )


def _settings(book: FilledWorkbook) -> dict[Key, Any]:
    """How scenarios are called, how many months there are, and whether inputs are to be filled in."""
    found: dict[Key, Any] = {}
    for key, name in zip(SCENARIOS[1:], layout.TITLES, strict=True):
        if (area := book.areas.get(name)) is not None:
            title = book.cell(area.sheet, (area.top, area.left)).value
            if title not in (None, "", *(scenario_label(key, lang) for lang in LANGUAGES)):
                found["scenario_title", key, ""] = str(title)
    if (area := book.areas.get(layout.MONTHS)) is not None:
        found[layout.MONTHS, "", ""] = area.right - area.left
    if (area := book.areas.get(layout.TEMPLATE)) is not None:
        flag = book.cell(area.sheet, (area.top, area.left)).value
        found[layout.TEMPLATE, "", ""] = flag == 1
    return found


def _block(book: FilledWorkbook, name: str) -> tuple[Row, ...]:
    """What stands in a typed block, row by row up to the last that is filled."""
    area = book.areas.get(name)
    if area is None:
        return ()
    columns = range(area.left, area.right + 1)
    rows = [
        tuple(book.cell(area.sheet, (row, column)).value for column in columns)
        for row in range(area.top, area.bottom + 1)
    ]
    while rows and all(value in (None, "") for value in rows[-1]):
        rows.pop()
    return tuple(rows)


def _lone_likely(book: FilledWorkbook) -> dict[Key, Any]:
    """Likely values of ranges without ends, by input."""
    areas = [book.areas.get(name) for name in layout.RANGES]
    if any(area is None for area in areas):
        return {}
    low, likely, high = (area for area in areas if area is not None)
    found: dict[Key, Any] = {}
    for name, row in book.key_rows(low.sheet, layout.RANGE_KEY).items():
        values = [book.cell(a.sheet, (row, a.left)).value for a in (low, likely, high)]
        if values[1] is not None and values[0] is None and values[2] is None:
            found["range", name, "likely"] = values[1]
    return found


def _typed_formulas(book: FilledWorkbook) -> Iterator[str]:
    """Cells in which a formula was typed; those that we write are left out."""
    ours = set(formula_columns(book))
    table = book.areas.get(layout.ALTERNATIVES)
    if table is not None:
        ours |= {(table.sheet, table.left + i) for i in range(layout.FIRST_ALTERNATIVE)}
    found = set()
    for name, area in book.areas.items():
        for (row, column), cell in book.cells.get(area.sheet, {}).items():
            own = name in layout.TABLES and (area.sheet, column) in ours
            if cell.formula is not None and area.holds(row, column) and not own:
                found.add((area.sheet, row, column))
    return (f"{sheet}!{address(row, column)}" for sheet, row, column in sorted(found))


def _alternatives(book: FilledWorkbook) -> tuple[tuple[str, dict[str, Any]], ...] | None:
    """Name and set values of each alternative, from the left; None where there is no such table.

    Raises:
        BadInput: a value is not allowed; the message names the cell.
    """
    area = book.areas.get(layout.ALTERNATIVES)
    if area is None:
        return None
    columns = range(area.left + layout.FIRST_ALTERNATIVE, area.right + 1)
    names = [book.cell(area.sheet, (area.top, column)).value for column in columns]
    found: list[tuple[str, dict[str, Any]]] = [("" if n is None else str(n), {}) for n in names]
    for row in range(area.top + 1, area.bottom + 1):
        key = str(book.cell(area.sheet, (row, area.left)).value)
        share = key.removeprefix(layout.ALTERNATIVE_KEY)
        if share in layout.ALTERNATIVE_SHARES:
            for i, column in enumerate(columns):
                raw = book.cell(area.sheet, (row, column)).value
                if isinstance(raw, (int, float)) and not isinstance(raw, bool):
                    found[i][1][share] = float(raw)
    for name, row in book.key_rows(area.sheet, layout.ALTERNATIVE_KEY).items():
        if not area.top < row <= area.bottom:
            continue
        for i, column in enumerate(columns):
            raw = book.input_value(name, area.sheet, (row, column))
            if raw is None:
                continue
            try:
                found[i][1][name] = INPUTS[name].read(raw)
            except BadInput as error:
                book.refuse(error, area.sheet, (row, column), name)
    return tuple(found)
