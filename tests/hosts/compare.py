"""Whether two hosts agree: the same shape, text and errors, and numbers to a part in 10^9."""

import math
from typing import Any


def difference(expected: Any, actual: Any) -> float:
    """The worst relative difference of two answers; infinite where they are not the same at all."""
    if isinstance(expected, list) or isinstance(actual, list):
        if not (isinstance(expected, list) and isinstance(actual, list)):
            return math.inf
        if len(expected) != len(actual):
            return math.inf
        return max(map(difference, expected, actual), default=0.0)
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        if bool in (type(expected), type(actual)) and type(expected) is not type(actual):
            return math.inf
        largest = max(abs(expected), abs(actual))
        return abs(expected - actual) / largest if largest else 0.0
    return 0.0 if expected == actual and type(expected) is type(actual) else math.inf


def agree(expected: Any, actual: Any, tolerance: float = 1e-9) -> bool:
    """Whether the answers are the same but for rounding."""
    return difference(expected, actual) <= tolerance
