"""A workbook file's sheets and names, and the contents of chosen cells."""

import datetime as dt
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from roi_xl.errors import ErrorValue
from roi_xl.workbook.guard import Archive
from roi_xl.workbook.parts import (
    BookHandler,
    Raw,
    RelationsHandler,
    SheetHandler,
    StringsHandler,
    StylesHandler,
    Wanted,
    plain,
)

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
        self._epoch = CALENDAR_MAC_1904 if book.date1904 else CALENDAR_WINDOWS_1900

    def cells(self, wanted: Mapping[str, Wanted]) -> dict[str, dict[str, Cell]]:
        """The filled cells of the named sheets that are wanted, by sheet and address.

        Raises:
            BadWorkbook: a part is missing or damaged, or a cell holds what no program writes.
        """
        found = {}
        for title, want in wanted.items():
            handler = SheetHandler(self._archive, title, want)
            self._archive.parse(self.sheets[title], handler)
            found[title] = handler.raw
        raws = [raw for sheet in found.values() for raw in sheet.values()]
        strings = self._strings({raw.text for raw in raws if raw.kind == "s" and raw.text})
        dated = self._date_styles() if any(r.style != "0" and r.kind == "n" for r in raws) else []
        return {
            title: {
                place: Cell(self._value(f"{title}!{place}", raw, strings, dated), raw.formula)
                for place, raw in sheet.items()
            }
            for title, sheet in found.items()
        }

    def _value(self, place: str, raw: "Raw", strings: dict[str, str], dated: list[bool]) -> object:
        text = raw.text
        if raw.kind in ("str", "inlineStr"):
            return plain(text)
        if not text:
            return None
        if raw.kind == "s":
            if text not in strings:
                raise self._archive.fault("string_missing", cell=place, found=text[:40])
            return strings[text]
        if raw.kind == "b":
            return text.strip() == "1"
        if raw.kind == "e":
            return ErrorValue.of(text) or ErrorValue.VALUE
        if raw.kind != "n":
            return text  # a date in ISO form, which some programs write
        try:
            value = float(text)
        except ValueError:
            raise self._archive.fault("cell_number", cell=place, found=text[:40]) from None
        style = int(raw.style) if raw.style.isascii() and raw.style.isdigit() else 0
        return self._dated(value) if style < len(dated) and dated[style] else value

    def _dated(self, value: float) -> object:
        """The date a person sees, so that a message can quote it; no input of a case is a date."""
        try:
            date: dt.datetime | dt.time | None = from_excel(value, self._epoch)
        except (ValueError, OverflowError, TypeError):
            date = None
        return f"{value:g}" if date is None else date

    def _strings(self, wanted: set[str]) -> dict[str, str]:
        part = self._related.get("/sharedStrings", [""])[0]
        if not wanted or part not in self._archive:
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
