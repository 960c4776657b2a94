"""Calls of FT_ functions as people write them, drawn from the declarations, for all hosts alike.

A call has good arguments, some left blank or off, and often one that is wrong. One wrong argument is
enough: which of two comes first is settled where each host has its own tests.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from roi_xl import FUNCTIONS
from roi_xl.case.inputs import INPUTS
from roi_xl.functions.declare import Function, Param
from roi_xl.prices.reader import shipped
from roi_xl.units import codes
from tests.draw import number
from tests.hosts.arguments import BLANK, Call

WRONG = ("text", "#N/A", "#DIV/0!", True, -2.0, 1e300)
_GPUS = sorted({row.gpu for row in shipped()})
_PROVIDERS = sorted({row.provider for row in shipped()})
_NAMES: dict[str, tuple[str, ...]] = {
    "gpu": (*_GPUS, "a100 80g", " H100-SXM-80GB", "abacus"),
    "provider": (*_PROVIDERS, "no such provider"),
    "model": ("gpt-4o", "GPT-4o-mini", "claude-3-5-haiku-latest", "no such model"),
    "function": ("FT_PAYBACK", "payback", "ft_annual_roi", "FT_PAYBAK"),
    "figure": ("npv", "payback_months", "NPV", "no such figure"),
    "input": ("daily_requests", "training_hours", "no such input"),
}
_PROVIDERS_OF_MODELS = ("openai", "anthropic", "no such provider")
_RANGES = {"case_range", "price_sheet"}
_DRIVERS = (
    "daily_requests",
    "current_cost_per_request",
    "finetuned_cost_per_request",
    "training_hours",
    "data_preparation_hours",
)
# what a table or a price list has rows for is drawn from it; runs of a simulation are kept few
_USUAL: dict[str, st.SearchStrategy[Any]] = {
    "model_params_b": st.sampled_from([7.0, 13.0, 34.0, 70.0, 8.0]),
    "runs": st.integers(1, 60).map(float),
    "horizon_months": st.integers(1, 60).map(float),
}
# amounts of an investment that has a rate of return
_INVESTED: dict[str, st.SearchStrategy[Any]] = {
    "total_cost": st.integers(1000, 20000).map(float),
    "monthly_savings": st.integers(100, 3000).map(float),
}


def _good(function: Function, param: Param) -> st.SearchStrategy[Any]:
    """Values that the declaration allows."""
    quantity = param.quantity
    if quantity.kind == "choice":
        typed = st.sampled_from(sorted(codes(quantity.choices)))
        return st.one_of(typed, typed.map(str.upper), typed.map(lambda w: f" {w}\u3000"))
    if quantity.kind == "text":
        models = function.name == "FT_LLM_PRICE" and param.name == "provider"
        return st.sampled_from(_PROVIDERS_OF_MODELS if models else _NAMES[param.name])
    usual = _USUAL | _INVESTED if function.name == "FT_IRR" else _USUAL
    drawn = usual.get(param.name, number(quantity))
    if quantity.never:
        return st.one_of(drawn, st.sampled_from(["never", "Never", "永不回本"]))
    return drawn


@st.composite
def _case_range(draw: st.DrawFn, columns: int) -> list[list[Any]]:
    """A case as a range of cells: names and values, or names, low, likely and high."""
    names = draw(st.lists(st.sampled_from(_DRIVERS), min_size=1, max_size=3, unique=True))
    rows: list[list[Any]] = []
    for name in names:
        values = sorted(draw(number(INPUTS[name].quantity)) for _ in range(columns - 1))
        rows.append([name, *values])
    return rows


@st.composite
def _explained(draw: st.DrawFn) -> tuple[Any, ...]:
    name = draw(st.sampled_from(_NAMES["function"]))
    amounts = st.one_of(st.integers(-2, 5000).map(float), st.sampled_from([None, "text"]))
    return (name, draw(amounts), draw(amounts))


@st.composite
def arguments_of(draw: st.DrawFn, function: Function) -> tuple[Any, ...]:
    """Arguments of one call, ranges among them where the function takes one value an argument."""
    if function.name == "FT_EXPLAIN":
        return draw(_explained())
    params = function.params
    if not params:
        return ()
    required = sum(p.required for p in params)
    count = draw(st.integers(required, len(params)))
    given: list[Any] = []
    for param in params[:count]:
        if param.name in _RANGES:
            case = param.name == "case_range"
            columns = 4 if function.name == "FT_MONTE_CARLO" else 2
            given.append(draw(_case_range(columns)) if case else None)
        elif not param.required and draw(st.integers(0, 4)) == 0:
            given.append(draw(st.sampled_from(BLANK)))
        else:
            given.append(draw(_good(function, param)))
    single = [i for i, p in enumerate(params[:count]) if p.name not in _RANGES]
    if single and draw(st.integers(0, 3)) == 0:
        wrong = st.sampled_from((*WRONG, None) if params[0].required else WRONG)
        given[draw(st.sampled_from(single))] = draw(wrong)
    elif single and function.mode != "whole" and draw(st.integers(0, 3)) == 0:
        place = draw(st.sampled_from(single))
        values = [given[place], draw(_good(function, params[place])), None, -3.0]
        column = draw(st.booleans())
        given[place] = [[v] for v in values] if column else [values]
    return tuple(given)


def calls_of(function: Function, count: int) -> st.SearchStrategy[list[Call]]:
    """That many calls of one function."""
    one = arguments_of(function).map(lambda args: (function.name, args))
    return st.lists(one, min_size=count, max_size=count)


def flat(args: tuple[Any, ...]) -> list[Any]:
    """Every value of a call, those in ranges included."""
    return [v for a in args for v in ([x for r in a for x in r] if isinstance(a, list) else [a])]


def is_error(value: Any) -> bool:
    """Whether an argument is an error of a cell."""
    return isinstance(value, str) and value.startswith("#")


def has_range(name: str, args: tuple[Any, ...]) -> bool:
    """Whether a call asks for several answers, one a cell."""
    return FUNCTIONS[name].mode != "whole" and any(isinstance(a, list) for a in args)
