"""Reads a case from a TOML or JSON file or a filled workbook, by the file's extension."""

from dataclasses import replace
from pathlib import Path

from roi_xl.case.inputs import Case
from roi_xl.case.study import Study
from roi_xl.case.text_reader import json_study, toml_study
from roi_xl.errors import BadInput
from roi_xl.io.text_files import existing
from roi_xl.text import LANGUAGES

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")


def read_case(path: str | Path) -> Case:
    """The validated case of a file; of its selected scenario, if it has several.

    Raises:
        BadInput: the file is missing or malformed, or holds a value that is not allowed.
        BadWorkbook: the workbook cannot be read.
    """
    return read_study(path).live_case


def read_study(path: str | Path) -> Study:
    """The study in a file: case, scenarios and ranges.

    Raises:
        BadInput: the file is missing or malformed, or holds a value that is not allowed.
        BadWorkbook: the workbook cannot be read.
    """
    path = Path(path)
    kind = path.suffix.lower()
    study: Study
    if kind == ".toml":
        study = toml_study(path)
    elif kind == ".json":
        study = json_study(path)
    elif kind in WORKBOOK_ENDINGS:
        from roi_xl.workbook.study_reader import read_workbook

        existing(path)
        study = read_workbook(path)
    else:
        raise BadInput(
            "file_ending", path=path, allowed=", ".join((".toml", ".json", *WORKBOOK_ENDINGS))
        )
    return study if study.names else replace(study, names=dict.fromkeys(LANGUAGES, path.stem))
