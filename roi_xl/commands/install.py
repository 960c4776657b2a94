"""`roi-xl install` and `roi-xl uninstall`: make the FT_ functions known to a spreadsheet program."""

from pathlib import Path

import click

from roi_xl.text import text


def register(cli: click.Group) -> None:
    """Add the commands to the group."""
    cli.add_command(install)
    cli.add_command(uninstall)


@click.command(help=text("libreoffice.command.install"))
@click.option("--libreoffice", is_flag=True, help=text("libreoffice.option.libreoffice"))
@click.option(
    "--dest",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=text("libreoffice.option.dest"),
)
@click.option("--dry-run", is_flag=True, help=text("libreoffice.option.dry_run"))
def install(libreoffice: bool, dest: Path | None, dry_run: bool) -> None:
    """Register the functions, or write what registers them."""
    if not libreoffice:
        raise click.UsageError(text("libreoffice.choose"))
    from roi_xl.libreoffice import install as install_libreoffice

    _report(install_libreoffice(dest, dry_run=dry_run))


@click.command(help=text("libreoffice.command.uninstall"))
@click.option("--libreoffice", is_flag=True, help=text("libreoffice.option.libreoffice"))
@click.option("--dry-run", is_flag=True, help=text("libreoffice.option.dry_run"))
def uninstall(libreoffice: bool, dry_run: bool) -> None:
    """Take back what install did."""
    if not libreoffice:
        raise click.UsageError(text("libreoffice.choose"))
    from roi_xl.libreoffice import uninstall as uninstall_libreoffice

    _report(uninstall_libreoffice(dry_run=dry_run))


def _report(lines: list[str]) -> None:
    for line in lines:
        click.echo(line, err=True)
