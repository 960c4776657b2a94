"""Column values with a per-element error code, and how columns of different shapes broadcast.

The codes are Excel's ERROR.TYPE numbers; 0 is none. Columns broadcast as with Excel's operators.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import ErrorValue

DIV0, VALUE, NUM, NA = (
    e.code for e in (ErrorValue.DIV0, ErrorValue.VALUE, ErrorValue.NUM, ErrorValue.NA)
)
Codes = NDArray[np.uint8]


@dataclass(slots=True)
class Column:
    """One argument or result: an array of any shape, and error codes where any element is in error."""

    values: NDArray[Any]
    errors: Codes | None = None


def align(columns: Sequence[Column]) -> tuple[tuple[int, ...], list[Column]]:
    """Broadcast shapes as Excel does: a single row or column repeats; missing elements are #N/A."""
    shapes = {c.values.shape for c in columns}
    if shapes == {()}:
        return (), list(columns)
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
    errors = np.full(target, NA, np.uint8)
    values[inside] = column.values.reshape(shape)
    errors[inside] = 0 if column.errors is None else column.errors.reshape(shape)
    return Column(values, errors)


def merge(columns: Sequence[Column], shape: tuple[int, ...]) -> Codes | None:
    """Errors of all arguments combined; where several have one, that of the first argument."""
    merged: Codes | None = None
    for column in columns:
        if column.errors is None:
            continue
        errors = np.broadcast_to(column.errors, shape)
        merged = errors if merged is None else np.where(merged != 0, merged, errors)
    return merged
