"""Reads text files written by people and programs: encoding, CSV, JSON and TOML."""

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
from roi_xl.io.atomic_write import cannot_read
from roi_xl.io.paths import extended

UTF8, GB18030 = "utf-8", "gb18030"  # the latter is written by Excel in Chinese
BOM = b"\xef\xbb\xbf"
DELIMITERS = (",", ";", "\t")
MOST_CASE_BYTES = 1_000_000  # a case has a few dozen inputs
_MOST_DIGITS = 400


# --- files ---------------------------------------------------------------------------------------


def existing(path: Path) -> Path:
    """The path, if it is a regular file.

    Raises:
        BadInput: the file is missing, a folder or a device, or cannot be reached.
    """
    try:
        mode = os.stat(extended(path)).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise _missing(path) from None
    except OSError as error:
        raise cannot_read(path, error) from None
    if stat.S_ISDIR(mode):
        raise BadInput("is_folder", path=path)
    if not stat.S_ISREG(mode):  # reading a pipe or device might never end
        raise BadInput("no_file", path=path)
    return path


def _missing(path: Path) -> BadInput:
    """The error for a missing file, with the most similar name in its folder, if there is one."""
    import difflib

    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except (OSError, ValueError):  # the folder is missing too, or its name is not valid
        near = []
    if near:
        return BadInput("file_near", path=path, nearest=path.with_name(near[0]))
    return BadInput("file_missing", path=path)


def read_text(path: Path, most_bytes: int = MOST_CASE_BYTES) -> str:
    """The text of a file, with its line ends unchanged and without a byte order mark.

    Raises:
        BadInput: the file cannot be read, is too large, or is neither UTF-8 nor GB18030.
    """
    try:
        with extended(existing(path)).open("rb") as file:
            data = file.read(most_bytes + 1)
    except OSError as error:
        raise cannot_read(path, error) from None
    if len(data) > most_bytes:
        raise BadInput("too_large", path=path, allowed=f"{most_bytes / 1e6:g} MB")
    return decode(data, path)


def decode(data: bytes, path: object) -> str:
    """Bytes as text: UTF-8 with or without byte order mark, else GB18030.

    Raises:
        BadInput: the bytes are in neither encoding.
    """
    data = data.removeprefix(BOM)
    try:
        return data.decode(encoding_of(data))
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", path=path, position=error.start) from None


def encoding_of(data: bytes) -> str:
    """The encoding that decodes all of these bytes: UTF-8 or GB18030.

    Chinese UTF-8 text with a bad byte often happens to be valid GB18030 with other characters. Text
    with a three-byte UTF-8 character before the first bad byte is therefore taken as UTF-8.

    Raises:
        UnicodeDecodeError: neither decodes them; the error is that of the likelier one.
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
    """The content of a TOML file.

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
        written = content.split("\n")[int(line) - 1].lstrip()
        key = re.match(r'[^\s="\'\[#]+', written)
        reason = "toml_bare_key" if key and not key[0].isascii() else "not_toml"
        found = key[0] if key else ""
        raise BadInput(reason, path=path, line=line, column=column, found=found) from None
    except RecursionError:
        raise BadInput("too_deep", path=path) from None
    except ValueError:  # Python's limit on the digits of an int
        raise BadInput("too_long_number", path=path) from None


def json_data(path: Path, most_bytes: int = MOST_CASE_BYTES, *, infinities: bool = False) -> Any:
    """What a JSON file holds; a key given twice is an error, and so is what only Python calls JSON.

    Args:
        path: the file.
        most_bytes: above which it is too large.
        infinities: accept NaN and Infinity, as Python programs write them.

    Raises:
        BadInput: naming the file and the line or the key.
    """
    content = read_text(path, most_bytes)
    try:
        return json_decoder(path, infinities=infinities).decode(content)
    except json.JSONDecodeError as error:
        raise BadInput("not_json", path=path, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise BadInput("too_deep", path=path) from None


def json_decoder(path: object, *, infinities: bool = False) -> json.JSONDecoder:
    """A decoder that refuses a key given twice, NaN and infinity; errors name this file."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise BadInput("json_key_twice", path=path, found=f'"{twice[:40]}"')
        return found

    def refuse(constant: str) -> NoReturn:
        raise BadInput("json_constant", path=path, found=constant)

    constant = float if infinities else refuse
    return json.JSONDecoder(object_pairs_hook=unique, parse_constant=constant, parse_int=_whole)


def _whole(digits: str) -> float:
    # Python refuses to convert thousands of digits to an int; as a float they are infinite
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)


# --- tables --------------------------------------------------------------------------------------


def delimiter_of(first_line: str) -> str:
    """The delimiter (comma, semicolon or tab) that occurs most in the heading line, outside quotes."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", first_line)
    return max(DELIMITERS, key=bare.count)


def rows_of(text: str) -> Iterator[list[str]]:
    """The records of a CSV text with any of the three delimiters.

    Raises:
        csv.Error: a quote is not closed, or a field exceeds the limit of the csv module.
    """
    stream = io.StringIO(text, newline="")
    first = stream.readline()
    stream.seek(0)
    return csv.reader(stream, delimiter=delimiter_of(first), strict=True)
