"""Every derived quantity of a case: its name, the function that computes it, and from what."""

from roi_xl.case.cashflow_steps import CASHFLOW_STEPS, CLASSES
from roi_xl.case.step import Step, step
from roi_xl.model import blanks, cost, decision, reporting, request, returns, savings, training
from roi_xl.prices import lookup

_SOURCE, _REPORT = "source", "reporting"
_USED = "used"
_TRAINING = "training"
PRICE_SHEET = "gpu_price_sheet"
_SAVINGS_ARGS = ("daily_requests", "current_request_cost_usd", "finetuned_request_cost_usd")
_CURRENCY = ("reporting_currency", "usd_to_reporting_rate")


def _tokens_step(model: str) -> Step:
    return step(
        f"{model}_cost_by_tokens_usd",
        _USED,
        request.cost_by_tokens,
        "input_tokens",
        "output_tokens",
        f"{model}_input_price",
        f"{model}_output_price",
        "cached_input_share",
        f"{model}_cached_input_price",
    )


def _used_step(name: str, typed: str, worked_out: str) -> Step:
    return step(name, _USED, blanks.first_filled, typed, worked_out, f"default_{typed}")


STEPS: tuple[Step, ...] = (
    step(
        "gpu_listed_price_usd",
        _USED,
        lookup.listed_gpu_price,
        "gpu_model",
        "gpu_provider",
        "gpu_market",
        PRICE_SHEET,
    ),
    step(
        "gpu_price_usd_per_hour",
        _USED,
        blanks.gpu_price_used,
        "gpu_cost_per_hour_usd",
        "gpu_listed_price_usd",
        "default_gpu_cost_per_hour_usd",
    ),
    _tokens_step("current"),
    _used_step(
        "current_request_cost_usd", "current_cost_per_request_usd", "current_cost_by_tokens_usd"
    ),
    _tokens_step("finetuned"),
    _used_step(
        "finetuned_request_cost_usd",
        "finetuned_cost_per_request_usd",
        "finetuned_cost_by_tokens_usd",
    ),
    step(
        "data_cost_usd",
        "cost",
        cost.data_cost,
        "data_preparation_hours",
        "hourly_rate_usd",
        "labelled_samples",
        "label_cost_per_sample_usd",
    ),
    step(
        "compute_cost_usd",
        "cost",
        cost.compute_cost,
        "gpu_price_usd_per_hour",
        "training_hours",
        "num_iterations",
        "gpu_count",
    ),
    step(
        "people_cost_usd",
        "cost",
        cost.people_cost,
        "engineer_hours_per_iteration",
        "hourly_rate_usd",
        "num_iterations",
    ),
    step(
        "total_cost_usd",
        "cost",
        cost.investment,
        "data_cost_usd",
        "compute_cost_usd",
        "people_cost_usd",
    ),
    step(
        "maintenance_cost_per_month_usd",
        "cost",
        cost.maintenance_cost,
        "retrainings_per_year",
        "cost_per_retraining_usd",
        "regression_test_hours_per_month",
        "versioning_hours_per_month",
        "hourly_rate_usd",
    ),
    step(
        "monthly_savings_usd",
        "returns",
        savings.monthly_savings,
        *_SAVINGS_ARGS,
        "days_per_month",
        "maintenance_cost_per_month_usd",
    ),
    step("payback_months", "returns", returns.payback, "total_cost_usd", "monthly_savings_usd"),
    step("annual_roi", "returns", returns.annual_roi, "total_cost_usd", "monthly_savings_usd"),
    step(
        "breakeven_daily_requests",
        "returns",
        savings.breakeven_requests,
        "total_cost_usd",
        *_SAVINGS_ARGS[1:],
        "target_payback_months",
        "days_per_month",
        "maintenance_cost_per_month_usd",
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
    step("reporting_rate", _REPORT, reporting.reporting_rate, *_CURRENCY),
    step("rate_state", _REPORT, reporting.rate_state, *_CURRENCY),
    step(
        "total_cost_reporting",
        _REPORT,
        reporting.in_reporting_currency,
        "total_cost_usd",
        "reporting_rate",
    ),
    step(
        "monthly_savings_reporting",
        _REPORT,
        reporting.monthly_in_reporting_currency,
        "monthly_savings_usd",
        "reporting_rate",
    ),
    step("npv_reporting", _REPORT, reporting.in_reporting_currency, "npv_usd", "reporting_rate"),
    step(
        "source_total_cost_usd",
        _SOURCE,
        cost.total_cost,
        "data_preparation_hours",
        "hourly_rate_usd",
        "gpu_price_usd_per_hour",
        "training_hours",
        "num_iterations",
    ),
    step("source_monthly_savings_usd", _SOURCE, savings.monthly_savings, *_SAVINGS_ARGS),
    step(
        "source_payback_months",
        _SOURCE,
        returns.payback,
        "source_total_cost_usd",
        "source_monthly_savings_usd",
    ),
    step(
        "source_annual_roi",
        _SOURCE,
        returns.annual_roi,
        "source_total_cost_usd",
        "source_monthly_savings_usd",
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
