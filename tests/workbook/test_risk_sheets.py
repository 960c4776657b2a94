"""Scenarios, tornado and alternatives in the workbook, recalculated by a real spreadsheet program."""

from pathlib import Path

import openpyxl
import pytest

from roi_xl import Case, build_workbook, evaluate_case
from roi_xl.case.dependencies import VALUE_STEP
from roi_xl.case.ranking import compare
from roi_xl.case.sensitivity import tornado
from roi_xl.case.study import Span, Study, scenario_label
from roi_xl.casefile import read_study
from roi_xl.examples import alternatives
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


def test_alternatives_are_ranked_by_the_sheet(book: Doc) -> None:
    sheet = text("workbook.sheet.alternatives.title", "en")
    book.set_many({"scenario": "Worst", "daily_requests": 2000})
    case = STUDY.scenario("worst").replace(daily_requests=2000)
    ranked = compare([Study(case, names={"en": "This case"}), *alternatives(case)], "en")
    top = 5
    for row, entry in enumerate(ranked, top):
        found = book.get_many([f"{sheet}.A{row}", f"{sheet}.H{row}", f"{sheet}.I{row}"])
        assert found[f"{sheet}.A{row}"] == entry.study.name("en")
        assert found[f"{sheet}.H{row}"] == pytest.approx(entry.results[VALUE_STEP], rel=1e-9)
        assert found[f"{sheet}.I{row}"] == entry.results["recommendation"]
    book.set("daily_requests", 8000)


def test_the_simulation_is_stamped(tmp_path: Path) -> None:
    path = build_workbook(tmp_path / "a.xlsx", STUDY, "en")
    sheet = openpyxl.load_workbook(path)[text("workbook.sheet.sensitivity.title", "en")]
    said = " ".join(str(c.value) for c in sheet["A"] if c.value)
    for part in ("10000 runs", "seed 1", "2026-01-01"):
        assert part in said
