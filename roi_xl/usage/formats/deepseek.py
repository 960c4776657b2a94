"""DeepSeek: a ZIP of two CSVs, quantities (`amount-…csv`) and money (`cost-…csv`).

`amount` is a quantity and not money. Cache hits and misses are apart from each other. Days are those of
+08:00, their end is exclusive. Money taken from granted credit is no cash.
"""

from roi_xl.errors import BadInput
from roi_xl.usage.cell_values import amount, name_of
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

_TYPES: dict[str, tuple[str, ...]] = {
    "input_cache_hit_tokens": (INPUT, CACHEABLE, CACHED),
    "input_cache_miss_tokens": (INPUT, CACHEABLE),
    "output_tokens": (OUTPUT,),
    "request_count": (REQUESTS, METERED),
}
AT_PRICE = "at_price"  # quantity times the price beside it: what the money must add up to
GRANTED = "granted"

_START = Key(("start_time_iso", "utc_date"), date=True)
_END = Key(("end_time_iso",), date=True)


def _amount(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], keys[1], order)
    kind = keys[3].lower()
    if kind not in _TYPES:
        raise BadInput(
            "usage.choice", column="type", found=f'"{kind[:40]}"', allowed=", ".join(_TYPES)
        )
    adds: Adds = tuple((measure, 0, 1.0) for measure in _TYPES[kind])
    price = amount(keys[4], "price")
    if price is not None:
        adds += ((AT_PRICE, 0, price),)
    return Target(start, end, name_of(keys[2], "model"), adds)


def _cost(keys: Values, order: str | None) -> Target:
    start, end = bucket(keys[0], keys[1], order)
    adds: Adds = ((MONEY, 0, 1.0),)
    if keys[3].lower() == GRANTED:
        adds += ((GRANTED, 0, 1.0),)
    return Target(start, end, name_of(keys[2], "model"), adds, currency=currency_of(keys[4]))


FORMATS = (
    Format(
        name="deepseek_amount",
        family="deepseek",
        signature=(("start_time_iso", "utc_date"), ("model",), ("type",), ("price",), ("amount",)),
        keys=(_START, _END, Key(("model",)), Key(("type",)), Key(("price",))),
        numbers=(Number(("amount",), blank="refuse"),),
        target=_amount,
        provider="deepseek",
    ),
    Format(
        name="deepseek_cost",
        family="deepseek",
        signature=(
            ("start_time_iso", "utc_date"),
            ("model",),
            ("wallet_type",),
            ("cost",),
            ("currency",),
        ),
        keys=(_START, _END, Key(("model",)), Key(("wallet_type",)), Key(("currency",))),
        numbers=(Number(("cost",), kind="amount", blank="refuse"),),
        target=_cost,
        kind=COST,
        provider="deepseek",
    ),
)
