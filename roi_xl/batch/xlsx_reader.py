"""Cases from a worksheet: finds the row of headings, and keeps error cells as errors."""

import importlib.util
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from roi_xl.batch.cell_numbers import mark_of, number_headings, read_texts
from roi_xl.batch.columns import RESULTS, Layout, input_of, known_names, repeated
from roi_xl.batch.error_cells import error_cells, fits_table
from roi_xl.batch.table import Chunk
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.text import LANGUAGES, text
from roi_xl.units import fold
from roi_xl.workbook.study_reader import read_cells
from roi_xl.xlsx.cell_reader import MOST_AREA, Contents, Place
from roi_xl.xlsx.safe_archive import open_archive, refuse_unsafe

LOOK_AT = 12  # first rows of a sheet among which the headings may be
# bytes of XML of a file of the plain size, above which python-calamine would need too much memory
_MOST_SHEETS, _MOST_TEXTS = 120_000_000, 20_000_000

Row = list[Any]


class XlsxSource:
    """The sheet of a workbook that holds cases: one with our title, or with the most inputs."""

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
        twice = repeated(h for h in self.headings if h)
        if twice is not None:
            raise BadInput("heading_twice", path=self.name, found=f'"{twice}"')
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
        """In our own workbooks the row above the headings has keys, which identify results."""
        for i, key in enumerate(keys[: len(self.headings)]):
            if key in RESULTS:
                self.headings[i] = key

    def _cases(self, rows: list[Row]) -> list[Row]:
        """Rows that are not blank, up to the last with an input: a totals row has none."""
        inputs = [i for i, h in enumerate(self.headings) if input_of(h) is not None]
        kept = [row for row in rows if any(cell not in (None, "") for cell in row)]
        while kept and all(i >= len(kept[-1]) or kept[-1][i] in (None, "") for i in inputs):
            kept.pop()
        return kept

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The rows in chunks, with the cells' own types."""
        numbers = number_headings(layout)
        places = [self.headings.index(heading) for heading in numbers]
        mark = mark_of((row[i] for row in self._rows if i < len(row)) for i in places)
        dropped = set(layout.replaced) - set(layout.evaluated)
        for start in range(0, len(self._rows), rows):
            part = self._rows[start : start + rows]
            columns = zip_longest(self.headings, zip_longest(*part), fillvalue=(None,) * len(part))
            table = {
                heading: pd.Series([None if c == "" else c for c in column], dtype=object)
                for heading, column in islice(columns, len(self.headings))
                if heading and heading not in dropped
            }
            inputs = {h: table[h] for h in layout.evaluated}
            inputs |= {h: read_texts(table[h], mark) for h in numbers}
            kept = {h: column for h, column in table.items() if h not in set(layout.replaced)}
            yield Chunk(start, pd.DataFrame(kept), inputs)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _read(path: Path) -> dict[str, list[Row]]:
    """The rows of every sheet: with python-calamine, which is fast, as far as it reads everything."""
    if importlib.util.find_spec("python_calamine") is None:
        return read_cells(path)
    with open_archive(path) as limits, zipfile.ZipFile(path) as archive:
        contents = Contents(limits)
        found: dict[str, list[Row]] = {}
        sheets, texts = contents.bytes_to_read()
        if sheets <= limits.scale * _MOST_SHEETS and texts <= limits.scale * _MOST_TEXTS:
            found = _read_plain(path, archive, contents.sheets, limits.scale * MOST_AREA)
        return {title: found.get(title) or contents.rows(title) for title in contents.sheets}


def _read_plain(
    path: Path, archive: zipfile.ZipFile, parts: dict[str, str], most_area: float
) -> dict[str, list[Row]]:
    """The rows of the sheets that python-calamine reads without losing cells."""
    known = set(archive.namelist())
    plain = {t: p for t, p in parts.items() if p in known and fits_table(archive, p, most_area)}
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(_tables, path, list(plain))
        errors = {title: error_cells(archive, part) for title, part in plain.items()}
        tables = reading.result()
    return {
        title: rows
        for title, rows in tables.items()
        if (places := errors[title]) is not None and _put(places, rows)
    }


def _put(places: dict[Place, ErrorValue], rows: list[Row]) -> bool:
    """Put errors into a table; False where it has no such cells."""
    for (row, column), error in places.items():
        if row > len(rows) or column > len(rows[row - 1]):
            return False
        rows[row - 1][column - 1] = error
    return True


def _tables(path: Path, titles: list[str]) -> dict[str, list[Row]]:
    """The rows of these sheets; none where python-calamine fails, as it does on unknown errors."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
                if name in titles
            }
    except (CalamineError, OSError):
        return {}  # our own reader says what is wrong
