"""One batch: cases from a file, results to another, a piece at a time, and the counts at the end."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roi_xl.batch.columns import Layout, lay_out
from roi_xl.batch.evaluate import Evaluated, evaluate_table
from roi_xl.batch.table import Chunk, Sink, Source
from roi_xl.errors import BadInput
from roi_xl.io.atomic_write import check_output, replacing
from roi_xl.io.text_files import existing

STANDARD = "-"
ENDINGS = (".csv", ".parquet", ".xlsx")
READABLE = (*ENDINGS, ".xlsm")
ROWS = 65_536  # of a piece, where nobody says otherwise


@dataclass(slots=True)
class Counts:
    """What a batch did."""

    rows: int = 0
    bad: int = 0
    without: int = 0  # good rows for which some result does not exist


@dataclass(frozen=True, slots=True)
class Batch:
    """What to do: see the options of the command of the same names."""

    cases: str
    out: str
    language: str
    engine: str = "pandas"
    scheduler: str | None = None
    rows: int = ROWS
    strict: bool = False
    split: bool = False
    force: bool = False
    raw_text: bool = False


def run_batch(
    batch: Batch,
    noted: Callable[[Layout], None] = lambda _: None,
    progress: Callable[[Counts, int | None], None] = lambda *_: None,
) -> Counts:
    """Evaluate a file of cases into a file of results, which is there complete or not at all.

    Args:
        batch: files and options.
        noted: told once what the columns are.
        progress: told after each piece what was done, and how many rows there are if that is known.

    Returns:
        The counts.

    Raises:
        BadInput: the cases cannot be read, or (strict) a row is bad; the message names it.
        OutputError: the results cannot be written.
    """
    _check_output(batch)
    with _source(batch.cases) as source:
        layout = lay_out(source.headings)
        noted(layout)
        counts = Counts()
        with _sink(batch, source) as sink, ExitStack() as stack:
            chunks = source.chunks(layout, batch.rows)
            for chunk, done in _evaluated(batch, chunks, layout, stack):
                if batch.strict and done.messages:
                    row, reason = next(iter(done.messages.items()))
                    raise BadInput(
                        "bad_row", path=batch.cases, row=chunk.start + row + 1, reason=reason
                    )
                sink.write(chunk, done)
                counts.rows += done.length
                counts.bad += len(done.messages)
                counts.without += done.missing
                progress(counts, source.total)
            if not counts.rows:
                _write_nothing(sink, source, layout, batch.language)
            sink.close()
    return counts


def _evaluated(
    batch: Batch, chunks: Iterable[Chunk], layout: Layout, stack: ExitStack
) -> Iterator[tuple[Chunk, Evaluated]]:
    if batch.engine == "dask":
        from roi_xl.batch.dask import connected, evaluate_on

        client = stack.enter_context(connected(batch.scheduler))
        return evaluate_on(client, chunks, layout, batch.language)
    return ((c, evaluate_table(c.inputs, layout, batch.language)) for c in chunks)


def _write_nothing(sink: Sink, source: Source, layout: Layout, language: str) -> None:
    """Headings without rows, so that an empty table in is an empty table out."""
    import pandas as pd

    kept = [h for h in source.headings if h and h not in layout.replaced]
    table = pd.DataFrame({h: pd.Series([], dtype=object) for h in kept})
    inputs: dict[Any, Any] = {h: table[h] for h in layout.inputs.values()}
    sink.write(Chunk(0, table, inputs), evaluate_table(inputs, layout, language))


# --- files by their endings ----------------------------------------------------------------------


def _check_output(batch: Batch) -> None:
    if batch.out == STANDARD:
        return
    path = Path(batch.out)
    if path.suffix.lower() not in ENDINGS:
        raise BadInput("output_ending", path=path, allowed=", ".join(ENDINGS))
    check_output(path, overwrite=batch.force)


@contextmanager
def _source(cases: str) -> Iterator[Source]:
    from roi_xl.batch.csv_reader import CsvSource

    if cases == STANDARD:
        yield CsvSource(sys.stdin.buffer, STANDARD)
        return
    path = Path(cases)
    ending = path.suffix.lower()
    if ending not in READABLE:
        raise BadInput("file_ending", path=path, allowed=", ".join(READABLE))
    existing(path)
    if ending == ".csv":
        try:
            stream = path.open("rb")
        except OSError as error:
            raise BadInput("unreadable", path=path, reason=error.strerror) from None
        with stream:
            yield CsvSource(stream, cases)
    elif ending == ".parquet":
        from roi_xl.batch.parquet_files import ParquetSource

        yield ParquetSource(path)
    else:
        from roi_xl.batch.xlsx_reader import XlsxSource

        yield XlsxSource(path)


@contextmanager
def _sink(batch: Batch, source: Source) -> Iterator[Sink]:
    from roi_xl.batch.csv_writer import CsvSink

    guard = not batch.raw_text

    def bom() -> bool:
        return bool(getattr(source, "bom", False))

    if batch.out == STANDARD:
        yield CsvSink(sys.stdout.buffer, batch.language, bom=bom, guard=guard)
        sys.stdout.buffer.flush()
        return
    path = Path(batch.out)
    with replacing(path, overwrite=batch.force) as temporary:
        if path.suffix.lower() == ".csv":
            with temporary.open("wb") as stream:
                yield CsvSink(stream, batch.language, bom=bom, guard=guard)
        elif path.suffix.lower() == ".parquet":
            from roi_xl.batch.parquet_files import ParquetSink

            yield ParquetSink(temporary, batch.language)
        else:
            from roi_xl.batch.portfolio import PortfolioSink

            text_cells = isinstance(getattr(source, "delimiter", None), str)
            yield PortfolioSink(
                temporary,
                batch.language,
                text_cells=text_cells,
                split=batch.split,
                total=source.total,
            )
