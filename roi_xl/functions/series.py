"""Sums over months: a loop where the arguments are numbers, one SUMPRODUCT where they are symbols."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from roi_xl.functions.trace import Call, Months, Symbol
from roi_xl.units import Num


def power_sum(weight: Callable[[Any], Any], base: Any, count: Any) -> Num:
    """The sum of weight(i) · base^i over i = 0, 1, … below `count`.

    Every term that counts is added up, so no closed form loses digits where `base` is near 1, and
    memory stays that of the arguments.

    Args:
        weight: a function of i without branches; comparisons stand for 0 and 1, as in a range formula.
        base: at least 0; 0^0 is 1.
        count: how many terms, at least 0.

    Returns:
        the sum in the broadcast shape of the arguments, or a symbol.
    """
    first = weight(0.0)
    if any(isinstance(x, Symbol) for x in (first, base, count)):
        month = Symbol(Months())
        # a spreadsheet's 0^0 is an error: the first base is lifted above 0 instead
        summed = (month < count) * weight(month) * (base + (month == 0.0)) ** month
        answer: Any = Symbol(Call("SUMPRODUCT", (summed.node,)))
        return cast(Num, answer)
    most = _most(count)
    if np.ndim(first) == 0 and np.ndim(count) == 0:
        steps = np.arange(most, dtype=np.float64)
        weights: Any = np.broadcast_to((steps < count) * weight(steps), steps.shape).tolist()
    else:
        weights = _Weights(weight, count)
    total = np.zeros(np.broadcast_shapes(*map(np.shape, (first, base, count))))
    for i in range(most - 1, -1, -1):
        total *= base
        total += weights[i]
    return cast(Num, total[()])


def _most(count: Any) -> int:
    known = np.where(np.isfinite(count), count, 0.0)
    return int(np.ceil(np.max(known, initial=0.0)))


class _Weights:
    """The weights of many cases, one month at a time."""

    def __init__(self, weight: Callable[[Any], Any], count: Any) -> None:
        self.weight, self.count = weight, count

    def __getitem__(self, i: int) -> Any:
        return (i < self.count) * self.weight(float(i))
