"""The steps of the cash flow: what leads up to it, its monthly series, and what follows from them."""

from collections.abc import Callable
from typing import Any

from roi_xl.case.step import Step, step
from roi_xl.model import cashflow, decision, flows, irr, npv

_RAMP = ("live_months", "monthly_discount_factor", "first_live_age_months", "full_use_age_months")
CLASSES = ("strong_below_months", "recommended_below_months", "caution_below_months")
_FLOW = "cashflow"
FLOW_BLOCK = "flows"  # what follows from the monthly series, and stands with it

_SERIES = "series"
MONTH = "month"  # the month of a series, 0 for the investment
SERIES: tuple[Step, ...] = (
    step("live_age_months", _SERIES, cashflow.live_age, MONTH, "build_months", "last_month"),
    step("use_share", _SERIES, cashflow.use_share, "live_age_months", "full_use_age_months"),
    step(
        "requests_in_month",
        _SERIES,
        cashflow.requests_in_month,
        "live_age_months",
        "use_share",
        "daily_requests",
        "days_per_month",
        "monthly_volume_growth",
    ),
    step(
        "current_cost_in_month_usd",
        _SERIES,
        cashflow.current_cost_in_month,
        MONTH,
        "current_request_cost_usd",
        "monthly_price_factor",
    ),
    step(
        "request_savings_usd",
        _SERIES,
        cashflow.request_savings_in_month,
        "requests_in_month",
        "current_cost_in_month_usd",
        "finetuned_request_cost_usd",
        "success_probability",
    ),
    step(
        "quality_value_usd",
        _SERIES,
        cashflow.quality_value_in_month,
        "use_share",
        "quality_value_usd_per_month",
        "success_probability",
    ),
    step(
        "upkeep_usd",
        _SERIES,
        cashflow.upkeep_in_month,
        "live_age_months",
        "maintenance_cost_per_month_usd",
    ),
    step(
        "net_cash_flow_usd",
        _SERIES,
        cashflow.net_cash_flow,
        MONTH,
        "request_savings_usd",
        "quality_value_usd",
        "upkeep_usd",
        "total_cost_usd",
    ),
    step("discount_factor", _SERIES, cashflow.discount_factor, MONTH, "monthly_discount_factor"),
    step(
        "discounted_cash_flow_usd",
        _SERIES,
        cashflow.discounted,
        "net_cash_flow_usd",
        "discount_factor",
    ),
)
CUMULATIVE = {  # running totals of a series
    "net_cash_flow_usd": "cumulative_cash_flow_usd",
    "discounted_cash_flow_usd": "cumulative_discounted_cash_flow_usd",
}
SERIES_NAMES = frozenset(s.name for s in SERIES)


def _flow_step(name: str, function: Callable[..., Any], *args: str) -> Step:
    return step(name, FLOW_BLOCK, function, *args, over_flows=not SERIES_NAMES.isdisjoint(args))


CASHFLOW_STEPS: tuple[Step, ...] = (
    step("last_month", _FLOW, cashflow.last_month, "horizon_months", "end_of_life_month"),
    step("live_months", _FLOW, cashflow.live_months, "build_months", "last_month"),
    step("first_live_month", _FLOW, cashflow.first_live_month, "build_months"),
    step(
        "first_live_age_months", _FLOW, cashflow.first_live_age, "first_live_month", "build_months"
    ),
    step("full_use_age_months", _FLOW, cashflow.full_use_age, "ramp_months"),
    step(
        "monthly_price_factor",
        _FLOW,
        cashflow.monthly_price_factor,
        "baseline_price_decline_per_year",
    ),
    step("monthly_discount_factor", _FLOW, npv.monthly_discount_factor, "annual_discount_rate"),
    step(
        "first_live_discount_factor",
        _FLOW,
        cashflow.discount_factor,
        "first_live_month",
        "monthly_discount_factor",
    ),
    step(
        "current_cost_annuity",
        _FLOW,
        npv.ramped_annuity,
        *_RAMP,
        "monthly_volume_growth",
        "monthly_price_factor",
    ),
    step("finetuned_cost_annuity", _FLOW, npv.ramped_annuity, *_RAMP, "monthly_volume_growth"),
    step("quality_annuity", _FLOW, npv.ramped_annuity, *_RAMP),
    step("upkeep_annuity", _FLOW, npv.annuity, *_RAMP[:2]),
    step(
        "requests_in_first_month",
        _FLOW,
        npv.requests_in_first_month,
        "daily_requests",
        "days_per_month",
        "first_live_age_months",
        "monthly_volume_growth",
    ),
    step(
        "current_cost_in_first_month_usd",
        _FLOW,
        cashflow.current_cost_in_month,
        "first_live_month",
        "current_request_cost_usd",
        "monthly_price_factor",
    ),
    step(
        "pv_request_savings_usd",
        _FLOW,
        npv.pv_request_savings,
        "requests_in_first_month",
        "current_cost_in_first_month_usd",
        "current_cost_annuity",
        "finetuned_request_cost_usd",
        "finetuned_cost_annuity",
        "first_live_discount_factor",
        "success_probability",
    ),
    step(
        "pv_quality_value_usd",
        _FLOW,
        npv.pv_quality_value,
        "quality_value_usd_per_month",
        "quality_annuity",
        "first_live_discount_factor",
        "success_probability",
    ),
    step(
        "pv_upkeep_usd",
        _FLOW,
        npv.pv_upkeep,
        "maintenance_cost_per_month_usd",
        "upkeep_annuity",
        "first_live_discount_factor",
    ),
    step(
        "npv_usd",
        _FLOW,
        npv.net_present_value,
        "pv_request_savings_usd",
        "pv_quality_value_usd",
        "pv_upkeep_usd",
        "total_cost_usd",
    ),
    _flow_step("net_total_usd", flows.flow_total, "net_cash_flow_usd"),
    _flow_step("payback_on_cashflow_months", flows.flow_payback, "net_cash_flow_usd"),
    _flow_step("discounted_payback_months", flows.flow_payback, "discounted_cash_flow_usd"),
    _flow_step("sign_changes", irr.sign_changes, "net_cash_flow_usd"),
    _flow_step("irr", irr.flow_irr, "net_cash_flow_usd"),
    _flow_step("irr_state", irr.irr_state, "sign_changes", "payback_on_cashflow_months"),
    _flow_step("roi_over_horizon", flows.roi_over_horizon, "net_total_usd", "total_cost_usd"),
    _flow_step("annualised_roi", flows.annualised_roi, "roi_over_horizon", "horizon_months"),
    _flow_step(
        "recommendation_on_cashflow",
        decision.recommend,
        "payback_on_cashflow_months",
        *CLASSES,
    ),
)
