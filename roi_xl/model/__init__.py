"""The economics: pure numpy functions, floats in, floats out. Importing it fills FUNCTIONS."""

from roi_xl.functions.declare import FUNCTIONS
from roi_xl.model import (
    about,
    cashflow,
    cost,
    decision,
    flows,
    irr,
    npv,
    returns,
    savings,
    training,
)
from roi_xl.prices import lookup

# The order in which help pages list the functions; modules are imported in alphabetical order.
_ORDER = [
    m.__name__
    for m in (
        cost,
        savings,
        returns,
        cashflow,
        npv,
        irr,
        flows,
        decision,
        lookup,
        training,
        about,
    )
]
_sorted = sorted(FUNCTIONS.items(), key=lambda item: _ORDER.index(item[1].python.__module__))
FUNCTIONS.clear()
FUNCTIONS.update(_sorted)

__all__ = ["FUNCTIONS"]
