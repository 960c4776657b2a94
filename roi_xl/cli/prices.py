"""`roi-xl prices`: list, check and import GPU prices; and the option --prices of other commands."""

from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import options
from roi_xl.cli.options import lang_option, price_sheet, prices_option, print_json, today
from roi_xl.text import text

if TYPE_CHECKING:
    import datetime as dt

    from roi_xl.prices.catalogue import Imported
    from roi_xl.prices.sheet import GpuPrice, PriceSheet

_FORMATS = ("auto", "skypilot", "gpuhunt", "csv")
_MARKETS = ("on-demand", "spot", "reserved")
_SHOWN = (
    "gpu",
    "provider",
    "market",
    "usd_per_gpu_hour",
    "min_gpus",
    "region_or_product",
    "snapshot_date",
)


def _help(key: str) -> str:
    return text(f"prices.{key}")


def register(cli: click.Group) -> None:
    """Add the group of commands."""
    group = click.Group("prices", help=_help("help"))
    cli.add_command(group)
    for name, command in (("list", _list), ("check", _check), ("import", _import)):
        group.add_command(click.command(name, help=_help(f"{name}.help"))(lang_option(command)))


@click.argument("gpu", required=False, shell_complete=options.gpus)
@click.option("--provider", metavar="NAME", help=_help("option.provider"))
@click.option("--market", type=click.Choice(_MARKETS), help=_help("option.market"))
@prices_option
@click.option("--json", "as_json", is_flag=True, help=text("cli.option.json"))
def _list(
    gpu: str | None,
    provider: str | None,
    market: str | None,
    price_file: str | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001
) -> None:
    """Print the prices, the cheapest of each GPU first."""
    from roi_xl.errors import NotListedError
    from roi_xl.prices.names import hint, normal

    sheet, day = price_sheet(price_file), today()
    rows = [
        r
        for r in sheet.current()
        if (gpu is None or normal(r.gpu) == normal(gpu))
        and (provider is None or normal(r.provider) == normal(provider))
        and (market is None or r.market == market)
    ]
    if gpu is not None and not any(normal(r.gpu) == normal(gpu) for r in sheet):
        near = hint(gpu, (r.gpu for r in sheet)) or text("prices.all_listed")
        raise NotListedError("gpu_not_listed", found=gpu, hint=near)
    rows.sort(key=lambda r: (normal(r.gpu), r.usd_per_gpu_hour))
    if as_json:
        data = [_as_data(r, day) for r in rows]
        print_json(data)
        return
    _print_rows(rows, day)


def _as_data(row: "GpuPrice", today: "dt.date") -> dict[str, object]:
    from roi_xl.prices.sheet import COLUMNS

    data = {name: getattr(row, name) for name in COLUMNS}
    data["snapshot_date"] = None if row.snapshot_date is None else str(row.snapshot_date)
    return {**data, "stale": row.stale(today)}


def _print_rows(rows: list["GpuPrice"], today: "dt.date") -> None:
    from roi_xl.prices.sheet import shown
    from roi_xl.text.width import text_width

    lines = [[text(f"prices.column.{name}") for name in _SHOWN] + [""]]
    for row in rows:
        fields = [shown(getattr(row, name)) for name in _SHOWN]
        fields[2] = text(f"choice.{row.market}")
        lines.append([*fields, text("prices.stale") if row.stale(today) else ""])
    widths = [max(map(text_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (f"{w}{' ' * (n - text_width(w))}" for w, n in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


@click.argument("file", metavar="FILE", required=False, shell_complete=options.files)
@click.option("--json", "as_json", is_flag=True, help=text("cli.option.json"))
@click.pass_context
def _check(ctx: click.Context, file: str | None, as_json: bool, lang: str | None) -> None:  # noqa: ARG001
    """Check every row of a sheet; 1 where one is bad. Stale prices are named, but are no fault."""
    from importlib import resources
    from pathlib import Path

    from roi_xl.prices.reader import records_of, rows_of

    day = today()
    with resources.as_file(resources.files("roi_xl.prices").joinpath("gpu_prices.csv")) as own:
        rows, faults = rows_of(records_of(own if file is None else Path(file)), day)
    stale = [r for r in rows if r.stale(day)]
    if as_json:
        data = {
            "rows": len(rows) + len({f.line for f in faults}),
            "faults": [
                {
                    "line": f.line,
                    "field": f.field,
                    "found": f.found.strip('"'),
                    "allowed": f.allowed,
                }
                for f in faults
            ],
            "stale": [_as_data(r, day) for r in stale],
        }
        print_json(data)
    else:
        for fault in faults:
            click.echo(str(fault))
        for row in stale:
            click.echo(
                text(
                    "prices.stale_row",
                    gpu=row.gpu,
                    provider=row.provider,
                    market=text(f"choice.{row.market}"),
                    date=row.snapshot_date,
                )
            )
        click.echo(text("prices.checked", rows=len(rows), faults=len(faults), stale=len(stale)))
    if faults:
        ctx.exit(1)


@click.argument("file", metavar="FILE", shell_complete=options.files)
@click.option(
    "--format", "kind", type=click.Choice(_FORMATS), default="auto", help=_help("option.format")
)
@click.option(
    "-o", "--out", metavar="OUT.csv", shell_complete=options.files, help=_help("option.out")
)
@click.option("--provider", metavar="NAME", help=_help("option.named"))
@click.option("--date", metavar="YYYY-MM-DD", help=_help("option.date"))
@click.option("--source", metavar="TEXT", help=_help("option.source"))
@click.option("--licence", metavar="TEXT", help=_help("option.licence"))
@click.option("--skip-bad", is_flag=True, help=_help("option.skip_bad"))
@click.option("--append", is_flag=True, help=_help("option.append"))
@click.option("--force", is_flag=True, help=text("cli.option.force"))
def _import(
    file: str,
    kind: str,
    out: str | None,
    date: str | None,
    skip_bad: bool,
    append: bool,
    force: bool,
    lang: str | None,  # noqa: ARG001
    **about: str | None,
) -> None:
    """Make a dated sheet from a catalogue."""
    from pathlib import Path

    from roi_xl.errors import BadInput
    from roi_xl.prices.catalogue import read_catalogue
    from roi_xl.prices.sheet import PriceSheet
    from roi_xl.workbook.save import check_output, write_file

    if append and out is None:
        raise click.UsageError(text("prices.append_needs_out"))
    target = None if out is None else Path(out)
    adding = append and target is not None and target.exists()
    if target is not None:
        check_output(target, overwrite=force or adding)
    found = read_catalogue(Path(file), kind, date=_day(date), **about)
    _say_faults(file, found, skip_bad)
    if not found.rows:
        raise BadInput("price_none", path=file)
    sheet = PriceSheet(found.rows)
    if adding and target is not None:
        sheet = _added(target, found)
    if target is None:
        click.echo(sheet.write(), nl=False)
    else:
        write_file(target, sheet.write().encode("utf-8"), overwrite=force or adding)
        click.echo(text("cli.written", path=target), err=True)
    said = text("prices.imported", rows=len(found.rows), without=found.without_price)
    click.echo(said, err=True)


def _added(target: Any, found: "Imported") -> "PriceSheet":
    from roi_xl.errors import BadInput
    from roi_xl.prices.catalogue import added_to

    sheet, refused = added_to(target, found.rows)
    if refused:
        row = refused[0]
        raise BadInput(
            "price_dated", path=target, found=f"{row.gpu}, {row.provider}", date=row.snapshot_date
        )
    return sheet


def _day(written: str | None) -> "dt.date | None":
    from roi_xl.errors import BadInput
    from roi_xl.prices.sheet import date_of

    if written is None:
        return None
    day = date_of(written)
    if day is None or day > today():
        raise BadInput("price_date", found=f'"{written}"')
    return day


def _say_faults(file: str, found: "Imported", skip_bad: bool) -> None:
    from roi_xl.errors import BadInput

    for fault in found.faults:
        click.echo(f"{file}: {fault}", err=True)
    if found.faults and not skip_bad:
        count = len({f.line for f in found.faults})
        raise BadInput("price_bad_rows", path=file, count=count)
