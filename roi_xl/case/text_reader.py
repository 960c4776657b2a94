"""Reads a case from TOML, JSON or a mapping, with one error that names place, find and rule."""

from pathlib import Path
from typing import Any

from roi_xl.case.inputs import Case
from roi_xl.case.study import Study, study_of
from roi_xl.errors import BadInput
from roi_xl.io.text_files import json_data, toml_data


def read_toml(path: str | Path) -> Case:
    """A case from a TOML file: input names as keys, at the top or under `[inputs]`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    return toml_study(Path(path)).live_case


def read_json(path: str | Path) -> Case:
    """A case from a JSON file: an object of input names, or one with them under `inputs`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    return json_study(Path(path)).live_case


def toml_study(path: Path) -> Study:
    """What a TOML file holds, case, scenarios and ranges; its errors name the file."""
    try:
        return study_of(toml_data(path))
    except BadInput as error:
        raise _in_file(path, error) from None


def json_study(path: Path) -> Study:
    """What a JSON file holds, case, scenarios and ranges; its errors name the file."""
    try:
        return study_of(json_data(path))
    except BadInput as error:
        raise _in_file(path, error) from None


def _in_file(path: Path, error: BadInput) -> BadInput:
    return error if "path" in error.values else BadInput("in_file", path=path, reason=error)


def case_of(values: Any) -> Case:
    """A case from a mapping; the mapping itself, or what it holds under `inputs`.

    Raises:
        BadInput: it is no mapping, or a key or value is not allowed.
    """
    return study_of(values).live_case
