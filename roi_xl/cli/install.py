"""`roi-xl install`, `uninstall` and `doctor`: the functions in Excel and LibreOffice."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roi_xl.cli.options import json_option, lang_option, print_json
from roi_xl.text import current_language, text

if TYPE_CHECKING:
    from roi_xl.hosts.excel.addin import Done


def _help(key: str) -> str:
    return text(f"install.{key}")


_dest = click.option(
    "--dest", metavar="DIR", type=click.Path(path_type=Path), help=_help("option.dest")
)
_dry_run = click.option("--dry-run", is_flag=True, help=_help("option.dry_run"))
_libreoffice = click.option("--libreoffice", is_flag=True, help=_help("option.libreoffice"))


@click.command(help=_help("help.install"))
@_dest
@_libreoffice
@_dry_run
@click.option("--force", is_flag=True, help=_help("option.force"))
@lang_option
def install(
    dest: Path | None,
    libreoffice: bool,
    dry_run: bool,
    force: bool,
    lang: str | None,  # noqa: ARG001 - chosen by its callback
) -> None:
    """Install the Excel add-in, or the extension of LibreOffice."""
    if libreoffice:
        from roi_xl.hosts.libreoffice import register

        _say_lines(register.install(dest, dry_run=dry_run))
        return
    from roi_xl.hosts.excel import addin
    from roi_xl.hosts.excel.places import find_places

    _say(
        addin.install(find_places(dest), current_language(), dry_run=dry_run, force=force), dry_run
    )
    if not dry_run:
        click.echo(_help("installed"), err=True)


@click.command(help=_help("help.uninstall"))
@_dest
@_libreoffice
@_dry_run
@lang_option
def uninstall(
    dest: Path | None,
    libreoffice: bool,
    dry_run: bool,
    lang: str | None,  # noqa: ARG001 - chosen by its callback
) -> None:
    """Take back what install wrote."""
    if libreoffice:
        from roi_xl.hosts.libreoffice import register

        _say_lines(register.uninstall(dry_run=dry_run))
        return
    from roi_xl.hosts.excel import addin
    from roi_xl.hosts.excel.places import find_places

    _say(addin.uninstall(find_places(dest), dry_run=dry_run), dry_run)


def _say(done: "list[Done]", dry_run: bool) -> None:
    for one in done:
        click.echo(
            text(f"install.{'would' if dry_run else 'done'}.{one.key}", path=one.path), err=True
        )


def _say_lines(lines: list[str]) -> None:
    for line in lines:
        click.echo(line, err=True)


@click.command(help=_help("help.doctor"))
@_dest
@json_option
@lang_option
@click.pass_context
def doctor(
    context: click.Context,
    dest: Path | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001 - chosen by its callback
) -> None:
    """Check the installation; exit with 1 where something is wrong."""
    from roi_xl.hosts.excel.doctor import FAILED, examine
    from roi_xl.hosts.excel.places import find_places

    findings = examine(find_places(dest))
    if as_json:
        rows = [
            {"check": f.check, "state": f.state, "found": f.found(), "mend": f.mend()}
            for f in findings
        ]
        print_json(rows)
    else:
        for f in findings:
            click.echo(f"{text(f'install.state.{f.state}')}  {f.found()}")
            if f.mend():
                click.echo(f"    {f.mend()}")
    if any(f.state == FAILED for f in findings):
        context.exit(1)


def register(cli: click.Group) -> None:
    """Add these commands to the command line."""
    for command in (install, uninstall, doctor):
        cli.add_command(command)
