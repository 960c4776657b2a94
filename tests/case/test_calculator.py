"""Parity with the source document's calculator, and its errata."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FinetuningCost, InferenceSavings, ZeroBaseError, calculate_roi

# "示例：客服场景" of the source: 40 h × 50 + 3 × 4 × 3 = 2036; 10000 × 0.009 × 30 = 2700;
# 2036 / 2700 = 0.754 → 0.8; (32400 − 2036) / 2036 = 14.9136 → 1491.4 (its comment says 1492.4).
SAMPLE = {
    "total_investment_usd": 2036.0,
    "monthly_savings_usd": 2700.0,
    "payback_months": 0.8,
    "annual_roi_pct": 1491.4,
    "recommendation": "强烈推荐",
}


def sample_cost() -> FinetuningCost:
    return FinetuningCost(
        data_preparation_hours=40, training_hours=4, num_iterations=3, gpu_cost_per_hour=3.0
    )


def test_customer_service_example() -> None:
    savings = InferenceSavings(
        daily_requests=10000, current_cost_per_request=0.01, finetuned_cost_per_request=0.001
    )
    assert calculate_roi(sample_cost(), savings) == SAMPLE
    assert list(calculate_roi(sample_cost(), savings)) == list(SAMPLE)


def test_properties_and_defaults_of_the_source() -> None:
    cost = FinetuningCost(10)
    assert (cost.hourly_rate_usd, cost.gpu_cost_per_hour) == (50.0, 3.0)
    assert (cost.training_hours, cost.num_iterations) == (8.0, 3)
    assert cost.total_data_cost == 500.0
    assert cost.total_compute_cost == 72.0  # 3 × 8 × 3
    assert cost.total_cost == 572.0
    savings = InferenceSavings(200, 0.5, 0.25)
    assert savings.daily_savings == 50.0
    assert savings.monthly_savings == 1500.0


@pytest.mark.parametrize(("current", "tuned"), [(0.001, 0.001), (0.001, 0.01)])
def test_no_savings_never_pays_back(current: float, tuned: float) -> None:
    result = calculate_roi(sample_cost(), InferenceSavings(10000, current, tuned))
    assert result["payback_months"] == math.inf
    assert result["recommendation"] == "不建议"


def test_no_investment() -> None:
    with pytest.raises(ZeroBaseError):
        calculate_roi(FinetuningCost(0, gpu_cost_per_hour=0), InferenceSavings(10, 1.0, 0.5))


@pytest.mark.parametrize(
    ("payback", "expected"),
    [
        (1.96, "强烈推荐"),  # shown as 2.0: classified before rounding
        (2.0, "推荐"),
        (5.96, "推荐"),
        (6.0, "需谨慎评估"),
        (11.96, "需谨慎评估"),
        (12.0, "不建议"),
    ],
)
def test_thresholds_are_strict_and_unrounded(payback: float, expected: str) -> None:
    # one request a day saving 1 USD for 30 days is 30 USD a month; hours × 30 USD cost payback × 30
    cost = FinetuningCost(payback, hourly_rate_usd=30.0, gpu_cost_per_hour=0)
    assert calculate_roi(cost, InferenceSavings(1, 1.0, 0.0))["recommendation"] == expected


def source_document(
    hours: float,
    rate: float,
    gpu: float,
    training: float,
    runs: int,
    requests: int,
    now: float,
    tuned: float,
) -> dict[str, Any]:
    """The source's own arithmetic, line by line."""
    total = hours * rate + gpu * training * runs
    monthly = requests * (now - tuned) * 30
    payback = total / monthly if monthly > 0 else float("inf")
    roi = (monthly * 12 - total) / total * 100
    verdict = (
        "强烈推荐"
        if payback < 2
        else "推荐"
        if payback < 6
        else "需谨慎评估"
        if payback < 12
        else "不建议"
    )
    return {
        "total_investment_usd": round(total, 2),
        "monthly_savings_usd": round(monthly, 2),
        "payback_months": round(payback, 1),
        "annual_roi_pct": round(roi, 1),
        "recommendation": verdict,
    }


@given(
    hours=st.floats(0.5, 500),
    rate=st.floats(1, 300),
    gpu=st.floats(0, 20),
    training=st.floats(0, 200),
    runs=st.integers(1, 20),
    requests=st.integers(0, 10**6),
    now=st.floats(0, 0.5),
    tuned=st.floats(0, 0.5),
)
def test_same_as_the_source_document(
    hours: float,
    rate: float,
    gpu: float,
    training: float,
    runs: int,
    requests: int,
    now: float,
    tuned: float,
) -> None:
    expected = source_document(hours, rate, gpu, training, runs, requests, now, tuned)
    found = calculate_roi(
        FinetuningCost(hours, rate, gpu, training, runs), InferenceSavings(requests, now, tuned)
    )
    assert found["recommendation"] == expected["recommendation"]
    for key in ("total_investment_usd", "monthly_savings_usd", "payback_months", "annual_roi_pct"):
        # rounding may fall to either side when two orders of multiplication differ in the last bit
        unit = 0.01 if key.endswith("usd") else 0.1
        assert found[key] == pytest.approx(expected[key], rel=1e-12, abs=unit * 1.0001)
