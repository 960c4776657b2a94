"""Other ways to the same end, as shares of this case: same volume, same tokens, success certain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.study import Study
from roi_xl.model.flows import flow_payback
from roi_xl.text import text


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
