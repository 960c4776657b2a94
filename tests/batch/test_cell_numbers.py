"""Tables as people save them: encodings, separators and number formats, none of them guessed."""

import csv
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roi_xl import BadInput
from roi_xl.batch import csv_reader
from roi_xl.batch.columns import lay_out
from roi_xl.text import use
from tests.batch.conftest import CHINESE, batch
from tests.batch.test_files import command


@pytest.mark.parametrize("block", [7, 40, 4 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_encodings(
    encoding: str, block: int, tmp_path: Path, arrow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_reader, "BLOCK_BYTES", block)
    (tmp_path / "c.csv").write_bytes(CHINESE.encode(encoding))
    answer = batch(tmp_path / "c.csv", tmp_path / "o.csv")
    given = pd.read_csv(io.StringIO(CHINESE, newline=""), dtype=str)
    pd.testing.assert_frame_equal(answer[list(given)], given)
    assert answer["error"].isna().all()
    # hours at 50, and 3 runs of 4 GPU-hours at 3
    assert answer["total_cost"].astype(float).tolist() == [50 * 1234567 + 36, 50 * 40.5 + 36]
    # without the mark Chinese Excel reads a CSV file as GB18030
    marked = (tmp_path / "o.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert marked == (encoding != "utf-8")


def test_the_encoding_is_found_where_chinese_begins(tmp_path: Path, arrow: bool) -> None:
    rows = "daily_requests,客户\n".encode("gb18030"), b"5,a\n" * 9, "6,联通\n".encode("gb18030")
    for heading in (rows[0], b"daily_requests,x\n"):
        (tmp_path / "c.csv").write_bytes(heading + rows[1] + rows[2])
        answer = batch(tmp_path / "c.csv", tmp_path / "o.csv", rows=2, force=True)
        assert answer.iloc[-1, 1] == "联通"


def test_an_encoding_error_names_its_row_in_every_block(
    tmp_path: Path, arrow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    use("en")
    monkeypatch.setattr(csv_reader, "BLOCK_BYTES", 64)
    rows = "".join(f"{i},客户\n" for i in range(100)).encode().replace(b"77,\xe5", b"77,\xff")
    (tmp_path / "c.csv").write_bytes(b"daily_requests,x\n" + rows)
    with pytest.raises(BadInput, match="row 78 "):
        batch(tmp_path / "c.csv", tmp_path / "o.csv")
    assert os.listdir(tmp_path) == ["c.csv"]


WRITTEN: list[tuple[str, list[str], list[Any]]] = [
    (";", ["2036,5", "1.234", "1.234.567,5", "－７", "7"], [2036.5, 1234, 1234567.5, -7, 7]),
    (";", ["2036.5", "1.234", "1,234", "7"], [2036.5, 1.234, 1234, 7]),
    (",", ["2036.5", "1.234", "1,234", "1 234"], [2036.5, 1.234, 1234, 1234]),
    (",", ["1,234,567", "12,345", "１２，３４５"], [1234567, 12345, 12345]),
    (",", ["0,5", "1.234", "2e3"], [0.5, 1234, 2000]),
    ("\t", ["1.234,5", "1.234"], [1234.5, 1234]),
    # no number settles the decimal mark, so ambiguous ones are bad
    (",", ["1.234", "1,234", "7"], [1.234, "1,234", 7]),
    ("\t", ["1.234", "1,234", "7"], [1.234, "1,234", 7]),
    (";", ["1.234", "1,234", "7"], ["1.234", "1,234", 7]),
    (",", ["0.5", "0,5", "1.234", "1,234", "1.5"], [0.5, 0.5, "1.234", "1,234", 1.5]),
]


def read_as(read: list[Any], answer: pd.DataFrame) -> None:
    """The rows were evaluated with these hourly rates; a text stands for an ambiguous number."""
    expected = []
    for number, error in zip(read, answer["error"], strict=True):
        good = not isinstance(number, str) and number >= 0
        if isinstance(number, str):
            assert f'is "{number}" (thousands or decimals?' in error
        elif number < 0:
            assert f"is {number}; allowed: a number ≥ 0" in error
        else:
            assert pd.isna(error)
        expected.append(number * 40 + 36 if good else np.nan)  # 40 hours, and the compute cost
    costs = answer["total_cost"].astype(float).tolist()
    assert costs == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("delimiter", "written", "read"), WRITTEN)
def test_numbers_as_people_write_them(
    delimiter: str, written: list[str], read: list[Any], tmp_path: Path, arrow: bool
) -> None:
    frame = pd.DataFrame({"hourly_rate": written, "n": written})
    frame.to_csv(tmp_path / "c.csv", sep=delimiter, index=False)
    answer = batch(tmp_path / "c.csv", tmp_path / "o.csv", rows=2)
    assert answer["n"].tolist() == answer["hourly_rate"].tolist() == written
    read_as(read, answer)


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
@pytest.mark.parametrize(("written", "read"), [w[1:] for w in WRITTEN if w[0] == ","])
def test_numbers_as_text_in_typed_files(
    written: list[str], read: list[Any], ending: str, tmp_path: Path
) -> None:
    frame = pd.DataFrame({"hourly_rate": written, "n": written})
    path = tmp_path / f"c{ending}"
    frame.to_parquet(path) if ending == ".parquet" else frame.to_excel(path, index=False)
    answer = batch(path, tmp_path / "o.csv")
    assert answer["n"].tolist() == written
    read_as(read, answer)
    numbers = batch(path, tmp_path / "o.parquet")["hourly_rate"]
    expected = [np.nan if isinstance(number, str) else number for number in read]
    assert numbers.tolist() == pytest.approx(expected, nan_ok=True)


def test_chinese_excel_through_a_pipe() -> None:
    done = command("-", "-o", "-", "--lang", "zh", input=CHINESE.encode("gb18030"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"))))
    assert [row["客户"] for row in rows] == ["甲, 公司", "乙"]


# --- rows that a slip would swallow --------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"daily_requests,x\r5,a\r6,b\r", "old Mac"),
        (b'daily_requests,x\n5,a\n6,"b\n7,c\n8,d\n', "row 2: a quotation mark is never closed"),
        (b'daily_requests,"x\n5,a\n', "row 0: a quotation mark is never closed"),
    ],
)
def test_rows_that_a_slip_would_swallow_are_refused(
    content: bytes, said: str, tmp_path: Path, arrow: bool
) -> None:
    use("en")
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(BadInput, match=said):
        batch(tmp_path / "c.csv", tmp_path / "o.csv")
    assert os.listdir(tmp_path) == ["c.csv"]


def test_an_inch_mark_is_text(tmp_path: Path, arrow: bool) -> None:
    (tmp_path / "c.csv").write_bytes(b'daily_requests,x\n5,a\n6,27" screen\n7,c\n')
    answer = batch(tmp_path / "c.csv", tmp_path / "o.csv")
    assert answer["x"].tolist() == ["a", '27" screen', "c"]


def test_a_quote_that_is_never_closed_costs_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use("en")
    monkeypatch.setattr(csv_reader, "BLOCK_BYTES", 10_000)
    monkeypatch.setattr(csv_reader, "MOST_RECORD", 40_000)
    read = []

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            read.append(size)
            return super().read(size)

    content = b"daily_requests,x\n" + b"5,a\n" * 5_000 + b'6,"b\n' + b"7,c\n" * 50_000
    source = csv_reader.CsvSource(Stream(content), "c.csv")
    with pytest.raises(BadInput, match="a quotation mark is never closed"):
        for _ in source.chunks(lay_out(source.headings), 1_000):
            pass
    assert len(read) < 10  # of 23 blocks
    for heading in (b"x" * 50_000, b'"' + b"x\n" * 30_000):
        with pytest.raises(BadInput, match="row 0"):
            csv_reader.CsvSource(Stream(heading), "c.csv")
