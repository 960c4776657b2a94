"""Functions: every FT_ function from the registry, with its unit, an example and its plain formula."""

from roi_xl.errors import ErrorValue
from roi_xl.functions.declare import Function
from roi_xl.functions.describe import excel_formula, literal
from roi_xl.registry import FUNCTIONS
from roi_xl.text import text
from roi_xl.workbook.sheet_writer import Book, Page

NAME, DOC, SIGNATURE, UNIT, EXAMPLE, RESULT, PLAIN = range(1, 8)
HEADER_ROW = 4


def build(book: Book) -> Page:
    """Write one row a function."""
    page = book.sheet("functions", "FF7F7F7F")
    heads = ("function", "gives", "signature", "unit", "example", "result", "plain")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    page.widths(28, 40, 52, 16, 34, 22, 60)
    for row, function in enumerate(FUNCTIONS.values(), HEADER_ROW + 1):
        page.put(row, NAME, function.name, "ft_label")
        page.put(row, DOC, function.doc(book.language), "ft_note")
        page.put(row, SIGNATURE, function.signature(), "ft_note")
        page.put(row, UNIT, book.shown_unit(function.unit) or None, "ft_unit")
        page.put(row, EXAMPLE, example_text(function, book.language), "ft_note")
        _put_result(page, row, function)
        page.put(row, PLAIN, excel_formula(function, book.language), "ft_note")
    page.fit_rows(HEADER_ROW)
    page.finish(f"B{HEADER_ROW + 1}", HEADER_ROW, printed=False)
    return page


def _put_result(page: Page, row: int, function: Function) -> None:
    """The example's result: live where the workbook has the function itself, else its value."""
    language, number_format = page.book.language, function.returns.unit.number_format
    result = example_result(function, language)
    defined = page.book.defines(function.name)
    if (defined or page.book.edition == "udf") and not isinstance(result, list):
        call = example_text(function, language).removeprefix("=")
        cached = ErrorValue.of(result) or result
        cell = page.formula(row, RESULT, call, cached, "ft_formula", number_format)
        if defined:
            page.evaluate_as_array(cell)
    else:
        page.put(
            row,
            RESULT,
            literal(result) if isinstance(result, list) else result,
            "ft_text" if isinstance(result, (list, str)) else "ft_formula",
            number_format,
        )


def example_arguments(function: Function, language: str) -> list[object]:
    """The example's arguments with words and language in the workbook's language."""
    words = {"zh": language, "en": language}
    values: list[object] = []
    for param, value in zip(function.params, function.example[0], strict=False):
        if param.quantity.kind == "choice" and isinstance(value, str):
            value = words.get(value) or text(f"choice.{value}", language)
        values.append(value)
    values.extend(function.example[0][len(values) :])
    return values


def example_text(function: Function, language: str) -> str:
    """The example as typed into a cell."""
    return f"={function.name}({','.join(map(literal, example_arguments(function, language)))})"


def example_result(function: Function, language: str) -> object:
    """What the example gives."""
    from roi_xl.functions.answers import cells

    return cells(function, example_arguments(function, language))
