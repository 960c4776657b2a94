"""The command that ranks alternatives."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import options
from roi_xl.cli.options import (
    json_option,
    lang_option,
    plain,
    print_json,
    print_table,
    shown,
    study_of,
)
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.ranking import Ranked


def register(cli: click.Group) -> None:
    """Add this module's command to the command line."""
    cli.add_command(compare)


@click.command(help=text("risk.compare.help"))
@click.argument("files", metavar="CASE...", nargs=-1, shell_complete=options.files)
@click.option("--examples", is_flag=True, help=text("risk.compare.examples"))
@json_option
@click.option(
    "--write",
    "out",
    metavar="OUT.xlsx",
    shell_complete=options.files,
    help=text("risk.compare.write"),
)
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
    from roi_xl.case.ranking import compare as rank
    from roi_xl.examples import alternatives

    studies = [study_of(file, None) for file in files]
    if examples:
        studies += alternatives(studies[0].live_case if studies else None)
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
        print_json([_ranked_data(entry) for entry in ranked])
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
    from roi_xl.case.graph_steps import STEPS
    from roi_xl.case.ranking import FIGURES

    steps = [next(s for s in STEPS if s.name == name) for name in FIGURES]
    heads = [text("risk.head.rank"), text("risk.head.alternative"), *(s.label() for s in steps)]
    rows = [
        [
            str(entry.rank),
            entry.study.name(),
            *(shown(s.quantity, entry.results[s.name]) for s in steps),
        ]
        for entry in ranked
    ]
    print_table([heads, *rows])
