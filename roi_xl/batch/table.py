"""One chunk of a table on its way from file to file: a pandas frame or, where it is faster, Arrow."""

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import pandas as pd

from roi_xl.batch.columns import Layout
from roi_xl.batch.evaluate import Evaluated
from roi_xl.errors import MissingPackage

if TYPE_CHECKING:
    import pyarrow as pa

    Table: TypeAlias = pd.DataFrame | pa.Table


@dataclass(slots=True)
class Chunk:
    """Some rows: the columns as the file has them, and those that are evaluated with their types."""

    start: int  # rows of the file before this chunk
    table: "Table"
    inputs: "dict[Any, pd.Series[Any]]"  # by heading: inputs, and the errors of an earlier batch
    bom: bool = False  # whether Excel needs a byte order mark to read these rows as CSV

    def cells(self, heading: Any, rows: slice = slice(None)) -> list[Any]:
        """Part of a column as Python values; numbers where the input is a number."""
        if heading in self.inputs:
            return self.inputs[heading].iloc[rows].astype(object).tolist()
        column = self.table[heading]
        column = column.iloc[rows] if isinstance(column, pd.Series) else column[rows]
        return (
            column.astype(object).tolist() if isinstance(column, pd.Series) else column.to_pylist()
        )


class Source(Protocol):
    """A file of cases."""

    @property
    def headings(self) -> Sequence[str]:
        """The columns, from left to right."""
        ...

    @property
    def total(self) -> int | None:
        """The number of rows, where the file says so."""
        ...

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The table in chunks of at most this many rows."""
        ...


class Sink(Protocol):
    """A file of results."""

    def prepare(self, chunk: Chunk, done: Evaluated) -> Any:
        """What `write` needs of the chunk, as far as other threads can compute it."""
        ...

    def write(self, chunk: Chunk, done: Evaluated, ready: Any) -> None:
        """Append rows and their results."""
        ...

    def close(self) -> None:
        """Write what comes after the last row."""
        ...


@cache
def has_arrow() -> bool:
    """Whether pyarrow is installed: required for Parquet, and several times faster for CSV."""
    return importlib.util.find_spec("pyarrow") is not None


def need(package: str, extra: str) -> None:
    """Check for an optional package.

    Raises:
        MissingPackage: it is not installed; the message says how to install it.
    """
    if importlib.util.find_spec(package) is None:
        raise MissingPackage("missing_package", package=package, extra=extra)
