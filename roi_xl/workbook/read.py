"""The only reader of workbooks: a size guard, then the inputs by defined name or key."""

import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.functions.bounds import allowed
from roi_xl.functions.evaluate import read_value, show

MOST_BYTES = 200_000_000  # of all parts together, unpacked
MOST_PARTS = 5_000
_TARGET = re.compile(r"^'?((?:[^']|'')+?)'?!\$?([A-Z]{1,3})\$?(\d+)$")


def read_workbook(path: Path) -> Case:
    """The case that a person filled in, from whichever program saved it.

    Raises:
        BadWorkbook: the file is no workbook, or holds none of the inputs.
        BadInput: a cell holds what its input may not be; the message names the cell.
    """
    formulas = _load(path, data_only=False)
    values: Workbook | None = None  # read only if an input holds a formula
    found: dict[str, object] = {}
    for name, sheet, cell in _cells(formulas):
        raw = formulas[sheet][cell].value
        where = f"{sheet}!{cell}"
        if isinstance(raw, str) and raw.startswith("="):
            values = values or _load(path, data_only=True)
            formula, raw = raw, values[sheet][cell].value
            if raw is None:
                raise BadInput(
                    "cell_no_value", path=path, cell=where, found=formula, **_about(name)
                )
        _, code = read_value(INPUTS[name].param, raw)
        if code:
            rule = allowed(INPUTS[name].quantity)
            raise BadInput(
                "cell_value", path=path, cell=where, found=show(raw), allowed=rule, **_about(name)
            )
        found[name] = raw
    if not found:
        raise BadWorkbook("no_inputs", path=path)
    return Case(**found)


def workbook_language(path: Path) -> str | None:
    """The language a workbook of ours was made in, None for any other file."""
    from roi_xl.text import LANGUAGES, text

    titles = _load(path, data_only=False).sheetnames
    for language in LANGUAGES:
        if text("workbook.sheet.inputs.title", language) in titles:
            return language
    return None


def _about(name: str) -> dict[str, str]:
    return {"name": name, "label": INPUTS[name].label()}


def _load(path: Path, *, data_only: bool) -> Workbook:
    guard(path)
    try:
        return load_workbook(path, data_only=data_only)
    except Exception as error:  # noqa: BLE001 - openpyxl raises six unrelated kinds on odd files
        raise BadWorkbook("not_a_workbook", path=path, reason=_reason(error)) from None


def guard(path: Path) -> None:
    """Refuse what is no archive, or would unpack to more than a workbook needs.

    Raises:
        BadWorkbook: saying which.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadWorkbook("not_a_workbook", path=path, reason=_reason(error)) from None
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES or len(parts) > MOST_PARTS:
        reason = f"{len(parts)} parts, {size / 1e6:,.0f} MB"
        raise BadWorkbook("not_a_workbook", path=path, reason=reason)


def _reason(error: Exception) -> str:
    said = str(error).split("\n")[0].strip()
    return said[:120] or type(error).__name__


def _cells(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Name, sheet and cell of every input: by defined name, else beside its key."""
    keys: dict[str, tuple[str, str]] | None = None
    for name in INPUTS:
        place = _named(book, name)
        if place is None:
            keys = _by_key(book) if keys is None else keys
            place = keys.get(name)
        if place is not None:
            yield (name, *place)


def _named(book: Workbook, name: str) -> tuple[str, str] | None:
    defined: Any = book.defined_names.get(name)
    match = _TARGET.match(defined.attr_text or "") if defined is not None else None
    if match is None:
        return None
    sheet = match[1].replace("''", "'")
    return (sheet, f"{match[2]}{match[3]}") if sheet in book.sheetnames else None


def _by_key(book: Workbook) -> dict[str, tuple[str, str]]:
    places: dict[str, tuple[str, str]] = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_col=8, max_row=500):
            for key, value in pairwise(row):
                if isinstance(key.value, str) and key.value in INPUTS:
                    places.setdefault(key.value, (sheet.title, value.coordinate))
    return places
