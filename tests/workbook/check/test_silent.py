"""Every rule stays silent on what we build and on copies that a person filled in and saved."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from roi_xl.commands.check import _built as build
from roi_xl.excel.editions import EDITIONS, ENDINGS, build_edition
from roi_xl.text import LANGUAGES, text
from roi_xl.workbook.check.declare import RULES
from roi_xl.workbook.check.run import Report, check_workbook
from tests.hosts.office import Office
from tests.workbook.check.planting import TODAY

NUMBERS = range(41)


def test_every_rule_that_a_program_can_check_is_declared() -> None:
    assert sorted(RULES) == list(NUMBERS)
    for rule in RULES.values():
        assert all(rule.title(language) for language in LANGUAGES)


def failing(report: Report) -> list[tuple[int, str, str, str]]:
    return [
        (v.rule.number, f.place, f.key, f.found)
        for v in report.verdicts
        for f in v.faults
        if v.severity(f) == "fail"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_fresh_workbook_keeps_every_rule(edition: str, language: str, tmp_path: Path) -> None:
    path = build_edition(tmp_path / f"fresh{ENDINGS[edition]}", language=language, edition=edition)
    report = check_workbook(path, build, today=TODAY)
    assert failing(report) == []
    assert report.saved_by == "roi_xl"
    assert report.language == language
    assert not report.failed
    assert {v.status for v in report.verdicts} <= {"ok", "not_applicable"}, [
        (v.rule.number, v.faults) for v in report.verdicts if v.status == "warn"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_filled_in_and_saved_by_libreoffice(
    language: str, office: Office, tmp_path: Path
) -> None:
    path = build_edition(tmp_path / "ours.xlsx", language=language)
    with office.open(path) as doc:
        doc.set_many({"daily_requests": 1234.5, "quality_need": text("choice.high", language)})
        doc.set("training_hours", None)
        saved = doc.save_as(tmp_path / "saved.xlsx")
    report = check_workbook(saved, build, today=TODAY)
    assert report.saved_by == "LibreOffice"
    assert failing(report) == []
    told = {v.rule.number for v in report.verdicts if v.status == "not_checkable"}
    assert {14, 22} <= told  # LibreOffice drops the comments of names and rewrites styles


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_filled_in_and_saved_by_openpyxl(language: str, tmp_path: Path) -> None:
    path = build_edition(tmp_path / "ours.xlsx", language=language)
    book = openpyxl.load_workbook(path)
    title, place = book.defined_names["hourly_rate_usd"].attr_text.replace("'", "").split("!")
    book[title][place.replace("$", "")] = 75
    book[title].column_dimensions["A"].width = 60
    book.save(path)
    report = check_workbook(path, build, today=TODAY)
    assert report.saved_by == "openpyxl"
    assert failing(report) == []
    told = {v.rule.number for v in report.verdicts if v.status == "not_checkable"}
    assert {0, 35} <= told  # openpyxl keeps no results


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.create_sheet("Notes"),
        lambda book: (
            book["Calculation"].column_dimensions.__getitem__("D").__setattr__("width", 40)
        ),
    ],
    ids=["own sheet", "column width"],
)
def test_what_a_user_may_do(change: Callable[[openpyxl.Workbook], object], tmp_path: Path) -> None:
    path = build_edition(tmp_path / "ours.xlsx", language="en")
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    assert failing(check_workbook(path, build, today=TODAY)) == []
