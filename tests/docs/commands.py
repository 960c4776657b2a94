"""The commands of `roi-xl` and their help pages."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import click

_PAGES = """
import contextlib, io, json, sys
from roi_xl.cli.main import cli

def page(words):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        cli.main([*words.split(), "--help"], prog_name="roi-xl", standalone_mode=False)
    return printed.getvalue()

sys.stdout.buffer.write(json.dumps({w: page(w) for w in json.load(sys.stdin)}).encode())
"""


def command_names() -> list[str]:
    """Every command, `prices list` among them."""
    from roi_xl.cli.main import cli

    return list(_names(cli, click.Context(cli), ""))


def _names(group: click.Group, context: click.Context, before: str) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield before + name
        if isinstance(command, click.Group):
            yield from _names(command, context, f"{before}{name} ")


@cache
def help_pages(language: str) -> dict[str, str]:
    """What `roi-xl … --help` prints, by command; all from one process of that language."""
    done = subprocess.run(
        [sys.executable, "-c", _PAGES],
        env={**os.environ, "ROI_XL_LANG": language, "COLUMNS": "100"},
        input=json.dumps(["", *command_names()]),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    pages: dict[str, str] = json.loads(done.stdout)
    return pages
