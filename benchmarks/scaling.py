"""Cost per row from a thousand rows to ten million, which stays flat."""

from collections.abc import Iterator
from typing import Any

from benchmarks.cases import made_up
from benchmarks.measure import Row, seconds
from roi_xl import evaluate_frame

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
BASE = 100_000
PACE = "at the pace of"


def rows(quick: bool) -> Iterator[Row]:
    """The time for each size, against its rows at the pace of 100,000 rows."""
    sizes = SIZES[:3] if quick else SIZES
    frame = made_up(max(sizes))
    pace = best(frame.head(BASE), 3) / BASE
    for size in sizes:
        ours = best(frame.head(size), 20 if size < BASE else 3)
        yield Row(f"evaluate_frame, {size:,} rows", f"{PACE} {BASE:,}", ours, pace * size)


def count_of(row: dict[str, Any]) -> int:
    """The number of cases in a measured row."""
    return int(row["what"].split()[1].replace(",", ""))


def best(frame: object, runs: int) -> float:
    """Seconds of the best run."""
    return min(seconds(lambda: evaluate_frame(frame)) for _ in range(runs))
