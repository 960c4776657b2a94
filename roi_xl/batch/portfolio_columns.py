"""The columns of a portfolio's table of cases, and what its rows add up to."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from openpyxl.utils import get_column_letter

from roi_xl.batch.columns import ERROR, known_names
from roi_xl.batch.frame import Evaluated
from roi_xl.batch.table import Chunk
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.case.step import Step
from roi_xl.case.steps import STEPS
from roi_xl.functions.bounds import codes, fold, words
from roi_xl.text import text

KEY_ROW, HEADING_ROW, FIRST_ROW = 3, 4, 5
BY = "recommendation"  # the result by which the cases are counted
SUMMED = ("usd", "usd_per_month")


@dataclass(frozen=True, slots=True)
class OutHeading:
    """A column of the table of cases."""

    letters: str
    heading: Any  # in the file of cases; for a result its key
    key: str
    shown: str
    entry: Input | None = None
    step: Step | None = None
    is_date: bool = False

    @property
    def summed(self) -> bool:
        """Whether the totals row adds it up."""
        return self.step is not None and self.step.quantity.unit.key in SUMMED

    def entry_word(self, cell: Any, language: str) -> Any:
        """A word of a closed set in the workbook's language, whose lists the formulas read."""
        assert self.entry is not None
        code = None if cell is None else codes(self.entry.quantity.choices).get(fold(str(cell)))
        return cell if code is None else words(self.entry.quantity, language)[int(code)]

    def default(self, language: str) -> Any:
        """What a blank cell means."""
        return None if self.entry is None else self.entry.shown(self.entry.default, language)


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The columns of the table of cases, from left to right."""

    columns: tuple[OutHeading, ...]

    @classmethod
    def of(cls, chunk: Chunk, language: str) -> "HeadingRow":
        """Carried columns and inputs as they stand in the cases, then the results, then errors."""
        table = chunk.table
        headings = list(table.columns) if hasattr(table, "columns") else []
        headings = list(getattr(table, "column_names", headings))
        taken: set[str] = set()
        made: list[OutHeading] = []

        def add(heading: Any, key: str, shown: str, **more: Any) -> None:
            unique, count = shown or "–", 2
            while unique.casefold() in taken:
                unique, count = f"{shown} ({count})", count + 1
            taken.add(unique.casefold())
            made.append(OutHeading(get_column_letter(len(made) + 1), heading, key, unique, **more))

        for heading in headings:
            name = known_names().get(fold(str(heading)))
            if name is not None and heading in chunk.inputs:
                add(heading, name, INPUTS[name].label(language), entry=INPUTS[name])
            else:
                some = next((c for c in chunk.cells(heading) if c is not None), None)
                add(heading, "", str(heading), is_date=hasattr(some, "year"))
        for step in STEPS:
            add(step.name, step.name, step.label(language), step=step)
        add(ERROR, ERROR, text("batch.error", language))
        return cls(tuple(made))


@dataclass(slots=True)
class Totals:
    """Sums and counts of what was written, for the cached values of totals row and summary."""

    by_sheet: dict[int, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, "np.ndarray[Any, Any]"] = field(default_factory=dict)
    sums: dict[tuple[str, str], "np.ndarray[Any, Any]"] = field(default_factory=dict)
    bad: int = 0

    def add(self, done: Evaluated, part: slice, sheet: int) -> None:
        """Count rows that were written to a sheet."""
        self.bad += sum(part.start <= row < part.stop for row in done.messages)
        sums = self.by_sheet.setdefault(sheet, {})
        good = np.ones(part.stop - part.start, bool)
        good[[r - part.start for r in done.messages if part.start <= r < part.stop]] = False
        codes = done.values[BY][part]
        for step in STEPS:
            if step.quantity.unit.key in SUMMED:
                values = np.nan_to_num(done.values[step.name][part], posinf=0.0) * good
                sums[step.name] = sums.get(step.name, 0.0) + float(values.sum())
                classed = good & (codes >= 0)
                weights = np.bincount(codes[classed], values[classed], minlength=8)
                key = (BY, step.name)
                self.sums[key] = self.sums.get(key, np.zeros(8)) + weights
        counted = np.bincount(codes[good & (codes >= 0)], minlength=8)
        self.counts[BY] = self.counts.get(BY, np.zeros(8)) + counted

    def row(
        self, heading: HeadingRow, sheet: int, rows: int, language: str
    ) -> list[tuple[str, Any, str | None]]:
        """Letters, value and formula of the cells of a sheet's totals row."""
        cells: list[tuple[str, Any, str | None]] = []
        for place, column in enumerate(heading.columns):
            if column.summed:
                value = self.by_sheet.get(sheet, {}).get(column.key, 0.0)
                span = f"{column.letters}{FIRST_ROW}:{column.letters}{FIRST_ROW + rows - 1}"
                cells.append((column.letters, value, f"SUBTOTAL(109,{span})"))
            else:
                shown = text("batch.total", language) if place == 0 else None
                cells.append((column.letters, shown, None))
        return cells
