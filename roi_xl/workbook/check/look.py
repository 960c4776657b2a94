"""Rules about the eye and the lock: colours by style, contrast, protection."""

from collections.abc import Iterator
from typing import Any

from openpyxl.cell import Cell

from roi_xl.workbook.check.colour import LEAST_CONTRAST, WHITE, contrast, ground, ink, rgb
from roi_xl.workbook.check.declare import Fault, Skip, rule
from roi_xl.workbook.check.formula import parse
from roi_xl.workbook.check.opened import At
from roi_xl.workbook.check.subject import Subject
from roi_xl.workbook.style import INK, INPUT_BLUE, INPUT_FILL, LINK_GREEN

_INPUT = (INPUT_BLUE[-6:], INPUT_FILL[-6:])


@rule(14, compares=True)
def colours_by_style(subject: Subject) -> Iterator[Fault | Skip]:
    """Each cell has the colours of its named style; inputs, formulas and links have theirs."""
    styles = {s.name: _looks(s) for s in subject.twin.book._named_styles}  # type: ignore[attr-defined]
    foreign = subject.file.saved_by not in ("roi_xl", "openpyxl")
    if foreign:
        yield Skip("styles_rewritten")
    typed = subject.typed
    for at, cell in subject.cells():
        twin = subject.twin.cells.get(at)
        style = (twin.style if twin else "") if foreign else cell.style
        shown = subject.file.looks(cell)
        if at in typed and shown != _INPUT:
            yield Fault(*at, "input_colour", " / ".join(shown), " / ".join(_INPUT))
        elif style in styles and shown != styles[style]:
            yield Fault(*at, "colour", " / ".join(shown), " / ".join(styles[style]))
        elif style not in styles and not foreign and at not in typed and twin is not None:
            yield Fault(*at, "no_style", cell.style)
        if at in subject.file.formulas and not (
            twin is not None and twin.style.startswith("ft_heading")
        ):
            yield from _formula_colour(subject, at, cell)


def _looks(style: Any) -> tuple[str, str]:
    return ink(style), ground(style)


def _formula_colour(subject: Subject, at: At, cell: Cell) -> Iterator[Fault]:
    """A number is black, or green and italic where it only repeats another sheet's cell; so are words."""
    formula, (text, _) = subject.file.formulas[at], subject.file.looks(cell)
    only = parse(formula).references[:2]
    is_link = len(only) == 1 and only[0].text == formula and only[0].sheet not in (None, at.sheet)
    green, black = LINK_GREEN[-6:], INK[-6:]
    if is_link and (text != green or not cell.font.italic):
        yield Fault(*at, "link_colour", text, green)
    elif subject.is_number(at) and (text != black and not (text == green and cell.font.italic)):
        yield Fault(*at, "formula_colour", text, f"{black}, {green}")


@rule(15)
def readable_contrast(subject: Subject) -> Iterator[Fault | Skip]:
    """Text stands out 4.5 : 1 from its ground, and a colour that changes comes with words."""
    seen: set[tuple[str, str, str]] = set()
    for at, cell in subject.file.cells.items():
        looks = (at.sheet, *subject.file.looks(cell))
        if looks not in seen:
            seen.add(looks)
            ratio = contrast(looks[1], looks[2])
            if ratio < LEAST_CONTRAST:
                yield Fault(*at, "contrast", f"{ratio:g} ({looks[1]} / {looks[2]})")
    for title, ws in subject.file.sheets.items():
        for ranges in ws.conditional_formatting:
            for condition in ranges.rules:
                first = str(ranges.sqref).split(":")[0].split()[0]
                yield from _conditional(subject, ws[first], At(title, first), ranges, condition)


def _conditional(
    subject: Subject, cell: Cell, at: At, ranges: Any, condition: Any
) -> Iterator[Fault]:
    dxf = condition.dxf
    if dxf is None:
        return
    text = rgb(dxf.font.color, ink(cell)) if dxf.font is not None else ink(cell)
    fill = ground(cell)
    if dxf.fill is not None:
        fill = rgb(dxf.fill.bgColor if dxf.fill.fill_type in (None, "solid") else None, WHITE)
    ratio = contrast(text, fill)
    if ratio < LEAST_CONTRAST:
        yield Fault(*at, "contrast", f"{ratio:g} ({text} / {fill})")
    if not _has_words(subject, at.sheet, ranges):
        yield Fault(*at, "colour_alone", str(ranges.sqref))


def _has_words(subject: Subject, title: str, ranges: Any) -> bool:
    """Whether a cell under the condition, or its row, says in words what the colour says."""
    ws = subject.file.sheets[title]
    rows = {r for box in ranges.sqref.ranges for r in range(box.min_row, box.max_row + 1)}
    for (row, _), cell in ws._cells.items():
        if row in rows and isinstance(subject.file.value(At(title, cell.coordinate)), str):
            return True
    return not subject.file.has_values


@rule(36, compares=True)
def protected_without_password(subject: Subject) -> Iterator[Fault | Skip]:
    """Each sheet is protected without a password, only inputs are unlocked, columns can be resized."""
    open_cells = subject.typed
    for _, ws, _ in subject.pairs():
        lock = ws.protection
        if not lock.sheet:
            yield Fault(ws.title, "", "not_protected")
        if lock.password or lock.hashValue:
            yield Fault(ws.title, "", "password")
        if lock.formatColumns:
            yield Fault(ws.title, "", "columns_fixed")
    found = set(subject.file.unlocked(subject.keys))
    for at in sorted(found - open_cells):
        if at in subject.twin.cells or at in subject.file.formulas:
            yield Fault(*at, "unlocked")
    for at in sorted(open_cells - found):
        if at.sheet in subject.file.sheets:
            yield Fault(*at, "input_locked")
