"""Results of a function as its caller gets them: words and errors in place of codes.

`call` and `value_of_call` serve Python, with arrays and raised errors; `cells` serves a cell of a
host, with texts and never an exception.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from roi_xl.functions.apply import bind, compute
from roi_xl.functions.arguments import as_array, is_range, read, read_value
from roi_xl.functions.columns import DIV0, NA, NUM, Column, align
from roi_xl.functions.declare import Function, Param
from roi_xl.io.numbers import TwoReadings
from roi_xl.text import LANGUAGES, current_language, text
from roi_xl.units import allowed, never


def diagnose(function: Function, args: Sequence[object]) -> RoiError:
    """The first fault of a call, as the error that describes it.

    Raises:
        LookupError: the call has no fault.
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
    """The error for an argument that is not allowed."""
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
    """A value of a case, converted for the model.

    Raises:
        BadInput: the parameter does not allow it.
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
    """A value as quoted in an error message."""
    if isinstance(value, TwoReadings):
        return text("error.two_readings", language, found=f'"{value}"')
    if isinstance(value, (str, dt.date)):
        shown = str(value)
        return f'"{shown[:40]}…"' if len(shown) > 40 else f'"{shown}"'
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)[:40]


def call(
    function: Function, args: Sequence[object], named: Mapping[str, object] | None = None
) -> Any:
    """A number or text, an array for ranges; a bad scalar raises its error."""
    return _answer(function, args, named, never() if function.returns.never else None)


def value_of_call(
    function: Function, args: Sequence[object], named: Mapping[str, object] | None = None
) -> Any:
    """As `call`, but infinity stays a number: every result that is not a word is a float."""
    return _answer(function, args, named, None)


def _answer(
    function: Function,
    args: Sequence[object],
    named: Mapping[str, object] | None,
    infinity: str | None,
) -> Any:
    if named:
        args = _positional(function, args, named)
    if function.mode == "whole":
        return _call_whole(function, args)
    result, language = compute(function, args)
    if result.values.ndim == 0:
        if result.errors is not None:
            raise diagnose(function, args)
        value = float(result.values)
        if function.speaks:
            return _words(function, np.full((1, 1), value), language)[0][0]
        return infinity if infinity is not None and math.isinf(value) else value
    plain = result.errors is None and not function.speaks
    if plain and (infinity is None or not np.isposinf(result.values.max())):
        return np.array(result.values)
    answer = np.empty(result.values.shape, object)
    rows = _texts(function, result, language, infinity)
    answer.ravel()[:] = [v for row in rows for v in row]
    return answer


def _positional(
    function: Function, args: Sequence[object], named: Mapping[str, object]
) -> Sequence[object]:
    """All arguments by position; those behind the last one given are left out."""
    if len(args) > len(function.params):
        return bind(function, args)  # raises, unless the last parameter takes any number
    bound = bind(function, args, named)
    last = max(i for i, p in enumerate(function.params) if i < len(args) or p.name in named)
    return bound[: last + 1]


def cells(function: Function, args: Sequence[object]) -> object:
    """Result for a cell of a host: number, text or rows of them, errors as Excel's texts; never raises."""
    try:
        if function.mode == "whole":
            answer = _call_whole(function, args)
            return _with_plain_errors(answer) if isinstance(answer, list) else answer
        result, language = compute(function, args)
    except RoiError as error:
        return error.error.value if isinstance(error, ArgumentIsError) else error.excel.value
    rows = _texts(function, result, language, never() if function.returns.never else None)
    if result.errors is not None:
        rows = _with_plain_errors(rows)
    return rows[0][0] if result.values.ndim == 0 else rows


def _with_plain_errors(rows: list[list[object]]) -> list[list[object]]:
    return [[v.value if isinstance(v, ErrorValue) else v for v in row] for row in rows]


def _call_whole(function: Function, args: Sequence[object]) -> Any:
    variadic = bool(function.params) and function.params[-1].variadic
    fixed = function.params[:-1] if variadic else function.params
    given = list(args[: len(fixed)]) if variadic else bind(function, args)
    given += [None] * (len(fixed) - len(given))
    ready = []
    for param, raw in zip(fixed, given, strict=True):
        if param.quantity.kind == "range":
            ready.append(raw)
            continue
        raw = _single(param, raw)
        value, code = read_value(param, raw)
        if code:
            raise problem(function, param, raw, code, None)
        ready.append(value)
    with np.errstate(all="ignore"):
        answer = function.python(*ready, *(args[len(fixed) :] if variadic else ()))
    return [list(map(_finite, row)) for row in answer] if isinstance(answer, list) else answer


def _finite(value: object) -> object:
    """A cell of a table; non-finite numbers become errors."""
    return ErrorValue.NUM if isinstance(value, float) and not math.isfinite(value) else value


def _single(param: Param, raw: object) -> object:
    if not is_range(raw):
        return raw
    array = as_array(raw)
    if array.size > 1:
        raise InputError("one_value", name=param.name, found="×".join(map(str, array.shape)))
    return array.ravel().tolist()[0]


def _texts(
    function: Function, result: Column, language: Column | None, infinity: str | None
) -> list[list[object]]:
    """The rows of a result, with words for codes and infinity and error values for error codes."""
    values = np.atleast_2d(result.values)
    rows: list[list[object]] = values.tolist()
    if function.speaks:
        rows = _words(function, values, language)
    elif infinity is not None:
        for row, column in zip(*np.nonzero(np.isposinf(values)), strict=True):
            rows[row][column] = infinity
    if result.errors is not None:
        errors = np.atleast_2d(result.errors)
        for row, column in zip(*np.nonzero(errors), strict=True):
            rows[row][column] = ErrorValue.from_code(int(errors[row, column]))
    return rows


def _words(function: Function, values: NDArray[Any], language: Column | None) -> list[list[object]]:
    chosen = np.broadcast_to(_language_codes(language), values.shape).tolist()
    return [
        [
            None
            if math.isnan(v)
            else text(f"choice.{function.returns.choices[int(v)]}", LANGUAGES[int(k)])
            for v, k in zip(row, languages, strict=True)
        ]
        for row, languages in zip(values.tolist(), chosen, strict=True)
    ]


def _language_codes(language: Column | None) -> NDArray[np.float64]:
    default = float(LANGUAGES.index(current_language()))
    values = np.full((), default) if language is None else language.values
    return np.nan_to_num(values.astype(np.float64), nan=default)
