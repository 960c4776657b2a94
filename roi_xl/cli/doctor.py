"""`roi-xl doctor`: checks the installation and says how to fix what is wrong."""

from pathlib import Path

import click

from roi_xl.cli.commands import command
from roi_xl.cli.install import dest_option
from roi_xl.cli.options import json_option, lang_option
from roi_xl.cli.output import print_json
from roi_xl.text import text


@command(help=text("install.help.doctor"))
@dest_option
@json_option
@lang_option
def doctor(
    dest: Path | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Check the installation; exit with 1 if something is wrong."""
    from roi_xl.hosts.excel.doctor import FAILED, examine
    from roi_xl.hosts.excel.places import find_places

    findings = examine(find_places(dest))
    if as_json:
        print_json(
            [
                {"check": f.check, "state": f.state, "found": f.found(), "fix": f.mend()}
                for f in findings
            ]
        )
    else:
        for finding in findings:
            click.echo(f"{text(f'install.state.{finding.state}')}  {finding.found()}")
            fix = finding.mend()
            if fix:
                click.echo(f"    {fix}")
    if any(f.state == FAILED for f in findings):
        raise click.exceptions.Exit(1)
