"""`roi-xl compare`: ranks alternatives by net present value."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import force_option, json_option, lang_option
from roi_xl.cli.output import currency_of, format_value, json_values, print_json, print_table
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.ranking import Ranked


@command(help=text("risk.compare.help"))
@click.argument("files", metavar="CASE...", nargs=-1, shell_complete=completion.files)
@option("--examples", is_flag=True, help=text("risk.compare.examples"))
@json_option
@option(
    "--write",
    "out",
    metavar="OUT.xlsx",
    shell_complete=completion.files,
    help=text("risk.compare.write"),
)
@force_option
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
    from roi_xl.cli.case_options import read_case_file
    from roi_xl.cli.output import print_written
    from roi_xl.examples import alternatives

    studies = [read_case_file(file, None) for file in files]
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
        print_written(out)
    if as_json:
        print_json([_entry_data(entry) for entry in ranked])
    else:
        _print_ranking(ranked)


def _entry_data(entry: "Ranked") -> dict[str, Any]:
    return {
        "rank": entry.rank,
        "name": entry.study.name(),
        "inputs": json_values(entry.study.live_case),
        "results": json_values(entry.results),
    }


def _print_ranking(ranked: "list[Ranked]") -> None:
    from roi_xl.case.graph_steps import STEPS
    from roi_xl.case.ranking import FIGURES

    steps = [next(s for s in STEPS if s.name == name) for name in FIGURES]
    headings = [text("risk.head.rank"), text("risk.head.alternative"), *(s.label() for s in steps)]
    rows = [
        [
            str(entry.rank),
            entry.study.name(),
            *(
                format_value(s.quantity, entry.results[s.name], currency_of(entry.study.live_case))
                for s in steps
            ),
        ]
        for entry in ranked
    ]
    print_table([headings, *rows])
