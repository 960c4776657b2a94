"""What follows from a whole cash flow: repaid for good, in total, per year."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from roi_xl.functions.declare import declared, ft
from roi_xl.functions.formula import formula
from roi_xl.model.cashflow import month_by_month, months_of, plain_cash_flow, running, spilled
from roi_xl.model.defaults import HORIZON_MONTHS, MONTHS_PER_YEAR, NO_END, REPAID_WITHIN
from roi_xl.model.npv import monthly_discount_factor
from roi_xl.units import (
    FRACTION_SIGNED,
    GROWTH_PER_MONTH,
    HORIZON,
    MONEY,
    MONEY_PER_MONTH_SIGNED,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NEVER,
    MONTHS_OR_NO_END,
    NEVER,
    RATE_PER_YEAR,
    RATE_PER_YEAR_SIGNED,
    Num,
)

Flows = NDArray[np.float64]
CHUNK = 1 << 18  # elements of a table of flows that stay in the processor's cache


def case_chunks(columns: list[Any], months: int) -> Iterator[tuple[slice, list[Any]]]:
    """Columns of many cases in pieces, to meet a column of months; single values stay single.

    A case a column and a month a row lets numpy run along the cases, of which there are many.

    Args:
        columns: 0-d arrays, or flat arrays of one length.
        months: how many months each case takes.

    Yields:
        the piece, and the columns of its cases.
    """
    size = max((c.size for c in columns if np.ndim(c)), default=1)
    step = max(1, CHUNK // months)
    for start in range(0, size, step):
        piece = slice(start, start + step)
        yield piece, [c[piece] if np.ndim(c) else c for c in columns]


def by_case(months_down: Any, cases: int, months: int) -> Flows:
    """A row of months for every case, of what `case_chunks` led to; a view."""
    table: Flows = np.broadcast_to(np.asarray(months_down, np.float64), (months, cases)).T
    return table


def over_cases(
    flow: Callable[..., Any], result: Callable[[Flows], Any], horizon: Any, args: tuple[Any, ...]
) -> Num:
    """A result of the flows of every case, in the broadcast shape of the arguments."""
    columns = [np.asarray(a, np.float64) for a in (horizon, *args)]
    shape = np.broadcast_shapes(*(c.shape for c in columns))
    flat = [np.broadcast_to(c, shape).ravel() if c.ndim else c for c in columns]
    month = np.arange(months_of(horizon))
    answer = np.empty(int(np.prod(shape)))
    for piece, (limit, *chunk) in case_chunks(flat, month.size):
        flows = flow(month[:, None], limit, *chunk)
        answer[piece] = result(by_case(flows, answer[piece].size, month.size))
    return cast(Num, answer.reshape(shape)[()])


# --- over a table with months across --------------------------------------------------------------


@ft(group="returns")
def flow_total(net_cash_flow: MONEY_SIGNED) -> MONEY_SIGNED:
    """Sum of all cash flows, the investment included."""
    # in order, as numpy does not always: zeros at the end change no digit
    return cast(Num, sum(month_by_month(net_cash_flow)))


@ft(group="returns")
def flow_payback(net_cash_flow: MONEY_SIGNED) -> MONTHS_OR_NEVER:
    """Months until the cash flow has repaid the investment for good; never where it has not.

    The cumulative flow must not fall below zero again afterwards. Within the month the flow is
    taken as even, so the result is that of FT_PAYBACK where all months are alike.
    """
    flows = np.moveaxis(np.asarray(net_cash_flow), -1, 0)
    total = np.empty(flows.shape)
    moved: Any = 0.0  # all that was paid and earned, to tell a debt from a rounding error
    earned: Any = False  # whether any month brings anything: without one, nothing is paid back
    unpaid = np.zeros(flows.shape[1:], np.int16)  # months up to the last that ends in debt
    for month, flow in enumerate(flows):
        total[month] = total[month - 1] + flow if month else flow
        moved = moved + np.abs(flow)
        earned = earned | (flow > 0)
        in_debt = total[month] < -REPAID_WITHIN * moved
        unpaid = np.maximum(unpaid, in_debt * np.int16(month + 1))
    last = unpaid.astype(np.intp)[None] - 1
    owed = -np.take_along_axis(total, np.maximum(last, 0), 0)[0]
    repaying = np.take_along_axis(flows, np.minimum(last + 1, len(flows) - 1), 0)[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        months = last[0] + owed / repaying
    months = np.where((unpaid == len(flows)) | ~np.asarray(earned), np.inf, months)
    return np.where((unpaid == 0) & earned, 0.0, months)


@ft(group="returns", zero_base=lambda *a: a[1])
def roi_over_horizon(flow_total: MONEY_SIGNED, total_cost: MONEY) -> FRACTION_SIGNED:
    """Return on the investment over the whole horizon, as a fraction; not discounted."""
    return flow_total / total_cost


@ft(group="returns")
def annualised_roi(
    roi_over_horizon: FRACTION_SIGNED, horizon_months: HORIZON
) -> RATE_PER_YEAR_SIGNED:
    """Return over the horizon as an equal compound rate per year; none where more than all is lost."""
    kept = 1.0 + roi_over_horizon
    with np.errstate(invalid="ignore"):
        return np.where(kept < 0.0, np.nan, kept ** (MONTHS_PER_YEAR / horizon_months) - 1.0)


# --- in a cell ------------------------------------------------------------------------------------


def _repaid(flow: str) -> str:
    """The Excel text of `flow_payback`, over the arrays `month` and `net`."""
    owed = f"(paid<-{float(REPAID_WITHIN)!r}*{running('ABS(value)')})*(month+1)"
    within = "unpaid-1-INDEX(paid,unpaid)/INDEX(value,unpaid+1)"
    repaid = f'IF(unpaid=0,0,IF(unpaid>horizon_months,"{NEVER}",{within}))'
    answer = f'IF(MAX(value)<=0,"{NEVER}",{repaid})'  # where nothing comes in
    return f"LET(value,{flow},paid,{running('value')},unpaid,MAX({owed}),{answer})"


@ft(
    "FT_DISCOUNTED_PAYBACK",
    group="returns",
    example=((0.1, 2036, 2700), 0.7600871666345363),
    formula=spilled(_repaid(f"net*{formula(declared(monthly_discount_factor))}^month")),
)
def discounted_payback(
    annual_discount_rate: RATE_PER_YEAR,
    total_cost: MONEY,
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    horizon_months: HORIZON = HORIZON_MONTHS,
    build_months: MONTHS = 0.0,
    ramp_months: MONTHS = 0.0,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    retirement_month: MONTHS_OR_NO_END = NO_END,
) -> MONTHS_OR_NEVER:
    """Months until the discounted savings have repaid the cost for good; never where they have not.

    Args:
        annual_discount_rate: effective rate per year as a fraction (0.1 is 10 %), at least 0.
        total_cost: one-off investment, paid in month 0, at least 0.
        monthly_savings: amount per month after maintenance at full use, of either sign.
        horizon_months: last month that counts, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        retirement_month: last month with savings; blank means none.

    Returns:
        months from month 0, interpolated within a month, infinite (a cell shows `never`) where the
        horizon ends first; in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_DISCOUNTED_PAYBACK"]`.

    Source:
        Discounted payback over the flows of FT_CASHFLOW at (1 + rate)^(1/12) - 1 a month.

    Example:
        >>> round(float(discounted_payback(0.1, 2036.0, 2700.0)), 6)
        0.760087
    """

    def flow(month: Any, horizon: Any, factor: Any, *args: Any) -> Any:
        total, savings, *others = args
        return plain_cash_flow(month, total, savings, horizon, *others) * factor**month

    factor = monthly_discount_factor(annual_discount_rate)
    args = (factor, total_cost, monthly_savings, build_months, ramp_months)
    more = (monthly_volume_growth, retirement_month)
    return over_cases(flow, flow_payback, horizon_months, (*args, *more))
