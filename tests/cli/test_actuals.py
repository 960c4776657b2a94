"""`roi-xl actuals`: sentence, tables, JSON, CSV, page, usage exports, and what is refused."""

import csv
import datetime as dt
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from tests.cli.test_main import one_line, roi_xl
from tests.usage.exports import OPENAI_COST, OPENAI_USAGE, openai_cost, openai_day, write

TABLE = """month,requests,finetuned_model_cost,current_model_price,run_cost,quality,one_off
0,,,,,,2500
1,200000,250,0.01,100,0,
2,210000,,0.009,100,0,
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text('annual_discount_rate = 0\nstart_month = "2026-09"\n', encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "actuals.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def exports(folder: Path) -> tuple[Path, Path]:
    """September whole, 1,000 requests and 0.5 USD a day; of October five days."""
    days = [dt.date(2026, 9, 1) + dt.timedelta(n) for n in range(35)]
    usage = [openai_day(day, 1000, (800_000, 200_000, 0)) for day in days]
    costs = [openai_cost(day, 0.5) for day in days]
    return (
        write(folder / "usage.csv", OPENAI_USAGE, usage),
        write(folder / "costs.csv", OPENAI_COST, costs),
    )


def test_json(plan: Path, table: Path) -> None:
    done = roi_xl("actuals", plan, table, "--json", "--lang", "en")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["advice"] == "look_again"
    assert found["sentence"].startswith("Look again: NPV now expected is 54,020 USD, 57% of")
    assert found["forecast"]["npv"] == pytest.approx(54020)
    assert found["plan"]["npv"] == pytest.approx(95164)
    assert found["months"][1]["by_cause"]["volume"] == pytest.approx(-900)
    assert found["months"][1]["calendar"] == "2026-09"
    assert found["months"][2]["as_planned"] == ["finetuned_model_cost"]
    assert "2 (2026-10): blank and taken as planned: Fine-tuned model cost" in found["notes"]
    assert sum(found["by_cause"].values()) == pytest.approx(found["difference"])


@pytest.mark.parametrize(("language", "word"), [("zh", "重新评估："), ("en", "Look again: ")])
def test_terminal_and_page(
    plan: Path, table: Path, tmp_path: Path, language: str, word: str
) -> None:
    out = tmp_path / "out.html"
    done = roi_xl("actuals", plan, table, "-o", out, "--lang", language)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(word)
    assert "-1,710.00" in done.stdout  # volume, both months
    page = out.read_text(encoding="utf-8")
    root = ET.fromstring(page.partition("\n")[2])
    spoken = "".join(root.itertext())
    assert word in spoken
    assert "-1,710.00" in spoken
    assert "<script" not in page


def test_csv(plan: Path, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert roi_xl("actuals", plan, table, "-o", out).returncode == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 37
    assert float(rows[1]["by_volume"]) == pytest.approx(-900)
    assert float(rows[2]["actual_net"]) == pytest.approx(1490)
    assert rows[3]["actual_net"] == ""
    assert float(rows[3]["expected_flow"]) == pytest.approx(1570)
    assert rows[36]["calendar"] == "2029-08"


def test_usage_exports(plan: Path, tmp_path: Path) -> None:
    done = roi_xl("actuals", plan, *exports(tmp_path), "--json", "--lang", "en")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (month,) = found["months"]
    assert (month["month"], month["calendar"]) == (1, "2026-09")
    assert month["actual"]["requests"] == 30_000
    assert month["actual"]["finetuned_model_cost"] == pytest.approx(15)
    assert any(note.startswith("2026-10: not a whole month") for note in found["notes"])


def test_usage_of_the_current_model_and_a_table(plan: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("month,requests\n1,40000\n2,50000\n", encoding="utf-8")
    words = ("actuals", plan, table, *exports(tmp_path), "--json")
    found = json.loads(roi_xl(*words, "--bill", "current").stdout)
    assert found["months"][0]["actual"]["requests"] == 40_000
    assert found["months"][0]["actual"]["current_model_price"] == pytest.approx(0.0005)
    assert found["months"][1]["as_planned"][1] == "current_model_price"
    one_line(roi_xl(*words), 3, "requests")  # in the table and in the export


def test_a_bill_in_another_currency(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('start_month = "2026-09"\ncurrency = "CNY"\ncurrency_per_usd = 7\n')
    done = roi_xl("actuals", plan, *exports(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    (month,) = json.loads(done.stdout)["months"]
    assert month["actual"]["finetuned_model_cost"] == pytest.approx(15 * 7)


def test_refusals(plan: Path, table: Path, tmp_path: Path) -> None:
    one_line(roi_xl("actuals", plan, table, "-o", tmp_path / "a.txt"), 3, ".csv")
    bare = tmp_path / "bare.toml"
    bare.write_text("daily_requests = 5\n")
    one_line(roi_xl("actuals", bare, *exports(tmp_path)), 3, "start_month")
    one_line(roi_xl("actuals", plan, tmp_path / "none.csv"), 3, "none.csv")
    one_line(roi_xl("actuals", plan), 3, "CSV")


def test_the_sheet_of_a_workbook(plan: Path, table: Path, tmp_path: Path) -> None:
    """What is typed on the Actuals sheet counts as the same table does."""
    book = tmp_path / "plan.xlsx"
    assert roi_xl("new", book, "--from", plan).returncode == 0
    workbook = openpyxl.load_workbook(book)
    sheet, cells = next(iter(workbook.defined_names["actual_rows"].destinations))
    top = workbook[sheet][cells.replace("$", "")][0][0]
    typed = [(0, 5, 2500), (1, 0, 200_000), (1, 1, 250), (1, 2, 0.01), (1, 3, 100), (1, 4, 0)]
    typed += [(2, 0, 210_000), (2, 2, 0.009), (2, 3, 100), (2, 4, 0)]
    for row, column, value in typed:
        workbook[sheet].cell(top.row + row, top.column + column, value)
    workbook.save(book)
    found = json.loads(roi_xl("actuals", book, "--json", "--lang", "en").stdout)
    assert found == json.loads(roi_xl("actuals", plan, table, "--json", "--lang", "en").stdout)
