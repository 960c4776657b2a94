"""`roi-xl prices`: lists, checks and imports GPU prices."""

from typing import TYPE_CHECKING

import click

from roi_xl.cli import completion
from roi_xl.cli.case_options import read_price_file, today
from roi_xl.cli.commands import Choice, Group, command, option
from roi_xl.cli.options import force_option, json_option, lang_option, prices_option
from roi_xl.cli.output import print_json, print_note, print_written
from roi_xl.text import text

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from roi_xl.prices.catalogue import Imported
    from roi_xl.prices.sheet import GpuPrice, PriceSheet

FORMATS = ("auto", "skypilot", "gpuhunt", "csv")
MARKETS = ("on-demand", "spot", "reserved")
COLUMNS_SHOWN = (
    "gpu",
    "provider",
    "market",
    "usd_per_gpu_hour",
    "min_gpus",
    "region_or_product",
    "snapshot_date",
)

prices = Group("prices", help=text("prices.help"))


# --- list ----------------------------------------------------------------------------------------


@command(name="list", help=text("prices.list.help"))
@click.argument("gpu", required=False, shell_complete=completion.gpus)
@option("--provider", metavar="NAME", help=text("prices.option.provider"))
@option("--market", type=Choice(MARKETS), help=text("prices.option.market"))
@prices_option
@json_option
@lang_option
def list_prices(
    gpu: str | None,
    provider: str | None,
    market: str | None,
    price_file: str | None,
    as_json: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """Print the current prices, by GPU and the cheapest first."""
    from roi_xl.errors import NotListedError
    from roi_xl.prices.names import hint, normal

    sheet, day = read_price_file(price_file), today()
    rows = [
        r
        for r in sheet.current()
        if (gpu is None or normal(r.gpu) == normal(gpu))
        and (provider is None or normal(r.provider) == normal(provider))
        and (market is None or r.market == market)
    ]
    if gpu is not None and not any(normal(r.gpu) == normal(gpu) for r in sheet):
        nearest = hint(gpu, (r.gpu for r in sheet)) or text("prices.all_listed")
        raise NotListedError("gpu_not_listed", found=gpu, hint=nearest)
    rows.sort(key=lambda r: (normal(r.gpu), r.usd_per_gpu_hour))
    if as_json:
        print_json([_price_data(r, day) for r in rows])
    else:
        _print_prices(rows, day)


def _price_data(row: "GpuPrice", today: "dt.date") -> dict[str, object]:
    from roi_xl.prices.sheet import COLUMNS

    data = {name: getattr(row, name) for name in COLUMNS}
    data["snapshot_date"] = None if row.snapshot_date is None else str(row.snapshot_date)
    return {**data, "stale": row.stale(today)}


def _print_prices(rows: list["GpuPrice"], today: "dt.date") -> None:
    from roi_xl.prices.sheet import shown
    from roi_xl.text.width import text_width

    lines = [[text(f"prices.column.{name}") for name in COLUMNS_SHOWN] + [""]]
    for row in rows:
        cells = [shown(getattr(row, name)) for name in COLUMNS_SHOWN]
        cells[COLUMNS_SHOWN.index("market")] = text(f"choice.{row.market}")
        lines.append([*cells, text("prices.stale") if row.stale(today) else ""])
    widths = [max(map(text_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (f"{w}{' ' * (n - text_width(w))}" for w, n in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


# --- check ---------------------------------------------------------------------------------------


@command(name="check", help=text("prices.check.help"))
@click.argument("file", metavar="FILE", required=False, shell_complete=completion.files)
@json_option
@lang_option
def check_prices(file: str | None, as_json: bool, lang: str | None) -> None:  # noqa: ARG001
    """Check every row of a sheet; exit with 1 if one is bad. Stale prices are named, not refused."""
    from importlib import resources
    from pathlib import Path

    from roi_xl.prices.reader import records_of, rows_of

    day = today()
    with resources.as_file(resources.files("roi_xl.prices").joinpath("gpu_prices.csv")) as shipped:
        rows, faults = rows_of(records_of(shipped if file is None else Path(file)), day)
    stale = [r for r in rows if r.stale(day)]
    if as_json:
        bad_lines = {f.line for f in faults}
        listed = [
            {"line": f.line, "field": f.field, "found": f.found.strip('"'), "allowed": f.allowed}
            for f in faults
        ]
        data = {
            "rows": len(rows) + len(bad_lines),
            "faults": listed,
            "stale": [_price_data(r, day) for r in stale],
        }
        print_json(data)
    else:
        for fault in faults:
            click.echo(str(fault))
        for row in stale:
            click.echo(_stale_line(row))
        click.echo(text("prices.checked", rows=len(rows), faults=len(faults), stale=len(stale)))
    if faults:
        raise click.exceptions.Exit(1)


def _stale_line(row: "GpuPrice") -> str:
    return text(
        "prices.stale_row",
        gpu=row.gpu,
        provider=row.provider,
        market=text(f"choice.{row.market}"),
        date=row.snapshot_date,
    )


# --- import --------------------------------------------------------------------------------------


@command(name="import", help=text("prices.import.help"))
@click.argument("file", metavar="FILE", shell_complete=completion.files)
@option("--format", "kind", type=Choice(FORMATS), default="auto", help=text("prices.option.format"))
@option(
    "-o",
    "--out",
    metavar="OUT.csv",
    shell_complete=completion.files,
    help=text("prices.option.out"),
)
@option("--provider", metavar="NAME", help=text("prices.option.named"))
@option("--date", metavar="YYYY-MM-DD", help=text("prices.option.date"))
@option("--source", metavar="TEXT", help=text("prices.option.source"))
@option("--licence", metavar="TEXT", help=text("prices.option.licence"))
@option("--skip-bad", is_flag=True, help=text("prices.option.skip_bad"))
@option("--append", is_flag=True, help=text("prices.option.append"))
@force_option
@lang_option
def import_prices(
    file: str,
    kind: str,
    out: str | None,
    date: str | None,
    skip_bad: bool,
    append: bool,
    force: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
    **about: str | None,
) -> None:
    """Write a dated price sheet from a catalogue."""
    from pathlib import Path

    from roi_xl.errors import BadInput
    from roi_xl.io.atomic_write import check_output, write_file
    from roi_xl.prices.catalogue import read_catalogue
    from roi_xl.prices.sheet import PriceSheet

    if append and out is None:
        raise click.UsageError(text("prices.append_needs_out"))
    target = None if out is None else Path(out)
    appending = append and target is not None and target.exists()
    if target is not None:
        check_output(target, overwrite=force or appending)
    found = read_catalogue(Path(file), kind, date=_read_date(date), **about)
    _print_faults(file, found, skip_bad)
    if not found.rows:
        raise BadInput("price_none", path=file)
    sheet = PriceSheet(found.rows)
    if appending and target is not None:
        sheet = _appended(target, found)
    if target is None:
        click.echo(sheet.write(), nl=False)
    else:
        write_file(target, sheet.write().encode("utf-8"), overwrite=force or appending)
        print_written(target)
    print_note(text("prices.imported", rows=len(found.rows), without=found.without_price))


def _appended(target: "Path", found: "Imported") -> "PriceSheet":
    """The sheet of a file with the imported rows added.

    Raises:
        BadInput: the sheet has another price of one of them for the same date.
    """
    from roi_xl.errors import BadInput
    from roi_xl.prices.catalogue import added_to

    sheet, refused = added_to(target, found.rows)
    if refused:
        row = refused[0]
        offer = f"{row.gpu}, {row.provider}"
        raise BadInput("price_dated", path=target, found=offer, date=row.snapshot_date)
    return sheet


def _read_date(typed: str | None) -> "dt.date | None":
    """The date of --date.

    Raises:
        BadInput: it is not YYYY-MM-DD, or in the future.
    """
    from roi_xl.errors import BadInput
    from roi_xl.prices.sheet import date_of

    if typed is None:
        return None
    day = date_of(typed)
    if day is None or day > today():
        raise BadInput("price_date", found=f'"{typed}"')
    return day


def _print_faults(file: str, found: "Imported", skip_bad: bool) -> None:
    """Name the bad rows on standard error.

    Raises:
        BadInput: there are some, and --skip-bad was not given.
    """
    from roi_xl.errors import BadInput

    for fault in found.faults:
        print_note(f"{file}: {fault}")
    if found.faults and not skip_bad:
        count = len({f.line for f in found.faults})
        raise BadInput("price_bad_rows", path=file, count=count)


for each in (list_prices, check_prices, import_prices):
    prices.add_command(each)
