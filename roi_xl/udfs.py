"""The xlwings module (UDF MODULES = roi_xl.udfs): every FT_ function as a UDF, made from FUNCTIONS.

`roi_xl.excel.udfs_zh` and `…_en` are the same with a fixed language: workbooks of both languages may
share one Python process, and each calls the module of its own.

In xlwings Lite, `main.py` is a comment and `from roi_xl.udfs import *`.
"""

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from roi_xl.functions.answers import cells
from roi_xl.functions.declare import Function, Param
from roi_xl.io.log import log_fault
from roi_xl.registry import FUNCTIONS
from roi_xl.text import speaking, text

# Reserved by [MS-VBAL] 3.3.5.2: with an argument of such a name the VBA module does not compile.
_RESERVED = frozenset(
    """
    abs addressof alias and any array as attribute boolean byref byte byval call case cbool cbyte ccur
    cdate cdbl cdec cint circle class_initialize class_terminate clng close const csng cstr currency cvar
    cverr date debug decimal declare dim do doevents double each else elseif empty end endif enum eqv
    erase event exit false fix for friend function get global gosub goto if imp implements in input
    inputb int integer is lbound len lenb let like line lock long longlong longptr loop lset me mod new
    next not nothing null on open option optional or paramarray preserve print pset public private put
    raiseevent redim rem resume return rset scale seek select set sgn shared single spc static stop
    string sub tab then to true type typeof ubound unlock until variant wend while with withevents write
    xor
    """.split()  # noqa: SIM905
)
WIZARD_LIMIT = 255  # characters of a description shown in Excel's function wizard


def _converter() -> type | None:
    """An xlwings converter that reads `Value2` on a desktop and always writes rows.

    xlwings reads `Range.Value`, which truncates currency cells to four decimals and converts numbers
    formatted as dates to datetimes; `Value2` gives the plain numbers. In xlwings Lite values arrive
    without a range and are used unchanged. None where xlwings has no converters.
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


CELLS = _converter()


def functions(
    language: str | None = None, decorators: Any = xw
) -> dict[str, Callable[..., object]]:
    """Every FT_ function as a UDF.

    Args:
        language: of answers and texts; None is the current language at each call.
        decorators: a module with xlwings' `func`, `arg` and `ret`.
    """
    return {name: _udf(function, language, decorators) for name, function in FUNCTIONS.items()}


def _udf(function: Function, language: str | None, decorators: Any) -> Callable[..., object]:
    def udf(*args: object) -> object:
        try:
            with speaking(language):
                return cells(function, args)
        except Exception:  # noqa: BLE001 - a cell must never show a traceback
            log_fault(function.name, args)
            return "#VALUE!"

    udf.__name__ = udf.__qualname__ = function.name
    udf.__module__ = __name__
    udf.__doc__ = function.doc(language)[:WIZARD_LIMIT]
    udf.__signature__ = inspect.Signature([_parameter(p) for p in function.params])  # type: ignore[attr-defined]
    registered: Callable[..., object] = udf
    for param in function.params:
        doc = param.help(language)[:WIZARD_LIMIT]
        registered = decorators.arg(vba_name(param), CELLS, doc=doc)(registered)
    registered = decorators.ret(CELLS)(registered)
    category = text("functions.category", language)
    made: Callable[..., object] = decorators.func(category=category)(registered)
    return made


def vba_name(param: Param) -> str:
    """The argument's name in VBA; reserved words get an underscore."""
    return f"{param.name}_" if param.name.lower() in _RESERVED else param.name


def _parameter(param: Param) -> inspect.Parameter:
    if param.variadic:
        return inspect.Parameter(vba_name(param), inspect.Parameter.VAR_POSITIONAL)
    default = inspect.Parameter.empty if param.required else None
    return inspect.Parameter(
        vba_name(param), inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default
    )


globals().update(functions())

__all__ = list(FUNCTIONS)
