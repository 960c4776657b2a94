"""The command line: messages only, no economics. Heavy imports happen inside the commands."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from roi_xl.text import LANGUAGES, text, use

if TYPE_CHECKING:
    from pathlib import Path

    from roi_xl.case.inputs import Case

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
HEADLINES = (
    "total_cost_usd",
    "monthly_savings_usd",
    "payback_months",
    "annual_roi",
    "recommendation",
)


def _help(key: str) -> str:
    return text(f"cli.{key}")


def _choose(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        use(value)
    return value


def _lang(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        callback=_choose,
        is_eager=True,
        help=_help("option.lang"),
    )(command)


@click.group(context_settings=_CONTEXT, help=_help("help"))
@click.version_option(package_name="roi_xl", prog_name="roi-xl")
def cli() -> None:
    """Everything below is a command of this group."""


# --- new -----------------------------------------------------------------------------------------


@cli.command(help=_help("new.help"))
@click.argument("out", metavar="OUT")
@_lang
@click.option("--from", "source", metavar="CASE", help=_help("option.from"))
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help=_help("option.set"))
@click.option("--force", is_flag=True, help=_help("option.force"))
def new(
    out: str, lang: str | None, source: str | None, settings: tuple[str, ...], force: bool
) -> None:
    """Write a workbook and print its result."""
    from pathlib import Path

    from roi_xl.case.inputs import Case
    from roi_xl.case.reader import read_case

    path = Path(out)
    case = read_case(source) if source else Case()
    if settings:
        case = case.replace(**dict(_setting(s) for s in settings))
    if source:
        _mention_samples(case)
    _write(path, case, lang, force)
    _print_results(case, HEADLINES)
    click.echo(text("cli.written", path=path), err=True)


def _setting(given: str) -> tuple[str, object]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(text("error.set_form", found=f'"{given}"'))
    return name.strip(), _number(name.strip(), value)


def _number(name: str, written: str) -> object:
    from roi_xl.errors import BadInput
    from roi_xl.textfile import number

    try:
        value = number(written)
    except BadInput as error:
        raise BadInput("in_file", path=name, reason=error) from None
    return written.strip() if value is None else value


def _write(path: "Path", case: "Case", lang: str | None, force: bool) -> None:
    import datetime as dt

    from roi_xl.workbook.build import build_workbook

    now = dt.datetime.now(dt.UTC)
    build_workbook(path, case, lang, overwrite=force, stamp=now)


def _mention_samples(case: "Case") -> None:
    if case.samples:
        names = ", ".join(f"{name}={case[name]:g}" for name in case.samples)
        click.echo(text("cli.samples", names=names), err=True)


# --- calc ----------------------------------------------------------------------------------------


@cli.command(help=_help("calc.help"))
@click.argument("file", metavar="FILE")
@_lang
@click.option("--json", "as_json", is_flag=True, help=_help("option.json"))
@click.option("--write", "out", metavar="OUT.xlsx", help=_help("option.write"))
@click.option("--force", is_flag=True, help=_help("option.force"))
def calc(file: str, lang: str | None, as_json: bool, out: str | None, force: bool) -> None:
    """Calculate a filled workbook or a case file."""
    from pathlib import Path

    from roi_xl.case.reader import WORKBOOK_ENDINGS, read_case
    from roi_xl.workbook.write import check_output

    path = Path(file)
    if out is not None:
        check_output(Path(out), overwrite=force)
    case = read_case(path)
    if path.suffix.lower() in WORKBOOK_ENDINGS:
        if lang is None:
            from roi_xl.workbook.read import workbook_language

            lang = workbook_language(path)
            use(lang)
    else:
        _mention_samples(case)
    if out is not None:
        _write(Path(out), case, lang, force)
        click.echo(text("cli.written", path=out), err=True)
    if as_json:
        click.echo(json.dumps(_as_data(case), ensure_ascii=False, indent=2))
    else:
        _print_results(case)


def _as_data(case: "Case") -> dict[str, object]:
    """Inputs and results by name; an infinite payback is null."""
    from roi_xl.case.evaluate import evaluate_case

    results = evaluate_case(case)
    plain = {name: None if value == float("inf") else value for name, value in results.items()}
    return {"inputs": dict(case), "results": plain}


def _print_results(case: "Case", names: tuple[str, ...] | None = None) -> None:
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.case.steps import STEPS

    results = evaluate_case(case)
    shown = [s for s in STEPS if names is None or s.name in names]
    if names is None:
        shown.sort(key=lambda s: s.name not in HEADLINES)
    rows = [(s.label(), _shown(s.quantity.unit.key, results[s.name])) for s in shown]
    _print_table(rows)


def _shown(unit: str, value: Any) -> str:
    """A result as a person reads it, with its unit; numbers without thousands separators."""
    from roi_xl.functions.bounds import never
    from roi_xl.text import current_language

    if isinstance(value, str):
        return str(value)
    if value == float("inf"):
        return never(current_language())
    if unit == "fraction":
        return f"{value * 100:.1f} %"
    places = {"months": 1, "requests_per_day": 0}.get(unit, 2)
    return f"{value:.{places}f} {text(f'unit.{unit}')}"


def _print_table(rows: list[tuple[str, str]]) -> None:
    from roi_xl.text.width import text_width

    widest = max(text_width(label) for label, _ in rows)
    for label, value in rows:
        click.echo(f"{label}{' ' * (widest - text_width(label))}  {value}")


# --- functions -----------------------------------------------------------------------------------


@cli.command(help=_help("functions.help"))
@click.argument("name", required=False)
@_lang
@click.option("--json", "as_json", is_flag=True, help=_help("option.json"))
def functions(name: str | None, lang: str | None, as_json: bool) -> None:  # noqa: ARG001
    """List the FT_ functions, or describe one."""
    from roi_xl.functions.describe import describe, paragraphs
    from roi_xl.model import FUNCTIONS
    from roi_xl.model.about import find

    chosen = [find(name)] if name else list(FUNCTIONS.values())
    if as_json:
        click.echo(json.dumps([describe(f) for f in chosen], ensure_ascii=False, indent=2))
    elif name:
        click.echo("\n".join(paragraphs(chosen[0])))
    else:
        for function in chosen:
            click.echo(f"{function.signature()}\n    {function.doc()}")
