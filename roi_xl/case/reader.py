"""Reads a case from TOML, JSON or a filled workbook, with one error that names place, find and rule."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from roi_xl.case.inputs import Case
from roi_xl.case.scenarios import Study, study_of
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES
from roi_xl.textfile import existing, json_data, toml_data

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")


def read_case(path: str | Path) -> Case:
    """The validated case of a file: of its chosen scenario, where it has several.

    Raises:
        BadInput: the file is missing, is not what its ending says, or holds a value that is not allowed.
        BadWorkbook: the file is no workbook that can be read.
    """
    return read_study(path).live_case


def read_study(path: str | Path) -> Study:
    """What a file holds, case, scenarios and ranges; its ending says which kind it is.

    Raises:
        BadInput: the file is missing, is not what its ending says, or holds a value that is not allowed.
        BadWorkbook: the file is no workbook that can be read.
    """
    path = Path(path)
    kind = path.suffix.lower()
    study: Study
    if kind == ".toml":
        study = _read_toml(path)
    elif kind == ".json":
        study = _read_json(path)
    elif kind in WORKBOOK_ENDINGS:
        from roi_xl.workbook.read import read_workbook

        existing(path)
        study = read_workbook(path)
    else:
        raise BadInput(
            "file_ending", path=path, allowed=", ".join((".toml", ".json", *WORKBOOK_ENDINGS))
        )
    return study if study.names else replace(study, names=dict.fromkeys(LANGUAGES, path.stem))


def read_toml(path: str | Path) -> Case:
    """A case from a TOML file: input names as keys, at the top or under `[inputs]`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    return _read_toml(Path(path)).live_case


def read_json(path: str | Path) -> Case:
    """A case from a JSON file: an object of input names, or one with them under `inputs`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    return _read_json(Path(path)).live_case


def _read_toml(path: Path) -> Study:
    try:
        return study_of(toml_data(path))
    except BadInput as error:
        raise _in_file(path, error) from None


def _read_json(path: Path) -> Study:
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
