"""The case graph as rows of formulas with a column per case: a lane. Every row has one formula across."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell import Cell

from roi_xl.case.graph_steps import Step
from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.errors import ErrorValue
from roi_xl.functions.formula import Dialect, Ref, Symbol, render, trace
from roi_xl.registry import FUNCTIONS
from roi_xl.text import text
from roi_xl.units import never
from roi_xl.workbook.sheet_writer import Book, Page

MONTHS = "month_numbers"  # 0, 1, 2, … on the Lists sheet, over which sums run


@dataclass(slots=True)
class Lane:
    """One case as a column: its inputs and results, and the cell of each as they are written."""

    column: int
    case: Mapping[str, Any]
    results: Mapping[str, Any]
    cells: dict[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a grid stands: its page, its columns of labels, and its lanes."""

    page: Page
    lanes: Sequence[Lane]
    label: int
    key: int
    unit: int

    def labels(self, row: int, label: str, key: str, unit: str | None) -> None:
        """The texts of a row."""
        self.page.put(row, self.label, label, "ft_label")
        self.page.put(row, self.key, key, "ft_key")
        if unit is None:
            self.page.put(row, self.unit, None, "ft_unit")
        else:
            self.page.unit(row, self.unit, unit)


def lane_of(book: Book, column: int, case: Case, key: str = "") -> Lane:
    """The lane of a case, with its results."""
    return Lane(column, case, book.evaluate(case), key=key)


# --- inputs --------------------------------------------------------------------------------------


def input_rows(
    book: Book,
    grid: Grid,
    row: int,
    names: Iterable[str],
    formula: Callable[[Input, Lane, int], str],
    style: str = "ft_link",
) -> int:
    """A row per input with the formula of each lane, and a closed one for the place of a word.

    Returns the next row.
    """
    for name in names:
        entry = INPUTS[name]
        grid.labels(row, entry.label(book.language), name, entry.quantity.unit.key)
        number_format = entry.quantity.unit.number_format
        cells = []
        for lane in grid.lanes:
            value = used_value(book, entry, lane)
            written = formula(entry, lane, row)
            cell = grid.page.formula(row, lane.column, written, value, style, number_format)
            lane.cells[name] = cell.coordinate
            cells.append(cell)
        grid.page.share(cells[1:])  # the first is that of the chosen scenario
        row += 1
        if entry.quantity.choices:
            row = _code_row(book, grid, row, entry)
    return row


def _code_row(book: Book, grid: Grid, row: int, entry: Input) -> int:
    label = book.say("code_of", name=entry.label(book.language))
    grid.labels(row, label, f"{entry.name}_code", None)
    options, cells = book.reference(f"list_{entry.name}"), []
    for lane in grid.lanes:
        word = lane.cells[entry.name]
        value = coded(entry, lane.case[entry.name], book.language)
        formula = f"MATCH({word},{options},0)-1"
        cell = grid.page.formula(row, lane.column, formula, value, "ft_formula", "0")
        lane.cells[f"word_{entry.name}"], lane.cells[entry.name] = word, cell.coordinate
        cells.append(cell)
    grid.page.share(cells)
    grid.page.close(row, row)
    return row + 1


def used_value(book: Book, entry: Input, lane: Lane) -> object:
    """What an input's row shows of a lane: a blank where the value is worked out further down."""
    given = getattr(lane.case, "given", frozenset(lane.case))
    sample = book.shows_sample(entry)
    if entry.worked_out is not None and entry.name not in given and not sample:
        return ""
    return shown_or_blank(entry, lane.case[entry.name], book.language)


def shown_or_blank(entry: Input, value: object, language: str) -> object:
    """An input's value as a cell shows it, a blank as an empty text."""
    return "" if blank(value) else entry.shown(value, language)


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


def step_rows(
    book: Book,
    grid: Grid,
    row: int,
    step: Step,
    formula: Callable[[Lane], str] | None = None,
    *,
    only_live: bool = False,
) -> int:
    """The rows of a step: its helpers, and two where the result is a word; returns the next row.

    `formula` gives a lane's formula where it is not the step's own; an empty one leaves a gap. A word
    can be written for the first lane alone.
    """
    label = step.label(book.language)
    row = _helper_rows(book, grid, row, step)
    if step.quantity.choices:
        return _word_rows(book, grid, row, step, label, only_live)
    grid.labels(row, label, step.name, step.quantity.unit.key)
    cells = []
    for lane in grid.lanes:
        value = lane.results[step.name]
        value = "" if blank(value) else value
        if value is ErrorValue.NUM and step.function.traceable:
            value = ErrorValue.NA
        if value == math.inf:
            value = text(f"choice.{step.quantity.infinity}", book.language)
        made = step_formula(book, grid.page, step, lane.cells) if formula is None else formula(lane)
        if made:
            cells.append(_formula(grid, row, lane, step, made, value))
        else:
            grid.page.put(row, lane.column, None, "ft_formula")
    if formula is None:
        grid.page.share(cells)
    return row + 1


def _word_rows(book: Book, grid: Grid, row: int, step: Step, label: str, only_live: bool) -> int:
    """The place of the word in its list, closed, and the word."""
    grid.labels(row, book.say("code_of", name=label), f"{step.name}_code", None)
    grid.labels(row + 1, label, step.name, None)
    codes, words = [], []
    for lane in grid.lanes[:1] if only_live else grid.lanes:
        word = lane.results[step.name]
        made = step_formula(book, grid.page, step, lane.cells)
        value = code_of(step, word, book.language)
        code = _formula(grid, row, lane, step, made, value, "0")
        cell = code.coordinate
        chosen = ft_call(book, step, lane.cells) if book.edition == "udf" else None
        chosen = chosen or f"INDEX({book.reference(f'list_{step.name}', grid.page)},1+{cell})"
        shown = grid.page.formula(row + 1, lane.column, chosen, word, "ft_word")
        lane.cells[f"word_{step.name}"] = shown.coordinate
        codes.append(code)
        words.append(shown)
    grid.page.share(codes)
    grid.page.share(words)
    grid.page.close(row, row)
    return row + 2


def _helper_rows(book: Book, grid: Grid, row: int, step: Step) -> int:
    """The cells a hand-written formula needs beside it, a closed row each."""
    for helper in step.function.helpers:
        named = {p.name: a for p, a in zip(step.function.all_params, step.args, strict=True)}
        label = text(f"quantity.{helper.name}.label", book.language)
        grid.labels(row, label, helper.name, None)
        for lane in grid.lanes:
            given = {name: _argument(lane, arg) for name, arg in named.items() if arg in INPUTS}
            formula = with_cells(helper.formula, step, lane.cells)
            value = helper.python(**given, language=book.language)
            cell = grid.page.formula(row, lane.column, formula, value, "ft_word", "@")
            lane.cells[helper.name] = cell.coordinate
        grid.page.close(row, row)
        row += 1
    return row


def _argument(lane: Lane, name: str) -> Any:
    entry, value = INPUTS[name], lane.case[name]
    return float(entry.quantity.choices.index(value)) if entry.quantity.choices else value


def _formula(
    grid: Grid,
    row: int,
    lane: Lane,
    step: Step,
    formula: str,
    cached: object,
    number_format: str | None = None,
) -> Cell:
    shown = number_format or step.quantity.unit.number_format
    cell = grid.page.formula(row, lane.column, formula, cached, "ft_formula", shown)
    lane.cells[step.name] = cell.coordinate
    return cell


def code_of(step: Step, word: Any, language: str) -> Any:
    """The place of a step's word in its list."""
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
    return render(trace(step.function, arguments), dialect(book, page, cells))


def dialect(book: Book, page: Page, cells: Mapping[str, str]) -> Dialect:
    """How formulas of this workbook are written, over cells where they are known."""
    return Dialect(
        reference=lambda name: cells.get(name) or book.reference(name, page),
        constant=lambda name, _: book.reference(f"constant_{name}", page),
        never=never(book.language),
        no_result="NA()",
        months=MONTHS,
    )


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
