"""The results of a case by name, with accessors that type checkers understand."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import BadInput, ErrorValue
from roi_xl.functions.answers import show
from roi_xl.units import nearest


class Results(dict[str, Any]):
    """Results by step name, as `evaluate_case` returns them.

    `results["npv"]` is whatever the step gives: a float, a word, None, an ErrorValue or an array.
    `number`, `word` and `array` return one kind and refuse the others.

    Example:
        >>> results = Results(npv=82167.4, recommendation="Recommended")
        >>> results.number("npv") / 1000
        82.1674
    """

    def __missing__(self, name: str) -> Any:
        raise KeyError(
            BadInput("unknown_step", found=show(name), hint=nearest(name, self)).message()
        )

    def number(self, name: str) -> float:
        """A result as a float; infinity where a payback never comes.

        Raises:
            BadInput: the result is a word, an error, an array or unknown.
        """
        value = self[name]
        if isinstance(value, float):
            return value
        raise self._other_kind(name, "number")

    def word(self, name: str) -> str:
        """A result in words.

        Raises:
            BadInput: the result is a number, an error, an array or unknown.
        """
        value = self[name]
        if isinstance(value, str) and not isinstance(value, ErrorValue):
            return value
        raise self._other_kind(name, "text")

    def array(self, name: str) -> NDArray[Any]:
        """A result of many cases, one element per case.

        Raises:
            BadInput: the results are those of one case.
        """
        value = self[name]
        if isinstance(value, np.ndarray):
            return value
        raise self._other_kind(name, "array")

    def _other_kind(self, name: str, wanted: str) -> BadInput:
        return BadInput(f"result_no_{wanted}", name=name, found=show(self[name]))
