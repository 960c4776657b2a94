"""A freshly built workbook to plant faults in, quick to take anew, and what a rule then says."""

import copy
import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.rule import RULES, Fault, Verdict, judge
from roi_xl.audit.run import prepare
from roi_xl.audit.snapshot import CellRef, Snapshot
from roi_xl.workbook.build import workbook_bytes
from roi_xl.workbook.save import pack

Patch = pytest.MonkeyPatch
TODAY = dt.date(2026, 10, 1)
Change = Callable[[dict[str, bytes]], None]


@cache
def file_bytes(language: str = "en") -> bytes:
    return workbook_bytes(None, language)


@cache
def _pristine(language: str) -> Comparison:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.xlsx"
        path.write_bytes(file_bytes(language))
        return prepare(path, today=TODAY)


@cache
def faults_before(language: str) -> dict[int, frozenset[tuple[str, str]]]:
    """What each rule says of a workbook that nobody has changed."""
    whole = _pristine(language)
    verdicts = {number: judge(rule, whole) for number, rule in RULES.items()}
    return {n: frozenset((f.key, f.place) for f in v.faults) for n, v in verdicts.items()}


def _beside(file: Snapshot, language: str) -> Comparison:
    """The file beside the twin that is built once."""
    whole = _pristine(language)
    faults_before(language)
    comparison = Comparison(
        file, whole.twin, language, expected=whole.expected, filled=whole.filled, today=TODAY
    )
    # what the twin alone decides need not be worked out again
    comparison.notes = {
        key: whole.notes[key]
        for key in ("repeating", "odd", "as_built", "twin_alone")
        if key in whole.notes
    }
    comparison.__dict__["typed"], comparison.__dict__["headings"] = whole.typed, whole.headings
    return comparison


def fresh(language: str = "en") -> Comparison:
    """A new workbook of ours; its cells are shared, so changes to them must be taken back."""
    file = copy.copy(_pristine(language).file)
    file.stored, file.parts, file._colours = dict(file.stored), dict(file.parts), {}
    forget(file)
    return _beside(file, language)


def changed(change: Change, language: str = "en") -> Comparison:
    """A workbook whose parts were changed in the file."""
    with zipfile.ZipFile(io.BytesIO(file_bytes(language))) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    change(parts)
    return _beside(snapshot(pack(parts)), language)


def snapshot(data: bytes) -> Snapshot:
    """The snapshot of a finished file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "changed.xlsx"
        path.write_bytes(data)
        return Snapshot.of_file(path)


def forget(opened: Snapshot) -> None:
    """Take back what was worked out from the cells before they were changed."""
    for name in ("cells", "formulas", "saved_by", "application", "sheet_parts"):
        opened.__dict__.pop(name, None)


def verdict(comparison: Comparison, number: int) -> Verdict:
    for name in ("parsed", "names", "named_boxes", "same_version"):
        comparison.__dict__.pop(name, None)
    forget(comparison.file)
    return judge(RULES[number], comparison)


def fires(comparison: Comparison, number: int, key: str, place: str | None = None) -> Fault:
    """The rule finds the planted fault in its place, where it found nothing before."""
    assert (key, place) not in faults_before(comparison.language)[number]
    found = verdict(comparison, number)
    faults = [f for f in found.faults if f.key == key and place in (None, f.place)]
    assert faults, (key, place, found.faults[:5])
    for language in ("zh", "en"):
        assert "{" not in faults[0].sentence(language).replace("{}", "")
    return faults[0]


def at(comparison: Comparison, name: str) -> CellRef:
    """The cell of a name."""
    return comparison.twin_names[name]


def cell(comparison: Comparison, place: CellRef) -> Cell:
    found: Any = comparison.file.sheets[place.sheet][place.cell]
    return found  # type: ignore[no-any-return]


def restyle(patch: Any, target: Any, **parts: Any) -> None:
    """Give a cell another font, fill, format or protection until the test ends."""
    patch.setattr(target, "_style", copy.copy(target._style))
    for name, value in parts.items():
        setattr(target, name, value)


def shown(place: CellRef) -> str:
    return f"{place.sheet}!{place.cell}"


def put(patch: Patch, comparison: Comparison, place: CellRef, value: Any) -> str:
    """Type something into a cell until the test ends."""
    target = cell(comparison, place)
    patch.setattr(target, "value", value)
    if not (isinstance(value, str) and value.startswith("=")):
        comparison.file.stored.pop(place, None)
    return shown(place)


def sheet(comparison: Comparison, key: str) -> Worksheet:
    return comparison.file.sheets[comparison.titles[key]]
