"""Every UDF through xlwings' real dispatcher, over a stand-in for pywin32."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pytest

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from roi_xl.functions.declare import Function, Param
from roi_xl.text import text
from tests.hosts import pywin32
from tests.hosts.pywin32 import ERR, MISSING, Currency, Date, XlRange

MODULE = "roi_xl.udfs"
SNAPSHOT = Path(__file__).parent / "snapshots" / "udf_wrappers.bas"
WITH_ARGUMENTS = [f for f in FUNCTIONS.values() if f.params]
VECTORS = [f for f in FUNCTIONS.values() if f.mode == "vector"]


@pytest.fixture(scope="module", autouse=True)
def _dispatcher() -> Any:
    sys.modules.pop(MODULE, None)  # one imported on plain Linux carries no declarations
    with pywin32.installed():
        yield
    sys.modules.pop(MODULE, None)


def call(function: Function, *args: object) -> object:
    """=FT_X(args) in a cell; what is not given is missing, as Excel passes it."""
    full = [*args, *[MISSING] * (len(function.params) - len(args))]
    if function.params and function.params[-1].variadic:
        full = list(args)
    return pywin32.call(MODULE, function.name, *full)


def examples(function: Function) -> list[object]:
    return list(function.example[0])


def expected(function: Function, *args: object) -> object:
    """The evaluation path's own answer, in the shape COM gets: one row is flat."""
    answer = cells(function, args)
    if isinstance(answer, list) and len(answer) == 1:
        return answer[0] if len(answer[0]) > 1 else answer[0][0]
    return answer


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_scalar(function: Function) -> None:
    found = call(function, *examples(function))
    assert found == expected(function, *examples(function))
    if isinstance(function.example[1], float):
        assert found == pytest.approx(function.example[1], rel=1e-12)
    elif not isinstance(function.example[1], (list, type(None))):
        assert found == function.example[1]


@pytest.mark.parametrize("function", WITH_ARGUMENTS, ids=lambda f: f.name)
def test_cells_give_what_values_give(function: Function) -> None:
    found = call(function, *(XlRange(v) for v in examples(function)))
    assert found == call(function, *examples(function))


def optional(function: Function) -> list[tuple[int, Param]]:
    return [(i, p) for i, p in enumerate(function.params) if not p.required and not p.variadic]


@pytest.mark.parametrize("function", VECTORS, ids=lambda f: f.name)
def test_omitted_and_blank_mean_the_default(function: Function) -> None:
    args = examples(function) + [None] * (len(function.params) - len(function.example[0]))
    for i, param in optional(function):
        written = [*args]
        written[i] = param.default_shown
        wanted = expected(function, *written)
        for blank in (MISSING, XlRange(None), XlRange(""), None):
            assert call(function, *[*args[:i], blank, *args[i + 1 :]]) == wanted, param.name


@pytest.mark.parametrize("function", VECTORS, ids=lambda f: f.name)
def test_required_blank_is_value_error(function: Function) -> None:
    for i, param in enumerate(function.params):
        if param.required:
            args = examples(function)
            args[i] = XlRange(None)
            assert call(function, *args) == "#VALUE!", param.name


def numeric(function: Function) -> list[int]:
    kinds = [p.quantity.kind for p in function.params]
    return [i for i in range(len(function.example[0])) if kinds[i] == "number"]


@pytest.mark.parametrize("function", VECTORS, ids=lambda f: f.name)
def test_currency_and_date_cells_are_read_exactly(function: Function) -> None:
    for i in numeric(function):
        args = examples(function)
        for cell, value in ((Currency(0.00015), 0.00015), (Date(dt.datetime(2000, 1, 1)), 36526.0)):
            wanted = expected(function, *[*args[:i], value, *args[i + 1 :]])
            assert call(function, *[*args[:i], XlRange(cell), *args[i + 1 :]]) == wanted


def as_value(cells: XlRange) -> object:
    """What the shipped VBA passes of a range."""
    return cells.Value2


@pytest.mark.parametrize("function", VECTORS, ids=lambda f: f.name)
def test_values_of_cells_give_what_cells_give(function: Function) -> None:
    """Blank, error, boolean, text, currency and date cells, alone and in columns."""
    odd = (None, "", "微调", True, ERR["#N/A"], Currency(0.00015), Date(dt.datetime(2000, 1, 1)))
    for i in range(len(function.params)):
        full = examples(function) + [None] * (len(function.params) - len(function.example[0]))
        column = XlRange([[full[i]], *([cell] for cell in odd)])
        for given in (*map(XlRange, odd), column):
            before, after = full[:i], full[i + 1 :]
            found = call(function, *before, as_value(given), *after)
            assert found == call(function, *before, given, *after)


def test_values_ask_nothing_of_excel_where_ranges_do() -> None:
    """The measure of a cell's speed: calls from Python back to Excel for each argument."""
    function = FUNCTIONS["FT_PAYBACK"]
    caller = XlRange(None)

    def asked(*args: object) -> int:
        XlRange.asked = 0
        assert pywin32.call(MODULE, function.name, *args, caller=caller) == 2036.0 / 2700.0
        return XlRange.asked

    values = [as_value(XlRange(v)) for v in (2036.0, 2700.0)]
    of_the_caller = asked(*values)
    assert of_the_caller <= 1
    assert asked(*map(XlRange, values)) >= 2 * 2 + of_the_caller


@pytest.mark.parametrize("function", WITH_ARGUMENTS, ids=lambda f: f.name)
def test_error_cells_pass_unchanged(function: Function) -> None:
    if function.name == "FT_EXPLAIN":
        assert "#N/A" in str(call(function, "FT_PAYBACK", XlRange(ERR["#N/A"]), 1))
        return
    for shown, number in ERR.items():
        args = examples(function)
        args[0] = XlRange(number)
        assert call(function, *args) == shown


@pytest.mark.parametrize("function", VECTORS, ids=lambda f: f.name)
def test_columns_rows_and_blocks(function: Function) -> None:
    args = examples(function)
    column = [[args[0]], [None], [args[0]]]
    found = call(function, XlRange(column), *args[1:])
    assert found == expected(function, column, *args[1:])
    assert isinstance(found, list)
    assert len(found) == 3
    row = [[args[0], args[0]]]
    assert call(function, XlRange(row), *args[1:]) == expected(function, row, *args[1:])
    block = [[args[0], args[0]], ["text", ERR["#N/A"]]]
    found = call(function, XlRange(block), *args[1:])
    assert found == expected(function, block, *args[1:])


@pytest.mark.parametrize("function", VECTORS, ids=lambda f: f.name)
def test_bad_input(function: Function) -> None:
    for i in range(len(function.example[0])):
        args = examples(function)
        for wrong in (True, XlRange(True), "微调", XlRange("微调")):
            assert call(function, *[*args[:i], wrong, *args[i + 1 :]]) == "#VALUE!"
    for i in numeric(function):
        quantity = function.params[i].quantity
        if quantity.lower == 0:
            args = examples(function)
            assert call(function, *[*args[:i], -1.0, *args[i + 1 :]]) == "#NUM!"


def test_chinese_text() -> None:
    assert call(FUNCTIONS["FT_STRATEGY"], 500.0, XlRange("高")) == "LoRA 微调"
    assert call(FUNCTIONS["FT_RECOMMEND"], XlRange("永不回本"), "en") == "Not recommended"
    assert "一次性总投入" in str(call(FUNCTIONS["FT_EXPLAIN"], "FT_PAYBACK", -1.0, 5.0))


def test_internal_fault_shows_value_error_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log" / "roi_xl.log"
    monkeypatch.setenv("ROI_XL_LOG", str(log))

    def broken(*_: object) -> object:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(sys.modules[MODULE], "cells", broken)
    assert call(FUNCTIONS["FT_PAYBACK"], 2036.0, 2700.0) == "#VALUE!"
    said = log.read_text(encoding="utf-8")
    assert "FT_PAYBACK(2036.0, 2700.0)" in said
    assert "a fault of ours" in said


def test_categories_and_wizard_texts() -> None:
    import importlib

    from roi_xl.udfs import vba_name

    module = importlib.import_module(MODULE)
    assert set(module.__all__) == set(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        declared = getattr(module, name).__xlfunc__
        assert declared["name"] == name
        assert declared["category"] == text("functions.category")
        assert declared["ret"]["doc"] == function.doc()
        assert [a["name"] for a in declared["args"]] == [vba_name(p) for p in function.params]
        assert [a["doc"] for a in declared["args"]] == [p.help() for p in function.params]
        assert ["optional" in a for a in declared["args"]] == [
            not p.required and not p.variadic for p in function.params
        ]


def test_wrappers_as_xlwings_writes_them(request: pytest.FixtureRequest) -> None:
    """The VBA text of the real generator, against the one kept in the repository."""
    found = pywin32.generate_wrappers(MODULE, "roi_xl.xlsm")
    if request.config.getoption("--update-snapshots"):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8")
    for function in FUNCTIONS.values():
        assert f"Function {function.name}(" in found
