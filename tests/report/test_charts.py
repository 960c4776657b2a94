"""The SVG charts: well-formed, escaped, and drawn where the numbers say."""

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.report.charts import (
    HEIGHT,
    WIDTH,
    Words,
    column_chart,
    line_chart,
    nice_ticks,
    tornado_chart,
)

NS = "{http://www.w3.org/2000/svg}"
WORDS = Words("Cost & <benefit>", "Month", "USD", 'The "alt" text')
AMOUNT = st.floats(-1e12, 1e12).filter(lambda v: v == 0 or abs(v) > 1e-6)


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert root.tag == f"{NS}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == WORDS.alt
    assert WORDS.title in [t.text for t in root.iter(f"{NS}text")]
    return root


def bars(root: ET.Element) -> list[tuple[float, float, float, float]]:
    names = ("x", "y", "width", "height")
    return [
        (*(float(r.get(n, "nan")) for n in names),)  # type: ignore[misc]
        for r in root.iter(f"{NS}rect")
    ]


def test_columns_stand_on_zero_and_are_as_high_as_their_values() -> None:
    root = parsed(column_chart(WORDS, ["a", "b", "c"], [100.0, 50.0, -50.0], "{:,.0f}"))
    (_, top, _, tall), (_, top2, _, half), (_, below, _, under) = bars(root)
    assert tall == pytest.approx(2 * half, abs=0.2)
    assert under == pytest.approx(half, abs=0.2)
    assert top + tall == pytest.approx(top2 + half, abs=0.2)  # both end on the zero line,
    assert below == pytest.approx(top + tall, abs=0.2)  # and the negative one begins there


def test_a_line_has_a_point_a_month_and_lines_differ_in_dash() -> None:
    root = parsed(line_chart(WORDS, ["one", "two"], [[-10.0, 0.0, 10.0], [-10.0, -1.0, 8.0]]))
    lines = list(root.iter(f"{NS}polyline"))
    points = [p.split(",") for p in lines[0].get("points", "").split()]
    assert len(points) == 3
    (x0, y0), (x1, y1), (x2, y2) = [(float(x), float(y)) for x, y in points]
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    assert y2 < y1 < y0  # upwards on the page
    assert [line.get("stroke-dasharray") for line in lines] == [None, "6 4"]


def test_tornado_bars_run_from_the_centre() -> None:
    root = parsed(tornado_chart(WORDS, ["volume", "price"], [-10.0, 20.0], [30.0, 0.0], 10.0))
    low, high, low2, high2 = bars(root)
    centre = low[0] + low[2]
    assert high[0] == pytest.approx(centre, abs=0.2)
    assert low2[0] == pytest.approx(centre, abs=0.2)  # its low value makes the result larger
    assert high2[0] + high2[2] == pytest.approx(centre, abs=0.2)
    assert low[2] == pytest.approx(2 * low2[2], abs=0.2)


@given(st.lists(AMOUNT, min_size=1, max_size=8))
def test_everything_stays_inside_the_picture(values: list[float]) -> None:
    labels = ["<x>"] * len(values)
    for svg in (
        column_chart(WORDS, labels, values, "{:,.0f}"),
        line_chart(WORDS, ["line"], [values]),
        tornado_chart(WORDS, labels, values, values[::-1], values[0]),
    ):
        root = parsed(svg)
        for x, y, wide, tall in bars(root):
            assert -1 <= x <= x + wide <= WIDTH + 1
            assert -1 <= y <= y + tall <= HEIGHT + 1


@given(AMOUNT, AMOUNT)
def test_ticks_are_round_even_and_cover_the_values(a: float, b: float) -> None:
    low, high = sorted((a, b))
    ticks = nice_ticks(low, high)
    span = ticks[-1] - ticks[0]
    assert ticks[0] <= low + span * 1e-9
    assert ticks[-1] >= high - span * 1e-9
    assert 2 <= len(ticks) <= 8
    steps = [y - x for x, y in itertools.pairwise(ticks)]
    assert max(steps) - min(steps) <= span * 1e-6
