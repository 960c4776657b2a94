"""Builds a workbook from a case: the sheets in order, then the finished file."""

import datetime as dt
from pathlib import Path

from roi_xl import __version__
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES, current_language, speaking, text
from roi_xl.workbook.book import Book
from roi_xl.workbook.sheets import calculation, functions, inputs, summary
from roi_xl.workbook.write import BUILD_TIME, finished, write_file

# written in the order in which formulas refer back, shown in the order a reader wants
_SHEETS = (inputs, calculation, functions, summary)
_ORDER = ("summary", "inputs", "calculation", "functions")


def build_workbook(
    path: str | Path,
    case: Case | None = None,
    language: str | None = None,
    *,
    overwrite: bool = False,
    stamp: dt.datetime | None = None,
) -> Path:
    """Write a case as a workbook with live formulas and cached results.

    Args:
        path: the file to write, ending in .xlsx.
        case: the case; None is the source document's customer-service example.
        language: `zh` or `en`; None is the current language.
        overwrite: replace a file that is there.
        stamp: the time the file says it was made; None makes byte-identical files.

    Returns:
        The path written.

    Raises:
        FileExists: the file is there and `overwrite` is false.
        OutputError: the folder is missing or cannot be written.

    Source:
        The source document's cost structure, calculator and matrix.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise BadInput("output_ending", path=path, allowed=".xlsx")
    language = language or current_language()
    if language not in LANGUAGES:
        raise BadInput("language", found=language, allowed=", ".join(LANGUAGES))
    write_file(path, workbook_bytes(case or Case(), language, stamp), overwrite=overwrite)
    return path


def workbook_bytes(case: Case, language: str, stamp: dt.datetime | None = None) -> bytes:
    """The finished .xlsx file of a case."""
    with speaking(language):
        book = Book(case, evaluate_case(case), language)
        for sheet in _SHEETS:
            sheet.build(book)
    titles = [book.title(key) for key in _ORDER]
    book.workbook._sheets.sort(key=lambda ws: titles.index(ws.title))  # type: ignore[attr-defined]
    book.workbook.active = 0
    book.workbook.code_name = "ThisWorkbook"
    properties = book.workbook.properties
    properties.title = book.say("document.title")
    properties.subject = book.say("document.subject")
    properties.creator = f"roi_xl {__version__}"
    properties.language = {"zh": "zh-CN", "en": "en-US"}[language]
    properties.keywords = text("functions.category", language)
    return finished(book, stamp or BUILD_TIME)
