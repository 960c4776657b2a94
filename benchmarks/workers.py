"""Evaluating on several cores, against one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases import made_up
from benchmarks.measure import Job, Row, compare
from roi_xl import evaluate_frame
from roi_xl.batch.run import Batch, run_batch
from roi_xl.batch.workers import all_cores

AT_MOST = 1 / 1.6  # on two cores


def rows(quick: bool) -> Iterator[Row]:
    """A frame, and CSV to CSV, on two threads; on all cores where there are more."""
    length = 100_000 if quick else 1_000_000
    runs = 1 if quick else 5
    frame = made_up(length)
    with tempfile.TemporaryDirectory() as folder:
        cases, out = (str(Path(folder) / name) for name in ("cases.csv", "out.csv"))
        frame.to_csv(cases, index=False)
        for workers in sorted({2, max(2, all_cores())}):
            at_most = AT_MOST if workers == 2 else None

            def on(number: int) -> Job:
                return lambda: evaluate_frame(frame, workers=number)

            def csv_on(number: int) -> Job:
                return lambda: run_batch(Batch(cases, out, "en", force=True, workers=number))

            peer = "one thread"
            what = f"evaluate_frame, {length:,} rows, {workers} threads"
            yield from compare(what, on(workers), {peer: (on(1), at_most)}, runs=runs)
            what = f"CSV → CSV, {length:,} rows, {workers} threads"
            yield from compare(what, csv_on(workers), {peer: (csv_on(1), at_most)}, runs=runs)
