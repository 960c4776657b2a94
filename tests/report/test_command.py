"""`roi-xl report` in a fresh process: HTML, PDF, the what-if page, and what it refuses."""

import os
from pathlib import Path

import pytest

from tests.cli.test_main import one_line, roi_xl


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "案例.toml"
    path.write_text("daily_requests = 5000\n[scenario.worst]\ndaily_requests = 10\n", "utf-8")
    return path


def test_a_page_of_a_case_and_of_a_workbook(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    done = roi_xl("report", case, "-o", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert 'lang="zh-CN"' in out.read_text("utf-8")
    one_line(roi_xl("report", case, "-o", out), 4, "report.html", "--force")
    book = tmp_path / "book.xlsx"
    assert roi_xl("new", book, "--from", case, "--lang", "en").returncode == 0
    done = roi_xl("report", book, "-o", out, "--scenario", "worst", "--force")
    assert done.returncode == 0, done.stderr
    page = out.read_text("utf-8")
    assert 'lang="en"' in page  # the workbook's language
    assert "Scenario: Downside" in page


def test_what_it_refuses(case: Path, tmp_path: Path) -> None:
    one_line(roi_xl("report", case, "-o", tmp_path / "r.docx"), 3, "r.docx", ".html", ".pdf")
    one_line(roi_xl("report", tmp_path / "no.toml", "-o", tmp_path / "r.html"), 3, "no.toml")
    assert roi_xl("report", case).returncode == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["案例.toml"]


def test_a_pdf_needs_no_libreoffice(case: Path, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="needs typst")
    out = tmp_path / "report.pdf"
    done = roi_xl("report", case, "-o", out, "--lang", "en", PATH="")
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"%PDF-")


def test_without_typst_the_command_says_what_to_install(case: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "typst.py").write_text("raise ImportError\n", "utf-8")
    path = os.pathsep.join([str(hidden), os.environ.get("PYTHONPATH", "")])
    done = roi_xl("report", case, "-o", tmp_path / "r.pdf", "--lang", "en", PYTHONPATH=path)
    one_line(done, 3, "typst", "roi_xl[pdf]")


def test_a_what_if_page(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "whatif.html"
    done = roi_xl("report", case, "-o", out, "--lang", "en", "--interactive")
    assert done.returncode == 0, done.stderr
    assert "evaluateCase" in out.read_text("utf-8")
    pdf = tmp_path / "whatif.pdf"
    one_line(roi_xl("report", case, "-o", pdf, "--interactive"), 3, "whatif.pdf", ".html")
