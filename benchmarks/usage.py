"""Usage logs of ten million requests: Arrow in pieces beside Python's csv, DuckDB, and mere reading."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, seconds

SIZE, QUICK = 10_000_000, 200_000
BLOCK = 100_000  # rows written at once
TODAY = dt.date(2026, 11, 24)
HEADINGS = (
    "generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,"
    "byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,"
    "model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,"
    "finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,"
    "api_key_name,app_name"
)


def rows(quick: bool) -> Iterator[Row]:
    """Seconds for the sums by hour and model of an OpenRouter log."""
    size = QUICK if quick else SIZE
    what = f"usage of a log, {size:,} requests"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activity.csv"
        write_log(path, size)
        ours = seconds(lambda: check(read(path, fast=True), size))
        yield Row(what, "the same with Python's csv", ours, seconds(lambda: read(path, fast=False)))
        yield Row(what, "DuckDB, the same sums", ours, seconds(lambda: by_duckdb(path)))
        yield Row(what, "pyarrow, only reading the columns", ours, seconds(lambda: by_arrow(path)))


def write_log(path: Path, size: int) -> None:
    """A log of so many requests over 60 days, three models, in order of time."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADINGS + "\n")
        for start in range(0, size, BLOCK):
            day = dt.date(2026, 9, 1) + dt.timedelta(60 * start // size)
            file.write("".join(line(n, day) for n in range(min(BLOCK, size - start))))


def line(n: int, day: dt.date) -> str:
    """One request."""
    stamp = f"{day} {n * 24 // BLOCK:02}:{n % 60:02}:{n % 59:02}.123456"
    tokens = f"{500 + n % 4000},{n % 700},{n % 90},{n % 400}"
    return (
        f"gen-{n:010},{stamp},0.00{n % 97:02},0,0,0,0,{tokens},openai/gpt-4o-{n % 3},OpenAI,"
        f"standard,false,true,,stop,stop,{n % 9000},{n % 800},false,key,app\n"
    )


def read(path: Path, *, fast: bool) -> Any:
    """The sums of our own reader."""
    from roi_xl.usage.aggregate import tally
    from roi_xl.usage.recognise import by_name
    from roi_xl.usage.tables import tables_of

    (table,) = tables_of(path)
    return tally(table, by_name("openrouter_activity"), alone=True, fast=fast)


def check(found: Any, size: int) -> None:
    """Whether all rows were counted."""
    assert found.rows == size


def by_duckdb(path: Path) -> Any:
    """DuckDB on two threads, as many as Arrow has for reading."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    return connection.execute(
        f"""SELECT date_trunc('hour', created_at), model_permaslug, count(*), count(cost_total),
        sum(cost_total), sum(byok_usage_inference), sum(tokens_prompt), sum(tokens_completion),
        sum(tokens_cached) FROM read_csv('{path}') GROUP BY ALL"""
    ).fetchall()


def by_arrow(path: Path) -> int:
    """pyarrow's own streaming reader, which adds nothing up."""
    from pyarrow import csv

    names = "created_at,model_permaslug,cost_total,byok_usage_inference,tokens_prompt"
    columns = [*names.split(","), "tokens_completion", "tokens_cached"]
    convert = csv.ConvertOptions(include_columns=columns)
    with csv.open_csv(path, convert_options=convert) as reader:
        return sum(batch.num_rows for batch in reader)
