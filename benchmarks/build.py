"""Building a workbook, against openpyxl writing the same cells without calculating."""

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from benchmarks.measure import Row, compare
from roi_xl.workbook.build import make_book, workbook_bytes

AT_MOST = 4.0
Sheets = list[list[tuple[tuple[int, int], Any]]]  # per sheet the cells: (row, column), content


def rows(quick: bool) -> Iterator[Row]:
    """A whole workbook with its cached values, in each language."""
    for language in ("zh",) if quick else ("zh", "en"):
        sheets: Sheets = [
            [(at, cell.value) for at, cell in ws._cells.items()]
            for ws in make_book(None, language).workbook.worksheets
        ]

        def build(language: str = language) -> bytes:
            return workbook_bytes(None, language)

        def write(sheets: Sheets = sheets) -> bytes:
            return written(sheets)

        count = sum(map(len, sheets))
        what = f"one workbook ({language}), {count:,} cells"
        peer = "openpyxl, only writing the same cells"
        yield from compare(what, build, {peer: (write, AT_MOST)}, runs=2 if quick else 5)


def written(sheets: Sheets) -> bytes:
    """The same values and formulas on as many sheets, without styles or cached values."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for cells in sheets:
        ws = book.create_sheet()
        for (row, column), value in cells:
            ws.cell(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
