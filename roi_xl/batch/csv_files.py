"""Cases from CSV and results to CSV, a piece at a time; columns that were there keep every character."""

import csv
import io
import math
from collections.abc import Iterator
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

    def __init__(self, stream: IO[bytes], name: str) -> None:
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

    def _decoded(self, part: bytes) -> str:
        try:
            return part.decode("utf-8")
        except UnicodeDecodeError as error:
            found = repr(part[error.start : error.start + 4])[2:-1]
            raise BadInput("csv_not_utf8", path=self.name, found=found) from None

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The rows in pieces; every cell is text, inputs are typed beside it."""
        kept = [h for h in self.headings if h not in layout.replaced]
        start = 0
        for block in self._blocks():
            table = self._arrow(block, start) if has_arrow() else self._plain(block, start)
            table = table[kept] if isinstance(table, pd.DataFrame) else table.select(kept)
            for offset in range(0, len(table), rows):
                part = table[offset : offset + rows]
                yield Chunk(start + offset, part, _typed_inputs(layout, part))
            start += len(table)

    def _blocks(self) -> Iterator[bytes]:
        """The file in blocks that end where a record ends.

        They are read here and not by Arrow, whose threads would neither hear an interruption while
        they wait for a pipe nor say which row of the file is wrong.
        """
        rest = b""
        while piece := self.stream.read(BLOCK_BYTES):
            block = rest + piece
            end = block.rfind(b"\n") + 1
            while end and block.count(b'"', 0, end) % 2:  # the line break stands inside quotes
                end = block.rfind(b"\n", 0, end - 1) + 1
            rest = block[end:]
            if end:
                yield block[:end]
        if rest:
            yield rest

    def _arrow(self, block: bytes, start: int) -> "pa.Table":
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not block.strip():
            return pa.table({h: pa.array([], pa.string()) for h in self.headings})
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(block),
                arrow_csv.ReadOptions(column_names=self.headings),
                arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self.headings, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as error:
            self._plain(block, start)  # says it with the row of the file
            reason = " ".join(str(error).split())[:200]
            raise BadInput("not_csv", path=self.name, reason=reason) from None

    def _plain(self, block: bytes, start: int) -> pd.DataFrame:
        text = io.StringIO(self._decoded(block), newline="")
        width = len(self.headings)
        records: list[list[str]] = []
        try:
            for record in csv.reader(text, delimiter=self.delimiter):
                if record and len(record) != width:
                    about = {"row": start + len(records) + 1, "allowed": width}
                    raise BadInput("csv_width", path=self.name, found=len(record), **about)
                if record:
                    records.append(record)
        except csv.Error as error:
            raise BadInput("not_csv", path=self.name, reason=error) from None
        columns = zip(*records, strict=True) if records else [()] * width
        cells = ([cell or None for cell in column] for column in columns)
        return pd.DataFrame(dict(zip(self.headings, cells, strict=True)), dtype=object)


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
        buffer = pa.BufferOutputStream()
        try:
            arrow_csv.write_csv(together, buffer, plain)
        except pa.ArrowInvalid:  # some text holds a comma, a quote or a line break
            buffer = pa.BufferOutputStream()
            arrow_csv.write_csv(together, buffer, arrow_csv.WriteOptions(**options))
        self.stream.write(buffer.getvalue())

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
