"""LibreOffice's programs when they hang, fail or are not what they seem: told in a line, nothing left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roi_xl.errors import BadInput, OutputError
from roi_xl.hosts.libreoffice import program as run_module
from roi_xl.hosts.libreoffice.program import SECONDS, VARIABLE, limit, run
from tests.cli.test_main import one_line, roi_xl

# as LibreOffice's own are: a script whose child is the program proper, which holds its output open
HANGS = "echo $$ >>{pids}\nsleep 300 &\necho $! >>{pids}\nwait\n"


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    """Where the stand-ins for soffice and unopkg on the path write who they are."""
    programs = tmp_path / "bin"
    programs.mkdir()
    path = tmp_path / "pids"
    for name in ("soffice", "unopkg"):
        stand_in = programs / name
        stand_in.write_text("#!/bin/sh\n" + HANGS.format(pids=path))
        stand_in.chmod(0o755)
    return path


def gone(pids: Path, count: int) -> bool:
    """Whether none of them runs; one that nobody waited for may still have its number."""
    found = [int(line) for line in pids.read_text().split()]
    assert len(found) == count
    return not any(map(running, found))


def running(pid: int) -> bool:
    if sys.platform != "linux":
        return subprocess.run(["ps", "-p", str(pid)], capture_output=True).returncode == 0
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    ("words", "program"),
    [
        (["report", "a.toml", "-o", "out/r.pdf"], "soffice"),
        (["install", "--libreoffice"], "unopkg"),
        (["uninstall", "--libreoffice"], "unopkg"),
    ],
    ids=["report", "install", "uninstall"],
)
def test_one_that_hangs_is_ended(
    words: list[str], program: str, pids: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.toml").write_text("")
    for folder in ("out", "temporary"):
        (tmp_path / folder).mkdir()
    env = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "TMPDIR": str(tmp_path / "temporary"),
    }
    began = time.monotonic()
    done = roi_xl(*words, "--lang", "en", cwd=tmp_path, **env, ROI_XL_OFFICE_SECONDS="0.4")
    assert time.monotonic() - began < 60
    one_line(done, 3, f"bin/{program} did not end within 0.4 s and was stopped", VARIABLE)
    assert gone(pids, 2)
    assert [p for f in ("out", "temporary") for p in (tmp_path / f).iterdir()] == []


def test_the_doctor_says_that_it_did_not_answer(pids: Path, tmp_path: Path) -> None:
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = roi_xl("doctor", "--lang", "en", PATH=path, ROI_XL_OFFICE_SECONDS="0.4")
    assert "did not say whether the functions are registered" in done.stdout
    assert "did not end within 0.4 s" in done.stdout
    assert "Traceback" not in done.stderr
    assert gone(pids, 2)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_one_that_hangs_goes_when_we_are_told_to(sent: int, pids: Path, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("")
    command = [sys.executable, "-m", "roi_xl", "report", "a.toml", "-o", "r.pdf"]
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE) as process:
        limit = time.monotonic() + 30
        while not (pids.exists() and pids.read_text().count("\n") == 2):
            assert time.monotonic() < limit
            time.sleep(0.02)
        process.send_signal(sent)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + sent
    assert b"Traceback" not in said
    assert gone(pids, 2)
    assert not (tmp_path / "r.pdf").exists()


def test_what_they_say_and_how_they_end() -> None:
    done = run(["/bin/sh", "-c", "echo 好; echo no >&2; exit 5"])
    assert (done.code, done.out, done.err) == (5, "好\n", "no\n")
    # one that leaves a child behind, which keeps its output open, is not waited for
    began = time.monotonic()
    assert run(["/bin/sh", "-c", "sleep 30 & echo here"]).out == "here\n"
    assert time.monotonic() - began < 15


def test_one_that_cannot_be_started(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(OutputError, match=str(path)):
            run([str(path)])
    (tmp_path / "text").write_text("no program")
    (tmp_path / "text").chmod(0o755)
    with pytest.raises(OutputError):
        run([str(tmp_path / "text")])


def test_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert limit() == SECONDS == run_module.SECONDS
    for given, seconds in (("", SECONDS), (" 2.5 ", 2.5), ("1e3", 1000)):
        monkeypatch.setenv(VARIABLE, given)
        assert limit() == seconds
    for given in ("0", "-1", "nan", "inf", "ten"):
        monkeypatch.setenv(VARIABLE, given)
        with pytest.raises(BadInput, match=VARIABLE):
            limit()
