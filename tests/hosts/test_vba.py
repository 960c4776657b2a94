"""The shipped VBA wrappers at work in LibreOffice, with xlwings' own dispatcher behind them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from roi_xl import FUNCTIONS, Case, evaluate_case
from roi_xl.errors import ErrorValue
from roi_xl.functions.answers import cells
from roi_xl.hosts.excel.editions import udf_workbook
from roi_xl.text import speaking, text
from roi_xl.units import never
from roi_xl.workbook.sheets.functions import example_arguments
from tests.hosts.macro_file import step_cells
from tests.hosts.office import Office
from tests.hosts.vba_bridge import VbaBridge, decoded, scratch_book

NUM, VALUE, DIV0, NA = ErrorValue.NUM, ErrorValue.VALUE, ErrorValue.DIV0, ErrorValue.NA


@pytest.fixture(scope="module")
def bridge(office: Office) -> Iterator[VbaBridge]:
    with VbaBridge("en") as started:
        yield started


def agree(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=1e-12)
    return bool(found == expected)


_LIKE_THE_FIRST = [pytest.param(n, marks=pytest.mark.slow) for n in (0, 90)]


@pytest.mark.parametrize("daily_requests", [10000, *_LIKE_THE_FIRST])
def test_workbook_computes_through_the_wrappers(bridge: VbaBridge, daily_requests: int) -> None:
    case = Case(daily_requests=daily_requests, retrainings_per_year=2, cost_per_retraining=600)
    results = evaluate_case(case, "en")
    called = len(bridge.calls)
    data = udf_workbook(case, "en")
    formulas = step_cells(data, data_only=False)
    calling = [name for name, formula in formulas.items() if "FT_" in formula]
    assert len(calling) >= 10
    with bridge.open(data) as doc:
        found = doc.get_many([*calling, "recommendation", "strategy", "total_cost"])
    for name, value in found.items():
        expected = results[name]
        shown = never("en") if expected == math.inf else expected
        assert agree(decoded(value), shown), name
    modules = {module for module, _ in bridge.calls[called:]}
    assert modules == {"roi_xl.excel.udfs_en"}


def test_every_example(bridge: VbaBridge) -> None:
    with speaking("en"):
        calls = [(f.name, example_arguments(f, "en")) for f in FUNCTIONS.values()]
        calls = [(n, a) for n, a in calls if not any(isinstance(x, (list, tuple)) for x in a)]
        expected = [cells(FUNCTIONS[name], args) for name, args in calls]
    pairs = [(e, c) for e, c in zip(expected, calls, strict=True) if not isinstance(e, list)]
    found = bridge.evaluate([call for _, call in pairs])
    for (value, call), shown in zip(pairs, found, strict=True):
        assert agree(shown, value), call


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("FT_PAYBACK", [-1, 2], NUM),
        ("FT_PAYBACK", [None, 2], VALUE),
        ("FT_PAYBACK", ["x", 2], VALUE),
        ("FT_PAYBACK", [1, NA], NA),
        ("FT_PAYBACK", [DIV0, 1], DIV0),
        ("FT_ANNUAL_ROI", [0, 1], DIV0),
        ("FT_PAYBACK", [1, 0], "never"),
        ("FT_DATA_COST", [40, None], 2000.0),  # a blank cell means the default, 50 an hour
        ("FT_DATA_COST", [40], 2000.0),
        ("FT_COMPUTE_COST", [None, 4], 36.0),
        ("FT_RECOMMEND", [1, "zh"], "强烈推荐"),
        ("FT_RECOMMEND", [1], "Strongly recommended"),
        # 1, -2 and nothing, at 10 and 20 an hour: errors stand where they belong
        (
            "FT_DATA_COST",
            [[[1], [-2], [None]], [[10, 20]]],
            [[10.0, 20.0], [NUM, NUM], [VALUE, VALUE]],
        ),
        ("FT_PAYBACK", [[[100, 200]], 50], [[2.0, 4.0]]),
    ],
)
def test_errors_blanks_and_ranges(
    bridge: VbaBridge, name: str, args: list[Any], expected: Any
) -> None:
    assert bridge.evaluate([(name, args)]) == [expected]


def test_chinese_wrappers_answer_in_chinese(office: Office) -> None:
    with VbaBridge("zh") as chinese:
        found = chinese.evaluate([("FT_PAYBACK", [1, 0]), ("FT_EXPLAIN", ["FT_PAYBACK", -1, 2])])
    assert found[0] == text("choice.never", "zh")
    assert "一次性总投入" in found[1]


def in_a_cell(code: str) -> str:
    """LibreOffice's `Application.Caller` is no Range; here it counts as one."""
    return code.replace('TypeName(Application.Caller) = "Range"', "True")


def test_fault_shows_value_and_goes_to_the_log(office: Office) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("Could not load xlwings64.dll")

    with VbaBridge("en", broken, in_a_cell) as failing:
        assert failing.evaluate([("FT_PAYBACK", [1, 2]), ("FT_PAYBACK", [3, 4])]) == [VALUE, VALUE]
        log = failing.folder / ".roi_xl" / "roi_xl_excel.log"
        lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1, "the same reason is written once"
    assert "FT_PAYBACK: " in lines[0]
    assert "Could not load xlwings64.dll" in lines[0]


def test_errors_are_errors_to_vba(office: Office) -> None:
    """`IsError` of what a wrapper gives, as IFERROR sees it in Excel."""
    probe = "Function FtSay(x)\n    FtSay = FtText(x)\nEnd Function\n"
    probe += "Function FtIs(x)\n    FtIs = IsError(FT_PAYBACK(x, 1)) & TypeName(FT_PAYBACK(x, 1))\nEnd Function\n"

    def with_probe(code: str) -> str:
        return code + probe if "Function FT_PAYBACK(" in code else code

    with VbaBridge("en", change=with_probe) as probing, probing.open(scratch_book()) as doc:
        assert doc.formula("Scratch!A1", "=FtIs(-1)") == "TrueError"
        assert doc.formula("Scratch!A2", "=FtIs(1)") == "FalseDouble"
        # U+5FAE lies below 8000, where a VBA Integer is positive, U+8C03 above
        assert doc.formula("Scratch!A3", r'=FtSay("a\u5FAE\u8C03 \u005C b")') == "a微调 \\ b"


# --- where Python is -----------------------------------------------------------------------------

_PROBE = """
Function FtWhich()
    On Error GoTo failed
    FtWhich = FtServerCommand(FtInterpreter())
    Exit Function
failed:
    FtWhich = "<" & Err.Description & ">"
End Function
"""


def with_which(code: str) -> str:
    return code + _PROBE if "Function FT_PAYBACK(" in code else code


SETTINGS = {
    r'"INTERPRETER_WIN","C:\Users\a, b\python.exe"': r"C:\Users\a, b\python.exe",
    r'"SHOW CONSOLE","True"'
    "\r\n"
    r'"interpreter_win" , "\\server\share\python.exe"': r"\\server\share\python.exe",
    '"INTERPRETER_WIN","python"': None,
    '"INTERPRETER_WIN",""': None,
    '"OTHER","C:\\python.exe"': None,
    "": None,
}


def test_the_users_settings_alone_name_python(office: Office) -> None:
    """A sheet and a file of the name that xlwings looks for, in the workbook and beside it, do not."""
    hostile = r"C:\hostile\python.exe"
    book = openpyxl.load_workbook(io.BytesIO(scratch_book()), keep_vba=True)
    sheet = book.create_sheet("roi_xl.conf")
    sheet.sheet_properties.codeName = "Sheet_conf"
    sheet.append(["INTERPRETER_WIN", hostile])
    book.worksheets[0].sheet_properties.codeName = "Sheet_scratch"
    saved = io.BytesIO()
    book.save(saved)
    with VbaBridge("en", change=with_which) as probing:
        (probing.folder / "roi_xl.conf").write_text(f'"INTERPRETER_WIN","{hostile}"', "ascii")
        conf = probing.folder / ".roi_xl" / "roi_xl.conf"
        conf.parent.mkdir()
        with probing.open(saved.getvalue()) as doc:
            for row, (content, python) in enumerate(SETTINGS.items(), 1):
                if content:
                    conf.write_text(f"{content}\r\n", "ascii", newline="")
                else:
                    conf.unlink()
                found = str(doc.formula(f"Scratch!A{row}", "=FtWhich()"))
                if python is None:
                    assert found.startswith("<")
                    assert "run roi-xl install" in found
                else:
                    assert found.startswith(f'"{python}" -P -B -c "import xlwings;')
