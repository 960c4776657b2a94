"""The table by year: it adds up as printed, and is the cash flow of the case."""

import random

import pytest

from roi_xl.case.inputs import Case
from roi_xl.report.years import MOST_YEARS, by_year
from tests.oracle import evaluate, random_case


@pytest.mark.parametrize("seed", range(20))
def test_it_adds_up_and_is_the_oracles_flow(seed: int) -> None:
    inputs = random_case(random.Random(seed))
    years = by_year(Case(**inputs))  # type: ignore[arg-type]
    flow = evaluate(inputs)["expected_flow"]
    for y, net in enumerate(years.net):
        assert sum(row[y] for row in years.parts.values()) == pytest.approx(
            net, rel=1e-12, abs=1e-6
        )
        assert sum(years.net[: y + 1]) == pytest.approx(years.cumulative[y], rel=1e-12, abs=1e-6)
        months = 12 * y if y < MOST_YEARS else len(flow)
        wanted = sum(flow[: months + 1])
        assert years.cumulative[y] == pytest.approx(wanted, rel=1e-12, abs=0.500001)
    assert sum(map(years.total, years.parts)) == pytest.approx(years.total("net"), abs=1e-6)
    assert ("failure" in years.parts) <= (Case(**inputs)["success_probability"] < 1)  # type: ignore[arg-type]


def test_the_sample() -> None:
    years = by_year(Case())
    assert years.parts["today"] == [0.0, 36_000.0, 36_000.0, 36_000.0]
    assert years.parts["tuned"] == [0.0, -3_600.0, -3_600.0, -3_600.0]
    assert years.parts["one_off"] == [-2_036.0, 0.0, 0.0, 0.0]
    assert "failure" not in years.parts
    assert years.cumulative == [-2_036.0, 30_364.0, 62_764.0, 95_164.0]
    assert not years.open_ended


def test_the_effect_of_failure_is_the_gap_between_success_and_expectation() -> None:
    years = by_year(Case(success_probability=0.75, horizon_months=12))
    assert years.parts["failure"] == [0.0, -8_100.0]  # a quarter of 32,400, nothing to run
    assert years.net == [-2_036.0, 24_300.0]


def test_many_years_end_in_one_column() -> None:
    years = by_year(Case(horizon_months=120))
    assert years.open_ended
    assert len(years.net) == MOST_YEARS + 1
    assert years.parts["today"][-1] == 36_000.0 * 5  # years 6 to 10
