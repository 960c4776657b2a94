"""Alternatives: several named cases, each with its own costs, ranked by what they are worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from roi_xl.case.dependencies import VALUE_STEP
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.study import Study
from roi_xl.errors import ErrorValue

# what the comparison shows of each alternative
FIGURES = (
    "total_cost",
    "maintenance_cost_per_month",
    "monthly_savings",
    "payback_months",
    VALUE_STEP,
    "recommendation",
)


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


def _worth(results: dict[str, Any]) -> float:
    value = results[VALUE_STEP]
    return float("-inf") if isinstance(value, ErrorValue) else float(value)
