"""The FT_ functions in the cells of a real LibreOffice, calculated by our Python."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from tests.hosts.arguments import arguments
from tests.hosts.calc_addin import SHEET, CalcHost
from tests.hosts.compare import agree
from tests.hosts.office import available

pytestmark = pytest.mark.skipif(
    not available() and os.environ.get("CI") != "true",
    reason="needs LibreOffice and a Python with uno (libreoffice-calc, python3-uno)",
)
EXAMPLES = [f for f in FUNCTIONS.values() if f.example[1] is not None]


@pytest.fixture(scope="module")
def calc() -> Iterator[CalcHost]:
    with CalcHost() as started:
        yield started


def python_gives(name: str, args: tuple[Any, ...]) -> Any:
    """Python's answer to the arguments as Calc passes them, with 1 for TRUE."""
    return cells(FUNCTIONS[name], [1.0 if a is True else a for a in args])


@pytest.mark.parametrize("function", EXAMPLES, ids=lambda f: f.name)
@pytest.mark.parametrize("literals", [False, True], ids=["cells", "literals"])
def test_examples(calc: CalcHost, function: Any, literals: bool) -> None:
    args = function.example[0]
    if literals and any(isinstance(arg, list) for arg in args):
        # array constants in Calc hold one type only (Err:520), but a case has names and numbers
        others = tuple(arg for arg in args if not isinstance(arg, list))
        assert calc.evaluate([(function.name, others)], literals=True) == ["#VALUE!"]
        return
    expected = cells(function, args)
    (actual,) = calc.evaluate([(function.name, args)], literals=literals)
    if function.params[0].quantity.kind == "range" and not isinstance(expected, list):
        # entered over as many cells as the case has, each of which shows the one result
        assert {cell for row in actual for cell in row} == {actual[0][0]}
        actual = actual[0][0]
    assert agree(expected, actual), actual


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        # the source document: 40 h × 50 + 3 × 4 h × 3; defaults 50 USD/h, 3 USD, 8 h, 3 runs
        ("FT_TOTAL_COST", (40, None, None, 4), 2036.0),
        ("FT_TOTAL_COST", (40,), 2072.0),
        ("FT_TOTAL_COST", (40, 0, None, 4), 36.0),
        ("FT_TOTAL_COST", (None, 50), "#VALUE!"),
        ("FT_TOTAL_COST", (0, 50), 72.0),
        ("FT_PAYBACK", (2036, 0), "never"),
        ("FT_PAYBACK", (-1, 2700), "#NUM!"),
        ("FT_PAYBACK", ("#N/A", 2700), "#N/A"),
        ("FT_PAYBACK", ("#DIV/0!", 2700), "#DIV/0!"),
        ("FT_ANNUAL_ROI", (0, 2700), "#DIV/0!"),
        ("FT_RECOMMEND", ("never", "en"), "Not recommended"),
        ("FT_RECOMMEND", ("永不回本", None), "不建议"),
        ("FT_RECOMMEND", ("text",), "#VALUE!"),
        ("FT_EXPLAIN", ("FT_PAYBACK", 2036, 2700), "OK"),
    ],
)
@pytest.mark.parametrize("literals", [False, True], ids=["cells", "literals"])
def test_known_values(
    calc: CalcHost, name: str, args: tuple[Any, ...], expected: Any, literals: bool
) -> None:
    (actual,) = calc.evaluate([(name, args)], literals=literals)
    assert agree(expected, actual), actual


def test_explain_names_the_argument(calc: CalcHost) -> None:
    calls = [("FT_EXPLAIN", ("FT_PAYBACK", -1, 4)), ("FT_EXPLAIN", ("payback", None, 4))]
    outside, blank = calc.evaluate(calls)
    assert "total_cost" in outside
    assert "-1" in outside
    assert FUNCTIONS["FT_EXPLAIN"]("FT_PAYBACK", None, 4) == blank


def test_a_range_gives_an_error_per_element(calc: CalcHost) -> None:
    hours = [[40.0], [None], [-1.0], ["x"]]
    (actual,) = calc.evaluate([("FT_DATA_COST", (hours, [[50.0, None]]))])
    assert [[2000.0] * 2, ["#VALUE!"] * 2, ["#NUM!"] * 2, ["#VALUE!"] * 2] == actual


_FEW = settings(max_examples=12)


@_FEW
@given(data=st.data())
def test_calc_gives_what_python_gives(calc: CalcHost, data: st.DataObject) -> None:
    literals, ranges = data.draw(st.sampled_from([(False, False), (True, False), (False, True)]))
    names = data.draw(st.lists(st.sampled_from([f.name for f in EXAMPLES]), max_size=8))
    calls = []
    for name in names:
        function = FUNCTIONS[name]
        if function.mode == "whole":
            continue
        args = data.draw(arguments(function, ranges=ranges))
        flat = [x for a in args for x in (chain(*a) if isinstance(a, list) else [a])]
        # Calc answers a range that holds an error with its own Err:504 and does not call us
        if ranges and any(isinstance(x, str) and x.startswith("#") for x in flat):
            continue
        if any(x is True for x in flat):
            continue
        calls.append((name, args))
    actual = calc.evaluate(calls, literals=literals)
    for call, found in zip(calls, actual, strict=True):
        errors = [a for a in call[1] if isinstance(a, str) and a.startswith("#")]
        if errors:  # Calc does not call us then
            assert found in errors
            continue
        assert agree(python_gives(*call), found), (call, python_gives(*call), found)


# --- blanks --------------------------------------------------------------------------------------


def test_a_cell_that_becomes_blank_and_zero_again(calc: CalcHost) -> None:
    with calc.open() as doc:
        doc.set_many({f"{SHEET}!B1": 40.0, f"{SHEET}!C1": 0.0})
        assert doc.formula(f"{SHEET}!A1", "FT_DATA_COST(B1,C1)") == 0.0
        for rate, expected in ((None, 2000.0), (0.0, 0.0), (10.0, 400.0), (None, 2000.0)):
            doc.set(f"{SHEET}!C1", rate)
            assert doc.get(f"{SHEET}!A1") == expected


def test_blanks_on_other_sheets_and_behind_names_and_inside_other_functions(
    calc: CalcHost, tmp_path: Path
) -> None:
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook()
    first = book.worksheets[0]
    first.title = "One"
    other = book.create_sheet("It's two")
    other["A1"] = 40
    book.defined_names["rate"] = DefinedName("rate", attr_text="'It''s two'!$A$2")
    path = tmp_path / "book.xlsx"
    book.save(path)
    with calc.office.open(path) as doc:
        assert doc.formula("One!A1", "FT_DATA_COST('It''s two'!$A$1,'It''s two'!A2)") == 2000.0
        assert doc.formula("One!A2", "IF(FT_DATA_COST('It''s two'!A1,rate)=2000,1,2)") == 1.0
        assert doc.formula("One!A3", "FT_PAYBACK(FT_DATA_COST('It''s two'!A1,rate),100)") == 20.0


def test_an_ambiguous_blank_is_an_error(calc: CalcHost) -> None:
    """Two formulas with the same numbers, one with a zero and one with a blank cell."""
    with calc.open() as doc:
        doc.set(f"{SHEET}!B1", 40.0)
        doc.formulas({f"{SHEET}!A1": "FT_DATA_COST(B1,C1)", f"{SHEET}!A2": "FT_DATA_COST(B1,0)"})
        doc.recalculate()
        assert [doc.get(f"{SHEET}!A1"), doc.get(f"{SHEET}!A2")] == ["#VALUE!", "#VALUE!"]


def test_two_thousand_cells_recalculate_in_time(calc: CalcHost, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 2001):
        sheet.append([row, None, f"=FT_TOTAL_COST(A{row},B{row},3,4,3)"])
    path = tmp_path / "many.xlsx"
    book.save(path)
    began = time.monotonic()
    with calc.office.open(path) as doc:
        found = doc.block(f"{sheet.title}!C1:C2000")
    assert [[row * 50.0 + 36] for row in range(1, 2001)] == found
    assert time.monotonic() - began < 20  # 0.4 s on an idle machine


# --- failures of the worker -----------------------------------------------------------------------


def workers(office_pid: int) -> list[int]:
    """The worker processes of a LibreOffice."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if (
            b"roi_xl.hosts.libreoffice.worker" in command
            and f"FT_MARK={office_pid}".encode() in environment
        ):
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process through /proc")
def test_a_killed_or_hung_worker_gives_an_error_and_is_restarted() -> None:
    mark = os.getpid()
    env = {"FT_MARK": str(mark), "FT_TIMEOUT": "2", "FT_PAUSE": "0.5"}
    with CalcHost(env) as calc, calc.open() as doc:
        doc.set(f"{SHEET}!B1", 40.0)
        assert doc.formula(f"{SHEET}!A1", "FT_DATA_COST(B1,50)") == 2000.0
        (first,) = workers(mark)
        os.kill(first, signal.SIGSTOP)
        began = time.monotonic()
        doc.set(f"{SHEET}!B1", 41.0)
        assert doc.get(f"{SHEET}!A1") == "#VALUE!"
        assert time.monotonic() - began < 20
        time.sleep(0.6)
        doc.set(f"{SHEET}!B1", 42.0)
        assert doc.get(f"{SHEET}!A1") == 2100.0
        (second,) = workers(mark)
        assert first != second
        os.kill(second, signal.SIGKILL)
        time.sleep(0.1)
        doc.set(f"{SHEET}!B1", 43.0)
        assert doc.get(f"{SHEET}!A1") == 2150.0
    deadline = time.monotonic() + 20
    while workers(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers(mark) == []


def test_a_missing_python_gives_an_error() -> None:
    with CalcHost({"FT_PYTHON": "/no/such/python"}) as calc:
        assert calc.evaluate([("FT_DATA_COST", (40,)), ("FT_DATA_COST", (41,))]) == ["#VALUE!"] * 2
