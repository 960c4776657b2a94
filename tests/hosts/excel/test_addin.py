"""The add-in: built, installed, checked and taken back, in folders that look like a Windows profile."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from roi_xl import FUNCTIONS, __version__
from roi_xl.cli.main import cli
from roi_xl.errors import ErrorValue, FileExists, FileInUse, OutputError
from roi_xl.hosts.excel import addin
from roi_xl.hosts.excel.addin import addin_bytes, read_labels
from roi_xl.hosts.excel.conf import settings, value_of, with_settings, without_settings
from roi_xl.hosts.excel.places import Places, find_places
from roi_xl.hosts.excel.wrappers import xlwings_version
from roi_xl.text import LANGUAGES
from tests.hosts.excel.strict import sources
from tests.hosts.macro_file import code_names, parts_of

CONF = b'"CONDA PATH","C:\\conda"\r\n"interpreter_win","C:\\old\\python.exe"\r\n"SHOW CONSOLE","True"\r\n'


def files(folder: Path) -> dict[str, bytes]:
    """Every file and folder below, with its content."""
    found = sorted(folder.rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in found}


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args))


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file(language: str, tmp_path: Path) -> None:
    data = addin_bytes(language)
    assert data == addin_bytes(language)
    parts = parts_of(data)
    kind = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert kind in parts["[Content_Types].xml"].decode()
    texts = sources(parts["xl/vbaProject.bin"])
    assert list(texts)[:2] == ["ThisWorkbook", *code_names(parts)]
    heads = re.findall(r"^Function (\w+)\(", texts["xlwings_udfs"], re.M)
    assert set(heads) == set(FUNCTIONS)
    assert ", ThisWorkbook, " not in texts["xlwings_udfs"]
    path = tmp_path / "roi_xl.xlam"
    path.write_bytes(data)
    wanted = {"roi_xl": __version__, "xlwings": xlwings_version(), "language": language}
    assert read_labels(path) == wanted


def test_labels_of_other_files(tmp_path: Path) -> None:
    path = tmp_path / "x.xlam"
    assert read_labels(path) == {}
    path.write_bytes(b"not an archive")
    assert read_labels(path) == {}


# --- the settings file ---------------------------------------------------------------------------


def test_settings_keep_what_is_not_ours() -> None:
    ours = with_settings(CONF, settings(Path(r"C:\new folder\python.exe")))
    assert value_of(ours, "INTERPRETER_WIN") == r"C:\new folder\python.exe"
    assert value_of(ours, "SHOW CONSOLE") == "True"
    assert ours.count(b"\r\n") == 3
    assert without_settings(ours, CONF) == CONF
    assert without_settings(with_settings(b"", settings(Path("python"))), b"") == b""


def test_settings_of_a_foreign_code_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roi_xl.hosts.excel.conf._code_page", lambda: "cp1252")
    other = '"PYTHONPATH","C:\\数据"\r\n'.encode("gbk")
    assert with_settings(other, {"A": "1"}).startswith(other)
    with pytest.raises(OutputError, match="cp1252"):
        with_settings(b"", {"INTERPRETER_WIN": "C:\\数据\\python.exe"})


def test_a_users_folder_that_vba_cannot_name(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    there = replace(here, profile=here.profile / "张三")
    monkeypatch.setattr("roi_xl.hosts.excel.conf._code_page", lambda: "cp1252")
    with pytest.raises(OutputError, match="cp1252") as refused:
        addin.install(there, "en")
    assert "张三" in str(refused.value)
    assert not there.addin.exists()
    monkeypatch.setattr("roi_xl.hosts.excel.conf._code_page", lambda: "cp936")
    there.profile.mkdir()
    assert [d.key for d in addin.install(there, "en")] == ["written", "written"]


# --- there and back ------------------------------------------------------------------------------


def test_install_and_uninstall_leave_nothing(profile: Path, here: Places) -> None:
    before = files(profile)
    done = addin.install(here, "zh")
    assert [d.key for d in done] == ["written", "written"]
    assert here.addin.read_bytes() == addin_bytes("zh")
    assert value_of(here.conf.read_bytes(), "INTERPRETER_WIN") == str(here.python)
    assert [d.key for d in addin.uninstall(here)] == ["removed", "removed"]
    assert files(profile) == before
    assert [d.key for d in addin.uninstall(here)] == ["nothing"]


def test_twice_is_once(profile: Path, here: Places) -> None:
    addin.install(here, "zh")
    once = files(profile)
    assert [d.key for d in addin.install(here, "zh")] == ["unchanged", "unchanged"]
    assert files(profile) == once


def test_a_dry_run_does_nothing(profile: Path, here: Places) -> None:
    before = files(profile)
    assert [d.key for d in addin.install(here, "zh", dry_run=True)] == ["written", "written"]
    assert files(profile) == before
    addin.install(here, "zh")
    installed = files(profile)
    assert [d.key for d in addin.uninstall(here, dry_run=True)] == ["removed", "removed"]
    assert files(profile) == installed


def test_settings_come_back_as_they_were(profile: Path, here: Places) -> None:
    here.own.mkdir()
    here.conf.write_bytes(CONF)
    before = files(profile)
    addin.install(here, "zh")
    addin.install(here, "en")  # the language is another, the add-in too
    assert value_of(here.conf.read_bytes(), "CONDA PATH") == "C:\\conda"
    assert [d.key for d in addin.uninstall(here)] == ["removed", "restored"]
    assert files(profile) == before


@pytest.mark.parametrize("again", [False, True])
def test_edits_made_meanwhile_stay(here: Places, again: bool) -> None:
    addin.install(here, "zh")
    here.conf.write_bytes(here.conf.read_bytes() + b'"SHOW CONSOLE","True"\r\n')
    if again:
        addin.install(here, "zh")
    addin.uninstall(here)
    assert here.conf.read_bytes() == b'"SHOW CONSOLE","True"\r\n'


def test_settings_deleted_meanwhile(here: Places) -> None:
    addin.install(here, "zh")
    here.conf.unlink()
    assert [d.key for d in addin.uninstall(here)] == ["removed"]
    assert not here.conf.exists()


def test_a_changed_addin_is_kept(here: Places) -> None:
    addin.install(here, "zh")
    here.addin.write_bytes(b"somebody's own")
    with pytest.raises(FileExists):
        addin.install(here, "zh")
    assert addin.uninstall(here)[0].key == "kept"
    assert here.addin.read_bytes() == b"somebody's own"


def test_a_foreign_addin_needs_force(here: Places) -> None:
    here.addin.write_bytes(b"somebody's own")
    with pytest.raises(FileExists, match="--force"):
        addin.install(here, "zh")
    assert here.addin.read_bytes() == b"somebody's own"
    assert not here.own.exists()
    addin.install(here, "zh", force=True)
    assert here.addin.read_bytes() == addin_bytes("zh")


def test_a_new_version_replaces_ours(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    addin.install(here, "zh")
    monkeypatch.setattr(addin, "__version__", "9.9.9")
    assert addin.install(here, "zh")[0].key == "written"
    assert read_labels(here.addin)["roi_xl"] == "9.9.9"


def test_two_folders_share_the_settings(profile: Path, here: Places, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    before = files(profile)
    addin.install(here, "zh")
    addin.install(find_places(other), "zh")
    assert [d.key for d in addin.uninstall(here)] == ["removed"]
    assert here.conf.exists()
    assert [d.key for d in addin.uninstall(find_places(other))] == ["removed", "removed"]
    assert files(profile) == before


def test_logs_are_not_taken_away(here: Places) -> None:
    addin.install(here, "zh")
    (here.own / "roi_xl.log").write_text("kept")
    addin.uninstall(here)
    assert [p.name for p in here.own.iterdir()] == ["roi_xl.log"]


# --- what stands in the way ----------------------------------------------------------------------


def test_excel_has_it_open(here: Places) -> None:
    addin.install(here, "zh")
    here.lock.write_bytes(b"")
    with pytest.raises(FileInUse):
        addin.install(here, "en")
    with pytest.raises(FileInUse):
        addin.uninstall(here)
    assert addin.install(here, "zh")[0].key == "unchanged"


def test_windows_refuses_the_write(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    addin.install(here, "zh")

    def refuse(*_: Any, **__: Any) -> None:
        refused = PermissionError(13, "Access is denied")
        refused.winerror = 32  # type: ignore[attr-defined]  # a sharing violation, as Windows says it
        raise refused

    monkeypatch.setattr(os, "replace", refuse)
    done = run("install", "--lang", "en")
    assert isinstance(done.exception, FileInUse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(FileInUse):
        addin.uninstall(here)


def test_an_unreadable_record(here: Places) -> None:
    here.own.mkdir()
    here.record.write_text("{")
    with pytest.raises(OutputError, match=r"installed\.json"):
        addin.install(here, "zh")


@pytest.mark.parametrize(
    ("platform", "roaming", "said"),
    [
        ("linux", None, "--dest"),
        ("win32", None, "APPDATA"),
        ("win32", "nowhere", "XLSTART"),
    ],
)
def test_no_start_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, roaming: str | None, said: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("APPDATA", raising=False)
    if roaming:
        monkeypatch.setenv("APPDATA", str(tmp_path / roaming))
    for act in (addin.install, lambda p, _: addin.uninstall(p)):
        with pytest.raises(OutputError, match=said):
            act(find_places(), "zh")
    assert not list(tmp_path.iterdir())


def test_dest_must_exist(profile: Path, tmp_path: Path) -> None:
    done = run("install", "--dest", str(tmp_path / "nowhere"))
    assert isinstance(done.exception, OutputError)
    assert "nowhere" in str(done.exception)


# --- the commands --------------------------------------------------------------------------------


def test_commands(profile: Path) -> None:
    assert run("doctor").exit_code == 1
    dry = run("install", "--dry-run", "--lang", "en")
    assert dry.exit_code == 0
    assert "would write" in dry.stderr
    assert dry.stdout == ""
    assert run("install", "--lang", "en").exit_code == 0
    done = run("doctor", "--json", "--lang", "en")
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert {row["state"] for row in rows} <= {"ok", "skipped"}
    assert set(rows[0]) == {"check", "state", "found", "fix"}
    removed = run("uninstall", "--lang", "zh")
    assert removed.exit_code == 0
    assert "已删除" in removed.stderr
    failing = run("doctor", "--lang", "zh")
    assert failing.exit_code == 1
    assert "roi-xl install" in failing.stdout


def test_dest(profile: Path, tmp_path: Path) -> None:
    other = tmp_path / "加载 项"
    other.mkdir()
    assert run("install", "--dest", str(other)).exit_code == 0
    assert os.listdir(other) == ["roi_xl.xlam"]
    assert run("doctor", "--dest", str(other)).exit_code == 0
    assert run("uninstall", "--dest", str(other)).exit_code == 0
    assert os.listdir(other) == []


def test_error_numbers_do_not_clash() -> None:
    assert len({e.number for e in ErrorValue}) == len(ErrorValue)
