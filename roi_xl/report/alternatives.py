"""Other ways to the same end, as shares of this case: same volume, same tokens, success certain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import Study
from roi_xl.errors import ErrorValue
from roi_xl.model.flows import flow_payback
from roi_xl.text import LANGUAGES, text


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its name, its shares of this case's amounts, and what follows."""

    name: str
    total_cost: float
    monthly_savings: float
    payback_months: float
    npv: float
    recommendation: str


# of this case: data and labour, compute and hosted training, run cost, quality; of today: a request
SHARES = ("people_share", "compute_share", "request_share", "run_share", "quality_share")
WAYS: Mapping[str, tuple[float, ...]] = {
    "prompting": (0.15, 0.0, 1.0, 0.5, 0.5),
    "rag": (0.5, 0.0, 1.3, 1.0, 0.8),
    "cheaper_model": (0.1, 0.0, 0.4, 0.3, 0.0),
    "distilled": (1.5, 2.0, 0.05, 1.5, 0.9),
}
_LIMITS = ("strong_below_months", "recommended_below_months", "caution_below_months")
_CLASSES = ("strong", "recommended", "caution", "no")


def alternatives(study: Study, results: Mapping[str, Any]) -> list[Way]:
    """The ways with the shares of the study's Alternatives sheet, else the sample shares."""
    typed = study.typed.alternatives if study.typed is not None else None
    ways = []
    for i, (key, shares) in enumerate(WAYS.items()):
        name, own = text(f"workbook.way.{key}"), shares
        if typed and i < len(typed):
            name = typed[i][0] or name
            given = (typed[i][1].get(share) for share in SHARES)
            own = tuple(
                float(g) if isinstance(g, (int, float)) else s
                for g, s in zip(given, shares, strict=True)
            )
        ways.append(_way(name, own, study.live_case, results))
    return ways


def alternative_studies(study: Study) -> list[Study]:
    """The ways on a workbook's Alternatives sheet as cases of their own; none for a case file.

    A way's case has its one-off cost in one amount, its shares of run cost and quality, and a share of
    today's cost per request, which moves as today's does; success is certain, and today's monthly fees
    go on. Its NPV is that of the sheet; with such fees and a ramp it is less, since both are paid then.
    """
    typed = study.typed.alternatives if study.typed is not None else None
    if not typed:
        return []
    results = evaluate_case(study.live_case)
    if isinstance(results["npv"], ErrorValue):
        return []
    found = []
    for i, (name, given) in enumerate(typed):
        standard = list(WAYS.values())[i] if i < len(WAYS) else (1.0,) * len(SHARES)
        shares = [float(given.get(s, w)) for s, w in zip(SHARES, standard, strict=True)]
        inputs = {key: value for key, value in given.items() if key in INPUTS}
        case = study.live_case.replace(**{**_as_inputs(study.live_case, results, shares), **inputs})
        title = name or (text(f"workbook.way.{list(WAYS)[i]}") if i < len(WAYS) else str(i + 1))
        found.append(Study(case, names=dict.fromkeys(LANGUAGES, title)))
    return found


_NOUGHT = (
    "data_preparation_hours",
    "labelled_samples",
    "training_hours",
    "gpu_count",
    "num_iterations",
    "engineer_hours_per_iteration",
    "hosted_training_price",
)
_BLANK = (
    "finetuned_model",
    "finetuned_input_price",
    "finetuned_output_price",
    "finetuned_cached_input_price",
    "serving_gpu_model",
    "serving_gpu_cost_per_hour",
    "serving_requests_per_gpu_hour",
)
_RUN = ("regression_test_hours_per_month", "versioning_hours_per_month", "cost_per_retraining")
_QUALITY = ("quality_value_per_month", "hours_saved_per_month", "cost_per_error")


def _as_inputs(
    case: Case, results: Mapping[str, Any], shares: Sequence[float]
) -> dict[str, object]:
    people, compute, request, run, quality = shares
    one_off = people * (results["data_cost"] + results["people_cost"] + case["other_one_off_cost"])
    one_off += compute * (results["compute_cost"] + results["hosted_training_cost"])
    today = results["current_request_cost"]
    return {
        **dict.fromkeys(_NOUGHT, 0.0),
        **dict.fromkeys(_BLANK),
        **{name: case[name] * run for name in _RUN},
        **{name: case[name] * quality for name in _QUALITY},
        "other_one_off_cost": one_off,
        "current_cost_per_request": today,
        "finetuned_cost_per_request": today * request,
        "finetuned_price_decline_per_year": case["current_price_decline_per_year"],
        "finetuned_fixed_cost_per_month": case["current_fixed_cost_per_month"],
        "retirement_month": results["retirement_used"],
        "success_probability": 1.0,
    }


def _way(name: str, shares: tuple[float, ...], case: Any, results: Mapping[str, Any]) -> Way:
    people, compute, request, run, quality = shares
    one_off = people * (results["data_cost"] + results["people_cost"] + case["other_one_off_cost"])
    one_off += compute * (results["compute_cost"] + results["hosted_training_cost"])
    one_off *= 1.0 + case["contingency_share"]
    requests = case["daily_requests"] * case["days_per_month"]
    gained = results["quality_per_month"] + results["error_savings_per_month"]
    monthly = requests * results["current_request_cost"] * (1.0 - request)
    monthly += quality * gained - run * results["maintenance_cost_per_month"]
    rows = cash_flow(case)
    flow = rows["current_model_cost"] * (1.0 - request) - run * rows["run_cost"]
    flow = flow + quality * (rows["quality_value"] + rows["error_savings"])
    flow = np.where(rows["month"] == 0, -one_off, flow)
    npv = float(np.sum(flow * rows["discount_factor"]))
    payback = float(flow_payback(flow))
    place = sum(not payback < case[limit] for limit in _LIMITS) if npv > 0 else len(_LIMITS)
    return Way(name, one_off, monthly, payback, npv, text(f"choice.{_CLASSES[place]}"))
