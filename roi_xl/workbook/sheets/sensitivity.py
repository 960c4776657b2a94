"""Sensitivity: the sorted tornado, the simulation's figures, and the grid that calculates each driver.

The grid is the case graph once a driver and direction, in plain formulas: no data tables, no macro.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.case.dependencies import (
    VALUE_STEP,
    evaluate_with,
    find_step,
    inputs_behind,
    steps_behind,
)
from roi_xl.case.evaluate import present
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.case.sensitivity import Bar, spans_of, tornado
from roi_xl.case.study import Span
from roi_xl.functions.columns import Column
from roi_xl.text import text, unit_text
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets import inputs
from roi_xl.workbook.sheets.simulation_block import simulation_block
from roi_xl.workbook.step_rows import Grid, Lane, coded, input_rows, step_rows

LABEL, KEY, UNIT, LIVE, LOW, HIGH, AT_LOW, AT_HIGH, SPREAD, RANK, FALL, RISE = range(1, 13)
HEADER_ROW = 4
TOP = 10  # drivers in the sorted tornado
_ANY_NUMBER = "#,##0.######"


def build(book: Book) -> Page:
    """Write the sheet; the sorted tornado stands first, the grid last."""
    page = book.sheet("sensitivity", "FFED7D31")
    names = inputs_behind([VALUE_STEP], numeric=True)
    spans = spans_of(book.case, book.study.ranges, book.study.swing)
    labels = [INPUTS[n].label(book.language) for n in names]
    page.widths(
        fit_width(labels, 34, 44),
        fit_width((f"correlation_{n}" for n in names), 24, 42),
        18,
        *[16] * (2 * len(names) + 1),
    )
    shown = min(TOP, len(names))
    after = simulation_block(book, page, HEADER_ROW + shown + 2, spans)
    first = after + 2  # the first driver's row
    last = first + len(names) - 1
    _drivers(book, page, first, names, spans)
    grid_row = last + 3
    bars = _bars(book, names, spans)
    cells = _grid(book, page, grid_row, names, spans, first)
    _effects(book, page, first, last, cells, {bar.driver: bar for bar in bars}, bars)
    _sorted(book, page, shown, first, last, bars)
    page.last_column = RISE
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW)
    page.ws.print_area = f"A1:{get_column_letter(RISE)}{last}"
    return page


def _bars(book: Book, names: Sequence[str], spans: Mapping[str, Span]) -> list[Bar]:
    """The bars of all drivers by their effect; one without a value has none."""
    base = book.results[VALUE_STEP]
    found = {
        b.driver: b for b in tornado(book.case, {n: spans[n] for n in names if _known(spans[n])})
    }
    still = (Bar(n, spans[n].low, spans[n].high, base, base) for n in names if n not in found)
    every = {**found, **{bar.driver: bar for bar in still}}
    return sorted((every[n] for n in names), key=lambda bar: -bar.spread)


def _known(span: Span) -> bool:
    return span.low == span.low


def _heads(book: Book, page: Page, row: int) -> None:
    value = find_step(VALUE_STEP).label(book.language)
    keys = ("label", "key", "unit", "live", "low", "high")
    heads = [book.say(f"head.{key}") for key in keys]
    own = ("at_low", "at_high", "spread", "rank", "fall", "rise")
    heads += [text(f"risk.head.{key}", book.language, step=value) for key in own]
    page.row(row, heads, "ft_heading")


# --- the drivers ---------------------------------------------------------------------------------


def _drivers(
    book: Book, page: Page, first: int, names: Sequence[str], spans: Mapping[str, Span]
) -> None:
    """A row a driver: its live value, and the low and high it goes to."""
    _heads(book, page, first - 1)
    for row, name in enumerate(names, first):
        entry, span = INPUTS[name], spans[name]
        number_format = entry.quantity.unit.number_format
        page.put(row, LABEL, entry.label(book.language), "ft_label")
        page.put(row, KEY, name, "ft_key")
        unit = unit_text(entry.quantity.unit.key, book.language)
        page.put(row, UNIT, unit, "ft_unit")
        live = book.reference(f"used_{name}").replace("$", "")
        shown = coded(entry, book.case[name], book.language)
        page.formula(row, LIVE, live, shown, "ft_link", number_format)
        low, high = _ends(book, entry, f"{get_column_letter(LIVE)}{row}")
        for column, formula, value in ((LOW, low, span.low), (HIGH, high, span.high)):
            shown = coded(entry, value, book.language)
            page.formula(row, column, formula, shown, "ft_formula", number_format)


def _ends(book: Book, entry: Input, live: str) -> tuple[str, str]:
    """Low and high: as typed on Inputs, else the live value swung, inside the input's bounds."""
    title, place = book.places[f"range_{entry.name}"]
    sheet, row = quote_sheetname(title), place.split("$")[-1]
    low, high, least, most = (f"{sheet}!{column}{row}" for column in "CEFG")
    swing = f"ABS({live})*{book.reference('swing')}"
    down, up = f"{live}-{swing}", f"{live}+{swing}"
    if entry.quantity.whole:
        down, up = f"INT({down})", f"-INT(-({up}))"
    down, up = f"MAX({least},{down})", f"MIN({most},{up})"
    if entry.quantity.never or inputs.may_be_blank(entry):  # no end stays, and so does a blank
        down, up = (f"IF(ISNUMBER({live}),{end},{live})" for end in (down, up))
    return f'IF({low}<>"",{low},{down})', f'IF({high}<>"",{high},{up})'


def _effects(
    book: Book,
    page: Page,
    first: int,
    last: int,
    cells: Sequence[str],
    bars: Mapping[str, Bar],
    order: Sequence[Bar],
) -> None:
    """The value at low and at high, from the grid; its spread; the driver's place by spread."""
    number_format = find_step(VALUE_STEP).quantity.unit.number_format
    letters = {c: get_column_letter(c) for c in range(LIVE, RISE + 1)}
    base = book.results[VALUE_STEP]
    ranks = {bar.driver: place for place, bar in enumerate(order, 1)}
    spread = f"${letters[SPREAD]}${first}:${letters[SPREAD]}${last}"
    for i, row in enumerate(range(first, last + 1)):
        bar = bars[str(page.ws.cell(row, KEY).value)]
        at_low, at_high = f"{letters[AT_LOW]}{row}", f"{letters[AT_HIGH]}{row}"
        own, above = f"{letters[SPREAD]}{row}", f"{letters[SPREAD]}${first}"
        place = f"SUMPRODUCT(({spread}>{own})*1)+SUMPRODUCT(({above}:{own}={own})*1)"
        for column, formula, value in (
            (AT_LOW, cells[1 + 2 * i], bar.at_low),
            (AT_HIGH, cells[2 + 2 * i], bar.at_high),
            (SPREAD, f"ABS({at_high}-{at_low})", bar.spread),
            (FALL, f"{at_low}-{_absolute(cells[0])}", bar.at_low - base),
            (RISE, f"{at_high}-{_absolute(cells[0])}", bar.at_high - base),
        ):
            page.formula(row, column, formula, value, "ft_formula", number_format)
        page.formula(row, RANK, place, ranks[bar.driver], "ft_formula", "0")


def _absolute(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


# --- the grid ------------------------------------------------------------------------------------


def _grid(
    book: Book,
    page: Page,
    row: int,
    names: Sequence[str],
    spans: Mapping[str, Span],
    first: int,
) -> list[str]:
    """The graph in the live case and with each driver low and high; returns the value's cells."""
    drivers, values = row + 1, row + 2
    lanes = _lanes(book, names, spans)
    width = lanes[-1].column
    page.row(row, [book.say("block.grid"), *[None] * (width - 1)], "ft_block")
    for line, key in ((drivers, "driver"), (values, "driver_value")):
        page.put(line, LABEL, book.say(f"head.{key}"), "ft_label")
        page.put(line, KEY, None, "ft_key")
    page.put(drivers, UNIT, unit_text("text", book.language), "ft_unit")
    page.put(values, UNIT, unit_text("as_driver", book.language), "ft_unit")
    page.put(drivers, LIVE, book.say("head.live"), "ft_unit")
    page.put(values, LIVE, None, "ft_unit")
    for i, name in enumerate(names):
        for j, (source, value) in enumerate(((LOW, spans[name].low), (HIGH, spans[name].high))):
            column = LIVE + 1 + 2 * i + j
            key = f"${get_column_letter(KEY)}${first + i}"
            page.formula(drivers, column, key, name, "ft_words")
            end = f"${get_column_letter(source)}${first + i}"
            shown = coded(INPUTS[name], value, book.language)
            page.formula(values, column, end, shown, "ft_formula", _ANY_NUMBER)

    def moved(entry: Input, lane: Lane, at: int) -> str:
        if lane.column == LIVE:
            return book.reference(f"used_{entry.name}").replace("$", "")
        letter, own = get_column_letter(lane.column), get_column_letter(LIVE)
        key = f"${get_column_letter(KEY)}{at}"
        return f"IF({key}={letter}${drivers},{letter}${values},${own}{at})"

    grid = Grid(page, lanes, LABEL, KEY, UNIT)
    at = input_rows(book, grid, values + 1, inputs_behind([VALUE_STEP]), moved)
    for step in steps_behind([VALUE_STEP]):
        at = step_rows(book, grid, at, step)
    return [lane.cells[VALUE_STEP] for lane in lanes]


def _lanes(book: Book, names: Sequence[str], spans: Mapping[str, Span]) -> list[Lane]:
    """The live case, then each driver low and high, calculated in one pass."""
    count = 1 + 2 * len(names)
    moved = {
        name: np.full(count, np.nan if book.case[name] is None else book.case[name])
        for name in names
    }
    for i, name in enumerate(names):
        moved[name][1 + 2 * i], moved[name][2 + 2 * i] = spans[name].low, spans[name].high
    columns = {name: Column(values) for name, values in moved.items()}
    found = evaluate_with(book.case, columns, [VALUE_STEP])
    steps = steps_behind([VALUE_STEP])
    shown = {s.name: present(s, found[s.name], book.language) for s in steps}
    results = {name: np.broadcast_to(shown[name], count).tolist() for name in shown}
    lanes = []
    for i in range(count):
        case: dict[str, Any] = dict(book.case) | {n: float(v[i]) for n, v in moved.items()}
        lanes.append(Lane(LIVE + i, case, {name: values[i] for name, values in results.items()}))
    return lanes


# --- the tornado ---------------------------------------------------------------------------------


def _sorted(book: Book, page: Page, shown: int, first: int, last: int, bars: Sequence[Bar]) -> None:
    """The drivers by their effect, the widest first, looked up by their place."""
    _heads(book, page, HEADER_ROW)
    base, language = book.results[VALUE_STEP], book.language
    money = find_step(VALUE_STEP).quantity.unit.number_format
    letters = {c: get_column_letter(c) for c in range(LABEL, RISE + 1)}
    places = f"${letters[RANK]}${first}:${letters[RANK]}${last}"
    top = HEADER_ROW + 1
    for row, bar in enumerate(bars[:shown], top):
        entry = INPUTS[bar.driver]
        unit = unit_text(entry.quantity.unit.key, language)
        values = {
            LABEL: (entry.label(language), "ft_label", None),
            KEY: (bar.driver, "ft_key", None),
            UNIT: (unit, "ft_unit", None),
            LIVE: (coded(entry, book.case[bar.driver], language), "ft_formula", _ANY_NUMBER),
            LOW: (coded(entry, bar.low, language), "ft_formula", _ANY_NUMBER),
            HIGH: (coded(entry, bar.high, language), "ft_formula", _ANY_NUMBER),
            AT_LOW: (bar.at_low, "ft_formula", money),
            AT_HIGH: (bar.at_high, "ft_formula", money),
            SPREAD: (bar.spread, "ft_formula", money),
            FALL: (bar.at_low - base, "ft_formula", money),
            RISE: (bar.at_high - base, "ft_formula", money),
        }
        for column, (value, style, number_format) in values.items():
            letter = letters[column]
            place = f"MATCH(${letters[RANK]}{row},{places},0)"
            formula = f"INDEX({letter}${first}:{letter}${last},{place})"
            page.formula(row, column, formula, value, style, number_format)
        rank = f"ROWS({letters[RANK]}${top}:{letters[RANK]}{row})"
        page.formula(row, RANK, rank, row - top + 1, "ft_formula", "0")


def chart_ranges(book: Book) -> tuple[str, list[tuple[str | None, str]]]:
    """The sorted drivers, and how far each moves the result down and up, for a chart."""
    sheet = quote_sheetname(book.title("sensitivity"))
    first = HEADER_ROW + 1
    last = HEADER_ROW + min(TOP, len(inputs_behind([VALUE_STEP], numeric=True)))

    def column(number: int) -> str:
        letter = get_column_letter(number)
        return f"{sheet}!${letter}${first}:${letter}${last}"

    names = (f"{sheet}!${get_column_letter(c)}${HEADER_ROW}" for c in (FALL, RISE))
    return column(LABEL), list(zip(names, (column(FALL), column(RISE)), strict=True))
