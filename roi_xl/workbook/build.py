"""Builds a workbook from a case: the sheets in order, then the finished file."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from roi_xl import __version__, examples
from roi_xl.case.inputs import Case
from roi_xl.case.study import Study
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES, current_language, speaking, text
from roi_xl.workbook.layout import SHEETS
from roi_xl.workbook.save import BUILD_TIME, Finisher, finished, write_file
from roi_xl.workbook.sheet_writer import Book
from roi_xl.workbook.sheets import (
    alternatives as alternatives_sheet,
)
from roi_xl.workbook.sheets import (
    calculation,
    cashflow,
    checks,
    decision,
    functions,
    gpu_prices,
    inputs,
    llm_prices,
    log,
    sensitivity,
    summary,
    training,
)

# written in the order in which formulas refer back
_WRITTEN = (
    inputs,
    gpu_prices,
    llm_prices,
    calculation,
    training,
    cashflow,
    sensitivity,
    alternatives_sheet,
    decision,
    checks,
    functions,
    log,
    summary,
)


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
    path, language = checked_output(path, language)
    write_file(
        path, workbook_bytes(case, language, stamp, alternatives=alternatives), overwrite=overwrite
    )
    return path


def checked_output(
    path: str | Path, language: str | None, ending: str = ".xlsx"
) -> tuple[Path, str]:
    """The path and language of a workbook to be written.

    Raises:
        BadInput: the path has another ending, or the language is none of ours.
    """
    path = Path(path)
    if path.suffix.lower() != ending:
        raise BadInput("output_ending", path=path, allowed=ending)
    language = language or current_language()
    if language not in LANGUAGES:
        raise BadInput("language", found=language, allowed=", ".join(LANGUAGES))
    return path, language


def workbook_bytes(
    case: Case | Study | None,
    language: str,
    stamp: dt.datetime | None = None,
    *,
    alternatives: Sequence[Study] | None = None,
    edition: str = "plain",
    names: Iterable[tuple[str, str, str]] = (),
    finish: Finisher | None = None,
) -> bytes:
    """The finished file of a case.

    Args:
        case: the case or study; None is the source document's example.
        language: `zh` or `en`.
        stamp: the time the file says it was made.
        alternatives: the cases on the sheet Alternatives; None takes the shipped examples.
        edition: what the cells may call.
        names: functions that the workbook defines itself: name, formula without `=`, comment.
        finish: what makes the file of the finished parts, where it is no .xlsx.
    """
    book = make_book(case, language, stamp, alternatives=alternatives, edition=edition, names=names)
    return finished(book, book.stamp, finish)


def _alternatives(study: Study) -> Sequence[Study]:
    """The alternatives of the workbook that the study was read from, else the shipped examples."""
    if study.typed is None or study.typed.alternatives is None:
        return examples.alternatives(study.live_case)
    names = {said: e.names for e in examples.alternatives() for said in e.names.values()}
    case = study.live_case
    return [
        Study(case.replace(**values), names=names.get(name, dict.fromkeys(LANGUAGES, name)))
        for name, values in study.typed.alternatives
    ]


def make_book(
    case: Case | Study | None,
    language: str,
    stamp: dt.datetime | None = None,
    *,
    alternatives: Sequence[Study] | None = None,
    edition: str = "plain",
    names: Iterable[tuple[str, str, str]] = (),
    simulated: Sequence[Sequence[Any]] | None = None,
) -> Book:
    """The workbook of a case with every sheet written; arguments as for `workbook_bytes`.

    `simulated` is the record of a simulation that was run before, in the place of a new run.
    """
    study = case if isinstance(case, Study) else Study(case or Case())
    others = _alternatives(study) if alternatives is None else alternatives
    with speaking(language):
        day = gpu_prices.as_of(study, stamp)
        book = Book(study, language, stamp or BUILD_TIME, others, edition, as_of=day)
        book.simulated = simulated
        for name, formula, comment in names:
            book.define(name, formula, comment)
        for sheet in _WRITTEN:
            sheet.build(book)
    titles = [book.title(key) for key in SHEETS]
    book.workbook._sheets.sort(key=lambda ws: titles.index(ws.title))  # type: ignore[attr-defined]
    book.workbook.active = 0
    book.workbook.code_name = "ThisWorkbook"
    properties = book.workbook.properties
    properties.title = book.say("document.title")
    properties.subject = book.say("document.subject")
    properties.creator = f"roi_xl {__version__}"
    properties.language = {"zh": "zh-CN", "en": "en-US"}[language]
    properties.keywords = text("functions.category", language)
    return book
