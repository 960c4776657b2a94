"""The commands about uncertainty and choice: solve, sensitivity, simulate, compare."""

import json
from typing import TYPE_CHECKING, Any

import click

from roi_xl.commands.common import (
    json_option,
    lang_option,
    plain,
    print_table,
    scenario_option,
    shown,
)
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.compare import Ranked
    from roi_xl.case.scenarios import Study
    from roi_xl.case.simulate import Simulation
    from roi_xl.case.solve import Solution
    from roi_xl.case.step import Step

_DISTRIBUTIONS = ("triangular", "pert")


def _help(key: str) -> str:
    return text(f"risk.{key}")


def register(cli: click.Group) -> None:
    """Add this module's commands to the command line."""
    for command in (solve, sensitivity, simulate, compare):
        cli.add_command(command)


def _study(file: str, scenario: str | None) -> "Study":
    from roi_xl.case.reader import read_study

    study = read_study(file)
    return study if scenario is None else study.with_live(scenario)


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


# --- solve ---------------------------------------------------------------------------------------


@click.command(help=_help("solve.help"))
@click.argument("file", metavar="CASE")
@click.option("--for", "name", metavar="INPUT", required=True, help=_help("solve.for"))
@click.option("--target", metavar="FIGURE=VALUE", required=True, help=_help("solve.target"))
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
    from roi_xl.case.graph import find_step
    from roi_xl.case.inputs import find_input
    from roi_xl.case.solve import solve as find

    figure, goal = _target(target)
    study = _study(file, scenario)
    found = find(study.live_case, name, figure, goal)
    entry, step = find_input(name), find_step(figure)
    if as_json:
        _print_json(_solution_data(found))
    elif found.value is not None:
        unit = entry.quantity.unit.key
        print_table(
            [
                (entry.label(), f"{found.value:.10g} {text(f'unit.{unit}')}"),
                (text("risk.goal", step=step.label()), shown(step.quantity.unit.key, goal)),
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

    unit = step.quantity.unit.key
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
            text("risk.no_solution", goal=shown(unit, found.goal), **about, **seen), err=True
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


# --- sensitivity ---------------------------------------------------------------------------------


@click.command(help=_help("sensitivity.help"))
@click.argument("file", metavar="CASE")
@click.option(
    "--swing",
    type=click.FloatRange(0, 0.99),
    help=_help("sensitivity.swing"),
)
@click.option("--target", metavar="FIGURE", help=_help("sensitivity.target"))
@scenario_option
@json_option
@lang_option
def sensitivity(
    file: str,
    swing: float | None,
    target: str | None,
    scenario: str | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001
) -> None:
    """Print the tornado table of a case."""
    from roi_xl.case.graph import VALUE_STEP, find_step
    from roi_xl.case.inputs import INPUTS
    from roi_xl.case.tornado import tornado

    figure = target or VALUE_STEP
    study = _study(file, scenario)
    swing = study.swing if swing is None else swing
    bars = tornado(study.live_case, study.ranges, swing, figure)
    if as_json:
        keys = ("driver", "low", "high", "at_low", "at_high", "spread")
        listed = [plain({key: getattr(bar, key) for key in keys}) for bar in bars]
        _print_json({"target": figure, "swing": swing, "drivers": listed})
        return
    step = find_step(figure)
    unit = step.quantity.unit.key
    heads = ("driver", "low", "high", "at_low", "at_high", "spread")
    print_table(
        [
            [text(f"risk.head.{head}", step=step.label()) for head in heads],
            *(
                [
                    INPUTS[bar.driver].label(),
                    f"{bar.low:.6g}",
                    f"{bar.high:.6g}",
                    *(shown(unit, value) for value in (bar.at_low, bar.at_high, bar.spread)),
                ]
                for bar in bars
                if bar.spread > 0
            ),
        ]
    )


# --- simulate ------------------------------------------------------------------------------------


@click.command(help=_help("simulate.help"))
@click.argument("file", metavar="CASE")
@click.option("--runs", type=int, default=10_000, show_default=True, help=_help("simulate.runs"))
@click.option("--seed", type=int, default=1, show_default=True, help=_help("simulate.seed"))
@click.option(
    "--distribution",
    type=click.Choice(_DISTRIBUTIONS),
    default=_DISTRIBUTIONS[0],
    show_default=True,
    help=_help("simulate.distribution"),
)
@scenario_option
@json_option
@lang_option
def simulate(
    file: str,
    runs: int,
    seed: int,
    distribution: Any,
    scenario: str | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001
) -> None:
    """Simulate a case over its ranges."""
    import sys

    from roi_xl.case.simulate import as_data
    from roi_xl.case.simulate import simulate as run

    study = _study(file, scenario)
    label = text("risk.simulating")
    with click.progressbar(
        length=runs, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        found = run(study.live_case, study.ranges, runs, seed, distribution, bar.update)
    if as_json:
        _print_json(as_data(found))
    else:
        print_table(_simulation_rows(found))


def _simulation_rows(found: "Simulation") -> list[tuple[str, str]]:
    from roi_xl.case.graph import PAYBACK_STEP, VALUE_STEP, find_step
    from roi_xl.case.inputs import INPUTS

    rows = []
    value = find_step(VALUE_STEP)
    for step, values in ((value, found.value), (find_step(PAYBACK_STEP), found.payback)):
        unit = step.quantity.unit.key
        rows += [
            (text("risk.percentile", p=p, step=step.label()), shown(unit, v))
            for p, v in values.items()
        ]
    mean = shown(value.quantity.unit.key, found.mean_value)
    rows.append((text("risk.mean", step=value.label()), mean))
    rows.append((text("risk.positive", step=value.label()), shown("fraction", found.positive)))
    for chance in found.chances:
        months = text("risk.chance", months=f"{chance.months:g}")
        rows.append((months, shown("fraction", chance.share)))
    rows.append((text("risk.correlation", step=value.label()), ""))
    rows += [(f"  {INPUTS[n].label()}", f"{rho:+.2f}") for n, rho in found.correlations.items()]
    kind = text(f"risk.distribution.{found.distribution}")
    rows.append((text("risk.runs", runs=found.runs, seed=found.seed, distribution=kind), ""))
    if found.without_result:
        rows.append((text("risk.without_result", count=found.without_result), ""))
    return rows


# --- compare -------------------------------------------------------------------------------------


@click.command(help=_help("compare.help"))
@click.argument("files", metavar="CASE...", nargs=-1)
@click.option("--examples", is_flag=True, help=_help("compare.examples"))
@json_option
@click.option("--write", "out", metavar="OUT.xlsx", help=_help("compare.write"))
@click.option("--force", is_flag=True, help=text("cli.option.force"))
@lang_option
def compare(
    files: tuple[str, ...],
    examples: bool,
    as_json: bool,
    out: str | None,
    force: bool,
    lang: str | None,
) -> None:
    """Rank alternatives by net present value."""
    from roi_xl.case.compare import compare as rank
    from roi_xl.case.compare import example_alternatives

    studies = [_study(file, None) for file in files]
    if examples:
        studies += example_alternatives(studies[0].live_case if studies else None)
    if not studies:
        raise click.UsageError(text("error.nothing_to_compare"))
    ranked = rank(studies)
    if out is not None:
        import datetime as dt

        from roi_xl.workbook.build import build_workbook

        build_workbook(
            out,
            studies[0],
            lang,
            overwrite=force,
            stamp=dt.datetime.now(dt.UTC),
            alternatives=studies[1:],
        )
        click.echo(text("cli.written", path=out), err=True)
    if as_json:
        _print_json([_ranked_data(entry) for entry in ranked])
    else:
        _print_ranking(ranked)


def _ranked_data(entry: "Ranked") -> dict[str, Any]:
    return {
        "rank": entry.rank,
        "name": entry.study.name(),
        "inputs": plain(entry.study.live_case),
        "results": plain(entry.results),
    }


def _print_ranking(ranked: "list[Ranked]") -> None:
    from roi_xl.case.compare import FIGURES
    from roi_xl.case.steps import STEPS

    steps = [next(s for s in STEPS if s.name == name) for name in FIGURES]
    heads = [text("risk.head.rank"), text("risk.head.alternative"), *(s.label() for s in steps)]
    rows = [
        [
            str(entry.rank),
            entry.study.name(),
            *(shown(s.quantity.unit.key, entry.results[s.name]) for s in steps),
        ]
        for entry in ranked
    ]
    print_table([heads, *rows])
