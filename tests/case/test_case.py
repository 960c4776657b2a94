"""The case graph: validation, one case and arrays, source formula beside full cost."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, BadInput, Case, ErrorValue, NotListedError, evaluate_case
from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.evaluate import first_problem
from roi_xl.case.graph_steps import PRICE_SHEET, SERIES_NAMES, STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.monthly_series import NEEDED
from roi_xl.case.rationale import rationale
from tests.draw import cases


def test_default_case_is_the_source_example() -> None:
    found = evaluate_case(Case())
    assert found["total_cost"] == 2036
    assert found["monthly_savings"] == pytest.approx(2700)
    assert found["payback_months"] == pytest.approx(2036 / 2700)
    assert found["source_annual_roi"] == pytest.approx(30364 / 2036)
    assert found["source_payback_months"] == pytest.approx(found["payback_months"])
    assert found["recommendation"] == found["source_recommendation"]
    assert (found["recommendation"], found["strategy"]) == ("强烈推荐", "强烈推荐微调")


def test_people_maintenance_gpus_and_labelling_make_the_full_cost() -> None:
    found = evaluate_case(
        labelled_samples=1000,
        label_cost_per_sample=0.5,
        gpu_count=4,
        engineer_hours_per_iteration=10,
        retrainings_per_year=6,
        cost_per_retraining=200,
        regression_test_hours_per_month=3,
        versioning_hours_per_month=1,
    )
    assert found["data_cost"] == 40 * 50 + 1000 * 0.5
    assert found["compute_cost"] == 3 * 4 * 3 * 4
    assert found["people_cost"] == 10 * 50 * 3
    assert found["total_cost"] == 2500 + 144 + 1500
    assert found["maintenance_cost_per_month"] == 6 * 200 / 12 + 4 * 50
    assert found["monthly_savings"] == pytest.approx(2700 - 300)
    assert found["payback_months"] == pytest.approx(4144 / 2400)  # all months are alike
    # the source's own calculator knows none of these
    assert found["source_total_cost"] == 2036
    assert found["source_monthly_savings"] == pytest.approx(2700)


def test_conflicts_between_payback_and_matrix() -> None:
    # 5,000 a day saving 0.0001 each is 15 USD a month, yet the matrix is for it
    many = evaluate_case(
        daily_requests=5000,
        current_cost_per_request=0.0011,
        finetuned_cost_per_request=0.001,
    )
    assert (many["recommendation"], many["strategy"]) == ("不建议", "强烈推荐微调")
    assert many["strategy_conflict"].startswith("请求量高于门槛")
    # 90 a day saving 1 each is 2,700 USD a month, yet the matrix is against it
    few = evaluate_case(
        daily_requests=90, current_cost_per_request=1.5, finetuned_cost_per_request=0.5
    )
    assert (few["recommendation"], few["strategy"]) == ("强烈推荐", "不微调，用 Prompt 工程")
    assert few["strategy_conflict"].startswith("请求量低于门槛")
    # 500 a day of high quality need, and next to nothing saved
    careful = evaluate_case(
        daily_requests=500, quality_need="high", current_cost_per_request=0.0011
    )
    assert careful["strategy_conflict"].startswith("质量要求高")
    both = evaluate_case(daily_requests=0, language="en")
    assert both["strategy_conflict"] == "The rule of thumb agrees"


def test_no_investment_and_no_savings() -> None:
    free = evaluate_case(data_preparation_hours=0, training_hours=0)
    assert free["payback_months"] == 0
    assert free["source_annual_roi"] is ErrorValue.DIV0
    assert free["recommendation"] == "强烈推荐"
    useless = evaluate_case(data_preparation_hours=0, training_hours=0, daily_requests=0)
    assert useless["payback_months"] == math.inf
    assert useless["recommendation"] == "不建议"


def test_validation_names_input_find_and_rule() -> None:
    with pytest.raises(BadInput, match="daily_requests"):
        Case(daily_request=5)
    with pytest.raises(BadInput, match=r"training_hours.*-1.*≥ 0"):
        Case(training_hours=-1)
    with pytest.raises(BadInput, match="training_hours"):
        evaluate_case(training_hours="x")
    with pytest.raises(BadInput):
        evaluate_case({"no_such_input_at_all": 1})


def test_case_is_a_mapping() -> None:
    case = Case(daily_requests=5, hourly_rate=None, quality_need="高")
    assert case.daily_requests == case["daily_requests"] == 5
    assert case.quality_need == "high"
    assert case.hourly_rate == 50
    assert list(case) == list(INPUTS)
    assert len(case) == len(INPUTS)
    assert case.given == {"daily_requests", "quality_need"}
    assert "daily_requests" not in case.samples
    assert "current_cost_per_request" in case.samples
    assert case.replace(daily_requests=7).daily_requests == 7
    assert case.replace(daily_requests=7).quality_need == "high"
    assert repr(case) == "Case(daily_requests=5.0, quality_need='high')"
    with pytest.raises(AttributeError):
        case.nothing  # noqa: B018


@given(rows=st.lists(cases(), min_size=1, max_size=5))
def test_arrays_are_their_rows(rows: list[dict[str, object]]) -> None:
    """Columns give what each row alone gives."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    together = evaluate_case(columns, "en")
    for i, row in enumerate(rows):
        apart = evaluate_case(row, "en")
        for step in STEPS:
            value = np.broadcast_to(together[step.name], len(rows))[i]
            blank = isinstance(value, float) and np.isnan(value)
            if isinstance(apart[step.name], float) and isinstance(value, float):
                # numpy's powers of an array may differ from those of one number in the last digit
                assert value == pytest.approx(apart[step.name], rel=1e-13), step.name
            else:
                assert (None if blank else value) == apart[step.name], step.name


def test_a_bad_row_spoils_only_itself_and_what_depends_on_it() -> None:
    found = evaluate_case(daily_requests=[10000, -1, 20000], language="en")
    assert found["total_cost"] == 2036
    assert found["monthly_savings"][1] is ErrorValue.NUM
    assert found["monthly_savings"][2] == pytest.approx(5400)
    assert list(found["recommendation"]) == [
        "Strongly recommended",
        ErrorValue.NUM,
        "Strongly recommended",
    ]


def test_every_argument_of_a_step_is_known_before_it() -> None:
    defaults = {
        f"default_{n}" for n, i in INPUTS.items() if i.worked_out and i.fallback is not None
    }
    known = {*INPUTS, *SERIES_NAMES, PRICE_SHEET, *defaults}
    for step in STEPS:
        assert set(step.args) <= known, step.name
        # a step over the flows follows all that the flows are made of
        assert not step.over_flows or set(NEEDED) <= known, step.name
        assert step.name not in known
        known.add(step.name)


# --- one verdict -----------------------------------------------------------------------------------

NOT_RECOMMENDED = "Not recommended"


def test_no_recommendation_beside_a_negative_value() -> None:
    """Two per cent of success is not worth its cost, though the source's payback is short."""
    found = evaluate_case(success_probability=0.02, language="en")
    # 2 % of 84,203.44 saved in 36 months, less 2,036
    assert found["npv"] == pytest.approx(0.02 * (82167.43779399041 + 2036) - 2036)
    assert found["recommendation"] == NOT_RECOMMENDED
    assert found["source_recommendation"] == "Strongly recommended"


def test_a_model_withdrawn_before_it_goes_live_is_not_recommended() -> None:
    found = evaluate_case(build_months=3, retirement_month=2, language="en")
    assert found["npv"] == -2036
    assert found["payback_months"] == math.inf
    assert found["recommendation"] == NOT_RECOMMENDED


def test_a_slow_payback_beside_a_positive_value_keeps_the_word_of_the_source() -> None:
    """4,036 at 162 a month: repaid after 24.9 months, worth more than it costs over 36."""
    case = Case(daily_requests=600, data_preparation_hours=80)
    found = evaluate_case(case, "en")
    assert found["payback_months"] == pytest.approx(4036 / 162)
    assert found["npv"] > 0
    assert found["recommendation"] == NOT_RECOMMENDED
    said = str(rationale(case, "en"))
    assert said.startswith(
        "NPV is positive, but payback of 24.9 months exceeds your 12-month limit"
    )


@given(values=cases())
def test_a_recommendation_needs_a_positive_value(values: dict[str, object]) -> None:
    found = evaluate_case(values, "en")
    if isinstance(found["npv"], float) and found["npv"] <= 0:
        assert found["recommendation"] == NOT_RECOMMENDED


# --- amounts in the case's currency ----------------------------------------------------------------


def test_defaults_and_price_sheets_are_converted_and_typed_amounts_are_not() -> None:
    plain = evaluate_case(gpu_model="H100-SXM-80GB", gpu_provider="RunPod")
    case = Case(
        currency="RMB", currency_per_usd=7, gpu_model="H100-SXM-80GB", gpu_provider="RunPod"
    )
    assert case.currency == "CNY"
    assert case.hourly_rate == 350  # 50 USD
    found = evaluate_case(case)
    assert found["data_cost"] == pytest.approx(7 * plain["data_cost"])
    assert found["compute_cost"] == pytest.approx(7 * plain["compute_cost"])
    assert found["npv"] == pytest.approx(7 * plain["npv"])
    typed = evaluate_case(currency="CNY", currency_per_usd=7, hourly_rate=100, gpu_cost_per_hour=10)
    assert typed["data_cost"] == 4000
    assert typed["compute_cost"] == 10 * 4 * 3


@pytest.mark.parametrize("rate", [None, 1])
def test_a_currency_without_its_rate_is_refused(rate: float | None) -> None:
    with pytest.raises(BadInput, match=r"CNY.*currency_per_usd"):
        Case(currency="CNY", currency_per_usd=rate)
    row = evaluate_case(currency=["CNY", "USD"], language="en")
    assert row["total_cost"][0] is ErrorValue.NA
    assert row["npv"][0] is ErrorValue.NA
    assert row["npv"][1] == pytest.approx(82167.43779399041)


# --- worked out, and doubted -----------------------------------------------------------------------


def test_training_is_worked_out_once_model_and_samples_are_typed() -> None:
    sample = evaluate_case(model_params_b=8)
    assert (sample["training_hours_used"], sample["gpu_count_used"]) == (4, 1)
    found = evaluate_case(model_params_b=8, training_samples=2000, tokens_per_sample=512)
    hours = FUNCTIONS["FT_TRAINING_HOURS"](8, 2000, 512)
    assert found["training_hours_used"] == pytest.approx(hours)
    assert found["compute_cost"] == pytest.approx(3 * hours * 3)
    typed = evaluate_case(model_params_b=8, training_samples=2000, training_hours=5)
    assert typed["training_hours_used"] == 5
    unknown = evaluate_case(
        model_params_b=8, training_samples=2000, gpu_model="H999", gpu_cost_per_hour=2
    )
    assert unknown["training_hours_used"] is ErrorValue.NA  # never the sample's four hours


def test_a_model_of_the_sheet_fills_the_prices_that_are_not_typed() -> None:
    tokens: dict[str, Any] = {"input_tokens": 1000, "output_tokens": 200}
    found = evaluate_case(current_model="gpt-4o", **tokens)
    # gpt-4o: 2.5 and 10 USD per million tokens
    assert found["current_request_cost"] == pytest.approx((1000 * 2.5 + 200 * 10) / 1e6)
    mixed = evaluate_case(current_model="gpt-4o", current_output_price=5, **tokens)
    assert mixed["current_request_cost"] == pytest.approx((1000 * 2.5 + 200 * 5) / 1e6)
    longer = evaluate_case(current_model="gpt-4o", extra_input_tokens_current=500, **tokens)
    assert longer["current_request_cost"] == pytest.approx((1500 * 2.5 + 200 * 10) / 1e6)
    service = evaluate_case(finetuned_model="gpt-4o-2024-08-06", **tokens)
    # what the service charges for the model it tuned, not for the model itself
    assert service["finetuned_request_cost"] == pytest.approx((1000 * 3.75 + 200 * 15) / 1e6)
    with pytest.raises(NotListedError, match="gpt-4o"):
        raise first_problem(Case(current_model="gpt-4oo", **tokens)) or AssertionError


def test_benefits_end_when_the_service_is_withdrawn() -> None:
    """OpenAI withdraws its tuned models on 14 January 2027: October to December are whole months."""
    found = evaluate_case(finetuned_model="gpt-4o-2024-08-06", start_month="2026-10")
    assert found["retirement_used"] == found["last_month"] == 3
    typed = evaluate_case(
        finetuned_model="gpt-4o-2024-08-06", start_month="2026年10月", retirement_month=2
    )
    assert typed["last_month"] == 2
    assert evaluate_case(start_month="2026-10")["last_month"] == 36


def test_own_gpus_step_with_volume() -> None:
    """10,000 a day at three times the mean are 1,250 an hour: two GPUs of 800, three after growth."""
    case = Case(
        serving_gpu_cost_per_hour=2,
        serving_requests_per_gpu_hour=800,
        monthly_volume_growth=0.3,
        horizon_months=3,
    )
    found, flow = evaluate_case(case), cash_flow(case)
    assert found["finetuned_request_cost"] == 0
    assert flow["gpus_in_month"].tolist() == [0, 2, 3, 3]
    assert flow["serving_cost"].tolist() == [0, 2 * 1440, 3 * 1440, 3 * 1440]  # 2 USD × 24 × 30
    assert found["monthly_savings"] == pytest.approx(10000 * 30 * 0.01 - 2 * 1440)
    assert found["npv"] == pytest.approx(float(np.sum(flow["discounted_cash_flow"])))


def test_own_gpus_of_unknown_capacity_are_refused() -> None:
    case = Case(serving_gpu_cost_per_hour=2)
    assert evaluate_case(case)["npv"] is ErrorValue.NA
    assert "serving_requests_per_gpu_hour" in str(first_problem(case))


def test_values_outside_their_plausible_range_are_doubted() -> None:
    case = Case(annual_discount_rate=10, current_cost_per_request=40, daily_requests=500)
    assert [(d.name, d.value) for d in case.doubts] == [
        ("current_cost_per_request", 40),
        ("annual_discount_rate", 10),
    ]
    in_yen = Case(currency="JPY", currency_per_usd=150, current_cost_per_request=40)
    assert in_yen.doubts == ()
    with pytest.raises(BadInput, match=r"success_probability.*80"):
        Case(success_probability=80)
