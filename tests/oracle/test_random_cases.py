"""Random cases are valid, of every kind and repeatable; their figures fit together."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hypothesis import given

from tests.oracle import DEFAULTS, Value, cases, evaluate, random_case
from tests.oracle.random_cases import on_a_step

near = pytest.approx


@given(cases())
def test_identities(inputs: dict[str, Value]) -> None:
    case = evaluate(inputs)
    lines = case["lines"]
    p = float(inputs.get("success_probability", 1) or 0)
    scale = sum(map(abs, case["success_flow"] + case["failure_flow"])) + 1
    mixed = p * case["npv_if_success"] + (1 - p) * case["npv_if_failure"]
    assert case["npv"] == near(mixed, abs=1e-11 * scale)
    assert set(inputs) <= set(DEFAULTS)
    for month, net in enumerate(case["success_flow"]):
        came = lines["current_model_cost"][month] + lines["current_fixed_cost"][month]
        came += lines["quality"][month]
        went = lines["finetuned_model_cost"][month] + lines["finetuned_fixed_cost"][month]
        went += lines["serving_cost"][month] + lines["run_cost"][month]
        went += case["total_cost"] if month == 0 else 0
        assert net == near(came - went, abs=1e-11 * scale)
    if case["irr"] is not None and -0.9999 < case["irr"] < 1e6:
        worth = math.fsum(
            net / (1 + case["irr"]) ** (month / 12)
            for month, net in enumerate(case["expected_flow"])
        )
        count = math.fsum(
            abs(net) / (1 + case["irr"]) ** (month / 12)
            for month, net in enumerate(case["expected_flow"])
        )
        assert abs(worth) <= 1e-9 * count


def test_random_cases_are_of_every_kind() -> None:
    """Each kind in at least 10 of 600 cases, so that 100 cases are likely to have it."""
    count: Counter[str] = Counter()
    for seed in range(600):
        inputs = random_case(random.Random(seed))
        case = evaluate(inputs)
        count[f"class {case['recommendation']}"] += 1
        count["never"] += case["payback_months"] == math.inf
        count["no irr"] += case["irr"] is None
        count["irr"] += case["irr"] is not None
        count["self-hosted"] += any(case["lines"]["gpus"])
        count["stepping"] += len({n for n in case["lines"]["gpus"] if n}) > 1
        count["failure turns it"] += case["npv_if_success"] > 0 > case["npv"]
        count["never live"] += not any(case["lines"]["requests"]) and inputs["daily_requests"] != 0
        count["saves nothing"] += case["source_monthly_savings"] == 0
        count["saves less"] += case["source_monthly_savings"] < 0
        count["growth"] += "monthly_volume_growth" in inputs
        count["hosted"] += case["hosted_training_cost"] > 0
        count["poor quality"] += any(value < 0 for value in case["lines"]["quality"])
        count["not as the source"] += case["recommendation"] != case["source_recommendation"]
    assert min(count.values()) >= 10, count
    assert len(count) == 17


def test_the_same_seed_gives_the_same_case() -> None:
    one, two = (random_case(random.Random(5)) for _ in range(2))
    assert one == two
    assert one != random_case(random.Random(6))


@pytest.mark.parametrize(
    "inputs",
    [
        {
            "daily_requests": 10000,
            "current_cost_per_request": 0.01,
            "data_preparation_hours": 108,
            "gpu_count": 0,
            "finetuned_cost_per_request": 0.001,
        },  # 5400 ÷ 2700 = 2 months
        {
            "daily_requests": 8000,
            "serving_gpu_cost_per_hour": 2,
            "serving_requests_per_gpu_hour": 500,
        },  # 8000 × 3 ÷ 24 ÷ 500 = 2 GPUs
    ],
)
def test_cases_on_a_step_are_left_out(inputs: dict[str, Value]) -> None:
    assert on_a_step(inputs)
    assert not on_a_step({**inputs, "daily_requests": 9000.5})
