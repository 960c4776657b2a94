"""The monthly series of one case, one row per month."""

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.dependencies import steps_behind
from roi_xl.case.evaluate import read_columns, run
from roi_xl.case.graph_steps import CUMULATIVE, MONTH
from roi_xl.case.inputs import Case
from roi_xl.case.monthly_series import HORIZON, NEEDED, series_of
from roi_xl.model.cashflow import months_of


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
    columns = read_columns(case, case.prices)
    columns |= run(columns, steps_behind(NEEDED))
    month = np.arange(last + 1.0)
    with np.errstate(all="ignore"):
        rows = series_of({name: c.values for name, c in columns.items()}, month)
    found = {n: np.broadcast_to(np.asarray(v, np.float64), month.shape) for n, v in rows.items()}
    for flow, total in CUMULATIVE.items():
        found[total] = np.cumsum(found[flow])
    return {MONTH: month, **found}
