"""What the report says, in words and figures, before it is laid out as HTML or PDF."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roi_xl import __version__
from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.checks import CHECKS, run_checks
from roi_xl.case.evaluate import evaluate_case, first_problem
from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.case.rationale import in_unit, rationale
from roi_xl.case.sensitivity import tornado
from roi_xl.case.simulate import Simulation, simulate
from roi_xl.case.study import Study, scenario_label
from roi_xl.errors import ErrorValue, RoiError
from roi_xl.model.defaults import CHECK_TOLERANCE
from roi_xl.prices.reader import shipped
from roi_xl.prices.sheet import STALE_AFTER_DAYS
from roi_xl.report.alternatives import alternatives
from roi_xl.report.charts import TornadoBar, Words, histogram, line_chart, tornado_chart
from roi_xl.report.numbers import MOST_IRR, money, shown
from roi_xl.report.years import MOST_YEARS, ROWS, by_year
from roi_xl.text import current_language, text, unit_text

GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"
SYMBOLS = {GREEN: "✔", AMBER: "▲", RED: "✘", GREY: "–"}
FIGURES = ("npv", "payback_months", "total_cost", "monthly_savings", "irr")
DRIVERS = 6
NO_UNIT = ("factor", "count")  # say nothing beside a number
_COMPARED = ("npv", "payback_months", "total_cost", "monthly_savings")


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five figures: label, value as shown, and a line below it."""

    name: str
    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: headings, rows of texts, and which rows are emphasised."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()
    words: frozenset[int] = frozenset({0})  # columns of words; the others hold numbers


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, in this order: table, lines, note."""

    key: str
    title: str
    table: Table | None = None
    lines: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The whole report."""

    title: str
    about: str
    warnings: tuple[str, ...]
    colour: str
    verdict: str
    rationale: str
    figures: tuple[Figure, ...]
    charts: Mapping[str, str]  # SVG by key
    sections: Mapping[str, Section]
    sign_off: tuple[str, ...]
    sign_words: str
    footer: str
    language: str = field(default="en")


def report_page(study: Study, today: dt.date | None = None) -> ReportPage:
    """The report of a study's selected scenario, in the current language.

    Args:
        study: the study.
        today: the day of the report, to which the age of prices counts; None leaves it out.
    """
    case = study.live_case
    results = evaluate_case(case, current_language())
    solid = is_solid(results)
    simulated = _simulated(study) if solid else None
    sections = [_annual(case)] if solid else []
    sections += _compared(study, results) if solid else []
    sections += [_risks(case, results, simulated)] if simulated is not None else []
    sections += [_assumptions(case)]
    return ReportPage(
        title=case["project_name"] or study.name() or text("report.title"),
        about=_about(study, today),
        warnings=tuple(_warnings(case, results, today)),
        colour=verdict_colour(results),
        verdict=str(results["recommendation"]) if solid else text("report.no_result"),
        rationale=str(rationale(case, None, results)) if solid else _problem(case),
        figures=tuple(_figure(name, case, results) for name in FIGURES),
        charts=_charts(study, results, simulated) if solid else {},
        sections={s.key: s for s in sections},
        sign_off=tuple(
            text(f"report.sign.{role}") for role in ("prepared", "reviewed", "approved")
        ),
        sign_words=text("report.sign.words"),
        footer=_footer(case),
        language=current_language(),
    )


def is_solid(results: Mapping[str, Any]) -> bool:
    """Whether the case has a result at all."""
    needed = ("npv", "total_cost", "monthly_savings", "payback_months", "recommendation")
    return not any(isinstance(results[name], ErrorValue) for name in needed)


def verdict_colour(results: Mapping[str, Any]) -> str:
    """Green where the payback is short enough, amber where it is not, red where NPV is not above 0."""
    if not is_solid(results):
        return GREY
    if results["npv"] <= 0 or math.isinf(results["payback_months"]):
        return RED
    green = {text(f"choice.{c}") for c in ("strong", "recommended")}
    return GREEN if results["recommendation"] in green else AMBER


def _problem(case: Case) -> str:
    problem = first_problem(case)
    return problem.message() if problem is not None else text("rationale.no_result")


# --- head and foot -----------------------------------------------------------------------------------


def _about(study: Study, today: dt.date | None) -> str:
    case = study.live_case
    parts = [text("report.scenario", name=scenario_label(study.live_scenario))]
    parts.append(text("report.amounts", currency=case["currency"]))
    if case["start_month"]:
        parts.append(text("report.start", month=case["start_month"]))
    parts += [] if today is None else [today.isoformat()]
    return " · ".join(parts)


def _warnings(case: Case, results: Mapping[str, Any], today: dt.date | None) -> list[str]:
    """What a reader must know before believing the figures; empty where all is well."""
    found = []
    if case.samples:
        found.append(text("report.warn.samples", count=len(case.samples)))
    if case.doubts:
        names = text("report.list").join(INPUTS[d.name].label() for d in case.doubts)
        found.append(text("report.warn.doubts", names=names))
    failed = _failed_checks(case, results)
    if failed:
        found.append(text("report.warn.checks", names=text("report.list").join(failed)))
    newest = shipped().newest
    if today is not None and newest is not None and (today - newest).days > STALE_AFTER_DAYS:
        found.append(text("report.warn.stale", date=newest, days=f"{STALE_AFTER_DAYS:g}"))
    return found


def _failed_checks(case: Case, results: Mapping[str, Any]) -> list[str]:
    if not is_solid(results):
        return []
    differences = run_checks(case, results)
    return [
        text(f"workbook.check.{check.name}.label")
        for check in CHECKS
        if not abs(differences[check.name]) <= CHECK_TOLERANCE
    ]


def _footer(case: Case) -> str:
    newest = (case.prices or shipped()).newest
    return text("report.about", version=__version__, date=newest or "–")


# --- figures -----------------------------------------------------------------------------------------


def _figure(name: str, case: Case, results: Mapping[str, Any]) -> Figure:
    value, note = results[name], ""
    if name == "irr":
        said, note = irr_said(results)
    elif isinstance(value, ErrorValue):
        said = text("report.none")
    elif name == "payback_months":
        said, note = payback_said(value, case["horizon_months"])
    else:
        said = money(value, case["currency"])
    if name in ("npv", "monthly_savings", "total_cost"):
        note = text(f"report.figure.{name}_note", months=f"{case['horizon_months']:g}")
    return Figure(name, text(f"report.figure.{name}"), said, note)


def payback_said(months: float, horizon: float) -> tuple[str, str]:
    """Payback in months with its note, or that it lies beyond the horizon."""
    if math.isinf(months):
        return text("report.never"), text("report.within", months=f"{horizon:g}")
    return text("report.months", months=f"{months:.1f}"), text("report.figure.payback_months_note")


def irr_said(results: Mapping[str, Any]) -> tuple[str, str]:
    """The rate of return and its note: capped where it says nothing, or why there is none."""
    rate, state = results["irr"], results["irr_state"]
    if isinstance(rate, ErrorValue):
        reason = text("report.no_irr") if isinstance(state, ErrorValue) else _reason(state)
        return text("report.none"), reason
    if rate > MOST_IRR:
        return text("report.irr_over"), text("report.figure.irr_high")
    return f"{rate * 100:,.1f}%", text("report.figure.irr_note")


def _reason(state: str) -> str:
    for key in ("irr_none", "irr_several"):
        if state == text(f"choice.{key}"):
            return text(f"report.{key}")
    return text("report.no_irr")


def _annual(case: Case) -> Section:
    years = by_year(case)
    currency = case["currency"]
    columns = len(years.net)
    heads = [text("report.year", year=y) for y in range(columns)]
    if years.open_ended:
        heads[-1] = text("report.years_from", year=MOST_YEARS)
    rows = []
    for name in ROWS:
        if name in years.parts:
            amounts = [*years.parts[name], years.total(name)]
            rows.append((text(f"report.row.{name}"), *_amounts(amounts, currency)))
    rows.append((text("report.row.net"), *_amounts([*years.net, years.total("net")], currency)))
    total = [*years.cumulative, years.cumulative[-1]]
    rows.append((text("report.row.cumulative"), *_amounts(total, currency)))
    table = Table(
        (text("report.head.row"), *heads, text("report.head.total")),
        tuple(rows),
        frozenset({len(rows) - 2, len(rows) - 1}),
    )
    return Section("annual", text("report.section.annual", currency=currency), table)


def _amounts(values: Sequence[float], currency: str) -> list[str]:
    return [money(v, currency, 0) if v else "–" for v in values]


# --- other cases -------------------------------------------------------------------------------------


def _compared(study: Study, results: Mapping[str, Any]) -> list[Section]:
    """Scenarios that differ from the selected one, and alternatives."""
    currency = study.live_case["currency"]
    found = []
    others = {
        name: evaluate_case(case, current_language())
        for name, case in study.cases.items()
        if name != study.live_scenario
    }
    differing = {n: r for n, r in others.items() if any(r[f] != results[f] for f in _COMPARED)}
    heads = tuple(text(f"report.head.{name}") for name in (*_COMPARED, "recommendation"))
    words = frozenset({0, 5})
    if differing:
        rows = [_compared_row(scenario_label(study.live_scenario), results, currency)]
        rows += [_compared_row(scenario_label(n), r, currency) for n, r in differing.items()]
        table = Table((text("report.head.scenario"), *heads), tuple(rows), frozenset({0}), words)
        found.append(Section("scenarios", text("report.section.scenarios"), table))
    rows = [_compared_row(text("report.this_case"), results, currency)]
    rows += [
        _compared_row(
            way.name, {n: getattr(way, n) for n in (*_COMPARED, "recommendation")}, currency
        )
        for way in alternatives(study, results)
    ]
    rows.append((text("report.as_today"), money(0, currency, 0), *["–"] * 3, "–"))
    table = Table((text("report.head.alternative"), *heads), tuple(rows), frozenset({0}), words)
    note = text("report.way.note")
    found.append(Section("alternatives", text("report.section.alternatives"), table, note=note))
    return found


def _compared_row(name: str, results: Mapping[str, Any], currency: str) -> tuple[str, ...]:
    said = []
    for figure in _COMPARED:
        value = results[figure]
        if isinstance(value, ErrorValue):
            said.append(text("report.none"))
        elif figure == "payback_months":
            said.append(text("report.never") if math.isinf(value) else f"{value:.1f}")
        else:
            said.append(money(value, currency, 0))
    word = results["recommendation"]
    return (name, *said, text("report.none") if isinstance(word, ErrorValue) else str(word))


# --- risks -------------------------------------------------------------------------------------------


def _simulated(study: Study) -> Simulation | None:
    try:
        return simulate(study.live_case, study.ranges, swing=study.swing)
    except RoiError:  # some driver's range has no result
        return None


def _risks(case: Case, results: Mapping[str, Any], simulated: Simulation) -> Section:
    currency = case["currency"]

    def amount(value: float) -> str:
        return money(value, currency)

    lines = [
        text("report.risk.loss", share=percent(1.0 - simulated.positive)),
        text(
            "report.risk.npv",
            **{f"p{p}": amount(simulated.value[p]) for p in (10, 50, 90)},
        ),
        text(
            "report.risk.payback",
            **{f"p{p}": _months(simulated.payback[p]) for p in (10, 50, 90)},
        ),
        text(
            "report.risk.failure",
            cost=amount(results["cost_of_failure"]),
            share=percent(1.0 - case["success_probability"]),
        ),
    ]
    key = "report.risk.ranges" if simulated.swing is None else "report.risk.swing"
    note = text(key, runs=f"{simulated.runs:,}", swing=percent(simulated.swing or 0.0))
    return Section("risks", text("report.section.risks"), lines=tuple(lines), note=note)


def percent(share: float) -> str:
    """A share as a percentage; small and large ones are not rounded to none and all.

    Example:
        >>> percent(0.25), percent(0.0004), percent(0.9999), percent(0.0)
        ('25%', '< 0.1%', '> 99.9%', '0%')
    """
    if 0.0 < share < 0.001:
        return "< 0.1%"
    if 0.999 < share < 1.0:
        return "> 99.9%"
    said = f"{share * 100:.1f}".removesuffix(".0")
    return f"{said}%"


def _months(months: float) -> str:
    return (
        text("report.never")
        if math.isinf(months)
        else text("report.months", months=f"{months:.1f}")
    )


def _assumptions(case: Case) -> Section:
    """Inputs that somebody set to something else than the default, with room for source and owner."""
    doubtful = {d.name for d in case.doubts}
    rows = []
    for name, entry in INPUTS.items():
        value = case[name]
        if name not in case.given or value is None or value == entry.default:
            continue
        if name in ("project_name", "currency"):
            continue
        note = text("report.note.doubt") if name in doubtful else _default_note(entry, case)
        value_said = shown(
            entry.quantity, entry.shown(value), typed=True, currency=case["currency"]
        )
        rows.append((entry.label(), value_said, note, "", ""))
    heads = tuple(text(f"report.head.{h}") for h in ("input", "value", "note", "source", "owner"))
    note = ""
    if case.samples:
        names = text("report.list").join(INPUTS[n].label() for n in case.samples)
        note = text("report.samples", count=len(case.samples), names=names)
    table = Table(heads, tuple(rows), words=frozenset({0, 2, 3, 4})) if rows else None
    lines = () if rows else (text("report.no_assumptions"),)
    return Section("assumptions", text("report.section.assumptions"), table, lines, note)


def _default_note(entry: Input, case: Case) -> str:
    """What the input would be by default, in the case's currency; nothing where it has no default."""
    default = entry.default
    if default is None or entry.group == "project":
        return ""
    if entry.is_money and case["currency"] != "USD":
        default *= case["currency_per_usd"]
    said = shown(entry.quantity, entry.shown(default), typed=True, currency=case["currency"])
    return text("report.note.sample" if entry.is_sample else "report.note.default", value=said)


# --- charts ------------------------------------------------------------------------------------------


def units(currency: str) -> dict[str, str]:
    """Amounts in words by scale, as charts name them."""
    return {
        "one": currency,
        "thousand": text("report.thousand", currency=currency),
        "million": text("report.million", currency=currency),
    }


def chart_words(key: str, currency: str) -> Words:
    """The words of a chart."""
    said = {part: text(f"report.chart.{key}.{part}") for part in ("title", "x", "y", "alt")}
    return Words(**said, units=units(currency))


def payback_mark(months: float, horizon: float) -> str:
    """What stands at the payback month."""
    if math.isinf(months):
        return text("report.chart.not_repaid", months=f"{horizon:g}")
    return text("report.chart.payback", months=f"{months:.1f}")


def _charts(
    study: Study, results: Mapping[str, Any], simulated: Simulation | None
) -> dict[str, str]:
    """The charts by key; one whose figures do not exist is left out."""
    case = study.live_case
    currency, horizon = case["currency"], case["horizon_months"]
    flow = cash_flow(case)["cumulative_cash_flow"].tolist()
    payback = results["payback_months"]
    mark = payback_mark(payback, horizon)
    made = {"cashflow": line_chart(chart_words("cashflow", currency), flow, payback, mark)}
    bars = tornado_bars(study, results["npv"])
    if bars:
        made["tornado"] = tornado_chart(chart_words("tornado", currency), bars)
    if simulated is not None and simulated.edges[-1] > simulated.edges[0]:
        marks = [(f"P{p}", simulated.value[p]) for p in (10, 50, 90)]
        words = chart_words("histogram", currency)
        made["histogram"] = histogram(words, simulated.edges, simulated.counts, marks)
    return made


def tornado_bars(study: Study, base: float) -> list[TornadoBar]:
    """The strongest drivers of NPV as changes against today's value."""
    case = study.live_case
    try:
        ranked = [b for b in tornado(case, study.ranges, study.swing) if b.spread > 0][:DRIVERS]
        names = [b.driver for b in ranked]
        bars = tornado(case, study.ranges, study.swing, drivers=names, break_even_values=True)
    except RoiError:  # the value does not exist at an end of some driver
        return []
    return [
        TornadoBar(
            INPUTS[bar.driver].label(),
            bar.at_low - base,
            bar.at_high - base,
            end_said(bar.driver, bar.low),
            end_said(bar.driver, bar.high),
            turn_said(bar.driver, bar.break_even, case),
        )
        for bar in bars
    ]


def end_said(name: str, value: float) -> str:
    """A driver's value at the end of its bar, without a unit."""
    if math.isinf(value):
        return text(f"choice.{INPUTS[name].quantity.infinity}")
    return in_unit(name, value, "")


def turn_said(name: str, turn: float | None, case: Case) -> str:
    """The break-even value of a driver, or that there is none in its plausible range."""
    if turn is None:
        return text("report.chart.no_turn")
    key = INPUTS[name].quantity.unit.key
    unit = "" if key in NO_UNIT else unit_text(key, currency=case["currency"])
    return text("report.chart.turn", value=in_unit(name, turn, unit))
