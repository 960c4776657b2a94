"""install → settings → xlwings' DLL → COM server → every FT_ function, with genuine VARIANTs."""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pythoncom

from roi_xl import FUNCTIONS
from tests.windows.cases import MISSING as LEFT_OUT
from tests.windows.excel import (
    BLANK,
    MISSING,
    Server,
    Variant,
    array,
    as_value,
    cell_range,
    host_calls,
    in_cell,
    proxies,
)

RANGES = 2  # calls of each function that are made again with ranges, which take much longer
COST, SAVINGS = 2036.5, 2700.0


@pytest.fixture(scope="module")
def server(installed: Path) -> Iterator[Server]:
    with Server(installed) as started:
        yield started


def same(expected: Any, found: Any) -> bool:
    if isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(expected, found, rel_tol=1e-12)
    return type(expected) is type(found) and bool(expected == found)


def differing(server: Server, calls: list[dict[str, Any]], ranges: bool) -> list[Any]:
    wrong = []
    for call in calls:
        args = [
            MISSING if a == LEFT_OUT else cell_range(a) if ranges else as_value(a)
            for a in call["args"]
        ]
        found = server.call(call["name"], *args, language=call["language"])
        if not same(call["expected"], found):
            wrong.append((call, found))
    return wrong


def test_every_function_answers_as_plain_python(server: Server, cases: dict[str, Any]) -> None:
    calls = cases["calls"]
    assert {call["name"] for call in calls} >= {f.name for f in FUNCTIONS.values() if f.params}
    assert len(calls) > 500
    assert differing(server, calls, ranges=False) == []


def test_ranges_are_still_taken(server: Server, cases: dict[str, Any]) -> None:
    seen: Counter[str] = Counter()
    calls = []
    for call in cases["calls"]:
        seen[call["name"]] += 1
        if seen[call["name"]] <= RANGES:
            calls.append(call)
    assert differing(server, calls, ranges=True) == []


def test_values_ask_nothing_of_excel(server: Server) -> None:
    def asked(*args: Any) -> int:
        before = host_calls()
        assert same(COST / SAVINGS, server.call("FT_PAYBACK", *args))
        return host_calls() - before

    asked(COST, SAVINGS)
    calls = asked(as_value(COST), as_value(SAVINGS))
    ranges = asked(cell_range(COST), cell_range(SAVINGS))
    print(f"host calls for two arguments: {calls} as values, {ranges} as ranges")
    # what is left is the call itself, which passes through the same counter
    assert calls <= 2
    assert ranges > 10 * calls


@pytest.mark.parametrize(
    "cost",
    [
        Variant(pythoncom.VT_CY, Decimal("2036.5")),
        Variant(pythoncom.VT_R4, 2036.5),
    ],
    ids=["currency", "single"],
)
def test_other_types_of_constants(server: Server, cost: Any) -> None:
    """Only a macro passes these: a cell's Value2 is a double whatever its format."""
    assert same(COST / SAVINGS, server.call("FT_PAYBACK", cost, SAVINGS))


@pytest.mark.parametrize("integer", [pythoncom.VT_I2, pythoncom.VT_I4])
def test_integers(server: Server, integer: int) -> None:
    found = server.call("FT_PAYBACK", Variant(integer, 2036), Variant(integer, 2700))
    assert same(2036 / 2700, found)


def test_blanks_missing_and_infinity(server: Server) -> None:
    assert server.call("FT_PAYBACK", BLANK, SAVINGS) == "#VALUE!"
    assert server.call("FT_PAYBACK", math.inf, SAVINGS) == "#NUM!"
    omitted = server.call("FT_PEOPLE_COST", 10.0, MISSING, MISSING)
    assert same(server.call("FT_PEOPLE_COST", 10.0, BLANK, BLANK), omitted)
    assert server.call("FT_PEOPLE_COST", in_cell("#N/A"), MISSING, MISSING) == "#N/A"


def test_answers_have_the_types_of_cells(server: Server) -> None:
    rows = array([[COST, in_cell("#N/A")], ["x", BLANK]])
    assert server.call("FT_PAYBACK", rows, SAVINGS) == (
        (COST / SAVINGS, "#N/A"),
        ("#VALUE!", "#VALUE!"),
    )
    shape = proxies.shape_of().decode()
    assert shape.startswith("ARRAY[0..1,0..1] of")
    assert set(map(int, shape.partition(" of ")[2].split())) == {pythoncom.VT_R8, pythoncom.VT_BSTR}


def test_a_fault_of_the_server_is_an_error_of_vba(server: Server) -> None:
    with pytest.raises(pythoncom.com_error, match="FT_NONE"):
        server.call("FT_NONE", 1.0)


def test_a_server_that_died_is_started_anew(installed: Path, server: Server) -> None:
    with pytest.raises(pythoncom.com_error):
        server.python.Exec("import os; os._exit(3)")
    with Server(installed) as again:
        assert again.call("FT_PAYBACK", COST, SAVINGS) == COST / SAVINGS
