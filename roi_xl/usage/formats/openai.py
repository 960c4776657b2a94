"""OpenAI: usage and cost from the dashboard (CSV) and from the organization API (JSON).

Cached input is inside `input_tokens`. In the CSV a day without use is a row of its first four cells.
"""

import re

from roi_xl.usage.cell_values import name_of, text_of
from roi_xl.usage.declaration import (
    CACHEABLE,
    CACHED,
    COST,
    INPUT,
    METERED,
    MONEY,
    OUTPUT,
    REQUESTS,
    Adds,
    Format,
    Key,
    Number,
    Target,
    Values,
    bucket,
    currency_of,
)

_START = Key(("start_time_iso", "start_time"), date=True)
_END = Key(("end_time_iso", "end_time"), date=True)
# "gpt-4o-2024-08-06, cached input": what the cost of a model's tokens is called
_TOKEN_ITEM = re.compile(
    r"([^,|]+),\s*((?:\w+\s+)*(?:input|output)(?:\s+tokens)?)\s*", re.IGNORECASE
)
EMPTY_COLUMNS = ("start_time", "end_time", "start_time_iso", "end_time_iso")


def _usage(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], keys[1], order)
    adds: Adds = (
        (REQUESTS, 0, 1.0),
        (METERED, 0, 1.0),
        (INPUT, 1, 1.0),
        (CACHEABLE, 1, 1.0),
        (OUTPUT, 2, 1.0),
        (CACHED, 3, 1.0),
    )
    if text_of(keys[3]).lower() == "true":
        adds += (("batched", 0, 1.0),)
    return Target(start, end, name_of(keys[2], "model"), adds)


def _cost(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], keys[1], order)
    item = name_of(keys[3], "line_item")
    tokens = _TOKEN_ITEM.fullmatch(item)
    model = tokens[1].strip() if tokens else ""
    money = ((MONEY, 0, 1.0),)
    aside = "" if tokens or not item else item
    return Target(start, end, model, money, currency=currency_of(keys[2]), aside=aside)


FORMATS = (
    Format(
        name="openai_usage",
        family="openai",
        signature=(("start_time",), ("num_model_requests",), ("input_tokens",), ("output_tokens",)),
        keys=(_START, _END, Key(("model",)), Key(("batch",))),
        numbers=(
            Number(("num_model_requests",), blank="refuse"),
            Number(("input_tokens",), blank="refuse"),
            Number(("output_tokens",), blank="refuse"),
            Number(("input_cached_tokens",)),
        ),
        target=_usage,
        bucketed=True,
        within=(3, 1),
        provider="openai",
    ),
    Format(
        name="openai_cost",
        family="openai",
        signature=(
            ("start_time",),
            ("amount_value", "amount.value"),
            ("amount_currency", "amount.currency"),
        ),
        keys=(
            _START,
            _END,
            Key(("amount_currency", "amount.currency")),
            Key(("line_item",)),
        ),
        numbers=(Number(("amount_value", "amount.value"), kind="amount", blank="refuse"),),
        target=_cost,
        kind=COST,
        bucketed=True,
        provider="openai",
    ),
)
