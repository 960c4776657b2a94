"""Output files: there whole or not at all, and never over another without leave."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roi_xl.errors import FileExists, FileInUse, OutputError


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse an output before any work is done for it.

    Raises:
        FileExists: it is there and may not be overwritten.
        OutputError: its folder is missing, or it is a folder itself.
    """
    if path.is_dir():
        raise OutputError("output_is_folder", path=path)
    if not path.parent.is_dir():
        raise OutputError("output_folder_missing", path=path, folder=path.parent)
    if path.exists() and not overwrite:
        raise FileExists("output_exists", path=path)


@contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary file beside `path` to write to; it takes the place of `path` when all went well.

    Whatever ends the block early, an interruption included, leaves `path` as it was and no
    temporary file.

    Raises:
        FileExists: the file is there and may not be overwritten.
        FileInUse: another program holds it open.
        OutputError: its folder is missing or cannot be written.
    """
    check_output(path, overwrite=overwrite)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(
            prefix=f".{path.name}.", suffix=".tmp", dir=path.parent
        )
        os.close(handle)
        yield Path(temporary)
        with open(temporary, "rb+") as out:
            os.fsync(out.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if isinstance(error, PermissionError) and path.exists() and temporary is not None:
            raise FileInUse("output_in_use", path=path) from None
        reason = error.strerror or errno.errorcode.get(error.errno or 0, "?")
        folder = path.parent.resolve()
        raise OutputError("output_not_writable", path=path, folder=folder, reason=reason) from None
    finally:
        if temporary is not None:
            with suppress(FileNotFoundError):
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


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
