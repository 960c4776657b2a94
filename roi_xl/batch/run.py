"""One batch: cases from a file, results to another, chunk by chunk, and the counts at the end."""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roi_xl.batch.columns import Layout, lay_out
from roi_xl.batch.evaluate import Evaluated, evaluate_table
from roi_xl.batch.table import Chunk, Sink, Source
from roi_xl.batch.workers import all_cores, in_order
from roi_xl.errors import BadInput
from roi_xl.io.atomic_write import cannot_read, check_output, replacing
from roi_xl.io.paths import extended
from roi_xl.io.text_files import existing

STANDARD = "-"
ENDINGS = (".csv", ".parquet", ".xlsx")
READABLE = (*ENDINGS, ".xlsm")
ROWS = 16_384  # of a chunk by default; the size decides how much memory each worker needs
_MOST_WORKERS = 8  # by default: more would need more memory than a batch should


@dataclass(slots=True)
class Counts:
    """How many rows a batch evaluated, and how many of them were not good."""

    rows: int = 0
    bad: int = 0
    without: int = 0  # good rows for which a result does not exist


@dataclass(frozen=True, slots=True)
class Batch:
    """What to do; the fields are the options of the command."""

    cases: str
    out: str
    language: str
    engine: str = "pandas"
    scheduler: str | None = None
    rows: int = ROWS
    workers: int | None = None  # None: one thread per core, or a cluster's own number
    strict: bool = False
    split: bool = False
    force: bool = False
    raw_text: bool = False


def run_batch(
    batch: Batch,
    noted: Callable[[Layout], None] = lambda _: None,
    progress: Callable[[Counts, int | None], None] = lambda *_: None,
) -> Counts:
    """Evaluate a file of cases into a file of results, which appears complete or not at all.

    Args:
        batch: files and options.
        noted: called once with the columns.
        progress: called after each chunk with the counts, and the number of rows if it is known.

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
            evaluated = _evaluated(batch, chunks, layout, sink, stack)
            for chunk, done, ready in stack.enter_context(closing(evaluated)):
                if batch.strict and done.messages:
                    row, reason = next(iter(done.messages.items()))
                    raise BadInput(
                        "bad_row", path=batch.cases, row=chunk.start + row + 1, reason=reason
                    )
                sink.write(chunk, done, ready)
                counts.rows += done.length
                counts.bad += len(done.messages)
                counts.without += done.missing
                progress(counts, source.total)
            if not counts.rows:
                _write_nothing(sink, source, layout, batch.language)
            sink.close()
    return counts


def _evaluated(
    batch: Batch, chunks: Iterable[Chunk], layout: Layout, sink: Sink, stack: ExitStack
) -> Generator[tuple[Chunk, Evaluated, Any], None, None]:
    """The chunks in order, with their results and what the sink makes of them."""
    if batch.engine == "dask":
        from roi_xl.batch.dask import connected, evaluate_on

        client = stack.enter_context(connected(batch.scheduler, batch.workers))
        for chunk, done in evaluate_on(client, chunks, layout, batch.language):
            yield chunk, done, sink.prepare(chunk, done)
        return

    def evaluate(chunk: Chunk) -> tuple[Chunk, Evaluated, Any]:
        done = evaluate_table(chunk.inputs, layout, batch.language)
        return chunk, done, sink.prepare(chunk, done)

    yield from in_order(evaluate, chunks, batch.workers or min(all_cores(), _MOST_WORKERS))


def _write_nothing(sink: Sink, source: Source, layout: Layout, language: str) -> None:
    """Headings without rows: an empty table in gives an empty table out."""
    import pandas as pd

    kept = [h for h in source.headings if h and h not in set(layout.replaced)]
    table = pd.DataFrame({h: pd.Series([], dtype=object) for h in [*kept, *layout.evaluated]})
    chunk = Chunk(
        0, table[kept], {h: table[h] for h in layout.evaluated}, bool(getattr(source, "bom", False))
    )
    done = evaluate_table(chunk.inputs, layout, language)
    sink.write(chunk, done, sink.prepare(chunk, done))


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
            stream = extended(path).open("rb")
        except OSError as error:
            raise cannot_read(path, error) from None
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
    if batch.out == STANDARD:
        yield CsvSink(sys.stdout.buffer, batch.language, guard=guard)
        sys.stdout.buffer.flush()
        return
    path = Path(batch.out)
    with replacing(path, overwrite=batch.force) as temporary:
        if path.suffix.lower() == ".csv":
            with temporary.open("wb") as stream:
                yield CsvSink(stream, batch.language, guard=guard)
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
