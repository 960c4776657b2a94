"""Internal rate of return: every rate at which a cash flow is worth nothing today."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import DomainError
from roi_xl.functions.declare import ft
from roi_xl.model.cashflow import months_of, plain_cash_flow, spilled
from roi_xl.model.defaults import (
    HORIZON_MONTHS,
    IRR_MISLEADS_BELOW_MONTHS,
    MONTHS_PER_YEAR,
    NO_END,
    WIDEST_LOG_RATE,
)
from roi_xl.units import (
    COUNT,
    GROWTH_PER_MONTH,
    HORIZON,
    IRR_STATE,
    MONTHS,
    MONTHS_OR_NEVER,
    MONTHS_OR_NO_END,
    RATE_PER_YEAR_SIGNED,
    USD,
    USD_PER_MONTH_SIGNED,
    USD_SIGNED,
    Num,
)

Flow = NDArray[np.float64]
_MOST_STEPS, _HALVINGS_FROM = 300, 24
_CLOSE = 1e-13  # a Newton step this short leaves an error far below it
_NEAR = 1e-10  # how close to the rate, as ln(1 + rate), an answer must be
_GRID = 1001  # rates tried where several may solve


def monthly_rates(flow: Flow) -> list[float]:
    """Every monthly rate above -100 % at which the flow is worth nothing today, nearest zero first."""
    paid = np.flatnonzero(flow)
    changes = sign_changes(flow)
    if changes == 0:
        return []
    flow = flow[paid[0] : paid[-1] + 1] / np.max(np.abs(flow))
    if changes == 1:
        return [_only_rate(flow)]
    low, high = _bounds(flow)
    grid = np.linspace(low, high, _GRID)
    if low < 0.0 < high:
        grid = np.union1d(grid, np.linspace(max(low, -0.1), min(high, 0.1), _GRID))
    values = np.array([_value(flow, float(u)) for u in grid])
    found = [float(grid[i]) for i in np.flatnonzero(values == 0)]
    for i in np.flatnonzero(values[1:] * values[:-1] < 0):
        found.append(_bisect(flow, float(grid[i]), float(grid[i + 1])))
    return [float(np.expm1(u)) for u in sorted(found, key=abs)]


def _only_rate(flow: Flow) -> float:
    """The one rate of a flow with one sign change: pyxirr's where it solves, else by halving."""
    try:
        import pyxirr
    except ImportError:  # a browser has no compiled pyxirr
        return float(np.expm1(log_rates(flow[None])[0]))
    rate = pyxirr.irr(flow, silent=True)
    if rate is not None and np.isfinite(rate) and rate > -1:
        found = float(np.log1p(rate))
        # a long flow is almost flat in places, where a solver may stop far from the rate
        if _value(flow, found - _NEAR) * _value(flow, found + _NEAR) < 0:
            return float(rate)
    return float(np.expm1(log_rates(flow[None])[0]))


def _bounds(flow: Flow) -> tuple[float, float]:
    """Logarithms of 1 + rate that enclose every solution (Cauchy's bound on both ends)."""
    size = np.abs(flow)
    most = float(size.max())
    return -float(np.log1p(most / size[-1])), float(np.log1p(most / size[0]))


def _value(flow: Flow, u: float) -> float:
    """The sign of the flow's value at 1 + rate = e^u, without overflow on either side of zero."""
    month = np.arange(flow.size)
    weights = np.exp(-u * month) if u >= 0 else np.exp(u * month[::-1])
    return float(flow @ weights)


def _bisect(flow: Flow, low: float, high: float) -> float:
    start = _value(flow, low)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _value(flow, middle) * start > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def log_rates(flows: Flow) -> Flow:
    """ln(1 + rate) a month of every row with one change of sign; rows do not see each other.

    Newton's steps inside a bracket; where they get short on a flat stretch, halvings help out.
    """
    if len(flows) == 1:  # numpy adds up a single column in another order, to other last digits
        return log_rates(np.repeat(flows, 2, axis=0))[:1]
    last = flows.shape[-1] - 1
    ends = last - np.argmax(flows[:, ::-1] != 0, axis=-1)
    end_sign = np.sign(np.take_along_axis(flows, ends[:, None], -1))[:, 0]
    flows = np.ascontiguousarray(flows.T / np.max(np.abs(flows), axis=-1))  # months downwards
    month = np.minimum(np.arange(last + 1)[:, None], ends)
    found, rows = np.zeros(ends.size), np.arange(ends.size)
    low, high = (np.full(ends.size, side * float(WIDEST_LOG_RATE)) for side in (-1.0, 1.0))
    u = found.copy()
    for step in range(_MOST_STEPS):
        weighed = flows * np.exp(np.minimum(u, 0.0) * ends - u * month)
        value, slope = np.sum(weighed, axis=0), np.sum(weighed * month, axis=0)
        below = value * end_sign > 0
        low, high = np.where(below, u, low), np.where(below, high, u)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = u + value / slope
        halve = step >= _HALVINGS_FROM and step % 3 == 0
        usable = (newton > low) & (newton < high) & (not halve)
        new = np.where(usable, newton, (low + high) / 2)
        done = (value == 0) | (np.abs(new - u) <= _CLOSE) | (high - low <= _CLOSE)
        found[rows[done]] = np.where(value == 0, u, new)[done]
        left = ~done
        if not left.any():
            break
        flows, month = flows[:, left], month[:, left]
        rows, ends, end_sign = rows[left], ends[left], end_sign[left]
        low, high, u = low[left], high[left], new[left]
    return found


def _annual(monthly: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float64(1.0 + monthly) ** MONTHS_PER_YEAR - 1.0)


# --- over a table with months across --------------------------------------------------------------


@ft(group="returns")
def flow_irr(net_cash_flow_usd: USD_SIGNED) -> RATE_PER_YEAR_SIGNED:
    """Internal rate of return per year; of several rates the one nearest zero."""
    flows: Any = net_cash_flow_usd
    table = np.ascontiguousarray(flows).reshape(-1, np.shape(flows)[-1])
    known = np.isfinite(table).all(axis=-1)
    changes: Any = sign_changes(np.where(known[:, None], table, 0.0))
    found = np.full(len(table), np.nan)
    one = changes == 1
    if one.any():
        with np.errstate(over="ignore"):
            found[one] = np.expm1(MONTHS_PER_YEAR * log_rates(table[one]))
    for row in np.flatnonzero(changes > 1):
        rates = monthly_rates(table[row])
        found[row] = _annual(rates[0]) if rates else np.nan
    return found.reshape(np.shape(flows)[:-1])


@ft(group="returns")
def sign_changes(net_cash_flow_usd: USD_SIGNED) -> COUNT:
    """How often the cash flow changes its sign; Descartes: no more rates than that solve it."""
    signs = np.sign(net_cash_flow_usd)
    index = np.arange(signs.shape[-1])
    last = np.maximum.accumulate(np.where(signs != 0, index, 0), axis=-1)
    filled = np.take_along_axis(signs, last, -1)
    changes: Num = np.count_nonzero(filled[..., 1:] * filled[..., :-1] < 0, axis=-1) * 1.0
    return changes


@ft(group="returns")
def irr_state(sign_changes: COUNT, payback_on_cashflow_months: MONTHS_OR_NEVER) -> IRR_STATE:
    """What the rate of return is good for: 0 none, 1 usable, 2 misleading, 3 several may solve."""
    fast = np.where(payback_on_cashflow_months < IRR_MISLEADS_BELOW_MONTHS, 1.0, 0.0)
    several = np.where(sign_changes > 1.0, 1.0, 0.0)
    return (
        np.where(sign_changes < 1.0, 0.0, 1.0)
        + several
        + np.where(sign_changes == 1.0, fast, several)
    )


# --- in a cell ------------------------------------------------------------------------------------


@ft(
    "FT_IRR",
    group="returns",
    mode="each",
    example=((2036, 300, 12), 2.166349888582182),
    formula=spilled(f"(1+IRR(net))^{MONTHS_PER_YEAR:g}-1"),
)
def irr(
    total_cost: USD,
    monthly_savings: USD_PER_MONTH_SIGNED,
    horizon_months: HORIZON = HORIZON_MONTHS,
    build_months: MONTHS = 0.0,
    ramp_months: MONTHS = 0.0,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    end_of_life_month: MONTHS_OR_NO_END = NO_END,
) -> RATE_PER_YEAR_SIGNED:
    """Internal rate of return per year, effective, as a fraction: (1 + monthly rate)^12 - 1.

    Args:
        total_cost: one-off investment in USD, paid in month 0, at least 0.
        monthly_savings: USD per month after maintenance at full use, of either sign.
        horizon_months: last month that counts, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        end_of_life_month: last month with savings; blank means none.

    Returns:
        a fraction per year (0.5 is 50 %); misleading where payback takes under three months.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_IRR"]`; no rate exists where nothing is
            invested or nothing is saved.

    Source:
        The flows of FT_CASHFLOW, solved by pyxirr.

    Example:
        >>> round(irr(2036.0, 300.0, 12.0), 6)
        2.16635
    """
    month = np.arange(months_of(horizon_months))
    flow = plain_cash_flow(  # one row, since every argument is one number
        month,
        total_cost,
        monthly_savings,
        horizon_months,
        build_months,
        ramp_months,
        monthly_volume_growth,
        end_of_life_month,
    )
    found = monthly_rates(np.asarray(flow))
    if not found:
        raise DomainError("irr_none", function="FT_IRR")
    return _annual(found[0])
