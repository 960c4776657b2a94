"""The registry refuses what no host could carry."""

import inspect
import re
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from roi_xl import FUNCTIONS
from roi_xl.functions.declare import Function, declared, ft, functions_of
from roi_xl.functions.describe import describe
from roi_xl.text import LANGUAGES, has_text
from roi_xl.udfs import WIZARD_LIMIT
from roi_xl.units import HOURS, MONEY

CELL_ADDRESS = re.compile(r"^(?:[A-Z]{1,3}\d+|R\d*C\d*)$", re.I)
VBA_WORDS = {"date", "type", "name", "loop", "next", "end", "function", "sub", "dim", "optional"}
# the public interface, in order: names and argument lists are a contract
INTERFACE = """
FT_DATA_COST(data_preparation_hours, [hourly_rate=50], [labelled_samples=0], [label_cost_per_sample=0])
FT_COMPUTE_COST([gpu_cost_per_hour=3], [training_hours=8], [num_iterations=3], [gpu_count=1])
FT_PEOPLE_COST(engineer_hours_per_iteration, [hourly_rate=50], [num_iterations=3])
FT_TOTAL_COST(data_preparation_hours, [hourly_rate=50], [gpu_cost_per_hour=3], [training_hours=8], \
[num_iterations=3], [gpu_count=1], [engineer_hours_per_iteration=0])
FT_MAINTENANCE_COST([retrainings_per_year=0], [cost_per_retraining=0], \
[regression_test_hours_per_month=0], [versioning_hours_per_month=0], [hourly_rate=50])
FT_SERVING_COST(gpu_cost_per_hour, gpu_count, daily_requests, [hours_per_day=24])
FT_MONTHLY_SAVINGS(daily_requests, current_cost_per_request, finetuned_cost_per_request, \
[days_per_month=30], [maintenance_cost_per_month=0])
FT_BREAKEVEN_REQUESTS(total_cost, current_cost_per_request, finetuned_cost_per_request, \
[payback_months=6], [days_per_month=30], [maintenance_cost_per_month=0])
FT_PAYBACK(total_cost, monthly_savings)
FT_ANNUAL_ROI(total_cost, monthly_savings)
FT_RECOMMEND(payback_months, [language])
FT_STRATEGY(daily_requests, [quality_need="normal"], [language])
FT_EXPLAIN(function, [argument …])
FT_VERSION()
""".strip().splitlines()


@pytest.mark.parametrize("line", INTERFACE)
def test_public_interface(line: str) -> None:
    name = line.split("(", 1)[0]
    assert FUNCTIONS[name].signature() == line


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_function_is_complete(function: Function) -> None:
    assert re.fullmatch(r"FT_[A-Z_]+", function.name)
    assert not CELL_ADDRESS.match(function.name)
    for language in LANGUAGES:
        assert 0 < len(function.doc(language)) <= WIZARD_LIMIT
        assert has_text(f"unit.{function.unit}", language)
        assert has_text(f"functions.group.{function.group}", language)
        for param in function.params:
            assert 0 < len(param.help(language)) <= WIZARD_LIMIT
            assert param.label(language)
            assert has_text(f"unit.{param.quantity.unit.key}", language)
    for param in function.params:
        assert re.fullmatch(r"[a-z][a-z0-9_]+", param.name)
        assert not CELL_ADDRESS.match(param.name)
        assert param.name not in VBA_WORDS - {"function"}
    assert "Returns:" in (inspect.getdoc(function.python) or "")
    if function.name != "FT_VERSION":
        assert function.example[0]
    required_after_optional = [p.required for p in function.params if not p.variadic]
    assert required_after_optional == sorted(required_after_optional, reverse=True)


def test_one_default_and_one_unit_per_name() -> None:
    """The same argument means the same everywhere."""
    seen: dict[str, Any] = {}
    for function in FUNCTIONS.values():
        for param in function.params:
            unit = seen.setdefault(param.name, param.quantity.unit)
            assert param.quantity.unit == unit, param.name


def test_descriptions_are_data() -> None:
    import json

    for function in FUNCTIONS.values():
        data = json.loads(json.dumps(describe(function)))
        assert {"name", "parameters", "unit", "doc"} <= set(data)
        assert [p["name"] for p in data["parameters"]] == [p.name for p in function.params]


def test_ft_returns_the_function_itself() -> None:
    def plain(hours: HOURS) -> MONEY:
        return hours

    assert ft(group="cost")(plain) is plain
    assert declared(plain).params[0].quantity.unit.key == "hours"


def test_declarations_that_are_refused() -> None:
    def no_unit(hours: float) -> MONEY:
        return hours

    def keyword_only(*, hours: HOURS) -> MONEY:
        return hours

    with pytest.raises(TypeError, match="unit"):
        ft(group="cost")(no_unit)
    with pytest.raises(TypeError, match="keyword-only"):
        ft(group="cost")(keyword_only)
    with pytest.raises(TypeError, match="@ft"):
        declared(np.sum)


def test_a_module_lists_what_it_declares_once_and_in_order() -> None:
    def first(hours: HOURS) -> MONEY:
        return hours

    def second(hours: HOURS) -> MONEY:
        return hours

    module = ModuleType(__name__)
    vars(module).update(
        b=ft("FT_B", group="cost")(first),
        a=ft("FT_A", group="cost")(second),
        imported=FUNCTIONS["FT_PAYBACK"].python,
    )
    assert [f.name for f in functions_of(module)] == ["FT_B", "FT_A"]

    def third(hours: HOURS) -> MONEY:
        return hours

    vars(module)["c"] = ft("FT_A", group="cost")(third)
    with pytest.raises(ValueError, match="FT_A twice"):
        functions_of(module)
