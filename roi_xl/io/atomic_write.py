"""Atomic writing of output files: complete or not at all, and never over another unless allowed."""

import errno
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roi_xl.errors import BadInput, FileExists, FileInUse, OutputError, RoiError
from roi_xl.io.paths import extended

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be deleted anyway
    fcntl = None  # type: ignore[assignment]

# Windows refuses to replace a file that is open elsewhere; a virus scanner lets go within a second
PAUSES = (0.05, 0.1, 0.2, 0.4)
_HELD = (5, 32, 33)  # winerror: access denied, sharing violation, lock violation
_NAME_KEPT = 40  # characters of the file's name in that of its temporary file
_STARTED = time.time()


def check_output(path: Path, *, overwrite: bool) -> None:
    """Check that an output may be written, before any work is done for it.

    Raises:
        FileExists: the file exists and may not be overwritten.
        FileInUse: the file is open in a spreadsheet program.
        OutputError: the folder is missing, or the path is not a regular, writable file.
    """
    if "\0" in str(path):  # not allowed in file names
        raise _not_writable(path, OSError(errno.EINVAL, os.strerror(errno.EINVAL)))
    found = _stat(path)
    reached = extended(path)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise OutputError("output_is_folder", path=path)
    if not os.path.isdir(reached.parent):
        raise OutputError("output_folder_missing", path=path, folder=path.parent)
    if not overwrite and os.path.lexists(reached):  # also a link that leads nowhere
        raise FileExists("output_exists", path=path)
    if found is None:
        return
    if not stat.S_ISREG(found.st_mode):
        raise OutputError("output_no_file", path=path)
    if not os.access(reached, os.W_OK):
        raise _not_writable(path, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    lock = lock_beside(path)
    if lock is not None:
        raise FileInUse("output_open", path=path, lock=lock.name)


def lock_beside(path: Path) -> Path | None:
    """Lock file that Excel, WPS or LibreOffice keeps beside an open file; None where there is none."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        lock = path.with_name(name)
        if os.path.lexists(extended(lock)):
            return lock
    return None


@contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary file beside `path` to write to; it replaces `path` when the block succeeds.

    If the block fails or is interrupted, `path` is unchanged and the temporary file is removed. If
    the process or the machine dies, `path` is the old file or the new one, and the next run removes
    the temporary file. A link stays a link: the file it points to is replaced.

    Raises:
        FileExists: the file exists and may not be overwritten.
        FileInUse: another program holds it open.
        OutputError: its folder is missing or cannot be written.
    """
    check_output(path, overwrite=overwrite)
    reached = extended(path)
    target = extended(Path(os.path.realpath(reached))) if reached.is_symlink() else reached
    _clear_abandoned(target)
    # named before it is created, so that no interruption can come between the two
    temporary = target.with_name(f"{_prefix(target)}{secrets.token_hex(6)}.tmp")
    held: int | None = None
    try:
        old = _stat(target)
        held = _make(temporary, 0o666 if old is None else stat.S_IMODE(old.st_mode) & 0o777)
        yield temporary
        if fcntl is None:  # Windows renames no file that is open
            os.close(held)
            held = None
        _sync(temporary, os.O_RDWR)
        if old is not None:
            _like(temporary, old)
        _place(temporary, target, overwrite=overwrite)
        with suppress(OSError):  # Windows cannot open folders
            _sync(target.parent, os.O_RDONLY)
    except FileExistsError:
        raise FileExists("output_exists", path=path) from None
    except OSError as error:
        raise _not_writable(path, error) from None
    finally:
        if held is not None:
            os.close(held)
        with suppress(OSError):
            os.unlink(temporary)


def write_file(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file atomically: to a temporary file beside it, then one rename.

    Raises:
        FileExists: the file exists and may not be overwritten.
        FileInUse: the file is open in another program.
        OutputError: the folder is missing or not writable.
    """
    with replacing(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(data)


def cannot_read(path: Path, error: OSError) -> RoiError:
    """The error for a file that could not be opened for reading.

    Windows refuses a file that another program holds, and Python only says that it may not be read.
    """
    refused = isinstance(error, PermissionError)
    if refused and (sys.platform == "win32" or getattr(error, "winerror", None) in _HELD):
        return FileInUse("input_in_use", path=path)
    return BadInput("unreadable", path=path, reason=_reason(error))


def make_folder(folder: Path) -> None:
    """Create a folder and its parents where missing.

    Raises:
        OutputError: the folder cannot be created.
    """
    try:
        extended(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(folder, error) from None


def temporary_folder() -> str:
    """The folder for temporary files; where none can be written, the one that should be."""
    try:
        return tempfile.gettempdir()
    except OSError:
        names = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
        return next(filter(None, names), "/tmp")


def _prefix(target: Path) -> str:
    return f".{target.name[:_NAME_KEPT]}."


def _clear_abandoned(target: Path) -> None:
    """Delete temporary files of this target that runs which were killed have left.

    They are those that no process holds and that are older than this process, so a file which
    another run has only just created is safe as well.
    """
    ours = re.compile(rf"{re.escape(_prefix(target))}[0-9a-f]{{12}}\.tmp")
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if ours.fullmatch(entry.name):
                with suppress(OSError):
                    _delete_if_abandoned(entry)


def _delete_if_abandoned(entry: "os.DirEntry[str]") -> None:
    found = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode) or found.st_mtime >= _STARTED:
        return
    if fcntl is not None:
        handle = os.open(entry.path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while its run lives
        finally:
            os.close(handle)
    os.unlink(entry.path)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return os.stat(extended(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _not_writable(path, error) from None


def _make(temporary: Path, mode: int) -> int:
    """Create an empty file, subject to the umask; the handle that tells other runs it is in use."""
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _like(temporary: Path, old: os.stat_result) -> None:
    """Copy owner and permissions of the replaced file, as far as the system allows."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(temporary, old.st_uid, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode) & 0o777)


def _place(temporary: Path, target: Path, *, overwrite: bool) -> None:
    for pause in (*PAUSES, None):
        try:
            return _rename(temporary, target, overwrite=overwrite)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            if pause is None:
                raise FileInUse("output_in_use", path=target) from None
            time.sleep(pause)
    return None


def _rename(temporary: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        os.replace(temporary, target)
    elif os.name == "nt":
        os.rename(temporary, target)  # fails if the target has appeared in the meantime
    else:
        try:
            os.link(temporary, target)  # fails likewise, where rename would replace the target
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            os.replace(temporary, target)


def _not_writable(path: Path, error: OSError) -> OutputError:
    folder = os.path.abspath(path.parent)
    return OutputError("output_not_writable", path=path, folder=folder, reason=_reason(error))


def _reason(error: OSError) -> str:
    return error.strerror or errno.errorcode.get(error.errno or 0, "?")
