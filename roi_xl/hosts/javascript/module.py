"""The whole case, and every traceable function, as one JavaScript text without outside parts.

Steps and series become the expressions that their functions trace to. A step that looks something up
gets a table of its answers for the names the script is made for: the price sheets stay outside.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np

from roi_xl.case.graph_steps import CUMULATIVE, PRICE_SHEET, SERIES, STEPS, Step
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.monthly_series import NEEDED
from roi_xl.errors import ErrorValue
from roi_xl.functions.apply import apply
from roi_xl.functions.arguments import whole
from roi_xl.functions.columns import Column
from roi_xl.functions.declare import Function, Param
from roi_xl.functions.formula import Ref, Symbol, trace
from roi_xl.hosts.javascript.expressions import javascript, literal, value_literal, variable
from roi_xl.model.defaults import MONTHS_PER_YEAR, REPAID_WITHIN, WIDEST_LOG_RATE
from roi_xl.prices.hardware import shape_starts
from roi_xl.prices.sheet import PriceSheet
from roi_xl.registry import FUNCTIONS
from roi_xl.units import codes, never_words

Names = Mapping[str, Sequence[str]]
_CONSTANTS = {
    "REPAID_WITHIN": REPAID_WITHIN,
    "MONTHS_PER_YEAR": MONTHS_PER_YEAR,
    "WIDEST_LOG_RATE": WIDEST_LOG_RATE,
}
_EXPORTS = ("evaluateCase", "FUNCTIONS", "CellError", "isError")


def case_script(names: Names | None = None, prices: PriceSheet | None = None) -> str:
    """The case graph as JavaScript: `evaluateCase(inputs)` gives results and monthly series.

    Args:
        names: for each input of text, the names that may be typed; a blank always may.
        prices: the price sheet of the case; None is the shipped one.

    Returns:
        a script text that defines its functions at the top level and reads nothing from outside.
    """
    parts = [
        *(f"const {name} = {literal(float(value))};" for name, value in _CONSTANTS.items()),
        (files(__package__) / "runtime.js").read_text("utf-8"),
        f"const INPUT_RULES = {value_literal({n: _input_rule(n) for n in INPUTS})};",
        f"const DEFAULTS = {value_literal(_defaults())};",
        f"const NEEDED = {value_literal(list(NEEDED))};",
        f"const CUMULATIVE = {value_literal(list(CUMULATIVE.items()))};",
        _array("STEPS", [_step(step, names or {}, prices) for step in STEPS]),
        _array("SERIES", [_traced_step(step) for step in SERIES]),
    ]
    return "\n".join(parts)


def functions_script() -> str:
    """The traceable functions as JavaScript: `FUNCTIONS.FT_NAME(...)` answers as a cell does."""
    made = [f"  {f.name}: (...raws) => callCell({_function(f)}, raws)," for f in traceable()]
    return "const FUNCTIONS = {\n" + "\n".join(made) + "\n};"


def traceable() -> list[Function]:
    """The functions whose formula is traced."""
    return [f for f in FUNCTIONS.values() if f.traceable]


def case_names(cases: Iterable[Case]) -> dict[str, list[str]]:
    """The names that stand in the text inputs of some cases."""
    texts = [n for n, i in INPUTS.items() if i.quantity.kind == "text"]
    found: dict[str, list[str]] = {n: [] for n in texts}
    for case in cases:
        for name in texts:
            value = case[name]
            if value is not None and value not in found[name]:
                found[name].append(value)
    return found


def node_module(names: Names | None = None) -> str:
    """Case and functions as a CommonJS module."""
    exports = ", ".join(_EXPORTS)
    return f"{case_script(names)}\n{functions_script()}\nmodule.exports = {{{exports}}};\n"


# --- inputs and arguments ------------------------------------------------------------------------


def _input_rule(name: str) -> dict[str, Any]:
    param = INPUTS[name].param
    if param.quantity.kind == "text":
        return {"isText": True}
    return _argument_rule(param)


def _argument_rule(param: Param) -> dict[str, Any]:
    quantity = param.quantity
    rule: dict[str, Any] = {"required": param.required, "fallback": None}
    if not param.required and param.default is not None:
        rule["fallback"] = float(param.default)
    if quantity.kind == "choice":
        return {**rule, "words": codes(quantity.choices), "wordsOnly": True}
    words: dict[str, float | None] = {}
    if quantity.named:
        places = codes(tuple(name for name, _ in quantity.named))
        words = {word: quantity.named[int(place)][1] for word, place in places.items()}
    if quantity.never:
        words |= dict.fromkeys(never_words())
    return {
        **rule,
        "lower": quantity.lower,
        "upper": quantity.upper,
        "lowerOpen": quantity.lower_open,
        "never": quantity.never,
        "whole": quantity.whole,
        **({"words": words} if words else {}),
    }


def _defaults() -> dict[str, Any]:
    return {
        f"default_{name}": float(entry.fallback)
        for name, entry in INPUTS.items()
        if entry.worked_out is not None and entry.fallback is not None
    }


# --- steps -----------------------------------------------------------------------------------------


def _array(name: str, entries: Sequence[str]) -> str:
    return f"const {name} = [\n" + ",\n".join(entries) + "\n];"


def _object(fields: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


def _step(step: Step, names: Names, prices: PriceSheet | None) -> str:
    if step.over_flows:
        flow = value_literal(step.function.python.__name__)
        return _object({**_head(step), **_rule(step.function), "flow": flow})
    if step.function.mode != "each":
        return _traced_step(step)
    args = [a for a in step.args if a != PRICE_SHEET]
    if all(a in INPUTS for a in args):
        fields = {"mode": '"table"', "table": value_literal(_table(step, names, prices))}
    else:
        starts = list(shape_starts())
        values = [step.function.python(max(start, 1e-9)) for start in starts]
        fields = {
            "mode": '"nearest"',
            "starts": value_literal([_finite(s) for s in starts]),
            "values": value_literal(values),
        }
    return _object({**_head(step, args), **fields})


def _finite(value: float) -> float:
    return -1e308 if math.isinf(value) else value


def _head(step: Step, args: Sequence[str] | None = None) -> dict[str, str]:
    return {
        "name": value_literal(step.name),
        "args": value_literal(list(step.args if args is None else args)),
    }


def _traced_step(step: Step) -> str:
    """A step by the expression of its function; arguments that it leaves out take their defaults."""
    names = [p.name for p in step.function.all_params][: len(step.args)]
    rule = _rule(step.function, names)
    return _object({**_head(step), **rule, "compute": _compute(step.function, names)})


def _function(function: Function) -> str:
    shown = [p for p in function.all_params if p.name not in function.inner]
    names = [p.name for p in shown]
    fields = {
        **_rule(function, names),
        "params": value_literal([_argument_rule(p) for p in shown]),
        "compute": _compute(function, names),
    }
    return _object(fields)


def _rule(function: Function, names: Sequence[str] = ()) -> dict[str, str]:
    """How a result is settled: whether NaN and infinity are values, and the error otherwise."""
    rule = {
        "mode": value_literal(function.mode),
        "blank": value_literal(function.returns.blank),
        "never": value_literal(function.returns.never),
        "noResult": value_literal(str(function.no_result.value)),
    }
    if function.zero_base is not None and names:
        base = function.zero_base(*(Symbol(Ref(name)) for name in names))
        rule["zeroBase"] = f"({_variables(names)}) => {javascript(base.node)}"
    return rule


def _compute(function: Function, names: Sequence[str]) -> str:
    symbols = {name: Symbol(Ref(name)) for name in names}
    return f"({_variables(names)}) => {javascript(trace(function, symbols))}"


def _variables(names: Sequence[str]) -> str:
    return ", ".join(map(variable, names))


# --- look-ups --------------------------------------------------------------------------------------


def _table(step: Step, names: Names, prices: PriceSheet | None) -> dict[str, float | str | None]:
    """A look-up's answer for every combination of the names, by the arguments as JSON."""
    args = [a for a in step.args if a != PRICE_SHEET]
    options = [_options(name, names) for name in args]
    table: dict[str, float | str | None] = {}
    for combination in product(*options):
        given = dict(zip(args, combination, strict=True))
        columns = [
            Column(whole(prices)) if a == PRICE_SHEET else _column(a, given[a]) for a in step.args
        ]
        answer = apply(step.function, columns)
        key = lookup_key(list(combination))
        if answer.errors is not None and answer.errors.any():
            table[key] = str(ErrorValue.from_code(int(answer.errors.item())).value)
        else:
            value = float(answer.values)
            table[key] = None if math.isnan(value) else value
    return table


def lookup_key(values: Sequence[str | int | None]) -> str:
    """The arguments as JavaScript's JSON.stringify writes them."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _options(name: str, names: Names) -> list[Any]:
    quantity = INPUTS[name].quantity
    if quantity.kind == "choice":
        return list(range(len(quantity.choices)))
    return [None, *names.get(name, ())]


def _column(name: str, value: Any) -> Column:
    text = INPUTS[name].quantity.kind == "text"
    return Column(np.array(value, object if text else np.float64))
