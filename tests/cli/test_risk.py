"""solve, sensitivity, simulate, compare and scenarios on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.test_main import one_line, roi_xl

CASE = """
daily_requests = 10000
[scenario.best]
daily_requests = 20000
[range.daily_requests]
low = 4000
high = 15000
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_scenarios_of_a_file_and_of_its_workbook(case: Path, tmp_path: Path) -> None:
    both = roi_xl("calc", case, "--lang", "en")
    assert "2700.00" in both.stdout
    assert "5400.00" in both.stdout
    assert "2700.00" not in roi_xl("calc", case, "--scenario", "best").stdout
    book = tmp_path / "a.xlsx"
    assert roi_xl("new", book, "--from", case).returncode == 0
    first = json.loads(roi_xl("calc", case, "--json").stdout)
    from_book = json.loads(roi_xl("calc", book, "--json").stdout)
    # a figure typed as the example has it looks like the example's in a workbook
    assert {**from_book, "rationale": ""} == {**first, "rationale": ""}
    again = tmp_path / "again.json"
    again.write_text(json.dumps(first), encoding="utf-8")
    from_json = json.loads(roi_xl("calc", again, "--json").stdout)
    # a file of all inputs leaves none as a sample
    assert {**from_json, "rationale": ""} == {**first, "rationale": ""}
    one_line(roi_xl("calc", case, "--scenario", "bets"), 3, "bets", "best")


def test_solve_with_and_without_a_solution(case: Path) -> None:
    words = ("solve", case, "--for", "daily_requests", "--target")
    done = roi_xl(*words, "payback_months=6", "--json")
    # 2036 / (0.009 × 30 × 6)
    assert json.loads(done.stdout)["solution"] == pytest.approx(2036 / 1.62)
    assert "1256.79" in roi_xl(*words, "payback_months=6").stdout
    one_line(roi_xl(*words, "npv=-9999"), 1, "-9999")
    assert roi_xl(*words, "payback_months").returncode == 2
    one_line(roi_xl(*words, "payback_month=6"), 3, "payback_months")


def test_simulate_is_reproducible(case: Path) -> None:
    words = ("simulate", case, "--runs", "2000", "--json", "--seed")
    first, second, other = (roi_xl(*words, seed).stdout for seed in (5, 5, 6))
    assert first == second != other
    data = json.loads(first)
    assert data["npv"]["p10"] < data["npv"]["p50"] < data["npv"]["p90"]
    assert data["probability_payback_within"][3]["threshold"] == "horizon_months"
    done = roi_xl("simulate", case, "--lang", "en", "--distribution", "pert")
    assert "P50" in done.stdout
    assert done.stderr == ""
    none = case.parent / "none.toml"
    none.write_text("daily_requests = 5000\n", encoding="utf-8")
    swung = json.loads(roi_xl("simulate", none, "--json").stdout)  # drivers without a range swing
    assert swung["npv"]["p10"] < swung["npv"]["p50"] < swung["npv"]["p90"]


def test_sensitivity_and_compare(case: Path, tmp_path: Path) -> None:
    data = json.loads(roi_xl("sensitivity", case, "--json").stdout)
    assert data["drivers"][0]["driver"] == "daily_requests"
    ranked = json.loads(roi_xl("compare", case, "--examples", "--json").stdout)["ranking"]
    assert [e["rank"] for e in ranked] == list(range(1, 8))
    assert ranked[0]["name"] == "case"
    out = tmp_path / "a.xlsx"
    done = roi_xl("compare", case, "--examples", "--write", out, "--lang", "en")
    assert "LoRA fine-tuning" in done.stdout
    assert out.exists()
    assert roi_xl("compare").returncode == 2
