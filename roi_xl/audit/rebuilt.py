"""The workbook built anew from the inputs found in a file, as it was built at first.

What was typed must not change which cells a rule expects: the rows of prices, the list of models and
the dated record of a simulation are taken as they stand in the file.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from roi_xl.audit.snapshot import CellRef, Snapshot
from roi_xl.case.inputs import Case
from roi_xl.case.study import Study, Typed
from roi_xl.errors import BadInput, RoiError
from roi_xl.prices.sheet import PriceSheet
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
    kept = _kept(file, language)

    def built(one: Study) -> Snapshot:
        return Snapshot.of_book(
            make_book(one, language, stamp, edition=edition, names=names, kept=kept)
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


def _kept(file: Snapshot, language: str) -> dict[tuple[str, str], object]:
    """What the file holds of a run, by sheet key and cell: typing does not change it."""
    found: dict[tuple[str, str], object] = {}
    for key in ("simulation", "sensitivity"):
        ws = file.sheets.get(layout.titles(key)[language])
        for cell in () if ws is None else ws._cells.values():
            if cell.data_type != "f":
                found[key, cell.coordinate] = cell.value
    return found
