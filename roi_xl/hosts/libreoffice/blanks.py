"""Tells blank cells from zeros, inside LibreOffice.

Calc passes 0 for a reference to a blank cell and does not say which cell is being calculated, but it
passes the document. Where a blank and a zero would give different results, every formula that calls
the function is compared with the arguments received: constants must be equal, formulas may have any
value. If all matching formulas agree on which arguments are blank, that is the answer; if they
differ, it cannot be known, and an error is better than a wrong number.

This file is copied into the extension: it runs on Python 3.8 and later and imports nothing of ours.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

CONSTANTS = 1 | 2 | 4  # CellFlags: VALUE, DATETIME, STRING
FORMULAS = 16
GAP_SECONDS = 0.0005  # calls within one recalculation follow each other faster than this

CALL = re.compile(r'"(?:[^"]|"")*"|(?:ROIXL\.)?\b(FT_[A-Z0-9_]+)\(', re.I)
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?", re.I)
TEXT = re.compile(r'"((?:[^"]|"")*)"')
CELL = re.compile(r"(?:\$?('(?:[^']|'')+'|[^'.:!;()]+)\.)?\$?([A-Z]{1,3})\$?(\d+)", re.I)
NAME = re.compile(r"[^\W\d]\w*")


class Unknown(Exception):
    """Matching formulas disagree on which arguments are blank."""


if TYPE_CHECKING:
    Place = tuple[int, int, int]  # sheet, column and row of a cell
ANYTHING = object()  # an expression or a range, whose value is not compared


def arguments(formula: str, start: int) -> list[str]:
    """The argument texts of a call; `start` is the position after its opening bracket."""
    found, depth, begin, i = [], 0, start, start
    while i < len(formula):
        sign = formula[i]
        if sign in "\"'":
            end = formula.find(sign, i + 1)
            i = len(formula) if end < 0 else end
        elif sign in "({":
            depth += 1
        elif sign in ")}" and depth:
            depth -= 1
        elif sign == ")" or (sign == ";" and not depth):
            found.append(formula[begin:i].strip())
            begin = i + 1
            if sign == ")":
                return found
        i += 1
    return []


def column_number(letters: str) -> int:
    """The column number, from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class Index:
    """The calls of FT_ functions in a document, by their argument values."""

    def __init__(self, document: Any) -> None:
        began = time.monotonic()
        self.document = document
        self.sheets = list(document.Sheets.ElementNames)
        self.constants: dict[Place, Any] = {}
        self.formulas: dict[Place, str] = {}
        for number, name in enumerate(self.sheets):
            sheet = document.Sheets.getByName(name)
            for key, value in cells(sheet, number, CONSTANTS):
                self.constants[key] = value
            for key, value in cells(sheet, number, FORMULAS):
                self.formulas[key] = value
        # function → positions of known arguments → their values → {(argument count, blank positions)}
        self.calls: dict[str, dict[Any, dict[Any, set[tuple[int, tuple[int, ...]]]]]] = {}
        for (sheet_number, _, _), formula in self.formulas.items():
            if "FT_" in formula.upper():
                self.add(formula, sheet_number)
        self.built = time.monotonic()
        self.cost = self.built - began

    def add(self, formula: str, sheet: int) -> None:
        """Add every call in a formula."""
        for found in CALL.finditer(formula):
            if found.group(1):
                given = [self.read(a, sheet) for a in arguments(formula, found.end())]
                values = [self.value(a) for a in given]
                known = tuple(i for i, v in enumerate(values) if v is not ANYTHING)
                blank = tuple(i for i, a in enumerate(given) if self.blank(a))
                by_values = self.calls.setdefault(found.group(1).upper(), {}).setdefault(known, {})
                fit = by_values.setdefault(tuple(values[i] for i in known), set())
                fit.add((len(given), blank))

    def read(self, argument: str, sheet: int) -> Any:
        """What an argument is: None (omitted), a constant, a Place, or ANYTHING."""
        if not argument:
            return None
        if NUMBER.fullmatch(argument):
            return float(argument)
        text = TEXT.fullmatch(argument)
        if text:
            return text.group(1).replace('""', '"')
        cell = CELL.fullmatch(argument)
        if cell:
            name, letters, row = cell.groups()
            if name:
                name = name[1:-1].replace("''", "'") if name[0] == "'" else name
                if name not in self.sheets:
                    return ANYTHING
                sheet = self.sheets.index(name)
            return (sheet, column_number(letters), int(row) - 1)
        names = self.document.NamedRanges
        if NAME.fullmatch(argument) and names.hasByName(argument):
            referred = names.getByName(argument).getReferredCells()
            area = referred.RangeAddress if referred is not None else None
            if area and (area.StartColumn, area.StartRow) == (area.EndColumn, area.EndRow):
                return (area.Sheet, area.StartColumn, area.StartRow)
        return ANYTHING

    def value(self, argument: Any) -> Any:
        """The value that Calc would pass for an argument."""
        if not isinstance(argument, tuple):
            return argument
        return ANYTHING if argument in self.formulas else self.constants.get(argument, 0.0)

    def blank(self, argument: Any) -> bool:
        """Whether an argument refers to a blank cell."""
        cell = isinstance(argument, tuple)
        return cell and argument not in self.formulas and argument not in self.constants

    def patterns(self, name: str, given: list[Any], zeros: list[int]) -> set[tuple[int, ...]]:
        """The positions of blank zeros, one set per way of matching the given arguments to formulas."""
        count = max((i + 1 for i, value in enumerate(given) if value is not None), default=0)
        found = set()
        for known, by_values in self.calls.get(name, {}).items():
            if not known or known[-1] < len(given):
                for length, blank in by_values.get(tuple(given[i] for i in known), ()):
                    if length >= count:
                        found.add(tuple(i for i in blank if i in zeros))
        return found


def cells(sheet: Any, number: int, flags: int) -> list[tuple[Place, Any]]:
    """Position and content of every cell of a kind."""
    found = []
    for area in sheet.queryContentCells(flags).RangeAddresses:
        block = sheet.getCellRangeByPosition(
            area.StartColumn, area.StartRow, area.EndColumn, area.EndRow
        )
        rows = block.getFormulaArray() if flags == FORMULAS else block.getDataArray()
        for i, row in enumerate(rows):
            for j, content in enumerate(row):
                found.append(((number, area.StartColumn + j, area.StartRow + i), content))
    return found


class Blanks:
    """Replaces zeros that are blank cells by None; keeps the index during one recalculation."""

    def __init__(self) -> None:
        self.index: Index | None = None
        self.last = 0.0  # when the last call ended

    def restore(self, document: Any, name: str, given: list[Any], open_: list[int]) -> list[Any]:
        """The arguments with None for blank cells.

        Args:
            document: the document that called.
            name: the function.
            given: the arguments as Calc passed them.
            open_: positions at which a blank is not the same as a zero.

        Raises:
            Unknown: matching formulas disagree.
        """
        zeros = [i for i in open_ if i < len(given) and type(given[i]) is float and not given[i]]
        if not zeros or document is None:
            return given
        found = self.current(document).patterns(name, given, zeros)
        if not found:  # the formulas may have changed since
            self.index = Index(document)
            found = self.index.patterns(name, given, zeros)
        if len(found) > 1:
            raise Unknown(name)
        blank = next(iter(found), ())
        return [None if i in blank else value for i, value in enumerate(given)]

    def current(self, document: Any) -> Index:
        """The index, rebuilt after a pause in which the document may have changed."""
        now, index = time.monotonic(), self.index
        if index is not None and index.document == document:
            paused = now - self.last > GAP_SECONDS
            if not (paused and now - index.built > 2 * index.cost):
                return index
        self.index = Index(document)
        return self.index

    def done(self) -> None:
        """Note the end of a call."""
        self.last = time.monotonic()
