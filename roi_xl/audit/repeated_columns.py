"""Columns that repeat one another, such as scenarios and months; known from the twin's formulas."""

from typing import NamedTuple

from roi_xl.audit.comparison import Subject, coordinate
from roi_xl.audit.formula_parts import corners, parse
from roi_xl.audit.snapshot import At, Opened

MOST = 0.9  # of the rows; the rest would be faults


class Pair(NamedTuple):
    """Two neighbouring columns under one header row."""

    heading: int
    left: int
    right: int


def relative(opened: Opened, at: At) -> tuple[object, ...] | None:
    """A cell's formula as it would read in any cell it was copied to."""
    formula = opened.formulas.get(at)
    return None if formula is None else parse(formula).relative(*corner(at))


def corner(at: At) -> tuple[int, int]:
    """Row and column of a cell."""
    _, column, _, row = corners(at.cell)[0]
    return row, column


def pair_of(subject: Subject, at: At) -> Pair:
    """The column of a cell and the one to its left, under their header."""
    row, column = corner(at)
    heading = subject.heading(at.sheet, row)
    return Pair(heading.row if heading else 0, column - 1, column)


def has_key(subject: Subject, at: At) -> bool:
    """Whether the row is a line of the model; what stands above its columns has no key."""
    row, _ = corner(at)
    heading = subject.heading(at.sheet, row)
    column = heading.column(subject.say("head.key")) if heading else None
    return column is None or At(at.sheet, coordinate(row, column)) in subject.twin.cells


def beside(at: At) -> At | None:
    """The cell to the left."""
    row, column = corner(at)
    return At(at.sheet, coordinate(row, column - 1)) if column > 1 else None


def repeating(subject: Subject, title: str) -> dict[Pair, bool]:
    """Columns with the same formula, copied, in most of their rows; true where they show numbers."""
    cache: dict[str, dict[Pair, bool]] = subject.notes.setdefault("repeating", {})
    odd: set[At] = subject.notes.setdefault("odd", set())  # cells unlike their left neighbours
    if title not in cache:
        same: dict[Pair, list[bool]] = {}
        numeric: dict[Pair, bool] = {}
        for at in subject.twin.formulas:
            left = beside(at) if at.sheet == title else None
            if left is None or left not in subject.twin.formulas:
                continue
            if not has_key(subject, at):
                continue
            pair = pair_of(subject, at)
            alike = relative(subject.twin, left) == relative(subject.twin, at)
            if not alike:
                odd.add(at)
            same.setdefault(pair, []).append(alike)
            shown = (subject.twin.value(left), subject.twin.value(at))
            numeric[pair] = numeric.get(pair, False) or all(isinstance(v, float) for v in shown)
        cache[title] = {
            p: numeric[p] for p, found in same.items() if sum(found) >= MOST * len(found)
        }
    return cache[title]
