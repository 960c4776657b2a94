"""`roi-xl diff`: the tables, the JSON, the page, and what is refused."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.test_main import one_line, roi_xl


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    before, after = tmp_path / "plan <1>.toml", tmp_path / "plan2.toml"
    before.write_text("annual_discount_rate = 0\n", encoding="utf-8")
    after.write_text("annual_discount_rate = 0\ndaily_requests = 20000\n", encoding="utf-8")
    return before, after


def test_json(files: tuple[Path, Path]) -> None:
    done = roi_xl("diff", *files, "--json", "--lang", "en")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["currency", "a", "b", "difference", "interaction", "inputs", "bridge"]
    assert found["difference"] == pytest.approx(97200)  # 10,000 × 0.009 × 30 × 36
    assert found["a"]["recommendation"] == "Strongly recommended"
    assert found["inputs"] == [
        {
            "input": "daily_requests",
            "a": 10000.0,
            "a_state": "sample",
            "b": 20000.0,
            "b_state": "given",
        }
    ]
    (effect,) = found["bridge"]
    assert effect["in_order"] == effect["alone"] == found["difference"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_and_page(files: tuple[Path, Path], tmp_path: Path, language: str) -> None:
    out = tmp_path / "bridge.html"
    done = roi_xl("diff", *files, "-o", out, "--lang", language)
    assert done.returncode == 0, done.stderr
    assert "+97,200.00" in done.stdout
    page = out.read_text(encoding="utf-8")
    root = ET.fromstring(page.partition("\n")[2])
    assert root.tag.endswith("html")
    spoken = "".join(root.itertext())
    assert "plan <1>" in spoken
    assert "+97,200" in spoken
    svg = root.find(".//{http://www.w3.org/2000/svg}svg")
    assert svg is not None
    assert "192,364" in svg.attrib["aria-label"]  # 36 × 5,400 - 2,036
    assert "src=" not in page
    assert "<script" not in page


def test_the_chart_meets_end_to_end() -> None:
    from roi_xl.report.waterfall import bars_of

    bars = bars_of(("a", 10.0), [("x", 5.0), ("y", -20.0)], "b")
    assert [(bar.start, bar.end) for bar in bars] == [(0, 10), (10, 15), (15, -5), (0, -5)]


def test_refusals(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('currency = "CNY"\ncurrency_per_usd = 7\n', encoding="utf-8")
    one_line(roi_xl("diff", files[0], other), 3, "USD", "CNY")
    one_line(roi_xl("diff", *files, "-o", tmp_path / "a.txt"), 3, ".html")
    (tmp_path / "a.html").write_text("mine")
    one_line(roi_xl("diff", *files, "-o", tmp_path / "a.html"), 4, "a.html")
    assert (tmp_path / "a.html").read_text() == "mine"
    same = roi_xl("diff", files[0], files[0], "--lang", "en")
    assert "No input differs" in same.stdout


def test_a_workbook_and_its_case_do_not_differ(files: tuple[Path, Path], tmp_path: Path) -> None:
    book = tmp_path / "plan2.xlsx"
    assert roi_xl("new", book, "--from", files[1], "--lang", "en").returncode == 0
    found = json.loads(roi_xl("diff", files[1], book, "--json").stdout)
    assert found["difference"] == 0
    assert found["inputs"] == found["bridge"] == []
    changed = json.loads(roi_xl("diff", book, files[0], "--json").stdout)
    assert changed["difference"] == pytest.approx(-97200)
