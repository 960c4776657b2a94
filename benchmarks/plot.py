"""Plots the cost per case in results.json for the documentation: `python -m benchmarks.plot`."""

import json
import math
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.scaling import PACE, count_of

HERE = Path(__file__).parent
TEXTS = {
    "en": ("evaluate_frame {version}: microseconds per case", "cases"),
    "zh": ("evaluate_frame {version}：每个案例所用微秒数", "案例数"),
}
WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 70, 50, 40, 50
_INK, _BLUE = "#333333", "#0072B2"


def svg(rows: list[dict[str, Any]], language: str) -> str:
    """Microseconds per case by number of cases, on logarithmic axes."""
    title, axis = TEXTS[language]
    title = title.format(version=", ".join(dict.fromkeys(row["version"] for row in rows)))
    sizes = [count_of(row) for row in rows]
    costs = [row["ours"] / size * 1e6 for row, size in zip(rows, sizes, strict=True)]
    low, high = (
        10.0 ** math.floor(math.log10(min(costs))),
        10.0 ** math.ceil(math.log10(max(costs))),
    )

    def x(size: float) -> float:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(cost: float) -> float:
        share = math.log(cost / low) / math.log(high / low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    points = [(x(s), y(c)) for s, c in zip(sizes, costs, strict=True)]
    parts = [_text(WIDTH / 2, 20, title, 15)]
    parts += [_text(x(s), HEIGHT - BOTTOM + 20, f"{s:,}") for s in sizes]
    parts.append(_text(WIDTH / 2, HEIGHT - 8, axis))
    mark = low
    while mark <= high * 1.001:
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" stroke="#ddd"/>'
        )
        parts.append(_text(LEFT - 30, y(mark) + 4, f"{mark:,g}"))
        mark *= 10
    line = " L".join(f"{px:.1f} {py:.1f}" for px, py in points)
    parts.append(f'<path d="M{line}" fill="none" stroke="{_BLUE}" stroke-width="2"/>')
    for (px, py), cost in zip(points, costs, strict=True):
        parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{_BLUE}"/>')
        parts.append(_text(px, py - 10, f"{cost:,.3g}"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="{_INK}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, said: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="middle">{escape(said)}</text>'


if __name__ == "__main__":
    measured = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    flat = [row for row in measured if row["peer"].startswith(PACE)]
    for each in TEXTS:
        target = HERE.parent / "docs" / "pictures" / f"scaling_{each}.svg"
        target.write_text(svg(flat, each), encoding="utf-8")
