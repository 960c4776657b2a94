"""Says what of a filled workbook one written from it does not hold."""

from typing import TYPE_CHECKING

import click

from roi_xl.text import text

if TYPE_CHECKING:
    from pathlib import Path

    from roi_xl.case.scenarios import Study

_SHOWN = 12


def say_left_behind(study: "Study", source: "Path", out: "Path") -> None:
    """Name sheets, comments and typed formulas that a new workbook leaves in the old one.

    Raises:
        BadInput: the new workbook would take the place of the old one, and they would be gone.
    """
    import os

    from roi_xl.errors import BadInput

    typed = study.typed
    if typed is None or not typed.left_behind:
        return
    said = [
        text(f"carried.{key}", found=_listed(found))
        for key, found in (
            ("sheets", typed.sheets),
            ("comments", typed.commented),
            ("formulas", typed.formulas),
        )
        if found
    ]
    if out.exists() and os.path.samefile(source, out):
        raise BadInput("would_lose", path=out, found=text("carried.and").join(said))
    for line in said:
        click.echo(line, err=True)


def _listed(found: tuple[str, ...]) -> str:
    more = text("carried.more", count=len(found) - _SHOWN) if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more
