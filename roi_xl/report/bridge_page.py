"""A bridge in words: tables for the terminal, and a page with a waterfall chart."""

from roi_xl.case.bridge import BLANK, PRICES, Bridge, Change, Effect, End, Side
from roi_xl.case.inputs import INPUTS
from roi_xl.report.numbers import shown
from roi_xl.report.small_page import element, html_document, paragraph, section, text_table
from roi_xl.report.waterfall import bars_of, waterfall
from roi_xl.text import speaking, text

Rows = list[list[str]]
_STEPS = ("npv", "payback_months", "recommendation")


def label_of(name: str) -> str:
    """An input's name in words."""
    return text("diff.price_sheet") if name == PRICES else INPUTS[name].label()


def effect_label(effect: Effect) -> str:
    """The inputs of an effect in words."""
    names = [label_of(name) for name in effect.names]
    return text("diff.together", names=" + ".join(names)) if len(names) > 1 else names[0]


def result_rows(found: Bridge) -> Rows:
    """The headline results of both cases, under headings."""
    from roi_xl.case.graph_steps import STEPS

    steps = {step.name: step for step in STEPS}
    rows = [[text("diff.head.figure"), found.before.name, found.after.name]]
    for name in _STEPS:
        step = steps[name]
        rows.append([step.label(), *(_result(end, name) for end in (found.before, found.after))])
    return rows


def _result(end: End, name: str) -> str:
    from roi_xl.case.graph_steps import STEPS

    step = next(s for s in STEPS if s.name == name)
    return shown(step.quantity, getattr(end, name), currency=end.case["currency"])


def input_rows(found: Bridge) -> Rows:
    """The inputs that differ with both values, under headings."""
    heads = [text("diff.head.input"), found.before.name, found.after.name]
    return [heads, *(_change_row(change, found) for change in found.changes)]


def _change_row(change: Change, found: Bridge) -> list[str]:
    currency = found.before.case["currency"]
    sides = (change.before, change.after)
    return [label_of(change.name), *(_said(change.name, side, currency) for side in sides)]


def _said(name: str, side: Side, currency: str) -> str:
    if side.state == BLANK or side.value is None:
        return text("diff.state.blank")
    if name == PRICES:
        return str(side.value)
    entry = INPUTS[name]
    words = entry.quantity.choices or isinstance(side.value, str)
    value = (
        entry.shown(side.value)
        if words
        else shown(entry.quantity, side.value, typed=True, currency=currency)
    )
    return text(f"diff.state.{side.state}", value=value)


def bridge_rows(found: Bridge) -> Rows:
    """The effects with their total, under headings."""
    heads = [text(f"diff.head.{key}") for key in ("input", "effect", "alone", "interaction")]
    rows = [
        [effect_label(e), _money(e.in_order), _money(e.alone), _money(e.interaction)]
        for e in found.effects
    ]
    alone = [e.alone for e in found.effects]
    known = [v for v in alone if v is not None]
    total = sum(known) if len(known) == len(alone) else None
    last = [text("diff.total"), _money(found.difference), _money(total), _money(found.interaction)]
    return [heads, *rows, last]


def _money(value: float | None) -> str:
    if value is None:
        return text("diff.alone_none")
    said = f"{value:+,.2f}"
    return said if said.strip("+-0.,") else "0.00"


def bridge_page(found: Bridge, language: str | None = None) -> str:
    """A bridge as one HTML file without scripts or anything from outside.

    Args:
        found: the bridge.
        language: `zh` or `en`; None is the current language.
    """
    with speaking(language):
        names = {"before": found.before.name, "after": found.after.name}
        parts = [section(text("diff.section.results"), _table(result_rows(found)))]
        if found.changes:
            parts += [
                section(
                    text("diff.section.bridge"),
                    element("figure", _chart(found))
                    + _table(bridge_rows(found), total=True)
                    + paragraph(text("diff.how", **names), "note"),
                ),
                section(text("diff.section.inputs"), _table(input_rows(found))),
            ]
        else:
            parts.append(paragraph(text("diff.same")))
        return html_document(text("diff.title", **names), parts)


def _table(rows: Rows, *, total: bool = False) -> str:
    return text_table(rows[0], rows[1:], total=total)


def _chart(found: Bridge) -> str:
    names = {"before": found.before.name, "after": found.after.name}
    moves = [(" + ".join(map(label_of, e.names)), e.in_order) for e in found.effects]
    bars = bars_of((found.before.name, found.before.npv), moves, found.after.name)
    alt = text(
        "diff.chart.alt",
        first=f"{found.before.npv:,.0f}",
        last=f"{found.after.npv:,.0f}",
        parts=", ".join(f"{label} {change:+,.0f}" for label, change in moves),
    )
    axis = text("diff.chart.axis", currency=found.before.case["currency"])
    return waterfall(text("diff.chart.title", **names), axis, alt, bars)
