"""Which formula depends on which, and where that runs in a circle."""

from collections.abc import Iterator

from openpyxl.utils import coordinate_to_tuple

from roi_xl.workbook.check.opened import At
from roi_xl.workbook.check.subject import Subject


def dependencies(subject: Subject) -> dict[At, list[At]]:
    """Formula cell → the formula cells it reads."""
    by_sheet: dict[str, dict[tuple[int, int], At]] = {}
    for at in subject.file.formulas:
        by_sheet.setdefault(at.sheet, {})[coordinate_to_tuple(at.cell)] = at
    found: dict[At, list[At]] = {}
    for at, _, parsed in subject.formulas():
        reads: dict[At, None] = {}
        for reference in (r for r in parsed.references if r.reads):
            for title, box in subject.targets(at, reference):
                reads.update(dict.fromkeys(_inside(by_sheet.get(title, {}), box)))
        found[at] = list(reads)
    return found


def _inside(cells: dict[tuple[int, int], At], box: tuple[int, int, int, int]) -> Iterator[At]:
    left, top, right, bottom = box
    if (right - left + 1) * (bottom - top + 1) <= len(cells):
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) in cells:
                    yield cells[row, column]
    else:
        for (row, column), at in cells.items():
            if top <= row <= bottom and left <= column <= right:
                yield at


def loops(subject: Subject) -> Iterator[list[At]]:
    """Each circle once, as the path from a cell back to itself."""
    reads = dependencies(subject)
    done: set[At] = set()
    for start in reads:
        if start in done:
            continue
        path: list[At] = [start]
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
