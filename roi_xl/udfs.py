"""The xlwings module (UDF MODULES = roi_xl.udfs): every FT_ function as a UDF, made from FUNCTIONS.

In xlwings Lite the whole of `main.py` is `from roi_xl.udfs import *`, two lines with its comment.
"""

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from roi_xl.functions.declare import Function, Param
from roi_xl.functions.evaluate import cells
from roi_xl.log import log_fault
from roi_xl.model import FUNCTIONS
from roi_xl.text import text

WIZARD_LIMIT = 255  # characters of a description that Excel's function wizard shows


def _converter() -> type | None:
    """Cell contents as the host holds them: on a desktop `Value2` in, everywhere rows out.

    `Range.Value`, which xlwings reads, cuts currency cells to four places and turns numbers
    formatted as dates into datetimes; `Value2` gives the plain numbers. Where values come without
    a range, as in xlwings Lite, they are taken as they are; where xlwings has no converters, none
    is needed.
    """
    try:
        from xlwings.conversion import Accessor, Pipeline
    except ImportError:
        return None

    class Cells(Accessor):
        @classmethod
        def reader(cls, options: dict[str, Any]) -> Pipeline:  # noqa: ARG003
            return Pipeline([_read_value2])

        @classmethod
        def writer(cls, options: dict[str, Any]) -> Pipeline:  # noqa: ARG003
            return Pipeline([_as_rows])

    return Cells


def _read_value2(context: Any) -> None:
    api = getattr(context.range, "api", None)
    if api is not None:
        context.value = api.Value2


def _as_rows(context: Any) -> None:
    if not isinstance(context.value, list):
        context.value = [[context.value]]


_CELLS = _converter()


def _udf(function: Function) -> Callable[..., object]:
    def udf(*args: object) -> object:
        try:
            return cells(function, args)
        except Exception:  # noqa: BLE001 - a cell must never show a traceback
            log_fault(function.name, args)
            return "#VALUE!"

    udf.__name__ = udf.__qualname__ = function.name
    udf.__module__ = __name__
    udf.__doc__ = function.doc()[:WIZARD_LIMIT]
    udf.__signature__ = inspect.Signature([_parameter(p) for p in function.params])  # type: ignore[attr-defined]
    registered: Callable[..., object] = udf
    for param in function.params:
        registered = xw.arg(param.name, _CELLS, doc=param.help()[:WIZARD_LIMIT])(registered)
    registered = xw.ret(_CELLS)(registered)
    return xw.func(category=text("functions.category"))(registered)


def _parameter(param: Param) -> inspect.Parameter:
    if param.variadic:
        return inspect.Parameter(param.name, inspect.Parameter.VAR_POSITIONAL)
    default = inspect.Parameter.empty if param.required else None
    return inspect.Parameter(param.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


globals().update({name: _udf(function) for name, function in FUNCTIONS.items()})

__all__ = list(FUNCTIONS)
