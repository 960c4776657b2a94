"""Lets `xlwings.udfs` be imported where there is no Windows, for the wrapper generator it holds.

The generator writes text and needs nothing of COM, but its module imports pywin32. Off Windows the
missing modules are stood in for while it is imported, and nothing of that stays behind.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

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
