"""Paths of any length: Windows takes more than 260 characters only in a form of its own."""

import ntpath
import sys
from pathlib import Path

_EXTENDED, _SHARE = "\\\\?\\", "\\\\?\\UNC\\"
_LONG = 180  # a temporary file beside one of this length is still below the limit


def extended(path: Path, *, windows: bool = sys.platform == "win32") -> Path:
    r"""The path as Windows takes it at any length; a short one, and elsewhere every one, as it is.

    Example:
        >>> str(extended(Path("C:/a" + "/b" * 100), windows=True))[:12]
        '\\\\?\\C:\\a\\b\\b'
    """
    if not windows:
        return path
    full = ntpath.abspath(path)
    if len(full) < _LONG or full.startswith(_EXTENDED):
        return path
    return Path(_SHARE + full[2:] if full.startswith("\\\\") else _EXTENDED + full)
