"""The editions of the workbook: plain formulas, FT_ functions as LAMBDA names, or FT_ in Python."""

import datetime as dt
import re
from pathlib import Path

from roi_xl.case.inputs import Case
from roi_xl.case.study import Study
from roi_xl.errors import BadInput
from roi_xl.workbook.build import build_workbook, checked_output, workbook_bytes
from roi_xl.workbook.save import check_output, pack, write_file
from roi_xl.workbook.sheet_writer import Book

PLAIN, LAMBDA, UDF = "plain", "lambda", "udf"
ENDINGS = {PLAIN: ".xlsx", LAMBDA: ".xlsx", UDF: ".xlsm"}
EDITIONS = tuple(ENDINGS)


def build_edition(
    path: str | Path,
    case: Case | Study | None = None,
    language: str | None = None,
    *,
    edition: str | None = None,
    overwrite: bool = False,
    stamp: dt.datetime | None = None,
    months: int | None = None,
) -> Path:
    """Write a case as a workbook of an edition.

    Args:
        path: the file to write, ending in .xlsx, or .xlsm for the edition `udf`.
        case: the case, or a study with its scenarios; None is the source document's customer-service example.
        language: `zh` or `en`; None is the current language.
        edition: `plain` has formulas that any spreadsheet computes; `lambda` adds every FT_
            function that has a formula as a name for Microsoft 365 and Excel 2024; `udf` is a macro
            workbook whose cells call the functions in Python. None goes by the ending.
        overwrite: replace a file that is there.
        stamp: the time the file says it was made; None makes byte-identical files.
        months: months on the time axis, in whole years; None is as many as the scenarios need.

    Returns:
        The path written.

    Raises:
        BadInput: there is no such edition, or it has another ending.
        FileExists: the file is there and `overwrite` is false.
        OutputError: the folder is missing or cannot be written.
    """
    edition = edition or _by_ending(Path(path))
    if edition not in EDITIONS:
        raise BadInput("edition", found=edition, allowed=", ".join(EDITIONS))
    path, language = checked_output(path, language, ENDINGS[edition])
    if edition == PLAIN:
        return build_workbook(path, case, language, overwrite=overwrite, stamp=stamp, months=months)
    check_output(path, overwrite=overwrite)
    make = lambda_workbook if edition == LAMBDA else udf_workbook
    write_file(path, make(case, language, stamp, months=months), overwrite=overwrite)
    return path


def _by_ending(path: Path) -> str:
    """The first edition whose files end so."""
    for edition, ending in ENDINGS.items():
        if path.suffix.lower() == ending:
            return edition
    endings = ", ".join(dict.fromkeys(ENDINGS.values()))
    raise BadInput("output_ending", path=path, allowed=endings)


def lambda_workbook(
    case: Case | Study | None,
    language: str,
    stamp: dt.datetime | None = None,
    *,
    months: int | None = None,
) -> bytes:
    """The finished .xlsx file of a case with the FT_ functions as LAMBDA names."""
    names = own_names(LAMBDA, language)
    return workbook_bytes(case, language, stamp, edition=LAMBDA, names=names, months=months)


def own_names(edition: str, language: str) -> list[tuple[str, str, str]]:
    """The functions that a workbook of this edition defines itself: name, formula, comment."""
    if edition != LAMBDA:
        return []
    from roi_xl.hosts.excel.lambdas import lambda_names
    from roi_xl.registry import FUNCTIONS

    return [(n.name, n.formula, n.comment) for n in lambda_names(FUNCTIONS.values(), language)]


def udf_workbook(
    case: Case | Study | None,
    language: str,
    stamp: dt.datetime | None = None,
    *,
    months: int | None = None,
    unfilled: bool = False,
) -> bytes:
    """The finished .xlsm file of a case, whose cells call the FT_ functions through xlwings."""
    return workbook_bytes(
        case, language, stamp, edition=UDF, finish=finish, months=months, unfilled=unfilled
    )


WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_PLAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
_PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_PROJECT_PART = "xl/vbaProject.bin"


def finish(book: Book, parts: dict[str, bytes]) -> bytes:
    """The file of the edition whose cells call the FT_ functions."""
    from roi_xl.hosts.excel.wrappers import WORKBOOK, project  # needs xlwings

    assert book.workbook.code_name == WORKBOOK
    sheets = [str(ws.sheet_properties.codeName) for ws in book.workbook.worksheets]
    vba = project(book.language, sheets)
    return pack(with_project(parts, vba, WORKBOOK_TYPE))


def with_project(parts: dict[str, bytes], vba: bytes, kind: str) -> dict[str, bytes]:
    """The parts of a workbook with a VBA project and the content type of a macro file.

    Raises:
        ValueError: the parts are not those of a workbook without macros.
    """
    types = _once(re.escape(_PLAIN_TYPE), kind, parts["[Content_Types].xml"].decode())
    default = f'<Default Extension="bin" ContentType="{_PROJECT_TYPE}"/>'
    types = _once(r"<Types[^>]*>", rf"\g<0>{default}", types)
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    relation = f'<Relationship Id="rIdVba" Type="{_PROJECT_RELATION}" Target="vbaProject.bin"/>'
    relations = _once("</Relationships>", rf"{relation}\g<0>", relations)
    return parts | {
        "[Content_Types].xml": types.encode(),
        "xl/_rels/workbook.xml.rels": relations.encode(),
        _PROJECT_PART: vba,
    }


def _once(pattern: str, replacement: str, xml: str) -> str:
    changed, count = re.subn(pattern, replacement, xml)
    if count != 1:
        raise ValueError(f"{pattern} stands {count} times where it must stand once")
    return changed
