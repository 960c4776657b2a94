"""Scenarios, tornado and alternatives in the workbook, recalculated by a real spreadsheet program."""

from pathlib import Path

import pytest

from roi_xl import Case, build_workbook, evaluate_case
from roi_xl.case.dependencies import VALUE_STEP
from roi_xl.case.sensitivity import tornado
from roi_xl.case.study import Span, Study, scenario_label
from roi_xl.casefile import read_study
from roi_xl.text import text
from roi_xl.workbook.sheets.sensitivity import HEADER_ROW, TOP
from tests.hosts.office import Doc, Office

STUDY = Study(
    Case(daily_requests=8000),
    {
        "best": {"daily_requests": 20000.0, "quality_need": "high"},
        "worst": {"finetuned_cost_per_request": 0.004, "training_hours": 0.0},
    },
    {"daily_requests": Span(5000, 9000, 8000), "training_hours": Span(2, 12)},
    live_scenario="worst",
)
LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_is_read_back(tmp_path: Path, language: str) -> None:
    path = build_workbook(tmp_path / "a.xlsx", STUDY, language)
    found = read_study(path)
    assert found.cases == STUDY.cases
    assert dict(found.scenarios) == STUDY.scenarios
    assert found.ranges == STUDY.ranges
    assert found.live_scenario == "worst"


@pytest.fixture(scope="module")
def book(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Doc:
    folder = tmp_path_factory.mktemp("risk")
    return office.open(build_workbook(folder / "a.xlsx", STUDY, "en"))


def follows(book: Doc, case: Case) -> None:
    expected = evaluate_case(case, "en")
    names = ("total_cost", "monthly_savings", VALUE_STEP, "recommendation", "strategy")
    found = book.get_many(names)
    for name in names:
        wanted = expected[name]
        same = wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-9)
        assert found[name] == same, name


@pytest.mark.parametrize("name", ["best", "base", "worst", "own_2"])
def test_the_drop_down_chooses_what_is_calculated(book: Doc, name: str) -> None:
    book.set("scenario", scenario_label(name, "en"))
    follows(book, STUDY.scenario(name))


def test_a_blank_choice_is_the_base(book: Doc) -> None:
    book.set("scenario", None)
    follows(book, STUDY.case)


def test_the_tornado_follows_case_and_swing(book: Doc) -> None:
    sheet = text("workbook.sheet.sensitivity.title", "en")
    book.set_many({"scenario": "Base", "swing": 0.35, "horizon_months": 24})
    bars = tornado(STUDY.case.replace(horizon_months=24), STUDY.ranges, 0.35)
    for row, bar in enumerate(bars[: min(TOP, 6)], HEADER_ROW + 1):
        found = book.get_many([f"{sheet}.{c}{row}" for c in "BEFGHI"])
        shown = [found[f"{sheet}.{c}{row}"] for c in "BEFGHI"]
        assert shown[0] == bar.driver
        wanted = [bar.low, bar.high, bar.at_low, bar.at_high, bar.spread]
        assert shown[1:] == pytest.approx(wanted, rel=1e-9)
    book.set_many({"swing": 0.2, "horizon_months": 36})


def test_alternatives_are_shares_of_this_case(book: Doc) -> None:
    """Each way by hand: today's cost less its own, over the months of this case."""
    sheet = text("workbook.sheet.alternatives.title", "en")
    book.set_many({"scenario": "Base", "daily_requests": 2000, f"{sheet}!E8": 0.5})
    case = STUDY.case.replace(daily_requests=2000)
    results = evaluate_case(case, "en")
    one_off = 0.15 * (results["data_cost"] + results["people_cost"])  # no compute
    monthly = 2000 * 30 * 0.01 * (1 - 0.5)
    factor = 1.1 ** (-1 / 12)
    npv = -one_off + sum(monthly * factor**month for month in range(1, 37))
    found = book.get_many([f"{sheet}.E{row}" for row in range(12, 16)])
    assert list(found.values()) == pytest.approx([one_off, monthly, one_off / monthly, npv])
    book.set_many({"daily_requests": 8000, f"{sheet}!E8": 1})


def test_the_simulation_gives_way_when_an_input_changes(book: Doc) -> None:
    sheet = text("workbook.sheet.simulation.title", "en")
    book.set("scenario", "Downside")
    fresh = text("workbook.sim.fresh", "en")
    assert book.get(f"{sheet}.A3") == fresh
    shown = book.get(f"{sheet}.D5")
    assert isinstance(shown, float)
    for name, value, before in (
        ("hourly_rate", 51, None),
        ("gpu_model", "H100-SXM-80GB", None),
        ("Ranges!D12", 3, None),
    ):
        book.set(name, value)
        assert "roi-xl simulate" in str(book.get(f"{sheet}.A3")), name
        assert book.get(f"{sheet}.D5") in (None, ""), name
        book.set(name, before)
        assert book.get(f"{sheet}.A3") == fresh, name
    assert book.get(f"{sheet}.D5") == shown
