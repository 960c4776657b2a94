"""Every derived quantity of a case: its name, the function that computes it, and from what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roi_xl.functions.declare import Function, declared
from roi_xl.model import (
    blanks,
    cashflow,
    cost,
    decision,
    flows,
    irr,
    npv,
    returns,
    savings,
    training,
)
from roi_xl.prices import lookup
from roi_xl.text import text
from roi_xl.units import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the calculation; `args` name inputs or earlier steps, in the function's order.

    `default_` before an input's name means its default, and PRICE_SHEET the case's own GPU prices.
    """

    name: str
    function: Function
    args: tuple[str, ...]
    block: str
    over_flows: bool = False  # computed from whole rows of the monthly series

    @property
    def quantity(self) -> Quantity:
        """Unit of the result, as the function declares it."""
        return self.function.returns

    def label(self, language: str | None = None) -> str:
        """The step's name in words."""
        return text(f"quantity.{self.name}.label", language)


def step(
    name: str, block: str, function: Callable[..., Any], *args: str, over_flows: bool = False
) -> Step:
    """A step from a function that carries `@ft`."""
    return Step(name, declared(function), args, block, over_flows)


_SOURCE, _REPORT = "source", "reporting"
_USED = "used"
_TRAINING = "training"
PRICE_SHEET = "gpu_price_sheet"
_SAVINGS_ARGS = ("daily_requests", "current_request_cost", "finetuned_request_cost")
_CURRENCY = ("reporting_currency", "usd_to_reporting_rate")


def _tokens_step(model: str) -> Step:
    return step(
        f"{model}_cost_by_tokens",
        _USED,
        savings.cost_by_tokens,
        "input_tokens",
        "output_tokens",
        f"{model}_input_price",
        f"{model}_output_price",
        "cached_input_share",
        f"{model}_cached_input_price",
    )


def _used_step(name: str, typed: str, worked_out: str) -> Step:
    return step(name, _USED, blanks.first_filled, typed, worked_out, f"default_{typed}")


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
        "current_cost_in_month",
        _SERIES,
        cashflow.current_cost_in_month,
        MONTH,
        "current_request_cost",
        "monthly_price_factor",
    ),
    step(
        "request_savings",
        _SERIES,
        cashflow.request_savings_in_month,
        "requests_in_month",
        "current_cost_in_month",
        "finetuned_request_cost",
        "success_probability",
    ),
    step(
        "quality_value",
        _SERIES,
        cashflow.quality_value_in_month,
        "use_share",
        "quality_value_per_month",
        "success_probability",
    ),
    step(
        "upkeep",
        _SERIES,
        cashflow.upkeep_in_month,
        "live_age_months",
        "maintenance_cost_per_month",
    ),
    step(
        "net_cash_flow",
        _SERIES,
        cashflow.net_cash_flow,
        MONTH,
        "request_savings",
        "quality_value",
        "upkeep",
        "total_cost",
    ),
    step("discount_factor", _SERIES, cashflow.discount_factor, MONTH, "monthly_discount_factor"),
    step(
        "discounted_cash_flow",
        _SERIES,
        cashflow.discounted,
        "net_cash_flow",
        "discount_factor",
    ),
)
CUMULATIVE = {  # running totals of a series
    "net_cash_flow": "cumulative_cash_flow",
    "discounted_cash_flow": "cumulative_discounted_cash_flow",
}
SERIES_NAMES = frozenset(s.name for s in SERIES)


def _flow_step(name: str, function: Callable[..., Any], *args: str) -> Step:
    return step(name, FLOW_BLOCK, function, *args, over_flows=not SERIES_NAMES.isdisjoint(args))


CASHFLOW_STEPS: tuple[Step, ...] = (
    step("last_month", _FLOW, cashflow.last_month, "horizon_months", "retirement_month"),
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
        "current_price_decline_per_year",
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
        "current_cost_in_first_month",
        _FLOW,
        cashflow.current_cost_in_month,
        "first_live_month",
        "current_request_cost",
        "monthly_price_factor",
    ),
    step(
        "pv_request_savings",
        _FLOW,
        npv.pv_request_savings,
        "requests_in_first_month",
        "current_cost_in_first_month",
        "current_cost_annuity",
        "finetuned_request_cost",
        "finetuned_cost_annuity",
        "first_live_discount_factor",
        "success_probability",
    ),
    step(
        "pv_quality_value",
        _FLOW,
        npv.pv_quality_value,
        "quality_value_per_month",
        "quality_annuity",
        "first_live_discount_factor",
        "success_probability",
    ),
    step(
        "pv_upkeep",
        _FLOW,
        npv.pv_upkeep,
        "maintenance_cost_per_month",
        "upkeep_annuity",
        "first_live_discount_factor",
    ),
    step(
        "npv",
        _FLOW,
        npv.net_present_value,
        "pv_request_savings",
        "pv_quality_value",
        "pv_upkeep",
        "total_cost",
    ),
    _flow_step("net_total", flows.flow_total, "net_cash_flow"),
    _flow_step("payback_on_cashflow_months", flows.flow_payback, "net_cash_flow"),
    _flow_step("discounted_payback_months", flows.flow_payback, "discounted_cash_flow"),
    _flow_step("sign_changes", irr.sign_changes, "net_cash_flow"),
    _flow_step("irr", irr.flow_irr, "net_cash_flow"),
    _flow_step("irr_state", irr.irr_state, "sign_changes", "payback_on_cashflow_months"),
    _flow_step("roi_over_horizon", flows.roi_over_horizon, "net_total", "total_cost"),
    _flow_step("annualised_roi", flows.annualised_roi, "roi_over_horizon", "horizon_months"),
    _flow_step(
        "recommendation_on_cashflow",
        decision.recommend,
        "payback_on_cashflow_months",
        *CLASSES,
    ),
)


STEPS: tuple[Step, ...] = (
    step(
        "gpu_listed_price",
        _USED,
        lookup.listed_gpu_price,
        "gpu_model",
        "gpu_provider",
        "gpu_market",
        PRICE_SHEET,
    ),
    step(
        "gpu_price_per_hour",
        _USED,
        blanks.gpu_price_used,
        "gpu_cost_per_hour",
        "gpu_listed_price",
        "default_gpu_cost_per_hour",
    ),
    _tokens_step("current"),
    _used_step("current_request_cost", "current_cost_per_request", "current_cost_by_tokens"),
    _tokens_step("finetuned"),
    _used_step(
        "finetuned_request_cost",
        "finetuned_cost_per_request",
        "finetuned_cost_by_tokens",
    ),
    step(
        "data_cost",
        "cost",
        cost.data_cost,
        "data_preparation_hours",
        "hourly_rate",
        "labelled_samples",
        "label_cost_per_sample",
    ),
    step(
        "compute_cost",
        "cost",
        cost.compute_cost,
        "gpu_price_per_hour",
        "training_hours",
        "num_iterations",
        "gpu_count",
    ),
    step(
        "people_cost",
        "cost",
        cost.people_cost,
        "engineer_hours_per_iteration",
        "hourly_rate",
        "num_iterations",
    ),
    step(
        "total_cost",
        "cost",
        cost.investment,
        "data_cost",
        "compute_cost",
        "people_cost",
    ),
    step(
        "maintenance_cost_per_month",
        "cost",
        cost.maintenance_cost,
        "retrainings_per_year",
        "cost_per_retraining",
        "regression_test_hours_per_month",
        "versioning_hours_per_month",
        "hourly_rate",
    ),
    step(
        "monthly_savings",
        "returns",
        savings.monthly_savings,
        *_SAVINGS_ARGS,
        "days_per_month",
        "maintenance_cost_per_month",
    ),
    step("payback_months", "returns", returns.payback, "total_cost", "monthly_savings"),
    step("annual_roi", "returns", returns.annual_roi, "total_cost", "monthly_savings"),
    step(
        "breakeven_daily_requests",
        "returns",
        savings.breakeven_requests,
        "total_cost",
        *_SAVINGS_ARGS[1:],
        "target_payback_months",
        "days_per_month",
        "maintenance_cost_per_month",
    ),
    *CASHFLOW_STEPS,
    step("recommendation", "decision", decision.recommend, "payback_months", *CLASSES),
    step(
        "strategy",
        "decision",
        decision.strategy,
        "daily_requests",
        "quality_need",
        "low_daily_requests",
        "high_daily_requests",
    ),
    step("agreement", "decision", decision.agreement, "recommendation", "strategy"),
    step("reporting_rate", _REPORT, returns.reporting_rate, *_CURRENCY),
    step("rate_state", _REPORT, returns.rate_state, *_CURRENCY),
    step(
        "total_cost_reporting",
        _REPORT,
        returns.in_reporting_currency,
        "total_cost",
        "reporting_rate",
    ),
    step(
        "monthly_savings_reporting",
        _REPORT,
        returns.monthly_in_reporting_currency,
        "monthly_savings",
        "reporting_rate",
    ),
    step("npv_reporting", _REPORT, returns.in_reporting_currency, "npv", "reporting_rate"),
    step(
        "source_total_cost",
        _SOURCE,
        cost.total_cost,
        "data_preparation_hours",
        "hourly_rate",
        "gpu_price_per_hour",
        "training_hours",
        "num_iterations",
    ),
    step("source_monthly_savings", _SOURCE, savings.monthly_savings, *_SAVINGS_ARGS),
    step(
        "source_payback_months",
        _SOURCE,
        returns.payback,
        "source_total_cost",
        "source_monthly_savings",
    ),
    step(
        "source_annual_roi",
        _SOURCE,
        returns.annual_roi,
        "source_total_cost",
        "source_monthly_savings",
    ),
    step("source_recommendation", _SOURCE, decision.recommend, "source_payback_months"),
    step(
        "training_tokens_m",
        _TRAINING,
        training.training_tokens,
        "training_samples",
        "tokens_per_sample",
        "epochs",
    ),
    step("gpu_peak_tflops", _TRAINING, training.peak_tflops, "gpu_model"),
    step(
        "estimated_training_hours",
        _TRAINING,
        training.hours_at,
        "model_params_b",
        "training_tokens_m",
        "training_method",
        "gpu_peak_tflops",
        "gpu_count",
        "utilisation",
    ),
    step(
        "estimated_training_hours_low",
        _TRAINING,
        training.estimate_low,
        "estimated_training_hours",
    ),
    step(
        "estimated_training_hours_high",
        _TRAINING,
        training.estimate_high,
        "estimated_training_hours",
    ),
    step(
        "training_memory_gb",
        _TRAINING,
        training.training_memory,
        "model_params_b",
        "training_method",
    ),
    step("gpu_memory_gb", _TRAINING, training.gpu_memory, "gpu_model"),
    step("gpus_for_memory", _TRAINING, training.gpus_for, "training_memory_gb", "gpu_memory_gb"),
)
BLOCKS = tuple(dict.fromkeys(s.block for s in STEPS))
