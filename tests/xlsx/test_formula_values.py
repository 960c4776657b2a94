"""Simple formulas are recomputed as spreadsheets compute them; anything else is left alone."""

from pathlib import Path

import pytest

from roi_xl.xlsx.cell_reader import Contents
from roi_xl.xlsx.formula_values import Recomputation
from roi_xl.xlsx.safe_archive import open_archive
from tests.xlsx.hostile import minimal, write

SHEET = (
    "<sheetData>"
    '<row r="1"><c r="A1"><v>2</v></c><c r="B1"><v>3.5</v></c>'
    '<c r="C1" t="inlineStr"><is><t>seven</t></is></c><c r="D1" t="b"><v>1</v></c></row>'
    '<row r="2"><c r="A2"><f>A1*10</f><v>999</v></c><c r="B2"><f>B3</f><v>1</v></c>'
    '<c r="C2"><f>LEN("x")</f><v>1</v></c></row>'
    '<row r="3"><c r="B3"><f>B2</f><v>1</v></c></row></sheetData>'
)
NAMES = '<definedName name="Rate">S1!$B$1</definedName>'


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # precedence as in Excel: a sign binds tighter than ^, which runs from the left
        ("=-2^2", 4.0), ("=2^3^2", 64.0), ("=2+3*4", 14.0), ("=(2+3)*4", 20.0), ("=10%*50", 5.0),
        ("=6/4-1", 0.5), ("=+3", 3.0), ("=2^-1", 0.5), ("=1.5E2", 150.0),
        ("=A1+B1", 5.5), ("=S1!$A$1*2", 4.0), ("='S1'!a1", 2.0), ("=rate*2", 7.0), ("=Z9+1", 1.0),
        ("=A2", 20.0),  # through another formula, whatever is stored beside it
        ("=SUM(A1:D1)", 5.5), ("=sum(1;2,A1)", 5.0), ("=AVERAGE(A1:B1)", 2.75), ("=MIN(A1,B1)", 2.0),
        ("=MAX(A1:B1)*2", 7.0), ("=PRODUCT(A1:B1)", 7.0), ("=ABS(-A1)", 2.0), ("=ROUND(10/3,1)", 3.3),
        ("=ROUND(-12.6,0)", -13.0),
    ],
)  # fmt: skip
def test_what_is_recomputed(formula: str, value: float, tmp_path: Path) -> None:
    assert recomputed(formula, tmp_path) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        "=", "=1+", "=C1*2", "=D1", "=C2", "=B2", "=LEN(A1)", "=NOW()", "=1/0", "=10^400", "=(-8)^0.5",
        "=[1]S1!A1", "=Nowhere!A1", "=A1:B1", "=ROUND(2.345,2)", "=IF(1,2,3)", '="1"+1', "=A1048576",
        "=SUM()", "=SUM(C1)", "=unknown", "=" + "(" * 200 + "1" + ")" * 200, "=" + "1+" * 400 + "1",
        "=SUM(A1:XFD1048576)", "=A1 B1", "={1,2}", "=1,2",
    ],
)  # fmt: skip
def test_what_is_not(formula: str, tmp_path: Path) -> None:
    assert recomputed(formula, tmp_path) is None


def recomputed(formula: str, folder: Path) -> float | None:
    path = write(folder / "a.xlsx", minimal(SHEET, names=NAMES))
    with open_archive(path) as archive:
        return Recomputation(Contents(archive)).value("S1", formula)


def test_shared_formulas_are_written_out(tmp_path: Path) -> None:
    sheet = (
        '<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>6</v></c></row></sheetData>'
    )
    path = write(tmp_path / "a.xlsx", minimal(sheet))
    with open_archive(path) as archive:
        cells = Contents(archive).cells({"S1": lambda _row, _column: True})["S1"]
    assert [cells[row, 1].formula for row in (1, 2)] == ["=B1*2", "=B2*2"]
