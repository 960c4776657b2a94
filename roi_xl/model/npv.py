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
    MONEY_PER_REQUEST,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NO_END,
    RATE_PER_YEAR,
    REQUESTS_PER_DAY,
    REQUESTS_PER_MONTH,
)


@ft(group="returns")
def monthly_discount_factor(annual_discount_rate: RATE_PER_YEAR = ANNUAL_DISCOUNT_RATE) -> FACTOR:
    """Value today of one USD in a month: 1 / (1 + annual rate)^(1/12)."""
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
def pv_request_savings(
    requests_in_first_month: REQUESTS_PER_MONTH,
    current_cost_in_first_month: MONEY_PER_REQUEST,
    current_cost_annuity: MONTHS,
    finetuned_cost_per_request: MONEY_PER_REQUEST,
    finetuned_cost_annuity: MONTHS,
    first_live_discount_factor: FACTOR,
    success_probability: FRACTION = 1.0,
) -> MONEY_SIGNED:
    """Present value of the expected savings on requests, before upkeep."""
    today = current_cost_in_first_month * current_cost_annuity
    saved = today - finetuned_cost_per_request * finetuned_cost_annuity
    return success_probability * first_live_discount_factor * requests_in_first_month * saved


@ft(group="returns")
def pv_quality_value(
    quality_value_per_month: MONEY_PER_MONTH_SIGNED,
    quality_annuity: MONTHS,
    first_live_discount_factor: FACTOR,
    success_probability: FRACTION = 1.0,
) -> MONEY_SIGNED:
    """Present value of the expected value of better answers."""
    value = quality_value_per_month * quality_annuity
    return success_probability * first_live_discount_factor * value


@ft(group="returns")
def pv_upkeep(
    maintenance_cost_per_month: MONEY_PER_MONTH,
    upkeep_annuity: MONTHS,
    first_live_discount_factor: FACTOR,
) -> MONEY:
    """Present value of the upkeep."""
    return first_live_discount_factor * maintenance_cost_per_month * upkeep_annuity


@ft(group="returns")
def net_present_value(
    pv_request_savings: MONEY_SIGNED,
    pv_quality_value: MONEY_SIGNED,
    pv_upkeep: MONEY,
    total_cost: MONEY,
) -> MONEY_SIGNED:
    """Net present value: what the benefits are worth today, less upkeep and investment."""
    return pv_request_savings + pv_quality_value - pv_upkeep - total_cost


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
    """Net present value in USD of investment and savings; month 0 is not discounted.

    Args:
        annual_discount_rate: effective rate per year as a fraction (0.1 is 10 %), at least 0; a
            month is discounted at (1 + rate)^(1/12) - 1.
        total_cost: one-off investment in USD, paid in month 0, at least 0.
        monthly_savings: MONEY per month after maintenance at full use, of either sign.
        horizon_months: last month that counts, 1 to 600.
        build_months: months before the tuned model goes live, at least 0.
        ramp_months: live months until use is full, rising in equal steps, at least 0.
        monthly_volume_growth: growth a month as a fraction, from the second live month, -1 to 1.
        retirement_month: last month with savings; blank means none.

    Returns:
        USD, in the broadcast shape of the arguments.

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
