"""Inputs: every input with value, default, unit, rule and note; the lists and fixed numbers below."""

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.inputs import GROUPS, INPUTS, Input
from roi_xl.case.steps import STEPS
from roi_xl.functions.bounds import allowed, words
from roi_xl.model import defaults
from roi_xl.text import text
from roi_xl.units import Constant
from roi_xl.workbook.book import Book, Page, fit_width

LABEL, KEY, VALUE, DEFAULT, UNIT, RULE, STATUS, NOTE = range(1, 9)
HEADER_ROW = 4
LONGEST_TEXT = 100  # characters of a name
CONSTANTS = tuple(v for v in vars(defaults).values() if isinstance(v, Constant))


def build(book: Book) -> Page:
    """Write the sheet and name every input, list and fixed number."""
    page = book.sheet("inputs", "FFFFC000")
    heads = ("label", "key", "value", "default", "unit", "rule", "status", "note")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    labels = [i.label(book.language) for i in INPUTS.values()]
    rules = [_rule(book, i) for i in INPUTS.values()]
    page.widths(
        fit_width(labels, 24, 40), fit_width(INPUTS, 20, 34), 15, 12, 15,
        fit_width(rules, 14, 26), 10, 52,
    )  # fmt: skip
    row = HEADER_ROW + 1
    for group in GROUPS:
        _block(page, row, book.say(f"group.{group}"))
        row += 1
        for entry in (i for i in INPUTS.values() if i.group == group):
            _input_row(book, page, row, entry)
            row += 1
    row = _constants(book, page, row + 1)
    _lists(book, page, row + 1)
    _validate(book, page)
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _block(page: Page, row: int, title: str) -> None:
    page.row(row, [title, *[None] * (NOTE - 1)], "ft_block")


def _input_row(book: Book, page: Page, row: int, entry: Input) -> None:
    language, number_format = book.language, entry.quantity.unit.number_format
    page.put(row, LABEL, entry.label(language), "ft_label")
    page.put(row, KEY, entry.name, "ft_key")
    value = entry.shown(book.case[entry.name], language)
    blank = entry.open_ended and book.case[entry.name] == entry.default
    cell = page.put(row, VALUE, None if blank else value, "ft_input", number_format)
    default = page.put(
        row, DEFAULT, entry.shown(entry.default, language), "ft_constant", number_format
    )
    page.put(row, UNIT, text(f"unit.{entry.quantity.unit.key}", language), "ft_unit")
    page.put(row, RULE, _rule(book, entry), "ft_note")
    if entry.is_sample:
        sample = book.say("sample")
        status = sample if value == default.value else ""
        page.formula(
            row,
            STATUS,
            f'IF({cell.coordinate}={default.coordinate},"{sample}","")',
            status,
            "ft_unit",
        )
    else:
        page.put(row, STATUS, None, "ft_unit")
    page.put(row, NOTE, entry.param.help(language), "ft_note")
    book.name(entry.name, page, cell.coordinate, entry.param.help(language))
    book.name(
        f"default_{entry.name}", page, default.coordinate, book.say("default_of", name=entry.name)
    )


def _rule(book: Book, entry: Input) -> str:
    return allowed(entry.quantity, book.language)


def _constants(book: Book, page: Page, row: int) -> int:
    _block(page, row, book.say("group.constants"))
    for constant in CONSTANTS:
        row += 1
        label = text(f"quantity.{constant.name}.label", book.language)
        page.put(row, LABEL, label, "ft_label")
        page.put(row, KEY, constant.name, "ft_key")
        cell = page.put(row, VALUE, float(constant), "ft_constant", "General")
        for column in range(DEFAULT, NOTE + 1):
            page.put(row, column, None, "ft_note")
        page.put(row, UNIT, book.say("fixed"), "ft_unit")
        book.name(constant.name, page, cell.coordinate, label)
    return row + 1


def _lists(book: Book, page: Page, row: int) -> None:
    """Words a cell may show or choose, as visible lists that drop-downs and look-ups read."""
    quantities = {i.name: i.quantity for i in INPUTS.values() if i.quantity.choices}
    quantities |= {s.name: s.quantity for s in STEPS if s.quantity.choices}
    written: dict[tuple[str, ...], str] = {}
    _block(page, row, book.say("group.lists"))
    row += 1
    for name, quantity in quantities.items():
        if quantity.choices in written:
            sheet, place = book.places[f"list_{written[quantity.choices]}"]
            book.places[f"list_{name}"] = (sheet, place)
            continue
        written[quantity.choices] = name
        label = text(f"quantity.{name}.label", book.language)
        options = words(quantity, book.language)
        for i, word in enumerate(options):
            page.put(row + i, LABEL, label if i == 0 else None, "ft_label")
            page.put(row + i, KEY, f"list_{name}" if i == 0 else None, "ft_key")
            page.put(row + i, NOTE, word, "ft_words")
        letter = get_column_letter(NOTE)
        span = f"{letter}{row}:{letter}{row + len(options) - 1}"
        book.name(f"list_{name}", page, span, label)
        row += len(options)


def _validate(book: Book, page: Page) -> None:
    for entry in INPUTS.values():
        cell = book.places[entry.name][1].replace("$", "")
        rule = _bounds_rule(book, page, entry, cell)
        rule.allow_blank = True
        rule.showErrorMessage = rule.showInputMessage = True
        rule.errorStyle = "stop"
        rule.promptTitle = entry.label(book.language)[:32]
        rule.prompt = entry.param.help(book.language)[:255]
        rule.errorTitle = book.say("error_title")[:32]
        rule.error = book.say("error_text", name=entry.name, allowed=_rule(book, entry))[:255]
        rule.add(cell)
        page.ws.add_data_validation(rule)


def _bounds_rule(book: Book, page: Page, entry: Input, cell: str) -> DataValidation:
    quantity = entry.quantity
    if quantity.kind == "text":
        longest = str(LONGEST_TEXT)
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=longest)
    if quantity.choices:
        options = book.reference(f"list_{entry.name}", page)
        return DataValidation(type="list", formula1=f"={options}")
    lower = 0.0 if quantity.lower is None else quantity.lower
    if quantity.upper is None:
        if quantity.lower_open:
            return DataValidation(type="decimal", operator="greaterThan", formula1=f"{lower:g}")
        return DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=f"{lower:g}")
    low, high = f"{lower:g}", f"{quantity.upper:g}"
    if quantity.lower_open:
        rule = f"AND(ISNUMBER({cell}),{cell}>{low},{cell}<={high})"
        return DataValidation(type="custom", formula1=rule)
    return DataValidation(type="decimal", operator="between", formula1=low, formula2=high)


def used_formula(book: Book, entry: Input) -> str:
    """The input as the calculation uses it: the typed value, or the default where it is blank."""
    typed, default = book.reference(entry.name), book.reference(f"default_{entry.name}")
    if entry.default is None or entry.worked_out is not None:
        default = '""'  # a blank stays one: it has a meaning of its own
    chosen = f'IF(TRIM({typed})="",{default},{typed})'.replace("$", "")
    if not entry.quantity.choices:
        return chosen
    title, span = book.places[f"list_{entry.name}"]
    return f"MATCH({chosen},{quote_sheetname(title)}!{span},0)-1"
