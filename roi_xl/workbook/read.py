"""The only reader of workbooks: a filled case by defined name or key, never run, never followed."""

import re
from pathlib import Path

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.functions.bounds import allowed
from roi_xl.functions.evaluate import read_value, show
from roi_xl.workbook.contents import Cell, Contents
from roi_xl.workbook.guard import guard, opened
from roi_xl.workbook.parts import column_letters, column_number

__all__ = ["guard", "read_workbook", "workbook_language"]

_TARGET = re.compile(r"'?((?:[^']|'')+?)'?!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$")
# where keys are looked for in a workbook without names
_KEYS_SHEETS, _KEYS_ROWS, _KEYS_COLUMNS = 20, 500, 8


def read_workbook(path: Path) -> Case:
    """The case that a person filled in, from whichever program saved it.

    Raises:
        BadWorkbook: the file is no workbook, or holds none of the inputs.
        BadInput: a cell holds what its input may not be; the message names the cell.
    """
    with opened(path) as archive:
        found = _inputs(Contents(archive))
    if not found:
        raise BadWorkbook("no_inputs", path=path)
    return Case(**{name: _checked(path, name, *at) for name, at in found.items()})


def _checked(path: Path, name: str, where: str, cell: Cell) -> object:
    about = {"path": path, "cell": where, "name": name, "label": INPUTS[name].label()}
    if cell.formula is not None and cell.value is None:
        raise BadInput("cell_no_value", found=cell.formula[:80], **about)
    _, code = read_value(INPUTS[name].param, cell.value)
    if code:
        rule = allowed(INPUTS[name].quantity)
        raise BadInput("cell_value", found=show(cell.value), allowed=rule, **about)
    return cell.value


def workbook_language(path: Path) -> str | None:
    """The language a workbook of ours was made in, None for any other file."""
    from roi_xl.text import LANGUAGES, text

    with opened(path) as archive:
        titles = Contents(archive).sheets
    for language in LANGUAGES:
        if text("workbook.sheet.inputs.title", language) in titles:
            return language
    return None


def _inputs(contents: Contents) -> dict[str, tuple[str, Cell]]:
    """Place and content of every input: by defined name, else beside its key."""
    named = {name: place for name in INPUTS if (place := _named(contents, name))}
    places: dict[str, set[tuple[int, int]]] = {}
    for title, row, column in named.values():
        places.setdefault(title, set()).add((row, column))
    cells = contents.cells(
        {title: lambda r, c, s=s: (r, c) in s for title, s in places.items()}  # type: ignore[misc]
    )
    blank = Cell(None)
    found = {}
    for name, (title, row, column) in named.items():
        address = f"{column_letters(column)}{row}"
        found[name] = (f"{title}!{address}", cells[title].get(address, blank))
    if len(named) < len(INPUTS):
        found = _by_key(contents) | found
    return found


def _named(contents: Contents, name: str) -> tuple[str, int, int] | None:
    match = _TARGET.match(contents.names.get(name, ""))
    if match is None:
        return None
    title = match[1].replace("''", "'")
    return (title, int(match[3]), column_number(match[2])) if title in contents.sheets else None


def _by_key(contents: Contents) -> dict[str, tuple[str, Cell]]:
    titles = list(contents.sheets)[:_KEYS_SHEETS]
    near = contents.cells(dict.fromkeys(titles, _may_hold_keys))
    blank = Cell(None)
    found: dict[str, tuple[str, Cell]] = {}
    for title, cells in near.items():
        for address, cell in cells.items():
            if isinstance(cell.value, str) and cell.value in INPUTS:
                beside = _right_of(address)
                found.setdefault(cell.value, (f"{title}!{beside}", cells.get(beside, blank)))
    return found


def _may_hold_keys(row: int, column: int) -> bool:
    return row <= _KEYS_ROWS and column <= _KEYS_COLUMNS + 1


def _right_of(address: str) -> str:
    letters = address.rstrip("0123456789")
    return f"{column_letters(column_number(letters) + 1)}{address[len(letters) :]}"
