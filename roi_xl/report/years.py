"""The expected cash flow by year, in whole amounts that add up as printed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.inputs import Case

ROWS = ("today", "tuned", "run", "quality", "one_off", "failure")
MOST_YEARS = 6  # columns of years behind year 0; the last takes what is left
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Years:
    """Amounts by row and year, year 0 first; columns of years that hold more than one say so.

    `parts` add up to `net` in each year, `net` to `cumulative` from year to year, and `total` holds the
    sums over the years.
    """

    parts: dict[str, list[float]]
    net: list[float]
    cumulative: list[float]
    open_ended: bool  # the last column holds several years

    def total(self, row: str) -> float:
        """The sum over all years of a row, or of `net`."""
        return float(sum(self.net if row == "net" else self.parts[row]))


def by_year(case: Case) -> Years:
    """The expected cash flow of a case by year; the row of failures only where they are possible.

    Money that comes in is positive. Cumulative amounts are the true ones, rounded; what rounding leaves
    is put into the largest part of a year, so that every column and row adds up.
    """
    series = cash_flow(case)
    months = len(series["month"])
    year = np.minimum(-(-np.arange(months) // _MONTHS), MOST_YEARS)
    columns = int(year[-1]) + 1
    success = {
        "today": series["current_model_cost"] + series["avoided_fixed_cost"],
        "tuned": -(
            series["finetuned_model_cost"] + series["finetuned_fixed_cost"] + series["serving_cost"]
        ),
        "run": -series["run_cost"],
        "quality": series["quality_value"] + series["error_savings"],
        "one_off": np.where(series["month"] == 0, series["net_cash_flow"], 0.0),
    }
    success = {name: np.where(series["month"] == 0, 0.0, row) for name, row in success.items()} | {
        "one_off": success["one_off"]
    }
    expected = series["net_cash_flow"]
    if case["success_probability"] < 1.0:
        success["failure"] = expected - sum(success.values(), np.zeros(months))
    cumulative = np.round([_sum(expected, year <= y) for y in range(columns)])
    net = np.diff(cumulative, prepend=0.0)
    parts = {
        name: np.round([_sum(row, year == y) for y in range(columns)])
        for name, row in success.items()
    }
    for y in range(columns):
        rest = net[y] - sum(row[y] for row in parts.values())
        parts[max(parts, key=lambda name: abs(parts[name][y]))][y] += rest
    open_ended = months - 1 > MOST_YEARS * _MONTHS
    kept = {name: _listed(row) for name, row in parts.items() if name != "failure" or row.any()}
    return Years(kept, _listed(net), _listed(cumulative), open_ended)


def _sum(row: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    return float(np.sum(row[where]))


def _listed(row: NDArray[np.float64]) -> list[float]:
    return [float(x) + 0.0 for x in row]
