"""What one request to a hosted model costs, by its tokens."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import TOKENS_PER_MILLION
from roi_xl.units import (
    BLANK,
    SHARE,
    TOKENS,
    USD_PER_MILLION_TOKENS,
    USD_PER_REQUEST,
    USD_PER_REQUEST_OR_BLANK,
)


@ft("FT_REQUEST_COST", group="savings", example=((1500, 500, 2.5, 10), 0.00875))
def request_cost(
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    input_price: USD_PER_MILLION_TOKENS,
    output_price: USD_PER_MILLION_TOKENS,
    cached_input_tokens: TOKENS = 0.0,
    cached_input_price: USD_PER_MILLION_TOKENS = 0.0,
) -> USD_PER_REQUEST:
    """Cost in USD of one request, from its tokens and the prices per million tokens.

    Args:
        input_tokens: input tokens of the request, those read from the cache included, at least 0.
        output_tokens: output tokens of the request, at least 0.
        input_price: USD per million input tokens, at least 0.
        output_price: USD per million output tokens, at least 0.
        cached_input_tokens: how many of the input tokens the provider reads from its cache, at
            least 0; more than input_tokens gives #NUM!.
        cached_input_price: USD per million input tokens read from the cache, at least 0.

    Returns:
        USD per request, in the broadcast shape of the arguments.

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
    usd_m = fresh * input_price + cached_input_tokens * cached_input_price
    usd_m = usd_m + output_tokens * output_price
    return np.where(fresh < 0, np.nan, usd_m / TOKENS_PER_MILLION)


@ft(group="savings")
def cost_by_tokens(
    input_tokens: TOKENS = 0.0,
    output_tokens: TOKENS = 0.0,
    input_price: USD_PER_MILLION_TOKENS = 0.0,
    output_price: USD_PER_MILLION_TOKENS = 0.0,
    cached_input_share: SHARE = 0.0,
    cached_input_price: USD_PER_MILLION_TOKENS = 0.0,
) -> USD_PER_REQUEST_OR_BLANK:
    """Cost in USD of one request by its tokens; blank until tokens and a price are filled in."""
    cost = by_share(
        input_tokens,
        output_tokens,
        input_price,
        output_price,
        cached_input_share,
        cached_input_price,
    )
    known = (input_tokens + output_tokens) * (input_price + output_price)
    return np.where(known > 0, cost, BLANK)


def by_share(
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    input_price: USD_PER_MILLION_TOKENS,
    output_price: USD_PER_MILLION_TOKENS,
    cached_input_share: SHARE,
    cached_input_price: USD_PER_MILLION_TOKENS,
) -> USD_PER_REQUEST:
    """USD per request where a share of the input tokens is read from the cache."""
    per_input = input_price - cached_input_share * (input_price - cached_input_price)
    return (input_tokens * per_input + output_tokens * output_price) / TOKENS_PER_MILLION
