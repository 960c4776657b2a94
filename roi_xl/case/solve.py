"""Goal seek: the value of one input at which a result is what it should be.

The result is computed on a grid over the whole range of the input at once; every interval in which
it passes the goal is narrowed by grids again until it is as narrow as numbers allow. So all
solutions the grid can see are found, poles and jumps are told from crossings, and a failure means
that there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.dependencies import evaluate_with, find_step, inputs_behind
from roi_xl.case.inputs import Case, Input, find_input
from roi_xl.errors import BadInput
from roi_xl.functions.columns import Column
from roi_xl.units import within

Floats = NDArray[np.float64]
Gap = Callable[[Floats], Floats]
_DECADES = 15  # an input without upper bound is searched from 1e-15 to 1e15 of its usual size
_PER_DECADE = 200
_CUTS = 64  # parts into which an interval is cut in each round
_ROUNDS = 14
_TOLERANCE = 1e-9  # of the goal; a crossing comes far closer, a jump or a pole does not
_MOST_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Solution:
    """A goal and every value of the input found to meet it, the nearest to the case's own first."""

    input: str
    target: str
    goal: float
    values: tuple[float, ...]
    exact: bool  # False where only whole numbers are allowed and the goal lies between two
    lowest: float  # the results seen over the searched range, for a person who has no solution
    highest: float

    @property
    def value(self) -> float | None:
        """The solution nearest to the case's own value; None where there is none."""
        return self.values[0] if self.values else None


def solve(case: Case, name: str, target: str, goal: float) -> Solution:
    """The values of one input at which a result reaches a goal.

    Args:
        case: the values of all other inputs.
        name: the input to vary over all that its bounds allow.
        target: a numeric step.
        goal: what the step shall be, in its unit.

    Returns:
        the solutions, none where the goal is reached nowhere.

    Raises:
        BadInput: an unknown name, an input of words, a goal that is no finite number, or a target
            that does not depend on the input.
    """
    entry, step = find_input(name), find_step(target)
    if entry.quantity.kind != "number":
        raise BadInput("range_of_words", name=entry.name, label=entry.label())
    if not np.isfinite(goal):
        raise BadInput("goal", found=goal)
    if entry.name not in inputs_behind([target]):
        raise BadInput("does_not_depend", step=step.label(), target=target, name=entry.name)

    def result(values: Floats) -> Floats:
        column = evaluate_with(case, {entry.name: Column(values)}, [target])[target]
        return np.broadcast_to(column.values, values.shape)

    def gap(values: Floats) -> Floats:
        return result(values) - goal

    grid = _grid(entry, case[entry.name])
    results = result(grid)
    seen, gaps = results[np.isfinite(results)], results - goal
    if entry.quantity.whole:
        found, exact = _first_whole(grid, gaps)
    else:
        found, exact = _crossings(gap, grid, gaps, goal), True
    own = case[entry.name]
    found.sort(key=lambda x: abs(x - own))
    lowest, highest = (seen.min(), seen.max()) if seen.size else (np.nan, np.nan)
    return Solution(entry.name, target, goal, tuple(found), exact, float(lowest), float(highest))


def _grid(entry: Input, own: float) -> Floats:
    quantity = entry.quantity
    if quantity.whole:
        first = int(np.ceil(quantity.lower or 0.0))
        last = _MOST_WHOLE if quantity.upper is None else int(quantity.upper)
        return np.arange(first, last + 1, dtype=np.float64)
    size = abs(own) or 1.0
    spread = size * np.logspace(-_DECADES, _DECADES, 2 * _DECADES * _PER_DECADE + 1)
    lower = -np.inf if quantity.lower is None else quantity.lower
    upper = np.inf if quantity.upper is None else quantity.upper
    points = [spread, -spread, np.array([0.0, own])]
    if np.isfinite(lower) and np.isfinite(upper):
        points.append(np.linspace(lower, upper, 2 * _DECADES * _PER_DECADE + 1))
    for end in (lower, upper):
        if np.isfinite(end):
            points += [np.array([end]), end + spread, end - spread]
    grid = np.unique(np.concatenate(points))
    return grid[[within(quantity, float(x)) for x in grid]]


def _crossings(gap: Gap, grid: Floats, gaps: Floats, goal: float) -> list[float]:
    """Where the gap is zero, or changes its sign without a jump."""
    found = [float(grid[i]) for i in _ends_of_runs(gaps == 0)]
    sign = np.sign(gaps)
    for i in np.flatnonzero(sign[:-1] * sign[1:] < 0):
        root = _narrow(gap, float(grid[i]), float(grid[i + 1]))
        sizes = np.abs(gaps[i : i + 2])
        scale = max(abs(goal), *sizes[np.isfinite(sizes)].tolist())
        if abs(float(gap(np.array([root]))[0])) <= _TOLERANCE * scale:
            found.append(root)
    return found


def _ends_of_runs(flags: NDArray[np.bool_]) -> list[int]:
    """The first and the last place of every run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return sorted({*edges[::2].tolist(), *(edges[1::2] - 1).tolist()})


def _narrow(gap: Gap, low: float, high: float) -> float:
    """The place in an interval where the gap changes its sign, as exactly as numbers allow."""
    for _ in range(_ROUNDS):
        points = np.linspace(low, high, _CUTS + 1)
        gaps = gap(points)
        if (gaps == 0).any():
            return float(points[np.flatnonzero(gaps == 0)[0]])
        sign = np.sign(gaps)
        change = np.flatnonzero(sign[:-1] * sign[1:] < 0)
        if not change.size:
            break
        narrower = float(points[change[0]]), float(points[change[0] + 1])
        if narrower == (low, high):
            break
        low, high = narrower
    ends = np.array([low, high])
    return float(ends[np.argmin(np.abs(gap(ends)))])


def _first_whole(grid: Floats, gaps: Floats) -> tuple[list[float], bool]:
    """Whole numbers that meet the goal, else the first on the far side of each crossing."""
    exact = grid[gaps == 0]
    if exact.size:
        return exact.tolist(), True
    sign = np.sign(gaps)
    return grid[np.flatnonzero(sign[:-1] * sign[1:] < 0) + 1].tolist(), False
