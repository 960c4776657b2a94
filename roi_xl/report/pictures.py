"""The four charts of a study as SVG: cost by branch, cumulative cash flow, tornado, scenarios."""

import math

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.graph import VALUE_STEP, find_step
from roi_xl.case.inputs import INPUTS
from roi_xl.case.scenarios import Study, scenario_label
from roi_xl.case.series import cash_flow
from roi_xl.case.tornado import tornado
from roi_xl.errors import BadInput
from roi_xl.report.svg import Words, column_chart, line_chart, tornado_chart
from roi_xl.text import text

BRANCHES = ("data_cost_usd", "compute_cost_usd", "people_cost_usd")
_FLOWS = ("cumulative_cash_flow_usd", "cumulative_discounted_cash_flow_usd")
_DRIVERS = 8
_MONEY = "{:,.0f}"


def charts(study: Study) -> dict[str, str]:
    """The charts by key; one whose figures do not exist is left out."""
    made = {
        "cashflow": _cash_flow(study),
        "tornado": _tornado(study),
        "cost": _cost(study),
        "scenarios": _scenarios(study),
    }
    return {key: svg for key, svg in made.items() if svg}


def _words(key: str) -> Words:
    said = {part: text(f"workbook.chart.{key}.{part}") for part in ("title", "x", "y", "alt")}
    return Words(**said)


def _cash_flow(study: Study) -> str:
    series = cash_flow(study.live_case)
    rows = [series[name].tolist() for name in _FLOWS]
    if not all(math.isfinite(v) for row in rows for v in row):
        return ""
    names = [text(f"quantity.{name}.label") for name in _FLOWS]
    return line_chart(_words("cashflow"), names, rows)


def _tornado(study: Study) -> str:
    case = study.live_case
    base = evaluate_case(case)[VALUE_STEP]
    try:
        bars = [b for b in tornado(case, study.ranges, study.swing) if b.spread > 0][:_DRIVERS]
    except BadInput:  # the value does not exist at an end of some driver
        return ""
    if not bars or not _finite(base, *(v for b in bars for v in (b.at_low, b.at_high))):
        return ""
    labels = [INPUTS[b.driver].label() for b in bars]
    words = Words(
        text("workbook.chart.tornado.title"),
        text("report.effect", step=find_step(VALUE_STEP).label()),
        "",
        text("workbook.chart.tornado.alt"),
    )
    lows, highs = [b.at_low for b in bars], [b.at_high for b in bars]
    return tornado_chart(words, labels, lows, highs, base)


def _cost(study: Study) -> str:
    results = evaluate_case(study.live_case)
    values = [results[name] for name in BRANCHES]
    if not _finite(*values):
        return ""
    return column_chart(_words("cost"), [find_step(n).label() for n in BRANCHES], values, _MONEY)


def _scenarios(study: Study) -> str:
    values = {n: evaluate_case(case)[VALUE_STEP] for n, case in study.cases.items()}
    if not _finite(*values.values()):
        return ""
    labels = [scenario_label(name) for name in values]
    return column_chart(_words("scenarios"), labels, list(values.values()), _MONEY)


def _finite(*values: object) -> bool:
    return all(isinstance(v, float) and math.isfinite(v) for v in values)
