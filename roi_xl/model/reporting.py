"""Amounts in the currency the reader reports in."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.units import (
    CURRENCY,
    RATE_STATE,
    REPORTING,
    REPORTING_PER_MONTH,
    REPORTING_PER_USD,
    USD_PER_MONTH_SIGNED,
    USD_SIGNED,
)


@ft(group="returns")
def reporting_rate(
    reporting_currency: CURRENCY = 0.0, usd_to_reporting_rate: REPORTING_PER_USD = 1.0
) -> REPORTING_PER_USD:
    """Rate used: units of the reporting currency for one USD; 1 where that currency is USD."""
    return np.where(reporting_currency > 0.0, usd_to_reporting_rate, 1.0)


@ft(group="returns")
def in_reporting_currency(
    amount_usd: USD_SIGNED, reporting_rate: REPORTING_PER_USD = 1.0
) -> REPORTING:
    """An amount in the reporting currency."""
    return amount_usd * reporting_rate


@ft(group="returns")
def monthly_in_reporting_currency(
    amount_usd_per_month: USD_PER_MONTH_SIGNED, reporting_rate: REPORTING_PER_USD = 1.0
) -> REPORTING_PER_MONTH:
    """An amount per month in the reporting currency."""
    return amount_usd_per_month * reporting_rate


@ft(group="returns")
def rate_state(
    reporting_currency: CURRENCY = 0.0, usd_to_reporting_rate: REPORTING_PER_USD = 1.0
) -> RATE_STATE:
    """Whether the rate fits the currency: 0 it does, 1 it is missing, 2 it is given but not used."""
    missing = np.where(usd_to_reporting_rate == 1.0, 1.0, 0.0)
    unused = 1.0 - missing
    # 2 as a sum, so that the formula holds no other number than 1
    return np.where(reporting_currency > 0.0, missing, unused + unused)
