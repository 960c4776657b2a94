"""Amounts of a bill in the currency of a case, where a rate between the two is known."""

from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput

USD = "USD"


def rate_between(currency: str, case: Case) -> float:
    """How much of the case's currency one unit of a bill's currency is.

    Args:
        currency: the bill's.
        case: its `currency_per_usd` and the exchange rates of its price sheet are the known rates.

    Raises:
        BadInput: no rate is known for the bill's currency.

    Example:
        >>> rate_between("USD", Case(currency="CNY", currency_per_usd=7.2))
        7.2
    """
    own = str(case["currency"])
    if currency == own:
        return 1.0
    rates = dict(case.prices.rates) if case.prices is not None else {}
    per_usd = {**rates, own: float(case["currency_per_usd"]), USD: 1.0}
    if currency not in per_usd:
        raise BadInput("usage.no_rate", found=currency, wanted=own)
    return per_usd[own] / per_usd[currency]
