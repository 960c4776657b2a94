"""Computes a function over columns of arguments, with a per-element error code.

`apply` is the one path of cells, Python calls, batch columns and tests. Non-finite results become
errors; errors of the arguments are kept.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import InputError, RoiError
from roi_xl.functions.arguments import read
from roi_xl.functions.columns import DIV0, NUM, Codes, Column, align, merge
from roi_xl.functions.declare import Function
from roi_xl.units import nearest


def apply(function: Function, columns: Sequence[Column]) -> Column:
    """The result column of a function, in the common shape of its argument columns.

    Args:
        function: a declaration of any mode but "whole".
        columns: one column per argument of the model function, in its order.
    """
    shape, columns = align(columns)
    if function.mode == "pick":
        return _first_filled(columns, shape)
    errors = merge(columns, shape)
    inputs = [c.values for c in columns]
    with np.errstate(all="ignore"):
        if function.mode == "each":
            return _apply_each(function, inputs, errors, shape)
        values = np.asarray(function.python(*inputs), np.float64)
        if values.shape != shape:
            values = np.broadcast_to(values, shape)
        return settle(function, inputs, values, errors)


def compute(function: Function, args: Sequence[object]) -> tuple[Column, Column | None]:
    """The result column for arguments as given, and the language codes of an answer in words."""
    bound = bind(function, args)
    columns = [read(p, raw) for p, raw in zip(function.params, bound, strict=True)]
    if not function.speaks:
        return apply(function, columns), None
    shape, columns = align(columns)
    language = columns.pop()
    result = apply(function, columns)
    errors = merge([result, language], shape)
    return Column(np.broadcast_to(result.values, shape), errors), language


def bind(
    function: Function, args: Sequence[object], named: Mapping[str, object] | None = None
) -> list[object]:
    """The arguments padded to the full list; those not given are blank.

    Raises:
        InputError: more arguments than parameters, a keyword that is not a parameter (the message
            suggests the nearest), or an argument given twice.
    """
    if len(args) > len(function.params):
        raise InputError(
            "too_many_arguments",
            function=function.name,
            found=len(args),
            allowed=len(function.params),
        )
    bound = [*args, *[None] * (len(function.params) - len(args))]
    for name, value in (named or {}).items():
        names = [p.name for p in function.params if not p.variadic]
        if name not in names:
            hint = nearest(name, names)
            raise InputError("unknown_argument", function=function.name, found=name, hint=hint)
        place = names.index(name)
        if place < len(args):
            raise InputError("argument_twice", function=function.name, name=name)
        bound[place] = value
    return bound


def settle(
    function: Function, inputs: Sequence[Any], values: NDArray[np.float64], errors: Codes | None
) -> Column:
    """Results with NaN and infinity turned into errors; errors of the arguments take precedence."""
    never_allowed = function.returns.never
    if errors is None and values.size:
        # one pass: a NaN or infinity anywhere makes the minimum or the sum non-finite
        if values.ndim == 0:
            probe = float(values)
        else:
            with np.errstate(all="ignore"):
                probe = values.min() if never_allowed else values.sum()
        if math.isfinite(probe):
            return Column(values)
    bad = ~np.isfinite(values)
    if function.returns.blank:
        bad &= ~np.isnan(values)
    if never_allowed:
        bad &= ~np.isposinf(values)
    codes = np.where(bad, function.no_result.code, 0).astype(np.uint8)
    if function.zero_base is not None:
        base = np.broadcast_to(function.zero_base(*inputs), values.shape)
        codes[~np.isfinite(values) & (base == 0)] = DIV0
    if errors is not None:
        codes = np.where(errors != 0, errors, codes)
    if not codes.any():
        return Column(values)
    return Column(np.where(codes != 0, np.nan, values), codes)


def _first_filled(columns: Sequence[Column], shape: tuple[int, ...]) -> Column:
    """Per element, the first argument that is not blank; errors in later arguments do not count."""
    first = columns[0]
    if first.values.shape == shape and first.errors is None and not np.isnan(np.min(first.values)):
        return first  # every row has a typed figure
    values = np.full(shape, np.nan)
    errors = np.zeros(shape, np.uint8)
    for column in reversed(columns):
        own = np.broadcast_to(column.values, shape)
        codes = 0 if column.errors is None else np.broadcast_to(column.errors, shape)
        filled = ~np.isnan(own) | (codes != 0)
        values = np.where(filled, own, values)
        errors = np.where(filled, codes, errors).astype(np.uint8)
    return Column(values, errors if errors.any() else None)


def _apply_each(
    function: Function, inputs: Sequence[NDArray[Any]], errors: Codes | None, shape: tuple[int, ...]
) -> Column:
    """The result column of a function that takes one value at a time."""
    if not shape and errors is None:
        value, code = _one(function, [a.item() for a in inputs])
        return settle(
            function, inputs, np.asarray(value), np.array(code, np.uint8) if code else None
        )
    spread = [np.broadcast_to(a, shape) for a in inputs]
    count = math.prod(shape)
    found = np.zeros(count, np.uint8) if errors is None else np.array(errors).ravel()
    values = np.full(count, np.nan)
    for i, row in enumerate(zip(*(a.ravel().tolist() for a in spread), strict=True)):
        if not found[i]:
            values[i], found[i] = _one(function, row)
    return settle(function, spread, values.reshape(shape), found.reshape(shape))


def _one(function: Function, row: Sequence[Any]) -> tuple[float, int]:
    """The result for one row of plain values, and its error code (0 is none)."""
    try:
        return float(function.python(*row)), 0
    except RoiError as error:
        return math.nan, error.excel.code
    except ZeroDivisionError:
        return math.nan, DIV0
    except (OverflowError, FloatingPointError):
        return math.nan, NUM
