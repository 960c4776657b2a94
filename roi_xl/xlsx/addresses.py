"""Defined names of a workbook file, and the cells they refer to."""

import re
from dataclasses import dataclass

from roi_xl.xlsx.cell_reader import Contents, address, column_number

_TARGET = re.compile(
    r"'?((?:[^']|'')+?)'?!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?$"
)


@dataclass(frozen=True, slots=True)
class Area:
    """The cell or block of cells that a name refers to; rows and columns count from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def is_cell(self) -> bool:
        """Whether it is a single cell."""
        return (self.top, self.left) == (self.bottom, self.right)

    def __str__(self) -> str:
        """The area as a person writes it: Inputs!C7:C60."""
        first, last = address(self.top, self.left), address(self.bottom, self.right)
        return f"{self.sheet}!{first}" if self.is_cell else f"{self.sheet}!{first}:{last}"


def area_of(contents: Contents, name: str) -> Area | None:
    """The area of a name; None where the file lacks it, or it does not refer to known cells."""
    targets = set(contents.targets(name))
    if len(targets) != 1:
        return None
    match = _TARGET.match(targets.pop())
    if match is None:
        return None
    sheet = _listed(contents, match[1].replace("''", "'"))
    if sheet is None:
        return None
    top, left = int(match[3]), column_number(match[2])
    bottom, right = (int(match[5]), column_number(match[4])) if match[4] else (top, left)
    return Area(sheet, top, left, bottom, right)


def _listed(contents: Contents, title: str) -> str | None:
    """The sheet of this title, matched without case as spreadsheets do."""
    if title in contents.sheets:
        return title
    folded = title.casefold()
    return next((known for known in contents.sheets if known.casefold() == folded), None)


def is_broken(contents: Contents, name: str) -> bool:
    """Whether the file has a name that does not refer to known cells."""
    return bool(contents.targets(name)) and area_of(contents, name) is None
