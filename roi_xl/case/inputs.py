"""Every input of a case, and the validated `Case` that holds their values.

An input takes its unit, bounds and default from the function parameter of its name; `sample` is the
figure of the source document's customer-service example where the function has no default or the
example differs from it.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.functions.bounds import allowed, nearest
from roi_xl.functions.declare import Param, declared
from roi_xl.functions.evaluate import read_value, show
from roi_xl.model import cashflow, cost, decision, npv, reporting, savings
from roi_xl.text import text
from roi_xl.units import Quantity


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name in files, cells and columns, its group, its unit, bounds and default."""

    name: str
    group: str
    param: Param
    is_sample: bool

    @property
    def quantity(self) -> Quantity:
        """Unit and bounds."""
        return self.param.quantity

    @property
    def default(self) -> Any:
        """The value where none is given; a choice as its key word, infinity where there is no end."""
        return math.inf if self.open_ended else self.param.default_shown

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
        value, code = read_value(self.param, raw)
        if code:
            raise BadInput(
                "input_value",
                name=self.name,
                label=self.label(),
                found=show(raw),
                allowed=allowed(self.quantity),
            )
        return self.quantity.choices[int(value)] if self.quantity.kind == "choice" else value

    def shown(self, value: Any, language: str | None = None) -> Any:
        """The value as a person reads it: a choice or infinity in words, a number as it is."""
        if self.quantity.kind == "choice":
            return text(f"choice.{value}", language)
        return text(f"choice.{self.quantity.infinity}", language) if value == math.inf else value


def _input(
    name: str, group: str, function: Callable[..., Any], sample: float | None = None
) -> Input:
    source = "payback_months" if name == "target_payback_months" else name
    param = declared(function).param(source)
    default = param.default if sample is None else sample
    return Input(name, group, Param(name, param.quantity, default), sample is not None)


INPUTS: dict[str, Input] = {
    i.name: i
    for i in (
        _input("data_preparation_hours", "data", cost.data_cost, sample=40.0),
        _input("hourly_rate_usd", "data", cost.data_cost),
        _input("labelled_samples", "data", cost.data_cost),
        _input("label_cost_per_sample_usd", "data", cost.data_cost),
        _input("gpu_cost_per_hour_usd", "compute", cost.compute_cost),
        _input("training_hours", "compute", cost.compute_cost, sample=4.0),
        _input("num_iterations", "compute", cost.compute_cost),
        _input("gpu_count", "compute", cost.compute_cost),
        _input("engineer_hours_per_iteration", "people", cost.people_cost, sample=0.0),
        _input("retrainings_per_year", "maintenance", cost.maintenance_cost),
        _input("cost_per_retraining_usd", "maintenance", cost.maintenance_cost),
        _input("regression_test_hours_per_month", "maintenance", cost.maintenance_cost),
        _input("versioning_hours_per_month", "maintenance", cost.maintenance_cost),
        _input("daily_requests", "savings", savings.monthly_savings, sample=10000.0),
        _input("current_cost_per_request_usd", "savings", savings.monthly_savings, sample=0.01),
        _input("finetuned_cost_per_request_usd", "savings", savings.monthly_savings, sample=0.001),
        _input("days_per_month", "savings", savings.monthly_savings),
        _input("horizon_months", "cashflow", cashflow.plain_cash_flow),
        _input("build_months", "cashflow", cashflow.plain_cash_flow),
        _input("ramp_months", "cashflow", cashflow.plain_cash_flow),
        _input("end_of_life_month", "cashflow", cashflow.plain_cash_flow),
        _input("monthly_volume_growth", "cashflow", cashflow.plain_cash_flow),
        _input("baseline_price_decline_per_year", "cashflow", cashflow.monthly_price_factor),
        _input("quality_value_usd_per_month", "cashflow", cashflow.quality_value_in_month),
        _input("success_probability", "cashflow", cashflow.request_savings_in_month),
        _input("annual_discount_rate", "cashflow", npv.monthly_discount_factor),
        _input("reporting_currency", "reporting", reporting.reporting_rate),
        _input("usd_to_reporting_rate", "reporting", reporting.reporting_rate),
        _input("quality_need", "decision", decision.strategy),
        _input("target_payback_months", "decision", savings.breakeven_requests),
        _input("strong_below_months", "decision", decision.recommend),
        _input("recommended_below_months", "decision", decision.recommend),
        _input("caution_below_months", "decision", decision.recommend),
        _input("low_daily_requests", "decision", decision.strategy),
        _input("high_daily_requests", "decision", decision.strategy),
    )
}
GROUPS = tuple(dict.fromkeys(i.group for i in INPUTS.values()))


def find_input(name: str) -> Input:
    """The input of this name.

    Raises:
        BadInput: there is none; the message suggests the nearest.
    """
    if name in INPUTS:
        return INPUTS[name]
    raise BadInput("unknown_input", found=show(name), hint=nearest(name, INPUTS))


class Case(Mapping[str, Any]):
    """One validated business case: every input has a value, each inside its bounds.

    `Case()` is the source document's customer-service example; keyword arguments replace values,
    `None` means the default.

    Raises:
        BadInput: an unknown name (the nearest is suggested) or a value outside its bounds.

    Example:
        >>> Case(daily_requests=5000)["daily_requests"]
        5000.0
    """

    __slots__ = ("_values", "given")

    def __init__(self, **values: object) -> None:
        read = {find_input(name).name: raw for name, raw in values.items()}
        self._values: dict[str, Any] = {name: i.read(read.get(name)) for name, i in INPUTS.items()}
        self.given = frozenset(name for name, raw in read.items() if raw is not None)

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
        return Case(**{**kept, **values})

    @property
    def samples(self) -> tuple[str, ...]:
        """The inputs nobody gave that stand at the source example's figures."""
        return tuple(n for n, i in INPUTS.items() if i.is_sample and n not in self.given)

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> "Case":
        """A case from a mapping of input names to values, or one that holds it under `inputs`."""
        from roi_xl.case.reader import case_of

        return case_of(values)

    @classmethod
    def from_toml(cls, path: Any) -> "Case":
        """A case from a TOML file."""
        from roi_xl.case.reader import read_toml

        return read_toml(path)

    @classmethod
    def from_json(cls, path: Any) -> "Case":
        """A case from a JSON file."""
        from roi_xl.case.reader import read_json

        return read_json(path)
