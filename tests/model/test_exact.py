"""The closed forms against exact arithmetic, to 1e-9; what has no finite value is #NUM!."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roi_xl.functions.answers import cells
from roi_xl.registry import FUNCTIONS
from tests.draw import clean_arguments

F = Fraction

# written from the source document's calculator and each function's own description
EXACT: dict[str, Callable[..., Fraction | None]] = {
    "FT_DATA_COST": lambda hours, rate, samples, price: hours * rate + samples * price,
    "FT_COMPUTE_COST": lambda gpu, hours, runs, count: gpu * hours * runs * count,
    "FT_PEOPLE_COST": lambda hours, rate, runs: hours * rate * runs,
    "FT_TOTAL_COST": lambda hours, rate, gpu, training, runs, count, engineer: (
        hours * rate + gpu * training * runs * count + engineer * rate * runs
    ),
    "FT_MAINTENANCE_COST": lambda times, each, tests, versions, rate: (
        times * each / 12 + (tests + versions) * rate
    ),
    "FT_SERVING_COST": lambda gpu, count, requests, hours: (
        gpu * count * hours / requests if requests else None
    ),
    "FT_REQUEST_COST": lambda used, out, price, out_price, cached, cached_price: (
        ((used - cached) * price + out * out_price + cached * cached_price) / 10**6
        if cached <= used
        else None
    ),
    "FT_MONTHLY_SAVINGS": lambda requests, now, tuned, days, upkeep: (
        requests * (now - tuned) * days - upkeep
    ),
    "FT_BREAKEVEN_REQUESTS": lambda cost, now, tuned, months, days, upkeep: (
        (cost / months + upkeep) / ((now - tuned) * days) if now > tuned else None
    ),
    "FT_PAYBACK": lambda cost, saved: cost / saved if saved > 0 else None,
    "FT_ANNUAL_ROI": lambda cost, saved: (12 * saved - cost) / cost if cost else None,
}


@pytest.mark.parametrize("name", EXACT)
@given(data=st.data())
def test_closed_forms(name: str, data: st.DataObject) -> None:
    args = data.draw(clean_arguments(FUNCTIONS[name]))
    expected = EXACT[name](*map(Fraction, args))
    found = cells(FUNCTIONS[name], args)
    if expected is None:
        assert found in ("never", "#DIV/0!", "#NUM!")
        return
    # a difference of nearly equal amounts has no 1e-9 to give in binary; a cent of a million has
    assume(expected == 0 or abs(expected) > Fraction(1, 10**6))
    assert isinstance(found, float)
    assert abs(Fraction(found) - expected) <= abs(expected) / 10**9 + Fraction(1, 10**9)


HUGE = 1.7e308


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("FT_DATA_COST", (HUGE, HUGE)),
        ("FT_DATA_COST", (HUGE, 1, HUGE, 1)),
        ("FT_COMPUTE_COST", (HUGE, 2)),
        ("FT_PEOPLE_COST", (HUGE, 50)),
        ("FT_TOTAL_COST", (HUGE, 50)),
        ("FT_MAINTENANCE_COST", (HUGE, HUGE)),
        ("FT_SERVING_COST", (HUGE, HUGE, 1)),
        ("FT_SERVING_COST", (HUGE, 1, 5e-324)),
        ("FT_REQUEST_COST", (HUGE, HUGE, HUGE, HUGE)),
        ("FT_MONTHLY_SAVINGS", (HUGE, HUGE, 0)),
        ("FT_BREAKEVEN_REQUESTS", (HUGE, 1e-300, 0)),
        ("FT_ANNUAL_ROI", (5e-324, HUGE)),
        ("FT_ANNUAL_ROI", (1, HUGE)),
        ("FT_NPV", (0.1, HUGE, HUGE)),
    ],
)
def test_overflow_is_num(name: str, args: tuple[float, ...]) -> None:
    assert cells(FUNCTIONS[name], args) == "#NUM!"
    column = [[[a]] * 2 for a in args]
    assert cells(FUNCTIONS[name], column) == [["#NUM!"], ["#NUM!"]]


def test_payback_at_the_ends_of_the_number_line() -> None:
    payback = FUNCTIONS["FT_PAYBACK"]
    assert cells(payback, (0, 5e-324)) == 0.0
    assert cells(payback, (HUGE, 5e-324)) in ("never", "#NUM!")
    assert cells(payback, (5e-324, HUGE)) == 0.0
    assert cells(payback, (1, -0.0)) == "never"
