"""The Summary as one HTML page to hand in: no file from outside, no script, both languages, A4."""

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from roi_xl import __version__
from roi_xl.case.checks import CHECKS, run_checks
from roi_xl.case.dependencies import inputs_behind
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import GROUPS, INPUTS, Case
from roi_xl.case.study import Study, scenario_label
from roi_xl.model.defaults import CHECK_TOLERANCE
from roi_xl.prices.reader import shipped
from roi_xl.prices.sheet import STALE_AFTER_DAYS
from roi_xl.report.charts import charts
from roi_xl.report.numbers import formatted, shown
from roi_xl.text import current_language, speaking, text

CSS = """
:root { color: #222; background: #fff; font: 15px/1.5 Calibri, 微软雅黑, "Microsoft YaHei", 等线, DengXian,
  "PingFang SC", "Noto Sans CJK SC", sans-serif; }
:lang(zh) { font-family: 微软雅黑, "Microsoft YaHei", 等线, DengXian, "PingFang SC", "Noto Sans CJK SC",
  Calibri, sans-serif; }
body { max-width: 980px; margin: 24px auto; padding: 0 20px; }
h1 { font-size: 24px; margin: 0; color: #1f3864; }
h2 { font-size: 17px; margin: 26px 0 8px; padding-bottom: 3px; color: #1f3864;
  border-bottom: 2px solid #1f3864; break-after: avoid; }
.about, .note, footer { color: #595959; }
.about { margin: 2px 0 18px; }
.verdict { border-left: 6px solid #1f3864; background: #eef2f9; padding: 12px 18px; }
.verdict strong { font-size: 24px; display: block; color: #1f3864; }
.verdict p { margin: 6px 0 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; background: #1f3864; color: #fff; padding: 5px 8px; }
td { border-bottom: 1px solid #d9d9d9; padding: 4px 8px; vertical-align: top; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.note { font-size: 13px; }
.sample { font-weight: bold; }
.live { font-weight: bold; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
.charts > * { border: 1px solid #d9d9d9; break-inside: avoid; margin: 0; padding: 6px; }
svg { width: 100%; height: auto; display: block; font-family: inherit; }
tr, .verdict { break-inside: avoid; }
thead { display: table-header-group; }
ul { margin: 6px 0; padding-left: 22px; }
footer { margin-top: 26px; padding-top: 6px; border-top: 1px solid #d9d9d9; font-size: 13px; }
@page { size: A4; margin: 14mm; }
@media (max-width: 700px) { .charts { grid-template-columns: 1fr; } }
@media print {
  :root { font-size: 10.5pt; }
  body { max-width: none; margin: 0; padding: 0; }
  table { font-size: 9.5pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""


VERDICTS = ("strategy", "agreement", "recommendation_on_cashflow")
FIGURES = (
    "npv",
    "total_cost",
    "monthly_savings",
    "payback_months",
    "payback_on_cashflow_months",
    "discounted_payback_months",
    "annual_roi",
    "irr",
    "roi_over_horizon",
    "breakeven_daily_requests",
    "maintenance_cost_per_month",
)
IN_SCENARIOS = (
    "total_cost",
    "monthly_savings",
    "payback_months",
    "npv",
    "annual_roi",
    "recommendation",
)
_CONVERTED = ("money", "money_per_month")  # units shown in the reporting currency as well
_ALWAYS_NOTED = ("same_number", "people", "idle", "days")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STEPS = {step.name: step for step in STEPS}


def html_page(study: Study, language: str | None = None, today: dt.date | None = None) -> str:
    """A study as a page.

    Args:
        study: the study; its chosen scenario is what the page is about.
        language: `zh` or `en`; None is the current language.
        today: the day the page is made, and to which the age of prices counts; None leaves it out.

    Returns:
        An HTML document that is well-formed XML, too; every text from outside is escaped.
    """
    with speaking(language):
        case = study.live_case
        results = evaluate_case(case, current_language())
        title = text("workbook.document.title")
        body = [
            _head(study, title, today),
            _verdict(case, results),
            _section("figures", _figures(case, results)),
            _section("charts", _charts(study)),
            _section("scenarios", _scenarios(study)),
            _section("inputs", _inputs(study, case)),
            _section("checks", _checks(case, results)),
            _section("notes", _notes(case, results, today)),
            _tag("footer", _about(case)),
        ]
        language = {"zh": "zh-CN", "en": "en"}[current_language()]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}"/>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
    head = f'<meta charset="utf-8"/>{policy}{view}<title>{escape(title)}</title>'
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" xmlns="http://www.w3.org/1999/xhtml">'
        f"<head>{head}<style>{CSS}</style></head>\n<body>\n{chr(10).join(body)}\n</body></html>\n"
    )


# --- parts ---------------------------------------------------------------------------------------


def _head(study: Study, title: str, today: dt.date | None) -> str:
    parts = [study.name(), text("report.scenario", name=scenario_label(study.live_scenario))]
    parts += [] if today is None else [today.isoformat()]
    return _tag("h1", escape(title)) + _tag("p", escape(" · ".join(filter(None, parts))), "about")


def _verdict(case: Case, results: dict[str, Any]) -> str:
    def said(name: str) -> str:
        return shown(_STEPS[name].quantity, results[name])

    repaid = results["payback_on_cashflow_months"]
    horizon = shown(INPUTS["horizon_months"].quantity, case["horizon_months"], typed=True)
    never = repaid == float("inf")
    sentence = text(
        "report.verdict_never" if never else "report.verdict",
        cost=said("total_cost"),
        savings=said("monthly_savings"),
        payback=said("payback_on_cashflow_months"),
        npv=said("npv"),
        horizon=horizon,
    )
    lines = [_tag("p", escape(sentence))]
    for name in VERDICTS:
        label = _STEPS[name].label()
        lines.append(_tag("p", escape(text("report.line", label=label, said=results[name]))))
    strong = _tag("strong", escape(str(results["recommendation"])))
    return _tag("div", strong + "".join(lines), "verdict")


def _figures(case: Case, results: dict[str, Any]) -> str:
    currency = case["reporting_currency"]
    heads = [text("workbook.head.figure"), "USD", currency, text("workbook.head.note")]
    if currency == "USD":
        del heads[2]
    rows = []
    for name in FIGURES:
        quantity = _STEPS[name].quantity
        note = results["irr_state"] if name == "irr" else text(f"workbook.note.{name}")
        row = [escape(_STEPS[name].label()), _number(shown(quantity, results[name]))]
        if currency != "USD":
            row.append(_number(_converted(quantity.unit.key, results, name, currency)))
        rows.append([*row, _cell(escape(str(note)), "note")])
    return _table(heads, rows, numbers=range(1, len(heads) - 1))


def _converted(unit: str, results: dict[str, Any], name: str, currency: str) -> str:
    value, rate = results[name], results["reporting_rate"]
    if unit not in _CONVERTED or not isinstance(value, float) or not isinstance(rate, float):
        return ""
    return text(f"currency.{currency}") + formatted("#,##0.00", value * rate)


def _charts(study: Study) -> str:
    made = charts(study)
    return _tag("div", "".join(_tag("figure", svg) for svg in made.values()), "charts")


def _scenarios(study: Study) -> str:
    found = {n: evaluate_case(case, current_language()) for n, case in study.cases.items()}
    heads = [text("workbook.head.figure")]
    for name in found:
        label = scenario_label(name)
        heads.append(text("risk.live", name=label) if name == study.live_scenario else label)
    rows = []
    for name in IN_SCENARIOS:
        step = _STEPS[name]
        cells = [_number(shown(step.quantity, results[name])) for results in found.values()]
        rows.append([escape(step.label()), *cells])
    return _table(heads, rows, numbers=range(1, len(heads)))


def _inputs(study: Study, case: Case) -> str:
    behind = set(inputs_behind(("npv", "payback_months", "recommendation", "strategy")))
    samples, rows = set(study.live_case.samples), []
    for group in GROUPS:
        for entry in (i for i in INPUTS.values() if i.group == group and i.name in behind):
            value = case[entry.name]
            if value is None or (value == 0 and entry.name not in case.given):
                continue
            words = entry.quantity.choices or isinstance(value, str)
            said = entry.shown(value) if words else shown(entry.quantity, value, typed=True)
            if entry.name in samples:
                mark = _cell(escape(text("workbook.sample")), "sample")
            else:
                given = value != entry.default
                mark = _cell(escape(text("report.given" if given else "report.default")), "note")
            rows.append([escape(entry.label()), _number(str(said)), mark])
    keys = ("input", "value", "status")
    made = _table([text(f"report.head.{key}") for key in keys], rows, numbers=(1,))
    return made + (_tag("p", escape(text("report.samples")), "note") if samples else "")


def _checks(case: Case, results: dict[str, Any]) -> str:
    differences = run_checks(case, results)
    failed = [c for c in CHECKS if not abs(differences[c.name]) <= CHECK_TOLERANCE]
    if not failed:
        return _tag("p", escape(text("report.checks_passed", count=len(CHECKS))))
    labels = [text(f"workbook.check.{c.name}.label") for c in failed]
    return _tag("p", escape(text("report.checks_failed")), "live") + _list(labels)


def _notes(case: Case, results: dict[str, Any], today: dt.date | None) -> str:
    keys = list(_ALWAYS_NOTED)
    if results["payback_months"] == float("inf"):
        keys.append("no_savings")
    if results["agreement"] != text("choice.agree"):
        keys.append("conflict")
    said = [text("report.erratum", said=text(f"workbook.log.erratum.{key}")) for key in keys]
    if case["reporting_currency"] != "USD" or results["rate_state"] != text("choice.rate_ok"):
        said.append(str(results["rate_state"]))
    sheet = shipped() if case.prices is None else case.prices
    newest = sheet.newest
    if today and newest and (today - newest).days > STALE_AFTER_DAYS:
        said.append(text("report.stale", date=newest, days=f"{float(STALE_AFTER_DAYS):g}"))
    return _list(said)


def _about(case: Case) -> str:
    sheet = shipped() if case.prices is None else case.prices
    said = text("report.about", version=__version__, date=sheet.newest or "–")
    currency = text("workbook.about.currency.text")
    return escape(f"{said} {currency}")


# --- elements ------------------------------------------------------------------------------------


def _tag(name: str, content: str, kind: str = "") -> str:
    return f'<{name} class="{kind}">{content}</{name}>' if kind else f"<{name}>{content}</{name}>"


def _section(key: str, content: str) -> str:
    return _tag("section", _tag("h2", escape(text(f"report.section.{key}"))) + content)


def _cell(content: str, kind: str = "") -> str:
    return _tag("td", content, kind)


def _number(said: str) -> str:
    return _cell(escape(said), "n")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int]) -> str:
    right = set(numbers)
    top = "".join(_tag("th", escape(h), "n" if i in right else "") for i, h in enumerate(heads))
    lines = (
        "".join(cell if cell.startswith("<td") else _cell(cell) for cell in row) for row in rows
    )
    body = "".join(_tag("tr", line) for line in lines)
    return _tag("table", _tag("thead", _tag("tr", top)) + _tag("tbody", body))


def _list(said: Iterable[str]) -> str:
    return _tag("ul", "".join(_tag("li", escape(line)) for line in said))
