"""The case graph: validation, one case and arrays, source formula beside full cost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import BadInput, Case, ErrorValue, evaluate_case
from roi_xl.case.graph_steps import PRICE_SHEET, SERIES_NAMES, STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.monthly_series import NEEDED
from tests.draw import cases


def test_default_case_is_the_source_example() -> None:
    found = evaluate_case(Case())
    assert found["total_cost"] == 2036
    assert found["monthly_savings"] == pytest.approx(2700)
    assert found["payback_months"] == pytest.approx(2036 / 2700)
    assert found["annual_roi"] == pytest.approx(30364 / 2036)
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
    assert found["payback_months"] == pytest.approx(4144 / 2400)
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
    assert many["agreement"].startswith("决策矩阵建议微调")
    # 90 a day saving 1 each is 2,700 USD a month, yet the matrix is against it
    few = evaluate_case(
        daily_requests=90, current_cost_per_request=1.5, finetuned_cost_per_request=0.5
    )
    assert (few["recommendation"], few["strategy"]) == ("强烈推荐", "不微调，用 Prompt 工程")
    assert few["agreement"].startswith("按回本期值得微调")
    both = evaluate_case(daily_requests=0, language="en")
    assert both["agreement"] == "Payback and decision matrix agree"


def test_no_investment_and_no_savings() -> None:
    free = evaluate_case(data_preparation_hours=0, training_hours=0)
    assert free["payback_months"] == 0
    assert free["annual_roi"] is ErrorValue.DIV0
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
    defaults = {f"default_{n}" for n, i in INPUTS.items() if i.worked_out}
    known = {*INPUTS, *SERIES_NAMES, PRICE_SHEET, *defaults}
    for step in STEPS:
        assert set(step.args) <= known, step.name
        # a step over the flows follows all that the flows are made of
        assert not step.over_flows or set(NEEDED) <= known, step.name
        assert step.name not in known
        known.add(step.name)
