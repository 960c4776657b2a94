"""Text files as people and programs write them: encodings, separators, numbers, bombs."""

import json
import os
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import Case, RoiError, read_case
from roi_xl.errors import BadInput
from roi_xl.io.numbers import decimal_mark, looks_blank, number, stored_number
from roi_xl.io.text_files import (
    decode,
    delimiter_of,
    existing,
    read_text,
    rows_of,
)
from tests.marks import POSIX

CASE = 'quality_need = "高"  # 质量要求\ndaily_requests = 5000\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    toml = tmp_path / "案例.toml"
    toml.write_bytes(CASE.encode(encoding))
    (tmp_path / "a.json").write_bytes(
        json.dumps({"quality_need": "高"}, ensure_ascii=False).encode(encoding)
    )
    assert read_case(toml)["quality_need"] == "high"
    assert read_case(tmp_path / "a.json")["quality_need"] == "high"
    assert decode("￥１２，０００".encode(encoding), "a") == "￥１２，０００"


def test_windows_line_endings(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(CASE.replace("\n", "\r\n").encode())
    assert read_case(path)["daily_requests"] == 5000


def test_neither_encoding() -> None:
    with pytest.raises(BadInput, match="GB18030"):
        decode(b"daily = \xff\xff", "a.toml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5000", 5000),
        (" 5000 ", 5000),
        ("-5", -5),
        ("+5", 5),
        ("−5", -5),  # U+2212
        ("１２３", 123),
        ("－１２．５", -12.5),
        ("＋３", 3),
        ("１２，３４５．６", 12345.6),
        ("12,345.6", 12345.6),
        ("1,234,567", 1234567),
        ("1.234,5", 1234.5),
        ("1.234.567,5", 1234567.5),
        ("1.234.567", 1234567),
        ("1 234 567,5", 1234567.5),
        ("1\u00a0234", 1234),
        ("1\u202f234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("1’234", 1234),
        ("0,009", 0.009),  # nobody groups a leading zero
        ("0.009", 0.009),
        ("1.234", 1.234),  # a point alone is a decimal point to every program
        ("1,5", 1.5),
        ("12,3456", 12.3456),
        (".5", 0.5),
        ("5.", 5),
        ("1e-3", 0.001),
        ("1.5E3", 1500),
    ],
)
def test_numbers_as_people_write_them(written: str, value: float) -> None:
    assert number(written) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "written",
    [
        "four",
        "1_000",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "--5",
        "1.2.3",
        "1e",
        "0x10",
        "5%",
        "$5",
        "(5)",
        "1 2",
        "½",
        "²",
        "10²",
        "①",
        "٣",
        "",
        " ",
        "12,34,567",
        "1,23,4",
        "1,234.567,8",
        "1,000.000,000",
        "1 234.567 8",
        "一千",
    ],
)
def test_not_a_number(written: str) -> None:
    assert number(written) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$0.90", 0.9),
        ("＄１．５", 1.5),
        ("$ 2", 2.0),
        ("$1,234.5", 1234.5),
        ("€2", None),
        ("2$", None),
    ],
)
def test_an_amount_may_have_the_sign_of_its_currency(written: str, value: float | None) -> None:
    assert number(written, currency="$") == value
    assert number(written) is None


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("12", 12), (" 12\n", 12), ("-1.5e-3", -0.0015), ("1E5", 1e5), ("+1", 1.0), (".5", 0.5),
        ("1_000", None), ("１２", None), ("1,000", None), ("nan", None), ("inf", None), ("0x1", None),
        ("", None), ("1 2", None), ("\u00a012", None),
    ],
)  # fmt: skip
def test_numbers_as_cells_store_them(stored: str, value: float | None) -> None:
    assert stored_number(stored) == value


def test_what_only_looks_blank() -> None:
    assert [looks_blank(s) for s in ("\u00a0", "\u3000 ", " ", "", "a\u00a0")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_ambiguous_numbers_are_refused() -> None:
    for written in ("1,234", "12,345", "-1,234", "１，２３４"):
        with pytest.raises(BadInput, match="千位"):
            number(written)
    assert number("1,234", ".") == 1234
    assert number("1,234", ",") == 1.234
    assert number("1.234", ",") == 1234
    assert number("1.5", ",") is None  # a table that uses commas means something else by this
    assert number("1,5", ".") is None
    for written in ("1,234", "1.234"):
        with pytest.raises(BadInput, match="千位"):
            number(written, "?")
    assert [number(w, "?") for w in ("1,5", "1.5", "0.125", "1.234,5")] == [1.5, 1.5, 0.125, 1234.5]


def test_decimal_mark_of_a_table() -> None:
    assert decimal_mark(["0,01", "1,234"], ";") == ","
    assert decimal_mark(["0.01", "1,234"], ",") == "."
    assert decimal_mark(["1,234,567", "1,234"], "\t") == "."
    assert decimal_mark(["1.234.567"], "\t") == ","
    assert decimal_mark(["1,234", "text"], ",") is None
    assert decimal_mark(["1,234"], "\t") is None
    assert decimal_mark(["1,234", "1.234"], ";") == "?"  # a semicolon leaves the comma to decimals
    assert decimal_mark(["0,5", "0.5"], "\t") == "?"  # it contradicts itself


def grouped(value: int, places: int, group: str, mark: str) -> str:
    whole, rest = divmod(value, 10**places)
    digits = f"{whole:,}".replace(",", group)
    return f"{digits}{mark}{rest:0{places}d}" if places else digits


@given(
    st.integers(0, 10**12),
    st.integers(0, 6),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", "."), ("", ",")]),
    st.booleans(),
)
def test_written_numbers_are_read_back(
    value: int, places: int, marks: tuple[str, str], wide: bool
) -> None:
    written = grouped(value, places, *marks)
    if wide:
        written = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789.," else c for c in written)
    assert number(written, marks[1]) == float(Fraction(value, 10**places))


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_none(written: str) -> None:
    for decimal in (None, ".", ","):
        try:
            value = number(written, decimal)
        except BadInput:
            assert decimal is None
        else:
            assert value is None or isinstance(value, float)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separators(delimiter: str) -> None:
    table = f'name{delimiter}"a,;\t""b"{delimiter}c\r\n"x\r\ny"{delimiter}2{delimiter}3\r\n'
    assert delimiter_of(table.partition("\r\n")[0]) == delimiter
    assert list(rows_of(table)) == [["name", 'a,;\t"b', "c"], ["x\r\ny", "2", "3"]]


# --- case files that mean harm -------------------------------------------------------------------


def refused(path: Path, *parts: str) -> None:
    start = time.process_time()
    with pytest.raises(BadInput) as raised:
        read_case(path)
    assert time.process_time() - start < 10
    for language in ("zh", "en"):
        said = raised.value.message(language)
        assert path.name in said
        assert len(said) < 1000
    for part in parts:
        assert part in str(raised.value)


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("[" * 400_000, []),
        ('{"a":' * 150_000, []),
        ('{"inputs": ' + "[" * 100_000 + "]" * 100_000 + "}", []),
        ('{"daily_requests": 1, "daily_requests": 2}', ["daily_requests"]),
        ('{"inputs": {"gpu_count": 1, "gpu_count": 1}}', ["gpu_count"]),
        ('{"daily_requests": NaN}', ["NaN"]),
        ('{"daily_requests": -Infinity}', ["Infinity"]),
        ('{"daily_requests": ' + "9" * 5000 + "}", ["daily_requests"]),
        ('{"daily_requests": 1e999}', ["daily_requests", "inf"]),
        ('{"daily_requests": 1e-999999, "x": 1}', ["x"]),
        ('{"daily_requests": [1, 2]}', ["daily_requests"]),
        ('{"daily_requests": {"a": 1}}', ["daily_requests"]),
        ('{"daily_requests": true}', ["daily_requests", "True"]),
        ('{"' + "x" * 500_000 + '": 1}', []),
        ('{"\\ud800": 1}', []),
        ('"text"', ["str"]),
        ("null", ["NoneType"]),
        ("", ["1"]),
        ("{} {}", ["1"]),
    ],
)
def test_json(tmp_path: Path, content: str, parts: list[str]) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    refused(path, *parts)


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("a = " + "[" * 300_000, []),
        ("a = " + "{a=" * 100_000, []),
        (".".join("a" for _ in range(3000)) + " = 1", []),
        ("[" + ".".join("a" for _ in range(3000)) + "]\n", []),
        ("daily_requests = 1\ndaily_requests = 2", []),
        ("daily_requests = nan", ["daily_requests", "nan"]),
        ("daily_requests = inf", ["daily_requests", "inf"]),
        ("daily_requests = " + "9" * 5000, []),
        ("daily_requests = 1_0__0", []),
        ("daily_requests = 1979-05-27T07:32:00Z", ["1979-05-27"]),
        ("[[inputs]]\ngpu_count = 1", []),
        ('daily_requests = "' + "x" * 100_000 + '"', ["daily_requests"]),
        ("\x00", []),
    ],
)
def test_toml(tmp_path: Path, content: str, parts: list[str]) -> None:
    path = tmp_path / "a.toml"
    path.write_text(content, encoding="utf-8")
    refused(path, *parts)


@POSIX
def test_devices_pipes_and_folders_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_text("#" * 1_100_000)
    refused(large, "1 MB")
    os.mkfifo(tmp_path / "pipe.json")
    refused(tmp_path / "pipe.json")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    refused(tmp_path / "zero.toml")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    refused(tmp_path / "loop.toml")
    (tmp_path / "folder.json").mkdir()
    refused(tmp_path / "folder.json")
    with pytest.raises(BadInput):
        read_case(tmp_path / ("x" * 300 + ".toml"))
    with pytest.raises(BadInput):
        read_text(tmp_path / "nul\0.toml")


@given(st.binary(max_size=200))
def test_any_bytes_give_a_case_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("a.toml", "a.json", "a.xlsx"):
        path = folder / name
        path.write_bytes(content)
        try:
            assert isinstance(read_case(path), Case)
        except RoiError as error:
            assert str(error)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*Case(), "inputs", "results", "x"]), VALUES, max_size=4))
def test_any_json_gives_a_case_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        assert isinstance(read_case(path), Case)
    except BadInput as error:
        assert path.name in str(error)


def test_a_missing_file_suggests_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "case.toml").touch()
    with pytest.raises(BadInput, match=r"case\.toml？"):
        existing(tmp_path / "csae.toml")
    for path in (tmp_path / "x.xlsx", tmp_path / "none" / "case.toml", Path("a\0b/case.toml")):
        with pytest.raises(BadInput) as caught:
            existing(path)
        assert caught.value.key == "file_missing"
