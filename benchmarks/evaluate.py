"""A function on a long column with all its checks, against its numpy function alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.measure import Row, compare
from roi_xl import FUNCTIONS

CHOSEN = ("FT_PAYBACK", "FT_TOTAL_COST", "FT_MONTHLY_SAVINGS", "FT_BREAKEVEN_REQUESTS")


def rows(quick: bool) -> Iterator[Row]:
    """One row per function."""
    length = 10_000 if quick else 100_000
    for name in CHOSEN:
        function = FUNCTIONS[name]
        random: Any = np.random.default_rng(1)
        example = [float(x) for x in function.example[0] if isinstance(x, (int, float))]
        columns = [x * random.uniform(0.9, 1.1, length) for x in example]
        bare = function.python
        yield from compare(
            f"{name} on a column of {length:,}",
            lambda function=function, columns=columns: function(*columns),  # type: ignore[misc]
            {"its numpy function alone": (lambda b=bare, c=columns: b(*c), 3.0)},  # type: ignore[misc]
            runs=3 if quick else 30,
        )
