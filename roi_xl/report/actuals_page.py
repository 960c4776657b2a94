"""Actuals against plan in words: the sentence, tables for the terminal, a CSV, and a page."""

import csv
import io
import math

from roi_xl.case.actuals import (
    CAUSES,
    COLUMNS,
    GO_ON,
    LOOK_AGAIN,
    OVER,
    STOP,
    Forecast,
    Review,
    Variance,
    calendar_month,
)
from roi_xl.case.evaluate import evaluate_case
from roi_xl.report.small_page import (
    element,
    html_document,
    paragraph,
    section,
    text_list,
    text_table,
)
from roi_xl.report.waterfall import bars_of, waterfall
from roi_xl.text import speaking, text, unit_text

Rows = list[list[str]]


def sentence(found: Review) -> str:
    """Whether to go on, look again or stop, and why."""
    plan, now, case = found.plan, found.forecast, found.case
    key = found.advice
    if key == LOOK_AGAIN and now.npv <= 0:
        key = "look_again_loss"
    if key == GO_ON and plan.npv <= 0:
        key = "go_on_alone"
    share = f"{now.npv / plan.npv:.0%}" if plan.npv > 0 else ""
    assert key in (GO_ON, LOOK_AGAIN, STOP, OVER, "look_again_loss", "go_on_alone")
    return text(
        f"actuals.say.{key}",
        npv=_money(found, now.npv),
        planned=_money(found, plan.npv),
        share=share,
        to_come=_money(found, now.to_come),
        planned_to_come=_money(found, plan.to_come),
        limit=f"{case['look_again_below']:.0%}",
        stop_limit=f"{case['stop_below']:.0%}",
    )


def notes_of(found: Review) -> list[str]:
    """What was taken as planned, and what the forecast rests on."""
    said = []
    for variance in found.variances:
        if variance.as_planned:
            names = ", ".join(text(f"actuals.column.{name}") for name in variance.as_planned)
            said.append(text("actuals.blank", month=month_name(found, variance.month), names=names))
    said += [text("actuals.gap", month=month_name(found, month)) for month in found.gaps]
    if found.advice != OVER:
        now = found.forecast
        if now.volume_ratio is None:
            said.append(text("actuals.no_volume"))
        else:
            said.append(
                text(
                    "actuals.rests",
                    ratio=f"{now.volume_ratio:.1%}",
                    price=f"{now.price_variance:+.6f} {found.case['currency']}",
                    run=_signed(now.run_variance),
                    quality=_signed(now.quality_variance),
                )
            )
    if found.case["success_probability"] < 1:
        expected = evaluate_case(found.case).number("npv")
        npv = _money(found, found.plan.npv)
        said.append(text("actuals.expected_npv", npv=npv, expected=_money(found, expected)))
    return said


def month_name(found: Review, month: int) -> str:
    """A month's number, with its calendar month where the plan has a calendar."""
    calendar = calendar_month(month, found.case["start_month"])
    return f"{month} ({calendar})" if calendar else str(month)


def forecast_rows(found: Review) -> Rows:
    """Plan and forecast side by side, under headings."""
    sides = (found.plan, found.forecast)
    heads = [text(f"actuals.head.{key}") for key in ("figure", "planned", "expected")]

    def row(key: str, values: list[str]) -> list[str]:
        return [text(f"actuals.head.{key}"), *values]

    return [
        heads,
        row("npv", [_money(found, side.npv) for side in sides]),
        row("payback", [_payback(side) for side in sides]),
        row("to_come", [_money(found, side.to_come) for side in sides]),
    ]


def _payback(side: Forecast) -> str:
    if math.isinf(side.payback_months):
        return text("choice.never")
    return f"{side.payback_months:.1f} {unit_text('months')}"


def month_rows(found: Review) -> Rows:
    """One row per month with actuals and a total, under headings."""
    heads = [text("actuals.column.month")]
    heads += [text(f"actuals.head.{key}") for key in ("planned_net", "net", "difference")]
    heads += [text(f"actuals.cause.{cause}") for cause in CAUSES]
    rows = [_month_row(found, variance) for variance in found.variances]
    nets = [math.fsum(getattr(v, name) for v in found.variances) for name in _NETS]
    total = [text("actuals.total"), *(f"{net:,.2f}" for net in nets), _signed(found.difference)]
    total += [_signed(value) for value in found.by_cause.values()]
    return [heads, *rows, total]


_NETS = ("planned_net", "actual_net")


def _month_row(found: Review, variance: Variance) -> list[str]:
    nets = [f"{getattr(variance, name):,.2f}" for name in _NETS]
    causes = [_signed(variance.by_cause[cause]) for cause in CAUSES]
    return [month_name(found, variance.month), *nets, _signed(variance.difference), *causes]


def _signed(value: float) -> str:
    said = f"{value:+,.2f}"
    return said if said.strip("+-0.,") else "0.00"


def _money(found: Review, value: float) -> str:
    said = f"{value:,.0f}"
    return f"{'0' if not said.strip('-0') else said} {found.case['currency']}"


def review_csv(found: Review) -> str:
    """Every month of the plan as CSV: planned, actual, difference by cause, and the flow expected now.

    Columns are keys, as in JSON; cells of months without actuals are blank.
    """
    known = {variance.month: variance for variance in found.variances}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ["month", "calendar", *(f"planned_{n}" for n in COLUMNS), *COLUMNS]
    heads += [*_NETS, "difference", *(f"by_{cause}" for cause in CAUSES), "as_planned"]
    writer.writerow([*heads, "planned_flow", "expected_flow"])
    blank = [""] * (2 * len(COLUMNS) + len(_NETS) + len(CAUSES) + 2)
    for month, flows in enumerate(zip(found.plan.flow, found.forecast.flow, strict=True)):
        cells: list[object] = list(blank)
        if month in known:
            v = known[month]
            cells = [
                *(v.planned[name] for name in COLUMNS),
                *(v.actual[name] for name in COLUMNS),
                v.planned_net,
                v.actual_net,
                v.difference,
                *(v.by_cause[cause] for cause in CAUSES),
                " ".join(v.as_planned),
            ]
        calendar = calendar_month(month, found.case["start_month"])
        writer.writerow([month, calendar, *cells, *(float(flow) for flow in flows)])
    return out.getvalue()


def review_page(
    found: Review, name: str, notes: list[str] | None = None, language: str | None = None
) -> str:
    """Actuals against plan as one HTML file without scripts or anything from outside.

    Args:
        found: the review.
        name: the plan's name.
        notes: what else to say.
        language: `zh` or `en`; None is the current language.
    """
    with speaking(language):
        forecast, months = forecast_rows(found), month_rows(found)
        parts = [
            paragraph(sentence(found), "verdict"),
            section(
                text("actuals.section.forecast"),
                text_table(forecast[0], forecast[1:]),
            ),
            section(
                f"{text('actuals.section.months')} ({found.case['currency']})",
                element("figure", _chart(found)) + text_table(months[0], months[1:], total=True),
            ),
        ]
        said = [*notes_of(found), *(notes or ())]
        if said:
            parts.append(section(text("actuals.section.notes"), text_list(said)))
        return html_document(text("actuals.title", name=name), parts)


def _chart(found: Review) -> str:
    first, last = (math.fsum(getattr(v, name) for v in found.variances) for name in _NETS)
    moves = [(text(f"actuals.cause.{c}"), value) for c, value in found.by_cause.items() if value]
    bars = bars_of((text("actuals.head.planned_net"), first), moves, text("actuals.head.net"))
    alt = text(
        "actuals.chart.alt",
        first=f"{first:,.0f}",
        last=f"{last:,.0f}",
        parts=", ".join(f"{label} {change:+,.0f}" for label, change in moves) or "0",
    )
    axis = text("actuals.chart.axis", currency=found.case["currency"])
    return waterfall(text("actuals.chart.title"), axis, alt, bars)
