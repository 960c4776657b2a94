"""Actuals: each month against plan, the variance by cause, and what is to be expected now.

Cells compute what `roi_xl.case.actuals` does; the hidden columns hold what its sums need by month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openpyxl.cell import Cell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.actuals import (
    CAUSES,
    COLUMNS,
    GO_ON,
    LOOK_AGAIN,
    OVER,
    STOP,
    Actual,
    Review,
    calendar_month,
    review,
)
from roi_xl.case.cash_flow import full_series
from roi_xl.case.monthly_series import HORIZON
from roi_xl.errors import ErrorValue
from roi_xl.model.defaults import REPAID_WITHIN
from roi_xl.model.flows import flow_payback
from roi_xl.text import text
from roi_xl.units import never
from roi_xl.workbook.layout import ACTUALS
from roi_xl.workbook.sheet_writer import CURRENCY, Book, Page, sheet_name
from roi_xl.workbook.sheets.month_rows import CALENDAR_ROW, MONTH_ROW
from roi_xl.workbook.validation import refuse

MONTH, CALENDAR, REQUESTS, TUNED, TODAY, RUN, QUALITY, ONE_OFF = range(1, 9)
ACTUAL, PLAN, VARIANCE, BY_VOLUME, BY_PRICE, BY_RUN, BY_QUALITY, BY_ONE_OFF = range(9, 17)
FORECAST, UNPAID, UNPAID_PLAN, LIVE, REPORTED, COUNTED, PLANNED_REQUESTS, USED_REQUESTS = range(
    17, 25
)
SAYING_ROW, TOP_ROW, HOW_ROW, HEADER_ROW = 4, 5, 11, 12
_HEADS = (
    "month", "calendar", "requests", "tuned", "today", "run", "quality", "one_off", "actual", "plan",
    "variance", "by_volume", "by_price", "by_run", "by_quality", "by_one_off", "forecast", "unpaid",
    "unpaid_plan", "live", "known", "counted", "planned_requests", "used_requests",
)  # fmt: skip
_LEFT = ("reported", "last", "plan_npv", "forecast_npv", "plan_payback", "forecast_payback")
_RIGHT = ("plan_to_come", "to_come", "ratio", "price_variance", "run_variance", "quality_variance")
_LEFT_VALUE, _RIGHT_LABEL, _RIGHT_VALUE = 3, 6, 9
_AT = {
    **{key: f"$C${row}" for row, key in enumerate(_LEFT, TOP_ROW)},
    **{key: f"$I${row}" for row, key in enumerate(_RIGHT, TOP_ROW)},
}
_NO_REQUESTS, _ROUNDING = "0.000001", "0.000000001"  # those of roi_xl.case.actuals
Floats = NDArray[np.float64]


def build(book: Book) -> Page:
    """Write the sheet and name the block to be filled in."""
    page = book.sheet("actuals", "FFED7D31")
    page.widths(22, 12, *[14] * 22)
    first, last = HEADER_ROW + 1, HEADER_ROW + 1 + book.months
    page.row(HEADER_ROW, [book.say(f"actual.{h}") for h in _HEADS], "ft_heading")
    typed = _typed(book)
    shown = _shown(book, typed)
    rows = [_month(book, page, first + m, m, typed[m], shown) for m in range(book.months + 1)]
    for column in zip(*rows, strict=True):
        page.share(column)
    area = f"C{first}:H{last}"
    book.name(ACTUALS, page, area, book.say("sheet.actuals.purpose"))
    number = DataValidation(type="decimal", operator="between", formula1="-1E+15", formula2="1E+15")
    refuse(page, number, "", area, book.say("rule.number"))
    _top(book, page, first, last, shown)
    page.hide(*(get_column_letter(column) for column in range(UNPAID, USED_REQUESTS + 1)))
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


# --- what the cells show when the workbook is made --------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """The stored results: the plan's rows, what is known of it, and what is expected.

    Args:
        rows: the plan's monthly series, over the whole time axis.
        used_requests: requests by month, actual where they are known.
        found: actuals against plan; None where there are none, or the case has no result.
        failed: whether the case has no result.
        outside: whether actuals stand behind the horizon.
        flow: what is expected by month.
        unpaid: by month, its number plus one where the flow has not repaid by then, else 0.
        unpaid_plan: the same for the plan.
    """

    rows: dict[str, Floats]
    used_requests: Floats
    found: Review | None
    failed: bool
    outside: bool
    flow: Floats
    unpaid: Floats
    unpaid_plan: Floats

    @property
    def reported(self) -> set[int]:
        return set() if self.found is None else {v.month for v in self.found.variances}


def _shown(book: Book, typed: list[list[float | None]]) -> _Shown:
    rows = full_series(book.case, book.months)
    horizon = int(book.case[HORIZON])
    failed = isinstance(book.results["npv"], ErrorValue)
    lines = [
        Actual(m, {n: v for n, v in zip(COLUMNS, line, strict=True) if v is not None})
        for m, line in enumerate(typed)
    ]
    known = [line for line in lines if line.values]
    inside = [line for line in known if line.month <= horizon]
    found = review(book.case, inside) if inside and not failed else None
    flow = rows["net_if_success"].copy()
    used = rows["requests_in_month"].copy()
    for line in known:
        used[line.month] = line.values.get("requests", used[line.month])
    if found is not None:
        until = min(flow.size, found.forecast.flow.size)
        flow[:until] = found.forecast.flow[:until]
    owed, planned = _unpaid(flow), _unpaid(rows["net_if_success"])
    return _Shown(rows, used, found, failed, len(inside) < len(known), flow, owed, planned)


def _unpaid(flow: Floats) -> Floats:
    total, size = np.cumsum(flow), np.cumsum(np.abs(flow))
    return np.where(total < -REPAID_WITHIN * size, np.arange(flow.size) + 1.0, 0.0)


# --- a month ----------------------------------------------------------------------------------------


def _month(
    book: Book, page: Page, row: int, m: int, typed: Sequence[float | None], shown: _Shown
) -> list[Cell]:
    title, place = book.places["months"]
    first_month = column_index_from_string(place.split(":", maxsplit=1)[0].split("$")[1])
    letter = get_column_letter(first_month + m)
    sheet = sheet_name(title)
    page.formula(row, MONTH, f"{sheet}!{letter}${MONTH_ROW}", float(m), "ft_link", "0")
    calendar = calendar_month(m, book.case["start_month"])
    page.formula(row, CALENDAR, f"{sheet}!{letter}${CALENDAR_ROW}", calendar, "ft_link_text")
    forms = {TODAY: "0.0000##"}
    for column, value in enumerate(typed, REQUESTS):
        page.put(row, column, value, "ft_input", forms.get(column, "#,##0"))
    formulas = {**_against_plan(book, row), **_helpers(book, row)}
    stored = _stored(book, m, typed, shown)
    whole = (UNPAID, UNPAID_PLAN, LIVE, REPORTED, COUNTED)
    return [
        page.formula(
            row, column, formula, stored[column], "ft_formula", "0" if column in whole else "#,##0"
        )
        for column, formula in formulas.items()
    ]


def _plan(row: int, *names: str) -> str:
    """The plan's figure of a month, or the sum of several."""
    return "+".join(f"INDEX({name},1,$A{row}+1)" for name in names)


def _against_plan(book: Book, row: int) -> dict[int, str]:
    """Net benefit, its difference by cause, and what is expected, as formulas by column."""
    price, tuned_price = (
        f"{book.reference(f'{side}_request_cost')}*{book.reference(f'{side}_price_factor')}^$A{row}"
        for side in ("current", "finetuned")
    )
    margin = f"({price}-{tuned_price})"
    fixed = _plan(row, "finetuned_fixed_cost", "serving_cost")
    planned = {
        TUNED: f"({_plan(row, 'finetuned_model_cost')}+{fixed})",
        TODAY: f"({price})",
        RUN: _plan(row, "run_cost"),
        QUALITY: f"({_plan(row, 'quality_value', 'error_savings', 'avoided_fixed_cost')})",
        ONE_OFF: _plan(row, "one_off_cost"),
    }

    def used(column: int) -> str:
        cell = f"{get_column_letter(column)}{row}"
        return f'IF({cell}="",{planned[column]},{cell})'

    def told(formula: str) -> str:
        return f'IF(U{row}=1,{formula},"")'

    served = f"X{row}*{used(TODAY)}-{used(TUNED)}"
    ratio = f"IF(ISNUMBER({_AT['ratio']}),{_AT['ratio']},1)"
    later = (
        f"W{row}*{ratio}*({margin}+{_AT['price_variance']})-({fixed})"
        f"-{planned[RUN]}+{_AT['run_variance']}+{planned[QUALITY]}+{_AT['quality_variance']}"
    )
    later = f"IF($A{row}>{_AT['last']},IF(T{row}=1,{later},J{row}),J{row})"
    return {
        ACTUAL: told(f"{served}-{used(RUN)}+{used(QUALITY)}-{used(ONE_OFF)}"),
        PLAN: _plan(row, "net_if_success"),
        VARIANCE: told(f"I{row}-J{row}"),
        BY_VOLUME: told(f"(X{row}-W{row})*{margin}"),
        BY_PRICE: told(f"({served})-(W{row}*{planned[TODAY]}-{planned[TUNED]})-L{row}"),
        BY_RUN: told(f"{planned[RUN]}-{used(RUN)}"),
        BY_QUALITY: told(f"{used(QUALITY)}-{planned[QUALITY]}"),
        BY_ONE_OFF: told(f"{planned[ONE_OFF]}-{used(ONE_OFF)}"),
        FORECAST: f"IF(U{row}=1,I{row},IF({_AT['reported']}=0,J{row},{later}))",
    }


def _helpers(book: Book, row: int) -> dict[int, str]:
    """What sums over the months need, as formulas by column."""
    tolerance, top = book.reference("repaid_within"), HEADER_ROW + 1

    def unpaid(letter: str) -> str:
        span = f"{letter}${top}:{letter}{row}"
        return f"IF(SUM({span})<-{tolerance}*SUMPRODUCT(ABS({span})),$A{row}+1,0)"

    inside = f"$A{row}<={book.reference(f'used_{HORIZON}')}"
    return {
        UNPAID: unpaid("Q"),
        UNPAID_PLAN: unpaid("J"),
        LIVE: f"IF({_plan(row, 'live_age_months')}>0,1,0)",
        REPORTED: f"IF(COUNT($C{row}:$H{row})>0,IF({inside},1,0),0)",
        COUNTED: f"T{row}*U{row}",
        PLANNED_REQUESTS: _plan(row, "requests_in_month"),
        USED_REQUESTS: f'IF(C{row}="",W{row},C{row})',
    }


def _stored(book: Book, m: int, typed: Sequence[float | None], shown: _Shown) -> dict[int, Any]:
    """What the formulas of a month give, by column."""
    found, plan = shown.found, shown.rows["net_if_success"]
    month = None if found is None else next((v for v in found.variances if v.month == m), None)
    live = float(shown.rows["live_age_months"][m] > 0)
    inside = m <= int(book.case[HORIZON]) and any(value is not None for value in typed)
    nothing: Any = float("nan") if shown.failed and inside else ""
    parts = range(BY_VOLUME, BY_ONE_OFF + 1)
    return {
        **{
            column: nothing if month is None else month.by_cause[cause]
            for column, cause in zip(parts, CAUSES, strict=True)
        },
        ACTUAL: nothing if month is None else month.actual_net,
        PLAN: float(plan[m]),
        VARIANCE: nothing if month is None else month.difference,
        FORECAST: float(shown.flow[m]),
        UNPAID: float(shown.unpaid[m]),
        UNPAID_PLAN: float(shown.unpaid_plan[m]),
        LIVE: live,
        REPORTED: float(inside),
        COUNTED: live * inside,
        PLANNED_REQUESTS: float(shown.rows["requests_in_month"][m]),
        USED_REQUESTS: float(shown.used_requests[m]),
    }


# --- above the months -------------------------------------------------------------------------------


def _top(book: Book, page: Page, first: int, last: int, shown: _Shown) -> None:
    """Plan and what is expected now, what that rests on, and what to do."""

    def span(column: int) -> str:
        letter = get_column_letter(column)
        return f"${letter}${first}:${letter}${last}"

    at, months = _AT, span(MONTH)
    factor = f"{book.reference('monthly_discount_factor')}^{months}"
    flow, plan, known, counted = span(FORECAST), span(PLAN), span(REPORTED), span(COUNTED)
    wanted, used = span(PLANNED_REQUESTS), span(USED_REQUESTS)
    ratio = f"SUMPRODUCT({counted},{used})/SUMPRODUCT({counted},{wanted})"
    price = f"SUMIF({counted},1,{span(BY_PRICE)})/SUMPRODUCT({counted},{used})"

    def mean(column: int) -> str:
        return f"SUMIF({counted},1,{span(column)})/MAX(SUM({counted}),1)"

    def if_known(formula: str) -> str:
        return f'IF({at["reported"]}=0,"",{formula})'

    def few(column: str, otherwise: str, formula: str) -> str:
        return f"IF(SUMPRODUCT({counted},{column})>{_NO_REQUESTS},{formula},{otherwise})"

    formulas = {
        "reported": f"SUM({known})",
        "last": if_known(f"SUMPRODUCT(MAX({known}*{months}))"),
        "plan_npv": f"SUMPRODUCT({plan},{factor})",
        "forecast_npv": f"SUMPRODUCT({flow},{factor})",
        "plan_payback": _payback(book, plan, span(UNPAID_PLAN)),
        "forecast_payback": _payback(book, flow, span(UNPAID)),
        "plan_to_come": if_known(f"SUMPRODUCT(({months}>{at['last']})*{plan},{factor})"),
        "to_come": if_known(f"SUMPRODUCT(({months}>{at['last']})*{flow},{factor})"),
        "ratio": if_known(few(wanted, '""', ratio)),
        "price_variance": if_known(few(used, "0", price)),
        "run_variance": if_known(mean(BY_RUN)),
        "quality_variance": if_known(mean(BY_QUALITY)),
    }
    forms = {"reported": "0", "last": "0", "plan_payback": "#,##0.0", "ratio": "0.0%"}
    forms |= {"forecast_payback": "#,##0.0", "price_variance": "0.000000"}
    values = _figures(shown)
    for keys, label, value in (
        (_LEFT, 1, _LEFT_VALUE),
        (_RIGHT, _RIGHT_LABEL, _RIGHT_VALUE),
    ):
        for row, key in enumerate(keys, TOP_ROW):
            page.put(row, label, book.say(f"actual.{key}"), "ft_line")
            for blank in range(label + 1, value):
                page.put(row, blank, None, "ft_line")
            form = forms.get(key, "#,##0")
            page.formula(row, value, formulas[key], values[key], "ft_formula", form)
    live = f"SUMPRODUCT(({months}>{at['last']})*{span(LIVE)})"
    horizon = book.reference(f"used_{HORIZON}")
    behind = f'SUMPRODUCT((C{first}:H{last}<>"")*({months}>{horizon}))'
    saying, said = _saying(book, shown, values, live, behind)
    page.formula(SAYING_ROW, 1, saying, said, "ft_subhead")
    page.put(HOW_ROW, 1, book.say("actual.how"), "ft_line")


def _figures(shown: _Shown) -> dict[str, Any]:
    rows, found = shown.rows, shown.found
    plan, factor = rows["net_if_success"], rows["discount_factor"]
    with np.errstate(all="ignore"):
        values: dict[str, Any] = {
            "reported": float(len(shown.reported)),
            "plan_npv": float(np.sum(plan * factor)),
            "forecast_npv": float(np.sum(shown.flow * factor)),
            "plan_payback": float(flow_payback(plan)),
            "forecast_payback": float(flow_payback(shown.flow)),
        }
    if found is None:
        return dict.fromkeys((*_LEFT, *_RIGHT), "") | values
    now = found.forecast
    return values | {
        "last": float(found.variances[-1].month),
        "plan_to_come": found.plan.to_come,
        "to_come": now.to_come,
        "ratio": "" if now.volume_ratio is None else now.volume_ratio,
        "price_variance": now.price_variance,
        "run_variance": now.run_variance,
        "quality_variance": now.quality_variance,
    }


def _payback(book: Book, flows: str, owed: str) -> str:
    most = f"MAX({owed})"
    word = f'"{never(book.language)}"'
    within = f"{most}-1-SUM(INDEX({flows},1,1):INDEX({flows},{most},1))/INDEX({flows},{most}+1,1)"
    return f"IF({most}=0,IF(MAX({flows})>0,0,{word}),IF({most}=COUNT({flows}),{word},{within}))"


def _saying(
    book: Book, shown: _Shown, values: dict[str, Any], live_to_come: str, behind: str
) -> tuple[str, str]:
    """Go on, look again or stop, and why, as a formula and as it reads now."""
    case, at = book.case, _AT
    look, stop = (book.reference(f"used_{name}") for name in ("look_again_below", "stop_below"))
    money = {"npv": "forecast_npv", "planned": "plan_npv"}
    money |= {"to_come": "to_come", "planned_to_come": "plan_to_come"}
    cells = {
        **{slot: f'TEXT(ROUND({at[key]},0),"#,##0")&" "&{CURRENCY}' for slot, key in money.items()},
        "share": f'TEXT({at["forecast_npv"]}/{at["plan_npv"]},"0%")',
        "limit": f'TEXT({look},"0%")',
        "stop_limit": f'TEXT({stop},"0%")',
    }

    def say(key: str) -> str:
        return _joined(text(f"actuals.say.{key}", book.language), cells)

    npv, plan_npv = at["forecast_npv"], at["plan_npv"]
    to_come, plan_to_come = at["to_come"], at["plan_to_come"]
    limit = f"{stop}*MAX({plan_to_come},0)+{_ROUNDING}*ABS({plan_to_come})"
    go_on = f"IF({plan_npv}<=0,{say('go_on_alone')},{say(GO_ON)})"
    look_again = f"IF({npv}<{look}*{plan_npv},{say(LOOK_AGAIN)},{go_on})"
    worth = f"IF({npv}<=0,{say('look_again_loss')},{look_again})"
    advice = f"IF({live_to_come}=0,{say(OVER)},IF({to_come}<={limit},{say(STOP)},{worth}))"
    outside = book.say("actual.outside")
    formula = f'IF({behind}>0,{_quoted(outside)},IF({at["reported"]}=0,"",{advice}))'
    if shown.outside or shown.found is None:
        return formula, outside if shown.outside else ""
    key = shown.found.advice
    if key == LOOK_AGAIN and values["forecast_npv"] <= 0:
        key = "look_again_loss"
    if key == GO_ON and values["plan_npv"] <= 0:
        key = "go_on_alone"
    amounts = {slot: f"{round(values[k]):,} {case['currency']}" for slot, k in money.items()}
    share = values["forecast_npv"] / values["plan_npv"] if values["plan_npv"] > 0 else 0.0
    shares = {"share": share, "limit": case["look_again_below"], "stop_limit": case["stop_below"]}
    percent = {slot: f"{value:.0%}" for slot, value in shares.items()}
    return formula, text(f"actuals.say.{key}", book.language, **amounts, **percent)


def _joined(template: str, cells: dict[str, str]) -> str:
    """A text with places such as {npv} as a formula that fills them from cells."""
    parts, rest = [], template
    while rest:
        before, brace, after = rest.partition("{")
        parts += [_quoted(before)] if before else []
        if not brace:
            break
        name, _, rest = after.partition("}")
        parts.append(cells[name])
    return "&".join(parts)


def _quoted(said: str) -> str:
    doubled = said.replace('"', '""')
    return f'"{doubled}"'
