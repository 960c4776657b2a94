"""Simulating the whole case, against drawing the random numbers alone."""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.cases import without_cash_flow
from benchmarks.measure import Row, compare
from roi_xl.case.evaluate import read_columns, run
from roi_xl.case.inputs import Case
from roi_xl.case.simulate import CHUNK, DISTRIBUTIONS, Distribution, quantile, simulate
from roi_xl.case.study import Span
from roi_xl.functions.columns import Column

Drivers = dict[str, Column]
RANGES = {
    "data_preparation_hours": Span(30, 80, 40),
    "hourly_rate": Span(40, 70, 50),
    "gpu_cost_per_hour": Span(1.5, 4, 3),
    "training_hours": Span(2, 10, 4),
    "num_iterations": Span(2, 6, 3),
    "daily_requests": Span(5000, 14000, 10000),
    "current_cost_per_request": Span(0.006, 0.012, 0.01),
    "finetuned_cost_per_request": Span(0.0005, 0.003, 0.001),
}


def rows(quick: bool) -> Iterator[Row]:
    """`simulate` with its statistics; then every step but those of the cash flow."""
    runs = 100_000 if quick else 1_000_000
    case = Case()
    known = read_columns(case, case.prices)
    steps = without_cash_flow()
    drawing = "drawing the random numbers"
    for distribution in DISTRIBUTIONS:
        what = f"{distribution}, {runs:,} runs, {len(RANGES)} drivers"

        def alone(distribution: Distribution = distribution) -> None:
            draw(runs, distribution, lambda _: None)

        def whole(distribution: Distribution = distribution) -> None:
            simulate(case, RANGES, runs, 1, distribution)

        def every(distribution: Distribution = distribution) -> None:
            draw(runs, distribution, lambda drivers: run(known | drivers, steps))

        times = 1 if quick else 5
        yield from compare(f"simulate(), {what}", whole, {drawing: (alone, 3.0)}, runs=times)
        yield from compare(f"every step, {what}", every, {drawing: (alone, None)}, runs=times)


def draw(runs: int, distribution: Distribution, use: Callable[[Drivers], object]) -> None:
    """Draw random numbers as `simulate` does, chunk by chunk."""
    random = np.random.Generator(np.random.PCG64(1))
    quantiles = [quantile(span, distribution) for span in RANGES.values()]
    for start in range(0, runs, CHUNK):
        size = min(CHUNK, runs - start)
        uniform = np.ascontiguousarray(random.random((size, len(RANGES))).T)
        drawn = [Column(q(row)) for q, row in zip(quantiles, uniform, strict=True)]
        use(dict(zip(RANGES, drawn, strict=True)))
