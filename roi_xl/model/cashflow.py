"""What comes in and goes out in each month, in closed form, so that every month stands alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from roi_xl.functions.declare import declared, ft
from roi_xl.functions.formula import formula
from roi_xl.model.defaults import HORIZON_MONTHS, MONTHS_PER_YEAR, NO_END
from roi_xl.units import (
    DAYS_PER_MONTH,
    DECLINE_PER_YEAR,
    FACTOR,
    FRACTION,
    GROWTH_PER_MONTH,
    HORIZON,
    MONEY,
    MONEY_PER_MONTH,
    MONEY_PER_MONTH_SIGNED,
    MONEY_PER_REQUEST,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NO_END,
    REQUESTS_PER_DAY,
    REQUESTS_PER_MONTH,
    TABLE,
    Num,
)

# --- when the tuned model is live ----------------------------------------------------------------


@ft(group="returns")
def last_month(horizon_months: HORIZON, retirement_month: MONTHS_OR_NO_END = NO_END) -> MONTHS:
    """Last month that counts: the end of the horizon or of the tuned model's life."""
    return np.minimum(retirement_month, horizon_months)


@ft(group="returns")
def live_months(build_months: MONTHS, last_month: MONTHS) -> MONTHS:
    """Whole months in which the tuned model is in use."""
    months: Num = np.maximum(np.floor(last_month) + np.floor(-build_months), 0.0)
    return months


@ft(group="returns")
def first_live_month(build_months: MONTHS) -> MONTHS:
    """First month at whose end the tuned model has been in use for a month or more."""
    after: Num = 1.0 - np.floor(-build_months)
    return after


@ft(group="returns")
def first_live_age(first_live_month: MONTHS, build_months: MONTHS) -> MONTHS:
    """Months since go-live at the end of the first live month; 1 where the build takes whole months."""
    return first_live_month - build_months


@ft(group="returns")
def full_use_age(ramp_months: MONTHS) -> MONTHS:
    """Months since go-live at which use is full; 1 where there is no ramp."""
    return np.maximum(ramp_months, 1.0)


@ft(group="returns")
def live_age(month: MONTHS, build_months: MONTHS, last_month: MONTHS) -> MONTHS:
    """Months since go-live at the end of a month; 0 where the tuned model is not in use."""
    age = month - build_months
    return np.where(age < 1.0, 0.0, np.where(month > last_month, 0.0, age))


@ft(group="returns")
def use_share(live_age_months: MONTHS, full_use_age_months: MONTHS) -> FRACTION:
    """Share of the requests that the tuned model serves in a month, by the ramp."""
    share = live_age_months / full_use_age_months
    return np.where(live_age_months < full_use_age_months, share, 1.0)


def months_of(horizon: Any) -> float:
    """How many months, month 0 included, the longest horizon takes."""
    known = np.where(np.isfinite(horizon), horizon, 1.0)
    return float(np.floor(np.max(known, initial=1.0))) + 1.0


def grown(growth: Num, age: Num) -> Num:
    """The factor by which volume has grown at an age in months; 1 in the first month."""
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(age > 1.0, (1.0 + growth) ** (age - 1.0), 1.0)


def month_by_month(flows: Any) -> Iterator[Any]:
    """The flows of all cases, a month at a time; months are the last axis."""
    return iter(np.moveaxis(np.asarray(flows), -1, 0))


# --- what a month brings -------------------------------------------------------------------------


@ft(group="returns")
def monthly_price_factor(current_price_decline_per_year: DECLINE_PER_YEAR = 0.0) -> FACTOR:
    """Factor by which today's model gets cheaper each month."""
    decline = current_price_decline_per_year
    with np.errstate(divide="ignore"):
        return np.where(decline < 1.0, np.exp(np.log(1.0 - decline) / MONTHS_PER_YEAR), 0.0)


@ft(group="returns")
def requests_in_month(
    live_age_months: MONTHS,
    use_share: FRACTION,
    daily_requests: REQUESTS_PER_DAY,
    days_per_month: DAYS_PER_MONTH,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
) -> REQUESTS_PER_MONTH:
    """Requests that the tuned model serves in a month."""
    growth = grown(monthly_volume_growth, live_age_months)
    return daily_requests * days_per_month * growth * use_share


@ft(group="returns")
def current_cost_in_month(
    month: MONTHS, current_cost_per_request: MONEY_PER_REQUEST, monthly_price_factor: FACTOR
) -> MONEY_PER_REQUEST:
    """Cost per request of the model used today, in a month."""
    falling = current_cost_per_request * monthly_price_factor**month
    return np.where(month > 0.0, falling, current_cost_per_request)


@ft(group="returns")
def request_savings_in_month(
    requests_in_month: REQUESTS_PER_MONTH,
    current_cost_in_month: MONEY_PER_REQUEST,
    finetuned_cost_per_request: MONEY_PER_REQUEST,
    success_probability: FRACTION = 1.0,
) -> MONEY_PER_MONTH_SIGNED:
    """Expected savings on requests in a month, before upkeep."""
    saved = current_cost_in_month - finetuned_cost_per_request
    return requests_in_month * saved * success_probability


@ft(group="returns")
def quality_value_in_month(
    use_share: FRACTION,
    quality_value_per_month: MONEY_PER_MONTH_SIGNED = 0.0,
    success_probability: FRACTION = 1.0,
) -> MONEY_PER_MONTH_SIGNED:
    """Expected value of better answers in a month."""
    return quality_value_per_month * use_share * success_probability


@ft(group="returns")
def upkeep_in_month(
    live_age_months: MONTHS, maintenance_cost_per_month: MONEY_PER_MONTH
) -> MONEY_PER_MONTH:
    """Upkeep in a month: full from go-live, whether or not the benefits come about."""
    return np.where(live_age_months > 0.0, maintenance_cost_per_month, 0.0)


@ft(group="returns")
def net_cash_flow(
    month: MONTHS,
    request_savings: MONEY_PER_MONTH_SIGNED,
    quality_value: MONEY_PER_MONTH_SIGNED,
    upkeep: MONEY_PER_MONTH,
    total_cost: MONEY,
) -> MONEY_SIGNED:
    """Net cash flow of a month; month 0 is the investment."""
    return np.where(month > 0.0, request_savings + quality_value - upkeep, -total_cost)


@ft(group="returns")
def discount_factor(month: MONTHS, monthly_discount_factor: FACTOR) -> FACTOR:
    """Value today of one USD at the end of a month."""
    return monthly_discount_factor**month


@ft(group="returns")
def discounted(net_cash_flow: MONEY_SIGNED, discount_factor: FACTOR) -> MONEY_SIGNED:
    """Net cash flow of a month at its value today."""
    return net_cash_flow * discount_factor


# --- the plain cash flow of the FT_ functions ----------------------------------------------------


@ft(group="returns")
def plain_cash_flow(
    month: MONTHS,
    total_cost: MONEY,
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    horizon_months: HORIZON = HORIZON_MONTHS,
    build_months: MONTHS = 0.0,
    ramp_months: MONTHS = 0.0,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    retirement_month: MONTHS_OR_NO_END = NO_END,
) -> MONEY_SIGNED:
    """Net cash flow of a month, from one cost and one monthly saving."""
    age = live_age(month, build_months, last_month(horizon_months, retirement_month))
    share = use_share(age, full_use_age(ramp_months))
    saved = monthly_savings * grown(monthly_volume_growth, age) * share
    return np.where(month > 0.0, saved, -total_cost)


def spilled(answer: str) -> str:
    """An Excel formula over the arrays `month` and `net`, the cash flow from month 0 to the horizon."""
    net = formula(declared(plain_cash_flow))
    return f"=LET(month,SEQUENCE(1+INT(horizon_months),,0),net,{net},{answer})"


def running(flow: str) -> str:
    """The Excel text of a running total."""
    return f"SCAN(0,{flow},LAMBDA(total,flow,total+flow))"


@ft(
    "FT_CASHFLOW",
    formula=spilled(f"HSTACK(month,net,{running('net')})"),
    group="returns",
    mode="whole",
    example=(
        (2036, 2700, 2),
        [[0.0, -2036.0, -2036.0], [1.0, 2700.0, 664.0], [2.0, 2700.0, 3364.0]],
    ),
)
def cashflow(
    total_cost: MONEY,
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    horizon_months: HORIZON = HORIZON_MONTHS,
    build_months: MONTHS = 0.0,
    ramp_months: MONTHS = 0.0,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    retirement_month: MONTHS_OR_NO_END = NO_END,
) -> TABLE:
    """Cash flow table: month, net cash flow and cumulative cash flow in USD, from month 0 on.

    Args:
        total_cost: one-off investment in USD, paid in month 0, at least 0.
        monthly_savings: MONEY per month after maintenance at full use, of either sign.
        horizon_months: last month of the table, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        retirement_month: last month with savings; blank means none.

    Returns:
        a row a month: month, net USD, cumulative USD.

    Raises:
        InputError, DomainError: an argument is blank, no number or outside its bounds.

    Source:
        The source document's monthly savings, put on a time axis with flows at month ends.

    Example:
        >>> cashflow(2036.0, 2700.0, 2.0)
        [[0.0, -2036.0, -2036.0], [1.0, 2700.0, 664.0], [2.0, 2700.0, 3364.0]]
    """
    month = np.arange(months_of(horizon_months))
    net = plain_cash_flow(
        month,
        total_cost,
        monthly_savings,
        horizon_months,
        build_months,
        ramp_months,
        monthly_volume_growth,
        retirement_month,
    )
    rows: list[list[object]] = np.column_stack((month, net, np.cumsum(net))).tolist()
    return rows
