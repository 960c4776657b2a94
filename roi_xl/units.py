"""The closed set of units, and what a quantity of each may be.

An annotation such as `hours: HOURS` is the one declaration from which a function, a workbook cell, a
command line option and a help page take unit, bounds and number format.
"""

import difflib
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from roi_xl.text import LANGUAGES, has_text, set_language, text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Num: TypeAlias = float | NDArray[np.float64]
else:
    Num = float


class Constant(float):
    """A fixed number with a name and the key of its unit, which a workbook shows as a labelled cell."""

    name: str
    unit: str

    def __new__(cls, name: str, value: float, unit: str = "factor") -> "Constant":
        """Make the number; a float subclass gets its value here."""
        self = super().__new__(cls, value)
        self.name, self.unit = name, unit
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return (Constant, (self.name, float(self), self.unit))


BLANK = Constant("blank", float("nan"))  # nothing: an empty cell


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: the key of its texts and the number format of its cells."""

    key: str
    number_format: str = "#,##0.00"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A unit with bounds. `choices` are the words of a closed set, held as 0, 1, 2, …"""

    unit: Unit
    lower: float | None = 0.0
    upper: float | None = None
    lower_open: bool = False
    never: bool = False  # infinity is a value, shown as the word under `infinity`
    infinity: str = "never"
    blank: bool = False  # NaN is a value: nothing is known, the cell stays empty
    named: tuple[tuple[str, float], ...] = ()  # words that stand for a number
    whole: bool = False
    choices: tuple[str, ...] = ()
    kind: str = "number"  # number | choice | text | range
    form: str = ""  # of a text: "month" is a calendar month, YYYY-MM


_amount = Quantity(Unit("money"))
_amount_per_month = Quantity(Unit("money_per_month"))
_months = Quantity(Unit("months", "#,##0.0"))
_fraction = Quantity(Unit("fraction", "0.0%"))
_count = Quantity(Unit("count", "#,##0"))
LONGEST_HORIZON = 600  # months

MONEY: TypeAlias = Annotated[Num, _amount]
MONEY_SIGNED: TypeAlias = Annotated[Num, replace(_amount, lower=None)]
MONEY_PER_MONTH: TypeAlias = Annotated[Num, _amount_per_month]
MONEY_PER_MONTH_SIGNED: TypeAlias = Annotated[Num, replace(_amount_per_month, lower=None)]
MONEY_PER_HOUR: TypeAlias = Annotated[Num, Quantity(Unit("money_per_hour"))]
MONEY_PER_GPU_HOUR: TypeAlias = Annotated[Num, Quantity(Unit("money_per_gpu_hour", "#,##0.00##"))]
MONEY_PER_REQUEST: TypeAlias = Annotated[Num, Quantity(Unit("money_per_request", "0.000000"))]
MONEY_PER_REQUEST_SIGNED: TypeAlias = Annotated[
    Num, Quantity(Unit("money_per_request", "0.000000"), lower=None)
]
MONEY_PER_SAMPLE: TypeAlias = Annotated[Num, Quantity(Unit("money_per_sample", "0.00####"))]
MONEY_PER_RETRAINING: TypeAlias = Annotated[Num, Quantity(Unit("money_per_retraining"))]
HOURS: TypeAlias = Annotated[Num, Quantity(Unit("hours", "#,##0.##"))]
HOURS_PER_ITERATION: TypeAlias = Annotated[Num, Quantity(Unit("hours_per_iteration", "#,##0.##"))]
HOURS_PER_MONTH: TypeAlias = Annotated[Num, Quantity(Unit("hours_per_month", "#,##0.##"))]
HOURS_PER_DAY: TypeAlias = Annotated[Num, Quantity(Unit("hours_per_day", "#,##0.##"), upper=24.0)]
DAYS_PER_MONTH: TypeAlias = Annotated[
    Num, Quantity(Unit("days_per_month", "0.##"), upper=31.0, lower_open=True)
]
MONTHS: TypeAlias = Annotated[Num, _months]
MONTHS_POSITIVE: TypeAlias = Annotated[Num, replace(_months, lower_open=True)]
MONTHS_OR_NEVER: TypeAlias = Annotated[Num, replace(_months, never=True)]
MONTHS_OR_NO_END: TypeAlias = Annotated[Num, replace(_months, never=True, infinity="no_end")]
HORIZON: TypeAlias = Annotated[Num, replace(_months, lower=1.0, upper=float(LONGEST_HORIZON))]
REQUESTS_PER_DAY: TypeAlias = Annotated[Num, Quantity(Unit("requests_per_day", "#,##0"))]
RATIO: TypeAlias = Annotated[Num, Quantity(Unit("factor", "0.00"))]
MONTHS_OR_BLANK: TypeAlias = Annotated[
    Num, replace(_months, never=True, infinity="no_end", blank=True)
]
MONEY_PER_HOUR_OR_BLANK: TypeAlias = Annotated[Num, Quantity(Unit("money_per_hour"), blank=True)]
RETRAININGS_PER_YEAR: TypeAlias = Annotated[Num, Quantity(Unit("per_year", "#,##0.##"))]
COUNT: TypeAlias = Annotated[Num, _count]
GPUS: TypeAlias = Annotated[Num, Quantity(Unit("gpus", "#,##0"))]
GPUS_POSITIVE: TypeAlias = Annotated[Num, Quantity(Unit("gpus", "#,##0"), lower_open=True)]
GPUS_OR_BLANK: TypeAlias = Annotated[Num, Quantity(Unit("gpus", "#,##0"), blank=True)]
SAMPLES: TypeAlias = Annotated[Num, Quantity(Unit("samples", "#,##0"))]
FRACTION_SIGNED: TypeAlias = Annotated[Num, replace(_fraction, lower=None)]
FRACTION: TypeAlias = Annotated[Num, replace(_fraction, upper=1.0)]
RATE_PER_YEAR: TypeAlias = Annotated[Num, Quantity(Unit("rate_per_year", "0.0%"))]
RATE_PER_YEAR_SIGNED: TypeAlias = Annotated[
    Num, Quantity(Unit("rate_per_year", "0.0%"), lower=-1.0)
]
DECLINE_PER_YEAR: TypeAlias = Annotated[Num, Quantity(Unit("rate_per_year", "0.0%"), upper=1.0)]
GROWTH_PER_MONTH: TypeAlias = Annotated[
    Num, Quantity(Unit("rate_per_month", "0.0%"), lower=-1.0, upper=1.0)
]
FACTOR: TypeAlias = Annotated[Num, Quantity(Unit("factor", "0.000000"))]
REQUESTS_PER_MONTH: TypeAlias = Annotated[Num, Quantity(Unit("requests_per_month", "#,##0"))]
CURRENCY_PER_USD: TypeAlias = Annotated[
    Num, Quantity(Unit("currency_per_usd", "#,##0.00##"), lower_open=True)
]
PERCENT_PER_YEAR: TypeAlias = Annotated[
    Num, Quantity(Unit("rate_per_year", "0.0%"), lower=-1.0, lower_open=True)
]
REQUESTS_PER_GPU_HOUR: TypeAlias = Annotated[
    Num, Quantity(Unit("requests_per_gpu_hour", "#,##0.##"), lower_open=True)
]
TABLE: TypeAlias = Annotated[
    list[list[object]], Quantity(Unit("table", "#,##0.00"), lower=None, kind="range")
]
SHARE: TypeAlias = Annotated[Num, replace(_fraction, upper=1.0)]
SHARE_OF_COST: TypeAlias = Annotated[Num, replace(_fraction, upper=10.0)]
TOKENS: TypeAlias = Annotated[Num, Quantity(Unit("tokens_per_request", "#,##0"))]
TOKENS_PER_SAMPLE: TypeAlias = Annotated[Num, Quantity(Unit("tokens_per_sample", "#,##0"))]
MILLION_TOKENS: TypeAlias = Annotated[Num, Quantity(Unit("million_tokens", "#,##0.00"))]
MONEY_PER_MILLION_TOKENS: TypeAlias = Annotated[
    Num, Quantity(Unit("money_per_million_tokens", "#,##0.00##"))
]
MONEY_PER_REQUEST_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("money_per_request", "0.000000"), blank=True)
]
MONEY_PER_GPU_HOUR_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("money_per_gpu_hour", "#,##0.00##"), blank=True)
]
USD_PER_MILLION_TOKENS: TypeAlias = Annotated[
    Num, Quantity(Unit("usd_per_million_tokens", "#,##0.00##"))
]
USD_PER_MILLION_TOKENS_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("usd_per_million_tokens", "#,##0.00##"), blank=True)
]
USD_PER_GPU_HOUR: TypeAlias = Annotated[Num, Quantity(Unit("usd_per_gpu_hour", "#,##0.00##"))]
USD_PER_GPU_HOUR_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("usd_per_gpu_hour", "#,##0.00##"), blank=True)
]
MONEY_PER_MILLION_TOKENS_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("money_per_million_tokens", "#,##0.00##"), blank=True)
]
SHARE_OR_BLANK: TypeAlias = Annotated[Num, replace(_fraction, upper=None, blank=True)]
MONEY_PER_ERROR: TypeAlias = Annotated[Num, Quantity(Unit("money_per_error"))]
BILLION_PARAMETERS: TypeAlias = Annotated[
    Num, Quantity(Unit("billion_parameters", "#,##0.##"), lower_open=True)
]
BILLION_PARAMETERS_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("billion_parameters", "#,##0.##"), lower_open=True, blank=True)
]
SAMPLES_OR_BLANK: TypeAlias = Annotated[Num, Quantity(Unit("samples", "#,##0"), blank=True)]
EPOCHS: TypeAlias = Annotated[Num, Quantity(Unit("epochs", "#,##0.##"))]
TFLOPS: TypeAlias = Annotated[Num, Quantity(Unit("tflops", "#,##0"), blank=True)]
GIGABYTES: TypeAlias = Annotated[Num, Quantity(Unit("gigabytes", "#,##0.0"), blank=True)]
BANDWIDTH: TypeAlias = Annotated[
    Num, Quantity(Unit("gigabytes_per_second", "#,##0"), lower_open=True, blank=True)
]
CACHE_PER_TOKENS: TypeAlias = Annotated[
    Num, Quantity(Unit("gigabytes_per_thousand_tokens", "0.000"), lower_open=True)
]
SECONDS_OR_BLANK: TypeAlias = Annotated[Num, Quantity(Unit("seconds", "#,##0.000"), blank=True)]
SAMPLES_PER_STEP: TypeAlias = Annotated[
    Num, Quantity(Unit("samples", "#,##0"), lower_open=True, upper=100_000.0)
]
CONCURRENCY: TypeAlias = Annotated[Num, Quantity(Unit("requests", "#,##0"), lower=1.0)]
REQUESTS_AT_ONCE: TypeAlias = Annotated[
    Num, Quantity(Unit("requests", "#,##0"), lower=None, blank=True)
]
TOKENS_PER_SECOND: TypeAlias = Annotated[Num, Quantity(Unit("tokens_per_second", "#,##0"))]
TOKENS_PER_SECOND_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("tokens_per_second", "#,##0"), blank=True)
]
REQUESTS_PER_GPU_HOUR_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(Unit("requests_per_gpu_hour", "#,##0"), blank=True)
]
PEAK_TO_AVERAGE: TypeAlias = Annotated[Num, Quantity(Unit("factor", "0.0#"), lower=1.0)]
MODEL_LAYERS: TypeAlias = Annotated[Num, Quantity(Unit("layers", "#,##0"), lower_open=True)]
MODEL_WIDTH: TypeAlias = Annotated[Num, Quantity(Unit("values", "#,##0"), lower_open=True)]
HOURS_OR_BLANK: TypeAlias = Annotated[Num, Quantity(Unit("hours", "#,##0.##"), blank=True)]
UTILISATION: TypeAlias = Annotated[
    Num,
    replace(
        _fraction,
        upper=1.0,
        lower_open=True,
        named=(("packed", 0.40), ("long_context", 0.25), ("unpacked", 0.10), ("offloaded", 0.10)),
    ),
]

PRECISION: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"), choices=("bf16", "fp8", "int8", "int4", "fp16"), kind="choice"
    ),  # fp16 is bf16 under its other name
]
TRAINING_METHOD: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("lora", "qlora", "full"), kind="choice")
]
REFERENCE_METHOD: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("lora", "full"), kind="choice")
]
BOUND: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("low", "mid", "high"), kind="choice")
]
PRICE_KIND: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("input", "output", "cached"), kind="choice")
]
MARKET: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("on-demand", "spot", "reserved"), kind="choice")
]

CURRENCY: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"),
        choices=("USD", "CNY", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD", "KRW", "INR"),
        kind="choice",
    ),
]
IRR_STATE: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"),
        choices=("irr_none", "irr_usable", "irr_misleads", "irr_several"),
        kind="choice",
    ),
]
QUALITY_NEED: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("normal", "high"), kind="choice")
]
LANGUAGE: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("zh", "en"), kind="choice")
]
RECOMMENDATION: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"), choices=("strong", "recommended", "caution", "no"), kind="choice"
    ),
]
STRATEGY: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("prompt", "lora", "finetune"), kind="choice")
]
CONFLICT: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"),
        choices=("agree", "volume_but_little", "quality_but_little", "small_but_much"),
        kind="choice",
    ),
]
LEAD: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"),
        choices=("lead_worth", "lead_slow", "lead_unpaid", "lead_loss"),
        kind="choice",
    ),
]
BENEFIT: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"),
        choices=("from_requests", "from_fixed", "from_quality", "from_errors", "from_nothing"),
        kind="choice",
    ),
]
SERVED: TypeAlias = Annotated[
    Num, Quantity(Unit("choice", "@"), choices=("served_hosted", "served_own"), kind="choice")
]
CALENDAR_MONTH: TypeAlias = Annotated[
    str, Quantity(Unit("calendar_month", "@"), lower=None, kind="text", form="month")
]
TEXT: TypeAlias = Annotated[str, Quantity(Unit("text", "@"), lower=None, kind="text")]
ANY: TypeAlias = Annotated[object, Quantity(Unit("any", "@"), lower=None, kind="range")]
FIGURE: TypeAlias = Annotated[object, Quantity(Unit("any", "General"), lower=None)]
TARGET: TypeAlias = Annotated[Num, Quantity(Unit("number", "General"), lower=None)]
SWING_SHARE: TypeAlias = Annotated[Num, replace(_fraction, upper=0.99)]
WHOLE_RUNS: TypeAlias = Annotated[
    Num, Quantity(Unit("count", "#,##0"), lower=1.0, upper=1e6, whole=True)
]
WHOLE_SEED: TypeAlias = Annotated[
    Num, Quantity(Unit("number", "0"), upper=float(2**53), whole=True)
]


def quantity_of(annotation: Any) -> Quantity:
    """The quantity an annotation declares."""
    for item in getattr(annotation, "__metadata__", ()):
        if isinstance(item, Quantity):
            return item
    raise TypeError(f"{annotation!r} declares no unit; annotate with one of roi_xl.units")


NEVER = "never"


def within(quantity: Quantity, value: float) -> bool:
    """Whether the number is inside the bounds (NaN never is, infinity only where it means never)."""
    if math.isinf(value):
        return quantity.never and value > 0
    lower, upper = quantity.lower, quantity.upper
    if lower is not None and not (value > lower if quantity.lower_open else value >= lower):
        return False
    if upper is not None and not value <= upper:
        return False
    if quantity.whole and value != math.floor(value):
        return False
    return not math.isnan(value)


def allowed(quantity: Quantity, language: str | None = None) -> str:
    """What is allowed, in words: `a number ≥ 0`, `normal or high`."""
    if quantity.kind == "choice":
        return text("error.allowed.choice", language, words=", ".join(words(quantity, language)))
    if quantity.kind != "number":
        return text(f"error.allowed.{quantity.kind}", language)
    key = "whole" if quantity.whole else "number"
    parts = []
    if quantity.lower is not None:
        parts.append(f"{'>' if quantity.lower_open else '≥'} {quantity.lower:g}")
    if quantity.upper is not None:
        parts.append(f"≤ {quantity.upper:g}")
    bounds = text("error.allowed.and", language).join(parts)
    sentence = text(f"error.allowed.{key}", language)
    sentence = f"{sentence} {bounds}" if bounds else sentence
    if quantity.never:
        word = text(f"choice.{quantity.infinity}", language)
        sentence = text("error.allowed.never", language, number=sentence, never=word)
    if quantity.named:
        named = ", ".join(text(f"choice.{word}", language) for word, _ in quantity.named)
        sentence = text("error.allowed.named", language, number=sentence, words=named)
    return sentence


def words(quantity: Quantity, language: str | None = None) -> list[str]:
    """The words of a closed set, in order."""
    return [text(f"choice.{choice}", language) for choice in quantity.choices]


def never(language: str | None = None) -> str:
    """The word a cell shows for an infinite payback; `never` where no language was chosen."""
    chosen = language or set_language()
    return text("choice.never", chosen) if chosen else NEVER


def fold(word: str) -> str:
    """A word without case, outer space and full-width forms, for comparison."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def nearest(found: str, names: Iterable[str]) -> str:
    """The hint of an error message: the known name most like the one found, or nothing."""
    near = difflib.get_close_matches(found.strip().lower(), list(names), n=1, cutoff=0.6)
    return text("error.hint", nearest=near[0]) if near else ""


@cache
def codes(choices: tuple[str, ...]) -> dict[str, float]:
    """Every accepted word of a closed set, in all languages, with its code 0, 1, 2, …"""
    found = {fold(choice): float(i) for i, choice in enumerate(choices)}
    for language in LANGUAGES:
        for i, choice in enumerate(choices):
            found[fold(text(f"choice.{choice}", language))] = float(i)
            if has_text(f"choice.also.{choice}", language):
                for word in text(f"choice.also.{choice}", language).split(", "):
                    found[fold(word)] = float(i)
    return found


def named_number(quantity: Quantity, word: str) -> float | None:
    """The number a word stands for, where the quantity has such words."""
    code = codes(tuple(name for name, _ in quantity.named)).get(fold(word))
    return None if code is None else quantity.named[int(code)][1]


@cache
def never_words() -> frozenset[str]:
    """Every accepted word for infinity: "never", "no end"."""
    words = (text(f"choice.{key}", lang) for key in (NEVER, "no_end") for lang in LANGUAGES)
    return frozenset({NEVER, *map(fold, words)})
