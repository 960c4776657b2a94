"""The whole case written by hand in numpy, without checks, as a peer for our own."""

from typing import Any

import numpy as np

CASES_AT_ONCE = 7_000  # keeps a table of months in the processor's cache
HORIZON, YEARLY_RATE = 36, 0.1


def by_hand(given: dict[str, Any]) -> dict[str, Any]:
    """The results that need no cash flow."""
    hours, rate = given["data_preparation_hours"], given["hourly_rate"]
    requests = given["daily_requests"]
    current = given["current_cost_per_request"]
    tuned = given["finetuned_cost_per_request"]
    found: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        found["data_cost"] = data = hours * rate + 0.0 * 0.0
        found["compute_cost"] = gpu = 3.0 * given["training_hours"] * 3.0 * given["gpu_count"]
        found["people_cost"] = people = given["engineer_hours_per_iteration"] * rate * 3.0
        found["total_cost"] = total = data + gpu + people
        upkeep = 0.0 * 0.0 / 12 + (0.0 + 0.0) * rate
        found["maintenance_cost_per_month"] = upkeep
        saved = current - tuned
        found["monthly_savings"] = monthly = requests * saved * 30.0 - upkeep
        found["payback_months"] = payback = np.where(monthly > 0, total / monthly, np.inf)
        found["annual_roi"] = (monthly * 12 - total) / total
        volume = (total / 6 + upkeep) / (saved * 30.0)
        found["breakeven_daily_requests"] = np.where(saved < 0, np.nan, volume)
        found["recommendation"] = verdict = _class(payback)
        middle = np.where(requests >= 100, 0.0, 0.0)
        found["strategy"] = matrix = np.where(requests > 1000, 2.0, middle)
        agree, against = np.where(matrix > 0, 0.0, 2.0), np.where(matrix > 0, 1.0, 0.0)
        found["agreement"] = np.where(verdict < 2, agree, against)
        found["source_total_cost"] = total = hours * rate + 3.0 * given["training_hours"] * 3.0
        found["source_monthly_savings"] = monthly = requests * (current - tuned) * 30.0
        found["source_payback_months"] = payback = np.where(monthly > 0, total / monthly, np.inf)
        found["source_annual_roi"] = (monthly * 12 - total) / total
        found["source_recommendation"] = _class(payback)
    return found


def with_cash_flow(given: dict[str, Any]) -> dict[str, Any]:
    """All results of the case: those of `by_hand` and those of its cash flow."""
    found = by_hand(given)
    discount = np.exp(-np.log(1 + YEARLY_RATE) / 12)
    annuity = np.sum(discount ** np.arange(HORIZON))
    requests, total = given["daily_requests"], found["total_cost"]
    current = given["current_cost_per_request"]
    tuned = given["finetuned_cost_per_request"]
    upkeep = found["maintenance_cost_per_month"]
    found |= {"last_month": 36.0, "live_months": 36.0, "first_live_month": 1.0}
    found |= {"first_live_age_months": 1.0, "full_use_age_months": 1.0}
    found |= {"monthly_price_factor": 1.0, "monthly_discount_factor": discount}
    found |= {"first_live_discount_factor": discount}
    for name in ("current_cost", "finetuned_cost", "quality", "upkeep"):
        found[f"{name}_annuity"] = annuity
    found["requests_in_first_month"] = monthly_requests = requests * 30.0
    found["current_cost_in_first_month"] = current * 1.0
    saved = current * annuity - tuned * annuity
    found["pv_request_savings"] = savings = discount * monthly_requests * saved
    found["pv_quality_value"] = quality = 0.0
    found["pv_upkeep"] = kept_up = discount * upkeep * annuity
    found["npv"] = npv = savings + quality - kept_up - total
    names = ("net_total", "payback_on_cashflow_months", "discounted_payback_months")
    for name in (*names, "sign_changes", "irr"):
        found[name] = np.empty(len(requests))
    for start in range(0, len(requests), CASES_AT_ONCE):
        part = slice(start, start + CASES_AT_ONCE)
        one, two, three, four = requests[part], current[part], tuned[part], upkeep[part]
        net, discounted = _flows(one, two, three, four, total[part], discount)
        found["net_total"][part] = net.sum(axis=0)
        found["payback_on_cashflow_months"][part] = _payback(net)
        found["discounted_payback_months"][part] = _payback(discounted)
        found["sign_changes"][part] = _sign_changes(net)
        found["irr"][part] = _irr(net)
    payback = found["payback_on_cashflow_months"]
    fast, several = np.where(payback < 3, 1.0, 0.0), np.where(found["sign_changes"] > 1, 1.0, 0.0)
    some = np.where(found["sign_changes"] < 1, 0.0, 1.0)
    found["irr_state"] = some + several + np.where(found["sign_changes"] == 1, fast, several)
    found["roi_over_horizon"] = roi = found["net_total"] / total
    with np.errstate(invalid="ignore"):
        found["annualised_roi"] = np.where(roi < -1, np.nan, (1 + roi) ** (12 / HORIZON) - 1)
    found["recommendation_on_cashflow"] = _class(payback)
    found |= {"reporting_rate": 1.0, "rate_state": 0.0}
    found["total_cost_reporting"] = total * 1.0
    found["monthly_savings_reporting"] = found["monthly_savings"] * 1.0
    found["npv_reporting"] = npv * 1.0
    found |= {"training_tokens_m": 1.5, "gpu_peak_tflops": 312.0}
    hours = 7.0 * 1.5 * 6.0 / (312.0 * 0.4 * given["gpu_count"] * 3.6)
    found["estimated_training_hours"] = hours
    found["estimated_training_hours_low"], found["estimated_training_hours_high"] = (
        hours / 2,
        hours * 2,
    )
    found |= {"training_memory_gb": 14.0, "gpu_memory_gb": 80.0, "gpus_for_memory": 1.0}
    return found


def _flows(
    requests: Any, current: Any, tuned: Any, upkeep: Any, total: Any, discount: float
) -> tuple[Any, Any]:
    """Net and discounted cash flow: one row per month, one column per case."""
    month = np.arange(HORIZON + 1.0)[:, None]
    age = np.where(month > HORIZON, 0.0, month)
    share = np.where(age < 1.0, age, 1.0)
    saved = requests * 30.0 * share * (current * 1.0**month - tuned)
    net = np.where(month > 0, saved - np.where(age > 0, upkeep, 0.0), -total)
    return net, net * discount**month


def _payback(net: Any) -> Any:
    total = np.cumsum(net, axis=0)
    unpaid = total < -1e-9 * np.cumsum(np.abs(net), axis=0)
    last = HORIZON - np.argmax(unpaid[::-1], axis=0)
    after = np.minimum(last + 1, HORIZON)
    owed = -np.take_along_axis(total, last[None], 0)[0]
    with np.errstate(all="ignore"):
        months = last + owed / np.take_along_axis(net, after[None], 0)[0]
    months = np.where(last == HORIZON, np.inf, months)
    return np.where(unpaid.any(axis=0), months, 0.0)


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
