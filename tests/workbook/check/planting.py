"""A freshly built workbook to plant faults in, quick to take anew, and what a rule then says."""

import copy
import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from openpyxl.cell import Cell

from roi_xl.case.inputs import Case
from roi_xl.workbook.check import run as _run  # noqa: F401 - declares every rule
from roi_xl.workbook.check.declare import RULES, Fault, Verdict, judge
from roi_xl.workbook.check.opened import At, Opened
from roi_xl.workbook.check.run import built
from roi_xl.workbook.check.subject import Subject

TODAY = dt.date(2026, 10, 1)


@cache
def file_bytes(language: str, edition: str = "plain") -> bytes:
    return built(edition, Case(), language)


@cache
def _twin(language: str) -> Opened:
    return Opened(file_bytes(language))


@cache
def _pristine(language: str) -> Opened:
    return Opened(file_bytes(language))


def fresh(language: str = "en") -> Subject:
    """A new workbook of our own; its cells are shared, so changes must be taken back (monkeypatch)."""
    return over(copy.copy(_pristine(language)), language)


def apart(
    language: str = "en", change: Callable[[dict[str, bytes]], None] | None = None
) -> Subject:
    """A workbook of its own that may be changed in any way; `change` edits its parts first."""
    import io
    import zipfile

    from roi_xl.workbook.write import pack

    data = file_bytes(language)
    if change is not None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {n: archive.read(n) for n in archive.namelist()}
        change(parts)
        data = pack(parts)
    return over(Opened(data), language)


def over(opened: Opened, language: str = "en") -> Subject:
    opened.stored, opened.parts = dict(opened.stored), dict(opened.parts)
    forget(opened)
    return Subject(opened, _twin(language), language, today=TODAY)


def forget(opened: Opened) -> None:
    """Take back what was worked out from the cells before they were changed."""
    for name in ("cells", "formulas", "saved_by", "application", "sheet_parts"):
        opened.__dict__.pop(name, None)


def verdict(subject: Subject, number: int) -> Verdict:
    forget(subject.file)
    return judge(RULES[number], subject)


def fires(subject: Subject, number: int, key: str, place: str | None = None) -> Fault:
    """The rule finds the planted fault, in its place."""
    found = verdict(subject, number)
    faults = [f for f in found.faults if f.key == key and place in (None, f.place)]
    assert faults, (key, place, found.faults)
    assert found.status == found.severity(faults[0]) or found.status == "fail"
    for language in ("zh", "en"):
        assert "{" not in faults[0].sentence(language)
    return faults[0]


def at(subject: Subject, name: str) -> At:
    """The cell of a name."""
    return subject.twin_names[name]


def cell(subject: Subject, place: At) -> Cell:
    found: Any = subject.file.sheets[place.sheet][place.cell]
    return found  # type: ignore[no-any-return]
