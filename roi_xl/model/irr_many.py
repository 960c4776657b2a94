"""Internal rates of return of many cash flows at once, where each has exactly one."""

import numpy as np
from numpy.typing import NDArray

Flows = NDArray[np.float64]
_STEPS = 80  # Newton needs about ten; halving, where it must step in, some more
_NEAR = 1e-11  # how close to a rate, relative to 1 + rate, the change of sign must be


def only_rates(flows: Flows) -> Flows:
    """The monthly rate of each row of flows that change sign once; NaN where it was not pinned down.

    With w = 1 / (1 + rate) a flow's value is a polynomial in w with one positive root. Rows whose root
    lies above 1 are read backwards, which makes it 1 / w: so every root is sought in (0, 1], where no
    power can overflow.
    """
    if not len(flows):
        return np.empty(0)
    months = flows / np.abs(flows).max(axis=1, keepdims=True)
    first = np.take_along_axis(months, (months != 0).argmax(axis=1)[:, None], 1)[:, 0]
    backwards = months.sum(axis=1) * first > 0
    months[backwards] = months[backwards, ::-1]
    first = np.take_along_axis(months, (months != 0).argmax(axis=1)[:, None], 1)[:, 0]
    columns = np.ascontiguousarray(months.T)
    roots = _roots(columns, first)
    below, _ = _value(columns, roots * (1 - _NEAR))
    above, _ = _value(columns, roots * (1 + _NEAR))
    rates = np.where(backwards, roots, 1 / roots) - 1
    return np.where(below * above < 0, rates, np.nan)


def _roots(columns: Flows, first: Flows) -> Flows:
    """Newton's method inside a bracket that starts at Cauchy's bound and 1."""
    low, high = np.abs(first) / (np.abs(first) + 1), np.ones(len(first))
    roots: Flows = (low + high) / 2
    active = np.arange(len(first))
    for _ in range(_STEPS):
        part, point = columns[:, active], roots[active]
        value, slope = _value(part, point)
        before = value * first[active] > 0  # the flow keeps its first sign until the root
        low[active] = np.where(before, point, low[active])
        high[active] = np.where(before, high[active], point)
        with np.errstate(all="ignore"):
            newton = point - value / slope
        inside = (newton > low[active]) & (newton < high[active])
        following = np.where(inside, newton, (low[active] + high[active]) / 2)
        following = np.where(value == 0, point, following)
        roots[active] = following
        active = active[np.abs(following - point) > 4e-16 * point]
        if not active.size:
            break
    return roots


def _value(columns: Flows, point: Flows) -> tuple[Flows, Flows]:
    """The polynomial of each column of coefficients at its point, and its slope."""
    value, slope = np.zeros_like(point), np.zeros_like(point)
    for coefficients in columns[::-1]:
        slope = slope * point + value
        value = value * point + coefficients
    return value, slope
