"""What depends on what: the steps and inputs behind a result, and the case as columns for the graph."""

from collections.abc import Iterable, Mapping

from roi_xl.case.evaluate import columns_of, run, run_case, steps_moved_by
from roi_xl.case.graph_steps import STEPS, Step
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.monthly_series import NEEDED
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show
from roi_xl.functions.columns import Column
from roi_xl.units import nearest

VALUE_STEP = "npv"
PAYBACK_STEP = "payback_months"
_BY_NAME = {step.name: step for step in STEPS}


def find_step(name: str) -> Step:
    """The numeric step of this name.

    Raises:
        BadInput: there is none (the nearest is suggested), or its result is a word.
    """
    numeric = [step.name for step in STEPS if not step.quantity.choices]
    if name in numeric:
        return _BY_NAME[name]
    raise BadInput("unknown_step", found=show(name), hint=nearest(name, numeric))


def steps_behind(targets: Iterable[str]) -> tuple[Step, ...]:
    """The steps that the targets need, themselves included, in the order of the graph."""
    wanted = set(targets)
    for step in reversed(STEPS):
        if step.name in wanted:
            wanted.update(_arguments(step))
    return tuple(step for step in STEPS if step.name in wanted)


def _arguments(step: Step) -> tuple[str, ...]:
    """What a step takes: names of inputs and steps, also where it takes them by the month."""
    return NEEDED if step.over_flows else step.args


def inputs_behind(targets: Iterable[str], *, numeric: bool = False) -> tuple[str, ...]:
    """The inputs that the targets depend on, in the order of the case."""
    wanted = {name for step in steps_behind(targets) for name in _arguments(step)}
    return tuple(
        name
        for name, i in INPUTS.items()
        if name in wanted and not (numeric and i.quantity.kind != "number")
    )


def depend_on(names: Iterable[str]) -> set[str]:
    """The steps that change when one of the inputs does."""
    return set(steps_moved_by(tuple(names)))


def evaluate_with(
    case: Case, changed: Mapping[str, Column], targets: Iterable[str]
) -> dict[str, Column]:
    """The target columns of a case with some inputs replaced by columns."""
    steps = steps_behind(targets)
    known = columns_of(case) | run_case(case, steps)
    moved = steps_moved_by(tuple(changed))
    return known | run({**known, **changed}, [step for step in steps if step.name in moved])
