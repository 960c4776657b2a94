"""Checks: every check with its value, tolerance and verdict, and one flag for all of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roi_xl.errors import ErrorValue
from roi_xl.workbook.book import Book, Page

LABEL, VALUE, TOLERANCE, OK, NOTE = range(1, 6)
HEADER_ROW = 4
FLAG = "checks_ok"


@dataclass(frozen=True)
class Check:
    """One check: a difference or a count, as a formula over names and as Python computes it."""

    key: str
    formula: str  # names in {braces}
    value: float


def checks(case: Mapping[str, Any], results: Mapping[str, Any]) -> list[Check]:
    """The checks of a case; a value of zero means that all is well."""
    return [
        Check(
            "cost_branches",
            "{total_cost_usd}-{data_cost_usd}-{compute_cost_usd}-{people_cost_usd}",
            results["total_cost_usd"]
            - results["data_cost_usd"]
            - results["compute_cost_usd"]
            - results["people_cost_usd"],
        ),
        Check(
            "payback_repays",
            "IF(ISNUMBER({payback_months}),{payback_months}*{monthly_savings_usd}-{total_cost_usd},0)",
            0.0
            if math.isinf(results["payback_months"])
            else results["payback_months"] * results["monthly_savings_usd"]
            - results["total_cost_usd"],
        ),
        Check(
            "roi_is_savings",
            "IF({total_cost_usd}=0,0,({annual_roi}+1)*{total_cost_usd}"
            "-{months_per_year}*{monthly_savings_usd})",
            0.0
            if isinstance(results["annual_roi"], ErrorValue)
            else (results["annual_roi"] + 1) * results["total_cost_usd"]
            - 12 * results["monthly_savings_usd"],
        ),
        Check(
            "classes_ascend",
            "IF(AND({used_strong_below_months}<={used_recommended_below_months},"
            "{used_recommended_below_months}<={used_caution_below_months}),0,1)",
            float(
                not case["strong_below_months"]
                <= case["recommended_below_months"]
                <= case["caution_below_months"]
            ),
        ),
        Check(
            "volumes_ascend",
            "IF({used_low_daily_requests}<={used_high_daily_requests},0,1)",
            float(not case["low_daily_requests"] <= case["high_daily_requests"]),
        ),
        Check(
            "no_negative_cost",
            "IF(MIN({data_cost_usd},{compute_cost_usd},{people_cost_usd},"
            "{maintenance_cost_per_month_usd})<0,1,0)",
            0.0,
        ),
        Check(
            "results_exist",
            "IF(ISERROR({total_cost_usd}+{monthly_savings_usd}),1,0)"
            "+IF(ISERROR({payback_months}),1,0)",
            0.0,
        ),
    ]


def build(book: Book) -> Page:
    """Write the sheet and name its flag."""
    page = book.sheet("checks", "FFC00000")
    heads = ("check", "difference", "tolerance", "passed", "note")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    page.widths(44, 18, 16, 14, 66)
    row = HEADER_ROW
    for check in checks(book.case, book.results):
        row += 1
        page.put(row, LABEL, book.say(f"check.{check.key}.label"), "ft_label")
        names = {name: book.reference(name, page) for name in book.places}
        page.formula(row, VALUE, check.formula.format(**names), check.value, "ft_formula", "0.000000")
        tolerance = book.reference("check_tolerance", page)
        page.formula(row, TOLERANCE, tolerance, book.tolerance, "ft_link", "0.000000")
        passed = abs(check.value) <= book.tolerance
        page.formula(row, OK, f"ABS($B{row})<=$C{row}", passed, "ft_formula")
        page.put(row, NOTE, book.say(f"check.{check.key}.note"), "ft_note")
    first, last = HEADER_ROW + 1, row
    row += 2
    page.put(row, LABEL, book.say("check.all.label"), "ft_label")
    for column in (VALUE, TOLERANCE):
        page.put(row, column, None, "ft_unit")
    flag = page.formula(row, OK, f"AND($D{first}:$D{last})", book.checks_pass, "ft_formula")
    page.put(row, NOTE, book.say("check.all.note"), "ft_note")
    book.name(FLAG, page, flag.coordinate, book.say("check.all.label"))
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW)
    return page
