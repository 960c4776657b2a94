"""Reads price sheets: the shipped one, CSV files and spreadsheet ranges; bad rows are reported by line."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.io.numbers import number
from roi_xl.io.text_files import delimiter_of, read_text
from roi_xl.prices.sheet import (
    COLUMNS,
    CURRENCIES,
    MARKETS,
    GpuPrice,
    PriceSheet,
    currency_of,
    date_of,
    market_of,
)
from roi_xl.text import text

MOST_BYTES = 20_000_000  # largest price list accepted; published ones reach 5 MB
MOST_USD_PER_GPU_HOUR = 500.0  # far above any GPU: a higher figure prices something else
REQUIRED = ("gpu", "provider", "usd_per_gpu_hour", "snapshot_date", "source", "licence_of_source")

# Columns of the workbook's price table, in its order.
RANGE_COLUMNS = (
    "gpu",
    "vram_gb",
    "provider",
    "market",
    "usd_per_gpu_hour",
    "min_gpus",
    "region_or_product",
    "snapshot_date",
    "source",
    "licence_of_source",
    "notes",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a price row: line, field, what was found and what is allowed."""

    line: int
    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return text(
            "prices.fault", line=self.line, field=self.field, found=self.found, allowed=self.allowed
        )


def rows_of(
    records: Iterable[tuple[int, Mapping[str, Any]]], today: dt.date | None = None
) -> tuple[list[GpuPrice], list[Fault]]:
    """Price rows from numbered records, and the faults of the rows left out."""
    rows: list[GpuPrice] = []
    faults: list[Fault] = []
    seen: dict[tuple[object, ...], int] = {}
    for line, record in records:
        row, wrong = row_of(line, record, today)
        if row is not None:
            key = (*row.offer, row.snapshot_date)
            if key in seen:
                wrong = [
                    _fault(line, "offer", row.gpu, text("prices.allowed.once", first=seen[key]))
                ]
            seen.setdefault(key, line)
        if wrong or row is None:
            faults.extend(wrong)
        else:
            rows.append(row)
    return rows, faults


def row_of(
    line: int, record: Mapping[str, Any], today: dt.date | None = None
) -> tuple[GpuPrice | None, list[Fault]]:
    """One price row from a record with the sheet's column names, or None and its faults."""
    written = {name: _text(record.get(name)) for name in COLUMNS}
    faults = [
        _fault(line, n, "", text("prices.allowed.filled")) for n in REQUIRED if not written[n]
    ]
    price = _positive(written["usd_per_gpu_hour"])
    if written["usd_per_gpu_hour"] and (price is None or price > MOST_USD_PER_GPU_HOUR):
        rule = text("prices.allowed.price", most=f"{MOST_USD_PER_GPU_HOUR:g}")
        faults.append(_fault(line, "usd_per_gpu_hour", written["usd_per_gpu_hour"], rule))
    date = date_of(record.get("snapshot_date"))
    if written["snapshot_date"] and (date is None or (today is not None and date > today)):
        rule = text("prices.allowed.date")
        faults.append(_fault(line, "snapshot_date", written["snapshot_date"], rule))
    market = market_of(written["market"])
    if market is None:
        faults.append(_fault(line, "market", written["market"], ", ".join(MARKETS)))
    currency = currency_of(written["currency"])
    if currency is None:
        faults.append(_fault(line, "currency", written["currency"], ", ".join(CURRENCIES)))
    for name in ("vram_gb", "min_gpus"):
        if written[name] and _positive(written[name]) is None:
            faults.append(_fault(line, name, written[name], text("prices.allowed.positive")))
    if faults or price is None or market is None or currency is None:
        return None, faults
    row = GpuPrice(
        written["gpu"],
        _positive(written["vram_gb"]),
        written["provider"],
        market,
        written["region_or_product"],
        price,
        _positive(written["min_gpus"]),
        date,
        written["source"],
        written["licence_of_source"],
        written["notes"],
        currency,
    )
    return row, []


def _fault(line: int, field: str, found: str, allowed: str) -> Fault:
    return Fault(line, field, f'"{found}"', allowed)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _positive(written: object) -> float | None:
    try:
        value = number(str(written))
    except BadInput:  # ambiguous, such as 1,234
        return None
    return value if value is not None and math.isfinite(value) and value > 0 else None


def read_sheet(path: Path, today: dt.date | None = None) -> PriceSheet:
    """The price sheet in a CSV file with the columns of the shipped sheet.

    Args:
        path: the file.
        today: no row may be dated later.

    Raises:
        BadInput: the file cannot be read, lacks a column, or has a bad row; the first one is named.
    """
    rows, faults = rows_of(records_of(path), today)
    if faults:
        raise BadInput("price_rows", path=path, count=len(faults), first=faults[0])
    if not rows:
        raise BadInput("price_none", path=path)
    return PriceSheet(tuple(rows))


def records_of(
    path: Path, required: Sequence[str] = REQUIRED
) -> list[tuple[int, dict[str, str | None]]]:
    """Records of a CSV file with their line numbers; the required columns are checked.

    Raises:
        BadInput: the file cannot be read, or lacks a column.
    """
    content = read_text(path, MOST_BYTES)
    first = content.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter_of(first))
    missing = [name for name in required if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput("price_columns", path=path, found=", ".join(missing))
    try:
        return [(reader.line_num, record) for record in reader]
    except csv.Error as error:
        raise BadInput("price_csv", path=path, line=reader.line_num, reason=error) from None


def sheet_of_range(rows: Sequence[Sequence[object]]) -> PriceSheet:
    """The price sheet in a cell range with the workbook's columns, with or without its header.

    As in the workbook's formulas, rows without a GPU, a market or a positive price are skipped, and
    dates written as text are ignored.
    """
    prices = []
    for cells in rows:
        record = dict(zip(RANGE_COLUMNS, cells, strict=False))
        price = record.get("usd_per_gpu_hour")
        gpu, word = _text(record.get("gpu")), _text(record.get("market"))
        market = market_of(word) if word else None
        dated = record.get("snapshot_date")
        numeric = not isinstance(price, bool) and isinstance(price, (int, float))
        if not gpu or market is None or not numeric or _positive(price) is None:
            continue
        prices.append(
            GpuPrice(
                gpu,
                _positive(record.get("vram_gb")),
                _text(record.get("provider")),
                market,
                _text(record.get("region_or_product")),
                float(price),  # type: ignore[arg-type]
                _positive(record.get("min_gpus")),
                None if isinstance(dated, str) else date_of(dated),
                _text(record.get("source")),
                _text(record.get("licence_of_source")),
                _text(record.get("notes")),
            )
        )
    return PriceSheet(tuple(prices))


@lru_cache(maxsize=1)
def shipped() -> PriceSheet:
    """The price sheet shipped with the package."""
    source = resources.files("roi_xl.prices").joinpath("gpu_prices.csv")
    records = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    rows, faults = rows_of(enumerate(records, 2))
    if faults:
        raise ValueError(faults[0])
    return PriceSheet(tuple(rows))


def newest_date() -> str:
    """Date (ISO) of the newest shipped price."""
    return str(shipped().newest)
