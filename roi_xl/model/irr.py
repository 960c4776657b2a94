"""Internal rate of return: every rate at which a cash flow is worth nothing today."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import DomainError
from roi_xl.functions.declare import ft
from roi_xl.model.cashflow import month_by_month, months_of, plain_cash_flow, spilled
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
    MONEY,
    MONEY_PER_MONTH_SIGNED,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NEVER,
    MONTHS_OR_NO_END,
    RATE_PER_YEAR_SIGNED,
    Num,
)

Flow = NDArray[np.float64]
_MOST_STEPS = 300
_CLOSE = 1e-9  # a Newton step this short leaves an error of its square, times the months at most
_TIGHT = 1e-13  # a bracket this narrow is an answer
_SAFE_LOG = 600.0  # e to this can still be multiplied
_GRID = 1001  # rates tried where several may solve


def monthly_rates(flow: Flow) -> list[float]:
    """Every monthly rate above -100 % at which the flow is worth nothing today, nearest zero first."""
    paid = np.flatnonzero(flow)
    signs = flow[paid] > 0
    changes = np.count_nonzero(signs[1:] != signs[:-1])
    if changes == 0:
        return []
    flow = flow[paid[0] : paid[-1] + 1]
    if changes == 1:
        return [float(np.expm1(log_rates(flow[None])[0]))]
    flow = flow / np.max(np.abs(flow))
    low, high = _bounds(flow)
    grid = np.linspace(low, high, _GRID)
    if low < 0.0 < high:
        grid = np.union1d(grid, np.linspace(max(low, -0.1), min(high, 0.1), _GRID))
    values = np.array([_value(flow, float(u)) for u in grid])
    found = [float(grid[i]) for i in np.flatnonzero(values == 0)]
    for i in np.flatnonzero(values[1:] * values[:-1] < 0):
        found.append(_bisect(flow, float(grid[i]), float(grid[i + 1])))
    return [float(np.expm1(u)) for u in sorted(found, key=abs)]


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

    The rate is where later and earlier payments, which have opposite signs, are worth the same. The
    logarithm of their ratio falls with ln(1 + rate) almost in a straight line, by one at least, so
    that Newton's steps on it take few turns; a bracket stops those that would leave it.
    """
    if len(flows) == 1:
        alone = _log_rate(flows[0].tolist())
        if alone is not None:
            return np.array([alone])
    down = np.moveaxis(flows, -1, 0)
    ends = len(down) - 1 - np.argmax(down[::-1] != 0, axis=0)
    signs = np.sign(np.take_along_axis(down, ends[None], 0)[0])
    down = down * signs if np.any(signs < 0) else down  # what comes later is positive
    split = int(np.flatnonzero(np.any(down < 0, axis=1))[-1]) + 1
    later, earlier = np.maximum(down, 0.0), -np.minimum(down[:split], 0.0)
    most, least = np.max(later, axis=0), np.max(earlier, axis=0)
    later, earlier, scale = later / most, earlier / least, np.log(most) - np.log(least)

    found, rows = np.zeros(ends.size), np.arange(ends.size)
    low, high = (np.full(ends.size, side * float(WIDEST_LOG_RATE)) for side in (-1.0, 1.0))
    u, going = np.clip(_first_guess(later, earlier, scale), low, high), np.ones(ends.size, bool)
    for _ in range(_MOST_STEPS):
        with np.errstate(all="ignore"):
            worth, falls = _log_ratio(later, earlier, ends, u)
            worth += scale
            newton = u + worth / falls
        low, high = np.where(worth > 0, u, low), np.where(worth > 0, high, u)
        short, narrow = np.abs(newton - u) <= _CLOSE, high - low <= _TIGHT
        inside = short | ((newton > low) & (newton < high))
        u = np.where(inside, newton, (low + high) / 2)
        done = going & (short | narrow)
        found[rows[done]] = u[done]
        going &= ~done
        left = np.count_nonzero(going)
        if not left:
            break
        if left <= going.size / 2:  # the others stay along, which costs less than to sort them out
            later, earlier, ends = later[:, going], earlier[:, going], ends[going]
            rows, low, high, u = rows[going], low[going], high[going], u[going]
            scale, going = scale[going], going[going]
    return found


def _log_rate(flow: list[float]) -> float | None:
    """As `log_rates` for one row, to the bit, in plain floats; None where numbers grow too large."""
    end = len(flow) - 1
    while flow[end] == 0:
        end -= 1
    if flow[end] < 0:
        flow = [-x for x in flow]  # what comes later is positive
    split = end
    while flow[split - 1] >= 0:
        split -= 1
    most, least = max(flow), -min(flow)
    later = [x / most if x > 0 else 0.0 for x in flow]
    earlier = [-x / least if x < 0 else 0.0 for x in flow[:split]]
    owed = 0.0
    for x in earlier:
        owed += x
    first = next(n for n, x in enumerate(later) if x > 0)
    with np.errstate(all="ignore"):
        scale = float(np.log(most) - np.log(least))
        guess = float(np.log1p(np.exp(scale) * later[first] / owed)) / first
        low, high = -float(WIDEST_LOG_RATE), float(WIDEST_LOG_RATE)
        u = min(max(guess, low), high)
        for _ in range(_MOST_STEPS):
            if not u * end >= -_SAFE_LOG:
                return None
            x = float(np.exp(-u))
            one, one_months = _worth_alone(later, x)
            two, two_months = _worth_alone(earlier, x)
            if one == 0 or two == 0 or one_months / one == two_months / two:
                return None
            worth = float(np.log(one / two)) + scale
            newton = u + worth / (one_months / one - two_months / two)
            low, high = (u, high) if worth > 0 else (low, u)
            short = abs(newton - u) <= _CLOSE
            u = newton if short or low < newton < high else (low + high) / 2
            if short or high - low <= _TIGHT:
                return u
    return None


def _worth_alone(flow: list[float], x: float) -> tuple[float, float]:
    value = slope = 0.0
    for payment in reversed(flow):
        slope = slope * x + value
        value = value * x + payment
    return value, slope * x


def _first_guess(later: Flow, earlier: Flow, scale: Flow) -> Flow:
    """The rate if the first of the later payments came again every month, for ever."""
    owed: Any = sum(earlier)  # in order, as numpy does not always, so that rows stay alone
    first = np.argmax(later > 0, axis=0)
    payment = np.take_along_axis(later, first[None], 0)[0]
    with np.errstate(over="ignore"):
        guess: Flow = np.log1p(np.exp(scale) * payment / owed) / first
    return guess


def _log_ratio(later: Flow, earlier: Flow, ends: NDArray[np.intp], u: Flow) -> tuple[Flow, Flow]:
    """Logarithm of later over earlier payments' worth at 1 + rate = e^u, and how fast it falls."""
    x = np.exp(-u)
    one, one_months = _worth(later[::-1], x)
    two, two_months = _worth(earlier[::-1], x)
    value, falls = np.log(one / two), one_months / one - two_months / two
    far = u * ends < -_SAFE_LOG
    if far.any():  # too large for a number when counted from month 0: count from the end
        y, nothing = np.exp(u[far]), np.zeros((len(later) - len(earlier), np.count_nonzero(far)))
        counted = np.arange(len(later))[:, None] <= ends[far]
        one, one_months = _worth(later[:, far], y, counted)
        two, two_months = _worth(np.concatenate((earlier[:, far], nothing)), y, counted)
        value[far], falls[far] = np.log(one / two), two_months / two - one_months / one
    return value, falls


def _worth(flows: Flow, x: Flow, counted: Any = None) -> tuple[Flow, Flow]:
    """By Horner's rule Σ flow · x^n, and Σ n · flow · x^n; n counts down to 0 at the last flow."""
    value, slope = np.zeros(x.shape), np.zeros(x.shape)
    for month, flow in enumerate(flows):
        where: Any = True if counted is None else counted[month]
        np.multiply(slope, x, out=slope, where=where)
        np.add(slope, value, out=slope, where=where)
        np.multiply(value, x, out=value, where=where)
        np.add(value, flow, out=value, where=where)
    return value, slope * x


def _annual(monthly: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float64(1.0 + monthly) ** MONTHS_PER_YEAR - 1.0)


# --- over a table with months across --------------------------------------------------------------


@ft(group="returns")
def flow_irr(net_cash_flow: MONEY_SIGNED) -> RATE_PER_YEAR_SIGNED:
    """Internal rate of return per year; none where the flow changes sign never or more than once."""
    flows: Any = net_cash_flow
    table = np.asarray(flows, np.float64)
    table = table if table.ndim == 2 else table.reshape(-1, table.shape[-1])
    known: Any = np.isfinite(table).all(axis=-1)
    changes: Any = sign_changes(table if known.all() else np.where(known[:, None], table, 0.0))
    found = np.full(len(table), np.nan)
    one = changes == 1
    if one.any():
        with np.errstate(over="ignore"):
            found[one] = np.expm1(MONTHS_PER_YEAR * log_rates(table if one.all() else table[one]))
    return found.reshape(np.shape(flows)[:-1])


@ft(group="returns")
def sign_changes(net_cash_flow: MONEY_SIGNED) -> COUNT:
    """How often the cash flow changes its sign; Descartes: no more rates than that solve it."""
    shape = np.shape(net_cash_flow)[:-1]
    changes: Any = np.zeros(shape)
    was_in, was_out = np.zeros(shape, bool), np.zeros(shape, bool)  # of the last that was not zero
    for flow in month_by_month(net_cash_flow):
        comes_in, goes_out = flow > 0, flow < 0
        changes += (comes_in & was_out) | (goes_out & was_in)
        was_in, was_out = (was_in & ~goes_out) | comes_in, (was_out & ~comes_in) | goes_out
    answer: Num = changes[()]
    return answer


@ft(group="returns")
def irr_state(sign_changes: COUNT, payback_months: MONTHS_OR_NEVER) -> IRR_STATE:
    """What the rate of return is good for: 0 none, 1 usable, 2 misleading, 3 several may solve."""
    fast = np.where(payback_months < IRR_MISLEADS_BELOW_MONTHS, 1.0, 0.0)
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
    example=((2036, 300, 12), 2.1663498894310615),
    formula=spilled(f"(1+IRR(net))^{MONTHS_PER_YEAR:g}-1"),
)
def irr(
    total_cost: MONEY,
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    horizon_months: HORIZON = HORIZON_MONTHS,
    build_months: MONTHS = 0.0,
    ramp_months: MONTHS = 0.0,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    retirement_month: MONTHS_OR_NO_END = NO_END,
) -> RATE_PER_YEAR_SIGNED:
    """Internal rate of return per year, effective, as a fraction: (1 + monthly rate)^12 - 1.

    Args:
        total_cost: one-off investment, paid in month 0, at least 0.
        monthly_savings: amount per month after maintenance at full use, of either sign.
        horizon_months: last month that counts, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        retirement_month: last month with savings; blank means none.

    Returns:
        a fraction per year (0.5 is 50 %); misleading where payback takes under three months.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_IRR"]`; no rate exists where nothing is
            invested or nothing is saved.

    Source:
        The flows of FT_CASHFLOW; Newton steps inside a bracket on the logarithm of later over
        earlier payments, compared with Excel's `IRR` and pyxirr in the tests.

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
        retirement_month,
    )
    found = monthly_rates(np.asarray(flow))
    if not found:
        raise DomainError("irr_none", function="FT_IRR")
    return _annual(found[0])
