"""Alternatives, ranked."""

import pytest

from roi_xl import Case, evaluate_case
from roi_xl.case.ranking import compare
from roi_xl.case.study import Study
from roi_xl.examples import ALTERNATIVES, alternatives


def test_the_highest_value_comes_first() -> None:
    studies = [Study(Case(daily_requests=n)) for n in (100, 10000, 1000, 100)]
    found = compare(studies)
    assert [e.study.case["daily_requests"] for e in found] == [10000, 1000, 100, 100]
    assert [e.rank for e in found] == [1, 2, 3, 3]
    assert found[0].results["npv"] == evaluate_case()["npv"]


def test_the_examples_ship_with_names_and_costs_of_their_own() -> None:
    found = alternatives()
    assert len(found) == len(ALTERNATIVES) == 6
    assert len({s.name("zh") for s in found}) == len({s.name("en") for s in found}) == 6
    costs = [evaluate_case(s.case)["total_cost"] for s in found]
    assert len(set(costs)) == 6
    # 16 hours at 50 USD and no training
    assert costs[0] == pytest.approx(800)


def test_examples_stand_beside_a_case() -> None:
    case = Case(daily_requests=77, hourly_rate=90)
    for study in alternatives(case):
        assert study.case["daily_requests"] == 77
        assert study.case["hourly_rate"] == 90
