"""What changed between two cases: inputs that differ, and a bridge from one NPV to the other.

The inputs are replaced one after the other, in the order of `INPUTS`, until the first case has become
the second; what each replacement adds to NPV is its effect in order, and the effects add up to the
whole difference. An effect alone is that of the same replacement in the first case; the two differ by
the interaction with the inputs replaced before. Inputs that have no result one by one, such as those
of self-hosting, are replaced together.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from roi_xl.case.dependencies import VALUE_STEP, evaluate_with
from roi_xl.case.evaluate import evaluate_case, first_problem
from roi_xl.case.exact_sums import grid_of, on_grid
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import Study
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.prices.reader import shipped

PRICES = "price_sheet"  # in place of an input's name, where the price sheets differ
GIVEN, DEFAULT, SAMPLE, WORKED_OUT, BLANK = "given", "default", "sample", "worked_out", "blank"
# the step that holds what a blank input is worked out to
USED_STEPS = {
    "hourly_rate": "hourly_rate_used",
    "gpu_cost_per_hour": "gpu_price_per_hour",
    "training_hours": "training_hours_used",
    "gpu_count": "gpu_count_used",
    "current_cost_per_request": "current_request_cost",
    "finetuned_cost_per_request": "finetuned_request_cost",
    **{
        f"{model}_{kind}_price": f"{model}_{kind}_price_used"
        for model in ("current", "finetuned")
        for kind in ("input", "output", "cached_input")
    },
    "serving_gpu_cost_per_hour": "serving_gpu_price",
    "serving_requests_per_gpu_hour": "serving_capacity",
    "retirement_month": "retirement_used",
}
_CAPACITY = "serving_requests_per_gpu_hour"  # 0 where the model is not self-hosted


@dataclass(frozen=True, slots=True)
class Side:
    """One input in one case: the value it has there, None where it is blank, and where that is from.

    `value` is what the case uses: typed, default, or worked out from other inputs.
    """

    value: Any
    state: str


@dataclass(frozen=True, slots=True)
class Change:
    """An input whose value differs between two cases."""

    name: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class Effect:
    """What some inputs, one as a rule, add to NPV.

    Args:
        names: the inputs replaced together; PRICES for the price sheet.
        in_order: NPV added after all inputs before them were replaced.
        alone: NPV added to the first case by these only; None where it then has no result.
    """

    names: tuple[str, ...]
    in_order: float
    alone: float | None

    @property
    def interaction(self) -> float | None:
        """The effect in order less the effect alone."""
        return None if self.alone is None else self.in_order - self.alone


@dataclass(frozen=True, slots=True)
class End:
    """A case of the comparison with its name and headline results."""

    name: str
    case: Case
    npv: float
    payback_months: float
    recommendation: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two cases, the inputs that differ, and how NPV gets from the one to the other."""

    before: End
    after: End
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]

    @property
    def difference(self) -> float:
        """NPV of the second case less that of the first."""
        return self.after.npv - self.before.npv

    @property
    def interaction(self) -> float | None:
        """What the effects alone leave unexplained; None where one of them has none."""
        alone = [effect.alone for effect in self.effects]
        known = [value for value in alone if value is not None]
        return math.fsum((self.difference, *(-v for v in known))) if known == alone else None


def bridge(before: Study, after: Study, language: str | None = None) -> Bridge:
    """What changed between two studies, of each the selected scenario.

    Args:
        before: the first.
        after: the second.
        language: of the recommendations.

    Returns:
        the inputs that differ and their effects on NPV. The effects in order add up exactly to the
        difference of the two NPVs, which are rounded at the 15th digit of the largest for that.

    Raises:
        BadInput: the cases are in different currencies, or one of them has no result.

    Example:
        >>> a, b = Study(Case()), Study(Case(daily_requests=20000))
        >>> [(e.names, round(e.in_order, 2)) for e in bridge(a, b).effects]
        [(('daily_requests',), 84203.44)]
    """
    one, two = before.live_case, after.live_case
    if one["currency"] != two["currency"]:
        raise BadInput("diff.currencies", first=one["currency"], second=two["currency"])
    ends = _end(before, language), _end(after, language)
    if ends[0].name == ends[1].name:
        ends = (
            replace(ends[0], name=f"{ends[0].name} (A)"),
            replace(ends[1], name=f"{ends[1].name} (B)"),
        )
    changes = _changes(one, two, ends)
    moves: list[tuple[str, Callable[[Case], Case]]] = [
        (change.name, _replacing(change.name, two)) for change in changes if change.name != PRICES
    ]
    if len(moves) < len(changes):
        moves.append((PRICES, lambda case: case.with_prices(two.prices)))
    first, last, effects = _effects(one, moves, ends[0].npv, ends[1].npv)
    return Bridge(replace(ends[0], npv=first), replace(ends[1], npv=last), changes, effects)


def _end(study: Study, language: str | None) -> End:
    case = study.live_case
    results = evaluate_case(case, language)
    if isinstance(results[VALUE_STEP], ErrorValue):
        raise BadInput("diff.no_result", name=study.name(), reason=first_problem(case) or "-")
    return End(
        study.name(language),
        case,
        results.number(VALUE_STEP),
        results.number("payback_months"),
        results.word("recommendation"),
    )


# --- inputs that differ --------------------------------------------------------------------------


def _changes(one: Case, two: Case, ends: tuple[End, End]) -> tuple[Change, ...]:
    """The inputs that differ, in the order of INPUTS, the price sheet last."""
    used = [evaluate_case(end.case) for end in ends]
    found = [
        Change(name, _side(one, name, used[0]), _side(two, name, used[1]))
        for name in INPUTS
        if one[name] != two[name] and (name in one.given or name in two.given)
    ]
    sheets = [_listed(case) for case in (one, two)]
    if sheets[0] != sheets[1]:
        dates = [_newest(case) for case in (one, two)]
        found.append(Change(PRICES, *(Side(date, GIVEN) for date in dates)))
    return tuple(found)


def _side(case: Case, name: str, results: Any) -> Side:
    """The value of an input as the case uses it, and where it is from."""
    entry, value = INPUTS[name], case[name]
    if name in case.given:
        return Side(value, GIVEN)
    if value is not None:
        return Side(value, SAMPLE if entry.is_sample else DEFAULT)
    used = results.get(USED_STEPS.get(name, ""))
    if used is None or isinstance(used, ErrorValue) or (name == _CAPACITY and not used):
        return Side(entry.fallback, BLANK if entry.fallback is None else DEFAULT)
    return Side(used, WORKED_OUT)


def _listed(case: Case) -> object:
    """The prices that a case looks up, comparable between a file and a workbook."""
    sheet = case.prices or shipped()
    prices = sorted(
        (row.offer, row.currency, round(row.usd_per_gpu_hour, 9)) for row in sheet.current()
    )
    own = (case["currency"], "USD")  # the case's own rate is an input
    rates = sorted((code, rate) for code, rate in sheet.rates if code not in own)
    return prices, sheet.models, rates


def _newest(case: Case) -> str | None:
    newest = (case.prices or shipped()).newest
    return None if newest is None else newest.isoformat()


def _replacing(name: str, source: Case) -> Callable[[Case], Case]:
    """What gives a case the value that an input has in another, blank where it is blank there."""
    value = source[name] if name in source.given else None
    return lambda case: case.replace(**{name: value})


# --- effects -------------------------------------------------------------------------------------


def _effects(
    start: Case, moves: Sequence[tuple[str, Callable[[Case], Case]]], first: float, last: float
) -> tuple[float, float, tuple[Effect, ...]]:
    """Both NPVs and the effects between them, on a grid on which the effects add up exactly."""
    groups: list[tuple[str, ...]] = []
    levels, alone = [first], list[float | None]()
    case, held = start, list[tuple[str, Callable[[Case], Case]]]()
    for place, move in enumerate(moves, 1):
        held.append(move)
        case = move[1](case)
        reached = last if place == len(moves) else _npv(case)
        if reached is None:
            continue
        single = start
        for _, moved in held:
            single = moved(single)
        groups.append(tuple(name for name, _ in held))
        levels.append(reached)
        alone.append(_npv(single))
        held = []
    step = grid_of([*levels, *(v for v in alone if v is not None)])
    exact = [on_grid(level, step) for level in levels]
    added = [b - a for a, b in pairwise(exact)]
    singly = [None if v is None else on_grid(v, step) - exact[0] for v in alone]
    return exact[0], exact[-1] if groups else exact[0], tuple(map(Effect, groups, added, singly))


def _npv(case: Case) -> float | None:
    """The net present value; None where the case has none."""
    column = evaluate_with(case, {}, (VALUE_STEP,))[VALUE_STEP]
    if column.errors is not None and column.errors.any():
        return None
    value = float(column.values)
    return value if math.isfinite(value) else None
