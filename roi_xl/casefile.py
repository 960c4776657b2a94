"""Reads a file of any kind that holds a case, TOML, JSON or a filled workbook; its ending says which."""

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
