"""A check costs little memory and time, however large the file or however much it claims to hold."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.planting import file_bytes
from tests.workbook.measured import read_measured
from tests.xlsx.hostile import parts_of, write

PREPARE = "from roi_xl.audit.run import check_workbook"
INPUTS = "xl/worksheets/sheet2.xml"


def rows(count: int, columns: str) -> str:
    return "".join(
        f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>1</v></c>' for c in columns) + "</row>"
        for r in range(500, 500 + count)
    )


def many_cells(sheet: str) -> str:
    return sheet.replace("</sheetData>", rows(100_000, "ABCDE") + "</sheetData>")


def wide_ranges(sheet: str) -> str:
    """Ranges over the whole sheet, which openpyxl would turn into a cell each."""
    everything = "A1:XFD1048576"
    merged = f'<mergeCells count="1"><mergeCell ref="{everything}"/></mergeCells>'
    rule = (
        f'<dataValidation type="whole" sqref="{everything}"><formula1>1</formula1></dataValidation>'
    )
    sheet = sheet.replace("</sheetData>", f"</sheetData>{merged}")
    return sheet.replace("</dataValidations>", f"{rule * 2_000}</dataValidations>")


@pytest.mark.parametrize(
    ("change", "expected"),
    [(many_cells, "bad_workbook.part_too_much"), (wide_ranges, "read")],
)
def test_a_check_is_bounded(change: object, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(file_bytes("en"))
    parts = parts_of(path)
    assert callable(change)
    write(path, parts | {INPUTS: change(parts[INPUTS].decode()).encode()})
    assert read_measured(path, "check_workbook", PREPARE, loaded_mb=150) == expected


def test_too_little_memory_is_no_failed_rule() -> None:
    """Exit code 1 means that a rule failed."""
    code = (
        "import sys\n"
        "from roi_xl import __main__\n"
        "from roi_xl.cli.main import cli\n"
        "def fail(*_, **__): raise MemoryError\n"
        "cli.main = fail\n"
        "sys.argv = ['roi-xl', 'check', 'a.xlsx', '--lang', 'en']\n"
        "__main__.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert done.stderr == "error: not enough memory for this file\n"
