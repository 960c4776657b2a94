"""The bridge between two cases: hand-worked effects, grouping, and exact sums."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl.case.bridge import PRICES, Side, bridge
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.exact_sums import grid_of, on_grid
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import Study
from roi_xl.errors import BadInput
from roi_xl.prices.reader import shipped
from roi_xl.prices.sheet import PriceSheet

FLAT: dict[str, Any] = {
    "annual_discount_rate": 0.0
}  # 36 months count alike: NPV = 36 × 2,700 - 2,036


def between(before: dict[str, Any], after: dict[str, Any]) -> Any:
    return bridge(Study(Case(**FLAT, **before)), Study(Case(**FLAT, **after)))


def test_effects_by_hand() -> None:
    """10,000 → 20,000 requests × 30 days × 36 months; 0.010 → 0.011 a request; 40 hours × 10."""
    found = between(
        {}, {"daily_requests": 20000, "current_cost_per_request": 0.011, "hourly_rate": 60}
    )
    assert [e.names for e in found.effects] == [
        ("hourly_rate",),
        ("daily_requests",),
        ("current_cost_per_request",),
    ]
    assert [e.in_order for e in found.effects] == pytest.approx([-400, 97200, 21600])
    assert [e.alone for e in found.effects] == pytest.approx([-400, 97200, 10800])
    assert [e.interaction for e in found.effects] == pytest.approx([0, 0, 10800], abs=1e-6)
    assert found.interaction == pytest.approx(10800)
    assert found.before.npv == pytest.approx(95164)
    assert found.difference == pytest.approx(118400)
    assert found.before.payback_months == pytest.approx(2036 / 2700)
    assert found.after.payback_months == pytest.approx(2436 / 6000)


def test_inputs_without_a_result_are_replaced_together() -> None:
    """Two GPUs at 2 an hour for 24 × 30 hours serve 10,000 × 3 ÷ 24 = 1,250 requests an hour."""
    own: dict[str, Any] = {"serving_gpu_cost_per_hour": 2, "serving_requests_per_gpu_hour": 900}
    found = between({}, {**own, "other_one_off_cost": 100})
    assert [e.names for e in found.effects] == [("other_one_off_cost",), tuple(own)]
    # 0.001 a request falls away, two GPUs are paid
    assert [e.in_order for e in found.effects] == pytest.approx(
        [-100, 36 * (300 - 2 * 2 * 24 * 30)]
    )
    assert found.interaction == pytest.approx(0, abs=1e-6)


def test_an_effect_alone_without_a_result_is_none() -> None:
    tokens: dict[str, Any] = {
        "input_tokens": 500,
        "output_tokens": 200,
        "finetuned_input_price": 0.3,
    }
    hosted: dict[str, Any] = {"serving_gpu_cost_per_hour": 2, "model_params_b": 7}
    found = bridge(
        Study(Case(**FLAT, **hosted, serving_requests_per_gpu_hour=900)),
        Study(Case(**FLAT, **tokens, serving_gpu_cost_per_hour=None)),
    )
    assert sum(Fraction(e.in_order) for e in found.effects) == found.difference
    assert any(e.alone is None for e in found.effects) == (found.interaction is None)


def test_blank_default_sample_and_worked_out() -> None:
    tokens: dict[str, Any] = {"input_tokens": 1000, "output_tokens": 500, "current_input_price": 2}
    found = bridge(
        Study(Case(hourly_rate=60, **tokens, current_cost_per_request=0.02, gpu_model="A100-80GB")),
        Study(Case(**tokens, daily_requests=500)),
    )
    changes = {c.name: c for c in found.changes}
    assert changes["hourly_rate"].before == Side(60.0, "given")
    assert changes["hourly_rate"].after == Side(50.0, "default")
    assert changes["daily_requests"].before == Side(10000.0, "sample")
    assert changes["current_cost_per_request"].before == Side(0.02, "given")
    # 1,000 tokens at 2 per million
    assert changes["current_cost_per_request"].after == Side(pytest.approx(0.002), "worked_out")
    assert changes["gpu_model"].after == Side(None, "blank")
    assert "input_tokens" not in changes


def test_other_prices_are_an_item_of_their_own() -> None:
    rows = tuple(
        row
        for row in shipped().rows
        if row.offer[0] == shipped().rows[0].offer[0] and row.currency == "USD"
    )
    gpu = rows[0].gpu
    cheap = shipped().lowest(gpu, None, "on-demand") or shipped().lowest(gpu, None, "spot")
    assert cheap is not None
    one = Case(**FLAT, gpu_model=gpu, gpu_market=rows[0].market)
    from dataclasses import replace

    dear = PriceSheet(tuple(replace(row, usd_per_gpu_hour=100.0) for row in rows))
    found = bridge(Study(one), Study(one.with_prices(dear)))
    assert [e.names for e in found.effects] == [(PRICES,)]
    # 4 hours × 3 runs × 2 GPUs; the two prices an hour are those of the sheets
    listed = shipped().lowest(gpu, None, rows[0].market)
    assert listed is not None
    assert found.difference == pytest.approx(4 * 3 * one["gpu_count"] * (listed - 100.0))


def test_the_same_case_has_no_bridge() -> None:
    found = between({}, {"hourly_rate": 50, "daily_requests": 10000})
    assert (found.changes, found.effects, found.difference) == ((), (), 0.0)


def test_two_currencies_are_refused() -> None:
    with pytest.raises(BadInput, match="CNY"):
        bridge(Study(Case()), Study(Case(currency="CNY", currency_per_usd=7)))


def test_a_case_without_a_result_is_refused() -> None:
    with pytest.raises(BadInput) as error:
        bridge(Study(Case(serving_gpu_cost_per_hour=2), names={"en": "mine"}), Study(Case()))
    assert error.value.key == "diff.no_result"


VALUES = {
    "hourly_rate": st.floats(1, 300),
    "daily_requests": st.floats(0, 1e6),
    "current_cost_per_request": st.floats(0, 1),
    "finetuned_cost_per_request": st.floats(0, 1),
    "monthly_volume_growth": st.floats(-0.2, 0.2),
    "quality_value_per_month": st.floats(-1e5, 1e5),
    "horizon_months": st.integers(1, 60),
    "build_months": st.integers(0, 12),
    "success_probability": st.floats(0, 1),
    "annual_discount_rate": st.floats(0, 0.5),
}
CASES = st.fixed_dictionaries({}, optional=VALUES)


@settings(max_examples=60, deadline=None)
@given(CASES, CASES)
def test_effects_add_up_exactly(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = bridge(Study(Case(**before)), Study(Case(**after)))
    assert sum(Fraction(e.in_order) for e in found.effects) == found.difference
    assert found.difference == sum(e.in_order for e in found.effects)
    for end, values in ((found.before, before), (found.after, after)):
        most = max(abs(found.before.npv), abs(found.after.npv))  # what the common grid is of
        npv = evaluate_case(values)["npv"]
        assert end.npv == pytest.approx(npv, rel=1e-12, abs=1e-9 * most + 1e-6)
    names = [name for e in found.effects for name in e.names]
    assert names == [c.name for c in found.changes] == sorted(names, key=list(INPUTS).index)
    if found.effects:
        assert found.effects[0].interaction == pytest.approx(
            0, abs=1e-6 * abs(found.before.npv) + 1e-6
        )


@given(st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 6)), min_size=2, max_size=40))
def test_sums_on_a_grid_are_exact(amounts: list[float]) -> None:
    step = grid_of(amounts, len(amounts))
    held = [on_grid(a, step) for a in amounts]
    assert sum(map(Fraction, held)) == Fraction(sum(held))  # in whatever order
    assert all(abs(a - b) <= step / 2 for a, b in zip(amounts, held, strict=True))
    assert step <= max(map(abs, amounts)) * 2.0**-45 or not any(amounts)
