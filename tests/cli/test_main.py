"""The command line in a fresh process: output, exit codes, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from roi_xl import FUNCTIONS

SAMPLE_RESULTS = ["2036.00 USD", "2700.00 USD/", "0.8 ", "82167.44 USD"]


def roi_xl(*words: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "roi_xl", *map(str, words)]
    clean = {k: v for k, v in os.environ.items() if k != "ROI_XL_LANG"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**clean, **env}, cwd=cwd
    )


def one_line(done: subprocess.CompletedProcess[str], code: int, *parts: str) -> str:
    """Assert the exit code, no stdout, and one line on stderr with these parts; return the line."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    for part in parts:
        assert part in done.stderr
    return done.stderr


def test_new_prints_the_source_example(tmp_path: Path) -> None:
    done = roi_xl("new", "finetuning_roi.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for part in (*SAMPLE_RESULTS, "强烈推荐"):
        assert part in done.stdout
    assert "finetuning_roi.xlsx" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["finetuning_roi.xlsx"]


def test_new_in_english(tmp_path: Path) -> None:
    done = roi_xl("new", tmp_path / "roi.xlsx", "--lang", "en")
    for part in (*SAMPLE_RESULTS, "Strongly recommended"):
        assert part in done.stdout
    assert openpyxl.load_workbook(tmp_path / "roi.xlsx").sheetnames[0] == "Summary"
    assert "Strongly recommended" in roi_xl("calc", tmp_path / "roi.xlsx").stdout
    by_environment = roi_xl("new", tmp_path / "b.xlsx", ROI_XL_LANG="en")
    assert "Strongly recommended" in by_environment.stdout


def test_set_and_from(tmp_path: Path) -> None:
    case = tmp_path / "案例 1.toml"
    case.write_text("data_preparation_hours = 100\ndaily_requests = 500\n", encoding="utf-8")
    out = tmp_path / "a.xlsx"
    done = roi_xl("new", out, "--from", case, "--set", "hourly_rate=60", "--set", "gpu_count=2")
    assert "6072.00 USD" in done.stdout  # 100 × 60 + 3 × 4 × 3 × 2
    assert "135.00 USD/月" in done.stdout  # 500 × 0.009 × 30
    assert "current_cost_per_request=0.01" in done.stderr  # a sample value
    again = roi_xl("calc", out, "--json")
    data = json.loads(again.stdout)
    settings = ("--set", "hourly_rate=60", "--set", "gpu_count=2")
    written = roi_xl("new", out, "--force", "--from", case, *settings, "--json").stdout
    assert json.loads(written) == data
    assert data["inputs"]["hourly_rate"] == 60
    assert data["results"]["total_cost"] == 6072
    (tmp_path / "b.json").write_text(again.stdout, encoding="utf-8")
    from_json = json.loads(roi_xl("calc", tmp_path / "b.json", "--json").stdout)
    del data["rationale"], from_json["rationale"]  # a file of all inputs leaves none as a sample
    assert from_json == data


def test_calc_json(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"daily_requests": 0, "quality_need": "高"}', encoding="utf-8")
    done = roi_xl("calc", case, "--json", "--lang", "en")
    results = json.loads(done.stdout)["results"]
    assert results["payback_months"] is None
    assert results["monthly_savings"] == 0
    assert results["source_annual_roi"] == -1
    assert results["recommendation"] == "Not recommended"
    assert json.loads(done.stdout)["inputs"]["quality_need"] == "high"


def test_calc_write(tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text("[inputs]\ndaily_requests = 20000\n", encoding="utf-8")
    out = tmp_path / "out.xlsx"
    assert roi_xl("calc", case, "--write", out).returncode == 0
    assert "5400.00" in roi_xl("calc", out).stdout
    one_line(roi_xl("calc", case, "--write", out), 4, "out.xlsx", "--force")
    assert roi_xl("calc", case, "--write", out, "--force").returncode == 0


def test_existing_file_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "roi.xlsx"
    out.write_text("mine")
    one_line(roi_xl("new", out), 4, "roi.xlsx", "--force")
    assert out.read_text() == "mine"
    assert roi_xl("new", out, "--force").returncode == 0
    assert openpyxl.load_workbook(out).sheetnames


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        (["--set", "daily_requests=abc"], 3, ["daily_requests", '"abc"', "≥ 0"]),
        (["--set", "daily_requests=-5"], 3, ["daily_requests", "-5", "≥ 0"]),
        (["--set", "daily_requests=nan"], 3, ["daily_requests", "nan"]),
        (["--set", "days_per_month=32"], 3, ["days_per_month", "32", "≤ 31"]),
        (["--set", "daily_request=5"], 3, ["daily_request", "daily_requests"]),
        (["--set", "quality_need=medium"], 3, ["quality_need", "medium", "一般", "高"]),
        (["--from", "missing.toml"], 3, ["missing.toml"]),
    ],
)
def test_bad_options_leave_no_file(
    tmp_path: Path, words: list[str], code: int, parts: list[str]
) -> None:
    one_line(roi_xl("new", "out.xlsx", *words, cwd=tmp_path), code, *parts)
    assert list(tmp_path.iterdir()) == []


def test_usage_errors(tmp_path: Path) -> None:
    for words in (
        ["new"],
        ["new", "a.xlsx", "--set", "x"],
        ["fly"],
        ["new", "a.xlsx", "--lang", "fr"],
    ):
        assert roi_xl(*words, cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("a.toml", "daily_requets = 5", ["a.toml", "daily_requets", "daily_requests"]),
        ("a.toml", "gpu_cost_per_hr = 5", ["gpu_cost_per_hr", "gpu_cost_per_hour"]),
        ("a.toml", 'training_hours = "long"', ["training_hours", '"long"', "≥ 0"]),
        ("a.toml", "training_hours = -1", ["training_hours", "-1", "≥ 0"]),
        ("a.toml", "training_hours = true", ["training_hours", "True"]),
        ("a.toml", "training_hours = 2026-01-01", ["training_hours", "2026-01-01"]),
        ("a.toml", "training_hours =", ["a.toml", "第 1 行"]),
        ("a.json", '{"training_hours": 1,}', ["a.json", "第 1 行"]),
        ("a.json", "[1, 2]", ["a.json", "list"]),
        ("a.json", '{"inputs": {}, "extra": 1}', ["extra"]),
        ("a.txt", "hours = 3", ["a.txt", ".toml"]),
        ("a.xlsx", "no workbook", ["a.xlsx"]),
        ("a.toml", b"\xff\xfe", ["a.toml", "UTF-8"]),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: str | bytes, parts: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    one_line(roi_xl("calc", name, cwd=tmp_path), 3, *parts)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_text_in_a_number_cell_names_the_cell(tmp_path: Path) -> None:
    out = tmp_path / "roi.xlsx"
    assert roi_xl("new", out, "--lang", "en").returncode == 0
    book = openpyxl.load_workbook(out)
    place = book.defined_names["training_hours"].attr_text.replace("'", "").replace("$", "")
    sheet, cell = place.split("!")
    for wrong, shown in (("four", '"four"'), (-4, "-4"), (True, "True")):
        book[sheet][cell] = wrong
        book.save(out)
        before = out.read_bytes()
        one_line(roi_xl("calc", out, "--lang", "en"), 3, f"{sheet}!{cell}", shown, "≥ 0")
        assert out.read_bytes() == before


def test_other_peoples_workbooks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    one_line(roi_xl("calc", tmp_path / "other.xlsx"), 3, "other.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    one_line(roi_xl("calc", tmp_path / "folder.xlsx"), 3, "folder.xlsx")
    one_line(roi_xl("calc", tmp_path / "none.xlsx"), 3, "none.xlsx")
    whole = (tmp_path / "other.xlsx").read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    one_line(roi_xl("calc", tmp_path / "half.xlsx"), 3, "half.xlsx")


def test_unwritable_outputs(tmp_path: Path) -> None:
    one_line(roi_xl("new", tmp_path / "no" / "a.xlsx"), 3, "no")
    one_line(roi_xl("new", tmp_path / "a.docx"), 3, "a.docx", ".xlsx")
    (tmp_path / "b.xlsx").mkdir()
    one_line(roi_xl("new", tmp_path / "b.xlsx"), 3, "b.xlsx")
    # /proc refuses new files even to root
    one_line(roi_xl("new", "/proc/roi.xlsx"), 3, "/proc")


def test_functions_list_and_page() -> None:
    listed = roi_xl("functions").stdout
    for function in FUNCTIONS.values():
        assert function.signature() in listed
    page = roi_xl("functions", "payback", "--lang", "en").stdout
    for part in (
        "FT_PAYBACK(total_cost, monthly_savings)",
        "=IF(monthly_savings>0,",
        "amount/month",
    ):
        assert part in page
    one_line(roi_xl("functions", "FT_PAYBAK"), 3, "FT_PAYBAK", "FT_PAYBACK")
    data = json.loads(roi_xl("functions", "--json").stdout)
    assert [f["name"] for f in data] == list(FUNCTIONS)
    assert all({"name", "parameters", "unit", "doc"} <= set(f) for f in data)


def test_help_in_both_languages() -> None:
    assert "工作簿" in roi_xl("new", "--help").stdout
    assert "workbook" in roi_xl("new", "--help", "--lang", "en").stdout
    assert roi_xl("--version").stdout.startswith("roi-xl")


def test_broken_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m roi_xl functions --json | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stderr == ""
