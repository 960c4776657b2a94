"""The rate of return on the Cash Flow sheet: halving steps across, then Excel's own IRR beside it.

A spreadsheet's IRR often gives up far from its guess. Halving cannot: a flow with one change of sign
is worth nothing at exactly one rate, so the sign in the middle says in which half the rate lies.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from openpyxl.utils import get_column_letter

from roi_xl.model.defaults import MONTHS_PER_YEAR, WIDEST_LOG_RATE

STEPS = 48
NAMES = ("irr_search_low", "irr_search_high", "irr_search_sign")


def search(flow: NDArray[np.float64], last_sign: float) -> list[list[float]]:
    """Rows of the search: lower end, upper end and sign in the middle, from the start on.

    Args:
        flow: cash flow from month 0 to the last month with an amount: months of nothing behind it would
            shift the weights of all others below what a float holds.
        last_sign: sign of its last amount, which rules at the lower end.
    """
    month = np.arange(flow.size)
    low, high = -float(WIDEST_LOG_RATE), float(WIDEST_LOG_RATE)
    rows: list[list[float]] = [[], [], []]
    for _ in range(STEPS + 1):
        middle = (low + high) / 2
        weights = np.exp(min(middle, 0.0) * (flow.size - 1) - middle * month)
        sign = float(np.sign(flow @ weights))
        for row, value in zip(rows, (low, high, sign), strict=True):
            row.append(value)
        low, high = (middle, high) if sign * last_sign > 0 else (low, middle)
    return rows


def formulas(first_row: int, places: dict[str, str]) -> tuple[Callable[[str, str], str], ...]:
    """The formulas of the three rows, given a column and the column before it.

    Args:
        first_row: the row of the lower ends; the others follow.
        places: the cells `flow`, `months` (0 where nothing is paid), `last_month`, `last_sign`.
    """
    low, high, sign = first_row, first_row + 1, first_row + 2

    def half(before: str) -> str:
        return f"{before}{sign}*{places['last_sign']}>0"

    def lower(_: str, before: str) -> str:
        middle = f"AVERAGE({before}{low}:{before}{high})"
        return f"IF({half(before)},{middle},{before}{low})"

    def upper(_: str, before: str) -> str:
        middle = f"AVERAGE({before}{low}:{before}{high})"
        return f"IF({half(before)},{before}{high},{middle})"

    def middle_sign(here: str, _: str) -> str:
        middle = f"AVERAGE({here}{low}:{here}{high})"
        shift = f"MIN({middle},0)*{places['last_month']}"
        return f"SIGN(SUMPRODUCT({places['flow']}*EXP({shift}-{middle}*{places['months']})))"

    return lower, upper, middle_sign


def rate(first_row: int, first_column: int, year: str) -> str:
    """The annual rate in the middle of the last step."""
    last = get_column_letter(first_column + STEPS - 1)
    return f"EXP({year}*AVERAGE({last}{first_row}:{last}{first_row + 1}))-1"


def rate_of(rows: list[list[float]]) -> float:
    """The annual rate that `search` ended at."""
    return float(np.exp(float(MONTHS_PER_YEAR) * (rows[0][-1] + rows[1][-1]) / 2) - 1)
