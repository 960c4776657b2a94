"""The source document's two verdicts: by payback, and by volume and quality."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import (
    CAUTION_BELOW_MONTHS,
    HIGH_DAILY_REQUESTS,
    LOW_DAILY_REQUESTS,
    NOWHERE,
    RECOMMENDED_BELOW_MONTHS,
    STRONG_BELOW_MONTHS,
)
from roi_xl.units import (
    BENEFIT,
    CONFLICT,
    FRACTION,
    HORIZON,
    LEAD,
    MONEY_PER_MONTH,
    MONEY_PER_MONTH_SIGNED,
    MONEY_SIGNED,
    MONTHS,
    MONTHS_OR_NEVER,
    QUALITY_NEED,
    RECOMMENDATION,
    REQUESTS_PER_DAY,
    STRATEGY,
)


@ft(
    "FT_RECOMMEND",
    group="decision",
    example=((0.754, "zh"), "强烈推荐"),
    inner=("strong_below_months", "recommended_below_months", "caution_below_months"),
)
def recommend(
    payback_months: MONTHS_OR_NEVER,
    strong_below_months: MONTHS = STRONG_BELOW_MONTHS,
    recommended_below_months: MONTHS = RECOMMENDED_BELOW_MONTHS,
    caution_below_months: MONTHS = CAUTION_BELOW_MONTHS,
) -> RECOMMENDATION:
    """Recommendation by payback: under 2, 6 and 12 months, or more.

    Args:
        payback_months: months, at least 0, or never; not rounded.
        strong_below_months: strongly recommended strictly below this.
        recommended_below_months: recommended strictly below this.
        caution_below_months: to be evaluated carefully strictly below this, else not recommended.

    Returns:
        0 strongly recommended, 1 recommended, 2 evaluate carefully, 3 not recommended; a cell
        shows the words. In the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_RECOMMEND"]`.

    Source:
        The source document, `recommendation`.

    Example:
        >>> recommend(0.754).item()
        0.0
    """
    return (
        np.where(payback_months < strong_below_months, 0.0, 1.0)
        + np.where(payback_months < recommended_below_months, 0.0, 1.0)
        + np.where(payback_months < caution_below_months, 0.0, 1.0)
    )


@ft(
    "FT_STRATEGY",
    group="decision",
    example=((10000, "normal", "zh"), "强烈推荐微调"),
    inner=("low_daily_requests", "high_daily_requests"),
)
def strategy(
    daily_requests: REQUESTS_PER_DAY,
    quality_need: QUALITY_NEED = 0.0,
    low_daily_requests: REQUESTS_PER_DAY = LOW_DAILY_REQUESTS,
    high_daily_requests: REQUESTS_PER_DAY = HIGH_DAILY_REQUESTS,
) -> STRATEGY:
    """Strategy by volume and quality: under 100 requests a day, 100 to 1000, or more.

    Args:
        daily_requests: requests a day, at least 0.
        quality_need: 0 normal, 1 high; a cell takes the words.
        low_daily_requests: prompt engineering strictly below this.
        high_daily_requests: fine-tuning strictly above this; between, quality decides.

    Returns:
        0 prompt engineering, 1 LoRA, 2 fine-tuning strongly recommended; a cell shows the words.
        In the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_STRATEGY"]`.

    Source:
        The source document, decision matrix.

    Example:
        >>> strategy(500.0, 1.0).item()
        1.0
    """
    middle = np.where(daily_requests >= low_daily_requests, quality_need, 0.0)
    # a sum of ones, so that the formula holds no other number
    above = np.where(daily_requests > high_daily_requests, 1.0, 0.0)
    return np.where(daily_requests > high_daily_requests, 1.0, middle) + above


@ft(group="decision")
def verdict(
    npv: MONEY_SIGNED,
    payback_months: MONTHS_OR_NEVER,
    strong_below_months: MONTHS = STRONG_BELOW_MONTHS,
    recommended_below_months: MONTHS = RECOMMENDED_BELOW_MONTHS,
    caution_below_months: MONTHS = CAUTION_BELOW_MONTHS,
) -> RECOMMENDATION:
    """Recommendation by the payback of the expected cash flow; never for what is not worth its cost."""
    strong = np.where(payback_months < strong_below_months, 0.0, 1.0)
    recommended = np.where(payback_months < recommended_below_months, 0.0, 1.0)
    caution = np.where(payback_months < caution_below_months, 0.0, 1.0)
    # ones in place of a 3, so that the formula holds no other number
    classes = (np.where(npv > 0.0, over, 1.0) for over in (strong, recommended, caution))
    first, second, third = classes
    return first + second + third


@ft(group="decision")
def strategy_conflict(recommendation: RECOMMENDATION, strategy: STRATEGY) -> CONFLICT:
    """Where the rule of thumb disagrees: 0 nowhere, 1 for its volume, 2 for its quality, 3 against it."""
    against = np.where(recommendation > 1.0, 1.0, 0.0)
    by_quality = np.where(strategy == 1.0, 1.0, 0.0)
    favoured = np.where(strategy > 0.0, 1.0, 0.0)
    for_small = (1.0 - against) * (1.0 - favoured)
    return against * favoured * (1.0 + by_quality) + for_small + for_small + for_small


# --- what the rationale says -------------------------------------------------------------------------


@ft(group="decision")
def lead(
    npv: MONEY_SIGNED,
    payback_months: MONTHS_OR_NEVER,
    caution_below_months: MONTHS,
    horizon_months: HORIZON,
) -> LEAD:
    """How the rationale begins: 0 worth it, 1 positive but slow, 2 positive but unpaid, 3 a loss."""
    slow = np.where(payback_months < caution_below_months, 0.0, 1.0)
    unpaid = np.where(payback_months > horizon_months, 1.0, 0.0)
    worth = np.where(npv > 0.0, slow + slow * unpaid, 1.0)
    return worth + np.where(npv > 0.0, 0.0, 1.0) + np.where(npv > 0.0, 0.0, 1.0)


@ft(group="decision")
def gross_benefit(
    request_savings_per_month: MONEY_PER_MONTH_SIGNED,
    fixed_savings_per_month: MONEY_PER_MONTH_SIGNED,
    quality_per_month: MONEY_PER_MONTH_SIGNED,
    error_savings_per_month: MONEY_PER_MONTH_SIGNED,
) -> MONEY_PER_MONTH:
    """What comes in per month at full use from the sources that bring anything."""
    return (
        np.maximum(request_savings_per_month, 0.0)
        + np.maximum(fixed_savings_per_month, 0.0)
        + np.maximum(quality_per_month, 0.0)
        + np.maximum(error_savings_per_month, 0.0)
    )


@ft(group="decision")
def largest_benefit(
    request_savings_per_month: MONEY_PER_MONTH_SIGNED,
    fixed_savings_per_month: MONEY_PER_MONTH_SIGNED,
    quality_per_month: MONEY_PER_MONTH_SIGNED,
    error_savings_per_month: MONEY_PER_MONTH_SIGNED,
) -> MONEY_PER_MONTH:
    """The largest of the sources of benefit per month; 0 where none brings anything."""
    requests_or_fixed = np.maximum(request_savings_per_month, fixed_savings_per_month)
    quality_or_errors = np.maximum(quality_per_month, error_savings_per_month)
    return np.maximum(np.maximum(requests_or_fixed, quality_or_errors), 0.0)


@ft(group="decision")
def largest_source(
    largest_benefit_per_month: MONEY_PER_MONTH,
    request_savings_per_month: MONEY_PER_MONTH_SIGNED,
    fixed_savings_per_month: MONEY_PER_MONTH_SIGNED,
    quality_per_month: MONEY_PER_MONTH_SIGNED,
) -> BENEFIT:
    """Where most of the money comes from: 0 requests, 1 fixed cost, 2 quality, 3 fewer errors, 4 nowhere."""
    requests = np.where(request_savings_per_month < largest_benefit_per_month, 1.0, 0.0)
    fixed = np.where(fixed_savings_per_month < largest_benefit_per_month, 1.0, 0.0)
    quality = np.where(quality_per_month < largest_benefit_per_month, 1.0, 0.0)
    found = requests + requests * fixed + requests * fixed * quality
    return np.where(largest_benefit_per_month > 0.0, found, NOWHERE)


@ft(group="decision")
def largest_share(
    largest_benefit_per_month: MONEY_PER_MONTH, gross_benefit_per_month: MONEY_PER_MONTH
) -> FRACTION:
    """Share of the largest source in the gross benefit; 0 where nothing comes in."""
    some = np.where(gross_benefit_per_month > 0.0, gross_benefit_per_month, 1.0)
    return largest_benefit_per_month / some


@ft(group="decision")
def cost_of_failure(npv_if_failure: MONEY_SIGNED) -> MONEY_SIGNED:
    """What a failure costs, at its value today."""
    return -npv_if_failure
