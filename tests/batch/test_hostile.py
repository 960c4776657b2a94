"""Workbooks of cases from anywhere: read, or refused with one error, within memory and time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workbook.hostile import BOMBS, minimal, write
from tests.workbook.test_hostile import MOST_MEMORY_MB, MOST_SECONDS

READ = """
import resource, sys
from pathlib import Path
from roi_xl import RoiError
from roi_xl.batch.xlsx_in import XlsxSource
def status(name):
    return int(open('/proc/self/status').read().split(name + ':')[1].split()[0]) // 1024
now = status('VmSize') + {memory}
resource.setrlimit(resource.RLIMIT_AS, (now << 20, now << 20))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
try:
    XlsxSource(Path(sys.argv[1]))
    said = 'cases'
except RoiError as error:
    said = error.key
print(said, status('VmHWM'))
"""


def corners() -> dict[str, bytes]:
    """Two cells, as far from each other as a sheet allows: a table of 17 thousand million."""
    near = '<row r="1"><c r="A1" t="inlineStr"><is><t>daily_requests</t></is></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return minimal(f"<sheetData>{near}{far}</sheetData>")


def wide_rows() -> dict[str, bytes]:
    rows = "".join(f'<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>' for r in range(1, 100_000))
    return minimal(f"<sheetData>{rows}</sheetData>")


def hidden_corner() -> dict[str, bytes]:
    """The same corner, its address written so that a search for it finds nothing."""
    return {
        name: part.replace(b'r="XFD1048576"', b'r = "&#88;FD1048576"')
        for name, part in corners().items()
    }


MADE = {f.__name__: f for f in (corners, wide_rows, hidden_corner)} | BOMBS


# the guard that these run into is tested on all of them in tests/workbook as well
LONG = ("huge_sheet", "many_strings", "one_sheet_many_times", "long_texts")


@pytest.mark.parametrize(
    "made", [pytest.param(m, marks=pytest.mark.slow) if m in LONG else m for m in MADE]
)
def test_hostile_workbooks_of_cases(made: str, tmp_path: Path) -> None:
    path = write(tmp_path / "cases.xlsx", MADE[made]())
    code = READ.format(memory=MOST_MEMORY_MB - 150, seconds=MOST_SECONDS)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        timeout=4 * MOST_SECONDS,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-500:]
    said, memory = done.stdout.split()
    assert int(memory) < MOST_MEMORY_MB
    refused = said.startswith("bad_workbook.") or said in ("not_a_workbook", "no_heading_row")
    assert refused or said == "cases"
