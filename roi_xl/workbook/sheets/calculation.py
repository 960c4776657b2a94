"""Calculation: the case graph, a row a step and a column a scenario, traced from the model's functions."""

from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.case.graph_steps import BLOCKS, FLOW_BLOCK, STEPS
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.case.study import SCENARIOS, scenario_label
from roi_xl.text import unit_text
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets import inputs
from roi_xl.workbook.step_rows import Grid, Lane, input_rows, lane_of, step_rows

LABEL, KEY, UNIT = range(1, 4)
FIRST = 4  # the base scenario; the live column stands after the scenarios
LIVE = FIRST + len(SCENARIOS)
BY = LIVE + 1
HEADER_ROW = 4


def build(book: Book) -> Page:
    """Write the sheet and name the live value of every step."""
    page = book.sheet("calculation", "FF4472C4")
    heads = [book.say(f"head.{h}") for h in ("label", "key", "unit")]
    heads += [scenario_label(name, book.language) for name in SCENARIOS]
    heads += [book.say("head.live"), book.say("head.computed_by")]
    for column, head in enumerate(heads, 1):
        number = FIRST <= column <= LIVE
        page.put(HEADER_ROW, column, head, "ft_heading_number" if number else "ft_heading")
    steps = [s.label(book.language) for s in STEPS]
    labels = [i.label(book.language) for i in INPUTS.values()] + steps
    quantities = [i.quantity for i in INPUTS.values()] + [s.quantity for s in STEPS]
    units = [unit_text(quantity.unit.key, book.language) for quantity in quantities]
    widths = (
        fit_width(labels, 26, 44),
        fit_width([s.name for s in STEPS], 24, 36),
        fit_width(units, 14, 26),
    )
    page.widths(*widths, *[18] * (LIVE - FIRST + 1), 26)
    grid = Grid(page, _lanes(book), LABEL, KEY, UNIT, BY)
    row = _block(book, page, HEADER_ROW + 1, "inputs")
    row = input_rows(book, grid, row, INPUTS, lambda entry, lane, _: _used(book, entry, lane))
    for name in INPUTS:
        book.places[f"used_{name}"] = (page.ws.title, _absolute(grid.lanes[-1].cells[name]))
    for block in (b for b in BLOCKS if b != FLOW_BLOCK):
        row = _block(book, page, row, block)
        for step in (s for s in STEPS if s.block == block):
            row = step_rows(book, grid, row, step)
            live = f"{get_column_letter(LIVE)}{row - 1}"  # of a word, the word
            book.name(step.name, page, live, step.label(book.language))
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _lanes(book: Book) -> list[Lane]:
    """The scenarios in order, then the one in force."""
    lanes = [lane_of(book, FIRST + i, book.study.scenario(n)) for i, n in enumerate(SCENARIOS)]
    return [*lanes, Lane(LIVE, book.case, book.results)]


def _used(book: Book, entry: Input, lane: Lane) -> str:
    return inputs.used_formula(book, entry, inputs.BASE + lane.column - FIRST)


def _block(book: Book, page: Page, row: int, key: str) -> int:
    page.row(row, [book.say(f"block.{key}"), *[None] * (BY - 1)], "ft_block")
    return row + 1


def _absolute(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def chart_ranges(book: Book) -> tuple[str, str]:
    """The names of the scenarios and their net present values, as a chart refers to them."""
    sheet, live = book.places["npv"]
    row, title = live.split("$")[-1], quote_sheetname(sheet)
    first, last = get_column_letter(FIRST), get_column_letter(LIVE - 1)
    return tuple(f"{title}!${first}${r}:${last}${r}" for r in (HEADER_ROW, row))  # type: ignore[return-value]
