"""Output files: there whole or not at all, and never over another without leave."""

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roi_xl.errors import FileExists, FileInUse, OutputError

# Windows refuses to replace a file that is open elsewhere; a virus scanner lets go within a second
PAUSES = (0.05, 0.1, 0.2, 0.4)
_HELD = (5, 32, 33)  # winerror: access denied, sharing violation, lock violation
_NAME_KEPT = 40  # characters of the file's name in that of its temporary file


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse an output before any work is done for it.

    Raises:
        FileExists: it is there and may not be overwritten.
        FileInUse: a spreadsheet program has it open.
        OutputError: its folder is missing, it is no ordinary file, or it may not be written.
    """
    if "\0" in str(path):  # a name that no file can have
        raise _not_writable(path, OSError(errno.EINVAL, os.strerror(errno.EINVAL)))
    found = _stat(path)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise OutputError("output_is_folder", path=path)
    if not os.path.isdir(path.parent):
        raise OutputError("output_folder_missing", path=path, folder=path.parent)
    if found is None:
        return
    if not overwrite:
        raise FileExists("output_exists", path=path)
    if not stat.S_ISREG(found.st_mode):
        raise OutputError("output_no_file", path=path)
    if not os.access(path, os.W_OK):
        raise _not_writable(path, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    lock = lock_beside(path)
    if lock is not None:
        raise FileInUse("output_open", path=path, lock=lock.name)


def lock_beside(path: Path) -> Path | None:
    """The file by which Excel, WPS or LibreOffice shows that it has this one open."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        lock = path.with_name(name)
        if os.path.lexists(lock):
            return lock
    return None


@contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary file beside `path` to write to; it takes the place of `path` when all went well.

    Whatever ends the block early, an interruption included, leaves `path` as it was and no
    temporary file; where the process or the machine dies, `path` is the old file or the new one.
    A link stays a link: the file it points to is replaced.

    Raises:
        FileExists: the file is there and may not be overwritten.
        FileInUse: another program holds it open.
        OutputError: its folder is missing or cannot be written.
    """
    check_output(path, overwrite=overwrite)
    target = Path(os.path.realpath(path))
    # named before it is made, so that no interruption can come between making and knowing it
    temporary = target.with_name(f".{target.name[:_NAME_KEPT]}.{secrets.token_hex(6)}.tmp")
    try:
        old = _stat(target)
        _make(temporary, 0o666 if old is None else stat.S_IMODE(old.st_mode) & 0o777)
        yield temporary
        _sync(temporary, os.O_RDWR)
        if old is not None:
            _like(temporary, old)
        _place(temporary, target, overwrite=overwrite)
        with suppress(OSError):  # Windows opens no folders
            _sync(target.parent, os.O_RDONLY)
    except FileExistsError:
        raise FileExists("output_exists", path=path) from None
    except OSError as error:
        raise _not_writable(path, error) from None
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def write_file(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file whole or not at all: a temporary file beside it, then one rename.

    Raises:
        FileExists: it is there and may not be overwritten.
        FileInUse: another program holds it open.
        OutputError: its folder is missing or cannot be written.
    """
    with replacing(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(data)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where they are missing.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(folder, error) from None


def _stat(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _not_writable(path, error) from None


def _make(temporary: Path, mode: int) -> None:
    """A new, empty file; the process's umask counts, as for any new file."""
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _like(temporary: Path, old: os.stat_result) -> None:
    """Owner and permissions of the file that is replaced, as far as the system lets us."""
    with suppress(OSError, AttributeError):
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
        os.rename(temporary, target)  # refuses a file that has come in the meantime
    else:
        try:
            os.link(temporary, target)  # so does a link, where rename would replace it
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            os.replace(temporary, target)


def _not_writable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or errno.errorcode.get(error.errno or 0, "?")
    folder = os.path.abspath(path.parent)
    return OutputError("output_not_writable", path=path, folder=folder, reason=reason)
