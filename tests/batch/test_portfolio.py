"""The portfolio workbook: LibreOffice computes our results, and streamed files are complete."""

import os
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from roi_xl import BadInput, evaluate_frame
from roi_xl.batch import portfolio
from roi_xl.batch.portfolio_shell import FIRST_ROW, HEADING_ROW, KEY_ROW
from roi_xl.batch.run import Batch, run_batch
from roi_xl.batch.sheet_xml import number_or_text, text_xml
from roi_xl.case.graph_steps import STEPS
from roi_xl.text import text, use
from roi_xl.units import never, words
from tests.hosts.office import Office

FRAME = pd.DataFrame(
    {
        "customer": ["A", "B", "C", "D", "E", "F"],
        "日请求量": [10000, 500, None, 90, -5, 2000],
        "quality_need": ["高", "high", None, "normal", "high", "一般"],
        "finetuned_cost_per_request": [0.001, 0.001, 0.02, 0.0, 0.001, 0.009],
        "data_preparation_hours": [40, 40, 40, 0, 40, 300],
        "training_hours": [4, 4, 4, 0, 4, 4],
    }
)

FORMULAS = {"total_cost", "monthly_savings"}  # the others need the cash flow by months


def write(tmp_path: Path, language: str, frame: pd.DataFrame = FRAME, **options: Any) -> Path:
    frame.to_csv(tmp_path / "cases.csv", index=False)
    out = tmp_path / "portfolio.xlsx"
    run_batch(Batch(str(tmp_path / "cases.csv"), str(out), language, force=True, **options))
    return out


def columns_of(sheet: Any) -> dict[str, str]:
    return {cell.value: cell.column_letter for cell in sheet[KEY_ROW] if cell.value}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_libreoffice_computes_what_we_wrote(language: str, tmp_path: Path, office: Office) -> None:
    path = write(tmp_path, language)
    expected = evaluate_frame(FRAME, language)
    title = text("workbook.sheet.cases.title", language)
    places = columns_of(openpyxl.load_workbook(path)[title])
    formulas = openpyxl.load_workbook(path)[title]
    with office.open(path) as doc:
        doc.recalculate()
        for step in STEPS:
            for i in range(len(FRAME)):
                place = f"{places[step.name]}{FIRST_ROW + i}"
                got, wanted = doc.get(f"{title}!{place}"), expected[step.name][i]
                if expected["error"].notna()[i]:
                    assert got is None  # a bad row shows nothing
                    continue
                live = str(formulas[place].value).startswith("=")
                # results that are not formulas are named
                said = step.label(language) in str(formulas["A2"].value)
                assert live or (said and step.name not in FORMULAS), place
                if pd.isna(wanted):
                    assert got in (None, "") or str(got).startswith("#")
                elif wanted == np.inf:
                    assert got == text(f"choice.{step.quantity.infinity}", language)
                else:
                    assert got == (wanted if isinstance(wanted, str) else pytest.approx(wanted)), (
                        place
                    )
        # results follow an edited figure: twice the requests save twice as much
        volume = f"{title}!{places['daily_requests']}{FIRST_ROW}"
        doc.set(volume, 20000.0)
        savings = doc.get(f"{title}!{places['monthly_savings']}{FIRST_ROW}")
        assert savings == pytest.approx(5400)
        # inputs without a column come from the Inputs sheet: at 100 an hour A costs 4036
        doc.set("hourly_rate", 100.0)
        assert doc.get(f"{title}!{places['total_cost']}{FIRST_ROW}") == pytest.approx(4036)
        total = doc.get(f"{title}!{places['total_cost']}{FIRST_ROW + len(FRAME)}")
        rows = [doc.get(f"{title}!{places['total_cost']}{FIRST_ROW + i}") for i in range(6)]
        assert total == pytest.approx(sum(r for r in rows if isinstance(r, float)))


@pytest.mark.parametrize("live_rows", [3, 10_000])
def test_cached_values_are_right(
    live_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "LIVE_ROWS", live_rows)
    path = write(tmp_path, "en", rows=2)
    expected = evaluate_frame(FRAME, "en")
    good = expected[expected["error"].isna()]
    book = openpyxl.load_workbook(path, data_only=True)
    cases, summary = book["Cases"], book["Summary"]
    places = columns_of(cases)
    costs = [cases[f"{places['total_cost']}{FIRST_ROW + i}"].value for i in range(7)]
    assert costs[4] is None
    assert costs[6] == pytest.approx(good["total_cost"].sum())
    assert costs[:4] == pytest.approx(good["total_cost"].tolist()[:4])
    assert cases[f"{places['payback_months']}{FIRST_ROW + 2}"].value == never("en")
    assert cases[f"{places['source_annual_roi']}{FIRST_ROW + 3}"].value == "#DIV/0!"
    assert cases[f"{places['error']}{FIRST_ROW + 4}"].value == expected["error"][4]
    step = next(s for s in STEPS if s.name == "recommendation")
    for i, word in enumerate(words(step.quantity, "en")):
        those = good[good["recommendation"] == word]
        row = [cell.value for cell in summary[5 + i]][:5]
        assert row[0] == word
        assert row[1] == len(those)
        assert row[3:] == pytest.approx([those["total_cost"].sum(), those["monthly_savings"].sum()])
    assert [cell.value for cell in summary[9]][1] == 1  # the bad row
    assert [cell.value for cell in summary[10]][1] == 6
    written = openpyxl.load_workbook(path)["Cases"][f"{places['total_cost']}{FIRST_ROW}"].value
    assert str(written).startswith("=") == (live_rows > 6)
    said = text("batch.live" if live_rows > 6 else "batch.values", "en")
    assert str(cases["A2"].value).startswith(said)


def test_table_conditional_formats_and_chart(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path, "zh"))
    cases = book["案例"]
    table = cases.tables["Cases"]
    last = openpyxl.utils.get_column_letter(cases.max_column)
    assert table.ref == f"A{HEADING_ROW}:{last}{FIRST_ROW + len(FRAME)}"
    assert table.totalsRowCount == 1
    names = [c.name for c in table.tableColumns]
    assert names == [cell.value for cell in cases[HEADING_ROW]]
    assert len({n.casefold() for n in names}) == len(names)
    summed = [c.name for c in table.tableColumns if c.totalsRowFunction == "sum"]
    assert text("quantity.total_cost.label", "zh") in summed
    ranges = {str(r.sqref) for r in cases.conditional_formatting}
    column = columns_of(cases)["recommendation"]
    assert f"{column}{FIRST_ROW}:{column}{FIRST_ROW + len(FRAME) - 1}" in ranges
    assert book.sheetnames == ["结论", "输入", "案例", "列表"]
    with zipfile.ZipFile(tmp_path / "portfolio.xlsx") as archive:
        assert archive.testzip() is None
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        assert text("batch.chart.description", "zh", currency="USD") in drawing
        chart = archive.read("xl/charts/chart1.xml").decode()
        assert "0072B2" in chart
        assert text("batch.chart.title", "zh") in chart


def test_cells_have_the_right_types(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": ["007", "1234567890123456789", "=1+1"],
            "size": ["12.5", "-3", "1e5"],
            "daily_requests": [5000, 5000, 5000],
        }
    )
    cases = openpyxl.load_workbook(write(tmp_path, "en", frame))["Cases"]
    rows = [
        [c.value for c in r[:3]] for r in cases.iter_rows(min_row=FIRST_ROW, max_row=FIRST_ROW + 2)
    ]
    assert rows == [["007", 12.5, 5000], ["1234567890123456789", -3, 5000], ["=1+1", "1e5", 5000]]
    assert cases[f"A{FIRST_ROW + 2}"].data_type == "s"  # text, never a formula


def test_too_many_rows_are_refused_and_can_be_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use("en")
    monkeypatch.setattr(portfolio, "_CAPACITY", 4)
    monkeypatch.setattr(portfolio, "LIVE_ROWS", 2)
    with pytest.raises(BadInput, match=r"allowed: 4\. Write Parquet .* --split"):
        write(tmp_path, "en")
    assert not (tmp_path / "portfolio.xlsx").exists()
    path = write(tmp_path, "en", split=True, rows=3)
    book = openpyxl.load_workbook(path, data_only=True)
    assert book.sheetnames == ["Summary", "Inputs", "Cases", "Cases 2", "Lists"]
    customers = [
        book[title][f"A{row}"].value
        for title, count in (("Cases", 4), ("Cases 2", 2))
        for row in range(FIRST_ROW, FIRST_ROW + count)
    ]
    assert customers == FRAME["customer"].tolist()
    assert book["Cases 2"].tables["Cases_2"].ref.endswith(str(FIRST_ROW + 2))
    assert book["Summary"]["B10"].value == 6


def test_the_capacity_of_a_worksheet() -> None:
    assert portfolio.SHEET_ROWS == 1_048_576
    assert portfolio._CAPACITY + FIRST_ROW == portfolio.SHEET_ROWS


def test_the_same_cases_give_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path, "en").read_bytes()
    assert write(tmp_path, "en").read_bytes() == first


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a<b&c", "a&lt;b&amp;c"),
        ("\x07", "_x0007_"),
        ("_x0041_", "_x005F_x0041_"),
        ("x" * 40_000, "x" * 32_767),
    ],
)
def test_text_in_xml(given: str, shown: str) -> None:
    assert text_xml(given) == shown


def test_numbers_in_text_columns() -> None:
    cells = ["1", "-2.50", "0.1", "00", "+1", "1.", "", None, "1234567890123456", "abc"]
    assert number_or_text(cells)[:3] == [1.0, -2.5, 0.1]
    assert number_or_text(cells)[3:] == cells[3:]


def test_headings_are_unique(tmp_path: Path) -> None:
    label = text("quantity.total_cost.label", "en")
    frame = pd.DataFrame({label.upper(): ["mine"], "daily_requests": [1]})
    cases = openpyxl.load_workbook(write(tmp_path, "en", frame))["Cases"]
    assert cases[f"A{HEADING_ROW}"].value == label.upper()
    assert f"{label} (2)" in [cell.value for cell in cases[HEADING_ROW]]


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    use("en")
    frame = pd.DataFrame({"daily_requests": [1], **{f"x{i}": [1] for i in range(16_384)}})
    with pytest.raises(BadInput, match=r"16,385 columns and \d+ results do not fit"):
        write(tmp_path, "en", frame)
    assert not (tmp_path / "portfolio.xlsx").exists()


# --- as Excel writes files -----------------------------------------------------------------------

EXTRA_ZIP64, GROWTH_HINT = 0x0001, 0xA220


def local_header(path: Path, entry: zipfile.ZipInfo) -> tuple[int, list[int]]:
    """The reader version and the kinds of extra fields in the part's own header."""
    with path.open("rb") as file:
        file.seek(entry.header_offset)
        header = struct.unpack("<4s5H3L2H", file.read(30))
        file.seek(header[-2], os.SEEK_CUR)
        extra = file.read(header[-1])
    kinds, place = [], 0
    while place < len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        kinds.append(kind)
        place += 4 + size
    assert place == len(extra)
    return header[1], kinds


@pytest.mark.parametrize("live_rows", [2, 10_000])
def test_no_zip64_in_a_file_that_needs_none(
    live_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "LIVE_ROWS", live_rows)
    path = write(tmp_path, "en")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            version, kinds = local_header(path, entry)
            assert (version, entry.extract_version, entry.create_version) == (20, 20, 20)
            assert EXTRA_ZIP64 not in kinds
            assert set(kinds) <= {GROWTH_HINT}
            assert entry.extra == b""
            assert entry.create_system == 3


def test_zip64_where_a_sheet_needs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 2_000)  # bytes, in place of 2 GiB
    path = write(tmp_path, "en")
    monkeypatch.undo()
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet3.xml")
        assert local_header(path, entry) == (45, [EXTRA_ZIP64])
        assert archive.testzip() is None
    assert openpyxl.load_workbook(path)["Cases"][f"A{FIRST_ROW}"].value == "A"


@pytest.mark.parametrize("live_rows", [2, 10_000])
def test_blank_cells_have_no_type_and_no_zero_is_negative(
    live_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "LIVE_ROWS", live_rows)
    frame = FRAME.assign(blank=None, size=[-0.0, 0.0, 1.0, 2.0, 3.0, 4.0])
    # without investment or savings: sums of nothing, and products with zero
    frame.loc[0, ["data_preparation_hours", "training_hours", "日请求量"]] = 0
    with zipfile.ZipFile(write(tmp_path, "en", frame)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            xml = archive.read(name).decode()
            assert re.findall(r'<c [^>]*t="[^"]*"[^>]*/>', xml) == [], name
            assert re.findall(r"<v>-0(?:\.0*)?</v>", xml) == [], name
            assert re.findall(r'<c [^>]*t="inlineStr"[^>]*>(?!<is>)', xml) == [], name


def test_amounts_in_several_currencies_are_not_added(tmp_path: Path) -> None:
    frame = pd.DataFrame({"currency": ["USD", "CNY", "EUR"], "currency_per_usd": [1, 7.1, None]})
    label = text("batch.total_mixed", "en")
    for rows, mixed in ((3, True), (1, False)):
        # the third row is bad, and is not added either way
        path = write(tmp_path, "en", frame.iloc[[0, 1, 2] if rows == 3 else [0, 2]])
        book = openpyxl.load_workbook(path)
        cases, summary = book["Cases"], book["Summary"]
        total = cases.max_row
        assert (cases[f"A{total}"].value == label) == mixed
        sums = [c.totalsRowFunction for c in cases.tables["Cases"].tableColumns]
        assert any(sums) != mixed
        column = columns_of(cases)["total_cost"]
        assert (cases[f"{column}{total}"].value is None) == mixed
        amounts = [cell.value for row in summary["D5:F10"] for cell in row]
        assert [a for a in amounts if a not in (None, label)] == [] or not mixed
        assert (label in amounts) == mixed
    for currency in ("CNY", None):
        frame = pd.DataFrame({"currency": [currency], "currency_per_usd": [7.1], "x": ["x"]})
        summary = openpyxl.load_workbook(write(tmp_path, "en", frame))["Summary"]
        assert summary["D4"].value == f"Total investment, {currency or 'USD'}"
