"""A waterfall chart as SVG text: from one amount to another, one bar per change."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from roi_xl.colours import BLUE, GREEN, GRID, VERMILION
from roi_xl.report.charts import nice_ticks
from roi_xl.text.width import text_width

WIDTH, ROW = 760, 30
_TOP, _BOTTOM, _RIGHT, _MOST_LABEL = 40, 46, 96, 280
_INK = "#333333"
_CHARACTER = 6.4  # mean width of half a Chinese character at 11 px


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its label, where it starts and ends, what is written beside it; or a whole amount."""

    label: str
    start: float
    end: float
    shown: str
    whole: bool = False


def bars_of(first: tuple[str, float], parts: Sequence[tuple[str, float]], last: str) -> list[Bar]:
    """The bars from a first amount over changes to the last.

    Args:
        first: label and amount at the start.
        parts: label and amount of each change.
        last: label of the amount at the end.
    """
    at = first[1]
    bars = [Bar(first[0], 0.0, at, f"{at:,.0f}", whole=True)]
    for label, change in parts:
        bars.append(Bar(label, at, at + change, f"{change:+,.0f}"))
        at += change
    return [*bars, Bar(last, 0.0, at, f"{at:,.0f}", whole=True)]


def waterfall(title: str, axis: str, alt: str, bars: Sequence[Bar]) -> str:
    """The chart: a whole amount in blue, a rise in green, a fall in vermilion, each with its number."""
    longest = max(text_width(bar.label) for bar in bars)
    left = min(_MOST_LABEL, 16 + longest * _CHARACTER)
    height = _TOP + ROW * len(bars) + _BOTTOM
    ticks = nice_ticks(*_extent(bars))
    wide = WIDTH - left - _RIGHT

    def x_of(value: float) -> float:
        return left + wide * (value - ticks[0]) / (ticks[-1] - ticks[0])

    bottom = height - _BOTTOM
    parts = [_text(WIDTH / 2, 18, title, "middle", 14)]
    for tick in ticks:
        x = x_of(tick)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="#{GRID}"/>')
        parts.append(_text(x, bottom + 16, f"{tick:,.10g}", "middle"))
    for i, bar in enumerate(bars):
        y = _TOP + i * ROW
        a, b = sorted((x_of(bar.start), x_of(bar.end)))
        colour = BLUE if bar.whole else GREEN if bar.end >= bar.start else VERMILION
        parts.append(
            f'<rect x="{a:.1f}" y="{y + 5}" width="{max(b - a, 1):.1f}" height="{ROW - 10}" '
            f'fill="#{colour}"/>'
        )
        if i + 1 < len(bars):
            x = x_of(bar.end)
            path = f"M{x:.1f} {y + ROW - 5}v10"
            parts.append(f'<path d="{path}" stroke="{_INK}" stroke-dasharray="2 2"/>')
        parts.append(_text(left - 8, y + ROW / 2 + 4, _short(bar.label), "end"))
        parts.append(_text(b + 6, y + ROW / 2 + 4, bar.shown))
    zero = x_of(0.0)
    parts.append(f'<path d="M{zero:.1f} {_TOP}V{bottom}" stroke="{_INK}"/>')
    parts.append(_text(left + wide / 2, height - 10, axis, "middle"))
    said = escape(alt, {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{said}">{"".join(parts)}</svg>'
    )


def _extent(bars: Sequence[Bar]) -> tuple[float, float]:
    values = [0.0, *(v for bar in bars for v in (bar.start, bar.end))]
    return min(values), max(values)


def _short(label: str) -> str:
    """The label, cut with an ellipsis where it is wider than its column."""
    most = int((_MOST_LABEL - 16) / _CHARACTER)
    if text_width(label) <= most:
        return label
    while text_width(label) > most - 1:
        label = label[:-1]
    return f"{label}…"


def _text(x: float, y: float, said: str, anchor: str = "start", size: int = 11) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{_INK}">{escape(said)}</text>'
    )
