"""Which of several figures a case uses: typed, worked out, or the default, in the case's currency."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.units import (
    BLANK,
    CURRENCY,
    CURRENCY_PER_USD,
    MONEY_PER_GPU_HOUR,
    MONEY_PER_GPU_HOUR_OR_BLANK,
    MONEY_PER_HOUR,
    MONEY_PER_HOUR_OR_BLANK,
    MONEY_PER_MILLION_TOKENS,
    MONEY_PER_MILLION_TOKENS_OR_BLANK,
    MONEY_PER_REQUEST,
    MONEY_PER_REQUEST_OR_BLANK,
    MONTHS_OR_BLANK,
    MONTHS_OR_NO_END,
    REQUESTS_PER_GPU_HOUR,
    REQUESTS_PER_GPU_HOUR_OR_BLANK,
    SERVED,
    SHARE_OR_BLANK,
    USD_PER_GPU_HOUR_OR_BLANK,
    USD_PER_MILLION_TOKENS_OR_BLANK,
)

# --- currency ------------------------------------------------------------------------------------


@ft(group="used", no_result="#N/A")
def currency_rate(
    currency: CURRENCY = 0.0, currency_per_usd: CURRENCY_PER_USD = 1.0
) -> CURRENCY_PER_USD:
    """Units of the case's currency per USD; not available while another currency has no rate."""
    rate = np.where(currency_per_usd == 1.0, np.nan, currency_per_usd)
    return np.where(currency > 0.0, rate, 1.0)


@ft(group="used", no_result="#N/A")
def hourly_rate_used(
    hourly_rate: MONEY_PER_HOUR_OR_BLANK, default: MONEY_PER_HOUR, currency_rate: CURRENCY_PER_USD
) -> MONEY_PER_HOUR:
    """Cost of a working hour: the typed one, else the default in the case's currency.

    Not available while the currency has no rate, so that no amount of such a case looks finished.
    """
    used = np.where(np.isnan(hourly_rate), default * currency_rate, hourly_rate)
    return np.where(currency_rate > 0.0, used, np.nan)


@ft(group="used")
def gpu_price_converted(
    price_usd: USD_PER_GPU_HOUR_OR_BLANK, currency_rate: CURRENCY_PER_USD
) -> MONEY_PER_GPU_HOUR_OR_BLANK:
    """A GPU price of the sheet in the case's currency; blank where there is none."""
    return np.where(np.isnan(price_usd), BLANK, price_usd * currency_rate)


@ft(group="used")
def token_price_converted(
    price_usd: USD_PER_MILLION_TOKENS_OR_BLANK, currency_rate: CURRENCY_PER_USD
) -> MONEY_PER_MILLION_TOKENS_OR_BLANK:
    """A token price of the sheet in the case's currency; blank where there is none."""
    return np.where(np.isnan(price_usd), BLANK, price_usd * currency_rate)


@ft(group="used")
def request_cost_converted(
    default: MONEY_PER_REQUEST, currency_rate: CURRENCY_PER_USD
) -> MONEY_PER_REQUEST:
    """The sample's cost per request in the case's currency."""
    return default * currency_rate


@ft(group="used")
def gpu_default_converted(
    default: MONEY_PER_GPU_HOUR, currency_rate: CURRENCY_PER_USD
) -> MONEY_PER_GPU_HOUR:
    """The default GPU price in the case's currency."""
    return default * currency_rate


# --- the first that is filled --------------------------------------------------------------------


@ft(group="used", mode="pick")
def request_cost_used(
    typed: MONEY_PER_REQUEST_OR_BLANK,
    worked_out: MONEY_PER_REQUEST_OR_BLANK,
    default: MONEY_PER_REQUEST,
) -> MONEY_PER_REQUEST:
    """Cost per request that the case uses."""
    otherwise = np.where(np.isnan(worked_out), default, worked_out)
    return np.where(np.isnan(typed), otherwise, typed)


@ft(group="used", mode="pick")
def gpu_price_used(
    typed: MONEY_PER_GPU_HOUR_OR_BLANK,
    worked_out: MONEY_PER_GPU_HOUR_OR_BLANK,
    default: MONEY_PER_GPU_HOUR,
) -> MONEY_PER_GPU_HOUR:
    """Price per GPU-hour that the case uses."""
    return request_cost_used(typed, worked_out, default)


@ft(group="used", mode="pick")
def token_price_used(
    typed: MONEY_PER_MILLION_TOKENS_OR_BLANK,
    listed: MONEY_PER_MILLION_TOKENS_OR_BLANK,
    default: MONEY_PER_MILLION_TOKENS = 0.0,
) -> MONEY_PER_MILLION_TOKENS:
    """Price per million tokens that the case uses; 0 where none is typed or listed."""
    return request_cost_used(typed, listed, default)


@ft(group="used", mode="pick")
def retirement_used(
    typed: MONTHS_OR_BLANK, worked_out: MONTHS_OR_BLANK, default: MONTHS_OR_NO_END
) -> MONTHS_OR_NO_END:
    """Last month with benefits that the case uses: typed, else until the service is withdrawn."""
    return request_cost_used(typed, worked_out, default)


# --- self-hosting --------------------------------------------------------------------------------


@ft(group="used", mode="pick")
def serving_price_used(
    typed: MONEY_PER_GPU_HOUR_OR_BLANK, listed: MONEY_PER_GPU_HOUR_OR_BLANK
) -> MONEY_PER_GPU_HOUR_OR_BLANK:
    """Price per GPU-hour of the GPUs that serve the model; blank where a provider serves it."""
    return np.where(np.isnan(typed), listed, typed)


@ft(group="used")
def served_by(serving_gpu_price: MONEY_PER_GPU_HOUR_OR_BLANK) -> SERVED:
    """Who serves the fine-tuned model: 0 a provider, 1 GPUs of one's own."""
    return np.where(np.isnan(serving_gpu_price), 0.0, 1.0)


@ft(group="used", no_result="#N/A")
def serving_capacity_used(
    served_by: SERVED,
    serving_requests_per_gpu_hour: REQUESTS_PER_GPU_HOUR_OR_BLANK,
    estimated: REQUESTS_PER_GPU_HOUR_OR_BLANK,
) -> REQUESTS_PER_GPU_HOUR:
    """Requests that one GPU serves in an hour: typed, else estimated; 0 where a provider serves."""
    known = np.where(np.isnan(estimated), np.nan, estimated)
    used = np.where(np.isnan(serving_requests_per_gpu_hour), known, serving_requests_per_gpu_hour)
    return np.where(served_by > 0.0, used, 0.0)


@ft(group="used")
def finetuned_cost_worked_out(
    served_by: SERVED, cost_by_tokens: MONEY_PER_REQUEST_OR_BLANK
) -> MONEY_PER_REQUEST_OR_BLANK:
    """Cost per request of the fine-tuned model where none is typed: 0 on GPUs of one's own."""
    return np.where(served_by > 0.0, 0.0, cost_by_tokens)


@ft(group="used")
def batch_factor(batch_share: SHARE_OR_BLANK, batch_ratio: SHARE_OR_BLANK) -> SHARE_OR_BLANK:
    """Factor on a cost by tokens: 1 - share + share x batch price / standard price."""
    ratio = np.where(np.isnan(batch_ratio), 1.0, batch_ratio)
    return 1.0 - batch_share + batch_share * ratio
