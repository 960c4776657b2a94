"""Every input of a case, and the validated `Case` that holds their values.

Each input is declared once, in the table INPUTS: unit, default or sample figure, and the range outside
which a value is likely a typing error. Some can be worked out from others: the GPU price from the
price sheet, a cost per request from its tokens, training hours from the model. Typed they count as
typed; left blank they are worked out once what that needs is filled in, and are their default until
then.
"""

import difflib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import roi_xl.units as u
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show, value_of
from roi_xl.functions.declare import Param
from roi_xl.model import defaults
from roi_xl.prices.sheet import PriceSheet
from roi_xl.text import LANGUAGES, text
from roi_xl.units import Quantity, fold, quantity_of

Values = Mapping[str, Any]
MONEY_UNITS = "money"  # keys of units of amounts begin so


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name in files, cells and columns, its group, its unit, bounds and default."""

    name: str
    group: str
    param: Param
    is_sample: bool
    plausible: tuple[float, float] | None  # in USD for an amount; None for a word
    fallback: Any = None  # the default of an input whose blank means "worked out"
    worked_out: Callable[[Values], bool] | None = None  # from these other inputs?

    @property
    def quantity(self) -> Quantity:
        """Unit and bounds."""
        return self.param.quantity

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount in the case's currency."""
        return self.quantity.unit.key.startswith(MONEY_UNITS)

    @property
    def default(self) -> Any:
        """The value where none is given; a choice as its key word, infinity where there is no end."""
        return self.param.default_shown if self.worked_out is None else self.fallback

    @property
    def open_ended(self) -> bool:
        """Whether blank means that there is no limit."""
        return self.quantity.never and self.default == math.inf

    def label(self, language: str | None = None) -> str:
        """The input's name in words."""
        return self.param.label(language)

    def read(self, raw: object) -> Any:
        """The value as a case holds it.

        Raises:
            BadInput: it is no value this input may have.
        """
        value = value_of(self.param, raw)
        if isinstance(value, float) and math.isnan(value):
            return None
        return self.quantity.choices[int(value)] if self.quantity.kind == "choice" else value

    def shown(self, value: Any, language: str | None = None) -> Any:
        """The value as a person reads it: a choice or infinity in words, a number as it is."""
        if self.quantity.kind == "choice":
            return text(f"choice.{value}", language)
        return text(f"choice.{self.quantity.infinity}", language) if value == math.inf else value

    def plausible_in(self, rate: float) -> tuple[float, float] | None:
        """The plausible range at an exchange rate (units of the case's currency per USD)."""
        if self.plausible is None or not self.is_money:
            return self.plausible
        low, high = self.plausible
        return low * rate, high * rate


class Doubt(NamedTuple):
    """A value outside the range in which such values usually lie."""

    name: str
    value: float
    low: float
    high: float


def _input(
    name: str,
    group: str,
    unit: Any,
    default: Any = None,
    *,
    sample: float | None = None,
    plausible: tuple[float, float] | None = None,
    worked_out: Callable[[Values], bool] | None = None,
) -> Input:
    """Declare an input.

    Args:
        name: its name in files, cells and columns.
        group: the block of the Inputs sheet and of help pages.
        unit: an alias of `roi_xl.units`, with the bounds.
        default: the value where none is given.
        sample: the figure of the source document's example, in place of a default.
        plausible: lowest and highest value that is not likely a typing error.
        worked_out: whether these other inputs give the value of a blank one.
    """
    quantity = quantity_of(unit)
    value = default if sample is None else sample
    param = Param(name, quantity, value if worked_out is None else None)
    is_sample = sample is not None
    return Input(name, group, param, is_sample, plausible, value, worked_out)


# --- what is worked out from what ------------------------------------------------------------------


def _always(_: Values) -> bool:
    return True


def _never(_: Values) -> bool:
    return False


def _gpu_named(values: Values) -> bool:
    return values["gpu_model"] is not None


def _training_typed(values: Values) -> bool:
    return values["model_params_b"] is not None and values["training_samples"] is not None


def _model_named(model: str) -> Callable[[Values], bool]:
    return lambda values: values[f"{model}_model"] is not None


def _withdrawal_known(values: Values) -> bool:
    return values["finetuned_model"] is not None and values["start_month"] is not None


def self_hosted(values: Values) -> bool:
    """Whether the fine-tuned model is served on GPUs of one's own."""
    return (
        values["serving_gpu_model"] is not None or values["serving_gpu_cost_per_hour"] is not None
    )


def _current_by_tokens(values: Values) -> bool:
    return _by_tokens("current", values)


def _finetuned_by_tokens(values: Values) -> bool:
    return self_hosted(values) or _by_tokens("finetuned", values)


def _by_tokens(model: str, values: Values) -> bool:
    extra = values["extra_input_tokens_current"] if model == "current" else 0.0
    if values["input_tokens"] + values["output_tokens"] + extra <= 0:
        return False
    prices = (values[f"{model}_{kind}_price"] or 0.0 for kind in ("input", "output"))
    return values[f"{model}_model"] is not None or sum(prices) > 0


# --- the table ---------------------------------------------------------------------------------------

_ANY_AMOUNT = (0.0, 1e7)
_HOURS = (0.0, 20_000.0)
_PRICE = (0.0, 100.0)  # per million tokens
_PER_REQUEST = (0.0, 5.0)
_MONTHS = (0.0, 24.0)
_LIMIT = (0.1, 60.0)

INPUTS: dict[str, Input] = {
    i.name: i
    for i in (
        _input("project_name", "project", u.TEXT),
        _input("start_month", "project", u.CALENDAR_MONTH),
        _input("currency", "project", u.CURRENCY, 0.0),
        _input("currency_per_usd", "project", u.CURRENCY_PER_USD, 1.0, plausible=(0.2, 5000.0)),
        # one-off cost
        _input("data_preparation_hours", "one_off", u.HOURS, sample=40.0, plausible=_HOURS),
        _input(
            "hourly_rate",
            "one_off",
            u.MONEY_PER_HOUR,
            defaults.HOURLY_RATE,
            plausible=(2.0, 500.0),
            worked_out=_never,
        ),
        _input("labelled_samples", "one_off", u.SAMPLES, 0.0, plausible=(0.0, 1e7)),
        _input("label_cost_per_sample", "one_off", u.MONEY_PER_SAMPLE, 0.0, plausible=(0.0, 100.0)),
        _input(
            "gpu_cost_per_hour",
            "one_off",
            u.MONEY_PER_GPU_HOUR,
            defaults.GPU_COST_PER_HOUR,
            plausible=(0.0, 30.0),
            worked_out=_gpu_named,
        ),
        _input("gpu_model", "one_off", u.TEXT),
        _input("gpu_provider", "one_off", u.TEXT),
        _input("gpu_market", "one_off", u.MARKET, 0.0),
        _input(
            "training_hours",
            "one_off",
            u.HOURS,
            sample=4.0,
            plausible=(0.0, 5_000.0),
            worked_out=_training_typed,
        ),
        _input(
            "num_iterations", "one_off", u.COUNT, defaults.NUM_ITERATIONS, plausible=(0.0, 100.0)
        ),
        _input(
            "gpu_count",
            "one_off",
            u.GPUS,
            defaults.GPU_COUNT,
            plausible=(0.0, 1_024.0),
            worked_out=_training_typed,
        ),
        _input(
            "engineer_hours_per_iteration",
            "one_off",
            u.HOURS_PER_ITERATION,
            sample=0.0,
            plausible=(0.0, 2_000.0),
        ),
        _input(
            "hosted_training_price",
            "one_off",
            u.MONEY_PER_MILLION_TOKENS,
            0.0,
            plausible=(0.0, 200.0),
        ),
        _input("other_one_off_cost", "one_off", u.MONEY, 0.0, plausible=_ANY_AMOUNT),
        _input("contingency_share", "one_off", u.SHARE_OF_COST, 0.0, plausible=(0.0, 0.5)),
        # requests and what they cost
        _input(
            "daily_requests", "requests", u.REQUESTS_PER_DAY, sample=10000.0, plausible=(0.0, 1e8)
        ),
        _input(
            "current_cost_per_request",
            "requests",
            u.MONEY_PER_REQUEST,
            sample=0.01,
            plausible=_PER_REQUEST,
            worked_out=_current_by_tokens,
        ),
        _input(
            "finetuned_cost_per_request",
            "requests",
            u.MONEY_PER_REQUEST,
            sample=0.001,
            plausible=_PER_REQUEST,
            worked_out=_finetuned_by_tokens,
        ),
        _input(
            "days_per_month",
            "requests",
            u.DAYS_PER_MONTH,
            defaults.DAYS_PER_MONTH,
            plausible=(15.0, 31.0),
        ),
        _input(
            "monthly_volume_growth",
            "requests",
            u.GROWTH_PER_MONTH,
            0.0,
            plausible=(-0.3, 0.3),
        ),
        _input(
            "current_fixed_cost_per_month",
            "requests",
            u.MONEY_PER_MONTH,
            0.0,
            plausible=_ANY_AMOUNT,
        ),
        _input(
            "finetuned_fixed_cost_per_month",
            "requests",
            u.MONEY_PER_MONTH,
            0.0,
            plausible=_ANY_AMOUNT,
        ),
        # tokens and their prices
        _input("current_model", "tokens", u.TEXT),
        _input("finetuned_model", "tokens", u.TEXT),
        _input("input_tokens", "tokens", u.TOKENS, 0.0, plausible=(0.0, 500_000.0)),
        _input("output_tokens", "tokens", u.TOKENS, 0.0, plausible=(0.0, 100_000.0)),
        _input("cached_input_share", "tokens", u.SHARE, 0.0, plausible=(0.0, 0.99)),
        _input("extra_input_tokens_current", "tokens", u.TOKENS, 0.0, plausible=(0.0, 500_000.0)),
        _input("batch_share", "tokens", u.SHARE, 0.0, plausible=(0.0, 1.0)),
        *(
            _input(
                f"{model}_{kind}_price",
                "tokens",
                u.MONEY_PER_MILLION_TOKENS,
                0.0,
                plausible=_PRICE,
                worked_out=_model_named(model),
            )
            for model in ("current", "finetuned")
            for kind in ("input", "output", "cached_input")
        ),
        # GPUs of one's own that serve the model
        _input("serving_gpu_model", "serving", u.TEXT),
        _input(
            "serving_gpu_cost_per_hour",
            "serving",
            u.MONEY_PER_GPU_HOUR,
            plausible=(0.0, 30.0),
            worked_out=_always,
        ),
        _input(
            "serving_hours_per_day",
            "serving",
            u.HOURS_PER_DAY,
            defaults.HOURS_PER_DAY,
            plausible=(1.0, 24.0),
        ),
        _input("serving_min_gpus", "serving", u.GPUS, 1.0, plausible=(0.0, 1_024.0)),
        _input("serving_gpus_per_replica", "serving", u.GPUS_POSITIVE, 1.0, plausible=(1.0, 64.0)),
        _input(
            "peak_to_average",
            "serving",
            u.PEAK_TO_AVERAGE,
            defaults.PEAK_TO_AVERAGE,
            plausible=(1.0, 20.0),
        ),
        _input(
            "serving_requests_per_gpu_hour",
            "serving",
            u.REQUESTS_PER_GPU_HOUR,
            plausible=(1.0, 1e6),
            worked_out=_always,
        ),
        _input("serving_precision", "serving", u.PRECISION, 0.0),
        # run cost
        _input(
            "regression_test_hours_per_month",
            "run",
            u.HOURS_PER_MONTH,
            0.0,
            plausible=(0.0, 1_000.0),
        ),
        _input(
            "versioning_hours_per_month", "run", u.HOURS_PER_MONTH, 0.0, plausible=(0.0, 1_000.0)
        ),
        _input("retrainings_per_year", "run", u.RETRAININGS_PER_YEAR, 0.0, plausible=(0.0, 52.0)),
        _input(
            "cost_per_retraining", "run", u.MONEY_PER_RETRAINING, 0.0, plausible=(0.0, 1_000_000.0)
        ),
        # quality
        _input("quality_need", "quality", u.QUALITY_NEED, 0.0),
        _input(
            "quality_value_per_month",
            "quality",
            u.MONEY_PER_MONTH_SIGNED,
            0.0,
            plausible=(-1e7, 1e7),
        ),
        _input(
            "hours_saved_per_month", "quality", u.HOURS_PER_MONTH, 0.0, plausible=(0.0, 50_000.0)
        ),
        _input("current_error_rate", "quality", u.SHARE, 0.0, plausible=(0.0, 0.5)),
        _input("finetuned_error_rate", "quality", u.SHARE, 0.0, plausible=(0.0, 0.5)),
        _input("cost_per_error", "quality", u.MONEY_PER_ERROR, 0.0, plausible=(0.0, 10_000.0)),
        # timing and trends
        _input(
            "horizon_months", "timing", u.HORIZON, defaults.HORIZON_MONTHS, plausible=(6.0, 120.0)
        ),
        _input("build_months", "timing", u.MONTHS, 0.0, plausible=_MONTHS),
        _input("ramp_months", "timing", u.MONTHS, 0.0, plausible=_MONTHS),
        _input(
            "retirement_month",
            "timing",
            u.MONTHS_OR_NO_END,
            defaults.NO_END,
            plausible=(1.0, 240.0),
            worked_out=_withdrawal_known,
        ),
        _input(
            "current_price_decline_per_year",
            "timing",
            u.DECLINE_PER_YEAR,
            0.0,
            plausible=(0.0, 0.8),
        ),
        _input(
            "finetuned_price_decline_per_year",
            "timing",
            u.DECLINE_PER_YEAR,
            0.0,
            plausible=(0.0, 0.8),
        ),
        _input("wage_growth_per_year", "timing", u.PERCENT_PER_YEAR, 0.0, plausible=(-0.1, 0.3)),
        # risk and criteria
        _input("success_probability", "risk", u.FRACTION, 1.0, plausible=(0.02, 1.0)),
        _input(
            "failure_stop_months",
            "risk",
            u.MONTHS,
            defaults.FAILURE_STOP_MONTHS,
            plausible=_MONTHS,
        ),
        _input(
            "annual_discount_rate",
            "criteria",
            u.RATE_PER_YEAR,
            defaults.ANNUAL_DISCOUNT_RATE,
            plausible=(0.0, 0.5),
        ),
        _input(
            "strong_below_months",
            "criteria",
            u.MONTHS,
            defaults.STRONG_BELOW_MONTHS,
            plausible=_LIMIT,
        ),
        _input(
            "recommended_below_months",
            "criteria",
            u.MONTHS,
            defaults.RECOMMENDED_BELOW_MONTHS,
            plausible=_LIMIT,
        ),
        _input(
            "caution_below_months",
            "criteria",
            u.MONTHS,
            defaults.CAUTION_BELOW_MONTHS,
            plausible=_LIMIT,
        ),
        _input(
            "low_daily_requests",
            "criteria",
            u.REQUESTS_PER_DAY,
            defaults.LOW_DAILY_REQUESTS,
            plausible=(1.0, 1e6),
        ),
        _input(
            "high_daily_requests",
            "criteria",
            u.REQUESTS_PER_DAY,
            defaults.HIGH_DAILY_REQUESTS,
            plausible=(1.0, 1e7),
        ),
        # what is expected now, as a share of the plan; see roi_xl.case.actuals
        _input("look_again_below", "criteria", u.SHARE, 0.8, plausible=(0.3, 1.0)),
        _input("stop_below", "criteria", u.SHARE, 0.0, plausible=(0.0, 0.8)),
        # training, for its estimates
        _input(
            "model_params_b",
            "training",
            u.BILLION_PARAMETERS,
            7.0,
            plausible=(0.1, 2_000.0),
            worked_out=_always,
        ),
        _input(
            "training_samples",
            "training",
            u.SAMPLES,
            1000.0,
            plausible=(10.0, 1e8),
            worked_out=_always,
        ),
        _input("tokens_per_sample", "training", u.TOKENS_PER_SAMPLE, 500.0, plausible=(10.0, 1e5)),
        _input("epochs", "training", u.EPOCHS, defaults.EPOCHS_DEFAULT, plausible=(0.1, 50.0)),
        _input("training_method", "training", u.TRAINING_METHOD, 0.0),
        _input(
            "samples_per_step",
            "training",
            u.SAMPLES_PER_STEP,
            defaults.SAMPLES_PER_STEP_DEFAULT,
            plausible=(1.0, 512.0),
        ),
        _input("utilisation", "training", u.UTILISATION, plausible=(0.01, 0.9), worked_out=_always),
    )
}
GROUPS = tuple(dict.fromkeys(i.group for i in INPUTS.values()))


def find_input(name: str) -> Input:
    """The input of this name: its key, or its label in Chinese or English.

    Upper and lower case, outer spaces and full-width forms do not matter.

    Raises:
        BadInput: no input has this name; the message suggests the nearest key and label.
    """
    if name in INPUTS:
        return INPUTS[name]
    key = input_names().get(fold(name))
    if key is not None:
        return INPUTS[key]
    raise BadInput("unknown_input", found=show(name), hint=_input_hint(name))


@cache
def input_names() -> dict[str, str]:
    """Input keys by every spelling, folded: key, key with spaces, and label in each language."""
    found = {fold(i.label(lang)): key for key, i in INPUTS.items() for lang in LANGUAGES}
    found |= {fold(key.replace("_", " ")): key for key in INPUTS}
    return found | {fold(key): key for key in INPUTS}


def by_key(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by input key, from values by key or label.

    Raises:
        BadInput: no input has one of the names, or two of them mean the same input.
    """
    found: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in values.items():
        key = find_input(name).name
        if key in found:
            raise BadInput("input_twice", name=key, first=names[key], second=name)
        found[key], names[key] = value, name
    return found


def _input_hint(name: str) -> str:
    """The nearest key and its label as the end of an error message; empty where none is near."""
    typed = fold(name)
    near = difflib.get_close_matches(typed, input_names(), n=1, cutoff=0.6)
    near = near or [known for known in input_names() if len(typed) > 1 and typed in known]
    if not near:
        return ""
    key = input_names()[near[0]]
    return text("error.input_hint", nearest=key, label=INPUTS[key].label())


class Case(Mapping[str, Any]):
    """One validated business case: every input has a value, each inside its bounds.

    `Case()` is the source document's customer-service example; keyword arguments replace values,
    `None` means blank: the default, or for an input that can be worked out what its others give.
    `prices` is the GPU price sheet to look in, the shipped one where it is None.

    Raises:
        BadInput: an unknown name (the nearest is suggested) or a value outside its bounds.

    Example:
        >>> Case(daily_requests=5000)["daily_requests"]
        5000.0
    """

    __slots__ = ("_values", "given", "prices")

    def __init__(self, *, prices: PriceSheet | None = None, **values: object) -> None:
        read = by_key(values)
        self._values: dict[str, Any] = {name: i.read(read.get(name)) for name, i in INPUTS.items()}
        self.given = frozenset(name for name, raw in read.items() if raw is not None)
        self.prices = prices
        rate = self._currency_rate()
        if prices is not None and rate != 1.0:
            self.prices = prices.with_rates({self._values["currency"]: rate})
        blank = [
            n for n, i in INPUTS.items() if i.worked_out is not None and self._values[n] is None
        ]
        worked_out = {name for name in blank if INPUTS[name].worked_out(self._values)}  # type: ignore[misc]
        for name in blank:
            entry = INPUTS[name]
            if name not in worked_out and entry.fallback is not None:
                self._values[name] = entry.fallback * rate if entry.is_money else entry.fallback

    def _currency_rate(self) -> float:
        """Units of the case's currency per USD.

        Raises:
            BadInput: the case is in another currency and its rate is not given.
        """
        currency, rate = self._values["currency"], float(self._values["currency_per_usd"])
        if currency == INPUTS["currency"].default:
            return 1.0
        if rate == 1.0:
            entry = INPUTS["currency_per_usd"]
            raise BadInput("rate_missing", currency=currency, name=entry.name, label=entry.label())
        return rate

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """The given values outside their plausible range, which are likely typing errors."""
        rate, found = self._currency_rate(), []
        for name, entry in INPUTS.items():
            span, value = entry.plausible_in(rate), self._values[name]
            if name not in self.given or span is None or value is None or math.isinf(value):
                continue
            if not span[0] <= value <= span[1]:
                found.append(Doubt(name, value, *span))
        return tuple(found)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in INPUTS:
            return self._values[name]
        raise AttributeError(f"a case has no input {name!r}")

    def __repr__(self) -> str:
        changed = (f"{n}={self._values[n]!r}" for n in INPUTS if n in self.given)
        return f"Case({', '.join(changed)})"

    def replace(self, **values: object) -> "Case":
        """The same case with some values replaced."""
        kept = {name: self._values[name] for name in self.given}
        return Case(prices=self.prices, **{**kept, **by_key(values)})

    def with_prices(self, prices: PriceSheet | None) -> "Case":
        """The same case with another price sheet; its exchange rates stay known."""
        if prices is not None and self.prices is not None:
            prices = prices.with_rates({**dict(self.prices.rates), **dict(prices.rates)})
        return Case(prices=prices, **{name: self._values[name] for name in self.given})

    def with_samples_open(self) -> "Case":
        """The same case, in which a value equal to the source example's counts as not given.

        A workbook made from an example holds the example's figures in its cells; nobody typed them.
        """
        rate = self._currency_rate()
        nobodys = set()
        for name in self.given:
            entry = INPUTS[name]
            if not entry.is_sample or (entry.worked_out and entry.worked_out(self._values)):
                continue
            converted = entry.worked_out is not None and entry.is_money
            example = entry.default * rate if converted else entry.default
            if self._values[name] == example:
                nobodys.add(name)
        same = Case.__new__(Case)  # its values are those of this case, which are valid
        same._values, same.prices = self._values, self.prices
        same.given = self.given - nobodys
        return same

    @property
    def samples(self) -> tuple[str, ...]:
        """The inputs nobody gave that stand at the source example's figures."""
        return tuple(
            n
            for n, i in INPUTS.items()
            if i.is_sample and n not in self.given and self._values[n] is not None
        )
