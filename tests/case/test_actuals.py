"""Actuals against plan: variances by hand, exact sums, the forecast, and the advice."""

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl.case.actuals import (
    CAUSES,
    COLUMNS,
    GO_ON,
    LOOK_AGAIN,
    OVER,
    STOP,
    Actual,
    calendar_month,
    month_number,
    plan_of,
    review,
)
from roi_xl.case.actuals_file import is_actuals, read_actuals
from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.errors import BadInput
from roi_xl.text import speaking

FLAT: dict[str, Any] = {"annual_discount_rate": 0.0}  # 36 months of 2,700 after 2,036 in month 0
SOFAR = [
    Actual(0, {"one_off": 2500}),
    Actual(1, {"requests": 200_000, "finetuned_model_cost": 250, "run_cost": 100}),
    Actual(2, {"requests": 210_000, "current_model_price": 0.009, "run_cost": 100}),
]


def test_variances_by_hand() -> None:
    found = review(Case(**FLAT), SOFAR)
    zero, one, two = (dict(v.by_cause) for v in found.variances)
    assert zero == pytest.approx(dict(zip(CAUSES, (0, 0, 0, 0, -464), strict=True)))
    # -100,000 requests × 0.009; 2,000 - 250 instead of 200,000 × 0.009
    assert one == pytest.approx(dict(zip(CAUSES, (-900, -50, -100, 0, 0), strict=True)))
    # -90,000 × 0.009; 1,890 - 300 (as planned) instead of 210,000 × 0.009
    assert two == pytest.approx(dict(zip(CAUSES, (-810, -300, -100, 0, 0), strict=True)))
    assert [v.actual_net for v in found.variances] == pytest.approx([-2500, 1650, 1490])
    assert found.difference == pytest.approx(-2724)


def test_forecast_by_hand() -> None:
    """410,000 of 600,000 requests, 350 less for them, 100 more run cost a month."""
    found = review(Case(**FLAT), SOFAR)
    later = 300_000 * 41 / 60 * (0.009 - 350 / 410_000) - 100
    assert later == pytest.approx(1570)
    assert found.forecast.flow == pytest.approx([-2500, 1650, 1490, *[later] * 34])
    assert found.forecast.npv == pytest.approx(640 + 34 * 1570)
    assert found.forecast.payback_months == pytest.approx(1 + 850 / 1490)
    assert found.forecast.to_come == pytest.approx(34 * 1570)
    assert found.plan.npv == pytest.approx(95164)
    assert found.advice == LOOK_AGAIN  # 54,020 is 57 % of it


def test_blanks_are_as_planned_and_named() -> None:
    found = review(Case(**FLAT), [Actual(2, {"requests": 300_000})])
    assert found.difference == 0
    assert found.variances[0].as_planned == (
        "finetuned_model_cost",
        "current_model_price",
        "run_cost",
        "quality",
    )
    assert found.gaps == (1,)
    assert found.forecast.flow == pytest.approx(found.plan.flow)
    assert found.advice == GO_ON


@pytest.mark.parametrize(
    ("inputs", "price", "advice"),
    [
        ({}, 0.0091, GO_ON),  # 0.0081 a request: 90 %
        ({}, 0.0075, LOOK_AGAIN),  # 0.0065: 72 %
        ({"look_again_below": 0.5}, 0.0075, GO_ON),
        ({}, 0.00104, LOOK_AGAIN),  # 12 a month are not 2,036, but more than nothing
        ({}, 0.001, STOP),  # nothing at all
        ({"stop_below": 0.4}, 0.0045, STOP),  # 0.0035: 39 % of 0.009
        ({"stop_below": 0.3}, 0.0045, LOOK_AGAIN),
    ],
)
def test_advice(inputs: dict[str, Any], price: float, advice: str) -> None:
    found = review(Case(**FLAT, **inputs), [Actual(1, {"current_model_price": price})])
    assert found.advice == advice


def test_after_the_last_month_it_is_over() -> None:
    case = Case(**FLAT, horizon_months=3)
    months = [Actual(m, {"requests": 1000}) for m in (1, 2, 3)]
    assert review(case, months).advice == OVER
    assert review(case, months[:2]).advice != OVER
    # out of use after month 2, though the plan goes on
    assert review(Case(retirement_month=2), months[:2]).advice == OVER


def test_fees_and_gpus_stay_as_planned() -> None:
    """Half the requests: half of what they bring, and the same GPU."""
    case = Case(
        **FLAT,
        serving_gpu_cost_per_hour=1,
        serving_requests_per_gpu_hour=5000,
        finetuned_fixed_cost_per_month=80,
        horizon_months=4,
    )
    gpus = 24 * 30 * 1 + 80
    found = review(case, [Actual(1, {"requests": 150_000, "finetuned_model_cost": gpus})])
    assert found.variances[0].by_cause["volume"] == pytest.approx(-1500)
    assert found.variances[0].by_cause["price"] == pytest.approx(0, abs=1e-9)
    assert found.forecast.flow[2:] == pytest.approx([1500 - gpus] * 3)


def test_before_go_live_the_volume_stays_as_planned() -> None:
    found = review(Case(**FLAT, build_months=2), [Actual(1, {"run_cost": 50})])
    assert found.forecast.volume_ratio is None
    assert found.forecast.flow[1] == -50
    assert found.forecast.flow[3:] == pytest.approx(found.plan.flow[3:])


CASES = st.fixed_dictionaries(
    {},
    optional={
        "daily_requests": st.floats(0, 1e6),
        "build_months": st.integers(0, 5),
        "ramp_months": st.integers(0, 8),
        "monthly_volume_growth": st.floats(-0.1, 0.1),
        "current_price_decline_per_year": st.floats(0, 0.9),
        "finetuned_price_decline_per_year": st.floats(0, 0.9),
        "wage_growth_per_year": st.floats(-0.05, 0.1),
        "current_fixed_cost_per_month": st.floats(0, 1e4),
        "finetuned_fixed_cost_per_month": st.floats(0, 1e4),
        "quality_value_per_month": st.floats(-1e4, 1e4),
        "current_error_rate": st.floats(0, 0.5),
        "cost_per_error": st.floats(0, 2),
        "versioning_hours_per_month": st.floats(0, 40),
    },
)
AMOUNTS = {name: st.floats(0, 1e6) for name in COLUMNS} | {"quality": st.floats(-1e5, 1e5)}
MONTHS = st.dictionaries(
    st.integers(0, 36), st.fixed_dictionaries({}, optional=AMOUNTS), min_size=1, max_size=6
).filter(lambda months: any(months.values()))


@settings(max_examples=60, deadline=None)
@given(CASES, MONTHS)
def test_causes_add_up_exactly(inputs: dict[str, Any], months: dict[int, Any]) -> None:
    found = review(Case(**inputs), [Actual(m, values) for m, values in months.items()])
    for v in found.variances:
        assert sum(Fraction(part) for part in v.by_cause.values()) == Fraction(v.difference)
        values = v.actual
        net = values["requests"] * values["current_model_price"] - values["finetuned_model_cost"]
        net = net - values["run_cost"] + values["quality"] - values["one_off"]
        assert v.actual_net == pytest.approx(net, rel=1e-9, abs=1e-3)
        assert found.forecast.flow[v.month] == v.actual_net
    assert math.fsum(found.by_cause.values()) == pytest.approx(found.difference, rel=1e-9, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_the_plan_is_the_success_case(inputs: dict[str, Any]) -> None:
    case = Case(**inputs, success_probability=0.5)
    planned = plan_of(case).net()
    np.testing.assert_allclose(planned, cash_flow(case)["net_if_success"], rtol=1e-9, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(CASES, st.integers(1, 12))
def test_actuals_as_planned_change_nothing(inputs: dict[str, Any], last: int) -> None:
    case = Case(**inputs)
    plan = plan_of(case)
    months = [
        Actual(m, {name: float(plan.columns[name][m]) for name in COLUMNS}) for m in range(last + 1)
    ]
    found = review(case, months)
    scale = 1e-9 * (1 + np.max(np.abs(found.plan.flow)))
    np.testing.assert_allclose(found.forecast.flow, found.plan.flow, rtol=1e-9, atol=scale)


def test_months_of_the_calendar() -> None:
    for month, said in ((0, "2026-09"), (1, "2026-10"), (4, "2027-01"), (16, "2028-01")):
        assert calendar_month(month, "2026-10") == said
        assert month_number(said, "2026-10") == month
    assert calendar_month(1, None) == ""
    assert month_number("2026-10", None) is None


def test_thresholds_are_inputs() -> None:
    case = Case()
    assert (case["look_again_below"], case["stop_below"]) == (0.8, 0.0)
    assert INPUTS["stop_below"].group == "criteria"


# --- the file -----------------------------------------------------------------------------------


def test_columns_by_key_or_label(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("月份；x\n", encoding="utf-8")
    assert not is_actuals(path)
    path.write_text(
        "\ufeff月份;请求数;Run cost;quality\n2026-10;1.200,5;;-3\n3;;7,25;\n;;;\n", encoding="utf-8"
    )
    assert is_actuals(path)
    assert read_actuals(path, "2026-10") == [
        Actual(1, {"requests": 1200.5, "quality": -3.0}),
        Actual(3, {"run_cost": 7.25}),
    ]


@pytest.mark.parametrize(
    ("written", "key", "part"),
    [
        ("month,request\n1,5\n", "actuals.column", "request"),
        ("requests,quality\n1,5\n", "actuals.no_month", "month"),
        ("month,requests,请求数\n1,5,6\n", "heading_twice", "请求数"),
        ("month,requests\n1.5,5\n", "bad_row", "1.5"),
        ("month,requests\n2026-10,5\n", "bad_row", "start_month"),
        ("month,requests\n1,-5\n", "bad_row", "≥ 0"),
        ("month,requests\n1,five\n", "bad_row", "five"),
        (f"month,requests\n1,{'9' * 400}\n", "bad_row", "999"),
        ('month,requests\n1,"1,234"\n', "bad_row", "1,234"),
        ("month,requests\n1,5,6\n", "csv_width", "3"),
    ],
)
def test_a_bad_file_says_where(tmp_path: Path, written: str, key: str, part: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_actuals(path, None)
    assert error.value.key == key
    with speaking("en"):
        assert part in str(error.value)
        assert "a.csv" in str(error.value)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(codec="utf-8"), max_size=80),
        st.lists(
            st.lists(
                st.sampled_from(
                    [
                        "month",
                        "requests",
                        "质量及其他收益",
                        "1",
                        "2026-10",
                        "",
                        '"',
                        "1,5",
                        "=1",
                        "−3",
                        "1e9",
                    ]
                ),
                max_size=5,
            ).map(",".join),
            max_size=5,
        ).map("\n".join),
    )
)
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, written: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(written.encode())
    is_actuals(path)
    try:
        found = read_actuals(path, "2026-01")
    except BadInput as error:
        assert str(error)
    else:
        assert all(math.isfinite(value) for a in found for value in a.values.values())


@pytest.mark.parametrize(
    ("months", "key"),
    [
        ([], "actuals.nothing"),
        ([Actual(1, {})], "actuals.nothing"),
        ([Actual(37, {"quality": 1})], "actuals.month_outside"),
        ([Actual(-1, {"quality": 1})], "actuals.month_outside"),
        ([Actual(1, {"quality": 1}), Actual(1, {"run_cost": 1})], "actuals.month_twice"),
    ],
)
def test_months_that_are_refused(months: list[Actual], key: str) -> None:
    with pytest.raises(BadInput) as error:
        review(Case(), months)
    assert error.value.key == key
    assert str(error.value)
