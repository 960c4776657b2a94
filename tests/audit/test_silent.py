"""Every rule stays silent on what we build and on copies that a person filled in and saved."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from roi_xl.audit.rule import RULES
from roi_xl.audit.run import Report, check_workbook
from roi_xl.hosts.excel.editions import EDITIONS, ENDINGS, build_edition, own_names
from roi_xl.text import LANGUAGES, text
from tests.audit.planting import TODAY, file_bytes
from tests.hosts.office import Office
from tests.marks import EACH_LANGUAGE


def test_every_rule_that_a_program_can_check_is_declared() -> None:
    assert sorted(RULES) == list(range(41))
    for rule in RULES.values():
        assert all(rule.title(language) for language in LANGUAGES)


def checked(path: Path) -> Report:
    return check_workbook(path, own_names, today=TODAY)


def ours(folder: Path, language: str) -> Path:
    """A fresh workbook of a language, which is built only once."""
    path = folder / "ours.xlsx"
    path.write_bytes(file_bytes(language))
    return path


def failing(report: Report) -> set[tuple[int, str, str]]:
    return {
        (v.rule.number, f.place, f.key)
        for v in report.verdicts
        for f in v.faults
        if v.severity(f) == "fail"
    }


@pytest.mark.parametrize(
    ("edition", "language"),
    [
        ("plain", "zh"),
        ("lambda", "en"),
        pytest.param("plain", "en", marks=pytest.mark.slow),
        pytest.param("udf", "zh", marks=pytest.mark.slow),
    ],
)
def test_a_fresh_workbook_keeps_every_rule(edition: str, language: str, tmp_path: Path) -> None:
    assert edition in EDITIONS
    path = build_edition(tmp_path / f"fresh{ENDINGS[edition]}", language=language, edition=edition)
    report = checked(path)
    assert failing(report) == set()
    assert report.saved_by == "roi_xl"
    assert report.language == language
    assert not [v.rule.number for v in report.verdicts if v.status == "warn"]
    assert not [v.rule.number for v in report.verdicts if v.status == "not_checkable"]


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_copy_filled_in_and_saved_by_libreoffice(
    language: str, office: Office, tmp_path: Path
) -> None:
    path = ours(tmp_path, language)
    with office.open(path) as doc:
        doc.set_many({"daily_requests": 1234.5, "quality_need": text("choice.high", language)})
        doc.set("training_hours", None)
        saved = doc.save_as(tmp_path / "saved.xlsx")
    report = checked(saved)
    assert report.saved_by == "LibreOffice"
    assert failing(report) == set()
    told = {v.rule.number for v in report.verdicts if v.reasons and v.status != "not_applicable"}
    assert {14, 22} <= told  # LibreOffice drops the comments of names and rewrites styles


def test_a_copy_filled_in_and_saved_by_openpyxl(tmp_path: Path) -> None:
    path = ours(tmp_path, "en")
    book = openpyxl.load_workbook(path)
    title, place = book.defined_names["hourly_rate"].attr_text.replace("'", "").split("!")
    book[title][place.replace("$", "")] = 75
    book[title].column_dimensions["A"].width = 60
    book.create_sheet("Mine")
    book.save(path)
    report = checked(path)
    assert report.saved_by == "openpyxl"
    assert failing(report) == set()
    told = {v.rule.number for v in report.verdicts if v.reasons and v.status != "not_applicable"}
    assert {0, 35} <= told  # openpyxl keeps no results


def test_a_scenario_and_an_added_price_row(office: Office, tmp_path: Path) -> None:
    path = ours(tmp_path, "en")
    with office.open(path) as doc:
        book = openpyxl.load_workbook(path)
        ws = book["GPU Prices"]
        row = next(r for r in range(6, ws.max_row) if not ws.cell(r, 1).protection.locked)
        added: dict[str, float | str] = {
            "A": "H100",
            "B": 80.0,
            "C": "Mine",
            "D": "on-demand",
            "E": 1.25,
            "F": 1.0,
            "I": "offer",
        }
        doc.set_many({f"GPU Prices.{letter}{row}": v for letter, v in added.items()})
        doc.set(f"GPU Prices.H{row}", (dt.date(2026, 9, 1) - dt.date(1899, 12, 30)).days * 1.0)
        doc.set("scenario", text("choice.best", "en"))
        saved = doc.save_as(tmp_path / "saved.xlsx")
    assert failing(checked(saved)) == set()


def test_results_of_cells_that_a_case_does_not_hold(office: Office, tmp_path: Path) -> None:
    path = ours(tmp_path, "en")
    with office.open(path) as doc:
        doc.set("Alternatives.E15", 17.0)
        saved = doc.save_as(tmp_path / "saved.xlsx")
    report = checked(saved)
    assert failing(report) == set()
    assert report.verdicts[0].reasons == ()  # alternatives are read, so their results are compared
