"""The command line: messages only, no economics. Heavy imports happen inside the commands."""

from typing import TYPE_CHECKING

import click

from roi_xl import __version__
from roi_xl.cli import options
from roi_xl.cli.help import LazyGroup, dress
from roi_xl.cli.options import (
    json_option,
    lang_option,
    plain,
    prices_option,
    print_json,
    print_table,
    scenario_option,
    shown,
    speak_as,
    study_of,
    with_sheet,
)
from roi_xl.text import text

if TYPE_CHECKING:
    from pathlib import Path

    from roi_xl.case.graph_steps import Step
    from roi_xl.case.inputs import Case
    from roi_xl.case.study import Study

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EDITIONS = ("plain", "lambda", "udf")
HEADLINES = (
    "total_cost",
    "monthly_savings",
    "payback_months",
    "annual_roi",
    "recommendation",
)


def _help(key: str) -> str:
    return text(f"cli.{key}")


# where the commands live that are imported when they are called
HOMES = {
    name: f"roi_xl.cli.{area}"
    for area, names in {
        "batch": ("batch",),
        "check": ("check",),
        "example": ("example",),
        "install": ("install", "uninstall", "doctor"),
        "prices": ("prices",),
        "report": ("report",),
        "templates": ("templates",),
        "compare": ("compare",),
        "risk": ("sensitivity", "simulate"),
        "solve": ("solve",),
    }.items()
    for name in names
}


@click.group(cls=LazyGroup, homes=HOMES, context_settings=_CONTEXT, help=_help("help"))
@click.version_option(__version__, prog_name="roi-xl")
@lang_option
@click.pass_context
def cli(context: click.Context, lang: str | None) -> None:
    """Everything below is a command of this group."""
    if lang is not None:
        context.default_map = {name: {"lang": lang} for name in cli.list_commands(context)}


# --- new -----------------------------------------------------------------------------------------


@cli.command(help=_help("new.help"))
@click.argument("out", metavar="OUT", shell_complete=options.files)
@lang_option
@click.option(
    "--from", "source", metavar="CASE", shell_complete=options.files, help=_help("option.from")
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    shell_complete=options.inputs,
    help=_help("option.set"),
)
@prices_option
@click.option("--edition", type=click.Choice(EDITIONS), help=_help("option.edition"))
@click.option("--force", is_flag=True, help=_help("option.force"))
def new(
    out: str,
    lang: str | None,
    source: str | None,
    settings: tuple[str, ...],
    price_file: str | None,
    edition: str | None,
    force: bool,
) -> None:
    """Write a workbook and print its result."""
    from dataclasses import replace
    from pathlib import Path

    from roi_xl.case.study import Study
    from roi_xl.cli.options import say_left_behind

    path = Path(out)
    study = study_of(source, None) if source else Study()
    if settings:
        changed = study.case.replace(**dict(_setting(s) for s in settings))
        study = replace(study, case=changed)
    study = with_sheet(study, price_file)
    if source:
        _mention_samples(study.live_case)
        say_left_behind(study, Path(source), path)
    _write(path, study, lang, force, edition)
    _print_results(study.live_case, HEADLINES)
    click.echo(text("cli.written", path=path), err=True)


def _setting(given: str) -> tuple[str, object]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(text("error.set_form", found=f'"{given}"'))
    return name.strip(), _number(name.strip(), value)


def _number(name: str, written: str) -> object:
    from roi_xl.errors import BadInput
    from roi_xl.io.numbers import number

    try:
        value = number(written)
    except BadInput as error:
        raise BadInput("in_file", path=name, reason=error) from None
    return written.strip() if value is None else value


def _write(
    path: "Path", study: "Study", lang: str | None, force: bool, edition: str | None = None
) -> None:
    import datetime as dt

    from roi_xl.hosts.excel.editions import build_edition

    now = dt.datetime.now(dt.UTC)
    build_edition(path, study, lang, edition=edition, overwrite=force, stamp=now)


def _mention_samples(case: "Case") -> None:
    if case.samples:
        names = ", ".join(f"{name}={case[name]:g}" for name in case.samples)
        click.echo(text("cli.samples", names=names), err=True)


# --- calc ----------------------------------------------------------------------------------------


@cli.command(help=_help("calc.help"))
@click.argument("file", metavar="FILE", shell_complete=options.files)
@lang_option
@scenario_option
@json_option
@click.option(
    "--write", "out", metavar="OUT.xlsx", shell_complete=options.files, help=_help("option.write")
)
@prices_option
@click.option("--force", is_flag=True, help=_help("option.force"))
def calc(
    file: str,
    lang: str | None,
    scenario: str | None,
    as_json: bool,
    out: str | None,
    price_file: str | None,
    force: bool,
) -> None:
    """Calculate a filled workbook or a case file."""
    from pathlib import Path

    from roi_xl.casefile import WORKBOOK_ENDINGS
    from roi_xl.cli.options import say_left_behind
    from roi_xl.workbook.save import check_output

    path = Path(file)
    if out is not None:
        check_output(Path(out), overwrite=force)
    study = with_sheet(study_of(path, scenario), price_file)
    speak_as(path, lang)
    if path.suffix.lower() not in WORKBOOK_ENDINGS:
        _mention_samples(study.live_case)
    if out is not None:
        say_left_behind(study, path, Path(out))
        _write(Path(out), study, lang, force)
        click.echo(text("cli.written", path=out), err=True)
    beside = scenario is None and len(study.cases) > 1
    if as_json:
        print_json(_study_data(study) if beside else _as_data(study.live_case))
    elif beside:
        _print_scenarios(study)
    else:
        _print_results(study.live_case)


def _as_data(case: "Case") -> dict[str, object]:
    """Inputs and results by name; infinity (never repaid, no end) is null."""
    from roi_xl.case.evaluate import evaluate_case

    return {"inputs": plain(case), "results": plain(evaluate_case(case))}


def _study_data(study: "Study") -> dict[str, object]:
    """The study as a case file holds it, with the results of every scenario."""
    from roi_xl.case.evaluate import evaluate_case

    results = {name: plain(evaluate_case(case)) for name, case in study.cases.items()}
    return {
        "inputs": plain(study.case),
        "scenario": {name: plain(values) for name, values in study.scenarios.items()},
        "live_scenario": study.live_scenario,
        "results": results[study.live_scenario],
        "scenario_results": results,
    }


def _print_results(case: "Case", names: tuple[str, ...] | None = None) -> None:
    from roi_xl.case.evaluate import evaluate_case

    results = evaluate_case(case)
    known = (s for s in _steps(names) if results[s.name] is not None)
    print_table((s.label(), shown(s.quantity, results[s.name])) for s in known)


def _print_scenarios(study: "Study") -> None:
    """All scenarios side by side; the chosen one is marked."""
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.case.study import scenario_label

    results = {name: evaluate_case(case) for name, case in study.cases.items()}
    heads = [
        text("risk.live", name=scenario_label(n)) if n == study.live_scenario else scenario_label(n)
        for n in results
    ]
    rows = [
        [s.label(), *(shown(s.quantity, found[s.name]) for found in results.values())]
        for s in _steps(None)
    ]
    print_table([["", *heads], *rows])


def _steps(names: tuple[str, ...] | None) -> "list[Step]":
    """The named steps, or all of them with the headlines first."""
    from roi_xl.case.graph_steps import STEPS

    if names is not None:
        return [s for s in STEPS if s.name in names]
    return sorted(STEPS, key=lambda s: s.name not in HEADLINES)


# --- functions -----------------------------------------------------------------------------------


@cli.command(help=_help("functions.help"))
@click.argument("name", required=False, shell_complete=options.functions)
@lang_option
@json_option
def functions(name: str | None, lang: str | None, as_json: bool) -> None:  # noqa: ARG001
    """List the FT_ functions, or describe one."""
    from roi_xl.functions.describe import describe, paragraphs
    from roi_xl.registry import FUNCTIONS, find

    chosen = [find(name)] if name else list(FUNCTIONS.values())
    if as_json:
        print_json([describe(f) for f in chosen])
    elif name:
        click.echo("\n".join(paragraphs(chosen[0])))
    else:
        for function in chosen:
            click.echo(f"{function.signature()}\n    {function.doc()}")


dress(cli, "roi-xl")
