"""The command that finds the value of an input at which a figure reaches a target."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import options
from roi_xl.cli.options import (
    json_option,
    lang_option,
    print_json,
    print_table,
    scenario_option,
    shown,
    study_of,
)
from roi_xl.text import text, unit_text

if TYPE_CHECKING:
    from roi_xl.case.graph_steps import Step
    from roi_xl.case.solve import Solution


def register(cli: click.Group) -> None:
    """Add this module's command to the command line."""
    cli.add_command(solve)


@click.command(help=text("risk.solve.help"))
@click.argument("file", metavar="CASE", shell_complete=options.files)
@click.option(
    "--for",
    "name",
    metavar="INPUT",
    required=True,
    shell_complete=options.inputs,
    help=text("risk.solve.for"),
)
@click.option(
    "--target",
    metavar="FIGURE=VALUE",
    required=True,
    shell_complete=options.figures,
    help=text("risk.solve.target"),
)
@scenario_option
@json_option
@lang_option
@click.pass_context
def solve(
    ctx: click.Context,
    file: str,
    name: str,
    target: str,
    scenario: str | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001 - chosen by its callback
) -> None:
    """Find the value of an input at which a figure reaches a target."""
    from roi_xl.case.dependencies import find_step
    from roi_xl.case.inputs import find_input
    from roi_xl.case.solve import solve as find

    figure, goal = _target(target)
    study = study_of(file, scenario)
    found = find(study.live_case, name, figure, goal)
    entry, step = find_input(name), find_step(figure)
    if as_json:
        print_json(_solution_data(found))
    elif found.value is not None:
        unit = entry.quantity.unit.key
        print_table(
            [
                (entry.label(), f"{found.value:.10g} {unit_text(unit)}"),
                (text("risk.goal", step=step.label()), shown(step.quantity, goal)),
            ]
        )
    _comment(found, step)
    if found.value is None:
        ctx.exit(1)


def _target(given: str) -> tuple[str, float]:
    name, equals, value = given.partition("=")
    try:
        if equals and name.strip():
            return name.strip(), float(value)
    except ValueError:
        pass
    raise click.UsageError(text("error.target_form", found=f'"{given}"'))


def _comment(found: "Solution", step: "Step") -> None:
    """Say on stderr what the bare answer does not: that there is none, several, or no exact one."""
    from roi_xl.case.inputs import find_input

    if found.value is None:
        about = {
            "step": step.label(),
            "name": found.input,
            "label": find_input(found.input).label(),
        }
        if found.lowest != found.lowest:
            click.echo(text("risk.no_solution_at_all", **about), err=True)
            return
        seen = {"lowest": f"{found.lowest:.6g}", "highest": f"{found.highest:.6g}"}
        click.echo(
            text("risk.no_solution", goal=shown(step.quantity, found.goal), **about, **seen),
            err=True,
        )
        return
    if len(found.values) > 1:
        listed = ", ".join(f"{v:.10g}" for v in sorted(found.values))
        click.echo(text("risk.several", count=len(found.values), values=listed), err=True)
    if not found.exact:
        click.echo(text("risk.not_exact"), err=True)


def _solution_data(found: "Solution") -> dict[str, Any]:
    return {
        "input": found.input,
        "target": {found.target: found.goal},
        "solution": found.value,
        "solutions": sorted(found.values),
        "exact": found.exact,
    }
