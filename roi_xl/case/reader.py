"""Reads a case from TOML, JSON or a filled workbook, with one error that names place, find and rule."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput
from roi_xl.textfile import existing, json_data, toml_data

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


def read_toml(path: str | Path) -> Case:
    """A case from a TOML file: input names as keys, at the top or under `[inputs]`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    path = Path(path)
    try:
        return case_of(toml_data(path))
    except BadInput as error:
        raise _in_file(path, error) from None


def read_json(path: str | Path) -> Case:
    """A case from a JSON file: an object of input names, or one with them under `inputs`.

    Raises:
        BadInput: naming the file and the line or key.
    """
    path = Path(path)
    try:
        return case_of(json_data(path))
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
