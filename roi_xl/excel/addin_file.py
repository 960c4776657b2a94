"""Builds the add-in roi_xl.xlam from the installed xlwings, and reads what one says of itself."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree

from openpyxl.packaging.custom import StringProperty

from roi_xl import __version__
from roi_xl.case.scenarios import Study
from roi_xl.excel.macro_book import ADDIN_TYPE, with_project
from roi_xl.excel.vba import WORKBOOK, project, xlwings_version
from roi_xl.text import speaking
from roi_xl.workbook.book import Book
from roi_xl.workbook.write import BUILD_TIME, finished, pack

FILE_NAME = "roi_xl.xlam"


def addin_bytes(language: str) -> bytes:
    """The finished add-in in a language; the same bytes for the same versions."""
    with speaking(language):
        book = Book(Study(), language, BUILD_TIME)
        page = book.sheet("addin", "FF4472C4")
        page.widths(90)
        page.put(4, 1, book.say("about.version.text", version=__version__), "ft_line")
        book.workbook.code_name = WORKBOOK
        for name, value in _labels(language).items():
            label = StringProperty(name=name, value=value)
            book.workbook.custom_doc_props.append(label)  # type: ignore[attr-defined]
        return finished(book, BUILD_TIME, _finish)


def _labels(language: str) -> dict[str, str]:
    return {"roi_xl": __version__, "xlwings": xlwings_version(), "language": language}


def _finish(book: Book, parts: dict[str, bytes]) -> bytes:
    sheets = [str(ws.sheet_properties.codeName) for ws in book.workbook.worksheets]
    vba = project(book.language, FILE_NAME, sheets)
    return pack(with_project(parts, vba, ADDIN_TYPE))


def read_labels(path: Path) -> dict[str, str]:
    """The versions and language that an add-in names; empty where it is none of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("docProps/custom.xml"))
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return {}
    return {str(e.get("name")): "".join(e.itertext()) for e in root}
