"""Values of inputs written as text, in case files and on the command line."""

from collections.abc import Mapping
from typing import Any

from roi_xl.case.inputs import Input, find_input
from roi_xl.errors import BadInput
from roi_xl.io.numbers import number, percentage
from roi_xl.units import Quantity


def typed_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of inputs, by key or label, with each text that is a number read as one.

    Raises:
        BadInput: no input has one of the names, or a text can be read in two ways.
    """
    return {name: typed_value(find_input(name), value) for name, value in values.items()}


def typed_value(entry: Input, value: Any) -> Any:
    """A value for an input: a number where a text is one, else the value for the input to read.

    Raises:
        BadInput: the text can be read in two ways, such as `1,234`.
    """
    if entry.quantity.kind != "number" or not isinstance(value, str):
        return value.strip() if isinstance(value, str) else value
    found = typed_number(entry.name, entry.quantity, value)
    return value.strip() if found is None else found


def typed_number(name: str, quantity: Quantity, typed: str) -> float | None:
    """The number a text stands for; `10%` is read where the unit is a share or a rate.

    Args:
        name: what the number is for, for the error message.
        quantity: its unit.
        typed: the text.

    Returns:
        the number, or None where the text is none.

    Raises:
        BadInput: the text can be read in two ways, such as `1,234`.
    """
    try:
        if quantity.unit.number_format.endswith("%"):
            share = percentage(typed)
            if share is not None:
                return share
        return number(typed)
    except BadInput as error:
        raise BadInput("in_file", path=name, reason=error) from None
