"""The columns of a table of cases: which are inputs, and the values their cells hold."""

import difflib
import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS, input_names
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show
from roi_xl.functions.arguments import read, read_value
from roi_xl.functions.columns import Column
from roi_xl.functions.declare import Param
from roi_xl.units import fold

ERROR = "error"
RESULTS = (*(step.name for step in STEPS), ERROR)
_RESULT_NAMES = frozenset(RESULTS)
# difflib compares only headings that share enough letter pairs with an input's name, and not for
# ever: a table may have a hundred thousand columns
_SHARED_PAIRS = 0.5
_MOST_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table: inputs by name, carried columns, and results to recompute."""

    inputs: dict[str, Hashable]
    carried: tuple[Hashable, ...]
    replaced: tuple[Hashable, ...]
    near: dict[str, str]  # carried columns that may be misspelt inputs, and those inputs

    @property
    def evaluated(self) -> tuple[Hashable, ...]:
        """The columns that decide the results: inputs, and the errors of an earlier batch."""
        earlier = (ERROR,) if ERROR in self.replaced else ()
        return (*self.inputs.values(), *earlier)

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs without a column, which take their defaults."""
        return tuple(name for name in INPUTS if name not in self.inputs)


known_names = input_names  # every heading that means an input


def input_of(heading: Hashable) -> str | None:
    """The input that a heading means; None for other columns, results among them.

    A heading such as `contingency` may be a result's name and read like an input's label as well.
    """
    if heading in _RESULT_NAMES and heading not in INPUTS:
        return None
    return known_names().get(fold(str(heading)))


def lay_out(headings: Iterable[Hashable]) -> Layout:
    """What each column of a table is.

    Raises:
        BadInput: two columns are the same input, or none is an input.
    """
    inputs: dict[str, Hashable] = {}
    carried: list[Hashable] = []
    replaced: list[Hashable] = []
    headings = list(headings)
    for heading in headings:
        name = input_of(heading)
        if name is None:
            (replaced if heading in _RESULT_NAMES else carried).append(heading)
        elif name in inputs:
            raise BadInput("column_twice", name=name, first=inputs[name], second=heading)
        else:
            inputs[name] = heading
    if not inputs:
        found = ", ".join(show(str(h)) for h in headings[:8]) or "–"
        raise BadInput("no_input_columns", found=found, allowed=", ".join(list(INPUTS)[:4]))
    return Layout(inputs, tuple(carried), tuple(replaced), _near(carried, inputs))


def repeated(headings: Iterable[Hashable]) -> Hashable | None:
    """The first heading that occurs a second time; None where all differ."""
    seen: set[Hashable] = set()
    for heading in headings:
        if heading in seen:
            return heading
        seen.add(heading)
    return None


def _near(carried: Iterable[Hashable], taken: Iterable[str]) -> dict[str, str]:
    """Carried columns that look like a misspelt input which has no column, and that input."""
    names, used = known_names(), set(taken)
    words_with = _words_by_letter_pair()
    found: dict[str, str] = {}
    compared = 0
    for heading in map(str, carried):
        folded = fold(heading)
        own = _letter_pairs(folded)
        shared = Counter(word for pair in own for word in words_with.get(pair, ()))
        enough = _SHARED_PAIRS * len(own)
        alike = [w for w, count in shared.items() if count >= enough and names[w] not in used]
        if alike:
            compared += 1
            match = difflib.get_close_matches(folded, alike, n=1, cutoff=0.8)
            if match:
                found[heading] = names[match[0]]
        if compared == _MOST_COMPARED:
            break
    return found


@cache
def _words_by_letter_pair() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in known_names():
        for pair in _letter_pairs(word):
            found.setdefault(pair, []).append(word)
    return {pair: tuple(words) for pair, words in found.items()}


def _letter_pairs(word: str) -> set[str]:
    return set(map("".join, pairwise(word)))


# --- reading a column ----------------------------------------------------------------------------


def read_series(param: Param, series: "pd.Series[Any]") -> Column:
    """A column of a frame as the model takes it; missing values take the default."""
    if param.quantity.kind != "number":
        return _read_words(param, series)
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "fiu":
        return _read_numbers(param, series.to_numpy(np.float64))
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype):
        return _read_numbers(param, series.to_numpy(np.float64, na_value=math.nan))
    return _read_mixed(param, series.astype(object).tolist())


def _read_numbers(param: Param, values: "np.ndarray[Any, np.dtype[np.float64]]") -> Column:
    if not values.size:
        return Column(values)
    column = read(param, values)
    if column.errors is None:
        return column
    missing = np.isnan(values)
    if not missing.any():
        return column
    default, code = read_value(param, None)
    errors = np.where(missing, np.uint8(code), column.errors)
    return Column(np.where(missing, default, column.values), errors if errors.any() else None)


def _read_mixed(param: Param, cells: list[Any]) -> Column:
    """Numbers mixed with other cells; only the other cells are read one by one."""
    odd = [i for i, cell in enumerate(cells) if type(cell) is not float]
    numbers = np.array([c if type(c) is float else math.nan for c in cells], np.float64)
    column = _read_numbers(param, numbers)
    values = np.array(column.values)
    errors = np.zeros(len(cells), np.uint8) if column.errors is None else np.array(column.errors)
    for i in odd:
        values[i], errors[i] = read_value(param, blank_to_none(cells[i]))
    return Column(values, errors if errors.any() else None)


def _read_words(param: Param, series: "pd.Series[Any]") -> Column:
    """Texts, or words of a closed set; each distinct one is read once."""
    places, words = pd.factorize(series.astype(object))
    pairs = [*(read_value(param, word) for word in words), read_value(param, None)]
    dtype: Any = object if param.quantity.kind == "text" else np.float64
    values = np.array([value for value, _ in pairs], dtype)[places]
    codes = np.array([code for _, code in pairs], np.uint8)
    errors = codes[places] if codes.any() else None
    return Column(values, errors if errors is not None and errors.any() else None)


def blank_to_none(cell: Any) -> Any:
    """The cell, or None for any of pandas' missing values."""
    missing = cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell))
    return None if missing else cell
