"""The GPU price sheet that ships with the package: dated, attributed rows."""

import csv
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def shipped_rows() -> tuple[dict[str, str], ...]:
    """The rows of the shipped sheet as they stand in the CSV file."""
    source = resources.files("roi_xl.prices").joinpath("gpu_prices.csv")
    return tuple(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def newest_date() -> str:
    """The date (ISO) of the newest shipped price."""
    return max(row["snapshot_date"] for row in shipped_rows())
