"""The command group `roi-xl`. Commands are imported when called and import what they need then."""

import click

from roi_xl import __version__
from roi_xl.cli.commands import Group, require_command
from roi_xl.cli.options import lang_option
from roi_xl.text import text

# each command and its module, which holds it under the command's own name
HOMES = {
    name: f"roi_xl.cli.{name}"
    for name in (
        "actuals",
        "batch",
        "calc",
        "check",
        "compare",
        "diff",
        "doctor",
        "example",
        "functions",
        "install",
        "new",
        "prices",
        "report",
        "sensitivity",
        "simulate",
        "solve",
        "templates",
        "throughput",
        "uninstall",
        "usage",
    )
}


@click.group(
    cls=Group,
    homes=HOMES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=text("cli.help"),
)
@click.version_option(
    __version__,
    message=text("click.version", program="roi-xl", version=__version__),
    help=text("click.show_version"),
)
@lang_option
@click.pass_context
def cli(context: click.Context, lang: str | None) -> None:
    """Everything is a command of this group."""
    if lang is not None:
        context.default_map = {name: {"lang": lang} for name in cli.list_commands(context)}
    require_command(context)
