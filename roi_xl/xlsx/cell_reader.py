"""A workbook file's sheets and names, and the contents of chosen cells."""

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from roi_xl.errors import ErrorValue
from roi_xl.xlsx.safe_archive import Archive, Handler

_LONGEST = 255  # characters of a number format in Excel
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})$")
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")

Wanted = Callable[[int, int], bool]  # row and column, from 1


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The cell as a person writes it: B7."""
    return f"{column_letters(column)}{row}"


class RelationsHandler(Handler):
    """Which parts belong to a part, and as what."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        # an external target is a link to somewhere else: never followed
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            a = attributes
            self.found.append((a.get("Id", ""), a.get("Type", ""), a.get("Target", "")))


class BookHandler(Handler):
    """Sheets in order, workbook-wide names, the date system."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.date1904 = False
        self._name = ""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        if name == "sheet":
            key = next((v for k, v in attributes.items() if k.endswith("}id")), "")
            self.sheets.setdefault(attributes.get("name", ""), key)
        elif name == "workbookPr":
            self.date1904 = attributes.get("date1904") in ("1", "true")
        elif name == "definedName" and "localSheetId" not in attributes:
            self._name = attributes.get("name", "")
            self.taken = ""
            self.wants_text = True

    def end(self, _name: str, /) -> None:
        if self.wants_text:
            self.names[self._name] = self.taken
        self.wants_text = False


class StringsHandler(Handler):
    """The wanted ones of the texts that cells share; all, for None."""

    def __init__(self, wanted: set[str] | None) -> None:
        self.found: dict[str, str] = {}
        self._wanted = wanted
        self._index = -1
        self._phonetic = False
        self._inside = False

    def start(self, name: str, _attributes: dict[str, str], /) -> None:
        if name == "si":
            self._index += 1
            self._inside = self._wanted is None or str(self._index) in self._wanted
            self.taken = ""
        elif name == "rPh":  # how to pronounce it, not what it says
            self._phonetic = True
        self.wants_text = name == "t" and self._inside and not self._phonetic

    def end(self, name: str, /) -> None:
        self.wants_text = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si" and self._inside:
            self.found[str(self._index)] = plain(self.taken)


class StylesHandler(Handler):
    """Which cell styles show a date or time."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {str(i): code for i, code in BUILTIN_FORMATS.items()}
        self._used: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        if name == "numFmt":
            code = attributes.get("formatCode", "")
            self._formats[attributes.get("numFmtId", "")] = code if len(code) <= _LONGEST else ""
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._used.append(attributes.get("numFmtId", "0"))

    def end(self, name: str, /) -> None:
        if name == "cellXfs":
            self._inside = False

    def dates(self) -> list[bool]:
        """For every cell style, whether it shows a date or time."""
        kinds = {key: is_date_format(code) for key, code in self._formats.items()}
        return [kinds.get(key, False) for key in self._used]


@dataclass(slots=True)
class Raw:
    """A cell as it is stored."""

    kind: str
    style: str
    text: str = ""
    formula: str | None = None


class SheetHandler(Handler):
    """The wanted, filled cells of one sheet, handed on as they pass by."""

    def __init__(self, wanted: Wanted, emit: Callable[[int, int, Raw], None]) -> None:
        self._wanted, self._emit = wanted, emit
        self._row = self._column = 0
        self._cell: Raw | None = None
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        if name == "c":
            self._begin(attributes)
        elif name == "row":
            self._row = _whole(attributes.get("r"), self._row + 1)
            self._column = 0
        elif self._cell is not None:
            self._phonetic = self._phonetic or name == "rPh"
            self.wants_text = name in ("v", "f") or (name == "t" and not self._phonetic)
            if name in ("v", "f", "is"):
                self.taken = ""

    def _begin(self, attributes: dict[str, str]) -> None:
        match = _CELL.match(attributes.get("r", ""))
        if match:
            self._column, self._row = column_number(match[1]), int(match[2])
        else:
            self._column += 1
        wanted = self._wanted(self._row, self._column)
        kind, style = attributes.get("t", "n"), attributes.get("s", "0")
        self._cell = Raw(kind, style) if wanted else None

    def end(self, name: str, /) -> None:
        self.wants_text = False
        cell = self._cell
        if cell is None:
            return
        if name == "f":
            cell.formula = f"={self.taken}"
        elif name in ("v", "is"):
            cell.text = self.taken
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._cell = None
            if cell.text or cell.formula is not None:
                self._emit(self._row, self._column, cell)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def plain(text: str) -> str:
    """Text with the characters that XML cannot hold, written _x000D_ in the file."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


Place = tuple[int, int]  # row and column, from 1
MOST_CELLS = 200_000  # kept of a file of which only some are wanted
MOST_AREA = 8_000_000  # cells of a whole sheet, the blank ones before the last of a row included
_WHOLE = re.compile(r"-?\d{1,15}$")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
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
