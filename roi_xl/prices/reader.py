"""Reads price rows from CSV records and spreadsheet ranges; a bad row is reported with its line."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.io.numbers import number
from roi_xl.io.text_files import delimiter_of, read_text
from roi_xl.prices.sheet import COLUMNS, MARKETS, GpuPrice, PriceSheet, date_of, market_of
from roi_xl.text import text

MOST_BYTES = 20_000_000  # of a price list; the largest published one has 5 MB
MOST_USD_PER_GPU_HOUR = 500.0  # far above any GPU; what is above is a price of something else
REQUIRED = ("gpu", "provider", "usd_per_gpu_hour", "snapshot_date", "source", "licence_of_source")

# The columns of the workbook's table, in its order, as a cell range hands them over.
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
    """One thing that is wrong with a row."""

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
    """Price rows from numbered records, and what is wrong with those left out."""
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
    """One price row from a record with the sheet's column names, or what is wrong with it."""
    said = {name: _text(record.get(name)) for name in COLUMNS}
    faults = [_fault(line, n, "", text("prices.allowed.filled")) for n in REQUIRED if not said[n]]
    price = _positive(said["usd_per_gpu_hour"])
    if said["usd_per_gpu_hour"] and (price is None or price > MOST_USD_PER_GPU_HOUR):
        rule = text("prices.allowed.price", most=f"{MOST_USD_PER_GPU_HOUR:g}")
        faults.append(_fault(line, "usd_per_gpu_hour", said["usd_per_gpu_hour"], rule))
    date = date_of(record.get("snapshot_date"))
    if said["snapshot_date"] and (date is None or (today is not None and date > today)):
        rule = text("prices.allowed.date")
        faults.append(_fault(line, "snapshot_date", said["snapshot_date"], rule))
    market = market_of(said["market"])
    if market is None:
        faults.append(_fault(line, "market", said["market"], ", ".join(MARKETS)))
    for name in ("vram_gb", "min_gpus"):
        if said[name] and _positive(said[name]) is None:
            faults.append(_fault(line, name, said[name], text("prices.allowed.positive")))
    if faults or price is None or market is None:
        return None, faults
    row = GpuPrice(
        said["gpu"],
        _positive(said["vram_gb"]),
        said["provider"],
        market,
        said["region_or_product"],
        price,
        _positive(said["min_gpus"]),
        date,
        said["source"],
        said["licence_of_source"],
        said["notes"],
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
    except BadInput:  # 1,234 may be two numbers
        return None
    return value if value is not None and math.isfinite(value) and value > 0 else None


def read_sheet(path: Path, today: dt.date | None = None) -> PriceSheet:
    """The price sheet in a CSV file of the shipped sheet's columns.

    Raises:
        BadInput: the file cannot be read, lacks a column, or a row is bad; the first is named.
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
    """The numbered records of a CSV file that has the required columns.

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
    """The price sheet that a cell range shows: the workbook's columns, with or without its header.

    Rows without a GPU, a market or a price above 0 are no prices, and a date written as text is none,
    as in the workbook's own formulas.
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
