"""Small charts as SVG text: bars, a tornado and lines, with titles, axes and a text for the blind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.dependencies import VALUE_STEP, find_step
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import INPUTS
from roi_xl.case.sensitivity import tornado
from roi_xl.case.study import Study, scenario_label
from roi_xl.colours import BLUE, GRID, OKABE_ITO, ORANGE
from roi_xl.errors import BadInput
from roi_xl.text import text
from roi_xl.text.width import text_width

WIDTH, HEIGHT = 460, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 16, 34, 46
_INK = "#333333"


@dataclass(frozen=True)
class Words:
    """What a chart says: its title, its axes with units, and what a reader who cannot see it hears."""

    title: str
    x: str
    y: str
    alt: str


def column_chart(words: Words, labels: Sequence[str], values: Sequence[float], money: str) -> str:
    """One column a label, its value above it."""
    low, high = min(0.0, *values), max(0.0, *values)
    ticks = nice_ticks(low, high)
    parts = _frame(words) + _y_axis(ticks)
    step = (WIDTH - _LEFT - _RIGHT) / len(values)
    for i, (label, value) in enumerate(zip(labels, values, strict=True)):
        x, wide = _LEFT + i * step + step * 0.2, step * 0.6
        top, bottom = _y(max(value, 0), ticks), _y(min(value, 0), ticks)
        parts.append(_rectangle(x, top, wide, max(bottom - top, 0.5), BLUE))
        parts.append(_text(x + wide / 2, top - 5, money.format(value), anchor="middle"))
        parts.append(_text(x + wide / 2, HEIGHT - _BOTTOM + 15, label, anchor="middle"))
    return _svg(words, parts)


def line_chart(words: Words, names: Sequence[str], rows: Sequence[Sequence[float]]) -> str:
    """Lines over 0, 1, 2, … with a legend; zero is drawn out."""
    values = [v for row in rows for v in row]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values))
    parts = _frame(words) + _y_axis(ticks)
    last = max(1, max(len(row) for row in rows) - 1)
    wide = WIDTH - _LEFT - _RIGHT
    for tick in nice_ticks(0, last):
        if tick == int(tick) and tick <= last:
            x = _LEFT + wide * tick / last
            parts.append(_text(x, HEIGHT - _BOTTOM + 15, f"{tick:.0f}", anchor="middle"))
    for i, (name, row) in enumerate(zip(names, rows, strict=True)):
        points = " ".join(
            f"{_LEFT + wide * m / last:.1f},{_y(v, ticks):.1f}" for m, v in enumerate(row)
        )
        colour = OKABE_ITO[i % len(OKABE_ITO)]
        dash = ("", ' stroke-dasharray="6 4"', ' stroke-dasharray="2 3"')[i % 3]
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="#{colour}" stroke-width="2"{dash}/>'
        )
        if len(names) > 1:
            x = _LEFT + 8 + i * 150
            parts.append(f'<path d="M{x} 26h22" stroke="#{colour}" stroke-width="2"{dash}/>')
            parts.append(_text(x + 27, 30, name))
    zero = _y(0, ticks)
    parts.append(f'<path d="M{_LEFT} {zero:.1f}h{wide}" stroke="{_INK}" stroke-width="1"/>')
    return _svg(words, parts)


def tornado_chart(
    words: Words,
    labels: Sequence[str],
    lows: Sequence[float],
    highs: Sequence[float],
    centre: float,
) -> str:
    """One bar a driver from the result at its low to the result at its high value."""
    left = min(170, 12 + max(text_width(label) for label in labels) * 6.2)
    values = [*lows, *highs, centre]
    ticks = nice_ticks(min(values), max(values))
    low, high = ticks[0], ticks[-1]
    wide = WIDTH - left - _RIGHT

    def x_of(value: float) -> float:
        return left + wide * (value - low) / (high - low)

    parts = _frame(words)
    for tick in ticks[:: 2 if len(ticks) > 5 else 1]:
        x = x_of(tick)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{HEIGHT - _BOTTOM}" stroke="#{GRID}"/>')
        parts.append(_text(x, HEIGHT - _BOTTOM + 15, _short(tick), anchor="middle"))
    step = (HEIGHT - _TOP - _BOTTOM) / len(labels)
    for i, label in enumerate(labels):
        y, tall = _TOP + i * step + step * 0.15, step * 0.7
        for value, colour in ((lows[i], ORANGE), (highs[i], BLUE)):
            a, b = sorted((x_of(centre), x_of(value)))
            parts.append(_rectangle(a, y, max(b - a, 0.5), tall, colour))
        parts.append(_text(left - 6, y + tall / 2 + 4, label, anchor="end"))
    return _svg(words, parts)


def nice_ticks(low: float, high: float) -> list[float]:
    """Round numbers from below the lowest to above the highest value."""
    if not high > low:
        high = low + 1.0
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [i * step for i in range(first, last + 1)]


def _y(value: float, ticks: Sequence[float]) -> float:
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _y_axis(ticks: Sequence[float]) -> list[str]:
    parts = []
    for tick in ticks:
        y = _y(tick, ticks)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="#{GRID}"/>')
        parts.append(_text(_LEFT - 6, y + 4, _short(tick), anchor="end"))
    return parts


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:g}"


def _frame(words: Words) -> list[str]:
    middle = _TOP + (HEIGHT - _TOP - _BOTTOM) / 2
    return [
        _text(WIDTH / 2, 15, words.title, anchor="middle", weight="bold", size=13),
        _text(WIDTH / 2, HEIGHT - 8, words.x, anchor="middle"),
        f'<g transform="rotate(-90 12 {middle:.0f})">{_text(12, middle, words.y, anchor="middle")}</g>',
    ]


def _rectangle(x: float, y: float, wide: float, tall: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="#{colour}"/>'
    )


def _text(
    x: float, y: float, said: str, anchor: str = "start", weight: str = "normal", size: int = 11
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{_INK}">{escape(said)}</text>'
    )


def _svg(words: Words, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(words.alt, {chr(34): "&quot;"})}">{"".join(parts)}</svg>'
    )


BRANCHES = ("data_cost", "compute_cost", "people_cost")
_FLOWS = ("cumulative_cash_flow", "cumulative_discounted_cash_flow")
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
