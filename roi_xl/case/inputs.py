"""Every input of a case, and the validated `Case` that holds their values.

An input takes its unit, bounds and default from the function parameter of its name; `sample` is the
figure of the source document's customer-service example where the function has no default or the
example differs from it.

Some inputs can be worked out from others: the GPU price from the price sheet, a cost per request from
its tokens. Typed they count as typed; left blank they are worked out once what that needs is filled
in, and are their default until then.
"""

import difflib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.functions.answers import show, value_of
from roi_xl.functions.declare import Param, declared
from roi_xl.model import cashflow, cost, decision, npv, returns, savings, training
from roi_xl.prices import lookup
from roi_xl.prices.sheet import PriceSheet
from roi_xl.text import LANGUAGES, text
from roi_xl.units import Quantity, fold


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name in files, cells and columns, its group, its unit, bounds and default."""

    name: str
    group: str
    param: Param
    is_sample: bool
    fallback: Any = None  # the default of an input that can be worked out
    worked_out: Callable[[Mapping[str, Any]], bool] | None = None  # from these other inputs?

    @property
    def quantity(self) -> Quantity:
        """Unit and bounds."""
        return self.param.quantity

    @property
    def default(self) -> Any:
        """The value where none is given; a choice as its key word, infinity where there is no end."""
        if self.open_ended:
            return math.inf
        return self.param.default_shown if self.worked_out is None else self.fallback

    @property
    def open_ended(self) -> bool:
        """Whether blank means that there is no limit."""
        return self.quantity.never and self.param.default == math.inf

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


def _input(
    name: str,
    group: str,
    function: Callable[..., Any],
    sample: float | None = None,
    source: str | None = None,
    default: float | None = None,
    worked_out: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Input:
    param = declared(function).param(source or name)
    is_sample = sample is not None
    value = next((v for v in (sample, default) if v is not None), param.default)
    if worked_out is None:
        return Input(name, group, Param(name, param.quantity, value), is_sample)
    blank = Param(name, param.quantity, None)
    return Input(name, group, blank, is_sample, value, worked_out)


def _gpu_named(values: Mapping[str, Any]) -> bool:
    return values["gpu_model"] is not None


def _tokens_filled(model: str) -> Callable[[Mapping[str, Any]], bool]:
    def filled(values: Mapping[str, Any]) -> bool:
        tokens = values["input_tokens"] + values["output_tokens"]
        return bool(tokens * (values[f"{model}_input_price"] + values[f"{model}_output_price"]) > 0)

    return filled


_tokens = savings.cost_by_tokens


INPUTS: dict[str, Input] = {
    i.name: i
    for i in (
        _input("data_preparation_hours", "data", cost.data_cost, sample=40.0),
        _input("hourly_rate", "data", cost.data_cost),
        _input("labelled_samples", "data", cost.data_cost),
        _input("label_cost_per_sample", "data", cost.data_cost),
        _input("gpu_cost_per_hour", "compute", cost.compute_cost, worked_out=_gpu_named),
        _input("gpu_model", "compute", lookup.listed_gpu_price),
        _input("gpu_provider", "compute", lookup.listed_gpu_price),
        _input("gpu_market", "compute", lookup.listed_gpu_price),
        _input("training_hours", "compute", cost.compute_cost, sample=4.0),
        _input("num_iterations", "compute", cost.compute_cost),
        _input("gpu_count", "compute", cost.compute_cost),
        _input("engineer_hours_per_iteration", "people", cost.people_cost, sample=0.0),
        _input("retrainings_per_year", "maintenance", cost.maintenance_cost),
        _input("cost_per_retraining", "maintenance", cost.maintenance_cost),
        _input("regression_test_hours_per_month", "maintenance", cost.maintenance_cost),
        _input("versioning_hours_per_month", "maintenance", cost.maintenance_cost),
        _input("daily_requests", "savings", savings.monthly_savings, sample=10000.0),
        _input(
            "current_cost_per_request",
            "savings",
            savings.monthly_savings,
            sample=0.01,
            worked_out=_tokens_filled("current"),
        ),
        _input(
            "finetuned_cost_per_request",
            "savings",
            savings.monthly_savings,
            sample=0.001,
            worked_out=_tokens_filled("finetuned"),
        ),
        _input("days_per_month", "savings", savings.monthly_savings),
        _input("horizon_months", "cashflow", cashflow.plain_cash_flow),
        _input("build_months", "cashflow", cashflow.plain_cash_flow),
        _input("ramp_months", "cashflow", cashflow.plain_cash_flow),
        _input("retirement_month", "cashflow", cashflow.plain_cash_flow),
        _input("monthly_volume_growth", "cashflow", cashflow.plain_cash_flow),
        _input("current_price_decline_per_year", "cashflow", cashflow.monthly_price_factor),
        _input("quality_value_per_month", "cashflow", cashflow.quality_value_in_month),
        _input("success_probability", "cashflow", cashflow.request_savings_in_month),
        _input("annual_discount_rate", "cashflow", npv.monthly_discount_factor),
        _input("reporting_currency", "reporting", returns.reporting_rate),
        _input("usd_to_reporting_rate", "reporting", returns.reporting_rate),
        _input("input_tokens", "tokens", _tokens),
        _input("output_tokens", "tokens", _tokens),
        _input("cached_input_share", "tokens", _tokens),
        _input("current_input_price", "tokens", _tokens, source="input_price"),
        _input("current_output_price", "tokens", _tokens, source="output_price"),
        _input("current_cached_input_price", "tokens", _tokens, source="cached_input_price"),
        _input("finetuned_input_price", "tokens", _tokens, source="input_price"),
        _input("finetuned_output_price", "tokens", _tokens, source="output_price"),
        _input("finetuned_cached_input_price", "tokens", _tokens, source="cached_input_price"),
        _input("quality_need", "decision", decision.strategy),
        _input(
            "target_payback_months",
            "decision",
            savings.breakeven_requests,
            source="payback_months",
        ),
        _input("strong_below_months", "decision", decision.recommend),
        _input("recommended_below_months", "decision", decision.recommend),
        _input("caution_below_months", "decision", decision.recommend),
        _input("low_daily_requests", "decision", decision.strategy),
        _input("high_daily_requests", "decision", decision.strategy),
        _input("model_params_b", "training", training.hours_at, default=7.0),
        _input(
            "training_samples",
            "training",
            training.training_tokens,
            default=1000.0,
            source="samples",
        ),
        _input("tokens_per_sample", "training", training.training_tokens, default=500.0),
        _input("epochs", "training", training.training_tokens),
        _input("training_method", "training", training.training_hours, source="method"),
        _input("utilisation", "training", training.training_hours),
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
        for name, entry in INPUTS.items():
            if entry.worked_out is not None and self._values[name] is None:
                self._values[name] = None if entry.worked_out(self._values) else entry.fallback
        self.given = frozenset(name for name, raw in read.items() if raw is not None)
        self.prices = prices

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
        changed = (f"{n}={v!r}" for n, v in self._values.items() if v != INPUTS[n].default)
        return f"Case({', '.join(changed)})"

    def replace(self, **values: object) -> "Case":
        """The same case with some values replaced."""
        kept = {name: self._values[name] for name in self.given}
        return Case(prices=self.prices, **{**kept, **by_key(values)})

    def with_prices(self, prices: PriceSheet | None) -> "Case":
        """The same case with another GPU price sheet."""
        return Case(prices=prices, **{name: self._values[name] for name in self.given})

    @property
    def samples(self) -> tuple[str, ...]:
        """The inputs nobody gave that stand at the source example's figures."""
        return tuple(
            n
            for n, i in INPUTS.items()
            if i.is_sample and n not in self.given and self._values[n] is not None
        )

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> "Case":
        """A case from a mapping of input names to values, or one that holds it under `inputs`."""
        from roi_xl.case.text_reader import case_of

        return case_of(values)

    @classmethod
    def from_toml(cls, path: Any) -> "Case":
        """A case from a TOML file."""
        from roi_xl.case.text_reader import read_toml

        return read_toml(path)

    @classmethod
    def from_json(cls, path: Any) -> "Case":
        """A case from a JSON file."""
        from roi_xl.case.text_reader import read_json

        return read_json(path)
