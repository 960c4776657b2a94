"""The one evaluation path: what a cell, a Python call, a batch column and a test all go through.

Arguments become float columns with an error code an element (Excel's ERROR.TYPE numbers, 0 is none);
columns broadcast as Excel's operators do; the model function computes; what is not finite becomes an
error. Clean columns cost two passes each, so a long range runs at the speed of numpy.
"""

import datetime as dt
import math
import numbers
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import (
    ArgumentIsError,
    DomainError,
    ErrorValue,
    InputError,
    NotListedError,
    RoiError,
    ZeroBaseError,
)
from roi_xl.functions.bounds import (
    allowed,
    codes,
    fold,
    named_number,
    never,
    never_words,
    within,
)
from roi_xl.functions.declare import Function, Param
from roi_xl.text import LANGUAGES, current_language, text
from roi_xl.textfile import TwoReadings
from roi_xl.units import Quantity

_DIV0, _VALUE, _NUM, _NA = (
    e.code for e in (ErrorValue.DIV0, ErrorValue.VALUE, ErrorValue.NUM, ErrorValue.NA)
)
Codes = NDArray[np.uint8]


@dataclass(slots=True)
class Column:
    """One argument or result: an array of any shape and, where anything is wrong, its error codes."""

    values: NDArray[Any]
    errors: Codes | None = None


# --- reading one value ---------------------------------------------------------------------------


def read_value(param: Param, raw: object) -> tuple[Any, int]:
    """One element as the model takes it, and its error code (0 is none)."""
    quantity = param.quantity
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return (math.nan, _VALUE) if param.required else (_default(param), 0)
    error = ErrorValue.of(raw)
    if error is not None:
        return math.nan, error.code
    if quantity.kind == "text":
        return (raw.strip(), 0) if isinstance(raw, str) else (None, _VALUE)
    if quantity.kind == "choice":
        code = codes(quantity.choices).get(fold(raw)) if isinstance(raw, str) else None
        return (math.nan, _VALUE) if code is None else (code, 0)
    value = as_number(raw, quantity)
    if value is None:
        return math.nan, _VALUE
    return (value, 0) if within(quantity, value) else (math.nan, _NUM)


def _default(param: Param) -> Any:
    if param.default is None:
        return None if param.quantity.kind == "text" else math.nan
    return param.default if param.quantity.kind == "text" else float(param.default)


def as_number(raw: object, quantity: Quantity) -> float | None:
    """The number a value is; None where it is none (text, booleans and dates are not)."""
    if isinstance(raw, str):
        if quantity.never and fold(raw) in never_words():
            return math.inf
        return named_number(quantity, raw) if quantity.named else None
    if isinstance(raw, (bool, np.bool_, np.timedelta64)):
        return None
    if isinstance(raw, (numbers.Real, Decimal, np.floating, np.integer)):
        try:
            return float(raw)
        except (OverflowError, ValueError):
            return math.nan
    return None


# --- reading a range -----------------------------------------------------------------------------


def is_range(raw: object) -> bool:
    """Whether an argument is many values: list, tuple, array, Series or DataFrame."""
    return isinstance(raw, (list, tuple)) or (hasattr(raw, "__array__") and np.ndim(raw) > 0)


def read(param: Param, raw: object) -> Column:
    """One argument as a column; a range parameter takes what it is given as one value."""
    if param.quantity.kind == "range":
        return Column(whole(raw))
    if not is_range(raw):
        if isinstance(raw, np.ndarray):
            raw = raw.item()
        value, code = read_value(param, raw)
        dtype = object if param.quantity.kind == "text" else np.float64
        errors = np.full((), code, np.uint8) if code else None
        return Column(np.array(value, dtype), errors)
    array = as_array(raw)
    if array.dtype.kind in "fiu" and param.quantity.kind == "number":
        return _check(param.quantity, array.astype(np.float64, copy=False))
    flat = array.ravel().tolist()
    if param.quantity.kind == "number" and set(map(type, flat)) == {float}:
        return _check(param.quantity, np.array(flat, np.float64).reshape(array.shape))
    pairs = [read_value(param, x) for x in flat]
    values = np.array(
        [v for v, _ in pairs], object if param.quantity.kind == "text" else np.float64
    )
    errors = np.array([e for _, e in pairs], np.uint8).reshape(array.shape)
    return Column(values.reshape(array.shape), errors if errors.any() else None)


def whole(value: object) -> NDArray[Any]:
    """Any object as a single element, whatever numpy would make of it."""
    holder: NDArray[Any] = np.empty((), object)
    holder[()] = value
    return holder


def as_array(raw: Any) -> NDArray[Any]:
    """A range as an array of one or two dimensions; anything else is refused."""
    listed = isinstance(raw, (list, tuple))
    try:
        array: NDArray[Any] = np.array(raw, dtype=object) if listed else np.asarray(raw)
    except ValueError:  # arrays of different shapes, side by side
        raise InputError("range_shape", shape="?") from None
    if array.dtype.kind in "mM":  # dates, which are no numbers, whatever numpy counts them in
        array = array.astype(str).astype(object)
    if array.ndim > 2 or array.size == 0:
        raise InputError("range_shape", shape="×".join(map(str, array.shape)))
    return array


def _check(quantity: Quantity, values: NDArray[np.float64]) -> Column:
    lowest, highest = values.min(), values.max()
    if within(quantity, float(lowest)) and within(quantity, float(highest)) and not quantity.whole:
        return Column(values)
    bad = ~np.isfinite(values)
    if quantity.never:
        bad &= ~np.isposinf(values)
    if quantity.lower is not None:
        bad |= (values <= quantity.lower) if quantity.lower_open else (values < quantity.lower)
    if quantity.upper is not None:
        finite_above = values > quantity.upper
        bad |= finite_above & ~np.isposinf(values) if quantity.never else finite_above
    if quantity.whole:
        bad |= np.isfinite(values) & (values != np.floor(values))
    if not bad.any():
        return Column(values)
    return Column(np.where(bad, np.nan, values), np.where(bad, _NUM, 0).astype(np.uint8))


# --- broadcasting --------------------------------------------------------------------------------


def align(columns: Sequence[Column]) -> tuple[tuple[int, ...], list[Column]]:
    """Make shapes agree as Excel does: one row or column repeats, what is missing is #N/A."""
    shapes = {c.values.shape for c in columns}
    if len(shapes - {()}) <= 1:
        return max(shapes, key=len, default=()), list(columns)
    ndim = max(map(len, shapes))
    padded = [(1,) * (ndim - len(s)) + s for s in shapes]
    target = tuple(max(s[i] for s in padded) for i in range(ndim))
    return target, [_extend(c, target) for c in columns]


def _extend(column: Column, target: tuple[int, ...]) -> Column:
    shape = (1,) * (len(target) - column.values.ndim) + column.values.shape
    if all(n in (1, t) for n, t in zip(shape, target, strict=True)):
        return column
    inside = tuple(slice(None) if n == 1 else slice(0, n) for n in shape)
    values = np.full(target, None if column.values.dtype == object else np.nan, column.values.dtype)
    errors = np.full(target, _NA, np.uint8)
    values[inside] = column.values.reshape(shape)
    errors[inside] = 0 if column.errors is None else column.errors.reshape(shape)
    return Column(values, errors)


def merge(columns: Sequence[Column], shape: tuple[int, ...]) -> Codes | None:
    """The errors of all arguments together; where several are wrong, the first argument's counts."""
    merged: Codes | None = None
    for column in columns:
        if column.errors is None:
            continue
        errors = np.broadcast_to(column.errors, shape)
        merged = errors if merged is None else np.where(merged != 0, merged, errors)
    return merged


# --- computing -----------------------------------------------------------------------------------


def compute(function: Function, args: Sequence[object]) -> tuple[Column, Column | None]:
    """The result column of a function, and the column of language codes where it answers in words."""
    bound = bind(function, args)
    columns = [read(p, raw) for p, raw in zip(function.params, bound, strict=True)]
    shape, columns = align(columns)
    errors = merge(columns, shape)
    language = columns.pop() if function.speaks else None
    inputs = [c.values for c in columns]
    if function.mode == "each":
        return compute_each(function, inputs, errors, shape), language
    if function.mode == "pick":
        return pick(columns, shape), language
    with np.errstate(all="ignore"):
        values = np.asarray(function.python(*inputs), np.float64)
        values = np.broadcast_to(values, shape)
        return settle(function, inputs, values, errors), language


def bind(function: Function, args: Sequence[object]) -> list[object]:
    """The arguments filled up to the full list; what is not given is blank."""
    if len(args) > len(function.params):
        raise InputError(
            "too_many_arguments",
            function=function.name,
            found=len(args),
            allowed=len(function.params),
        )
    return [*args, *[None] * (len(function.params) - len(args))]


def settle(
    function: Function, inputs: Sequence[Any], values: NDArray[np.float64], errors: Codes | None
) -> Column:
    """Turn what is not a result (NaN, infinity) into errors, and keep the errors that were there."""
    never_allowed = function.returns.never
    if errors is None and values.size:
        # one pass: a NaN or infinity anywhere makes the minimum or the sum one
        with np.errstate(all="ignore"):
            probe = values.min() if never_allowed else values.sum()
        if math.isfinite(probe):
            return Column(values)
    bad = ~np.isfinite(values)
    if function.returns.blank:
        bad &= ~np.isnan(values)
    if never_allowed:
        bad &= ~np.isposinf(values)
    codes_ = np.where(bad, _NUM, 0).astype(np.uint8)
    if function.zero_base is not None:
        base = np.broadcast_to(function.zero_base(*inputs), values.shape)
        codes_[~np.isfinite(values) & (base == 0)] = _DIV0
    if errors is not None:
        codes_ = np.where(errors != 0, errors, codes_)
    if not codes_.any():
        return Column(values)
    return Column(np.where(codes_ != 0, np.nan, values), codes_)


def pick(columns: Sequence[Column], shape: tuple[int, ...]) -> Column:
    """The first argument that is not blank, an element at a time; errors behind it do not count."""
    values = np.full(shape, np.nan)
    errors = np.zeros(shape, np.uint8)
    for column in reversed(columns):
        own = np.broadcast_to(column.values, shape)
        codes_ = 0 if column.errors is None else np.broadcast_to(column.errors, shape)
        filled = ~np.isnan(own) | (codes_ != 0)
        values = np.where(filled, own, values)
        errors = np.where(filled, codes_, errors).astype(np.uint8)
    return Column(values, errors if errors.any() else None)


def compute_each(
    function: Function, inputs: Sequence[NDArray[Any]], errors: Codes | None, shape: tuple[int, ...]
) -> Column:
    """A function that takes one value at a time, called once an element."""
    spread = [np.broadcast_to(a, shape).ravel().tolist() for a in inputs]
    known = [0] * math.prod(shape) if errors is None else errors.ravel().tolist()
    values = np.full(len(known), np.nan)
    found = np.array(known, np.uint8)
    for i, row in enumerate(zip(*spread, strict=True)):
        if known[i]:
            continue
        try:
            with np.errstate(all="ignore"):
                values[i] = function.python(*row)
        except RoiError as error:
            found[i] = error.excel.code
        except ZeroDivisionError:
            found[i] = _DIV0
        except (OverflowError, FloatingPointError):
            found[i] = _NUM
    inputs_flat = [np.broadcast_to(a, shape) for a in inputs]
    return settle(function, inputs_flat, values.reshape(shape), found.reshape(shape))


# --- answers -------------------------------------------------------------------------------------


def call(function: Function, args: Sequence[object]) -> Any:
    """What Python gets: a number or text, an array for ranges; a bad scalar raises its error."""
    if function.mode == "whole":
        return _call_whole(function, args)
    result, language = compute(function, args)
    if result.values.ndim == 0:
        if result.errors is not None:
            raise diagnose(function, args)
        return _word(function, float(result.values), language)
    plain = result.errors is None and not function.speaks
    if plain and not (function.returns.never and np.isposinf(result.values.max())):
        return np.array(result.values)
    answer = np.empty(result.values.shape, object)
    answer.ravel()[:] = [v for row in _texts(function, result, language) for v in row]
    return answer


def cells(function: Function, args: Sequence[object]) -> object:
    """What a host cell gets: number, text or rows of them; errors as Excel's texts; never raises."""
    try:
        if function.mode == "whole":
            answer = _call_whole(function, args)
            return _with_plain_errors(answer) if isinstance(answer, list) else answer
        result, language = compute(function, args)
    except RoiError as error:
        return error.error.value if isinstance(error, ArgumentIsError) else error.excel.value
    rows = _texts(function, result, language)
    if result.errors is not None:
        rows = _with_plain_errors(rows)
    return rows[0][0] if result.values.ndim == 0 else rows


def _with_plain_errors(rows: list[list[object]]) -> list[list[object]]:
    return [[v.value if isinstance(v, ErrorValue) else v for v in row] for row in rows]


def _call_whole(function: Function, args: Sequence[object]) -> Any:
    variadic = bool(function.params) and function.params[-1].variadic
    fixed = function.params[:-1] if variadic else function.params
    given = list(args[: len(fixed)]) if variadic else bind(function, args)
    given += [None] * (len(fixed) - len(given))
    ready = []
    for param, raw in zip(fixed, given, strict=True):
        if param.quantity.kind == "range":
            ready.append(raw)
            continue
        raw = _single(param, raw)
        value, code = read_value(param, raw)
        if code:
            raise problem(function, param, raw, code, None)
        ready.append(value)
    with np.errstate(all="ignore"):
        answer = function.python(*ready, *(args[len(fixed) :] if variadic else ()))
    return [list(map(_finite, row)) for row in answer] if isinstance(answer, list) else answer


def _finite(value: object) -> object:
    """A cell of a table; a number that is none is the error it stands for."""
    return ErrorValue.NUM if isinstance(value, float) and not math.isfinite(value) else value


def _single(param: Param, raw: object) -> object:
    if not is_range(raw):
        return raw
    array = as_array(raw)
    if array.size > 1:
        raise InputError("one_value", name=param.name, found="×".join(map(str, array.shape)))
    return array.ravel().tolist()[0]


def _texts(function: Function, result: Column, language: Column | None) -> list[list[object]]:
    values = np.atleast_2d(result.values)
    rows: list[list[object]] = values.tolist()
    if function.speaks:
        rows = _words(function, values, language)
    elif function.returns.never:
        word = never()
        for row, column in zip(*np.nonzero(np.isposinf(values)), strict=True):
            rows[row][column] = word
    if result.errors is not None:
        errors = np.atleast_2d(result.errors)
        for row, column in zip(*np.nonzero(errors), strict=True):
            rows[row][column] = ErrorValue.from_code(int(errors[row, column]))
    return rows


def _words(function: Function, values: NDArray[Any], language: Column | None) -> list[list[object]]:
    chosen = np.broadcast_to(_language_codes(language), values.shape).tolist()
    return [
        [
            None
            if math.isnan(v)
            else text(f"choice.{function.returns.choices[int(v)]}", LANGUAGES[int(k)])
            for v, k in zip(row, languages, strict=True)
        ]
        for row, languages in zip(values.tolist(), chosen, strict=True)
    ]


def _language_codes(language: Column | None) -> NDArray[np.float64]:
    default = float(LANGUAGES.index(current_language()))
    values = np.full((), default) if language is None else language.values
    return np.nan_to_num(values.astype(np.float64), nan=default)


def _word(function: Function, value: float, language: Column | None) -> object:
    if function.speaks:
        return _words(function, np.full((1, 1), value), language)[0][0]
    return never() if function.returns.never and math.isinf(value) else value


# --- reasons -------------------------------------------------------------------------------------


def diagnose(function: Function, args: Sequence[object]) -> RoiError:
    """The first thing that is wrong with a call, as the error that says it in words.

    Raises:
        LookupError: nothing is wrong.
    """
    bound = bind(function, args)
    for param, raw in zip(function.params, bound, strict=True):
        if param.quantity.kind == "range":
            continue
        flat, width = _flat(raw)
        for i, value in enumerate(flat):
            _, code = read_value(param, value)
            if code:
                return problem(function, param, value, code, _place(i, width, len(flat)))
    if function.mode == "each":
        return _diagnose_each(function, bound)
    result, _ = compute(function, args)
    if result.errors is None:
        raise LookupError(function.name)
    code = int(result.errors.ravel()[np.flatnonzero(result.errors)[0]])
    kinds: dict[int, Callable[..., RoiError]] = {_DIV0: ZeroBaseError, _NA: NotListedError}
    keys = {_DIV0: "zero_base", _NA: "shapes_differ"}
    error: RoiError = kinds.get(code, DomainError)(
        keys.get(code, "no_result"), function=function.name
    )
    return error


def _diagnose_each(function: Function, bound: Sequence[object]) -> RoiError:
    columns = [read(p, raw) for p, raw in zip(function.params, bound, strict=True)]
    shape, columns = align(columns)
    if function.speaks:
        columns.pop()
    spread = [np.broadcast_to(c.values, shape).ravel().tolist() for c in columns]
    for row in zip(*spread, strict=True):
        try:
            with np.errstate(all="ignore"):
                value = function.python(*row)
        except RoiError as error:
            return error
        except ZeroDivisionError:
            return ZeroBaseError("zero_base", function=function.name)
        if not math.isfinite(value) and not (function.returns.never and value > 0):
            return DomainError("no_result", function=function.name)
    raise LookupError(function.name)


def _flat(raw: object) -> tuple[list[object], int | None]:
    if not is_range(raw):
        return [raw], None
    array = as_array(raw)
    return array.ravel().tolist(), array.shape[-1] if array.ndim == 2 else 1


def _place(index: int, width: int | None, count: int) -> tuple[int, int] | None:
    if width is None or count == 1:
        return None
    return index // width + 1, index % width + 1


def problem(
    function: Function, param: Param, found: object, code: int, place: tuple[int, int] | None
) -> RoiError:
    """The error for one argument that cannot be used."""
    error = ErrorValue.of(found)
    where = text("error.place", row=place[0], column=place[1]) if place else ""
    about = {"function": function.name, "name": param.name, "label": param.label(), "place": where}
    if error is not None:
        return ArgumentIsError("is_error", error, **about)
    if found is None or (isinstance(found, str) and not found.strip()):
        return InputError("blank", allowed=allowed(param.quantity), **about)
    kind = DomainError if code == _NUM else InputError
    return kind("value", found=show(found), allowed=allowed(param.quantity), **about)


def show(value: object, language: str | None = None) -> str:
    """A value as an error message quotes it."""
    if isinstance(value, TwoReadings):
        return text("error.two_readings", language, found=f'"{value}"')
    if isinstance(value, (str, dt.date)):
        shown = str(value)
        return f'"{shown[:40]}…"' if len(shown) > 40 else f'"{shown}"'
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)[:40]
