"""Cases from CSV and results to CSV, a piece at a time; columns that were there keep every character."""

import csv
import io
import math
from collections.abc import Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from roi_xl.batch.columns import RESULTS, Layout
from roi_xl.batch.frame import Evaluated
from roi_xl.batch.guard import guarded, guarded_column
from roi_xl.batch.table import Chunk, has_arrow, typed
from roi_xl.case.steps import STEPS
from roi_xl.errors import BadInput
from roi_xl.functions.bounds import words

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_BYTES = 4 << 20
_BOM = b"\xef\xbb\xbf"
_DELIMITERS = (",", ";", "\t")


class CsvSource:
    """A CSV file or stream: UTF-8, a line of headings, separated by comma, semicolon or tab."""

    total: int | None = None

    def __init__(self, stream: io.BufferedReader, name: str) -> None:
        self.stream, self.name = stream, name
        first = self._first_record()
        self.bom = first.startswith(_BOM)
        heading_line = self._decoded(first.removeprefix(_BOM))
        self.delimiter = max(_DELIMITERS, key=heading_line.count)
        rows = list(csv.reader(io.StringIO(heading_line, newline=""), delimiter=self.delimiter))
        if not rows or not any(cell.strip() for cell in rows[0]):
            raise BadInput("no_headings", path=name)
        self.headings = [cell.strip() for cell in rows[0]]
        for heading in self.headings:
            if self.headings.count(heading) > 1:
                raise BadInput("heading_twice", path=name, found=f'"{heading}"')

    def _first_record(self) -> bytes:
        record = self.stream.readline()
        while record.count(b'"') % 2 and (more := self.stream.readline()):
            record += more
        return record

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput("csv_not_utf8", path=self.name, position=error.start) from None

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The rows in pieces; every cell is text, inputs are typed beside it."""
        kept = [h for h in self.headings if h not in layout.replaced]
        start = 0
        for table, length in self._arrow(kept, rows) if has_arrow() else self._plain(kept, rows):
            yield Chunk(start, table, _typed_inputs(layout, table))
            start += length

    def _plain(self, kept: list[str], rows: int) -> Iterator[tuple[pd.DataFrame, int]]:
        text = io.TextIOWrapper(self.stream, "utf-8", newline="")
        reader = csv.reader(text, delimiter=self.delimiter)
        width, row = len(self.headings), 1
        try:
            while records := [r for r in islice(reader, rows) if r]:
                for number, record in enumerate(records, row + 1):
                    if len(record) != width:
                        about = {"row": number, "allowed": width, "found": len(record)}
                        raise BadInput("csv_width", path=self.name, **about)
                row += len(records)
                columns = dict(zip(self.headings, zip(*records, strict=True), strict=True))
                cells = {h: [cell or None for cell in columns[h]] for h in kept}
                yield pd.DataFrame(cells, dtype=object), len(records)
        except UnicodeDecodeError as error:
            raise BadInput("csv_not_utf8", path=self.name, position=error.start) from None
        except csv.Error as error:
            raise BadInput("not_csv", path=self.name, reason=error) from None

    def _arrow(self, kept: list[str], rows: int) -> "Iterator[tuple[pa.Table, int]]":
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not self.stream.peek(1):  # headings only, which Arrow calls an error
            return
        text = dict.fromkeys(self.headings, pa.string())
        try:
            reader = arrow_csv.open_csv(
                self.stream,
                arrow_csv.ReadOptions(column_names=self.headings, block_size=BLOCK_BYTES),
                arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                arrow_csv.ConvertOptions(
                    column_types=text,
                    include_columns=kept,
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
            for batch in reader:
                table = pa.Table.from_batches([batch])
                for offset in range(0, table.num_rows, rows):
                    part = table.slice(offset, rows)
                    yield part, part.num_rows
        except pa.ArrowInvalid as error:
            reason = " ".join(str(error).split())[:200]
            if reason.startswith("Empty CSV"):
                return
            key = "csv_not_utf8" if "UTF8" in reason else "not_csv"
            raise BadInput(key, path=self.name, reason=reason, position="?") from None


def _typed_inputs(layout: Layout, table: Any) -> "dict[Any, pd.Series[Any]]":
    if isinstance(table, pd.DataFrame):
        return typed(layout, {h: table[h] for h in layout.inputs.values()})
    fast, slow = {}, {}
    for heading in layout.inputs.values():
        numbers = _cast(table[heading])
        if numbers is None:
            slow[heading] = pd.Series(table[heading].to_pylist(), dtype=object)
        else:
            fast[heading] = pd.Series(numbers, copy=False)
    left = {name: h for name, h in layout.inputs.items() if h in slow}
    return fast | typed(Layout(left, (), (), {}), slow)


def _cast(column: Any) -> "np.ndarray[Any, Any] | None":
    """An Arrow column of text as numbers, None where a cell is none (or says nan itself)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        return None
    return None if pc.any(pc.is_nan(numbers)).as_py() else numbers.to_numpy()


class CsvSink:
    """A CSV file or stream of results; comma, UTF-8, lines ended as RFC 4180 allows Unix to."""

    def __init__(self, stream: IO[bytes], language: str, *, bom: bool, guard: bool = True) -> None:
        self.stream, self.language, self.guard = stream, language, guard
        self._bom, self._started = bom, False

    def write(self, chunk: Chunk, done: Evaluated) -> None:
        """Append rows; what was there stays as it was written, results follow."""
        if not self._started:
            self._headings(list(map(str, _headings(chunk.table))))
        if has_arrow():
            self._write_arrow(chunk, done)
        else:
            self._write_plain(chunk, done)

    def close(self) -> None:
        """Nothing follows the last row."""

    def _headings(self, headings: list[str]) -> None:
        self._started = True
        shown = [guarded(h) if self.guard else h for h in headings]
        self.stream.write(_BOM if self._bom else b"")
        self.stream.write(_lines([[*shown, *RESULTS]]))

    def _write_arrow(self, chunk: Chunk, done: Evaluated) -> None:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        from roi_xl.batch.parquet_files import arrow_results, arrow_table

        table = arrow_table(chunk.table)
        columns = [self._safe(column) for column in table.columns]
        columns += arrow_results(done, self.language)
        names = [*table.column_names, *RESULTS]
        together = pa.table(columns, names=names)
        options = {"include_header": False}
        plain = arrow_csv.WriteOptions(quoting_style="none", **options)
        buffer = io.BytesIO()
        try:
            arrow_csv.write_csv(together, buffer, plain)
        except pa.ArrowInvalid:  # some text holds a comma, a quote or a line break
            buffer = io.BytesIO()
            arrow_csv.write_csv(together, buffer, arrow_csv.WriteOptions(**options))
        self.stream.write(buffer.getbuffer())

    def _safe(self, column: Any) -> Any:
        import pyarrow as pa

        is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        return guarded_column(column) if self.guard and is_text else column

    def _write_plain(self, chunk: Chunk, done: Evaluated) -> None:
        columns: list[list[Any]] = []
        for heading in _headings(chunk.table):
            cells = chunk.table[heading].astype(object).tolist()
            columns.append([guarded(c) if self.guard and isinstance(c, str) else c for c in cells])
        for step in STEPS:
            values = done.values[step.name].tolist()
            names = [*words(step.quantity, self.language), None]  # code -1 is the last: none
            if step.quantity.choices:
                columns.append([names[code] for code in values])
            else:
                columns.append([None if math.isnan(v) else v for v in values])
        columns.append(list(done.error_column()))
        self.stream.write(_lines(zip(*columns, strict=True)))


def _headings(table: Any) -> list[Any]:
    return list(table.columns) if isinstance(table, pd.DataFrame) else table.column_names


def _lines(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
