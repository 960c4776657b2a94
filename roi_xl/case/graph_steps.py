"""Every derived quantity of a case: its name, the function that computes it, and from what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roi_xl.functions.declare import Function, declared
from roi_xl.model import (
    blanks,
    capacity,
    cashflow,
    cost,
    decision,
    flows,
    irr,
    npv,
    returns,
    savings,
    self_hosting,
    serving,
    training,
)
from roi_xl.prices import case_lookup, lookup
from roi_xl.text import text
from roi_xl.units import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the calculation; `args` name inputs or earlier steps, in the function's order.

    `default_` before an input's name means its default, and PRICE_SHEET the case's own prices.
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


PRICE_SHEET = "gpu_price_sheet"
CLASSES = ("strong_below_months", "recommended_below_months", "caution_below_months")

# --- figures in use: typed, looked up, or the default, in the case's currency ------------------------

_USED = "used"


def _converted(name: str, function: Callable[..., Any], amount: str) -> Step:
    return step(name, _USED, function, amount, "currency_rate")


def _price_steps(model: str) -> tuple[Step, ...]:
    """Token prices of one of the two models: listed, converted, used."""
    look_up = {
        "input": getattr(case_lookup, f"{model}_listed_input"),
        "output": getattr(case_lookup, f"{model}_listed_output"),
        "cached_input": getattr(case_lookup, f"{model}_listed_cached"),
    }
    steps: list[Step] = []
    for kind, function in look_up.items():
        listed, converted = f"{model}_{kind}_price_listed", f"{model}_{kind}_price_converted"
        typed = f"{model}_{kind}_price"
        steps += [
            step(listed, _USED, function, f"{model}_model", PRICE_SHEET),
            _converted(converted, blanks.token_price_converted, listed),
            step(
                f"{typed}_used",
                _USED,
                blanks.token_price_used,
                typed,
                converted,
                f"default_{typed}",
            ),
        ]
    ratio, factor = f"{model}_batch_ratio", f"{model}_batch_factor"
    return (
        *steps,
        step(ratio, _USED, getattr(case_lookup, ratio), f"{model}_model", PRICE_SHEET),
        step(factor, _USED, blanks.batch_factor, "batch_share", ratio),
    )


def _cost_by_tokens(model: str, *extra: str) -> Step:
    return step(
        f"{model}_cost_by_tokens",
        _USED,
        savings.cost_by_tokens,
        "input_tokens",
        "output_tokens",
        f"{model}_input_price_used",
        f"{model}_output_price_used",
        "cached_input_share",
        f"{model}_cached_input_price_used",
        f"{model}_batch_factor",
        *extra,
    )


USED_STEPS: tuple[Step, ...] = (
    step("currency_rate", _USED, blanks.currency_rate, "currency", "currency_per_usd"),
    step(
        "hourly_rate_used",
        _USED,
        blanks.hourly_rate_used,
        "hourly_rate",
        "default_hourly_rate",
        "currency_rate",
    ),
    step(
        "gpu_listed_price",
        _USED,
        lookup.listed_gpu_price,
        "gpu_model",
        "gpu_provider",
        "gpu_market",
        PRICE_SHEET,
    ),
    _converted("gpu_price_converted", blanks.gpu_price_converted, "gpu_listed_price"),
    _converted("gpu_default_converted", blanks.gpu_default_converted, "default_gpu_cost_per_hour"),
    step(
        "gpu_price_per_hour",
        _USED,
        blanks.gpu_price_used,
        "gpu_cost_per_hour",
        "gpu_price_converted",
        "gpu_default_converted",
    ),
    *_price_steps("current"),
    _cost_by_tokens("current", "extra_input_tokens_current"),
    _converted(
        "current_cost_default_converted",
        blanks.request_cost_converted,
        "default_current_cost_per_request",
    ),
    step(
        "current_request_cost",
        _USED,
        blanks.request_cost_used,
        "current_cost_per_request",
        "current_cost_by_tokens",
        "current_cost_default_converted",
    ),
    step(
        "serving_gpu_listed_price",
        _USED,
        case_lookup.listed_serving_price,
        "serving_gpu_model",
        PRICE_SHEET,
    ),
    _converted(
        "serving_gpu_price_converted", blanks.gpu_price_converted, "serving_gpu_listed_price"
    ),
    step(
        "serving_gpu_price",
        _USED,
        blanks.serving_price_used,
        "serving_gpu_cost_per_hour",
        "serving_gpu_price_converted",
    ),
    step("served_by", _USED, blanks.served_by, "serving_gpu_price"),
    *_price_steps("finetuned"),
    _cost_by_tokens("finetuned"),
    step(
        "finetuned_cost_worked_out",
        _USED,
        blanks.finetuned_cost_worked_out,
        "served_by",
        "finetuned_cost_by_tokens",
    ),
    _converted(
        "finetuned_cost_default_converted",
        blanks.request_cost_converted,
        "default_finetuned_cost_per_request",
    ),
    step(
        "finetuned_request_cost",
        _USED,
        blanks.request_cost_used,
        "finetuned_cost_per_request",
        "finetuned_cost_worked_out",
        "finetuned_cost_default_converted",
    ),
    step(
        "months_until_withdrawal",
        _USED,
        case_lookup.months_until_withdrawal,
        "finetuned_model",
        "start_month",
    ),
    step(
        "retirement_used",
        _USED,
        blanks.retirement_used,
        "retirement_month",
        "months_until_withdrawal",
        "default_retirement_month",
    ),
)

# --- estimates -------------------------------------------------------------------------------------

_TRAINING = "training"
_TYPED = ("model_params_b", "training_samples")


def _of_gpu(name: str, function: Callable[..., Any]) -> Step:
    return step(name, _TRAINING, function, "gpu_model")


TRAINING_STEPS: tuple[Step, ...] = (
    step(
        "model_params_used",
        _TRAINING,
        capacity.size_used,
        "model_params_b",
        "default_model_params_b",
    ),
    step(
        "training_samples_used",
        _TRAINING,
        capacity.samples_used,
        "training_samples",
        "default_training_samples",
    ),
    step(
        "training_tokens_m",
        _TRAINING,
        training.training_tokens,
        "training_samples_used",
        "tokens_per_sample",
        "epochs",
    ),
    _of_gpu("gpu_peak_tflops", training.peak_tflops),
    _of_gpu("gpu_bandwidth_gb_s", training.gpu_bandwidth),
    _of_gpu("gpu_memory_gb", training.gpu_memory),
    _of_gpu("gpu_link_gb_s", training.gpu_link),
    step(
        "training_memory_gb",
        _TRAINING,
        training.training_memory,
        "model_params_used",
        "training_method",
    ),
    step(
        "activation_memory_gb",
        _TRAINING,
        training.activation_memory,
        "model_params_used",
        "tokens_per_sample",
        "samples_per_step",
    ),
    step(
        "gpus_for_memory",
        _TRAINING,
        training.gpus_to_train,
        "training_memory_gb",
        "activation_memory_gb",
        "gpu_memory_gb",
    ),
    step(
        "gpu_count_used",
        _TRAINING,
        capacity.gpu_count_used,
        "gpu_count",
        *_TYPED,
        "gpus_for_memory",
        "default_gpu_count",
    ),
    step("gpus_that_train", _TRAINING, capacity.gpus_that_train, "gpu_count_used"),
    step(
        "hours_at_utilisation",
        _TRAINING,
        training.hours_at,
        "model_params_used",
        "training_tokens_m",
        "training_method",
        "gpu_peak_tflops",
        "gpus_that_train",
        "utilisation",
    ),
    step(
        "pass_seconds",
        _TRAINING,
        training.seconds_per_pass,
        "model_params_used",
        "training_method",
        "tokens_per_sample",
        "samples_per_step",
        "gpus_that_train",
        "training_memory_gb",
        "gpu_peak_tflops",
        "gpu_bandwidth_gb_s",
        "gpu_memory_gb",
        "gpu_link_gb_s",
    ),
    step(
        "hours_by_passes",
        _TRAINING,
        training.hours_by_passes,
        "training_samples_used",
        "epochs",
        "samples_per_step",
        "gpus_that_train",
        "pass_seconds",
    ),
    step(
        "estimated_training_hours",
        _TRAINING,
        training.hours_estimate,
        "hours_at_utilisation",
        "hours_by_passes",
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
        "training_hours_used",
        _TRAINING,
        capacity.training_hours_used,
        "training_hours",
        *_TYPED,
        "estimated_training_hours",
        "default_training_hours",
    ),
)

_CAPACITY = "capacity"


def _of_serving_gpu(name: str, function: Callable[..., Any]) -> Step:
    return step(name, _CAPACITY, function, "serving_gpu_model")


CAPACITY_STEPS: tuple[Step, ...] = (
    _of_serving_gpu("serving_peak_tflops", capacity.serving_peak),
    _of_serving_gpu("serving_fp8_tflops", capacity.serving_fp8_peak),
    _of_serving_gpu("serving_memory_gb", capacity.serving_memory),
    _of_serving_gpu("serving_bandwidth_gb_s", capacity.serving_bandwidth),
    _of_serving_gpu("serving_link_gb_s", capacity.serving_link),
    step("model_layers", _CAPACITY, serving.model_layers, "model_params_used"),
    step("model_hidden", _CAPACITY, serving.model_hidden, "model_params_used"),
    step("model_cache_gb", _CAPACITY, serving.model_cache, "model_params_used"),
    step(
        "serving_weights_gb",
        _CAPACITY,
        serving.serving_weights,
        "model_params_used",
        "serving_precision",
    ),
    step(
        "request_memory_gb",
        _CAPACITY,
        serving.request_memory,
        "model_cache_gb",
        "serving_precision",
        "input_tokens",
        "output_tokens",
    ),
    step(
        "requests_in_memory",
        _CAPACITY,
        serving.requests_in_memory,
        "serving_weights_gb",
        "model_cache_gb",
        "serving_precision",
        "input_tokens",
        "output_tokens",
        "serving_memory_gb",
        "serving_gpus_per_replica",
    ),
    step("requests_at_once", _CAPACITY, capacity.requests_at_once, "requests_in_memory"),
    step(
        "serving_tokens_per_s",
        _CAPACITY,
        serving.serving_throughput,
        "model_params_used",
        "serving_weights_gb",
        "request_memory_gb",
        "model_cache_gb",
        "model_layers",
        "model_hidden",
        "serving_precision",
        "input_tokens",
        "output_tokens",
        "serving_peak_tflops",
        "serving_fp8_tflops",
        "serving_bandwidth_gb_s",
        "serving_memory_gb",
        "serving_link_gb_s",
        "serving_gpus_per_replica",
        "requests_at_once",
    ),
    step(
        "estimated_requests_per_gpu_hour",
        _CAPACITY,
        capacity.estimated_capacity,
        "model_params_b",
        "serving_tokens_per_s",
        "output_tokens",
        "serving_gpus_per_replica",
    ),
)

# --- one-off and monthly amounts -------------------------------------------------------------------

_COST, _MONTH_AT_FULL_USE = "cost", "returns"
_SERVING = "serving"
COST_STEPS: tuple[Step, ...] = (
    step(
        "data_cost",
        _COST,
        cost.data_cost,
        "data_preparation_hours",
        "hourly_rate_used",
        "labelled_samples",
        "label_cost_per_sample",
    ),
    step(
        "compute_cost",
        _COST,
        cost.compute_cost,
        "gpu_price_per_hour",
        "training_hours_used",
        "num_iterations",
        "gpu_count_used",
    ),
    step(
        "people_cost",
        _COST,
        cost.people_cost,
        "engineer_hours_per_iteration",
        "hourly_rate_used",
        "num_iterations",
    ),
    step(
        "hosted_training_cost",
        _COST,
        cost.hosted_training_cost,
        "training_samples_used",
        "tokens_per_sample",
        "epochs",
        "hosted_training_price",
        "num_iterations",
    ),
    step(
        "contingency",
        _COST,
        cost.contingency,
        "data_cost",
        "compute_cost",
        "people_cost",
        "hosted_training_cost",
        "other_one_off_cost",
        "contingency_share",
    ),
    step(
        "total_cost",
        _COST,
        cost.investment,
        "data_cost",
        "compute_cost",
        "people_cost",
        "hosted_training_cost",
        "other_one_off_cost",
        "contingency",
    ),
    step(
        "retraining_cost_per_month",
        _COST,
        cost.retraining_cost,
        "retrainings_per_year",
        "cost_per_retraining",
    ),
    step(
        "run_labour_per_month",
        _COST,
        cost.run_labour,
        "regression_test_hours_per_month",
        "versioning_hours_per_month",
        "hourly_rate_used",
    ),
    step(
        "maintenance_cost_per_month",
        _COST,
        cost.maintenance_cost,
        "retrainings_per_year",
        "cost_per_retraining",
        "regression_test_hours_per_month",
        "versioning_hours_per_month",
        "hourly_rate_used",
    ),
)
SERVING_STEPS: tuple[Step, ...] = (
    step(
        "serving_capacity",
        _SERVING,
        blanks.serving_capacity_used,
        "served_by",
        "serving_requests_per_gpu_hour",
        "estimated_requests_per_gpu_hour",
    ),
    step(
        "least_replicas",
        _SERVING,
        self_hosting.least_replicas,
        "served_by",
        "serving_min_gpus",
        "serving_gpus_per_replica",
    ),
    step(
        "replicas_at_full_use",
        _SERVING,
        self_hosting.replicas_at_full_use,
        "served_by",
        "daily_requests",
        "peak_to_average",
        "serving_capacity",
        "serving_gpus_per_replica",
    ),
    step(
        "cost_per_replica",
        _SERVING,
        self_hosting.cost_per_replica,
        "served_by",
        "serving_gpu_price",
        "serving_gpus_per_replica",
        "serving_hours_per_day",
        "days_per_month",
    ),
    step(
        "least_serving_cost_per_month",
        _SERVING,
        self_hosting.least_serving_cost,
        "least_replicas",
        "cost_per_replica",
    ),
    step(
        "serving_cost_per_month",
        _SERVING,
        self_hosting.serving_cost_at_full_use,
        "replicas_at_full_use",
        "least_replicas",
        "cost_per_replica",
    ),
)
RETURN_STEPS: tuple[Step, ...] = (
    step(
        "error_savings_per_request",
        _MONTH_AT_FULL_USE,
        savings.error_savings_per_request,
        "current_error_rate",
        "finetuned_error_rate",
        "cost_per_error",
    ),
    step(
        "saved_labour_per_month",
        _MONTH_AT_FULL_USE,
        savings.saved_labour,
        "hours_saved_per_month",
        "hourly_rate_used",
    ),
    step(
        "request_savings_per_month",
        _MONTH_AT_FULL_USE,
        savings.request_savings_at_full_use,
        "daily_requests",
        "days_per_month",
        "current_request_cost",
        "finetuned_request_cost",
    ),
    step(
        "fixed_savings_per_month",
        _MONTH_AT_FULL_USE,
        savings.fixed_savings,
        "current_fixed_cost_per_month",
        "finetuned_fixed_cost_per_month",
    ),
    step(
        "quality_per_month",
        _MONTH_AT_FULL_USE,
        savings.quality_at_full_use,
        "quality_value_per_month",
        "saved_labour_per_month",
    ),
    step(
        "error_savings_per_month",
        _MONTH_AT_FULL_USE,
        savings.error_savings_at_full_use,
        "daily_requests",
        "days_per_month",
        "error_savings_per_request",
    ),
    step(
        "monthly_savings",
        _MONTH_AT_FULL_USE,
        savings.net_benefit,
        "request_savings_per_month",
        "fixed_savings_per_month",
        "quality_per_month",
        "error_savings_per_month",
        "serving_cost_per_month",
        "maintenance_cost_per_month",
    ),
)

# --- the monthly series ------------------------------------------------------------------------------

_SERIES = "series"
MONTH = "month"  # the month of a series, 0 for the investment
NET = "net_cash_flow"
DISCOUNTED = "discounted_cash_flow"
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
        "current_model_cost",
        _SERIES,
        cashflow.model_cost_in_month,
        MONTH,
        "requests_in_month",
        "current_request_cost",
        "current_price_factor",
    ),
    step(
        "avoided_fixed_cost",
        _SERIES,
        cashflow.avoided_fixed_cost,
        "use_share",
        "current_fixed_cost_per_month",
    ),
    step(
        "finetuned_model_cost",
        _SERIES,
        cashflow.model_cost_in_month,
        MONTH,
        "requests_in_month",
        "finetuned_request_cost",
        "finetuned_price_factor",
    ),
    step(
        "finetuned_fixed_cost",
        _SERIES,
        cashflow.cost_while_live,
        "live_age_months",
        "finetuned_fixed_cost_per_month",
    ),
    step(
        "replicas_in_month",
        _SERIES,
        self_hosting.replicas_in_month,
        "live_age_months",
        "use_share",
        "replicas_at_full_use",
        "least_replicas",
        "monthly_volume_growth",
    ),
    step(
        "gpus_in_month",
        _SERIES,
        self_hosting.gpus_in_month,
        "replicas_in_month",
        "serving_gpus_per_replica",
    ),
    step(
        "serving_cost",
        _SERIES,
        self_hosting.serving_cost_in_month,
        "replicas_in_month",
        "cost_per_replica",
    ),
    step(
        "run_cost",
        _SERIES,
        cashflow.run_cost_in_month,
        MONTH,
        "live_age_months",
        "retraining_cost_per_month",
        "run_labour_per_month",
        "monthly_wage_factor",
    ),
    step(
        "quality_value",
        _SERIES,
        cashflow.quality_value_in_month,
        MONTH,
        "use_share",
        "quality_value_per_month",
        "saved_labour_per_month",
        "monthly_wage_factor",
    ),
    step(
        "error_savings",
        _SERIES,
        cashflow.error_savings_in_month,
        "requests_in_month",
        "error_savings_per_request",
    ),
    step(
        "net_if_success",
        _SERIES,
        cashflow.net_if_success,
        MONTH,
        "current_model_cost",
        "avoided_fixed_cost",
        "finetuned_model_cost",
        "finetuned_fixed_cost",
        "serving_cost",
        "run_cost",
        "quality_value",
        "error_savings",
        "total_cost",
    ),
    step(
        "net_if_failure",
        _SERIES,
        cashflow.net_if_failure,
        MONTH,
        "live_age_months",
        "run_cost",
        "finetuned_fixed_cost",
        "least_serving_cost_per_month",
        "failure_stop_months",
        "total_cost",
    ),
    step(
        NET,
        _SERIES,
        cashflow.expected_net,
        "net_if_success",
        "net_if_failure",
        "success_probability",
    ),
    step("discount_factor", _SERIES, cashflow.discount_factor, MONTH, "monthly_discount_factor"),
    step(DISCOUNTED, _SERIES, cashflow.discounted, NET, "discount_factor"),
)
CUMULATIVE = {  # running totals of a series
    NET: "cumulative_cash_flow",
    DISCOUNTED: "cumulative_discounted_cash_flow",
}
SERIES_NAMES = frozenset(s.name for s in SERIES)

# --- net present value in closed form ------------------------------------------------------------------

_FLOW = "cashflow"
FLOW_BLOCK = "flows"  # what follows from the monthly series, and stands with it
_LIVE = ("live_months", "monthly_discount_factor")
_RAMP = (*_LIVE, "first_live_age_months", "full_use_age_months")


def _flow_step(name: str, function: Callable[..., Any], *args: str) -> Step:
    return step(name, FLOW_BLOCK, function, *args, over_flows=not SERIES_NAMES.isdisjoint(args))


def _factor_steps(factor: str, function: Callable[..., Any], per_year: str) -> tuple[Step, Step]:
    """A trend as a factor per month, and what it has come to in the first live month."""
    return (
        step(factor, _FLOW, function, per_year),
        step(
            f"first_{factor.removeprefix('monthly_')}",
            _FLOW,
            npv.factor_in_first_month,
            factor,
            "first_live_month",
        ),
    )


def _pv_requests(name: str, amount: str, factor: str, annuity: str) -> Step:
    return step(
        name,
        _FLOW,
        npv.pv_requests,
        "requests_in_first_month",
        amount,
        factor,
        annuity,
        "first_live_discount_factor",
    )


def _pv_by_use(name: str, amount: str, labour: str, annuity: str, wage_annuity: str) -> Step:
    return step(
        name,
        _FLOW,
        npv.pv_by_use,
        amount,
        labour,
        "first_wage_factor",
        annuity,
        wage_annuity,
        "first_live_discount_factor",
    )


CASHFLOW_STEPS: tuple[Step, ...] = (
    step("last_month", _FLOW, cashflow.last_month, "horizon_months", "retirement_used"),
    step("live_months", _FLOW, cashflow.live_months, "build_months", "last_month"),
    step("first_live_month", _FLOW, cashflow.first_live_month, "build_months"),
    step(
        "first_live_age_months", _FLOW, cashflow.first_live_age, "first_live_month", "build_months"
    ),
    step("full_use_age_months", _FLOW, cashflow.full_use_age, "ramp_months"),
    *_factor_steps(
        "current_price_factor", cashflow.monthly_decline_factor, "current_price_decline_per_year"
    ),
    *_factor_steps(
        "finetuned_price_factor",
        cashflow.monthly_decline_factor,
        "finetuned_price_decline_per_year",
    ),
    *_factor_steps("monthly_wage_factor", cashflow.monthly_growth_factor, "wage_growth_per_year"),
    step("monthly_discount_factor", _FLOW, npv.monthly_discount_factor, "annual_discount_rate"),
    step(
        "monthly_wage_discount_factor",
        _FLOW,
        npv.wage_discount,
        "monthly_discount_factor",
        "monthly_wage_factor",
    ),
    step(
        "first_live_discount_factor",
        _FLOW,
        cashflow.discount_factor,
        "first_live_month",
        "monthly_discount_factor",
    ),
    step(
        "failure_live_months",
        _FLOW,
        npv.failure_live_months,
        "live_months",
        "first_live_age_months",
        "failure_stop_months",
    ),
    step(
        "current_cost_annuity",
        _FLOW,
        npv.ramped_annuity,
        *_RAMP,
        "monthly_volume_growth",
        "current_price_factor",
    ),
    step(
        "finetuned_cost_annuity",
        _FLOW,
        npv.ramped_annuity,
        *_RAMP,
        "monthly_volume_growth",
        "finetuned_price_factor",
    ),
    step("volume_annuity", _FLOW, npv.ramped_annuity, *_RAMP, "monthly_volume_growth"),
    step("use_annuity", _FLOW, npv.ramped_annuity, *_RAMP),
    step(
        "use_wage_annuity",
        _FLOW,
        npv.ramped_annuity,
        "live_months",
        "monthly_wage_discount_factor",
        *_RAMP[2:],
    ),
    step("live_annuity", _FLOW, npv.annuity, *_LIVE),
    step("live_wage_annuity", _FLOW, npv.annuity, "live_months", "monthly_wage_discount_factor"),
    step("failure_annuity", _FLOW, npv.annuity, "failure_live_months", "monthly_discount_factor"),
    step(
        "failure_wage_annuity",
        _FLOW,
        npv.annuity,
        "failure_live_months",
        "monthly_wage_discount_factor",
    ),
    step(
        "requests_in_first_month",
        _FLOW,
        npv.requests_in_first_month,
        "daily_requests",
        "days_per_month",
        "first_live_age_months",
        "monthly_volume_growth",
    ),
    _pv_requests(
        "pv_current_model",
        "current_request_cost",
        "first_current_price_factor",
        "current_cost_annuity",
    ),
    _pv_requests(
        "pv_finetuned_model",
        "finetuned_request_cost",
        "first_finetuned_price_factor",
        "finetuned_cost_annuity",
    ),
    step(
        "pv_fewer_errors",
        _FLOW,
        npv.pv_per_request,
        "requests_in_first_month",
        "error_savings_per_request",
        "volume_annuity",
        "first_live_discount_factor",
    ),
    step(
        "avoided_and_quality_per_month",
        _FLOW,
        npv.monthly_sum,
        "current_fixed_cost_per_month",
        "quality_value_per_month",
    ),
    _pv_by_use(
        "pv_avoided_and_quality",
        "avoided_and_quality_per_month",
        "saved_labour_per_month",
        "use_annuity",
        "use_wage_annuity",
    ),
    step(
        "fixed_run_cost_per_month",
        _FLOW,
        npv.monthly_sum,
        "finetuned_fixed_cost_per_month",
        "retraining_cost_per_month",
    ),
    _pv_by_use(
        "pv_run_cost",
        "fixed_run_cost_per_month",
        "run_labour_per_month",
        "live_annuity",
        "live_wage_annuity",
    ),
    step(
        "pv_serving",
        _FLOW,
        self_hosting.pv_serving,
        *_RAMP,
        "monthly_volume_growth",
        "replicas_at_full_use",
        "least_replicas",
        "cost_per_replica",
        "first_live_discount_factor",
    ),
    step(
        "failure_cost_per_month",
        _FLOW,
        npv.monthly_sum,
        "fixed_run_cost_per_month",
        "least_serving_cost_per_month",
    ),
    _pv_by_use(
        "pv_failure_cost",
        "failure_cost_per_month",
        "run_labour_per_month",
        "failure_annuity",
        "failure_wage_annuity",
    ),
    step(
        "npv_if_success",
        _FLOW,
        npv.npv_if_success,
        "pv_current_model",
        "pv_avoided_and_quality",
        "pv_fewer_errors",
        "pv_finetuned_model",
        "pv_serving",
        "pv_run_cost",
        "total_cost",
    ),
    step("npv_if_failure", _FLOW, npv.npv_if_failure, "pv_failure_cost", "total_cost"),
    step("npv", _FLOW, npv.expected_npv, "npv_if_success", "npv_if_failure", "success_probability"),
    _flow_step("net_total", flows.flow_total, NET),
    _flow_step("payback_months", flows.flow_payback, NET),
    _flow_step("discounted_payback_months", flows.flow_payback, DISCOUNTED),
    _flow_step("sign_changes", irr.sign_changes, NET),
    _flow_step("irr", irr.flow_irr, NET),
    _flow_step("irr_state", irr.irr_state, "sign_changes", "payback_months"),
    _flow_step("roi_over_horizon", flows.roi_over_horizon, "net_total", "total_cost"),
    _flow_step("annualised_roi", flows.annualised_roi, "roi_over_horizon", "horizon_months"),
)

# --- the verdict, and the source document's own ------------------------------------------------------

_DECISION, _SOURCE = "decision", "source"
_BENEFITS = (
    "request_savings_per_month",
    "fixed_savings_per_month",
    "quality_per_month",
    "error_savings_per_month",
)
DECISION_STEPS: tuple[Step, ...] = (
    step("recommendation", _DECISION, decision.verdict, "npv", "payback_months", *CLASSES),
    step(
        "strategy",
        _DECISION,
        decision.strategy,
        "daily_requests",
        "quality_need",
        "low_daily_requests",
        "high_daily_requests",
    ),
    step("strategy_conflict", _DECISION, decision.strategy_conflict, "recommendation", "strategy"),
    step(
        "lead",
        _DECISION,
        decision.lead,
        "npv",
        "payback_months",
        "caution_below_months",
        "horizon_months",
    ),
    step("gross_benefit_per_month", _DECISION, decision.gross_benefit, *_BENEFITS),
    step("largest_benefit_per_month", _DECISION, decision.largest_benefit, *_BENEFITS),
    step(
        "largest_source",
        _DECISION,
        decision.largest_source,
        "largest_benefit_per_month",
        *_BENEFITS[:3],
    ),
    step(
        "largest_share",
        _DECISION,
        decision.largest_share,
        "largest_benefit_per_month",
        "gross_benefit_per_month",
    ),
    step("cost_of_failure", _DECISION, decision.cost_of_failure, "npv_if_failure"),
)
SOURCE_STEPS: tuple[Step, ...] = (
    step(
        "source_total_cost",
        _SOURCE,
        cost.total_cost,
        "data_preparation_hours",
        "hourly_rate_used",
        "gpu_price_per_hour",
        "training_hours_used",
        "num_iterations",
    ),
    step(
        "source_monthly_savings",
        _SOURCE,
        savings.monthly_savings,
        "daily_requests",
        "current_request_cost",
        "finetuned_request_cost",
    ),
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
)

STEPS: tuple[Step, ...] = (
    *USED_STEPS,
    *TRAINING_STEPS,
    *CAPACITY_STEPS,
    *COST_STEPS,
    *SERVING_STEPS,
    *RETURN_STEPS,
    *CASHFLOW_STEPS,
    *DECISION_STEPS,
    *SOURCE_STEPS,
)
BLOCKS = tuple(dict.fromkeys(s.block for s in STEPS))
