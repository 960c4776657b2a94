"""Frames of cases give the results of single cases; bad rows stay in place, and nothing is lost."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl import BadInput, Case, ErrorValue, evaluate_case, evaluate_frame
from roi_xl.batch import evaluate as frame_module
from roi_xl.case.evaluate import first_problem
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import NotListedError
from roi_xl.text import text, use
from tests.draw import argument

# the source document's example, and the same with 5,000 requests: half the savings, 1,350 a month
EXAMPLE = {"data_preparation_hours": 40, "training_hours": 4, "daily_requests": 10000}


def test_source_example() -> None:
    frame = pd.DataFrame([EXAMPLE, {**EXAMPLE, "daily_requests": 5000}])
    answer = evaluate_frame(frame, "zh")
    assert answer["total_cost"].tolist() == [2036.0, 2036.0]
    assert answer["monthly_savings"].tolist() == pytest.approx([2700.0, 1350.0])
    assert answer["payback_months"].tolist() == pytest.approx([2036 / 2700, 2036 / 1350])
    assert answer["recommendation"].tolist() == ["强烈推荐", "强烈推荐"]
    assert answer["error"].isna().all()


def cases() -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {}, optional={name: argument(i.quantity) for name, i in INPUTS.items()}
    )
    return st.lists(row, min_size=1, max_size=5).filter(lambda rows: any(rows))


@given(rows=cases(), block=st.integers(1, 4))
@settings(max_examples=30)
def test_each_row_equals_a_single_case(rows: list[dict[str, Any]], block: int) -> None:
    use("en")  # errors of a case have labels of the current language
    before, frame_module.BLOCK = frame_module.BLOCK, block
    try:
        answer = evaluate_frame(pd.DataFrame(rows), "en")
    finally:
        frame_module.BLOCK = before
    for i, row in enumerate(rows):
        try:
            alone = evaluate_case(Case(**row), "en")
        except BadInput as error:
            assert answer["error"][i] == error.message("en")
            continue
        problem = first_problem(Case(**row), "en")
        if isinstance(problem, NotListedError) and problem.key != "no_capacity":  # as `calc` does
            assert problem.message("en") in answer["error"][i]
            continue
        for step in STEPS:
            got, expected = answer[step.name][i], alone[step.name]
            if expected is None or isinstance(expected, ErrorValue):
                assert pd.isna(got)
            elif isinstance(expected, float):
                assert got == pytest.approx(expected, rel=1e-9), step.name
            else:
                assert got == expected


def test_order_index_and_other_columns_are_kept() -> None:
    index = pd.Index(["z", "a", "m"], name="id")
    frame = pd.DataFrame(
        {"note": ["=1", None, 3], "daily_requests": [1, 2, 3], 7: pd.to_datetime(["2026"] * 3)},
        index=index,
    )
    kept = frame.copy(deep=True)
    answer = evaluate_frame(frame, "en")
    pd.testing.assert_frame_equal(frame, kept)  # the argument is unchanged
    pd.testing.assert_frame_equal(answer[["note", "daily_requests", 7]], kept)
    assert list(answer.columns) == [*kept.columns, *(s.name for s in STEPS), "error"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (-1, "is -1;"),
        (math.inf, "is inf;"),
        ("abc", 'is "abc";'),
        ("5", 'is "5";'),
        (True, "is True;"),
        ("#N/A", 'is "#N/A";'),
        (pd.Timestamp("2026-01-02"), 'is "2026-01-02 00:00:00";'),
    ],
)
def test_a_bad_cell_affects_its_row_only(cell: object, found: str) -> None:
    column = pd.Series([10000, cell, 10000], dtype=object)
    answer = evaluate_frame(pd.DataFrame({"daily_requests": column}), "en")
    assert answer["payback_months"].isna().tolist() == [False, True, False]
    assert answer["recommendation"].isna().tolist() == [False, True, False]
    # what does not depend on the volume is given all the same
    assert answer["total_cost"].tolist() == [2036.0] * 3
    message = answer["error"][1]
    assert message.startswith("daily_requests (Requests per day) ")
    assert found in message
    assert message.endswith("allowed: a number ≥ 0")
    assert answer["error"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize("blank", [None, math.nan, pd.NA, "", " "])
def test_missing_means_default(blank: object) -> None:
    column = pd.Series([blank, 100.0], dtype=object)
    answer = evaluate_frame(pd.DataFrame({"hourly_rate": column}), "en")
    # 40 hours at the default 50, and at 100
    assert answer["data_cost"].tolist() == [2000.0, 4000.0]
    assert answer["error"].isna().all()


@pytest.mark.parametrize("dtype", ["float32", "int16", "Int64", "Float64", "uint8"])
def test_numeric_types(dtype: Any) -> None:
    frame = pd.DataFrame({"hourly_rate": pd.Series([100, 50]).astype(dtype)})
    assert evaluate_frame(frame)["data_cost"].tolist() == [4000.0, 2000.0]


def test_missing_in_a_nullable_column() -> None:
    frame = pd.DataFrame({"hourly_rate": pd.array([100, None], "Int64")})
    assert evaluate_frame(frame)["data_cost"].tolist() == [4000.0, 2000.0]


def test_words_in_either_language_and_as_categories() -> None:
    need = ["high", "高", " HIGH ", "normal", None, "best"]
    for series in (pd.Series(need, dtype=object), pd.Series(need).astype("category")):
        frame = pd.DataFrame({"quality_need": series, "daily_requests": 500})
        answer = evaluate_frame(frame, "en")
        lora, prompt = (text(f"choice.{c}", "en") for c in ("lora", "prompt"))
        assert answer["strategy"].tolist()[:5] == [lora, lora, lora, prompt, prompt]
        assert pd.isna(answer["strategy"][5])
        assert "normal, high" in answer["error"][5]


def test_a_result_that_does_not_exist_is_not_an_error_of_the_row() -> None:
    frame = pd.DataFrame({"data_preparation_hours": [0.0], "training_hours": [0.0]})
    answer = evaluate_frame(frame)
    assert answer["total_cost"][0] == 0
    assert math.isnan(answer["source_annual_roi"][0])  # a return on nothing
    assert answer["payback_months"][0] == 0
    assert answer["error"].isna().all()


def test_never_is_infinite_and_not_recommended() -> None:
    frame = pd.DataFrame({"finetuned_cost_per_request": [1.0]})
    answer = evaluate_frame(frame, "en")
    assert answer["payback_months"][0] == math.inf
    assert answer["recommendation"][0] == text("choice.no", "en")


@pytest.mark.parametrize(
    "heading", ["日请求量", "Requests per day", "DAILY_REQUESTS", " daily_requests "]
)
def test_headings(heading: str) -> None:
    assert evaluate_frame(pd.DataFrame({heading: [5000]}))["monthly_savings"][0] == pytest.approx(
        1350
    )


def test_every_label_names_its_input() -> None:
    from roi_xl.batch.columns import known_names, lay_out
    from roi_xl.units import fold

    for language in ("zh", "en"):
        labels = {i.label(language): name for name, i in INPUTS.items()}
        for label, name in labels.items():
            if fold(label) in known_names():  # a label that two inputs share means neither
                assert lay_out([label]).inputs == {name: label}
    assert set(known_names().values()) == set(INPUTS)


def test_existing_results_are_replaced() -> None:
    once = evaluate_frame(pd.DataFrame([EXAMPLE]), "en")
    pd.testing.assert_frame_equal(once, evaluate_frame(once, "en"))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["daily_requests", "日请求量"], "both the input daily_requests"),
        (["customer", "n"], "no column is an input"),
        ([], "no column is an input"),
    ],
)
def test_refused_columns(columns: list[str], said: str) -> None:
    use("en")
    with pytest.raises(BadInput, match=said):
        evaluate_frame(pd.DataFrame([[1] * len(columns)], columns=columns))


def test_no_rows() -> None:
    answer = evaluate_frame(pd.DataFrame({"daily_requests": np.array([], float)}))
    assert len(answer) == 0
    assert "error" in answer


def test_every_block_is_evaluated() -> None:
    n = 2 * frame_module.BLOCK + 3
    requests = np.arange(1, n + 1, dtype=float)
    answer = evaluate_frame(pd.DataFrame({"daily_requests": requests}))
    # 30 days at 0.009 per request
    np.testing.assert_allclose(answer["monthly_savings"], requests * 0.27, rtol=1e-12)


def test_a_currency_without_its_rate_is_an_error_of_the_row() -> None:
    frame = pd.DataFrame(
        {
            "currency": ["CNY", "CNY", "USD", None, "CNY"],
            "currency_per_usd": [None, 7.1, 1, None, -1],
        }
    )
    answer = evaluate_frame(frame, "en")
    assert answer["error"].notna().tolist() == [True, False, False, False, True]
    assert answer["error"][0].startswith("the case is in CNY, and currency_per_usd (")
    assert "currency_per_usd (" in answer["error"][4]
    assert "is -1;" in answer["error"][4]
    assert answer["total_cost"].isna().tolist() == [True, False, False, False, True]
    # the defaults of 50 an hour and 3 a GPU-hour are USD: 2036 of them
    assert answer["total_cost"][1] == pytest.approx(2036 * 7.1)
