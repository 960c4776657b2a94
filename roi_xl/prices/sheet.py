"""A dated GPU price sheet: its rows, which of them are current, and the shipped one."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources

from roi_xl.prices.names import normal
from roi_xl.text import LANGUAGES, text
from roi_xl.units import CURRENCY, MARKET, Constant, codes, fold, quantity_of

STALE_AFTER_DAYS = Constant("stale_after_days", 180.0, "days")
MARKETS = quantity_of(MARKET).choices
UNDATED = dt.date.min


@dataclass(frozen=True, slots=True)
class GpuPrice:
    """One row: what one GPU costs an hour, where, since when, and who says so.

    The amount is in `currency`; its field is named for the usual one.
    """

    gpu: str
    vram_gb: float | None
    provider: str
    market: str
    region_or_product: str
    usd_per_gpu_hour: float
    min_gpus: float | None
    snapshot_date: dt.date | None
    source: str
    licence_of_source: str
    notes: str
    currency: str = "USD"

    @property
    def offer(self) -> tuple[str, str, str, str]:
        """What the price is for; a later row of the same offer takes its place."""
        parts = (self.gpu, self.provider, self.market, self.region_or_product)
        return tuple(normal(p) for p in parts)  # type: ignore[return-value]

    def stale(self, today: dt.date) -> bool:
        """Whether the price is more than 180 days old, or of no known date."""
        return self.snapshot_date is None or (today - self.snapshot_date).days > STALE_AFTER_DAYS


COLUMNS = tuple(f.name for f in fields(GpuPrice))
CURRENCIES = quantity_of(CURRENCY).choices
USD = CURRENCIES[0]


@dataclass(frozen=True)
class PriceSheet:
    """Rows in the order of their file."""

    rows: tuple[GpuPrice, ...]

    def __iter__(self) -> Iterator[GpuPrice]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def newest(self) -> dt.date | None:
        """The date of the newest row."""
        return max((r.snapshot_date for r in self.rows if r.snapshot_date), default=None)

    def current(self) -> list[GpuPrice]:
        """The rows that no later row of the same offer replaces."""
        latest: dict[tuple[str, str, str, str], dt.date] = {}
        for row in self.rows:
            date = row.snapshot_date or UNDATED
            latest[row.offer] = max(latest.get(row.offer, UNDATED), date)
        return [r for r in self.rows if (r.snapshot_date or UNDATED) == latest[r.offer]]

    def write(self) -> str:
        """The sheet as CSV text."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        others = any(row.currency != USD for row in self.rows)
        columns = COLUMNS if others else COLUMNS[:-1]  # a sheet in USD needs no currency
        writer.writerow(columns)
        for row in self.rows:
            writer.writerow([shown(getattr(row, name)) for name in columns])
        return out.getvalue()


def shown(value: object) -> str:
    """A field as the CSV file holds it."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def date_of(written: object) -> dt.date | None:
    """The date a cell or a CSV field holds (a month alone counts from its first day)."""
    if isinstance(written, dt.datetime):
        return written.date()
    if isinstance(written, dt.date):
        return written
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        # a spreadsheet's serial number; anything outside 1900…2199 is no date of a price
        known = math.isfinite(written) and 1 <= written < 109_575
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(written)) if known else None
    text = str(written or "").strip()
    try:
        return dt.date.fromisoformat(f"{text}-01" if len(text) == 7 else text[:10])
    except ValueError:
        return None


def market_of(written: object) -> str | None:
    """The market a word in either language names; a blank is on-demand."""
    word = str(written or "").strip()
    if not word:
        return MARKETS[0]
    code = codes(MARKETS).get(fold(word))
    return None if code is None else MARKETS[int(code)]


def currency_of(written: object) -> str | None:
    """The currency a word names, None where it is unknown; a blank is USD."""
    word = str(written or "").strip().upper()
    yuan = {name for language in LANGUAGES for name in text("prices.yuan", language).split()}
    word = "CNY" if word in yuan else word or USD
    return word if word in CURRENCIES else None


@lru_cache(maxsize=1)
def shipped() -> PriceSheet:
    """The sheet that ships with the package."""
    from roi_xl.prices.reader import rows_of

    source = resources.files("roi_xl.prices").joinpath("gpu_prices.csv")
    records = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    rows, faults = rows_of(enumerate(records, 2))
    if faults:
        raise ValueError(faults[0])
    return PriceSheet(tuple(rows))


def newest_date() -> str:
    """The date (ISO) of the newest shipped price."""
    return str(shipped().newest)
