"""OpenRouter: the activity CSV, one row per request, and the activity API, one item per day and model.

Cached tokens are inside the prompt's, reasoning inside the completion's. With one's own key the
provider is paid for the inference, which stands in a column of its own and is added. Amounts are USD.
"""

from roi_xl.usage.cell_values import name_of
from roi_xl.usage.declaration import (
    CACHEABLE,
    CACHED,
    INPUT,
    METERED,
    MONEY,
    OUTPUT,
    PRICED,
    REQUESTS,
    ROWS,
    Format,
    Key,
    Number,
    Target,
    Values,
    bucket,
    filled,
    hour,
)

BYOK = "own_key"
_MONEY = ((MONEY, 0, 1.0), (MONEY, 1, 1.0), (BYOK, 1, 1.0))


def _request(keys: Values, order: str | None) -> Target:
    start, end = hour(keys[0], order)
    adds = (
        (REQUESTS, ROWS, 1.0),
        (METERED, filled(2), 1.0),
        (PRICED, filled(0), 1.0),
        (INPUT, 2, 1.0),
        (CACHEABLE, 2, 1.0),
        (OUTPUT, 3, 1.0),
        (CACHED, 4, 1.0),
        *_MONEY,
    )
    return Target(start, end, name_of(keys[1], "model"), adds, currency="USD")


def _day(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], "", order)
    adds = (
        (REQUESTS, 2, 1.0),
        (METERED, 2, 1.0),
        (PRICED, 2, 1.0),
        (INPUT, 3, 1.0),
        (OUTPUT, 4, 1.0),
        *_MONEY,
    )
    start = start.replace(hour=0, minute=0, second=0)
    return Target(start, end, name_of(keys[1], "model"), adds, currency="USD")


FORMATS = (
    Format(
        name="openrouter_activity",
        family="openrouter",
        signature=(
            ("generation_id",),
            ("created_at",),
            ("cost_total",),
            ("tokens_prompt",),
            ("tokens_completion",),
            ("model_permaslug",),
        ),
        keys=(Key(("created_at",), date=True, hourly=True), Key(("model_permaslug",))),
        numbers=(
            Number(("cost_total",), kind="amount", blank="unknown"),
            Number(("byok_usage_inference",), kind="amount"),
            Number(("tokens_prompt",), blank="unknown"),
            Number(("tokens_completion",)),
            Number(("tokens_cached",)),
        ),
        target=_request,
        within=(4, 2),
        provider="openrouter",
    ),
    Format(
        name="openrouter_api",
        family="openrouter",
        signature=(
            ("date",),
            ("model", "model_permaslug"),
            ("usage",),
            ("requests",),
            ("prompt_tokens",),
            ("completion_tokens",),
        ),
        keys=(Key(("date",), date=True), Key(("model_permaslug", "model"))),
        numbers=(
            Number(("usage",), kind="amount", blank="refuse"),
            Number(("byok_usage_inference",), kind="amount"),
            Number(("requests",), blank="refuse"),
            Number(("prompt_tokens",), blank="refuse"),
            Number(("completion_tokens",), blank="refuse"),
        ),
        target=_day,
        cached=False,
        provider="openrouter",
    ),
)
