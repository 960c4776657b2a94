"""The case of `cases.COLUMNS` written by hand in numpy, without checks, as a peer for our own.

It gives every result that differs between the cases, and leaves out two kinds: those to which no
column leads, one number for all cases, and REPEATS. Inputs without a column are at their defaults:
nothing is saved but on requests, a provider serves the model, the project succeeds.
"""

from typing import Any

import numpy as np

CASES_AT_ONCE = 7_000  # keeps a table of months in the processor's cache
HORIZON, YEARLY_RATE, DAYS, ITERATIONS, GPU_PRICE = 36, 0.1, 30.0, 3.0, 3.0
SUCCESS, STOP_MONTHS = 1.0, 3.0  # how likely, and when run cost stops otherwise

# an input as it is used, where a column gives it
REPEATS = (
    "hourly_rate_used",
    "current_request_cost",
    "finetuned_request_cost",
    "training_hours_used",
    "gpu_count_used",
    "gpus_that_train",
)
# A column times an amount that is zero in these cases.
NOTHING = (
    "contingency",
    "replicas_at_full_use",
    "serving_cost_per_month",
    "saved_labour_per_month",
    "quality_per_month",
    "error_savings_per_month",
    "pv_fewer_errors",
    "pv_avoided_and_quality",
    "pv_serving",
)


def by_hand(given: dict[str, Any]) -> dict[str, Any]:
    """The results that need no monthly series."""
    hours, rate = given["data_preparation_hours"], given["hourly_rate"]
    trained, gpus, requests = given["training_hours"], given["gpu_count"], given["daily_requests"]
    current, tuned = given["current_cost_per_request"], given["finetuned_cost_per_request"]
    found: dict[str, Any] = dict.fromkeys(NOTHING, 0.0)
    found |= _training(gpus)
    with np.errstate(all="ignore"):
        found["data_cost"] = data = hours * rate
        found["compute_cost"] = gpu = GPU_PRICE * trained * ITERATIONS * gpus
        engineers = given["engineer_hours_per_iteration"]
        found["people_cost"] = people = engineers * rate * ITERATIONS
        found["total_cost"] = total = data + gpu + people
        found["run_labour_per_month"] = upkeep = 0.0 * rate
        found["maintenance_cost_per_month"] = upkeep

        found["request_savings_per_month"] = saved = requests * DAYS * (current - tuned)
        found["monthly_savings"] = saved - upkeep
        found["gross_benefit_per_month"] = found["largest_benefit_per_month"] = benefit = (
            np.maximum(saved, 0.0)
        )
        found["largest_source"] = np.where(benefit > 0, 0.0, 4.0)
        found["largest_share"] = np.where(benefit > 0, 1.0, 0.0)

        discount = _discount()
        weights = discount ** np.arange(1, HORIZON + 1)
        annuity, failed = np.sum(weights), np.sum(weights[: int(STOP_MONTHS)])
        found["requests_in_first_month"] = first = requests * DAYS
        found["pv_current_model"] = pv_current = first * current * annuity
        found["pv_finetuned_model"] = pv_tuned = first * tuned * annuity
        found["pv_run_cost"] = pv_run = upkeep * annuity
        found["pv_failure_cost"] = pv_failed = upkeep * failed
        found["npv_if_success"] = success = pv_current - pv_tuned - pv_run - total
        found["npv_if_failure"] = failure = -pv_failed - total
        found["npv"] = SUCCESS * success + (1 - SUCCESS) * failure
        found["cost_of_failure"] = -failure

        found["strategy"] = np.where(requests > 1000, 2.0, 0.0)
        found["source_total_cost"] = total = hours * rate + GPU_PRICE * trained * ITERATIONS
        found["source_monthly_savings"] = monthly = requests * (current - tuned) * 30.0
        found["source_payback_months"] = payback = np.where(monthly > 0, total / monthly, np.inf)
        found["source_annual_roi"] = (monthly * 12 - total) / total
        found["source_recommendation"] = _class(payback)
    return found


def _training(gpus: Any) -> dict[str, Any]:
    """Estimated hours to train 7 billion parameters on 1000 samples of 500 tokens, A100 with 80 GB."""
    tokens = 500.0 * 4.0
    attention = 1 + 500.0 / (25_700 * 7.0 ** (1 / 3))
    computing = 6 * 7.0 * tokens / 1000 * attention * (1 / (312 * 0.8) + 1000 / (2039.0 * 400))
    one = 0.1 + 7.0 * 6 / 2039.0 + computing  # the model fits one GPU: nothing is exchanged
    seconds = np.where(gpus > 1, one * 1.05, one)
    hours = 1000.0 * 3.0 / (4.0 * gpus) * seconds / 3600
    return {
        "hours_at_utilisation": np.nan,  # no utilisation is typed
        "pass_seconds": seconds,
        "hours_by_passes": hours,
        "estimated_training_hours": hours,
        "estimated_training_hours_low": hours / 2,
        "estimated_training_hours_high": hours * 2,
    }


def _discount() -> float:
    return float((1 + YEARLY_RATE) ** (-1 / 12))


def with_cash_flow(given: dict[str, Any]) -> dict[str, Any]:
    """All results that differ between cases: those of `by_hand` and those of the monthly series."""
    found = by_hand(given)
    requests, total, npv = given["daily_requests"], found["total_cost"], found["npv"]
    current, tuned = given["current_cost_per_request"], given["finetuned_cost_per_request"]
    upkeep = found["run_labour_per_month"]
    names = ("net_total", "payback_months", "discounted_payback_months", "sign_changes", "irr")
    for name in names:
        found[name] = np.empty(len(requests))
    for start in range(0, len(requests), CASES_AT_ONCE):
        part = slice(start, start + CASES_AT_ONCE)
        one, two, three, four = requests[part], current[part], tuned[part], upkeep[part]
        net, discounted = _flows(one, two, three, four, total[part])
        found["net_total"][part] = net.sum(axis=0)
        found["payback_months"][part] = _payback(net)
        found["discounted_payback_months"][part] = _payback(discounted)
        found["sign_changes"][part] = _sign_changes(net)
        found["irr"][part] = _irr(net)
    payback = found["payback_months"]
    fast, several = np.where(payback < 3, 1.0, 0.0), np.where(found["sign_changes"] > 1, 1.0, 0.0)
    some = np.where(found["sign_changes"] < 1, 0.0, 1.0)
    found["irr_state"] = some + several + np.where(found["sign_changes"] == 1, fast, several)
    found["roi_over_horizon"] = roi = found["net_total"] / total
    with np.errstate(invalid="ignore"):
        found["annualised_roi"] = np.where(roi < -1, np.nan, (1 + roi) ** (12 / HORIZON) - 1)
    found["recommendation"] = verdict = np.where(npv > 0, _class(payback), 3.0)
    favoured, against = found["strategy"] > 0, verdict > 1
    found["strategy_conflict"] = np.where(favoured, np.where(against, 1.0, 0.0), 3.0 * ~against)
    slow, unpaid = payback >= 12, payback > HORIZON
    found["lead"] = np.where(npv > 0, np.where(slow, np.where(unpaid, 2.0, 1.0), 0.0), 3.0)
    return found


def _flows(requests: Any, current: Any, tuned: Any, upkeep: Any, total: Any) -> tuple[Any, Any]:
    """Expected net and discounted cash flow: one row per month, one column per case."""
    month = np.arange(HORIZON + 1.0)[:, None]
    age = np.where(month > HORIZON, 0.0, month)
    share = np.where(age < 1.0, age, 1.0)
    saved = requests * DAYS * share * (current * 1.0**month - tuned * 1.0**month)
    # a project that fails saves nothing and pays its run cost until it is stopped
    live = age > 0
    paid = SUCCESS * live + (1 - SUCCESS) * (live & (age <= STOP_MONTHS))
    net = np.where(month > 0, SUCCESS * saved - paid * upkeep, -total)
    return net, net * _discount() ** month


def _payback(net: Any) -> Any:
    total = np.cumsum(net, axis=0)
    unpaid = total < -1e-12 * np.cumsum(np.abs(net), axis=0)
    last = HORIZON - np.argmax(unpaid[::-1], axis=0)
    after = np.minimum(last + 1, HORIZON)
    owed = -np.take_along_axis(total, last[None], 0)[0]
    with np.errstate(all="ignore"):
        months = last + owed / np.take_along_axis(net, after[None], 0)[0]
    months = np.where(last == HORIZON, np.inf, months)
    months = np.where(unpaid.any(axis=0), months, 0.0)
    return np.where((net > 0).any(axis=0), months, np.inf)


def _sign_changes(net: Any) -> Any:
    return np.count_nonzero(np.diff(np.sign(net), axis=0), axis=0)


def _irr(net: Any) -> Any:
    """Newton's method on the logarithm of savings over cost, starting from a perpetuity's rate."""
    with np.errstate(all="ignore"):
        u = np.log1p(net[1] / -net[0])
        for _ in range(50):
            x = np.exp(-u)
            value, slope = np.zeros(x.shape), np.zeros(x.shape)
            for flow in net[:0:-1]:
                slope = slope * x + value
                value = value * x + flow
            step = np.log(value * x / -net[0]) / (1 + slope * x / value)
            u = u + step
            if not np.any(np.abs(step) > 1e-10):
                break
        return np.where((net[1] > 0) & (net[0] < 0), np.expm1(12 * u), np.nan)


def _class(payback: Any) -> Any:
    return (
        np.where(payback < 2, 0.0, 1.0)
        + np.where(payback < 6, 0.0, 1.0)
        + np.where(payback < 12, 0.0, 1.0)
    )
