"""The alternatives: by hand for the sample, and the same ways as the workbook's sheet."""

import math

import pytest

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.study import Study, Typed, study_of
from roi_xl.report.alternatives import SHARES, WAYS, alternatives
from roi_xl.text import speaking
from roi_xl.workbook.sheets import alternatives as sheet

# one-off, per month, payback: data 40 h x 50 = 2,000, compute 36, requests 3,000 a month today
BY_HAND = {
    "Prompt engineering": (300.0, 0.0, math.inf),
    "Retrieval (RAG)": (1000.0, -900.0, math.inf),
    "Cheaper off-the-shelf model": (200.0, 1800.0, 200 / 1800),
    "Smaller distilled model": (3072.0, 2850.0, 3072 / 2850),
}
MONTHS = sum(1.1 ** (-m / 12) for m in range(1, 37))


def test_the_sample_by_hand() -> None:
    with speaking("en"):
        ways = alternatives(Study(), evaluate_case())
    assert [way.name for way in ways] == list(BY_HAND)
    for way, (one_off, monthly, payback) in zip(ways, BY_HAND.values(), strict=True):
        assert way.total_cost == pytest.approx(one_off)
        assert way.monthly_savings == pytest.approx(monthly, abs=1e-9)
        assert way.payback_months == pytest.approx(payback)
        assert way.npv == pytest.approx(monthly * MONTHS - one_off)
    words = [way.recommendation for way in ways]
    assert words == ["Not recommended"] * 2 + ["Strongly recommended"] * 2


def test_typed_shares_win() -> None:
    typed = Typed(alternatives=(("Ours", {"people_share": 0.5, "request_share": 0.9}),))
    study = Study(typed=typed)
    with speaking("en"):
        first, second, *_ = alternatives(study, evaluate_case())
    assert (first.name, second.name) == ("Ours", "Retrieval (RAG)")
    assert first.total_cost == pytest.approx(1000.0)
    assert first.monthly_savings == pytest.approx(300.0)


def test_the_ways_are_those_of_the_workbook() -> None:
    assert SHARES == sheet.SHARES
    assert {way.key: way.shares for way in sheet.WAYS} == WAYS


def test_quality_and_run_cost_count_by_their_shares() -> None:
    study = study_of({"quality_value_per_month": 1000, "retrainings_per_year": 12,
                      "cost_per_retraining": 100, "contingency_share": 0.1})  # fmt: skip
    with speaking("en"):
        prompting = alternatives(study, evaluate_case(study.live_case))[0]
    assert prompting.monthly_savings == pytest.approx(0.5 * 1000 - 0.5 * 100)
    assert prompting.total_cost == pytest.approx(330.0)
