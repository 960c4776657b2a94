"""Actuals: each month against plan, the variance by cause, and what is to be expected now."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.cash_flow import full_series
from roi_xl.errors import ErrorValue
from roi_xl.model.flows import flow_payback
from roi_xl.units import never
from roi_xl.workbook.layout import ACTUALS
from roi_xl.workbook.sheet_writer import Book, Page, sheet_name
from roi_xl.workbook.sheets.month_rows import CALENDAR_ROW
from roi_xl.workbook.validation import refuse

MONTH, CALENDAR, REQUESTS, TUNED, TODAY, RUN, QUALITY, ONE_OFF = range(1, 9)
(
    ACTUAL,
    PLAN,
    VARIANCE,
    BY_VOLUME,
    BY_PRICE,
    BY_TUNED,
    BY_RUN,
    BY_QUALITY,
    BY_ONE_OFF,
    BY_OUTCOME,
) = range(9, 19)
FORECAST, UNPAID = 19, 20
TOP_ROW, HEADER_ROW = 4, 9
_HEADS = (
    "month", "calendar", "requests", "tuned", "today", "run", "quality", "one_off", "actual", "plan",
    "variance", "by_volume", "by_price", "by_tuned", "by_run", "by_quality", "by_one_off", "by_outcome",
    "forecast", "unpaid",
)  # fmt: skip


def build(book: Book) -> Page:
    """Write the sheet and name the block to be filled in."""
    page = book.sheet("actuals", "FFED7D31")
    page.widths(22, 12, *[14] * 18)
    first, last = HEADER_ROW + 1, HEADER_ROW + 1 + book.months
    page.row(HEADER_ROW, [book.say(f"actual.{h}") for h in _HEADS], "ft_heading")
    typed = _typed(book)
    values = _values(book, typed)
    rows = [_month(book, page, first + m, m, typed[m], values) for m in range(book.months + 1)]
    for column in zip(*rows, strict=True):
        page.share(column)
    area = f"C{first}:H{last}"
    book.name(ACTUALS, page, area, book.say("sheet.actuals.purpose"))
    number = DataValidation(type="decimal", operator="between", formula1="-1E+15", formula2="1E+15")
    refuse(page, number, "", area, book.say("rule.number"))
    _top(book, page, first, last, values)
    page.hide("T")
    page.last_column = FORECAST
    page.fit_rows(HEADER_ROW)
    page.finish(f"C{HEADER_ROW + 1}", HEADER_ROW, pages_high=1)
    return page


def _typed(book: Book) -> list[list[float | None]]:
    rows: Sequence[Sequence[Any]] = book.typed.rows.get(ACTUALS, ())
    found: list[list[float | None]] = []
    for m in range(book.months + 1):
        line = list(rows[m]) if m < len(rows) else []
        line = [
            v if isinstance(v, (int, float)) and not isinstance(v, bool) else None for v in line
        ]
        found.append((line + [None] * 6)[:6])
    return found


def _plan(book: Book) -> dict[str, Any]:
    """The plan's parts by month, as if the project succeeds, and its expected net."""
    rows = full_series(book.case, book.months)
    price = book.results["current_request_cost"]
    factor = book.results["current_price_factor"]
    bad = isinstance(price, ErrorValue)
    return {
        "requests": rows["requests_in_month"],
        "tuned": rows["finetuned_model_cost"] + rows["finetuned_fixed_cost"] + rows["serving_cost"],
        "today": (0.0 if bad else price) * float(factor) ** rows["month"],
        "run": rows["run_cost"],
        "quality": rows["quality_value"] + rows["error_savings"] + rows["avoided_fixed_cost"],
        "one_off": np.where(rows["month"] == 0, -rows["net_cash_flow"][0], 0.0),
        "net": rows["net_cash_flow"],
        "success": rows["net_if_success"],
        "discount": rows["discount_factor"],
    }


def _values(book: Book, typed: list[list[float | None]]) -> dict[str, Any]:
    plan = _plan(book)
    names = ("requests", "tuned", "today", "run", "quality", "one_off")
    reported = np.array([any(v is not None for v in line) for line in typed])
    used = {
        n: np.array([plan[n][m] if line[i] is None else line[i] for m, line in enumerate(typed)])
        for i, n in enumerate(names)
    }
    actual = (
        used["requests"] * used["today"]
        - used["tuned"]
        - used["run"]
        + used["quality"]
        - used["one_off"]
    )
    parts = {
        "by_volume": (used["requests"] - plan["requests"]) * plan["today"],
        "by_price": used["requests"] * (used["today"] - plan["today"]),
        "by_tuned": plan["tuned"] - used["tuned"],
        "by_run": plan["run"] - used["run"],
        "by_quality": used["quality"] - plan["quality"],
        "by_one_off": plan["one_off"] - used["one_off"],
        "by_outcome": plan["success"] - plan["net"],
    }
    forecast = np.where(reported, actual, plan["net"])
    return {**plan, **parts, "plan": plan["net"], "actual": actual, "reported": reported,
            "variance": actual - plan["net"], "forecast": forecast}  # fmt: skip


def _month(
    book: Book, page: Page, row: int, m: int, typed: Sequence[float | None], values: dict[str, Any]
) -> list[Cell]:
    ref = book.reference
    title, place = book.places["months"]
    letter = get_column_letter(_column(place) + m)
    sheet = sheet_name(title)
    page.formula(row, MONTH, f"{sheet}!{letter}$4", float(m), "ft_link", "0")
    from roi_xl.workbook.sheets.cashflow import _month_text

    calendar = _month_text(book.case["start_month"], m)
    page.formula(row, CALENDAR, f"{sheet}!{letter}${CALENDAR_ROW}", calendar, "ft_link_text")
    forms = {TODAY: "0.0000##"}
    for column, value in enumerate(typed, REQUESTS):
        page.put(row, column, value, "ft_input", forms.get(column, "#,##0"))

    def plan(*names: str) -> str:
        return "+".join(f"INDEX({n},1,$A{row}+1)" for n in names)

    price = f"{ref('current_request_cost')}*{ref('current_price_factor')}^$A{row}"
    parts = {
        REQUESTS: plan("requests_in_month"),
        TUNED: plan("finetuned_model_cost", "finetuned_fixed_cost", "serving_cost"),
        TODAY: price,
        RUN: plan("run_cost"),
        QUALITY: plan("quality_value", "error_savings", "avoided_fixed_cost"),
        ONE_OFF: plan("one_off_cost"),
    }

    def used(column: int) -> str:
        cell = f"{get_column_letter(column)}{row}"
        return f'IF({cell}="",{parts[column]},{cell})'

    reported = f"COUNT($C{row}:$H{row})>0"
    actual = (
        f"{used(REQUESTS)}*{used(TODAY)}-{used(TUNED)}-{used(RUN)}+{used(QUALITY)}-{used(ONE_OFF)}"
    )
    formulas = {
        ACTUAL: ("actual", actual),
        VARIANCE: ("variance", f"I{row}-J{row}"),
        BY_VOLUME: ("by_volume", f"({used(REQUESTS)}-({parts[REQUESTS]}))*{price}"),
        BY_PRICE: ("by_price", f"{used(REQUESTS)}*({used(TODAY)}-{price})"),
        BY_TUNED: ("by_tuned", f"{parts[TUNED]}-({used(TUNED)})"),
        BY_RUN: ("by_run", f"{parts[RUN]}-({used(RUN)})"),
        BY_QUALITY: ("by_quality", f"{used(QUALITY)}-({parts[QUALITY]})"),
        BY_ONE_OFF: ("by_one_off", f"{parts[ONE_OFF]}-({used(ONE_OFF)})"),
        BY_OUTCOME: ("by_outcome", f"{plan('net_if_success')}-J{row}"),
    }
    told = bool(values["reported"][m])
    planned = float(values["plan"][m])
    made = [page.formula(row, PLAN, plan("net_cash_flow"), planned, "ft_formula", "#,##0")]
    for column, (name, formula) in formulas.items():
        shown = float(values[name][m]) if told else ""
        written = f'IF({reported},{formula},"")'
        made.append(page.formula(row, column, written, shown, "ft_formula", "#,##0"))
    forecast = f'IF(I{row}="",J{row},I{row})'
    expected = float(values["forecast"][m])
    made.append(page.formula(row, FORECAST, forecast, expected, "ft_formula", "#,##0"))
    top = HEADER_ROW + 1
    span = f"S${top}:S{row}"
    tolerance = ref("repaid_within")
    unpaid = f"IF(SUM({span})<-{tolerance}*SUMPRODUCT(ABS({span})),A{row}+1,0)"
    flows = values["forecast"][: m + 1]
    owed = m + 1.0 if np.sum(flows) < -1e-12 * np.sum(np.abs(flows)) else 0.0
    made.append(page.formula(row, UNPAID, unpaid, owed, "ft_formula", "0"))
    return made


def _column(place: str) -> int:
    from openpyxl.utils import column_index_from_string

    return column_index_from_string(place.split(":", maxsplit=1)[0].split("$")[1])


def _top(book: Book, page: Page, first: int, last: int, values: dict[str, Any]) -> None:
    """Plan and what is to be expected now."""
    counted = f'SUMPRODUCT((I{first}:I{last}<>"")*1)'
    npv = book.results["npv"]
    flow, discount = values["forecast"], values["discount"]
    flows, owed = f"S{first}:S{last}", f"T{first}:T{last}"
    most = f"MAX({owed})"
    word = f'"{never(book.language)}"'
    within = f"{most}-1-SUM(INDEX({flows},1,1):INDEX({flows},{most},1))/INDEX({flows},{most}+1,1)"
    payback = f"IF({most}=0,IF(MAX({flows})>0,0,{word}),IF({most}=COUNT({flows}),{word},{within}))"
    factor = book.reference("discount_factor")
    lines: tuple[tuple[str, str, Any, str], ...] = (
        ("reported", counted, float(np.sum(values["reported"])), "0"),
        ("plan_npv", book.reference("npv"), npv, "#,##0"),
        (
            "forecast_npv",
            f"SUMPRODUCT(TRANSPOSE({flows})*{factor})",
            float(np.sum(flow * discount)),
            "#,##0",
        ),
        ("forecast_payback", payback, float(flow_payback(flow)), "#,##0.0"),
    )
    for row, (key, formula, value, form) in enumerate(lines, TOP_ROW):
        page.put(row, 1, book.say(f"actual.{key}"), "ft_label")
        page.put(row, 2, None, "ft_label")
        if key == "forecast_npv":  # months stand down here, across there
            formula = f"SUMPRODUCT({flows},{_discounts(book, first)})"
        style = "ft_link" if key == "plan_npv" else "ft_formula"
        page.formula(row, 3, formula, value, style, form)
        if key in ("plan_npv", "forecast_npv"):
            page.unit(row, 4, "money")
        else:
            page.put(row, 4, None, "ft_unit")
    page.put(TOP_ROW, 5, book.say("actual.how"), "ft_line")


def _discounts(book: Book, first: int) -> str:
    months = f"A{first}:A{first + book.months}"
    return f"{book.reference('monthly_discount_factor')}^{months}"
