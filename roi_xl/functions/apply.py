"""Computes a function over its arguments: read, made to agree in shape, and settled into errors.

The one path that a cell, a Python call, a batch column and a test all go through: what the model
function gives that is not finite becomes an error, and the errors of the arguments stay.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import InputError, RoiError
from roi_xl.functions.arguments import read
from roi_xl.functions.columns import DIV0, NUM, Codes, Column, align, merge
from roi_xl.functions.declare import Function


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
    codes_ = np.where(bad, function.no_result.code, 0).astype(np.uint8)
    if function.zero_base is not None:
        base = np.broadcast_to(function.zero_base(*inputs), values.shape)
        codes_[~np.isfinite(values) & (base == 0)] = DIV0
    if errors is not None:
        codes_ = np.where(errors != 0, errors, codes_)
    if not codes_.any():
        return Column(values)
    return Column(np.where(codes_ != 0, np.nan, values), codes_)


def pick(columns: Sequence[Column], shape: tuple[int, ...]) -> Column:
    """The first argument that is not blank, an element at a time; errors behind it do not count."""
    first = columns[0]
    if first.values.shape == shape and first.errors is None and not np.isnan(np.min(first.values)):
        return first  # a typed figure in every row
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
            found[i] = DIV0
        except (OverflowError, FloatingPointError):
            found[i] = NUM
    inputs_flat = [np.broadcast_to(a, shape) for a in inputs]
    return settle(function, inputs_flat, values.reshape(shape), found.reshape(shape))
