"""Random valid cases, for comparing the product with the month-by-month computation.

A case is a mapping of what is typed; what it leaves out is blank. All kinds occur: costs typed,
from tokens, self-hosted; success certain, possible and impossible; volume and prices that rise
and fall; a retirement before and after go-live; nothing saved, or less than nothing. Left out:
other currencies, and whatever needs a price sheet or an estimate.
"""

from __future__ import annotations

import math
import random
from itertools import accumulate

from hypothesis import strategies as st

from tests.oracle.flows import discounted, running_sums
from tests.oracle.month_by_month import Result, Value, evaluate

# figures this near a step are decided by rounding, so no two programs need agree on them
MARGIN = 1e-6


def random_case(rng: random.Random) -> dict[str, Value]:
    """The typed inputs of a valid case that stands on no step.

    Args:
        rng: the source of randomness; the same state gives the same case.
    """
    while True:
        inputs = _drawn(rng)
        if not on_a_step(inputs):
            return inputs


def cases() -> st.SearchStrategy[dict[str, Value]]:
    """The same cases for hypothesis, which shrinks them."""
    return st.randoms(use_true_random=False).map(_drawn).filter(lambda case: not on_a_step(case))


def on_a_step(inputs: dict[str, Value]) -> bool:
    """Whether rounding decides a count of GPUs, a payback, a sign or a class."""
    result = evaluate(inputs)
    return _gpus_on_a_step(inputs, result) or _verdict_on_a_step(inputs, result)


def _gpus_on_a_step(inputs: dict[str, Value], result: Result) -> bool:
    capacity = inputs.get("serving_requests_per_gpu_hour")
    if not isinstance(capacity, int | float):
        return False
    peak, days, replica, daily = (
        float(inputs.get(name) or default)
        for name, default in (
            ("peak_to_average", 3),
            ("days_per_month", 30),
            ("serving_gpus_per_replica", 1),
            ("daily_requests", 0),
        )
    )
    volumes = [requests / days for requests in result["lines"]["requests"]]
    for volume in (*volumes, daily):
        replicas = volume * peak / 24 / (capacity * replica)
        if round(replicas) > 0 and abs(replicas - round(replicas)) < MARGIN * replicas:
            return True
    return False


def _verdict_on_a_step(inputs: dict[str, Value], result: Result) -> bool:
    discount = float(inputs.get("annual_discount_rate") or 0)
    flow = result["expected_flow"]
    for months in (flow, discounted(flow, discount)):
        moved = list(accumulate(abs(net) for net in months))
        sums = zip(running_sums(months), moved, strict=True)
        if any(abs(total) < MARGIN * scale for total, scale in sums if scale):
            return True
        if any(0 < abs(net) < 1e-9 * moved[-1] for net in months):
            return True
    limits = [inputs.get(f"{word}_below_months") for word in ("strong", "recommended", "caution")]
    for payback in (result["payback_months"], result["source_payback_months"]):
        for limit in (2.0, 6.0, 12.0, *(float(limit) for limit in limits if limit is not None)):
            if abs(payback - limit) < MARGIN:
                return True
    return False


# --- drawing -------------------------------------------------------------------------------------


class _Dice:
    """Draws as a person would type them: round numbers, few digits."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def whole(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)

    def number(self, low: float, high: float, digits: int) -> float:
        return round(self.rng.uniform(low, high), digits)

    def spread(self, low: float, high: float) -> float:
        """A number with three digits, every order of size as likely."""
        value = math.exp(self.rng.uniform(math.log(low), math.log(high)))
        return float(f"{value:.3g}")


def _drawn(rng: random.Random) -> dict[str, Value]:
    dice = _Dice(rng)
    case: dict[str, Value] = {}
    case.update(_one_off(dice))
    case.update(_volume(dice))
    case.update(_requests(dice))
    case.update(_run_cost(dice))
    case.update(_timing(dice))
    case.update(_quality(dice))
    case.update(_risk(dice))
    return case


def _one_off(dice: _Dice) -> dict[str, Value]:
    case: dict[str, Value] = {}
    if dice.chance(0.04):  # nothing to invest
        return {"data_preparation_hours": 0, "gpu_count": 0, "hourly_rate": dice.whole(0, 120)}
    case["data_preparation_hours"] = dice.whole(0, 240)
    case["hourly_rate"] = dice.number(5, 150, 1)
    case["training_hours"] = dice.number(0.5, 60, 1)
    case["num_iterations"] = dice.whole(0, 8)
    case["gpu_count"] = dice.whole(1, 8)
    case["gpu_cost_per_hour"] = dice.number(0.5, 12, 2)
    if dice.chance(0.4):
        case["labelled_samples"] = dice.whole(0, 20000)
        case["label_cost_per_sample"] = dice.number(0, 2, 2)
    if dice.chance(0.5):
        case["engineer_hours_per_iteration"] = dice.whole(0, 80)
    if dice.chance(0.25):  # hosted instead of rented GPUs
        case["gpu_count"] = 0
        case["hosted_training_price"] = dice.number(0, 30, 2)
        case["training_samples"] = dice.whole(0, 50000)
        case["tokens_per_sample"] = dice.whole(0, 4000)
        case["epochs"] = dice.whole(1, 5)
    if dice.chance(0.3):
        case["other_one_off_cost"] = dice.whole(0, 20000)
    if dice.chance(0.4):
        case["contingency_share"] = dice.number(0, 0.5, 2)
    return case


def _volume(dice: _Dice) -> dict[str, Value]:
    case: dict[str, Value] = {"daily_requests": dice.spread(80, 500000)}
    if dice.chance(0.03):
        case["daily_requests"] = 0
    if dice.chance(0.4):
        case["days_per_month"] = dice.rng.choice([20, 22, 30.4, 365 / 12, 31])
    return case


def _requests(dice: _Dice) -> dict[str, Value]:
    """Costs per request: typed, from tokens, or the GPUs of a self-hosted model."""
    case: dict[str, Value] = {}
    kind = dice.rng.choice(["typed", "typed", "tokens", "self-hosted", "self-hosted"])
    if kind == "tokens" or (kind == "self-hosted" and dice.chance(0.4)):
        case["input_tokens"] = dice.whole(50, 8000)
        case["output_tokens"] = dice.whole(10, 2000)
        case["current_input_price"] = dice.number(0.1, 15, 2)
        case["current_output_price"] = dice.number(0.4, 60, 2)
        if dice.chance(0.5):
            case["extra_input_tokens_current"] = dice.whole(0, 6000)
        if dice.chance(0.5):
            case["cached_input_share"] = dice.number(0, 1, 2)
            case["current_cached_input_price"] = dice.number(0.01, 4, 3)
            case["finetuned_cached_input_price"] = dice.number(0.01, 1, 3)
        if dice.chance(0.2):  # no sheet, so no batch price: must change nothing
            case["batch_share"] = dice.number(0, 1, 2)
    else:
        case["current_cost_per_request"] = dice.spread(0.002, 0.2)
    if kind == "tokens":
        case["finetuned_input_price"] = dice.number(0.05, 3, 2)
        case["finetuned_output_price"] = dice.number(0.1, 9, 2)
        if dice.chance(0.15):  # typed over the token prices of one side
            case["finetuned_cost_per_request"] = dice.spread(0.0001, 0.05)
    elif kind == "typed":
        typed = case["current_cost_per_request"]
        assert isinstance(typed, float)
        share = dice.rng.choice([0.05, 0.1, 0.2, 0.3, 0.5, 0.9, 1.0, 1.3])  # 1.0: nothing saved
        case["finetuned_cost_per_request"] = typed * share
    else:
        case.update(_serving(dice))
    if dice.chance(0.25):
        case["current_fixed_cost_per_month"] = dice.whole(0, 8000)
    if dice.chance(0.25):
        case["finetuned_fixed_cost_per_month"] = dice.whole(0, 4000)
    return case


def _serving(dice: _Dice) -> dict[str, Value]:
    case: dict[str, Value] = {
        "daily_requests": dice.spread(4000, 800000),
        "serving_gpu_cost_per_hour": dice.number(0.3, 4, 2),
        "serving_requests_per_gpu_hour": dice.spread(400, 10000),
    }
    if dice.chance(0.4):
        case["serving_hours_per_day"] = dice.rng.choice([8, 10.5, 12, 24])
    if dice.chance(0.5):
        case["serving_min_gpus"] = dice.whole(1, 4)
    if dice.chance(0.6):
        case["peak_to_average"] = dice.number(1, 8, 1)
    if dice.chance(0.4):
        case["serving_gpus_per_replica"] = dice.rng.choice([1, 2, 4, 8])
    if dice.chance(0.15):  # a charge per request beside the GPUs
        case["finetuned_cost_per_request"] = dice.spread(0.00001, 0.01)
    return case


def _run_cost(dice: _Dice) -> dict[str, Value]:
    case: dict[str, Value] = {}
    if dice.chance(0.5):
        case["retrainings_per_year"] = dice.rng.choice([0, 0.5, 1, 2, 4, 12])
        case["cost_per_retraining"] = dice.whole(0, 6000)
    if dice.chance(0.5):
        case["regression_test_hours_per_month"] = dice.number(0, 40, 1)
        case["versioning_hours_per_month"] = dice.number(0, 20, 1)
    return case


def _timing(dice: _Dice) -> dict[str, Value]:
    horizon = dice.rng.choice([1, 6, 12, 24, 24, 36, 36, 36, 36, 48, 60, 120])
    case: dict[str, Value] = {"horizon_months": horizon}
    build = 0.0
    if dice.chance(0.6):
        build = dice.number(0, 9, 1) if dice.chance(0.2) else dice.whole(0, 9)
        case["build_months"] = build
    if dice.chance(0.5):
        case["ramp_months"] = dice.number(0, 8, 1) if dice.chance(0.2) else dice.whole(0, 12)
    if dice.chance(0.25):
        soon, late = dice.whole(0, 6), dice.whole(7, 70)
        retirement = dice.rng.choice([math.floor(build), soon, late, late, late])
        case["retirement_month"] = retirement + 0.5 if dice.chance(0.1) else retirement
    if dice.chance(0.5):
        most = 0.15 if horizon <= 60 else 0.04
        case["monthly_volume_growth"] = dice.number(-0.08, most, 3)
    if dice.chance(0.5):
        case["current_price_decline_per_year"] = dice.number(0, 0.8, 2)
    if dice.chance(0.4):
        case["finetuned_price_decline_per_year"] = dice.number(0, 0.8, 2)
    if dice.chance(0.4):
        case["wage_growth_per_year"] = dice.number(0, 0.15, 3)
    return case


def _quality(dice: _Dice) -> dict[str, Value]:
    case: dict[str, Value] = {}
    if dice.chance(0.35):
        case["quality_value_per_month"] = dice.whole(-2000, 9000)
    if dice.chance(0.3):
        case["hours_saved_per_month"] = dice.number(0, 80, 1)
    if dice.chance(0.3):
        case["current_error_rate"] = dice.number(0, 0.2, 3)
        case["finetuned_error_rate"] = dice.number(0, 0.2, 3)
        case["cost_per_error"] = dice.number(0, 3, 2)
    return case


def _risk(dice: _Dice) -> dict[str, Value]:
    case: dict[str, Value] = {"annual_discount_rate": dice.number(0, 0.4, 3)}
    if dice.chance(0.6):
        case["success_probability"] = dice.rng.choice(
            [0, 1, dice.number(0.01, 0.4, 2), *(dice.number(0.4, 0.99, 2) for _ in range(4))]
        )
        if dice.chance(0.6):
            case["failure_stop_months"] = dice.rng.choice([0, 1, 2, 3, 6, 2.5, 100])
    if dice.chance(0.1):
        strong = dice.number(0.5, 4, 1)
        case["strong_below_months"] = strong
        case["recommended_below_months"] = strong + dice.whole(1, 10)
        case["caution_below_months"] = strong + dice.whole(10, 30)
    return case
