"""Text files that people and programs wrote: encodings, CSV tables, JSON and TOML."""

import csv
import io
import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from roi_xl.errors import BadInput

UTF8, GB18030 = "utf-8", "gb18030"  # what today's programs and a Chinese Excel write
BOM = b"\xef\xbb\xbf"
DELIMITERS = (",", ";", "\t")
MOST_CASE_BYTES = 1_000_000  # a case has a few dozen inputs
_MOST_DIGITS = 400


# --- files ---------------------------------------------------------------------------------------


def existing(path: Path) -> Path:
    """The path, if an ordinary file is there.

    Raises:
        BadInput: there is none, it is a folder or a device, or it cannot be reached.
    """
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise _missing(path) from None
    except OSError as error:
        raise BadInput("unreadable", path=path, reason=error.strerror) from None
    if stat.S_ISDIR(mode):
        raise BadInput("is_folder", path=path)
    if not stat.S_ISREG(mode):  # reading a pipe or device may never end
        raise BadInput("no_file", path=path)
    return path


def _missing(path: Path) -> BadInput:
    """The error that names, where there is one, the file of the folder that may be meant."""
    import difflib

    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except (OSError, ValueError):  # the folder is missing too, or no folder can have its name
        near = []
    if near:
        return BadInput("file_near", path=path, nearest=path.with_name(near[0]))
    return BadInput("file_missing", path=path)


def read_text(path: Path, most_bytes: int = MOST_CASE_BYTES) -> str:
    """The text of a file, with line ends as they are and without a byte order mark.

    Raises:
        BadInput: it cannot be read, is too large, or is neither UTF-8 nor GB18030.
    """
    try:
        with existing(path).open("rb") as file:
            data = file.read(most_bytes + 1)
    except OSError as error:
        raise BadInput("unreadable", path=path, reason=error.strerror) from None
    if len(data) > most_bytes:
        raise BadInput("too_large", path=path, allowed=f"{most_bytes / 1e6:g} MB")
    return decode(data, path)


def decode(data: bytes, path: object) -> str:
    """Bytes as text: UTF-8 with or without byte order mark, else GB18030.

    Raises:
        BadInput: they are neither.
    """
    data = data.removeprefix(BOM)
    try:
        return data.decode(encoding_of(data))
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", path=path, position=error.start) from None


def encoding_of(data: bytes) -> str:
    """The encoding in which all of these bytes are text.

    Chinese text in UTF-8 with a bad byte somewhere is often, by accident, GB18030 as well, but other
    characters: so what begins with a character that takes three bytes in UTF-8 is held to UTF-8.

    Raises:
        UnicodeDecodeError: there is none; it says where the likelier one fails.
    """
    try:
        data.decode(UTF8)
        return UTF8
    except UnicodeDecodeError as error:
        read = data[: error.start].decode(UTF8)
        if any(character > "\u07ff" for character in read):
            raise
        not_utf8 = error
    try:
        data.decode(GB18030)
        return GB18030
    except UnicodeDecodeError as error:
        raise (error if error.start > not_utf8.start else not_utf8) from None


def toml_data(path: Path) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        BadInput: naming the file and the line.
    """
    content = read_text(path)
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        last = content.count("\n") + 1
        line, column = place.groups() if place else (last, len(content.split("\n")[-1]))
        raise BadInput("not_toml", path=path, line=line, column=column) from None
    except RecursionError:
        raise BadInput("too_deep", path=path) from None
    except ValueError:  # Python's own limit on the digits of a whole number
        raise BadInput("too_long_number", path=path) from None


def json_data(path: Path) -> Any:
    """What a JSON file holds; a key given twice is an error, and so is what only Python calls JSON.

    Raises:
        BadInput: naming the file and the line or the key.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise BadInput("json_key_twice", path=path, found=f'"{twice[:40]}"')
        return found

    def refuse(constant: str) -> NoReturn:
        raise BadInput("json_constant", path=path, found=constant)

    try:
        return json.loads(
            read_text(path), object_pairs_hook=unique, parse_constant=refuse, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise BadInput("not_json", path=path, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise BadInput("too_deep", path=path) from None


def _whole(digits: str) -> float:
    # Python refuses to turn thousands of digits into an int; as a float they are infinite
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)


# --- tables --------------------------------------------------------------------------------------


def delimiter_of(first_line: str) -> str:
    """Comma, semicolon or tab: the one that the heading line has most of outside quotes."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", first_line)
    return max(DELIMITERS, key=bare.count)


def rows_of(text: str) -> Iterator[list[str]]:
    """The records of a CSV text, whichever of the three separators it uses.

    Raises:
        csv.Error: a quote is never closed, or a field is longer than csv's own limit.
    """
    stream = io.StringIO(text, newline="")
    first = stream.readline()
    stream.seek(0)
    return csv.reader(stream, delimiter=delimiter_of(first), strict=True)
