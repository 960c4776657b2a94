"""A range of cells as a case: names in the first column, values or low, likely and high beside them."""

from dataclasses import dataclass
from typing import Any

from roi_xl.case.inputs import Case, find_input, input_names
from roi_xl.case.study import Span, span_of
from roi_xl.errors import ArgumentIsError, ErrorValue, InputError
from roi_xl.functions.answers import show
from roi_xl.functions.arguments import as_array, is_range
from roi_xl.units import fold


@dataclass(frozen=True, slots=True)
class CellRange:
    """A case out of cells: the case, its spans, and each input's name as the cells write it."""

    case: Case
    spans: dict[str, Span]
    written: dict[str, str]


def read_range(cells: object) -> CellRange:
    """The case that a range of two to four columns holds.

    Args:
        cells: rows of an input's key or label (in either language) and its value; or name, low,
            high; or name, low, likely, high. Rows without a name or without any value are skipped,
            and so is a heading row.

    Returns:
        the case (inputs that are not named take their defaults), the spans of the rows that give
        low and high, and the names as written.

    Raises:
        InputError: the range is no such table; BadInput where a name or value is not allowed.
    """
    _refuse_errors(cells)
    if not is_range(cells):
        raise InputError("case_range", found=show(cells))
    array = as_array(cells)
    rows = array.tolist() if array.ndim == 2 else [array.tolist()]
    width = len(rows[0])
    if not 2 <= width <= 4:
        raise InputError("case_range", found=f"{len(rows)}×{width}")
    values: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    written: dict[str, str] = {}
    for i, (name, *given) in enumerate(rows):
        _refuse_errors(name, *given)
        if _blank(name) or all(_blank(v) for v in given) or (i == 0 and _is_heading(name, given)):
            continue
        key = find_input(str(name)).name
        written[key] = str(name).strip()
        low, likely, high = _three(given)
        if _blank(low) and _blank(high):
            values[key] = likely
            continue
        spans[key] = span_of(key, low, likely, high)
        values[key] = spans[key].low / 2 + spans[key].high / 2 if _blank(likely) else likely
    if not values:
        raise InputError("case_range_empty")
    return CellRange(Case(**values), spans, written)


def _three(given: list[object]) -> tuple[object, object, object]:
    """Low, likely and high out of one, two or three cells."""
    if len(given) == 1:
        return None, given[0], None
    if len(given) == 2:
        return given[0], None, given[1]
    return given[0], given[1], given[2]


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_heading(name: object, given: list[object]) -> bool:
    known = isinstance(name, str) and fold(name) in input_names()
    return not known and all(_blank(v) or isinstance(v, str) for v in given)


def _refuse_errors(*found: object) -> None:
    for value in found:
        error = ErrorValue.of(value)
        if error is not None:
            raise ArgumentIsError("case_range_error", error)
