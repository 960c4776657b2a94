"""The case graph as rows of formulas with a column a case: a lane. Every row has one formula across.

Calculation, Sensitivity and Alternatives are such grids; they differ in what stands in the rows of the
inputs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.case.steps import Step
from roi_xl.errors import ErrorValue
from roi_xl.functions.bounds import never
from roi_xl.functions.trace import Dialect, Ref, Symbol, render, trace
from roi_xl.text import text
from roi_xl.workbook.book import Book, Page


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
        unit = text(f"unit.{entry.quantity.unit.key}", book.language)
        grid.labels(row, entry.label(book.language), name, unit, book.title("inputs"))
        for lane in grid.lanes:
            value = coded(entry, lane.case[name], book.language)
            number_format = entry.quantity.unit.number_format
            number_format = "0" if entry.quantity.choices else number_format
            written = formula(entry, lane, row)
            cell = grid.page.formula(row, lane.column, written, value, style, number_format)
            lane.cells[name] = cell.coordinate
        row += 1
    return row


def coded(entry: Input, value: Any, language: str) -> Any:
    """An input's value as formulas hold it: a choice by its place in the list, infinity in words."""
    if entry.quantity.choices:
        return float(entry.quantity.choices.index(value))
    return entry.shown(value, language)


def step_rows(book: Book, grid: Grid, row: int, step: Step) -> int:
    """The row of a step, or its two rows where the result is a word; returns the next row."""
    label, language = step.label(book.language), book.language
    unit = text(f"unit.{step.quantity.unit.key}", language)
    by = step.function.name if step.function.name.startswith("FT_") else book.say("sum_of_steps")
    if not step.quantity.choices:
        grid.labels(row, label, step.name, unit, by)
        number_format = step.quantity.unit.number_format
        for lane in grid.lanes:
            _formula(book, grid, row, lane, step, lane.results[step.name], number_format)
        return row + 1
    words = book.reference(f"list_{step.name}", grid.page)
    code_label = book.say("code_of", name=label)
    grid.labels(row, code_label, f"{step.name}_code", book.say("code"), by)
    grid.labels(row + 1, label, step.name, unit, "INDEX")
    for lane in grid.lanes:
        word = lane.results[step.name]
        code = _code(step, word, language)
        cell = _formula(book, grid, row, lane, step, code, "0")
        chosen = f"INDEX({words},1+{cell})"
        grid.page.formula(row + 1, lane.column, chosen, word, "ft_words")
    return row + 2


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


def step_formula(book: Book, page: Page, step: Step, cells: Mapping[str, str]) -> str:
    """The step's Excel formula over the cells of its arguments."""
    names = [p.name for p in step.function.all_params]
    arguments = {n: Symbol(Ref(arg)) for n, arg in zip(names, step.args, strict=False)}
    dialect = Dialect(
        reference=lambda name: cells[name],
        constant=lambda name, _: book.reference(name, page),
        never=never(book.language),
    )
    return render(trace(step.function, arguments), dialect)


def lane_of(book: Book, column: int, case: Case) -> Lane:
    """The lane of a case, with its results."""
    return Lane(column, case, book.evaluate(case))
