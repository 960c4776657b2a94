"""The charts as SVG: cumulative cash flow, tornado, histogram, with titles, axes and alt text."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from roi_xl.colours import BLUE, GREEN, GRID, ORANGE, VERMILION
from roi_xl.text.width import text_width

WIDTH, HEIGHT = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 34, 36
_INK, _MUTED = "#222222", "#595959"
_CHARACTER = 5.6  # width of a Latin letter of size 11; a Chinese one takes two


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says: title, axes, alt text, and amounts by how they are scaled.

    `{unit}` in an axis is the word under `one`, `thousand` or `million`.
    """

    title: str
    x: str
    y: str
    alt: str
    units: Mapping[str, str] = field(default_factory=dict)

    def axis(self, wording: str, unit: str) -> str:
        """An axis title with its unit filled in."""
        return wording.replace("{unit}", self.units.get(unit, ""))


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """One driver: the changes of the result at its low and its high value, and its notes."""

    label: str
    low: float
    high: float
    low_said: str
    high_said: str
    note: str  # the break-even value


def line_chart(words: Words, values: Sequence[float], marked: float, mark: str) -> str:
    """A line over months 0, 1, 2, …; a dashed line at `marked`, where that is finite, says `mark`."""
    scale, unit = _scale(values)
    ticks = nice_ticks(min(0.0, *values) / scale, max(0.0, *values) / scale)
    parts = _frame(words, unit) + _y_axis(ticks)
    last = max(1, len(values) - 1)
    wide = WIDTH - LEFT - RIGHT
    for tick in month_ticks(last):
        x = LEFT + wide * tick / last
        parts.append(_text(x, HEIGHT - BOTTOM + 14, f"{tick}", anchor="middle"))
    zero = _y(0, ticks)
    points = [(LEFT + wide * m / last, _y(v / scale, ticks)) for m, v in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"{LEFT},{zero:.1f} {line} {points[-1][0]:.1f},{zero:.1f}"
    parts.append(f'<polygon points="{area}" fill="#{BLUE}" fill-opacity="0.12"/>')
    parts.append(f'<path d="M{LEFT} {zero:.1f}h{wide}" stroke="{_INK}" stroke-width="1"/>')
    parts.append(f'<polyline points="{line}" fill="none" stroke="#{BLUE}" stroke-width="2"/>')
    if math.isfinite(marked):
        x = LEFT + wide * min(marked, last) / last
        foot = HEIGHT - BOTTOM
        parts.append(
            f'<path d="M{x:.1f} {TOP}V{foot}" stroke="#{GREEN}" stroke-width="1.5" '
            'stroke-dasharray="4 3"/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{zero:.1f}" r="4" fill="#{GREEN}"/>')
        right = x + 8 + text_width(mark) * _CHARACTER < WIDTH - RIGHT
        at, anchor = (x + 6, "start") if right else (x - 6, "end")
        parts.append(_text(at, foot - 6, mark, anchor=anchor, weight="bold", halo=True))
    elif mark:
        parts.append(
            _text(LEFT + 8, TOP + 12, mark, weight="bold", fill=f"#{VERMILION}", halo=True)
        )
    return _svg(words, parts)


def tornado_chart(words: Words, bars: Sequence[TornadoBar]) -> str:
    """One bar per driver, from the change at its low to the change at its high value.

    Labels stand above their bars and are never cut; a break-even value stands at the right.
    """
    values = [v for bar in bars for v in (bar.low, bar.high)]
    scale, unit = _scale(values)
    ticks = nice_ticks(min(0.0, *values) / scale, max(0.0, *values) / scale)
    low, high = ticks[0], ticks[-1]
    side = 46
    wide = WIDTH - 2 * side

    def x_of(value: float) -> float:
        return side + wide * (value - low) / (high - low)

    parts = [_text(WIDTH / 2, 13, words.title, anchor="middle", weight="bold", size=12)]
    parts.append(_text(WIDTH / 2, HEIGHT - 5, words.axis(words.x, unit), anchor="middle"))
    for tick in ticks[:: 2 if len(ticks) > 5 else 1]:
        x = x_of(tick)
        parts.append(f'<path d="M{x:.1f} {TOP - 12}V{HEIGHT - BOTTOM + 4}" stroke="#{GRID}"/>')
        parts.append(_text(x, HEIGHT - BOTTOM + 15, _short(tick), anchor="middle"))
    step = (HEIGHT - TOP - BOTTOM + 12) / max(1, len(bars))
    for i, bar in enumerate(bars):
        y = TOP - 8 + i * step
        parts.append(_text(4, y + 7, bar.label, size=9.5))
        parts.append(_text(WIDTH - 4, y + 7, bar.note, anchor="end", size=9, fill=_MUTED))
        top, tall = y + 10, max(4.0, step - 14)
        ends = []
        for value, colour, said in (
            (bar.low, ORANGE, bar.low_said),
            (bar.high, BLUE, bar.high_said),
        ):
            a, b = sorted((x_of(0), x_of(value / scale)))
            parts.append(_rectangle(a, top, max(b - a, 0.5), tall, colour))
            ends.append((value, a, b, said))
        first, second = ends
        one_side = (first[0] >= 0) == (second[0] >= 0)
        for value, a, b, said in ends[:1] if one_side else ends:
            at, anchor = (b + 3, "start") if value >= 0 else (a - 3, "end")
            parts.append(_text(at, top + tall / 2 + 3, said, anchor=anchor, size=8.5, fill=_MUTED))
    centre = x_of(0)
    parts.append(f'<path d="M{centre:.1f} {TOP - 12}V{HEIGHT - BOTTOM + 4}" stroke="{_INK}"/>')
    return _svg(words, parts)


def histogram(
    words: Words, edges: Sequence[float], counts: Sequence[int], marks: Sequence[tuple[str, float]]
) -> str:
    """One bar per bin as a share of all runs, losses in another colour; `marks` are named values."""
    runs = max(1, sum(counts))
    scale, unit = _scale(edges)
    shares = [100.0 * c / runs for c in counts]
    ticks = nice_ticks(0.0, max(1.0, *shares))
    low, high = edges[0], edges[-1]
    wide = WIDTH - LEFT - RIGHT
    span = high - low or 1.0

    def x_of(value: float) -> float:
        return LEFT + wide * min(max((value - low) / span, 0.0), 1.0)

    parts = _frame(words, unit) + _y_axis(ticks, "%")
    for i, share in enumerate(shares):
        a, b = x_of(edges[i]), x_of(edges[i + 1])
        y = _y(share, ticks)
        colour = VERMILION if (edges[i] + edges[i + 1]) / 2 < 0 else BLUE
        if share > 0:
            parts.append(_rectangle(a + 0.4, y, max(b - a - 0.8, 0.4), HEIGHT - BOTTOM - y, colour))
    for tick in nice_ticks(low / scale, high / scale):
        if low <= tick * scale <= high:
            at = x_of(tick * scale)
            parts.append(_text(at, HEIGHT - BOTTOM + 14, _short(tick), anchor="middle"))
    if low < 0 < high:
        parts.append(f'<path d="M{x_of(0):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{_INK}"/>')
    spaced: list[float] = []
    for name, value in marks:
        x = x_of(value)
        row = sum(abs(x - other) < 26 for other in spaced)
        spaced.append(x)
        parts.append(
            f'<path d="M{x:.1f} {TOP + 2}V{HEIGHT - BOTTOM}" stroke="{_MUTED}" stroke-dasharray="2 3"/>'
        )
        side = "start" if x < LEFT + 12 else "end" if x > WIDTH - RIGHT - 12 else "middle"
        at = x + {"start": 3, "middle": 0, "end": -3}[side]
        parts.append(_text(at, TOP + 8 + 11 * row, name, anchor=side, size=9, halo=True))
    return _svg(words, parts)


def month_ticks(last: int) -> list[int]:
    """Months to label: whole quarters or years, seven at most."""
    step = next((s for s in (1, 2, 3, 6, 12, 24, 36, 60) if last / s <= 7), 120)
    return list(range(0, last + 1, step))


def nice_ticks(low: float, high: float) -> list[float]:
    """Round numbers from below the lowest to above the highest value."""
    if not high > low:
        high = low + max(1.0, abs(low))
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [i * step + 0.0 for i in range(first, last + 1)]


def _scale(values: Sequence[float]) -> tuple[float, str]:
    """What amounts are divided by, and the name of that unit's text."""
    most = max((abs(v) for v in values), default=0.0)
    if most >= 1e7:
        return 1e6, "million"
    return (1e3, "thousand") if most >= 1e4 else (1.0, "one")


def _y(value: float, ticks: Sequence[float]) -> float:
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _y_axis(ticks: Sequence[float], unit: str = "") -> list[str]:
    parts = []
    for tick in ticks:
        y = _y(tick, ticks)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#{GRID}"/>')
        parts.append(_text(LEFT - 5, y + 4, f"{_short(tick)}{unit}", anchor="end"))
    return parts


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:g}"


def _frame(words: Words, unit: str) -> list[str]:
    return [
        _text(WIDTH / 2, 13, words.title, anchor="middle", weight="bold", size=12),
        _text(WIDTH / 2, HEIGHT - 5, words.axis(words.x, unit), anchor="middle"),
        _text(4, 24, words.axis(words.y, unit), size=9.5, fill=_MUTED),
    ]


def _rectangle(x: float, y: float, wide: float, tall: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="#{colour}"/>'
    )


def _text(
    x: float,
    y: float,
    said: str,
    anchor: str = "start",
    weight: str = "normal",
    size: float = 10.5,
    fill: str = _INK,
    *,
    halo: bool = False,
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}"'
    under = ""
    if halo:  # a white outline below the letters
        outline = 'fill="#fff" stroke="#fff" stroke-width="3" stroke-linejoin="round"'
        under = f'<text {place} {outline} aria-hidden="true">{escape(said)}</text>'
    return f'{under}<text {place} fill="{fill}">{escape(said)}</text>'


def _svg(words: Words, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(words.alt)}">{"".join(parts)}</svg>'
    )
