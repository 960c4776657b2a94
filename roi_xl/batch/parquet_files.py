"""Cases from Parquet and results to Parquet, and result columns as Arrow arrays."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from roi_xl.batch.cell_numbers import mark_of, number_headings, read_texts
from roi_xl.batch.columns import RESULTS, Layout, blank_to_none, input_of
from roi_xl.batch.evaluate import Evaluated
from roi_xl.batch.table import Chunk, need
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.functions.arguments import as_number
from roi_xl.units import words

if TYPE_CHECKING:
    import pyarrow as pa

EXTRA = "parquet"
ROW_GROUP = 32_768  # rows; smaller groups make larger files that are slower to read


class ParquetSource:
    """A Parquet file."""

    def __init__(self, path: Path) -> None:
        need("pyarrow", EXTRA)
        import pyarrow as pa
        from pyarrow import parquet

        try:
            self.file = parquet.ParquetFile(path, pre_buffer=False)
        except (pa.ArrowInvalid, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            raise BadInput("not_parquet", path=path, reason=reason) from None
        self.name = str(path)
        self.headings: list[str] = self.file.schema_arrow.names
        self.total: int | None = self.file.metadata.num_rows

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The rows in chunks, with the file's own types."""
        import pyarrow as pa

        replaced = set(layout.replaced)
        kept = [h for h in self.headings if h not in replaced]
        numbers = number_headings(layout)
        read = dict.fromkeys([*kept, *layout.evaluated])
        start, mark = 0, None
        try:
            for batch in self.file.iter_batches(batch_size=rows, columns=list(read)):
                table = pa.Table.from_batches([batch])
                inputs = {h: _series(table[h]) for h in layout.evaluated}
                texts = [h for h in numbers if _is_text(table[h].type)]
                if not start:
                    mark = mark_of(inputs[h] for h in texts)
                inputs |= {h: read_texts(inputs[h], mark) for h in texts}
                yield Chunk(start, table.select(kept), inputs)
                start += table.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            raise BadInput("not_parquet", path=self.name, reason=reason) from None


def _series(column: Any) -> "pd.Series[Any]":
    """A column for pandas, which cannot tell a missing number from one that is NaN: an error."""
    import pyarrow as pa
    import pyarrow.compute as pc

    series: pd.Series[Any] = column.to_pandas()
    if pa.types.is_floating(column.type):
        nan = pc.fill_null(pc.is_nan(column), False).to_numpy()
        if nan.any():
            series = series.astype(object)
            series[nan] = ErrorValue.NUM
    return series


class ParquetSink:
    """A Parquet file of results: floats, words as dictionaries, null for what does not exist."""

    def __init__(self, path: Path, language: str) -> None:
        need("pyarrow", EXTRA)
        self.path, self.language = path, language
        self._writer: Any = None
        self._schema: Any = None
        self._waiting: list[Any] = []  # tables that do not fill a row group yet

    def prepare(self, chunk: Chunk, done: Evaluated) -> Any:
        """The rows of a chunk and their results as an Arrow table."""
        import pyarrow as pa

        table = arrow_table(chunk.table, chunk.inputs)
        columns = [*table.columns, *arrow_results(done, self.language)]
        return pa.table(columns, names=[*table.column_names, *RESULTS])

    def write(self, _chunk: Chunk, _done: Evaluated, ready: Any) -> None:
        """Append rows, in row groups of a size of their own."""
        from pyarrow import parquet

        if self._writer is None:
            self._schema = ready.schema
            self._writer = parquet.ParquetWriter(self.path, self._schema)
        self._waiting.append(ready.cast(self._schema))
        if sum(table.num_rows for table in self._waiting) >= ROW_GROUP:
            self._write_waiting()

    def close(self) -> None:
        """Write the remaining rows and the footer."""
        if self._writer is not None:
            self._write_waiting()
            self._writer.close()

    def _write_waiting(self) -> None:
        import pyarrow as pa

        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=ROW_GROUP)
            self._waiting = []


def arrow_table(table: Any, typed: "dict[Any, pd.Series[Any]] | None" = None) -> "pa.Table":
    """The table in Arrow, with the text columns of number inputs as numbers.

    A blank becomes null. A cell that is no number, which a column of numbers cannot hold, becomes
    NaN: an error as well when the file is evaluated again, while null means the default.
    """
    import pyarrow as pa

    if isinstance(table, pd.DataFrame):
        columns = {str(h): _arrow_column(table[h]) for h in table.columns}
        table = pa.table(columns)
    for heading, series in (typed or {}).items():
        name = input_of(str(heading))
        if name is None or INPUTS[name].quantity.kind != "number":
            continue
        place = table.column_names.index(str(heading))
        if _is_text(table.schema.field(place).type):
            table = table.set_column(place, str(heading), _arrow_numbers(INPUTS[name], series))
    return table


def _arrow_numbers(entry: Input, series: "pd.Series[Any]") -> Any:
    import pyarrow as pa

    if series.dtype != object:
        return pa.array(series.to_numpy(np.float64), from_pandas=True)

    def number(cell: Any) -> float | None:
        cell = blank_to_none(cell)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        value = as_number(cell, entry.quantity)
        return math.nan if value is None else value

    return pa.array([number(cell) for cell in series], pa.float64())


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _arrow_column(series: "pd.Series[Any]") -> Any:
    import pyarrow as pa

    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        cells = [None if c is None else _shown(c) for c in map(blank_to_none, series.tolist())]
        return pa.array(cells, pa.string())


def _shown(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def arrow_results(done: Evaluated, language: str) -> list[Any]:
    """The result columns, in the order of the steps, and the error texts."""
    import pyarrow as pa

    columns: list[Any] = []
    for step in STEPS:
        values = done.values[step.name]
        if step.quantity.choices:
            codes = pa.array(values, mask=values < 0)
            names = pa.array(words(step.quantity, language), pa.string())
            columns.append(pa.DictionaryArray.from_arrays(codes, names))
        else:
            columns.append(pa.array(values, from_pandas=True))
    columns.append(pa.array(done.error_column(), pa.string()))
    return columns
