"""The checks of a case: steps whose results must be zero, within a tolerance."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.graph_steps import Step
from roi_xl.case.inputs import Case
from roi_xl.functions.declare import declared
from roi_xl.model import checks
from roi_xl.model.defaults import CHECK_TOLERANCE

NPV_BY_MONTH = "npv_from_cash_flow"  # a result of the Cash Flow sheet, no step of the graph


def _check(function: Any, *args: str) -> Step:
    made = declared(function)
    return Step(made.name, made, args, "checks")


CHECKS: tuple[Step, ...] = (
    _check(
        checks.branches_add_up,
        "total_cost",
        "data_cost",
        "compute_cost",
        "people_cost",
        "hosted_training_cost",
        "other_one_off_cost",
        "contingency",
    ),
    _check(
        checks.benefits_add_up,
        "monthly_savings",
        "request_savings_per_month",
        "fixed_savings_per_month",
        "quality_per_month",
        "error_savings_per_month",
        "serving_cost_per_month",
        "maintenance_cost_per_month",
    ),
    _check(
        checks.run_cost_adds_up,
        "maintenance_cost_per_month",
        "retraining_cost_per_month",
        "run_labour_per_month",
    ),
    _check(
        checks.roi_is_savings, "source_annual_roi", "source_monthly_savings", "source_total_cost"
    ),
    _check(checks.npv_agrees, "npv", NPV_BY_MONTH),
    _check(
        checks.limits_ascend,
        "strong_below_months",
        "recommended_below_months",
        "caution_below_months",
    ),
    _check(checks.volumes_ascend, "low_daily_requests", "high_daily_requests"),
    _check(
        checks.no_negative_cost,
        "data_cost",
        "compute_cost",
        "people_cost",
        "maintenance_cost_per_month",
    ),
)


def run_checks(case: Case, results: Mapping[str, Any]) -> dict[str, float]:
    """The difference that each check finds, by its name; NaN where a figure it needs is an error."""
    by_month = float(np.sum(cash_flow(case)["discounted_cash_flow"]))
    known = {**case, **results, NPV_BY_MONTH: by_month}
    found = {}
    with np.errstate(all="ignore"):
        for check in CHECKS:
            args = (_number(known[name]) for name in check.args)
            found[check.name] = float(check.function.python(*args))
    return found


def _number(value: Any) -> np.float64:
    return np.float64(math.nan if isinstance(value, str) else value)


def all_pass(differences: Mapping[str, float]) -> bool:
    """Whether every difference lies within the tolerance."""
    return all(abs(value) <= CHECK_TOLERANCE for value in differences.values())
