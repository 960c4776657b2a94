"""The public functions: names, signatures, keywords, results and static types."""

import doctest
import inspect
import math
from typing import Any, assert_type

import numpy as np
import pytest
from numpy.typing import NDArray

import roi_xl
from roi_xl import (
    FUNCTIONS,
    ErrorValue,
    InputError,
    ZeroBaseError,
    annual_roi,
    api,
    cashflow,
    explain,
    gpu_price,
    payback,
    recommend,
    total_cost,
)
from roi_xl.functions.declare import Function
from tests.api_stub import STUB, stub


def test_the_stub_is_up_to_date() -> None:
    """`python -m tests.api_stub` writes it."""
    assert stub() == STUB.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "function"), api.BY_NAME.items(), ids=list(api.BY_NAME))
def test_every_function_is_public(name: str, function: Function) -> None:
    public = getattr(roi_xl, name)
    assert public is getattr(api, name)
    assert name in dir(roi_xl)
    assert list(inspect.signature(public).parameters) == [p.name for p in function.params]
    for param in function.params:
        assert f"    {param.name}: " in public.__doc__
    args, answer = function.example
    if isinstance(answer, float):
        assert public(*args) == pytest.approx(answer, rel=1e-12)
    elif isinstance(answer, str):
        assert public(*args) == answer


def test_examples_in_docstrings_run() -> None:
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    for name in api.BY_NAME:
        for found in finder.find(getattr(api, name), name):
            runner.run(found)
    assert runner.tries >= 30
    assert runner.failures == 0


def test_keywords() -> None:
    assert payback(total_cost=2036, monthly_savings=2700) == 2036 / 2700
    assert payback(2036, monthly_savings=2700) == 2036 / 2700
    assert total_cost(40, training_hours=4) == 2036
    assert total_cost(data_preparation_hours=40, hourly_rate=None, training_hours=4) == 2036
    assert FUNCTIONS["FT_PAYBACK"](monthly_savings=2700, total_cost=2036) == 2036 / 2700
    assert cashflow(10, 20, horizon_months=1) == [[0.0, -10.0, -10.0], [1.0, 20.0, 10.0]]
    assert explain(function="version") == "OK"


@pytest.mark.parametrize("function", [payback, FUNCTIONS["FT_PAYBACK"]], ids=["public", "cell"])
def test_keywords_that_cannot_be_used(function: object) -> None:
    assert callable(function)
    with pytest.raises(InputError, match=r"total_costs.*total_cost\b"):
        function(total_costs=2036, monthly_savings=2700)
    with pytest.raises(InputError, match="total_cost"):
        function(2036, total_cost=2036)
    with pytest.raises(InputError, match="monthly_savings"):
        function(total_cost=2036)
    with pytest.raises(InputError, match="3"):
        function(1, 2, 3)


def test_numbers_words_and_arrays() -> None:
    assert payback(2036, -1) == math.inf
    assert FUNCTIONS["FT_PAYBACK"](2036, -1) == "never"
    assert recommend(1, language="en") == "Strongly recommended"
    found = payback([2036, 100], [[2700, 0]])
    assert found.tolist() == [[2036 / 2700, math.inf]]
    assert found.dtype == np.float64
    mixed = payback([2036, None], 2700)
    assert mixed[0] == 2036 / 2700
    assert mixed[1] is ErrorValue.VALUE
    assert recommend([1, 20], "en").tolist() == ["Strongly recommended", "Not recommended"]
    with pytest.raises(ZeroBaseError):
        annual_roi(0, 100)


def test_type_checkers_see_the_signatures() -> None:
    """mypy checks the types when it checks this file; nothing here fails at run time."""
    assert_type(payback(2036, 2700), float)
    assert_type(payback(total_cost=2036.0, monthly_savings=2700), float)
    assert_type(payback([2036, 100], 2700), NDArray[Any])
    assert_type(recommend(3, "en"), str)
    assert_type(gpu_price("A100-80GB", market="spot"), float)
    assert_type(cashflow(1, 2, horizon_months=1), list[list[Any]])
    with pytest.raises(InputError):
        payback(2036, monthly_saving=1)  # type: ignore[call-overload]
