"""doctor: a good installation passes, and each check finds its fault."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roi_xl import __version__
from roi_xl.errors import OutputError
from roi_xl.hosts.excel import addin, doctor
from roi_xl.hosts.excel.places import Places
from roi_xl.hosts.excel.wrappers import xlwings_version
from roi_xl.text import LANGUAGES, has_text, use
from tests.marks import POSIX


def states(here: Places) -> dict[str, str]:
    return {f.check: f.state for f in doctor.examine(here)}


@POSIX
def test_a_good_installation(here: Places) -> None:
    addin.install(here, "zh")
    found = states(here)
    assert set(found.values()) == {"ok", "skipped"}
    assert [name for name, state in found.items() if state == "skipped"] == ["dll"]


def as_on_windows(here: Places, folder: Path) -> Places:
    """The same with an interpreter in a virtual environment, and the libraries of xlwings above it."""
    python = folder / "venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    python.write_bytes(b"")
    (folder / "venv" / f"xlwings64-{xlwings_version()}.dll").write_bytes(b"")
    return replace(here, windows=True, python=python)


def test_a_good_installation_on_windows(here: Places, tmp_path: Path) -> None:
    windows = as_on_windows(here, tmp_path)
    addin.install(windows, "en")
    assert set(states(windows).values()) == {"ok"}


@pytest.mark.parametrize(
    ("check", "harm"),
    [
        ("interpreter", lambda p: p.python.unlink()),
        ("dll", lambda p: next(p.python.parent.parent.glob("*.dll")).unlink()),
        ("conf", lambda p: p.conf.write_bytes(b'"INTERPRETER_WIN","python"\r\n')),
        ("conf", lambda p: p.conf.unlink()),
        ("addin", lambda p: p.addin.unlink()),
        ("versions", lambda p: p.addin.write_bytes(b"x")),
        ("content", lambda p: p.addin.write_bytes(p.addin.read_bytes() + b"x")),
        ("blocked", lambda p: Path(f"{p.addin}:Zone.Identifier").write_text("[ZoneTransfer]")),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_check_finds_its_fault(
    here: Places, tmp_path: Path, check: str, harm: Any, language: str
) -> None:
    windows = as_on_windows(here, tmp_path)
    addin.install(windows, language)
    harm(windows)
    found = {f.check: f for f in doctor.examine(windows)}
    assert found[check].state == "failed"
    assert found[check].mend()
    assert all(f.mend() is None for f in found.values() if f.state != "failed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_paths_that_vba_cannot_name(
    here: Places, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    there = replace(here, profile=here.profile / "张三")
    there.profile.mkdir()
    monkeypatch.setattr("roi_xl.hosts.excel.conf._code_page", lambda: "cp936")
    addin.install(there, language)
    assert states(there)["code_page"] == "ok"
    monkeypatch.setattr("roi_xl.hosts.excel.conf._code_page", lambda: "cp1252")
    monkeypatch.setattr(doctor, "_conf", lambda _: b"")
    use(language)
    found = next(f for f in doctor.examine(there) if f.check == "code_page")
    assert found.state == "failed"
    assert str(there.conf) in found.found()
    assert "cp1252" in found.found()
    assert found.mend()


def test_the_hash_of_the_addin_is_shown_against_the_built_one(here: Places) -> None:
    addin.install(here, "en")
    built = hashlib.sha256(here.addin.read_bytes()).hexdigest()

    def said() -> str:
        return next(f.found() for f in doctor.examine(here) if f.check == "content")

    assert built in said()
    changed = here.addin.read_bytes() + b"x"
    here.addin.write_bytes(changed)
    assert built in said()
    assert hashlib.sha256(changed).hexdigest() in said()


def test_an_old_addin_is_found(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(addin, "__version__", "0.0.1")
        addin.install(here, "zh")
    found = {f.check: f for f in doctor.examine(here)}
    assert found["versions"].state == "failed"
    assert "0.0.1" in found["versions"].found()
    assert __version__ in found["versions"].found()


def test_xlwings_that_is_not_known(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any) -> bytes:
        raise ValueError("the installed xlwings writes another wrapper")

    monkeypatch.setattr(doctor, "addin_bytes", unknown)
    assert states(here)["xlwings"] == "failed"


def test_start_folder_missing_on_windows(here: Places) -> None:
    problem = OutputError("start_folder_missing", path="XLSTART")
    found = states(replace(here, folder=None, windows=True, problem=problem))
    assert found["addin"] == "failed"


def test_every_check_speaks_both_languages() -> None:
    for language in LANGUAGES:
        for check in doctor.CHECKS:
            for key in ("ok", "failed", "mend"):
                assert has_text(f"install.{check.__name__}.{key}", language)
