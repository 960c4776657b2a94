"""The only parser of workbook files: sheets, defined names and chosen cells, for reader and checker."""

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from roi_xl.errors import ErrorValue
from roi_xl.io.numbers import stored_number
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
    """The relationships of a part: id, type and target."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        # an external target is a link to somewhere else: never followed
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            a = attributes
            self.found.append((a.get("Id", ""), a.get("Type", ""), a.get("Target", "")))


class BookHandler(Handler):
    """Sheets in order, defined names and the date system.

    Spreadsheets match names without case, so they are kept case-folded. A name that holds for one
    sheet only is kept apart: it counts where no workbook-wide name is spelled the same.
    """

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.local_names: dict[str, list[str]] = {}
        self.date1904 = False
        self._name, self._local = "", False

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        if name == "sheet":
            key = next((v for k, v in attributes.items() if k.endswith("}id")), "")
            self.sheets.setdefault(attributes.get("name", ""), key)
        elif name == "workbookPr":
            self.date1904 = attributes.get("date1904") in ("1", "true")
        elif name == "definedName":
            self._name = attributes.get("name", "").casefold()
            self._local = "localSheetId" in attributes
            self.taken = ""
            self.wants_text = True

    def end(self, _name: str, /) -> None:
        if self.wants_text and self._local:
            self.local_names.setdefault(self._name, []).append(self.taken)
        elif self.wants_text:
            self.names[self._name] = self.taken
        self.wants_text = False


class StringsHandler(Handler):
    """The wanted shared strings, or all of them for None."""

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
        elif name == "rPh":  # phonetic guide, not part of the text
            self._phonetic = True
        self.wants_text = name == "t" and self._inside and not self._phonetic

    def end(self, name: str, /) -> None:
        self.wants_text = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si" and self._inside:
            self.found[str(self._index)] = plain(self.taken)


class StylesHandler(Handler):
    """The cell styles that show a date or time."""

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
        """Whether each cell style shows a date or time."""
        kinds = {key: is_date_format(code) for key, code in self._formats.items()}
        return [kinds.get(key, False) for key in self._used]


@dataclass(slots=True)
class Raw:
    """A cell as it is stored."""

    kind: str
    style: str
    text: str = ""
    formula: str | None = None
    has_value: bool = False  # the cell has a <v> or <is>, which may be empty


class SheetHandler(Handler):
    """Passes on the wanted, filled cells of one sheet; notes hidden rows and merged ranges."""

    def __init__(
        self, wanted: Wanted, emit: Callable[[int, int, Raw], None], *, blanks: bool = False
    ) -> None:
        self.hidden_rows: list[int] = []
        self.merged: list[str] = []
        self._wanted, self._emit, self._blanks = wanted, emit, blanks
        self._row = self._column = 0
        self._cell: Raw | None = None
        self._phonetic = False
        self._formula: dict[str, str] = {}  # attributes of the <f> that is open
        self._shared: dict[str, tuple[str, str]] = {}  # index -> cell and formula of the first

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        if name == "c":
            self._begin(attributes)
        elif name == "row":
            self._row = _whole(attributes.get("r"), self._row + 1)
            self._column = 0
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") in ("0", "0.0"):
                self.hidden_rows.append(self._row)
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif self._cell is not None:
            self._phonetic = self._phonetic or name == "rPh"
            self.wants_text = name in ("v", "f") or (name == "t" and not self._phonetic)
            if name in ("v", "f", "is"):
                self.taken = ""
            if name == "f":
                self._formula = attributes

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
            cell.formula = self._written_formula()
        elif name in ("v", "is"):
            cell.text, cell.has_value = self.taken, True
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._cell = None
            if cell.text or cell.formula is not None or self._blanks:
                self._emit(self._row, self._column, cell)

    def _written_formula(self) -> str:
        kind, index = self._formula.get("t"), self._formula.get("si", "")
        here = address(self._row, self._column)
        if kind == "dataTable":
            return f"=TABLE({self._formula.get('r1', '')},{self._formula.get('r2', '')})"
        if kind != "shared":
            return f"={self.taken}"
        if self.taken:
            self._shared[index] = here, f"={self.taken}"
        first, formula = self._shared.get(index, (here, "="))
        if first == here or formula == "=":
            return formula
        return str(Translator(formula, origin=first).translate_formula(here))


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else otherwise


class CreatorHandler(Handler):
    """The creator in the document properties."""

    def __init__(self) -> None:
        self.creator = ""

    def start(self, name: str, _attributes: dict[str, str], /) -> None:
        self.wants_text = name == "creator"
        self.taken = ""

    def end(self, name: str, /) -> None:
        if name == "creator":
            self.creator = self.taken
        self.wants_text = False


def plain(text: str) -> str:
    """Text with its escapes, such as _x000D_, replaced by the control characters they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


Place = tuple[int, int]  # row and column, from 1
MOST_CELLS = 200_000  # kept of one file when chosen cells are read
MOST_AREA = 8_000_000  # cells of a whole sheet, with the blank ones before the last of each row
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
_MOST_NAMES = 200_000  # elements of the workbook part and of a list of relations
_MOST_STYLES = 500_000  # Excel's 65,490 cell styles with a few elements each


@dataclass(slots=True)
class Cell:
    """A cell's stored value, its formula where it has one, and the index of its style."""

    value: object
    formula: str | None = None
    style: int = 0


@dataclass(slots=True)
class SheetCells:
    """The filled cells of a sheet, with its hidden rows and merged ranges."""

    cells: dict[Place, Cell] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class Contents:
    """Sheets and defined names of a file, and its cells on demand."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._package = _related(archive, "")
        root = self._package.get("/officeDocument", ["xl/workbook.xml"])[0]
        book = BookHandler()
        archive.parse(root, book, _MOST_NAMES)
        targets = _targets(archive, root)
        self._related = _related(archive, root)
        self._names, self._local_names = book.names, book.local_names
        self.sheets = {t: targets[i] for t, i in book.sheets.items() if i in targets}
        self._all_strings: dict[str, str] | None = None
        self._dates: list[bool] | None = None
        self._epoch = CALENDAR_MAC_1904 if book.date1904 else CALENDAR_WINDOWS_1900

    def targets(self, name: str) -> list[str]:
        """What a defined name refers to, matched without case; empty where the file lacks it.

        Several targets mean that only names of single sheets are spelled so, and which of them is
        meant cannot be known.
        """
        key = name.casefold()
        return [self._names[key]] if key in self._names else self._local_names.get(key, [])

    @property
    def creator(self) -> str:
        """The program that made the file, from the document properties."""
        part = self._package.get("/core-properties", [""])[0]
        if part not in self._archive:
            return ""
        handler = CreatorHandler()
        self._archive.parse(part, handler, _MOST_NAMES)
        return handler.creator

    def commented(self) -> list[str]:
        """The sheets with comments."""
        kinds = {"/comments", "/threadedComment"}
        parts = self.sheets.items()
        return [title for title, part in parts if kinds & _related(self._archive, part).keys()]

    def part_bytes(self, title: str) -> int:
        """Unpacked bytes of a sheet."""
        return self._archive.size(self.sheets[title])

    def bytes_to_read(self) -> tuple[int, int]:
        """Bytes of all listed sheets, each as often as it is listed, and of the shared strings."""
        sheets = sum(self._archive.size(part) for part in self.sheets.values())
        return sheets, self._archive.size(self._related.get("/sharedStrings", [""])[0])

    def cells(self, wanted: Mapping[str, Wanted]) -> dict[str, dict[Place, Cell]]:
        """The wanted, filled cells of the named sheets, by sheet, row and column.

        Raises:
            BadWorkbook: a part is missing or damaged, or a cell holds what no program writes.
        """
        return {title: sheet.cells for title, sheet in self.sheet_cells(wanted).items()}

    def sheet_cells(
        self, wanted: Mapping[str, Wanted], *, styled: bool = False, most: int = MOST_CELLS
    ) -> dict[str, SheetCells]:
        """The wanted cells of the named sheets, with hidden rows and merged ranges.

        Args:
            wanted: for each sheet, which rows and columns.
            styled: as a checker needs them: with blank cells that have a style, and a formula's
                stored number as a number, whatever its format shows.
            most: cells that are kept; more are refused.

        Raises:
            BadWorkbook: a part is missing or damaged, or a cell holds what no program writes.
        """
        found: dict[str, SheetCells] = {}
        raws: dict[str, dict[Place, Raw]] = {}
        room = most
        for title, want in wanted.items():
            found[title] = SheetCells()
            raws[title] = self._raws(title, want, room, found[title], blanks=styled)
            room -= len(raws[title])
        strings = self._strings(
            {raw.text for sheet in raws.values() for raw in sheet.values() if raw.kind == "s"}
        )
        for title, sheet in raws.items():
            for (row, column), raw in sheet.items():
                dated = raw.formula is None or not styled
                value = self._value(title, row, column, raw, strings, dated=dated)
                style = int(raw.style) if raw.style.isdecimal() and len(raw.style) < 8 else 0
                found[title].cells[row, column] = Cell(value, raw.formula, style)
        return found

    def _raws(
        self, title: str, wanted: Wanted, room: int, sheet: SheetCells, *, blanks: bool
    ) -> dict[Place, Raw]:
        raws: dict[Place, Raw] = {}

        def keep(row: int, column: int, raw: Raw) -> None:
            if (row, column) in raws:
                raise self._archive.fault("cell_twice", cell=f"{title}!{address(row, column)}")
            if len(raws) >= room:
                raise self._archive.fault("part_too_much", part=self.sheets[title])
            raws[row, column] = raw

        handler = SheetHandler(wanted, keep, blanks=blanks)
        self._archive.parse(self.sheets[title], handler)
        sheet.hidden_rows, sheet.merged = handler.hidden_rows, handler.merged
        return raws

    def rows(self, title: str) -> list[list[object]]:
        """All rows of a sheet as values; a formula without a stored value as its text.

        Raises:
            BadWorkbook: as `cells`; also where the filled cells lie too far apart for a table.
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
        self,
        title: str,
        row: int,
        column: int,
        raw: Raw,
        strings: Mapping[str, str],
        *,
        dated: bool = True,
    ) -> object:
        text = raw.text

        def place() -> str:
            return f"{title}!{address(row, column)}"

        if raw.kind in ("str", "inlineStr"):
            return plain(text) if raw.has_value else None
        if not text:
            return None
        if raw.kind == "s":
            if text not in strings:
                raise self._archive.fault("string_missing", cell=place(), found=text[:40])
            return strings[text]
        if raw.kind == "b":
            return text.strip() in ("1", "true")
        if raw.kind == "e":
            return ErrorValue.of(text) or ErrorValue.VALUE
        if raw.kind != "n":
            return text  # a date in ISO form, which some programs write
        value = stored_number(text)
        if value is None:
            raise self._archive.fault("cell_number", cell=place(), found=text[:40])
        shows_date = dated and raw.style != "0" and self._shows_date(raw.style)
        return self._dated(value) if shows_date else value

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
        """The date as displayed, so that a message can quote it; no input of a case is a date."""
        try:
            date: dt.datetime | dt.time | None = from_excel(value, self._epoch)
        except (ValueError, OverflowError, TypeError):
            date = None
        return f"##### ({value:g})" if date is None else date  # as spreadsheets show it

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


# --- relationships between parts -----------------------------------------------------------------


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
    """Parts by the last word of their relationship's type."""
    found: dict[str, list[str]] = {}
    for _, kind, target in _relations(archive, part):
        found.setdefault(f"/{kind.rpartition('/')[2]}", []).append(target)
    return found


def _targets(archive: Archive, part: str) -> dict[str, str]:
    return {key: target for key, _, target in _relations(archive, part)}
