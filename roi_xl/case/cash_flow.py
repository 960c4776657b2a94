"""The monthly series of a case: a row a month for one case, or tables of flows for many."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.graph_steps import CUMULATIVE, FLOW_BLOCK, MONTH, SERIES, SERIES_NAMES, STEPS, Step
from roi_xl.case.inputs import Case
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


def cash_flow(case: Case | None = None) -> dict[str, NDArray[np.float64]]:
    """The monthly series of one case by name, from month 0 to the horizon.

    Args:
        case: a case; None is the source document's customer-service example.

    Returns:
        `month` and every series of `SERIES` as arrays, with `cumulative_cash_flow` and
        `cumulative_discounted_cash_flow`.

    Example:
        >>> cash_flow(Case(horizon_months=2))["net_cash_flow"].round(6).tolist()
        [-2036.0, 2700.0, 2700.0]
    """
    chosen = case or Case()
    return full_series(chosen, int(months_of(chosen[HORIZON])) - 1)


def full_series(case: Case, last: int) -> dict[str, NDArray[np.float64]]:
    """The monthly series of one case, up to a month that may lie after the horizon."""
    from roi_xl.case.evaluate import read_columns, run

    columns = read_columns(case, case.prices)
    plain = tuple(s for s in STEPS if s.block != FLOW_BLOCK)
    columns |= run(columns, plain)
    month = np.arange(last + 1.0)
    with np.errstate(all="ignore"):
        rows = series_of({name: c.values for name, c in columns.items()}, month)
    found = {n: np.broadcast_to(np.asarray(v, np.float64), month.shape) for n, v in rows.items()}
    for flow, total in CUMULATIVE.items():
        found[total] = np.cumsum(found[flow])
    return {MONTH: month, **found}


def run_over_flows(known: Mapping[str, Column], steps: Sequence[Step]) -> dict[str, Column]:
    """The steps that take whole rows of the series, for every case; memory stays bounded."""
    shape, columns = align([known[name] for name in NEEDED])
    errors = merge(columns, shape)
    flat = [
        np.broadcast_to(c.values, shape).ravel() if c.values.ndim else c.values for c in columns
    ]
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
