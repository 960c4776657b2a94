"""Reads a case from TOML, JSON or a filled workbook, with one error that names place, find and rule."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")


def read_case(path: str | Path) -> Case:
    """A validated case from a file; its ending says which kind (.toml, .json, .xlsx, .xlsm).

    Raises:
        BadInput: the file is missing, is not what its ending says, or holds a value that is not allowed.
        BadWorkbook: the file is no workbook that can be read.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".toml":
        return read_toml(path)
    if kind == ".json":
        return read_json(path)
    if kind in WORKBOOK_ENDINGS:
        from roi_xl.workbook.read import read_workbook

        existing(path)
        return read_workbook(path)
    raise BadInput(
        "file_ending", path=path, allowed=", ".join((".toml", ".json", *WORKBOOK_ENDINGS))
    )


def existing(path: Path) -> Path:
    """The path, if a file is there.

    Raises:
        BadInput: there is none, or it is a folder.
    """
    if path.is_dir():
        raise BadInput("is_folder", path=path)
    if not path.exists():
        raise BadInput("file_missing", path=path)
    return path


def _text_of(path: Path) -> str:
    try:
        return existing(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", path=path, position=error.start) from None
    except OSError as error:
        raise BadInput("unreadable", path=path, reason=error.strerror) from None


def read_toml(path: str | Path) -> Case:
    """A case from a TOML file: input names as keys, at the top or under `[inputs]`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    path = Path(path)
    content = _text_of(path)
    try:
        return case_of(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        last = content.count("\n") + 1
        line, column = place.groups() if place else (last, len(content.split("\n")[-1]))
        raise BadInput("not_toml", path=path, line=line, column=column) from None
    except BadInput as error:
        raise _in_file(path, error) from None


def read_json(path: str | Path) -> Case:
    """A case from a JSON file: an object of input names, or one with them under `inputs`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    path = Path(path)
    try:
        return case_of(json.loads(_text_of(path)))
    except json.JSONDecodeError as error:
        raise BadInput("not_json", path=path, line=error.lineno, column=error.colno) from None
    except BadInput as error:
        raise _in_file(path, error) from None


def _in_file(path: Path, error: BadInput) -> BadInput:
    return error if "path" in error.values else BadInput("in_file", path=path, reason=error)


def case_of(values: Any) -> Case:
    """A case from a mapping; the mapping itself, or what it holds under `inputs`.

    Raises:
        BadInput: it is no mapping, or a key or value is not allowed.
    """
    if not isinstance(values, Mapping):
        raise BadInput("not_a_table", found=type(values).__name__)
    if isinstance(values.get("inputs"), Mapping):
        extra = [key for key in values if key not in ("inputs", "results")]
        if extra:
            raise BadInput("beside_inputs", found=", ".join(map(str, extra)))
        values = values["inputs"]
    return Case(**{str(key): value for key, value in values.items()})
