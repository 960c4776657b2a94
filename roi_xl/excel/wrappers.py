"""The VBA functions behind `=FT_…`: xlwings' own generator, real errors, texts for the wizard."""

import io
from collections.abc import Iterator, Mapping
from importlib import resources
from types import SimpleNamespace
from typing import Any

from roi_xl.errors import ErrorValue
from roi_xl.excel.project import Module
from roi_xl.excel.windows_stubs import xlwings_udfs
from roi_xl.functions.declare import Function
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
    return resources.files("roi_xl.excel").joinpath("bas", name).read_text(encoding="ascii")
