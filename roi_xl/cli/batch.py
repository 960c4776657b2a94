"""`roi-xl batch`: evaluates a table of cases, with a progress line on a terminal."""

import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Choice, Number, command, option
from roi_xl.cli.options import force_option, lang_option
from roi_xl.cli.output import print_note, print_written
from roi_xl.text import current_language, text

if TYPE_CHECKING:
    from roi_xl.batch.columns import Layout
    from roi_xl.batch.run import Counts

REFRESH_SECONDS = 0.2  # between two states of the progress line
CLEAR_LINE = "\r\x1b[K"


@command(help=text("batch.help"))
@click.argument("cases", metavar="CASES", shell_complete=completion.files)
@option(
    "-o",
    "--out",
    metavar="OUT",
    required=True,
    shell_complete=completion.files,
    help=text("batch.option.out"),
)
@lang_option
@option(
    "--engine",
    type=Choice(("pandas", "dask")),
    default="pandas",
    show_default=True,
    help=text("batch.option.engine"),
)
@option("--scheduler", metavar="ADDRESS", help=text("batch.option.scheduler"))
@option(
    "--workers", metavar="N", type=Number(1, 256, whole=True), help=text("batch.option.workers")
)
@option("--chunk", metavar="ROWS", type=Number(1, whole=True), help=text("batch.option.chunk"))
@option("--strict", is_flag=True, help=text("batch.option.strict"))
@option("--split", is_flag=True, help=text("batch.option.split"))
@option("--raw-text", is_flag=True, help=text("batch.option.raw_text"))
@force_option
def batch(cases: str, out: str, lang: str | None, chunk: int | None, **options: Any) -> None:
    """Evaluate a table of cases."""
    from roi_xl.batch.run import ROWS, Batch, run_batch

    if options["scheduler"] is not None and options["engine"] != "dask":
        raise click.UsageError(text("batch.scheduler_needs_dask"))
    if options["scheduler"] is not None and options["workers"] is not None:
        raise click.UsageError(text("batch.scheduler_has_workers"))
    job = Batch(cases, out, lang or current_language(), rows=chunk or ROWS, **options)
    _clean_up_on_sigterm()
    progress = Progress()
    try:
        counts = run_batch(job, _note_columns, progress.show)
    finally:
        progress.clear()
    _note_counts(counts, progress.seconds)
    if out != "-":
        print_written(out)


def _clean_up_on_sigterm() -> None:
    """Let SIGTERM end the program as Ctrl-C does, so that no temporary file is left."""

    def stop(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)


def _note_columns(layout: "Layout") -> None:
    """Name misspelt columns, results that are recomputed, and inputs at sample values."""
    for heading, name in layout.near.items():
        print_note(text("batch.near", found=heading, nearest=name))
    if layout.replaced:
        print_note(text("batch.replaced", names=", ".join(map(str, layout.replaced))))
    if layout.missing:
        from roi_xl.case.inputs import INPUTS

        samples = [n for n in layout.missing if INPUTS[n].is_sample]
        if samples:
            names = ", ".join(f"{n}={INPUTS[n].default:g}" for n in samples)
            print_note(text("cli.samples", names=names))


def _note_counts(counts: "Counts", seconds: float) -> None:
    """Say how many rows were evaluated, how many are bad, and how fast it went."""
    rows = {name: f"{getattr(counts, name):,}" for name in ("rows", "bad", "without")}
    speed = f"{counts.rows / seconds:,.0f}" if seconds else "–"
    print_note(text("batch.counts", speed=speed, **rows))


class Progress:
    """A progress line on the terminal; nothing where standard error is no terminal."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr is not None and sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def show(self, counts: "Counts", total: int | None) -> None:
        """Refresh the line, at most every 0.2 s.

        Args:
            counts: rows so far.
            total: rows in all, where known.
        """
        now = time.monotonic()
        if not self._terminal or now - self._shown < REFRESH_SECONDS:
            return
        self._shown = now
        speed = f"{counts.rows / (now - self._started):,.0f}"
        share = f"{counts.rows / total:4.0%}  " if total else ""
        line = text("batch.progress", rows=f"{counts.rows:,}", speed=speed)
        click.echo(f"{CLEAR_LINE}{share}{line}", nl=False, err=True)

    def clear(self) -> None:
        """Remove the line."""
        if self._terminal:
            click.echo(CLEAR_LINE, nl=False, err=True)
