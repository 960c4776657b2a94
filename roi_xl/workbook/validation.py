"""What a typed cell accepts: the input's bounds or words as Excel data validation, with its texts."""

from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.inputs import Input
from roi_xl.units import Quantity, allowed
from roi_xl.workbook.sheet_writer import Book, Page

LONGEST_TEXT = 100  # characters of a name


def validate(book: Book, page: Page, entry: Input, cells: str) -> None:
    """Let cells (`C7`, `C7:G7`) take only what the input may be; a blank is allowed."""
    language, rule_text = book.language, allowed(entry.quantity, book.language)
    error = book.say("error_text", name=entry.name, allowed=rule_text)
    rule = _rule(book, page, entry, cells)
    add(page, rule, cells, entry.label(language), entry.param.help(language), error)


def add(page: Page, rule: DataValidation, cells: str, title: str, prompt: str, error: str) -> None:
    """Put a rule on cells, with its prompt and its refusal, cut to what Excel shows."""
    rule.allow_blank = True
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorStyle = "stop"
    rule.promptTitle, rule.prompt = title[:32], prompt[:255]
    rule.errorTitle, rule.error = page.book.say("error_title")[:32], error[:255]
    rule.add(cells)
    page.ws.add_data_validation(rule)


def _rule(book: Book, page: Page, entry: Input, cells: str) -> DataValidation:
    if entry.quantity.kind == "text":
        longest = str(LONGEST_TEXT)
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=longest)
    if entry.quantity.choices:
        options = book.reference(f"list_{entry.name}", page)
        return DataValidation(type="list", formula1=f"={options}")
    return number_rule(entry.quantity, cells)


def number_rule(quantity: Quantity, cells: str) -> DataValidation:
    """The bounds of a quantity as a validation rule for cells."""
    lower = 0.0 if quantity.lower is None else quantity.lower
    if quantity.upper is None:
        if quantity.lower_open:
            return DataValidation(type="decimal", operator="greaterThan", formula1=f"{lower:g}")
        return DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=f"{lower:g}")
    low, high = f"{lower:g}", f"{quantity.upper:g}"
    if quantity.lower_open:
        cell = cells.split(":", maxsplit=1)[0]
        rule = f"AND(ISNUMBER({cell}),{cell}>{low},{cell}<={high})"
        return DataValidation(type="custom", formula1=rule)
    return DataValidation(type="decimal", operator="between", formula1=low, formula2=high)
