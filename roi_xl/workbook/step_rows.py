"""The case graph as rows of formulas with a column a case: a lane. Every row has one formula across.

Calculation, Sensitivity and Alternatives are such grids; they differ in what stands in the rows of the
inputs.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roi_xl.case.graph_steps import Step
from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.errors import ErrorValue
from roi_xl.functions.formula import Dialect, Ref, Symbol, render, trace
from roi_xl.registry import FUNCTIONS
from roi_xl.text import text, unit_text
from roi_xl.units import never
from roi_xl.workbook.sheet_writer import Book, Page


@dataclass(slots=True)
class Lane:
    """One case as a column: its inputs and results, and the cell of each as they are written."""

    column: int
    case: Mapping[str, Any]
    results: Mapping[str, Any]
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a grid stands: its page, its columns of labels, and its lanes."""

    page: Page
    lanes: Sequence[Lane]
    label: int
    key: int
    unit: int
    by: int | None = None  # column that names the function, where there is one

    def labels(self, row: int, label: str, key: str, unit: str, by: str = "") -> None:
        """The texts of a row."""
        self.page.put(row, self.label, label, "ft_label")
        self.page.put(row, self.key, key, "ft_key")
        self.page.put(row, self.unit, unit, "ft_unit")
        if self.by is not None:
            self.page.put(row, self.by, by, "ft_key")


def lane_of(book: Book, column: int, case: Case) -> Lane:
    """The lane of a case, with its results."""
    return Lane(column, case, book.evaluate(case))


# --- inputs --------------------------------------------------------------------------------------


def input_rows(
    book: Book,
    grid: Grid,
    row: int,
    names: Iterable[str],
    formula: Callable[[Input, Lane, int], str],
    style: str = "ft_link",
) -> int:
    """A row an input with the formula of each lane; returns the next row."""
    for name in names:
        entry = INPUTS[name]
        unit = unit_text(entry.quantity.unit.key, book.language)
        grid.labels(row, entry.label(book.language), name, unit, book.title("inputs"))
        for lane in grid.lanes:
            value = coded(entry, lane.case[name], book.language)
            number_format = "0" if entry.quantity.choices else entry.quantity.unit.number_format
            written = formula(entry, lane, row)
            cell = grid.page.formula(row, lane.column, written, value, style, number_format)
            lane.cells[name] = cell.coordinate
        row += 1
    return row


def coded(entry: Input, value: Any, language: str) -> Any:
    """An input's value as formulas hold it: a choice by its place in its list, a blank as ""."""
    if blank(value):
        return ""
    if entry.quantity.choices:
        return float(entry.quantity.choices.index(value))
    return entry.shown(value, language)


def blank(value: object) -> bool:
    """Whether a value stands for nothing: None in a case, NaN in an array."""
    return value is None or (isinstance(value, float) and math.isnan(value))


# --- steps ---------------------------------------------------------------------------------------


def step_rows(book: Book, grid: Grid, row: int, step: Step) -> int:
    """The rows of a step: its helpers, and two where the result is a word; returns the next row."""
    label, language = step.label(book.language), book.language
    row = _helper_rows(book, grid, row, step)
    unit = unit_text(step.quantity.unit.key, language)
    by = _computed_by(book, step)
    if not step.quantity.choices:
        grid.labels(row, label, step.name, unit, by)
        number_format = step.quantity.unit.number_format
        for lane in grid.lanes:
            value = lane.results[step.name]
            _formula(book, grid, row, lane, step, "" if blank(value) else value, number_format)
        return row + 1
    grid.labels(row, book.say("code_of", name=label), f"{step.name}_code", book.say("code"), by)
    grid.labels(row + 1, label, step.name, unit, "INDEX")
    for lane in grid.lanes:
        word = lane.results[step.name]
        cell = _formula(book, grid, row, lane, step, _code(step, word, language), "0")
        chosen = ft_call(book, step, lane.cells) if book.edition == "udf" else None
        chosen = chosen or f"INDEX({book.reference(f'list_{step.name}', grid.page)},1+{cell})"
        grid.page.formula(row + 1, lane.column, chosen, word, "ft_word")
    return row + 2


def _computed_by(book: Book, step: Step) -> str:
    if step.function.formula is not None:
        return "INDEX, MATCH"
    return step.function.name if step.function.name.startswith("FT_") else book.say("sum_of_steps")


def _helper_rows(book: Book, grid: Grid, row: int, step: Step) -> int:
    """The cells a hand-written formula needs beside it, a row each."""
    for helper in step.function.helpers:
        named = {p.name: a for p, a in zip(step.function.all_params, step.args, strict=True)}
        label = text(f"quantity.{helper.name}.label", book.language)
        grid.labels(row, label, helper.name, unit_text("text", book.language), book.title("inputs"))
        for lane in grid.lanes:
            given = {name: _argument(lane, arg) for name, arg in named.items() if arg in INPUTS}
            formula = with_cells(helper.formula, step, lane.cells)
            value = helper.python(**given, language=book.language)
            cell = grid.page.formula(row, lane.column, formula, value, "ft_word", "@")
            lane.cells[helper.name] = cell.coordinate
        row += 1
    return row


def _argument(lane: Lane, name: str) -> Any:
    entry, value = INPUTS[name], lane.case[name]
    return float(entry.quantity.choices.index(value)) if entry.quantity.choices else value


def _formula(
    book: Book, grid: Grid, row: int, lane: Lane, step: Step, cached: object, number_format: str
) -> str:
    formula = step_formula(book, grid.page, step, lane.cells)
    cell = grid.page.formula(row, lane.column, formula, cached, "ft_formula", number_format)
    lane.cells[step.name] = cell.coordinate
    return str(cell.coordinate)


def _code(step: Step, word: Any, language: str) -> Any:
    if isinstance(word, ErrorValue):
        return word
    return float([text(f"choice.{c}", language) for c in step.quantity.choices].index(word))


# --- formulas ------------------------------------------------------------------------------------


def step_formula(book: Book, page: Page, step: Step, cells: Mapping[str, str]) -> str:
    """The step's Excel formula over the cells of its arguments."""
    if book.edition == "udf" and not step.quantity.choices:
        call = ft_call(book, step, cells)
        if call is not None:
            return call
    if step.function.formula is not None:
        return with_cells(step.function.formula, step, cells)
    names = [p.name for p in step.function.all_params]
    arguments = {n: Symbol(Ref(arg)) for n, arg in zip(names, step.args, strict=False)}
    # a default that shows as a number is read from its cell
    for param in step.function.all_params[len(step.args) :]:
        if param.name in INPUTS and param.default not in (0.0, 1.0):
            arguments[param.name] = Symbol(Ref(f"default_{param.name}"))
    dialect = Dialect(
        reference=lambda name: cells.get(name) or book.reference(name, page),
        constant=lambda name, _: book.reference(name, page),
        never=never(book.language),
        no_result="NA()" if step.function.no_result is ErrorValue.NA else "SQRT(-1)",
        months="months",  # the axis of the Cash Flow sheet
    )
    return render(trace(step.function, arguments), dialect)


def with_cells(formula: str, step: Step, cells: Mapping[str, str]) -> str:
    """A hand-written formula over argument names, without its `=`, over the cells of those."""
    names = {
        p.name: cells[a]
        for p, a in zip(step.function.all_params, step.args, strict=True)
        if a in cells
    }
    known = {**cells, **names}
    return re.sub(r"\b[a-z_]+\b", lambda found: known.get(found[0], found[0]), formula.lstrip("="))


def ft_call(book: Book, step: Step, cells: Mapping[str, str]) -> str | None:
    """The step as a call of its FT_ function; None where the case passes what a cell cannot."""
    function = step.function
    passed = function.all_params[: len(step.args)]
    if function.name not in FUNCTIONS or any(
        p.name in function.inner or p.quantity.kind != "number" for p in passed
    ):
        return None
    given = [cells[arg] for arg in step.args]
    if function.speaks:
        missing = len(function.params) - 1 - len(given)
        given += [*[""] * missing, f'"{book.language}"']
    return f"{function.name}({','.join(given)})"
