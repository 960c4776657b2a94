"""What must get better or worse when one input grows, over the whole graph."""

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, ErrorValue, evaluate_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from tests.draw import cases

# more of these never lowers the one-off cost, so never improves payback, return or NPV
COSTS = (
    "data_preparation_hours",
    "labelled_samples",
    "label_cost_per_sample",
    "gpu_cost_per_hour",
    "training_hours",
    "num_iterations",
    "gpu_count",
    "engineer_hours_per_iteration",
)
UPKEEP = (
    "retrainings_per_year",
    "cost_per_retraining",
    "regression_test_hours_per_month",
    "versioning_hours_per_month",
)
BASE = cases(
    (
        *COSTS,
        *UPKEEP,
        "hourly_rate",
        "daily_requests",
        "current_cost_per_request",
        "finetuned_cost_per_request",
        "days_per_month",
    )
)
GROWTH = st.floats(1.0, 1e3)


def grown(values: dict[str, Any], name: str, factor: float) -> dict[str, Any]:
    upper = INPUTS[name].quantity.upper
    more = values[name] * factor + (factor - 1)
    more = float(math.floor(more)) if INPUTS[name].quantity.whole else more
    assume(upper is None or more <= upper)
    return {**values, name: max(more, values[name])}


def no_better(before: Any, after: Any, better: int, slack: float = 1e-9) -> bool:
    """Whether `after` is not above `before` (better = 1) or not below it (better = -1)."""
    if (
        isinstance(before, ErrorValue)
        or isinstance(after, ErrorValue)
        or before is None
        or after is None
    ):
        return True
    if math.isinf(before) or math.isinf(after):
        return bool(better * after <= better * before)
    return bool(better * (after - before) <= slack * max(1.0, abs(before), abs(after)))


@pytest.mark.parametrize("name", COSTS)
@given(values=BASE, factor=GROWTH)
def test_higher_cost_never_helps(name: str, values: dict[str, Any], factor: float) -> None:
    before, after = evaluate_case(values), evaluate_case(grown(values, name, factor))
    assert no_better(before["total_cost"], after["total_cost"], -1)
    assert no_better(before["payback_months"], after["payback_months"], -1)
    assert no_better(before["npv"], after["npv"], 1)


@pytest.mark.parametrize("name", UPKEEP)
@given(values=BASE, factor=GROWTH)
def test_more_upkeep_never_helps(name: str, values: dict[str, Any], factor: float) -> None:
    before, after = evaluate_case(values), evaluate_case(grown(values, name, factor))
    assert before["total_cost"] == after["total_cost"]
    assert no_better(before["monthly_savings"], after["monthly_savings"], 1)
    assert no_better(before["payback_months"], after["payback_months"], -1)
    assert no_better(before["npv"], after["npv"], 1)


@given(values=BASE, factor=GROWTH)
def test_more_requests_never_worsen_payback(values: dict[str, Any], factor: float) -> None:
    assume(values["current_cost_per_request"] >= values["finetuned_cost_per_request"])
    before, after = evaluate_case(values), evaluate_case(grown(values, "daily_requests", factor))
    assert no_better(after["payback_months"], before["payback_months"], -1)
    assert no_better(after["monthly_savings"], before["monthly_savings"], 1)
    assert no_better(after["npv"], before["npv"], 1)


@given(values=BASE, factor=GROWTH)
def test_a_cheaper_tuned_model_never_hurts(values: dict[str, Any], factor: float) -> None:
    after = evaluate_case(values)
    before = evaluate_case(grown(values, "finetuned_cost_per_request", factor))
    assert no_better(after["payback_months"], before["payback_months"], -1)
    assert no_better(after["monthly_savings"], before["monthly_savings"], 1)


RANK = {word: i for i, word in enumerate(("Strongly recommended", "Recommended"))}


@given(values=BASE, factor=GROWTH)
def test_a_better_payback_is_never_judged_worse(values: dict[str, Any], factor: float) -> None:
    assume(values["current_cost_per_request"] >= values["finetuned_cost_per_request"])
    before = evaluate_case(values, "en")["recommendation"]
    after = evaluate_case(grown(values, "daily_requests", factor), "en")["recommendation"]
    if before in RANK:
        assert RANK.get(after, 9) <= RANK[before]


@given(
    hours=st.floats(1, 1e5),
    tuned=st.floats(0, 1),
    saved=st.floats(1e-4, 1),
    months=st.floats(0.5, 60),
    upkeep=st.floats(0, 1e3),
)
def test_at_break_even_the_payback_is_the_one_asked_for(
    hours: float, tuned: float, saved: float, months: float, upkeep: float
) -> None:
    values = {
        "data_preparation_hours": hours,
        "current_cost_per_request": tuned + saved,
        "finetuned_cost_per_request": tuned,
        "versioning_hours_per_month": upkeep,
    }
    known = evaluate_case(values)
    asked = FUNCTIONS["FT_BREAKEVEN_REQUESTS"](
        known["total_cost"], tuned + saved, tuned, months, 30, known["maintenance_cost_per_month"]
    )
    found = evaluate_case({**values, "daily_requests": asked, "horizon_months": 120})
    assert found["payback_months"] == pytest.approx(months, rel=1e-6)


def test_the_names_are_those_of_the_graph() -> None:
    assert {*COSTS, *UPKEEP} <= set(INPUTS)
    assert {"payback_months", "npv", "monthly_savings"} <= {s.name for s in STEPS}
