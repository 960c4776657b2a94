"""Reads the price tables of a filled workbook; columns are found by their headings."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.functions.answers import show
from roi_xl.io.numbers import DOLLAR
from roi_xl.prices.reader import sheet_of_range
from roi_xl.prices.sheet import PriceSheet, market_of
from roi_xl.text import text
from roi_xl.units import MARKET as MARKET_QUANTITY
from roi_xl.units import allowed, quantity_of
from roi_xl.workbook import layout
from roi_xl.workbook.filled_workbook import FilledWorkbook
from roi_xl.xlsx.addresses import Area
from roi_xl.xlsx.cell_reader import address

_GPU_PRICE = "usd_per_gpu_hour"
_PRICE, _MARKET = (layout.GPU_TYPED.index(head) for head in (_GPU_PRICE, "market"))
_LLM_PRICES = ("input_price", "output_price", "cached_price", *layout.LLM_OWN)


Row = tuple[Any, ...]


def read_gpu_prices(book: FilledWorkbook) -> tuple[PriceSheet | None, tuple[Row, ...]]:
    """The workbook's own GPU prices, and the rows that are begun but no price yet.

    A workbook of ours that has lost its table has no prices: an empty sheet, never the shipped one.
    Only a workbook that is none of ours and has no such table gives None.

    Raises:
        BadInput: a heading is missing, or a cell holds no price or market; the message names it.
    """
    if layout.PRICE_TABLE not in book.areas:
        return PriceSheet(()) if book.is_ours else None, ()
    finished, begun, begun_rows = [], [], []
    for row, line in _gpu_rows(book):
        if len(sheet_of_range([line])):
            finished.append(line)
            book.price_rows.append(row)
        else:
            said = line[_MARKET]
            line[_MARKET] = (market_of(said) if _text(said) else None) or said
            begun.append(tuple(line))
            begun_rows.append(row)
    book.price_rows += begun_rows
    return sheet_of_range(finished), tuple(begun)


def _gpu_rows(book: FilledWorkbook) -> Iterator[tuple[int, list[Any]]]:
    """The filled rows by number, cells in the order of `GPU_TYPED`."""
    area = book.areas[layout.PRICE_TABLE]
    columns = book.columns(_to_last_heading(book, area), layout.GPU_TYPED, area.top - 1)
    if len(columns) < len(layout.GPU_TYPED):
        return  # reported
    for row in book.filled_rows(area):
        line = [book.cell(area.sheet, (row, columns[h])).value for h in layout.GPU_TYPED]
        if any(_text(value) for value in line):
            line[_PRICE] = _price(book, area, row, columns, _GPU_PRICE)
            _refuse_unknown_market(book, area, row, columns)
            yield row, line


def _to_last_heading(book: FilledWorkbook, area: Area) -> Area:
    """The area widened to the right, where a heading may have been moved out of the named cells."""
    right = max((c for (r, c) in book.cells[area.sheet] if r == area.top - 1), default=area.right)
    return Area(area.sheet, area.top, 1, area.bottom, max(area.right, right))


def _price(
    book: FilledWorkbook, area: Area, row: int, columns: dict[str, int], head: str
) -> object:
    """A price as a number, also where it is written as text; None for a blank.

    Raises:
        BadInput: the cell holds no price; the message names it.
    """
    place = (row, columns[head])
    about = {"name": head, "label": text(f"workbook.head.{head}")}
    value = book.value(area.sheet, place, about)
    cell = f"{area.sheet}!{address(*place)}"
    if isinstance(value, str):
        value = book.number_in_text(value, cell, about, currency=DOLLAR)
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or (head == _GPU_PRICE and not float(value) > 0):  # type: ignore[arg-type]
        rule, found = text("prices.allowed.positive"), show(book.cell(area.sheet, place).value)
        book.report(
            BadInput("cell_value", path=book.path, cell=cell, found=found, allowed=rule, **about)
        )
        return None
    return value


def _refuse_unknown_market(
    book: FilledWorkbook, area: Area, row: int, columns: dict[str, int]
) -> None:
    place = (row, columns["market"])
    said = book.cell(area.sheet, place).value
    if said is not None and market_of(said) is None:
        book.report(
            BadInput(
                "cell_value",
                path=book.path,
                cell=f"{area.sheet}!{address(*place)}",
                name="market",
                label=text("workbook.head.market"),
                found=show(said),
                allowed=allowed(quantity_of(MARKET_QUANTITY)),
            )
        )


# --- prices of models ----------------------------------------------------------------------------


def own_model_prices(book: FilledWorkbook) -> dict[tuple[str, str], Any]:
    """Own prices typed beside listed models, by `provider|model` and column in `LLM_PRICE_HEADS`.

    Raises:
        BadInput: a heading is missing, or a cell holds no price; the message names it.
    """
    area = book.areas.get(layout.LLM_LISTED)
    if area is None:
        return {}
    heads = layout.LLM_PRICE_HEADS[: layout.LLM_PRICE_HEADS.index("used_input")]
    columns = book.columns(_to_last_heading(book, area), heads, area.top - 1)
    found: dict[tuple[str, str], Any] = {}
    if len(columns) < len(heads):
        return found  # reported
    for row in book.filled_rows(area):
        key = "|".join(
            str(book.cell(area.sheet, (row, columns[h])).value) for h in ("provider", "model")
        )
        for head in layout.LLM_OWN:
            value = _price(book, area, row, columns, head)
            if value is not None:
                found[key, str(layout.LLM_PRICE_HEADS.index(head))] = value
    return found


def added_models(book: FilledWorkbook) -> Iterator[tuple[Any, ...]]:
    """Models that somebody added, cells in the order of `LLM_PRICE_HEADS`; formulas as None.

    Raises:
        BadInput: as `own_model_prices`.
    """
    area = book.areas.get(layout.LLM_ADDED)
    if area is None:
        return
    columns = _added_columns(book, area)
    if len(columns) < len(layout.LLM_PRICE_HEADS):
        return  # reported
    for row in book.filled_rows(area):
        line: list[Any] = []
        for head in layout.LLM_PRICE_HEADS:
            if head in layout.LLM_USED:
                line.append(None)
            elif head in _LLM_PRICES:
                line.append(_price(book, area, row, columns, head))
            else:
                line.append(book.cell(area.sheet, (row, columns[head])).value)
        if any(_text(value) for value in line):
            yield tuple(line)


def formula_columns(book: FilledWorkbook) -> Iterator[tuple[str, int]]:
    """Sheet and column of the formulas that we write among added models."""
    area = book.areas.get(layout.LLM_ADDED)
    if area is not None:
        columns = _added_columns(book, area)
        yield from ((area.sheet, columns[h]) for h in layout.LLM_USED if h in columns)


def _added_columns(book: FilledWorkbook, area: Area) -> dict[str, int]:
    """The columns of added models, which stand under the headings of the listed ones."""
    listed = book.areas.get(layout.LLM_LISTED)
    top = (area if listed is None else listed).top
    table = Area(area.sheet, top, area.left, area.bottom, area.right)
    return book.columns(_to_last_heading(book, table), layout.LLM_PRICE_HEADS, top - 1)


def _text(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value).strip()
