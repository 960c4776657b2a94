"""The richer cash flow of a case: neutral by default, each extra by hand, the same in bulk."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, Case, ErrorValue, evaluate_case
from roi_xl.case.cash_flow import cash_flow

SHAPE = {
    "horizon_months": st.sampled_from([1.0, 24.0, 36.0]),
    "build_months": st.sampled_from([0.0, 2.0, 2.5, 40.0]),
    "ramp_months": st.sampled_from([0.0, 3.0]),
    "monthly_volume_growth": st.sampled_from([0.0, 0.05, -1.0]),
    "retirement_month": st.sampled_from([math.inf, 0.0, 12.0]),
    "annual_discount_rate": st.sampled_from([0.0, 0.1, 10.0]),
    "current_cost_per_request": st.sampled_from([0.01, 0.001, 0.0005]),
}


@given(values=st.fixed_dictionaries(SHAPE))
def test_neutral_extras_give_the_plain_functions(values: dict[str, Any]) -> None:
    found, case = evaluate_case(values, "en"), Case(**values)
    shape = [case[n] for n in ("horizon_months", "build_months", "ramp_months")]
    shape += [case["monthly_volume_growth"], case["retirement_month"]]
    base = [found["total_cost"], found["monthly_savings"], *shape]
    table = np.array(FUNCTIONS["FT_CASHFLOW"](*base))
    flow = cash_flow(case)
    assert flow["net_cash_flow"] == pytest.approx(table[:, 1], rel=1e-9)
    assert flow["cumulative_cash_flow"] == pytest.approx(table[:, 2], rel=1e-9, abs=1e-6)
    rate = case["annual_discount_rate"]
    assert found["npv"] == pytest.approx(FUNCTIONS["FT_NPV"](rate, *base), rel=1e-9)
    assert sum(flow["discounted_cash_flow"]) == pytest.approx(found["npv"], rel=1e-9)
    paid = FUNCTIONS["FT_DISCOUNTED_PAYBACK"](rate, *base)
    assert found["discounted_payback_months"] == pytest.approx(
        math.inf if paid == "never" else paid, rel=1e-9
    )


def test_the_sources_result_stands() -> None:
    found = evaluate_case(language="zh")
    assert found["payback_months"] == pytest.approx(2036 / 2700)
    assert found["recommendation"] == "强烈推荐"
    assert found["irr_state"] == "回本期太短，IRR 数值虚高，容易误导；请看净现值"


def test_every_extra_by_hand() -> None:
    case = Case(
        horizon_months=3,
        build_months=1,
        monthly_volume_growth=0.1,
        current_price_decline_per_year=1 - 0.5**12,  # halves every month
        quality_value_per_month=100,
        success_probability=0.8,
        regression_test_hours_per_month=2,  # 2 × 50 USD
        annual_discount_rate=0,
    )
    flow = cash_flow(case)
    # month 2: 300,000 requests × (0.0025 - 0.001) + 100 - 100 in 8 of 10 cases, else - 100
    # month 3: 330,000 requests × (0.00125 - 0.001) + 100 - 100 in 8 of 10 cases, else - 100
    expected = [-2036, 0, 0.8 * 450 - 0.2 * 100, 0.8 * 82.5 - 0.2 * 100]
    assert flow["net_cash_flow"] == pytest.approx(expected)
    found = evaluate_case(case, "en")
    assert found["npv"] == pytest.approx(sum(expected))
    assert found["pv_current_model"] - found["pv_finetuned_model"] == pytest.approx(450 + 82.5)
    assert found["pv_run_cost"] == found["pv_failure_cost"] == pytest.approx(200)
    assert found["npv_if_failure"] == pytest.approx(-2236)
    assert found["net_total"] == pytest.approx(sum(expected))
    assert found["roi_over_horizon"] == pytest.approx(sum(expected) / 2036)
    assert found["annualised_roi"] == pytest.approx((1 + sum(expected) / 2036) ** 4 - 1)


def test_falling_prices_that_turn_savings_into_losses_are_said() -> None:
    found = evaluate_case(
        language="en", daily_requests=300, current_price_decline_per_year=0.95, horizon_months=36
    )
    assert found["sign_changes"] == 2
    assert "several rates" in found["irr_state"]


def test_no_investment_and_no_savings() -> None:
    free = evaluate_case(
        language="en", data_preparation_hours=0, training_hours=0, daily_requests=1
    )
    assert free["roi_over_horizon"] == ErrorValue.DIV0
    assert free["irr"] == ErrorValue.NUM
    assert free["payback_months"] == 0
    idle = evaluate_case(language="en", daily_requests=0)
    assert idle["payback_months"] == math.inf
    assert idle["npv"] == -2036
    assert idle["annualised_roi"] == -1
    assert idle["recommendation"] == "Not recommended"
    worse = evaluate_case(language="en", finetuned_cost_per_request=0.02)
    assert worse["annualised_roi"] == ErrorValue.NUM


@given(st.lists(st.fixed_dictionaries(SHAPE), min_size=2, max_size=6))
@settings(max_examples=20)
def test_bad_rows_spoil_only_themselves(rows: list[dict[str, float]]) -> None:
    columns: dict[str, list[float]] = {n: [row[n] for row in rows] for n in rows[0]}
    columns["horizon_months"][0] = -1
    found = evaluate_case(columns, "en")
    for name in ("npv", "payback_months", "irr"):
        assert found[name][0] == ErrorValue.NUM
        assert found[name][1] == evaluate_case(rows[1], "en")[name]


def test_many_cases_in_bounded_memory() -> None:
    growth = np.linspace(-0.02, 0.02, 30_000)
    found = evaluate_case(language="en", monthly_volume_growth=growth, daily_requests=[100.0])
    one = evaluate_case(language="en", monthly_volume_growth=growth[-1], daily_requests=100)
    for name in ("npv", "payback_months", "net_total"):
        assert found[name][-1] == one[name]
