"""The simulation, against closed forms, cases calculated one at a time, and itself."""

import numpy as np
import pytest

from roi_xl import FUNCTIONS, Case, evaluate_case
from roi_xl.case import simulate as module
from roi_xl.case.simulate import percentiles, quantile, ranks, simulate
from roi_xl.case.study import Span
from roi_xl.errors import BadInput

RANGES = {
    "daily_requests": Span(4000, 15000, 10000),
    "training_hours": Span(2, 12, 4),
    "finetuned_cost_per_request": Span(0.0005, 0.004, 0.001),
}
UNIFORM = np.linspace(0, 1, 1001)


def test_triangular_inverts_its_distribution() -> None:
    low, likely, high = 2.0, 3.0, 7.0
    x = quantile(Span(low, high, likely))(UNIFORM)
    # the textbook distribution function of the triangle
    rising = (x - low) ** 2 / ((high - low) * (likely - low))
    falling = 1 - (high - x) ** 2 / ((high - low) * (high - likely))
    assert np.where(x <= likely, rising, falling) == pytest.approx(UNIFORM, abs=1e-12)


@pytest.mark.parametrize(("likely", "low", "high"), [(0.0, 0.0, 1.0), (5.0, 5.0, 9.0)])
def test_pert_with_likely_at_an_end_has_a_closed_form(
    likely: float, low: float, high: float
) -> None:
    x = (quantile(Span(low, high, likely), "pert")(UNIFORM) - low) / (high - low)
    # beta(1, 5): 1 − (1 − x)^5
    assert 1 - (1 - x) ** 5 == pytest.approx(UNIFORM, abs=1e-5)


def test_pert_in_the_middle_is_a_polynomial() -> None:
    x = quantile(Span(0, 1, 0.5), "pert")(UNIFORM)
    # beta(3, 3): 10x³ − 15x⁴ + 6x⁵
    assert 10 * x**3 - 15 * x**4 + 6 * x**5 == pytest.approx(UNIFORM, abs=1e-5)


def test_no_width_is_a_constant() -> None:
    assert set(quantile(Span(4, 4, 4))(UNIFORM)) == {4.0}
    found = simulate(Case(), {"daily_requests": Span(10000, 10000)}, 50)
    assert set(found.value.values()) == {evaluate_case()["npv"]}
    assert found.correlations == {"daily_requests": 0.0}


def test_every_run_is_a_case() -> None:
    """The numbers drawn, one case at a time, give the same percentiles and chances."""
    case = Case(build_months=2)
    found = simulate(case, RANGES, 300, seed=7)
    uniform = np.random.Generator(np.random.PCG64(7)).random((300, 3))
    order = ["training_hours", "daily_requests", "finetuned_cost_per_request"]  # of the inputs
    drawn = [quantile(RANGES[n])(uniform[:, i]) for i, n in enumerate(order)]
    results = [
        evaluate_case({**case, **dict(zip(order, map(float, row), strict=True))})
        for row in zip(*drawn, strict=True)
    ]
    values = np.array([r["npv"] for r in results])
    paybacks = np.array([r["payback_months"] for r in results])
    assert found.value == pytest.approx(percentiles(values))
    assert found.payback == pytest.approx(percentiles(paybacks))
    assert found.chances[1].share == np.mean(paybacks <= 6)
    assert found.mean_value == pytest.approx(values.mean())


@pytest.mark.parametrize("horizon", [1, 36])
def test_even_months_need_no_monthly_flows(horizon: int) -> None:
    """The short way to the payback is the payback on the cash flow."""
    case = Case(horizon_months=horizon, data_preparation_hours=80)
    short = simulate(case, RANGES, 400)
    long = simulate(case, {**RANGES, "build_months": Span(0, 0)}, 400)
    by_hand = evaluate_case(case)
    assert by_hand["source_payback_months"] == pytest.approx(4036 / 2700)
    assert short.seed == long.seed
    assert (by_hand["payback_months"] == float("inf")) == (horizon == 1)
    assert short.chances[3].share == pytest.approx(long.chances[3].share, abs=0.08)


def test_same_seed_same_result_whatever_the_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate(Case(), RANGES, 5000, seed=3)
    monkeypatch.setattr(module, "CHUNK", 77)
    assert simulate(Case(), RANGES, 5000, seed=3) == whole
    assert simulate(Case(), RANGES, 5000, seed=4) != whole


def test_drawn_numbers_are_those_of_every_machine() -> None:
    """Bits, not tolerances: PCG64 and square roots are the same everywhere."""
    found = simulate(Case(), {"data_preparation_hours": Span(40, 40)}, 10)
    assert found.chances[0].share == 1.0
    random = np.random.Generator(np.random.PCG64(1)).random(2)
    assert quantile(Span(0, 4, 1))(random).tolist() == [
        4 - np.sqrt((1 - random[0]) * 12),
        4 - np.sqrt((1 - random[1]) * 12),
    ]


def test_ranks_share_the_middle() -> None:
    assert ranks(np.array([5.0, 1.0, 5.0, 9.0])).tolist() == [1.5, 0.0, 1.5, 3.0]


def test_correlations_tell_cause_and_sign() -> None:
    found = simulate(Case(), RANGES, 5000).correlations
    assert next(iter(found)) == "daily_requests"
    assert found["daily_requests"] > 0.8
    assert -0.6 < found["finetuned_cost_per_request"] < -0.2
    assert abs(found["training_hours"]) < 0.05


def test_progress_and_limits() -> None:
    seen: list[int] = []
    simulate(Case(), RANGES, 40_000, progress=seen.append)
    assert sum(seen) == 40_000
    for runs, seed, ranges in ((0, 1, RANGES), (10**8, 1, RANGES), (10, -1, RANGES)):
        with pytest.raises(BadInput):
            simulate(Case(), ranges, runs, seed)


def test_the_function_gives_the_simulation() -> None:
    rows = FUNCTIONS["FT_MONTE_CARLO"]([["daily_requests", 4000, 10000, 15000]], 2000, 5)
    found = simulate(Case(), {"daily_requests": RANGES["daily_requests"]}, 2000, 5)
    assert [row[1] for row in rows[:6]] == [*found.value.values(), *found.payback.values()]
    assert [row[1] for row in rows[6:]] == [c.share for c in found.chances]
    # without any low and high, every driver moves by a fifth
    swung = FUNCTIONS["FT_MONTE_CARLO"]([["daily_requests", 4000]], 2000, 5)
    assert [row[1] for row in swung[:3]] == list(
        simulate(Case(daily_requests=4000), {}, 2000, 5).value.values()
    )


def test_each_run_succeeds_or_fails() -> None:
    """Two humps: 82,167 where it succeeds, -2,036 where it fails, 60 of 100 times."""
    spans = {"training_hours": Span(4, 4)}
    found = simulate(Case(success_probability=0.6), spans, 20_000)
    success, failure = found.outcomes
    assert (success.success, failure.success) == (True, False)
    assert success.share == pytest.approx(0.6, abs=0.01)
    assert success.share + failure.share == 1
    assert list(success.value.values()) == pytest.approx([82167.43779399041] * 3)
    assert list(failure.value.values()) == pytest.approx([-2036] * 3)
    assert found.mean_value == pytest.approx(
        success.share * 82167.43779399041 - failure.share * 2036
    )
    assert found.chances[0].share == success.share
    assert sum(found.counts) == 20_000
    assert found.counts[0] == round(failure.share * 20_000)
    assert found.counts[-1] == round(success.share * 20_000)
    assert all(count == 0 for count in found.counts[1:-1])


def test_a_case_that_may_fail_draws_the_same_drivers() -> None:
    certain = simulate(Case(), RANGES, 2000, 9)
    likely = simulate(Case(success_probability=0.999999), RANGES, 2000, 9)
    assert certain.value == likely.value


def test_without_ranges_every_driver_moves_by_a_share() -> None:
    found = simulate(Case(), {}, 2000)
    assert found.swing == 0.2
    assert list(found.correlations)[:2] == ["current_cost_per_request", "daily_requests"]
    assert not {"horizon_months", "annual_discount_rate", "days_per_month"} & set(
        found.correlations
    )


def test_an_unlisted_gpu_is_named() -> None:
    with pytest.raises(BadInput, match="H999"):
        simulate(Case(gpu_model="H999"), RANGES)
