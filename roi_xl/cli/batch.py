"""`roi-xl batch`: options, messages and the progress line around `roi_xl.batch.run`."""

import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import options
from roi_xl.cli.options import lang_option
from roi_xl.text import current_language, text

if TYPE_CHECKING:
    from roi_xl.batch.columns import Layout
    from roi_xl.batch.run import Counts

_SHOWN_EVERY = 0.2  # seconds between two states of the progress line


def _help(key: str) -> str:
    return text(f"batch.{key}")


def register(cli: click.Group) -> None:
    """Add the command to the group."""

    @cli.command(help=_help("help"))
    @click.argument("cases", metavar="CASES", shell_complete=options.files)
    @click.option(
        "-o",
        "--out",
        metavar="OUT",
        required=True,
        shell_complete=options.files,
        help=_help("option.out"),
    )
    @lang_option
    @click.option(
        "--engine",
        type=click.Choice(("pandas", "dask")),
        default="pandas",
        show_default=True,
        help=_help("option.engine"),
    )
    @click.option("--scheduler", metavar="ADDRESS", help=_help("option.scheduler"))
    @click.option(
        "--workers", metavar="N", type=click.IntRange(1, 256), help=_help("option.workers")
    )
    @click.option("--chunk", metavar="ROWS", type=click.IntRange(min=1), help=_help("option.chunk"))
    @click.option("--strict", is_flag=True, help=_help("option.strict"))
    @click.option("--split", is_flag=True, help=_help("option.split"))
    @click.option("--raw-text", is_flag=True, help=_help("option.raw_text"))
    @click.option("--force", is_flag=True, help=text("cli.option.force"))
    def batch(cases: str, out: str, lang: str | None, chunk: int | None, **options: Any) -> None:
        """Evaluate a file of cases."""
        from roi_xl.batch.run import ROWS, Batch, run_batch

        if options["scheduler"] is not None and options["engine"] != "dask":
            raise click.UsageError(text("batch.scheduler_needs_dask"))
        if options["scheduler"] is not None and options["workers"] is not None:
            raise click.UsageError(text("batch.scheduler_has_workers"))
        wanted = Batch(cases, out, lang or current_language(), rows=chunk or ROWS, **options)
        _end_in_order_when_told_to()
        progress = Progress()
        try:
            counts = run_batch(wanted, _mention_columns, progress.show)
        finally:
            progress.clear()
        _say_counts(counts, progress.seconds)
        if out != "-":
            click.echo(text("cli.written", path=out), err=True)


def _end_in_order_when_told_to() -> None:
    """Let SIGTERM end the program as Ctrl-C does, which removes the temporary file."""

    def stop(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)


def _mention_columns(layout: "Layout") -> None:
    for heading, name in layout.near.items():
        click.echo(text("batch.near", found=heading, nearest=name), err=True)
    if layout.replaced:
        names = ", ".join(map(str, layout.replaced))
        click.echo(text("batch.replaced", names=names), err=True)
    if layout.missing:
        from roi_xl.case.inputs import INPUTS

        samples = [n for n in layout.missing if INPUTS[n].is_sample]
        if samples:
            names = ", ".join(f"{n}={INPUTS[n].default:g}" for n in samples)
            click.echo(text("cli.samples", names=names), err=True)


def _say_counts(counts: "Counts", seconds: float) -> None:
    said = {"rows": f"{counts.rows:,}", "bad": f"{counts.bad:,}", "without": f"{counts.without:,}"}
    speed = f"{counts.rows / seconds:,.0f}" if seconds else "–"
    click.echo(text("batch.counts", speed=speed, **said), err=True)


class Progress:
    """The progress line of a batch, on a terminal only."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def show(self, counts: "Counts", total: int | None) -> None:
        """Update the line, but not too often."""
        now = time.monotonic()
        if not self._terminal or now - self._shown < _SHOWN_EVERY:
            return
        self._shown = now
        speed = f"{counts.rows / (now - self._started):,.0f}"
        share = f"{counts.rows / total:4.0%}  " if total else ""
        line = text("batch.progress", rows=f"{counts.rows:,}", speed=speed)
        click.echo(f"\r\x1b[K{share}{line}", nl=False, err=True)

    def clear(self) -> None:
        """Erase the line."""
        if self._terminal:
            click.echo("\r\x1b[K", nl=False, err=True)
