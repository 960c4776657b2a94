"""A dated GPU price sheet: its rows, and which of them are current."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

from roi_xl.errors import NotListedError
from roi_xl.prices.names import hint, normal
from roi_xl.text import text
from roi_xl.units import CURRENCY, MARKET, Constant, codes, fold, quantity_of

STALE_AFTER_DAYS = Constant("stale_after_days", 180.0, "days")
MARKETS = quantity_of(MARKET).choices
UNDATED = dt.date.min


@dataclass(frozen=True, slots=True)
class GpuPrice:
    """One row: hourly price of one GPU, with provider, market, date and source.

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
        """Key of what is priced; a later row with the same key replaces this one."""
        parts = (self.gpu, self.provider, self.market, self.region_or_product)
        return tuple(normal(p) for p in parts)  # type: ignore[return-value]

    def stale(self, today: dt.date) -> bool:
        """Whether the price is more than 180 days old or has no date."""
        return self.snapshot_date is None or (today - self.snapshot_date).days > STALE_AFTER_DAYS


COLUMNS = tuple(f.name for f in fields(GpuPrice))
CURRENCIES = quantity_of(CURRENCY).choices
USD = CURRENCIES[0]


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """One hosted model: USD per million tokens, None where nothing is stated."""

    model: str
    input: float | None
    output: float | None
    cached: float | None = None
    batch_ratio: float | None = None  # batch price over standard price


@dataclass(frozen=True)
class ModelSheet:
    """The model prices of a workbook, the first row of a name counting."""

    rows: tuple[ModelPrice, ...]

    def find(self, model: str) -> ModelPrice:
        """The row of a model.

        Raises:
            NotListedError: the sheet has none; the message suggests the nearest.
        """
        wanted = model.strip().casefold()
        for row in self.rows:
            if row.model.casefold() == wanted:
                return row
        near = hint(model, (r.model for r in self.rows))
        where = text("error.the_workbook")
        raise NotListedError("model_not_listed", found=model, where=where, hint=near)

    def price(self, model: str, kind: str) -> float:
        """A price of a model: input, output or cached.

        Raises:
            NotListedError: no such model, or no such price.
        """
        row = self.find(model)
        value: float | None = getattr(row, kind)
        if value is None:
            raise NotListedError("model_no_price", found=row.model, kind=text(f"choice.{kind}"))
        return value

    def batch_ratio(self, model: str) -> float:
        """Batch price over standard price; NaN where the sheet states none."""
        try:
            ratio = self.find(model).batch_ratio
        except NotListedError:
            return math.nan
        return math.nan if ratio is None else ratio


@dataclass(frozen=True)
class PriceSheet:
    """Rows in the order of their file; with the model prices of a workbook, where it has its own."""

    rows: tuple[GpuPrice, ...]
    models: ModelSheet | None = None
    rates: tuple[tuple[str, float], ...] = ()  # units of other currencies per USD

    def with_rates(self, rates: Mapping[str, float]) -> "PriceSheet":
        """The same sheet with more exchange rates (units per USD)."""
        return replace(self, rates=tuple({**dict(self.rates), **rates}.items()))

    def in_usd(self, row: GpuPrice) -> float | None:
        """A row's price in USD; None where its currency has no rate."""
        if row.currency == USD:
            return row.usd_per_gpu_hour
        rate = dict(self.rates).get(row.currency)
        return None if rate is None else row.usd_per_gpu_hour / rate

    def __iter__(self) -> Iterator[GpuPrice]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def newest(self) -> dt.date | None:
        """Date of the newest row; None where no row has a date."""
        return max((r.snapshot_date for r in self.rows if r.snapshot_date), default=None)

    def current(self) -> list[GpuPrice]:
        """Rows not replaced by a later row of the same offer."""
        latest: dict[tuple[str, str, str, str], dt.date] = {}
        for row in self.rows:
            date = row.snapshot_date or UNDATED
            latest[row.offer] = max(latest.get(row.offer, UNDATED), date)
        return [r for r in self.rows if (r.snapshot_date or UNDATED) == latest[r.offer]]

    @cached_property
    def _lowest(self) -> dict[tuple[str, str, str], float]:
        """Lowest current price by GPU, provider ("" for any) and market; built on first use."""
        found: dict[tuple[str, str, str], float] = {}
        for row in self.current():
            gpu, provider, market, _ = row.offer
            price = self.in_usd(row)
            if price is None:
                continue
            for key in ((gpu, provider, market), (gpu, "", market)):
                found[key] = min(found.get(key, math.inf), price)
        return found

    def lowest(self, gpu: str, provider: str | None, market: str) -> float | None:
        """Lowest current price in USD per GPU-hour; None where nothing is listed.

        Args:
            gpu: the name in any spelling that `normal` accepts.
            provider: likewise; blank means any.
            market: one of MARKETS.
        """
        return self._lowest.get((normal(gpu), normal(provider or ""), normal(market)))

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
    """A field as written to the CSV file."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def date_of(written: object) -> dt.date | None:
    """The date in a cell or CSV field; a month without a day means its first day."""
    if isinstance(written, dt.datetime):
        return written.date()
    if isinstance(written, dt.date):
        return written
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        # a spreadsheet's serial number; dates outside 1900–2199 are not price dates
        known = math.isfinite(written) and 1 <= written < 109_575
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(written)) if known else None
    text = str(written or "").strip()
    try:
        return dt.date.fromisoformat(f"{text}-01" if len(text) == 7 else text[:10])
    except ValueError:
        return None


def market_of(written: object) -> str | None:
    """The market named by a word in either language; blank means on-demand."""
    word = str(written or "").strip()
    if not word:
        return MARKETS[0]
    code = codes(MARKETS).get(fold(word))
    return None if code is None else MARKETS[int(code)]


def currency_of(written: object) -> str | None:
    """The currency a word names, None where it is unknown; a blank is USD."""
    word = str(written or "").strip()
    if not word:
        return USD
    code = codes(CURRENCIES).get(fold(word))
    return None if code is None else CURRENCIES[int(code)]
