"""Formulas that hold the tables of GPUs and model shapes, for functions that look into no sheet.

A LAMBDA name has no cells of its own: the tables stand in it as array constants, and the steps of the
estimate follow one another in a LET.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from roi_xl.functions.declare import declared
from roi_xl.functions.formula import Ref, Symbol, render, trace
from roi_xl.prices.hardware import GpuSpec, shape_starts, shapes, specs
from roi_xl.prices.names import normal

Steps = list[tuple[str, str]]


def array(values: Iterable[float | str]) -> str:
    """A row as an array constant; NaN is an empty text."""
    return f"{{{','.join(_literal(v) for v in values)}}}"


def _literal(value: float | str) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if math.isnan(value):
        return '""'
    return f"{value:.15g}" if float(f"{value:.15g}") == value else repr(value)


def step(function: Callable[..., Any], names: Mapping[str, object] | None = None) -> str:
    """The formula of a declared step over its own parameter names.

    Args:
        function: the step.
        names: another name, or a number, in place of a parameter.
    """
    declaration, given = declared(function), names or {}
    arguments: dict[str, Any] = {}
    for param in declaration.all_params:
        found = given.get(param.name, param.name)
        arguments[param.name] = Symbol(Ref(found)) if isinstance(found, str) else found
    return render(trace(declaration, arguments))


def gpu_steps(figures: Mapping[str, Callable[[GpuSpec], float]]) -> Steps:
    """LET steps from the argument `gpu` to its figures; #N/A where it is not listed."""
    listed = specs()
    known = [(normal(name), row) for row, s in enumerate(listed, 1) for name in s.names]
    key = 'SUBSTITUTE(UPPER(SUBSTITUTE(SUBSTITUTE(gpu," ",""),"-","")),"GB","G")'
    place = f"MATCH({key},{array(k for k, _ in known)},0)"
    found = [("gpu_place", f"INDEX({array(row for _, row in known)},1,{place})")]
    for name, figure in figures.items():
        found.append((name, f"INDEX({array(figure(s) for s in listed)},1,gpu_place)"))
    return found


def shape_steps() -> Steps:
    """LET steps from the argument `model_params_b` to the shape of the nearest listed model."""
    place = f"MATCH(model_params_b,{array(shape_starts())},1)"
    listed = shapes()
    return [
        ("shape_place", place),
        ("layers", f"INDEX({array(s.layers for s in listed)},1,shape_place)"),
        ("hidden", f"INDEX({array(s.hidden for s in listed)},1,shape_place)"),
        ("cache_gb", f"INDEX({array(s.kv_gb for s in listed)},1,shape_place)"),
    ]


def let(steps: Iterable[tuple[str, str]], answer: str) -> str:
    """A LET formula whose names differ from those of a workbook's cells."""
    listed = list(steps)
    written = ",".join([*(f"{name},{value}" for name, value in listed), answer])
    names = re.compile(rf"\b({'|'.join(name for name, _ in listed)})\b")
    renamed = names.sub(r"the_\1", written)
    return f"=LET({renamed})"


def or_none(formula: str) -> str:
    """A formula whose empty text, nothing being known, is an error."""
    return f'LET(found,{formula},IF(found="",SQRT(-1),found))'
