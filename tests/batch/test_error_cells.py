"""Error cells and formulas without values, however a program spells them: never a blank."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roi_xl.batch.error_cells import error_cells, fits_table
from roi_xl.batch.run import Batch, run_batch
from roi_xl.batch.xlsx_reader import XlsxSource
from roi_xl.errors import ErrorValue
from roi_xl.workbook.study_reader import read_cells
from roi_xl.xlsx.cell_reader import MOST_AREA, Contents, column_letters
from tests.batch.conftest import batch
from tests.xlsx.hostile import minimal, write

SHEET = "xl/worksheets/sheet1.xml"
HEADINGS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>daily_requests</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>note</t></is></c></row>'
)
GOOD = '<row r="2"><c r="A2"><v>5000</v></c><c r="B2" t="inlineStr"><is><t>x</t></is></c></row>'
OPEN, CLOSE = "<sheetData>", "</sheetData>"

# the third row's first cell, as programs and people with time spell it
PLAIN = {
    "error": '<c r="A3" t="e"><v>#N/A</v></c>',
    "styled": '<c r="A3" s="1" t="e"><v>#DIV/0!</v></c>',
    "style last": '<c r="A3" t="e" s="1"><v>#NUM!</v></c>',
    "formula": '<c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "shared formula": '<c r="A3" t="e"><f t="shared" si="0"/><v>#DIV/0!</v></c>',
    "unknown error": '<c r="A3" t="e"><v>#BUSY!</v></c>',
    "number": '<c r="A3"><f>2+3</f><v>5</v></c>',
    "empty text of a formula": '<c r="A3" t="str"><f>IF(1,"")</f><v></v></c>',
}
ODD = {
    "no value": '<c r="A3"><f>2500+2500</f></c>',
    "empty value": '<c r="A3"><f>2500+2500</f><v></v></c>',
    "closed value": '<c r="A3"><f>2500+2500</f><v/></c>',
    "value on its own line": '<c r="A3"><f>2500+2500</f>\n<v/>\n</c>',
    "shared without value": '<c r="A3"><f t="shared" si="0"/></c>',
    "single quotes": "<c r='A3' t='e'><v>#N/A</v></c>",
    "spaces": '<c r="A3" t = "e"><v>#N/A</v></c>',
    "line break": '<c\nr="A3"\nt="e"><v>#N/A</v></c>',
    "reference": '<c r="A3" t="&#101;"><v>#N/A</v></c>',
    "spaces inside": '<c r="A3" t="e" > <v>#N/A</v> </c>',
    "no address": '<c t="e"><v>#N/A</v></c>',
    "comment": '<!-- <c r="A3" t="e"><v>#N/A</v></c> --><c r="A3"><v>5</v></c>',
    "character data": '<c r="A3" t="e"><v><![CDATA[#N/A]]></v></c>',
    "text of a formula": '<c r="A3" t="str"><f>"e"&amp;""</f><v>e</v></c>',
    "looks like one": '<c r="A3" t="inlineStr"><is><t>t="e"</t></is></c>',
}
SPELT = PLAIN | ODD


def sheet(cell: str) -> str:
    return f'{OPEN}{HEADINGS}{GOOD}<row r="3">{cell}</row>{CLOSE}'


def with_prefix(cell: str) -> dict[str, bytes]:
    """The sheet as Microsoft's own SDK writes it, every element with a prefix."""
    parts = minimal(sheet(cell))
    xml = parts[SHEET].decode().replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t"):
        xml = re.sub(rf"<(/?){name}(?=[\s>/])", rf"<\1x:{name}", xml)
    return {**parts, SHEET: xml.encode()}


def examined(path: Path) -> dict[tuple[int, int], ErrorValue] | None:
    with zipfile.ZipFile(path) as archive:
        return error_cells(archive, SHEET) if fits_table(archive, SHEET, MOST_AREA) else None


def rows(source: XlsxSource) -> list[list[Any]]:
    """The rows of cases, of which one reader pads short ones with blanks."""
    width = len(source.headings)
    filled = [[None if c == "" else c for c in row] for row in source._rows]
    return [row + [None] * (width - len(row)) for row in filled]


@pytest.mark.parametrize("spelt", SPELT)
@pytest.mark.parametrize("prefix", [False, True])
def test_no_spelling_turns_a_cell_into_a_blank(spelt: str, prefix: bool, tmp_path: Path) -> None:
    cell = SPELT[spelt]
    path = write(tmp_path / "c.xlsx", with_prefix(cell) if prefix else minimal(sheet(cell)))
    expected = next(iter(read_cells(path).values()))[2][0]
    answer = batch(path, tmp_path / "o.csv")
    assert answer["error"].isna()[0]
    if spelt == "empty text of a formula":
        assert len(answer) == 1  # a row of blanks
    else:
        good = spelt in ("number", "comment")
        assert answer["error"].isna()[1] == good
        assert good or str(expected) in answer["error"][1]


@pytest.mark.parametrize("spelt", SPELT)
def test_only_plain_spellings_are_searched(spelt: str, tmp_path: Path) -> None:
    path = write(tmp_path / "c.xlsx", minimal(sheet(SPELT[spelt])))
    assert (examined(path) is not None) == (spelt in PLAIN)
    assert examined(write(tmp_path / "x.xlsx", with_prefix(SPELT[spelt]))) is None


def test_errors_are_found_in_their_places(tmp_path: Path) -> None:
    path = write(tmp_path / "c.xlsx", minimal(sheet(PLAIN["error"])))
    assert examined(path) == {(3, 1): ErrorValue.NA}
    path = write(tmp_path / "c2.xlsx", minimal(sheet(PLAIN["unknown error"])))
    assert examined(path) == {(3, 1): ErrorValue.VALUE}


@pytest.mark.parametrize(
    ("row", "column", "fits"),
    [(4, 3, True), (60_000, 52, True), (4, 703, False), (4, 16_384, False), (1_048_576, 1, False)],
)
def test_cells_far_apart_are_not_a_table(row: int, column: int, fits: bool, tmp_path: Path) -> None:
    far = f'<row r="{row}"><c r="{column_letters(column)}{row}"><v>1</v></c></row>'
    xml = f"{OPEN}{HEADINGS}{GOOD}{far}{CLOSE}"
    path = write(tmp_path / "c.xlsx", minimal(xml))
    with zipfile.ZipFile(path) as archive:
        assert fits_table(archive, SHEET, MOST_AREA) == fits


@pytest.mark.parametrize("size", [200, 1_000, 4 << 20])
def test_blocks_cut_between_rows_lose_nothing(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roi_xl.batch.error_cells._PIECE", size)
    lines = "".join(
        f'<row r="{r}"><c r="A{r}" s="0" t="e"><v>#N/A</v></c><c r="B{r}"><v>{r}</v></c></row>'
        for r in range(3, 200)
    )
    path = write(tmp_path / "c.xlsx", minimal(f"{OPEN}{HEADINGS}{GOOD}{lines}{CLOSE}"))
    assert examined(path) == {(row, 1): ErrorValue.NA for row in range(3, 200)}


def test_a_portfolio_with_errors_is_read_the_fast_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows whose results do not exist are error cells; our own reader is ten times slower."""
    frame = pd.DataFrame({"data_preparation_hours": [0.0, 40.0], "training_hours": [0.0, 4.0]})
    frame.to_csv(tmp_path / "c.csv", index=False)
    slow: list[str] = []
    read = Contents.rows

    def watched(self: Contents, title: str) -> list[list[object]]:
        slow.append(title)
        return read(self, title)

    monkeypatch.setattr(Contents, "rows", watched)
    for live_rows in (10_000, 1):
        monkeypatch.setattr("roi_xl.batch.portfolio.LIVE_ROWS", live_rows)
        out = tmp_path / f"{live_rows}.xlsx"
        run_batch(Batch(str(tmp_path / "c.csv"), str(out), "en"))
        fast = rows(XlsxSource(out))
        assert "Cases" not in slow
        assert any(isinstance(cell, ErrorValue) for cell in fast[0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("roi_xl.batch.xlsx_reader._read_plain", lambda *_: {})
            assert rows(XlsxSource(out)) == fast
        slow.clear()
