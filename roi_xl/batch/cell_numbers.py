"""Numbers as people wrote them in a table of cases: text cells read by the rules of every text file.

What a table's own numbers leave in doubt, `1,234` or, between semicolons, `1.234`, stays text of two
readings, and its row is bad: no figure is taken for a thousandfold of itself. The first piece of a
file settles the decimal mark, so that a row's answer does not depend on how the rest is cut.
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

MARKED = "[.,．，]"  # a text that may say which mark decimals have
_ENOUGH = 1_000  # different texts of a column that are asked for it


def number_headings(layout: Layout) -> list[Any]:
    """The headings of the inputs that are numbers."""
    return [h for name, h in layout.inputs.items() if INPUTS[name].quantity.kind == "number"]


def mark_of(columns: Iterable[Iterable[Any]], delimiter: str = "") -> str | None:
    """The decimal mark that the texts of these columns use: see `roi_xl.io.numbers.decimal_mark`."""
    asked = (cell for column in columns for cell in islice(_marked(column), _ENOUGH))
    return decimal_mark(asked, delimiter)


def _marked(column: Iterable[Any]) -> Iterator[str]:
    seen = set()
    for cell in column:
        if isinstance(cell, str) and cell not in seen and re.search(MARKED, cell):
            seen.add(cell)
            yield cell


def point_is_decimal(mark: str | None) -> bool:
    """Whether what programs take for a number is that number in this table."""
    return mark in (".", None)


def read_texts(cells: Iterable[Any], mark: str | None) -> "pd.Series[Any]":
    """The cells as a column, with those that are numbers written as text as floats."""
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
    """The different cells of a column that may say which decimal mark it uses, and others perhaps."""
    if isinstance(column, pd.Series):
        return column.tolist()
    import pyarrow.compute as pc

    found: Iterable[Any] = pc.unique(column.filter(pc.match_substring_regex(column, MARKED)))
    return (cell.as_py() for cell in found)


def typed_inputs(layout: Layout, table: Any, mark: str | None) -> "dict[Any, pd.Series[Any]]":
    """The columns of inputs, with numbers where the input is one."""
    numbers = set(number_headings(layout))
    return {
        heading: _numbers(table[heading], mark) if heading in numbers else _texts(table[heading])
        for heading in layout.inputs.values()
    }


def _texts(column: Any) -> "pd.Series[Any]":
    return column if isinstance(column, pd.Series) else pd.Series(column.to_pylist(), dtype=object)


def _numbers(column: Any, mark: str | None) -> "pd.Series[Any]":
    """A column of text as numbers: all at once where a program wrote it, else as people write."""
    numbers = _cast(column, points=point_is_decimal(mark))
    return read_texts(_texts(column), mark) if numbers is None else pd.Series(numbers, copy=False)


def _cast(column: Any, *, points: bool) -> "np.ndarray[Any, Any] | None":
    """A column of text as numbers, None where a cell is none (or says nan or infinity itself)."""
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
