"""Ranges: low, likely and high of every driver, for the tornado and the simulation."""

from openpyxl.utils import get_column_letter

from roi_xl.case.dependencies import VALUE_STEP, inputs_behind
from roi_xl.case.inputs import INPUTS
from roi_xl.text import text
from roi_xl.units import SWING_SHARE, quantity_of
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.validation import add, number_rule, validate

LABEL, KEY, UNIT, LOW, LIKELY, HIGH, LEAST, MOST = range(1, 9)
SWING_ROW, HEADER_ROW = 3, 4


def drivers() -> tuple[str, ...]:
    """The inputs that may have a range: every number the net present value depends on."""
    return inputs_behind([VALUE_STEP], numeric=True)


def build(book: Book) -> Page:
    """Write the sheet; name the swing and the three columns."""
    page = book.sheet("ranges", "FFFFC000")
    heads = ("label", "key", "unit", "low", "likely", "high", "least", "most")
    page.row(HEADER_ROW, [book.say(f"head.{head}") for head in heads], "ft_heading")
    labels = [INPUTS[name].label(book.language) for name in drivers()]
    page.widths(fit_width(labels, 30, 40), 36, 22, 16, 16, 16, 14, 14)
    _swing(book, page)
    first = row = HEADER_ROW + 1
    for row, name in enumerate(drivers(), first):
        _row(book, page, row, name)
    for column, key in ((LOW, "low"), (LIKELY, "likely"), (HIGH, "high")):
        letter = get_column_letter(column)
        book.name(f"range_{key}", page, f"{letter}{first}:{letter}{row}", book.say(f"head.{key}"))
    page.hide("B")
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW, printed=False)
    return page


def _swing(book: Book, page: Page) -> None:
    quantity = quantity_of(SWING_SHARE)
    label, said = (text(f"quantity.swing.{part}", book.language) for part in ("label", "help"))
    page.put(SWING_ROW, LABEL, label, "ft_label")
    page.put(SWING_ROW, KEY, "swing", "ft_key")
    page.put(SWING_ROW, UNIT, None, "ft_unit")
    cell = page.put(SWING_ROW, LOW, book.study.swing, "ft_input", quantity.unit.number_format)
    page.put(SWING_ROW, LIKELY, said, "ft_line")
    book.name("swing", page, cell.coordinate, said)
    error = book.say("error_text", name=label, allowed=f"0 – {quantity.upper:g}")
    add(page, number_rule(quantity, cell.coordinate), cell.coordinate, label, said, error)


def _row(book: Book, page: Page, row: int, name: str) -> None:
    entry, span = INPUTS[name], book.study.ranges.get(name)
    number_format = entry.quantity.unit.number_format
    page.put(row, LABEL, entry.label(book.language), "ft_label")
    page.put(row, KEY, f"range_{name}", "ft_key")
    page.unit(row, UNIT, entry.quantity.unit.key)
    likely = book.typed.cell("range", name, "likely")  # kept, though it says nothing on its own
    typed = (None, likely, None) if span is None else (span.low, span.likely, span.high)
    for column, value in zip((LOW, LIKELY, HIGH), typed, strict=True):
        page.put(row, column, value, "ft_input", number_format)
    page.put(row, LEAST, entry.quantity.lower, "ft_constant", number_format)
    page.put(row, MOST, entry.quantity.upper, "ft_constant", number_format)
    validate(book, page, entry, f"D{row}:F{row}")
    book.place(f"range_row_{name}", page, f"D{row}")
