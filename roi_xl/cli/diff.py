"""`roi-xl diff`: what changed between two cases, and a bridge from one NPV to the other."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import force_option, json_option, lang_option
from roi_xl.cli.output import print_json, print_table, print_written
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.bridge import Bridge, End

ENDINGS = (".html", ".htm")


@command(help=text("diff.help"))
@click.argument("before", metavar="A", shell_complete=completion.files)
@click.argument("after", metavar="B", shell_complete=completion.files)
@option(
    "-o",
    "--out",
    metavar="OUT.html",
    shell_complete=completion.files,
    help=text("diff.option.out"),
)
@json_option
@lang_option
@force_option
def diff(
    before: str,
    after: str,
    out: str | None,
    as_json: bool,
    lang: str | None,
    force: bool,
) -> None:
    """Print what changed, and write the page."""
    from pathlib import Path

    from roi_xl.case.bridge import bridge
    from roi_xl.cli.case_options import read_case_file
    from roi_xl.cli.options import use_language_of
    from roi_xl.errors import BadInput
    from roi_xl.io.atomic_write import check_output, write_file

    target = None if out is None else Path(out)
    if target is not None:
        if target.suffix.lower() not in ENDINGS:
            raise BadInput("output_ending", path=target, allowed=", ".join(ENDINGS))
        check_output(target, overwrite=force)
    use_language_of(Path(before), lang)
    found = bridge(read_case_file(before, None), read_case_file(after, None))
    if as_json:
        print_json(bridge_data(found))
    else:
        _print(found)
    if target is not None:
        from roi_xl.report.bridge_page import bridge_page

        write_file(target, bridge_page(found).encode(), overwrite=force)
        print_written(target)


def bridge_data(found: "Bridge") -> dict[str, Any]:
    """A bridge for JSON; `a` and `b` are the first and the second case, infinity is null."""

    def side(end: "End") -> dict[str, Any]:
        return {
            "name": end.name,
            "npv": end.npv,
            "payback_months": _finite(end.payback_months),
            "recommendation": end.recommendation,
        }

    return {
        "currency": found.before.case["currency"],
        "a": side(found.before),
        "b": side(found.after),
        "difference": found.difference,
        "interaction": found.interaction,
        "inputs": [
            {
                "input": change.name,
                "a": _finite(change.before.value),
                "a_state": change.before.state,
                "b": _finite(change.after.value),
                "b_state": change.after.state,
            }
            for change in found.changes
        ],
        "bridge": [
            {
                "inputs": list(effect.names),
                "in_order": effect.in_order,
                "alone": effect.alone,
                "interaction": effect.interaction,
            }
            for effect in found.effects
        ],
    }


def _finite(value: Any) -> Any:
    return None if value == float("inf") else value


def _print(found: "Bridge") -> None:
    from roi_xl.report.bridge_page import bridge_rows, input_rows, result_rows

    print_table(result_rows(found))
    if not found.changes:
        click.echo(f"\n{text('diff.same')}")
        return
    click.echo(f"\n{text('diff.section.inputs')}")
    print_table(input_rows(found))
    click.echo(f"\n{text('diff.section.bridge')} ({found.before.case['currency']})")
    print_table(bridge_rows(found))
    click.echo(f"\n{text('diff.how', before=found.before.name)}")
