"""Every rule stays silent on what we build and on copies that a person filled in and saved."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from roi_xl.audit import snapshot
from roi_xl.audit.comparison import Comparison
from roi_xl.audit.rule import RULES, Skip
from roi_xl.audit.rules.package import no_external_links
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


def free_alternative(path: Path) -> str:
    """The first cell among the alternatives that a person may type a number in."""
    book = openpyxl.load_workbook(path)
    ws = book["Alternatives"]
    area = book.defined_names["alternative_values"].attr_text.replace("$", "").split("!")[1]
    cells = (cell for row in ws[area][1:] for cell in row)
    return next(str(c.coordinate) for c in cells if not c.protection.locked and c.value != "")


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
    assert (report.intact, report.fresh) == (True, True)
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
    assert (report.intact, report.fresh) == (True, True)
    told = {v.rule.number for v in report.verdicts if v.reasons and v.status != "not_applicable"}
    assert {14, 22} <= told  # LibreOffice drops the comments of names and rewrites styles


def test_a_copy_filled_in_and_saved_by_openpyxl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert (report.intact, report.fresh) == (True, False)
    told = {v.rule.number for v in report.verdicts if v.reasons and v.status != "not_applicable"}
    assert {0, 35} <= told  # openpyxl keeps no results
    monkeypatch.setattr(snapshot, "_MOST_FOREIGN", 10)
    file = snapshot.Snapshot.of_file(path)
    assert file.unread == ("Mine",)  # a large sheet of the user's own is left alone
    comparison = Comparison(file, file, "en")
    assert list(no_external_links(comparison)) == [Skip("large_sheet")]


def test_whatever_was_typed_breaks_no_rule(office: Office, tmp_path: Path) -> None:
    """Ranges, words in any accepted spelling, scenarios, prices after a gap and another date."""
    path = ours(tmp_path, "en")
    book = openpyxl.load_workbook(path)
    prices = book["GPU Prices"]
    places = {
        n: d.attr_text.replace("$", "").replace("!", ".") for n, d in book.defined_names.items()
    }
    rows = {
        title: {book[title].cell(r, 2).value: r for r in range(1, book[title].max_row + 1)}
        for title in ("Scenarios", "Ranges")
    }
    free = next(r for r in range(6, prices.max_row) if not prices.cell(r, 1).protection.locked)
    day = (dt.date(2026, 9, 1) - dt.date(1899, 12, 30)).days * 1.0
    typed: dict[str, float | str] = {
        f"Ranges.D{rows['Ranges']['range_daily_requests']}": 5000.0,
        f"Ranges.F{rows['Ranges']['range_daily_requests']}": 15000.0,
        places["quality_value_per_month"]: 500.0,
        places["currency"]: "usd",
        places["retirement_month"]: "No End",
        places["horizon_months"]: 24.0,
        f"Scenarios.E{rows['Scenarios']['daily_requests']}": 30000.0,
        f"Scenarios.F{rows['Scenarios']['quality_need']}": "High",
        "GPU Prices.B3": day + 60,
        f"Alternatives.{free_alternative(path)}": 0.5,
        "scenario": text("choice.best", "en"),
        "swing": 0.4,
    }
    for row, gpu, market in ((free + 2, "H100", "Spot"), (free + 5, "Z1", "on-demand")):
        values: dict[str, float | str] = {
            "A": gpu,
            "B": 80.0,
            "C": "Mine",
            "D": market,
            "E": 1.25,
            "F": 1.0,
        }
        typed |= {f"GPU Prices.{letter}{row}": value for letter, value in values.items()}
        typed |= {f"GPU Prices.H{row}": day, f"GPU Prices.I{row}": "offer"}
    with office.open(path) as doc:
        doc.set_many(typed)
        saved = doc.save_as(tmp_path / "saved.xlsx")
    report = checked(saved)
    assert failing(report) == set()
    assert (report.intact, report.fresh) == (True, True)


def test_pasted_nonsense_is_named_once(office: Office, tmp_path: Path) -> None:
    path = ours(tmp_path, "en")
    with office.open(path) as doc:
        doc.set_many({"training_hours": "four", "daily_requests": "many"})
        saved = doc.save_as(tmp_path / "saved.xlsx")
    report = checked(saved)
    named = {place for _, place, _ in failing(report)}
    book = openpyxl.load_workbook(path)
    cells = {
        book.defined_names[name].attr_text.replace("$", "").replace("'", "")
        for name in ("training_hours", "daily_requests")
    }
    assert named == cells
    assert (report.intact, report.fresh) == (True, None)


def test_results_of_cells_that_a_case_does_not_hold(office: Office, tmp_path: Path) -> None:
    path = ours(tmp_path, "en")
    with office.open(path) as doc:
        doc.set(f"Alternatives.{free_alternative(path)}", 0.5)
        saved = doc.save_as(tmp_path / "saved.xlsx")
    report = checked(saved)
    assert failing(report) == set()
    assert report.verdicts[0].reasons == ()  # alternatives are read, so their results are compared


def test_training_another_currency_and_another_swing_break_no_rule(
    office: Office, tmp_path: Path
) -> None:
    """Rows for training and for the rate stand only where the case had them when it was built."""
    path = ours(tmp_path, "en")
    with office.open(path) as doc:
        doc.set_many({"model_params_b": 8.0, "training_samples": 1000.0, "swing": 0.4})
        doc.set_many({"currency": "CNY", "currency_per_usd": 7.1})
        saved = doc.save_as(tmp_path / "saved.xlsx")
        assert doc.get("simulation_fresh") == 0  # the run was one of other inputs
    report = checked(saved)
    assert failing(report) == set()
    assert (report.intact, report.fresh) == (True, True)
