"""Amounts on a common grid of binary fractions, so that their sums and differences are exact."""

import math
from collections.abc import Iterable

_DIGITS = 53  # binary digits of a float


def grid_of(amounts: Iterable[float], terms: int = 2) -> float:
    """The step of a grid on which sums of so many of these amounts have no rounding error.

    Args:
        amounts: finite amounts; the largest decides.
        terms: how many amounts are added or subtracted at most.

    Returns:
        a power of two: the largest amount × 2⁻⁵² for two terms, and so far less than any amount of
        money that can be paid.

    Example:
        >>> step = grid_of([82167.4, 0.1])
        >>> on_grid(82167.4, step) - on_grid(0.1, step) + on_grid(0.1, step) == 82167.4
        True
    """
    largest = max(map(abs, amounts), default=0.0)
    exponent = math.frexp(largest)[1] + math.ceil(math.log2(max(terms, 1)))
    return math.ldexp(1.0, max(exponent - _DIGITS, -1000))


def on_grid(amount: float, step: float) -> float:
    """The amount, at most half a step away from the given one."""
    return round(amount / step) * step
