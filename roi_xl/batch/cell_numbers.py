"""Numbers that people typed as text into a table of cases, read by the rules of every text file.

Where the table's other numbers do not settle whether `1,234` (or, between semicolons, `1.234`) has
thousands or decimals, the text stays ambiguous and its row is bad: no figure is taken for a thousand
times itself. The first block of a file settles the decimal mark, so a row's answer does not depend
on how the rest is cut into chunks.
"""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from roi_xl.batch.columns import Layout
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput
from roi_xl.io.numbers import TwoReadings, decimal_mark, number

MARKED = "[.,．，]"  # found in texts that may show the decimal mark
_ENOUGH = 1_000  # distinct texts of a column that are examined for the mark


def number_headings(layout: Layout) -> list[Any]:
    """The headings of the inputs that are numbers."""
    return [h for name, h in layout.inputs.items() if INPUTS[name].quantity.kind == "number"]


def mark_of(columns: Iterable[Iterable[Any]], delimiter: str = "") -> str | None:
    """The decimal mark that the texts of these columns use: see `roi_xl.io.numbers.decimal_mark`."""
    examined = (cell for column in columns for cell in islice(_marked(column), _ENOUGH))
    return decimal_mark(examined, delimiter)


def _marked(column: Iterable[Any]) -> Iterator[str]:
    seen = set()
    for cell in column:
        if isinstance(cell, str) and cell not in seen and re.search(MARKED, cell):
            seen.add(cell)
            yield cell


def point_is_decimal(mark: str | None) -> bool:
    """Whether a program's number, such as 1.5, means the same in this table."""
    return mark in (".", None)


def read_texts(cells: Iterable[Any], mark: str | None) -> "pd.Series[Any]":
    """The cells as a column, with numbers in place of the texts that are numbers."""
    known: dict[str, Any] = {}
    read: list[Any] = []
    for cell in cells:
        if isinstance(cell, str):
            if cell not in known:
                known[cell] = _read(cell, mark)
            cell = known[cell]
        read.append(cell)
    if all(cell is None or type(cell) is float for cell in read):
        numbers = np.array([math.nan if cell is None else cell for cell in read], np.float64)
        return pd.Series(numbers, copy=False)
    return pd.Series(read, dtype=object)


def _read(cell: str, mark: str | None) -> Any:
    try:
        value = number(cell, mark)
    except BadInput:
        return TwoReadings(cell)
    return cell if value is None else value


# --- columns of text ------------------------------------------------------------------------------


def candidates(column: Any) -> Iterable[Any]:
    """Distinct cells of a column, with all those that may show its decimal mark."""
    if isinstance(column, pd.Series):
        return column.tolist()
    import pyarrow.compute as pc

    found: Iterable[Any] = pc.unique(column.filter(pc.match_substring_regex(column, MARKED)))
    return (cell.as_py() for cell in found)


def evaluated_columns(layout: Layout, table: Any, mark: str | None) -> "dict[Any, pd.Series[Any]]":
    """The columns of a table of texts that decide the results; number inputs as numbers."""
    numbers = set(number_headings(layout))
    return {
        heading: _numbers(table[heading], mark) if heading in numbers else _texts(table[heading])
        for heading in layout.evaluated
    }


def _texts(column: Any) -> "pd.Series[Any]":
    return column if isinstance(column, pd.Series) else pd.Series(column.to_pylist(), dtype=object)


def _numbers(column: Any, mark: str | None) -> "pd.Series[Any]":
    """A column of text as numbers: in one pass if a program wrote it, else cell by cell."""
    numbers = _cast(column, points=point_is_decimal(mark))
    return read_texts(_texts(column), mark) if numbers is None else pd.Series(numbers, copy=False)


def _cast(column: Any, *, points: bool) -> "np.ndarray[Any, Any] | None":
    """A column of text as finite numbers; None where a cell is anything else."""
    if isinstance(column, pd.Series):
        return _cast_plain(column, points=points)
    import pyarrow as pa
    import pyarrow.compute as pc

    if not points and pc.any(pc.match_substring(column, ".")).as_py():
        return None
    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        return None
    return numbers.to_numpy() if pc.all(pc.is_finite(numbers)).as_py() in (True, None) else None


def _cast_plain(column: "pd.Series[Any]", *, points: bool) -> "np.ndarray[Any, Any] | None":
    cells = column.dropna()
    if not points and cells.str.contains(".", regex=False).any():
        return None
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    return numbers if np.isfinite(numbers).sum() == len(cells) else None
