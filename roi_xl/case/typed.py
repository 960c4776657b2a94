"""What a person typed into a workbook beside its case, by keys that neither layout nor language changes.

A study takes it along, so that a workbook written from one that somebody filled in holds it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str, str]  # the block of cells, the row's key in it, the column's


@dataclass(frozen=True, slots=True)
class Typed:
    """Typed cells by key, rows added to tables, alternatives, and what a new workbook cannot hold."""

    cells: Mapping[Key, Any] = field(default_factory=dict)
    rows: Mapping[str, tuple[tuple[Any, ...], ...]] = field(default_factory=dict)
    # name and set values of each alternative, from the left; None where there is no such sheet
    alternatives: tuple[tuple[str, Mapping[str, Any]], ...] | None = None
    sheets: tuple[str, ...] = ()  # sheets that are none of ours
    commented: tuple[str, ...] = ()  # sheets of ours with comments
    formulas: tuple[str, ...] = ()  # cells in which a formula was typed; their values are kept

    def cell(self, block: str, row: str = "", column: str = "", default: Any = None) -> Any:
        """What was typed into a cell, which may be nothing; `default` where it was not read."""
        return self.cells.get((block, row, column), default)

    @property
    def left_behind(self) -> bool:
        """Whether a workbook written from this one lacks something of it."""
        return bool(self.sheets or self.commented or self.formulas)
