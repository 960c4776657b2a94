"""Growth and spread of a daily series: what a simulation needs beside the mean."""

import math
from collections.abc import Collection, Sequence

import numpy as np

WEEK = 7
FEWEST_WEEKS = 4
WEEKS_PER_MONTH = 365 / 12 / WEEK
LOW, HIGH = 10, 90  # percentiles of a range
_T90 = (math.nan, 3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149, 1.3968, 1.3830, 1.3722)
_Z = 1.2815515594600038  # 90 % of a normal distribution lie below


def whole_weeks(days: Collection[int]) -> list[tuple[int, ...]]:
    """Runs of seven covered days, counted back from the last one; from first to last.

    Args:
        days: covered days, as ordinals.
    """
    known = set(days)
    found = []
    if known:
        first, end = min(known), max(known)
        while end - WEEK + 1 >= first:
            week = tuple(range(end - WEEK + 1, end + 1))
            if known.issuperset(week):
                found.append(week)
            end -= WEEK
    return found[::-1]


def monthly_growth(weeks: Sequence[tuple[int, ...]], volumes: Sequence[float]) -> tuple[float, ...]:
    """Low, likely and high monthly growth of a weekly volume, as fractions; empty where there is none.

    The slope of a least-squares line through the logarithms of the weeks' volumes, raised to the
    365/12 days of a month. Low and high are its 10 % and 90 % limits by the t distribution.

    Args:
        weeks: the days of each week.
        volumes: the volume of each.

    Returns:
        Three fractions per month; nothing for fewer than four weeks or a week without volume.

    Example:
        >>> weeks = [tuple(range(n, n + 7)) for n in (0, 7, 14, 21)]
        >>> [round(g, 6) for g in monthly_growth(weeks, [100, 110, 121, 133.1])]
        [0.513077, 0.513077, 0.513077]
    """
    if len(weeks) < FEWEST_WEEKS or min(volumes) <= 0:
        return ()
    at = np.array([week[0] / WEEK for week in weeks])
    level = np.log(np.array(volumes, dtype=np.float64))
    at, level = at - at.mean(), level - level.mean()
    spread = float(at @ at)
    slope = float(at @ level) / spread
    freedom = len(weeks) - 2
    left = float(((level - slope * at) ** 2).sum())
    margin = _t90(freedom) * math.sqrt(left / freedom / spread)
    return tuple(
        math.expm1(WEEKS_PER_MONTH * max(min(s, 50.0), -50.0))
        for s in (slope - margin, slope, slope + margin)
    )


def _t90(freedom: int) -> float:
    """The 90 % point of the t distribution: from a table, beyond it by the Cornish-Fisher series."""
    if freedom < len(_T90):
        return _T90[freedom]
    z, v = _Z, float(freedom)
    return z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)


def spread_of(values: Sequence[float], likely: float) -> tuple[float, float, float] | None:
    """The 10th and 90th percentile of values around a likely one; None where they do not differ."""
    if len(values) < 2:
        return None
    low, high = (float(p) for p in np.percentile(np.array(values), [LOW, HIGH]))
    low, high = min(low, likely), max(high, likely)
    return (low, likely, high) if high > low else None
