"""Evaluates tables of cases: pandas or Dask frames in, the same frames with results out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roi_xl.batch.columns import ERROR, Layout, blank_to_none, lay_out, read_series
from roi_xl.batch.workers import all_cores, in_order
from roi_xl.case.evaluate import run
from roi_xl.case.graph_steps import STEPS, Step
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput, ErrorValue, NotListedError, RoiError
from roi_xl.functions.answers import show
from roi_xl.functions.arguments import read
from roi_xl.functions.columns import VALUE, Column
from roi_xl.functions.declare import Param
from roi_xl.text import LANGUAGES, current_language, text
from roi_xl.units import allowed, words

# Rows computed at a time: enough to hide numpy's overhead, few enough that a step's columns stay in
# the processor's cache. The blocks are the same for any number of workers, and so are the results.
BLOCK = 32_768
CURRENCY, CURRENCY_RATE, RATE_STEP = "currency", "currency_per_usd", "currency_rate"


@dataclass(slots=True)
class Evaluated:
    """Results of a table of cases as plain arrays; `messages` holds the errors of bad rows."""

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
        # without a dtype pandas would search a million blanks for one
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
    """The ordered words of a result, cached because pandas checks that they differ."""
    quantity = next(step.quantity for step in STEPS if step.name == name)
    return pd.CategoricalDtype(words(quantity, language), ordered=True)


def evaluate_frame(frame: Any, language: str | None = None, workers: int | None = None) -> Any:
    """A frame of cases with their results appended, one column per step, and an `error` column.

    Args:
        frame: a pandas or Dask DataFrame; its columns are input names or their Chinese or English
            labels, in any order. Inputs without a column, and missing values, take their defaults;
            other columns are carried through. A column named as a result is replaced. Where an
            earlier `error` names an input whose cell is now missing, the row stays bad.
        language: `zh` or `en`, for results and errors in words; default: the current language.
        workers: number of threads; default: one per processor core. Results do not depend on it.

    Returns:
        A new frame with the same rows, in the same order and with the same index. Numbers are
        floats: NaN where a result does not exist, `inf` for a payback that never comes. Words are
        ordered categories. The `error` of a bad row names the column, what was found and what is
        allowed; results that do not depend on the bad value are given all the same.

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
        return _evaluate_lazily(frame, language, workers)
    layout = lay_out(frame.columns)
    language = language or current_language()
    done = evaluate_table(frame, layout, language, workers or all_cores())
    results = pd.DataFrame(done.series(language), copy=False)
    results.index = frame.index
    kept = frame if not layout.replaced else frame.drop(columns=list(layout.replaced))
    return pd.concat([kept, results], axis=1)


def _evaluate_lazily(frame: Any, language: str | None, workers: int | None) -> Any:
    """The Dask frame with results, still lazy; each partition is evaluated where it is stored.

    A partition takes one thread unless more are asked for, since Dask runs partitions in parallel.
    """
    lay_out(frame.columns)
    language = language or current_language()
    meta = evaluate_frame(frame._meta, language)
    return frame.map_partitions(evaluate_frame, language, workers or 1, meta=meta)


def evaluate_table(
    table: "pd.DataFrame | dict[Any, pd.Series[Any]]",
    layout: Layout,
    language: str,
    workers: int = 1,
) -> Evaluated:
    """The results of the rows of a table whose columns are known already."""
    given = {name: table[heading] for name, heading in layout.inputs.items()}
    length = len(next(iter(given.values())))
    columns = {
        name: read_series(entry.param, given[name]) if name in given else _default(entry.param)
        for name, entry in INPUTS.items()
    }
    kept: dict[int, dict[str, str]] = {}
    if ERROR in layout.replaced:
        kept = _unsettled(_one_column(table[ERROR]), given)
        _mark(columns, kept, length)
    done = evaluate_columns(columns, length, workers=workers)
    messages = _messages(given, columns, kept, language)
    _add_missing_rates(messages, columns, done, language)
    _add_unlisted(messages, columns, done, language)
    join = text("batch.join", language)
    done.messages = {row: join.join(messages[row]) for row in sorted(messages)}
    return done


@cache
def _default(param: Param) -> Column:
    return read(param, None)


def evaluate_columns(
    columns: Mapping[str, Column], length: int, steps: Sequence[Step] = STEPS, workers: int = 1
) -> Evaluated:
    """Run the graph over columns of this length (or scalars), block by block."""
    done = Evaluated(length)
    for step in steps:
        done.values[step.name] = np.empty(length, np.int8 if step.quantity.choices else np.float64)

    def evaluate_block(rows: slice) -> None:
        results = run({name: _part(column, rows) for name, column in columns.items()}, steps)
        for name, column in results.items():
            _store(done, name, rows, column)

    blocks = [slice(i, min(i + BLOCK, length)) for i in range(0, length, BLOCK)]
    for _ in in_order(evaluate_block, blocks, min(workers, len(blocks))):
        pass
    return done


def _part(column: Column, rows: slice) -> Column:
    if column.values.ndim == 0:
        return column
    errors = column.errors if column.errors is None else column.errors[rows]
    return Column(column.values[rows], errors)


def _store(done: Evaluated, name: str, rows: slice, column: Column) -> None:
    target, values = done.values[name], column.values
    if column.errors is not None:
        # other threads store other rows: whichever comes first makes the column for all
        errors = done.errors.setdefault(name, np.zeros(done.length, np.uint8))
        errors[rows] = column.errors
        if target.dtype == np.int8:
            values = np.where(column.errors != 0, -1, values)
    target[rows] = values


# --- errors in words ------------------------------------------------------------------------------

_SAYS_NOTHING = (None, "", "nan", ErrorValue.NUM)  # how formats keep a value they cannot hold


def _unsettled(
    earlier: "pd.Series[Any]", given: "dict[str, pd.Series[Any]]"
) -> dict[int, dict[str, str]]:
    """By row and input, the errors of an earlier batch whose cells were lost since.

    A file of numbers cannot hold a text such as "abc" in place of one. The cell comes back blank,
    which would mean the default; the earlier error tells that it was not.
    """
    found: dict[int, dict[str, str]] = {}
    for row in np.flatnonzero(earlier.notna()).tolist():
        for name, message in _by_input(str(earlier.iloc[row])).items():
            if name in given:
                cell = blank_to_none(given[name].iloc[row])
                if (cell.strip() if isinstance(cell, str) else cell) in _SAYS_NOTHING:
                    found.setdefault(row, {})[name] = message
    return found


def _one_column(earlier: Any) -> "pd.Series[Any]":
    """The errors as one column, where a frame has several of the name."""
    first: pd.Series[Any] = earlier.bfill(axis=1).iloc[:, 0] if earlier.ndim == 2 else earlier
    return first


def _by_input(message: str) -> dict[str, str]:
    """The parts of a row's error by the inputs they are about."""
    starts = [m for m in _message_start().finditer(message) if m[1] in INPUTS]
    ends = [*(m.start() for m in starts[1:]), len(message)]
    return {m[1]: message[m.start(1) : ends[i]] for i, m in enumerate(starts)}


@cache
def _message_start() -> re.Pattern[str]:
    """Finds where the message about an input starts, in any language."""
    joins, heads = set(), set()
    for language in LANGUAGES:
        joins.add(re.escape(text("batch.join", language)))
        after_name = text("error.input_value", language).partition("{name}")[2]
        heads.add(re.escape(after_name.partition("{label}")[0]))
    return re.compile(rf"(?:^|{'|'.join(joins)})(\w+)(?={'|'.join(heads)})", re.ASCII)


def _mark(columns: dict[str, Column], kept: Mapping[int, Mapping[str, str]], length: int) -> None:
    """Turn the cells of these rows and inputs into errors."""
    rows_of: dict[str, list[int]] = {}
    for row, names in kept.items():
        for name in names:
            rows_of.setdefault(name, []).append(row)
    for name, rows in rows_of.items():
        column = columns[name]
        errors = np.zeros(length, np.uint8) if column.errors is None else np.array(column.errors)
        errors[rows] = np.where(errors[rows] == 0, VALUE, errors[rows])
        values = np.array(column.values)
        values[rows] = None if values.dtype == object else np.nan
        columns[name] = Column(values, errors)


def _messages(
    given: "dict[str, pd.Series[Any]]",
    columns: Mapping[str, Column],
    kept: Mapping[int, Mapping[str, str]],
    language: str,
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name, series in given.items():
        errors = columns[name].errors
        if errors is None:
            continue
        entry = INPUTS[name]
        about = {"label": entry.label(language), "allowed": allowed(entry.quantity, language)}
        for row in np.flatnonzero(errors).tolist():
            message = kept.get(row, {}).get(name)
            if message is None:
                cell = show(blank_to_none(series.iloc[row]), language)
                message = BadInput("input_value", name=name, found=cell, **about).message(language)
            found.setdefault(row, []).append(message)
    return found


def _add_missing_rates(
    messages: dict[int, list[str]], columns: Mapping[str, Column], done: Evaluated, language: str
) -> None:
    """Errors of rows in a currency without a rate, as a case of its own raises them."""
    lacking = done.errors.get(RATE_STEP)
    if lacking is None:
        return
    currency, rate = INPUTS[CURRENCY], INPUTS[CURRENCY_RATE]
    for name in (CURRENCY, CURRENCY_RATE):
        errors = columns[name].errors
        lacking = lacking if errors is None else np.where(errors != 0, 0, lacking)
    codes = np.broadcast_to(columns[CURRENCY].values, done.length)
    for row in np.flatnonzero(lacking).tolist():
        about = {"name": rate.name, "label": rate.label(language)}
        chosen = currency.quantity.choices[int(codes[row])]
        error = BadInput("rate_missing", currency=chosen, **about)
        messages.setdefault(row, []).append(error.message(language))


def _add_unlisted(
    messages: dict[int, list[str]], columns: Mapping[str, Column], done: Evaluated, language: str
) -> None:
    """Errors of rows that name a model, GPU or service that the price sheet does not have.

    A row with other errors keeps those alone: a case of its own is refused before its look-ups.
    """
    bad = frozenset(messages)
    known: dict[tuple[Any, ...], str] = {}
    said: set[tuple[int, str]] = set()
    for step in STEPS:
        errors = done.errors.get(step.name)
        names = [n for n in step.args if n in INPUTS and INPUTS[n].quantity.kind == "text"]
        if errors is None or not names or step.function.mode != "each":
            continue
        values = [_argument(n, columns, done) for n in step.args]
        for row in np.flatnonzero(errors).tolist():
            args = tuple(v.item() if v.ndim == 0 else v[row] for v in values)
            key = (step.name, *args)
            if key not in known:
                known[key] = _not_listed(step, args, language)
            message = known[key]
            if message and row not in bad and (row, message) not in said:
                said.add((row, message))
                messages.setdefault(row, []).append(f"{names[0]}: {message}")


def _argument(name: str, columns: Mapping[str, Column], done: Evaluated) -> NDArray[Any]:
    """The values of an input or an earlier step; the shipped price sheet where a step reads one."""
    if name in columns:
        return columns[name].values
    return done.values.get(name, np.array(None, object))


def _not_listed(step: Step, args: Sequence[Any], language: str) -> str:
    """What a look-up says of names that it does not find; empty where that is not its error."""
    try:
        step.function.python(*args)
    except NotListedError as error:
        return error.message(language)
    except RoiError:
        return ""
    return ""
