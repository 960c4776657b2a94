"""Alternatives: other ways to the same end, each as shares of this case: same volume, same tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from openpyxl.utils import get_column_letter

from roi_xl.case.cash_flow import full_series
from roi_xl.errors import ErrorValue
from roi_xl.model.flows import flow_payback
from roi_xl.text import text
from roi_xl.units import never
from roi_xl.workbook.layout import ALTERNATIVE_SHARES, ALTERNATIVES
from roi_xl.workbook.sheet_writer import Book, Page, sheet_name
from roi_xl.workbook.validation import accept_title, refuse

LABEL, KEY, UNIT, THIS = range(1, 5)
HEADER_ROW = 4
SHARES = ALTERNATIVE_SHARES


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its key in the texts, and its costs as shares of this case's, in the order of SHARES.

    The cost of a request is a share of today's, the rest shares of this case's own figures.
    """

    key: str
    shares: tuple[float, ...]


WAYS = (
    Way("prompting", (0.15, 0.0, 1.0, 0.5, 0.5)),
    Way("rag", (0.5, 0.0, 1.3, 1.0, 0.8)),
    Way("cheaper_model", (0.1, 0.0, 0.4, 0.3, 0.0)),
    Way("distilled", (1.5, 2.0, 0.05, 1.5, 0.9)),
)
FIGURES = ("total_cost", "monthly_savings", "payback_months", "npv", "recommendation")


def build(book: Book) -> Page:
    """Write the ways, what each sets, and what follows, this case first."""
    page = book.sheet("alternatives", "FF5B9BD5")
    last = THIS + len(WAYS)
    page.widths(40, 30, 16, *[22] * (len(WAYS) + 1))
    names = [book.say("this_case"), *(title_of(book, i, w) for i, w in enumerate(WAYS))]
    heads = [book.say("head.label"), book.say("head.key"), book.say("head.unit"), names[0]]
    page.row(HEADER_ROW, heads, "ft_heading")
    for column, name in enumerate(names[1:], THIS + 1):
        page.put(HEADER_ROW, column, name, "ft_input_title")
    accept_title(page, f"E{HEADER_ROW}:{get_column_letter(last)}{HEADER_ROW}")
    row = _shares(book, page, HEADER_ROW + 1, last)
    row = _figures(book, page, row, last)
    _explain(book, page, row + 1)
    page.hide("B")
    page.last_column = last
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW, pages_high=1)
    page.ws.print_area = f"A1:{get_column_letter(last)}{row + 1 + len(SHARES) + len(WAYS)}"
    return page


def title_of(book: Book, at: int, way: Way) -> str:
    """What a way is called: its own name where somebody renamed it."""
    typed = book.typed.alternatives
    if typed and at < len(typed) and typed[at][0]:
        return typed[at][0]
    return book.say(f"way.{way.key}")


def _share(book: Book, at: int, way: Way, share: int) -> float:
    typed = book.typed.alternatives
    if typed and at < len(typed):
        value = typed[at][1].get(SHARES[share])
        if isinstance(value, (int, float)):
            return float(value)
    return way.shares[share]


def _shares(book: Book, page: Page, row: int, last: int) -> int:
    """What each way costs, as typed shares; this case's own stand beside them."""
    page.row(row, [book.say("block.shares"), *[None] * (last - 1)], "ft_block")
    first = row + 1
    for i, share in enumerate(SHARES):
        row += 1
        page.put(row, LABEL, book.say(f"share.{share}.label"), "ft_label")
        page.put(row, KEY, f"alternative_{share}", "ft_key")
        page.put(row, UNIT, book.say(f"share.{share}.of"), "ft_unit")
        page.put(row, THIS, None if share == "request_share" else 1.0, "ft_constant", "0%")
        for at, way in enumerate(WAYS):
            page.put(row, THIS + 1 + at, _share(book, at, way, i), "ft_input", "0%")
    span = f"{get_column_letter(THIS + 1)}{first}:{get_column_letter(last)}{row}"
    rule = _rule()
    refuse(page, rule, "", span, book.say("rule.share"))
    area = f"B{HEADER_ROW}:{get_column_letter(last)}{row}"
    book.name(ALTERNATIVES, page, area, book.say(f"name.{ALTERNATIVES}"))
    request = book.results["current_request_cost"]
    own = book.results["finetuned_request_cost"]
    ratio = ""
    if not isinstance(request, ErrorValue) and request and not isinstance(own, ErrorValue):
        ratio = own / request
    today, tuned = book.reference("current_request_cost"), book.reference("finetuned_request_cost")
    at = first + SHARES.index("request_share")
    page.formula(at, THIS, f'IF({today}=0,"",{tuned}/{today})', ratio, "ft_formula", "0%")
    return row + 1


def _rule() -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(type="decimal", operator="between", formula1="0", formula2="100")


def evaluate(book: Book, shares: Sequence[float]) -> dict[str, Any]:
    """The figures of a way, from the monthly rows of this case."""
    case, results = book.case, book.results
    rows = full_series(case, book.months)
    people, compute, request, run, quality = shares
    reserve = 1 + case["contingency_share"]
    one_off = people * (results["data_cost"] + results["people_cost"])
    one_off += compute * (results["compute_cost"] + results["hosted_training_cost"])
    one_off += people * case["other_one_off_cost"]
    one_off *= reserve
    monthly = (
        results["request_savings_per_month"] + _requests(book) * results["finetuned_request_cost"]
    )
    at_full = monthly * (1 - request) + quality * (
        results["quality_per_month"] + results["error_savings_per_month"]
    )
    at_full -= run * results["maintenance_cost_per_month"]
    flow = rows["current_model_cost"] * (1 - request) - run * rows["run_cost"]
    flow = flow + quality * (rows["quality_value"] + rows["error_savings"])
    flow = np.where(rows["month"] == 0, -one_off, flow)
    npv = float(np.sum(flow * rows["discount_factor"]))
    payback = float(flow_payback(flow))
    return {"total_cost": one_off, "monthly_savings": at_full, "payback_months": payback,
            "npv": npv, "flow": flow}  # fmt: skip


def _requests(book: Book) -> float:
    return float(book.case["daily_requests"] * book.case["days_per_month"])


def _verdict(book: Book, npv: float, payback: float) -> int:
    limits = ("strong_below_months", "recommended_below_months", "caution_below_months")
    if not npv > 0:
        return 3
    return sum(not payback < book.case[name] for name in limits)


def _figures(book: Book, page: Page, row: int, last: int) -> int:
    """Investment, benefit, payback, NPV and recommendation of each way, then its months, closed."""
    page.row(row, [book.say("block.compared"), *[None] * (last - 1)], "ft_block")
    at = {name: row + 1 + i for i, name in enumerate(FIGURES)}
    forms = {"payback_months": "#,##0.0", "recommendation": "@"}
    for name, place in at.items():
        page.put(place, LABEL, text(f"quantity.{name}.label", book.language), "ft_label")
        page.put(place, KEY, f"compared_{name}", "ft_key")
        unit = {
            "payback_months": "months",
            "recommendation": "choice",
            "monthly_savings": "money_per_month",
        }
        page.unit(place, UNIT, unit.get(name, "money"))
        style = "ft_link_text" if name == "recommendation" else "ft_link"
        value = book.results[name]
        page.formula(place, THIS, book.reference(name), value, style, forms.get(name, "#,##0"))
    words = [text(f"choice.{c}", book.language) for c in ("strong", "recommended", "caution", "no")]
    months_at = at["recommendation"] + 8 + len(WAYS)
    for i, way in enumerate(WAYS):
        column = THIS + 1 + i
        letter = get_column_letter(column)
        found = _results(book, [_share(book, i, way, s) for s in range(len(SHARES))])
        flow_row = months_at + 1 + 2 * i
        formulas = _formulas(book, letter, flow_row)
        for name in FIGURES[:-1]:
            shown = found[name] if found else ErrorValue.NUM
            page.formula(
                at[name], column, formulas[name], shown, "ft_formula", forms.get(name, "#,##0")
            )
        payback, npv = f"{letter}{at['payback_months']}", f"{letter}{at['npv']}"
        code = "+".join(
            f"IF({payback}<{book.reference(f'used_{limit}')},0,1)"
            for limit in ("strong_below_months", "recommended_below_months", "caution_below_months")
        )
        formula = f"INDEX({book.reference('list_recommendation')},1+IF({npv}>0,{code},3))"
        word = (
            words[_verdict(book, found["npv"], found["payback_months"])]
            if found
            else ErrorValue.NUM
        )
        page.formula(at["recommendation"], column, formula, word, "ft_word")
        _months(book, page, flow_row, letter, found, title_of(book, i, way))
    page.close(months_at, months_at + 2 * len(WAYS))
    page.row(months_at, [book.say("block.alternative_months"), *[None] * (last - 1)], "ft_block")
    return at["recommendation"] + 1


def _results(book: Book, shares: Sequence[float]) -> dict[str, Any] | None:
    if any(
        isinstance(book.results[n], ErrorValue) for n in ("npv", "monthly_savings", "total_cost")
    ):
        return None
    return evaluate(book, shares)


_SHARE_ROW = {share: HEADER_ROW + 2 + i for i, share in enumerate(SHARES)}
_FIRST_MONTH = 5  # column E: month 0


def _formulas(book: Book, letter: str, flow_row: int) -> dict[str, str]:
    def share(name: str) -> str:
        return f"{letter}${_SHARE_ROW[name]}"

    ref = book.reference
    one_off = (
        f"({share('people_share')}*({ref('data_cost')}+{ref('people_cost')}+{ref('used_other_one_off_cost')})"
        f"+{share('compute_share')}*({ref('compute_cost')}+{ref('hosted_training_cost')}))"
        f"*(1+{ref('used_contingency_share')})"
    )
    requests = (
        f"{ref('used_daily_requests')}*{ref('used_days_per_month')}*{ref('current_request_cost')}"
    )
    full = (
        f"{requests}*(1-{share('request_share')})+{share('quality_share')}*({ref('quality_per_month')}"
        f"+{ref('error_savings_per_month')})-{share('run_share')}*{ref('maintenance_cost_per_month')}"
    )
    first, last = _columns(book)
    flows = f"${first}${flow_row}:${last}${flow_row}"
    owed = f"${first}${flow_row + 1}:${last}${flow_row + 1}"
    most = f"MAX({owed})"
    word = f'"{never(book.language)}"'
    within = f"{most}-1-SUM(INDEX({flows},1,1):INDEX({flows},1,{most}))/INDEX({flows},1,{most}+1)"
    payback = f"IF({most}=0,IF(MAX({flows})>0,0,{word}),IF({most}=COUNT({flows}),{word},{within}))"
    factor = ref("discount_factor")
    npv = f"SUMPRODUCT({flows}*{factor})"
    return {"total_cost": one_off, "monthly_savings": full, "payback_months": payback, "npv": npv}


def _columns(book: Book) -> tuple[str, str]:
    return get_column_letter(_FIRST_MONTH), get_column_letter(_FIRST_MONTH + book.months)


def _months(
    book: Book, page: Page, row: int, letter: str, found: dict[str, Any] | None, title: str
) -> None:
    """The net cash flow of a way, month by month, and whether it still owes."""
    page.put(row, LABEL, title, "ft_label")
    page.put(row + 1, LABEL, book.say("flow.unpaid"), "ft_label")
    title_, place = book.places["current_model_cost"]
    source_first = place.split(":")[0].split("$")[1]
    sheet = sheet_name(title_)
    rows = {n: book.places[n][1].split(":")[0].split("$")[2] for n in
            ("current_model_cost", "run_cost", "quality_value", "error_savings")}  # fmt: skip
    from openpyxl.utils import column_index_from_string

    start = column_index_from_string(source_first)
    flows = found["flow"] if found else np.zeros(book.months + 1)
    total, size = np.cumsum(flows), np.cumsum(np.abs(flows))
    tolerance = book.reference("repaid_within")
    first = get_column_letter(_FIRST_MONTH)
    one_off = f"${letter}${_SHARE_ROW['quality_share'] + 2}"

    def share(name: str) -> str:
        return f"${letter}${_SHARE_ROW[name]}"

    nets, owing = [], []
    for m in range(book.months + 1):
        there, here = get_column_letter(start + m), get_column_letter(_FIRST_MONTH + m)
        at = {n: f"{sheet}!{there}${r}" for n, r in rows.items()}
        month = f"{sheet}!{there}$4"
        formula = (
            f"IF({month}=0,-{one_off},{at['current_model_cost']}*(1-{share('request_share')})"
            f"-{share('run_share')}*{at['run_cost']}"
            f"+{share('quality_share')}*({at['quality_value']}+{at['error_savings']}))"
        )
        column = _FIRST_MONTH + m
        nets.append(page.formula(row, column, formula, float(flows[m]), "ft_formula", "#,##0"))
        owed = (
            f"IF(SUM(${first}{row}:{here}{row})<-{tolerance}*SUMPRODUCT(ABS(${first}{row}:{here}{row})),"
            f"{month}+1,0)"
        )
        unpaid = m + 1.0 if total[m] < -1e-12 * size[m] else 0.0
        owing.append(page.formula(row + 1, column, owed, unpaid, "ft_formula", "0"))
    page.share(nets)
    page.share(owing)


def _explain(book: Book, page: Page, row: int) -> None:
    for key in (*(f"{w.key}_note" for w in WAYS), "note"):
        page.put(row, LABEL, book.say(f"way.{key}"), "ft_line")
        row += 1
