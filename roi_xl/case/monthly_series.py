"""Monthly series for many cases at once, and the steps computed from whole rows of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.graph_steps import MONTH, SERIES, SERIES_NAMES, Step
from roi_xl.functions.apply import settle
from roi_xl.functions.columns import Column, align, merge
from roi_xl.model.cashflow import months_of
from roi_xl.model.flows import by_case, case_chunks

HORIZON = "horizon_months"
NEEDED = tuple(
    dict.fromkeys(
        (HORIZON, *(a for s in SERIES for a in s.args if a not in SERIES_NAMES and a != MONTH))
    )
)


def series_of(known: Mapping[str, Any], month: NDArray[np.float64]) -> dict[str, Any]:
    """Every monthly series, from numbers or columns by name, for months along an axis of their own."""
    found = {**known, MONTH: month}
    for step in SERIES:
        found[step.name] = step.function.python(*(found[name] for name in step.args))
    return {step.name: found[step.name] for step in SERIES}


def run_over_flows(known: Mapping[str, Column], steps: Sequence[Step]) -> dict[str, Column]:
    """The steps that take whole rows of the series, for every case; memory stays bounded."""
    shape, columns = align([known[name] for name in NEEDED])
    errors = merge(columns, shape)
    flat = [_flat(column.values, shape) for column in columns]
    month = np.arange(months_of(columns[0].values))
    answers = {step.name: np.empty(int(np.prod(shape))) for step in steps}
    for piece, chunk in case_chunks(flat, month.size):
        down = series_of(dict(zip(NEEDED, chunk, strict=True)), month[:, None])
        for step in steps:
            answer = answers[step.name]
            table = by_case(down[step.args[0]], answer[piece].size, month.size)
            answer[piece] = step.function.python(table)
    return {
        step.name: settle(step.function, [], answers[step.name].reshape(shape), errors)
        for step in steps
    }


def _flat(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A column as one row of cases; a number that is the same for all stays a single number."""
    if values.size and not any(values.strides):
        return values.ravel()[:1].reshape(())
    return np.broadcast_to(values, shape).ravel()
