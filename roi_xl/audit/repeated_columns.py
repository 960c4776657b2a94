"""Columns that repeat each other, such as scenarios and months, as the twin's formulas show."""

from typing import NamedTuple

from roi_xl.audit.comparison import Comparison, coordinate
from roi_xl.audit.formula_parts import corners, parse
from roi_xl.audit.snapshot import CellRef, Snapshot

MOST = 0.9  # share of rows that must repeat; the rest would be faults


class Pair(NamedTuple):
    """Two neighbouring columns under one heading row."""

    heading: int
    left: int
    right: int


def relative(snapshot: Snapshot, at: CellRef) -> tuple[object, ...] | None:
    """A cell's formula as it reads in every cell that it is copied to."""
    formula = snapshot.formulas.get(at)
    return None if formula is None else parse(formula).relative(*corner(at))


def corner(at: CellRef) -> tuple[int, int]:
    """Row and column of a cell."""
    _, column, _, row = corners(at.cell)[0]
    return row, column


def pair_of(comparison: Comparison, at: CellRef) -> Pair:
    """The column of a cell and the one to its left, under their heading."""
    row, column = corner(at)
    heading = comparison.heading(at.sheet, row)
    return Pair(heading.row if heading else 0, column - 1, column)


def has_key(comparison: Comparison, at: CellRef) -> bool:
    """Whether the row is a line of the model, which has a key; rows above its columns have none."""
    row, _ = corner(at)
    heading = comparison.heading(at.sheet, row)
    column = heading.column(comparison.say("head.key")) if heading else None
    return column is None or CellRef(at.sheet, coordinate(row, column)) in comparison.twin.cells


def beside(at: CellRef) -> CellRef | None:
    """The cell to the left."""
    row, column = corner(at)
    return CellRef(at.sheet, coordinate(row, column - 1)) if column > 1 else None


def repeating(comparison: Comparison, title: str) -> dict[Pair, bool]:
    """Pairs of columns with the same formula in most rows; true where their results are numbers."""
    cache: dict[str, dict[Pair, bool]] = comparison.notes.setdefault("repeating", {})
    odd: set[CellRef] = comparison.notes.setdefault(
        "odd", set()
    )  # cells unlike their left neighbours
    if title not in cache:
        same: dict[Pair, list[bool]] = {}
        numeric: dict[Pair, bool] = {}
        known: dict[CellRef, tuple[object, ...] | None] = {}

        def formula_at(place: CellRef) -> tuple[object, ...] | None:
            if place not in known:
                known[place] = relative(comparison.twin, place)
            return known[place]

        for at in comparison.twin.formulas:
            left = beside(at) if at.sheet == title else None
            if left is None or left not in comparison.twin.formulas:
                continue
            if not has_key(comparison, at):
                continue
            pair = pair_of(comparison, at)
            alike = formula_at(left) == formula_at(at)
            if not alike:
                odd.add(at)
            same.setdefault(pair, []).append(alike)
            shown = (comparison.twin.value(left), comparison.twin.value(at))
            numeric[pair] = numeric.get(pair, False) or all(isinstance(v, float) for v in shown)
        cache[title] = {
            p: numeric[p] for p, found in same.items() if sum(found) >= MOST * len(found)
        }
    return cache[title]
