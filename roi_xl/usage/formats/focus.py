"""FOCUS 1.0 to 1.3, of any provider: rows whose unit is tokens and whose meter says which tokens.

Amounts are EffectiveCost; what is bought ahead, taxed or credited is not usage. Requests are not
counted. A unit called token without a direction is a provider's own currency and no model usage.
"""

import datetime as dt

from roi_xl.usage.cell_values import name_of
from roi_xl.usage.declaration import MONEY, Format, Key, Number, Target, Values, bucket, currency_of
from roi_xl.usage.directions import direction, measures, model_of, tokens_per_unit

BILLED = "billed"


def _target(keys: Values, order: str | None) -> Target | None:
    start_text, end_text, category, currency, consumed, priced, *names = keys
    unit, index = _unit(consumed), 0
    if unit is None:
        unit, index = _unit(priced), 1
    if unit is None:
        return _covers(start_text, end_text, category, order)
    start, end = bucket(start_text, end_text, order)
    currency = currency_of(currency)
    name = next((n for n in names if direction(n)), "")
    kind = direction(name)
    if category.lower() != "usage" or kind is None:
        label = next((n for n in names if n), category)[:100]
        return Target(start, end, adds=((MONEY, 2, 1.0),), currency=currency, aside=label)
    adds = [(measure, index, unit) for measure in measures(kind)]
    adds += [(MONEY, 2, 1.0), (BILLED, 3, 1.0)]
    return Target(start, end, name_of(model_of(name), "model"), tuple(adds), currency=currency)


def _covers(start: str, end: str, category: str, order: str | None) -> Target | None:
    """Where a row of another service shows that its day is in the file."""
    if category.lower() != "usage":
        return None
    first, last = bucket(start, end, order)
    return Target(first, last) if last - first <= dt.timedelta(days=1) else None


def _unit(unit: str) -> float | None:
    return tokens_per_unit(unit) if "tok" in unit.lower() else None


FORMATS = (
    Format(
        name="focus",
        family="focus",
        signature=(
            ("chargeperiodstart",),
            ("chargecategory",),
            ("effectivecost",),
            ("billingcurrency",),
        ),
        keys=(
            Key(("chargeperiodstart",), date=True),
            Key(("chargeperiodend",), date=True),
            Key(("chargecategory",)),
            Key(("billingcurrency",)),
            Key(("consumedunit",)),
            Key(("pricingunit",)),
            Key(("skumeter", "x_skumetername")),
            Key(("chargedescription",)),
            Key(("skuid",)),
        ),
        numbers=(
            Number(("consumedquantity",), kind="amount", blank="needed"),
            Number(("pricingquantity",), kind="amount", blank="needed"),
            Number(("effectivecost",), kind="amount", blank="needed"),
            Number(("billedcost",), kind="amount"),
        ),
        target=_target,
        requests=False,
    ),
)
