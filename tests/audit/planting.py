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

from roi_xl.audit.comparison import Subject
from roi_xl.audit.rule import RULES, Fault, Verdict, judge
from roi_xl.audit.run import prepare
from roi_xl.audit.snapshot import At, Opened
from roi_xl.workbook.build import workbook_bytes
from roi_xl.workbook.save import pack

Patch = pytest.MonkeyPatch
TODAY = dt.date(2026, 10, 1)
Change = Callable[[dict[str, bytes]], None]


@cache
def file_bytes(language: str = "en") -> bytes:
    return workbook_bytes(None, language)


@cache
def _pristine(language: str) -> Subject:
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


def _beside(file: Opened, language: str) -> Subject:
    """The file beside the twin that is built once."""
    whole = _pristine(language)
    faults_before(language)
    subject = Subject(file, whole.twin, language, today=TODAY)
    # what the twin alone decides need not be worked out again
    subject.notes = {key: whole.notes[key] for key in ("repeating", "odd")}
    subject.__dict__["typed"], subject.__dict__["headings"] = whole.typed, whole.headings
    return subject


def fresh(language: str = "en") -> Subject:
    """A new workbook of ours; its cells are shared, so changes to them must be taken back."""
    file = copy.copy(_pristine(language).file)
    file.stored, file.parts, file._looks = dict(file.stored), dict(file.parts), {}
    forget(file)
    return _beside(file, language)


def changed(change: Change, language: str = "en") -> Subject:
    """A workbook whose parts were changed in the file."""
    with zipfile.ZipFile(io.BytesIO(file_bytes(language))) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    change(parts)
    return _beside(Opened.of_file(pack(parts)), language)


def forget(opened: Opened) -> None:
    """Take back what was worked out from the cells before they were changed."""
    for name in ("cells", "formulas", "saved_by", "application", "sheet_parts"):
        opened.__dict__.pop(name, None)


def verdict(subject: Subject, number: int) -> Verdict:
    for name in ("parsed", "names", "named_boxes", "same_version"):
        subject.__dict__.pop(name, None)
    forget(subject.file)
    return judge(RULES[number], subject)


def fires(subject: Subject, number: int, key: str, place: str | None = None) -> Fault:
    """The rule finds the planted fault in its place, where it found nothing before."""
    assert (key, place) not in faults_before(subject.language)[number]
    found = verdict(subject, number)
    faults = [f for f in found.faults if f.key == key and place in (None, f.place)]
    assert faults, (key, place, found.faults[:5])
    for language in ("zh", "en"):
        assert "{" not in faults[0].sentence(language).replace("{}", "")
    return faults[0]


def at(subject: Subject, name: str) -> At:
    """The cell of a name."""
    return subject.twin_names[name]


def cell(subject: Subject, place: At) -> Cell:
    found: Any = subject.file.sheets[place.sheet][place.cell]
    return found  # type: ignore[no-any-return]


def restyle(patch: Any, target: Any, **parts: Any) -> None:
    """Give a cell another font, fill, format or protection until the test ends."""
    patch.setattr(target, "_style", copy.copy(target._style))
    for name, value in parts.items():
        setattr(target, name, value)


def shown(place: At) -> str:
    return f"{place.sheet}!{place.cell}"


def put(patch: Patch, subject: Subject, place: At, value: Any) -> str:
    """Type something into a cell until the test ends."""
    target = cell(subject, place)
    patch.setattr(target, "value", value)
    if not (isinstance(value, str) and value.startswith("=")):
        subject.file.stored.pop(place, None)
    return shown(place)


def sheet(subject: Subject, key: str) -> Worksheet:
    return subject.file.sheets[subject.titles[key]]
