"""What a typed cell accepts: the input's bounds or words as Excel data validation, with its texts."""

from typing import Any, Literal

from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.inputs import Input
from roi_xl.units import Quantity, allowed
from roi_xl.workbook.sheet_writer import Book, Page

LONGEST_TEXT = 100  # characters of a name
# names of inputs that a price sheet lists; anything else may be typed as well
LISTED = {
    "current_model": "llm_models",
    "finetuned_model": "llm_models",
    "gpu_model": "list_gpu_names",
    "serving_gpu_model": "list_gpu_names",
    "gpu_provider": "list_gpu_providers",
}

_SEEN: dict[str, dict[tuple[Any, ...], tuple[Any, DataValidation]]] = {}  # rules by sheet


def validate(book: Book, page: Page, entry: Input, cells: str, *, prompt: bool = False) -> None:
    """Let cells (`C7`, `C7:G7`) take only what the input may be; a blank is allowed."""
    language = book.language
    rule = _rule(book, page, entry, cells)
    if not prompt and rule.type in ("decimal", "list", "textLength"):
        alike = (rule.type, rule.operator, rule.formula1, rule.formula2)
        known = _SEEN.setdefault(page.ws.title, {})
        if page.ws.data_validations.count and alike in known and known[alike][0] is page.ws:
            known[alike][1].add(cells)
            return
        known[alike] = page.ws, rule
    allowed_text = allowed(entry.quantity, language)
    if entry.name == "horizon_months":
        allowed_text = f"1 – {book.months}"
    error = book.say("error_text", name=entry.label(language), allowed=allowed_text)
    if not prompt:
        error = book.say("error_text", name=book.say("head.value"), allowed=allowed_text)
    add(page, rule, cells, "", "", error)
    if entry.name in LISTED:  # an own name is possible: a warning, not a refusal
        rule.errorStyle = "warning"


def add(page: Page, rule: DataValidation, cells: str, title: str, prompt: str, error: str) -> None:
    """Put a rule on cells, with its prompt and its refusal, cut to what Excel shows."""
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorStyle = "stop"
    if prompt:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = title[:32], prompt[:255]
    rule.errorTitle, rule.error = page.book.say("error_title")[:32], error[:255]
    rule.add(cells)
    page.ws.add_data_validation(rule)


def refuse(
    page: Page,
    rule: DataValidation | Literal["list", "custom"],
    options: str,
    cells: str,
    said: str,
) -> DataValidation:
    """Put a rule, or a list of options, on cells, with one text that says what is allowed."""
    if isinstance(rule, str):
        rule = DataValidation(type=rule, formula1=options)
    add(page, rule, cells, page.book.say("error_title"), said, said)
    return rule


def accept_title(page: Page, cells: str) -> None:
    """Let cells take a short text, the name of a scenario or an alternative."""
    rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_TEXT))
    refuse(page, rule, "", cells, page.book.say("rule.title"))


def _rule(book: Book, page: Page, entry: Input, cells: str) -> DataValidation:
    if entry.name in LISTED:
        return DataValidation(type="list", formula1=LISTED[entry.name])
    if entry.quantity.kind == "text":
        longest = str(LONGEST_TEXT)
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=longest)
    if entry.quantity.choices:
        return DataValidation(type="list", formula1=book.reference(f"list_{entry.name}", page))
    if entry.name == "horizon_months":
        low, high = f"{entry.quantity.lower:g}", str(book.months)
        return DataValidation(type="decimal", operator="between", formula1=low, formula2=high)
    return number_rule(entry.quantity, cells)


def number_rule(quantity: Quantity, cells: str) -> DataValidation:
    """The bounds of a quantity as a validation rule for cells."""
    lower = 0.0 if quantity.lower is None else quantity.lower
    if quantity.lower is None and quantity.upper is None:
        low, high = "-1E+15", "1E+15"
        return DataValidation(type="decimal", operator="between", formula1=low, formula2=high)
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
