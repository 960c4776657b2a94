"""The VBA project of a macro workbook or add-in: xlwings' own module, the FT_ wrappers, the documents."""

import re
from collections.abc import Sequence
from importlib import resources

from roi_xl.excel.project import Kind, Module, vba_project
from roi_xl.excel.wrappers import cells_module, source, texts_module, wrappers

PROJECT = "roi_xl"
WORKBOOK = "ThisWorkbook"


def project(language: str, book: str, sheets: Sequence[str]) -> bytes:
    """The finished vbaProject.bin of a file.

    Args:
        language: of the wizard's texts and of answers in words.
        book: the file's name; its ending says whether it is an add-in.
        sheets: the code names of its sheets, in order.
    """
    return vba_project(PROJECT, modules(language, book, sheets))


def modules(language: str, book: str, sheets: Sequence[str]) -> list[Module]:
    """Every module of the project, document modules first."""
    return [
        Module(WORKBOOK, source("ThisWorkbook.cls"), Kind.WORKBOOK),
        *(Module(sheet, kind=Kind.SHEET) for sheet in sheets),
        xlwings_module(),
        dictionary_module(),
        cells_module(),
        texts_module(language),
        wrappers(language, book),
    ]


def xlwings_module() -> Module:
    r"""The standalone module of the installed xlwings (BSD), for the settings of this project.

    It looks for %USERPROFILE%\.roi_xl\roi_xl.conf, then loads the DLL of exactly its own version
    beside the interpreter named there; that is why it must come from the installed package.

    Raises:
        ValueError: the installed xlwings has another module than this package knows.
    """
    code = _headless(_of_xlwings("xlwings_custom_addin.bas"))
    named, count = re.subn(r'(PROJECT_NAME As String = )"\w+"', rf'\1"{PROJECT}"', code)
    if count != 1:
        raise ValueError("the installed xlwings has a VBA module that is not known")
    return Module("xlwings", named)


def dictionary_module() -> Module:
    """The class that stands for Scripting.Dictionary on a Mac (MIT), which that module needs."""
    return Module("Dictionary", _headless(_of_xlwings("addin", "Dictionary.cls")), Kind.CLASS)


def xlwings_version() -> str:
    """The version of xlwings that the VBA is taken from."""
    import xlwings

    return str(xlwings.__version__)


def _of_xlwings(*path: str) -> str:
    return resources.files("xlwings").joinpath(*path).read_text(encoding="ascii")


def _headless(exported: str) -> str:
    """An exported module without the head that its project writes."""
    code = re.sub(r"\AVERSION .*?^END\s*?\n", "", exported, flags=re.S | re.M)
    return re.sub(r"\A(?:Attribute VB_\w+ = .*\n)+", "", code)
