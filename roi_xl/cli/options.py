"""What several commands share: the options for language, JSON and prices, and how results are printed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from roi_xl.text import LANGUAGES, text, use

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from roi_xl.case.study import Study
    from roi_xl.prices.sheet import PriceSheet
    from roi_xl.units import Quantity


from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from pathlib import Path

    from roi_xl.case.study import Study


def scenario_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --scenario."""
    return click.option(
        "--scenario",
        metavar="NAME",
        shell_complete=scenarios,
        help=text("cli.option.scenario"),
    )(command)


def _choose(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        use(value)
    return value


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --lang, which sets the language of all it says."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        callback=_choose,
        is_eager=True,
        help=text("cli.option.lang"),
    )(command)


def speak_as(path: "Path", lang: str | None) -> None:
    """Answer in the language of the workbook that was asked about, unless --lang said otherwise."""
    from roi_xl.casefile import WORKBOOK_ENDINGS

    if lang is None and path.suffix.lower() in WORKBOOK_ENDINGS:
        from roi_xl.workbook.study_reader import workbook_language

        use(workbook_language(path))


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --json."""
    return click.option("--json", "as_json", is_flag=True, help=text("cli.option.json"))(command)


def prices_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --prices, a sheet to look GPU prices up in."""
    return click.option(
        "--prices",
        "price_file",
        metavar="FILE",
        shell_complete=files,
        help=text("cli.option.prices"),
    )(command)


def study_of(file: "str | Path", scenario: str | None) -> "Study":
    """The study in a file, with the scenario asked for."""
    from roi_xl.casefile import read_study

    study = read_study(file)
    if study.typed is not None and study.typed.trusted:
        click.echo(text("cli.trusted", cells=_listed(study.typed.trusted)), err=True)
    return study if scenario is None else study.with_live(scenario)


def with_sheet(study: "Study", price_file: str | None) -> "Study":
    """The study with the price sheet of a file; unchanged where none is named."""
    from dataclasses import replace

    if price_file is None:
        return study
    return replace(study, case=study.case.with_prices(price_sheet(price_file)))


def price_sheet(price_file: str | None) -> "PriceSheet":
    """The price sheet of a file, or the shipped one."""
    from pathlib import Path

    from roi_xl.prices.reader import read_sheet
    from roi_xl.prices.sheet import shipped

    return shipped() if price_file is None else read_sheet(Path(price_file), today())


def today() -> "dt.date":
    """The date by which prices are stale or not."""
    import datetime as dt

    return dt.date.today()


def shown(quantity: "Quantity", value: Any) -> str:
    """A result as a person reads it, with its unit set off; numbers without thousands separators."""
    from roi_xl.report.numbers import shown

    said = shown(quantity, value)
    return said if isinstance(value, str) else said.replace(",", "").replace("%", " %")


WIDEST = 44  # columns of a terminal for one of several columns; what is longer stands below


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Rows in columns as wide as their widest text; the last column ends where its text ends.

    In a table of several columns, a row that holds a sentence stands below, a line a column.
    """
    from roi_xl.text.width import text_width

    listed = [list(row) for row in rows]
    several = len(listed[0]) > 2
    sentences = [r for r in listed if several and max(map(text_width, r[1:])) > WIDEST]
    table = [row for row in listed if row not in sentences]
    widths = [max(map(text_width, column)) for column in zip(*table, strict=True)]
    for row in table:
        padded = [
            word + " " * (width - text_width(word)) for word, width in zip(row, widths, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())
    for row in sentences:
        click.echo(f"\n{row[0]}")
        for heading, sentence in zip(listed[0][1:], row[1:], strict=True):
            click.echo(f"  {heading}: {sentence}")


def print_json(data: object) -> None:
    """Data for programs on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Results for JSON: an infinite payback is null."""
    return {name: None if value == float("inf") else value for name, value in values.items()}


Offer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def files(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The shell's own list of files."""
    return [CompletionItem(typed, type="file")]


def _of(names: Callable[[], Iterable[str]]) -> Offer:
    def offer(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        begun = typed.casefold()
        return [CompletionItem(n) for n in names() if n.casefold().startswith(begun)]

    return offer


def _functions() -> Iterable[str]:
    from roi_xl.registry import FUNCTIONS

    return FUNCTIONS


def _examples() -> Iterable[str]:
    from roi_xl.examples import all_names

    return all_names()


def _inputs() -> Iterable[str]:
    from roi_xl.case.inputs import INPUTS

    return INPUTS


def _figures() -> Iterable[str]:
    from roi_xl.case.graph_steps import STEPS

    return (step.name for step in STEPS if not step.quantity.choices)


def _scenarios() -> Iterable[str]:
    from roi_xl.case.study import SCENARIOS

    return SCENARIOS


def _gpus() -> Iterable[str]:
    from roi_xl.prices.sheet import shipped

    return dict.fromkeys(price.gpu for price in shipped())


functions, examples, scenarios, gpus, inputs, figures = (
    _of(names) for names in (_functions, _examples, _scenarios, _gpus, _inputs, _figures)
)


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
