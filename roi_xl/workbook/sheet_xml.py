"""The rows of a sheet as XML, many times faster than openpyxl writes them, with values in formulas.

openpyxl saves the workbook without its cells; these rows are put into the sheets it leaves empty.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.errors import ErrorValue

_DIGITS = 13  # of the value kept beside a formula; programs that open the file calculate it anew
Group = tuple[str, int]  # the sheet, and a number of the group in it


class Strings:
    """The texts of all cells, each once."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}
        self.used = 0

    def place(self, text: str) -> int:
        """The number of a text."""
        self.used += 1
        return self.at.setdefault(text, len(self.at))

    def xml(self) -> bytes:
        """The part that holds them."""
        head = (
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'count="{self.used}" uniqueCount="{len(self.at)}">'
        )
        items = "".join(f"<si><t{_space(t)}>{escape(t)}</t></si>" for t in self.at)
        return f"{head}{items}</sst>".encode()


def _space(text: str) -> str:
    outer = text != text.strip() or "\n" in text
    return ' xml:space="preserve"' if outer else ""


def rows_xml(
    ws: Worksheet,
    cached: Mapping[str, Any],
    groups: Mapping[str, int],
    dynamic: set[str],
    strings: Strings,
) -> str:
    """The rows of a sheet.

    Args:
        ws: the sheet with its cells.
        cached: the value of each formula, by cell.
        groups: cells whose formula is the same but for its place, by the number they share.
        dynamic: cells whose formula is stored as an array.
        strings: the texts of the workbook.
    """
    areas = _areas(groups)
    seen: set[int] = set()
    styles = ws.parent._cell_styles  # type: ignore[union-attr]
    numbers: dict[bytes, int] = {}
    by_row: dict[int, list[Any]] = {}
    for (row, _), cell in ws._cells.items():
        by_row.setdefault(row, []).append(cell)
    for row in ws.row_dimensions:
        by_row.setdefault(row, [])
    letters = [get_column_letter(c) for c in range(1, ws.max_column + 2)]
    out: list[str] = []
    for row in sorted(by_row):
        cells = sorted(by_row[row], key=lambda c: c.column)
        out.append(_row_tag(ws, row))
        for cell in cells:
            looks = cell._style.tobytes()
            style = numbers.get(looks)
            if style is None:
                style = numbers[looks] = styles.add(cell._style)
            place = f"{letters[cell.column - 1]}{row}"
            head = f'<c r="{place}" s="{style}"' if style else f'<c r="{place}"'
            value = getattr(cell, "value", None)
            if value is None:
                out.append(f"{head}/>")
            elif cell.data_type == "f":
                kind, shown = cached_value(cached[place])
                out.append(f"{head}{kind}{_formula(cell, place, groups, areas, seen, dynamic)}")
                out.append(f"<v>{shown}</v></c>")
            else:
                out.append(_constant(head, value, strings))
        out.append("</row>")
    return "".join(out)


def _areas(groups: Mapping[str, int]) -> dict[int, tuple[str, str]]:
    """The first and last cell of each group."""
    found: dict[int, tuple[str, str]] = {}
    for place, group in groups.items():
        first, _ = found.get(group, (place, place))
        found[group] = (first, place)
    return found


def _row_tag(ws: Worksheet, row: int) -> str:
    dimension = ws.row_dimensions.get(row)
    if dimension is None:
        return f'<row r="{row}">'
    parts = [f'<row r="{row}"']
    if dimension.height is not None:
        parts.append(f' ht="{dimension.height:g}" customHeight="1"')
    if dimension.hidden:
        parts.append(' hidden="1"')
    if dimension.outlineLevel:
        parts.append(f' outlineLevel="{dimension.outlineLevel}"')
    if dimension.collapsed:
        parts.append(' collapsed="1"')
    return "".join((*parts, ">"))


def _formula(
    cell: Any,
    place: str,
    groups: Mapping[str, int],
    areas: Mapping[int, tuple[str, str]],
    seen: set[int],
    dynamic: set[str],
) -> str:
    text = escape(cell.value[1:])
    if place in dynamic:
        return f' cm="1"><f t="array" ref="{place}">{text}</f>'
    group = groups.get(place)
    if group is None or areas[group][0] == areas[group][1]:
        return f"><f>{text}</f>"
    if group in seen:
        return f'><f t="shared" si="{group}"/>'
    seen.add(group)
    return f'><f t="shared" ref="{":".join(areas[group])}" si="{group}">{text}</f>'


def _constant(head: str, value: Any, strings: Strings) -> str:
    if isinstance(value, bool):
        return f'{head} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'{head} t="s"><v>{strings.place(value)}</v></c>'
    if isinstance(value, (dt.date, dt.datetime)):
        value = to_excel(value)  # type: ignore[no-untyped-call]
    return f"{head}><v>{number(value)}</v></c>"


def number(value: float) -> str:
    """A number as a file holds it: no -0, no .0 behind a whole number."""
    if value == 0:
        return "0"
    whole = int(value) if abs(value) < 1e15 else None
    return str(whole) if whole == value else repr(float(value))


def cached_value(value: object) -> tuple[str, str]:
    """The type attribute and the text of a formula's value."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, ErrorValue):
        return ' t="e"', value.value
    if isinstance(value, (int, float)):
        return "", number(float(f"{value:.{_DIGITS}g}"))
    from roi_xl.workbook.sheet_writer import escaped

    return ' t="str"', escape(escaped(str(value)))
