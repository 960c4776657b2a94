"""Reads an argument, a value or a range, into a column: blanks, types, words and bounds.

A range of valid numbers takes two passes of numpy, however long it is.
"""

import datetime as dt
import math
import numbers
import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import ErrorValue, InputError
from roi_xl.functions.columns import NUM, VALUE, Column
from roi_xl.functions.declare import Param
from roi_xl.units import Quantity, codes, fold, named_number, never_words, within


def read_value(param: Param, raw: object) -> tuple[Any, int]:
    """One element converted for the model, and its error code (0 is none)."""
    quantity = param.quantity
    if type(raw) is float and quantity.kind == "number":
        return (raw, 0) if within(quantity, raw) else (math.nan, NUM)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return (math.nan, VALUE) if param.required else (_default(param), 0)
    error = ErrorValue.of(raw)
    if error is not None:
        return math.nan, error.code
    if quantity.form == "month":
        month = calendar_month(raw)
        return (None, VALUE) if month is None else (month, 0)
    if quantity.kind == "text":
        return (raw.strip(), 0) if isinstance(raw, str) else (None, VALUE)
    if quantity.kind == "choice":
        code = codes(quantity.choices).get(fold(raw)) if isinstance(raw, str) else None
        return (math.nan, VALUE) if code is None else (code, 0)
    value = as_number(raw, quantity)
    if value is None:
        return math.nan, VALUE
    return (value, 0) if within(quantity, value) else (math.nan, NUM)


_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?$")


def calendar_month(raw: object) -> str | None:
    """A month as YYYY-MM, from a date or a text such as 2026-10, 2026/10 or 2026年10月."""
    if isinstance(raw, (dt.date, dt.datetime)):
        return f"{raw.year:04}-{raw.month:02}"
    found = (
        _MONTH.match(unicodedata.normalize("NFKC", raw).strip()) if isinstance(raw, str) else None
    )
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return f"{found[1]}-{int(found[2]):02}"


def _default(param: Param) -> Any:
    if param.default is None:
        return None if param.quantity.kind == "text" else math.nan
    return param.default if param.quantity.kind == "text" else float(param.default)


def as_number(raw: object, quantity: Quantity) -> float | None:
    """The value as a float; None where it is not a number (text, booleans and dates are not)."""
    if isinstance(raw, str):
        if quantity.never and fold(raw) in never_words():
            return math.inf
        return named_number(quantity, raw) if quantity.named else None
    plain = type(raw) is int or type(raw) is float
    if not plain and isinstance(raw, (bool, np.bool_, np.timedelta64)):
        return None
    if plain or isinstance(raw, (numbers.Real, Decimal, np.floating, np.integer)):
        try:
            return float(raw)  # type: ignore[arg-type]
        except (OverflowError, ValueError):
            return math.nan
    return None


# --- a range --------------------------------------------------------------------------------------


def is_range(raw: object) -> bool:
    """Whether an argument is a range: a list, tuple, array, Series or DataFrame."""
    if type(raw) is float or type(raw) is int or type(raw) is str:
        return False
    return isinstance(raw, (list, tuple)) or (hasattr(raw, "__array__") and np.ndim(raw) > 0)


@cache
def _blank(param: Param) -> Column:
    """The column of a blank argument, read once per parameter."""
    value, code = read_value(param, None)
    values = np.array(value, object if param.quantity.kind == "text" else np.float64)
    values.flags.writeable = False
    return Column(values, np.full((), code, np.uint8) if code else None)


def read(param: Param, raw: object) -> Column:
    """One argument as a column; a range parameter keeps its argument whole, as one value."""
    if param.quantity.kind == "range":
        return Column(whole(raw))
    if raw is None:
        return _blank(param)
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
    """Any object as a single element, without conversion by numpy."""
    holder: NDArray[Any] = np.empty((), object)
    holder[()] = value
    return holder


def as_array(raw: Any) -> NDArray[Any]:
    """A range as an array of one or two dimensions.

    Raises:
        InputError: the range is empty, ragged or has more dimensions.
    """
    listed = isinstance(raw, (list, tuple))
    try:
        array: NDArray[Any] = np.array(raw, dtype=object) if listed else np.asarray(raw)
    except ValueError:  # rows of different shapes
        raise InputError("range_shape", shape="?") from None
    if array.dtype.kind in "mM":  # dates are not numbers
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
    return Column(np.where(bad, np.nan, values), np.where(bad, NUM, 0).astype(np.uint8))
