"""The macro workbook: parts that fit together, the same sheets, cells that call the functions."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from roi_xl import FUNCTIONS, Case, evaluate_case, read_case
from roi_xl.cli.main import cli
from roi_xl.errors import BadInput, FileExists
from roi_xl.hosts.excel.editions import build_edition, udf_workbook, with_project
from roi_xl.text import text
from roi_xl.units import never
from roi_xl.workbook.build import workbook_bytes
from tests.hosts.excel.strict import sources
from tests.hosts.macro_file import code_names, parts_of, step_cells
from tests.marks import EACH_LANGUAGE


@pytest.fixture(scope="module", params=EACH_LANGUAGE)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def data(language: str) -> bytes:
    return udf_workbook(Case(), language)


def test_parts(data: bytes, language: str) -> None:
    plain, macro = parts_of(workbook_bytes(Case(), language)), parts_of(data)
    assert set(macro) - set(plain) == {"xl/vbaProject.bin"}
    assert set(plain) <= set(macro)
    types = macro["[Content_Types].xml"].decode()
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert re.search(rf'PartName="/xl/workbook.xml" ContentType="{re.escape(kind)}"', types)
    assert '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"' in types
    assert "spreadsheetml.sheet.main+xml" not in types
    relations = macro["xl/_rels/workbook.xml.rels"].decode()
    assert relations.count('Target="vbaProject.bin"') == 1
    ids = re.findall(r'Id="([^"]+)"', relations)
    assert len(ids) == len(set(ids))


def test_every_sheet_has_a_code_name_and_a_document_module(data: bytes) -> None:
    parts = parts_of(data)
    names = code_names(parts)
    assert len(set(names)) == len(names) == parts["xl/workbook.xml"].decode().count("<sheet ")
    assert 'codeName="ThisWorkbook"' in parts["xl/workbook.xml"].decode()
    texts = sources(parts["xl/vbaProject.bin"])
    documents = [name for name, text in texts.items() if 'VB_Base = "0{000208' in text]
    assert documents == ["ThisWorkbook", *names]
    assert "Private Sub Workbook_Open()" in texts["ThisWorkbook"]


def test_no_second_project(data: bytes) -> None:
    with pytest.raises(ValueError, match="must stand once"):
        with_project(parts_of(data), b"", "x")


def test_cells_call_the_functions(data: bytes, language: str) -> None:
    found = step_cells(data, data_only=False)
    called = {
        "data_cost": "FT_DATA_COST",
        "compute_cost": "FT_COMPUTE_COST",
        "people_cost": "FT_PEOPLE_COST",
        "maintenance_cost_per_month": "FT_MAINTENANCE_COST",
        "source_monthly_savings": "FT_MONTHLY_SAVINGS",
        "source_payback_months": "FT_PAYBACK",
        "source_annual_roi": "FT_ANNUAL_ROI",
        "source_total_cost": "FT_TOTAL_COST",
    }
    for name, function in called.items():
        assert re.fullmatch(rf"={function}\((\$?[A-Z]+\$?\d+,?)+\)", found[name]), found[name]
    # thresholds of the Inputs sheet decide here, which a cell function has no arguments for
    assert "FT_" not in found["recommendation"]
    assert "FT_" not in found["strategy"]
    assert re.fullmatch(rf'=FT_RECOMMEND\([A-Z]+\d+,"{language}"\)', found["source_recommendation"])


def test_examples_are_live(data: bytes, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = next(s for s in book if s["A5"].value in FUNCTIONS)
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[sheet.title]
    for row in range(5, 5 + len(FUNCTIONS)):
        name = sheet.cell(row, 1).value
        live = str(sheet.cell(row, 6).value)
        if live.startswith("="):
            assert live.startswith(f"={name}(")
        assert values.cell(row, 6).value is not None
    assert f"FT_PAYBACK({2036},{2700})" in str([c.value for c in sheet["F"]])


def test_cached_values_are_the_results(data: bytes, language: str) -> None:
    results = evaluate_case(Case(), language)
    for name, value in step_cells(data, data_only=True).items():
        wanted = results[name]
        if wanted is None:
            assert value in (None, ""), name
        elif wanted == float("inf"):
            assert value in (text("choice.never", language), text("choice.no_end", language)), name
        else:
            assert value == pytest.approx(wanted), name


def test_never_is_cached_in_the_books_language(language: str) -> None:
    data = udf_workbook(Case(daily_requests=0), language)
    assert step_cells(data, data_only=True)["payback_months"] == never(language)


def test_same_bytes_every_time(data: bytes, language: str) -> None:
    assert data == udf_workbook(Case(), language)


# --- the command ---------------------------------------------------------------------------------


def test_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "案例.xlsm"
    case = Case(daily_requests=1234, hourly_rate=61)
    assert build_edition(path, case) == path
    assert dict(read_case(path)) == dict(case)
    with pytest.raises(FileExists):
        build_edition(path, case)
    done = CliRunner().invoke(cli, ["calc", str(path), "--json"])
    assert done.exit_code == 0
    assert '"daily_requests": 1234.0' in done.stdout


@pytest.mark.parametrize(
    ("name", "edition"), [("x.xlsm", "plain"), ("x.xlsx", "udf"), ("x.xls", None), ("x.xlsm", "?")]
)
def test_endings_and_editions_must_fit(tmp_path: Path, name: str, edition: str | None) -> None:
    with pytest.raises(BadInput):
        build_edition(tmp_path / name, edition=edition)
    assert not list(tmp_path.iterdir())


def test_the_ending_decides(tmp_path: Path) -> None:
    runner = CliRunner()
    for name, macro in [("a.xlsx", False), ("a.xlsm", True), ("B.XLSM", True)]:
        done = runner.invoke(cli, ["new", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert ("xl/vbaProject.bin" in parts_of((tmp_path / name).read_bytes())) is macro
