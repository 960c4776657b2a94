"""A workbook file's sheets and names, and the contents of chosen cells."""

import datetime as dt
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from roi_xl.errors import ErrorValue
from roi_xl.workbook.cells import MOST_COLUMNS, MOST_ROWS
from roi_xl.workbook.guard import Archive
from roi_xl.workbook.parts import (
    BookHandler,
    Raw,
    RelationsHandler,
    SheetHandler,
    StringsHandler,
    StylesHandler,
    Wanted,
    address,
    plain,
)

Place = tuple[int, int]  # row and column, from 1
MOST_CELLS = 200_000  # kept of a file of which only some are wanted
MOST_AREA = 8_000_000  # cells of a whole sheet, the blank ones before the last of a row included
_WHOLE = re.compile(r"-?\d{1,15}$")
_MOST_NAMES = 200_000  # elements of the workbook part and of a list of relations
_MOST_STYLES = 500_000  # Excel's 65,490 cell styles with a few elements each


@dataclass(slots=True)
class Cell:
    """A cell's stored value, and its formula where it has one."""

    value: object
    formula: str | None = None


class Contents:
    """Sheets and workbook-wide names of a file, and its cells on demand."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        root = _related(archive, "").get("/officeDocument", ["xl/workbook.xml"])[0]
        book = BookHandler()
        archive.parse(root, book, _MOST_NAMES)
        targets = _targets(archive, root)
        self._related = _related(archive, root)
        self.names = book.names
        self.sheets = {t: targets[i] for t, i in book.sheets.items() if i in targets}
        self._all_strings: dict[str, str] | None = None
        self._dates: list[bool] | None = None
        self._epoch = CALENDAR_MAC_1904 if book.date1904 else CALENDAR_WINDOWS_1900

    def commented(self) -> list[str]:
        """The sheets on which comments stand."""
        kinds = {"/comments", "/threadedComment"}
        parts = self.sheets.items()
        return [title for title, part in parts if kinds & _related(self._archive, part).keys()]

    def bytes_to_read(self) -> tuple[int, int]:
        """Bytes of all listed sheets, each as often as it is listed, and of the shared texts."""
        sheets = sum(self._archive.size(part) for part in self.sheets.values())
        return sheets, self._archive.size(self._related.get("/sharedStrings", [""])[0])

    def cells(self, wanted: Mapping[str, Wanted]) -> dict[str, dict[Place, Cell]]:
        """The filled cells of the named sheets that are wanted, by sheet, row and column.

        Raises:
            BadWorkbook: a part is missing or damaged, or a cell holds what no program writes.
        """
        found = {}
        room = MOST_CELLS
        for title, want in wanted.items():
            found[title] = self._raws(title, want, room)
            room -= len(found[title])
        strings = self._strings(
            {raw.text for sheet in found.values() for raw in sheet.values() if raw.kind == "s"}
        )
        return {
            title: {
                (row, column): Cell(self._value(title, row, column, raw, strings), raw.formula)
                for (row, column), raw in sheet.items()
            }
            for title, sheet in found.items()
        }

    def _raws(self, title: str, wanted: Wanted, room: int) -> dict[Place, Raw]:
        raws: dict[Place, Raw] = {}

        def keep(row: int, column: int, raw: Raw) -> None:
            if (row, column) in raws:
                raise self._archive.fault("cell_twice", cell=f"{title}!{address(row, column)}")
            if len(raws) >= room:
                raise self._archive.fault("part_too_much", part=self.sheets[title])
            raws[row, column] = raw

        self._archive.parse(self.sheets[title], SheetHandler(wanted, keep))
        return raws

    def rows(self, title: str) -> list[list[object]]:
        """All rows of a sheet as values; a formula that nobody has calculated stands as its text.

        Raises:
            BadWorkbook: as `cells`; also where filled cells lie too far apart for a table.
        """
        if self._all_strings is None:
            self._all_strings = self._strings(None)
        strings, area = self._all_strings, 0
        most_area = self._archive.scale * MOST_AREA
        table: list[list[object]] = []
        blank: list[object] = []  # one for all rows without a cell

        def add(row: int, column: int, raw: Raw) -> None:
            nonlocal area
            if row <= len(table):
                line = table[row - 1]
            else:
                table.extend([blank] * (row - 1 - len(table)))
                line = []
                table.append(line)
            if line is blank:
                line = table[row - 1] = []
            area += max(0, column - len(line))
            if area > most_area or row > MOST_ROWS or column > MOST_COLUMNS:
                raise self._archive.fault("part_too_much", part=self.sheets[title])
            line.extend([None] * (column - len(line)))
            value = self._value(title, row, column, raw, strings)
            line[column - 1] = raw.formula if value is None else value

        self._archive.parse(self.sheets[title], SheetHandler(lambda _row, _column: True, add))
        return table

    def _value(
        self, title: str, row: int, column: int, raw: Raw, strings: Mapping[str, str]
    ) -> object:
        text = raw.text

        def place() -> str:
            return f"{title}!{address(row, column)}"

        if raw.kind in ("str", "inlineStr"):
            return plain(text)
        if not text:
            return None
        if raw.kind == "s":
            if text not in strings:
                raise self._archive.fault("string_missing", cell=place(), found=text[:40])
            return strings[text]
        if raw.kind == "b":
            return text.strip() == "1"
        if raw.kind == "e":
            return ErrorValue.of(text) or ErrorValue.VALUE
        if raw.kind != "n":
            return text  # a date in ISO form, which some programs write
        try:
            value = int(text) if _WHOLE.match(text) else float(text)
        except ValueError:
            raise self._archive.fault("cell_number", cell=place(), found=text[:40]) from None
        return self._dated(value) if raw.style != "0" and self._shows_date(raw.style) else value

    def _shows_date(self, style: str) -> bool:
        if self._dates is None:
            self._dates = self._date_styles()
        return (
            style.isascii()
            and style.isdigit()
            and len(style) < 8
            and self._dates[int(style) :][:1] == [True]
        )

    def _dated(self, value: float) -> object:
        """The date a person sees, so that a message can quote it; no input of a case is a date."""
        try:
            date: dt.datetime | dt.time | None = from_excel(value, self._epoch)
        except (ValueError, OverflowError, TypeError):
            date = None
        return f"{value:g}" if date is None else date

    def _strings(self, wanted: set[str] | None) -> dict[str, str]:
        part = self._related.get("/sharedStrings", [""])[0]
        if wanted == set() or part not in self._archive:
            return {}
        handler = StringsHandler(wanted)
        self._archive.parse(part, handler)
        return handler.found

    def _date_styles(self) -> list[bool]:
        part = self._related.get("/styles", [""])[0]
        if part not in self._archive:
            return []
        handler = StylesHandler()
        self._archive.parse(part, handler, _MOST_STYLES)
        return handler.dates()


# --- relations between parts ---------------------------------------------------------------------


def _relations(archive: Archive, part: str) -> list[tuple[str, str, str]]:
    folder, _, name = part.rpartition("/")
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in archive:
        return []
    handler = RelationsHandler()
    archive.parse(rels, handler, _MOST_NAMES)
    return [
        (key, kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
        for key, kind, target in handler.found
    ]


def _related(archive: Archive, part: str) -> dict[str, list[str]]:
    """Parts by the last word of their relation's type."""
    found: dict[str, list[str]] = {}
    for _, kind, target in _relations(archive, part):
        found.setdefault(f"/{kind.rpartition('/')[2]}", []).append(target)
    return found


def _targets(archive: Archive, part: str) -> dict[str, str]:
    return {key: target for key, _, target in _relations(archive, part)}
