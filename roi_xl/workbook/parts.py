"""The kinds of XML part of a workbook: what is taken from each while its elements pass by."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from roi_xl.workbook.guard import Handler

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
