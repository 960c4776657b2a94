"""Recomputes simple formulas that a person typed into an input: arithmetic over typed numbers.

A stored value may be older than the cells it depends on, so it is trusted only where the formula cannot
be recomputed here. Covered: numbers, `+ - * / ^ %`, brackets, cells of the file, and SUM, AVERAGE, MIN,
MAX, PRODUCT, ABS and ROUND. Nothing is run or followed outside the file.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from roi_xl.xlsx.addresses import Area, area_of
from roi_xl.xlsx.cell_reader import Cell, Contents, Place, column_number

LONGEST = 500  # characters
MOST_CELLS = 10_000  # cells that one formula may read
DEEPEST = 40  # formulas that read formulas, and brackets
ROWS, COLUMNS = 2_000, 100  # the part of a sheet in which cells are looked up
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<area>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?{_CELL}(?::{_CELL})?)(?![\w.(!])
    |(?P<function>[A-Za-z][A-Za-z0-9.]*)\(
    |(?P<name>[^\W\d][\w.]*)(?![\w.(!])
    |(?P<mark>[-+*/^%(),;])
    )\s*""",
    re.VERBOSE,
)
_AREA = re.compile(r"(?:(.+)!)?\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?$")


class CannotRecompute(Exception):
    """A formula holds something that is not covered, or has no finite value."""


class _Token(NamedTuple):
    kind: str
    text: str


def _round(value: float, places: float) -> float:
    """Rounded half away from zero, as spreadsheets do."""
    scale = 10.0 ** int(places)
    scaled = abs(value) * scale
    nearest = math.floor(scaled + 0.5)
    if abs(scaled + 0.5 - nearest) < 1e-9 * max(1.0, scaled):  # 1.005 is stored as 1.00499…
        raise CannotRecompute
    return math.copysign(nearest / scale, value)


_OVER_LISTS: dict[str, Callable[[list[float]], float]] = {
    "SUM": math.fsum,
    "AVERAGE": lambda numbers: math.fsum(numbers) / len(numbers),
    "MIN": min,
    "MAX": max,
    "PRODUCT": math.prod,
}
_OVER_VALUES: dict[str, tuple[int, Callable[..., float]]] = {"ABS": (1, abs), "ROUND": (2, _round)}


class Recomputation:
    """Recomputes formulas of one workbook; cells are read once a sheet."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._cells: dict[str, dict[Place, Cell]] = {}
        self._known: dict[tuple[str, Place], float | None] = {}
        self._open: set[tuple[str, Place]] = set()

    def value(self, sheet: str, formula: str) -> float | None:
        """The value of a formula (with `=`) on a sheet; None where it cannot be recomputed."""
        try:
            found = _Reader(self, sheet, formula).result()
        except (CannotRecompute, ZeroDivisionError, OverflowError, ValueError, RecursionError):
            return None
        return found if math.isfinite(found) else None

    def area(self, sheet: str, written: str) -> Area:
        """The cells that a reference in a formula means."""
        match = _AREA.match(written)
        if match is None:
            named = area_of(self._contents, written)
            if named is None:
                raise CannotRecompute
            return named
        title = sheet if match[1] is None else match[1].strip("'").replace("''", "'")
        if title not in self._contents.sheets:
            raise CannotRecompute
        top, left = int(match[3]), column_number(match[2].upper())
        bottom, right = (
            (int(match[5]), column_number(match[4].upper())) if match[4] else (top, left)
        )
        if bottom > ROWS or right > COLUMNS or (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            raise CannotRecompute
        return Area(title, top, left, bottom, right)

    def numbers(self, area: Area) -> Iterator[float]:
        """The numbers in an area; blank cells and texts are passed over, as SUM does."""
        for place, cell in self._sheet(area.sheet).items():
            if area.holds(*place):
                if cell.formula is not None:
                    yield self._computed(area.sheet, place, cell)
                elif isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                    yield float(cell.value)

    def number(self, area: Area) -> float:
        """The number in a single cell; a blank counts as 0."""
        place = (area.top, area.left)
        cell = self._sheet(area.sheet).get(place, Cell(0.0))
        if cell.formula is not None:
            return self._computed(area.sheet, place, cell)
        if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)):
            raise CannotRecompute
        return float(cell.value)

    def _sheet(self, title: str) -> dict[Place, Cell]:
        if title not in self._cells:
            near = {title: lambda row, column: row <= ROWS and column <= COLUMNS}
            self._cells[title] = self._contents.cells(near)[title]
        return self._cells[title]

    def _computed(self, sheet: str, place: Place, cell: Cell) -> float:
        key = (sheet, place)
        if key not in self._known:
            if key in self._open or len(self._open) >= DEEPEST:  # a circle, or as good as one
                raise CannotRecompute
            self._open.add(key)
            self._known[key] = self.value(sheet, cell.formula or "")
            self._open.discard(key)
        found = self._known[key]
        if found is None:
            raise CannotRecompute
        return found


class _Reader:
    """Recursive descent over one formula, with the precedence of spreadsheets (-2^2 is 4)."""

    def __init__(self, book: Recomputation, sheet: str, formula: str) -> None:
        self._book, self._sheet = book, sheet
        self._tokens = list(_tokens(formula))
        self._at = 0
        self._depth = 0

    def result(self) -> float:
        value = self._sum()
        if self._at < len(self._tokens):
            raise CannotRecompute
        return value

    def _taken(self, *marks: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at] in [
            _Token("mark", m) for m in marks
        ]:
            self._at += 1
            return self._tokens[self._at - 1].text
        return None

    def _sum(self) -> float:
        value = self._product()
        while mark := self._taken("+", "-"):
            value = value + self._product() if mark == "+" else value - self._product()
        return value

    def _product(self) -> float:
        value = self._power()
        while mark := self._taken("*", "/"):
            value = value * self._power() if mark == "*" else value / self._power()
        return value

    def _power(self) -> float:
        value = self._signed()
        while self._taken("^"):
            value = value ** self._signed()
            if isinstance(value, complex):
                raise CannotRecompute
        return value

    def _signed(self) -> float:
        if mark := self._taken("-", "+"):
            return -self._signed() if mark == "-" else self._signed()
        value = self._operand()
        while self._taken("%"):
            value /= 100
        return value

    def _operand(self) -> float:
        self._depth += 1
        if self._at >= len(self._tokens) or self._depth > DEEPEST:
            raise CannotRecompute
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "number":
            value = float(token.text)
        elif token.kind in ("area", "name"):
            area = self._book.area(self._sheet, token.text)
            if not area.is_cell:
                raise CannotRecompute
            value = self._book.number(area)
        elif token.kind == "function":
            value = self._function(token.text.upper())
        elif token.text == "(":
            value = self._sum()
            if not self._taken(")"):
                raise CannotRecompute
        else:
            raise CannotRecompute
        self._depth -= 1
        return value

    def _function(self, name: str) -> float:
        if name in _OVER_LISTS:
            numbers = [n for argument in self._arguments(lists=True) for n in argument]
            if not numbers:
                raise CannotRecompute
            return _OVER_LISTS[name](numbers)
        if name not in _OVER_VALUES:
            raise CannotRecompute
        count, function = _OVER_VALUES[name]
        values = [n for argument in self._arguments(lists=False) for n in argument]
        if len(values) != count:
            raise CannotRecompute
        return function(*values)

    def _arguments(self, *, lists: bool) -> list[list[float]]:
        found = []
        while True:
            alone = self._at + 1 < len(self._tokens) and self._tokens[self._at + 1].text in ",;)"
            token = self._tokens[self._at] if self._at < len(self._tokens) else None
            if lists and alone and token is not None and token.kind in ("area", "name"):
                self._at += 1
                found.append(list(self._book.numbers(self._book.area(self._sheet, token.text))))
            else:
                found.append([self._sum()])
            if self._taken(")"):
                return found
            if not self._taken(",", ";"):
                raise CannotRecompute


def _tokens(formula: str) -> Iterator[_Token]:
    if len(formula) > LONGEST:
        raise CannotRecompute
    at = 1  # after the equals sign
    while at < len(formula):
        match = _TOKEN.match(formula, at)
        if match is None or match.lastgroup is None:
            raise CannotRecompute
        yield _Token(match.lastgroup, match[match.lastgroup])
        at = match.end()
