"""Answers of a function as a person gets them: words and errors in place of codes.

`call` answers Python, which gets arrays and raised errors; `cells` answers a host cell, which gets
texts and never an exception.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roi_xl.errors import ArgumentIsError, ErrorValue, InputError, RoiError
from roi_xl.functions.bounds import never
from roi_xl.functions.columns import Column
from roi_xl.functions.declare import Function, Param
from roi_xl.functions.evaluate import bind, compute
from roi_xl.functions.read import as_array, is_range, read_value
from roi_xl.functions.reasons import diagnose, problem
from roi_xl.text import LANGUAGES, current_language, text


def call(function: Function, args: Sequence[object]) -> Any:
    """What Python gets: a number or text, an array for ranges; a bad scalar raises its error."""
    if function.mode == "whole":
        return _call_whole(function, args)
    result, language = compute(function, args)
    if result.values.ndim == 0:
        if result.errors is not None:
            raise diagnose(function, args)
        return _word(function, float(result.values), language)
    plain = result.errors is None and not function.speaks
    if plain and not (function.returns.never and np.isposinf(result.values.max())):
        return np.array(result.values)
    answer = np.empty(result.values.shape, object)
    answer.ravel()[:] = [v for row in _texts(function, result, language) for v in row]
    return answer


def cells(function: Function, args: Sequence[object]) -> object:
    """What a host cell gets: number, text or rows of them; errors as Excel's texts; never raises."""
    try:
        if function.mode == "whole":
            answer = _call_whole(function, args)
            return _with_plain_errors(answer) if isinstance(answer, list) else answer
        result, language = compute(function, args)
    except RoiError as error:
        return error.error.value if isinstance(error, ArgumentIsError) else error.excel.value
    rows = _texts(function, result, language)
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
    """A cell of a table; a number that is none is the error it stands for."""
    return ErrorValue.NUM if isinstance(value, float) and not math.isfinite(value) else value


def _single(param: Param, raw: object) -> object:
    if not is_range(raw):
        return raw
    array = as_array(raw)
    if array.size > 1:
        raise InputError("one_value", name=param.name, found="×".join(map(str, array.shape)))
    return array.ravel().tolist()[0]


def _texts(function: Function, result: Column, language: Column | None) -> list[list[object]]:
    values = np.atleast_2d(result.values)
    rows: list[list[object]] = values.tolist()
    if function.speaks:
        rows = _words(function, values, language)
    elif function.returns.never:
        word = never()
        for row, column in zip(*np.nonzero(np.isposinf(values)), strict=True):
            rows[row][column] = word
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


def _word(function: Function, value: float, language: Column | None) -> object:
    if function.speaks:
        return _words(function, np.full((1, 1), value), language)[0][0]
    return never() if function.returns.never and math.isinf(value) else value
