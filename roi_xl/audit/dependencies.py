"""Which formula depends on which, and where that runs in a circle."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.formula_parts import Box
from roi_xl.audit.repeated_columns import corner
from roi_xl.audit.snapshot import CellRef


def dependencies(comparison: Comparison) -> dict[CellRef, list[CellRef]]:
    """Formula cell → the formula cells it reads."""
    rows: dict[str, dict[int, tuple[list[int], list[CellRef]]]] = {}
    for at in sorted(comparison.file.formulas, key=corner):
        row, column = corner(at)
        columns, cells = rows.setdefault(at.sheet, {}).setdefault(row, ([], []))
        columns.append(column)
        cells.append(at)
    found: dict[CellRef, list[CellRef]] = {}
    for at, _, parsed in comparison.formulas():
        found[at] = [
            cell
            for reference in parsed.references
            if reference.reads
            for title, box in comparison.targets(at, reference)
            for cell in _inside(rows.get(title, {}), box)
        ]
    return found


def _inside(rows: dict[int, tuple[list[int], list[CellRef]]], box: Box) -> Iterator[CellRef]:
    left, top, right, bottom = box
    wanted = range(top, bottom + 1)
    for row in wanted if len(wanted) <= len(rows) else [r for r in rows if r in wanted]:
        if row in rows:
            columns, cells = rows[row]
            yield from cells[bisect_left(columns, left) : bisect_right(columns, right)]


def loops(comparison: Comparison) -> Iterator[list[CellRef]]:
    """Each circle once, as the path from a cell back to itself."""
    reads = dependencies(comparison)
    done: set[CellRef] = set()
    for start in reads:
        if start in done:
            continue
        path: list[CellRef] = [start]
        on_path = {start: 0}
        branches = [iter(reads[start])]
        while branches:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                finished = path.pop()
                del on_path[finished]
                done.add(finished)
            elif following in on_path:
                yield [*path[on_path[following] :], following]
            elif following not in done and following in reads:
                on_path[following] = len(path)
                path.append(following)
                branches.append(iter(reads[following]))
