"""The economics of a case, month by month, in plain Python: what the product is compared with.

It shares no code with `roi_xl` and no numpy, and is slow on purpose: one loop over months, one
line per term of the written definition. Money is in the case's one currency; there is no price
sheet and no estimate of hours or throughput here, so a case that needs one is refused
(`ValueError`) and never guessed.

Where the definition is silent or could be read in two ways, this is how it is read here:

Inputs
 1. "Typed" means: the key is in the mapping with a value other than None. None or absent is
    blank and takes the default. A blank cost per request is looked for in this order:
    self-hosted, the tuned cost is 0 (token prices of the tuned model play no part); else the
    token prices, if an input or output price above 0 of that side and some tokens are given;
    else the sample's 0.01 or 0.001. Each side on its own.
 2. Self-hosted: `serving_gpu_cost_per_hour` is typed, a typed 0 included.
 3. Input tokens: today input_tokens + extra_input_tokens_current, tuned input_tokens. The cached
    share s is a share of that side's whole input, extra tokens included:
    (input × (1 − s) × input price + input × s × cached price + output × output price) ÷ 10⁶.
    A blank cached price is 0, as in FT_REQUEST_COST, not the input price.
 4. The batch factor 1 − b + b × ratio multiplies a whole cost from tokens (input, cached and
    output alike), never a typed or sample cost and never a self-hosted one. The ratio comes from
    a price sheet, so it is an argument here; without one it is 1.
 5. `training_hours` and `gpu_count` are worked out only if model_params_b and training_samples
    are both typed; that needs the estimate, so it is refused unless both results are typed.
 6. A hosted training price does not switch the GPUs off: compute cost is added until `gpu_count`
    is 0. Hosted training uses the default samples (1000), tokens (500) and epochs (3) where
    they are blank.

Time
 7. Months are the whole numbers 0 … ⌊horizon_months⌋. build_months, ramp_months, retirement_month
    and failure_stop_months may be fractions, and enter the formulas as they are: live where
    m − build_months ≥ 1 (build 1.5: first live month 3, k = 1.5), use k ÷ ramp with that k, growth
    exponent k − 1 (0.5 in that month), m ≤ retirement (3.5 is as 3), k ≤ failure_stop_months. No
    month is counted in part, and no tolerance is applied to the comparisons.
 8. Retirement is inclusive: month retirement_month still has benefits, run cost, fixed fees and
    GPUs; after it there is nothing, also no run cost. Blank: no end before the horizon.
 9. Price declines and wage growth count from month 0, not from go-live: exponent m ÷ 12, not in
    yearly steps. The one-off cost is at month-0 wages. A typed cost per request declines too.
10. 0⁰ is 1: growth −100 % leaves the first live month; a decline of 100 % is price 0 from month 1.

Money
11. The labour part of maintenance is (regression + versioning hours) × hourly_rate only;
    retrainings (times a year × cost ÷ 12, every month alike) do not grow with wages. Run cost
    depends neither on use nor on volume.
12. `quality_value_per_month` and hours saved scale with use, not with growth, and the value has
    no trend; errors scale with requests; cost_per_error has no trend. Hosting fees, licences and
    GPU prices have no trend. Today's fixed cost falls away in step with use.
13. GPUs = r × max(⌈min ÷ r⌉, ⌈demand ÷ (capacity × r)⌉), r = serving_gpus_per_replica, also for
    r = 1, so a fractional minimum is rounded up. demand = daily requests × use × growth × peak ÷
    24: the divisor is 24 whatever serving_hours_per_day is, and days_per_month does not enter.
14. Failure pays the minimum, r × ⌈min ÷ r⌉ GPUs, the hosting fee, and the run cost at that month's
    wages, in live months with k ≤ failure_stop_months. Nothing of today's fixed cost is saved.
    Neither the tuned model's cost per request nor a shadow run of the old model is paid.
15. `monthly_savings` is at m = 0 for every price and wage, whether or not a month ever goes live.
16. `contingency_share` covers hosted training and other_one_off_cost too.

Results
17. Payback is on cumulative flows; a cumulative sum counts as 0 within 10⁻¹² of the sum of the
    absolute flows up to that month. It is the last time the sum comes from below 0 to 0 or more;
    total_cost 0 and a sum never below 0 gives 0, except where no month is positive: then never.
18. A project repaid in the first live month k = 1 with build b has payback between b and b + 1
    (the flow of month m is spread over the month before its end). Discounted payback
    interpolates the discounted flow in the same way.
19. IRR: sign changes of the expected flow, zeros skipped (|flow| ≤ 10⁻¹² of the largest). Exactly
    one change, in either direction: the annual rate (1 + i)¹² − 1, negative rates included. Else
    None. Month 0 with total_cost 0 is a zero and is skipped.
20. `recommendation` compares unrounded figures without tolerance: payback strictly below a limit,
    NPV ≤ 0 is class 3. 0, 1, 2, 3 are strongly recommended … not recommended.
21. source_*: exactly the source's calculator. Total = data hours × rate + GPU price × hours ×
    iterations (no gpu_count, no labels, no hosted training, no contingency); savings = 30 ×
    requests × (today − tuned), 30 whatever days_per_month is; the costs per request are those of
    reading 1; limits 2, 6, 12 whatever the case's limits are; annual ROI a fraction, None for an
    investment of 0. Savings ≤ 0: payback never, class 3, also where the total is 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypedDict

from tests.oracle.flows import classify, discounted, internal_rate, net_present_value, payback

Value = float | str | None

DEFAULTS: dict[str, Value] = {
    "currency": "USD",
    "currency_per_usd": 1,
    # one-off
    "data_preparation_hours": 40,
    "hourly_rate": 50,
    "labelled_samples": 0,
    "label_cost_per_sample": 0,
    "gpu_cost_per_hour": 3,
    "gpu_model": None,
    "gpu_provider": None,
    "gpu_market": "on-demand",
    "training_hours": 4,
    "num_iterations": 3,
    "gpu_count": 1,
    "engineer_hours_per_iteration": 0,
    "hosted_training_price": 0,
    "other_one_off_cost": 0,
    "contingency_share": 0,
    # run cost
    "retrainings_per_year": 0,
    "cost_per_retraining": 0,
    "regression_test_hours_per_month": 0,
    "versioning_hours_per_month": 0,
    # volume and costs per request
    "daily_requests": 10000,
    "days_per_month": 30,
    "current_cost_per_request": 0.01,
    "finetuned_cost_per_request": 0.001,
    "current_model": None,
    "finetuned_model": None,
    "input_tokens": 0,
    "output_tokens": 0,
    "cached_input_share": 0,
    "extra_input_tokens_current": 0,
    "current_input_price": 0,
    "current_output_price": 0,
    "current_cached_input_price": 0,
    "finetuned_input_price": 0,
    "finetuned_output_price": 0,
    "finetuned_cached_input_price": 0,
    "batch_share": 0,
    "current_fixed_cost_per_month": 0,
    "finetuned_fixed_cost_per_month": 0,
    # self-hosting
    "serving_gpu_model": None,
    "serving_gpu_cost_per_hour": None,
    "serving_hours_per_day": 24,
    "serving_min_gpus": 1,
    "peak_to_average": 3,
    "serving_requests_per_gpu_hour": None,
    "serving_gpus_per_replica": 1,
    # timing and trends
    "start_month": None,
    "horizon_months": 36,
    "build_months": 0,
    "ramp_months": 0,
    "retirement_month": None,
    "monthly_volume_growth": 0,
    "current_price_decline_per_year": 0,
    "finetuned_price_decline_per_year": 0,
    "wage_growth_per_year": 0,
    # quality and risk
    "quality_value_per_month": 0,
    "hours_saved_per_month": 0,
    "current_error_rate": 0,
    "finetuned_error_rate": 0,
    "cost_per_error": 0,
    "success_probability": 1,
    "failure_stop_months": 3,
    "annual_discount_rate": 0.10,
    # decision
    "quality_need": "normal",
    "target_payback_months": 6,
    "strong_below_months": 2,
    "recommended_below_months": 6,
    "caution_below_months": 12,
    "low_daily_requests": 100,
    "high_daily_requests": 1000,
    # estimate of training
    "model_params_b": 7,
    "training_samples": 1000,
    "tokens_per_sample": 500,
    "epochs": 3,
    "training_method": "lora",
    "samples_per_step": 4,
    "utilisation": None,
}
NEEDS_A_SHEET = ("gpu_model", "current_model", "finetuned_model", "serving_gpu_model")


class Lines(TypedDict):
    """The success case, one value per month from 0; costs are positive numbers."""

    requests: list[float]
    current_model_cost: list[float]
    finetuned_model_cost: list[float]
    current_fixed_cost: list[float]
    finetuned_fixed_cost: list[float]
    gpus: list[float]
    serving_cost: list[float]
    run_cost: list[float]
    quality: list[float]


class Result(TypedDict):
    """What `evaluate` gives; never is `inf`, no rate is None."""

    current_cost_per_request: float
    finetuned_cost_per_request: float
    data_cost: float
    compute_cost: float
    people_cost: float
    hosted_training_cost: float
    total_cost: float
    maintenance_cost_per_month: float
    monthly_savings: float
    lines: Lines
    success_flow: list[float]
    failure_flow: list[float]
    expected_flow: list[float]
    npv: float
    npv_if_success: float
    npv_if_failure: float
    payback_months: float
    discounted_payback_months: float
    irr: float | None
    recommendation: int
    source_total_cost: float
    source_monthly_savings: float
    source_payback_months: float
    source_annual_roi: float | None
    source_recommendation: int


class Case:
    """The inputs of one case: numbers by name, and which of them were typed."""

    def __init__(self, inputs: Mapping[str, Value]) -> None:
        unknown = sorted(set(inputs) - set(DEFAULTS))
        if unknown:
            raise ValueError(f"no such input: {unknown}")
        self.given = {name: value for name, value in inputs.items() if value is not None}
        if self.has("currency_per_usd") and self["currency_per_usd"] != 1:
            raise ValueError("currency_per_usd: the oracle converts nothing")
        for name in NEEDS_A_SHEET:
            if self.has(name):
                raise ValueError(f"{name}: the oracle has no price sheet")
        estimated = self.has("model_params_b") and self.has("training_samples")
        if estimated and not (self.has("training_hours") and self.has("gpu_count")):
            raise ValueError("training_hours, gpu_count: the oracle has no estimate")
        self.self_hosted = self.has("serving_gpu_cost_per_hour")
        if self.self_hosted and not self.has("serving_requests_per_gpu_hour"):
            raise ValueError("serving_requests_per_gpu_hour: the oracle has no estimate")

    def has(self, name: str) -> bool:
        """Whether the input was typed."""
        return name in self.given

    def __getitem__(self, name: str) -> float:
        value = self.given.get(name, DEFAULTS[name])
        if value is None or isinstance(value, str):
            raise ValueError(f"{name}: {value!r} is no number")
        return float(value)


# --- one-off cost and costs per request ----------------------------------------------------------


def token_cost(
    tokens_in: float,
    tokens_out: float,
    cached_share: float,
    price_in: float,
    price_out: float,
    price_cached: float,
) -> float:
    """The cost of one request from prices per million tokens."""
    fresh = tokens_in * (1 - cached_share)
    cached = tokens_in * cached_share
    return (fresh * price_in + cached * price_cached + tokens_out * price_out) / 1_000_000


def request_cost(case: Case, side: str, extra_tokens: float, batch_ratio: float) -> float:
    """The cost of one request of `current` or `finetuned` in month 0 (readings 1, 3 and 4)."""
    name = f"{side}_cost_per_request"
    if case.has(name):
        return case[name]
    if side == "finetuned" and case.self_hosted:
        return 0.0
    tokens_in, tokens_out = case["input_tokens"] + extra_tokens, case["output_tokens"]
    price_in, price_out = case[f"{side}_input_price"], case[f"{side}_output_price"]
    if (tokens_in > 0 or tokens_out > 0) and (price_in > 0 or price_out > 0):
        cost = token_cost(
            tokens_in,
            tokens_out,
            case["cached_input_share"],
            price_in,
            price_out,
            case[f"{side}_cached_input_price"],
        )
        batched = case["batch_share"]
        return cost * (1 - batched + batched * batch_ratio)
    return case[name]


def gpus_needed(case: Case, daily_requests: float) -> float:
    """GPUs paid for a volume, whole replicas, at least the minimum (reading 13)."""
    replica = case["serving_gpus_per_replica"]
    capacity = case["serving_requests_per_gpu_hour"]
    busiest_hour = daily_requests * case["peak_to_average"] / 24
    least = math.ceil(case["serving_min_gpus"] / replica)
    needed = math.ceil(busiest_hour / (capacity * replica))
    return replica * max(least, needed)


# --- the case ------------------------------------------------------------------------------------


def evaluate(
    inputs: Mapping[str, Value],
    *,
    current_batch_ratio: float = 1.0,
    finetuned_batch_ratio: float = 1.0,
) -> Result:
    """Every figure of a case; ratios are batch price ÷ standard price, as a sheet would give."""
    case = Case(inputs)
    rate = case["hourly_rate"]

    # what is paid once
    runs = case["num_iterations"]
    data_cost = (
        case["data_preparation_hours"] * rate
        + case["labelled_samples"] * case["label_cost_per_sample"]
    )
    gpu_hours = case["gpu_count"] * case["training_hours"] * runs
    compute_cost = case["gpu_cost_per_hour"] * gpu_hours
    people_cost = case["engineer_hours_per_iteration"] * rate * runs
    tokens_trained = case["training_samples"] * case["tokens_per_sample"] * case["epochs"]
    hosted_training_cost = tokens_trained / 1_000_000 * case["hosted_training_price"] * runs
    one_off = data_cost + compute_cost + people_cost + hosted_training_cost
    total_cost = (one_off + case["other_one_off_cost"]) * (1 + case["contingency_share"])

    # what a month costs and brings, in month-0 prices
    current = request_cost(case, "current", case["extra_input_tokens_current"], current_batch_ratio)
    tuned = request_cost(case, "finetuned", 0.0, finetuned_batch_ratio)
    labour = (case["regression_test_hours_per_month"] + case["versioning_hours_per_month"]) * rate
    retraining = case["retrainings_per_year"] * case["cost_per_retraining"] / 12
    error_gain = (case["current_error_rate"] - case["finetuned_error_rate"]) * (
        case["cost_per_error"]
    )
    gpu_month = 0.0
    if case.self_hosted:
        hours = case["serving_hours_per_day"] * case["days_per_month"]
        gpu_month = case["serving_gpu_cost_per_hour"] * hours

    def gpus_for(volume: float) -> float:
        return gpus_needed(case, volume) if case.self_hosted else 0.0

    full_volume = case["daily_requests"] * case["days_per_month"]
    monthly_savings = (
        full_volume * (current - tuned)
        + case["current_fixed_cost_per_month"]
        - case["finetuned_fixed_cost_per_month"]
        - gpus_for(case["daily_requests"]) * gpu_month
        - (labour + retraining)
        + case["quality_value_per_month"]
        + case["hours_saved_per_month"] * rate
        + full_volume * error_gain
    )

    # month by month
    horizon = math.floor(case["horizon_months"])
    retirement = case["retirement_month"] if case.has("retirement_month") else math.inf
    none = [0.0] * (horizon + 1)
    lines = Lines(
        requests=none[:],
        current_model_cost=none[:],
        finetuned_model_cost=none[:],
        current_fixed_cost=none[:],
        finetuned_fixed_cost=none[:],
        gpus=none[:],
        serving_cost=none[:],
        run_cost=none[:],
        quality=none[:],
    )
    success = [-total_cost] + [0.0] * horizon
    failure = [-total_cost] + [0.0] * horizon
    for month in range(1, horizon + 1):
        k = month - case["build_months"]
        if k < 1 or month > retirement:
            continue
        ramp = case["ramp_months"]
        use = min(1.0, k / ramp) if ramp > 0 else 1.0
        growth = (1 + case["monthly_volume_growth"]) ** (k - 1)
        years = month / 12
        wages = (1 + case["wage_growth_per_year"]) ** years
        current_now = current * (1 - case["current_price_decline_per_year"]) ** years
        tuned_now = tuned * (1 - case["finetuned_price_decline_per_year"]) ** years

        daily = case["daily_requests"] * use * growth
        requests = daily * case["days_per_month"]
        gpus = gpus_for(daily)
        run_cost = labour * wages + retraining
        steady_quality = (
            case["quality_value_per_month"] + case["hours_saved_per_month"] * rate * wages
        )
        quality = use * steady_quality + requests * error_gain

        lines["requests"][month] = requests
        lines["current_model_cost"][month] = requests * current_now
        lines["finetuned_model_cost"][month] = requests * tuned_now
        lines["current_fixed_cost"][month] = use * case["current_fixed_cost_per_month"]
        lines["finetuned_fixed_cost"][month] = case["finetuned_fixed_cost_per_month"]
        lines["gpus"][month] = gpus
        lines["serving_cost"][month] = gpus * gpu_month
        lines["run_cost"][month] = run_cost
        lines["quality"][month] = quality

        success[month] = (
            requests * (current_now - tuned_now)
            + use * case["current_fixed_cost_per_month"]
            - case["finetuned_fixed_cost_per_month"]
            - gpus * gpu_month
            - run_cost
            + quality
        )
        if k <= case["failure_stop_months"]:
            failure[month] = -(
                run_cost + case["finetuned_fixed_cost_per_month"] + gpus_for(0.0) * gpu_month
            )

    p = case["success_probability"]
    expected = [p * one + (1 - p) * two for one, two in zip(success, failure, strict=True)]

    # the verdict
    discount = case["annual_discount_rate"]
    npv = net_present_value(expected, discount)
    payback_months = payback(expected)
    limits = [case[f"{word}_below_months"] for word in ("strong", "recommended", "caution")]
    recommendation = 3 if npv <= 0 else classify(payback_months, limits)

    # the source's calculator
    source_total = case["data_preparation_hours"] * rate + (
        case["gpu_cost_per_hour"] * case["training_hours"] * runs
    )
    source_savings = case["daily_requests"] * (current - tuned) * 30
    source_payback = source_total / source_savings if source_savings > 0 else math.inf

    return Result(
        current_cost_per_request=current,
        finetuned_cost_per_request=tuned,
        data_cost=data_cost,
        compute_cost=compute_cost,
        people_cost=people_cost,
        hosted_training_cost=hosted_training_cost,
        total_cost=total_cost,
        maintenance_cost_per_month=labour + retraining,
        monthly_savings=monthly_savings,
        lines=lines,
        success_flow=success,
        failure_flow=failure,
        expected_flow=expected,
        npv=npv,
        npv_if_success=net_present_value(success, discount),
        npv_if_failure=net_present_value(failure, discount),
        payback_months=payback_months,
        discounted_payback_months=payback(discounted(expected, discount)),
        irr=internal_rate(expected),
        recommendation=recommendation,
        source_total_cost=source_total,
        source_monthly_savings=source_savings,
        source_payback_months=source_payback,
        source_annual_roi=(source_savings * 12 - source_total) / source_total
        if source_total
        else None,
        source_recommendation=classify(source_payback, (2, 6, 12)),
    )
