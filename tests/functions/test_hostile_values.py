"""Whatever a sheet, a frame or a program hands over: a value, or an error of the contract."""

import datetime as dt
import math
import sys
import warnings
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import Case, ErrorValue, RoiError, evaluate_case
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput
from roi_xl.functions.answers import cells
from roi_xl.functions.declare import Function
from roi_xl.registry import FUNCTIONS
from tests.hosts import pywin32
from tests.hosts.pywin32 import ERR, Currency, Date, XlRange

MODULE = "roi_xl.udfs"
CELL_LIMIT = 255  # characters of text that every version of Excel takes back into a cell
PARAGRAPH = 2_000  # of a rationale, which is read in Python and in the wide cells of newer versions

NUMBERS = [
    math.nan, math.inf, -math.inf, 1e308, -1e308, 1.7976931348623157e308, 5e-324, -5e-324, 1e-308,
    -0.0, 0.0, 0.1, 1, -1, 2**53 + 1, 2**63, 10**400, -(10**400),
]  # fmt: skip
ODD = [
    None, "", " ", "\t", "\u3000", "\u00a0", True, False, "abc", "5", "１２", "=1+1", "#N/A", "#BOGUS!",
    "never", "永不回本", "NaN", "x" * 40_000, "\ud800", "\udfff\ud800", "a\0b", "\u202e\u0301" * 9,
    "👩‍👩‍👧‍👦", "İ", "ß", "ﬁ", *ErrorValue, *ERR.values(), -2146826200, -2146826289, -2147352572,
    dt.date(2026, 1, 1), dt.datetime.max, dt.time(1), dt.timedelta(1), Decimal("NaN"), Decimal("sNaN"),
    Decimal("1e999"), Decimal("-0"), Decimal("Infinity"), Fraction(1, 3), 1j, b"x", bytearray(b"x"), {},
    {"a": 1}, {1}, object(), print, int, NotImplemented, ..., range(3), iter([1]),
    np.nan, np.float16(6e4), np.float32(1e38), np.longdouble(np.finfo(np.longdouble).max), np.int8(-128),
    np.uint64(2**64 - 1), np.bool_(True), np.str_("5"), np.bytes_(b"5"), np.complex128(1),
    np.datetime64("2026-01-01"), np.datetime64("NaT", "D"), np.timedelta64(1, "D"), np.array(5.0),
    np.array("5"), np.array(None), np.array(np.datetime64("2026-01-01")),
    pd.NA, pd.NaT, pd.Timestamp("2026-01-01"), pd.Timedelta(1), pd.Interval(0, 1), pd.Period("2026"),
]  # fmt: skip

SCALARS = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(ODD),
    st.floats(),
    st.integers(),
    st.text(max_size=5),
    st.decimals(),
    st.dates(),
)


def _recursive() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


def _deep(levels: int) -> Any:
    nested: Any = 1.0
    for _ in range(levels):
        nested = [nested]
    return nested


RANGES: list[Any] = [
    [], [[]], [[], []], [[1.0], []], [[1.0, 2.0], [3.0]], [1.0, [2.0]], [[[1.0]]], (1.0, 2.0),
    [np.zeros((2, 2)), np.zeros((2, 3))], [np.zeros(2), 1.0], [np.array(1.0)], [range(2), range(2)],
    np.zeros((0,)), np.zeros((0, 3)), np.zeros((1, 1, 1)), np.array([1, 2], np.int8),
    np.array([1, 2], np.uint64), np.array([1.5, 6e4], np.float16), np.array([1, 2], np.longdouble),
    np.array([True, False]), np.array(["a", "5"]), np.array([b"a"]), np.array([1j, 2]),
    np.array(["2026-01-01", "NaT"], "datetime64[ns]"), np.array([1, 2], "timedelta64[D]"),
    np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), np.array([None, 1.0, "x"], object),
    np.ma.masked_array([1.0, 2.0], [True, False]), np.asfortranarray(np.ones((2, 3))),
    np.ones((4, 4))[::2, ::-1], np.array([1.0], ">f8"), np.array([math.nan, -0.0, 1e308]),
    pd.Series([1, None, 3]), pd.Series([1, pd.NA], dtype="Int64"), pd.Series(["a", pd.NA], dtype="string"),
    pd.Series([True, pd.NA], dtype="boolean"), pd.Series(["low", "high"], dtype="category"),
    pd.Series(pd.to_datetime(["2026-01-01"])), pd.Series([1.0], index=["x"]), pd.Series([], dtype=float),
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}), pd.Index([1.0, 2.0]), pd.array([1, 2]),
    _recursive(), _deep(3), _deep(40), _deep(500),
]  # fmt: skip


@st.composite
def arguments(draw: st.DrawFn, function: Function) -> list[Any]:
    """The function's example, with some of it replaced by what nobody should pass."""
    args = list(function.example[0])
    args += [None] * (len(function.params) - len(args))
    for i in draw(st.lists(st.integers(0, max(0, len(args) - 1)), max_size=3)):
        if args:
            args[i] = draw(hostile())
    return args


def hostile() -> st.SearchStrategy[Any]:
    blocks = st.lists(st.lists(SCALARS, min_size=1, max_size=3), min_size=1, max_size=3)
    return st.one_of(SCALARS, st.sampled_from(RANGES), blocks)


def agreed(answer: Any) -> None:
    """A finite number, text or an error of the contract; or rows of them."""
    rows = answer if isinstance(answer, list) else [[answer]]
    for value in (v for row in rows for v in (row if isinstance(row, (list, tuple)) else [row])):
        assert value is None or isinstance(value, (float, int, str)), repr(value)
        if isinstance(value, float):
            assert math.isfinite(value)
        elif isinstance(value, str) and value.startswith("#"):
            assert ErrorValue.of(value) is not None


@pytest.fixture(autouse=True)
def _every_warning_counts() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_odd_value_as_every_argument(function: Function) -> None:
    full = list(function.example[0])
    full += [None] * (len(function.params) - len(full))
    for i in range(len(full)):
        for odd in (*NUMBERS, *ODD, *RANGES):
            agreed(cells(function, [*full[:i], odd, *full[i + 1 :]]))


@given(st.data())
def test_a_value_or_an_error_of_the_contract(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(list(FUNCTIONS.values())))
    args = data.draw(arguments(function))
    agreed(cells(function, args))
    try:
        function(*args)
    except RoiError as error:
        assert error.message("zh")
        assert error.message("en")


@given(st.data())
def test_explain_always_answers_in_words(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(list(FUNCTIONS.values())))
    answer = cells(FUNCTIONS["FT_EXPLAIN"], [function.name, *data.draw(arguments(function))])
    assert isinstance(answer, str)
    assert answer


@pytest.fixture(scope="module")
def dispatcher() -> Iterator[None]:
    sys.modules.pop(MODULE, None)
    with pywin32.installed():
        yield
    sys.modules.pop(MODULE, None)


OF_CELLS = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e308, -0.0, 5e-324]),
    st.text(max_size=6),
    st.sampled_from(["x" * 300, "#N/A", "never", "高", "\ud83d\ude00", "= 1"]),
    st.booleans(),
    st.sampled_from(list(ERR.values())),
    st.sampled_from([Currency(0.00015), Date(dt.datetime(2026, 1, 1))]),
)


@given(st.data())
def test_through_the_dispatcher_of_xlwings(dispatcher: None, data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(list(FUNCTIONS.values())))
    block = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
        lambda size: st.lists(
            st.lists(OF_CELLS, min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    )
    args = list(function.example[0])
    args += [pywin32.MISSING] * (len(function.params) - len(args))
    for i in data.draw(st.lists(st.integers(0, max(0, len(args) - 1)), max_size=3)):
        if args:
            args[i] = data.draw(st.one_of(OF_CELLS.map(XlRange), block.map(XlRange)))
    if function.params and function.params[-1].variadic:
        args = [a for a in args if a is not pywin32.MISSING]
    answer = pywin32.call(MODULE, function.name, *args)
    agreed(answer)
    rows = answer if isinstance(answer, list) else [answer]
    limit = PARAGRAPH if function.name == "FT_RATIONALE" else CELL_LIMIT
    for value in (v for row in rows for v in (row if isinstance(row, (list, tuple)) else [row])):
        assert not isinstance(value, str) or len(value) <= limit


@given(st.dictionaries(st.sampled_from([*INPUTS, "nothing", ""]), SCALARS, max_size=4))
def test_a_case_of_anything(values: dict[str, Any]) -> None:
    try:
        case = Case(**values)
    except BadInput as error:
        assert error.message("zh")
        assert error.message("en")
    else:
        for result in evaluate_case(case).values():
            assert result is None or isinstance(result, (float, str))
            assert not isinstance(result, float) or not math.isnan(result)


@given(
    st.dictionaries(
        st.sampled_from(list(INPUTS)), st.lists(SCALARS, min_size=2, max_size=2), max_size=4
    )
)
def test_columns_of_anything(values: dict[str, list[Any]]) -> None:
    for result in evaluate_case(values).values():
        for value in np.ravel(np.asarray(result, object)).tolist():
            assert isinstance(value, (float, int, str)) or value is None
