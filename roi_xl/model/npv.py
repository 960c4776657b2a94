"""Net present value: annuity factors over the live months, and what they make of each flow."""

from typing import Any

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.functions.formula import power_sum
from roi_xl.model.cashflow import (
    first_live_age,
    first_live_month,
    full_use_age,
    grown,
    last_month,
    live_months,
)
from roi_xl.model.defaults import ANNUAL_DISCOUNT_RATE, HORIZON_MONTHS, MONTHS_PER_YEAR, NO_END
from roi_xl.units import (
    DAYS_PER_MONTH,
    FACTOR,
    FRACTION,
    GROWTH_PER_MONTH,
    HORIZON,
    MONEY,
    MONEY_PER_MONTH,
    MONEY_PER_MONTH_SIGNED,
    MONEY_PER_REQUEST_SIGNED,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NO_END,
    RATE_PER_YEAR,
    REQUESTS_PER_DAY,
    REQUESTS_PER_MONTH,
)


@ft(group="returns")
def monthly_discount_factor(annual_discount_rate: RATE_PER_YEAR = ANNUAL_DISCOUNT_RATE) -> FACTOR:
    """Value today of one unit of money in a month: 1 / (1 + annual rate)^(1/12)."""
    return np.exp(-np.log(1.0 + annual_discount_rate) / MONTHS_PER_YEAR)


@ft(group="returns")
def annuity(live_months: MONTHS, monthly_discount_factor: FACTOR) -> MONTHS:
    """Live months at their value in the first of them."""
    return power_sum(lambda _: 1.0, monthly_discount_factor, live_months)


@ft(group="returns")
def ramped_annuity(
    live_months: MONTHS,
    monthly_discount_factor: FACTOR,
    first_live_age_months: MONTHS,
    full_use_age_months: MONTHS,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    monthly_price_factor: FACTOR = 1.0,
) -> MONTHS:
    """Live months at their value in the first, weighed by ramp, volume growth and price decline."""

    def share(i: Any) -> Any:
        age: Any = i + first_live_age_months
        return 1.0 - (age < full_use_age_months) * (1.0 - age / full_use_age_months)

    factor = monthly_discount_factor * monthly_price_factor * (1.0 + monthly_volume_growth)
    return power_sum(share, factor, live_months)


@ft(group="returns")
def requests_in_first_month(
    daily_requests: REQUESTS_PER_DAY,
    days_per_month: DAYS_PER_MONTH,
    first_live_age_months: MONTHS,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
) -> REQUESTS_PER_MONTH:
    """Requests in the first live month, at full use."""
    return daily_requests * days_per_month * grown(monthly_volume_growth, first_live_age_months)


@ft(group="returns")
def factor_in_first_month(monthly_factor: FACTOR, first_live_month: MONTHS) -> FACTOR:
    """What a price or wage has moved by in the first live month."""
    return monthly_factor**first_live_month


@ft(group="returns")
def failure_live_months(
    live_months: MONTHS, first_live_age_months: MONTHS, failure_stop_months: MONTHS
) -> MONTHS:
    """Live months that are paid for if the project fails."""
    until_stop = np.maximum(np.floor(failure_stop_months - first_live_age_months) + 1.0, 0.0)
    return np.minimum(until_stop, live_months)


@ft(group="returns")
def pv_requests(
    requests_in_first_month: REQUESTS_PER_MONTH,
    cost_per_request: MONEY_PER_REQUEST_SIGNED,
    price_factor_in_first_month: FACTOR,
    annuity: MONTHS,
    first_live_discount_factor: FACTOR,
) -> MONEY_SIGNED:
    """Present value of an amount per request, over all live months."""
    first = requests_in_first_month * cost_per_request * price_factor_in_first_month
    return first_live_discount_factor * first * annuity


@ft(group="returns")
def pv_per_request(
    requests_in_first_month: REQUESTS_PER_MONTH,
    amount_per_request: MONEY_PER_REQUEST_SIGNED,
    annuity: MONTHS,
    first_live_discount_factor: FACTOR,
) -> MONEY_SIGNED:
    """Present value of an amount per request that no trend moves."""
    return first_live_discount_factor * requests_in_first_month * amount_per_request * annuity


@ft(group="returns")
def monthly_sum(
    amount_per_month: MONEY_PER_MONTH_SIGNED, other_per_month: MONEY_PER_MONTH_SIGNED
) -> MONEY_PER_MONTH_SIGNED:
    """Two monthly amounts together."""
    return amount_per_month + other_per_month


@ft(group="returns")
def wage_discount(monthly_discount_factor: FACTOR, monthly_wage_factor: FACTOR) -> FACTOR:
    """Value today of a month's labour next month: discounted, at that month's wages."""
    return monthly_discount_factor * monthly_wage_factor


@ft(group="returns")
def pv_by_use(
    amount_per_month: MONEY_PER_MONTH_SIGNED,
    labour_per_month: MONEY_PER_MONTH,
    wage_factor_in_first_month: FACTOR,
    annuity: MONTHS,
    wage_annuity: MONTHS,
    first_live_discount_factor: FACTOR,
) -> MONEY_SIGNED:
    """Present value of monthly amounts and of labour at rising wages, weighed as the annuities are."""
    labour = labour_per_month * wage_factor_in_first_month * wage_annuity
    return first_live_discount_factor * (amount_per_month * annuity + labour)


@ft(group="returns")
def npv_if_success(
    pv_current_model: MONEY_SIGNED,
    pv_avoided_and_quality: MONEY_SIGNED,
    pv_fewer_errors: MONEY_SIGNED,
    pv_finetuned_model: MONEY_SIGNED,
    pv_serving: MONEY,
    pv_run_cost: MONEY_SIGNED,
    total_cost: MONEY,
) -> MONEY_SIGNED:
    """Net present value if the project succeeds."""
    saved = pv_current_model + pv_avoided_and_quality + pv_fewer_errors
    return saved - pv_finetuned_model - pv_serving - pv_run_cost - total_cost


@ft(group="returns")
def npv_if_failure(pv_failure_cost: MONEY_SIGNED, total_cost: MONEY) -> MONEY_SIGNED:
    """Net present value if the project fails: the investment, and run cost until it is stopped."""
    return -pv_failure_cost - total_cost


@ft(group="returns")
def expected_npv(
    npv_if_success: MONEY_SIGNED, npv_if_failure: MONEY_SIGNED, success_probability: FRACTION = 1.0
) -> MONEY_SIGNED:
    """Expected net present value: both outcomes by their probability."""
    failure = (1.0 - success_probability) * npv_if_failure
    return success_probability * npv_if_success + failure


@ft("FT_NPV", group="returns", example=((0.1, 2036, 2700), 82167.43779399041))
def npv(
    annual_discount_rate: RATE_PER_YEAR,
    total_cost: MONEY,
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    horizon_months: HORIZON = HORIZON_MONTHS,
    build_months: MONTHS = 0.0,
    ramp_months: MONTHS = 0.0,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
    retirement_month: MONTHS_OR_NO_END = NO_END,
) -> MONEY_SIGNED:
    """Net present value of investment and savings; month 0 is not discounted.

    Args:
        annual_discount_rate: effective rate per year as a fraction (0.1 is 10 %), at least 0; a
            month is discounted at (1 + rate)^(1/12) - 1.
        total_cost: one-off investment, paid in month 0, at least 0.
        monthly_savings: amount per month after maintenance at full use, of either sign.
        horizon_months: last month that counts, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        retirement_month: last month with savings; blank means none.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_NPV"]`.

    Source:
        flow0 + NPV(monthly rate, flow1, …) in Excel's terms, over the flows of FT_CASHFLOW.

    Example:
        >>> round(float(npv(0.1, 2036.0, 2700.0, 12.0)), 6)
        28745.317139
    """
    factor = monthly_discount_factor(annual_discount_rate)
    first = first_live_month(build_months)
    age = first_live_age(first, build_months)
    live = live_months(build_months, last_month(horizon_months, retirement_month))
    ramp = full_use_age(ramp_months)
    months = ramped_annuity(live, factor, age, ramp, monthly_volume_growth)
    grown_savings = monthly_savings * grown(monthly_volume_growth, age)
    return grown_savings * months * factor**first - total_cost
