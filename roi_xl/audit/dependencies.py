"""Circular references: which formula depends on which, and where that returns to its start."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.formula_parts import Box, parse
from roi_xl.audit.repeated_columns import corner
from roi_xl.audit.snapshot import CellRef


class Dependencies:
    """The formula cells that each formula of the file reads, worked out as they are asked for."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._rows: dict[str, dict[int, tuple[list[int], list[CellRef]]]] = {}
        for at in sorted(comparison.file.formulas, key=corner):
            row, column = corner(at)
            columns, cells = self._rows.setdefault(at.sheet, {}).setdefault(row, ([], []))
            columns.append(column)
            cells.append(at)

    def of(self, at: CellRef) -> list[CellRef]:
        """The formula cells that a cell's formula reads."""
        formula = self._comparison.file.formulas.get(at)
        return [
            cell
            for reference in (() if formula is None else parse(formula).references)
            if reference.reads
            for title, box in self._comparison.targets(at, reference)
            for cell in _inside(self._rows.get(title, {}), box)
        ]


def _inside(rows: dict[int, tuple[list[int], list[CellRef]]], box: Box) -> Iterator[CellRef]:
    left, top, right, bottom = box
    wanted = range(top, bottom + 1)
    for row in wanted if len(wanted) <= len(rows) else [r for r in rows if r in wanted]:
        if row in rows:
            columns, cells = rows[row]
            yield from cells[bisect_left(columns, left) : bisect_right(columns, right)]


def loops(comparison: Comparison) -> Iterator[list[CellRef]]:
    """Each circular reference once, as the path from a cell back to itself.

    What we build has none, so each passes through a formula that was changed or added.
    """
    starts = list(_changed(comparison))
    if not starts:
        return
    reads = Dependencies(comparison)
    done: set[CellRef] = set()
    for start in starts:
        if start in done:
            continue
        path: list[CellRef] = [start]
        on_path = {start: 0}
        branches = [iter(reads.of(start))]
        while branches:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                finished = path.pop()
                del on_path[finished]
                done.add(finished)
            elif following in on_path:
                yield [*path[on_path[following] :], following]
            elif following not in done:
                on_path[following] = len(path)
                path.append(following)
                branches.append(iter(reads.of(following)))


def _changed(comparison: Comparison) -> Iterable[CellRef]:
    """The formulas on sheets of ours that are not those built; all, where names lead elsewhere."""
    found = {at: f for at, f in comparison.file.formulas.items() if at.sheet in comparison.keys}
    if not comparison.same_version or comparison.names != comparison.twin_names:
        return found
    built = comparison.twin.formulas
    return [
        at
        for at, formula in found.items()
        if formula != (before := built.get(at))
        and (before is None or parse(formula).spelling != parse(before).spelling)
    ]
