"""Plays the part of Excel and its VBA over real COM: starts xlwings' server and calls its functions.

Cells, ranges and workbooks are COM objects of this process, with Excel's own IIDs; values are genuine
VARIANTs. `comproxy.dll` stands between, because pywin32 cannot send an error value, and counts what
the server asks of its host.
"""

import sys

if sys.platform != "win32":
    raise ImportError("only on Windows")

import ctypes
import importlib.metadata
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, ClassVar

import pythoncom
import pywintypes
import win32com.client
import win32com.server.util
from win32com.server.policy import DesignatedWrapPolicy

from roi_xl.errors import ErrorValue
from roi_xl.hosts.excel.conf import INTERPRETER, value_of
from roi_xl.hosts.excel.wrappers import source, udf_module

Variant = win32com.client.VARIANT
MISSING = Variant(pythoncom.VT_ERROR, -2147352572)  # DISP_E_PARAMNOTFOUND
BLANK = Variant(pythoncom.VT_EMPTY, None)
_CVERR = -2146828288  # what VBA's CVErr adds to the number of an error
_IIDS = {
    "Range": "{00020846-0000-0000-C000-000000000046}",
    "_Workbook": "{000208DA-0000-0000-C000-000000000046}",
    "_Worksheet": "{000208D8-0000-0000-C000-000000000046}",
    "_Application": "{000208D5-0000-0000-C000-000000000046}",
}
_DISPATCH_KIND, _DISPATCHABLE, _WIN64 = 4, 0x1000, 3

proxies = ctypes.WinDLL(str(Path(sys.executable).with_name("comproxy.dll")))
proxies.proxy.restype = ctypes.c_void_p
proxies.proxy.argtypes = [ctypes.c_void_p]
proxies.shape_of.restype = ctypes.c_char_p


# --- objects of the host -------------------------------------------------------------------------


class _Object:
    """A COM object with the attributes it is given."""

    _public_methods_: ClassVar[list[str]] = []

    def __init__(self, kind: str, **attributes: Any) -> None:
        self.kind = kind
        self.__dict__.update(attributes)
        self._public_attrs_ = list(attributes)


class _Policy(DesignatedWrapPolicy):  # type: ignore[misc]
    """Objects that say of what interface they are, as Excel's do."""

    _infos: ClassVar[dict[str, Any]] = {}

    def _build_typeinfos_(self) -> list[Any]:
        if not self._infos:
            path = os.path.join(tempfile.mkdtemp(), "host.tlb")
            library = pythoncom.CreateTypeLib2(_WIN64, path)
            library.SetName("Host")
            for name, iid in _IIDS.items():
                made = library.CreateTypeInfo(name, _DISPATCH_KIND)
                made.SetGuid(pywintypes.IID(iid))
                made.SetTypeFlags(_DISPATCHABLE)
                made.LayOut()
                self._infos[name] = made.QueryInterface(pythoncom.IID_ITypeInfo)
            library.SaveAllChanges()
        return [self._infos[self._obj_.kind]]


def _wrapped(kind: str, **attributes: Any) -> Any:
    made = _Object(kind, **attributes)
    return _behind_proxy(win32com.server.util.wrap(made, usePolicy=_Policy))


def _behind_proxy(dispatch: Any) -> Any:
    address = int(repr(dispatch).rsplit("0x", 1)[1].rstrip(">"), 16)
    return pythoncom.ObjectFromAddress(proxies.proxy(address), pythoncom.IID_IDispatch)


def cell_range(cells: Any) -> Any:
    """A Range object that holds a value or rows of them."""
    rows = cells if isinstance(cells, list) else [[cells]]
    held = [[in_cell(v) for v in row] for row in rows]
    single = len(held) == 1 == len(held[0])
    value = held[0][0] if single else held
    app = _wrapped("_Application", Version="16.0", Hwnd=1, Name="Microsoft Excel")
    book = _wrapped("_Workbook", Name="FT.xlsm", FullName="C:\\books\\FT.xlsm", Application=app)
    sheet = _wrapped("_Worksheet", Name="Sheet1", Parent=book, Application=app)
    count = {"Rows": len(held), "Columns": len(held[0])}
    sides = {name: _wrapped("Range", Count=n) for name, n in count.items()}
    return _wrapped("Range", Value=value, Value2=value, Row=1, Column=1, Address="$A$1",
                    Count=len(held) * len(held[0]), Worksheet=sheet, **sides)  # fmt: skip


# --- values --------------------------------------------------------------------------------------


def in_cell(value: Any) -> Any:
    """What a cell holds, as COM carries it."""
    error = ErrorValue.of(value)
    if error is not None:
        return Variant(pythoncom.VT_I4, error.number + _CVERR)  # the proxy makes it VT_ERROR
    return BLANK if value is None else value


def as_value(arg: Any) -> Any:
    """An argument as the shipped VBA passes it: `Value2` of cells, a constant as it is."""
    if not isinstance(arg, list):
        return in_cell(arg)
    if len(arg) == 1 == len(arg[0]):
        return in_cell(arg[0][0])
    return array([list(map(in_cell, row)) for row in arg])


def array(values: Sequence[Any]) -> Any:
    """An array of VARIANTs, of one dimension or two."""
    return Variant(pythoncom.VT_ARRAY | pythoncom.VT_VARIANT, values)


# --- the server ----------------------------------------------------------------------------------


class _Result(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_ushort), ("reserved", ctypes.c_ushort * 3)]
    _fields_ += [("pointer", ctypes.c_void_p), ("rest", ctypes.c_void_p)]


class Server(AbstractContextManager["Server"]):
    """The Python server that the settings of an installation start.

    Args:
        conf: the settings file that `roi-xl install` wrote.
    """

    def __init__(self, conf: Path) -> None:
        python = value_of(conf.read_bytes(), INTERPRETER)
        assert python is not None
        self.command = command(python)
        self._dll = _dll(Path(python))
        result = self._activate(1)
        assert result.kind == pythoncom.VT_DISPATCH
        found = pythoncom.ObjectFromAddress(result.pointer, pythoncom.IID_IDispatch)
        self.python = win32com.client.dynamic.Dispatch(_behind_proxy(found))

    def _activate(self, mode: int) -> _Result:
        result = _Result()
        activate = self._dll.XLPyDLLActivateAuto
        failed = activate(ctypes.byref(result), self.command.encode("mbcs"), ctypes.c_int(mode))
        if failed:
            said = ctypes.wstring_at(result.pointer) if result.pointer else ""
            raise RuntimeError(f"the server did not start: {said}")
        return result

    def call(self, name: str, *args: Any, language: str = "en") -> Any:
        """What the server answers to a call as the shipped VBA makes it."""
        return self.python.CallUDF(udf_module(language), name, array(args))

    def evaluated(self, expression: str) -> str:
        """An expression's value as text, computed by the server's Python."""
        return str(self.python.Str(self.python.Eval(expression)))

    def __exit__(self, *_exc: object) -> None:
        with suppress(pythoncom.com_error):  # the DLL's own way to end it allows no new start
            self.python.Exec("import os; os._exit(0)")


def command(python: str) -> str:
    """The command of the shipped VBA for an interpreter, read out of its text."""
    found = re.search(r'FtServerCommand = ("""".*)$', source("roi_xl_python.bas"), re.M)
    assert found
    pieces = [piece.strip() for piece in found[1].split(" & ")]
    return "".join(
        python if piece == "python" else piece[1:-1].replace('""', '"') for piece in pieces
    )


def _dll(python: Path) -> Any:
    name = f"xlwings64-{importlib.metadata.version('xlwings')}.dll"
    folder = next(f for f in (python.parent, python.parent.parent) if (f / name).is_file())
    return ctypes.WinDLL(str(folder / name))


def host_calls() -> int:
    """How often the server has asked something of the objects that it was given, so far."""
    return int(proxies.calls_so_far())
