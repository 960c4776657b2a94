"""Reasons why a call has no answer, as errors that say in words what was found and what is due."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from roi_xl.errors import (
    ArgumentIsError,
    BadInput,
    DomainError,
    ErrorValue,
    InputError,
    NotListedError,
    RoiError,
    ZeroBaseError,
)
from roi_xl.functions.bounds import allowed
from roi_xl.functions.columns import DIV0, NA, NUM, align
from roi_xl.functions.declare import Function, Param
from roi_xl.functions.evaluate import bind, compute
from roi_xl.functions.read import as_array, is_range, read, read_value
from roi_xl.text import text
from roi_xl.textfile import TwoReadings


def diagnose(function: Function, args: Sequence[object]) -> RoiError:
    """The first thing that is wrong with a call, as the error that says it in words.

    Raises:
        LookupError: nothing is wrong.
    """
    bound = bind(function, args)
    for param, raw in zip(function.params, bound, strict=True):
        if param.quantity.kind == "range":
            continue
        flat, width = _flat(raw)
        for i, value in enumerate(flat):
            _, code = read_value(param, value)
            if code:
                return problem(function, param, value, code, _place(i, width, len(flat)))
    if function.mode == "each":
        return _diagnose_each(function, bound)
    result, _ = compute(function, args)
    if result.errors is None:
        raise LookupError(function.name)
    code = int(result.errors.ravel()[np.flatnonzero(result.errors)[0]])
    kinds: dict[int, Callable[..., RoiError]] = {DIV0: ZeroBaseError, NA: NotListedError}
    keys = {DIV0: "zero_base", NA: "shapes_differ"}
    error: RoiError = kinds.get(code, DomainError)(
        keys.get(code, "no_result"), function=function.name
    )
    return error


def _diagnose_each(function: Function, bound: Sequence[object]) -> RoiError:
    columns = [read(p, raw) for p, raw in zip(function.params, bound, strict=True)]
    shape, columns = align(columns)
    if function.speaks:
        columns.pop()
    spread = [np.broadcast_to(c.values, shape).ravel().tolist() for c in columns]
    for row in zip(*spread, strict=True):
        try:
            with np.errstate(all="ignore"):
                value = function.python(*row)
        except RoiError as error:
            return error
        except ZeroDivisionError:
            return ZeroBaseError("zero_base", function=function.name)
        if not math.isfinite(value) and not (function.returns.never and value > 0):
            return DomainError("no_result", function=function.name)
    raise LookupError(function.name)


def _flat(raw: object) -> tuple[list[object], int | None]:
    if not is_range(raw):
        return [raw], None
    array = as_array(raw)
    return array.ravel().tolist(), array.shape[-1] if array.ndim == 2 else 1


def _place(index: int, width: int | None, count: int) -> tuple[int, int] | None:
    if width is None or count == 1:
        return None
    return index // width + 1, index % width + 1


def problem(
    function: Function, param: Param, found: object, code: int, place: tuple[int, int] | None
) -> RoiError:
    """The error for one argument that cannot be used."""
    error = ErrorValue.of(found)
    where = text("error.place", row=place[0], column=place[1]) if place else ""
    about = {"function": function.name, "name": param.name, "label": param.label(), "place": where}
    if error is not None:
        return ArgumentIsError("is_error", error, **about)
    if found is None or (isinstance(found, str) and not found.strip()):
        return InputError("blank", allowed=allowed(param.quantity), **about)
    kind = DomainError if code == NUM else InputError
    return kind("value", found=show(found), allowed=allowed(param.quantity), **about)


def value_of(param: Param, raw: object) -> Any:
    """A value of a case as the model takes it.

    Raises:
        BadInput: it is none that the parameter may have.
    """
    value, code = read_value(param, raw)
    if code:
        raise BadInput(
            "input_value",
            name=param.name,
            label=param.label(),
            found=show(raw),
            allowed=allowed(param.quantity),
        )
    return value


def show(value: object, language: str | None = None) -> str:
    """A value as an error message quotes it."""
    if isinstance(value, TwoReadings):
        return text("error.two_readings", language, found=f'"{value}"')
    if isinstance(value, (str, dt.date)):
        shown = str(value)
        return f'"{shown[:40]}…"' if len(shown) > 40 else f'"{shown}"'
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)[:40]
