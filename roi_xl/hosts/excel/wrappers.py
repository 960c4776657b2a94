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
from roi_xl.udfs import WIZARD_LIMIT, functions, vba_name

_RANGE_TEST = "If TypeOf Application.Caller Is Range Then"
_RANGE_TEST_BY_NAME = 'If TypeName(Application.Caller) = "Range" Then'
_BOOK = "roi_xl.xlsm"  # a name that the generator asks for
_CALLER = "ThisWorkbook, Application.Caller"
_CATEGORY_CODE = r" \n14"  # user-defined functions, until Workbook_Open gives them their own
_PIECE = 600  # characters of escaped text on a line


def wrappers(language: str) -> Module:
    """The module with one VBA function for each FT_ function.

    Args:
        language: of the answers in words.

    Raises:
        ValueError: the installed xlwings writes other wrappers than this package knows.
    """
    with xlwings_udfs() as udfs:
        xlwings = SimpleNamespace(func=udfs.xlfunc, arg=udfs.xlarg, ret=udfs.xlret)
        module = SimpleNamespace(**functions(language, xlwings))
        out = io.StringIO()
        out.write('#Const App = "Microsoft Excel"\n')
        udfs.generate_vba_wrapper(udf_module(language), module, out, SimpleNamespace(Name=_BOOK))
    code = out.getvalue()
    for function in FUNCTIONS.values():
        code = _with_own_calls(code, function)
    return Module("xlwings_udfs", code)


def udf_module(language: str) -> str:
    """The module whose functions answer in this language."""
    return f"roi_xl.excel.udfs_{language}"


def _with_own_calls(code: str, function: Function) -> str:
    """One function's wrapper with arguments, results, faults and the test for a cell replaced.

    Arguments are passed as values, not as ranges, which Python would have to ask Excel about cell
    by cell. Neither the workbook nor the calling cell is passed: no function needs them, and
    xlwings looks into the workbook for sheets that hold Python code. Excel and LibreOffice both
    compile the test by name; LibreOffice does not know `TypeOf … Is Range`.
    """
    name, given = function.name, ", ".join(map(vba_name, function.params))
    replaced = [
        (_RANGE_TEST, _RANGE_TEST_BY_NAME, 1),
        (f"{name} = XLPy.CallUDF(", f"{name} = FtResult(XLPy.CallUDF(", 2),
        (f", {_CALLER})\n", ")\n", 1),
        (f"{name} = Err.Description", f'{name} = FtFault("{name}", Err.Description)', 1),
    ]
    if function.params and function.params[-1].variadic:
        more = f"{vba_name(function.params[-1])}(k)"
        copied = rf"(argsArray\(.*\)) = {re.escape(more)}"
        set_or_let = rf"If IsObject({more}) Then Set \g<0> Else \g<0>"
        code, count = re.subn(copied, set_or_let, code)
        if count != 1:
            raise ValueError(f"the installed xlwings writes a wrapper for {name} that is not known")
        replaced += [(", argsArray", ", FtValues(argsArray)", 2)]
    elif function.params:
        replaced += [(f", Array({given})", f", FtValues(Array({given}))", 2)]
    start = code.index(f"Function {name}(")
    end = code.index("End Function\n", start)
    head, _, body = code[start:end].partition("\n")
    for theirs, ours, count in replaced:
        if body.count(theirs) != count:
            raise ValueError(f"the installed xlwings writes a wrapper for {name} that is not known")
        body = body.replace(theirs, ours)
    body = re.sub(r"(?m)(FtResult\(XLPy\.CallUDF\(.*)$", r"\1)", body)
    described = _quoted(_ascii(function.doc("en"))[:WIZARD_LIMIT])
    attributes = (
        f"Attribute {name}.VB_Description = {described}\n"
        f'Attribute {name}.VB_ProcData.VB_Invoke_Func = "{_CATEGORY_CODE}"\n'
    )
    return f"{code[:start]}{head}\n{attributes}{body}{code[end:]}"


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
_PRIVATE = "Option Explicit\nOption Private Module\n"  # nothing of a module is a function of cells
_DECLARED = ("XLPyDLLActivateAuto", "XLPyDLLName", "LoadLibrary", "BSD 3-clause")  # what it takes


def project(language: str, sheets: Sequence[str]) -> bytes:
    """The finished vbaProject.bin of a file.

    Args:
        language: of the wizard's texts and of answers in words.
        sheets: the code names of its sheets, in order.
    """
    return vba_project(PROJECT, modules(language, sheets))


def modules(language: str, sheets: Sequence[str]) -> list[Module]:
    """Every module of the project, document modules first."""
    return [
        Module(WORKBOOK, source("ThisWorkbook.cls"), Kind.WORKBOOK),
        *(Module(sheet, kind=Kind.SHEET) for sheet in sheets),
        xlwings_module(),
        cells_module(),
        texts_module(language),
        wrappers(language),
    ]


def xlwings_module() -> Module:
    r"""The module that starts Python: xlwings' licence and declarations (BSD), then our own code.

    It reads %USERPROFILE%\.roi_xl\roi_xl.conf, then loads the DLL of exactly the installed xlwings
    beside the interpreter named there; that is why the declarations come from that package.

    Raises:
        ValueError: the installed xlwings has another module than this package knows.
    """
    shipped = _headless(_of_xlwings("xlwings_custom_addin.bas"))
    head, found, _ = shipped.partition('PROJECT_NAME As String = "myaddin"\n')
    if not found or not all(name in head for name in _DECLARED):
        raise ValueError("the installed xlwings has a VBA module that is not known")
    named = f'{head}PROJECT_NAME As String = "{PROJECT}"\n'
    return Module("xlwings", _PRIVATE + named + source("roi_xl_python.bas"))


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
