"""Anything a Calc sheet can hold, as every argument of every function: a value or a documented error.

Sheets are full of calls and calculated once, so that thousands of them cost a few seconds.
"""

import datetime as dt
import math
import os
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from roi_xl import FUNCTIONS, ErrorValue
from roi_xl.functions.answers import cells
from roi_xl.functions.declare import Function
from tests.hosts.arguments import literal
from tests.hosts.calc_addin import CalcHost
from tests.hosts.compare import agree
from tests.hosts.office import available

CI = os.environ.get("CI") == "true"
pytestmark = pytest.mark.skipif(
    not available() and not CI,
    reason="needs LibreOffice and a Python with uno (libreoffice-calc, python3-uno)",
)

CALLS_PER_SHEET = 1_000  # the test driver reads the errors of more only slowly
SECONDS = 60  # a sheet takes one or two
LAST = "FT_DATA_COST(40,50)"  # last on each sheet: the worker still answers

# contents of cells; _xD800_ is half a surrogate pair in a workbook
CELLS: list[Any] = [
    None, 0, -0.0, 1, -1, 1e308, -1e308, 1.7976931348623157e308, 5e-324, -5e-324, 1e-308, 1e15 + 0.3,
    0.1, 1e5, 2**53, True, False, dt.datetime(2026, 1, 1), dt.time(1), "", " ", "\u3000", "'", "5",
    "１２", "never", "永不回本", "高", "NaN", "-inf", "#BOGUS!", "Err:502", "x" * 32_767, "多" * 9_000,
    "_xD800_", "_xDFFF__xD800_", "_x0000_", "\u202e\u0301" * 9, "👩‍👩‍👧‍👦", "İßﬁ", 'a"b;c)', "\n",
    "#N/A", "#DIV/0!", "#VALUE!", "#NUM!", "#REF!", "#NAME?", "#NULL!", "=1E308*10", "=-1/0", "=SQRT(-1)",
    '=""', "=1=1", "=NOW()", '=REPT("x",32767)', "=IF(FALSE,1)", "=-0", "=A1",
]  # fmt: skip
# arguments within the formula
WRITTEN = [
    "", "1E308*10", "-1E308*10", "0/0", "-0", "TRUE", "1=2", '""', '"x"', 'REPT("x",40000)', "_xlfn.UNICHAR(1)",
    "DATE(2026,1,1)", "NA()", "{1,2;3,4}", '{"a",""}', "1+{1,2}", "A1:A3", "B1:B2000", "NoSuchName",
    "(A1,A2)", "IF({1,0},1,2)", "RAND()", "OFFSET(A1,0,0,2,2)", "INDEX(A1:A9,0)", "FT_PAYBACK(1,0)",
]  # fmt: skip
AREAS = ["$A$1", "$A$1:$A$9", "$A$1:$C$1", "$B$2:$D$4", "$A$40:$C$42", "$E$1:$F$3", "$E$90:$F$99"]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of internal errors."""
    return tmp_path_factory.mktemp("log") / "faults"


@pytest.fixture(scope="module")
def calc(faults: Path) -> Iterator[CalcHost]:
    with CalcHost({"ROI_XL_LOG": str(faults), "ROI_XL_LANG": "en"}) as started:
        yield started


def answers(
    calc: CalcHost, folder: Path, values: Sequence[Any], calls: Sequence[str], arrays: bool = False
) -> list[Any]:
    """The results of the calls on sheets with the values and gaps between them; array formulas fill 3 × 3."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row, value in enumerate(values, 1):
        sheet.cell(row, 1).value = value
        for column in range(2, 7):  # the same values elsewhere, with gaps
            if row * column % 3:
                sheet.cell(row * column % 97 + 1, column).value = value
    step = 3 if arrays else 1
    for i, call in enumerate([*calls, LAST]):
        place = f"H{step * i + 1}"
        area = f"{place}:J{3 * i + 3}"
        sheet[place] = ArrayFormula(area, f"={call}") if arrays else f"={call}"
    path = folder / "hostile.xlsx"
    book.save(path)
    began = time.monotonic()
    with calc.office.open(path) as doc:
        rows = doc.block(f"{sheet.title}!H1:J{step * (len(calls) + 1)}")
    assert time.monotonic() - began < SECONDS
    assert rows[-step][0] == 2000.0
    return [rows[i : i + 3] if arrays else rows[i][0] for i in range(0, step * len(calls), step)]


def agreed(call: str, answer: Any) -> None:
    """Assert a finite number, text, or one of Excel's errors."""
    for value in (v for row in answer for v in row) if isinstance(answer, list) else [answer]:
        assert isinstance(value, (float, str)), (call, value)
        assert not isinstance(value, float) or math.isfinite(value), (call, value)
        if isinstance(value, str):
            assert "Traceback" not in value, (call, value)
            error = value.startswith("#")
            # Calc itself gives Err:504 for a range with an error in it and for a list of areas
            assert not error or ErrorValue.of(value) or value == "#ERR:504", (call, value)
            assert value != "#NAME?" or "$A$" in call or "NoSuchName" in call, (call, value)


def with_one(function: Function, odd: str, turn: int) -> Iterator[str]:
    """The function's example with the value as one argument, by turns; in CI as each argument."""
    args = [literal(a) for a in function.example[0] if not isinstance(a, list)]
    args += ["A1:C3" for a in function.example[0] if isinstance(a, list)]
    args += [""] * (len(function.params) - len(args))
    for i in range(len(args)) if CI else [turn % len(args)] if args else []:
        yield f"{function.name}({','.join([*args[:i], odd, *args[i + 1 :]]).rstrip(',')})"


def test_every_odd_value_as_every_argument(calc: CalcHost, faults: Path, tmp_path: Path) -> None:
    odd = [f"$A${row}" for row in range(1, len(CELLS) + 1)] + WRITTEN
    pairs = enumerate(product(FUNCTIONS.values(), odd))
    calls = [call for turn, (function, o) in pairs for call in with_one(function, o, turn)]
    assert len(calls) > (9_000 if CI else 2_000)
    for start in range(0, len(calls), CALLS_PER_SHEET):
        some = calls[start : start + CALLS_PER_SHEET]
        for call, answer in zip(some, answers(calc, tmp_path, CELLS, some), strict=True):
            agreed(call, answer)
    assert not faults.exists(), faults.read_text(encoding="utf-8")[:2000]


@settings(max_examples=20 if CI else 4)
@given(data=st.data())
def test_a_value_or_a_documented_error(
    calc: CalcHost, faults: Path, tmp_path: Path, data: st.DataObject
) -> None:
    text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
    drawn = st.one_of(
        st.floats(allow_nan=False, allow_infinity=False), text, st.sampled_from(CELLS)
    )
    values = data.draw(st.lists(drawn.filter(_no_formula), min_size=20, max_size=30))
    place = st.one_of(
        st.integers(1, len(values)).map("$A${}".format), st.sampled_from([*AREAS, *WRITTEN])
    )
    call = st.sampled_from(list(FUNCTIONS.values())).flatmap(
        lambda f: st.lists(place, max_size=len(f.params)).map(lambda a: f"{f.name}({','.join(a)})")
    )
    calls = data.draw(st.lists(call, min_size=30, max_size=60))
    arrays = data.draw(st.booleans())
    for written, answer in zip(calls, answers(calc, tmp_path, values, calls, arrays), strict=True):
        agreed(written, answer)
    assert not faults.exists(), faults.read_text(encoding="utf-8")[:2000]


def _no_formula(value: Any) -> bool:
    return value in CELLS or not (isinstance(value, str) and value.startswith("="))


def test_examples_between_hostile_cells(calc: CalcHost, tmp_path: Path) -> None:
    plain = [
        f
        for f in FUNCTIONS.values()
        if f.returns.kind != "range"
        and f.example[1] is not None
        and not any(isinstance(a, list) for a in f.example[0])
    ]
    calls = [f"{f.name}({','.join(map(literal, f.example[0]))})" for f in plain]
    for function, found in zip(plain, answers(calc, tmp_path, CELLS, calls), strict=True):
        assert agree(cells(function, function.example[0]), found), function.name
