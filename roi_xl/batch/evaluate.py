"""Evaluates tables of cases: pandas or Dask frames in, the same frames with results out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roi_xl.batch.columns import ERROR, Layout, blank_to_none, lay_out, read_series
from roi_xl.case.evaluate import run
from roi_xl.case.graph_steps import STEPS, Step
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show
from roi_xl.functions.arguments import read
from roi_xl.functions.columns import Column
from roi_xl.text import current_language, text
from roi_xl.units import allowed, words

# Rows computed at a time: so many that numpy's overhead vanishes, so few that a step's columns
# stay in the processor's cache from one step to the next.
BLOCK = 32_768


@dataclass(slots=True)
class Evaluated:
    """Results of a table of cases, in plain arrays; `messages` tells of each bad row what is wrong."""

    length: int
    values: dict[str, NDArray[Any]] = field(default_factory=dict)  # float64, or int8 codes of words
    errors: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    messages: dict[int, str] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Rows with valid inputs for which some result does not exist."""
        if not self.errors:
            return 0
        some = np.zeros(self.length, bool)
        for codes in self.errors.values():
            some |= codes != 0
        some[list(self.messages)] = False
        return int(some.sum())

    def series(self, language: str | None = None) -> dict[str, Any]:
        """Result columns for pandas: floats (NaN where none exists, inf for never) and categories."""
        columns: dict[str, Any] = {}
        for step in STEPS:
            columns[step.name] = values = self.values[step.name]
            if step.quantity.choices:
                kind = _category(step.name, language or current_language())
                columns[step.name] = pd.Categorical.from_codes(values, dtype=kind, validate=False)
        # the dtype is said, or pandas would look through a million blanks to find it
        columns[ERROR] = pd.Series(self.error_column(), dtype=object, copy=False)
        return columns

    def error_column(self) -> NDArray[Any]:
        """The error texts, None where a row is good."""
        column = np.full(self.length, None, object)
        for row, message in self.messages.items():
            column[row] = message
        return column


@cache
def _category(name: str, language: str) -> pd.CategoricalDtype:
    """The ordered words of a result; pandas takes its time to look whether they differ."""
    quantity = next(step.quantity for step in STEPS if step.name == name)
    return pd.CategoricalDtype(words(quantity, language), ordered=True)


def evaluate_frame(frame: Any, language: str | None = None) -> Any:
    """A frame of cases with their results appended, a column a step, and an `error` column.

    Args:
        frame: a pandas or Dask DataFrame; its columns are input names or their Chinese or English
            labels, in any order. Inputs without a column, and missing values, take their defaults;
            other columns are carried through. A column named as a result is replaced.
        language: `zh` or `en`, for results and errors in words; None is the current language.

    Returns:
        A new frame with the same rows, in the same order and with the same index. Numbers are
        floats: NaN where a result does not exist, `inf` for a payback that never comes. Words are
        ordered categories. `error` says of a bad row which column, what was found and what is
        allowed; results that do not depend on the bad value are there all the same.

    Raises:
        BadInput: two columns are the same input, or none is an input.

    Source:
        The source document, `calculate_roi`, with people and maintenance added.

    Example:
        >>> import pandas as pd
        >>> cases = pd.DataFrame({"customer": ["A", "B"], "daily_requests": [10000, -5]})
        >>> answer = evaluate_frame(cases, "en")
        >>> answer[["customer", "payback_months"]].round(3).values.tolist()
        [['A', 0.754], ['B', nan]]
        >>> answer["error"][1]
        'daily_requests (Requests per day) is -5; allowed: a number ≥ 0'
    """
    if type(frame).__module__.split(".")[0].startswith("dask"):
        return _evaluate_lazily(frame, language)
    layout = lay_out(frame.columns)
    language = language or current_language()
    done = evaluate_table(frame, layout, language)
    results = pd.DataFrame(done.series(language), copy=False)
    results.index = frame.index
    kept = frame if not layout.replaced else frame.drop(columns=list(layout.replaced))
    return pd.concat([kept, results], axis=1)


def _evaluate_lazily(frame: Any, language: str | None) -> Any:
    """The Dask frame with results, still lazy; each partition is evaluated by its worker."""
    lay_out(frame.columns)
    language = language or current_language()
    meta = evaluate_frame(frame._meta, language)
    return frame.map_partitions(evaluate_frame, language, meta=meta)


def evaluate_table(
    table: "pd.DataFrame | dict[Any, pd.Series[Any]]", layout: Layout, language: str
) -> Evaluated:
    """The results of the rows of a table whose columns are known already."""
    given = {name: table[heading] for name, heading in layout.inputs.items()}
    length = len(next(iter(given.values())))
    columns = {name: read(i.param, None) for name, i in INPUTS.items() if name not in given}
    columns |= {name: read_series(INPUTS[name].param, series) for name, series in given.items()}
    done = evaluate_columns(columns, length)
    done.messages = _messages(given, columns, language)
    return done


def evaluate_columns(
    columns: dict[str, Column], length: int, steps: Sequence[Step] = STEPS
) -> Evaluated:
    """Run the graph over columns of this length (or scalars), block by block."""
    done = Evaluated(length)
    for step in steps:
        done.values[step.name] = np.empty(length, np.int8 if step.quantity.choices else np.float64)
    for start in range(0, length, BLOCK):
        rows = slice(start, min(start + BLOCK, length))
        results = run({name: _part(column, rows) for name, column in columns.items()}, steps)
        for name, column in results.items():
            _store(done, name, rows, column)
    return done


def _part(column: Column, rows: slice) -> Column:
    if column.values.ndim == 0:
        return column
    errors = column.errors if column.errors is None else column.errors[rows]
    return Column(column.values[rows], errors)


def _store(done: Evaluated, name: str, rows: slice, column: Column) -> None:
    target, values = done.values[name], column.values
    if column.errors is not None:
        if name not in done.errors:
            done.errors[name] = np.zeros(done.length, np.uint8)
        done.errors[name][rows] = column.errors
        if target.dtype == np.int8:
            values = np.where(column.errors != 0, -1, values)
    target[rows] = values


def _messages(
    given: "dict[str, pd.Series[Any]]", columns: dict[str, Column], language: str
) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for name, series in given.items():
        errors = columns[name].errors
        if errors is None:
            continue
        entry = INPUTS[name]
        about = {"label": entry.label(language), "allowed": allowed(entry.quantity, language)}
        for row in np.flatnonzero(errors).tolist():
            cell = show(blank_to_none(series.iloc[row]), language)
            error = BadInput("input_value", name=name, found=cell, **about)
            found.setdefault(row, []).append(error.message(language))
    join = text("batch.join", language)
    return {row: join.join(found[row]) for row in sorted(found)}
