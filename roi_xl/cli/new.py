"""`roi-xl new`: writes a workbook and prints its headline results."""

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Choice, command, option
from roi_xl.cli.options import force_option, json_option, lang_option, prices_option
from roi_xl.text import text

EDITIONS = ("plain", "lambda", "udf")


@command(help=text("cli.new.help"))
@click.argument("out", metavar="OUT", shell_complete=completion.files)
@lang_option
@option(
    "--from",
    "source",
    metavar="CASE",
    shell_complete=completion.files,
    help=text("cli.option.from"),
)
@option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    shell_complete=completion.inputs,
    help=text("cli.option.set"),
)
@prices_option
@option("--edition", type=Choice(EDITIONS), help=text("cli.option.edition"))
@option("--months", type=int, metavar="N", help=text("cli.option.months"))
@json_option
@force_option
def new(
    out: str,
    lang: str | None,
    source: str | None,
    settings: tuple[str, ...],
    price_file: str | None,
    edition: str | None,
    months: int | None,
    as_json: bool,
    force: bool,
) -> None:
    """Write a workbook and print its headline results."""
    from pathlib import Path

    from roi_xl.case.study import Study
    from roi_xl.casefile import read_study
    from roi_xl.cli.calc import HEADLINES, print_rationale, print_results, study_data
    from roi_xl.cli.case_options import (
        note_doubts,
        note_not_copied,
        note_samples,
        note_unanswered,
        with_price_file,
        with_settings,
        write_workbook,
    )
    from roi_xl.cli.output import print_json, print_written

    path = Path(out)
    study = read_study(source) if source else Study()
    study = with_price_file(with_settings(study, settings), price_file)
    note_doubts(study.live_case)
    note_unanswered(study.live_case)
    if source:
        note_samples(study.live_case)
        note_not_copied(study, Path(source), path)
    write_workbook(path, study, lang, force, edition, months)
    if as_json:
        print_json(study_data(study))
    else:
        print_results(study.live_case, HEADLINES)
        print_rationale(study.live_case)
    print_written(path)
