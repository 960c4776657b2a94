"""The month-by-month computation against figures worked by hand, with the arithmetic beside them."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest

from tests.oracle import Value, evaluate
from tests.oracle.flows import classify, internal_rate, payback

near = pytest.approx
# no GPUs, 10 hours at 100: an investment of 1000
PLAIN: dict[str, Value] = {"data_preparation_hours": 10, "hourly_rate": 100, "gpu_count": 0}


def test_it_shares_no_code_with_the_product() -> None:
    for path in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {"roi_xl", "numpy"}, path.name


# --- the source's example ------------------------------------------------------------------------


def test_the_sample() -> None:
    """40 × 50 + 3 × 4 × 3 = 2036; 10000 × 30 × (0.01 − 0.001) = 2700; 2036 ÷ 2700 = 0.754…"""
    case = evaluate({})
    assert case["data_cost"] == 2000
    assert case["compute_cost"] == 36
    assert case["people_cost"] == case["hosted_training_cost"] == 0
    assert case["total_cost"] == 2036
    assert case["maintenance_cost_per_month"] == 0
    assert case["monthly_savings"] == near(2700)
    assert case["payback_months"] == near(0.7540740740740741)
    assert case["recommendation"] == 0
    assert case["success_flow"] == near([-2036, *[2700] * 36])
    assert case["expected_flow"] == case["success_flow"]


def test_the_sample_by_the_source_formulas() -> None:
    """(12 × 2700 − 2036) ÷ 2036 = 30364 ÷ 2036 = 14.9136, not the 14.924 of the comment."""
    case = evaluate({})
    assert case["source_total_cost"] == 2036
    assert case["source_monthly_savings"] == near(2700)
    assert case["source_payback_months"] == near(2036 / 2700)
    assert case["source_annual_roi"] == near(14.9136, abs=5e-5)
    assert case["source_recommendation"] == 0
    other = evaluate({"days_per_month": 20})
    assert other["monthly_savings"] == near(1800)
    assert other["source_monthly_savings"] == near(2700)  # always 30 days


def test_the_sample_over_36_months() -> None:
    """2700 × (1 − 1.1⁻³) ÷ i − 2036 with i = 1.1^(1/12) − 1: 31.186458 × 2700 − 2036."""
    case = evaluate({})
    monthly = 0.007974140428903764
    assert case["npv"] == near(2700 * (1 - 1 / 1.331) / monthly - 2036)
    assert case["npv"] == near(82167.44, abs=0.005)
    # 2036 = 2700 ÷ (1 + i) × x: month 1 alone brings 2678.64, so 2036 ÷ 2678.64 of it
    assert case["discounted_payback_months"] == near(2036 * 1.007974140428903764 / 2700)
    # i is so high that only few months count: 2036 = 2700 × (1 − (1 + i)⁻³⁶) ÷ i, i = 1.32613…
    assert case["irr"] is not None
    i = (1 + case["irr"]) ** (1 / 12) - 1
    assert 2700 * (1 - (1 + i) ** -36) / i == near(2036, rel=1e-12)


# --- one-off cost --------------------------------------------------------------------------------


def test_every_part_of_the_one_off_cost() -> None:
    """Data 40×50 + 1000×0.2 = 2200, compute 3×4×2×8 = 192, people 10×50×2 = 1000."""
    case = evaluate(
        {
            "labelled_samples": 1000,
            "label_cost_per_sample": 0.2,
            "num_iterations": 2,
            "gpu_count": 8,
            "engineer_hours_per_iteration": 10,
        }
    )
    assert case["data_cost"] == 2200
    assert case["compute_cost"] == 192
    assert case["people_cost"] == 1000
    assert case["total_cost"] == 3392
    assert case["source_total_cost"] == 2024  # 2000 + 3 × 4 × 2: the source has no GPU count


def test_hosted_training() -> None:
    """2000 × 500 × 3 = 3 million tokens × 25 = 75 a run, × 3 runs = 225, and no GPUs."""
    inputs: dict[str, Value] = {
        "training_samples": 2000,
        "tokens_per_sample": 500,
        "epochs": 3,
        "hosted_training_price": 25,
        "gpu_count": 0,
    }
    case = evaluate(inputs)
    assert case["hosted_training_cost"] == 225
    assert case["compute_cost"] == 0
    assert case["total_cost"] == 2225
    assert evaluate({**inputs, "gpu_count": 1})["total_cost"] == 2261  # GPUs are not switched off


def test_contingency_covers_the_whole_one_off_cost() -> None:
    """(2036 + 225 + 739) × 1.1 = 3300; the source's total stays 2036."""
    case = evaluate(
        {"other_one_off_cost": 739, "hosted_training_price": 50, "contingency_share": 0.1}
    )
    assert case["hosted_training_cost"] == 225  # 1000 × 500 × 3 = 1.5 million × 50 × 3 runs
    assert case["total_cost"] == near(3300)
    assert case["success_flow"][0] == near(-3300)
    assert case["source_total_cost"] == 2036


# --- costs per request ---------------------------------------------------------------------------


TOKENS: dict[str, Value] = {
    "input_tokens": 1000,
    "output_tokens": 200,
    "extra_input_tokens_current": 500,
    "cached_input_share": 0.4,
    "current_input_price": 2,
    "current_cached_input_price": 1,
    "current_output_price": 8,
    "finetuned_input_price": 0.2,
    "finetuned_cached_input_price": 0.1,
    "finetuned_output_price": 0.8,
}


def test_costs_from_tokens() -> None:
    """Today 1500 in: 900×2 + 600×1 + 200×8 = 4000; tuned 1000: 600×.2 + 400×.1 + 200×.8 = 320."""
    case = evaluate(TOKENS)
    assert case["current_cost_per_request"] == near(0.004)
    assert case["finetuned_cost_per_request"] == near(0.00032)
    assert case["monthly_savings"] == near(1104)  # 300000 × 0.00368


def test_a_typed_cost_wins_over_tokens_on_its_own_side() -> None:
    case = evaluate({**TOKENS, "current_cost_per_request": 0.02, "batch_share": 1})
    assert case["current_cost_per_request"] == 0.02
    assert case["finetuned_cost_per_request"] == near(0.00032)


def test_batch_share() -> None:
    """A quarter at half price: 1 − 0.25 + 0.25 × 0.5 = 0.875 of 0.004; tuned without a ratio."""
    case = evaluate({**TOKENS, "batch_share": 0.25}, current_batch_ratio=0.5)
    assert case["current_cost_per_request"] == near(0.0035)
    assert case["finetuned_cost_per_request"] == near(0.00032)


# --- month by month ------------------------------------------------------------------------------

# ⌈24000 × 3 ÷ 24 ÷ 1900⌉: 1.58, doubled 3.16, doubled 6.32
SELF_HOSTED: dict[str, Value] = {
    "horizon_months": 3,
    "monthly_volume_growth": 1,
    "daily_requests": 24000,
    "serving_gpu_cost_per_hour": 2,
    "serving_requests_per_gpu_hour": 1900,
}


def test_gpus_step_with_volume() -> None:
    """A GPU costs 2 × 24 × 30 = 1440 a month.

    Month 1: 720000 × 0.01 = 7200 − 2 × 1440 = 4320; month 2: 14400 − 4 × 1440 = 8640; month 3:
    28800 − 7 × 1440 = 18720. Repaid after 2036 ÷ 4320 of the first month.
    """
    case = evaluate(SELF_HOSTED)
    assert case["finetuned_cost_per_request"] == 0
    assert case["lines"]["requests"] == [0, 720000, 1440000, 2880000]
    assert case["lines"]["gpus"] == [0, 2, 4, 7]
    assert case["lines"]["serving_cost"] == [0, 2880, 5760, 10080]
    assert case["lines"]["finetuned_model_cost"] == [0, 0, 0, 0]
    assert case["success_flow"] == near([-2036, 4320, 8640, 18720])
    assert case["monthly_savings"] == near(4320)
    assert case["payback_months"] == near(2036 / 4320)


@pytest.mark.parametrize(
    ("changes", "gpus"),
    [
        ({"serving_gpus_per_replica": 2}, [0, 2, 4, 8]),  # replicas ⌈0.79⌉ ⌈1.58⌉ ⌈3.16⌉
        ({"serving_min_gpus": 3}, [0, 3, 4, 7]),
        ({"serving_min_gpus": 3, "serving_gpus_per_replica": 4}, [0, 4, 4, 8]),
        ({"peak_to_average": 1}, [0, 1, 2, 3]),  # 0.53 1.05 2.11
        ({"ramp_months": 2}, [0, 1, 4, 7]),  # half of 1.58 in the first month
        ({"build_months": 1}, [0, 0, 2, 4]),
        ({"retirement_month": 2}, [0, 2, 4, 0]),
        ({"serving_hours_per_day": 8}, [0, 2, 4, 7]),
        ({"daily_requests": 0}, [0, 1, 1, 1]),
    ],
)
def test_gpus(changes: dict[str, Value], gpus: list[float]) -> None:
    case = evaluate({**SELF_HOSTED, **changes})
    assert case["lines"]["gpus"] == gpus
    hours = 8 if "serving_hours_per_day" in changes else 24
    assert case["lines"]["serving_cost"] == [n * 2 * hours * 30 for n in gpus]


def test_a_charge_per_request_beside_the_gpus() -> None:
    """720000 × (0.01 − 0.002) = 5760 − 2880."""
    case = evaluate({**SELF_HOSTED, "finetuned_cost_per_request": 0.002})
    assert case["success_flow"][1] == near(2880)


def test_trends_in_the_twelfth_month() -> None:
    """Month 12, k = 12, ramp over 24 months, so half use.

    Requests 1000 × 30 × 0.5 = 15000; today 0.04 × 0.5 = 0.02, tuned 0.01 × 0.8 = 0.008: 180.
    Today's fixed 50 of 100; tuned fixed 30 in full. Run cost: 2 h × 100 × 1.1 + 6 × 40 ÷ 12 = 240.
    Quality: 0.5 × (500 + 3 h × 100 × 1.1) + 15000 × (0.05 − 0.03) × 0.5 = 415 + 150 = 565.
    Net 180 + 50 − 30 − 240 + 565 = 525.
    """
    case = evaluate(
        {
            **PLAIN,
            "horizon_months": 12,
            "ramp_months": 24,
            "daily_requests": 1000,
            "current_cost_per_request": 0.04,
            "finetuned_cost_per_request": 0.01,
            "current_price_decline_per_year": 0.5,
            "finetuned_price_decline_per_year": 0.2,
            "current_fixed_cost_per_month": 100,
            "finetuned_fixed_cost_per_month": 30,
            "versioning_hours_per_month": 0.5,
            "regression_test_hours_per_month": 1.5,
            "retrainings_per_year": 6,
            "cost_per_retraining": 40,
            "wage_growth_per_year": 0.1,
            "quality_value_per_month": 500,
            "hours_saved_per_month": 3,
            "current_error_rate": 0.05,
            "finetuned_error_rate": 0.03,
            "cost_per_error": 0.5,
        }
    )
    lines = case["lines"]
    assert lines["requests"][12] == near(15000)
    assert lines["current_model_cost"][12] == near(300)
    assert lines["finetuned_model_cost"][12] == near(120)
    assert lines["current_fixed_cost"][12] == near(50)
    assert lines["finetuned_fixed_cost"][12] == 30
    assert lines["run_cost"][12] == near(240)
    assert lines["quality"][12] == near(565)
    assert case["success_flow"][12] == near(525)
    # month 1: use 1/24, every yearly factor to the power of 1/12
    assert lines["requests"][1] == near(1250)
    assert lines["current_model_cost"][1] == near(1250 * 0.04 * 0.9438743126816935)  # 0.5^(1/12)
    assert lines["run_cost"][1] == near(200 * 1.007974140428904 + 20)
    # full use in month-0 prices: 900 + 100 − 30 − 220 + 500 + 300 + 300
    assert case["monthly_savings"] == near(1850)
    assert case["maintenance_cost_per_month"] == near(220)


def test_growth_counts_from_the_second_live_month() -> None:
    """Build 2, growth 10 %: 30000 in month 3, 33000 in month 4."""
    case = evaluate(
        {"daily_requests": 1000, "build_months": 2, "monthly_volume_growth": 0.1, **PLAIN}
    )
    assert case["lines"]["requests"][:5] == near([0, 0, 0, 30000, 33000])


def test_a_build_of_a_month_and_a_half() -> None:
    """Month 2 has k = 0.5: not live. Month 3 has k = 1.5: use 1.5 ÷ 3, growth 1.21^0.5 = 1.1."""
    case = evaluate(
        {
            **PLAIN,
            "daily_requests": 1000,
            "build_months": 1.5,
            "ramp_months": 3,
            "monthly_volume_growth": 0.21,
        }
    )
    assert case["lines"]["requests"][:4] == near([0, 0, 0, 16500])


# --- outcomes ------------------------------------------------------------------------------------

# 1000 × 30 × (0.05 − 0.01) = 1200 + 50 − 20 − 100 = 1130 a month in months 2, 3, 4
DOUBTFUL: dict[str, Value] = {
    **PLAIN,
    "daily_requests": 1000,
    "current_cost_per_request": 0.05,
    "finetuned_cost_per_request": 0.01,
    "current_fixed_cost_per_month": 50,
    "finetuned_fixed_cost_per_month": 20,
    "versioning_hours_per_month": 1,
    "build_months": 1,
    "horizon_months": 4,
    "success_probability": 0.4,
    "failure_stop_months": 2,
    "annual_discount_rate": 0,
}


def test_failure_is_an_outcome() -> None:
    """Failure loses 1000 and pays 100 + 20 in months 2 and 3: −1240. Success: 3 × 1130 − 1000.

    Expected: 0.4 × 1130 − 0.6 × 120 = 380 in months 2 and 3, 0.4 × 1130 = 452 in month 4: sums
    −1000, −620, −240, 212. Repaid after 3 + 240 ÷ 452 months.
    """
    case = evaluate(DOUBTFUL)
    assert case["success_flow"] == near([-1000, 0, 1130, 1130, 1130])
    assert case["failure_flow"] == near([-1000, 0, -120, -120, 0])
    assert case["expected_flow"] == near([-1000, 0, 380, 380, 452])
    assert case["npv_if_success"] == near(2390)
    assert case["npv_if_failure"] == near(-1240)
    assert case["npv"] == near(212)  # 0.4 × 2390 − 0.6 × 1240
    assert case["payback_months"] == near(3 + 240 / 452)
    assert case["recommendation"] == 1
    assert case["monthly_savings"] == near(1130)  # of the success case


def test_failure_pays_the_least_number_of_gpus() -> None:
    """Replicas of 2, at least 3 GPUs: 4 × 1440 in one month; wages up 21 % a year, month 6."""
    case = evaluate(
        {
            **SELF_HOSTED,
            "horizon_months": 8,
            "build_months": 5,
            "daily_requests": 96000,  # success needs 8
            "serving_min_gpus": 3,
            "serving_gpus_per_replica": 2,
            "versioning_hours_per_month": 2,
            "wage_growth_per_year": 0.21,
            "failure_stop_months": 1,
        }
    )
    assert case["lines"]["gpus"][6:] == [8, 14, 26]  # 3.16, 6.32, 12.63 replicas of 2
    assert case["failure_flow"] == near([-2036, *[0] * 5, -(4 * 1440 + 2 * 50 * 1.1), 0, 0])


@pytest.mark.parametrize(("stop", "paid"), [(0, 0), (1, 1), (2.5, 2), (100, 3)])
def test_failure_is_paid_for_so_many_live_months(stop: float, paid: int) -> None:
    case = evaluate({**DOUBTFUL, "failure_stop_months": stop})
    assert case["npv_if_failure"] == near(-1000 - 120 * paid)


def test_the_failure_case_discounted() -> None:
    """Rate 1.01¹² − 1, so 1 % a month: 380 ÷ 1.01² + 380 ÷ 1.01³ + 452 ÷ 1.01⁴ − 1000."""
    case = evaluate({**DOUBTFUL, "annual_discount_rate": 1.01**12 - 1})
    flow = [-1000, 0, 380 / 1.0201, 380 / 1.030301, 452 / 1.04060401]
    assert case["npv"] == near(sum(flow))
    assert case["npv"] == near(175.7, abs=5e-4)  # 372.5125 + 368.8242 + 434.3631 − 1000
    assert case["discounted_payback_months"] == near(3 - sum(flow[:4]) / flow[4])


def test_no_chance_of_success() -> None:
    case = evaluate({"success_probability": 0})
    assert case["npv"] == case["npv_if_failure"] == -2036
    assert case["npv_if_success"] > 80000
    assert case["payback_months"] == math.inf
    assert case["recommendation"] == 3
    assert case["source_recommendation"] == 0


def test_retired_before_go_live() -> None:
    """Build 3: month 3 has k = 0. Nothing comes, nothing more is paid: NPV −2036."""
    case = evaluate(
        {
            "build_months": 3,
            "retirement_month": 3,
            "quality_value_per_month": 9000,
            "versioning_hours_per_month": 9,
            "current_fixed_cost_per_month": 99,
            "success_probability": 0.7,
        }
    )
    assert case["expected_flow"] == near([-2036, *[0] * 36])
    assert not any(value for line in case["lines"].values() for value in line)  # type: ignore[attr-defined]
    assert case["npv"] == case["npv_if_success"] == case["npv_if_failure"] == near(-2036)
    assert case["payback_months"] == case["discounted_payback_months"] == math.inf
    assert case["irr"] is None
    assert case["recommendation"] == 3
    assert case["monthly_savings"] == near(2700 + 9000 + 99 - 450)


def test_the_month_of_retirement_still_counts() -> None:
    case = evaluate({"build_months": 3, "retirement_month": 4})
    assert case["expected_flow"] == near([-2036, 0, 0, 0, 2700, *[0] * 32])
    assert case["payback_months"] == near(3 + 2036 / 2700)


# --- the verdict ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "months"),
    [
        ([-100, 50, 50, 50], 2),
        ([-100, 120, -50, 40], 2.75),  # 20, −30, 10: repaid for good in the third month
        ([-100, 120, -50, 0], math.inf),
        ([-100, 0, 0, 40], math.inf),
        ([0, 10, 10], 0),
        ([0, -10, 40], 1.25),
        ([0, 0, 0], math.inf),
        ([-0.3, 0.1, 0.1, 0.1], 3),  # the sum is 5.6e−17 below zero in floating point
    ],
)
def test_payback(flow: list[float], months: float) -> None:
    assert payback(flow) == near(months)


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        ([-100, *[0] * 11, 110], 0.1),
        ([-100, *[0] * 11, 90], -0.1),
        ([-100, *[0] * 23, 400], 1.0),  # doubles twice in two years
        ([100, *[0] * 11, -110], 0.1),
        ([0, -100, *[0] * 11, 110], 0.1),
        ([-1, 3], 3**12 - 1),
        ([-100, *[0] * 599, 1], 0.01 ** (12 / 600) - 1),
    ],
)
def test_internal_rate(flow: list[float], rate: float) -> None:
    assert internal_rate(flow) == near(rate, rel=1e-10)


@pytest.mark.parametrize("flow", [[-1, 0, 0], [0, 0], [1, 2], [-100, 230, -132], [-1, 2, -1, 2]])
def test_no_internal_rate(flow: list[float]) -> None:
    assert internal_rate(flow) is None


@pytest.mark.parametrize(
    ("months", "place"),
    [(0, 0), (1.96, 0), (2, 1), (5.999, 1), (6, 2), (11.999, 2), (12, 3), (math.inf, 3)],
)
def test_limits_are_strict(months: float, place: int) -> None:
    assert classify(months, (2, 6, 12)) == place


def test_repaid_but_worth_nothing() -> None:
    """1000 a month for 2 months against 1990 repays in 1.99, but at 10 % is worth −13.5."""
    inputs: dict[str, Value] = {
        "data_preparation_hours": 39.8,
        "gpu_count": 0,
        "daily_requests": 1000,
        "current_cost_per_request": 0.05,
        "finetuned_cost_per_request": 0.05 / 3,
        "horizon_months": 2,
    }
    case = evaluate(inputs)
    assert case["payback_months"] == near(1.99)
    assert case["npv"] == near(1000 / 1.1 ** (1 / 12) + 1000 / 1.1 ** (1 / 6) - 1990)
    assert case["npv"] < 0
    assert case["recommendation"] == 3
    assert evaluate({**inputs, "annual_discount_rate": 0})["recommendation"] == 0


def test_the_case_has_its_own_limits() -> None:
    limits: dict[str, Value] = {"strong_below_months": 0.5, "recommended_below_months": 0.7}
    case = evaluate(limits)
    assert case["recommendation"] == 2
    assert case["source_recommendation"] == 0


@pytest.mark.parametrize("tuned", [0.01, 0.02])
def test_nothing_saved(tuned: float) -> None:
    case = evaluate({"finetuned_cost_per_request": tuned, "annual_discount_rate": 0})
    assert case["npv"] == near(-2036 - 36 * 300000 * (tuned - 0.01))
    assert case["payback_months"] == case["source_payback_months"] == math.inf
    assert case["recommendation"] == case["source_recommendation"] == 3


def test_nothing_invested() -> None:
    case = evaluate({"data_preparation_hours": 0, "training_hours": 0})
    assert case["payback_months"] == case["source_payback_months"] == 0
    assert case["source_annual_roi"] is None
    assert case["irr"] is None
    assert case["recommendation"] == 0


@pytest.mark.parametrize(
    "inputs",
    [
        {"hourly_rate_usd": 50},
        {"currency": "EUR", "currency_per_usd": 0.9},
        {"gpu_model": "H100-SXM-80GB"},
        {"serving_gpu_cost_per_hour": 2},
        {"model_params_b": 7, "training_samples": 1000},
        {"daily_requests": "many"},
    ],
)
def test_what_it_cannot_know_is_refused(inputs: dict[str, Value]) -> None:
    with pytest.raises(ValueError, match=r"_|many"):
        evaluate(inputs)
