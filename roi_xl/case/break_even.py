"""Break-even: the value of an input at which a figure reaches a target, within the plausible range.

Where the figure is a straight line in the input, two points give the value. Elsewhere the range is
evaluated at once on a grid; the intervals in which the figure passes the target are narrowed. Of several
values the one nearest to today's counts; where the figure jumps over the target, as with whole GPUs,
the nearest value that meets it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.dependencies import VALUE_STEP, evaluate_with, find_step, inputs_behind
from roi_xl.case.inputs import Case, Input, find_input
from roi_xl.errors import BadInput
from roi_xl.functions.columns import Column

Floats = NDArray[np.float64]
LOWER_IS_BETTER = ("payback_months", "discounted_payback_months", "total_cost")
_GRID = 401  # points of the first grid, today's value among them
_CUTS = 64  # parts into which an interval is cut in each round
_ROUNDS = 10
_STRAIGHT = 1e-9  # deviation from a line, as a share of the figure's range, that is rounding
_REACHED = 1e-9


@dataclass(frozen=True, slots=True)
class Turn:
    """A driver, its value today, and the value at which the figure reaches the target."""

    driver: str
    today: float
    value: float


def searched(case: Case, name: str) -> tuple[float, float]:
    """The range in which a break-even value is looked for: plausible, allowed, today's value inside.

    Raises:
        BadInput: the input is a word.
    """
    entry = find_input(name)
    rate = 1.0 if case["currency"] == "USD" else float(case["currency_per_usd"])
    span = entry.plausible_in(rate)
    if entry.quantity.kind != "number" or span is None:
        raise BadInput("range_of_words", name=entry.name, label=entry.label())
    low, high = span
    today = today_of(case, entry)
    if np.isfinite(today):
        low, high = min(low, today), max(high, today)
    if entry.quantity.lower is not None:
        low = max(low, entry.quantity.lower)
        if entry.quantity.lower_open and low == entry.quantity.lower:
            low = np.nextafter(low, high) if low else high * 1e-9
    if entry.quantity.upper is not None:
        high = min(high, entry.quantity.upper)
    return float(low), float(high)


def today_of(case: Case, entry: Input) -> float:
    """The value that the case uses for an input; NaN where it has none."""
    value = case[entry.name]
    return float("nan") if value is None else float(value)


def break_even(
    case: Case, name: str, figure: str = VALUE_STEP, target: float = 0.0
) -> float | None:
    """The value of an input at which a figure reaches a target; None where none in range does.

    Args:
        case: the values of all other inputs.
        name: the input to vary over its plausible range.
        figure: a numeric result.
        target: what the figure shall be, in its unit.

    Raises:
        BadInput: an unknown name, an input of words, a target that is no finite number, or a figure
            that does not depend on the input.
    """
    entry, step = find_input(name), find_step(figure)
    if not np.isfinite(target):
        raise BadInput("goal", found=target)
    if entry.name not in inputs_behind([figure]):
        raise BadInput("does_not_depend", step=step.label(), target=figure, name=entry.name)
    searched(case, entry.name)
    found = break_evens(case, [entry.name], figure, target)
    return found[entry.name].value if entry.name in found else None


def break_evens(
    case: Case, names: Iterable[str], figure: str = VALUE_STEP, target: float = 0.0
) -> dict[str, Turn]:
    """The break-even values of several inputs, those that have one, in the given order."""
    chosen = list(names)
    spans = {name: searched(case, name) for name in chosen}
    today = {name: today_of(case, find_input(name)) for name in chosen}
    probes = {n: _probes(*spans[n], today[n]) for n in chosen}
    seen = _evaluate(case, probes, figure)
    found: dict[str, Turn] = {}
    for name in chosen:
        value = _on_a_line(probes[name], seen[name], target, spans[name])
        if value is None:
            value = _scan(case, name, figure, target, spans[name], today[name])
        if value is not None and np.isfinite(value):
            found[name] = Turn(name, today[name], float(value))
    return found


def _probes(low: float, high: float, today: float) -> Floats:
    inside = np.linspace(low, high, 6)
    return inside if np.isnan(today) else np.append(inside, today)


def _evaluate(case: Case, values: dict[str, Floats], figure: str) -> dict[str, Floats]:
    """The figure at several values of each input, all in one pass; the others at today's."""
    sizes = [v.size for v in values.values()]
    total = sum(sizes)
    changed: dict[str, Column] = {}
    start = 0
    for (name, points), size in zip(values.items(), sizes, strict=True):
        own = case[name]
        column = np.full(total, np.nan if own is None else own)
        column[start : start + size] = points
        changed[name] = Column(column)
        start += size
    results = np.broadcast_to(evaluate_with(case, changed, [figure])[figure].values, total)
    ends = np.cumsum(sizes)
    return {n: results[e - s : e] for n, s, e in zip(values, sizes, ends, strict=True)}


def _on_a_line(
    points: Floats, seen: Floats, target: float, span: tuple[float, float]
) -> float | None:
    """The value on a straight line through all points; None where they lie on none."""
    low, high = points[0], points[5]
    rise = seen[5] - seen[0]
    if not np.isfinite(seen).all() or rise == 0 or high == low:
        return None
    line = seen[0] + (points - low) / (high - low) * rise
    if np.max(np.abs(seen - line)) > _STRAIGHT * np.max(np.abs(seen)):
        return None
    value = low + (target - seen[0]) / rise * (high - low)
    return float(value) if span[0] <= value <= span[1] else float("nan")


def _scan(
    case: Case, name: str, figure: str, target: float, span: tuple[float, float], today: float
) -> float | None:
    """The nearest value by a grid over the range, narrowed where the figure passes the target."""

    def gap(values: Floats) -> Floats:
        return _evaluate(case, {name: values}, figure)[name] - target

    low, high = span
    points = [np.linspace(low, high, _GRID)]
    if low >= 0 and high > 0:
        points.append(np.geomspace(max(low, high * 1e-6), high, _GRID))
    if np.isfinite(today):
        points.append(np.array([today]))
    grid = np.unique(np.concatenate(points))
    gaps = gap(grid)
    better = -1.0 if figure in LOWER_IS_BETTER else 1.0
    found = grid[gaps == 0].tolist()
    with np.errstate(invalid="ignore"):
        sign = np.sign(gaps)
    for i in np.flatnonzero(sign[:-1] * sign[1:] < 0):
        found.append(_narrow(gap, grid[i : i + 2], better, max(abs(target), 1.0)))
    if not found:
        return None
    origin = today if np.isfinite(today) else (low + high) / 2
    return float(min(found, key=lambda x: abs(x - origin)))


def _narrow(gap: object, ends: Sequence[float] | Floats, better: float, scale: float) -> float:
    """Where the gap passes zero; at a jump, the end of it that meets the target."""
    low, high = float(ends[0]), float(ends[1])
    for _ in range(_ROUNDS):
        points = np.linspace(low, high, _CUTS + 1)
        gaps = gap(points)  # type: ignore[operator]
        if (gaps == 0).any():
            return float(points[np.flatnonzero(gaps == 0)[0]])
        change = np.flatnonzero(np.sign(gaps[:-1]) * np.sign(gaps[1:]) < 0)
        if not change.size:
            break
        narrower = float(points[change[0]]), float(points[change[0] + 1])
        if narrower == (low, high):
            break
        low, high = narrower
    at = np.array([low, high])
    gaps = gap(at)  # type: ignore[operator]
    if np.min(np.abs(gaps)) <= _REACHED * max(scale, float(np.max(np.abs(gaps)))):
        return float(at[int(np.argmin(np.abs(gaps)))])
    return float(at[int(np.argmax(better * gaps))])
