"""Failures of the environment: full disks, permissions, signals, pipes, locales, missing packages."""

import datetime as dt
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roi_xl import BadInput, RoiError, build_workbook, read_case
from roi_xl.errors import OutputError
from roi_xl.io.atomic_write import write_file
from roi_xl.io.log import log_fault
from tests.cli.test_main import one_line, roi_xl
from tests.marks import in_ci

NOBODY = 65534
COMMAND = [sys.executable, "-W", "error", "-m", "roi_xl"]


def run(
    *words: object,
    before: Callable[[], None] | None = None,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process in which `before` runs first."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=before,
        **options,
    )


def small_files() -> None:
    """Limit the size of files, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_full_disk(tmp_path: Path) -> None:
    out = tmp_path / "roi.xlsx"
    done = run("new", out, before=small_files)
    assert done.returncode == 3
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
    out.write_bytes(b"mine")
    assert run("new", out, "--force", before=small_files).returncode == 3
    assert out.read_bytes() == b"mine"
    assert [p.name for p in tmp_path.iterdir()] == ["roi.xlsx"]


def elsewhere(
    tried: Callable[[], object], before: Callable[[], None], error: type[RoiError]
) -> None:
    """Assert that a call fails with this error in a fork in which `before` runs first."""
    error("file_missing", path="a").message("en")  # load the texts, which another user may not read
    child = os.fork()
    if child == 0:
        code = 1
        try:
            before()
            tried()
        except error as raised:
            code = 0 if str(raised) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def as_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def test_full_disk_while_the_file_is_written(tmp_path: Path) -> None:
    out = tmp_path / "a.bin"
    elsewhere(lambda: write_file(out, b"x" * 20_000, overwrite=False), small_files, OutputError)
    assert list(tmp_path.iterdir()) == []
    out.write_bytes(b"mine")
    elsewhere(lambda: write_file(out, b"x" * 20_000, overwrite=True), small_files, OutputError)
    assert out.read_bytes() == b"mine"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


root_only = pytest.mark.skipif(
    getattr(os, "geteuid", lambda: -1)() != 0, reason="only root can become another user"
)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A temporary folder that every user can enter."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder not in (Path("/"), Path("/tmp")) and folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


@root_only
def test_read_only_folder(theirs: Path) -> None:
    elsewhere(lambda: write_file(theirs / "a", b"x", overwrite=False), as_nobody, OutputError)
    assert list(theirs.iterdir()) == []


@root_only
@pytest.mark.parametrize("name", ["a.toml", "a.json", "a.xlsx"])
def test_an_unreadable_file(theirs: Path, name: str) -> None:
    path = theirs / name
    if name == "a.xlsx":
        build_workbook(path)
    else:
        path.write_text("{}" if name == "a.json" else "")
    assert read_case(path)
    path.chmod(0o600)
    elsewhere(lambda: read_case(path), as_nobody, BadInput)


@root_only
def test_an_unwritable_file(theirs: Path) -> None:
    theirs.chmod(0o777)
    path = theirs / "a"
    path.write_bytes(b"read only")
    path.chmod(0o444)
    elsewhere(lambda: write_file(path, b"x", overwrite=True), as_nobody, OutputError)
    assert path.read_bytes() == b"read only"


@root_only
def test_an_inaccessible_folder(theirs: Path) -> None:
    inner = theirs / "inner"
    inner.mkdir(mode=0o700)
    (inner / "a.toml").write_text("")
    elsewhere(lambda: read_case(inner / "a.toml"), as_nobody, BadInput)
    elsewhere(lambda: write_file(inner / "a", b"x", overwrite=True), as_nobody, OutputError)


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_interrupted_run_leaves_no_file(tmp_path: Path, sent: int, code: int) -> None:
    """The signal arrives while the file is being written."""
    out = tmp_path / "roi.xlsx"
    slow = (
        "import os, sys, time\n"
        "fsync = os.fsync\n"
        "def waiting(handle):\n"
        "    print('writing', flush=True); time.sleep(30)\n"
        "os.fsync = waiting\n"
        f"sys.argv = ['roi-xl', 'new', {str(out)!r}]\n"
        "from roi_xl.__main__ import main\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    assert [p.suffix for p in tmp_path.iterdir()] == [".tmp"]
    process.send_signal(sent)
    _, said = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_broken_pipe(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*COMMAND, "functions", "--json"], stdout=writing, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 141


def test_a_full_standard_output() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "functions"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", *in_ci("<&-", ">&-", "2>&-")])
def test_closed_streams(tmp_path: Path, closed: str) -> None:
    out = tmp_path / "roi.xlsx"
    command = f"{sys.executable} -m roi_xl new '{out}' {closed}"
    assert subprocess.run(["bash", "-c", command], capture_output=True).returncode == 0
    assert read_case(out)


@pytest.mark.parametrize(
    "when", [dt.datetime(1970, 1, 1), dt.datetime(1, 1, 1), dt.datetime(9999, 1, 1)]
)
def test_clock_in_the_past(tmp_path: Path, when: dt.datetime) -> None:
    path = build_workbook(tmp_path / "roi.xlsx", stamp=when)
    assert read_case(path)


def test_locale_with_a_decimal_comma(tmp_path: Path) -> None:
    """Numbers do not depend on the system's locale."""
    subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")],
        check=True,
        capture_output=True,
    )
    code = (
        "import locale, sys\n"
        "locale.setlocale(locale.LC_ALL, '')\n"
        "assert locale.localeconv()['decimal_point'] == sys.argv.pop(1)\n"
        "sys.argv = ['roi-xl', *sys.argv[1:]]\n"
        "from roi_xl.__main__ import main\n"
        "main()\n"
    )
    german = {**os.environ, "LC_ALL": "de_DE.UTF-8", "LOCPATH": str(tmp_path)}
    plain = {**os.environ, "LC_ALL": "C.UTF-8"}
    seen = []
    for i, env in enumerate((german, plain)):
        out = tmp_path / f"{i}.xlsx"
        start = [sys.executable, "-c", code, "," if env is german else "."]
        setting = "gpu_cost_per_hour=2,5" if env is german else "gpu_cost_per_hour=2.5"
        new = [*start, "new", str(out), "--set", setting]
        subprocess.run(new, env=env, check=True, capture_output=True)
        calc = subprocess.run(
            [*start, "calc", str(out), "--json"], env=env, capture_output=True, check=True
        )
        seen.append(json.loads(calc.stdout))
    assert seen[0] == seen[1]
    assert seen[0]["inputs"]["gpu_cost_per_hour"] == 2.5


def test_an_ascii_locale(tmp_path: Path) -> None:
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [*COMMAND, "calc", "missing.toml"], env=env, capture_output=True, cwd=tmp_path
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    done = subprocess.run([*COMMAND, "new", "a.xlsx"], env=env, capture_output=True, cwd=tmp_path)
    assert done.returncode == 0
    assert b"2036.00 USD" in done.stdout


def test_long_paths_with_chinese_and_spaces(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(5):
        folder = folder / f"微调 项目 {'长' * 30}"
    folder.mkdir(parents=True)
    out = folder / "成本 与 收益.xlsx"
    assert len(str(out)) > 260 or len(str(out).encode()) > 260
    assert roi_xl("new", out).returncode == 0
    assert "2036.00" in roi_xl("calc", out).stdout


def test_open_in_a_spreadsheet_program(tmp_path: Path) -> None:
    out = tmp_path / "roi.xlsx"
    assert roi_xl("new", out).returncode == 0
    before = out.read_bytes()
    for lock in ("~$roi.xlsx", ".~lock.roi.xlsx#"):
        (tmp_path / lock).write_text("")
        one_line(roi_xl("new", out, "--force"), 4, "roi.xlsx", lock)
        assert roi_xl("calc", out).returncode == 0  # reading is allowed
        (tmp_path / lock).unlink()
    assert out.read_bytes() == before


OPTIONAL = ["xlwings", "pandas", "pyarrow", "polars", "dask", "distributed", "lxml", "defusedxml"]
OPTIONAL += ["python_calamine", "PIL", "duckdb", "uno", "win32com"]


def test_without_optional_packages(tmp_path: Path) -> None:
    """Workbooks and functions need only click, numpy and openpyxl."""
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {OPTIONAL!r}:\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from roi_xl.__main__ import main\n"
        "main()\n"
    )
    out = tmp_path / "roi.xlsx"
    for words in (["new", out], ["calc", out], ["functions"], ["functions", "payback"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_an_internal_error_is_one_line_and_logged(tmp_path: Path) -> None:
    log = tmp_path / "fault.log"
    code = (
        "import sys\n"
        "import roi_xl.case.evaluate as module\n"
        "def broken(*_, **__): raise RuntimeError('a fault of ours')\n"
        "module.evaluate_case = broken\n"
        "module.run = broken\n"
        "sys.argv = ['roi-xl', 'calc', 'case.toml']\n"
        "from roi_xl.__main__ import main\n"
        "main()\n"
    )
    (tmp_path / "case.toml").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "ROI_XL_LOG": str(log)},
    )
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert str(log) in done.stderr
    assert "a fault of ours" in log.read_text(encoding="utf-8")


def test_the_log_never_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError

    monkeypatch.setenv("ROI_XL_LOG", str(tmp_path / "a" / "log"))
    log_fault("FT_X", ["\ud800", 1])
    assert "FT_X" in (tmp_path / "a" / "log").read_text(encoding="utf-8")
    log_fault("FT_X", [Odd()])
    monkeypatch.setenv("ROI_XL_LOG", "/proc/no/log")
    log_fault("FT_X", [])


def test_concurrent_runs_write_one_whole_file(tmp_path: Path) -> None:
    out = tmp_path / "roi.xlsx"
    runs = [
        subprocess.Popen(
            [*COMMAND, "new", str(out), "--set", f"daily_requests={n}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for n in (1000, 2000)
    ]
    deadline = time.monotonic() + 60
    codes = sorted(run.wait(timeout=deadline - time.monotonic()) for run in runs)
    assert codes == [0, 4]  # the second run finds the file of the first
    assert read_case(out)["daily_requests"] in (1000, 2000)
    assert [p.name for p in tmp_path.iterdir()] == ["roi.xlsx"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("１２，３４５．５", 12345.5),
        ("1.234,5", 1234.5),
        pytest.param("12 345,5", 12345.5, marks=pytest.mark.slow),
        pytest.param("0,5", 0.5, marks=pytest.mark.slow),
        pytest.param("1,234,567", 1234567, marks=pytest.mark.slow),
    ],
)
def test_number_formats_in_settings(tmp_path: Path, setting: str, value: float) -> None:
    out = tmp_path / "a.xlsx"
    assert roi_xl("new", out, "--set", f"daily_requests={setting}").returncode == 0
    assert read_case(out)["daily_requests"] == value


def test_an_ambiguous_number_in_a_setting(tmp_path: Path) -> None:
    done = roi_xl("new", "a.xlsx", "--set", "daily_requests=1,234", cwd=tmp_path)
    one_line(done, 3, "daily_requests", '"1,234"')
    assert list(tmp_path.iterdir()) == []
