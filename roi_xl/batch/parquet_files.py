"""Cases from Parquet and results to Parquet, and result columns as Arrow has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from roi_xl.batch.cell_numbers import mark_of, number_headings, read_texts
from roi_xl.batch.columns import RESULTS, Layout, blank_to_none, known_names
from roi_xl.batch.evaluate import Evaluated
from roi_xl.batch.table import Chunk, need
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput
from roi_xl.units import fold, words

if TYPE_CHECKING:
    import pyarrow as pa

EXTRA = "parquet"


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
        """The rows in pieces, with the file's own types."""
        import pyarrow as pa

        kept = [h for h in self.headings if h not in layout.replaced]
        start, mark = 0, None
        try:
            for batch in self.file.iter_batches(batch_size=rows, columns=kept):
                table = pa.Table.from_batches([batch])
                inputs = {h: table[h].to_pandas() for h in layout.inputs.values()}
                texts = [h for h in number_headings(layout) if _is_text(table[h].type)]
                if not start:
                    mark = mark_of(inputs[h] for h in texts)
                inputs |= {h: read_texts(inputs[h], mark) for h in texts}
                yield Chunk(start, table, inputs)
                start += table.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            raise BadInput("not_parquet", path=self.name, reason=reason) from None


class ParquetSink:
    """A Parquet file of results: floats, words as dictionaries, what does not exist as null."""

    def __init__(self, path: Path, language: str) -> None:
        need("pyarrow", EXTRA)
        self.path, self.language = path, language
        self._writer: Any = None
        self._schema: Any = None

    def write(self, chunk: Chunk, done: Evaluated) -> None:
        """Append rows as a group of their own."""
        import pyarrow as pa
        from pyarrow import parquet

        table = arrow_table(chunk.table, chunk.inputs)
        columns = [*table.columns, *arrow_results(done, self.language)]
        together = pa.table(columns, names=[*table.column_names, *RESULTS])
        if self._writer is None:
            self._schema = together.schema
            self._writer = parquet.ParquetWriter(self.path, self._schema)
        self._writer.write_table(together.cast(self._schema))

    def close(self) -> None:
        """Write the footer."""
        if self._writer is not None:
            self._writer.close()


def arrow_table(table: Any, typed: "dict[Any, pd.Series[Any]] | None" = None) -> "pa.Table":
    """The table as Arrow has it, input columns of text as numbers (null where one is none)."""
    import pyarrow as pa

    if isinstance(table, pd.DataFrame):
        columns = {str(h): _arrow_column(table[h]) for h in table.columns}
        table = pa.table(columns)
    for heading, series in (typed or {}).items():
        place = table.column_names.index(str(heading))
        if _is_text(table.schema.field(place).type) and _is_number(heading):
            table = table.set_column(place, str(heading), _arrow_numbers(series))
    return table


def _arrow_numbers(series: "pd.Series[Any]") -> Any:
    import pyarrow as pa

    if series.dtype != object:
        return pa.array(series.to_numpy(np.float64), from_pandas=True)
    cells = [cell if type(cell) in (float, int) else None for cell in series]
    return pa.array(cells, pa.float64(), from_pandas=True)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(heading: Any) -> bool:
    return INPUTS[known_names()[fold(str(heading))]].quantity.kind == "number"


def _arrow_column(series: "pd.Series[Any]") -> Any:
    import pyarrow as pa

    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        cells = [None if c is None else _written(c) for c in map(blank_to_none, series.tolist())]
        return pa.array(cells, pa.string())


def _written(cell: Any) -> str:
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
