"""`roi-xl uninstall`: removes what `roi-xl install` wrote."""

from pathlib import Path

from roi_xl.cli.commands import command
from roi_xl.cli.install import (
    dest_option,
    dry_run_option,
    libreoffice_option,
    print_changes,
    print_lines,
)
from roi_xl.cli.options import lang_option
from roi_xl.text import text


@command(help=text("install.help.uninstall"))
@dest_option
@libreoffice_option
@dry_run_option
@lang_option
def uninstall(
    dest: Path | None,
    libreoffice: bool,
    dry_run: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Remove the Excel add-in or the LibreOffice extension."""
    if libreoffice:
        from roi_xl.hosts.libreoffice import register

        print_lines(register.uninstall(dry_run=dry_run))
        return
    from roi_xl.hosts.excel import addin
    from roi_xl.hosts.excel.places import find_places

    print_changes(addin.uninstall(find_places(dest), dry_run=dry_run), dry_run)
