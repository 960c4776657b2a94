"""Columns of a table of cases: which of them are inputs, and what each cell of them says."""

import difflib
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table: inputs by name, those carried through, those that are recomputed."""

    inputs: dict[str, Hashable]
    carried: tuple[Hashable, ...]
    replaced: tuple[Hashable, ...]
    near: dict[str, str]  # a carried column that may be a misspelt input, and that input

    @property
    def kept(self) -> tuple[Hashable, ...]:
        """The columns of the answer that stand before the results, in no particular order."""
        return (*self.inputs.values(), *self.carried)

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs without a column, which take their defaults."""
        return tuple(name for name in INPUTS if name not in self.inputs)


known_names = input_names  # every heading that means an input


def lay_out(headings: Iterable[Hashable]) -> Layout:
    """What each column of a table is.

    Raises:
        BadInput: two columns are the same input, or none is an input.
    """
    names = known_names()
    inputs: dict[str, Hashable] = {}
    carried: list[Hashable] = []
    replaced: list[Hashable] = []
    headings = list(headings)
    for heading in headings:
        name = names.get(fold(str(heading)))
        if name is None:
            (replaced if heading in RESULTS else carried).append(heading)
        elif name in inputs:
            raise BadInput("column_twice", name=name, first=inputs[name], second=heading)
        else:
            inputs[name] = heading
    if not inputs:
        found = ", ".join(show(str(h)) for h in headings[:8]) or "–"
        raise BadInput("no_input_columns", found=found, allowed=", ".join(list(INPUTS)[:4]))
    return Layout(inputs, tuple(carried), tuple(replaced), _near(carried, inputs))


def _near(carried: Iterable[Hashable], taken: Iterable[str]) -> dict[str, str]:
    names = {folded: name for folded, name in known_names().items() if name not in set(taken)}
    found = {}
    for heading in map(str, carried):
        match = difflib.get_close_matches(fold(heading), names, n=1, cutoff=0.8)
        if match:
            found[heading] = names[match[0]]
    return found


# --- reading a column ----------------------------------------------------------------------------


def read_series(param: Param, series: "pd.Series[Any]") -> Column:
    """A column of a frame as the engine takes it: what is missing takes the default."""
    kind = param.quantity.kind
    if kind != "number":
        return _read_words(param, series)
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
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
    """Numbers with something else among them; only what is no float is looked at one by one."""
    odd = [i for i, cell in enumerate(cells) if type(cell) is not float]
    numbers = np.array([c if type(c) is float else math.nan for c in cells], np.float64)
    column = _read_numbers(param, numbers)
    values = np.array(column.values)
    errors = np.zeros(len(cells), np.uint8) if column.errors is None else np.array(column.errors)
    for i in odd:
        values[i], errors[i] = read_value(param, blank_to_none(cells[i]))
    return Column(values, errors if errors.any() else None)


def _read_words(param: Param, series: "pd.Series[Any]") -> Column:
    """Words of a closed set or texts: each different one is looked at once."""
    places, words = pd.factorize(series.astype(object))
    pairs = [*(read_value(param, word) for word in words), read_value(param, None)]
    dtype: Any = object if param.quantity.kind == "text" else np.float64
    values = np.array([value for value, _ in pairs], dtype)[places]
    codes = np.array([code for _, code in pairs], np.uint8)
    errors = codes[places] if codes.any() else None
    return Column(values, errors if errors is not None and errors.any() else None)


def blank_to_none(cell: Any) -> Any:
    """A cell, with every way pandas says "nothing here" as None."""
    missing = cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell))
    return None if missing else cell
