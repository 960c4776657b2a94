"""Calculation: the case graph, one row a step, each formula traced from the model's own function."""

import inspect
import re
from typing import Any

from roi_xl.case.inputs import INPUTS
from roi_xl.case.steps import BLOCKS, FLOW_BLOCK, STEPS, Step
from roi_xl.errors import ErrorValue
from roi_xl.functions.bounds import never
from roi_xl.functions.declare import FUNCTIONS
from roi_xl.functions.trace import Dialect, Ref, Symbol, render, trace
from roi_xl.text import text
from roi_xl.workbook.book import Book, Page, fit_width
from roi_xl.workbook.sheets.inputs import used_formula

LABEL, KEY, UNIT, VALUE, BY = range(1, 6)
HEADER_ROW = 4


def build(book: Book) -> Page:
    """Write the sheet and name the value of every step."""
    page = book.sheet("calculation", "FF4472C4")
    heads = ("label", "key", "unit", "value", "computed_by")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    steps = [s.label(book.language) for s in STEPS]
    labels = [i.label(book.language) for i in INPUTS.values()] + steps
    page.widths(fit_width(labels, 26, 44), fit_width([s.name for s in STEPS], 24, 36), 16, 34, 26)
    cells: dict[str, str] = {}
    row = HEADER_ROW + 1
    page.row(row, [book.say("block.inputs"), *[None] * (BY - 1)], "ft_block")
    row += 1
    for entry in INPUTS.values():
        unit = text(f"unit.{entry.quantity.unit.key}", book.language)
        _labels(page, row, entry.label(book.language), entry.name, unit, book.title("inputs"))
        value = entry.shown(book.case[entry.name], book.language)
        value = "" if value is None else value
        number_format = entry.quantity.unit.number_format
        if entry.quantity.choices:
            value, number_format = float(entry.quantity.choices.index(book.case[entry.name])), "0"
        cell = page.formula(row, VALUE, used_formula(book, entry), value, "ft_link", number_format)
        cells[entry.name] = cell.coordinate
        row += 1
    for block in (b for b in BLOCKS if b != FLOW_BLOCK):
        page.row(row, [book.say(f"block.{block}"), *[None] * (BY - 1)], "ft_block")
        row += 1
        for step in (s for s in STEPS if s.block == block):
            row = _step_rows(book, page, row, step, cells)
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _labels(page: Page, row: int, label: str, key: str, unit: str, by: str) -> None:
    page.put(row, LABEL, label, "ft_label")
    page.put(row, KEY, key, "ft_key")
    page.put(row, UNIT, unit, "ft_unit")
    page.put(row, BY, by, "ft_key")


def _step_rows(book: Book, page: Page, row: int, step: Step, cells: dict[str, str]) -> int:
    label, language = step.label(book.language), book.language
    row = _helper_rows(book, page, row, step, cells)
    unit = text(f"unit.{step.quantity.unit.key}", language)
    by = _computed_by(book, step)
    value, formula = book.results[step.name], step_formula(book, page, step, cells)
    if not step.quantity.choices:
        _labels(page, row, label, step.name, unit, by)
        number_format = step.quantity.unit.number_format
        value = "" if value is None else value
        cell = page.formula(row, VALUE, formula, value, "ft_formula", number_format)
        cells[step.name] = cell.coordinate
        book.name(step.name, page, cell.coordinate, label)
        return row + 1
    code, word = _code_and_word(step, value, language)
    _labels(page, row, book.say("code_of", name=label), f"{step.name}_code", book.say("code"), by)
    cell = page.formula(row, VALUE, formula, code, "ft_formula", "0")
    cells[step.name] = cell.coordinate
    _labels(page, row + 1, label, step.name, unit, "INDEX")
    words = ft_call(book, step, cells) if book.edition == "udf" else None
    words = words or f"INDEX({book.reference(f'list_{step.name}', page)},1+{cell.coordinate})"
    shown = page.formula(row + 1, VALUE, words, word, "ft_words")
    book.name(step.name, page, shown.coordinate, label)
    return row + 2


def _computed_by(book: Book, step: Step) -> str:
    if step.function.formula is not None:
        return "INDEX, MATCH"
    return step.function.name if step.function.name.startswith("FT_") else book.say("sum_of_steps")


def _helper_rows(book: Book, page: Page, row: int, step: Step, cells: dict[str, str]) -> int:
    """The cells a hand-written formula needs beside it, a row each."""
    for helper in step.function.helpers:
        takes = inspect.signature(helper.python).parameters
        named = {p.name: a for p, a in zip(step.function.all_params, step.args, strict=True)}
        given = {name: _argument(book, named[name]) for name in takes}
        label = text(f"quantity.{helper.name}.label", book.language)
        _labels(
            page, row, label, helper.name, text("unit.text", book.language), book.title("inputs")
        )
        formula = with_cells(helper.formula, step, cells)
        cell = page.formula(row, VALUE, formula, helper.python(**given), "ft_words", "@")
        cells[helper.name] = cell.coordinate
        row += 1
    return row


def _argument(book: Book, name: str) -> Any:
    entry, value = INPUTS[name], book.case[name]
    return float(entry.quantity.choices.index(value)) if entry.quantity.choices else value


def with_cells(formula: str, step: Step, cells: dict[str, str]) -> str:
    """A hand-written formula over argument names, without its `=`, over the cells of those."""
    names = {
        p.name: cells[a]
        for p, a in zip(step.function.all_params, step.args, strict=True)
        if a in cells
    }
    known = {**cells, **names}
    return re.sub(r"\b[a-z_]+\b", lambda found: known.get(found[0], found[0]), formula.lstrip("="))


def _code_and_word(step: Step, value: Any, language: str) -> tuple[Any, Any]:
    if isinstance(value, ErrorValue):
        return value, value
    options = [text(f"choice.{c}", language) for c in step.quantity.choices]
    return float(options.index(value)), value


def step_formula(book: Book, page: Page, step: Step, cells: dict[str, str]) -> str:
    """The step's Excel formula over the cells of its arguments."""
    if book.edition == "udf" and not step.quantity.choices:
        call = ft_call(book, step, cells)
        if call is not None:
            return call
    if step.function.formula is not None:
        return with_cells(step.function.formula, step, cells)
    names = [p.name for p in step.function.all_params]
    arguments = {n: Symbol(Ref(arg)) for n, arg in zip(names, step.args, strict=False)}
    dialect = Dialect(
        reference=lambda name: cells.get(name) or book.reference(name, page),
        constant=lambda name, _: book.reference(name, page),
        never=never(book.language),
    )
    return render(trace(step.function, arguments), dialect)


def ft_call(book: Book, step: Step, cells: dict[str, str]) -> str | None:
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
