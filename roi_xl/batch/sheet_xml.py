"""Rows of a worksheet as XML text: cells are written by column, then joined by row, which is fast."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from roi_xl.errors import ErrorValue

CELL_TEXT_LIMIT = 32_767
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
_EPOCH = dt.datetime(1899, 12, 30)


@dataclass(slots=True)
class OutColumn:
    """One column of cells: letters, style and values; a float array is the fast case."""

    letters: str
    style: int
    values: Any


def rows_xml(first: int, columns: Sequence[OutColumn]) -> str:
    """The rows, of which the first has the number `first`."""
    template, filled = ['<row r="{0}">'], []
    for place, column in enumerate(columns, 1):
        head = f'<c r="{column.letters}{{0}}" s="{column.style}"'
        values = column.values
        if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
            if np.isfinite(values).all():
                template.append(f"{head}><v>{{{place}}}</v></c>")
                filled.append((values + 0.0).tolist())  # which turns -0.0 into 0.0
                continue
            values = values.tolist()
        template.append(f"{head}{{{place}}}")
        filled.append([_rest(value) for value in values])
    template.append("</row>")
    row = "".join(template).format
    length = len(filled[0])
    return "".join(map(row, range(first, first + length), *filled))


def cell_xml(reference: str, style: int, value: Any, formula: str | None = None) -> str:
    """One cell with a value, and perhaps the formula behind it."""
    return f'<c r="{reference}" s="{style}"{_rest(value, formula)}'


def _rest(value: Any, formula: str | None = None) -> str:
    """The rest of a cell's element after its style: type, formula and value."""
    kind, content = _content(value, formula is not None)
    if kind == "inlineStr":
        return f' t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'
    written = f"<f>{escape(formula)}</f>" if formula is not None else ""
    if content is None:
        # a formula that shows nothing has an empty text as its cached value
        return f' t="str">{written}<v></v></c>' if written else "/>"
    said = f' t="{kind}"' if kind else ""
    return f"{said}>{written}<v>{content}</v></c>"


def _content(value: Any, calculated: bool) -> tuple[str, Any]:
    if value is None:
        return "", None
    if isinstance(value, ErrorValue):
        return "e", value.value
    if isinstance(value, (bool, np.bool_)):
        return "b", int(value)
    if isinstance(value, (int, float, np.number)):
        if math.isinf(value):
            return "e", ErrorValue.NUM.value  # a sheet has no infinity, and a blank would mislead
        return "", None if math.isnan(value) else repr(float(value) + 0.0)
    if isinstance(value, dt.date):
        return "", _serial(value)
    return ("str" if calculated else "inlineStr"), text_xml(str(value))


def _serial(date: dt.date) -> float:
    moment = date if isinstance(date, dt.datetime) else dt.datetime(date.year, date.month, date.day)
    return (moment.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)


def text_xml(text: str) -> str:
    """Text for XML: control characters in Excel's notation, cut to the length a cell can hold."""
    text = _ESCAPE_LIKE.sub("_x005F_", text[:CELL_TEXT_LIMIT])
    return escape(_NOT_XML.sub(lambda m: f"_x{ord(m[0]):04X}_", text))


def number_or_text(cells: Iterable[Any]) -> list[Any]:
    """Cells of a text file, with numbers in place of texts that a number shows unchanged."""
    return [
        float(c) if isinstance(c, str) and _NUMBER.fullmatch(c) and _digits(c) <= 15 else c
        for c in cells
    ]


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
