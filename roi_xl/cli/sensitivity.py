"""`roi-xl sensitivity`: prints the tornado table of a case."""

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Number, command, option
from roi_xl.cli.options import json_option, lang_option, scenario_option
from roi_xl.cli.output import currency_of, format_value, json_values, print_json, print_table
from roi_xl.text import text

COLUMNS = ("driver", "low", "high", "at_low", "at_high", "spread")
BREAK_EVEN = "break_even"  # the value at which the net present value is zero


@command(help=text("risk.sensitivity.help"))
@click.argument("file", metavar="CASE", shell_complete=completion.files)
@option("--swing", type=Number(0, 0.99, share=True), help=text("risk.sensitivity.swing"))
@option(
    "--target",
    metavar="FIGURE",
    shell_complete=completion.figures,
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
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Print the tornado table of a case, the widest bar first."""
    from roi_xl.case.dependencies import VALUE_STEP, find_step
    from roi_xl.case.inputs import INPUTS
    from roi_xl.case.sensitivity import tornado
    from roi_xl.cli.case_options import read_case_file

    step = find_step(target or VALUE_STEP)
    study = read_case_file(file, scenario)
    swing = study.swing if swing is None else swing
    of_value = step.name == VALUE_STEP
    bars = tornado(study.live_case, study.ranges, swing, step.name, break_even_values=of_value)
    if as_json:
        names = (*COLUMNS, BREAK_EVEN) if of_value else COLUMNS
        drivers = [json_values({name: getattr(bar, name) for name in names}) for bar in bars]
        print_json({"target": step.name, "swing": swing, "drivers": drivers})
        return
    currency = currency_of(study.live_case)
    rows = [[text(f"risk.head.{name}", step=step.label()) for name in COLUMNS]]
    if of_value:
        rows[0].append(text(f"risk.head.{BREAK_EVEN}"))
    for bar in bars:
        if bar.spread > 0:
            figures = (bar.at_low, bar.at_high, bar.spread)
            shown = (format_value(step.quantity, figure, currency) for figure in figures)
            label = INPUTS[bar.driver].label()
            rows.append([label, f"{bar.low:.6g}", f"{bar.high:.6g}", *shown])
            if of_value:
                rows[-1].append("-" if bar.break_even is None else f"{bar.break_even:.4g}")
    print_table(rows)
