"""`roi-xl simulate`: prints a Monte Carlo simulation of a case."""

import sys
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Choice, Number, command, option
from roi_xl.cli.options import json_option, lang_option, scenario_option
from roi_xl.cli.output import currency_of, format_value, print_json, print_table
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.simulate import Simulation

DISTRIBUTIONS = ("triangular", "pert")


@command(help=text("risk.simulate.help"))
@click.argument("file", metavar="CASE", shell_complete=completion.files)
@option(
    "--runs",
    type=Number(whole=True),
    default=10_000,
    show_default=True,
    help=text("risk.simulate.runs"),
)
@option(
    "--seed", type=Number(whole=True), default=1, show_default=True, help=text("risk.simulate.seed")
)
@option(
    "--distribution",
    type=Choice(DISTRIBUTIONS),
    default=DISTRIBUTIONS[0],
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
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Simulate a case over its ranges, with a progress bar on a terminal."""
    from roi_xl.case import simulate as simulation
    from roi_xl.cli.case_options import read_case_file

    study = read_case_file(file, scenario)
    with click.progressbar(
        length=runs,
        label=text("risk.simulating"),
        file=sys.stderr,
        hidden=sys.stderr is None or not sys.stderr.isatty(),
    ) as bar:
        found = simulation.simulate(
            study.live_case, study.ranges, runs, seed, distribution, bar.update
        )
    if as_json:
        print_json(simulation.as_data(found))
    else:
        print_table(_rows(found, currency_of(study.live_case)))


def _rows(found: "Simulation", currency: str) -> list[tuple[str, str]]:
    """Percentiles, mean, probabilities and correlations, one per row."""
    from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, find_step
    from roi_xl.case.inputs import INPUTS
    from roi_xl.units import FRACTION, quantity_of

    rows = []
    value, share = find_step(VALUE_STEP), quantity_of(FRACTION)
    for step, values in ((value, found.value), (find_step(PAYBACK_STEP), found.payback)):
        for p, percentile in values.items():
            label = text("risk.percentile", p=p, step=step.label())
            rows.append((label, format_value(step.quantity, percentile, currency)))
    mean = format_value(value.quantity, found.mean_value, currency)
    rows.append((text("risk.mean", step=value.label()), mean))
    positive = format_value(share, found.positive)
    rows.append((text("risk.positive", step=value.label()), positive))
    for chance in found.chances:
        label = text("risk.chance", months=f"{chance.months:g}")
        rows.append((label, format_value(share, chance.share)))
    rows.append((text("risk.correlation", step=value.label()), ""))
    rows += [(f"  {INPUTS[n].label()}", f"{rho:+.2f}") for n, rho in found.correlations.items()]
    kind = text(f"risk.distribution.{found.distribution}")
    rows.append((text("risk.runs", runs=found.runs, seed=found.seed, distribution=kind), ""))
    if found.without_result:
        rows.append((text("risk.without_result", count=found.without_result), ""))
    return rows
