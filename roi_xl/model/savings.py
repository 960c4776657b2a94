"""What a tuned model saves, what serving it costs, and the volume at which it breaks even."""

from typing import Any

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import DAYS_PER_MONTH as DAYS
from roi_xl.model.defaults import HOURLY_RATE, TARGET_PAYBACK_MONTHS, TOKENS_PER_MILLION
from roi_xl.model.defaults import HOURS_PER_DAY as HOURS
from roi_xl.units import (
    BLANK,
    DAYS_PER_MONTH,
    GPUS,
    HOURS_PER_DAY,
    HOURS_PER_MONTH,
    MONEY,
    MONEY_PER_ERROR,
    MONEY_PER_GPU_HOUR,
    MONEY_PER_HOUR,
    MONEY_PER_MILLION_TOKENS,
    MONEY_PER_MONTH,
    MONEY_PER_MONTH_SIGNED,
    MONEY_PER_REQUEST,
    MONEY_PER_REQUEST_OR_BLANK,
    MONEY_PER_REQUEST_SIGNED,
    MONTHS_POSITIVE,
    RATIO,
    REQUESTS_PER_DAY,
    SHARE,
    TOKENS,
)


@ft("FT_REQUEST_COST", group="savings", example=((1500, 500, 2.5, 10), 0.00875))
def request_cost(
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    input_price: MONEY_PER_MILLION_TOKENS,
    output_price: MONEY_PER_MILLION_TOKENS,
    cached_input_tokens: TOKENS = 0.0,
    cached_input_price: MONEY_PER_MILLION_TOKENS = 0.0,
) -> MONEY_PER_REQUEST:
    """Cost of one request, from its tokens and the prices per million tokens.

    Args:
        input_tokens: input tokens of the request, those read from the cache included, at least 0.
        output_tokens: output tokens of the request, at least 0.
        input_price: amount per million input tokens, at least 0.
        output_price: amount per million output tokens, at least 0.
        cached_input_tokens: how many of the input tokens the provider reads from its cache, at
            least 0; more than input_tokens gives #NUM!.
        cached_input_price: amount per million input tokens read from the cache, at least 0.

    Returns:
        an amount per request, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_REQUEST_COST"]`.

    Source:
        How hosted models are billed: input, cached input and output tokens at their own prices, one
        request at a time.

    Example:
        >>> float(request_cost(1500.0, 500.0, 2.5, 10.0))
        0.00875
    """
    fresh = input_tokens - cached_input_tokens
    per_million = fresh * input_price + cached_input_tokens * cached_input_price
    per_million = per_million + output_tokens * output_price
    return np.where(fresh < 0, np.nan, per_million / TOKENS_PER_MILLION)


@ft(group="savings")
def cost_by_tokens(
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    input_price: MONEY_PER_MILLION_TOKENS,
    output_price: MONEY_PER_MILLION_TOKENS,
    cached_input_share: SHARE,
    cached_input_price: MONEY_PER_MILLION_TOKENS,
    batch_factor: RATIO = 1.0,
    extra_input_tokens: TOKENS = 0.0,
) -> MONEY_PER_REQUEST_OR_BLANK:
    """Cost of one request by its tokens; blank until tokens and a price are filled in."""
    tokens = input_tokens + extra_input_tokens
    per_input = input_price - cached_input_share * (input_price - cached_input_price)
    cost = (tokens * per_input + output_tokens * output_price) / TOKENS_PER_MILLION
    known = (tokens + output_tokens) * (input_price + output_price)
    return np.where(known > 0, cost * batch_factor, BLANK)


@ft("FT_SERVING_COST", group="savings", example=((2, 1, 10000), 0.0048), zero_base=lambda *a: a[2])
def serving_cost(
    gpu_cost_per_hour: MONEY_PER_GPU_HOUR,
    gpu_count: GPUS,
    daily_requests: REQUESTS_PER_DAY,
    hours_per_day: HOURS_PER_DAY = HOURS,
) -> MONEY_PER_REQUEST:
    """Cost per request of a self-hosted model, idle GPU time included.

    Args:
        gpu_cost_per_hour: amount per hour of ONE GPU, at least 0.
        gpu_count: GPUs that serve, at least 0.
        daily_requests: requests a day, at least 0; 0 gives #DIV/0!.
        hours_per_day: hours a day for which the GPUs are paid, 0 to 24.

    Returns:
        an amount per request, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError, ZeroBaseError: through `FUNCTIONS["FT_SERVING_COST"]`.

    Source:
        GPU-hours a day divided by requests a day; the source document counts no idle time.

    Example:
        >>> serving_cost(2.0, 1.0, 10000.0)
        0.0048
    """
    return gpu_cost_per_hour * gpu_count * hours_per_day / daily_requests


@ft("FT_MONTHLY_SAVINGS", group="savings", example=((10000, 0.01, 0.001), 2700.0))
def monthly_savings(
    daily_requests: REQUESTS_PER_DAY,
    current_cost_per_request: MONEY_PER_REQUEST,
    finetuned_cost_per_request: MONEY_PER_REQUEST,
    days_per_month: DAYS_PER_MONTH = DAYS,
    maintenance_cost_per_month: MONEY_PER_MONTH = 0.0,
) -> MONEY_PER_MONTH_SIGNED:
    """Savings per month after maintenance; negative where the tuned model costs more.

    Args:
        daily_requests: requests a day, at least 0.
        current_cost_per_request: amount per request of the model used today, at least 0.
        finetuned_cost_per_request: amount per request of the tuned model, at least 0.
        days_per_month: days of a month, above 0 and at most 31.
        maintenance_cost_per_month: amount per month of upkeep, at least 0.

    Returns:
        an amount per month, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_MONTHLY_SAVINGS"]`.

    Source:
        The source document, `daily_savings` and `monthly_savings` (30 days), less maintenance.

    Example:
        >>> round(monthly_savings(10000.0, 0.01, 0.001), 9)
        2700.0
    """
    per_request = current_cost_per_request - finetuned_cost_per_request
    return daily_requests * per_request * days_per_month - maintenance_cost_per_month


def _saved_per_request(*args: Any) -> Any:
    return args[1] - args[2]


@ft(
    "FT_BREAKEVEN_REQUESTS",
    group="savings",
    example=((2036, 0.01, 0.001), 1256.790123456790),
    zero_base=_saved_per_request,
)
def breakeven_requests(
    total_cost: MONEY,
    current_cost_per_request: MONEY_PER_REQUEST,
    finetuned_cost_per_request: MONEY_PER_REQUEST,
    payback_months: MONTHS_POSITIVE = TARGET_PAYBACK_MONTHS,
    days_per_month: DAYS_PER_MONTH = DAYS,
    maintenance_cost_per_month: MONEY_PER_MONTH = 0.0,
) -> REQUESTS_PER_DAY:
    """Requests per day at which the cost is repaid in exactly the given months.

    Args:
        total_cost: one-off investment, at least 0.
        current_cost_per_request: amount per request of the model used today, at least 0.
        finetuned_cost_per_request: amount per request of the tuned model, at least 0; equal to
            today's cost gives #DIV/0!, more than it #NUM! (no volume repays a loss).
        payback_months: the payback asked for, above 0.
        days_per_month: days of a month, above 0 and at most 31.
        maintenance_cost_per_month: amount per month of upkeep, at least 0.

    Returns:
        requests per day, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError, ZeroBaseError: through `FUNCTIONS["FT_BREAKEVEN_REQUESTS"]`.

    Source:
        The source document's payback formula solved for the daily requests.

    Example:
        >>> round(float(breakeven_requests(2036.0, 0.01, 0.001)), 6)
        1256.790123
    """
    saved = current_cost_per_request - finetuned_cost_per_request
    needed = total_cost / payback_months + maintenance_cost_per_month
    return np.where(saved < 0, np.nan, needed / (saved * days_per_month))


# --- a month at full use ---------------------------------------------------------------------------


@ft(group="returns")
def error_savings_per_request(
    current_error_rate: SHARE = 0.0,
    finetuned_error_rate: SHARE = 0.0,
    cost_per_error: MONEY_PER_ERROR = 0.0,
) -> MONEY_PER_REQUEST_SIGNED:
    """What a request saves by causing fewer errors."""
    return (current_error_rate - finetuned_error_rate) * cost_per_error


@ft(group="returns")
def saved_labour(
    hours_saved_per_month: HOURS_PER_MONTH = 0.0, hourly_rate: MONEY_PER_HOUR = HOURLY_RATE
) -> MONEY_PER_MONTH:
    """Labour that better answers save per month, at today's wages."""
    return hours_saved_per_month * hourly_rate


@ft(group="returns")
def request_savings_at_full_use(
    daily_requests: REQUESTS_PER_DAY,
    days_per_month: DAYS_PER_MONTH,
    current_request_cost: MONEY_PER_REQUEST,
    finetuned_request_cost: MONEY_PER_REQUEST,
) -> MONEY_PER_MONTH_SIGNED:
    """What cheaper requests save in a month at full use."""
    return daily_requests * days_per_month * (current_request_cost - finetuned_request_cost)


@ft(group="returns")
def error_savings_at_full_use(
    daily_requests: REQUESTS_PER_DAY,
    days_per_month: DAYS_PER_MONTH,
    error_savings_per_request: MONEY_PER_REQUEST_SIGNED,
) -> MONEY_PER_MONTH_SIGNED:
    """What fewer errors save in a month at full use."""
    return daily_requests * days_per_month * error_savings_per_request


@ft(group="returns")
def fixed_savings(
    current_fixed_cost_per_month: MONEY_PER_MONTH = 0.0,
    finetuned_fixed_cost_per_month: MONEY_PER_MONTH = 0.0,
) -> MONEY_PER_MONTH_SIGNED:
    """Fixed cost that falls away in a month, less the fixed cost that comes."""
    return current_fixed_cost_per_month - finetuned_fixed_cost_per_month


@ft(group="returns")
def quality_at_full_use(
    quality_value_per_month: MONEY_PER_MONTH_SIGNED, saved_labour_per_month: MONEY_PER_MONTH
) -> MONEY_PER_MONTH_SIGNED:
    """Value of better answers in a month at full use, the hours they save included."""
    return quality_value_per_month + saved_labour_per_month


@ft(group="returns")
def net_benefit(
    request_savings_per_month: MONEY_PER_MONTH_SIGNED,
    fixed_savings_per_month: MONEY_PER_MONTH_SIGNED,
    quality_per_month: MONEY_PER_MONTH_SIGNED,
    error_savings_per_month: MONEY_PER_MONTH_SIGNED,
    serving_cost_per_month: MONEY_PER_MONTH,
    maintenance_cost_per_month: MONEY_PER_MONTH,
) -> MONEY_PER_MONTH_SIGNED:
    """Net benefit of a month at full use, at today's prices and wages, if the project succeeds."""
    saved = request_savings_per_month + fixed_savings_per_month
    saved = saved + quality_per_month + error_savings_per_month
    return saved - serving_cost_per_month - maintenance_cost_per_month
