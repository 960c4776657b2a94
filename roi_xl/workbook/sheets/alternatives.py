"""Alternatives: other ways to the same end, a column each, ranked by net present value."""

from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.case.dependencies import VALUE_STEP, inputs_behind, steps_behind
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.case.ranking import FIGURES
from roi_xl.case.study import Study
from roi_xl.text import text, unit_text
from roi_xl.workbook.layout import ALTERNATIVES, alternative_key
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets import inputs
from roi_xl.workbook.step_rows import Grid, Lane, input_rows, lane_of, step_rows
from roi_xl.workbook.validation import validate

LABEL, KEY, UNIT, THIS = range(1, 5)
RANK, POSITION = KEY, UNIT  # the columns of the ranking, whose first is the name
HEADER_ROW = 4


def build(book: Book) -> Page:
    """Write the ranking, the values each alternative sets, and its calculation."""
    page = book.sheet("alternatives", "FF5B9BD5")
    lanes = [Lane(THIS, book.case, book.results)]
    lanes += [lane_of(book, THIS + 1 + i, s.live_case) for i, s in enumerate(book.alternatives)]
    last = max(lanes[-1].column, THIS + len(FIGURES) - 1)
    names = inputs_behind(FIGURES)
    labels = [INPUTS[n].label(book.language) for n in names]
    page.widths(
        fit_width(labels, 30, 44),
        fit_width(map(alternative_key, names), 24, 50),
        18,
        *[22] * (last - THIS + 1),
    )
    titles = [book.say("this_case"), *(s.name(book.language) for s in book.alternatives)]
    row = HEADER_ROW + len(lanes) + 3
    name_row = row
    heads = [book.say("block.alternative_inputs"), book.say("head.key"), book.say("head.unit")]
    page.row(row, [*heads, *titles], "ft_heading")
    row = _typed(book, page, row + 1, names, last)
    if book.alternatives:
        span = f"{get_column_letter(KEY)}{name_row}:{get_column_letter(lanes[-1].column)}{row - 1}"
        book.name(ALTERNATIVES, page, span, book.say(f"name.{ALTERNATIVES}"))
    typed = dict(zip(names, range(name_row + 1, row), strict=True))
    page.row(row, [book.say("block.alternatives"), *[None] * (last - 1)], "ft_block")
    grid = Grid(page, lanes, LABEL, KEY, UNIT)

    def used(entry: Input, lane: Lane, _: int) -> str:
        return _used(book, entry, lane.column, typed[entry.name])

    row = input_rows(book, grid, row + 1, names, used, "ft_formula")
    rows: dict[str, int] = {}
    for step in steps_behind(FIGURES):
        row = step_rows(book, grid, row, step)
        rows[step.name] = row - 1
    places = _places(book, page, row, lanes, rows[VALUE_STEP])
    _ranking(book, page, titles, name_row, places, rows, lanes)
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _typed(book: Book, page: Page, row: int, names: tuple[str, ...], last: int) -> int:
    """A row an input: this case's value, and what each alternative sets instead."""
    for name in names:
        entry = INPUTS[name]
        number_format = entry.quantity.unit.number_format
        page.put(row, LABEL, book.say("set_value", name=entry.label(book.language)), "ft_label")
        page.put(row, KEY, alternative_key(name), "ft_key")
        unit = unit_text(entry.quantity.unit.key, book.language)
        page.put(row, UNIT, unit, "ft_unit")
        title, base = book.places[name]
        live = f"{get_column_letter(inputs.LIVE)}{base.split('$')[-1]}"
        link = f"{quote_sheetname(title)}!{live}"
        value = shown_or_blank(entry, book.case[name], book.language)
        page.formula(row, THIS, link, value, "ft_link", number_format)
        for i, study in enumerate(book.alternatives):
            column, shown = THIS + 1 + i, _own(book, entry, study, i)
            page.put(row, column, shown, "ft_input", number_format)
        if book.alternatives:
            span = f"{get_column_letter(THIS + 1)}{row}:{get_column_letter(last)}{row}"
            validate(book, page, entry, span)
        row += 1
    return row


def shown_or_blank(entry: Input, value: object, language: str) -> object:
    """An input's value as a cell shows it, a blank as an empty text."""
    return "" if value is None else entry.shown(value, language)


def _own(book: Book, entry: Input, study: Study, at: int) -> object:
    """What an alternative sets itself; None where it is as this case."""
    if book.typed.alternatives is not None:
        typed = book.typed.alternatives[at][1].get(entry.name)
        return None if typed is None else entry.shown(typed, book.language)
    value = study.live_case[entry.name]
    same = value == book.case[entry.name] or value is None
    return None if same else entry.shown(value, book.language)


def _used(book: Book, entry: Input, column: int, row: int) -> str:
    typed, this = f"{get_column_letter(column)}{row}", f"${get_column_letter(THIS)}{row}"
    chosen = f'IF(TRIM({typed})<>"",{typed},{this})'
    if not entry.quantity.choices:
        return chosen
    return f"MATCH({chosen},{book.reference(f'list_{entry.name}')},0)-1"


def _places(book: Book, page: Page, row: int, lanes: list[Lane], value_row: int) -> int:
    """The place of each alternative by value, each place once; returns the row."""
    page.put(row, LABEL, book.say("head.place"), "ft_label")
    page.put(row, KEY, "place", "ft_key")
    page.put(row, UNIT, unit_text("place", book.language), "ft_unit")
    first, last = get_column_letter(THIS), get_column_letter(lanes[-1].column)
    worths = [lane.results[VALUE_STEP] for lane in lanes]
    order = sorted(range(len(lanes)), key=lambda i: -worths[i])
    for i, lane in enumerate(lanes):
        letter = get_column_letter(lane.column)
        own = f"{letter}{value_row}"
        above = f"SUMPRODUCT((${first}{value_row}:${last}{value_row}>{own})*1)"
        same = f"SUMPRODUCT((${first}{value_row}:{own}={own})*1)"
        place = order.index(i) + 1
        page.formula(row, lane.column, f"{above}+{same}", place, "ft_formula", "0")
    return row


def _ranking(
    book: Book,
    page: Page,
    titles: list[str],
    name_row: int,
    place_row: int,
    rows: dict[str, int],
    lanes: list[Lane],
) -> None:
    """The alternatives in one table, the best first."""
    steps = {s.name: s for s in STEPS}
    heads = [text("risk.head.alternative", book.language), book.say("head.rank")]
    labels = []
    for name in FIGURES:
        unit = unit_text(steps[name].quantity.unit.key, book.language)
        label = steps[name].label(book.language)
        labels.append(label if steps[name].quantity.choices else f"{label} ({unit})")
    page.row(HEADER_ROW, [*heads, book.say("head.position"), *labels], "ft_heading")
    first, last = get_column_letter(THIS), get_column_letter(lanes[-1].column)
    order = sorted(range(len(lanes)), key=lambda i: -lanes[i].results[VALUE_STEP])
    top = HEADER_ROW + 1
    rank, position = get_column_letter(RANK), get_column_letter(POSITION)
    for row, i in enumerate(order, top):
        page.formula(row, RANK, f"ROWS({rank}${top}:{rank}{row})", row - top + 1, "ft_formula", "0")
        found = f"MATCH({rank}{row},${first}${place_row}:${last}${place_row},0)"
        page.formula(row, POSITION, found, i + 1, "ft_formula", "0")
        at = f"${position}{row}"
        name = f"INDEX(${first}${name_row}:${last}${name_row},1,{at})"
        page.formula(row, LABEL, name, titles[i], "ft_words")
        for column, figure in enumerate(FIGURES, THIS):
            span = f"${first}${rows[figure]}:${last}${rows[figure]}"
            quantity = steps[figure].quantity
            style = "ft_text" if quantity.choices else "ft_formula"
            value = lanes[i].results[figure]
            number_format = quantity.unit.number_format
            page.formula(row, column, f"INDEX({span},1,{at})", value, style, number_format)
