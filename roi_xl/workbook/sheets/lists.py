"""Lists: fixed numbers, exchange rates, and the words that drop-downs and look-ups read."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.functions.declare import declared
from roi_xl.model import defaults
from roi_xl.model.training import reference_hours
from roi_xl.prices.reader import shipped
from roi_xl.prices.sheet import STALE_AFTER_DAYS
from roi_xl.text import text
from roi_xl.units import CURRENCY_PER_USD, LONGEST_HORIZON, Constant, quantity_of
from roi_xl.workbook.layout import RATES, TEMPLATE
from roi_xl.workbook.sheet_writer import Book, Page
from roi_xl.workbook.step_rows import MONTHS
from roi_xl.workbook.validation import number_rule, refuse

LABEL, KEY, VALUE, UNIT = range(1, 5)
HEADER_ROW = 4
_RATE_ROWS = 10
CONSTANTS = (
    *(v for v in vars(defaults).values() if isinstance(v, Constant)),
    STALE_AFTER_DAYS,
)


def build(book: Book) -> Page:
    """Write the sheet and name every list and fixed number."""
    page = book.sheet("lists", "FF7F7F7F")
    page.widths(44, 30, 34, 20)
    heads = ("label", "key", "value", "unit")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    row = _block(book, page, HEADER_ROW + 1, "words")
    row = _lists(book, page, row)
    row = _names(book, page, row)
    row = _rates(book, page, row + 1)
    row = _constants(book, page, row + 1)
    _months(book, page, row + 1)
    page.hide("B")
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW, printed=False)
    return page


def _block(book: Book, page: Page, row: int, key: str) -> int:
    page.row(row, [book.say(f"group.{key}"), None, None, None], "ft_block")
    return row + 1


def _lists(book: Book, page: Page, row: int) -> int:
    options = {i.name: i.quantity.choices for i in INPUTS.values() if i.quantity.choices}
    options |= {s.name: s.quantity.choices for s in STEPS if s.quantity.choices}
    options["bound"] = declared(reference_hours).param("bound").quantity.choices
    written: dict[tuple[str, ...], str] = {}
    for name, choices in options.items():
        if choices in written:
            book.places[f"list_{name}"] = book.places[f"list_{written[choices]}"]
            continue
        written[choices] = name
        row = _list(book, page, row, name, choices)
    return row


def _list(book: Book, page: Page, row: int, name: str, choices: tuple[str, ...]) -> int:
    label = text(f"quantity.{name}.label", book.language)
    for i, choice in enumerate(choices):
        page.put(row + i, LABEL, label if i == 0 else None, "ft_label")
        page.put(row + i, KEY, f"list_{name}" if i == 0 else None, "ft_key")
        page.put(row + i, VALUE, text(f"choice.{choice}", book.language), "ft_words")
    letter = get_column_letter(VALUE)
    span = f"{letter}{row}:{letter}{row + len(choices) - 1}"
    book.name(f"list_{name}", page, span, label)
    return row + len(choices)


def _names(book: Book, page: Page, row: int) -> int:
    """GPUs and providers of the price sheet, once each, and the inputs that are written in percent."""
    prices = shipped() if book.case.prices is None else book.case.prices
    percent = [n for n, i in INPUTS.items() if i.quantity.unit.number_format.endswith("%")]
    found = {
        "gpu_names": list(dict.fromkeys(p.gpu for p in prices)),
        "gpu_providers": list(dict.fromkeys(p.provider for p in prices)),
        "percent_inputs": percent,
    }
    for name, values in found.items():
        label = book.say(f"list.{name}")
        for i, value in enumerate(values):
            page.put(row + i, LABEL, label if i == 0 else None, "ft_label")
            page.put(row + i, KEY, name if i == 0 else None, "ft_key")
            page.put(row + i, VALUE, value, "ft_words")
        named = name if name == "percent_inputs" else f"list_{name}"
        book.name(named, page, f"C{row}:C{row + len(values) - 1}", label)
        row += len(values)
    return row


def _rates(book: Book, page: Page, row: int) -> int:
    """Units of other currencies per USD, with their dates, for prices in such a currency."""
    row = _block(book, page, row, "rates")
    first = row
    typed = book.typed.rows.get(RATES, ())
    for i in range(_RATE_ROWS):
        code, _, rate, date = (
            (*typed[i], None, None, None, None)[:4] if i < len(typed) else [None] * 4
        )
        for column, value in zip((LABEL, VALUE, UNIT), (code, rate, date), strict=True):
            number_format = {VALUE: "#,##0.00##", UNIT: "yyyy-mm-dd"}.get(column, "@")
            page.put(row, column, value, "ft_input", number_format)
        row += 1
    book.name(RATES, page, f"A{first}:D{row - 1}", book.say("group.rates"))
    units = book.reference("list_currency", page)
    refuse(page, "list", units, f"A{first}:A{row - 1}", book.say("rule.currency"))
    rule = number_rule(quantity_of(CURRENCY_PER_USD), f"C{first}")
    refuse(page, rule, "", f"C{first}:C{row - 1}", book.say("rule.rate"))
    day = DataValidation(type="date", operator="greaterThanOrEqual", formula1="36526")
    refuse(page, day, "", f"D{first}:D{row - 1}", book.say("prices.rule.date"))
    return row


def _months(book: Book, page: Page, row: int) -> None:
    """Month numbers that present values sum over: twice those of the axis, for longer horizons."""
    label = book.say("list.month_numbers")
    page.put(row, LABEL, label, "ft_label")
    page.put(row, KEY, MONTHS, "ft_key")
    most = min(2 * book.months, LONGEST_HORIZON)
    for month in range(most + 1):
        page.put(row + month, VALUE, float(month), "ft_constant", "0")
    book.name(MONTHS, page, f"C{row}:C{row + most}", label)
    page.close(row + 1, row + most)


def _constants(book: Book, page: Page, row: int) -> int:
    row = _block(book, page, row, "constants")
    for constant in CONSTANTS:
        label = text(f"quantity.{constant.name}.label", book.language)
        page.put(row, LABEL, label, "ft_label")
        page.put(row, KEY, constant.name, "ft_key")
        cell = page.put(row, VALUE, float(constant), "ft_constant", "General")
        page.put(row, UNIT, book.shown_unit(constant.unit) or None, "ft_unit")
        book.name(constant.name, page, cell.coordinate, label)
        book.place(f"constant_{constant.name}", page, cell.coordinate)
        row += 1
    page.put(row, LABEL, book.say("template.label"), "ft_label")
    page.put(row, KEY, TEMPLATE, "ft_key")
    flag = page.put(row, VALUE, 1.0 if book.unfilled else 0.0, "ft_constant", "0")
    page.put(row, UNIT, None, "ft_unit")
    book.name(TEMPLATE, page, flag.coordinate, book.say("template.label"))
    return row + 1
