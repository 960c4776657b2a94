"""The results of a case as typed values."""

import json
from typing import Any, assert_type

import pytest
from numpy.typing import NDArray

from roi_xl import BadInput, ErrorValue, Results, evaluate_case


def test_each_kind_has_its_accessor() -> None:
    results = evaluate_case(language="en")
    assert isinstance(results, dict)
    assert assert_type(results.number("source_total_cost"), float) == 2036
    assert assert_type(results.word("source_recommendation"), str) == "Strongly recommended"
    many = evaluate_case({"training_hours": [4, 8]})
    assert assert_type(many.array("source_total_cost"), NDArray[Any]).tolist() == [2036, 2072]
    assert json.loads(json.dumps(results))["source_total_cost"] == 2036


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "a word"),
        ("number", None),
        ("number", ErrorValue.NUM),
        ("word", 1.0),
        ("word", ErrorValue.NUM),
        ("array", 1.0),
    ],
)
def test_another_kind_is_refused_by_name(kind: str, value: object) -> None:
    with pytest.raises(BadInput, match="some_step"):
        getattr(Results(some_step=value), kind)("some_step")


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(KeyError, match="total_cost"):
        evaluate_case()["total_costs"]
    assert evaluate_case().get("total_costs") is None
