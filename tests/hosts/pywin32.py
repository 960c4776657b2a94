"""A test-only stand-in for pywin32, so that the real xlwings UDF server runs without Windows.

Only the COM layer is imitated; the dispatcher, the converters and the wrapper generator are the
installed package's own. Install it before the module with the UDFs is imported: the decorators of
a plain Linux xlwings do nothing.

    with installed():
        call("my_udfs", "FT_SUM", XlRange([[1, 2], [3, None]]))
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import xlwings
from xlwings.utils import col_name

MISSING = -2147352572
"""What VBA hands over for an argument left out (DISP_E_PARAMNOTFOUND)."""

_CVERR = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029}
_CVERR |= {"#NUM!": 2036, "#N/A": 2042, "#SPILL!": 2045, "#CALC!": 2050}
ERR = {text: number - 2146828288 for text, number in _CVERR.items()}
"""Excel's error values as the 32-bit integers that COM carries."""

_INTEGERS_OF_COM = {MISSING, *range(-2146826288, -2146826200)}
_RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
_EPOCH = dt.datetime(1899, 12, 30)
_REAL_MODULES = ("xlwings._xlwindows", "xlwings.udfs", "xlwings.com_server")


class ComError(Exception):
    """Stands for `pywintypes.com_error`."""


class PyTime(dt.datetime):
    """Stands for `pywintypes.TimeType`, a datetime in UTC."""


@dataclass(frozen=True)
class Currency:
    """A number in a cell with a currency format."""

    amount: float


@dataclass(frozen=True)
class Date:
    """A number in a cell with a date format."""

    moment: dt.datetime


def _value(cell: Any) -> Any:
    """The cell as `Range.Value` gives it: currency cut to four places, dates as dates."""
    if isinstance(cell, Currency):
        return round(Decimal(repr(cell.amount)), 4)
    if isinstance(cell, Date):
        return PyTime.fromisoformat(cell.moment.isoformat()).replace(tzinfo=dt.UTC)
    return _value2(cell)


def _value2(cell: Any) -> Any:
    """The cell as `Range.Value2` gives it: every number a float, an error its integer."""
    if isinstance(cell, Currency):
        return float(cell.amount)
    if isinstance(cell, Date):
        return (cell.moment - _EPOCH) / dt.timedelta(days=1)
    if isinstance(cell, int) and not isinstance(cell, bool) and cell not in _INTEGERS_OF_COM:
        return float(cell)
    return cell


class _ComObject:
    """A late-bound COM object with the attributes it is given."""

    iid = ""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)
        self._oleobj_ = _Dispatch(self)

    def __getattr__(self, name: str) -> Any:  # for the type checker: attributes are given late
        raise AttributeError(f"the stand-in for Excel has no {type(self).__name__}.{name}")


class _Dispatch:
    """Stands for `PyIDispatch`, the raw pointer that Excel passes for an object."""

    def __init__(self, target: _ComObject) -> None:
        self.target = target
        self.GetTypeInfo = lambda: self
        self.GetDocumentation = lambda _member: ("Range",)
        self.GetTypeAttr = lambda: SimpleNamespace(iid=target.iid)


class _VBComponents(dict[str, str]):
    """The modules of a workbook's VBA project: name → source text."""

    def __call__(self, name: str) -> str:
        if name not in self:
            raise ComError(f"no module {name}")
        return name

    def _import(self, path: str) -> None:
        source = Path(path).read_text()
        self[source.split('"')[1]] = source

    Import, Remove = _import, dict.pop


class XlBook(_ComObject):
    """A workbook; `macro_options` lists each (macro, options) that xlwings has registered."""

    def __init__(self, name: str = "FT.xlsm", sheets: Sequence[str] = ("Sheet1",)) -> None:
        self.macro_options: list[tuple[str, dict[str, Any]]] = []
        app = _ComObject(Version="16.0", Hwnd=1, MacroOptions=self._record)
        project = _ComObject(VBComponents=_VBComponents())
        path = f"C:\\books\\{name}"
        super().__init__(Name=name, FullName=path, Application=app, VBProject=project)
        self.Worksheets = [_ComObject(Name=s, Parent=self, Application=app) for s in sheets]

    def _record(self, macro: str, **options: Any) -> None:
        self.macro_options.append((macro, options))


class XlRange(_ComObject):
    """Cells of a sheet, as an argument.

    Args:
        values: one cell or a list of rows; a cell is a number, text, bool, None (blank),
            `Currency`, `Date` or one of the integers in `ERR`.
        sheet: one of a book's Worksheets; default: the first sheet of a new book.
        row, column: of the first cell, counted from one.
    """

    iid = _RANGE_IID
    asked = 0
    """How often an attribute of any range has been read, each a call from Python to Excel."""

    def __getattribute__(self, name: str) -> Any:
        if name[0].isupper():
            XlRange.asked += 1
        return super().__getattribute__(name)

    def __init__(
        self, values: Any = None, sheet: Any = None, row: int = 1, column: int = 1
    ) -> None:
        rows = values if isinstance(values, (list, tuple)) else [[values]]
        if not all(isinstance(r, (list, tuple)) and len(r) == len(rows[0]) for r in rows):
            raise TypeError("a range is one cell or a list of rows of equal length")
        super().__init__(Row=row, Column=column, CLSID=_RANGE_IID)
        self.Worksheet = sheet or XlBook().Worksheets[0]
        self.Rows, self.Columns = _ComObject(Count=len(rows)), _ComObject(Count=len(rows[0]))
        self.Count = len(rows) * len(rows[0])
        ends = {(row, column), (row + len(rows) - 1, column + len(rows[0]) - 1)}
        corners = [f"${col_name(c)}${r}" for r, c in sorted(ends)]  # type: ignore[no-untyped-call]
        self.Address = ":".join(corners)
        for name, read in (("Value", _value), ("Value2", _value2)):
            cells = tuple(tuple(map(read, cells)) for cells in rows)
            setattr(self, name, cells[0][0] if self.Count == 1 else cells)


def _dispatch(obj: Any, *_args: Any, **_options: Any) -> Any:
    return obj.target if isinstance(obj, _Dispatch) else obj


def _fake_pywin32() -> dict[str, ModuleType]:
    """The modules of pywin32 that xlwings imports, with what it takes from each."""
    modules: dict[str, ModuleType] = {}

    def add(name: str, **contents: Any) -> None:
        modules[name] = ModuleType(name)
        modules[name].__dict__.update(contents)
        parent, _, leaf = name.rpartition(".")
        if parent:
            setattr(modules[parent], leaf, modules[name])

    add("pywintypes", com_error=ComError, error=ComError, TimeType=PyTime, IID=str)
    add("pythoncom", __file__="", CoInitialize=lambda: None, ole_error=ComError)
    pythoncom: Any = modules["pythoncom"]
    pythoncom.IID_IDispatch, pythoncom.TypeIIDs = "IDispatch", {"IDispatch": _Dispatch}
    for name in ("api", "con", "gui", "event", "com", "com.server"):
        add(f"win32{name}")
    add("win32process", GetWindowThreadProcessId=lambda _hwnd: (0, 1))
    add("win32com.server.policy")
    add("win32com.server.dispatcher")
    add("win32timezone", TimeZoneInfo=SimpleNamespace(utc=lambda: dt.UTC))
    bases = ("CDispatch", "CoClassBaseClass", "DispatchBaseClass")
    add("win32com.client", **{name: type(name, (), {}) for name in bases})
    modules["win32com.client"].__dict__.update(Dispatch=_dispatch, DispatchEx=_dispatch)
    add("win32com.server.util", unwrap=lambda obj: SimpleNamespace(obj=obj))
    return modules


_patches = ExitStack()


def install() -> ModuleType:
    """The module xlwings, with its Windows UDF server and decorators in place. Idempotent.

    The stand-ins are in `sys.modules` only while xlwings imports them: other packages keep
    seeing that there is no pywin32 here.
    """
    if sys.platform == "win32":
        pytest.skip("stands for pywin32 where there is none; tests/windows asks the real one")
    if _REAL_MODULES[-1] in sys.modules:
        return xlwings
    with ExitStack() as during_import:
        for name in ("PyDLL", "oledll", "windll"):
            during_import.enter_context(mock.patch.object(ctypes, name, create=True))
        for name, module in _fake_pywin32().items():
            sys.modules[name] = module
            during_import.callback(sys.modules.pop, name)
        windows, udfs, server = map(importlib.import_module, _REAL_MODULES)
    atexit.unregister(windows.cleanup)  # it looks for Excel processes
    server.loop.close()  # only asynchronous UDFs use it; left open it warns at exit
    engine = xlwings.Engine(impl=windows.engine)
    xlwings.engines.add(engine)
    _patches.callback(xlwings.engines.engines.remove, engine)
    _patches.callback(xlwings.engines.engines_by_name.pop, engine.name)
    decorators = {"func": udfs.xlfunc, "arg": udfs.xlarg, "ret": udfs.xlret, "script": udfs.xlsub}
    decorators |= {name: getattr(udfs, name) for name in ("get_udf_module", "import_udfs")}
    for name, real in decorators.items():
        _patches.enter_context(mock.patch.object(xlwings, name, real))
    return xlwings


def uninstall() -> None:
    """Gives back the plain Linux xlwings; UDF modules imported meanwhile keep their wrapping."""
    _patches.close()
    for name in _REAL_MODULES:
        if sys.modules.pop(name, None):
            delattr(xlwings, name.partition(".")[2])


@contextmanager
def installed() -> Iterator[ModuleType]:
    """xlwings as on Windows inside the block, and as it was before afterwards."""
    was_installed = _REAL_MODULES[-1] in sys.modules
    try:
        yield install()
    finally:
        if not was_installed:
            uninstall()


def call(
    module: str, func: str, *args: Any, book: XlBook | None = None, caller: XlRange | None = None
) -> Any:
    """What Excel gets back for `=func(args)` in a cell, through the real `XLPython.CallUDF`.

    Args:
        args: `XlRange`s for references; plain values for constants; `MISSING` for an argument
            left out. Optional ones left out at the end are filled in, as VBA does.

    Raises:
        TypeError: too few arguments; Excel would not accept the formula.
        Exception: whatever the function raises; on Windows the cell would show its text.
    """
    install()
    book = book or XlBook()
    udf = getattr(sys.modules["xlwings.udfs"].get_udf_module(module, book), func)
    left_out = [arg for arg in udf.__xlfunc__["args"][len(args) :] if not arg["vararg"]]
    required = [arg["name"] for arg in left_out if "optional" not in arg]
    if required:
        raise TypeError(f"{func} needs {', '.join(required)}")
    wire = [arg._oleobj_ if isinstance(arg, _ComObject) else _constant(arg) for arg in args]
    wire += [MISSING] * len(left_out)
    caller = caller or XlRange(None, book.Worksheets[0], row=4, column=4)
    server = sys.modules["xlwings.com_server"].XLPython()
    return server.CallUDF(module, func, wire, book, caller._oleobj_)


def _constant(arg: Any) -> Any:
    """A constant as VBA passes it: numbers as floats, array constants as tuples."""
    return tuple(map(_constant, arg)) if isinstance(arg, (list, tuple)) else _value(arg)


def generate_wrappers(module_name: str, book: XlBook | str = "FT.xlsm") -> str:
    """The VBA module that the real `import_udfs` writes for a Python module.

    Args:
        book: the workbook's name (`.xlam` for an add-in); or an `XlBook`, whose
            `macro_options` then show what was registered for the function wizard.
    """
    workbook = XlBook(book) if isinstance(book, str) else book
    install().import_udfs(module_name, workbook)
    return str(workbook.VBProject.VBComponents["xlwings_udfs"])
