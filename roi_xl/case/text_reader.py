"""Reads a case from TOML, JSON or a mapping, with one error that names place, find and rule."""

from pathlib import Path

from roi_xl.case.study import Study, study_of
from roi_xl.errors import BadInput
from roi_xl.io.text_files import json_data, toml_data


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
