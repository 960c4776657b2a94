"""The closed set of units, and what a quantity of each may be.

An annotation such as `hours: HOURS` is the one declaration from which a function, a workbook cell, a
command line option and a help page take unit, bounds and number format.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

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


def _money(key: str, number_format: str = "#,##0.00") -> Unit:
    return Unit(key, number_format)


_usd = Quantity(_money("usd"))
_usd_per_month = Quantity(_money("usd_per_month"))
_months = Quantity(Unit("months", "#,##0.0"))
_fraction = Quantity(Unit("fraction", "0.0%"))
_count = Quantity(Unit("count", "#,##0"))
LONGEST_HORIZON = 600  # months

USD: TypeAlias = Annotated[Num, _usd]
USD_SIGNED: TypeAlias = Annotated[Num, replace(_usd, lower=None)]
USD_PER_MONTH: TypeAlias = Annotated[Num, _usd_per_month]
USD_PER_MONTH_SIGNED: TypeAlias = Annotated[Num, replace(_usd_per_month, lower=None)]
USD_PER_HOUR: TypeAlias = Annotated[Num, Quantity(_money("usd_per_hour"))]
USD_PER_GPU_HOUR: TypeAlias = Annotated[Num, Quantity(_money("usd_per_gpu_hour", "#,##0.00##"))]
USD_PER_REQUEST: TypeAlias = Annotated[Num, Quantity(_money("usd_per_request", "0.000000"))]
USD_PER_SAMPLE: TypeAlias = Annotated[Num, Quantity(_money("usd_per_sample", "0.00####"))]
USD_PER_RETRAINING: TypeAlias = Annotated[Num, Quantity(_money("usd_per_retraining"))]
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
REPORTING: TypeAlias = Annotated[Num, Quantity(Unit("reporting"), lower=None)]
REPORTING_PER_MONTH: TypeAlias = Annotated[Num, Quantity(Unit("reporting_per_month"), lower=None)]
REPORTING_PER_USD: TypeAlias = Annotated[
    Num, Quantity(Unit("reporting_per_usd", "0.0000"), lower_open=True)
]
TABLE: TypeAlias = Annotated[
    list[list[object]], Quantity(Unit("table", "#,##0.00"), lower=None, kind="range")
]
SHARE: TypeAlias = Annotated[Num, replace(_fraction, upper=1.0)]
TOKENS: TypeAlias = Annotated[Num, Quantity(Unit("tokens_per_request", "#,##0"))]
TOKENS_PER_SAMPLE: TypeAlias = Annotated[Num, Quantity(Unit("tokens_per_sample", "#,##0"))]
MILLION_TOKENS: TypeAlias = Annotated[Num, Quantity(Unit("million_tokens", "#,##0.00"))]
USD_PER_MILLION_TOKENS: TypeAlias = Annotated[
    Num, Quantity(_money("usd_per_million_tokens", "#,##0.00##"))
]
USD_PER_REQUEST_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(_money("usd_per_request", "0.000000"), blank=True)
]
USD_PER_GPU_HOUR_OR_BLANK: TypeAlias = Annotated[
    Num, Quantity(_money("usd_per_gpu_hour", "#,##0.00##"), blank=True)
]
BILLION_PARAMETERS: TypeAlias = Annotated[
    Num, Quantity(Unit("billion_parameters", "#,##0.##"), lower_open=True)
]
EPOCHS: TypeAlias = Annotated[Num, Quantity(Unit("epochs", "#,##0.##"))]
TFLOPS: TypeAlias = Annotated[Num, Quantity(Unit("tflops", "#,##0"), blank=True)]
GIGABYTES: TypeAlias = Annotated[Num, Quantity(Unit("gigabytes", "#,##0.0"), blank=True)]
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
RATE_STATE: TypeAlias = Annotated[
    Num,
    Quantity(
        Unit("choice", "@"), choices=("rate_ok", "rate_missing", "rate_unused"), kind="choice"
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
AGREEMENT: TypeAlias = Annotated[
    Num,
    Quantity(Unit("choice", "@"), choices=("agree", "matrix_only", "payback_only"), kind="choice"),
]
TEXT: TypeAlias = Annotated[str, Quantity(Unit("text", "@"), lower=None, kind="text")]
ANY: TypeAlias = Annotated[object, Quantity(Unit("any", "@"), lower=None, kind="range")]
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
