"""The editions of the workbook: plain formulas, or with the FT_ functions as LAMBDA names."""

import datetime as dt
from pathlib import Path

from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput
from roi_xl.workbook.build import build_workbook, checked_output, workbook_bytes
from roi_xl.workbook.write import write_file

PLAIN, LAMBDA = "plain", "lambda"
EDITIONS = (PLAIN, LAMBDA)


def build_edition(
    path: str | Path,
    case: Case | None = None,
    language: str | None = None,
    *,
    edition: str = PLAIN,
    overwrite: bool = False,
    stamp: dt.datetime | None = None,
) -> Path:
    """Write a case as a workbook of an edition.

    Args:
        path: the file to write, ending in .xlsx.
        case: the case; None is the source document's customer-service example.
        language: `zh` or `en`; None is the current language.
        edition: `plain` has formulas that any spreadsheet computes; `lambda` adds every FT_
            function that has a formula as a name for Microsoft 365 and Excel 2024.
        overwrite: replace a file that is there.
        stamp: the time the file says it was made; None makes byte-identical files.

    Returns:
        The path written.

    Raises:
        BadInput: there is no such edition.
        FileExists: the file is there and `overwrite` is false.
        OutputError: the folder is missing or cannot be written.
    """
    if edition == PLAIN:
        return build_workbook(path, case, language, overwrite=overwrite, stamp=stamp)
    if edition != LAMBDA:
        raise BadInput("edition", found=edition, allowed=", ".join(EDITIONS))
    path, language = checked_output(path, language)
    data = lambda_workbook(case or Case(), language, stamp)
    write_file(path, data, overwrite=overwrite)
    return path


def lambda_workbook(case: Case, language: str, stamp: dt.datetime | None = None) -> bytes:
    """The finished .xlsx file of a case with the FT_ functions as LAMBDA names."""
    from roi_xl import FUNCTIONS
    from roi_xl.excel.lambdas import lambda_names

    names = [(n.name, n.formula, n.comment) for n in lambda_names(FUNCTIONS.values(), language)]
    return workbook_bytes(case, language, stamp, edition=LAMBDA, names=names)
