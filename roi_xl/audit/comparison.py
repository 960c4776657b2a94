"""A workbook file beside its twin: the same workbook built anew from the inputs found in the file."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl import __version__
from roi_xl.audit.formula_parts import Box, Parsed, Reference, box_of, parse
from roi_xl.audit.rule import Fault, Rule
from roi_xl.audit.snapshot import CellRef, Snapshot
from roi_xl.errors import BadInput
from roi_xl.text import text
from roi_xl.workbook.filled_workbook import FilledWorkbook

# what a sheet is for, by its key: where people type, what only documents, and the model between
TYPED = frozenset({"inputs", "gpu_prices", "llm_prices"})
DOCUMENTS = frozenset({"training", "functions", "log"})
_READ_PARTS = frozenset({9, 10, 39})  # rules on parts of the file, which a twin has none of
_TARGET = re.compile(r"^'?((?:[^']|'')+?)'?!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)$")


class Heading(NamedTuple):
    """A heading row: its number, and its texts by column."""

    row: int
    texts: dict[int, str]

    def column(self, said: str) -> int | None:
        """The column with this heading."""
        return next((c for c, t in self.texts.items() if t == said), None)


@dataclass
class Comparison:
    """The file beside its twin, the same workbook built anew; results shared between rules."""

    file: Snapshot
    twin: Snapshot
    language: str
    expected: Mapping[CellRef, object] = field(default_factory=dict)  # result of each formula
    filled: FilledWorkbook | None = None
    macros: bool = False  # a workbook that may hold macros, by its ending
    problems: list[BadInput] = field(default_factory=list)  # of reading; bad cells count as blank
    today: dt.date = field(default_factory=dt.date.today)
    notes: dict[str, Any] = field(default_factory=dict)  # results that rules share

    def say(self, key: str) -> str:
        """A text of the workbook in its language."""
        return text(f"workbook.{key}", self.language)

    def faults_as_built(self, declared: Rule) -> frozenset[tuple[str, str, str]]:
        """Kind, place and find of each fault of the workbook as built, which nobody changed."""
        known: dict[int, frozenset[tuple[str, str, str]]] = self.notes.setdefault("as_built", {})
        if declared.number not in known:
            built = self.notes.get("twin_alone")
            if built is None:
                built = Comparison(
                    self.twin,
                    self.twin,
                    self.language,
                    expected=self.twin.stored,
                    macros=self.macros,
                    today=self.today,
                )
                self.notes["twin_alone"] = built
            found = declared.check(built) if declared.number not in _READ_PARTS else ()
            faults = [f for f in found if isinstance(f, Fault)]
            known[declared.number] = frozenset(
                (f.key, f.place, said) for f in faults for said in (f.found, "")
            )
        return known[declared.number]

    @cached_property
    def keys(self) -> dict[str, str]:
        """Key by title of the sheets as built."""
        return {
            title: (ws.sheet_properties.codeName or "").removeprefix("Sheet_")
            for title, ws in self.twin.sheets.items()
        }

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title by key of the sheets as built."""
        return {key: title for title, key in self.keys.items()}

    @property
    def about(self) -> Worksheet:
        """The sheet of the file that tells how to read the workbook."""
        title = self.titles.get("about", "")
        return self.file.sheets.get(title) or self.file.book.worksheets[0]

    def pairs(self) -> Iterator[tuple[str, Worksheet, Worksheet]]:
        """Key, sheet of the file and sheet of the twin, for each sheet that both have."""
        for title, key in self.keys.items():
            if title in self.file.sheets:
                yield key, self.file.sheets[title], self.twin.sheets[title]

    def cells(self) -> Iterator[tuple[CellRef, Cell]]:
        """Every filled cell of the file on a sheet of ours."""
        return ((at, cell) for at, cell in self.file.cells.items() if at.sheet in self.keys)

    @cached_property
    def parsed(self) -> dict[str, list[tuple[CellRef, str, Parsed]]]:
        """The parsed formulas of the file by sheet key."""
        found: dict[str, list[tuple[CellRef, str, Parsed]]] = {key: [] for key in self.titles}
        for at, formula in self.file.formulas.items():
            if at.sheet in self.keys:
                found[self.keys[at.sheet]].append((at, formula, parse(formula)))
        return found

    def formulas(self, *keys: str) -> Iterator[tuple[CellRef, str, Parsed]]:
        """Every formula of the file, on the named sheets or on all of ours."""
        for key in keys or self.parsed:
            yield from self.parsed.get(key, ())

    @cached_property
    def typed(self) -> frozenset[CellRef]:
        """The cells that people type in: those unlocked in the twin."""
        return frozenset(self.twin.unlocked(self.keys))

    @cached_property
    def same_version(self) -> bool:
        """Whether the file was built by this version of the package, as far as it shows."""
        creator = self.file.book.properties.creator or ""
        return not creator.startswith("roi_xl ") or creator == f"roi_xl {__version__}"

    @cached_property
    def names(self) -> dict[str, CellRef]:
        """Name → first cell, in the file."""
        return places(self.file)

    @cached_property
    def twin_names(self) -> dict[str, CellRef]:
        """Name → first cell, in the twin."""
        return places(self.twin)

    @cached_property
    def headings(self) -> dict[str, list[Heading]]:
        """The heading rows of each sheet of the twin, from the top."""
        found: dict[str, list[Heading]] = {}
        for title, ws in self.twin.sheets.items():
            rows: dict[int, dict[int, str]] = {}
            for (row, column), cell in sorted(ws._cells.items()):
                if cell.value is not None and self.twin.style(cell).startswith("ft_heading"):
                    rows.setdefault(row, {})[column] = str(cell.value)
            found[title] = [Heading(row, texts) for row, texts in rows.items()]
        return found

    def heading(self, title: str, row: int) -> Heading | None:
        """The heading row above a row."""
        above = [h for h in self.headings.get(title, []) if h.row < row]
        return above[-1] if above else None

    def value(self, at: CellRef) -> object:
        """The value of a cell of the file; the twin's where a formula has none stored."""
        value = self.file.value(at)
        return self.twin.value(at) if value is None and at in self.file.formulas else value

    def is_number(self, at: CellRef) -> bool:
        """Whether the value of a cell is a number, and no date or truth value."""
        value = self.value(at)
        return isinstance(value, (int, float)) and not isinstance(value, bool)

    def targets(self, at: CellRef, reference: Reference) -> list[tuple[str, Box]]:
        """The sheets and boxes that a reference of the formula at `at` refers to."""
        if reference.is_cells:
            return [(reference.sheet or at.sheet, reference.box)]
        if reference.table is not None:
            return [
                (title, box_of(table.ref))
                for title, ws in self.file.sheets.items()
                for table in ws.tables.values()
                if table.displayName.upper() == reference.table
            ]
        found = self.named_boxes.get(reference.target)
        return [found] if found is not None else []

    @cached_property
    def named_boxes(self) -> dict[str, tuple[str, Box]]:
        """Sheet and box by upper-case name, of the names in the file that refer to cells."""
        found: dict[str, tuple[str, Box]] = {}
        for name, defined in self.file.book.defined_names.items():
            match = _TARGET.match(defined.attr_text or "")
            if match is not None:
                found[name.upper()] = (match[1].replace("''", "'"), box_of(match[2]))
        return found


def places(opened: Snapshot) -> dict[str, CellRef]:
    """The first cell of each workbook-wide name that refers to cells of an existing sheet."""
    found: dict[str, CellRef] = {}
    for name, defined in opened.book.defined_names.items():
        match = _TARGET.match(defined.attr_text or "")
        if match is not None and match[1].replace("''", "'") in opened.sheets:
            cell = match[2].replace("$", "").split(":")[0]
            found[name] = CellRef(match[1].replace("''", "'"), cell)
    return found


def coordinate(row: int, column: int) -> str:
    """A cell by row and column, from 1."""
    return f"{get_column_letter(column)}{row}"
