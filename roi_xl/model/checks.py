"""Differences that must be zero: what a workbook checks about itself, cell by cell."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import MONTHS_PER_YEAR
from roi_xl.units import (
    COUNT,
    FRACTION_SIGNED,
    MONEY,
    MONEY_PER_MONTH,
    MONEY_PER_MONTH_SIGNED,
    MONEY_SIGNED,
    MONTHS,
    REQUESTS_PER_DAY,
)


@ft(group="checks")
def branches_add_up(
    total_cost: MONEY,
    data_cost: MONEY,
    compute_cost: MONEY,
    people_cost: MONEY,
    hosted_training_cost: MONEY,
    other_one_off_cost: MONEY,
    contingency: MONEY,
) -> MONEY_SIGNED:
    """Investment less its components."""
    planned = data_cost + compute_cost + people_cost + hosted_training_cost
    return total_cost - planned - other_one_off_cost - contingency


@ft(group="checks")
def benefits_add_up(
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    request_savings_per_month: MONEY_PER_MONTH_SIGNED,
    fixed_savings_per_month: MONEY_PER_MONTH_SIGNED,
    quality_per_month: MONEY_PER_MONTH_SIGNED,
    error_savings_per_month: MONEY_PER_MONTH_SIGNED,
    serving_cost_per_month: MONEY_PER_MONTH,
    maintenance_cost_per_month: MONEY_PER_MONTH,
) -> MONEY_SIGNED:
    """Net benefit of a month less its components."""
    saved = request_savings_per_month + fixed_savings_per_month
    saved = saved + quality_per_month + error_savings_per_month
    return monthly_savings - saved + serving_cost_per_month + maintenance_cost_per_month


@ft(group="checks")
def run_cost_adds_up(
    maintenance_cost_per_month: MONEY_PER_MONTH,
    retraining_cost_per_month: MONEY_PER_MONTH,
    run_labour_per_month: MONEY_PER_MONTH,
) -> MONEY_SIGNED:
    """Run cost of a month less its components."""
    return maintenance_cost_per_month - retraining_cost_per_month - run_labour_per_month


@ft(group="checks")
def roi_is_savings(
    source_annual_roi: FRACTION_SIGNED,
    monthly_savings: MONEY_PER_MONTH_SIGNED,
    total_cost: MONEY,
) -> MONEY_SIGNED:
    """What the first year returns by ROI less what it saves; 0 where nothing is invested."""
    by_roi = (source_annual_roi + 1) * total_cost
    return np.where(total_cost > 0, by_roi - monthly_savings * MONTHS_PER_YEAR, 0.0)


@ft(group="checks")
def npv_agrees(npv: MONEY_SIGNED, npv_from_cash_flow: MONEY_SIGNED) -> MONEY_SIGNED:
    """NPV by the closed form less the sum of the discounted months."""
    return npv - npv_from_cash_flow


@ft(group="checks")
def limits_ascend(
    strong_below_months: MONTHS, recommended_below_months: MONTHS, caution_below_months: MONTHS
) -> COUNT:
    """How many of the payback limits lie below the one before."""
    first = np.where(strong_below_months > recommended_below_months, 1.0, 0.0)
    return first + np.where(recommended_below_months > caution_below_months, 1.0, 0.0)


@ft(group="checks")
def volumes_ascend(
    low_daily_requests: REQUESTS_PER_DAY, high_daily_requests: REQUESTS_PER_DAY
) -> COUNT:
    """1 where the low threshold of the matrix lies above the high one."""
    return np.where(low_daily_requests > high_daily_requests, 1.0, 0.0)


@ft(group="checks")
def no_negative_cost(
    data_cost: MONEY,
    compute_cost: MONEY,
    people_cost: MONEY,
    maintenance_cost_per_month: MONEY_PER_MONTH,
) -> COUNT:
    """How many of the costs are negative."""
    return (
        np.where(data_cost < 0, 1.0, 0.0)
        + np.where(compute_cost < 0, 1.0, 0.0)
        + np.where(people_cost < 0, 1.0, 0.0)
        + np.where(maintenance_cost_per_month < 0, 1.0, 0.0)
    )
