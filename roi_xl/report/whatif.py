"""The what-if page: one HTML file that recomputes the whole case in the browser as its fields move.

The case's arithmetic comes as a script generated from the model (`hosts/javascript`); this module adds
the fields, what the page says, and a policy that lets nothing in but that one script and style.
"""

import base64
import hashlib
import json
import math
from html import escape
from importlib.resources import files
from typing import Any

from roi_xl.case.break_even import searched
from roi_xl.case.dependencies import VALUE_STEP, inputs_behind
from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.case.rationale import LEADS
from roi_xl.case.sensitivity import tornado
from roi_xl.case.study import Study
from roi_xl.colours import BLUE, GREEN, ORANGE
from roi_xl.errors import RoiError
from roi_xl.report.html import FONTS, document, figures, tag
from roi_xl.report.numbers import MOST_IRR, WHOLE_FROM
from roi_xl.report.page import DRIVERS, FIGURES, NO_UNIT, SYMBOLS, Figure
from roi_xl.report.years import MOST_YEARS, ROWS
from roi_xl.text import current_language, speaking, text, unit_text
from roi_xl.units import RECOMMENDATION, quantity_of

SLIDERS = 8
_FIXED = ("project",)  # groups of inputs that the page does not offer
CSS = (
    FONTS
    + """
:root { color: #222; background: #fff; font-size: 13.5px; line-height: 1.35; }
body { margin: 10px 16px; }
h1 { font-size: 1.35em; margin: 0; color: #1f3864; }
h2 { font-size: 1.05em; margin: 8px 0 4px; color: #1f3864; }
.about, .note { color: #595959; margin: 1px 0; font-size: .9em; }
main { display: grid; grid-template-columns: 330px 1fr; gap: 20px; align-items: start; }
.verdict { margin: 0 0 5px; padding: 6px 14px; color: #fff; font-size: 1.3em; font-weight: bold; }
.green { background: #2e7d32; } .amber { background: #b26a00; }
.red { background: #b3261e; } .grey { background: #757575; }
.why { margin: 0 0 6px; min-height: 2.7em; }
.figures { display: grid; grid-template-columns: repeat(5, 1fr); gap: 8px; margin: 0; }
.figures div { border: 1px solid #bfbfbf; border-top: 3px solid #1f3864; padding: 4px 8px; }
.figures dt { font-size: .9em; color: #595959; } .figures dd { margin: 0; }
.figures .value { font-size: 1.2em; font-weight: bold; white-space: nowrap; color: #1f3864; }
.driver { margin: 0 0 7px; } .driver label { display: block; }
.pair { display: grid; grid-template-columns: 1fr 88px; gap: 8px; align-items: center; }
.other { display: grid; grid-template-columns: 1fr 100px; gap: 8px; margin: 2px 0; align-items: center; }
input[type=number], select { width: 100%; box-sizing: border-box; font: inherit; color: #00f;
  background: #fff2cc; border: 1px solid #bfbfbf; padding: 1px 4px; }
input[type=range] { width: 100%; margin: 0; }
.bad { border: 2px solid #b3261e !important; background: #fde7e6 !important; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; margin-top: 8px; }
svg { width: 100%; height: auto; border: 1px solid #d9d9d9; box-sizing: border-box; }
table { border-collapse: collapse; width: 100%; margin-top: 8px; font-size: .93em; }
th { text-align: right; background: #1f3864; color: #fff; padding: 3px 6px; }
td { border-bottom: 1px solid #d9d9d9; padding: 2px 6px; text-align: right; white-space: nowrap; }
.w { text-align: left; } .strong td { font-weight: bold; background: #eef2f9; }
button { font: inherit; padding: 2px 14px; }
summary { cursor: pointer; color: #1f3864; font-weight: bold; }
@media (max-width: 900px) { main, .charts { grid-template-columns: 1fr; }
  .figures { grid-template-columns: 1fr 1fr; } table { display: block; overflow-x: auto; } }
"""
)


def whatif_page(study: Study, script: str, language: str | None = None) -> str:
    """A study's selected scenario as a page that recomputes itself.

    Args:
        study: the study.
        script: JavaScript that defines `evaluateCase` and what goes with it, for the names in the case.
        language: `zh` or `en`; None is the current language.

    Returns:
        an HTML document that loads nothing and runs no other script, by its content security policy.
    """
    with speaking(language):
        case = study.live_case
        ranked = _ranked(study)
        entries = [_entry(INPUTS[name], case, ranked) for name in _offered(ranked)]
        sliders = [e for e in entries if e["slider"]]
        title = text("report.whatif.title")
        name = case["project_name"] or study.name() or text("report.title")
        data = _literal({**_page(study, case), "entries": entries})
        code = f"{script}\nconst PAGE = {data};\n" + (files(__package__) / "whatif.js").read_text(
            "utf-8"
        )
        body = _body(f"{title} · {name}", sliders, [e for e in entries if not e["slider"]])
        chosen = current_language()
    code = f"\n{code}\n"
    policy = (
        f"default-src 'none'; script-src '{_hash(code)}'; style-src '{_hash(CSS)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return document(f"{title} · {name}", chosen, CSS, policy, f"{body}\n<script>{code}</script>")


def _hash(inside: str) -> str:
    digest = hashlib.sha256(inside.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _literal(value: Any) -> str:
    """JSON that may stand in a script: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")


# --- what the script is given ------------------------------------------------------------------------


def _ranked(study: Study) -> list[str]:
    """The drivers of NPV, the strongest first."""
    try:
        bars = tornado(study.live_case, study.ranges, study.swing)
    except RoiError:  # the value does not exist at an end of some driver
        return []
    return [bar.driver for bar in bars if bar.spread > 0]


def _offered(ranked: list[str]) -> list[str]:
    """The inputs to show: drivers by strength, then the others in the order of the case."""
    rest = [
        name
        for name, entry in INPUTS.items()
        if entry.quantity.kind != "text" and entry.group not in _FIXED and name not in ranked
    ]
    return [*ranked, *rest]


def _entry(entry: Input, case: Case, ranked: list[str]) -> dict[str, Any]:
    value = case[entry.name]
    number = isinstance(value, float) and math.isfinite(value)
    slider = entry.name in ranked[:SLIDERS] and number
    drivers = inputs_behind([VALUE_STEP], numeric=True)
    low, high = _limits(case, entry.name) if slider else (0.0, 1.0)
    unit = unit_text(entry.quantity.unit.key, currency=case["currency"])
    percent = entry.quantity.unit.number_format.endswith("%")
    return {
        "name": entry.name,
        "label": entry.label(),
        "unit": "%" if percent else "" if entry.quantity.unit.key in NO_UNIT else unit,
        "shown": value if number or isinstance(value, str) else None,
        "today": value if number else 0.0,
        "low": low,
        "high": high,
        "slider": slider and high > low,
        "percent": percent,
        "whole": entry.quantity.whole,
        "searched": list(_limits(case, entry.name)) if entry.name in drivers else None,
        "driver": entry.name in drivers,
        "choices": [[c, text(f"choice.{c}")] for c in entry.quantity.choices],
    }


def _limits(case: Case, name: str) -> tuple[float, float]:
    """The plausible range as a slider's limits."""
    low, high = searched(case, name)
    return low, min(high, 1e300)


def _page(study: Study, case: Case) -> dict[str, Any]:
    typed = {
        name: value
        for name in sorted(case.given)
        if (value := case[name]) is not None and value != math.inf
    }
    keys = {
        "none", "never", "within", "months", "irr_over", "irr_none", "irr_several", "no_irr",
        "no_result", "year", "years_from",
    }  # fmt: skip
    words = {key: text(f"report.{key}") for key in sorted(keys)}
    words |= {f"row_{name}": text(f"report.row.{name}") for name in (*ROWS, "net", "cumulative")}
    words |= {lead: text(f"rationale.{lead}") for lead in LEADS}
    currency = case["currency"]
    words |= {
        "thousand": text("report.thousand", currency=currency),
        "million": text("report.million", currency=currency),
        "row": text("report.head.row"),
        "total": text("report.head.total"),
        "irr_high": text("report.figure.irr_high"),
        "irr_note": text("report.figure.irr_note"),
        "npv_note": text("report.figure.npv_note"),
        "payback_note": text("report.figure.payback_months_note"),
        "total_cost_note": text("report.figure.total_cost_note"),
        "monthly_savings_note": text("report.figure.monthly_savings_note"),
        "no_payback": text("choice.never"),
        "no_reason": text("rationale.no_result"),
        "paid": text("rationale.paid"),
        "payback_mark": text("report.chart.payback"),
        "not_repaid": text("report.chart.not_repaid"),
        "cashflow_title": text("report.chart.cashflow.title"),
        "cashflow_x": text("report.chart.cashflow.x"),
        "turn": text("report.chart.turn"),
        "no_turn": text("report.chart.no_turn"),
        "tornado_title": text("report.chart.tornado.title"),
        "tornado_x": text("report.chart.tornado.x"),
        "bad": text("report.whatif.bad"),
    }
    return {
        "typed": typed,
        "words": words,
        "currency": currency,
        "symbol": text(f"currency.{currency}"),
        "verdicts": [text(f"choice.{c}") for c in quantity_of(RECOMMENDATION).choices],
        "leads": list(LEADS),
        "space": "" if current_language() == "zh" else " ",
        "symbols": SYMBOLS,
        "needed": ["npv", "total_cost", "monthly_savings", "payback_months", "recommendation"],
        "rows": list(ROWS),
        "mostYears": MOST_YEARS,
        "mostIrr": MOST_IRR,
        "wholeFrom": WHOLE_FROM,
        "most": DRIVERS,
        "swing": study.swing,
        "ranges": {name: [span.low, span.high] for name, span in study.ranges.items()},
        "colours": {"blue": BLUE, "orange": ORANGE, "green": GREEN},
    }


# --- markup ------------------------------------------------------------------------------------------


def _body(title: str, sliders: list[dict[str, Any]], others: list[dict[str, Any]]) -> str:
    boxes = figures(Figure(n, text(f"report.figure.{n}"), "", "") for n in FIGURES)
    for name in FIGURES:  # each box takes its value and its note from the script
        boxes = boxes.replace('<dd class="value">', f'<dd class="value" id="value_{name}">', 1)
        boxes = boxes.replace('<dd class="note">', f'<dd class="note" id="note_{name}">', 1)
    controls = "".join(map(_slider, sliders))
    rest = "".join(map(_field_row, others))
    reset = f'<button type="button" id="reset">{escape(text("report.whatif.reset"))}</button>'
    drivers = tag("h2", escape(text("report.whatif.drivers")))
    summary = tag("summary", escape(text("report.whatif.others")))
    left = f"<section>{drivers}{controls}{reset}<details>{summary}{rest}</details></section>"
    svg = "".join(f'<svg id="{key}" role="img"></svg>' for key in ("cashflow", "tornado"))
    table = '<table id="annual"></table>'
    right = (
        '<section aria-live="polite"><div id="verdict" class="verdict grey"></div>'
        f'<p id="why" class="why"></p>{boxes}'
        f'<div id="results"><div class="charts">{svg}</div>{table}</div></section>'
    )
    return (
        tag("h1", escape(title))
        + tag("p", escape(text("report.whatif.lead")), "about")
        + tag("noscript", escape(text("report.whatif.script")))
        + f"<main>{left}{right}</main>"
    )


def _slider(entry: dict[str, Any]) -> str:
    name, label = entry["name"], escape(_with_unit(entry))
    slider = (
        f'<input type="range" id="slider_{name}" min="0" max="1000" step="1" aria-label="{label}"/>'
    )
    return (
        f'<div class="driver"><label for="field_{name}">{label}</label>'
        f'<div class="pair">{slider}{_field(entry)}</div></div>'
    )


def _field_row(entry: dict[str, Any]) -> str:
    label = escape(_with_unit(entry))
    return f'<div class="other"><label for="field_{entry["name"]}">{label}</label>{_field(entry)}</div>'


def _with_unit(entry: dict[str, Any]) -> str:
    return (
        entry["label"]
        if entry["choices"] or not entry["unit"]
        else (f"{entry['label']} ({entry['unit']})")
    )


def _field(entry: dict[str, Any]) -> str:
    name = entry["name"]
    if entry["choices"]:
        options = "".join(
            f'<option value="{escape(key)}">{escape(said)}</option>'
            for key, said in entry["choices"]
        )
        return f'<select id="field_{name}">{options}</select>'
    return f'<input type="number" id="field_{name}" step="any"/>'
