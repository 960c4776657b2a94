"""Anthropic: usage from the console (CSV), usage and cost from the Admin API (JSON).

Uncached input, cache reads and cache writes are apart from each other. Requests are not counted.
Amounts of the cost report are text, in cents. Priority Tier costs are in no report.
"""

from roi_xl.usage.cell_values import name_of
from roi_xl.usage.declaration import (
    CACHEABLE,
    CACHED,
    COST,
    INPUT,
    MONEY,
    OUTPUT,
    Format,
    Key,
    Number,
    Target,
    Values,
    bucket,
    currency_of,
)

_INPUTS = tuple((measure, n, 1.0) for n in range(4) for measure in (INPUT, CACHEABLE))
# uncached, written for 5 minutes, for an hour, read; output; written, in older files
_ADDS = (*_INPUTS, (CACHED, 3, 1.0), (OUTPUT, 4, 1.0), (INPUT, 5, 1.0), (CACHEABLE, 5, 1.0))
CENTS = 0.01


def _usage(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], keys[1], order)
    return Target(start, end, name_of(keys[2], "model"), _ADDS)


def _cost(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], keys[1], order)
    model = name_of(keys[2], "model")
    # grouped by description, what is not tokens has no model
    described = name_of(keys[4], "cost_type") or name_of(keys[5][:100], "description")
    aside = described if described and not model else ""
    return Target(
        start, end, model, ((MONEY, 0, CENTS),), currency=currency_of(keys[3]), aside=aside
    )


FORMATS = (
    Format(
        name="anthropic_console",
        family="anthropic",
        signature=(
            ("usage_date_utc",),
            ("model_version",),
            ("usage_input_tokens_no_cache",),
            ("usage_output_tokens",),
        ),
        keys=(
            Key(("usage_date_utc",), date=True),
            Key(()),
            Key(("model_version",)),
        ),
        numbers=(
            Number(("usage_input_tokens_no_cache",), blank="refuse"),
            Number(("usage_input_tokens_cache_write_5m",)),
            Number(("usage_input_tokens_cache_write_1h",)),
            Number(("usage_input_tokens_cache_read",)),
            Number(("usage_output_tokens",), blank="refuse"),
            Number(("usage_input_tokens_cache_write",)),
        ),
        target=_usage,
        requests=False,
        provider="anthropic",
    ),
    Format(
        name="anthropic_usage_report",
        family="anthropic",
        signature=(("starting_at",), ("uncached_input_tokens",), ("output_tokens",)),
        keys=(
            Key(("starting_at",), date=True),
            Key(("ending_at",), date=True),
            Key(("model",)),
        ),
        numbers=(
            Number(("uncached_input_tokens",), blank="refuse"),
            Number(("cache_creation.ephemeral_5m_input_tokens",)),
            Number(("cache_creation.ephemeral_1h_input_tokens",)),
            Number(("cache_read_input_tokens",)),
            Number(("output_tokens",), blank="refuse"),
            Number(("cache_creation_input_tokens",)),
        ),
        target=_usage,
        bucketed=True,
        requests=False,
        provider="anthropic",
    ),
    Format(
        name="anthropic_cost_report",
        family="anthropic",
        signature=(("starting_at",), ("amount",), ("currency",)),
        keys=(
            Key(("starting_at",), date=True),
            Key(("ending_at",), date=True),
            Key(("model",)),
            Key(("currency",)),
            Key(("cost_type",)),
            Key(("description",)),
        ),
        numbers=(Number(("amount",), kind="amount", blank="refuse"),),
        target=_cost,
        kind=COST,
        bucketed=True,
        requests=False,
        provider="anthropic",
        notes=("priority_tier",),
    ),
)
