"""Cash flow, NPV, IRR and paybacks against decimal arithmetic, pyxirr, Excel's documents, LibreOffice."""

import math
from decimal import Decimal, getcontext
from typing import Any

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, DomainError, InputError
from roi_xl.functions.answers import cells
from roi_xl.model.cashflow import discount_factor
from roi_xl.model.flows import flow_payback
from roi_xl.model.irr import flow_irr, log_rates, monthly_rates, sign_changes
from roi_xl.model.npv import monthly_discount_factor
from tests.hosts.office import Doc

getcontext().prec = 60
CASHFLOW, NPV = FUNCTIONS["FT_CASHFLOW"], FUNCTIONS["FT_NPV"]
IRR, DISCOUNTED = FUNCTIONS["FT_IRR"], FUNCTIONS["FT_DISCOUNTED_PAYBACK"]


def flows_by_hand(args: tuple[Any, ...]) -> list[Decimal]:
    """Month by month as the definition reads, in decimal arithmetic."""
    cost, savings, horizon, build, ramp, growth, end = args
    flows = [-Decimal(cost)]
    for m in range(1, int(horizon) + 1):
        k = Decimal(m) - Decimal(build)
        if k < 1 or m > end:
            flows.append(Decimal(0))
            continue
        share = min(Decimal(1), k / Decimal(ramp)) if ramp else Decimal(1)
        power = Decimal(1) if k == 1 else (1 + Decimal(growth)) ** (k - 1)
        flows.append(Decimal(savings) * share * power)
    return flows


def payback_by_hand(flows: list[Decimal]) -> float:
    total, last_owed, owed = Decimal(0), -1, Decimal(0)
    for m, flow in enumerate(flows):
        total += flow
        if total < 0:
            last_owed, owed = m, total
    if last_owed == len(flows) - 1 or not any(flow > 0 for flow in flows):
        return math.inf
    return float(last_owed - owed / flows[last_owed + 1]) if last_owed >= 0 else 0.0


whole = st.integers
ARGUMENTS = st.tuples(
    st.sampled_from([0.0, 1.0, 2036.0, 1e6]),
    st.sampled_from([-50.0, 0.0, 15.0, 2700.0, 1e5]),
    st.one_of(st.sampled_from([1.0, 36.0, 36.5, 600.0]), whole(1, 120).map(float)),
    st.one_of(whole(0, 24).map(float), st.sampled_from([0.5, 2.25, 700.0])),
    st.one_of(whole(0, 24).map(float), st.just(2.5)),
    # the second and third make growth and discounting cancel, exactly or almost
    st.sampled_from([0.0, 1.1 ** (1 / 12) - 1, 1.1 ** (1 / 12) - 1 + 1e-9, 0.02, -0.1, -1.0, 0.3]),
    st.one_of(st.just(math.inf), whole(0, 60).map(float)),
)
RATES = st.sampled_from([0.0, 0.1, 0.25, 10.0])


@given(args=ARGUMENTS, rate=RATES)
@settings(max_examples=150)
def test_month_by_month_in_decimal(args: tuple[Any, ...], rate: float) -> None:
    flows = flows_by_hand(args)
    monthly = (Decimal(1) + Decimal(rate)) ** (Decimal(1) / 12)
    present = [f / monthly**m for m, f in enumerate(flows)]
    table = CASHFLOW(*args)
    assert [row[0] for row in table] == list(range(len(flows)))
    size = float(sum(abs(f) for f in flows)) or 1.0
    running = Decimal(0)
    for (_, net, total), flow in zip(table, flows, strict=True):
        running += flow
        assert net == pytest.approx(float(flow), rel=1e-9, abs=1e-300)
        assert total == pytest.approx(float(running), rel=1e-9, abs=1e-12 * size)
    found, sizes = NPV(rate, *args), float(sum(abs(p) for p in present))
    assert found == pytest.approx(float(sum(present)), rel=1e-9, abs=1e-12 * sizes)
    wanted = payback_by_hand(present)
    shown = DISCOUNTED(rate, *args)
    if shown == "never" or wanted == math.inf:
        assert shown == "never"
        assert wanted == math.inf
    else:
        assert shown == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_worked_example() -> None:
    # two months of build, then 50 %, 100 % of 1000, growing 10 % a month: 500, 1100, 1210
    table = CASHFLOW(1500, 1000, 5, 2, 2, 0.1)
    assert [row[1] for row in table] == pytest.approx([-1500, 0, 0, 500, 1100, 1210])
    assert [row[2] for row in table] == pytest.approx([-1500, -1500, -1500, -1000, 100, 1310])
    assert NPV(0, 1500, 1000, 5, 2, 2, 0.1) == pytest.approx(1310)
    # repaid after month 3 by 1000 of the 1100 that month 4 brings
    assert DISCOUNTED(0, 1500, 1000, 5, 2, 2, 0.1) == pytest.approx(3 + 1000 / 1100)
    assert CASHFLOW(100, 10, 4, None, None, None, 2)[3] == [3, 0, -80]


def test_blank_means_the_default() -> None:
    assert NPV(0.1, 2036, 2700) == NPV(0.1, 2036, 2700, None, "", None, None, None)
    assert len(CASHFLOW(2036, 2700)) == 37
    assert NPV(0.1, 2036, 2700, 36, 0, 0, 0, "never") == NPV(0.1, 2036, 2700)


@pytest.mark.parametrize("horizon", [1, 600])
@pytest.mark.parametrize("savings", [0, -2700, 2700])
@pytest.mark.parametrize("growth", [-1, 0])
@pytest.mark.parametrize("rate", [0, 10])
def test_extremes(horizon: int, savings: int, growth: int, rate: int) -> None:
    months = 1 if growth == -1 else horizon
    v = 11 ** (-1 / 12) if rate else 1.0
    expected = -2036 + savings * sum(v**m for m in range(1, months + 1))
    assert NPV(rate, 2036, savings, horizon, 0, 0, growth) == pytest.approx(expected, rel=1e-9)
    paid = DISCOUNTED(rate, 2036, savings, horizon, 0, 0, growth)
    if savings > 0:
        assert paid == pytest.approx(2036 / (2700 * v))
    else:
        assert paid == "never"


def test_end_of_life_before_go_live_saves_nothing() -> None:
    assert NPV(0.1, 2036, 2700, 36, 6, 0, 0, 6) == -2036
    assert DISCOUNTED(0.1, 2036, 2700, 36, 6, 0, 0, 6) == "never"
    with pytest.raises(DomainError, match="FT_IRR"):
        IRR(2036, 2700, 36, 6, 0, 0, 6)


def test_no_investment() -> None:
    assert DISCOUNTED(0.1, 0, 2700) == 0
    assert cells(IRR, (0, 2700)) == "#NUM!"
    explained = FUNCTIONS["FT_EXPLAIN"]("FT_IRR", 0, 2700)
    assert "FT_IRR" in explained
    assert explained != "OK"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((-0.1, 2036, 2700), DomainError),
        ((0.1, -1, 2700), DomainError),
        ((0.1, 2036, 2700, 0), DomainError),
        ((0.1, 2036, 2700, 601), DomainError),
        ((0.1, 2036, 2700, 36, -1), DomainError),
        ((0.1, 2036, 2700, 36, 0, 0, -1.01), DomainError),
        ((None, 2036, 2700), InputError),
        ((0.1, 2036, "much"), InputError),
    ],
)
def test_bad_arguments(args: tuple[Any, ...], error: type[Exception]) -> None:
    for function in (NPV, DISCOUNTED):
        with pytest.raises(error):
            function(*args)


def test_ranges_spill_and_keep_their_errors() -> None:
    found = NPV([0, 0.1, -1], 2036, 2700)
    assert found[0] == 2700 * 36 - 2036
    assert found[2] == "#NUM!"
    block = DISCOUNTED([[0.1], [0.2]], [[2036, 5000, 1e9]], 2700)
    assert block.shape == (2, 3)
    assert block[1, 1] == DISCOUNTED(0.2, 5000, 2700)
    assert list(block[:, 2]) == ["never", "never"]


# --- Excel's own examples, from Microsoft's pages on NPV, IRR and XIRR -----------------------------


def test_documented_npv() -> None:
    # =NPV(8%, 8000, 9200, 10000, 12000, 14500) + (-40000) is 1,922.06; a seventh value gives -3,749.47
    flow = np.array([-40000.0, 8000, 9200, 10000, 12000, 14500])
    year = np.arange(6.0)
    assert np.sum(flow * discount_factor(year, 1 / 1.08)) == pytest.approx(1922.06, abs=0.005)
    longer = np.append(flow, -9000.0)
    found = np.sum(longer * discount_factor(np.arange(7.0), 1 / 1.08))
    assert found == pytest.approx(-3749.47, abs=0.005)


def test_documented_irr() -> None:
    # five years 8.7 %, four years -2.1 %, two years -44.4 %
    flow = np.array([-70000.0, 12000, 15000, 18000, 21000, 26000])
    for last, percent in ((6, 8.7), (5, -2.1), (3, -44.4)):
        assert monthly_rates(flow[:last])[0] * 100 == pytest.approx(percent, abs=0.05)


def test_documented_xirr_is_our_annual_rate() -> None:
    # 2008-01-01, 03-01, 10-30, 2009-02-15, 04-01: days 0, 60, 303, 411, 456; XIRR 37.34 %
    flow = np.array([-10000.0, 2750, 4250, 3250, 2750])
    months = np.array([0, 60, 303, 411, 456]) / 365 * 12
    present = flow * discount_factor(months, monthly_discount_factor(0.373362535))
    assert np.sum(present) == pytest.approx(0, abs=0.01)


# --- pyxirr and LibreOffice ------------------------------------------------------------------------


@given(
    cost=st.floats(100, 1e6),
    share=st.floats(0.02, 0.9),
    build=whole(0, 6),
    ramp=whole(0, 6),
    growth=st.floats(-0.05, 0.05),
)
def test_irr_is_pyxirrs(cost: float, share: float, build: int, ramp: int, growth: float) -> None:
    args = (cost, cost * share, 60, build, ramp, growth)
    flow = [row[1] for row in CASHFLOW(*args)]
    monthly = pyxirr.irr(flow)
    assert monthly is not None
    assert IRR(*args) == pytest.approx((1 + monthly) ** 12 - 1, rel=1e-7, abs=1e-9)
    # and by definition: at this rate the flow is worth nothing
    assert NPV(max(IRR(*args), 0), *args) == pytest.approx(
        0 if IRR(*args) >= 0 else sum(flow), abs=1e-6 * sum(map(abs, flow))
    )


def two_payments(first: float, month: int, second: float) -> Any:
    """-first in month 0, second in a month: ln(1 + rate) is ln(second / first) / month."""
    flow = np.zeros(601)
    flow[0], flow[month] = -first, second
    return flow


def test_rates_near_the_edges_of_what_numbers_hold() -> None:
    """All in one table, where a row must not see another; rates from almost -100 % to 10^15 a month."""
    told = [(1.0, 600, 1e-300), (1.0, 600, 1e-40), (1.0, 1, 1e-15), (1.0, 1, 1e15), (1e-9, 2, 1e9)]
    told += [(1e300, 600, 1.0), (5.0, 36, 5.0), (-3.0, 3, -6.0), (1e-300, 24, 1.0)]
    table = np.array([two_payments(*each) for each in told])
    expected = [(math.log(abs(s)) - math.log(abs(f))) / m for f, m, s in told]
    np.testing.assert_allclose(log_rates(table), expected, rtol=1e-12, atol=1e-15)
    for row, rate in zip(table, log_rates(table), strict=True):
        assert log_rates(row[None])[0] == rate


@given(
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40),
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40),
    st.integers(0, 20),
    st.booleans(),
)
def test_at_the_rate_both_sides_are_worth_the_same(
    earlier: list[float], later: list[float], pause: int, borrowed: bool
) -> None:
    """In 60 digits: the flow changes its sign between a hair below the rate and a hair above."""
    flow = [-v for v in earlier] + [0.0] * pause + later
    flow = [-v for v in flow] if borrowed else flow
    rate = Decimal(float(log_rates(np.array([flow]))[0]))

    def worth(u: Decimal) -> Decimal:
        factor = (-u).exp()
        value = Decimal(0)
        for v in reversed(flow):
            value = value * factor + Decimal(v)
        return value

    hair = max(abs(rate), Decimal(1)) * Decimal("1e-13")
    assert worth(rate - hair) * worth(rate + hair) < 0


def test_a_rate_that_pyxirr_misses() -> None:
    # 600 months growing 10 % each: so flat near 10 % a month that solvers stop there
    rate = IRR(50036, 1350, 600, 6, 3, 0.1)
    assert rate == pytest.approx(2.650320184, rel=1e-8)
    assert abs(NPV(rate, 50036, 1350, 600, 6, 3, 0.1)) < 1e-3
    assert NPV(rate * 0.999, 50036, 1350, 600, 6, 3, 0.1) > 0
    assert NPV(rate * 1.001, 50036, 1350, 600, 6, 3, 0.1) < 0


def test_several_rates_nearest_zero_first() -> None:
    # -1 + 2.3/(1+i) - 1.32/(1+i)^2 = 0 at 10 % and 20 %
    flow = np.array([-1.0, 2.3, -1.32])
    assert monthly_rates(flow) == pytest.approx([0.1, 0.2], rel=1e-9)
    assert sign_changes(flow) == 2
    assert math.isnan(flow_irr(flow))  # a case names none of several rates
    # two changes of sign and no rate at all
    assert monthly_rates(np.array([-1.0, 1.0, -1.0])) == []
    assert math.isnan(flow_irr(np.array([-1.0, 1.0, -1.0])))


@pytest.mark.parametrize(
    "flow", [[-100, 60, 60, 60, 0, 40], [-100, 0, 0, 300], [-500, 200, 150, 100]]
)
def test_libreoffice_npv_and_irr(blank_sheet: Doc, flow: list[float]) -> None:
    amounts = np.array(flow, np.float64)
    rate = monthly_rates(amounts)[0]
    blank_sheet.set_many({f"Sheet1.B{i}": a for i, a in enumerate(amounts.tolist(), 1)})
    last = f"B{len(flow)}"
    npv = np.sum(amounts * discount_factor(np.arange(float(len(flow))), 1 / 1.01))
    found = blank_sheet.formula("Sheet1.D1", f"=B1+NPV(1%,B2:{last})")
    assert found == pytest.approx(float(npv), rel=1e-9)
    # its search, as Excel's, stops within 0.00001 %
    assert blank_sheet.formula("Sheet1.D2", f"=IRR(B1:{last})") == pytest.approx(rate, abs=1e-7)


# --- repaid for good -------------------------------------------------------------------------------


def test_a_flow_that_dips_again_is_not_repaid_yet() -> None:
    # cumulative -100, 20, -30, 70: above zero for a while, repaid for good 30/100 into month 3
    assert flow_payback(np.array([-100.0, 120, -50, 100])) == pytest.approx(2.3)
    assert flow_payback(np.array([-100.0, 120, -50, 20])) == math.inf
    assert flow_payback(np.array([-100.0, 50, 50, 0])) == 2
    assert flow_payback(np.array([0.0, 1, 1])) == 0
    # nothing comes in, so nothing is paid back, whatever was invested
    assert flow_payback(np.array([0.0, 0, 0])) == math.inf
    assert flow_payback(np.array([0.0, -1, -1])) == math.inf


def test_rounding_does_not_undo_repayment_on_the_last_day() -> None:
    # 0.3 in three steps of 0.1 is not exactly 0.3 in binary
    assert flow_payback(np.array([-0.3, 0.1, 0.1, 0.1])) == pytest.approx(3)


def test_payback_of_equal_months_is_ft_payback() -> None:
    assert DISCOUNTED(0, 2036, 270) == pytest.approx(FUNCTIONS["FT_PAYBACK"](2036, 270))
