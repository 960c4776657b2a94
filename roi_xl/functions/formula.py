"""A function's Excel formula, traced by calling the function with symbols instead of numbers.

Model functions are plain numpy; a `Symbol` implements numpy's protocols and records each operation.
The result is an expression tree, rendered with the names or cells of a host.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np

from roi_xl.functions.declare import Function
from roi_xl.units import BLANK, LONGEST_HORIZON, Constant, Num


@dataclass(frozen=True, slots=True)
class Ref:
    """An argument."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with the name of the model's constant where it is one (12 months a year)."""

    value: float
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """An operator (`+`, `<=`, `neg`) or an Excel function with its arguments."""

    name: str
    args: tuple["Node", ...]
    passes_nan: bool = False  # an IF that stands for numpy's minimum or maximum


@dataclass(frozen=True, slots=True)
class Months:
    """The whole numbers from 0 to the longest horizon, a range over which sums run."""


Node = Ref | Number | Call | Months

_OPERATORS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "power": "^",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "=",
    "not_equal": "<>",
}
_FUNCTIONS = {"exp": "EXP", "log": "LN", "sqrt": "SQRT", "absolute": "ABS", "floor": "INT"}
# Excel reads -a^b as (-a)^b and a^b^c from the left; brackets make both explicit
_PRECEDENCE = {"neg": 4, "^": 5, "*": 4, "/": 4, "+": 3, "-": 3}


class Symbol(np.lib.mixins.NDArrayOperatorsMixin):
    """A value known only by name; numpy operations on it become an expression."""

    __array_priority__ = 1000

    def __init__(self, node: Node) -> None:
        self.node = node

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any
    ) -> "Symbol":
        args = tuple(_node(x) for x in inputs)
        name = ufunc.__name__
        if method != "__call__" or kwargs:
            raise TypeError(f"{name}.{method} has no Excel formula")
        if name in _OPERATORS:
            return Symbol(_fold(_OPERATORS[name], args))
        if name == "negative":
            return Symbol(Call("neg", args))
        if name in ("minimum", "maximum"):
            # IF works per element on ranges, where MIN and MAX would aggregate them
            comparison = Call("<" if name == "minimum" else ">", args)
            return Symbol(Call("IF", (comparison, *args), passes_nan=True))
        if name == "isnan":
            return Symbol(Call("is_blank", args))
        if name in _FUNCTIONS:
            return Symbol(Call(_FUNCTIONS[name], args))
        raise TypeError(f"{name} has no Excel formula")

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> "Symbol":
        if function is np.where and not kwargs:
            return Symbol(Call("IF", tuple(_node(x) for x in args)))
        raise TypeError(f"{function.__name__} has no Excel formula")

    def __bool__(self) -> bool:
        raise TypeError("a symbol has no truth value; use numpy.where instead of if")

    __hash__: ClassVar[None]  # type: ignore[assignment]


def _node(value: Any) -> Node:
    if isinstance(value, Symbol):
        return value.node
    if isinstance(value, Constant):
        return Number(float(value), value.name)
    return Number(float(value))


def _fold(operator: str, args: tuple[Node, ...]) -> Node:
    left, right = args
    if operator in "+-" and right == Number(0.0):
        return left
    if operator == "+" and left == Number(0.0):
        return right
    if operator in "*/" and right == Number(1.0):
        return left
    if operator == "*" and left == Number(1.0):
        return right
    return Call(operator, args)


def trace(function: Function, arguments: Mapping[str, Any] | None = None) -> Node:
    """The expression a function computes, over its parameter names.

    Args:
        function: a declaration whose Python function takes arrays.
        arguments: a symbol or number per parameter; parameters not named take their defaults. None
            makes every public parameter a symbol of its own name.

    Raises:
        TypeError: an operation of the function has no Excel formula.
    """
    if arguments is None:
        public = [p for p in function.all_params if p.name not in function.inner]
        arguments = {p.name: Symbol(Ref(p.name)) for p in public}
    return _node(function.python(**arguments))


@dataclass(frozen=True, slots=True)
class Dialect:
    """The notation of a host: references, constants, the word for never, the range of months."""

    reference: Callable[[str], str] = str
    constant: Callable[[str, str], str] = lambda _, literal: literal
    never: str = "never"
    no_result: str = "SQRT(-1)"  # #NUM! in every host; the literal is not read by all of them
    months: str = f"(ROW($1:${LONGEST_HORIZON + 1})-1)"


def render(node: Node, dialect: Dialect | None = None) -> str:
    """The expression as Excel formula text, without the leading `=`."""
    return _render(node, dialect or Dialect())


def formula(function: Function, dialect: Dialect | None = None) -> str:
    """The function's Excel formula text over its parameter names."""
    return render(trace(function), dialect)


def _render(node: Node, dialect: Dialect) -> str:
    if isinstance(node, Ref):
        return dialect.reference(node.name)
    if isinstance(node, Months):
        return dialect.months
    if isinstance(node, Number):
        if node.name == BLANK.name:
            return '""'
        literal = _literal(node.value, dialect)
        return literal if node.name is None else dialect.constant(node.name, literal)
    if node.name == "is_blank":
        return f'{_operand(node.args[0], 2, dialect)}=""'
    if node.name == "neg":
        return f"-{_operand(node.args[0], 6, dialect)}"
    if node.name.isalpha():
        return f"{node.name}({','.join(_render(a, dialect) for a in node.args)})"
    level = _PRECEDENCE.get(node.name, 1)
    left, right = node.args
    # operators of equal precedence associate to the left: only the right operand needs brackets
    exact = node.name in "+*" and isinstance(right, Call) and right.name == node.name
    shown_right = _operand(right, level if exact else level + 1, dialect)
    shown_left = _operand(left, level + (node.name == "^"), dialect)
    return f"{shown_left}{node.name}{shown_right}"


def _operand(node: Node, level: int, dialect: Dialect) -> str:
    text = _render(node, dialect)
    if isinstance(node, Call):
        operator = node.name == "neg" or not node.name.isalpha()
        return f"({text})" if operator and _PRECEDENCE.get(node.name, 1) < level else text
    if isinstance(node, Number) and node.value < 0 and level > 3:
        return f"({text})"
    return text


def _literal(value: float, dialect: Dialect) -> str:
    if math.isnan(value):
        return dialect.no_result
    if math.isinf(value):
        return f'"{dialect.never}"'
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def power_sum(weight: Callable[[Any], Any], base: Any, count: Any) -> Num:
    """The sum of weight(i) · base^i over i = 0, 1, … below `count`.

    The terms are added up: a closed form would lose digits where `base` is near 1. Memory use is that
    of the arguments.

    Args:
        weight: a function of i without branches; comparisons stand for 0 and 1, as in a range formula.
        base: at least 0; 0^0 is 1.
        count: number of terms, at least 0.

    Returns:
        the sum in the broadcast shape of the arguments, or a symbol.
    """
    first = weight(0.0)
    if any(isinstance(x, Symbol) for x in (first, base, count)):
        month = Symbol(Months())
        # 0^0 is an error in spreadsheets: the first base is raised above 0 instead
        summed = (month < count) * weight(month) * (base + (month == 0.0)) ** month
        answer: Any = Symbol(Call("SUMPRODUCT", (summed.node,)))
        return cast(Num, answer)
    if np.ndim(first) == np.ndim(count) == 0:
        most = _terms(float(count))
        steps = np.arange(most, dtype=np.float64)
        found = weight(steps)
        weights: Any = found.tolist() if np.ndim(found) else [float(found)] * most
        if np.ndim(base) == 0:
            return _horner(weights, float(base))
    else:
        most = _terms(float(np.max(np.where(np.isfinite(count), count, 0.0), initial=0.0)))
        weights = _Weights(weight, count)
    total = np.zeros(np.broadcast_shapes(*map(np.shape, (first, base, count))))
    for i in range(most - 1, -1, -1):
        total *= base
        total += weights[i]
    return cast(Num, total[()])


def _terms(count: float) -> int:
    return max(0, math.ceil(count)) if math.isfinite(count) else 0


def _horner(weights: list[float], base: float) -> float:
    """The sum for one case: plain floats, since numpy takes far longer for a single number."""
    total = 0.0
    for weight in reversed(weights):
        total = total * base + weight
    return total


class _Weights:
    """Weights of many cases, computed one month at a time."""

    def __init__(self, weight: Callable[[Any], Any], count: Any) -> None:
        self.weight, self.count = weight, count

    def __getitem__(self, i: int) -> Any:
        return (i < self.count) * self.weight(float(i))
