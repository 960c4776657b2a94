"""The tornado, against cases calculated one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, Case, evaluate_case
from roi_xl.case.dependencies import depend_on, inputs_behind, steps_behind
from roi_xl.case.sensitivity import swung, tornado
from roi_xl.case.study import Span
from roi_xl.errors import BadInput, InputError


@given(swing=st.floats(0, 0.99), requests=st.floats(0, 1e6))
def test_every_bar_is_two_cases(swing: float, requests: float) -> None:
    case = Case(daily_requests=requests)
    bars = tornado(case, {"training_hours": Span(1, 100)}, swing)
    assert [b.spread for b in bars] == sorted((b.spread for b in bars), reverse=True)
    for bar in bars[:4]:
        low = evaluate_case({**case, bar.driver: bar.low})["npv"]
        high = evaluate_case({**case, bar.driver: bar.high})["npv"]
        assert (bar.at_low, bar.at_high) == pytest.approx((low, high), rel=1e-12)
    hours = next(b for b in bars if b.driver == "training_hours")
    assert (hours.low, hours.high) == (1, 100)


def test_the_swing_stays_inside_the_bounds() -> None:
    assert swung("days_per_month", 30, 0.2) == Span(24, 31, 30)
    assert swung("success_probability", 1, 0.2) == Span(0.8, 1, 1)
    assert swung("retirement_month", float("inf")).low == float("inf")


def test_the_target_may_be_another_figure() -> None:
    # the investment moves by 0.2 × 2,000 each way with hours or rate
    bars = tornado(Case(), target="total_cost")
    assert {b.driver for b in bars[:2]} == {"data_preparation_hours", "hourly_rate"}
    assert bars[0].spread == pytest.approx(800)
    with pytest.raises(BadInput, match="npv"):
        tornado(Case(), target="npv_us")


def test_the_graph_knows_what_depends_on_what() -> None:
    assert inputs_behind(["data_cost"]) == (
        "currency",
        "currency_per_usd",
        "data_preparation_hours",
        "hourly_rate",
        "labelled_samples",
        "label_cost_per_sample",
    )
    assert "horizon_months" in inputs_behind(["irr"])
    behind = [s.name for s in steps_behind(["data_cost"])]
    assert behind == ["currency_rate", "hourly_rate_used", "data_cost"]
    assert "npv" in depend_on(["gpu_count"])
    assert "monthly_savings" not in depend_on(["gpu_count"])


def test_the_function_takes_names_in_any_language_and_skips_blanks() -> None:
    rows = [
        ["输入项", "数值"],
        ["日请求量", 5000],
        ["Training hours per run", 4],
        [None, 3],
        ["hourly_rate", None],
    ]
    found = FUNCTIONS["FT_SENSITIVITY"](rows, 0.1)
    assert [row[0] for row in found] == ["日请求量", "Training hours per run"]
    assert found[0][1:3] == [4500, 5500]
    high = evaluate_case(daily_requests=5500)["npv"]
    assert found[0][4] == pytest.approx(high)


def test_the_function_takes_low_and_high() -> None:
    three = FUNCTIONS["FT_SENSITIVITY"]([["daily_requests", 100, 300]])
    four = FUNCTIONS["FT_SENSITIVITY"]([["daily_requests", 100, 150, 300]])
    assert three == four
    assert three[0][1:3] == [100, 300]


@pytest.mark.parametrize(
    "rows",
    [5, [["daily_requests"]], [["no such input", 1]], [[None, None]], [["quality_need", "high"]]],
)
def test_no_case_is_an_input_error(rows: object) -> None:
    with pytest.raises((InputError, BadInput)):
        FUNCTIONS["FT_SENSITIVITY"](rows)
