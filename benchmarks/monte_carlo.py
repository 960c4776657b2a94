"""Times a simulation against drawing its random numbers: `python benchmarks/monte_carlo.py [runs]`.

The aim: 1,000,000 runs take at most three times as long as the random numbers alone. Directional;
the figures depend on the machine and on what else it does, so the best of five is shown.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from roi_xl.case.evaluate import read_columns, run
from roi_xl.case.inputs import Case
from roi_xl.case.scenarios import Span
from roi_xl.case.simulate import CHUNK, DISTRIBUTIONS, Distribution, quantile, simulate
from roi_xl.case.steps import FLOW_BLOCK, STEPS
from roi_xl.functions.evaluate import Column

RANGES = {
    "data_preparation_hours": Span(30, 80, 40),
    "hourly_rate_usd": Span(40, 70, 50),
    "gpu_cost_per_hour_usd": Span(1.5, 4, 3),
    "training_hours": Span(2, 10, 4),
    "num_iterations": Span(2, 6, 3),
    "daily_requests": Span(5000, 14000, 10000),
    "current_cost_per_request_usd": Span(0.006, 0.012, 0.01),
    "finetuned_cost_per_request_usd": Span(0.0005, 0.003, 0.001),
}
TIMES = 5


def draw(runs: int, distribution: Distribution, use: Callable[[dict[str, Column]], object]) -> None:
    random = np.random.Generator(np.random.PCG64(1))
    quantiles = [quantile(span, distribution) for span in RANGES.values()]
    for start in range(0, runs, CHUNK):
        size = min(CHUNK, runs - start)
        uniform = np.ascontiguousarray(random.random((size, len(RANGES))).T)
        drawn = [Column(q(row)) for q, row in zip(quantiles, uniform, strict=True)]
        use(dict(zip(RANGES, drawn, strict=True)))


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    case = Case()
    fixed = read_columns(case)
    steps = [s for s in STEPS if s.block != FLOW_BLOCK]
    for distribution in DISTRIBUTIONS:
        drawing = best(lambda: draw(runs, distribution, lambda _: None))  # noqa: B023
        whole = best(lambda: simulate(case, RANGES, runs, 1, distribution))  # noqa: B023
        every = best(
            lambda: draw(runs, distribution, lambda c: run(fixed | c, steps))  # noqa: B023
        )
        print(f"{distribution}, {runs:,} runs, {len(RANGES)} drivers")
        print(f"  drawing the random numbers          {drawing:7.3f} s")
        print(f"  simulate(), statistics included     {whole:7.3f} s  {whole / drawing:5.2f}×")
        print(f"  every step but those over months    {every:7.3f} s  {every / drawing:5.2f}×")
    tracemalloc.start()
    simulate(case, RANGES, runs)
    print(f"peak memory {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
