"""Checks: every check with its difference, tolerance and verdict, and one flag for all of them."""

import math

from roi_xl.case.checks import CHECKS, all_pass, run_checks
from roi_xl.errors import ErrorValue
from roi_xl.functions.formula import Dialect, Ref, Symbol, render, trace
from roi_xl.model.defaults import CHECK_TOLERANCE
from roi_xl.text import unit_text
from roi_xl.workbook.sheet_writer import CHECKS_FLAG, Book, Page, fit_width
from roi_xl.workbook.styles import TRUTH_FORMAT

LABEL, VALUE, UNIT, TOLERANCE, OK, NOTE = range(1, 7)
HEADER_ROW = 4


def build(book: Book) -> Page:
    """Write the sheet and name its flag."""
    page = book.sheet("checks", "FFC00000")
    heads = ("check", "difference", "unit", "tolerance", "passed", "note")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    labels = [book.say(f"check.{check.name}.label") for check in CHECKS]
    page.widths(fit_width(labels, 40, 58), 18, 12, 14, 12, 66)
    row = HEADER_ROW
    differences = run_checks(book.case, book.results)
    for check in CHECKS:
        row += 1
        page.put(row, LABEL, book.say(f"check.{check.name}.label"), "ft_label")
        names = [p.name for p in check.function.all_params]
        arguments = {n: Symbol(Ref(a)) for n, a in zip(names, check.args, strict=True)}
        dialect = Dialect(
            reference=lambda name: book.reference(
                f"used_{name}" if f"used_{name}" in book.places else name, page
            ),
            constant=lambda name, _: book.reference(name, page),
        )
        formula = render(trace(check.function, arguments), dialect)
        found = differences[check.name]
        shown = ErrorValue.VALUE if math.isnan(found) else found
        page.formula(row, VALUE, formula, shown, "ft_formula", "0.000000")
        unit = unit_text(check.quantity.unit.key, book.language)
        page.put(
            row, UNIT, book.say("pieces") if check.quantity.unit.key == "count" else unit, "ft_unit"
        )
        tolerance = book.reference(CHECK_TOLERANCE.name, page)
        page.formula(row, TOLERANCE, tolerance, float(CHECK_TOLERANCE), "ft_link", "0.000000")
        passed = abs(found) <= CHECK_TOLERANCE
        page.formula(
            row,
            OK,
            f"IF(ISNUMBER($B{row}),ABS($B{row})<=$D{row},FALSE)",
            passed,
            "ft_formula",
            TRUTH_FORMAT,
        )
        page.put(row, NOTE, book.say(f"check.{check.name}.note"), "ft_note")
    first, last = HEADER_ROW + 1, row
    row += 2
    page.row(row, [book.say("check.all.label"), None, None, None], "ft_label")
    flag = page.formula(
        row, OK, f"AND($E{first}:$E{last})", all_pass(differences), "ft_formula", TRUTH_FORMAT
    )
    page.put(row, NOTE, book.say("check.all.note"), "ft_note")
    book.name(CHECKS_FLAG, page, flag.coordinate, book.say("check.all.label"))
    page.fit_rows(HEADER_ROW)
    page.finish(f"B{HEADER_ROW + 1}", HEADER_ROW)
    return page
