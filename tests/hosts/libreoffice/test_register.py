"""Registering with a real LibreOffice, and the errors where that fails."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from roi_xl import __version__
from roi_xl.cli.main import cli
from roi_xl.errors import FileInUse, OutputError
from roi_xl.hosts.libreoffice import Status, install, register, status, uninstall
from roi_xl.hosts.libreoffice.extension import FILE_NAME
from roi_xl.hosts.libreoffice.program import clean_environment
from roi_xl.text import use

SOFFICE = shutil.which("soffice")
UNOPKG = shutil.which("unopkg")


@pytest.fixture(autouse=True)
def _english(_default_language: None) -> None:
    use("en")


def program(folder: Path, script: str) -> str:
    """A stand-in for unopkg."""
    path = folder / "unopkg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return str(path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may use."""
    with tempfile.TemporaryDirectory(prefix="roi_xl_") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.mark.skipif(
    not (SOFFICE and UNOPKG and hasattr(os, "geteuid")), reason="needs LibreOffice's unopkg"
)
def test_register_calculate_and_remove_with_a_real_libreoffice(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = open_folder / "profile"
    options = (f"-env:UserInstallation={profile.as_uri()}",)
    if os.geteuid() == 0:  # unopkg refuses to run as root: run it as nobody
        script = f"""for last; do :; done
case "$last" in *.oxt) chmod -R a+rX "$(dirname "$last")";; esac
exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME={open_folder} {UNOPKG} "$@"
"""
        stand_in = program(open_folder, script)
        monkeypatch.setattr(register, "find_unopkg", lambda: stand_in)
    before = status(options)
    assert before.unopkg
    assert not before.registered
    for _ in range(2):  # the second call replaces the first
        install(options=options)
    after = status(options)
    assert (after.registered, after.version) == (True, __version__)
    assert after.python == sys.executable
    assert after.current
    # 40 h × 50 USD + 3 USD × 8 h × 3 runs
    assert calculated(profile, "=FT_TOTAL_COST(40)", open_folder) == "2072"
    assert uninstall(options=options) == ["removed the FT_ functions from LibreOffice"]
    assert not status(options).registered
    assert uninstall(options=options) == ["the FT_ functions are not registered with LibreOffice"]


def calculated(profile: Path, formula: str, folder: Path) -> str:
    """The value that LibreOffice calculates for a formula, with a copy of a profile."""
    copy = shutil.copytree(profile, folder / "copy")
    sheet = folder / "sheet.csv"
    sheet.write_text(f"{formula}\n")
    text_filter = "Text - txt - csv (StarCalc)"
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={copy.as_uri()}"]
    command += ["--convert-to", f"csv:{text_filter}:44,34,76,1,,0,false,true,false"]
    command += [f"--infilter={text_filter}:44,34,76,1,,1033,false,false,true,false,true"]
    command += ["--outdir", str(folder / "out"), str(sheet)]
    env = clean_environment() | {"TMPDIR": str(folder)}
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=env)
    return (folder / "out" / "sheet.csv").read_text().strip()


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(register, "find_unopkg", lambda: None)
    assert status() == Status(None)
    with pytest.raises(OutputError, match="LibreOffice was not found"):
        install()
    assert install(tmp_path) == [
        f"wrote {tmp_path / FILE_NAME}; open it with LibreOffice to add the functions"
    ]
    assert (tmp_path / FILE_NAME).read_bytes()[:2] == b"PK"


def test_libreoffice_is_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    output = "ERROR: unopkg cannot be started. The lock file indicates it as already running."
    stand_in = program(tmp_path, f"echo '{output}' >&2; exit 1")
    monkeypatch.setattr(register, "find_unopkg", lambda: stand_in)
    with pytest.raises(FileInUse, match="LibreOffice is open"):
        install()
    found = status()
    assert (found.unopkg, found.registered) == (stand_in, False)
    assert isinstance(found.problem, FileInUse)


def test_the_output_of_a_failing_unopkg_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in = program(tmp_path, "echo 'ERROR: disk full' >&2; exit 1")
    monkeypatch.setattr(register, "find_unopkg", lambda: stand_in)
    with pytest.raises(OutputError, match="disk full"):
        install()


def test_default_profile_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("APPDATA", "/roaming")
    assert register._profile(()) == Path("/roaming/LibreOffice/4")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert register._profile(()).parts[-4:] == (
        "Library",
        "Application Support",
        "LibreOffice",
        "4",
    )


def test_dry_runs_change_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(register, "find_unopkg", lambda: "/nowhere/unopkg")
    assert install(tmp_path, dry_run=True) == [f"would write {tmp_path / FILE_NAME}"]
    (line,) = install(dry_run=True)
    assert line.startswith("would run: /nowhere/unopkg add --force")
    (line,) = uninstall(dry_run=True)
    assert line == "would run: /nowhere/unopkg remove roi_xl.calc"
    assert list(tmp_path.iterdir()) == []


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner().invoke
    done = run(cli, ["install", "--libreoffice", "--dest", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "roi_xl.oxt" in done.stderr
    assert run(cli, ["install", "--libreoffice", "--dest", str(tmp_path)]).exit_code == 0
    monkeypatch.setattr(register, "find_unopkg", lambda: "/nowhere/unopkg")
    assert "would run" in run(cli, ["uninstall", "--libreoffice", "--dry-run"]).stderr
    missing = run(cli, ["install", "--libreoffice", "--dest", str(tmp_path / "none")])
    assert isinstance(missing.exception, OutputError)
