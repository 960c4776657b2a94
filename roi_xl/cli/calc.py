"""`roi-xl calc`: calculates a filled workbook or a case file."""

from typing import TYPE_CHECKING

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import (
    force_option,
    json_option,
    lang_option,
    prices_option,
    scenario_option,
    use_language_of,
)
from roi_xl.cli.output import currency_of, format_value, json_values, print_json, print_table
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.graph_steps import Step
    from roi_xl.case.inputs import Case
    from roi_xl.case.study import Study

HEADLINES = ("recommendation", "npv", "payback_months", "total_cost", "monthly_savings", "irr")
# what a reader asks next; the rest, which the workbook shows step by step, is printed with --all
SHOWN = (
    *HEADLINES,
    "npv_if_success",
    "npv_if_failure",
    "discounted_payback_months",
    "roi_over_horizon",
    "data_cost",
    "compute_cost",
    "people_cost",
    "hosted_training_cost",
    "contingency",
    "request_savings_per_month",
    "fixed_savings_per_month",
    "quality_per_month",
    "error_savings_per_month",
    "serving_cost_per_month",
    "maintenance_cost_per_month",
    "current_request_cost",
    "finetuned_request_cost",
    "strategy",
    "source_total_cost",
    "source_monthly_savings",
    "source_payback_months",
    "source_annual_roi",
    "source_recommendation",
)


@command(help=text("cli.calc.help"))
@click.argument("file", metavar="FILE", shell_complete=completion.files)
@lang_option
@scenario_option
@json_option
@option(
    "--write",
    "out",
    metavar="OUT.xlsx",
    shell_complete=completion.files,
    help=text("cli.option.write"),
)
@prices_option
@force_option
@option("--all", "everything", is_flag=True, help=text("cli.option.all"))
def calc(
    file: str,
    lang: str | None,
    scenario: str | None,
    as_json: bool,
    out: str | None,
    price_file: str | None,
    force: bool,
    everything: bool,
) -> None:
    """Calculate a filled workbook or a case file."""
    from pathlib import Path

    from roi_xl.casefile import WORKBOOK_ENDINGS
    from roi_xl.cli.case_options import (
        note_doubts,
        note_not_copied,
        note_samples,
        read_case_file,
        refuse_unanswered,
        with_price_file,
        write_workbook,
    )
    from roi_xl.cli.output import print_written
    from roi_xl.io.atomic_write import check_output

    path = Path(file)
    if out is not None:
        check_output(Path(out), overwrite=force)
    study = with_price_file(read_case_file(path, scenario), price_file)
    use_language_of(path, lang)
    if path.suffix.lower() not in WORKBOOK_ENDINGS:
        note_samples(study.live_case)
    note_doubts(study.live_case)
    refuse_unanswered(path, study, scenario)
    if out is not None:
        note_not_copied(study, path, Path(out))
        write_workbook(Path(out), study, lang, force)
        print_written(out)
    if as_json:
        print_json(study_data(study, one_scenario=scenario is not None))
    elif scenario is None and len(study.cases) > 1:
        _print_scenarios(study, None if everything else SHOWN)
    else:
        print_results(study.live_case, None if everything else SHOWN)
        print_rationale(study.live_case)


def study_data(study: "Study", *, one_scenario: bool = False) -> dict[str, object]:
    """A study as a case file holds it, with its results; infinity (never, no end) is null.

    Args:
        study: the study.
        one_scenario: only the inputs and results of the chosen scenario, as for a study of one.
    """
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.case.rationale import rationale

    if one_scenario or len(study.cases) == 1:
        case = study.live_case
        of_case = evaluate_case(case)
        return {
            "inputs": json_values(case),
            "results": json_values(of_case),
            "rationale": str(rationale(case, results=of_case)),
        }
    results = {name: json_values(evaluate_case(case)) for name, case in study.cases.items()}
    return {
        "inputs": json_values(study.case),
        "scenario": {name: json_values(values) for name, values in study.scenarios.items()},
        "live_scenario": study.live_scenario,
        "results": results[study.live_scenario],
        "rationale": str(rationale(study.live_case)),
        "scenario_results": results,
    }


def print_results(case: "Case", names: tuple[str, ...] | None = None) -> None:
    """Print the results of a case, one per line.

    Args:
        case: the case.
        names: the results to print; None prints all, the headlines first.
    """
    from roi_xl.case.evaluate import evaluate_case

    results, currency = evaluate_case(case), currency_of(case)
    known = (s for s in _steps(names) if results[s.name] is not None)
    print_table((s.label(), format_value(s.quantity, results[s.name], currency)) for s in known)


def print_rationale(case: "Case") -> None:
    """Print why the case is recommended or not, below its results."""
    from roi_xl.case.rationale import rationale

    click.echo(f"\n{rationale(case)}")


def _print_scenarios(study: "Study", names: tuple[str, ...] | None) -> None:
    """Print all scenarios side by side; the chosen one is marked."""
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.case.study import scenario_label

    currency = currency_of(study.case)
    results = {name: evaluate_case(case) for name, case in study.cases.items()}
    headings = [
        text("risk.live", name=scenario_label(n)) if n == study.live_scenario else scenario_label(n)
        for n in results
    ]
    rows = [
        [s.label(), *(format_value(s.quantity, r[s.name], currency) for r in results.values())]
        for s in _steps(names)
    ]
    print_table([["", *headings], *rows])


def _steps(names: tuple[str, ...] | None) -> "list[Step]":
    """The named steps, or all of them with the headlines first."""
    from roi_xl.case.graph_steps import STEPS

    shown = HEADLINES if names is None else names
    place = {name: i for i, name in enumerate(shown)}
    chosen = STEPS if names is None else [s for s in STEPS if s.name in place]
    return sorted(chosen, key=lambda s: place.get(s.name, len(place)))
