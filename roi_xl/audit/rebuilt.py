"""The workbook built anew from the inputs found in a file, as it was built at first.

What was typed must not change which cells a rule expects: the rows of prices, the list of models and
the dated record of a simulation are taken as they stand in the file.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from roi_xl.audit.snapshot import CellRef, Snapshot
from roi_xl.case.inputs import Case
from roi_xl.case.study import Study, Typed
from roi_xl.errors import BadInput, RoiError
from roi_xl.prices.sheet import PriceSheet
from roi_xl.text import text
from roi_xl.workbook import layout
from roi_xl.workbook.build import make_book
from roi_xl.workbook.filled_workbook import FilledWorkbook
from roi_xl.xlsx.cell_reader import address

Expected = dict[CellRef, object]


def rebuild(
    file: Snapshot,
    study: Study,
    filled: FilledWorkbook,
    language: str,
    *,
    edition: str,
    names: Iterable[tuple[str, str, str]],
) -> tuple[Snapshot, Expected]:
    """The workbook as it was built, and the result expected of each of its formulas.

    Args:
        file: the workbook that is checked.
        study: what was read from it.
        filled: the cells it was read from.
        language: `zh` or `en`.
        edition: what the cells may call.
        names: functions that the workbook defines itself: name, formula, comment.
    """
    created = file.book.properties.created
    stamp = created if isinstance(created, dt.datetime) else None

    def built(one: Study) -> Snapshot:
        record = _simulation_record(file, language)
        return Snapshot.of_book(
            make_book(one, language, stamp, edition=edition, names=names, simulated=record)
        )

    first = _as_first_built(study, file, filled)
    try:
        twin = built(first)
    except RoiError as error:  # such as of a case without a result
        filled.report(BadInput("in_file", path=filled.path, reason=error))
        twin = built(replace(first, case=Case(prices=first.case.prices), scenarios={}, ranges={}))
        return twin, twin.stored
    if first is study:
        return twin, twin.stored
    models = layout.titles("llm_prices")[language]  # as they were listed on the day of the building
    values = {at: value for at, value in built(study).stored.items() if at.sheet != models}
    values |= {at: value for at, value in twin.stored.items() if at.sheet == models}
    return twin, dict(_in_the_rows_of(values, twin, filled, language))


def _as_first_built(study: Study, file: Snapshot, filled: FilledWorkbook) -> Study:
    """The study with the price rows and the date of prices that the workbook was built with.

    Rows that were built are locked; rows that stand in unlocked cells were typed.
    """
    typed = study.typed or Typed()
    first = study
    area = filled.areas.get(layout.PRICE_TABLE)
    prices = study.case.prices
    if area is not None and prices is not None:
        ws = file.sheets[area.sheet]
        rows = filled.price_rows[: len(prices)]
        kept = [
            price
            for row, price in zip(rows, prices, strict=True)
            if ws.cell(row, area.left).protection.locked
        ]
        if len(kept) < len(prices) or len(filled.price_rows) > len(prices):
            first = replace(first, case=first.case.with_prices(PriceSheet(tuple(kept))))
            typed = replace(typed, rows={**typed.rows, layout.PRICE_TABLE: ()})
    day = _day_of_models(file, filled)
    if day is not None and day != typed.cell(layout.PRICES_AS_OF):
        typed = replace(typed, cells={**typed.cells, (layout.PRICES_AS_OF, "", ""): day})
    return first if typed is study.typed else replace(first, typed=typed)


def _day_of_models(file: Snapshot, filled: FilledWorkbook) -> dt.date | None:
    """The day on which the models were listed, which each of their rows says."""
    area = filled.areas.get(layout.LLM_LISTED)
    if area is None or area.sheet not in file.sheets:
        return None
    column = area.left + layout.LLM_PRICE_HEADS.index("read_on")
    value = file.value(CellRef(area.sheet, address(area.top, column)))
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def _in_the_rows_of(
    values: Expected, twin: Snapshot, filled: FilledWorkbook, language: str
) -> Iterator[tuple[CellRef, object]]:
    """Expected results of the GPU prices, moved to the rows in which the prices stand in the file."""
    title = layout.titles("gpu_prices")[language]
    area = filled.areas.get(layout.PRICE_TABLE)
    if area is None:
        yield from values.items()
        return
    from_row = {row: area.top + i for i, row in enumerate(filled.price_rows)}
    for at, value in values.items():
        if at.sheet != title or not area.top <= _row(at) <= area.bottom:
            yield at, value
    for at in twin.stored:
        if at.sheet == title and area.top <= _row(at) <= area.bottom:
            row = from_row.get(_row(at))
            letters = at.cell.rstrip("0123456789")
            yield at, "" if row is None else values.get(CellRef(title, f"{letters}{row}"))


def _row(at: CellRef) -> int:
    return int(at.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _simulation_record(file: Snapshot, language: str) -> list[list[Any]] | None:
    """The rows of the simulation in the file: a dated record, which typing does not change."""
    ws = file.sheets.get(layout.titles("sensitivity")[language])
    if ws is None:
        return None
    first = [ws.cell(row, 1).value for row in range(1, ws.max_row + 1)]
    heading = text("workbook.block.simulation", language)
    key = text("workbook.head.key", language)
    if heading not in first:
        return None
    top = first.index(heading) + 2
    after = next((r for r in range(top, ws.max_row + 1) if ws.cell(r, 2).value == key), None)
    if after is None:
        return None
    return [
        [*(ws.cell(row, column).value for column in range(1, 5)), ws.cell(row, 4).number_format]
        for row in range(top, after - 1)
    ]
