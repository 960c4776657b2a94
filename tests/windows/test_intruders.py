"""Nothing that lies in Excel's current folder is run: no module, no program."""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import os
import shutil
from pathlib import Path

import pytest

from tests.windows import excel

MODULES = ("numpy", "roi_xl", "xlwings", "pythoncom", "sitecustomize", "encodings")
PROGRAMS = ("cmd.exe", "python.exe", "pythonw.exe")


def test_current_folder_of_excel(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = tmp_path / "marks"
    downloads = tmp_path / "downloads"
    marks.mkdir()
    downloads.mkdir()
    for name in MODULES:
        code = f"open({str(marks / name)!r}, 'w').close()\nraise ImportError('an intruder')\n"
        (downloads / f"{name}.py").write_text(code, "utf-8")
    intruder = Path(sys.executable).with_name("intruder.exe")
    for name in PROGRAMS:
        shutil.copy(intruder, downloads / name)
    monkeypatch.setenv("INTRUDER_MARK", str(marks / "program"))
    monkeypatch.chdir(downloads)
    with excel.Server(installed) as server:
        path = server.evaluated("'|'.join(__import__('sys').path)")
        assert server.call("FT_PAYBACK", 2036.0, 2700.0) == 2036.0 / 2700.0
        folder = server.evaluated("__import__('os').getcwd()")
    assert os.path.samefile(folder, downloads), "the test would show nothing elsewhere"
    assert os.listdir(marks) == []
    assert "" not in path.split("|")
    assert not [p for p in path.split("|") if os.path.exists(p) and os.path.samefile(p, downloads)]


def test_a_python_that_does_not_start_is_said_at_once(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = excel.command

    def broken(python: str) -> str:
        return whole(python).replace("import xlwings", "import no_such_module")

    monkeypatch.setattr(excel, "command", broken)
    with pytest.raises(RuntimeError, match="exited before"):
        excel.Server(installed)
