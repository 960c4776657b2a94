"""The SVG charts: well-formed, escaped, and drawn where the numbers say."""

import itertools
import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.colours import VERMILION
from roi_xl.report.charts import (
    HEIGHT,
    WIDTH,
    TornadoBar,
    Words,
    histogram,
    line_chart,
    month_ticks,
    nice_ticks,
    tornado_chart,
)

NS = "{http://www.w3.org/2000/svg}"
UNITS = {"one": "USD", "thousand": "USD thousand", "million": "USD million"}
WORDS = Words("Cost & <benefit>", "Month", "{unit}", 'The "alt" text', UNITS)
AMOUNT = st.floats(-1e12, 1e12).filter(lambda v: v == 0 or abs(v) > 1e-6)


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert root.tag == f"{NS}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == WORDS.alt
    assert WORDS.title in said(root)
    return root


def said(root: ET.Element) -> list[str | None]:
    return [t.text for t in root.iter(f"{NS}text")]


def rectangles(root: ET.Element) -> list[tuple[float, float, float, float]]:
    names = ("x", "y", "width", "height")
    return [
        (*(float(r.get(n, "nan")) for n in names),)  # type: ignore[misc]
        for r in root.iter(f"{NS}rect")
    ]


def bar(low: float, high: float) -> TornadoBar:
    return TornadoBar("Requests <per> day", low, high, "8,000", "12,000", "break-even 241.8")


def test_the_line_has_a_point_a_month_and_the_payback_month_is_marked() -> None:
    root = parsed(line_chart(WORDS, [-10.0, 0.0, 10.0], 1.0, "repaid after 1.0 months"))
    (line,) = root.iter(f"{NS}polyline")
    points = [tuple(map(float, p.split(","))) for p in line.get("points", "").split()]
    (x0, y0), (x1, y1), (x2, y2) = points
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    assert y2 < y1 < y0  # upwards on the page
    (dot,) = root.iter(f"{NS}circle")
    assert float(dot.get("cx", "nan")) == pytest.approx(x1, abs=0.2)
    assert float(dot.get("cy", "nan")) == pytest.approx(y1, abs=0.2)
    assert "repaid after 1.0 months" in said(root)


def test_what_is_never_repaid_has_no_mark_on_the_line() -> None:
    root = parsed(line_chart(WORDS, [-10.0, -9.0], math.inf, "not repaid within 1 month"))
    assert not list(root.iter(f"{NS}circle"))
    assert "not repaid within 1 month" in said(root)


def test_tornado_bars_run_from_zero_and_say_their_values() -> None:
    root = parsed(tornado_chart(WORDS, [bar(-20.0, 20.0), bar(10.0, -10.0)]))
    low, high, low2, high2 = rectangles(root)
    centre = low[0] + low[2]
    assert high[0] == pytest.approx(centre, abs=0.2)
    assert low2[0] == pytest.approx(centre, abs=0.2)  # its low value makes the result larger
    assert high2[0] + high2[2] == pytest.approx(centre, abs=0.2)
    assert low[2] == pytest.approx(2 * low2[2], abs=0.2)
    for words in ("Requests <per> day", "8,000", "12,000", "break-even 241.8"):
        assert said(root).count(words) == 2


def test_a_histogram_shows_both_humps_and_losses_in_another_colour() -> None:
    counts = [30, 0, 0, 70]
    root = parsed(histogram(WORDS, [-20.0, -10.0, 0.0, 10.0, 20.0], counts, [("P50", 15.0)]))
    failed, succeeded = rectangles(root)
    assert succeeded[3] / failed[3] == pytest.approx(70 / 30, rel=0.01)
    assert failed[0] + failed[2] < succeeded[0]
    fills = [r.get("fill") for r in root.iter(f"{NS}rect")]
    assert fills[0] == f"#{VERMILION}" != fills[1]
    assert "P50" in said(root)


@given(st.lists(AMOUNT, min_size=2, max_size=8))
def test_everything_stays_inside_the_picture(values: list[float]) -> None:
    edges = sorted({*values, values[0] + 1.0})
    for svg in (
        line_chart(WORDS, values, 1.5, "repaid"),
        tornado_chart(WORDS, [bar(v, w) for v, w in zip(values, values[::-1], strict=True)]),
        histogram(WORDS, edges, [1] * (len(edges) - 1), [("P10", values[0])]),
    ):
        for x, y, wide, tall in rectangles(parsed(svg)):
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


@pytest.mark.parametrize(("last", "step"), [(5, 1), (12, 2), (36, 6), (60, 12), (600, 120)])
def test_months_are_labelled_at_round_distances(last: int, step: int) -> None:
    ticks = month_ticks(last)
    assert ticks[0] == 0
    assert {b - a for a, b in itertools.pairwise(ticks)} == {step}
    assert ticks[-1] + step > last
