"""Results as a workbook, row by row: a portfolio of cases, their inputs, and a summary.

Rows are streamed into the archive as they come, so a million of them need no more memory than ten
thousand. Up to `LIVE_ROWS` cases the results are formulas, above that values.
"""

import struct
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from roi_xl.batch.columns import ERROR, blank_to_none
from roi_xl.batch.evaluate import CURRENCY, Evaluated
from roi_xl.batch.portfolio_shell import (
    FIRST_ROW,
    CaseColumn,
    CaseColumns,
    Shell,
    Totals,
    build_shell,
)
from roi_xl.batch.sheet_xml import OutColumn, cell_xml, number_or_text, rows_xml
from roi_xl.batch.table import Chunk
from roi_xl.case.graph_steps import STEPS
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.text import text
from roi_xl.units import words

SHEET_ROWS = 1_048_576  # of a worksheet
ROWS_AT_ONCE = 8_192  # of XML text; more takes memory and saves no time
LIVE_ROWS = 10_000  # up to here the results are formulas
_CAPACITY = SHEET_ROWS - FIRST_ROW  # rows above the first case, and the totals row
_LEVEL = 1  # of deflate: the fastest; rows of numbers still shrink to a third
# how Office pads parts for growth; as long as the sizes of ZIP64 for which it stands
_PADDING = struct.pack("<HHHH12x", 0xA220, 16, 0xA028, 0)
_ZIP_VERSION = 20  # of a reader of plain ZIP files


class PortfolioSink:
    """An .xlsx file of results."""

    def __init__(
        self,
        path: Path,
        language: str,
        *,
        text_cells: bool,
        split: bool = False,
        total: int | None = None,
    ) -> None:
        if total is not None:
            _refuse_if_too_many(total, split)
        self.path, self.language, self.split = path, language, split
        self.text_cells = text_cells
        self._held: list[tuple[Chunk, Evaluated]] | None = []
        self._archive: zipfile.ZipFile | None = None
        self._sheet: IO[bytes] | None = None
        self._entry = zipfile.ZipInfo()
        self._shell: Shell | None = None
        self._heading: CaseColumns | None = None
        self._live = False
        self._rows: list[int] = []  # of each sheet
        self._totals = Totals()

    def prepare(self, _chunk: Chunk, _done: Evaluated) -> None:
        """Nothing: rows become XML under Python's lock, which threads cannot share."""

    def write(self, chunk: Chunk, done: Evaluated, _ready: None) -> None:
        """Append rows; the first are held back until it is clear whether results are formulas."""
        if self._held is None:
            self._append(chunk, done)
            return
        self._held.append((chunk, done))
        if sum(d.length for _, d in self._held) > LIVE_ROWS:
            self._begin(live=False)

    def close(self) -> None:
        """Write rows held back, the totals row, and every other part of the workbook."""
        if self._held is not None:
            self._begin(live=True)
        assert self._heading is not None
        self._end_sheet()
        shell = build_shell(
            self._heading, self.language, self._rows, live=self._live, totals=self._totals
        )
        assert self._archive is not None
        for name, data in shell.parts.items():
            self._archive.writestr(_entry(name), data)
        self._archive.close()

    def _begin(self, *, live: bool) -> None:
        held, self._held, self._live = self._held or [], None, live
        if not held:
            raise BadInput("no_cases")
        first = held[0][0]
        self._heading = CaseColumns.of(first, self.language)
        # the finished shell is written last; this one gives the styles and the head of a sheet
        self._shell = build_shell(self._heading, self.language, [1], live=live, totals=Totals())
        self._archive = zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._new_sheet()
        for chunk, done in held:
            self._append(chunk, done)

    def _new_sheet(self) -> None:
        assert self._archive is not None
        assert self._shell is not None
        self._rows.append(0)
        name = f"xl/worksheets/sheet{len(self._rows) + 2}.xml"
        self._entry = _entry(name)
        # a sheet may grow beyond what plain ZIP holds, and its rows are not known yet
        self._sheet = self._archive.open(self._entry, "w", force_zip64=True)
        self._sheet.write(self._shell.head(len(self._rows)).encode())

    def _end_sheet(self) -> None:
        assert self._sheet is not None
        assert self._heading is not None
        assert self._shell is not None
        row = FIRST_ROW + self._rows[-1]
        cells = self._totals.row(self._heading, len(self._rows), self._rows[-1], self.language)
        styles = self._shell.total_styles
        shown = "".join(
            cell_xml(f"{letters}{row}", styles[letters], value, formula)
            for letters, value, formula in cells
        )
        tail = self._shell.tail(self._rows[-1])
        self._sheet.write(f'<row r="{row}">{shown}</row>{tail}'.encode())
        self._sheet.close()
        assert self._archive is not None
        _without_zip64(self._archive, self._entry)

    def _append(self, chunk: Chunk, done: Evaluated) -> None:
        offset = 0
        while offset < done.length:
            room = _CAPACITY - self._rows[-1]
            if not room:
                _refuse_if_too_many(self._rows[-1] + 1, self.split)
                self._end_sheet()
                self._new_sheet()
                room = _CAPACITY
            part = slice(offset, min(offset + min(room, ROWS_AT_ONCE), done.length))
            self._write_rows(chunk, done, part)
            offset = part.stop

    def _write_rows(self, chunk: Chunk, done: Evaluated, part: slice) -> None:
        assert self._heading is not None
        assert self._shell is not None
        assert self._sheet is not None
        first = FIRST_ROW + self._rows[-1]
        values = self._values(chunk, done, part)
        styles = self._shell.styles
        if self._live:
            bad = {row - part.start for row in done.messages}
            xml = self._live_rows(first, values, bad)
        else:
            columns = [
                OutColumn(c.letters, styles[c.letters], v)
                for c, v in zip(self._heading.columns, values, strict=True)
            ]
            xml = rows_xml(first, columns)
        self._sheet.write(xml.encode())
        self._rows[-1] += part.stop - part.start
        self._totals.add(done, part, len(self._rows), self._currencies(chunk, part))

    def _values(self, chunk: Chunk, done: Evaluated, part: slice) -> list[Any]:
        assert self._heading is not None
        values: list[Any] = []
        for column in self._heading.columns:
            if column.step is not None:
                values.append(step_cells(done, column.step.name, part, self.language))
            elif column.key == ERROR:
                values.append(done.error_column()[part].tolist())
            else:
                values.append(self._given(chunk, column, part))
        return values

    def _currencies(self, chunk: Chunk, part: slice) -> list[str]:
        """The currency of each row; none where they have no column for it."""
        assert self._heading is not None
        for column in self._heading.columns:
            if column.entry is not None and column.entry.name == CURRENCY:
                cells = map(blank_to_none, chunk.cells(column.heading, part))
                default = column.default(self.language)
                return [str(column.entry_word(c, self.language) or default) for c in cells]
        return []

    def _given(self, chunk: Chunk, column: CaseColumn, part: slice) -> Any:
        heading, series = column.heading, chunk.inputs.get(column.heading)
        if series is not None and series.dtype == np.float64:
            numbers = series.to_numpy()[part]
            if np.isfinite(numbers).all():
                return numbers
        cells = [blank_to_none(cell) for cell in chunk.cells(heading, part)]
        entry = column.entry
        if entry is not None and entry.quantity.choices:
            return [column.entry_word(cell, self.language) for cell in cells]
        if entry is not None and entry.quantity.never:
            return [entry.shown(cell, self.language) for cell in cells]
        return number_or_text(cells) if self.text_cells and series is None else cells

    def _live_rows(self, first: int, values: list[Any], bad: set[int]) -> str:
        assert self._heading is not None
        assert self._shell is not None
        lines = []
        for i, row in enumerate(zip(*values, strict=True)):
            number = first + i
            cells = []
            for column, value in zip(self._heading.columns, row, strict=True):
                template = self._shell.formulas.get(column.letters)
                if template is None or i in bad or (column.step is None and value is not None):
                    formula = None
                else:
                    formula = template.replace("\0", str(number))
                if column.step is None and formula is not None:
                    value = column.default(self.language)
                style = self._shell.styles[column.letters]
                cells.append(cell_xml(f"{column.letters}{number}", style, value, formula))
            lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        return "".join(lines)


def step_cells(done: Evaluated, name: str, part: slice, language: str) -> Any:
    """A result column as cells: numbers, words, the word for never, errors.

    A bad row stays blank, even where a result does not depend on the bad value, so that no total
    includes half a case.
    """
    step = next(s for s in STEPS if s.name == name)
    values = done.values[name][part]
    errors = done.errors.get(name)
    bad = [row - part.start for row in done.messages if part.start <= row < part.stop]
    if step.quantity.choices:
        names = [*words(step.quantity, language), None]
        cells: list[Any] = [names[code] for code in values.tolist()]
    elif not bad and np.isfinite(values).all():
        return values
    else:
        word = text(f"choice.{step.quantity.infinity}", language)
        cells = [word if v == np.inf else v for v in values.tolist()]
    if errors is not None:
        for i in np.flatnonzero(errors[part]).tolist():
            cells[i] = ErrorValue.from_code(int(errors[part.start + i]))
    for i in bad:
        cells[i] = None
    return cells


def _refuse_if_too_many(rows: int, split: bool) -> None:
    if rows > _CAPACITY and not split:
        raise BadInput("too_many_rows", found=f"{rows:,}", allowed=f"{_CAPACITY:,}")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]
    entry.create_system = 3  # Unix, wherever this runs: the same bytes on every system
    entry.external_attr = 0o600 << 16
    return entry


def _without_zip64(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Take the marks of ZIP64 from the header of a part that turned out to be small enough.

    Excel may offer to repair a file that has them without need.
    """
    if max(entry.file_size, entry.compress_size) > zipfile.ZIP64_LIMIT:
        return
    entry.extract_version = entry.create_version = _ZIP_VERSION
    entry.extra = _PADDING
    assert archive.fp is not None
    archive.fp.seek(entry.header_offset)
    archive.fp.write(entry.FileHeader(zip64=False))
    archive.fp.seek(archive.start_dir)
    entry.extra = b""  # the central directory needs no padding
