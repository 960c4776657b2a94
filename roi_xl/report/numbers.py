"""Figures as people read them: the workbook's own number formats, amounts with their currency's sign."""

import math
import re
from typing import Any

from roi_xl.text import text, unit_text
from roi_xl.units import Quantity

_PLACES = re.compile(r"\.(0*)(#*)")
_TYPED = "#,##0.########"
WHOLE_FROM = 100_000.0  # amounts from here on are written without decimals
MOST_IRR = 9.99  # above, the rate says nothing but that payback is short


def formatted(number_format: str, value: float) -> str:
    """A number in a cell's format: thousands separated, places as the format has them.

    Example:
        >>> formatted("#,##0.00", 1234.5), formatted("0.0%", 0.08), formatted("#,##0.00##", 0.001)
        ('1,234.50', '8.0%', '0.001')
    """
    percent = number_format.endswith("%")
    found = _PLACES.search(number_format)
    needed, more = (len(found[1]), len(found[2])) if found else (0, 0)
    said = f"{value * 100 if percent else value:,.{needed + more}f}"
    if more:
        whole, _, places = said.partition(".")
        said = f"{whole}.{places[:needed]}{places[needed:].rstrip('0')}".rstrip(".")
    said = _no_minus_zero(said)
    return f"{said}%" if percent else said


def _no_minus_zero(said: str) -> str:
    return said if said.strip("-0,.") else said.lstrip("-")


def money(value: float, currency: str, places: int | None = None) -> str:
    """An amount with the sign of its currency, a minus before it.

    Args:
        value: the amount.
        currency: its code.
        places: decimals; None is two below 100,000 and none from there on.

    Example:
        >>> money(-40765.83, "EUR"), money(1234567.8, "EUR"), money(-0.4, "EUR", 0)
        ('-€40,765.83', '€1,234,568', '€0')
    """
    if places is None:
        places = 0 if abs(value) >= WHOLE_FROM else 2
    said = _no_minus_zero(f"{value:,.{places}f}")
    minus, digits = ("-", said[1:]) if said.startswith("-") else ("", said)
    return f"{minus}{text(f'currency.{currency}')}{digits}"


def shown(
    quantity: Quantity, value: Any, *, typed: bool = False, currency: str | None = None
) -> str:
    """A value with its unit as a person reads it; a blank is a dash.

    What somebody typed keeps the places it was typed with; a result has those of its unit. Amounts
    are in `currency`.

    Example:
        >>> from roi_xl.units import RATE_PER_YEAR, quantity_of
        >>> shown(quantity_of(RATE_PER_YEAR), 0.5)
        '50.0%/年'
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return str(value)
    if value == math.inf:
        return text(f"choice.{quantity.infinity}")
    number_format = quantity.unit.number_format
    if typed:
        number_format = _TYPED + "%" * number_format.endswith("%")
    said = formatted(number_format, value)
    if quantity.unit.key == "fraction":
        return said
    unit = unit_text(quantity.unit.key, currency=currency)
    return f"{said}{unit}" if unit.startswith("/") else f"{said} {unit}"
