"""roi_xl.udfs where xlwings Lite runs it: Pyodide, without COM, threads, processes or other packages.

A fresh interpreter in which importing or starting any of those fails stands in for Pyodide, and a
stand-in for Lite's `xlwings` records what the module registers and hands values over as Lite does: no
range behind them, every argument a list of rows.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from tests.hosts.compare import agree

BLOCKED = (
    *("pythoncom", "pywintypes", "win32com", "win32api", "winreg", "pandas", "polars", "openpyxl"),
    *("click", "multiprocessing", "ssl", "sqlite3", "tkinter"),
)

PRELUDE = """
import _thread, importlib.abc, json, subprocess, sys, types

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r} (as in Pyodide)", name=name)

def refuse(*args, **options):
    raise RuntimeError("can't start new thread or process (as in Pyodide)")

sys.meta_path.insert(0, Blocked())
_thread.start_new_thread = subprocess.Popen.__init__ = refuse
"""

LITE = """
registered = {}
xlwings = types.ModuleType("xlwings")

def convert(converter, direction, value):
    context = types.SimpleNamespace(range=None, value=value)
    if converter is not None:
        for stage in getattr(converter, direction)({}):
            stage(context)
    return context.value

def func(f=None, **options):
    def declare(f):
        registered[f.__name__] = f
        return f
    return declare(f) if f is not None else declare

def arg(name, converter=None, **options):
    def declare(f):
        f.__dict__.setdefault("converters", {})[name] = converter
        return f
    return declare

def ret(converter=None, **options):
    def declare(f):
        f.answer = converter
        return f
    return declare

def call(f, args):
    # every argument arrives as rows; the last converter serves all of a variadic argument
    converters = list(f.__dict__.get("converters", {}).values()) or [None]
    converters += [converters[-1]] * len(args)
    rows = [a if isinstance(a, list) else [[a]] for a in args]
    given = [convert(c, "reader", r) for c, r in zip(converters, rows)]
    return convert(f.answer, "writer", f(*given))

xlwings.func, xlwings.arg, xlwings.ret = func, arg, ret
sys.modules["xlwings"] = xlwings
"""

CONVERSION = """
conversion = types.ModuleType("xlwings.conversion")
if "Accessor" in PIECES:
    conversion.Accessor = type("Accessor", (), {})
if "Pipeline" in PIECES:
    conversion.Pipeline = list
xlwings.conversion = conversion
sys.modules["xlwings.conversion"] = conversion
"""

REPORT = """
before = set(dir())
from roi_xl.udfs import *
names = sorted(set(dir()) - before - {"before"})
answers = [call(registered[name], args) for name, args in CALLS]
loaded = sorted(m for m in sys.modules if m.split(".")[0] in BLOCKED)
report = {"names": names, "registered": sorted(registered), "answers": answers, "loaded": loaded}
print(json.dumps(report))
"""

CALLS: list[tuple[str, list[Any]]] = [
    *((f.name, list(f.example[0])) for f in FUNCTIONS.values() if f.example[1] is not None),
    ("FT_TOTAL_COST", [40, None, None, 4]),
    ("FT_TOTAL_COST", [[[40], [None], [-1]], 50, 3, 4, 3]),
    ("FT_PAYBACK", [[[2036]], [[2700, 0]]]),
    ("FT_PAYBACK", [None, 2700]),
    ("FT_PAYBACK", ["#N/A", 2700]),
]


def lite(pieces: str | None) -> dict[str, Any]:
    """What an interpreter like Lite's reports; `pieces` of xlwings.conversion exist, or none of it."""
    head = f"BLOCKED = set({BLOCKED!r})\nCALLS = {CALLS!r}\nPIECES = {(pieces or '').split()!r}\n"
    code = head + PRELUDE + LITE + (CONVERSION if pieces is not None else "") + REPORT
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "pieces",
    [None, "", "Accessor", "Accessor Pipeline"],
    ids=["no-conversion", "empty", "no-pipeline", "all"],
)
def test_every_function_is_exported_and_computes(pieces: str | None) -> None:
    found = lite(pieces)
    assert sorted(FUNCTIONS) == found["names"] == found["registered"]
    assert [] == found["loaded"]
    for (name, args), answer in zip(CALLS, found["answers"], strict=True):
        single = isinstance(answer, list) and len(answer) == len(answer[0]) == 1
        assert agree(cells(FUNCTIONS[name], args), answer[0][0] if single else answer), name


def test_the_blocker_blocks() -> None:
    """So that the test above can fail."""
    code = f"BLOCKED = set({BLOCKED!r})\n{PRELUDE}\nimport pandas"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "as in Pyodide" in done.stderr


def test_the_real_xlwings_package_will_do() -> None:
    """Lite's `xlwings` is this package with other drivers: ours imports and computes over it."""
    code = (
        f"BLOCKED = set({BLOCKED!r})\n{PRELUDE}\n"
        "from roi_xl.udfs import *\n"
        "print(FT_TOTAL_COST(40, None, None, 4), FT_PAYBACK([[2036]], [[2700], [0]]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"2036.0 [[{2036 / 2700}], ['never']]", done.stderr
