"""One row of the calculation: what it is called, which function computes it, and from what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roi_xl.functions.declare import Function, declared
from roi_xl.text import text
from roi_xl.units import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the calculation; `args` name inputs or earlier steps, in the function's order.

    `default_` before an input's name means its default, and PRICE_SHEET the case's own GPU prices.
    """

    name: str
    function: Function
    args: tuple[str, ...]
    block: str
    over_flows: bool = False  # computed from whole rows of the monthly series

    @property
    def quantity(self) -> Quantity:
        """Unit of the result, as the function declares it."""
        return self.function.returns

    def label(self, language: str | None = None) -> str:
        """The step's name in words."""
        return text(f"quantity.{self.name}.label", language)


def step(
    name: str, block: str, function: Callable[..., Any], *args: str, over_flows: bool = False
) -> Step:
    """A step from a function that carries `@ft`."""
    return Step(name, declared(function), args, block, over_flows)
