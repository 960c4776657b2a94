"""Makes a macro workbook or add-in of the finished parts of a workbook."""

import re

from roi_xl.excel.vba import WORKBOOK, project
from roi_xl.workbook.book import Book
from roi_xl.workbook.write import pack

WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_PLAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
_PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_PROJECT_PART = "xl/vbaProject.bin"


def finish(book: Book, parts: dict[str, bytes]) -> bytes:
    """The file of the edition whose cells call the FT_ functions."""
    assert book.workbook.code_name == WORKBOOK
    sheets = [str(ws.sheet_properties.codeName) for ws in book.workbook.worksheets]
    vba = project(book.language, "roi_xl.xlsm", sheets)
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
