"""Options that several commands share: language, JSON, scenario, prices, overwriting."""

from typing import TYPE_CHECKING

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Choice, option
from roi_xl.text import LANGUAGES, text, use

if TYPE_CHECKING:
    from pathlib import Path


def _use_language(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        use(value)
    return value


lang_option = option(
    "--lang",
    type=Choice(LANGUAGES),
    callback=_use_language,
    is_eager=True,
    help=text("cli.option.lang"),
)
json_option = option("--json", "as_json", is_flag=True, help=text("cli.option.json"))
force_option = option("--force", is_flag=True, help=text("cli.option.force"))
scenario_option = option(
    "--scenario",
    metavar="NAME",
    shell_complete=completion.scenarios,
    help=text("cli.option.scenario"),
)
prices_option = option(
    "--prices",
    "price_file",
    metavar="FILE",
    shell_complete=completion.files,
    help=text("cli.option.prices"),
)


def use_language_of(path: "Path", lang: str | None) -> None:
    """Answer in the language of the workbook at `path`, unless --lang says otherwise."""
    from roi_xl.casefile import WORKBOOK_ENDINGS

    if lang is None and path.suffix.lower() in WORKBOOK_ENDINGS:
        from roi_xl.workbook.study_reader import workbook_language

        use(workbook_language(path))
