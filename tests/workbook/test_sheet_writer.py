"""The writer's cells: typed, never a formula by accident, never silently something else."""

import datetime as dt
import math
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.case.study import Study
from roi_xl.errors import ErrorValue, OutputError
from roi_xl.workbook.save import BUILD_TIME, finished
from roi_xl.workbook.sheet_writer import Book, Page, cell_value, escaped, reads_as_formula
from roi_xl.xlsx.cell_reader import Contents
from roi_xl.xlsx.safe_archive import open_archive
from tests.hosts.office import Office

DANGEROUS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "﹢1", "﹣1",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "=WEBSERVICE(\"http://x\")", "-2+3+cmd|' /C calc'!D2",
]  # fmt: skip


def new_book() -> Book:
    return Book(Study(), "en", BUILD_TIME)


def page() -> Page:
    return new_book().sheet("inputs", "FF000000")


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_text(text: str) -> None:
    cell = page().put(5, 1, text, "ft_line")
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert reads_as_formula(text)


@pytest.mark.parametrize(
    "text", ["", "plain", " =1", "1", "a=b", "中文", "'x", "#N/A", "·1", "0+1"]
)
def test_harmless_text_carries_no_mark(text: str) -> None:
    cell = page().put(5, 1, text, "ft_line")
    assert cell.data_type == "s"
    assert not cell.quotePrefix


@pytest.mark.parametrize(
    "impossible",
    [
        math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf"), Decimal("NaN"),
        Decimal("sNaN"), Decimal("1e400"), 10**400, "a\x00b", "\x0b", "\x1f", "\ud800", "\uffff", "\ufffe",
        "x" * 32_768, "\U0001f600" * 16_384, dt.date(1899, 12, 31), dt.datetime(1, 1, 1), [1], {}, object(),
        1j, b"x",
    ],
)  # fmt: skip
def test_what_no_cell_holds(impossible: object) -> None:
    with pytest.raises(OutputError, match="A5"):
        page().put(5, 1, impossible, "ft_line")
    with pytest.raises(ValueError):
        cell_value(impossible)


@pytest.mark.parametrize(
    "possible",
    [
        "x" * 32767,
        "😀" * 16383,
        "a\tb\nc",
        1.7e308,
        5e-324,
        -0.0,
        2**53,
        True,
        Decimal("0.1"),
        np.float64(1.5),
        np.int64(3),
        dt.date(1900, 1, 1),
        dt.datetime(9999, 12, 31),
        ErrorValue.NUM,
    ],
)
def test_what_a_cell_holds(possible: Any) -> None:
    held = page().put(5, 1, possible, "ft_line").value
    assert held == (float(possible) if isinstance(possible, Decimal) else possible)


@pytest.mark.parametrize(("row", "column"), [(1_048_577, 1), (1, 16_385), (0, 1), (1, 0), (-1, 1)])
def test_places_off_the_sheet(row: int, column: int) -> None:
    with pytest.raises(OutputError, match="1048576"):
        page().put(row, column, 1, "ft_line")
    page().put(1_048_576, 16_384, 1, "ft_line")


def test_formulas_and_their_values() -> None:
    sheet = page()
    refused: list[object] = ["a\x00b", "x" * 40_000, [1], None]
    for cached in refused:
        with pytest.raises(OutputError):
            sheet.formula(5, 1, "A1", cached, "ft_line")
    with pytest.raises(OutputError):
        sheet.formula(5, 1, "A1+" * 3000 + "A1", 1.0, "ft_line")
    title, kept = sheet.ws.title, sheet.book.cached
    taken: list[tuple[object, object]] = [(math.nan, "#NUM!"), (-math.inf, "#NUM!")]
    for value, held in [*taken, (np.float32(0.5), 0.5)]:
        sheet.formula(5, 1, "A1", value, "ft_line")
        assert kept[title]["A5"] == held
    sheet.formula(5, 1, "A1", math.inf, "ft_line")
    assert kept[title]["A5"] == "never"


TEXTS = [
    *DANGEROUS,
    "_x000D_",
    "_x0041_",
    "line\nbreak",
    "car\rriage",
    "<&>\"'",
    "中文 👩‍👩‍👧‍👦",
    "  spaces  ",
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book, str]:
    book = new_book()
    sheet = book.sheet("inputs", "FF000000")
    for row, text in enumerate(TEXTS, 5):
        sheet.put(row, 1, text, "ft_line")
        sheet.formula(row, 2, f"A{row}", text, "ft_line")
    path = tmp_path_factory.mktemp("texts") / "texts.xlsx"
    path.write_bytes(finished(book, BUILD_TIME))
    return path, book, sheet.ws.title


def test_texts_come_back_as_they_were(written: tuple[Path, Book, str]) -> None:
    path, _, title = written
    with open_archive(path) as archive:
        cells = Contents(archive).cells({title: lambda row, column: row >= 5 and column <= 2})[
            title
        ]
    for row, text in enumerate(TEXTS, 5):
        assert cells[row, 1].value == text
        assert cells[row, 1].formula is None
        assert cells[row, 2].value == text
        assert cells[row, 2].formula == f"=A{row}"


def test_libreoffice_shows_them_as_text(written: tuple[Path, Book, str], office: Office) -> None:
    path, _, title = written
    with office.open(path) as doc:
        found = doc.get_many([f"{title}.A{row}" for row in range(5, 5 + len(TEXTS))])
    for row, text in enumerate(TEXTS, 5):
        assert str(found[f"{title}.A{row}"]).replace("\r", "\n") == text.replace("\r", "\n")


def test_only_our_formulas_are_formulas(written: tuple[Path, Book, str]) -> None:
    path, _, title = written
    for row in openpyxl.load_workbook(path)[title].iter_rows(min_row=5):
        for cell in row:
            assert (cell.data_type == "f") == (cell.column == 2), cell.coordinate
    with zipfile.ZipFile(path) as archive:
        assert not [
            n for n in archive.namelist() if "external" in n.lower() or "connection" in n.lower()
        ]


@given(st.text(max_size=20))
def test_any_text_is_written_or_refused(text: str) -> None:
    try:
        held = cell_value(text)
    except ValueError:
        assert any(ord(ch) < 32 or ord(ch) >= 0xD800 for ch in text)
    else:
        from roi_xl.xlsx.cell_reader import plain

        assert plain(escaped(str(held))) == text
