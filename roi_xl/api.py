"""Every FT_ function as a typed Python function: `payback(total_cost=2036, monthly_savings=2700)`.

The functions are made from their declarations on first use and import as `from roi_xl import payback`.
Type checkers read `api.pyi`, which `python -m tests.api_stub` writes from the same declarations.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from roi_xl.functions.answers import value_of_call
from roi_xl.functions.declare import PREFIX, Function, Param, first_sentence
from roi_xl.functions.describe import arguments_of
from roi_xl.registry import FUNCTIONS
from roi_xl.text import unit_text

# names taken by a package: `roi_xl.case` stays importable
_RENAMED = {"FT_CASE": "case_figure"}


def public_name(function: Function) -> str:
    """The Python name of an FT_ function: without FT_, in lower case."""
    return _RENAMED.get(function.name, function.name.removeprefix(PREFIX).lower())


BY_NAME: dict[str, Function] = {public_name(f): f for f in FUNCTIONS.values()}


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in BY_NAME:
        raise AttributeError(f"module 'roi_xl.api' has no attribute {name!r}")
    made = _public(name, BY_NAME[name])
    globals()[name] = made
    return made


def __dir__() -> list[str]:
    return sorted(BY_NAME)


def _public(name: str, function: Function) -> Callable[..., Any]:
    def public(*args: object, **named: object) -> Any:
        return value_of_call(function, args, named)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = docstring(function)
    public.__signature__ = signature(function)  # type: ignore[attr-defined]
    return public


def signature(function: Function) -> inspect.Signature:
    """The parameters with their defaults; a default of None has the meaning its docstring gives."""
    return inspect.Signature([_parameter(p) for p in function.params])


def _parameter(param: Param) -> inspect.Parameter:
    if param.variadic:
        return inspect.Parameter(param.name, inspect.Parameter.VAR_POSITIONAL)
    default = inspect.Parameter.empty if param.required else param.default_shown
    return inspect.Parameter(param.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def docstring(function: Function) -> str:
    """The English docstring: what comes back, arguments with units and bounds, and an example."""
    lines = [first_sentence(function.python), ""]
    if function.params:
        lines += ["Args:"]
        for param, what in arguments_of(function, "en"):
            shown = param.default_shown
            default = "" if shown is None else f"; default {_plain(shown)}"
            lines += [f"    {param.name}: {param.help('en')} [{what}{default}]"]
        lines += [""]
    lines += ["Returns:", f"    {_returned(function)}", ""]
    if function.params:
        lines += ["Raises:", *(f"    {line}" for line in _raised(function)), ""]
    lines += ["Source:", f"    `{function.name}` in a spreadsheet."]
    given, answer = function.example
    if isinstance(answer, (float, int)):
        call = f"{public_name(function)}({', '.join(map(repr, given))})"
        lines += ["", "Example:", f"    >>> from roi_xl import {public_name(function)}"]
        lines += [f"    >>> round({call}, 6)", f"    {round(float(answer), 6)!r}"]
    return "\n".join(lines)


def _plain(default: object) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default)


def _raised(function: Function) -> Iterator[str]:
    yield "InputError: an argument is blank, of the wrong type, or a word that is not allowed."
    yield "DomainError: a number is out of range, or no result exists."
    if function.zero_base is not None:
        yield "ZeroBaseError: the number to divide by is zero."
    if function.group == "prices":
        yield "NotListedError: no such price is listed; the message suggests the nearest name."


def _returned(function: Function) -> str:
    if function.mode == "whole":
        rows = function.returns.kind == "range"
        return "rows of a table." if rows else "text in the current language."
    if function.speaks:
        return "a word in `language`; for arrays, an array of words in the broadcast shape."
    what = unit_text(function.unit, "en")
    never = "; `inf` means never" if function.returns.never else ""
    return f"{what} as a float{never}; for arrays, an array in the broadcast shape."
