"""Rates of many flows at once are those of each flow alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.model import irr
from roi_xl.model.irr import monthly_rates
from roi_xl.model.irr_many import only_rates


def flow_irr(flows: Any) -> Any:
    return irr.flow_irr(flows)


@pytest.mark.parametrize("rate", [-0.9, -0.3, -0.001, 0.0, 0.01, 0.5, 40.0])
def test_a_loan_repaid_in_one_sum(rate: float) -> None:
    # 100 today for 100 (1 + rate)^12 in twelve months
    flow = np.zeros((1, 37))
    flow[0, 0], flow[0, 12] = -100.0, 100 * (1 + rate) ** 12
    assert only_rates(flow)[0] == pytest.approx(rate, abs=1e-10)
    assert flow_irr(flow)[0] == pytest.approx((1 + rate) ** 12 - 1, rel=1e-8, abs=1e-9)


money = st.floats(1.0, 1e6)


@given(
    paid=st.lists(money, min_size=1, max_size=3),
    saved=st.lists(money, min_size=1, max_size=40),
    empty=st.integers(0, 20),
    sign=st.sampled_from([1.0, -1.0]),
)
def test_as_alone(paid: list[float], saved: list[float], empty: int, sign: float) -> None:
    flow = sign * np.array([*(-p for p in paid), *[0.0] * empty, *saved, *[0.0] * empty])
    together = only_rates(np.array([flow, 2 * flow]))
    alone = monthly_rates(flow)[0]
    assert together == pytest.approx([alone, alone], rel=1e-8, abs=1e-8)


def test_rows_without_one_rate_are_left_alone() -> None:
    never, twice, fine = [-1.0, -1.0, -1.0], [-1.0, 2.5, -1.54], [-1.0, 1.1, 0.0]
    found = flow_irr(np.array([never, twice, fine]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx((1 + monthly_rates(np.array(twice))[0]) ** 12 - 1)
    assert found[2] == pytest.approx(1.1**12 - 1)
    assert only_rates(np.empty((0, 3))).shape == (0,)
