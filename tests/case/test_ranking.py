"""Alternatives, ranked, and what each has cost month by month."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl import Case, evaluate_case
from roi_xl.case.ranking import (
    Curve,
    compare,
    crossings,
    cumulative_costs,
    serve_alike,
)
from roi_xl.case.study import Study, Typed
from roi_xl.examples import ALTERNATIVES, alternatives
from roi_xl.report.alternatives import alternative_studies
from roi_xl.report.alternatives import alternatives as alternatives_of
from roi_xl.text import speaking


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


TOKENS: dict[str, Any] = {
    "input_tokens": 500,
    "output_tokens": 200,
    "current_input_price": 2.0,
    "current_output_price": 8.0,
    "extra_input_tokens_current": 3000,
    "daily_requests": 1000,
    "horizon_months": 24,
}


def test_tuned_prompted_and_retrieved_by_hand() -> None:
    """30,000 requests a month, at today's 3,500 × 2 + 200 × 8 = 8,600 per million requests."""
    tuned = Case(
        **TOKENS,
        data_preparation_hours=100,
        training_hours=0,
        finetuned_input_price=3.0,
        finetuned_output_price=12.0,
    )
    prompted = Case(
        **TOKENS, data_preparation_hours=4, training_hours=0, finetuned_cost_per_request=0.0066
    )
    retrieved = Case(
        **TOKENS,
        data_preparation_hours=20,
        training_hours=0,
        finetuned_cost_per_request=0.004,
        finetuned_fixed_cost_per_month=30,
    )
    curves = cumulative_costs([Study(c) for c in (tuned, prompted, retrieved)])
    month = np.arange(25)
    # tuned: 500 × 3 + 200 × 12 = 3,900 per million requests
    for curve, once, monthly in zip(
        curves, (0, 5000, 200, 1000), (258, 117, 198, 120 + 30), strict=True
    ):
        assert curve.cumulative is not None
        np.testing.assert_allclose(curve.cumulative, once + monthly * month, rtol=1e-12)
    found = {(c.cheaper, c.dearer): (c.month, c.after_months) for c in crossings(curves)}
    # 200 ÷ 60, 1,000 ÷ 108, 800 ÷ 48; 5,000 ÷ 141 is beyond the horizon
    assert {k: v[0] for k, v in found.items()} == {(2, 0): 4, (3, 0): 10, (3, 2): 17}
    assert found[2, 0][1] == pytest.approx(200 / 60)
    assert found[3, 0][1] == pytest.approx(1000 / 108)
    assert found[3, 2][1] == pytest.approx(800 / 48)


def test_what_is_not_served_yet_is_paid_at_todays_cost() -> None:
    """Two months of building, then half, then all of 300,000 requests at 0.001 instead of 0.01."""
    case = Case(build_months=2, ramp_months=2, horizon_months=5, retirement_month=4)
    today, tuned = cumulative_costs([Study(case)])
    assert today.cumulative is not None
    assert tuned.cumulative is not None
    assert np.diff(today.cumulative) == pytest.approx([3000] * 5)
    assert np.diff(tuned.cumulative) == pytest.approx([3000, 3000, 1650, 300, 3000])


CASES = st.fixed_dictionaries(
    {},
    optional={
        "daily_requests": st.floats(1, 1e5),
        "build_months": st.integers(0, 6),
        "ramp_months": st.integers(0, 6),
        "monthly_volume_growth": st.floats(-0.1, 0.1),
        "current_price_decline_per_year": st.floats(0, 0.5),
        "finetuned_price_decline_per_year": st.floats(0, 0.5),
        "current_fixed_cost_per_month": st.floats(0, 5000),
        "finetuned_fixed_cost_per_month": st.floats(0, 5000),
        "versioning_hours_per_month": st.floats(0, 30),
        "retirement_month": st.integers(1, 24),
    },
)


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_equal_to_a_sum_month_by_month(values: dict[str, Any]) -> None:
    """Savings in cost are what the cash flow has, so the curves differ by its running total."""
    case = Case(horizon_months=24, **values)
    tuned = cumulative_costs([Study(case)])[1]
    total = 0.0
    for month in range(25):
        age = month - case["build_months"]
        live = age >= 1 and month <= case["retirement_month"]
        use = min(1.0, age / case["ramp_months"]) if case["ramp_months"] else 1.0
        use = use if live else 0.0
        grown = (1 + case["monthly_volume_growth"]) ** max(age - 1, 0)
        requests = case["daily_requests"] * 30 * grown
        old = 0.01 * (1 - case["current_price_decline_per_year"]) ** (month / 12)
        new = 0.001 * (1 - case["finetuned_price_decline_per_year"]) ** (month / 12)
        if month == 0:
            total = 2036.0
        else:
            total += requests * (use * new + (1 - use) * old)
            total += (1 - use) * case["current_fixed_cost_per_month"]
            if live:
                total += case["finetuned_fixed_cost_per_month"]
                total += 50 * case["versioning_hours_per_month"]
        assert tuned.cumulative is not None
        assert tuned.cumulative[month] == pytest.approx(total, rel=1e-9)


def test_crossings_of_drawn_curves() -> None:
    def curve(*values: float) -> Curve:
        return Curve("", np.array(values, float))

    (twice, back) = crossings([curve(0, 2, 4, 6), curve(1, 1, 5, 5)])[:2]
    assert (twice.cheaper, twice.dearer, twice.month, twice.after_months) == (1, 0, 1, 0.5)
    assert (back.cheaper, back.dearer, back.month, back.after_months) == (0, 1, 2, 1.5)
    # they touch and part again; run together and part on the other side; have no result
    assert crossings([curve(0, 1, 2), curve(1, 1, 3)]) == []
    (late,) = crossings([curve(0, 1, 2, 5), curve(1, 1, 2, 3)])
    assert (late.cheaper, late.month, late.after_months) == (1, 3, 1.0)
    assert crossings([curve(0, 2), Curve("", None)]) == []


def test_a_curve_needs_a_result() -> None:
    curves = cumulative_costs([Study(Case()), Study(Case(serving_gpu_cost_per_hour=2))])
    assert curves[2].cumulative is None
    assert curves[1].cumulative is not None
    assert cumulative_costs([]) == []


def test_requests_that_differ_are_told() -> None:
    assert serve_alike([Study(Case()), Study(Case(hourly_rate=5))])
    assert not serve_alike([Study(Case()), Study(Case(daily_requests=5))])


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {
            "build_months": 2,
            "ramp_months": 3,
            "contingency_share": 0.1,
            "other_one_off_cost": 500,
            "engineer_hours_per_iteration": 8,
            "versioning_hours_per_month": 5,
            "retrainings_per_year": 4,
            "cost_per_retraining": 300,
            "hours_saved_per_month": 20,
            "quality_value_per_month": 250,
            "current_error_rate": 0.05,
            "cost_per_error": 0.02,
            "current_price_decline_per_year": 0.2,
            "wage_growth_per_year": 0.03,
            "retirement_month": 20,
            "success_probability": 0.7,
        },
    ],
)
def test_alternatives_of_a_workbook_are_worth_what_its_sheet_says(inputs: dict[str, Any]) -> None:
    typed = Typed(alternatives=(("mine", {"people_share": 0.3}), ("", {"request_share": 0.6})))
    study = Study(Case(**inputs), typed=typed)
    found = alternative_studies(study)
    with speaking("en"):
        sheet = alternatives_of(study, evaluate_case(study.live_case, "en"))[:2]
    for case, way in zip(found, sheet, strict=True):
        results = evaluate_case(case.case, "en")
        assert results["total_cost"] == pytest.approx(way.total_cost)
        assert results["npv"] == pytest.approx(way.npv)
        assert results["payback_months"] == pytest.approx(way.payback_months)
        assert results["recommendation"] == way.recommendation
    assert found[0].name("en") == "mine"
    # 40 hours × 50 × 0.3, and 500 × 0.3; compute is left out by the first way's own share
    if not inputs:
        assert evaluate_case(found[0].case)["total_cost"] == pytest.approx(600)
    assert alternative_studies(Study()) == []
