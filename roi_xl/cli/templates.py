"""`roi-xl templates build`: the ready-made workbooks and price sheets."""

import click

from roi_xl.cli.options import lang_option
from roi_xl.text import text


def register(cli: click.Group) -> None:
    """Add the group with its command."""
    group = click.Group(name="templates", help=text("templates.help"))
    out = click.option(
        "-o", "--out", default="templates", metavar="DIR", help=text("templates.option.out")
    )
    force = click.option("--force", is_flag=True, help=text("cli.option.force"))
    group.command(name="build", help=text("templates.build"))(out(lang_option(force(build))))
    cli.add_command(group)


def build(out: str, lang: str | None, force: bool) -> None:  # noqa: ARG001
    """Write every template into the folder, which is made if it is missing."""
    from pathlib import Path

    from roi_xl.hosts.excel.templates import build_templates
    from roi_xl.io.atomic_write import make_folder

    folder = Path(out)
    make_folder(folder)
    for path in build_templates(folder, overwrite=force):
        click.echo(text("cli.written", path=path), err=True)
