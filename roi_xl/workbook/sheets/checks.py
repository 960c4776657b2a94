"""Checks: every check with its difference, tolerance and verdict, and one flag for all of them."""

import math
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font

from roi_xl.case.checks import CHECKS, run_checks
from roi_xl.errors import ErrorValue
from roi_xl.functions.formula import Dialect, Ref, Symbol, render, trace
from roi_xl.model.defaults import CHECK_TOLERANCE
from roi_xl.workbook.sheet_writer import CHECKS_FLAG, WARNINGS, Book, Page, fit_width

LABEL, VALUE, UNIT, TOLERANCE, OK, NOTE = range(1, 7)
HEADER_ROW = 4
# checks of the workbook alone: their name, and the formula of their difference
OWN = {
    "irr_is_zero": "IF(ISNUMBER(npv_at_irr),npv_at_irr/(1+total_cost),0)",
    "months_suffice": "IF(used_horizon>COUNT(months)-1,1,0)",
    "rate_given": "IF(ISNUMBER(currency_rate),0,1)",
    "inputs_plausible": "inputs_out_of_range",
}
_CLOSE = 1e-4  # a rate found by search leaves a value of about this share of the investment


def build(book: Book) -> Page:
    """Write the sheet; name its flag and the line of warnings."""
    page = book.sheet("checks", "FFC00000")
    heads = ("check", "difference", "unit", "tolerance", "passed", "note")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    names = [*(c.name for c in CHECKS), *OWN]
    page.widths(
        fit_width([book.say(f"check.{n}.label") for n in names], 40, 58), 16, 14, 14, 14, 70
    )
    row = HEADER_ROW
    differences = run_checks(book.case, book.results)
    for check in CHECKS:
        row += 1
        arguments = {
            p.name: Symbol(Ref(a))
            for p, a in zip(check.function.all_params, check.args, strict=True)
        }
        dialect = Dialect(
            reference=lambda name: book.reference(
                f"used_{name}" if f"used_{name}" in book.places else name, page
            ),
            constant=lambda name, _: book.reference(f"constant_{name}", page),
        )
        formula = render(trace(check.function, arguments), dialect)
        found = differences[check.name]
        unit = check.quantity.unit.key
        scale = _scale(check.name, book)
        formula = f"({formula})/(1+ABS({scale[0]}))" if scale else formula
        found = found / (1 + abs(scale[1])) if scale else found
        _row(book, page, row, check.name, formula, found, unit)
    known = _own(book)
    for name, formula in OWN.items():
        row += 1
        written = formula.replace("used_horizon", book.reference("used_horizon_months"))
        _row(book, page, row, name, written, known[name], "count")
    first, last = HEADER_ROW + 1, row
    row += 2
    passed = all(
        book.cached[page.ws.title][f"E{r}"] == book.say("passed") for r in range(first, last + 1)
    )
    book.checks_pass = passed
    page.put(row, LABEL, book.say("check.all.label"), "ft_label")
    formula = (
        f'SUMPRODUCT(($E${first}:$E${last}="{book.say("passed")}")*1)=ROWS($E${first}:$E${last})'
    )
    flag = page.formula(row, VALUE, formula, passed, "ft_formula")
    good, bad = book.say("passed"), book.say("failed")
    said = good if passed else bad
    page.formula(row, OK, f'IF($B{row},"{good}","{bad}")', said, "ft_text")
    page.put(row, NOTE, book.say("check.all.note"), "ft_note")
    book.name(CHECKS_FLAG, page, flag.coordinate, book.say("check.all.label"))
    row += 1
    page.put(row, LABEL, book.say("check.line.label"), "ft_label")
    before, _, after = book.say("flag.unfilled").partition("{count}")
    unfilled, failed = f'"{before}"&inputs_to_fill&"{after}"', book.say("flag.failed")
    line = f'IF(template*inputs_to_fill>0,{unfilled},IF({CHECKS_FLAG},"","{failed}"))'
    cell = page.formula(row, VALUE, line, book.warning, "ft_line")
    book.name(WARNINGS, page, cell.coordinate, book.say("check.line.label"))
    bad = FormulaRule(
        formula=[f'$E{first}="{book.say("failed")}"'], font=Font(color="FFC00000", bold=True)
    )  # type: ignore[no-untyped-call]
    page.ws.conditional_formatting.add(f"E{first}:E{last}", bad)
    page.fit_rows(HEADER_ROW)
    page.finish(f"B{HEADER_ROW + 1}", HEADER_ROW, pages_high=1)
    return page


def _scale(name: str, book: Book) -> tuple[str, float] | None:
    """What a difference is measured against, so that rounding of large amounts is no fault."""
    if name != "npv_agrees":
        return None
    value = book.results["total_cost"]
    return book.reference("total_cost"), 0.0 if isinstance(value, ErrorValue) else float(value)


def _row(
    book: Book, page: Page, row: int, name: str, formula: str, found: float, unit: str
) -> None:
    page.put(row, LABEL, book.say(f"check.{name}.label"), "ft_label")
    shown: Any = ErrorValue.VALUE if math.isnan(found) else found
    page.formula(row, VALUE, formula, shown, "ft_formula", "0.000000")
    page.unit(row, UNIT, unit)
    tolerance = _CLOSE if name == "irr_is_zero" else float(CHECK_TOLERANCE)
    if name == "irr_is_zero":
        page.put(row, TOLERANCE, tolerance, "ft_constant", "0.000000")
    else:
        written = book.reference(CHECK_TOLERANCE.name, page)
        page.formula(row, TOLERANCE, written, tolerance, "ft_link", "0.000000")
    good, bad = book.say("passed"), book.say("failed")
    passed = not math.isnan(found) and abs(found) <= tolerance
    formula = f'IF(ISNUMBER($B{row}),IF(ABS($B{row})<=$D{row},"{good}","{bad}"),"{bad}")'
    page.formula(row, OK, formula, good if passed else bad, "ft_text")
    page.put(row, NOTE, book.say(f"check.{name}.note"), "ft_note")


def _own(book: Book) -> dict[str, float]:
    rate = book.results["currency_rate"]
    return {
        "irr_is_zero": 0.0,
        "months_suffice": float(book.case["horizon_months"] > book.months),
        "rate_given": float(isinstance(rate, ErrorValue)),
        "inputs_plausible": float(book.cached[book.title("inputs")]["I3"]),
    }
