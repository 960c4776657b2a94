"""Azure cost exports (actual or amortized, Enterprise Agreement or Customer Agreement).

Token meters are told by their names, `gpt 4o 0513 Input global Tokens`; cached input has a meter of its
own. Dates of Enterprise exports have the month first. Requests are not counted.
"""

from roi_xl.usage.cell_values import MONTH_FIRST, name_of
from roi_xl.usage.declaration import MONEY, Format, Key, Number, Target, Values, bucket, currency_of
from roi_xl.usage.directions import direction, measures, model_of, tokens_per_unit

_USED = ("usage", "")


def _target(keys: Values, order: str | None) -> Target | None:
    date, meter, unit_text, currency, charge = keys
    start, end = bucket(date, "", order)
    if "token" not in meter.lower():  # another service, which shows that its day is in the file
        return Target(start, end) if charge.lower() in _USED else None
    currency = currency_of(currency)
    unit, kind = tokens_per_unit(unit_text), direction(meter)
    if unit is None or kind is None or charge.lower() not in _USED:
        return Target(start, end, adds=((MONEY, 1, 1.0),), currency=currency, aside=meter[:100])
    adds = tuple((measure, 0, unit) for measure in measures(kind))
    model = name_of(model_of(meter), "MeterName")
    return Target(start, end, model, (*adds, (MONEY, 1, 1.0)), currency=currency)


_COST = ("costinbillingcurrency", "cost", "pretaxcost")

FORMATS = (
    Format(
        name="azure_cost",
        family="azure",
        signature=(
            ("date", "usagedatetime"),
            ("metername",),
            ("unitofmeasure",),
            ("quantity", "usagequantity"),
            _COST,
            ("billingcurrency", "billingcurrencycode"),
        ),
        keys=(
            Key(("date", "usagedatetime"), date=True),
            Key(("metername",)),
            Key(("unitofmeasure",)),
            Key(("billingcurrency", "billingcurrencycode")),
            Key(("chargetype",)),
        ),
        numbers=(
            Number(("quantity", "usagequantity"), kind="amount", blank="needed"),
            Number(_COST, kind="amount", blank="needed"),
        ),
        target=_target,
        requests=False,
        slashes=MONTH_FIRST,
    ),
)
