"""`roi-xl report` in a fresh process: HTML, PDF through a real LibreOffice, and what it refuses."""

import shutil
import subprocess
from pathlib import Path

import pytest

from roi_xl.errors import BadInput
from roi_xl.hosts.libreoffice import pdf, program
from tests.cli.test_main import one_line, roi_xl
from tests.hosts.office import Office


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
    assert "Scenario: Worst" in page


def test_what_it_refuses(case: Path, tmp_path: Path) -> None:
    one_line(roi_xl("report", case, "-o", tmp_path / "r.docx"), 3, "r.docx", ".html", ".pdf")
    one_line(roi_xl("report", tmp_path / "no.toml", "-o", tmp_path / "r.html"), 3, "no.toml")
    assert roi_xl("report", case).returncode == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["案例.toml"]


@pytest.mark.usefixtures("office")
def test_the_pdf_is_the_summary_and_nothing_else(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    done = roi_xl("report", case, "-o", out, "--lang", "en", VIRTUAL_ENV=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (poppler-utils) to read the PDF")
    command = ["pdftotext", "-layout", str(out), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pages = said.split("\f")[:-1]
    assert 1 < len(pages) < 5
    assert all("roi_xl · Summary" in page for page in pages)
    assert "Strongly recommended" in pages[0]
    assert "1,350.00" in said  # 5000 × 0.009 × 30


def test_without_libreoffice(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from roi_xl.casefile import read_study

    monkeypatch.setattr(pdf, "find_program", lambda name: None)
    with pytest.raises(BadInput) as raised:
        pdf.summary_pdf(read_study(case), "en")
    assert "install it" in raised.value.message("en")
    done = roi_xl("report", case, "-o", tmp_path / "r.pdf", "--lang", "en", PATH="")
    one_line(done, 3, "LibreOffice", "libreoffice.org")


def test_a_libreoffice_that_fails_is_quoted(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roi_xl.casefile import read_study
    from roi_xl.errors import OutputError

    stand_in = tmp_path / "soffice"
    stand_in.write_text("#!/bin/sh\necho no licence today; exit 1\n")
    stand_in.chmod(0o755)
    monkeypatch.setattr(pdf, "find_program", lambda name: str(stand_in))
    with pytest.raises(OutputError, match="no licence today"):
        pdf.summary_pdf(read_study(case), "en")


def test_the_usual_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(program, "_FOLDERS", (str(tmp_path),))
    assert program.find_program("soffice") is None
    (tmp_path / "soffice.com").touch()
    assert program.find_program("soffice") == str(tmp_path / "soffice.com")
    assert program.find_program("unopkg") is None


def test_the_workbook_for_printing_is_the_ordinary_one(office: Office, tmp_path: Path) -> None:
    from roi_xl.case.study import Study

    path = tmp_path / "printed.xlsx"
    path.write_bytes(pdf.printing_workbook(Study(), "en"))
    with office.open(path) as doc:
        assert doc.get("npv") == pytest.approx(82167.43779, abs=1e-4)
