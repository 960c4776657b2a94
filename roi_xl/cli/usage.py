"""`roi-xl usage`: what usage and cost exports say about a case."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Choice, Number, command, option
from roi_xl.cli.options import force_option, json_option, lang_option
from roi_xl.cli.output import print_json, print_table, print_written
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.study import Study
    from roi_xl.usage.result import Usage

ENDINGS = (".toml", ".xlsx", ".xlsm")


def _help(key: str) -> str:
    return text(f"usage.option.{key}")


def _day(_ctx: click.Context, param: click.Parameter, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        option, found = param.opts[0], f'"{value}"'
        raise click.UsageError(text("usage.day_form", option=option, found=found)) from None


@command(help=text("usage.help"))
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, shell_complete=completion.files
)
@option("-o", "--out", metavar="OUT", shell_complete=completion.files, help=_help("out"))
@json_option
@option("--model", metavar="NAME", help=_help("model"))
@option("--from", "first", metavar="DATE", callback=_day, help=_help("from"))
@option("--to", "last", metavar="DATE", callback=_day, help=_help("to"))
@option(
    "--daily-requests",
    metavar="NUMBER",
    type=Number(1e-9, 1e12),
    help=_help("daily_requests"),
)
@option("--into", metavar="CASE", shell_complete=completion.files, help=_help("into"))
@option("--extra-input-tokens", "extra", metavar="NUMBER", type=Number(0, 1e7), help=_help("extra"))
@option(
    "--currency-per-usd",
    "rate",
    metavar="NUMBER",
    type=Number(0, 1e9, lower_open=True),
    help=_help("rate"),
)
@option("--engine", type=Choice(("dask",)), help=_help("engine"))
@option("--scheduler", metavar="ADDRESS", help=_help("scheduler"))
@lang_option
@force_option
def usage(
    files: tuple[str, ...],
    out: str | None,
    as_json: bool,
    force: bool,
    into: str | None,
    extra: float | None,
    rate: float | None,
    lang: str | None,
    **chosen: Any,
) -> None:
    """Read exports, print what they say, and write it as a case file or a workbook."""
    from roi_xl.errors import BadInput
    from roi_xl.io.atomic_write import check_output
    from roi_xl.usage.into_case import with_rate, without_extra
    from roi_xl.usage.result import read_usage

    if chosen["scheduler"] is not None and chosen["engine"] != "dask":
        raise click.UsageError(text("usage.scheduler_needs_dask"))
    if into is not None and out is None:
        raise click.UsageError(text("error.usage.needs_into_out"))
    target = None if out is None else Path(out)
    if target is not None:
        if target.suffix.lower() not in ENDINGS:
            raise BadInput("output_ending", path=target, allowed=", ".join(ENDINGS))
        check_output(target, overwrite=force)
    study = None if into is None else _read_into(into, extra, lang)
    found = read_usage(files, **chosen)
    if rate is not None:
        found = with_rate(found, rate)
    if study is not None:
        from roi_xl.usage.into_case import updated

        study, found = updated(study, found)
    elif extra is not None:
        found = without_extra(found, extra)
    if target is not None:
        _write(target, found, study, None if into is None else Path(into), lang, force)
    if as_json:
        print_json(found.data())
    else:
        _print(found)
    if target is not None:
        print_written(target)


def _read_into(into: str, extra: float | None, lang: str | None) -> "Study":
    """The study to be updated, with the extra tokens that were typed."""
    from dataclasses import replace

    from roi_xl.cli.case_options import read_case_file
    from roi_xl.cli.options import use_language_of

    study = read_case_file(into, None)
    use_language_of(Path(into), lang)
    if extra is None:
        return study
    return replace(study, case=study.case.replace(extra_input_tokens_current=extra))


def _write(
    target: Path,
    found: "Usage",
    study: "Study | None",
    source: Path | None,
    lang: str | None,
    force: bool,
) -> None:
    """Write a case file or a workbook, a new one or one that was updated."""
    from roi_xl.cli.case_options import note_not_copied, write_workbook
    from roi_xl.io.atomic_write import write_file
    from roi_xl.usage.case_toml import case_toml
    from roi_xl.usage.into_case import updated_toml, usage_study

    if target.suffix.lower() == ".toml":
        if study is not None and source is not None:
            note_not_copied(study, source, target)
        written = case_toml(found) if study is None else updated_toml(study, source)
        write_file(target, written.encode(), overwrite=force)
        return
    if study is not None and source is not None:
        note_not_copied(study, source, target)
    write_workbook(target, usage_study(found) if study is None else study, lang, force)


def _print(found: "Usage") -> None:
    from roi_xl.case.inputs import INPUTS
    from roi_xl.usage.notes import shown_model

    span = text("usage.span", first=found.first, last=found.last, days=found.days)
    click.echo(f"{text(f'usage.format.{found.format}')}: {span}")

    def label(name: str) -> str:
        return INPUTS[name].label() if name in INPUTS else name

    def row(name: str, value: float | str) -> list[str]:
        shown = value if isinstance(value, str) else f"{value:.6g}"
        ends = found.ranges.get(name)
        return [
            label(name),
            shown,
            *([f"{v:.6g}" for v in (ends[0], ends[2])] if ends else ["", ""]),
        ]

    head = ["", *(text(f"usage.{end}") for end in ("likely", "low", "high"))]
    print_table([head, *(row(name, value) for name, value in found.inputs.items())])
    if len(found.models) > 1:
        click.echo()
        shares = [[shown_model(name), f"{share:.1%}"] for name, share in found.models.items()]
        print_table([[text("usage.models"), text("usage.share")], *shares])
    for note in found.notes:
        click.echo(f"- {note.said()}")
    if found.missing:
        names = ", ".join(label(name) for name in found.missing)
        click.echo(text("usage.missing", names=names))
