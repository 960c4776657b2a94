"""Arguments drawn from a function's declaration: what a person types, in bounds and out of them."""

from typing import Any

from hypothesis import strategies as st

from roi_xl.functions.declare import Function, Param
from roi_xl.units import codes, never_words

Call = tuple[str, tuple[Any, ...]]

WRONG = ("text", "#N/A", "#DIV/0!", True)
BLANK = (None, "", "  ")


def _number(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers as people type them, to six decimals: 1e-58 is no price, and engines round it off."""
    decimal = st.integers(int(low * 1e6), int(high * 1e6)).map(lambda x: x / 1e6)
    return st.one_of(st.integers(int(low), int(high)).map(float), decimal)


def good(param: Param) -> st.SearchStrategy[Any]:
    """Values that the declaration allows."""
    quantity = param.quantity
    if quantity.kind == "choice":
        typed = st.sampled_from(sorted(codes(quantity.choices)))
        return st.one_of(typed, typed.map(str.upper), typed.map(lambda w: f" {w}\u3000"))
    lowest = -1e4 if quantity.lower is None else quantity.lower
    highest = 1e6 if quantity.upper is None else quantity.upper
    numbers = _number(lowest, highest).filter(lambda x: x > lowest or not quantity.lower_open)
    return st.one_of(numbers, st.sampled_from(sorted(never_words()))) if quantity.never else numbers


def any_value(param: Param) -> st.SearchStrategy[Any]:
    """Values of every kind: good ones, blanks, numbers out of bounds, text, errors, booleans."""
    odd = st.sampled_from([*BLANK, *WRONG, -1.0, 0.0, 99.0, "never"])
    return st.one_of(good(param), good(param), good(param), odd)


@st.composite
def arguments(draw: st.DrawFn, function: Function, *, ranges: bool = False) -> tuple[Any, ...]:
    """Arguments of one call, cut off at any place after the required ones; ranges are rows of rows."""
    params = function.params
    required = sum(p.required for p in params)
    count = draw(st.integers(required, len(params)))
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    given = []
    for param in params[:count]:
        if not ranges:
            given.append(draw(any_value(param)))
            continue
        height, width = draw(st.sampled_from([(1, 1), (rows, 1), (1, columns), (rows, columns)]))
        block = [[draw(any_value(param)) for _ in range(width)] for _ in range(height)]
        given.append(block if (height, width) != (1, 1) else block[0][0])
    return tuple(given)


def literal(value: Any) -> str:
    """A value as written into a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str) and not value.startswith("#"):
        return '"' + value.replace('"', '""') + '"'
    return str(value)
