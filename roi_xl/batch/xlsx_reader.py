"""Cases from a worksheet: the row of headings is looked for, error cells stay errors."""

import importlib.util
import re
import zipfile
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from roi_xl.batch.cell_numbers import mark_of, number_headings, read_texts
from roi_xl.batch.columns import RESULTS, Layout, known_names
from roi_xl.batch.table import Chunk
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.text import LANGUAGES, text
from roi_xl.units import fold
from roi_xl.workbook.study_reader import read_cells
from roi_xl.xlsx.cell_reader import MOST_AREA, Contents, column_number
from roi_xl.xlsx.safe_archive import open_archive, refuse_unsafe

LOOK_AT = 12  # first rows of a sheet among which the headings may be
# python-calamine reads an error cell, and a formula that nobody has calculated, as a blank; and it
# makes a table of every cell up to the last, however far away, so addresses must be plain to see
_LOST_ON_CALAMINE = re.compile(
    rb"""<c [^>]*t="e"|</f>\s*(<v\s*/>|<v></v>)?\s*</c>|\x00|\br\s*=\s*["'][^"'>]{0,20}&"""
)
_LAST = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d+)["']""")
_MOST_SHEETS, _MOST_TEXTS = 120_000_000, 20_000_000  # bytes of XML of a file of the plain size
_PIECE, _OVERLAP = 1 << 20, 200

Row = list[Any]


class XlsxSource:
    """The sheet of a workbook that holds cases: the one called as ours, or with the most inputs."""

    def __init__(self, path: Path) -> None:
        refuse_unsafe(path)
        self.name = str(path)
        sheets = _read(path)
        title, place = self._find(sheets)
        rows = sheets[title]
        self.headings: list[Any] = [_text(cell) for cell in rows[place]]
        self._name_results(rows[place - 1] if place else [])
        while self.headings and not self.headings[-1]:
            self.headings.pop()
        named = [h for h in self.headings if h]
        for heading in named:
            if named.count(heading) > 1:
                raise BadInput("heading_twice", path=self.name, found=f'"{heading}"')
        self._rows = self._cases(rows[place + 1 :])
        self.total: int | None = len(self._rows)

    def _find(self, sheets: dict[str, list[Row]]) -> tuple[str, int]:
        ours = {text("workbook.sheet.cases.title", language) for language in LANGUAGES}
        chosen = {t: rows for t, rows in sheets.items() if t in ours} or sheets
        names = known_names()
        best = (0, "", 0)
        for title, rows in chosen.items():
            for place, row in enumerate(islice(rows, LOOK_AT)):
                found = len({names[h] for h in map(fold, map(_text, row)) if h in names})
                if found >= best[0] and found and (found > best[0] or title == best[1]):
                    best = (found, title, place)
        if not best[0]:
            raise BadInput("no_heading_row", path=self.name, rows=LOOK_AT)
        return best[1], best[2]

    def _name_results(self, keys: Row) -> None:
        """In a workbook of ours the row above the headings holds keys, which tell results."""
        for i, key in enumerate(keys[: len(self.headings)]):
            if key in RESULTS:
                self.headings[i] = key

    def _cases(self, rows: list[Row]) -> list[Row]:
        """Rows with anything in them, up to the last that gives an input: a totals row gives none."""
        names = known_names()
        inputs = [i for i, h in enumerate(self.headings) if fold(str(h)) in names]
        kept = [row for row in rows if any(cell not in (None, "") for cell in row)]
        while kept and all(i >= len(kept[-1]) or kept[-1][i] in (None, "") for i in inputs):
            kept.pop()
        return kept

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The rows in pieces, with the cells' own types."""
        numbers = number_headings(layout)
        places = [self.headings.index(heading) for heading in numbers]
        mark = mark_of((row[i] for row in self._rows if i < len(row)) for i in places)
        for start in range(0, len(self._rows), rows):
            part = self._rows[start : start + rows]
            columns = zip_longest(*part)
            cells = {
                heading: pd.Series([None if c == "" else c for c in column], dtype=object)
                for heading, column in zip(self.headings, columns, strict=False)
                if heading and heading not in layout.replaced
            }
            table = pd.DataFrame(cells)
            inputs = {h: table[h] for h in layout.inputs.values()}
            yield Chunk(start, table, inputs | {h: read_texts(table[h], mark) for h in numbers})


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _read(path: Path) -> dict[str, list[Row]]:
    calamine = importlib.util.find_spec("python_calamine") is not None
    if not calamine or _too_much_for_calamine(path) or _calamine_would_lose(path):
        return read_cells(path)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
    except (CalamineError, OSError) as error:
        raise BadWorkbook("not_a_workbook", path=path, reason=error) from None


def _too_much_for_calamine(path: Path) -> bool:
    """Whether the sheets are more than fits into memory at once; our own reader knows its limits."""
    with open_archive(path) as archive:
        sheets, texts = Contents(archive).bytes_to_read()
        return sheets > archive.scale * _MOST_SHEETS or texts > archive.scale * _MOST_TEXTS


def _calamine_would_lose(path: Path) -> bool:
    """Whether some cell holds an error or an uncalculated formula, or lies far from the others."""
    with open_archive(path) as limits, zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not re.match(r"xl/worksheets/[^/]+\.xml$", name):
                continue
            with archive.open(name) as part:
                before, rows, columns = b"", 0, 0
                while piece := part.read(_PIECE):
                    if _LOST_ON_CALAMINE.search(before + piece):
                        return True
                    places = set(_LAST.findall(before + piece))
                    rows = max([rows, *(int(row) for _, row in places)])
                    columns = max([columns, *map(column_number, {c.decode() for c, _ in places})])
                    if rows * columns > limits.scale * MOST_AREA:
                        return True
                    before = piece[-_OVERLAP:]
    return False
