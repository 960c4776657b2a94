"""The one evaluation path: blanks, types, bounds, broadcasting, an error an element."""

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, DomainError, ErrorValue, InputError, RoiError, ZeroBaseError
from roi_xl.errors import ArgumentIsError
from roi_xl.functions.answers import cells
from roi_xl.text import use

PAYBACK, TOTAL, ROI = (FUNCTIONS[n] for n in ("FT_PAYBACK", "FT_TOTAL_COST", "FT_ANNUAL_ROI"))


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_examples(name: str) -> None:
    function = FUNCTIONS[name]
    args, expected = function.example
    if expected is None:  # the version, or figures with labels in the language at hand
        with_words = function.name in ("FT_MONTE_CARLO", "FT_RATIONALE")
        assert str(function(*args)).startswith("roi_xl ") or with_words
    elif isinstance(expected, list):
        found = function(*args)
        assert [[v for v in row if isinstance(v, str)] for row in found] == [
            [v for v in row if isinstance(v, str)] for row in expected
        ]
        for row, wanted in zip(found, expected, strict=True):
            numbers = [v for v in row if not isinstance(v, str)]
            assert numbers == pytest.approx([v for v in wanted if not isinstance(v, str)])
    elif isinstance(expected, float):
        assert function(*args) == pytest.approx(expected, rel=1e-12)
    else:
        assert function(*args) == expected


def test_blank_means_default() -> None:
    assert TOTAL(40, 50, 3, 4, 3) == 2036
    assert TOTAL(40, None, None, 4) == TOTAL(40, "", " ", 4, None, None, None) == 2036
    assert TOTAL(40) == 2000 + 3 * 8 * 3
    ranged = TOTAL([[40], [40]], [[None], [60.0]], 3, 4, 3)
    assert ranged.tolist() == [[2036.0], [2436.0]]


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_required_blank(blank: object) -> None:
    with pytest.raises(InputError, match="total_cost"):
        PAYBACK(blank, 2700)


@pytest.mark.parametrize("wrong", ["abc", "5", True, dt.datetime(2026, 1, 1), 1j, object(), {}])
def test_not_a_number(wrong: object) -> None:
    with pytest.raises(InputError):
        PAYBACK(wrong, 2700)


@pytest.mark.parametrize("wrong", [-1, -1e-300, math.nan, math.inf, -math.inf, 10**400])
def test_outside_bounds(wrong: object) -> None:
    with pytest.raises(DomainError):
        PAYBACK(wrong, 2700)


@pytest.mark.parametrize(
    "number", [5, 5.0, Decimal(5), Fraction(5), np.float32(5), np.int64(5), np.array(5.0)]
)
def test_kinds_of_number(number: object) -> None:
    assert PAYBACK(number, 10) == 0.5


def test_upper_bounds() -> None:
    savings = FUNCTIONS["FT_MONTHLY_SAVINGS"]
    assert savings(1, 2, 1, 31) == 31
    for days in (0, 31.5):
        with pytest.raises(DomainError):
            savings(1, 2, 1, days)


def test_zero_denominators() -> None:
    with pytest.raises(ZeroBaseError):
        ROI(0, 100)
    with pytest.raises(ZeroBaseError):
        FUNCTIONS["FT_SERVING_COST"](2, 1, 0)
    with pytest.raises(ZeroBaseError):
        FUNCTIONS["FT_BREAKEVEN_REQUESTS"](100, 0.01, 0.01)
    with pytest.raises(DomainError):  # no volume repays a loss
        FUNCTIONS["FT_BREAKEVEN_REQUESTS"](100, 0.01, 0.02)


def test_overflow_is_a_domain_error() -> None:
    with pytest.raises(DomainError):
        TOTAL(1e308, 1e308)


def test_errors_pass_unchanged_and_the_first_argument_wins() -> None:
    with pytest.raises(ArgumentIsError) as raised:
        PAYBACK("#N/A", "#REF!")
    assert raised.value.error is ErrorValue.NA
    assert cells(PAYBACK, ("#N/A", "#REF!")) == "#N/A"
    assert cells(PAYBACK, (-2146826281, 1)) == "#DIV/0!"
    assert cells(PAYBACK, (-1, "#REF!")) == "#NUM!"
    assert cells(PAYBACK, ("#SPILL!", 1)) == "#SPILL!"


def test_each_bad_element_gets_its_own_error() -> None:
    costs = [[2036.0], [None], ["x"], [-1], ["#REF!"], [math.nan], [1000]]
    assert cells(PAYBACK, (costs, 500)) == [
        [2036 / 500],
        ["#VALUE!"],
        ["#VALUE!"],
        ["#NUM!"],
        ["#REF!"],
        ["#NUM!"],
        [2.0],
    ]
    answer = PAYBACK(costs, 500)
    assert answer[1, 0] is ErrorValue.VALUE
    assert answer[6, 0] == 2.0


def test_broadcasting_as_excel_does() -> None:
    column, row = [[100.0], [200.0]], [[10.0, 20.0, 50.0]]
    assert cells(PAYBACK, (column, row)) == [[10, 5, 2], [20, 10, 4]]
    # {1;2;3} against {1;2}: what is missing is #N/A
    assert cells(PAYBACK, ([[1.0], [2.0], [3.0]], [[1.0], [2.0]])) == [[1], [1], ["#N/A"]]
    # a 2×2 block against one row and against a scalar
    assert cells(PAYBACK, ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]])) == [[1, 1], [3, 2]]
    assert cells(PAYBACK, ([[1.0, 2.0], [3.0, 4.0]], 2)) == [[0.5, 1], [1.5, 2]]
    # a 2×3 block against a 2×2 block
    wide, narrow = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1.0, 1.0], [1.0, 1.0]]
    assert cells(PAYBACK, (wide, narrow)) == [[1, 2, "#N/A"], [4, 5, "#N/A"]]


def test_one_by_one_range_and_odd_shapes() -> None:
    assert cells(PAYBACK, ([[2036.0]], [[2700.0]])) == [[2036 / 2700]]
    assert cells(PAYBACK, ([[[1.0]]], 1)) == "#VALUE!"
    assert cells(PAYBACK, ([], 1)) == "#VALUE!"
    assert cells(PAYBACK, ([[1.0, 2.0], [3.0]], 1)) == [["#VALUE!", "#VALUE!"]]


def test_arrays_and_series_stay_arrays() -> None:
    answer = PAYBACK(np.array([100.0, 200.0]), pd.Series([10.0, 10.0]))
    assert answer.dtype == np.float64
    assert answer.tolist() == [10.0, 20.0]
    answer[0] = 1.0  # the answer is the caller's own


def test_never_is_text_in_cells_and_a_number_in_arithmetic() -> None:
    assert PAYBACK(2036, 0) == "never"
    assert PAYBACK([2036.0, 10.0], [-5.0, 5.0]).tolist() == ["never", 2.0]
    use("zh")
    assert PAYBACK(2036, 0) == "永不回本"
    for never in ("never", " NEVER ", "永不回本", math.inf):
        assert FUNCTIONS["FT_RECOMMEND"](never, "en") == "Not recommended"
    with pytest.raises(DomainError):
        FUNCTIONS["FT_RECOMMEND"](-math.inf)


def test_options_take_both_languages() -> None:
    strategy = FUNCTIONS["FT_STRATEGY"]
    for high in ("high", "HIGH ", "高", " 高", "ｈｉｇｈ"):
        assert strategy(500, high) == "LoRA 微调"
    assert strategy(500, "一般") == strategy(500) == "不微调，用 Prompt 工程"
    assert strategy(500, "high", "en") == "LoRA fine-tuning"
    assert cells(strategy, ([[500.0], [500.0]], "high", [["en"], ["zh"]])) == [
        ["LoRA fine-tuning"],
        ["LoRA 微调"],
    ]
    with pytest.raises(InputError, match="medium"):
        strategy(500, "medium")
    with pytest.raises(InputError):
        strategy(500, 1)


@pytest.mark.parametrize(
    ("requests", "need", "expected"),
    [
        (99.99, "high", "prompt"),
        (100, "high", "lora"),
        (100, "normal", "prompt"),
        (1000, "high", "lora"),
        (1000, "normal", "prompt"),
        (1000.01, "normal", "finetune"),
    ],
)
def test_matrix_limits(requests: float, need: str, expected: str) -> None:
    from roi_xl.text import text

    assert FUNCTIONS["FT_STRATEGY"](requests, need, "en") == text(f"choice.{expected}", "en")


def test_explain_names_the_argument_the_value_and_what_is_allowed() -> None:
    explain = FUNCTIONS["FT_EXPLAIN"]
    use("en")
    assert explain("FT_PAYBACK", 2036, 2700) == "OK"
    assert explain("payback", 2036, 0) == "OK"
    said = explain("FT_PAYBACK", -5, 2700)
    assert "total_cost" in said
    assert "-5" in said
    assert "≥ 0" in said
    assert "row 2" in explain("FT_PAYBACK", [[1.0], ["x"]], 5)
    assert "#N/A" in explain("FT_PAYBACK", "#N/A", 5)
    assert "zero" in explain("FT_ANNUAL_ROI", 0, 5)
    assert "blank" in explain("FT_PAYBACK", None, 5)
    assert explain("FT_VERSION") == "OK"
    with pytest.raises(InputError, match="FT_PAYBACK"):
        explain("FT_PAYBAK", 1)
    use("zh")
    assert "一次性总投入" in explain("FT_PAYBACK", -5, 2700)


def test_too_many_arguments() -> None:
    with pytest.raises(InputError, match="2"):
        PAYBACK(1, 2, 3)


ANYTHING = st.one_of(
    st.none(),
    st.floats(),
    st.integers(),
    st.text(max_size=6),
    st.booleans(),
    st.sampled_from([*ErrorValue, -2146826281, -2146826243, Decimal("1e999"), b"x", 1e308, -0.0]),
)
VECTORS = [f for f in FUNCTIONS.values() if f.mode == "vector"]


@given(st.data())
def test_anything_gives_a_value_or_an_error_of_the_contract(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(VECTORS))
    argument = st.one_of(ANYTHING, st.lists(st.lists(ANYTHING, min_size=1, max_size=3), max_size=3))
    args = data.draw(st.lists(argument, max_size=len(function.params)))
    answer = cells(function, args)
    rows = answer if isinstance(answer, list) else [[answer]]
    for value in (v for row in rows for v in row):
        assert type(value) in (float, str)
        if isinstance(value, float):
            assert math.isfinite(value)
        elif str(value).startswith("#"):
            assert ErrorValue.of(value) is not None


@given(st.data())
def test_a_range_equals_its_elements_one_by_one(data: st.DataObject) -> None:
    """Evaluating a column is evaluating each row."""
    function = data.draw(st.sampled_from(VECTORS))
    rows = data.draw(st.integers(1, 4))
    columns = [
        data.draw(
            st.lists(st.lists(ANYTHING, min_size=1, max_size=1), min_size=rows, max_size=rows)
        )
        for _ in function.params
    ]
    together = cells(function, columns)
    apart = [[cells(function, [c[i][0] for c in columns])] for i in range(rows)]
    assert together == apart


@given(st.data())
def test_python_raises_what_the_cell_shows(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(VECTORS))
    args = data.draw(st.lists(ANYTHING, max_size=len(function.params)))
    shown = cells(function, args)
    try:
        value = function(*args)
    except ArgumentIsError as error:
        assert shown == error.error.value
    except RoiError as error:
        assert shown == error.excel.value
        assert str(error)
    else:
        assert value == shown
