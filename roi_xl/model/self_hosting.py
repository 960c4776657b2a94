"""GPUs of one's own that serve the model: a fixed cost that steps with volume."""

from typing import Any

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.functions.formula import Symbol, power_sum
from roi_xl.model.cashflow import grown, is_nothing
from roi_xl.model.defaults import HOURS_A_DAY, WHOLE_WITHIN
from roi_xl.units import (
    DAYS_PER_MONTH,
    FACTOR,
    FRACTION,
    GPUS,
    GPUS_POSITIVE,
    GROWTH_PER_MONTH,
    HOURS_PER_DAY,
    MONEY,
    MONEY_PER_GPU_HOUR,
    MONEY_PER_MONTH,
    MONTHS,
    RATIO,
    REQUESTS_PER_DAY,
    REQUESTS_PER_GPU_HOUR,
    SERVED,
    Num,
)


def _rounded_up(value: Any) -> Any:
    """The next whole number; what exceeds one by a rounding error alone is that one."""
    return -np.floor(WHOLE_WITHIN - value)


@ft(group="serving")
def least_replicas(
    served_by: SERVED, serving_min_gpus: GPUS = 1.0, serving_gpus_per_replica: GPUS_POSITIVE = 1.0
) -> GPUS:
    """Replicas that are paid at any volume; 0 where a provider serves."""
    least = _rounded_up(serving_min_gpus / serving_gpus_per_replica)
    return np.where(served_by > 0.0, least, 0.0)


@ft(group="serving")
def replicas_at_full_use(
    served_by: SERVED,
    daily_requests: REQUESTS_PER_DAY,
    peak_to_average: RATIO,
    serving_capacity: REQUESTS_PER_GPU_HOUR,
    serving_gpus_per_replica: GPUS_POSITIVE = 1.0,
) -> GPUS:
    """Replicas that the busiest hour of the volume at go-live fills, not rounded."""
    if is_nothing(served_by):
        return 0.0
    per_hour = daily_requests * peak_to_average / HOURS_A_DAY
    filled = per_hour / (serving_capacity * serving_gpus_per_replica)
    return np.where(served_by > 0.0, filled, 0.0)


@ft(group="serving")
def cost_per_replica(
    served_by: SERVED,
    serving_gpu_price: MONEY_PER_GPU_HOUR,
    serving_gpus_per_replica: GPUS_POSITIVE,
    serving_hours_per_day: HOURS_PER_DAY,
    days_per_month: DAYS_PER_MONTH,
) -> MONEY_PER_MONTH:
    """Cost of one replica for a month, idle hours included; 0 where a provider serves."""
    hours = serving_hours_per_day * days_per_month
    cost = serving_gpu_price * serving_gpus_per_replica * hours
    return np.where(served_by > 0.0, cost, 0.0)


@ft(group="serving")
def least_serving_cost(least_replicas: GPUS, cost_per_replica: MONEY_PER_MONTH) -> MONEY_PER_MONTH:
    """Cost per month of the GPUs that are paid at any volume."""
    return least_replicas * cost_per_replica


@ft(group="serving")
def serving_cost_at_full_use(
    replicas_at_full_use: GPUS, least_replicas: GPUS, cost_per_replica: MONEY_PER_MONTH
) -> MONEY_PER_MONTH:
    """Cost per month of the GPUs that serve the volume at go-live, in full use."""
    needed = _rounded_up(replicas_at_full_use)
    return np.where(needed > least_replicas, needed, least_replicas) * cost_per_replica


@ft(group="serving")
def replicas_in_month(
    live_age_months: MONTHS,
    use_share: FRACTION,
    replicas_at_full_use: GPUS,
    least_replicas: GPUS,
    monthly_volume_growth: GROWTH_PER_MONTH = 0.0,
) -> GPUS:
    """Whole replicas that a month pays for."""
    if is_nothing(least_replicas) and is_nothing(replicas_at_full_use):
        return 0.0
    filled = replicas_at_full_use * grown(monthly_volume_growth, live_age_months) * use_share
    needed = _rounded_up(filled)
    paid = np.where(needed > least_replicas, needed, least_replicas)
    return np.where(live_age_months > 0.0, paid, 0.0)


@ft(group="serving")
def gpus_in_month(replicas_in_month: GPUS, serving_gpus_per_replica: GPUS_POSITIVE = 1.0) -> GPUS:
    """GPUs that a month pays for."""
    return replicas_in_month * serving_gpus_per_replica


@ft(group="serving")
def serving_cost_in_month(
    replicas_in_month: GPUS, cost_per_replica: MONEY_PER_MONTH
) -> MONEY_PER_MONTH:
    """What the GPUs of a month cost."""
    return replicas_in_month * cost_per_replica


@ft(group="serving")
def pv_serving(
    live_months: MONTHS,
    monthly_discount_factor: FACTOR,
    first_live_age_months: MONTHS,
    full_use_age_months: MONTHS,
    monthly_volume_growth: GROWTH_PER_MONTH,
    replicas_at_full_use: GPUS,
    least_replicas: GPUS,
    cost_per_replica: MONEY_PER_MONTH,
    first_live_discount_factor: FACTOR,
) -> MONEY:
    """Present value of the GPUs of all live months, which no closed form gives: month by month."""
    arguments = (replicas_at_full_use, least_replicas, cost_per_replica)
    symbolic = any(isinstance(a, Symbol) for a in arguments)
    if not symbolic and not np.any(cost_per_replica):
        nothing: Num = np.multiply(cost_per_replica, 0.0)
        return nothing

    def replicas(i: Any) -> Any:
        age: Any = i + first_live_age_months
        share = 1.0 - (age < full_use_age_months) * (1.0 - age / full_use_age_months)
        growth = (1.0 + monthly_volume_growth) ** ((age > 1.0) * (age - 1.0))
        needed = _rounded_up(replicas_at_full_use * growth * share)
        more = needed > least_replicas
        return more * needed + (1.0 - more) * least_replicas

    months = power_sum(replicas, monthly_discount_factor, live_months)
    return first_live_discount_factor * months * cost_per_replica
