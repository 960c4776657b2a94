"""Runs the shipped VBA wrappers: LibreOffice calls them, and Python answers as on Windows.

A cell `=FT_X(A1)` of an .xlsm goes: LibreOffice's Basic runs the wrapper that ships; its `XLPy` is a
stand-in class that hands the call to a Python script inside LibreOffice; that one sends it over a
socket to the test process; there xlwings' own dispatcher (over the pywin32 stand-in) calls the UDF;
and the answer goes the same way back, through `FtResult`, into the cell.

    with VbaBridge() as bridge:
        bridge.evaluate([("FT_PAYBACK", [2036, 2700]), ("FT_DATA_COST", [[[1], [2]]])])

What differs from Excel: LibreOffice shows an error that VBA made as the text `Error 2036`, which is read
here as the error it is; it never calls a macro whose argument is an error; it passes 0 for an argument
left out between others, so those point to a blank cell here; `Application.Caller` is no Range.
"""

from __future__ import annotations

import io
import json
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from roi_xl.errors import ErrorValue
from roi_xl.hosts.excel.editions import WORKBOOK_TYPE, with_project
from roi_xl.hosts.excel.vba_project import Kind, Module, vba_project
from roi_xl.hosts.excel.wrappers import PROJECT, modules, udf_module
from roi_xl.workbook.save import pack
from tests.hosts import pywin32
from tests.hosts.macro_file import code_names, parts_of
from tests.hosts.office import Doc, Office

Answerer = Callable[[str, str, list[Any]], Any]
Change = Callable[[str], str]
SCRATCH = "Scratch"
_SPILL = 200  # the column where results of ranges start
_ERRORS = {f"Error {error.number}": error for error in ErrorValue}

# LibreOffice's Value2 has 0 where an error is; Excel's has the error
_VALUE2 = """
Private Function FtValue2(ByVal area As Variant) As Variant
    Dim found As Variant, r As Long, c As Long
    found = area.Value2
    If Not IsArray(found) Then
        FtValue2 = FtErrorOr(area, 0, 0, found)
        Exit Function
    End If
    For r = 1 To UBound(found, 1)
        For c = 1 To UBound(found, 2)
            found(r, c) = FtErrorOr(area, r - 1, c - 1, found(r, c))
        Next c
    Next r
    FtValue2 = found
End Function

Private Function FtErrorOr(ByVal area As Variant, ByVal r As Long, ByVal c As Long, ByVal found As Variant) As Variant
    Dim code As Long
    FtErrorOr = found
    code = area.CellRange.getCellByPosition(c, r).getError()
    If code <> 0 Then FtErrorOr = "<error>" & code
End Function
"""
_XLPY = Module(
    "FtStandIn", "Function XLPy() As Object\n    Set XLPy = New FtBridge\nEnd Function\n"
)
_BRIDGE = Module(
    "FtBridge",
    (Path(__file__).parent / "vba_bridge.bas").read_text(encoding="ascii"),
    Kind.CLASS,
)
_SCRIPT = '''"""Inside LibreOffice: send a call to the test process, give back its answer."""
import json
import socket


def call(module, called, args):
    with socket.create_connection(("127.0.0.1", PORT), timeout=60) as line:
        stream = line.makefile("rw", encoding="utf-8")
        print(json.dumps([module, called, args]), file=stream, flush=True)
        answer = json.loads(stream.readline())
    if not isinstance(answer, list):
        return answer
    return tuple(tuple(row) if isinstance(row, list) else row for row in answer)


g_exportedScripts = (call,)
'''


def bridged(data: bytes, language: str = "zh", change: Change | None = None) -> bytes:
    """A macro file whose project is the one that ships, but for the stand-in instead of xlwings."""
    parts = parts_of(data)
    shipped = modules(language, code_names(parts))
    kept = [_for_libreoffice(m) for m in shipped]
    if change is not None:
        kept = [replace(m, code=change(m.code)) for m in kept]
    parts["xl/vbaProject.bin"] = vba_project(PROJECT, [*kept, _XLPY, _BRIDGE])
    return pack(parts)


def _for_libreoffice(module: Module) -> Module:
    """A module with what LibreOffice cannot do replaced: the DLL, and errors in `Value2`."""
    own = {
        "xlwings": ("Public Function XLPy()", "Public Function FtXLPy()", ""),
        "roi_xl_cells": ("given(i).Value2", "FtValue2(given(i))", _VALUE2),
    }
    theirs, ours, more = own.get(module.name, ("", "", ""))
    assert not theirs or module.code.count(theirs) == 1
    return replace(module, code=module.code.replace(theirs, ours) + more) if theirs else module


def scratch_book() -> bytes:
    """An empty macro file with one sheet."""
    book = openpyxl.Workbook()
    book.code_name = "ThisWorkbook"
    sheet = book.worksheets[0]
    sheet.title, sheet.sheet_properties.codeName = SCRATCH, "Sheet_scratch"
    saved = io.BytesIO()
    book.save(saved)
    return pack(with_project(parts_of(saved.getvalue()), b"", WORKBOOK_TYPE))


_CALC_ERRORS = {532: "#DIV/0!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?"}
_CALC_ERRORS[32767] = "#N/A"


def dispatch(module: str, called: str, args: list[Any]) -> Any:
    """The answer of xlwings' dispatcher to a call as VBA makes it."""
    wire = [_on_the_wire(arg) for arg in args]
    return pywin32.call(module, called, *wire)


def _on_the_wire(arg: Any) -> Any:
    if arg == "<missing>":
        return pywin32.MISSING
    if isinstance(arg, list):
        return tuple(map(_on_the_wire, arg))
    if isinstance(arg, str) and arg.startswith("<error>"):
        return pywin32.ERR[_CALC_ERRORS.get(int(arg.removeprefix("<error>")), "#NUM!")]
    return arg


class VbaBridge(AbstractContextManager["VbaBridge"]):
    """A LibreOffice that runs the wrappers of one language.

    Args:
        language: which wrappers.
        answer: what gets each call (module, function, arguments); by default xlwings' dispatcher.
        change: what is done to the text of each module before it is built in.
    """

    def __init__(
        self, language: str = "zh", answer: Answerer = dispatch, change: Change | None = None
    ) -> None:
        self.language = language
        self.calls: list[tuple[str, str]] = []
        self._answer = answer
        self._change = change
        self._scratch: Doc | None = None
        self._row = 1
        with ExitStack() as stack:
            stack.enter_context(pywin32.installed())
            for name in (udf_module(language), "roi_xl.udfs"):  # imported off Windows they are bare
                sys.modules.pop(name, None)
                stack.callback(sys.modules.pop, name, None)
            port = stack.enter_context(self._listening())
            self.folder = Path(stack.enter_context(TemporaryDirectory()))
            self.office = stack.enter_context(Office(env={"HOME": str(self.folder)}))
            scripts = self.office.profile / "user" / "Scripts" / "python"
            scripts.mkdir(parents=True)
            script = _SCRIPT.replace("PORT", str(port))
            (scripts / "ft_bridge.py").write_text(script, encoding="utf-8")
            self._stack = stack.pop_all()

    @contextmanager
    def _listening(self) -> Iterator[int]:
        """A server in this process that answers LibreOffice; gives its port."""
        bridge = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                module, called, args = json.loads(self.rfile.readline())
                bridge.calls.append((module, called))
                try:
                    answer = bridge._answer(module, called, args)
                except Exception as error:  # noqa: BLE001 - VBA gets it as COM would hand it over
                    answer = f"<fault>{error}"
                self.wfile.write(json.dumps(answer).encode() + b"\n")

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            yield server.server_address[1]
            server.shutdown()
            thread.join()

    def open(self, data: bytes, name: str = "book.xlsm") -> Doc:
        """A macro file, opened with its wrappers bridged; its formulas are calculated."""
        path = self.folder / name
        path.write_bytes(bridged(data, self.language, self._change))
        doc = self.office.open(path, macros=True)
        doc.recalculate()  # now and then the first call from Basic to Python is lost
        return doc

    def evaluate(
        self,
        calls: Sequence[tuple[str, Sequence[Any]]],
        shapes: Sequence[tuple[int, int]] | None = None,
    ) -> list[Any]:
        """What cells show for calls of FT_ functions, in one document.

        Args:
            calls: function name and arguments; None is a blank cell, a list of rows a range.
            shapes: rows and columns of each answer; by default those of the arguments together.

        Returns:
            a number, a text, None or an `ErrorValue` a call, and rows of them for ranges.
        """
        if self._scratch is None:
            self._scratch = self.open(scratch_book(), "scratch.xlsm")
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        formulas: dict[str, tuple[str, tuple[int, int]]] = {}
        for index, (name, args) in enumerate(calls):
            places, shape, tallest = [], (1, 1), 1
            column, top = 3, self._row
            for arg in args:
                rows = arg if isinstance(arg, list) else [[arg]]
                size = len(rows), len(rows[0])
                for r, row in enumerate(rows):
                    for c, value in enumerate(row):
                        cell = f"{SCRATCH}!{get_column_letter(column + c)}{top + r}"
                        (errors if isinstance(value, ErrorValue) else values)[cell] = value
                first, last = get_column_letter(column), get_column_letter(column + size[1] - 1)
                place = f"{first}{top}"
                places.append(place if size == (1, 1) else f"{place}:{last}{top + size[0] - 1}")
                shape = max(shape[0], size[0]), max(shape[1], size[1])
                tallest = max(tallest, size[0])
                column += size[1]
            shape = shapes[index] if shapes else shape
            formulas[f"{SCRATCH}!A{top}"] = (f"={name}({','.join(places)})", shape)
            self._row += max(shape[0], tallest)
        self._scratch.set_many({k: v for k, v in values.items() if v is not None})
        if errors:
            self._scratch.formulas({cell: f"={error}" for cell, error in errors.items()})
        single = {cell: text for cell, (text, shape) in formulas.items() if shape == (1, 1)}
        found = self._scratch.formulas(single) if single else {}
        return [
            decoded(found[cell]) if cell in found else self._block(cell, *formulas[cell])
            for cell in formulas
        ]

    def _block(self, cell: str, formula: str, shape: tuple[int, int]) -> list[list[Any]]:
        """The rows of an array formula, put far to the right of all arguments."""
        assert self._scratch is not None
        top = int(cell.rpartition("A")[2])
        last = f"{get_column_letter(_SPILL + shape[1] - 1)}{top + shape[0] - 1}"
        area = f"{SCRATCH}!{get_column_letter(_SPILL)}{top}:{last}"
        return [[decoded(v) for v in row] for row in self._scratch.array_formula(area, formula)]

    def __exit__(self, *_exc: object) -> None:
        self._stack.close()


def decoded(value: Any) -> Any:
    """A cell's value, with the text of an error that VBA made as that error."""
    return _ERRORS.get(value, value) if isinstance(value, str) else value
