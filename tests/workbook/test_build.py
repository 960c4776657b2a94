"""The generated workbook: what stands in it, what other programs see, what comes back."""

import datetime as dt
import math
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl import Case, FileExists, build_workbook, evaluate_case, read_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import Study
from roi_xl.errors import BadInput, BadWorkbook, OutputError
from roi_xl.text import LANGUAGES, text
from roi_xl.workbook.build import make_book
from roi_xl.workbook.save import BUILD_TIME
from roi_xl.workbook.sheet_writer import Book
from roi_xl.workbook.validation import LISTED
from tests.draw import cases
from tests.hosts.office import Office
from tests.marks import EACH_LANGUAGE

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module", params=EACH_LANGUAGE)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("built") / f"案例 {request.param}.xlsx"
    return build_workbook(path, language=request.param), request.param


def place(book: Any, name: str) -> tuple[str, str]:
    sheet, cell = book.defined_names[name].attr_text.split("!")
    return sheet.strip("'"), cell.replace("$", "")


def texts(sheet: Worksheet) -> list[tuple[str, str]]:
    return [(c.coordinate, c.value) for row in sheet for c in row if isinstance(c.value, str)]


def test_cached_values_are_pythons(built: tuple[Path, str]) -> None:
    path, language = built
    values = openpyxl.load_workbook(path, data_only=True)
    expected = evaluate_case(language=language)
    for step in STEPS:
        sheet, cell = place(values, step.name)
        found, wanted = values[sheet][cell].value, expected[step.name]
        if wanted is None or step.name == "irr":  # a blank, or by the spreadsheet's own search
            assert found is None or step.name == "irr", step.name
        elif wanted == math.inf:
            assert found == text(f"choice.{step.quantity.infinity}", language), step.name
        elif isinstance(wanted, float):  # thirteen digits are kept
            assert found == pytest.approx(wanted, rel=1e-12), step.name
        else:
            assert found == wanted, step.name


def test_pandas_sees_the_numbers(built: tuple[Path, str]) -> None:
    path, language = built
    title = text("workbook.sheet.calculation.title", language)
    frame = pd.read_excel(path, sheet_name=title, header=3, engine="openpyxl")
    by_key = dict(zip(frame.iloc[:, 1], frame.iloc[:, 3], strict=True))
    assert by_key["total_cost"] == 2036
    assert by_key["monthly_savings"] == pytest.approx(2700)
    assert by_key["payback_months"] == pytest.approx(2036 / 2700)
    assert by_key["recommendation"] == text("choice.strong", language)


def test_no_formula_lacks_its_value_and_none_shows_an_error(built: tuple[Path, str]) -> None:
    path, language = built
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    written = make_book(None, language).cached
    count = 0
    for sheet in formulas:
        for row in sheet:
            for cell in row:
                if cell.data_type == "f":
                    value = values[sheet.title][cell.coordinate].value
                    count += 1
                    # the mark on a chart is not drawn where it has no place
                    marked = sheet.title == text("workbook.sheet.summary.title", language)
                    assert marked or not str(value).startswith("#"), cell.coordinate
                    # an empty text (a mark not set, an input left blank) is read as none
                    empty = written[sheet.title][cell.coordinate] == ""
                    assert (value is None) == empty, cell.coordinate
    assert count > len(INPUTS) + len(STEPS)


def test_inputs_are_named_validated_and_the_only_unlocked_cells(built: tuple[Path, str]) -> None:
    path, language = built
    book = openpyxl.load_workbook(path)
    unlocked = {
        (s.title, c.coordinate) for s in book for row in s for c in row if not c.protection.locked
    }
    named = {place(book, name) for name in INPUTS}
    assert named < unlocked
    guarded = {
        (s.title, cell.coordinate)
        for s in book
        for rule in s.data_validations.dataValidation
        for area in rule.sqref.ranges
        for cells in s[f"{area.coord}:{area.coord}" if ":" not in area.coord else area.coord]
        for cell in (cells if isinstance(cells, tuple) else (cells,))
    }
    assert unlocked == guarded
    for sheet in book:
        # Excel opens outline groups only on a sheet without protection
        grouped = sheet.title == text("workbook.sheet.inputs.title", language)
        assert sheet.protection.sheet != grouped
        assert sheet.protection.password is None
        assert grouped or not sheet.protection.formatColumns
        assert sheet.sheet_state == "visible"
        first = sheet.title == text("workbook.sheet.summary.title", language)
        assert first or (sheet.freeze_panes and not sheet.merged_cells.ranges)
    sheet = book[text("workbook.sheet.inputs.title", language)]
    rules = {str(r.sqref).split(":")[0]: r for r in sheet.data_validations.dataValidation}
    for name, entry in INPUTS.items():
        rule = rules[place(book, name)[1]]
        assert rule.errorStyle == ("warning" if name in LISTED else "stop")
        assert rule.showErrorMessage
        assert entry.label(language)[:20] in rule.error
        if name in LISTED:
            assert rule.type == "list"
            assert rule.formula1 == LISTED[name]
        elif entry.quantity.choices:
            assert rule.type == "list"
            assert not rule.formula1.startswith("=")
            other, _, span = rule.formula1.replace("$", "").rpartition("!")
            listed = [row[0].value for row in book[other.strip("'")][span]]
            assert listed == [text(f"choice.{c}", language) for c in entry.quantity.choices]
        else:
            assert rule.type in ("decimal", "custom", "textLength")


def test_nothing_reads_in_the_other_language(built: tuple[Path, str]) -> None:
    path, language = built
    book = openpyxl.load_workbook(path)
    english_words = re.compile(r"\b(the|of|and|is|cost|month|value|default|name)\b", re.I)
    for sheet in book:
        for coordinate, said in texts(sheet):
            if coordinate.startswith("B") and re.fullmatch("[a-z0-9_]+", said):
                continue  # a key of a row
            if language == "en":
                assert not HAN.search(said), (coordinate, said)
            # formulas, calls, and where data come from (owner/repository, addresses) are not prose
            elif not said.startswith("=") and not re.search(r"[_(@/]", said):
                assert not english_words.search(said), (coordinate, said)


def test_formulas_are_short_and_plain(built: tuple[Path, str]) -> None:
    path, _ = built
    for sheet in openpyxl.load_workbook(path):
        for coordinate, said in texts(sheet):
            cell = sheet[coordinate]
            if cell.data_type == "f":
                assert len(said) <= 2000, (coordinate, said)
                assert "FT_" not in said
                assert "_xlfn" not in said


@pytest.mark.slow  # the committed templates are compared with a fresh build everywhere
def test_same_bytes_every_time(tmp_path: Path) -> None:
    for language in LANGUAGES:
        first = build_workbook(tmp_path / f"1{language}.xlsx", language=language)
        second = build_workbook(tmp_path / f"2{language}.xlsx", language=language)
        assert first.read_bytes() == second.read_bytes()
    stamped = build_workbook(tmp_path / "3.xlsx", stamp=dt.datetime(2026, 5, 4, 3, 2, 1))
    properties = openpyxl.load_workbook(stamped).properties
    assert properties.modified == dt.datetime(2026, 5, 4, 3, 2, 1)


def test_no_macro_no_link_no_connection(built: tuple[Path, str]) -> None:
    with zipfile.ZipFile(built[0]) as archive:
        names = archive.namelist()
        assert not [n for n in names if re.search(r"vba|external|connection|queryTable", n, re.I)]
        assert len(names) == len(set(names))


@given(values=cases())
@settings(max_examples=settings().max_examples // 20)
def test_a_written_case_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("read") / "case.xlsx"
    for language in LANGUAGES:
        build_workbook(path, Case(**values), language, overwrite=True)
        assert dict(read_case(path)) == dict(Case(**values))


def test_a_copy_saved_by_libreoffice_is_read(
    built: tuple[Path, str], office: Office, tmp_path: Path
) -> None:
    path, language = built
    with office.open(path) as doc:
        doc.set_many({"daily_requests": 1234.5, "quality_need": text("choice.high", language)})
        doc.set("training_hours", None)
        saved = doc.save_as(tmp_path / "saved.xlsx")
    case = read_case(saved)
    assert case["daily_requests"] == 1234.5
    assert case["quality_need"] == "high"
    assert case["training_hours"] == 4


def test_a_copy_without_cached_values_or_names_is_read(
    built: tuple[Path, str], tmp_path: Path
) -> None:
    path, _ = built
    book = openpyxl.load_workbook(path)
    sheet, cell = place(book, "hourly_rate")
    book[sheet][cell] = 75
    book.save(tmp_path / "openpyxl.xlsx")
    assert read_case(tmp_path / "openpyxl.xlsx")["hourly_rate"] == 75
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(tmp_path / "nameless.xlsx")
    # the keys beside the cells say what they are
    assert read_case(tmp_path / "nameless.xlsx")["hourly_rate"] == 75


def test_a_formula_in_an_input_cell(
    built: tuple[Path, str], office: Office, tmp_path: Path
) -> None:
    path, _ = built
    book = openpyxl.load_workbook(path)
    sheet, cell = place(book, "daily_requests")
    book[sheet][cell] = '=LEN("abcd")*625'
    book.save(tmp_path / "formula.xlsx")
    with pytest.raises(BadInput, match=re.escape(f"{sheet}!{cell}")):
        read_case(tmp_path / "formula.xlsx")
    with office.open(tmp_path / "formula.xlsx") as doc:
        saved = doc.save_as(tmp_path / "calculated.xlsx")
    assert read_case(saved)["daily_requests"] == 2500


def test_text_never_becomes_a_formula() -> None:
    book = Book(Study(), "en", BUILD_TIME)
    page = book.sheet("inputs", "FF000000")
    for i, dangerous in enumerate(("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "plain"), 3):
        cell = page.put(i, 1, dangerous, "ft_line")
        assert cell.data_type == "s"
        assert bool(cell.quotePrefix) == (dangerous != "plain")
    for impossible in (math.nan, math.inf, "a\x00b", "x" * 40_000):
        with pytest.raises(OutputError, match="A20"):
            page.put(20, 1, impossible, "ft_line")


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build_workbook(tmp_path / "a.xlsx")
    before = path.read_bytes()
    with pytest.raises(FileExists):
        build_workbook(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="No space left"):
        build_workbook(path, overwrite=True)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_permissions_are_kept(tmp_path: Path) -> None:
    path = build_workbook(tmp_path / "a.xlsx")
    path.chmod(0o640)
    build_workbook(path, overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o640


def test_hostile_sizes_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", b"\0" * 80_000_000)
    with pytest.raises(BadWorkbook, match=r"bomb\.xlsx"):
        read_case(bomb)
