"""Alternatives: several named cases, each with its own costs, ranked by what they are worth.

Beside the ranking, what each of them costs month by month: fine-tuned, prompted with examples, with
retrieved text, or as today. All serve the same requests, so what an alternative does not serve yet is
paid at today's model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.cash_flow import full_series
from roi_xl.case.dependencies import VALUE_STEP
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import Case
from roi_xl.case.monthly_series import HORIZON
from roi_xl.case.study import Study
from roi_xl.errors import ErrorValue
from roi_xl.model.cashflow import grown, months_of
from roi_xl.text import text

Floats = NDArray[np.float64]

# what the comparison shows of each alternative
FIGURES = (
    "total_cost",
    "maintenance_cost_per_month",
    "monthly_savings",
    "payback_months",
    VALUE_STEP,
    "recommendation",
)
_SAME = 1e-12  # share of two amounts by which they may differ and be the same


@dataclass(frozen=True, slots=True)
class Ranked:
    """One alternative with its place (1 is best; equal values share a place) and its results."""

    rank: int
    study: Study
    results: dict[str, Any]


def compare(studies: Sequence[Study], language: str | None = None) -> list[Ranked]:
    """The alternatives by net present value, the highest first.

    Args:
        studies: the alternatives; of each, its chosen scenario counts.
        language: of the results in words.

    Returns:
        one entry an alternative; those of equal value keep their order and share a rank, those
        without a value come last.
    """
    found = [(s, evaluate_case(s.live_case, language)) for s in studies]
    worths = [_worth(results) for _, results in found]
    order = sorted(range(len(found)), key=lambda i: -worths[i])
    return [Ranked(1 + sum(w > worths[i] for w in worths), *found[i]) for i in order]


# --- what each costs month by month ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulative cost of one way to serve the requests, from month 0; None where it has no result."""

    name: str
    cumulative: Floats | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two curves that cross: from this month on `cheaper` has cost less in total than `dearer`.

    Args:
        cheaper: place of the one that is cheaper from then on.
        dearer: place of the other.
        month: the first month at whose end it is so.
        after_months: where the two lines meet, between that month and the one before.
    """

    cheaper: int
    dearer: int
    month: int
    after_months: float


def cumulative_costs(studies: Sequence[Study]) -> list[Curve]:
    """What each alternative has cost by the end of each month, and before them what today's way costs.

    A month costs the alternative's model, fees, GPUs and run cost, and today's model and fees for the
    share of the requests that is not served by it: while it is built, taken up, or out of use again.
    Month 0 is the one-off cost. Quality is no cost and is left out; the project is taken to succeed.

    Args:
        studies: the alternatives; of each, its chosen scenario counts.

    Returns:
        today's way by the first alternative's figures, then a curve each, all up to the last month
        that every alternative's horizon has.

    Example:
        >>> [today, tuned] = cumulative_costs([Study(Case(horizon_months=2))])
        >>> today.cumulative.round(6).tolist(), tuned.cumulative.round(6).tolist()
        ([0.0, 3000.0, 6000.0], [2036.0, 2336.0, 2636.0])
    """
    if not studies:
        return []
    last = shortest_horizon(studies)
    curves = [Curve(text("risk.cost.today"), _summed(_today(studies[0].live_case, last)))]
    return [*curves, *(Curve(s.name(), _summed(_own(s.live_case, last))) for s in studies)]


def _summed(monthly: Floats | None) -> Floats | None:
    return None if monthly is None or not np.isfinite(monthly).all() else np.cumsum(monthly)


def _today(case: Case, last: int) -> Floats | None:
    """What the model used today costs month by month; nothing in month 0."""
    results = evaluate_case(case)
    if isinstance(results[VALUE_STEP], ErrorValue):
        return None
    month = np.arange(last + 1.0)
    requests = _requests(case, last)
    price = results.number("current_request_cost") * (
        results.number("current_price_factor") ** month
    )
    fees = float(case["current_fixed_cost_per_month"])
    return np.where(month > 0, requests * price + fees, 0.0)


def _requests(case: Case, last: int) -> Floats:
    """All requests by month, by whatever model they are served."""
    age = np.arange(last + 1.0) - float(case["build_months"])
    daily = float(case["daily_requests"]) * float(case["days_per_month"])
    return np.asarray(daily * grown(case["monthly_volume_growth"], age))


def serve_alike(studies: Sequence[Study]) -> bool:
    """Whether all alternatives serve the same requests in every month, so that costs compare."""
    last = shortest_horizon(studies)
    requests = [_requests(s.live_case, last)[1:] for s in studies]
    return all(np.allclose(one, requests[0], rtol=_SAME, atol=0) for one in requests[1:])


def shortest_horizon(studies: Sequence[Study]) -> int:
    """The last month that every alternative's horizon has."""
    return min(int(months_of(s.live_case[HORIZON])) for s in studies) - 1


def _own(case: Case, last: int) -> Floats | None:
    """What an alternative costs month by month, with today's model for what it does not serve."""
    everything = _today(case, last)
    if everything is None:
        return None
    rows = full_series(case, last)
    served = rows["current_model_cost"] + rows["avoided_fixed_cost"]
    paid = rows["finetuned_model_cost"] + rows["finetuned_fixed_cost"] + rows["serving_cost"]
    cost: Floats = everything - served + paid + rows["run_cost"]
    cost[0] = evaluate_case(case).number("total_cost")
    return cost


def crossings(curves: Sequence[Curve]) -> list[Crossing]:
    """Where each two of the curves cross, by month.

    Args:
        curves: as `cumulative_costs` returns them; those without a result cross nothing.
    """
    found = []
    for i, j in combinations(range(len(curves)), 2):
        one, two = curves[i].cumulative, curves[j].cumulative
        if one is None or two is None:
            continue
        gap = one - two
        gap[np.abs(gap) <= _SAME * (np.abs(one) + np.abs(two))] = 0.0
        apart = np.flatnonzero(gap)
        for before, after in pairwise(apart):
            if gap[before] * gap[after] < 0:
                cheaper, dearer = (i, j) if gap[after] < 0 else (j, i)
                met = before + (after - before) * gap[before] / (gap[before] - gap[after])
                if after - before > 1:  # equal in between: they meet where they became equal
                    met = before + 1.0
                found.append(Crossing(cheaper, dearer, int(after), float(met)))
    return sorted(found, key=lambda c: (c.month, c.cheaper, c.dearer))


def _worth(results: dict[str, Any]) -> float:
    value = results[VALUE_STEP]
    return float("-inf") if isinstance(value, ErrorValue) else float(value)
