"""A workbook as the rules see it: its parts, its cells, and the values stored beside its formulas."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple
from xml.etree import ElementTree

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.workbook.sheet_writer import Book
from roi_xl.workbook.styles import TRUTH_FORMAT

BLACK, WHITE = "000000", "FFFFFF"
# Okabe and Ito 2008, with the grey that accompanies it
OKABE_ITO = frozenset(
    ("000000", "E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7", "999999")
)
LEAST_CONTRAST = 4.5  # WCAG 2.1, level AA, ordinary text
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2")


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


def ink(cell: Any) -> str:
    """The colour of a cell's text."""
    return rgb(cell.font.color if cell.font else None, BLACK)


def ground(cell: Any) -> str:
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


class At(NamedTuple):
    """A cell: sheet title and coordinate."""

    sheet: str
    cell: str


class Opened:
    """One workbook: of a file, or one that was only built."""

    def __init__(
        self, book: Workbook, stored: dict[At, object], parts: dict[str, bytes] | None = None
    ) -> None:
        self.book, self.stored, self.parts = book, stored, parts or {}
        self.sheets: dict[str, Worksheet] = {ws.title: ws for ws in book.worksheets}
        self._looks: dict[tuple[int, int], tuple[str, str]] = {}

    @classmethod
    def of_file(cls, data: bytes) -> "Opened":
        """The workbook in a file.

        Raises:
            Exception: whatever openpyxl or the XML parser raises on a broken file.
        """
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        opened = cls(load_workbook(io.BytesIO(data), keep_links=False), {}, parts)
        opened.stored.update(opened._stored())
        return opened

    @classmethod
    def of_book(cls, book: Book) -> "Opened":
        """A workbook as it was built, with the values that it would store."""
        return cls(book.workbook, dict(_cached(book)))

    @cached_property
    def cells(self) -> dict[At, Cell]:
        """Every cell that holds something."""
        return {
            At(title, cell.coordinate): cell
            for title, ws in self.sheets.items()
            for cell in ws._cells.values()
            if cell.value is not None
        }

    @cached_property
    def formulas(self) -> dict[At, str]:
        """Every formula, without the equals sign."""
        found: dict[At, str] = {}
        for at, cell in self.cells.items():
            value = cell.value
            if isinstance(value, ArrayFormula):
                value = value.text or ""
            elif isinstance(value, DataTableFormula):
                value = f"=TABLE({value.r1 or ''},{value.r2 or ''})"
            elif cell.data_type != "f":
                continue
            found[at] = str(value).removeprefix("=")
        return found

    def looks(self, cell: Any) -> tuple[str, str]:
        """The colours of a cell's text and of its ground."""
        own = cell._style
        style = (0, 0) if own is None else (own.fontId, own.fillId)
        if style not in self._looks:
            self._looks[style] = (ink(cell), ground(cell))
        return self._looks[style]

    def unlocked(self, titles: Iterable[str]) -> Iterator[At]:
        """Every cell of these sheets that can be typed into while they are protected."""
        locked: dict[int, bool] = {}
        for title in titles:
            for cell in self.sheets[title]._cells.values() if title in self.sheets else ():
                style = getattr(cell, "_style", None)
                number = 0 if style is None else style.protectionId
                if number not in locked:
                    locked[number] = bool(cell.protection.locked)
                if not locked[number]:
                    yield At(title, cell.coordinate)

    @property
    def has_values(self) -> bool:
        """Whether whoever saved the file stored any result at all."""
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

    def value(self, at: At) -> object:
        """What a cell shows: its typed value, or the one stored beside its formula."""
        if at in self.stored:
            return self.stored[at]
        cell = self.cells.get(at)
        return None if cell is None or cell.data_type == "f" else cell.value

    @cached_property
    def sheet_parts(self) -> dict[str, str]:
        """The part of each sheet by its title."""
        root = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        targets = self.relations("xl/workbook.xml")
        return {
            s.get("name", ""): targets[s.get(f"{REL}id", "")][1]
            for s in root.iter(f"{MAIN}sheet")
            if s.get(f"{REL}id", "") in targets
        }

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (kind, part) of a part; a target outside the file keeps its address."""
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

    def _stored(self) -> Iterator[tuple[At, object]]:
        for title, part in self.sheet_parts.items():
            if part not in self.parts or title not in self.sheets:
                continue
            for _, node in ElementTree.iterparse(io.BytesIO(self.parts[part])):
                if node.tag != f"{MAIN}c":
                    continue
                if node.find(f"{MAIN}f") is not None:
                    value = node.find(f"{MAIN}v")
                    written = None if value is None else value.text
                    at = At(title, node.get("r", ""))
                    found = _read(node.get("t", "n"), written, value is not None)
                    yield at, self._truth(at, found)
                node.clear()

    def _truth(self, at: At, value: Any) -> Any:
        """LibreOffice stores a truth value as 1 or 0 where the format says it as a word."""
        if value in (0.0, 1.0) and at in self.cells:
            return bool(value) if self.cells[at].number_format == TRUTH_FORMAT else value
        return value


def _cached(book: Book) -> Iterator[tuple[At, object]]:
    """The values of the formulas as a reader of the finished file would see them."""
    for title, values in book.cached.items():
        for cell, value in values.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield At(title, cell), float(value)
            elif value is None or isinstance(value, (bool, str)):
                yield At(title, cell), value
            else:
                yield At(title, cell), value.item() if hasattr(value, "item") else str(value)


def _read(kind: str, written: str | None, there: bool) -> Any:
    if kind == "str":
        return (written or "") if there else None
    if written is None:
        return None
    if kind == "b":
        return written in ("1", "true")
    return written if kind == "e" else float(written)
