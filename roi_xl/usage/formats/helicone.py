"""Helicone: the export of requests, one row each. Cached tokens are not told apart; amounts are USD."""

from roi_xl.usage.cell_values import name_of
from roi_xl.usage.declaration import (
    INPUT,
    METERED,
    MONEY,
    OUTPUT,
    PRICED,
    REQUESTS,
    ROWS,
    Adds,
    Format,
    Key,
    Number,
    Target,
    Values,
    filled,
    hour,
)

FAILED = "failed"


def _target(keys: Values, order: str | None) -> Target:
    start, end = hour(keys[0], order)
    adds: Adds = (
        (REQUESTS, ROWS, 1.0),
        (METERED, filled(0), 1.0),
        (INPUT, 0, 1.0),
        (OUTPUT, 1, 1.0),
        (PRICED, filled(2), 1.0),
        (MONEY, 2, 1.0),
    )
    if keys[2] and not keys[2].startswith("2"):
        adds += ((FAILED, ROWS, 1.0),)
    return Target(start, end, name_of(keys[1], "model"), adds, currency="USD")


FORMATS = (
    Format(
        name="helicone_requests",
        family="helicone",
        signature=(
            ("response_id",),
            ("request_created_at",),
            ("model",),
            ("prompt_tokens",),
            ("completion_tokens",),
            ("cost",),
        ),
        keys=(
            Key(("request_created_at",), date=True, hourly=True),
            Key(("model",)),
            Key(("response_status",)),
        ),
        numbers=(
            Number(("prompt_tokens",), blank="unknown"),
            Number(("completion_tokens",)),
            Number(("cost",), kind="amount", blank="unknown"),
        ),
        target=_target,
        cached=False,
    ),
)
