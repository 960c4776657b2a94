"""The commands about uncertainty: sensitivity, simulate."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import options
from roi_xl.cli.options import (
    json_option,
    lang_option,
    plain,
    print_json,
    print_table,
    scenario_option,
    shown,
    study_of,
)
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.simulate import Simulation

_DISTRIBUTIONS = ("triangular", "pert")


def register(cli: click.Group) -> None:
    """Add this module's commands to the command line."""
    cli.add_command(sensitivity)
    cli.add_command(simulate)


@click.command(help=text("risk.sensitivity.help"))
@click.argument("file", metavar="CASE", shell_complete=options.files)
@click.option(
    "--swing",
    type=click.FloatRange(0, 0.99),
    help=text("risk.sensitivity.swing"),
)
@click.option(
    "--target",
    metavar="FIGURE",
    shell_complete=options.figures,
    help=text("risk.sensitivity.target"),
)
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
    from roi_xl.case.dependencies import VALUE_STEP, find_step
    from roi_xl.case.inputs import INPUTS
    from roi_xl.case.sensitivity import tornado

    figure = target or VALUE_STEP
    study = study_of(file, scenario)
    swing = study.swing if swing is None else swing
    bars = tornado(study.live_case, study.ranges, swing, figure)
    if as_json:
        keys = ("driver", "low", "high", "at_low", "at_high", "spread")
        listed = [plain({key: getattr(bar, key) for key in keys}) for bar in bars]
        print_json({"target": figure, "swing": swing, "drivers": listed})
        return
    step = find_step(figure)
    heads = ("driver", "low", "high", "at_low", "at_high", "spread")
    print_table(
        [
            [text(f"risk.head.{head}", step=step.label()) for head in heads],
            *(
                [
                    INPUTS[bar.driver].label(),
                    f"{bar.low:.6g}",
                    f"{bar.high:.6g}",
                    *(
                        shown(step.quantity, value)
                        for value in (bar.at_low, bar.at_high, bar.spread)
                    ),
                ]
                for bar in bars
                if bar.spread > 0
            ),
        ]
    )


@click.command(help=text("risk.simulate.help"))
@click.argument("file", metavar="CASE", shell_complete=options.files)
@click.option(
    "--runs", type=int, default=10_000, show_default=True, help=text("risk.simulate.runs")
)
@click.option("--seed", type=int, default=1, show_default=True, help=text("risk.simulate.seed"))
@click.option(
    "--distribution",
    type=click.Choice(_DISTRIBUTIONS),
    default=_DISTRIBUTIONS[0],
    show_default=True,
    help=text("risk.simulate.distribution"),
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

    study = study_of(file, scenario)
    label = text("risk.simulating")
    with click.progressbar(
        length=runs, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        found = run(study.live_case, study.ranges, runs, seed, distribution, bar.update)
    if as_json:
        print_json(as_data(found))
    else:
        print_table(_simulation_rows(found))


def _simulation_rows(found: "Simulation") -> list[tuple[str, str]]:
    from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, find_step
    from roi_xl.case.inputs import INPUTS
    from roi_xl.units import FRACTION, quantity_of

    rows = []
    value, share = find_step(VALUE_STEP), quantity_of(FRACTION)
    for step, values in ((value, found.value), (find_step(PAYBACK_STEP), found.payback)):
        rows += [
            (text("risk.percentile", p=p, step=step.label()), shown(step.quantity, v))
            for p, v in values.items()
        ]
    mean = shown(value.quantity, found.mean_value)
    rows.append((text("risk.mean", step=value.label()), mean))
    rows.append((text("risk.positive", step=value.label()), shown(share, found.positive)))
    for chance in found.chances:
        months = text("risk.chance", months=f"{chance.months:g}")
        rows.append((months, shown(share, chance.share)))
    rows.append((text("risk.correlation", step=value.label()), ""))
    rows += [(f"  {INPUTS[n].label()}", f"{rho:+.2f}") for n, rho in found.correlations.items()]
    kind = text(f"risk.distribution.{found.distribution}")
    rows.append((text("risk.runs", runs=found.runs, seed=found.seed, distribution=kind), ""))
    if found.without_result:
        rows.append((text("risk.without_result", count=found.without_result), ""))
    return rows
