"""The PDF: the same page as the HTML, set by typst; what it needs is said where it is missing."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from roi_xl.case.study import study_of
from roi_xl.errors import BadInput, OutputError
from roi_xl.report import pdf
from roi_xl.report.page import report_page
from roi_xl.text import LANGUAGES, speaking
from tests.report.test_html import FILLED, HOSTILE

typst = pytest.importorskip("typst", reason="needs typst")
DAY = dt.date(2026, 11, 25)


@pytest.fixture
def chinese() -> None:
    """Skips where no font has Chinese characters."""
    known = {name.casefold() for name in typst.Fonts().families()}
    if not any(name.casefold() in known for name in pdf.CHINESE):
        pytest.skip("needs a Chinese font")


def read(data: bytes, folder: Path) -> list[str]:
    """The text of each page, spaces left out."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (poppler-utils) to read the PDF")
    path = folder / "report.pdf"
    path.write_bytes(data)
    command = ["pdftotext", "-layout", str(path), "-"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return ["".join(page.split()) for page in done.stdout.split("\f")[:-1]]


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "given", [{}, {"success_probability": 0.02}, FILLED], ids=["sample", "losing", "filled"]
)
def test_one_page_with_every_word_and_figure_of_the_html(
    language: str, given: dict[str, object], tmp_path: Path
) -> None:
    study = study_of(given)
    (said,) = read(pdf.pdf_page(study, language, DAY), tmp_path)
    with speaking(language):
        page = report_page(study, DAY)
    wanted = [page.verdict, page.about, page.footer, *page.sign_off]
    wanted += [part for f in page.figures for part in (f.label, f.value)]
    for section in page.sections.values():
        wanted.append(section.title)
        if section.table is not None:
            wanted += [cell for row in section.table.rows for cell in row if len(cell) < 20]
    assert not [w for w in wanted if "".join(w.split()) not in said]


def test_the_same_day_gives_the_same_bytes() -> None:
    study = study_of({})
    assert pdf.pdf_page(study, "en", DAY) == pdf.pdf_page(study, "en", DAY)


def test_without_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(BadInput, match=r"roi_xl\[pdf\]"):
        pdf.pdf_page(study_of({}), "en", DAY)


def test_without_a_chinese_font() -> None:
    with pytest.raises(BadInput) as raised:
        pdf.choose_fonts(["Calibri", "Arial"], "zh", chinese=True)
    assert "Noto Sans CJK SC" in raised.value.message("en")
    assert pdf.choose_fonts(["Calibri", "SimSun"], "zh", chinese=True) == ["SimSun", "Calibri"]
    assert pdf.choose_fonts(["calibri", "SimSun"], "en", chinese=True) == ["calibri", "SimSun"]
    assert pdf.choose_fonts([], "en", chinese=False) == ["Libertinus Serif"]


@pytest.mark.parametrize(("name", "needed"), [("Support", False), ("客服助手", True)])
def test_an_english_report_may_need_chinese(name: str, needed: bool) -> None:
    with speaking("en"):
        assert pdf.needs_chinese(report_page(study_of({"project_name": name}))) is needed


def test_nothing_typed_is_read_as_markup(tmp_path: Path) -> None:
    name = f'"#panic()" \\ $ * _ ` {HOSTILE}'
    pages = read(pdf.pdf_page(study_of({"project_name": name}), "en", DAY), tmp_path)
    assert "".join(name.split()) in pages[0]


def test_a_failure_of_typst_is_quoted() -> None:
    with pytest.raises(OutputError, match=r"typst.*unknown variable"):
        pdf._compile(typst, {"main": b"#nothing"}, {})
