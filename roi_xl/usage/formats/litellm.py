"""LiteLLM: the tables of daily spend, and the spend log with one row per request.

Cached and cache-write tokens are inside `prompt_tokens`, by LiteLLM's convention; some versions and call
types have kept Anthropic's apart, which shows where they are more than the prompt. The log has them only
in `metadata`, of which nothing else is taken; `messages` and `response` are not read. Amounts are USD, by
LiteLLM's own prices.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from roi_xl.usage.cell_values import amount, count, name_of
from roi_xl.usage.declaration import (
    APART,
    CACHEABLE,
    CACHED,
    INPUT,
    METERED,
    MONEY,
    OUTPUT,
    PRICED,
    REQUESTS,
    ROWS,
    WRITTEN,
    Adds,
    Format,
    Key,
    Number,
    Target,
    Values,
    bucket,
    filled,
    hour,
)
from roi_xl.usage.json_cells import json_cell

FAILED = "failed"
# calls that are no chat: other prices, other sizes
_OTHER_CALLS = ("embedding", "image", "transcription", "speech", "rerank", "moderation")


def _day(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], "", order)
    adds: Adds = (
        (REQUESTS, 0, 1.0),
        (METERED, 0, 1.0),
        (PRICED, 0, 1.0),
        (INPUT, 1, 1.0),
        (CACHEABLE, 1, 1.0),
        (OUTPUT, 2, 1.0),
        (CACHED, 3, 1.0),
        (MONEY, 4, 1.0),
        (FAILED, 5, 1.0),
        (WRITTEN, 6, 1.0),
    )
    return Target(start, end, name_of(keys[1] or keys[2], "model"), adds, currency="USD")


def _request(keys: Values, order: str | None) -> Target:
    start, end = hour(keys[0], order)
    if any(other in keys[3].lower() for other in _OTHER_CALLS):
        return Target(start, end, adds=((MONEY, 0, 1.0),), currency="USD", aside=keys[3])
    adds: Adds = (
        (REQUESTS, ROWS, 1.0),
        (PRICED, filled(0), 1.0),
        (MONEY, 0, 1.0),
        (METERED, filled(1), 1.0),
        (INPUT, 1, 1.0),
        (OUTPUT, 2, 1.0),
        (CACHED, 3, 1.0),
        (CACHEABLE, 4, 1.0),
        (WRITTEN, 5, 1.0),
        (APART, 6, 1.0),
    )
    if keys[4].lower() == "failure":
        adds += ((FAILED, ROWS, 1.0),)
    return Target(start, end, name_of(keys[1] or keys[2], "model"), adds, currency="USD")


def _expand(row: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], tuple[float | None, ...]]]:
    inside = count(row["prompt_tokens"], "prompt_tokens")
    usage = json_cell(row["metadata"], "metadata").get("usage_object")
    cached, written = _cache(usage if isinstance(usage, Mapping) else {})
    numbers = (
        amount(row["spend"], "spend"),
        inside,
        count(row["completion_tokens"], "completion_tokens") or 0.0,
        cached or 0.0,
        None if cached is None else inside,
        written,
        float((cached or 0.0) + written > (inside or 0.0)),
    )
    yield (
        (row["starttime"], row["model"], row["model_group"], row["call_type"], row["status"]),
        numbers,
    )


def _cache(usage: Mapping[str, Any]) -> tuple[float | None, float]:
    """Tokens read from the provider's cache, None where the log does not say, and written to it."""
    details = usage.get("prompt_tokens_details")
    details = details if isinstance(details, Mapping) else {}
    read = [details.get("cached_tokens"), usage.get("cache_read_input_tokens")]
    written = [details.get("cache_creation_tokens"), usage.get("cache_creation_input_tokens")]
    known = _tokens(read)
    return max(known) if known else None, max(_tokens(written), default=0.0)


def _tokens(values: Iterable[object]) -> list[float]:
    found = (count(value, "metadata.usage_object") for value in values)
    return [tokens for tokens in found if tokens is not None]


def _daily(table: str, column: str, notes: tuple[str, ...] = ()) -> Format:
    return Format(
        name=f"litellm_daily_{table}",
        family="litellm",
        signature=(
            (column,),
            ("date",),
            ("api_requests",),
            ("prompt_tokens",),
            ("completion_tokens",),
            ("spend",),
            ("model",),
        ),
        keys=(Key(("date",), date=True), Key(("model",)), Key(("model_group",))),
        numbers=(
            Number(("api_requests",), blank="refuse"),
            Number(("prompt_tokens",), blank="refuse"),
            Number(("completion_tokens",), blank="refuse"),
            Number(("cache_read_input_tokens",)),
            Number(("spend",), kind="amount", blank="refuse"),
            Number(("failed_requests",)),
            Number(("cache_creation_input_tokens",)),
        ),
        target=_day,
        unless_apart=True,
        notes=notes,
    )


FORMATS = (
    _daily("user", "user_id"),
    _daily("team", "team_id"),
    _daily("organization", "organization_id"),
    _daily("agent", "agent_id"),
    _daily("end_user", "end_user_id"),
    _daily("tag", "tag", ("tags",)),
    Format(
        name="litellm_spend_logs",
        family="litellm",
        signature=(
            ("request_id",),
            ("spend",),
            ("prompt_tokens",),
            ("completion_tokens",),
            ("starttime",),
            ("model",),
        ),
        keys=(
            Key(("starttime",), date=True, hourly=True),
            Key(("model",)),
            Key(("model_group",)),
            Key(("call_type",)),
            Key(("status",)),
        ),
        numbers=(
            Number(("spend",), kind="amount", blank="unknown"),
            Number(("prompt_tokens",), blank="unknown"),
            Number(("completion_tokens",)),
            Number(()),
            Number(()),
            Number(()),
            Number(()),
        ),
        target=_request,
        unless_apart=True,
        expand=_expand,
        expands=(
            ("starttime",),
            ("model",),
            ("model_group",),
            ("call_type",),
            ("status",),
            ("spend",),
            ("prompt_tokens",),
            ("completion_tokens",),
            ("metadata",),
        ),
    ),
)
