"""Inputs that can be worked out: typed counts as typed, blank is worked out, else the default."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import Case, ErrorValue, evaluate_case, read_case

TOKENS: dict[str, Any] = {
    "input_tokens": 1000,
    "output_tokens": 500,
    "current_input_price": 2.5,
    "current_output_price": 10,
    "finetuned_input_price": 0.2,
    "finetuned_output_price": 0.2,
}


def test_the_sources_example_stays() -> None:
    case = Case()
    assert case["gpu_cost_per_hour"] == 3
    assert case["current_cost_per_request"] == 0.01
    found = evaluate_case(case)
    assert found["gpu_listed_price"] is None
    assert found["total_cost"] == 2036
    assert found["monthly_savings"] == pytest.approx(2700)
    assert found["payback_months"] == pytest.approx(2036 / 2700)


def test_a_blank_gpu_price_comes_from_the_sheet() -> None:
    """4 hours × 3 iterations × 1.19 (RunPod, 2026-09-25) beside 2,000 of data."""
    case = Case(gpu_model="a100 80g")
    assert case["gpu_cost_per_hour"] is None
    assert evaluate_case(case)["total_cost"] == pytest.approx(2000 + 12 * 1.19)
    assert evaluate_case(case, gpu_provider="Lambda")["gpu_price_per_hour"] == 2.79
    assert evaluate_case(gpu_model="A100-80GB", gpu_market="spot")["gpu_price_per_hour"] == 1.47


@given(st.floats(0, 100), st.sampled_from(["A100-80GB", "not listed", None]))
def test_typed_means_typed(price: float, gpu: str | None) -> None:
    found = evaluate_case(gpu_cost_per_hour=price, gpu_model=gpu)
    assert found["gpu_price_per_hour"] == price
    assert found["total_cost"] == pytest.approx(2000 + 12 * price)


def test_a_gpu_that_is_not_listed_spoils_what_depends_on_it() -> None:
    found = evaluate_case(gpu_model="not listed")
    assert found["gpu_price_per_hour"] is ErrorValue.NA
    assert found["total_cost"] is ErrorValue.NA
    assert found["data_cost"] == 2000


def test_costs_by_tokens() -> None:
    """1,000 × 2.5 + 500 × 10 = 7,500 and 1,500 × 0.2 = 300 USD per million requests."""
    found = evaluate_case(**TOKENS)
    assert found["current_request_cost"] == pytest.approx(0.0075)
    assert found["finetuned_request_cost"] == pytest.approx(0.0003)
    assert found["monthly_savings"] == pytest.approx(10000 * 30 * 0.0072)
    assert Case(**TOKENS).samples == Case().samples[:-2]
    typed = evaluate_case(**TOKENS, current_cost_per_request=0.02)
    assert typed["current_request_cost"] == 0.02
    assert typed["finetuned_request_cost"] == pytest.approx(0.0003)
    # half of the input from the cache at half its price: 1,000 × (2.5 − 0.5 × 1.25) + 5,000
    cached = evaluate_case(**TOKENS, cached_input_share=0.5, current_cached_input_price=1.25)
    assert cached["current_request_cost"] == pytest.approx(0.006875)


def test_tokens_without_a_price_leave_the_cost_alone() -> None:
    found = evaluate_case(input_tokens=1000, output_tokens=500)
    assert found["current_request_cost"] == 0.01


def test_columns_work_out_an_element_at_a_time() -> None:
    found = evaluate_case(
        gpu_model=["A100-80GB", "not listed", "not listed", None],
        gpu_cost_per_hour=[None, None, 2.0, None],
    )
    assert list(found["gpu_price_per_hour"]) == [1.19, ErrorValue.NA, 2.0, 3.0]


def test_replacing_and_null(tmp_path: Path) -> None:
    case = Case(gpu_cost_per_hour=2).replace(gpu_cost_per_hour=None, gpu_model="L40S-48GB")
    assert evaluate_case(case)["gpu_price_per_hour"] == 1.09
    file = tmp_path / "case.json"
    file.write_text(
        json.dumps({"inputs": dict(case)}, default=lambda _: None).replace("Infinity", "null")
    )
    assert evaluate_case(read_case(file))["gpu_price_per_hour"] == 1.09
