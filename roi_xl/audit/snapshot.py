"""A workbook as the rules see it: its parts, its cells, and the values stored beside its formulas.

Cells come from the package's one parser of workbook files, within its limits. openpyxl reads the rest
(styles, names, validations, page setup) from a copy of the file without its cells, so that a sheet made
to exhaust memory never reaches it.
"""

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.errors import BadWorkbook
from roi_xl.workbook.layout import all_titles
from roi_xl.workbook.sheet_writer import Book
from roi_xl.workbook.styles import TRUTH_FORMAT
from roi_xl.xlsx.cell_reader import Cell as StoredCell
from roi_xl.xlsx.cell_reader import Contents, SheetCells, address
from roi_xl.xlsx.safe_archive import Archive, open_archive

BLACK, WHITE = "000000", "FFFFFF"
# Okabe and Ito 2008, with the grey that accompanies it
OKABE_ITO = frozenset(
    ("000000", "E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7", "999999")
)
LEAST_CONTRAST = 4.5  # WCAG 2.1, level AA, ordinary text
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2")

MOST_CELLS = 100_000  # of all sheets that are checked; a workbook of ours has about 30,000
MOST_PART = 4_000_000  # bytes of a part without its cells
MOST_PACKAGE = 12_000_000  # bytes of all parts without their cells
_MOST_FOREIGN = 1_000_000  # bytes of a sheet of the user's own that is looked at
_CELLS = (
    "sheetData",
    "mergeCells",
    "hyperlinks",
)  # what openpyxl would make objects of, cell by cell
_OPAQUE = re.compile(r"vbaProject|xl/media/|printerSettings|thumbnail", re.I)
_SHARED_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


def rgb(color: Any, otherwise: str) -> str:
    """Six hexadecimal digits of an openpyxl colour."""
    if color is None:
        return otherwise
    if color.type == "rgb" and isinstance(color.rgb, str):
        return str(color.rgb)[-6:].upper()
    if color.type == "indexed" and 0 <= color.indexed < len(COLOR_INDEX):
        return str(COLOR_INDEX[color.indexed])[-6:].upper()
    if color.type == "theme" and 0 <= color.theme < len(_THEME):
        return _THEME[color.theme]
    return otherwise


def text_colour(cell: Any) -> str:
    """The colour of a cell's text."""
    return rgb(cell.font.color if cell.font else None, BLACK)


def background(cell: Any) -> str:
    """The colour behind a cell's text."""
    fill = cell.fill
    return rgb(fill.fgColor, WHITE) if fill is not None and fill.fill_type == "solid" else WHITE


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two colours, 1 (the same) to 21 (black on white).

    Source:
        WCAG 2.1, definitions of contrast ratio and relative luminance.

    Example:
        >>> contrast("000000", "FFFFFF")
        21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def _luminance(colour: str) -> float:
    parts = [int(p, 16) / 255 for p in re.findall("..", colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


class CellRef(NamedTuple):
    """A cell: sheet title and coordinate."""

    sheet: str
    cell: str


class Snapshot:
    """One workbook: of a file, or one that was only built."""

    def __init__(
        self,
        book: Workbook,
        stored: dict[CellRef, object],
        parts: dict[str, bytes] | None = None,
        merged: dict[str, list[str]] | None = None,
        unread: tuple[str, ...] = (),
    ) -> None:
        self.book, self.stored, self.parts = book, stored, parts or {}
        self.merged = merged or {}  # merged ranges by sheet title
        self.unread = unread  # large sheets of the user's own, whose cells were not read
        self.sheets: dict[str, Worksheet] = {ws.title: ws for ws in book.worksheets}
        self._colours: dict[tuple[int, int], tuple[str, str]] = {}
        self._styles: dict[int, str] = {}

    @classmethod
    def of_file(cls, path: Path) -> "Snapshot":
        """The workbook in a file.

        Raises:
            BadWorkbook: it cannot be read, or holds more than a workbook of ours.
        """
        with open_archive(path) as archive:
            contents = Contents(archive)
            parts = dict(_parts(archive))
            book = _load(path, parts)
            titles = [ws.title for ws in book.worksheets if ws.title in contents.sheets]
            ours = all_titles()
            unread = tuple(
                t for t in titles if t not in ours and contents.part_bytes(t) > _MOST_FOREIGN
            )
            found = contents.sheet_cells(
                {t: _every_cell for t in titles if t not in unread}, styled=True, most=MOST_CELLS
            )
        made = cls(book, {}, parts, {t: sheet.merged for t, sheet in found.items()}, unread)
        for title, sheet in found.items():
            made.stored.update(_fill(made.sheets[title], sheet))
        return made

    @classmethod
    def of_book(cls, book: Book) -> "Snapshot":
        """A workbook as it was built, with the values that it would store."""
        sheets = book.workbook.worksheets
        merged = {ws.title: [str(r) for r in ws.merged_cells.ranges] for ws in sheets}
        made = cls(book.workbook, dict(_cached(book)), merged=merged)
        made.saved_by = "roi_xl"
        return made

    @cached_property
    def cells(self) -> dict[CellRef, Cell]:
        """Every cell that is not blank."""
        return {
            CellRef(title, cell.coordinate): cell
            for title, ws in self.sheets.items()
            for cell in ws._cells.values()
            if cell.value is not None
        }

    @cached_property
    def formulas(self) -> dict[CellRef, str]:
        """Every formula, without the equals sign."""
        return {
            at: str(getattr(cell.value, "text", cell.value) or "").removeprefix("=")
            for at, cell in self.cells.items()
            if cell.data_type == "f"
        }

    def colours(self, cell: Any) -> tuple[str, str]:
        """The colours of a cell's text and of its background."""
        own = cell._style
        style = (0, 0) if own is None else (own.fontId, own.fillId)
        if style not in self._colours:
            self._colours[style] = (text_colour(cell), background(cell))
        return self._colours[style]

    def style(self, cell: Any) -> str:
        """The name of a cell's style; openpyxl looks it up anew for each cell."""
        own = getattr(cell, "_style", None)
        number = 0 if own is None else own.xfId
        if number not in self._styles:
            self._styles[number] = str(cell.style)
        return self._styles[number]

    def unlocked(self, titles: Iterable[str]) -> Iterator[CellRef]:
        """Every cell of these sheets that can be typed into while they are protected."""
        locked: dict[int, bool] = {}
        for title in titles:
            for cell in self.sheets[title]._cells.values() if title in self.sheets else ():
                style = getattr(cell, "_style", None)
                number = 0 if style is None else style.protectionId
                if number not in locked:
                    locked[number] = bool(cell.protection.locked)
                if not locked[number]:
                    yield CellRef(title, cell.coordinate)

    @property
    def has_values(self) -> bool:
        """Whether the program that saved the file stored any result at all."""
        return not self.formulas or any(value is not None for value in self.stored.values())

    @cached_property
    def saved_by(self) -> str:
        """The program that saved the file last, as far as the file shows it."""
        if not self.has_values:
            return "openpyxl"
        application = self.application
        if application.startswith("LibreOffice"):
            return "LibreOffice"
        if "openpyxl" in application.lower():
            return "roi_xl"
        return application.split("/")[0].strip()[:40] or "?"

    @cached_property
    def application(self) -> str:
        """The application named in the document properties."""
        part = self.parts.get("docProps/app.xml")
        if part is None:
            return ""
        found = next(
            (e for e in ElementTree.fromstring(part) if e.tag.endswith("}Application")), None
        )
        return (found.text or "") if found is not None else ""

    def value(self, at: CellRef) -> object:
        """What a cell shows: its typed value, or the one stored beside its formula."""
        if at in self.stored:
            return self.stored[at]
        cell = self.cells.get(at)
        return None if cell is None or cell.data_type == "f" else cell.value

    @cached_property
    def sheet_parts(self) -> dict[str, str]:
        """The part of each sheet by its title; none of a workbook that was only built."""
        if "xl/workbook.xml" not in self.parts:
            return {}
        root = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        targets = self.relations("xl/workbook.xml")
        return {
            s.get("name", ""): targets[s.get(f"{REL}id", "")][1]
            for s in root.iter(f"{MAIN}sheet")
            if s.get(f"{REL}id", "") in targets
        }

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (kind, part) of a part; a target outside the file keeps its address."""
        folder, name = posixpath.split(part)
        rels = self.parts.get(f"{folder}/_rels/{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        if rels is None:
            return found
        for r in ElementTree.fromstring(rels).iter(f"{PACKAGE}Relationship"):
            target = r.get("Target", "")
            if r.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[r.get("Id", "")] = (r.get("Type", "").rsplit("/", 1)[-1], target)
        return found


# --- from a file ---------------------------------------------------------------------------------


def _every_cell(_row: int, _column: int) -> bool:
    return True


def _parts(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Every part without cells; those that no rule reads are empty."""
    room = MOST_PACKAGE
    for name in archive.names():
        if _OPAQUE.search(name):
            yield name, b""
            continue
        if name.lower().endswith("sharedstrings.xml"):
            yield name, _SHARED_STRINGS
            continue
        without = _CELLS if "worksheets/" in name and name.endswith(".xml") else ()
        data = archive.read(name, min(MOST_PART, room), without)
        room -= len(data)
        yield name, data


def _load(path: Path, parts: dict[str, bytes]) -> Workbook:
    """The workbook without its cells, as openpyxl reads it."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, which no rule reads
            return load_workbook(package, keep_links=False)
    except Exception as error:  # noqa: BLE001 - it raises many unrelated kinds on odd files
        reason = str(error).split("\n")[0][:120] or type(error).__name__
        raise BadWorkbook("not_a_workbook", path=path, reason=reason) from None


def _fill(ws: Worksheet, sheet: SheetCells) -> Iterator[tuple[CellRef, object]]:
    """Put the cells of a sheet into openpyxl's; yields the values stored beside formulas."""
    styles = ws.parent._cell_styles  # type: ignore[union-attr]
    # iter_rows finds nothing without it
    ws._current_row = max((row for row, _ in sheet.cells), default=0)  # type: ignore[attr-defined]
    for row in sheet.hidden_rows:
        ws.row_dimensions[row] = RowDimension(ws, index=row, hidden=True)
    for (row, column), stored in sheet.cells.items():
        style = styles[stored.style] if stored.style < len(styles) else StyleArray()
        cell = Cell(ws, row, column, style_array=style)
        value = stored.value if stored.formula is None else stored.formula
        cell._value = value  # type: ignore[attr-defined]
        cell.data_type = _kind(stored)
        ws._cells[row, column] = cell
        if stored.formula is not None:
            yield CellRef(ws.title, address(row, column)), _result(cell, stored.value)


def _kind(stored: StoredCell) -> str:
    if stored.formula is not None:
        return "f"
    if isinstance(stored.value, bool):
        return "b"
    if isinstance(stored.value, str):
        return "s"
    return "n" if stored.value is None or isinstance(stored.value, (int, float)) else "d"


def _result(cell: Cell, value: object) -> object:
    """A stored result; LibreOffice stores a truth value as 1 or 0 where the format says it as a word."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if value in (0, 1) and cell.number_format == TRUTH_FORMAT:
        return bool(value)
    return float(value)


# --- of a workbook that was built ----------------------------------------------------------------


def _cached(book: Book) -> Iterator[tuple[CellRef, object]]:
    """The values of the formulas as a reader of the finished file would see them."""
    for title, values in book.cached.items():
        for cell, value in values.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield CellRef(title, cell), float(value)
            elif value is None or isinstance(value, (bool, str)):
                yield CellRef(title, cell), value
            else:
                yield CellRef(title, cell), value.item() if hasattr(value, "item") else str(value)
