"""Builds a workbook from a case: the sheets in order, then the finished file."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from roi_xl import __version__
from roi_xl.case.compare import example_alternatives
from roi_xl.case.inputs import Case
from roi_xl.case.scenarios import Study
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES, current_language, speaking, text
from roi_xl.workbook.book import Book
from roi_xl.workbook.sheets import (
    alternatives as alternatives_sheet,
)
from roi_xl.workbook.sheets import calculation, functions, inputs, sensitivity, summary
from roi_xl.workbook.write import BUILD_TIME, finished, write_file

# written in the order in which formulas refer back, shown in the order a reader wants
_SHEETS = (inputs, calculation, sensitivity, alternatives_sheet, functions, summary)
_ORDER = ("summary", "inputs", "calculation", "sensitivity", "alternatives", "functions")


def build_workbook(
    path: str | Path,
    case: Case | Study | None = None,
    language: str | None = None,
    *,
    overwrite: bool = False,
    stamp: dt.datetime | None = None,
    alternatives: Sequence[Study] | None = None,
) -> Path:
    """Write a case as a workbook with live formulas and cached results.

    Args:
        path: the file to write, ending in .xlsx.
        case: the case, or a study with its scenarios and ranges; None is the source document's
            customer-service example.
        language: `zh` or `en`; None is the current language.
        overwrite: replace a file that is there.
        stamp: the time the file says it was made; None makes byte-identical files.
        alternatives: the cases beside which the sheet Alternatives sets this one; None takes the
            examples that ship with the package.

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
    write_file(path, workbook_bytes(case, language, stamp, alternatives), overwrite=overwrite)
    return path


def workbook_bytes(
    case: Case | Study | None,
    language: str,
    stamp: dt.datetime | None = None,
    alternatives: Sequence[Study] | None = None,
) -> bytes:
    """The finished .xlsx file of a case or study."""
    study = case if isinstance(case, Study) else Study(case or Case())
    others = example_alternatives(study.live_case) if alternatives is None else alternatives
    with speaking(language):
        book = Book(study, language, stamp or BUILD_TIME, others)
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
    return finished(book, book.stamp)
