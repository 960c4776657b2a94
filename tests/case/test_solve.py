"""Goal seek, against the closed form and by putting the answer back in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, Case, evaluate_case
from roi_xl.case.solve import Floats, _crossings, solve
from roi_xl.errors import BadInput


@given(months=st.floats(0.1, 60), hours=st.floats(1, 1000))
def test_payback_has_the_closed_form(months: float, hours: float) -> None:
    case = Case(data_preparation_hours=hours, horizon_months=120)
    found = solve(case, "daily_requests", "payback_months", months)
    cost = evaluate_case(case)["total_cost"]
    wanted = FUNCTIONS["FT_BREAKEVEN_REQUESTS"](cost, 0.01, 0.001, months)
    assert found.values == pytest.approx((wanted,), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "target", "goal"),
    [
        ("daily_requests", "npv", 0.0),
        ("daily_requests", "irr", 1.0),
        ("current_cost_per_request", "payback_months", 5.0),
        ("finetuned_cost_per_request", "monthly_savings", 0.0),
        ("hourly_rate", "source_annual_roi", 3.0),
        ("annual_discount_rate", "npv", 40_000.0),
        ("success_probability", "npv", 10_000.0),
    ],
)
def test_the_answer_put_back_gives_the_goal(name: str, target: str, goal: float) -> None:
    found = solve(Case(), name, target, goal)
    assert found.value is not None
    result = evaluate_case({name: found.value})[target]
    assert result == pytest.approx(goal, rel=1e-8, abs=1e-6)


def test_no_solution_is_none_with_what_was_seen() -> None:
    found = solve(Case(), "days_per_month", "monthly_savings", 5000)
    assert found.value is None
    assert found.highest == pytest.approx(31 * 90)  # 10,000 × 0.009 × 31 days
    # a cost per request above today's saves nothing, at any volume
    dear = Case(finetuned_cost_per_request=0.02)
    assert solve(dear, "daily_requests", "payback_months", 6).value is None


def test_all_crossings_are_found_and_jumps_are_none() -> None:
    grid = np.linspace(0.1, 10, 400)
    assert _crossings(np.sin, grid, np.sin(grid), 0.0) == pytest.approx(
        [np.pi, 2 * np.pi, 3 * np.pi]
    )

    def pole(x: Floats) -> Floats:
        away = np.where(x == 3.0001, 1e-300, x - 3.0001)
        return np.asarray(1 / away)

    assert _crossings(pole, grid, pole(grid), 0.0) == []

    def flat(x: Floats) -> Floats:
        return np.where((x > 2) & (x < 4), 0.0, x - 3)

    ends = _crossings(flat, grid, flat(grid), 0.0)
    assert len(ends) == 2
    assert ends == pytest.approx([2, 4], abs=0.03)


@pytest.mark.parametrize(
    ("name", "target", "goal"),
    [
        ("hourly_rat", "npv", 0.0),
        ("quality_need", "npv", 0.0),
        ("hourly_rate", "recommendation", 0.0),
        ("daily_requests", "total_cost", 0.0),
        ("daily_requests", "npv", float("nan")),
    ],
)
def test_what_cannot_be_asked(name: str, target: str, goal: float) -> None:
    with pytest.raises(BadInput):
        solve(Case(), name, target, goal)
