"""The settings file, as `roi_xl_python.bas` reads it: lines of `"KEY","VALUE"` in the ANSI code page."""

import csv
import locale
import sys
from collections.abc import Mapping
from pathlib import Path

from roi_xl.errors import OutputError

INTERPRETER = "INTERPRETER_WIN"


def settings(python: Path) -> dict[str, str]:
    """What installing sets."""
    return {INTERPRETER: str(python)}


def code_page_lacking(path: Path) -> str | None:
    """The code page in which VBA names files, where it lacks a character of this path."""
    try:
        str(path).encode(_code_page())
    except UnicodeEncodeError:
        return _code_page()
    return None


def with_settings(conf: bytes, values: Mapping[str, str]) -> bytes:
    """The file with these values set, each in its place or at the end; all else stays as it is.

    Raises:
        OutputError: a value has a character that the code page lacks.
    """
    for key, value in values.items():
        conf = _with_value(conf, key, value)
    return conf


def without_settings(conf: bytes, before: bytes) -> bytes:
    """The file with the lines of our settings as they were in `before`, or without them."""
    lines = (line for line in _lines(before) if (_pair(line) or ("",))[0].upper() == INTERPRETER)
    return _with_line(conf, INTERPRETER, next(lines, None))


def value_of(conf: bytes, key: str) -> str | None:
    """The value of a key, None where there is none; case does not matter."""
    for line in _lines(conf):
        found = _pair(line)
        if found and found[0].upper() == key:
            return found[1]
    return None


def _with_value(conf: bytes, key: str, value: str) -> bytes:
    lacking = code_page_lacking(Path(value))
    if lacking:
        raise OutputError("conf_encoding", path=value, code_page=lacking)
    return _with_line(conf, key, f'"{key}","{value}"')


def _with_line(conf: bytes, key: str, wanted: str | None) -> bytes:
    written = []
    for line in _lines(conf):
        if (_pair(line) or ("",))[0].upper() != key:
            written.append(line)
        elif wanted is not None:
            written.append(wanted)
            wanted = None
    if wanted is not None:
        written.append(wanted)
    return "".join(f"{line}\r\n" for line in written).encode(_code_page(), "surrogateescape")


def _lines(conf: bytes) -> list[str]:
    return conf.decode(_code_page(), "surrogateescape").splitlines()


def _pair(line: str) -> tuple[str, str] | None:
    row = next(csv.reader([line], skipinitialspace=True), [])
    return (row[0].strip(), row[1]) if len(row) == 2 else None


def _code_page() -> str:
    """VBA reads files in the code page of Windows; elsewhere nothing but a test does."""
    return locale.getencoding() if sys.platform == "win32" else "utf-8"
