"""Hypothesis strategies for arguments and cases that a person could type."""

import math
from typing import Any

from hypothesis import strategies as st

from roi_xl.case.inputs import INPUTS
from roi_xl.functions.declare import Function
from roi_xl.units import Quantity

_LARGEST = {
    "money": 1e7,
    "money_per_request": 1.0,
    "money_per_gpu_hour": 100.0,
    "requests_per_day": 1e7,
    "months": 120.0,
}


_NAMES = (None, "A100-80GB", "h100", "RunPod", "no such thing")


def number(quantity: Quantity) -> st.SearchStrategy[float]:
    """A plausible number inside the bounds, zero and other limits often among them."""
    top = quantity.upper if quantity.upper is not None else _LARGEST.get(quantity.unit.key, 1e4)
    low = -top if quantity.lower is None else quantity.lower
    if quantity.whole:
        return st.integers(math.ceil(low), int(top)).map(float)
    # six places, as people type; sums of such numbers cancel no further than 1e-9 can tell
    drawn = st.one_of(st.floats(low, top).map(lambda x: round(x, 6)), st.just(low), st.just(top))
    if quantity.lower_open:
        return drawn.map(lambda x: top if x <= low else x)
    return drawn


def argument(quantity: Quantity) -> st.SearchStrategy[Any]:
    """A value that a quantity may have."""
    if quantity.choices:
        return st.sampled_from(quantity.choices)
    if quantity.form == "month":
        return st.sampled_from((None, "2026-10", "2027-01"))
    if quantity.kind == "text":
        return st.sampled_from(_NAMES)
    if quantity.never:
        return st.one_of(number(quantity), st.just(math.inf))
    return number(quantity)


def clean_arguments(function: Function) -> st.SearchStrategy[list[Any]]:
    """A full list of arguments inside their bounds, without the language of the answer."""
    shown = [p for p in function.all_params if p.name not in function.inner]
    return st.tuples(*(argument(p.quantity) for p in shown)).map(list)


def cases(names: tuple[str, ...] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Input values of a case, inside their bounds."""
    drawn = {n: argument(INPUTS[n].quantity) for n in names or tuple(INPUTS)}
    if "currency" in drawn:  # which needs a rate other than 1
        drawn["currency_per_usd"] = st.sampled_from((0.9, 7.2, 150.0))
    return st.fixed_dictionaries(drawn)
