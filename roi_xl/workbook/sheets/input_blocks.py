"""The blocks below the inputs: ranges for sensitivity and simulation, fixed numbers, lists of words."""

from openpyxl.utils import get_column_letter

from roi_xl.case.dependencies import VALUE_STEP, inputs_behind
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS
from roi_xl.functions.declare import declared
from roi_xl.model import defaults
from roi_xl.model.training import reference_hours
from roi_xl.prices.sheet import STALE_AFTER_DAYS
from roi_xl.text import text, unit_text
from roi_xl.units import SWING_SHARE, Constant, quantity_of
from roi_xl.workbook.layout import RANGE_ENDS, SWING, range_key, range_name
from roi_xl.workbook.sheet_writer import Book, Page
from roi_xl.workbook.validation import add, number_rule, validate

LABEL, KEY, VALUE = range(1, 4)
LOW, LIKELY, HIGH, LEAST, MOST = range(3, 8)
UNIT = 10  # as for the inputs above
CONSTANTS = (
    *(v for v in vars(defaults).values() if isinstance(v, Constant)),
    STALE_AFTER_DAYS,
)


def block(page: Page, row: int, title: str, last: int) -> int:
    """A line that heads a block; returns the next row."""
    page.row(row, [title, *[None] * (last - 1)], "ft_block")
    return row + 1


def ranges(book: Book, page: Page, row: int, last: int) -> int:
    """The swing, and low, likely and high of every driver; returns the next row."""
    row = block(page, row, book.say("group.ranges"), last)
    quantity = quantity_of(SWING_SHARE)
    page.put(row, LABEL, text("quantity.swing.label", book.language), "ft_label")
    page.put(row, KEY, SWING, "ft_key")
    cell = page.put(row, VALUE, book.study.swing, "ft_input", quantity.unit.number_format)
    page.put(row, UNIT, unit_text(quantity.unit.key, book.language), "ft_unit")
    said = text("quantity.swing.help", book.language)
    page.put(row, last, said, "ft_note")
    book.name(SWING, page, cell.coordinate, said)
    error = book.say("error_text", name="swing", allowed=f"0 – {quantity.upper:g}")
    rule = number_rule(quantity, cell.coordinate)
    add(page, rule, cell.coordinate, text("quantity.swing.label", book.language), said, error)
    row += 1
    heads = ("label", "key", "low", "likely", "high", "least", "most")
    _heading(page, row, [book.say(f"head.{head}") for head in heads], last)
    first = row + 1
    for row, name in enumerate(inputs_behind([VALUE_STEP], numeric=True), first):
        _range_row(book, page, row, name)
    for column, key in zip((LOW, LIKELY, HIGH), RANGE_ENDS, strict=True):
        letter = get_column_letter(column)
        book.name(range_name(key), page, f"{letter}{first}:{letter}{row}", book.say(f"head.{key}"))
    return row + 1


def _heading(page: Page, row: int, heads: list[str], last: int) -> None:
    """A heading across the sheet: texts, then numbers, and the unit where it always stands."""
    for column in range(1, last + 1):
        said = heads[column - 1] if column <= len(heads) else None
        said = page.book.say("head.unit") if column == UNIT else said
        style = "ft_heading_number" if VALUE <= column <= len(heads) else "ft_heading"
        page.put(row, column, said, style)


def _range_row(book: Book, page: Page, row: int, name: str) -> None:
    entry, span = INPUTS[name], book.study.ranges.get(name)
    number_format = entry.quantity.unit.number_format
    label = book.say("range_of", name=entry.label(book.language))
    page.put(row, LABEL, label, "ft_label")
    page.put(row, KEY, range_key(name), "ft_key")
    likely = book.typed.cell("range", name, "likely")  # kept, though it says nothing on its own
    typed = (None, likely, None) if span is None else (span.low, span.likely, span.high)
    for column, value in zip((LOW, LIKELY, HIGH), typed, strict=True):
        page.put(row, column, value, "ft_input", number_format)
    unit = unit_text(entry.quantity.unit.key, book.language)
    for column in range(MOST + 1, UNIT):
        page.put(row, column, None, "ft_unit")
    page.put(row, UNIT, unit, "ft_unit")
    page.put(row, LEAST, entry.quantity.lower, "ft_constant", number_format)
    page.put(row, MOST, entry.quantity.upper, "ft_constant", number_format)
    validate(book, page, entry, f"{get_column_letter(LOW)}{row}:{get_column_letter(HIGH)}{row}")
    book.places[range_key(name)] = (page.ws.title, f"${get_column_letter(LOW)}${row}")


def constants(book: Book, page: Page, row: int, last: int) -> int:
    """The fixed numbers of the model; returns the next row."""
    row = block(page, row, book.say("group.constants"), last)
    for constant in CONSTANTS:
        label = text(f"quantity.{constant.name}.label", book.language)
        page.put(row, LABEL, label, "ft_label")
        page.put(row, KEY, constant.name, "ft_key")
        cell = page.put(row, VALUE, float(constant), "ft_constant", "General")
        for column in range(VALUE + 1, UNIT):
            page.put(row, column, None, "ft_unit")
        page.put(row, VALUE + 1, book.say("fixed"), "ft_unit")
        page.put(row, UNIT, unit_text(constant.unit, book.language), "ft_unit")
        book.name(constant.name, page, cell.coordinate, label)
        row += 1
    return row


def lists(book: Book, page: Page, row: int, last: int) -> int:
    """Words a cell may show or choose, as visible lists that drop-downs and look-ups read."""
    options = {i.name: i.quantity.choices for i in INPUTS.values() if i.quantity.choices}
    options |= {s.name: s.quantity.choices for s in STEPS if s.quantity.choices}
    options["scenario"] = SCENARIOS
    options["bound"] = declared(reference_hours).param("bound").quantity.choices
    written: dict[tuple[str, ...], str] = {}
    row = block(page, row, book.say("group.lists"), last)
    for name, choices in options.items():
        if choices in written:
            book.places[f"list_{name}"] = book.places[f"list_{written[choices]}"]
            continue
        written[choices] = name
        row = _list(book, page, row, name, choices)
    return row


def _list(book: Book, page: Page, row: int, name: str, choices: tuple[str, ...]) -> int:
    found = book.say("list_of", name=text(f"quantity.{name}.label", book.language))
    options = [text(f"choice.{choice}", book.language) for choice in choices]
    for i, word in enumerate(options):
        page.put(row + i, LABEL, found if i == 0 else None, "ft_label")
        page.put(row + i, KEY, f"list_{name}" if i == 0 else None, "ft_key")
        page.put(row + i, VALUE, word, "ft_line")
    letter = get_column_letter(VALUE)
    span = f"{letter}{row}:{letter}{row + len(options) - 1}"
    book.name(f"list_{name}", page, span, found)
    return row + len(options)
