"""`roi-xl compare`: ranks alternatives by net present value."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import force_option, json_option, lang_option
from roi_xl.cli.output import currency_of, format_value, json_values, print_json, print_table
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.ranking import Curve, Ranked
    from roi_xl.case.study import Study


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
    from roi_xl.report.alternatives import alternative_studies

    studies = []
    for file in files:
        study = read_case_file(file, None)
        studies += [study, *alternative_studies(study)]
    if examples:
        studies += alternatives(studies[0].live_case if studies else None)
    if not studies:
        raise click.UsageError(text("error.nothing_to_compare"))
    ranked = rank(studies)
    if out is not None:
        import datetime as dt
        from dataclasses import replace

        from roi_xl.workbook.build import build_workbook

        first = studies[0]
        if first.typed is not None:  # its alternatives are among those listed
            first = replace(first, typed=replace(first.typed, alternatives=None))
        build_workbook(
            out,
            first,
            lang,
            overwrite=force,
            stamp=dt.datetime.now(dt.UTC),
            alternatives=studies[1:],
        )
        print_written(out)
    if as_json:
        print_json({"ranking": [_entry_data(entry) for entry in ranked], **_costs_data(studies)})
    else:
        _print_ranking(ranked)
        _print_costs(studies)


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


# --- cumulative costs ------------------------------------------------------------------------------


def _one_currency(studies: "list[Study]") -> str | None:
    """The currency of all alternatives; None where they have several."""
    found = {currency_of(study.live_case) for study in studies}
    return found.pop() if len(found) == 1 else None


def _costs_data(studies: "list[Study]") -> dict[str, Any]:
    """Curves and crossings for JSON; none where the alternatives are in several currencies."""
    from roi_xl.case.ranking import crossings, cumulative_costs

    currency = _one_currency(studies)
    curves = [] if currency is None else cumulative_costs(studies)
    return {
        "currency": currency,
        "costs": [
            {"name": c.name, "cumulative": None if c.cumulative is None else c.cumulative.tolist()}
            for c in curves
        ],
        "crossings": [
            {
                "month": crossing.month,
                "cheaper": curves[crossing.cheaper].name,
                "dearer": curves[crossing.dearer].name,
                "after_months": crossing.after_months,
            }
            for crossing in crossings(curves)
        ],
    }


def _print_costs(studies: "list[Study]") -> None:
    """Print cumulative costs at the end of some months, and where they cross."""
    from roi_xl.case.ranking import crossings, cumulative_costs, serve_alike, shortest_horizon

    currency = _one_currency(studies)
    if currency is None:
        click.echo(f"\n{text('risk.cost.currencies')}")
        return
    curves, last = cumulative_costs(studies), shortest_horizon(studies)
    click.echo(f"\n{text('risk.cost.title', currency=currency)}")
    if not serve_alike(studies):
        click.echo(text("risk.cost.unlike"))
    months = sorted({0, 1, 3, *range(6, last + 1, 6), last} & set(range(last + 1)))
    shown = [curve for curve in curves if curve.cumulative is not None]
    heads = [text("actuals.column.month"), *map(str, months)]
    print_table([heads, *(_cost_row(curve, months) for curve in shown)])
    for curve in curves:
        if curve.cumulative is None:
            click.echo(text("risk.cost.no_result", name=curve.name))
    found = crossings(curves)
    if not found:
        click.echo(f"\n{text('risk.cost.no_crossing', months=last)}")
        return
    click.echo()
    rows = [[text("risk.cost.crossing_title"), text("risk.cost.from_month")]]
    for crossing in found:
        names = {side: curves[getattr(crossing, side)].name for side in ("cheaper", "dearer")}
        rows.append([text("risk.cost.crossing", **names), str(crossing.month)])
    print_table(rows)


def _cost_row(curve: "Curve", months: list[int]) -> list[str]:
    assert curve.cumulative is not None
    return [curve.name, *(f"{curve.cumulative[month]:,.0f}" for month in months)]
