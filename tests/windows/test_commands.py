"""The commands as a person in Windows gives them, in whichever code page this Python runs."""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import hashlib
import json
import locale
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import win32con
import win32file

from roi_xl.__main__ import main
from tests.windows import cases as linux
from tests.windows.conftest import Run

CODE_PAGE = locale.getencoding()
CHINESE = CODE_PAGE == "cp936"
PARTS = ("plain", "lambda", "udf", "addin")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_code_page_is_one_of_two() -> None:
    assert CODE_PAGE in ("cp936", "cp1252")


LANGUAGE = "zh" if CHINESE else "en"


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process, which takes a tenth of the time of one of its own."""

    def run(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["roi-xl", *args])
        if cwd is not None:
            monkeypatch.chdir(cwd)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return subprocess.CompletedProcess(args, int(code or 0), *capfd.readouterr())

    return run


# --- install, doctor, uninstall ------------------------------------------------------------------


def test_install_doctor_uninstall(roi_xl: Run, tmp_path: Path) -> None:
    start = tmp_path / "AppData" / "Microsoft" / "Excel" / "XLSTART"
    start.mkdir(parents=True)
    env = {"USERPROFILE": str(tmp_path), "APPDATA": str(tmp_path / "AppData")}
    done = roi_xl("install", "--lang", LANGUAGE, **env)
    assert done.returncode == 0, done.stderr
    assert "roi_xl.xlam" in done.stderr
    assert os.listdir(start) == ["roi_xl.xlam"]
    conf = (tmp_path / ".roi_xl" / "roi_xl.conf").read_bytes()
    assert conf == f'"INTERPRETER_WIN","{sys.executable}"\r\n'.encode("mbcs")
    again = roi_xl("doctor", "--json", "--lang", LANGUAGE, **env)
    assert again.returncode == 0, again.stdout
    found = {row["check"]: row["state"] for row in json.loads(again.stdout)}
    assert found.pop("libreoffice") == "skipped"
    assert set(found.values()) == {"ok"}
    assert len(found) >= 9
    chinese = roi_xl("doctor", "--lang", "zh", **env)
    assert chinese.returncode == 0, chinese.stderr
    assert ("加载项" in chinese.stdout) == CHINESE
    assert ("??" in chinese.stdout) != CHINESE
    done = roi_xl("uninstall", "--lang", LANGUAGE, **env)
    assert done.returncode == 0, done.stderr
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_users_folder_outside_the_code_page(
    here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, inside = ("Søren", "张三") if CHINESE else ("张三", "Søren")
    for name, code in ((home, 3), (inside, 0)):
        (tmp_path / name / "AppData" / "Microsoft" / "Excel" / "XLSTART").mkdir(parents=True)
        monkeypatch.setenv("USERPROFILE", str(tmp_path / name))
        monkeypatch.setenv("APPDATA", str(tmp_path / name / "AppData"))
        done = here("install", "--lang", "en")
        assert done.returncode == code, done.stderr
        assert (CODE_PAGE in done.stderr) == (code == 3)
        rows = json.loads(here("doctor", "--json", "--lang", "en").stdout)
        states = [row["state"] for row in rows if row["check"] == "code_page"]
        assert states == ["failed" if code else "ok"]


# --- new, calc, check ----------------------------------------------------------------------------


def test_new_calc_check(roi_xl: Run, tmp_path: Path) -> None:
    path = tmp_path / "案例 nø.xlsx"
    done = roi_xl("new", str(path), "--lang", LANGUAGE)
    assert done.returncode == 0, done.stderr
    assert "2700.00 USD" in done.stdout
    assert ("案例" in done.stderr) == CHINESE
    calculated = roi_xl("calc", str(path), "--json")
    assert calculated.returncode == 0, calculated.stderr
    results = json.loads(calculated.stdout)["results"]
    assert results["payback_months"] == pytest.approx(2036 / 2700)
    checked = roi_xl("check", str(path))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_macro_workbook(here: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "案例 nø.xlsm")
    for command in ("new", "calc", "check"):
        done = here(command, path, "--lang", LANGUAGE)
        assert done.returncode == 0, (command, done.stderr)


def test_the_same_parts_as_on_linux(cases: dict[str, Any]) -> None:
    found = linux.files()
    assert {name.split()[0] for name in found} == set(PARTS)
    for name, parts in found.items():
        assert list(parts) == list(cases["files"][name]), name
        assert parts == cases["files"][name], name


def test_a_path_longer_than_windows_likes(here: Run, tmp_path: Path) -> None:
    top = Path(f"\\\\?\\{tmp_path}") / "a folder with a rather long name"
    folder = top.joinpath(*[top.name] * 8)
    folder.mkdir(parents=True)
    path = str(folder).removeprefix("\\\\?\\") + "\\a.xlsx"
    assert len(path) > 260
    try:
        for command in (("new", path), ("new", path, "--force"), ("calc", path), ("check", path)):
            done = here(*command, "--lang", "en")
            assert done.returncode == 0, (command, done.stderr)
        assert os.listdir(folder) == ["a.xlsx"]
    finally:
        shutil.rmtree(top)


# --- held by another program ---------------------------------------------------------------------


@contextmanager
def held(path: Path, share: int) -> Iterator[None]:
    """The file, opened as another program does."""
    access = win32con.GENERIC_READ | win32con.GENERIC_WRITE
    handle = win32file.CreateFile(str(path), access, share, None, win32con.OPEN_EXISTING, 0, None)
    try:
        yield
    finally:
        handle.Close()


def test_a_workbook_that_is_held(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert here("new", str(path)).returncode == 0
    before = sha256(path)
    with held(path, 0):
        for command in (("calc", str(path)), ("check", str(path)), ("new", str(path), "--force")):
            done = here(*command, "--lang", "en")
            assert done.returncode == 4, (command, done.stderr)
            assert "in use by another program" in done.stderr
            assert done.stderr.count("\n") == 1
    with held(path, win32con.FILE_SHARE_READ):  # as Excel does: others may read
        assert here("new", str(path), "--force").returncode == 4
    assert sha256(path) == before
    assert os.listdir(tmp_path) == ["a.xlsx"]
    assert here("new", str(path), "--force").returncode == 0


def test_names_that_windows_refuses(here: Run, tmp_path: Path) -> None:
    for name in ("bad?.xlsx", "a:b.xlsx", "no folder\\a.xlsx"):
        done = here("new", name, cwd=tmp_path)
        assert done.returncode == 3, (name, done.stderr)
    assert [p.name for p in tmp_path.iterdir()] == []
