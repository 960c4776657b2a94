"""The settings file of the VBA, as xlwings reads it: lines of `"KEY","VALUE"` in the ANSI code page."""

import csv
import locale
import sys

from roi_xl.errors import OutputError

INTERPRETER = "INTERPRETER_WIN"


def value_of(conf: bytes, key: str) -> str | None:
    """The value of a key, None where there is none; case does not matter."""
    for line in _lines(conf):
        found = _pair(line)
        if found and found[0].upper() == key:
            return found[1]
    return None


def with_value(conf: bytes, key: str, value: str) -> bytes:
    """The file with one value set, in its place or at the end; all else stays as it is.

    Raises:
        OutputError: the value has a character that the code page lacks.
    """
    try:
        value.encode(_code_page())
    except UnicodeEncodeError:
        raise OutputError("conf_encoding", path=value, code_page=_code_page()) from None
    return _with_line(conf, key, f'"{key}","{value}"')


def with_value_of(conf: bytes, key: str, before: bytes) -> bytes:
    """The file with the line of one key as it was in `before`, or without it."""
    lines = (line for line in _lines(before) if (_pair(line) or ("",))[0].upper() == key)
    return _with_line(conf, key, next(lines, None))


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
