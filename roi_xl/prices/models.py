"""Prices of hosted models, from the offline data of genai-prices (imported only when used)."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from roi_xl.errors import NotListedError
from roi_xl.prices.names import hint

_FIELDS = {"input": "input_mtok", "output": "output_mtok", "cached": "cache_read_mtok"}

# Who sells the models a business case is likely to compare; the look-up knows all the others too.
SHOWN_PROVIDERS = (
    "openai",
    "anthropic",
    "google",
    "deepseek",
    "mistral",
    "x-ai",
    "zai",
    "moonshotai",
    "minimax",
    "together",
    "fireworks",
    "groq",
)


@dataclass(frozen=True, slots=True)
class ModelPrices:
    """One model: USD per million tokens, None where the provider states none."""

    provider: str
    model: str
    input_price: float
    output_price: float
    cached_price: float | None
    url: str


@lru_cache(maxsize=1)
def source() -> str:
    """Where the prices come from, with its version."""
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')} (MIT)"


@lru_cache(maxsize=1)
def _snapshot() -> Any:
    try:
        from genai_prices.data import providers
        from genai_prices.data_snapshot import DataSnapshot
    except ImportError:
        raise NotListedError("genai_missing") from None
    return DataSnapshot(providers=providers, from_auto_update=False)


def price(model: str, kind: str, provider: str | None = None) -> float:
    """USD per million tokens of a model, of its lowest context tier, as of today.

    Raises:
        NotListedError: no such model or provider, or it states no such price.
    """
    snapshot = _snapshot()
    at = None if provider is None else _provider(snapshot, provider)
    try:
        _, found = snapshot.find_provider_model(model.strip(), at, None, None)
    except LookupError:
        known = snapshot.providers if at is None else [at]
        near = hint(model, (m.id for p in known for m in p.models))
        where = at.id if at is not None else source()
        raise NotListedError("model_not_listed", found=model, where=where, hint=near) from None
    value = _base(getattr(_prices(found), _FIELDS[kind], None))
    if value is None:
        raise NotListedError("model_no_price", found=found.id, kind=_word(kind))
    return value


def _word(kind: str) -> str:
    from roi_xl.text import text

    return text(f"choice.{kind}")


def _provider(snapshot: Any, name: str) -> Any:
    wanted = name.strip().casefold()
    for provider in snapshot.providers:
        if wanted in (provider.id.casefold(), str(provider.name).casefold()):
            return provider
    known = [p.id for p in snapshot.providers]
    raise NotListedError("provider_not_listed", found=name, hint=hint(name, known))


def _prices(model: Any, day: dt.date | None = None) -> Any:
    # noon, so that a price by the hour is the same all day
    day = day or dt.datetime.now(dt.UTC).date()
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return model.get_prices(noon)


def _base(stated: Any) -> float | None:
    if stated is None:
        return None
    value = float(getattr(stated, "base", stated))
    return value if math.isfinite(value) else None


def listed(day: dt.date) -> Iterator[ModelPrices]:
    """The models shown on the workbook's sheet, by provider, at their prices of a day."""
    snapshot = _snapshot()
    by_id = {p.id: p for p in snapshot.providers}
    for name in SHOWN_PROVIDERS:
        provider = by_id.get(name)
        if provider is None:
            continue
        for model in provider.models:
            prices = _prices(model, day)
            bought = _base(getattr(prices, "input_mtok", None))
            sold = _base(getattr(prices, "output_mtok", None))
            if model.deprecated or not bought or not sold:
                continue
            cached = _base(getattr(prices, "cache_read_mtok", None))
            url = (provider.pricing_urls or [""])[0]
            yield ModelPrices(name, model.id, bought, sold, cached, url)
