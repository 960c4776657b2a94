"""Figures as people read them: the workbook's own number formats, in words where they are words."""

import math
import re
from typing import Any

from roi_xl.text import text, unit_text
from roi_xl.units import Quantity

_PLACES = re.compile(r"\.(0*)(#*)")
_TYPED = "#,##0.########"


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
    if not said.strip("-0,."):  # no minus before a nought
        said = said.lstrip("-")
    return f"{said}%" if percent else said


def shown(
    quantity: Quantity, value: Any, *, typed: bool = False, currency: str | None = None
) -> str:
    """A value with its unit as a person reads it; a blank is a dash, an error its own text.

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
