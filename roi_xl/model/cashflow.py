"""What comes in and goes out in each month, in closed form, so that every month stands alone."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from roi_xl.functions.declare import declared, ft
from roi_xl.functions.formula import Symbol, formula
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
    MONEY_PER_REQUEST_SIGNED,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NO_END,
    PERCENT_PER_YEAR,
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
    if isinstance(horizon, float) and math.isfinite(horizon):
        return max(math.floor(horizon), 1) + 1.0
    known = np.where(np.isfinite(horizon), horizon, 1.0)
    return float(np.floor(np.max(known, initial=1.0))) + 1.0


def grown(growth: Num, age: Num) -> Num:
    """The factor by which volume has grown at an age in months; 1 in the first month."""
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(age > 1.0, (1.0 + growth) ** (age - 1.0), 1.0)


def is_nothing(amount: Any) -> bool:
    """Whether an amount is zero in every case at once, so that its months need not be computed."""
    return not isinstance(amount, Symbol) and np.ndim(amount) == 0 and bool(amount == 0.0)


def total(*amounts: Any) -> Any:
    """The sum of amounts; those that are nothing cost no pass over the months."""
    some = [amount for amount in amounts if not is_nothing(amount)]
    return sum(some[1:], start=some[0]) if some else 0.0


def month_by_month(flows: Any) -> Iterator[Any]:
    """The flows of all cases, a month at a time; months are the last axis."""
    return iter(np.moveaxis(np.asarray(flows), -1, 0))


# --- what a month brings -------------------------------------------------------------------------


@ft(group="returns")
def monthly_decline_factor(decline_per_year: DECLINE_PER_YEAR = 0.0) -> FACTOR:
    """Factor by which a price falls each month: (1 - decline per year)^(1/12)."""
    with np.errstate(divide="ignore"):
        falling = np.exp(np.log(1.0 - decline_per_year) / MONTHS_PER_YEAR)
    return np.where(decline_per_year < 1.0, falling, 0.0)


@ft(group="returns")
def monthly_growth_factor(growth_per_year: PERCENT_PER_YEAR = 0.0) -> FACTOR:
    """Factor by which wages rise each month: (1 + growth per year)^(1/12)."""
    return np.exp(np.log(1.0 + growth_per_year) / MONTHS_PER_YEAR)


@ft(group="returns")
def requests_in_month(
    live_age_months: MONTHS,
    use_share: FRACTION,
    daily_requests: REQUESTS_PER_DAY,
    days_per_month: DAYS_PER_MONTH,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
) -> REQUESTS_PER_MONTH:
    """Requests that the fine-tuned model serves in a month."""
    growth = grown(monthly_volume_growth, live_age_months)
    return daily_requests * days_per_month * growth * use_share


@ft(group="returns")
def model_cost_in_month(
    month: MONTHS,
    requests_in_month: REQUESTS_PER_MONTH,
    cost_per_request: MONEY_PER_REQUEST,
    monthly_price_factor: FACTOR,
) -> MONEY_PER_MONTH:
    """What a month's requests cost at a model whose price moves by a factor each month."""
    moved = requests_in_month * cost_per_request * monthly_price_factor**month
    return np.where(month > 0.0, moved, 0.0)


@ft(group="returns")
def avoided_fixed_cost(
    use_share: FRACTION, current_fixed_cost_per_month: MONEY_PER_MONTH = 0.0
) -> MONEY_PER_MONTH:
    """Today's fixed cost that falls away in a month, as use moves to the fine-tuned model."""
    if is_nothing(current_fixed_cost_per_month):
        return 0.0
    return use_share * current_fixed_cost_per_month


@ft(group="returns")
def cost_while_live(
    live_age_months: MONTHS, cost_per_month: MONEY_PER_MONTH = 0.0
) -> MONEY_PER_MONTH:
    """A monthly cost, in full from go-live."""
    if is_nothing(cost_per_month):
        return 0.0
    return np.where(live_age_months > 0.0, cost_per_month, 0.0)


@ft(group="returns")
def run_cost_in_month(
    month: MONTHS,
    live_age_months: MONTHS,
    retraining_cost_per_month: MONEY_PER_MONTH,
    run_labour_per_month: MONEY_PER_MONTH,
    monthly_wage_factor: FACTOR,
) -> MONEY_PER_MONTH:
    """Run cost of a month, in full from go-live; its labour at that month's wages."""
    if is_nothing(retraining_cost_per_month) and is_nothing(run_labour_per_month):
        return 0.0
    run_cost = retraining_cost_per_month + run_labour_per_month * monthly_wage_factor**month
    return np.where(live_age_months > 0.0, run_cost, 0.0)


@ft(group="returns")
def quality_value_in_month(
    month: MONTHS,
    use_share: FRACTION,
    quality_value_per_month: MONEY_PER_MONTH_SIGNED,
    saved_labour_per_month: MONEY_PER_MONTH,
    monthly_wage_factor: FACTOR,
) -> MONEY_PER_MONTH_SIGNED:
    """Value of better answers and of the hours they save in a month."""
    if is_nothing(quality_value_per_month) and is_nothing(saved_labour_per_month):
        return 0.0
    labour = saved_labour_per_month * monthly_wage_factor**month
    return use_share * (quality_value_per_month + labour)


@ft(group="returns")
def error_savings_in_month(
    requests_in_month: REQUESTS_PER_MONTH, error_savings_per_request: MONEY_PER_REQUEST_SIGNED
) -> MONEY_PER_MONTH_SIGNED:
    """What a month's requests save by causing fewer errors."""
    if is_nothing(error_savings_per_request):
        return 0.0
    return requests_in_month * error_savings_per_request


@ft(group="returns")
def net_if_success(
    month: MONTHS,
    current_model_cost: MONEY_PER_MONTH,
    avoided_fixed_cost: MONEY_PER_MONTH,
    finetuned_model_cost: MONEY_PER_MONTH,
    finetuned_fixed_cost: MONEY_PER_MONTH,
    serving_cost: MONEY_PER_MONTH,
    run_cost: MONEY_PER_MONTH,
    quality_value: MONEY_PER_MONTH_SIGNED,
    error_savings: MONEY_PER_MONTH_SIGNED,
    total_cost: MONEY,
) -> MONEY_SIGNED:
    """Net cash flow of a month if the project succeeds; month 0 is the investment."""
    saved = total(current_model_cost, avoided_fixed_cost, quality_value, error_savings)
    paid = total(finetuned_model_cost, finetuned_fixed_cost, serving_cost, run_cost)
    return np.where(month > 0.0, saved - paid, -total_cost)


@ft(group="returns")
def net_if_failure(
    month: MONTHS,
    live_age_months: MONTHS,
    run_cost: MONEY_PER_MONTH,
    finetuned_fixed_cost: MONEY_PER_MONTH,
    least_serving_cost_per_month: MONEY_PER_MONTH,
    failure_stop_months: MONTHS,
    total_cost: MONEY,
) -> MONEY_SIGNED:
    """Net cash flow of a month if the project fails: run costs until it is stopped, no benefits."""
    paid = total(run_cost, finetuned_fixed_cost, least_serving_cost_per_month)
    if is_nothing(paid):
        return np.where(month > 0.0, 0.0, -total_cost)
    running = np.where(live_age_months > failure_stop_months, 0.0, paid)
    live = np.where(live_age_months > 0.0, running, 0.0)
    return np.where(month > 0.0, -live, -total_cost)


@ft(group="returns")
def expected_net(
    net_if_success: MONEY_SIGNED, net_if_failure: MONEY_SIGNED, success_probability: FRACTION = 1.0
) -> MONEY_SIGNED:
    """Expected net cash flow of a month: both outcomes by their probability."""
    chance_of_failure = 1.0 - success_probability
    if is_nothing(chance_of_failure):
        return net_if_success
    return success_probability * net_if_success + chance_of_failure * net_if_failure


@ft(group="returns")
def discount_factor(month: MONTHS, monthly_discount_factor: FACTOR) -> FACTOR:
    """Value today of one unit of money at the end of a month."""
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
    """Cash flow table: month, net cash flow and cumulative cash flow, from month 0 on.

    Args:
        total_cost: one-off investment, paid in month 0, at least 0.
        monthly_savings: amount per month after maintenance at full use, of either sign.
        horizon_months: last month of the table, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        retirement_month: last month with savings; blank means none.

    Returns:
        one row per month: month, net amount, cumulative amount.

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
