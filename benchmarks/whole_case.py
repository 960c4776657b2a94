"""The whole case on a million rows against hand-written numpy, a Python loop, Polars and DuckDB."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.by_hand import REPEATS, by_hand, with_cash_flow
from benchmarks.cases import made_up, moved, without_cash_flow
from benchmarks.measure import Job, Row, compare, installed
from roi_xl import FinetuningCost, InferenceSavings, calculate_roi, evaluate_frame
from roi_xl.batch.columns import lay_out, read_series
from roi_xl.batch.evaluate import evaluate_columns
from roi_xl.case.evaluate import run
from roi_xl.case.graph_steps import STEPS, Step
from roi_xl.case.inputs import INPUTS
from roi_xl.functions.arguments import read

LOOP_SHARE = 200  # the Python loop takes one row in this many; its time is scaled up


def rows(quick: bool) -> Iterator[Row]:
    """The steps on plain arrays, and on a frame."""
    length = 20_000 if quick else 1_000_000
    frame = made_up(length)
    columns = {str(name): frame[name].to_numpy() for name in frame if name != "customer"}
    layout = lay_out(frame.columns)
    moving, no_flow = moved(), set(without_cash_flow())
    # what is one number for all cases is computed once and not stored a million times
    fixed = [step for step in STEPS if step not in moving]

    def checked_and_computed(steps: tuple[Step, ...]) -> object:
        given = {n: read_series(INPUTS[n].param, frame[h]) for n, h in layout.inputs.items()}
        rest = {n: read(i.param, None) for n, i in INPUTS.items() if n not in given}
        return evaluate_columns(given | rest | run(rest, fixed), length, steps)

    runs = 1 if quick else 7
    parts = (
        ("the case without its cash flow", tuple(s for s in moving if s in no_flow), by_hand),
        ("the case", moving, with_cash_flow),
    )
    for name, steps, peer in parts:
        what = f"{name} ({len(steps)} results that differ between cases), {length:,} rows"
        count = len(steps) - len(REPEATS)
        peers: dict[str, tuple[Job, float | None]] = {
            f"{count} of them by hand in numpy, unchecked": (partial(peer, columns), 1.5)
        }
        times = runs if peer is by_hand else max(1, runs // 2)
        yield from compare(what, partial(checked_and_computed, steps), peers, runs=times)
    what = f"whole case ({len(STEPS)} results), {length:,} rows"
    peers = {}
    if installed("polars"):
        peers["Polars, the source's five results"] = (polars_job(frame), None)
    if installed("duckdb"):
        peers["DuckDB, the source's five results"] = (duckdb_job(frame), None)
    yield from compare(f"{what}, evaluate_frame", lambda: evaluate_frame(frame), peers, runs=runs)
    yield python_loop(frame, lambda: evaluate_frame(frame), length)


def python_loop(frame: Any, ours: Job, length: int) -> Row:
    """The source document's calculator, row by row."""
    part = frame.head(max(1, length // LOOP_SHARE)).to_dict("records")

    def loop() -> None:
        for row in part:
            cost = FinetuningCost(
                row["data_preparation_hours"], row["hourly_rate"], 3.0, row["training_hours"]
            )
            savings = InferenceSavings(
                row["daily_requests"],
                row["current_cost_per_request"],
                row["finetuned_cost_per_request"],
            )
            calculate_roi(cost, savings)

    row = compare("", loop, {"evaluate_frame": (ours, None)}, runs=1)[0]
    what = f"whole case ({len(STEPS)} results), {length:,} rows, evaluate_frame"
    peer = f"a Python loop over calculate_roi (1 row in {LOOP_SHARE}, scaled up)"
    return Row(what, peer, row.theirs, row.ours * length / len(part))


def polars_job(frame: Any) -> Job:
    """The source's five results as Polars expressions."""
    import polars as pl

    table: Any = pl.from_dict(
        {name: frame[name].to_numpy() for name in frame if name != "customer"}
    )
    total = pl.col("data_preparation_hours") * pl.col("hourly_rate") + pl.col("training_hours") * (
        3.0 * 3.0
    )
    per_request = pl.col("current_cost_per_request") - pl.col("finetuned_cost_per_request")
    monthly = pl.col("daily_requests") * per_request * 30.0
    payback = pl.when(monthly > 0).then(total / monthly).otherwise(float("inf"))
    words = (
        pl.when(payback < 2)
        .then(pl.lit("strong"))
        .when(payback < 6)
        .then(pl.lit("recommended"))
        .when(payback < 12)
        .then(pl.lit("caution"))
        .otherwise(pl.lit("no"))
    )
    results = {"total": total, "monthly": monthly, "payback": payback, "words": words}
    results["roi"] = (monthly * 12 - total) / total
    return lambda: table.with_columns(**results)


def duckdb_job(frame: Any) -> Job:
    """The same as SQL."""
    import duckdb

    query = """
        with a as (
          select *, data_preparation_hours * hourly_rate + training_hours * 9 as total,
            daily_requests * (current_cost_per_request - finetuned_cost_per_request) * 30 as monthly
          from frame),
        b as (
          select *, case when monthly > 0 then total / monthly else 'infinity'::double end as payback
          from a)
        select *, (monthly * 12 - total) / total as roi,
          case when payback < 2 then 'strong' when payback < 6 then 'recommended'
               when payback < 12 then 'caution' else 'no' end as words from b
    """

    def job() -> object:
        with duckdb.connect() as connection:
            connection.register("frame", frame.drop(columns="customer"))
            return connection.execute(query).fetchnumpy()

    return job
