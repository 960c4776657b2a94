"""The plain reader, Arrow, Dask and Parquet give the same sums, and errors name the same row."""

import builtins
import datetime as dt
import pickle
import random
from pathlib import Path
from typing import Any

import pytest

from roi_xl.errors import BadInput, MissingPackage
from roi_xl.usage import aggregate, recognise, tables
from roi_xl.usage.declaration import Format
from roi_xl.usage.result import Usage
from tests.usage.exports import (
    AZURE,
    DEEPSEEK_AMOUNT,
    FOCUS_12,
    HELICONE,
    LITELLM_DAILY,
    OPENAI_USAGE,
    OPENROUTER,
    csv_text,
    openai_day,
    openai_empty,
    read,
    write,
)
from tests.usage.test_bills import AZURE_ROWS, OCTOBER, charge
from tests.usage.test_gateways import asked, generation, spend_day
from tests.usage.test_providers import AMOUNTS

pa = pytest.importorskip("pyarrow")

DAY = dt.date(2026, 9, 1)


def days(count: int, seed: int = 1) -> list[Any]:
    rng = random.Random(seed)
    rows: list[Any] = []
    for n in range(count):
        day = DAY + dt.timedelta(n % 60)
        requests = rng.randrange(1, 50)
        tokens = (requests * rng.randrange(1, 999), 0, requests * rng.randrange(1, 99))
        rows.append(openai_day(day, requests, tokens, f"model-{n % 3}"))
    return rows


FILES: dict[str, tuple[list[str], list[Any]]] = {
    "openai": (OPENAI_USAGE, [*days(500), openai_empty(DAY + dt.timedelta(60))]),
    "deepseek": (DEEPSEEK_AMOUNT, AMOUNTS),
    "openrouter": (
        OPENROUTER,
        [
            generation(f"2026-10-0{1 + n % 9} {n % 24:02}:10:00.5", (n, 2, 0), "0.5")
            for n in range(300)
        ],
    ),
    "helicone": (
        HELICONE,
        [asked(f"2026-10-0{1 + n % 9}T{n % 24:02}:10:00Z", (n, ""), "NULL") for n in range(300)],
    ),
    "litellm": (
        LITELLM_DAILY,
        [spend_day(f"2026-10-0{1 + n % 9}", n, (9 * n, n, n), "0.125") for n in range(90)],
    ),
    "focus": (FOCUS_12, [charge(*OCTOBER, "o3 Input", "5", "1K Tokens", "3")] * 3),
    "azure": (AZURE, AZURE_ROWS),
}


def same(one: Usage, other: Usage) -> None:
    assert one.missing == other.missing
    assert (one.first, one.last, one.days) == (other.first, other.last, other.days)
    for found in ("inputs", "models"):
        mine, theirs = getattr(one, found), getattr(other, found)
        assert mine.keys() == theirs.keys()
        for name, value in mine.items():
            assert value == (
                theirs[name] if isinstance(value, str) else pytest.approx(theirs[name], rel=1e-12)
            )
    assert one.ranges.keys() == other.ranges.keys()


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow."""
    monkeypatch.setattr(aggregate, "has_arrow", lambda: False)


@pytest.mark.parametrize("name", FILES)
def test_arrow_gives_what_csv_gives(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "u.csv", *FILES[name], bom=name == "azure")
    monkeypatch.setattr("roi_xl.batch.csv_reader.BLOCK_BYTES", 5000)  # many pieces
    fast = read(path)
    monkeypatch.setattr(aggregate, "has_arrow", lambda: False)
    same(fast, read(path))


@pytest.mark.parametrize("name", FILES)
def test_arrow_reads_plain_files_itself(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headings, rows = FILES[name]
    whole = [row for row in rows if isinstance(row, dict)]
    path = write(tmp_path / "u.csv", headings, whole)
    expected = read(path)

    def refuse(*_: object) -> None:
        raise AssertionError("the slow reader")

    monkeypatch.setattr(aggregate, "_plain_groups", refuse)
    same(read(path), expected)


@pytest.mark.parametrize("name", FILES)
def test_parquet(name: str, tmp_path: Path) -> None:
    """Typed columns: numbers as numbers, times as time stamps, the rest as text."""
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    headings, rows = FILES[name]
    path = write(tmp_path / "u.csv", headings, [row for row in rows if isinstance(row, dict)])
    # Arrow would move times of +08:00 to UTC, and so to the day before
    texts = {h: pa.string() for h in headings if h.endswith("_time_iso")}
    options = arrow_csv.ConvertOptions(
        null_values=["", "NULL"], strings_can_be_null=True, column_types=texts
    )
    table = arrow_csv.read_csv(path, convert_options=options)
    parquet.write_table(table, tmp_path / "u.parquet", row_group_size=100)
    same(read(tmp_path / "u.parquet"), read(path))


def test_parquet_with_maps(tmp_path: Path) -> None:
    """Langfuse's own Parquet has maps of usage types."""
    from pyarrow import parquet

    kind = pa.map_(pa.string(), pa.uint64())
    table = pa.table(
        {
            "trace_id": ["a", "b"],
            "type": ["GENERATION", "SPAN"],
            "start_time": pa.array([dt.datetime(2026, 9, 1, 23, 5)] * 2, pa.timestamp("us", "UTC")),
            "provided_model_name": ["m", None],
            "usage_details": pa.array([[("input", 40), ("output", 5), ("total", 45)], None], kind),
            "cost_details": pa.array([[("total", 0.5)], None], pa.map_(pa.string(), pa.float64())),
            "input": ["secret", "secret"],
        }
    )
    parquet.write_table(table, tmp_path / "u.parquet")
    found = read(tmp_path / "u.parquet")
    assert (found.inputs["input_tokens"], found.inputs["output_tokens"]) == (40, 5)
    assert found.inputs["current_cost_per_request"] == 0.5


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "u.parquet").write_bytes(b"PAR1" + bytes(100))
    with pytest.raises(BadInput, match="Parquet"):
        read(tmp_path / "u.parquet")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingPackage, match=r"roi-xl\[parquet\]"):
        read(tmp_path / "u.parquet")


@pytest.mark.usefixtures("plain")
def test_csv_json_and_zip_need_no_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] in ("pyarrow", "duckdb", "polars", "dask", "distributed"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert read(write(tmp_path / "u.csv", *FILES["openai"])).requests


@pytest.mark.parametrize("fast", [True, False])
def test_the_row_is_named_in_the_last_of_many_pieces(
    fast: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roi_xl.batch.csv_reader.BLOCK_BYTES", 5000)
    monkeypatch.setattr(aggregate, "has_arrow", lambda: fast)
    rows = [*days(700), openai_day(DAY, 1, (1, 0, 1), input_tokens="a few")]
    with pytest.raises(BadInput, match=r"第 701 行.*a few"):
        read(write(tmp_path / "u.csv", OPENAI_USAGE, rows))


def test_text_that_turns_bad_far_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roi_xl.batch.csv_reader.BLOCK_BYTES", 5000)
    text = csv_text(OPENAI_USAGE, [openai_day(DAY, 1, (1, 0, 1), "模型"), *days(500)])
    bad = csv_text(OPENAI_USAGE, [openai_day(DAY, 1, (1, 0, 1), "m")]).split("\n")[1]
    path = tmp_path / "u.csv"
    path.write_bytes(
        text.encode() + bad.replace(",m,", ",\0,").encode().replace(b"\0", b"\xff\xff")
    )
    with pytest.raises(BadInput, match="第 502 行"):
        read(path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_dask(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    path = write(tmp_path / "u.csv", *FILES["openai"])
    bad = write(tmp_path / "b.csv", OPENAI_USAGE, [openai_day(DAY, 1, (1, 0, 1), input_tokens="?")])
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        there = {"engine": "dask", "scheduler": cluster.scheduler_address}
        same(read(path, **there), read(path))
        with pytest.raises(BadInput, match="第 1 行"):
            read(bad, **there)


@pytest.mark.parametrize("form", recognise.all_formats(), ids=lambda form: form.name)
def test_what_travels_to_another_process(form: Format) -> None:
    reading = aggregate.Reading(form, "?", "mdy")
    assert pickle.loads(pickle.dumps(reading)) == reading
    piece = tables.CsvPiece(b"1,2", ("a", "b"), ",")
    assert pickle.loads(pickle.dumps(piece)) == piece
    error = tables.BadRow.of(3, BadInput("usage.blank", column="a"))
    again = pickle.loads(pickle.dumps(error))
    assert (again.row, again.key, again.values) == (3, "usage.blank", {"column": "a"})


def test_more_days_and_models_than_any_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregate, "MOST_CELLS", 50)
    monkeypatch.setattr(aggregate, "MOST_GROUPS", 10)
    rows = [openai_day(DAY, 1, (1, 0, 1), f"m{n}") for n in range(40)]
    assert read(write(tmp_path / "u.csv", OPENAI_USAGE, rows)).requests == 40
    rows += [openai_day(DAY, 1, (1, 0, 1), f"n{n}") for n in range(40)]
    with pytest.raises(BadInput, match="50"):
        read(write(tmp_path / "v.csv", OPENAI_USAGE, rows))


def test_prompts_are_not_read_from_parquet(tmp_path: Path) -> None:
    table = tables.ParquetTable("u", _logs(tmp_path))
    piece = next(iter(table.pieces((("spend",), ("metadata",)))))
    assert piece.batch.schema.names == ["spend", "metadata"]  # type: ignore[attr-defined]


def _logs(folder: Path) -> Path:
    from pyarrow import parquet

    columns = {"request_id": ["a"], "spend": [1.0], "metadata": ["{}"], "messages": ["secret"]}
    parquet.write_table(pa.table(columns), folder / "l.parquet")
    return folder / "l.parquet"
