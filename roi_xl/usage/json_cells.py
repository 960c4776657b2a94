"""JSON inside a cell: text from CSV, a map from JSON or Parquet."""

import json
from collections.abc import Mapping
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.usage.cell_values import text_of


def json_cell(value: object, column: str) -> Mapping[str, Any]:
    """The map in a cell; empty for a blank cell.

    Raises:
        BadInput: the cell holds something else.
    """
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list):  # a map as Arrow hands it over: pairs
        try:
            return dict(value)
        except (TypeError, ValueError):
            raise _no_map(value, column) from None
    said = text_of(value)
    if not said:
        return {}
    try:
        found = json.loads(said, parse_int=_whole)
    except (ValueError, RecursionError):
        raise _no_map(said, column) from None
    if not isinstance(found, Mapping):
        raise _no_map(said, column)
    return found


def _whole(digits: str) -> float:
    return float(digits)  # thousands of digits become infinity, which no count may be


def _no_map(value: object, column: str) -> BadInput:
    return BadInput("usage.map", column=column, found=type(value).__name__)
