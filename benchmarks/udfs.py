"""UDFs: an array call through xlwings' dispatcher, and the import on top of xlwings."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, compare, seconds

ROOT = Path(__file__).parent.parent


def rows(quick: bool) -> Iterator[Row]:
    """The call, and the import."""
    yield from array_call(quick)
    yield import_row(quick)


def array_call(quick: bool) -> Iterator[Row]:
    """One call for a column, against a UDF that returns its argument."""
    from tests.hosts import pywin32

    length = 1_000 if quick else 10_000
    for name in [n for n in sys.modules if n in ("roi_xl.udfs", "benchmarks.identity_udf")]:
        del sys.modules[name]
    with pywin32.installed():
        column = pywin32.XlRange([[float(i % 500)] for i in range(length)])

        def ours() -> Any:
            return pywin32.call("roi_xl.udfs", "FT_DATA_COST", column)

        def identity() -> Any:
            return pywin32.call("benchmarks.identity_udf", "IDENTITY", column)

        def identity_of_cells() -> Any:
            return pywin32.call("benchmarks.identity_udf", "IDENTITY_CELLS", column)

        assert len(ours()) == len(identity()) == length
        yield from compare(
            f"=FT_DATA_COST on a column of {length:,} through xlwings",
            ours,
            {
                "a UDF that returns its argument": (identity, 1.3),
                "the same with our reader of cells": (identity_of_cells, None),
            },
            runs=3 if quick else 30,
        )
    for name in ("roi_xl.udfs", "benchmarks.identity_udf"):
        sys.modules.pop(name, None)


def import_row(quick: bool) -> Row:
    """`import roi_xl.udfs` in a fresh interpreter, against `import xlwings`."""
    ours = theirs = float("inf")
    for _ in range(1 if quick else 7):
        ours = min(ours, seconds(lambda: fresh("import roi_xl.udfs")))
        theirs = min(theirs, seconds(lambda: fresh("import xlwings")))
    return Row("import roi_xl.udfs", "import xlwings", ours, theirs, 1.3)


def fresh(statement: str) -> None:
    """Run a statement in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", statement], check=True, cwd=ROOT)
