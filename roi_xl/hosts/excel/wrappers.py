"""The VBA functions behind `=FT_…`: xlwings' own generator, real errors, texts for the wizard."""

import importlib
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from types import ModuleType, SimpleNamespace
from typing import Any

from roi_xl.errors import ErrorValue
from roi_xl.functions.declare import Function
from roi_xl.hosts.excel.vba_project import Kind, Module, vba_project
from roi_xl.registry import FUNCTIONS
from roi_xl.udfs import WIZARD_LIMIT, functions

_RANGE_TEST = "If TypeOf Application.Caller Is Range Then"
_RANGE_TEST_BY_NAME = 'If TypeName(Application.Caller) = "Range" Then'
_CATEGORY_CODE = r" \n14"  # user-defined functions, until Workbook_Open gives them their own
_PIECE = 600  # characters of escaped text on a line


def wrappers(language: str, book: str) -> Module:
    """The module with one VBA function for each FT_ function.

    Args:
        language: of the answers in words.
        book: the file's name; an add-in (.xlam) passes on the active workbook instead of its own.

    Raises:
        ValueError: the installed xlwings writes other wrappers than this package knows.
    """
    with xlwings_udfs() as udfs:
        xlwings = SimpleNamespace(func=udfs.xlfunc, arg=udfs.xlarg, ret=udfs.xlret)
        module = SimpleNamespace(**functions(language, xlwings))
        out = io.StringIO()
        out.write('#Const App = "Microsoft Excel"\n')
        udfs.generate_vba_wrapper(udf_module(language), module, out, SimpleNamespace(Name=book))
    code = out.getvalue()
    for name in FUNCTIONS:
        code = _with_errors(code, name)
    return Module("xlwings_udfs", code)


def udf_module(language: str) -> str:
    """The module whose functions answer in this language."""
    return f"roi_xl.excel.udfs_{language}"


def _with_errors(code: str, name: str) -> str:
    """One function's wrapper with results, faults and the test for a cell replaced, and described.

    Excel and LibreOffice both compile the test by name; LibreOffice does not know `TypeOf … Is Range`.
    """
    start = code.index(f"Function {name}(")
    end = code.index("End Function\n", start)
    lines = []
    for line in code[start:end].splitlines():
        call = f"{name} = XLPy.CallUDF("
        if line.strip().startswith(call):
            line = line.replace(call, f"{name} = FtResult(XLPy.CallUDF(") + ")"
        elif line.strip() == f"{name} = Err.Description":
            line = line.replace("Err.Description", f'FtFault("{name}", Err.Description)')
        lines.append(line.replace(_RANGE_TEST, _RANGE_TEST_BY_NAME))
    body = "\n".join(lines)
    if (body.count("FtResult("), body.count("FtFault("), body.count(_RANGE_TEST_BY_NAME)) != (
        2,
        1,
        1,
    ):
        raise ValueError(f"the installed xlwings writes a wrapper for {name} that is not known")
    head, _, rest = body.partition("\n")
    described = _quoted(_ascii(FUNCTIONS[name].doc("en"))[:WIZARD_LIMIT])
    attributes = (
        f"Attribute {name}.VB_Description = {described}\n"
        f'Attribute {name}.VB_ProcData.VB_Invoke_Func = "{_CATEGORY_CODE}"\n'
    )
    return f"{code[:start]}{head}\n{attributes}{rest}\n{code[end:]}"


def cells_module() -> Module:
    """The module that turns error texts into errors and logs faults."""
    cases = (f'    Case "{e.value}": FtCell = CVErr({e.number})' for e in ErrorValue)
    return Module("roi_xl_cells", source("roi_xl_cells.bas").replace("'{cases}", "\n".join(cases)))


def texts_module(language: str) -> Module:
    """The module that gives the function wizard its texts in a language, when the file opens.

    A VB_Description can only be a literal, so there stands the English text; what is said here
    replaces it. Everything but ASCII is escaped, see `project.py`.
    """
    lines = ["'The texts of the function wizard.", "Option Explicit", "Option Private Module", ""]
    lines += [
        "Public Sub FtDescribeAll()",
        *(f"    Describe_{n}" for n in FUNCTIONS),
        "End Sub",
        "",
    ]
    for function in FUNCTIONS.values():
        lines += [*_describe(function, language), ""]
    return Module("roi_xl_texts", "\n".join(lines))


def _describe(function: Function, language: str) -> Iterator[str]:
    from roi_xl.text import text

    yield f"Private Sub Describe_{function.name}()"
    yield "    Dim gives As String, category As String"
    if function.params:
        yield f"    Dim arguments(0 To {len(function.params) - 1}) As String"
    yield from _assign("category", text("functions.category", language))
    yield from _assign("gives", function.doc(language))
    for i, param in enumerate(function.params):
        yield from _assign(f"arguments({i})", param.help(language))
    given = "arguments" if function.params else "Empty"
    yield f'    FtDescribe "{function.name}", gives, category, {given}'
    yield "End Sub"


def _assign(variable: str, said: str) -> Iterator[str]:
    """Lines that put a text into a variable, none of them too long for VBA."""
    pieces = [""]
    for character in said[:WIZARD_LIMIT]:
        written = _escaped(character)
        if len(pieces[-1]) + len(written) > _PIECE:
            pieces.append("")
        pieces[-1] += written
    for i, piece in enumerate(pieces):
        before = f"{variable} & " if i else ""
        yield f"    {variable} = {before}FtText({_quoted(piece)})"


def _escaped(character: str) -> str:
    if character.isascii() and character.isprintable() and character != "\\":
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i : i + 2].hex().upper()}" for i in range(0, len(units), 2))


def _ascii(said: str) -> str:
    """A text in the characters an attribute can hold."""
    plain: Mapping[str, Any] = {
        "–": "-",
        "—": "-",
        "“": "'",
        "”": "'",
        "’": "'",
        "…": "...",
        "×": "x",
    }
    plain = {**plain, "≥": ">=", "≤": "<=", "÷": "/", "−": "-"}
    return said.translate(str.maketrans(dict(plain))).encode("ascii", "replace").decode()


def _quoted(said: str) -> str:
    doubled = said.replace('"', '""')
    return f'"{doubled}"'


def source(name: str) -> str:
    """The text of a VBA file of this package."""
    return resources.files("roi_xl.hosts.excel").joinpath("bas", name).read_text(encoding="ascii")


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


_UDFS = "xlwings.udfs"


@contextmanager
def xlwings_udfs() -> Iterator[ModuleType]:
    """The module `xlwings.udfs`, real or imported over stand-ins; `sys.modules` is as before after."""
    if sys.platform == "win32" or _UDFS in sys.modules:
        yield importlib.import_module(_UDFS)
        return
    import xlwings

    stand_ins = _stand_ins()
    before = {name: sys.modules.get(name) for name in (*stand_ins, _UDFS)}
    sys.modules.update(stand_ins)
    try:
        yield importlib.import_module(_UDFS)
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        if hasattr(xlwings, "udfs"):
            del xlwings.udfs


def _stand_ins() -> dict[str, ModuleType]:
    """What the import statements of `xlwings.udfs` name; nothing of it is ever called."""
    names = ("pythoncom", "pywintypes", "win32com", "win32com.client")
    modules = {name: ModuleType(name) for name in names}
    modules["pythoncom"].__dict__["CoInitialize"] = _unavailable
    modules["pywintypes"].__dict__["com_error"] = type("com_error", (Exception,), {})
    modules["win32com.client"].__dict__["Dispatch"] = _unavailable
    return modules


def _unavailable(*_: object) -> None:
    raise RuntimeError("there is no COM here")
