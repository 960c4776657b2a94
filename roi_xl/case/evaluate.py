"""Runs the graph, for one case or for a million, with an error an element as everywhere."""

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.graph_steps import PRICE_SHEET, STEPS, Step
from roi_xl.case.inputs import INPUTS, Case, by_key
from roi_xl.case.monthly_series import NEEDED, run_over_flows
from roi_xl.case.results import Results
from roi_xl.errors import DomainError, ErrorValue, NotListedError, RoiError
from roi_xl.functions.apply import apply
from roi_xl.functions.arguments import is_range, read, whole
from roi_xl.functions.columns import Column
from roi_xl.prices.sheet import PriceSheet
from roi_xl.text import text


def run(columns: Mapping[str, Column], steps: Sequence[Step] = STEPS) -> dict[str, Column]:
    """Every step as a column, from a column for every input (and one for the price sheet)."""
    known = {PRICE_SHEET: Column(whole(None)), **_defaults(), **columns}
    with np.errstate(all="ignore"):
        for over_flows, group in groupby(steps, key=lambda s: s.over_flows):
            if over_flows:
                known.update(run_over_flows(known, tuple(group)))
                continue
            for step in group:
                known[step.name] = apply(step.function, [known[name] for name in step.args])
    return {step.name: known[step.name] for step in steps}


def _defaults() -> dict[str, Column]:
    return {
        f"default_{name}": Column(np.array(entry.fallback, np.float64))
        for name, entry in INPUTS.items()
        if entry.worked_out is not None and entry.fallback is not None
    }


def read_columns(
    values: Mapping[str, object], prices: PriceSheet | None = None
) -> dict[str, Column]:
    """A column for every input and one for the price sheet; what is not given takes its default.

    Raises:
        BadInput: no input has one of the names, or two mean the same input.
    """
    given = by_key(values)
    columns = {name: read(i.param, given.get(name)) for name, i in INPUTS.items()}
    return {**columns, PRICE_SHEET: Column(whole(prices))}


def evaluate_case(
    case: Case | Mapping[str, object] | None = None, language: str | None = None, **values: object
) -> Results:
    """All results of a case by step name.

    Args:
        case: a case, or input names with values; arrays give a result an element. None is the
            source document's customer-service example.
        language: `zh` or `en`, for results in words.
        values: inputs that replace those of `case`.

    Returns:
        For one case: numbers (infinite payback is `inf`), words, None where nothing is known (the
        listed price of a case that names no GPU), or an `ErrorValue` where a result does not exist.
        For arrays: arrays of the broadcast shape, with `ErrorValue` elements.

    Raises:
        BadInput: an unknown input; for one case also a value outside its bounds.

    Source:
        The source document, `calculate_roi`, with people and maintenance added.

    Example:
        >>> evaluate_case(language="en")["recommendation"]
        'Strongly recommended'
    """
    if isinstance(case, Case) and not values:
        columns = run_case(case)
    else:
        known = {n: case[n] for n in case.given} if isinstance(case, Case) else (case or {})
        given = {**known, **values}
        prices = case.prices if isinstance(case, Case) else None
        if any(is_range(raw) for raw in given.values()):
            columns = run(read_columns(given, prices))
        else:
            columns = run_case(Case(prices=prices, **given))
    return Results((step.name, present(step, columns[step.name], language)) for step in STEPS)


def run_case(case: Case, steps: Sequence[Step] = STEPS) -> dict[str, Column]:
    """Steps of one case; what its values do not change is taken from the default case.

    Args:
        case: the case, whose values are valid.
        steps: the wanted steps and all that they need, in the order of the graph.
    """
    default, known = _default_run()
    columns = columns_of(case)
    changed = [name for name in INPUTS if case[name] != default[name]]
    moved = steps_moved_by((*changed, PRICE_SHEET) if case.prices is not None else tuple(changed))
    fresh = run(known | columns, [step for step in steps if step.name in moved])
    return {step.name: fresh.get(step.name, known[step.name]) for step in steps}


@cache
def _default_run() -> tuple[Case, dict[str, Column]]:
    """The default case, and its inputs and results as columns."""
    case = Case()
    columns = columns_of(case)
    return case, columns | run(columns)


def columns_of(case: Case) -> dict[str, Column]:
    """The valid values of a case as columns, and its price sheet."""
    columns = {PRICE_SHEET: Column(whole(case.prices))}
    for name, entry in INPUTS.items():
        value = case[name]
        if entry.quantity.kind == "text":
            columns[name] = Column(np.array(value, object))
        elif entry.quantity.choices:
            columns[name] = Column(np.array(float(entry.quantity.choices.index(value))))
        else:
            columns[name] = Column(np.array(math.nan if value is None else value, np.float64))
    return columns


@lru_cache(maxsize=256)
def steps_moved_by(names: tuple[str, ...]) -> frozenset[str]:
    """The steps that may change when one of these inputs does."""
    moving = set(names)
    for step in STEPS:
        if not moving.isdisjoint(NEEDED if step.over_flows else step.args):
            moving.add(step.name)
    return frozenset(moving.difference(names))


def present(step: Step, column: Column, language: str | None = None) -> Any:
    """A result column as Python hands it out: float and words, or arrays of them."""
    if not step.quantity.choices and column.errors is None:
        if column.values.ndim:
            return np.array(column.values)
        value = float(column.values)
        return None if math.isnan(value) else value
    answers: NDArray[Any] = column.values.astype(object)
    if step.quantity.choices:
        words = [text(f"choice.{c}", language) for c in step.quantity.choices]
        safe = np.nan_to_num(column.values).astype(np.intp)
        answers = np.array(words, object)[safe]
    if column.errors is not None:
        found = np.broadcast_to(column.errors, column.values.shape)
        errors = [ErrorValue.from_code(int(c)) if c else None for c in found.ravel()]
        answers = np.where(found != 0, np.array(errors, object).reshape(found.shape), answers)
    return answers.item() if np.ndim(answers) == 0 and isinstance(answers, np.ndarray) else answers


def first_problem(case: Case, language: str | None = None) -> RoiError | None:
    """Why a case has no result: the error of the first step that gives one; None where all do.

    Args:
        case: the case.
        language: of the step's label in the message.
    """
    known = _defaults() | columns_of(case) | run_case(case)
    for step in STEPS:
        errors = known[step.name].errors
        if errors is None or not errors.any() or step.over_flows:
            continue
        if step.function.mode == "each":
            try:
                step.function.python(*(known[name].values.item() for name in step.args))
            except RoiError as error:
                return error
        if step.name == "serving_capacity":
            return NotListedError("no_capacity")
        return DomainError("no_step_result", step=step.label(language), name=step.name)
    return None
