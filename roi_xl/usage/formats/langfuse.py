"""Langfuse: observations, as CSV or JSON; only rows of the type GENERATION are requests.

`usage_details` is a map from usage types to tokens that add up to `total`: so cached input is apart
from `input` unless the total says that it is inside. Amounts are USD.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.usage.cell_values import amount, count, name_of, text_of
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
    filled,
    hour,
)
from roi_xl.usage.json_cells import json_cell

ASSUMED = "assumed_apart"  # input tokens of maps that do not show whether cached ones are inside

_START = ("start_time", "starttime")
_MODEL = ("provided_model_name", "providedmodelname", "model")
_USAGE = ("usage_details", "usagedetails")
_COST = ("cost_details", "costdetails")
_TOTAL = ("total_cost", "totalcost", "calculatedtotalcost")
_COLUMNS = (_START, ("type",), _MODEL, _USAGE, _COST, _TOTAL)


def _target(keys: Values, order: str | None) -> Target:
    start, end = hour(keys[0], order)
    if keys[1].upper() != "GENERATION":
        return Target(start, end)
    adds = (
        (REQUESTS, ROWS, 1.0),
        (METERED, filled(0), 1.0),
        (INPUT, 0, 1.0),
        (CACHEABLE, 0, 1.0),
        (OUTPUT, 1, 1.0),
        (CACHED, 2, 1.0),
        (PRICED, filled(3), 1.0),
        (MONEY, 3, 1.0),
        (ASSUMED, 4, 1.0),
    )
    return Target(start, end, name_of(keys[2], "model"), adds, currency="USD")


def _expand(row: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], tuple[float | None, ...]]]:
    keys = (row["start_time"], row["type"], row["provided_model_name"])
    if text_of(row["type"]).upper() != "GENERATION":
        yield keys, (None,) * 5
        return
    tokens = _tokens(json_cell(row["usage_details"], "usage_details"))
    cost = amount(row["total_cost"], "total_cost")
    if cost is None:
        cost = _cost(json_cell(row["cost_details"], "cost_details"))
    yield keys, (*tokens[:3], cost, tokens[3])


def _tokens(usage: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Input, output, cached input, and input again where its parts are assumed to be apart."""
    found = {}
    for name, value in usage.items():
        tokens = count(value, "usage_details")
        if tokens is not None:
            found[str(name).lower()] = tokens
    total = found.pop("total", None)
    output = sum(v for name, v in found.items() if name.startswith(("output", "completion")))
    cached = sum(v for name, v in found.items() if _is_read(name))
    apart = {n: v for n, v in found.items() if n.startswith(("input", "prompt")) or "cache" in n}
    if not apart and not output:
        return None, None, None, None
    plain = found.get("input", 0.0)
    inside = total is not None and total == plain + found.get("output", 0.0) != sum(found.values())
    if inside:
        if cached > plain:
            raise BadInput("usage.within", column="usage_details", found=f"{cached:g} > {plain:g}")
        return plain, found.get("output", 0.0), cached, 0.0
    every = sum(apart.values())
    return every, output, cached, every if cached and total != sum(found.values()) else 0.0


def _is_read(name: str) -> bool:
    return "cache" in name and not any(word in name for word in ("creation", "write", "created"))


def _cost(costs: Mapping[str, Any]) -> float | None:
    found = {str(n): amount(v, "cost_details") for n, v in costs.items()}
    if found.get("total") is not None:
        return found["total"]
    known = [v for v in found.values() if v is not None]
    return sum(known) if known else None


FORMATS = (
    Format(
        name="langfuse_observations",
        family="langfuse",
        signature=(("trace_id", "traceid"), ("type",), _START, _USAGE, _MODEL),
        keys=(Key(_START, date=True, hourly=True), Key(("type",)), Key(_MODEL)),
        numbers=(
            Number((), blank="unknown"),
            Number(()),
            Number(()),
            Number((), kind="amount", blank="unknown"),
            Number(()),
        ),
        target=_target,
        expand=_expand,
        expands=_COLUMNS,
    ),
)
