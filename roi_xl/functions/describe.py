"""Descriptions of a function for people and programs, from its declaration."""

from collections.abc import Iterator
from typing import Any

from roi_xl.functions.declare import Function, Param
from roi_xl.functions.formula import Dialect, formula
from roi_xl.text import text, unit_text
from roi_xl.text.width import text_width
from roi_xl.units import allowed, never, words

ROWS_SHOWN = 6  # of a table, on a help page
LONGEST_SHOWN = 1000  # characters of a formula; longer ones hold whole tables
_UNITLESS = ("any", "choice", "text")  # what is allowed says it all


def describe(function: Function) -> dict[str, Any]:
    """Everything declared about a function, as plain data."""
    return {
        "name": function.name,
        "group": text(f"functions.group.{function.group}"),
        "signature": function.signature(),
        "parameters": [_parameter(p) for p in function.params],
        "unit": function.unit,
        "doc": function.doc(),
        "example": example(function),
        "formula": excel_formula(function),
    }


def _parameter(param: Param) -> dict[str, Any]:
    quantity = param.quantity
    return {
        "name": param.name,
        "label": param.label(),
        "help": param.help(),
        "unit": quantity.unit.key,
        "optional": not param.required,
        "default": param.default_shown,
        "lower": quantity.lower,
        "upper": quantity.upper,
        "choices": words(quantity) or None,
    }


def example(function: Function) -> str:
    """The example as typed into a cell."""
    return f"={function.name}({','.join(map(literal, function.example[0]))})"


def literal(value: object) -> str:
    """A value as written in a formula; a table as an array constant, with semicolons between rows."""
    if isinstance(value, (tuple, list)):
        return f"{{{';'.join(','.join(map(literal, row)) for row in value)}}}"
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def answer(function: Function) -> object:
    """Result of the example: a value, or the rows of a table."""
    from roi_xl.functions.answers import cells

    found = function.example[1]
    return cells(function, function.example[0]) if found is None else found


def excel_formula(function: Function, language: str | None = None) -> str | None:
    """The plain formula over the argument names; None where there is none that a person would read."""
    if function.formula is not None:
        return function.formula if len(function.formula) <= LONGEST_SHOWN else None
    if not function.traceable:
        return None
    return f"={formula(function, Dialect(never=never(language)))}"


def paragraphs(function: Function) -> list[str]:
    """The lines of a help page."""
    lines = [function.signature(), "", function.doc(), ""]
    for p, what in arguments_of(function):
        lines.append(f"  {p.name}: {p.label()} [{what}]")
        lines.append(f"      {p.help()}")
    lines += ["", f"  {text('cli.functions.unit')}: {unit_text(function.unit)}"]
    lines += _example_lines(function)
    plain = excel_formula(function)
    if plain is not None:
        lines.append(f"  {text('cli.functions.formula')}: {plain}")
    return lines


def arguments_of(function: Function, language: str | None = None) -> Iterator[tuple[Param, str]]:
    """Each argument with its unit and what is allowed."""
    for param in function.params:
        unit = param.quantity.unit.key
        parts = [] if unit in _UNITLESS else [unit_text(unit, language)]
        yield param, "; ".join([*parts, allowed(param.quantity, language)])


def _example_lines(function: Function) -> list[str]:
    """The example with its result; a table in columns, cut after ROWS_SHOWN rows."""
    found, said = answer(function), f"  {text('cli.functions.example')}: {example(function)}"
    if not isinstance(found, (list, tuple)):
        return [f"{said} → {found if isinstance(found, str) else literal(found)}"]
    rows = [[v if isinstance(v, str) else literal(v) for v in row] for row in found[:ROWS_SHOWN]]
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    lines = [f"{said} →"]
    for row in rows:
        words = (w + " " * (n - text_width(w)) for w, n in zip(row, widths, strict=True))
        lines.append(f"      {'  '.join(words)}".rstrip())
    return [*lines, "      …"] if len(found) > ROWS_SHOWN else lines
