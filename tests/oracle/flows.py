"""Figures of a list of monthly flows: present value, payback, internal rate, class of a payback.

The readings are those at the top of `month_by_month`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise


def net_present_value(flow: Sequence[float], annual_rate: float) -> float:
    """The value in month 0, which is not discounted."""
    return math.fsum(discounted(flow, annual_rate))


def discounted(flow: Sequence[float], annual_rate: float) -> list[float]:
    """Each month's flow at its value in month 0."""
    monthly = (1 + annual_rate) ** (1 / 12) - 1
    return [net / (1 + monthly) ** month for month, net in enumerate(flow)]


def payback(flow: Sequence[float]) -> float:
    """Months until the sum of the flow is at least 0 for good, or inf (reading 17)."""
    if not any(net > 0 for net in flow):
        return math.inf
    sums = running_sums(flow)
    below = [month for month, total in enumerate(sums) if total < 0]
    if not below:
        return 0.0
    last = below[-1]
    if last == len(flow) - 1:
        return math.inf
    return last + min(1.0, -sums[last] / flow[last + 1])


def running_sums(flow: Sequence[float]) -> list[float]:
    """The cumulative flow, with what is 0 but for rounding as 0."""
    sums = []
    for month in range(len(flow)):
        so_far = flow[: month + 1]
        total = math.fsum(so_far)
        noise = 1e-12 * math.fsum(abs(net) for net in so_far)
        sums.append(0.0 if abs(total) <= noise else total)
    return sums


def internal_rate(flow: Sequence[float]) -> float | None:
    """The annual rate at which the flow is worth 0, by bisection, or None (reading 19)."""
    largest = max(abs(net) for net in flow)
    there = [(month, net) for month, net in enumerate(flow) if abs(net) > 1e-12 * largest]
    changes = sum(one * two < 0 for (_, one), (_, two) in pairwise(there))
    if changes != 1:
        return None
    (first, first_net), (last, _) = there[0], there[-1]

    def as_first(x: float) -> bool:
        """Whether the value at a monthly rate of eˣ − 1 has the sign of the first flow.

        It has at a rate high enough, where later flows count for nothing. Scaled by a power of
        eˣ, which keeps the sign and lets nothing overflow.
        """
        anchor = first if x >= 0 else last
        value = math.fsum(net * math.exp((anchor - month) * x) for month, net in there)
        return value * first_net > 0

    low, high = (-1.0, 0.0) if as_first(0.0) else (0.0, 1.0)
    while as_first(low):
        low *= 2
    while not as_first(high):
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if as_first(middle):
            high = middle
        else:
            low = middle
    return math.expm1(12 * high)


def classify(months: float, limits: Sequence[float]) -> int:
    """The class of a payback: the number of limits that it is not strictly below."""
    for place, limit in enumerate(limits):
        if months < limit:
            return place
    return len(limits)
