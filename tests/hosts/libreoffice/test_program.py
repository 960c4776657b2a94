"""LibreOffice's programs that hang or fail: one line of error, no process and no file left."""

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

# like LibreOffice's own: a script whose child is the real program and holds the output open
HANGS = "echo $$ >>{pids}\nsleep 300 &\necho $! >>{pids}\nwait\n"


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    """The file to which stand-ins for soffice and unopkg write their process ids."""
    programs = tmp_path / "bin"
    programs.mkdir()
    path = tmp_path / "pids"
    for name in ("soffice", "unopkg"):
        stand_in = programs / name
        stand_in.write_text("#!/bin/sh\n" + HANGS.format(pids=path))
        stand_in.chmod(0o755)
    return path


def gone(pids: Path, count: int, seconds: float = 20) -> bool:
    """Whether none of the processes runs after this time; zombies do not count."""
    found = [int(line) for line in pids.read_text().split()]
    assert len(found) == count
    deadline = time.monotonic() + seconds
    while any(map(running, found)) and time.monotonic() < deadline:
        time.sleep(0.05)
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
        (["install", "--libreoffice"], "unopkg"),
        (["uninstall", "--libreoffice"], "unopkg"),
    ],
    ids=["install", "uninstall"],
)
def test_a_hung_program_is_killed(
    words: list[str], program: str, pids: Path, tmp_path: Path
) -> None:
    (tmp_path / "temporary").mkdir()
    env = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "TMPDIR": str(tmp_path / "temporary"),
    }
    began = time.monotonic()
    done = roi_xl(*words, "--lang", "en", cwd=tmp_path, **env, ROI_XL_OFFICE_SECONDS="0.4")
    assert time.monotonic() - began < 60
    one_line(done, 3, f"bin/{program} did not end within 0.4 s and was stopped", VARIABLE)
    assert gone(pids, 2)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_doctor_reports_that_libreoffice_did_not_answer(pids: Path, tmp_path: Path) -> None:
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = roi_xl("doctor", "--lang", "en", PATH=path, ROI_XL_OFFICE_SECONDS="0.4")
    assert "could not find out whether the functions are registered" in done.stdout
    assert "did not end within 0.4 s" in done.stdout
    assert "Traceback" not in done.stderr
    assert gone(pids, 2)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_hung_program_is_killed_when_we_are_signalled(
    sent: int, pids: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "roi_xl", "install", "--libreoffice"]
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


def test_output_and_exit_code() -> None:
    done = run(["/bin/sh", "-c", "echo 好; echo no >&2; exit 5"])
    assert (done.code, done.out, done.err) == (5, "好\n", "no\n")
    # a child process that outlives the program and holds its output is not waited for
    began = time.monotonic()
    assert run(["/bin/sh", "-c", "sleep 30 & echo here"]).out == "here\n"
    assert time.monotonic() - began < 15


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(OutputError, match=str(path)):
            run([str(path)])
    (tmp_path / "text").write_text("no program")
    (tmp_path / "text").chmod(0o755)
    with pytest.raises(OutputError):
        run([str(tmp_path / "text")])


def test_the_timeout_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert limit() == SECONDS == run_module.SECONDS
    for given, seconds in (("", SECONDS), (" 2.5 ", 2.5), ("1e3", 1000)):
        monkeypatch.setenv(VARIABLE, given)
        assert limit() == seconds
    for given in ("0", "-1", "nan", "inf", "ten"):
        monkeypatch.setenv(VARIABLE, given)
        with pytest.raises(BadInput, match=VARIABLE):
            limit()
