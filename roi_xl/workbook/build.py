"""Builds a workbook from a case: the sheets in order, then the finished file."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from roi_xl import __version__
from roi_xl.case.inputs import Case
from roi_xl.case.study import Study
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES, current_language, speaking, text
from roi_xl.units import LONGEST_HORIZON
from roi_xl.workbook.layout import MONTHS, SHEETS, TEMPLATE
from roi_xl.workbook.save import BUILD_TIME, Finisher, finished, write_file
from roi_xl.workbook.sheet_writer import LEAST_MONTHS, Book
from roi_xl.workbook.sheets import (
    about,
    actuals,
    alternatives,
    cashflow,
    checks,
    decision,
    functions,
    gpu_prices,
    inputs,
    lists,
    llm_prices,
    ranges,
    scenarios,
    sensitivity,
    simulation,
    summary,
    training,
)
from roi_xl.workbook.sheets.calculation import Calculation


def build_workbook(
    path: str | Path,
    case: Case | Study | None = None,
    language: str | None = None,
    *,
    overwrite: bool = False,
    stamp: dt.datetime | None = None,
    alternatives: Sequence[Study] | None = None,
    months: int | None = None,
) -> Path:
    """Write a case as a workbook with live formulas and cached results.

    Args:
        path: the file to write, ending in .xlsx.
        case: the case, or a study with its scenarios and ranges; None is the source document's
            customer-service example.
        language: `zh` or `en`; None is the current language.
        overwrite: replace a file that is there.
        stamp: the time the file says it was made; None makes byte-identical files.
        alternatives: named cases set beside this one on the sheet Alternatives; None takes ways
            that are shares of this case.
        months: months on the time axis, in whole years, 36 to 600; None is as many as the longest
            horizon of the scenarios needs.

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
        path,
        workbook_bytes(case, language, stamp, alternatives=alternatives, months=months),
        overwrite=overwrite,
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
    months: int | None = None,
    unfilled: bool = False,
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
        months: months on the time axis; None is as many as the scenarios need.
        unfilled: a template, whose inputs without a value are to be filled in.
    """
    book = make_book(
        case,
        language,
        stamp,
        alternatives=alternatives,
        edition=edition,
        names=names,
        months=months,
        unfilled=unfilled,
    )
    return finished(book, book.stamp, finish)


def months_needed(study: Study, wanted: int | None = None) -> int:
    """Months on the time axis: whole years, as many as the longest horizon of the scenarios needs.

    Raises:
        BadInput: fewer or more were asked for than there may be.
    """
    if wanted is not None and not LEAST_MONTHS <= wanted <= LONGEST_HORIZON:
        raise BadInput("months", found=wanted, allowed=f"{LEAST_MONTHS} – {LONGEST_HORIZON}")
    longest = max(float(case["horizon_months"]) for case in study.cases.values())
    most = max(longest, LEAST_MONTHS, wanted or 0)
    return 12 * math.ceil(most / 12)


def make_book(
    case: Case | Study | None,
    language: str,
    stamp: dt.datetime | None = None,
    *,
    alternatives: Sequence[Study] | None = None,
    edition: str = "plain",
    names: Iterable[tuple[str, str, str]] = (),
    months: int | None = None,
    unfilled: bool = False,
    kept: Mapping[tuple[str, str], object] | None = None,
) -> Book:
    """The workbook of a case with every sheet written; arguments as for `workbook_bytes`.

    `kept` is what a file holds of a run, by sheet key and cell: it stays where its inputs were others.
    """
    study = case if isinstance(case, Study) else Study(case or Case())
    if study.typed is not None:
        months = months or study.typed.cell(MONTHS)
        unfilled = unfilled or bool(study.typed.cell(TEMPLATE))
    built = study.typed.cell(MONTHS) if kept is not None and study.typed is not None else None
    with speaking(language):
        book = Book(
            study,
            language,
            stamp or BUILD_TIME,
            alternatives or (),
            edition,
            built or months_needed(study, months),  # a longer horizon moves no cell of a file
            unfilled,
            as_of=gpu_prices.as_of(study, stamp),
        )
        book.kept = kept
        for name, formula, comment in names:
            book.define(name, formula, comment)
        _write(book)
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


def _write(book: Book) -> None:
    """Every sheet, in the order in which formulas refer back."""
    for sheet in (lists, inputs, scenarios, ranges, gpu_prices, llm_prices):
        sheet.build(book)
    calculation = Calculation(book)
    found = cashflow.build(book, calculation)
    calculation.conclude(found)
    training.build(book)
    simulation.build(book, calculation)
    tornado = sensitivity.build(book)
    alternatives.build(book)
    decision.build(book, tornado)
    actuals.build(book)
    checks.build(book)
    functions.build(book)
    about.build(book)
    summary.build(book, calculation, tornado)
