"""Files from anywhere: read, or refused with one sentence; no traceback, no wrong figure in silence."""

import io
import json
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roi_xl.errors import BadInput, RoiError
from roi_xl.usage import aggregate, tables
from roi_xl.usage.cell_values import amount, count, moment
from roi_xl.usage.recognise import all_formats, recognise
from tests.usage.exports import (
    ANTHROPIC_USAGE,
    LANGFUSE,
    LITELLM_LOGS,
    OPENAI_USAGE,
    csv_text,
    read,
    write,
    write_json,
    write_zip,
)
from tests.usage.test_engines import FILES
from tests.usage.test_gateways import LOGS, OBSERVED
from tests.usage.test_openai import USED, bucket
from tests.usage.test_providers import REPORTED, anthropic_page, console

TEXTS = {name: csv_text(*given) for name, given in FILES.items()} | {
    "litellm_logs": csv_text(LITELLM_LOGS, [row | {"response": "r"} for row in LOGS]),
    "langfuse": csv_text(LANGFUSE, OBSERVED),
    "anthropic": csv_text(ANTHROPIC_USAGE, [console(0, (1, 2, 3, 4, 5))]),
    "pages": json.dumps({"data": [bucket(0, USED), bucket(1)], "has_more": False}),
    "report": json.dumps(anthropic_page([REPORTED], [])),
}


def tried(path: Path, **wanted: Any) -> str:
    """What reading comes to: nothing but a result or one sentence, in both languages."""
    try:
        found = read(path, **wanted)
    except RoiError as error:
        for language in ("zh", "en"):
            said = error.message(language)
            assert said
            assert len(said) < 3000
        return error.key
    for language in ("zh", "en"):
        json.dumps(found.data(language), allow_nan=False)
    for low, likely, high in found.ranges.values():
        assert low <= likely <= high
    return "read"


@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "u.csv"
    for start in (
        b"",
        b"PK\x03\x04",
        b"PAR1",
        b"[",
        b'{"data":[',
        ",".join(OPENAI_USAGE).encode() + b"\n",
    ):
        path.write_bytes(start + content)
        tried(path)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("fast", [True, False])
def test_changed_bytes(
    name: str, fast: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes of a good file flipped, cut off, doubled."""
    monkeypatch.setattr(aggregate, "has_arrow", lambda: fast)
    whole = "\n".join(TEXTS[name].split("\n")[:12]).encode()
    rng = random.Random(name)
    path = tmp_path / "u.csv"
    for _ in range(60):
        data = bytearray(whole)
        at = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at:]
            case 2:
                data[at:at] = rng.choice(
                    [b'"', b",", b"\n", b"\r", b"\0", b"-", b"9" * 30, b"NULL"]
                )
            case _:
                del data[at : at + rng.randrange(1, 20)]
        path.write_bytes(data)
        tried(path)


def _cells() -> st.SearchStrategy[str]:
    numbers = st.one_of(st.integers().map(str), st.floats().map(str))
    dates = st.dates().map(str)
    oddities = [
        "",
        "NULL",
        "1,234",
        "5/1/25",
        "13/1/25",
        "-0",
        "1e400",
        "1.5E+03",
        "2.5E-05",
        "=1+1",
        "\x1b[2J",
        "𝟏",
    ]
    return st.one_of(numbers, dates, st.sampled_from(oddities), st.text(max_size=8))


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(data=st.data())
def test_any_cells_under_each_heading(form: Any, data: st.DataObject, tmp_path: Path) -> None:
    """Arrow and Python's own reader come to the same end, whatever the cells hold."""
    names = [names[0] for names in form.signature]
    names += [c[0] for c in form.expands if c[0] not in names]
    keys = (*(k.names for k in form.keys), *(n.names for n in form.numbers))
    names += [n[0] for n in keys if n and not set(n) & set(names)]
    rows = data.draw(
        st.lists(st.lists(_cells(), min_size=len(names), max_size=len(names)), max_size=4)
    )
    good = {"date": "2026-09-01", "count": "10"}
    rows += [[good["date"] if "time" in n or "date" in n or "start" in n else "10" for n in names]]
    path = write(tmp_path / "u.csv", names, rows)
    ends = []
    for fast in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(aggregate, "has_arrow", lambda fast=fast: fast)
            ends.append(tried(path))
    assert ends[0] == ends[1]


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = ("data", "results", "start_time", "starting_at", "has_more", *USED, *REPORTED)


@given(
    st.recursive(
        VALUES, lambda v: st.dictionaries(st.sampled_from(KEYS), st.one_of(v, st.lists(v)))
    )
)
def test_any_json(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("json") / "u.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    tried(path)


@given(st.dictionaries(st.sampled_from([*USED]), VALUES))
def test_any_values_in_a_bucket(
    tmp_path_factory: pytest.TempPathFactory, row: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("bucket") / "u.json"
    write_json(path, {"data": [bucket(0, USED), bucket(1, USED | row)]})
    tried(path)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("[" * 200_000, "too_deep"),
        ('{"data":' * 100_000, "too_deep"),
        ('[{"a": 1, "a": 2}]', "json_key_twice"),
        ('[{"a": NaN}]', "json_constant"),
        ("[1, 2]", "usage.json_rows"),
        ('{"data": [[]]}', "usage.json_rows"),
        ('{"results": [3]}', "usage.json_rows"),
        ("[{}", "not_json"),
        ("[{},]", "not_json"),
        ("[{}] 1", "not_json"),
        ("[{}{}]", "not_json"),
        ("[]", "usage.unknown_columns"),
        ("{}", "usage.unknown_columns"),
        ('{"a": ' + "9" * 5000 + "}", "usage.unknown_columns"),
        ("", "usage.nothing"),
        ("\ufeff \n", "usage.nothing"),
        ("a,b\n1,2\n", "usage.unknown_columns"),
        ("\n\n", "usage.nothing"),
        ("x\0y", "usage.file_kind"),
    ],
)
def test_what_is_no_export(content: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(content, encoding="utf-8")
    assert tried(path) == key


def test_a_json_syntax_error_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "u.json"
    path.write_text('[\n {"a": 1},\n {"a": }\n]')
    with pytest.raises(BadInput) as caught:
        read(path)
    assert caught.value.values["line"] == 3


def test_unknown_columns_are_named_with_the_formats_known(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(write(tmp_path / "u.csv", ["Ort", "Betrag\x1b"], [["a", "b"]]))
    said = caught.value.message("en")
    assert "ort, betrag?" in said
    for name in ("openai", "anthropic", "deepseek", "focus", "azure"):
        assert name in said


def test_formats_are_told_apart() -> None:
    """The columns of one format are not those of another."""
    for form in all_formats():
        columns = {names[0] for names in form.signature}
        assert recognise(sorted(columns), "u") == (form,)


# --- size ------------------------------------------------------------------------------------------


def bomb(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", bytes(size))
    return path


def test_zips_that_mean_harm(tmp_path: Path) -> None:
    assert tried(bomb(tmp_path / "b.zip", 60_000_000)) == "usage.bad_zip"
    assert tried(write_zip(tmp_path / "c.zip", a__csv="x", b__txt="y")) == "usage.unknown_columns"
    assert tried(write_zip(tmp_path / "d.zip", a__exe="y")) == "usage.zip_without"
    whole = write_zip(tmp_path / "e.zip", a__csv=TEXTS["deepseek"])
    assert tried(whole) == "read"
    data = whole.read_bytes()
    for cut in range(10, len(data), 37):
        (tmp_path / "f.zip").write_bytes(data[:cut])
        assert tried(tmp_path / "f.zip") != "read"
    for at in range(0, len(data), 11):
        (tmp_path / "g.zip").write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        tried(tmp_path / "g.zip")
    (tmp_path / "h.zip").write_bytes(_nested(data))
    assert tried(tmp_path / "h.zip") == "usage.zip_without"


def _nested(data: bytes) -> bytes:
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("../a.csv.zip", data)
        archive.writestr("inner.zip", data)
    return outer.getvalue().replace(b"../a", b"xx/a")


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    """It must not swallow the rows below it."""
    lines = TEXTS["openai"].split("\n")
    lines[3] = lines[3].replace("proj_secret", '"proj')
    (tmp_path / "u.csv").write_text("\n".join(lines))
    assert tried(tmp_path / "u.csv") in ("csv_record", "bad_row")


MAKERS: dict[str, Callable[[int], str]] = {
    "csv": lambda n: (
        TEXTS["helicone"].split("\n")[0]
        + "\n"
        + f"r,,200,2026-09-01T10:00:00Z,{'x' * 900},,,gpt,10,1,,0.5\n" * n
    ),
    "json": lambda n: "[" + ",".join([json.dumps(OBSERVED[0] | {"input": "x" * 900})] * n) + "]",
}


@pytest.mark.parametrize(("kind", "fast"), [("csv", True), ("csv", False), ("json", False)])
def test_memory_does_not_grow_with_the_file(
    kind: str, fast: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prompts of 6 MB in a file cost a few pieces of it, however long it is."""
    monkeypatch.setattr(aggregate, "has_arrow", lambda: fast)
    monkeypatch.setattr(tables, "RECORDS", 50)
    monkeypatch.setattr(tables, "_CHUNK", 50_000)
    monkeypatch.setattr("roi_xl.batch.csv_reader.BLOCK_BYTES", 50_000)
    path = tmp_path / "u.csv"
    path.write_text(MAKERS[kind](5_000))
    assert path.stat().st_size > 4_500_000
    read(path)  # what is imported and kept for good
    tracemalloc.start()
    try:
        assert read(path).requests == 5_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_one_value_as_large_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_VALUE", 1 << 20)
    path = tmp_path / "u.json"
    path.write_text('{"data": "' + "x" * (4 << 20))
    start = time.process_time()
    assert tried(path) == "usage.json_value"
    assert time.process_time() - start < 5


# --- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("10.0", 10),
        ("10", 10),
        (10, 10),
        (10.0, 10),
        ("1e3", 1000),
        (" 7 ", 7),
        ("１２", 12),
        ("", None),
    ],
)
def test_counts(written: object, value: float | None) -> None:
    assert count(written, "c") == value


@pytest.mark.parametrize(
    "written", ["1.5", "-1", "nan", "inf", "1,234", "1_0", "ten", "1.23E+06", True, "1e16", 1e16]
)
def test_what_is_no_count(written: object) -> None:
    with pytest.raises(BadInput, match="c"):
        count(written, "c")


@pytest.mark.parametrize("blank", ["", " ", "NULL", "null", "\\N", None])
def test_blanks(blank: object) -> None:
    assert amount(blank, "c") is None


def test_amounts_of_a_table_with_semicolons() -> None:
    assert amount("0,0125", "c", "?") == 0.0125
    assert amount("12.5", "c", "?") == 12.5
    for written in ("1.234", "1,234"):
        with pytest.raises(BadInput):
            amount(written, "c", "?")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2026-10-31", "2026-10-31T00:00:00"),
        ("2026-10-31T08:09:10.123Z", "2026-10-31T08:09:10"),
        ("2026-10-31 08:09:10+08:00", "2026-10-31T08:09:10"),
        ("2026/1/5 8:09", "2026-01-05T08:09:00"),
        ("20261031", "2026-10-31T00:00:00"),
        ("1759276800", "2025-10-01T00:00:00"),
        (1759276800, "2025-10-01T00:00:00"),
        ("10/31/26", "2026-10-31T00:00:00"),
        ("31/10/2026", "2026-10-31T00:00:00"),
    ],
)
def test_moments(written: object, found: str) -> None:
    assert moment(written, "c").at.isoformat() == found


@pytest.mark.parametrize(
    "written",
    [
        "",
        "today",
        "5/1/25",
        "2026-13-01",
        "2026-02-30",
        "1999-01-01",
        "99999999",
        "1/1/1",
        "2026-10",
    ],
)
def test_what_is_no_moment(written: str) -> None:
    with pytest.raises(BadInput):
        moment(written, "c")
