"""Price rows from third-party catalogues: SkyPilot's, gpuhunt's, or a plain CSV.

Their rows price an instance, so the price is divided by its number of GPUs. Rows without a GPU or a
price (empty, 0, or SkyPilot's 700.0) are skipped; unreadable fields are reported by line.
"""

import ast
import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.prices.reader import Fault, read_sheet, records_of, rows_of
from roi_xl.prices.sheet import COLUMNS, MARKETS, USD, GpuPrice, PriceSheet
from roi_xl.text import text

ON_DEMAND, SPOT = MARKETS[:2]
NO_PRICE = 700.0  # marks a missing price in SkyPilot's catalogues
FORMATS = ("skypilot", "gpuhunt", "csv")
_COLUMNS = {
    "skypilot": ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price"),
    "gpuhunt": ("instance_name", "price", "gpu_count", "gpu_name"),
    "csv": ("gpu", "usd_per_gpu_hour"),
}
_LICENCES = {"skypilot": "Apache-2.0", "gpuhunt": "MPL-2.0"}
Record = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class About:
    """Provider, date, source and licence of a catalogue, for rows that do not state them."""

    provider: str
    date: dt.date
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows read, faults of the rows left out, and the number of rows without a GPU or a price."""

    rows: tuple[GpuPrice, ...]
    faults: tuple[Fault, ...]
    without_price: int


def read_catalogue(
    path: Path,
    kind: str = "auto",
    *,
    provider: str | None = None,
    date: dt.date | None = None,
    source: str | None = None,
    licence: str | None = None,
) -> Imported:
    """The prices in a catalogue.

    Args:
        path: the CSV file.
        kind: one of FORMATS; auto tells them apart by their columns.
        provider: provider of rows that name none; the name of the file by default.
        date: date of rows that have none; today by default.
        source: source of rows that name none; the name of the file by default.
        licence: licence of rows that name none.

    Raises:
        BadInput: the file cannot be read or has none of the formats.
    """
    records = records_of(path, ())
    columns = set(records[0][1]) if records else set()
    if kind == "auto":
        kind = next((f for f in FORMATS if columns >= set(_COLUMNS[f])), "")
    missing = [name for name in _COLUMNS.get(kind, ()) if name not in columns]
    if not kind or missing:
        raise BadInput("price_format", path=path, allowed=", ".join(FORMATS))
    named = provider or (path.parent.name if path.stem == "vms" else path.stem)
    today = dt.date.today()
    about = About(
        named, date or today, source or path.name, licence or _LICENCES.get(kind, "unknown")
    )
    if kind == "csv":
        filled = [(line, _filled(record, about, provider, date)) for line, record in records]
        rows, faults = rows_of(filled, today)
        return Imported(tuple(rows), tuple(faults), 0)
    return _instances(records, _READERS[kind], about)


def _filled(
    record: Record, about: About, provider: str | None, date: dt.date | None
) -> dict[str, Any]:
    """A plain row with its gaps filled: nothing typed is changed, no date is guessed."""
    known = {name: (record.get(name) or "").strip() for name in COLUMNS}
    known["provider"] = known["provider"] or (provider or "")
    known["snapshot_date"] = known["snapshot_date"] or ("" if date is None else str(date))
    known["source"] = known["source"] or about.source
    known["licence_of_source"] = known["licence_of_source"] or about.licence
    return known


def _instances(
    records: Iterable[tuple[int, Record]],
    reader: Callable[[Record, About], Iterator[dict[str, Any]]],
    about: About,
) -> Imported:
    made: list[tuple[int, dict[str, Any]]] = []
    faults: list[Fault] = []
    seen: set[tuple[object, ...]] = set()
    without = 0
    for line, record in records:
        try:
            prices = list(reader(record, about))
        except _Unreadable as error:
            rule = text("prices.allowed.positive")
            faults.append(Fault(line, error.field, f'"{error.found}"', rule))
            continue
        without += not prices
        for price in prices:
            # zones of a region repeat one offer
            key = tuple(price.values())
            if key not in seen:
                seen.add(key)
                made.append((line, price))
    rows, more = rows_of(made)
    ordered = sorted((*faults, *more), key=lambda f: f.line)
    return Imported(tuple(rows), tuple(ordered), without)


class _Unreadable(Exception):
    """A field of a catalogue that is not a number."""

    def __init__(self, field: str, found: str) -> None:
        super().__init__(field)
        self.field, self.found = field, found


def _number(record: Record, field: str) -> float | None:
    """The number in a field; None where the field is empty."""
    written = (record.get(field) or "").strip()
    if not written or written.lower() in ("nan", "none"):
        return None
    try:
        value = float(written)
    except ValueError:
        raise _Unreadable(field, written) from None
    if not math.isfinite(value) or value < 0:
        raise _Unreadable(field, written)
    return value


def _skypilot(record: Record, about: About) -> Iterator[dict[str, Any]]:
    gpu, count = (record.get("AcceleratorName") or "").strip(), _number(record, "AcceleratorCount")
    if not gpu or gpu.lower().startswith("tpu") or not count:
        return
    on_demand, spot = _number(record, "Price"), _number(record, "SpotPrice")
    where = " ".join(filter(None, (record.get("Region"), record.get("InstanceType"))))
    memory = _memory(record.get("GpuInfo"))
    same = on_demand is not None and on_demand == spot
    notes = {SPOT: text("prices.spot_is_on_demand") if same else ""}
    for market, price in ((ON_DEMAND, on_demand), (SPOT, spot)):
        if price and price != NO_PRICE:
            note = notes.get(market, "")
            yield _row(about, gpu, memory, market, where, price / count, count, note)


def _memory(info: str | None) -> float | None:
    """GB of one GPU, from SkyPilot's GpuInfo, where some providers give GiB instead of MiB."""
    try:
        stated = ast.literal_eval(info or "")["Gpus"][0]["MemoryInfo"]["SizeInMiB"]
        size = float(stated)
    except (ValueError, SyntaxError, KeyError, IndexError, TypeError):
        return None
    return round(size if size < 1024 else size / 1024) or None


def _gpuhunt(record: Record, about: About) -> Iterator[dict[str, Any]]:
    gpu, count = (record.get("gpu_name") or "").strip(), _number(record, "gpu_count")
    tpu = gpu.lower().startswith("tpu") or (record.get("gpu_vendor") or "").lower() == "google"
    price = _number(record, "price")
    if not gpu or tpu or not count or not price or price == NO_PRICE:
        return
    spot = (record.get("spot") or "").strip().lower() == "true"
    where = " ".join(filter(None, (record.get("location"), record.get("instance_name"))))
    named = (record.get("provider") or "").strip()
    about = replace(about, provider=named) if named else about
    memory = _number(record, "gpu_memory")
    market = SPOT if spot else ON_DEMAND
    yield _row(about, gpu, memory, market, where, price / count, count, "")


def _row(
    about: About,
    gpu: str,
    memory: float | None,
    market: str,
    where: str,
    price: float,
    count: float,
    notes: str,
) -> dict[str, Any]:
    name = gpu if memory is None or "GB" in gpu.upper() else f"{gpu}-{memory:g}GB"
    values = (
        name,
        memory,
        about.provider,
        market,
        where,
        round(price, 6),
        max(1.0, count),
        about.date,
        about.source,
        about.licence,
        notes,
        USD,
    )
    return dict(zip(COLUMNS, values, strict=True))


_READERS = {"skypilot": _skypilot, "gpuhunt": _gpuhunt}


def added_to(path: Path, rows: Iterable[GpuPrice]) -> tuple[PriceSheet, list[GpuPrice]]:
    """The price sheet of a file with new rows appended, and the rows that contradict it.

    Dated prices are never changed: a row with another price for the same offer and date is returned,
    one with the same price is dropped.
    """
    old = read_sheet(path)
    known = {(*r.offer, r.snapshot_date): (r.usd_per_gpu_hour, r.currency) for r in old}
    new: list[GpuPrice] = []
    refused: list[GpuPrice] = []
    for row in rows:
        key = (*row.offer, row.snapshot_date)
        if key not in known:
            new.append(row)
        elif known[key] != (row.usd_per_gpu_hour, row.currency):
            refused.append(row)
    return PriceSheet((*old, *new)), refused
