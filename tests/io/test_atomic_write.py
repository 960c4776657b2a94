"""Writing: complete or not at all, whatever happens meanwhile."""

import errno
import multiprocessing
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roi_xl import FileExists, FileInUse
from roi_xl.errors import OutputError
from roi_xl.io import atomic_write as module
from roi_xl.io.atomic_write import check_output, replacing, write_file
from roi_xl.text import LANGUAGES
from tests.marks import POSIX


def left_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_new_file_and_a_new_version(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_file(path, b"one", overwrite=False)
    with pytest.raises(FileExists):
        write_file(path, b"two", overwrite=False)
    assert path.read_bytes() == b"one"
    write_file(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"
    assert left_in(tmp_path) == ["a.bin"]


@POSIX
def test_permissions_follow_the_umask_or_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    before = os.umask(0o027)
    try:
        write_file(path, b"one", overwrite=False)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        for mode in (0o600, 0o664, 0o640):
            path.chmod(mode)
            write_file(path, b"two", overwrite=True)
            assert stat.S_IMODE(path.stat().st_mode) == mode
    finally:
        os.umask(before)


@POSIX
def test_the_temporary_file_has_no_more_permissions_than_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"secret")
    path.chmod(0o600)
    with replacing(path, overwrite=True) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        assert temporary.parent == path.parent


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: -1)() != 0, reason="only root may give files away"
)
def test_the_owner_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    os.chown(path, 65534, 65534)
    write_file(path, b"two", overwrite=True)
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


@POSIX
def test_symbolic_links_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.bin"
    target.write_bytes(b"one")
    link = tmp_path / "link.bin"
    link.symlink_to(target)
    with pytest.raises(FileExists):
        write_file(link, b"two", overwrite=False)
    write_file(link, b"two", overwrite=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"two"


@POSIX
def test_a_link_to_no_file_exists_already(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "new.bin", tmp_path / "new.bin"
    link.symlink_to(target)
    for refused in (check_output, lambda p, overwrite: write_file(p, b"x", overwrite=overwrite)):
        with pytest.raises(FileExists):
            refused(link, overwrite=False)
    assert left_in(tmp_path / "real") == []
    write_file(link, b"three", overwrite=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"three"
    assert left_in(tmp_path / "real") == ["new.bin"]


@POSIX
def test_links_without_a_folder_to_write_to(tmp_path: Path) -> None:
    loop = tmp_path / "loop.bin"
    loop.symlink_to(loop)
    gone = tmp_path / "gone.bin"
    gone.symlink_to(tmp_path / "no" / "folder" / "a.bin")
    for path in (loop, gone):
        for overwrite in (True, False):
            with pytest.raises(OutputError):
                write_file(path, b"x", overwrite=overwrite)
        assert path.is_symlink()


@POSIX
def test_devices_pipes_and_folders_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to(os.devnull)
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "null", "folder"):
        with pytest.raises(OutputError):
            write_file(tmp_path / name, b"x", overwrite=True)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert left_in(tmp_path) == ["folder", "null", "pipe"]


@pytest.mark.parametrize("lock", ["~$案例 1.xlsx", ".~lock.案例 1.xlsx#"])
def test_open_in_a_spreadsheet_program(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "案例 1.xlsx"
    (tmp_path / lock).write_bytes(b"")
    write_file(path, b"one", overwrite=True)  # the lock of a file that does not exist
    with pytest.raises(FileInUse) as raised:
        write_file(path, b"two", overwrite=True)
    for language in LANGUAGES:
        assert lock in raised.value.message(language)
    assert path.read_bytes() == b"one"
    (tmp_path / lock).unlink()
    write_file(path, b"two", overwrite=True)


def held(times: int) -> tuple[Callable[..., None], list[int]]:
    """`os.replace` as on Windows while another program has the file open."""
    calls: list[int] = []
    replace = os.replace

    def refusing(*args: str) -> None:
        calls.append(1)
        if len(calls) <= times:
            error = PermissionError(errno.EACCES, "Access is denied")
            error.winerror = 5  # type: ignore[attr-defined]
            raise error
        replace(*args)

    return refusing, calls


def test_a_file_held_briefly_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    refusing, calls = held(2)
    monkeypatch.setattr(os, "replace", refusing)
    write_file(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"
    assert len(calls) == 3


def test_a_file_held_for_long_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    refusing, calls = held(99)
    monkeypatch.setattr(os, "replace", refusing)
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))
    with pytest.raises(FileInUse, match=r"a\.bin"):
        write_file(path, b"two", overwrite=True)
    assert len(calls) == 3
    assert path.read_bytes() == b"one"
    assert left_in(tmp_path) == ["a.bin"]


def test_other_permission_errors_are_not_retried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")

    def refusing(*_: str) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "replace", refusing)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("waited"))
    with pytest.raises(OutputError, match="not permitted") as raised:
        write_file(path, b"two", overwrite=True)
    assert not isinstance(raised.value, FileInUse)


@POSIX
def test_file_and_folder_reach_the_disk_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the content, then the name, then the folder with the name."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def replaced(*args: str) -> None:
        done.append("name")
        replace(*args)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write_file(path, b"two", overwrite=True)
    assert done == ["file", "name", "folder"]


def test_a_file_created_in_the_meantime_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"

    def write() -> None:
        with replacing(path, overwrite=False) as temporary:
            temporary.write_bytes(b"mine")
            path.write_bytes(b"theirs")

    with pytest.raises(FileExists):
        write()
    assert path.read_bytes() == b"theirs"
    assert left_in(tmp_path) == ["a.bin"]


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: str) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refusing)
    write_file(tmp_path / "a.bin", b"one", overwrite=False)
    assert left_in(tmp_path) == ["a.bin"]


def test_an_error_in_the_block_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")

    def fail(error: BaseException) -> None:
        with replacing(path, overwrite=True) as temporary:
            temporary.write_bytes(b"half")
            raise error

    for error in (ValueError("x"), KeyboardInterrupt(), SystemExit(143)):
        with pytest.raises(type(error)):
            fail(error)
        assert path.read_bytes() == b"one"
        assert left_in(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    "name",
    [
        "案例 与 空格.bin",
        "x" * 251 + ".bin",
        "长" * 83 + ".bin",
        pytest.param("a'b\"c.bin", marks=POSIX),
        "-n",
        "~.bin",
    ],
)
def test_names(tmp_path: Path, name: str) -> None:
    write_file(tmp_path / name, b"one", overwrite=False)
    write_file(tmp_path / name, b"two", overwrite=True)
    assert left_in(tmp_path) == [name]


def test_long_paths(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(6):
        folder = folder / ("文件夹 " + "y" * 50)
    folder.mkdir(parents=True)
    path = folder / "a.bin"
    assert len(str(path)) > 300
    write_file(path, b"one", overwrite=False)
    assert path.read_bytes() == b"one"


@pytest.mark.parametrize("name", ["x" * 300, "nul\0byte"])
def test_invalid_file_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        write_file(tmp_path / name, b"x", overwrite=True)
    with pytest.raises(OutputError):
        check_output(tmp_path / name / "a", overwrite=True)


# --- other processes -----------------------------------------------------------------------------

_WRITE_FOREVER = """
import sys
from pathlib import Path
from roi_xl.io.atomic_write import write_file
path = Path(sys.argv[1])
letter = 0
while True:
    letter = (letter + 1) % 26
    write_file(path, bytes([65 + letter]) * 300_000, overwrite=True)
    sys.stdout.write(".") or sys.stdout.flush()
"""


@POSIX
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """After kill -9 the file is the old one or the new one, with temporary files beside it at most."""
    path = tmp_path / "a.bin"
    chance = random.Random(5)
    for _ in range(12):
        path.write_bytes(b"@" * 300_000)
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITE_FOREVER, str(path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        writer.stdout.read(1)  # it has started
        time.sleep(chance.random() * 0.03)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        content = path.read_bytes()
        assert len(content) == 300_000
        assert len(set(content)) == 1
        for other in tmp_path.iterdir():
            assert other == path or (other.name.startswith(".") and other.suffix == ".tmp")


_WRITE_ONCE = """
import sys
from pathlib import Path
from roi_xl.io.atomic_write import write_file
write_file(Path(sys.argv[1]), b"new", overwrite=True)
"""
_WRITE_SLOWLY = """
import sys
from pathlib import Path
from roi_xl.io.atomic_write import replacing
with replacing(Path(sys.argv[1]), overwrite=True) as temporary:
    temporary.write_bytes(b"slow")
    print(".", flush=True)
    sys.stdin.read()
"""


def _slow_writer(path: Path) -> "subprocess.Popen[bytes]":
    """A process in the middle of writing the file."""
    command = [sys.executable, "-c", _WRITE_SLOWLY, str(path)]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.read(1) == b"."
    return writer


@POSIX
def test_the_next_run_removes_the_temporary_file_of_a_killed_one(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    killed = _slow_writer(path)
    killed.kill()
    killed.communicate()
    (abandoned,) = left_in(tmp_path)
    others = [
        abandoned.replace("a.bin", "b.bin"),  # of another file
        ".a.bin.tmp",
        ".a.bin.0123456789ag.tmp",
        "a.bin.0123456789ab.tmp",
    ]
    for name in others:
        (tmp_path / name).write_bytes(b"mine")
    subprocess.run([sys.executable, "-c", _WRITE_ONCE, str(path)], check=True)
    assert path.read_bytes() == b"new"
    assert left_in(tmp_path) == sorted(["a.bin", *others])


def test_a_running_process_keeps_its_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    slow = _slow_writer(path)
    subprocess.run([sys.executable, "-c", _WRITE_ONCE, str(path)], check=True)
    assert path.read_bytes() == b"new"
    assert len(left_in(tmp_path)) == 2
    slow.communicate()  # which ends its input
    assert slow.returncode == 0
    assert path.read_bytes() == b"slow"
    assert left_in(tmp_path) == ["a.bin"]


def test_a_temporary_file_younger_than_this_process_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = tmp_path / ".a.bin.0123456789ab.tmp"
    young.write_bytes(b"x")
    os.utime(young, (module._STARTED + 5, module._STARTED + 5))
    write_file(tmp_path / "a.bin", b"one", overwrite=True)
    assert young.exists()
    monkeypatch.setattr(module, "_STARTED", module._STARTED + 10)
    write_file(tmp_path / "a.bin", b"one", overwrite=True)
    assert left_in(tmp_path) == ["a.bin"]


_WITHOUT_TEMPORARY_FOLDER = """
import runpy, sys, tempfile
def missing():
    raise FileNotFoundError(2, "No usable temporary directory found")
tempfile.gettempdir = tempfile._get_default_tempdir = missing
sys.argv = ["roi-xl", "new", "roi.xlsx", "--lang", "en"]
runpy.run_module("roi_xl", run_name="__main__")
"""


@POSIX
def test_without_any_temporary_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _WITHOUT_TEMPORARY_FOLDER],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": "/no/such/folder"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "temporary files cannot be written in /no/such/folder (" in done.stderr
    assert done.stderr.count("\n") == 1
    assert left_in(tmp_path) == []


def _write_often(path: str, letter: int, seen: "multiprocessing.Queue[int]") -> None:
    for _ in range(40):
        write_file(Path(path), bytes([letter]) * 200_000, overwrite=True)
    seen.put(letter)


@POSIX
def test_two_writers_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"@" * 200_000)
    context = multiprocessing.get_context("spawn")
    seen: multiprocessing.Queue[int] = context.Queue()
    writers = [context.Process(target=_write_often, args=(str(path), 65 + i, seen)) for i in (0, 1)]
    for writer in writers:
        writer.start()
    while any(w.is_alive() for w in writers):
        content = path.read_bytes()
        assert len(content) == 200_000
        assert len(set(content)) == 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert {seen.get(), seen.get()} == {65, 66}
    assert left_in(tmp_path) == ["a.bin"]


def _create(path: str, letter: int) -> int:
    try:
        write_file(Path(path), bytes([letter]) * 1000, overwrite=False)
    except FileExists:
        return 0
    return letter


def test_of_many_creators_one_wins(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        for i in range(15):
            path = tmp_path / f"{i}.bin"
            results = pool.starmap(_create, [(str(path), 65 + k) for k in range(3)], chunksize=1)
            won = [r for r in results if r]
            assert len(won) == 1
            assert path.read_bytes() == bytes([won[0]]) * 1000
    assert len(left_in(tmp_path)) == 15
