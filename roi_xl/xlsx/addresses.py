"""Workbook-wide names by which a reader finds cells, and the areas that they stand for."""

import re
from dataclasses import dataclass

from roi_xl.xlsx.cell_reader import Contents, column_number

PRICE_TABLE = "gpu_price_table"
LLM_LISTED = "llm_listed_rows"
LLM_ADDED = "llm_added_rows"
ALTERNATIVES = "alternative_values"
RANGE_ENDS = ("low", "likely", "high")
_TARGET = re.compile(
    r"'?((?:[^']|'')+?)'?!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?$"
)


@dataclass(frozen=True, slots=True)
class Area:
    """What a name stands for: a cell, or a block of them."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def area_of(contents: Contents, name: str) -> Area | None:
    """The area of a name; None where the file has no such name, or it means no cells."""
    match = _TARGET.match(contents.names.get(name, ""))
    if match is None:
        return None
    sheet = match[1].replace("''", "'")
    if sheet not in contents.sheets:
        return None
    top, left = int(match[3]), column_number(match[2])
    bottom, right = (int(match[5]), column_number(match[4])) if match[4] else (top, left)
    return Area(sheet, top, left, bottom, right)
