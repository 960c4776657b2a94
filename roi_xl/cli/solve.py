"""`roi-xl solve`: finds the value of an input at which a figure reaches a target."""

import math
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import json_option, lang_option, scenario_option
from roi_xl.cli.output import currency_of, format_value, print_json, print_note, print_table
from roi_xl.text import text, unit_text

if TYPE_CHECKING:
    from roi_xl.case.graph_steps import Step
    from roi_xl.case.inputs import Input
    from roi_xl.case.solve import Solution


@command(help=text("risk.solve.help"))
@click.argument("file", metavar="CASE", shell_complete=completion.files)
@option(
    "--for",
    "name",
    metavar="INPUT",
    required=True,
    shell_complete=completion.inputs,
    help=text("risk.solve.for"),
)
@option(
    "--target",
    metavar="FIGURE=VALUE",
    required=True,
    shell_complete=completion.figures,
    help=text("risk.solve.target"),
)
@scenario_option
@json_option
@lang_option
def solve(
    file: str,
    name: str,
    target: str,
    scenario: str | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Find the value of an input at which a figure reaches a target; exit with 1 if there is none."""
    from roi_xl.case import solve as goal_seek
    from roi_xl.case.inputs import find_input
    from roi_xl.cli.case_options import read_case_file

    step, goal = _read_target(target)
    entry = find_input(name)
    case = read_case_file(file, scenario).live_case
    found = goal_seek.solve(case, entry.name, step.name, goal)
    currency = currency_of(case)
    if as_json:
        print_json(_solution_data(found))
    elif found.value is not None:
        unit = unit_text(entry.quantity.unit.key, currency=currency)
        goal_row = text("risk.goal", step=step.label())
        print_table(
            [
                (entry.label(), f"{found.value:.10g} {unit}"),
                (goal_row, format_value(step.quantity, goal, currency)),
            ]
        )
    _print_notes(found, entry, step, currency)
    if found.value is None:
        raise click.exceptions.Exit(1)


def _read_target(target: str) -> "tuple[Step, float]":
    """Figure and value of `payback_months=6`.

    Raises:
        UsageError: it is not FIGURE=VALUE with a number as its value.
        BadInput: no figure has this name.
    """
    from roi_xl.case.dependencies import find_step
    from roi_xl.case.typed_values import typed_number

    name, equals, value = target.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise click.UsageError(text("error.target_form", found=f'"{target}"'))
    step = find_step(name.strip())
    goal = typed_number(step.name, step.quantity, value)
    if goal is None:
        raise click.UsageError(text("error.target_form", found=f'"{target}"'))
    return step, goal


def _print_notes(found: "Solution", entry: "Input", step: "Step", currency: str) -> None:
    """Say on standard error that there is no solution, more than one, or no exact one."""
    if found.value is None:
        names = {"step": step.label(), "name": entry.name, "label": entry.label()}
        if math.isnan(found.lowest):
            print_note(text("risk.no_solution_at_all", **names))
            return
        goal = format_value(step.quantity, found.goal, currency)
        seen = {"lowest": f"{found.lowest:.6g}", "highest": f"{found.highest:.6g}"}
        print_note(text("risk.no_solution", goal=goal, **names, **seen))
        return
    if len(found.values) > 1:
        listed = ", ".join(f"{value:.10g}" for value in sorted(found.values))
        print_note(text("risk.several", count=len(found.values), values=listed))
    if not found.exact:
        print_note(text("risk.not_exact"))


def _solution_data(found: "Solution") -> dict[str, Any]:
    return {
        "input": found.input,
        "target": {found.target: found.goal},
        "solution": found.value,
        "solutions": sorted(found.values),
        "exact": found.exact,
    }
