"""`roi-xl install`, `uninstall` and `doctor`: the functions in Excel and LibreOffice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roi_xl.text import LANGUAGES, current_language, text, use

if TYPE_CHECKING:
    from roi_xl.excel.addin import Done


def _help(key: str) -> str:
    return text(f"install.{key}")


def _language(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        use(value)
    return value


_lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=_language,
    is_eager=True,
    expose_value=False,
    help=text("cli.option.lang"),
)
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
@_lang
def install(dest: Path | None, libreoffice: bool, dry_run: bool, force: bool) -> None:
    """Install the Excel add-in, or the extension of LibreOffice."""
    if libreoffice:
        from roi_xl.libreoffice import register

        _say_lines(register.install(dest, dry_run=dry_run))
        return
    from roi_xl.excel import addin
    from roi_xl.excel.places import find_places

    _say(
        addin.install(find_places(dest), current_language(), dry_run=dry_run, force=force), dry_run
    )
    if not dry_run:
        click.echo(_help("installed"), err=True)


@click.command(help=_help("help.uninstall"))
@_dest
@_libreoffice
@_dry_run
@_lang
def uninstall(dest: Path | None, libreoffice: bool, dry_run: bool) -> None:
    """Take back what install wrote."""
    if libreoffice:
        from roi_xl.libreoffice import register

        _say_lines(register.uninstall(dry_run=dry_run))
        return
    from roi_xl.excel import addin
    from roi_xl.excel.places import find_places

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
@click.option("--json", "as_json", is_flag=True, help=text("cli.option.json"))
@_lang
@click.pass_context
def doctor(context: click.Context, dest: Path | None, as_json: bool) -> None:
    """Check the installation; exit with 1 where something is wrong."""
    from roi_xl.excel.doctor import FAILED, examine
    from roi_xl.excel.places import find_places

    findings = examine(find_places(dest))
    if as_json:
        rows = [
            {"check": f.check, "state": f.state, "found": f.found(), "mend": f.mend()}
            for f in findings
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
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
