"""Columns that repeat one another: scenarios, months; known from the twin's formulas."""

from openpyxl.utils import coordinate_to_tuple

from roi_xl.workbook.check.formula import moved, parse
from roi_xl.workbook.check.subject import Subject, coordinate


def repeating(subject: Subject, title: str) -> set[tuple[int, int]]:
    """Neighbouring columns of a sheet that hold the same formula, moved, in most of their rows."""
    cache: dict[str, set[tuple[int, int]]] = subject.notes.setdefault("repeating", {})
    if title not in cache:
        same: dict[tuple[int, int], list[bool]] = {}
        formulas = {
            coordinate_to_tuple(at.cell): formula
            for at, formula in subject.twin.formulas.items()
            if at.sheet == title
        }
        for (row, column), formula in formulas.items():
            left = formulas.get((row, column - 1))
            if left is not None:
                moves = moved(left, coordinate(row, column - 1), coordinate(row, column))
                same.setdefault((column - 1, column), []).append(moves == parse(formula).spelling)
        cache[title] = {pair for pair, found in same.items() if sum(found) * 2 > len(found)}
    return cache[title]
