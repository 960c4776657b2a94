"""Results to CSV, a piece at a time; columns that were there keep every character."""

import csv
import io
import math
import re
from collections.abc import Callable
from typing import IO, Any

import pandas as pd

from roi_xl.batch.columns import RESULTS
from roi_xl.batch.evaluate import Evaluated
from roi_xl.batch.table import Chunk, has_arrow
from roi_xl.case.graph_steps import STEPS
from roi_xl.io.text_files import BOM
from roi_xl.units import words

_STARTS = "[=+\\-@\\t\\r＝＋－＠]"
_NUMBER = r"[+\-＋－]?(\d[\d,. ，．]*|[.．]\d+)([eE][+\-]?\d+)?\s*%?"
_DANGEROUS = re.compile(_STARTS)
_HARMLESS = re.compile(_NUMBER)


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would run it."""
    if _DANGEROUS.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def guarded_column(column: Any) -> Any:
    """The same for an Arrow column of text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    suspect = pc.match_substring_regex(column, f"^{_STARTS}")
    if not pc.any(suspect).as_py():
        return column
    cells = [None if cell is None else guarded(cell) for cell in column.to_pylist()]
    return pa.array(cells, column.type)


class CsvSink:
    """A CSV file or stream of results; comma, UTF-8, lines ended as RFC 4180 allows Unix to."""

    def __init__(
        self, stream: IO[bytes], language: str, *, bom: Callable[[], bool], guard: bool = True
    ) -> None:
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
        self.stream.write(BOM if self._bom() else b"")  # known once rows have been read
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
