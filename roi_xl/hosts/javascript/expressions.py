"""Traced expressions as JavaScript.

Numbers are doubles on both sides, so numpy's arithmetic and JavaScript's agree; what differs (powers of
1, sums over months) goes through helpers of `runtime.js`. A blank is NaN, as in numpy.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from roi_xl.functions.formula import Call, Months, Node, Number, Ref

MONTH_VARIABLE = "month$"
_INFIX = {"+", "-", "*", "/", "<", "<=", ">", ">="}
_EQUALITY = {"=": "===", "<>": "!=="}
_MATH = {
    "EXP": "Math.exp",
    "LN": "Math.log",
    "SQRT": "Math.sqrt",
    "ABS": "Math.abs",
    "INT": "Math.floor",
}
_COMPARES = {"<", "<=", ">", ">=", "=", "<>", "is_blank"}
RESERVED = frozenset({"default", "function", "new", "return", "switch", "this", "var", "with"})


def javascript(node: Node) -> str:
    """The expression as JavaScript over variables of the arguments' names.

    Raises:
        TypeError: an operation without a JavaScript spelling.
    """
    if isinstance(node, Ref):
        return variable(node.name)
    if isinstance(node, Number):
        return literal(node.value)
    if isinstance(node, Months):
        return MONTH_VARIABLE
    if node.name == "SUMPRODUCT":
        return _sum_over_months(node.args[0])
    if node.name == "IF":
        return _choice(node)
    args = [javascript(a) for a in node.args]
    if node.name == "is_blank":
        return f"Number.isNaN({args[0]})"
    if node.name == "neg":
        return f"(-{args[0]})"
    if node.name == "^":
        return f"pow({args[0]}, {args[1]})"
    if node.name in _EQUALITY:
        return f"({_as_number(node.args[0])} {_EQUALITY[node.name]} {_as_number(node.args[1])})"
    if node.name in _INFIX:
        return f"({args[0]} {node.name} {args[1]})"
    if node.name in _MATH:
        return f"{_MATH[node.name]}({', '.join(args)})"
    raise TypeError(f"{node.name} has no JavaScript spelling")


def variable(name: str) -> str:
    """An argument's name as a variable."""
    return f"{name}_" if name in RESERVED else name


def literal(value: float) -> str:
    """A number as JavaScript reads it back to the bit."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "(-Infinity)"
    shown = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return f"({shown})" if value < 0 else shown


def value_literal(value: Any) -> str:
    """Numbers, texts, lists and mappings as JavaScript that may stand in a script of an HTML page."""
    if isinstance(value, Mapping):
        inside = (f"{value_literal(str(k))}: {value_literal(v)}" for k, v in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(value_literal, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return literal(float(value))
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


def _as_number(node: Node) -> str:
    """A comparison counts as 0 or 1 where it is compared again."""
    said = javascript(node)
    return f"Number{said}" if isinstance(node, Call) and node.name in _COMPARES else said


def _choice(node: Call) -> str:
    condition, yes, no = node.args
    if node.passes_nan and isinstance(condition, Call):
        extreme = {"<": "Math.min", ">": "Math.max"}[condition.name]
        return f"{extreme}({javascript(yes)}, {javascript(no)})"
    return f"({javascript(condition)} ? {javascript(yes)} : {javascript(no)})"


def _sum_over_months(node: Node) -> str:
    """The terms below the count that bounds a power sum, which the others would multiply by 0."""
    bound, rest = _without_bound(node)
    return f"sumBelow({javascript(bound)}, ({MONTH_VARIABLE}) => {javascript(rest)})"


def _without_bound(node: Node) -> tuple[Node, Node]:
    """The bound of (month < bound) · rest, and the rest.

    Raises:
        TypeError: the sum has no such bound.
    """
    if isinstance(node, Call) and node.name == "*":
        left, right = node.args
        if isinstance(left, Call) and left.name == "<" and left.args[0] == Months():
            return left.args[1], right
        bound, rest = _without_bound(left)
        return bound, Call("*", (rest, right))
    if isinstance(node, Call) and node.name == "<" and node.args[0] == Months():
        return node.args[1], Number(1.0)
    raise TypeError("a sum over months needs a bound")
