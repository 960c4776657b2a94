"""Tornado: how far a result moves when one driver at a time goes to its low and its high value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from roi_xl.case.break_even import Turn, break_evens
from roi_xl.case.dependencies import VALUE_STEP, evaluate_with, find_step, inputs_behind
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import SWING, Span
from roi_xl.errors import BadInput
from roi_xl.functions.columns import Column

MOST_TRIED = 8  # drivers among which one with a break-even value is looked for


@dataclass(frozen=True, slots=True)
class Bar:
    """One driver: its low and high value, and the result at each."""

    driver: str
    low: float
    high: float
    at_low: float
    at_high: float
    break_even: float | None = (
        None  # the value at which the result is zero, within the plausible range
    )

    @property
    def spread(self) -> float:
        """The distance between the two results."""
        return abs(self.at_high - self.at_low)


def swung(name: str, value: float | None, swing: float = SWING) -> Span:
    """A value less and plus a share of itself, inside the input's bounds; no numbers for a blank."""
    quantity = INPUTS[name].quantity
    if value is None:
        return Span(np.nan, np.nan, np.nan)
    if np.isinf(value):  # no end, which no share moves
        return Span(value, value, value)
    away = abs(value) * swing
    low, high = value - away, value + away
    if quantity.whole:
        low, high = float(np.floor(low)), float(np.ceil(high))
    if quantity.lower is not None:
        low = max(low, quantity.lower)
    if quantity.upper is not None:
        high = min(high, quantity.upper)
    return Span(low, high, value)


def spans_of(case: Case, ranges: Mapping[str, Span], swing: float = SWING) -> dict[str, Span]:
    """A span for every driver of the value: the given one, or the swing around the case's value."""
    return {
        name: ranges[name] if name in ranges else swung(name, case[name], swing)
        for name in inputs_behind([VALUE_STEP], numeric=True)
    }


def tornado(
    case: Case,
    ranges: Mapping[str, Span] | None = None,
    swing: float = SWING,
    target: str = VALUE_STEP,
    drivers: Iterable[str] | None = None,
    *,
    break_even_values: bool = False,
) -> list[Bar]:
    """The drivers of a result, the one with the widest effect first.

    Args:
        case: the case to start from.
        ranges: low and high of single drivers; the others move by `swing`.
        swing: share by which a driver moves down and up, 0 to 0.99.
        target: the result looked at, a numeric step.
        drivers: the inputs to move; None is every number the target depends on.
        break_even_values: also find where each driver brings the target to zero.

    Returns:
        one bar per driver; drivers of equal effect keep the order of the inputs.

    Raises:
        BadInput: the target is no numeric step, or the result does not exist for a driver's value.
    """
    step = find_step(target)
    behind = inputs_behind([target], numeric=True)
    given = ranges or {}
    chosen = [n for n in behind if drivers is None or n in set(drivers)]
    names = [n for n in chosen if case[n] is not None or n in given]
    spans = {n: given.get(n) or swung(n, case[n], swing) for n in names}
    changed = {}
    for i, name in enumerate(names):
        own = typed(case, name)
        values = np.full(2 * len(names), np.nan if own is None else own)
        values[2 * i], values[2 * i + 1] = spans[name].low, spans[name].high
        changed[name] = Column(values)
    column = evaluate_with(case, changed, [target])[target]
    found = np.broadcast_to(column.values, 2 * len(names)).tolist()
    if column.errors is not None:
        wrong = names[int(np.flatnonzero(column.errors)[0]) // 2]
        raise BadInput("no_result_at", name=wrong, label=INPUTS[wrong].label(), step=step.label())
    turns = break_evens(case, names, target) if break_even_values else {}
    bars = [
        Bar(
            n,
            spans[n].low,
            spans[n].high,
            found[2 * i],
            found[2 * i + 1],
            turns[n].value if n in turns else None,
        )
        for i, n in enumerate(names)
    ]
    return sorted(bars, key=lambda bar: -bar.spread)


def typed(case: Case, name: str) -> float | None:
    """An input's own value; None where it is worked out, so that a default in USD follows the rate."""
    own = name in case.given or INPUTS[name].worked_out is None
    value: float | None = case[name] if own else None
    return value


def strongest_turn(case: Case) -> Turn | None:
    """The strongest driver of the net present value that has a break-even value, and that value.

    Drivers are tried from the strongest on; one that cannot turn the sign within its plausible range
    gives way to the next.
    """
    bars = [bar for bar in tornado(case) if bar.spread > 0]
    for bar in bars[:MOST_TRIED]:
        found = break_evens(case, [bar.driver])
        if bar.driver in found:
            return found[bar.driver]
    return None
