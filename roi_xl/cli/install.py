"""`roi-xl install`: puts the FT_ functions into Excel or LibreOffice."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roi_xl.cli.commands import command, option
from roi_xl.cli.options import lang_option
from roi_xl.cli.output import print_note
from roi_xl.text import current_language, text

if TYPE_CHECKING:
    from roi_xl.hosts.excel.addin import Done

dest_option = option(
    "--dest", metavar="DIR", type=click.Path(path_type=Path), help=text("install.option.dest")
)
dry_run_option = option("--dry-run", is_flag=True, help=text("install.option.dry_run"))
libreoffice_option = option("--libreoffice", is_flag=True, help=text("install.option.libreoffice"))


@command(help=text("install.help.install"))
@dest_option
@libreoffice_option
@dry_run_option
@option("--force", is_flag=True, help=text("install.option.force"))
@lang_option
def install(
    dest: Path | None,
    libreoffice: bool,
    dry_run: bool,
    force: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Install the Excel add-in or the LibreOffice extension."""
    if libreoffice:
        from roi_xl.hosts.libreoffice import register

        print_lines(register.install(dest, dry_run=dry_run))
        return
    from roi_xl.hosts.excel import addin
    from roi_xl.hosts.excel.places import find_places

    places = find_places(dest)
    done = addin.install(places, current_language(), dry_run=dry_run, force=force)
    print_changes(done, dry_run)
    if not dry_run:
        print_note(text("install.installed"))


def print_changes(done: "list[Done]", dry_run: bool) -> None:
    """Print one line per file that was changed, or that would be in a dry run."""
    tense = "would" if dry_run else "done"
    print_lines([text(f"install.{tense}.{change.key}", path=change.path) for change in done])


def print_lines(lines: list[str]) -> None:
    """Print lines on standard error."""
    for line in lines:
        print_note(line)
