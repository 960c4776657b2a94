"""CSV, Parquet and Excel in and out: the same results, every row in place, never half a file."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from roi_xl import BadInput, FileExists, evaluate_frame
from roi_xl.batch import run
from roi_xl.batch.csv_writer import guarded
from roi_xl.batch.run import Batch, run_batch
from roi_xl.case.graph_steps import STEPS
from roi_xl.text import text, use
from tests.batch.conftest import batch

CASES = """customer,日请求量,quality_need,note,data_preparation_hours
"A, Inc",10000,高,=cmd|' /C calc'!A0,40
B,-5,high,-12.5,40
C,abc,best,@x,40
D,,一般,007,0
"E ""q\"\"",90,,"two
lines",400
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(CASES, encoding="utf-8")
    return path


def test_csv_to_csv(cases: Path, tmp_path: Path, arrow: bool) -> None:
    answer = batch(cases, tmp_path / "out.csv")
    given = pd.read_csv(cases, dtype=str)
    assert answer["customer"].tolist() == given["customer"].tolist()
    assert answer["note"].tolist() == ["'=cmd|' /C calc'!A0", "-12.5", "'@x", "007", "two\nlines"]
    assert answer["日请求量"].fillna("").tolist() == ["10000", "-5", "abc", "", "90"]
    costs = answer["total_cost"].astype(float).tolist()
    # hours at 50, and 3 runs of 4 GPU-hours at 3
    assert costs == [2036.0, 2036.0, 2036.0, 36.0, 20036.0]
    bad = answer["error"].fillna("").tolist()
    assert [bool(b) for b in bad] == [False, True, True, False, False]
    assert bad[1] == "daily_requests (Requests per day) is -5; allowed: a number ≥ 0"
    assert 'daily_requests (Requests per day) is "abc"' in bad[2]
    assert 'quality_need (Quality need) is "best"; allowed: one of: normal, high' in bad[2]


def test_formats_agree(cases: Path, tmp_path: Path) -> None:
    expected = batch(cases, tmp_path / "out.csv")
    parquet = batch(cases, tmp_path / "out.parquet")
    run_batch(Batch(str(cases), str(tmp_path / "out.xlsx"), "en"))
    again = batch(tmp_path / "out.xlsx", tmp_path / "again.parquet")
    for name in ("payback_months", "source_annual_roi", "source_total_cost"):
        numbers = expected[name].astype(float).to_numpy()
        np.testing.assert_array_equal(parquet[name].to_numpy(), numbers)
        np.testing.assert_array_equal(again[name].to_numpy(), numbers)
    for name in ("recommendation", "strategy", "error"):
        words = expected[name].fillna("").tolist()
        assert parquet[name].astype(object).fillna("").tolist() == words
        assert again[name].astype(object).fillna("").tolist() == words
    types = pq.read_schema(tmp_path / "out.parquet")
    assert types.field("日请求量").type == pa.float64()
    assert types.field("customer").type == pa.string()
    assert pa.types.is_dictionary(types.field("strategy").type)


def test_rows_do_not_depend_on_the_chunks(tmp_path: Path, arrow: bool) -> None:
    frame = pd.DataFrame({"daily_requests": np.arange(1000), "customer": "x"})
    frame.to_csv(tmp_path / "c.csv", index=False)
    whole = batch(tmp_path / "c.csv", tmp_path / "a.csv")
    parts = batch(tmp_path / "c.csv", tmp_path / "b.csv", rows=7)
    pd.testing.assert_frame_equal(whole, parts)
    expected = evaluate_frame(frame, "en")["payback_months"]
    np.testing.assert_allclose(whole["payback_months"].astype(float), expected, rtol=1e-15)


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_reading_a_cell_does_not_depend_on_its_row(ending: str, tmp_path: Path) -> None:
    """A word far down in a column of numbers is an error of its row only."""
    column: list[Any] = [100.0] * 500
    column[321] = "many"
    frame = pd.DataFrame({"daily_requests": column})
    path = tmp_path / f"cases{ending}"
    if ending == ".csv":
        frame.to_csv(path, index=False)
    elif ending == ".parquet":
        frame.astype(str).to_parquet(path)  # numbers as text, as a database may hold them
    else:
        frame.to_excel(path, index=False)
    answer = batch(path, tmp_path / "out.parquet", rows=100)
    assert np.flatnonzero(answer["error"].notna()).tolist() == [321]
    assert '"many"' in answer["error"][321]


@pytest.mark.parametrize(
    "number", ["nan", "NaN", "inf", "1_000", "1,000", "0x10", "١٢", "5 USD", "#N/A"]
)
def test_texts_that_are_not_numbers_in_csv(number: str, tmp_path: Path, arrow: bool) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f'daily_requests,x\n"{number}",1\n" 7 ",2\n7e0,3\n')
    answer = batch(path, tmp_path / "o.csv")
    assert answer["error"].notna().tolist() == [True, False, False]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_a_byte_order_mark(
    delimiter: str, tmp_path: Path, arrow: bool
) -> None:
    path = tmp_path / "c.csv"
    line = f"customer{delimiter}日请求量\r\nA{delimiter}5000\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + line.encode())
    answer = batch(path, tmp_path / "o.csv")
    assert answer["日请求量"].tolist() == ["5000"]
    # a file from Excel goes back so that Excel reads it correctly
    assert (tmp_path / "o.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_headings_without_rows(tmp_path: Path, arrow: bool) -> None:
    (tmp_path / "c.csv").write_text("customer,daily_requests\n")
    answer = batch(tmp_path / "c.csv", tmp_path / "o.csv")
    assert len(answer) == 0
    assert list(answer)[:3] == ["customer", "daily_requests", STEPS[0].name]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no headings"),
        (b"a,b\n1,2\n", "no column is an input"),
        (b"daily_requests,x,x\n1,2,3\n", 'heading "x" stands there twice'),
        (b"daily_requests,x\n1,2\n1,2,3\n", "c.csv"),
        (b"daily_requests,x\xff\xff\n", "headings are neither UTF-8 nor GB18030"),
        (b"daily_requests,x\n1,a\n\n1,\xff\xfe\n", "row 2 is not UTF-8 / GB18030 text"),
        # Chinese in UTF-8 with one bad byte is not GB18030, even if its bytes are valid there
        ("日请求量,x\n1,a\n".encode() + b"1,\xb5\xc4\n", "row 2 is not UTF-8 text as what"),
        ("daily_requests,x\n1,客户\n".encode() + b"1,\xb5\xc4\n", "row 2 is not UTF-8"),
        ("日请求量,x\n1,客\n2,".encode("gbk") + b"\xff\n", "row 2 is not GB18030 text as what"),
        ("日请求量,x\n1,客\n".encode("gbk")[:-2] + b"\n", "row 1 is not GB18030 text as what"),
    ],
)
def test_refused_csv(content: bytes, said: str, tmp_path: Path, arrow: bool) -> None:
    use("en")
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        batch(tmp_path / "c.csv", tmp_path / "o.csv")
    assert said in str(caught.value)
    assert os.listdir(tmp_path) == ["c.csv"]


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_refused_files(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"c{ending}"
    path.write_text("neither")
    with pytest.raises(BadInput, match="c"):
        batch(path, tmp_path / "o.csv")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-a", "'-a"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-12.5", "-12.5"),
        ("+3", "+3"),
        ("-1,234.50", "-1,234.50"),
        ("-1e-5", "-1e-5"),
        ("－１，２３４．５", "－１，２３４．５"),
        ("＝１", "'＝１"),
        ("+3 %", "+3 %"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_run(cell: str, shown: str) -> None:
    assert guarded(cell) == shown


def test_raw_text(cases: Path, tmp_path: Path, arrow: bool) -> None:
    assert batch(cases, tmp_path / "o.csv", raw_text=True)["note"][2] == "@x"


def test_strict_names_the_row_and_writes_nothing(cases: Path, tmp_path: Path) -> None:
    use("en")
    with pytest.raises(BadInput, match=r"row 2: daily_requests .* is -5"):
        batch(cases, tmp_path / "o.csv", strict=True, rows=1)
    assert os.listdir(tmp_path) == ["cases.csv"]


def test_nothing_is_overwritten_without_force(cases: Path, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("mine")
    with pytest.raises(FileExists):
        batch(cases, tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_text() == "mine"
    batch(cases, tmp_path / "o.csv", force=True)
    assert "payback_months" in (tmp_path / "o.csv").read_text()


def test_a_file_onto_itself(cases: Path) -> None:
    answer = batch(cases, cases, force=True)
    pd.testing.assert_frame_equal(answer, batch(cases, cases, force=True))


# --- the command ---------------------------------------------------------------------------------


def command(*words: str | Path, **more: Any) -> "subprocess.CompletedProcess[bytes]":
    line = [sys.executable, "-W", "error", "-m", "roi_xl", "batch", *map(str, words)]
    return subprocess.run(line, capture_output=True, timeout=60, **more)


def test_standard_input_and_output() -> None:
    done = command("-", "-o", "-", "--lang", "en", input=CASES.encode())
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert [r["customer"] for r in rows] == ["A, Inc", "B", "C", "D", 'E "q"']
    said = done.stderr.decode()
    assert "5 rows; errors: 2 " in said
    assert "\r" not in said  # no progress line without a terminal


def test_a_misspelt_column_is_mentioned() -> None:
    done = command("-", "-o", "-", "--lang", "en", input=b"daily_requets,gpu_count\n5,1\n")
    assert "did you mean daily_requests?" in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["none.csv", "-o", "o.csv"], 3),
        (["-", "-o", "o.doc"], 3),
        (["-"], 2),
        (["-", "-o", "-", "--chunk", "0"], 2),
        (["-", "-o", "-", "--scheduler", "tcp://localhost:1"], 2),
        (["-", "-o", "-", "--strict"], 3),
    ],
)
def test_exit_codes(words: list[str], code: int, tmp_path: Path) -> None:
    done = command(*words, cwd=tmp_path, input=CASES.encode())
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_interrupted_runs_leave_no_file(sent: int, ending: str, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "roi_xl", "batch", "-", "-o", f"o{ending}", "--chunk", "1"]
    with subprocess.Popen(
        line, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"daily_requests\n" + b"5000\n" * 2000)
        process.stdin.flush()  # without an end of file, so the run waits for more
        limit = time.monotonic() + 120
        while not os.listdir(tmp_path) and time.monotonic() < limit:
            time.sleep(0.01)
        assert os.listdir(tmp_path) != []  # it is writing
        time.sleep(0.3)  # by now it waits for rows that do not come
        process.send_signal(sent)
        assert process.wait(120) not in (0, -sent)
    assert os.listdir(tmp_path) == []


def peak(rows: int, tmp_path: Path, ending: str) -> int:
    """Peak memory in KiB of a batch of this many rows, in its own process."""
    cases, out = tmp_path / "many.csv", tmp_path / f"many.out{ending}"
    with cases.open("w") as file:
        file.write("customer,daily_requests,training_hours,hourly_rate\n")
        block = "".join(f"c{i},{i},{i % 50},{i % 90}.5\n" for i in range(10_000))
        for _ in range(rows // 10_000):
            file.write(block)
    code = (
        "import resource, sys; from roi_xl.batch.run import Batch, run_batch;"
        f"run_batch(Batch({str(cases)!r}, {str(out)!r}, 'en', force=True));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    # Arrow's own allocator keeps different amounts of freed memory from run to run
    env = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    return int(done.stdout) // (1024 if sys.platform == "darwin" else 1)


@pytest.mark.parametrize("ending", [pytest.param(".csv", marks=pytest.mark.slow), ".parquet"])
def test_memory_does_not_grow_with_the_rows(ending: str, tmp_path: Path) -> None:
    small, large = peak(200_000, tmp_path, ending), peak(800_000, tmp_path, ending)
    assert large < 500_000
    # 600,000 rows more: their results alone, held in memory, would be over 500 MB
    assert 600_000 * len(STEPS) * 8 > 500_000_000
    assert large - small < 100_000


def test_default_chunk_is_bounded() -> None:
    assert run.ROWS <= 100_000


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    from roi_xl.cli import batch as command_module

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(command_module, "REFRESH_SECONDS", 0.0)
    use("en")
    shown = command_module.Progress()
    shown.show(run.Counts(rows=250_000), 1_000_000)
    shown.clear()
    said = capfd.readouterr()
    assert said.out == ""
    assert " 25%  250,000 rows" in said.err
    assert "rows/s" in said.err
    assert said.err.endswith("\r\x1b[K")  # and nothing of it remains


# --- workbooks -----------------------------------------------------------------------------------


def test_error_cells_and_uncalculated_formulas_are_not_blanks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["A list of cases"])
    sheet.append([])
    sheet.append(["customer", "Requests per day"])
    for cell in (5000, "#N/A", "=2500+2500", None, True):
        sheet.append(["x", cell])
    sheet.append([])
    sheet.append(["the last", 90])
    sheet.append(["total"])
    book.save(tmp_path / "c.xlsx")
    answer = batch(tmp_path / "c.xlsx", tmp_path / "o.parquet")
    assert answer["customer"].tolist() == ["x"] * 5 + ["the last"]
    errors = answer["error"].fillna("").tolist()
    assert [bool(e) for e in errors] == [False, True, True, False, True, False]
    assert "#N/A" in errors[1]
    assert "=2500+2500" in errors[2]
    assert text("quantity.daily_requests.label", "en") in errors[1]


def test_without_calamine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pd.DataFrame({"daily_requests": [5000, 1.5], "n": ["a", None]}).to_excel(
        tmp_path / "c.xlsx", index=False
    )
    fast = batch(tmp_path / "c.xlsx", tmp_path / "a.csv")

    from roi_xl.batch import xlsx_reader

    monkeypatch.setattr(xlsx_reader, "_read_plain", lambda *_: {})
    pd.testing.assert_frame_equal(fast, batch(tmp_path / "c.xlsx", tmp_path / "b.csv"))
