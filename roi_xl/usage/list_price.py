"""Tokens at list prices, to set against a bill."""

from collections.abc import Mapping
from dataclasses import dataclass

from roi_xl.errors import NotListedError
from roi_xl.prices.models import price
from roi_xl.usage.daily import Sums
from roi_xl.usage.declaration import CACHED, INPUT, OUTPUT

MILLION = 1e6


@dataclass(frozen=True, slots=True)
class ListPrices:
    """Tokens of models at their list prices of today, USD, and models that have none."""

    by_model: Mapping[str, float]
    unknown: tuple[str, ...]


def at_list_prices(models: Mapping[str, Sums], provider: str | None) -> ListPrices:
    """What tokens cost at list prices; tokens written to a cache count as ordinary input.

    Args:
        models: token sums by model.
        provider: whose prices; None: whoever lists the model.
    """
    known: dict[str, float] = {}
    unknown = []
    for name, sums in models.items():
        try:
            known[name] = _cost(name, sums, provider)
        except NotListedError:
            unknown.append(name)
    return ListPrices(known, tuple(unknown))


def _cost(model: str, sums: Sums, provider: str | None) -> float:
    if not model:
        raise NotListedError("model_not_listed", found="", where="", hint="")
    bought = price(model, "input", provider)
    sold = price(model, "output", provider)
    cached = sums.get(CACHED)
    reduced = bought
    if cached:
        try:
            reduced = price(model, "cached", provider)
        except NotListedError:
            reduced = bought
    plain = sums.get(INPUT) - cached
    return (plain * bought + cached * reduced + sums.get(OUTPUT) * sold) / MILLION
