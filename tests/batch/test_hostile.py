"""Workbooks of cases from anywhere are read, or refused with one error, within memory and time."""

from pathlib import Path

import pytest

from tests.marks import in_ci
from tests.workbook.measured import read_measured
from tests.xlsx.hostile import BOMBS, minimal, write


def corners() -> dict[str, bytes]:
    """Two cells in opposite corners of a sheet: a table of 17 thousand million cells."""
    near = '<row r="1"><c r="A1" t="inlineStr"><is><t>daily_requests</t></is></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return minimal(f"<sheetData>{near}{far}</sheetData>")


def wide_rows() -> dict[str, bytes]:
    rows = "".join(f'<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>' for r in range(1, 100_000))
    return minimal(f"<sheetData>{rows}</sheetData>")


def hidden_corner() -> dict[str, bytes]:
    """The same, with an address that a plain search does not find."""
    return {
        name: part.replace(b'r="XFD1048576"', b'r = "&#88;FD1048576"')
        for name, part in corners().items()
    }


OURS = {f.__name__: f for f in (corners, wide_rows, hidden_corner)}
MADE = OURS | BOMBS


# tests/workbook tests the guard itself on all of them


@pytest.mark.parametrize("made", [*OURS, *in_ci(*BOMBS)])
def test_hostile_workbooks_of_cases(made: str, tmp_path: Path) -> None:
    path = write(tmp_path / "cases.xlsx", MADE[made]())
    imports = "from roi_xl.batch.xlsx_reader import XlsxSource"
    said = read_measured(path, "XlsxSource", imports, loaded_mb=150)
    refused = said.startswith("bad_workbook.") or said in ("not_a_workbook", "no_heading_row")
    assert refused or said == "read"
