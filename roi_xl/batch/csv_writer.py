"""Results to CSV, chunk by chunk; the columns of the cases keep every character."""

import csv
import io
import math
import re
from typing import IO, Any

import pandas as pd

from roi_xl.batch.columns import RESULTS, input_of
from roi_xl.batch.evaluate import Evaluated
from roi_xl.batch.table import Chunk, has_arrow
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.io.text_files import BOM
from roi_xl.units import words

_STARTS = "[=+\\-@\\t\\r＝＋－＠]"
_NUMBER = r"[+\-＋－]?(\d[\d,. ，．]*|[.．]\d+)([eE][+\-]?\d+)?\s*%?"
_DANGEROUS = re.compile(_STARTS)
_HARMLESS = re.compile(_NUMBER)


def guarded(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would run it as a formula."""
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
    """A CSV file or stream of results: commas, UTF-8, lines that end with a line feed."""

    def __init__(self, stream: IO[bytes], language: str, *, guard: bool = True) -> None:
        self.stream, self.language, self.guard = stream, language, guard
        self._started = False

    def prepare(self, chunk: Chunk, done: Evaluated) -> bytes:
        """The lines of a chunk: its cells as they were written, then the results."""
        return self._with_arrow(chunk, done) if has_arrow() else self._plain(chunk, done)

    def write(self, chunk: Chunk, _done: Evaluated, ready: bytes) -> None:
        """Append the lines, the first time below the headings."""
        if not self._started:
            self._started = True
            headings = [str(h) for h in _headings(chunk.table)]
            shown = [guarded(h) if self.guard else h for h in headings]
            self.stream.write(BOM if chunk.bom else b"")
            self.stream.write(_lines([[*shown, *RESULTS]]))
        self.stream.write(ready)

    def close(self) -> None:
        """Nothing follows the last row."""

    def _with_arrow(self, chunk: Chunk, done: Evaluated) -> bytes:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        from roi_xl.batch.parquet_files import arrow_results, arrow_table

        table = arrow_table(chunk.table)
        pairs = zip(table.column_names, table.columns, strict=True)
        columns = [self._safe(_in_words(name, column, self.language)) for name, column in pairs]
        columns += arrow_results(done, self.language)
        names = [*table.column_names, *RESULTS]
        together = pa.table(columns, names=names)
        options = {"include_header": False}
        plain = arrow_csv.WriteOptions(quoting_style="none", **options)
        buffer = pa.BufferOutputStream()
        try:
            arrow_csv.write_csv(together, buffer, plain)
        except pa.ArrowInvalid:  # a text holds a comma, a quote or a line break
            buffer = pa.BufferOutputStream()
            arrow_csv.write_csv(together, buffer, arrow_csv.WriteOptions(**options))
        written: bytes = buffer.getvalue().to_pybytes()
        return written

    def _safe(self, column: Any) -> Any:
        import pyarrow as pa

        is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        return guarded_column(column) if self.guard and is_text else column

    def _plain(self, chunk: Chunk, done: Evaluated) -> bytes:
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
        return _lines(zip(*columns, strict=True))


def _in_words(heading: str, column: Any, language: str) -> Any:
    """An Arrow column in which an infinite input is the word for it, such as "no end"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    name = input_of(heading)
    if name is None or not INPUTS[name].quantity.never or not pa.types.is_floating(column.type):
        return column
    infinite = pc.equal(column, math.inf)
    if not pc.any(infinite).as_py():
        return column
    word = INPUTS[name].shown(math.inf, language)
    return pc.if_else(infinite, word, pc.cast(column, pa.string()))


def _headings(table: Any) -> list[Any]:
    return list(table.columns) if isinstance(table, pd.DataFrame) else table.column_names


def _lines(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
