"""Reads what a person typed beside the case, and names what a new workbook would leave behind."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import Key, Typed
from roi_xl.errors import BadInput
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
    alternatives = _alternatives(book)
    ours = {area.sheet for area in book.areas.values()} | layout.all_titles()
    return Typed(
        cells,
        {
            layout.PRICE_TABLE: begun_prices,
            layout.LLM_ADDED: tuple(added_models(book)),
        },
        alternatives,
        tuple(title for title in book.contents.sheets if title not in ours),
        tuple(title for title in book.contents.commented() if title in ours),
        tuple(_typed_formulas(book)),
        tuple(book.trusted),
    )


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
