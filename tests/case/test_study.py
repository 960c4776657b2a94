"""Scenarios and ranges in case files: what they hold, what they refuse."""

import json
from pathlib import Path

import pytest

from roi_xl import Case, ErrorValue, evaluate_case, read_case
from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS, Span, Study, find_scenario, study_of
from roi_xl.casefile import read_study
from roi_xl.errors import BadInput
from roi_xl.prices.sheet import GpuPrice, PriceSheet
from roi_xl.text import use

TOML = """
name = "Support"
daily_requests = 10000

[scenario.best]
daily_requests = 15000
[scenario.worst]
finetuned_cost_per_request = 0.003

[range.daily_requests]
low = 4000
likely = 9000
high = 15000
[range.training_hours]
low = 2
high = 12
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    path = tmp_path / "case.toml"
    path.write_text(TOML, encoding="utf-8")
    return read_study(path)


def test_a_scenario_is_the_base_with_its_own_values(study: Study) -> None:
    assert list(study.cases) == ["base", "best", "worst"]
    assert study.scenario("best")["daily_requests"] == 15000
    assert study.scenario("worst")["daily_requests"] == 10000
    assert study.scenario("own_1") == dict(study.case)
    # 15,000 × 0.009 × 30 and 10,000 × 0.007 × 30
    assert evaluate_case(study.scenario("best"))["monthly_savings"] == pytest.approx(4050)
    assert evaluate_case(study.scenario("worst"))["monthly_savings"] == pytest.approx(2100)


def test_ranges_take_the_case_as_likely(study: Study) -> None:
    assert study.span("daily_requests") == Span(4000, 15000, 9000)
    assert study.span("training_hours") == Span(2, 12, 4)  # the sample's 4 hours
    assert study.name("zh") == study.name("en") == "Support"


def test_the_live_scenario_is_the_case_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    values = {
        "inputs": {"daily_requests": 10},
        "scenario": {"best": {"daily_requests": 20}},
        "live_scenario": "best",
    }
    path.write_text(json.dumps(values), encoding="utf-8")
    assert read_case(path)["daily_requests"] == 20
    assert read_study(path).name("en") == "a"


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_are_found_by_key_and_label(name: str) -> None:
    for language in ("zh", "en"):
        use(language)
        from roi_xl.case.study import scenario_label

        assert find_scenario(scenario_label(name)) == find_scenario(f" {name.upper()} ") == name


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"scenario": {"bets": {}}}, ("scenario.bets", "best")),
        ({"scenario": {"base": {"gpu_count": 2}}}, ("scenario.base",)),
        ({"scenario": {"best": {"daily_request": 1}}}, ("scenario.best", "daily_requests")),
        ({"scenario": {"best": {"daily_requests": -1}}}, ("scenario.best", "daily_requests", "-1")),
        ({"scenario": 5}, ("scenario",)),
        ({"range": {"daily_requests": {"low": 1}}}, ("range.daily_requests", "high")),
        ({"range": {"daily_requests": {"low": 9, "high": 1}}}, ("range.daily_requests", "9")),
        ({"range": {"daily_requests": {"low": 1, "likely": 9, "high": 5}}}, ("1, 9, 5",)),
        ({"range": {"days_per_month": {"low": 1, "high": 40}}}, ("40", "31")),
        ({"range": {"quality_need": {"low": 1, "high": 2}}}, ("quality_need",)),
        ({"range": {"daily_requests": {"low": 1, "high": 2, "mid": 1}}}, ("mid",)),
        ({"live_scenario": "x"}, ("x", "worst")),
        ({"name": {"fr": "x"}}, ("name", "zh, en")),
        ({"inputs": {}, "remark": 1}, ("remark",)),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, object], parts: tuple[str, ...]) -> None:
    use("en")
    with pytest.raises(BadInput) as caught:
        study_of(values)
    for part in parts:
        assert part in str(caught.value)


def test_a_range_away_from_the_case_needs_a_likely_value() -> None:
    study = study_of({"daily_requests": 99, "range": {"daily_requests": {"low": 1, "high": 9}}})
    with pytest.raises(BadInput, match="daily_requests"):
        study.span("daily_requests")


def test_nothing_given_is_the_sample() -> None:
    assert study_of({}) == Study(Case())
    assert set(study_of({}).case) == set(INPUTS)


def test_exchange_rates_of_other_currencies() -> None:
    """A price row in a currency counts once the file holds its rate."""
    yuan = GpuPrice("H20-96GB", 96, "Acme", "on-demand", "", 15.0, 1, None, "s", "own", "", "CNY")
    study = study_of({"gpu_model": "H20-96GB", "rates": {"CNY": 7.5, "date": "2026-11-01"}})
    sheet = PriceSheet((yuan,))
    assert evaluate_case(study.case.with_prices(sheet))["gpu_price_per_hour"] == 2.0
    assert evaluate_case(Case(gpu_model="H20-96GB", prices=sheet))["npv"] is ErrorValue.NA
    for bad in ({"XYZ": 2}, {"CNY": 0}, {"CNY": "x"}, {"USD": 1}):
        with pytest.raises(BadInput, match="rates"):
            study_of({"rates": bad})
