"""Groups of a piece of a table by Arrow: plain cells only; anything else is left to the slow reader."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from roi_xl.usage.cell_values import LARGEST
from roi_xl.usage.declaration import Format, Number

if TYPE_CHECKING:
    import pyarrow as pa

_STAMP = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d+)?)? ?(Z|UTC|[+-]\d\d:?(\d\d)?)?$"
_PLAIN = r"^[+-]?\d+([.]\d*)?(e[+-]?\d{1,3}|E-?\d{1,3})?$"
_HOUR = len("2026-10-31T14")

Grouped = Iterator[tuple[tuple[str, ...], list[float]]]


def grouped(table: "pa.Table", form: Format) -> Grouped | None:
    """Key texts with how many rows, and of each number its sum and how many there are.

    None where a cell is not plain, or breaks a rule of its column: the slow reader says it better.
    """
    import pyarrow as pa

    width = len(form.keys)
    try:
        keys = [_key(table[n], form.keys[n].hourly) for n in range(width)]
        numbers = [_number(table[width + n], number) for n, number in enumerate(form.numbers)]
    except pa.ArrowException:
        return None
    if any(column is None for column in (*keys, *numbers)) or not _kept(form, numbers):
        return None
    names = [f"k{n}" for n in range(width)]
    columns = dict(zip(names, keys, strict=True))
    columns |= {f"n{n}": column for n, column in enumerate(numbers)}
    wanted: list[Any] = [([], "count_all")]
    for n in range(len(numbers)):
        wanted += [(f"n{n}", "sum"), (f"n{n}", "count")]
    result = pa.table(columns).group_by(names, use_threads=False).aggregate(wanted)
    return _rows(result.to_pydict(), names, len(numbers))


def _rows(result: dict[str, list[Any]], names: list[str], numbers: int) -> Grouped:
    texts = zip(*(result[name] for name in names), strict=True)
    sums = [result["count_all"]]
    for n in range(numbers):
        sums += [result[f"n{n}_sum"], result[f"n{n}_count"]]
    for keys, *values in zip(texts, *sums, strict=True):
        yield keys, [float(value or 0.0) for value in values]


def _key(column: Any, hourly: bool) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string(column.type):
        column = pc.cast(column, pa.string())
    column = pc.utf8_trim_whitespace(column)
    if not hourly:
        return pc.fill_null(column, "")
    if column.null_count or not pc.all(pc.match_substring_regex(column, _STAMP)).as_py():
        return None
    day = pc.utf8_slice_codeunits(column, 0, 10)
    hour = pc.utf8_slice_codeunits(column, 11, _HOUR)
    return pc.binary_join_element_wise(pc.binary_join_element_wise(day, hour, "T"), ":00", "")


def _number(column: Any, number: Number) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(column.type):
        column = pc.cast(column, pa.float64())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        if pc.all(pc.match_substring_regex(column, _PLAIN)).as_py() is False:
            return None
    elif not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    found = pc.cast(column, pa.float64())
    if number.blank == "refuse" and found.null_count:
        return None
    return found if _allowed(found, number) else None


def _allowed(found: Any, number: Number) -> bool:
    import pyarrow.compute as pc

    inside = pc.all(pc.less_equal(pc.abs(found), LARGEST)).as_py()
    if inside is False or pc.any(pc.is_nan(found)).as_py():
        return False
    if number.kind != "count" or inside is None:
        return True
    low = pc.min(found).as_py()
    return bool(low >= 0 and pc.all(pc.equal(pc.floor(found), found)).as_py())


def _kept(form: Format, numbers: list[Any]) -> bool:
    """Whether what is part of another number is nowhere more than that."""
    import pyarrow.compute as pc

    if form.within is None:
        return True
    part, whole = (pc.fill_null(numbers[n], 0.0) for n in form.within)
    return pc.any(pc.greater(part, whole)).as_py() is not True
