"""The simulation's figures on the Sensitivity sheet: values, stamped with seed, runs and date."""

from collections.abc import Mapping, Sequence
from typing import Any

from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, find_step
from roi_xl.case.inputs import INPUTS
from roi_xl.case.simulate import simulate
from roi_xl.case.study import Span
from roi_xl.text import text, unit_text
from roi_xl.units import never
from roi_xl.workbook.sheet_writer import Book, Page

LABEL, KEY, UNIT, VALUE = range(1, 5)
_DRIVERS = 5  # correlations shown


def simulation_block(book: Book, page: Page, row: int, spans: Mapping[str, Span]) -> int:
    """Write the block from `row` on; returns the row after it."""
    language = book.language
    if book.simulated is not None:
        return _record(book, page, row, book.simulated)
    ranges = {n: s.around(book.case[n] or 0.0) for n, s in book.study.ranges.items()} or {
        n: s for n, s in spans.items() if s.high > s.low
    }
    page.row(row, [book.say("block.simulation"), *[None] * 11], "ft_block")
    row += 1
    found = simulate(book.case, ranges)
    kind = text(f"risk.distribution.{found.distribution}", language)
    said = text("risk.runs", language, runs=found.runs, seed=found.seed, distribution=kind)
    page.put(row, LABEL, book.say("simulated", said=said, date=book.stamp.date()), "ft_line")
    value, payback = find_step(VALUE_STEP), find_step(PAYBACK_STEP)
    for step, values in ((value, found.value), (payback, found.payback)):
        for p, number in values.items():
            row += 1
            label = text("risk.percentile", language, p=p, step=step.label(language))
            shown = never(language) if number == float("inf") else number
            unit = step.quantity.unit
            _line(page, row, label, f"p{p}_{step.name}", unit.key, shown, unit.number_format)
    row += 1
    label = text("risk.positive", language, step=value.label(language))
    _line(page, row, label, f"chance_{VALUE_STEP}", "fraction", found.positive, "0.0%")
    for chance in found.chances:
        row += 1
        label = text("risk.chance", language, months=f"{chance.months:g}")
        label = book.say("chance_of", said=label, name=INPUTS[chance.input].label(language))
        _line(page, row, label, f"chance_{chance.input}", "fraction", chance.share, "0.0%")
    for name, rho in list(found.correlations.items())[:_DRIVERS]:
        row += 1
        driver = INPUTS[name].label(language)
        label = book.say("correlation_of", name=driver, step=value.label(language))
        _line(page, row, label, f"correlation_{name}", "number", rho, "0.00")
    return row + 1


def _record(book: Book, page: Page, row: int, rows: Sequence[Sequence[Any]]) -> int:
    """Write the lines of a simulation that was run before."""
    page.row(row, [book.say("block.simulation"), *[None] * 11], "ft_block")
    for label, key, unit, value, number_format in rows:
        row += 1
        page.put(row, LABEL, label, "ft_line" if key is None else "ft_label")
        if key is not None:
            page.put(row, KEY, key, "ft_key")
            page.put(row, UNIT, unit, "ft_unit")
            page.put(row, VALUE, value, "ft_constant", number_format)
    return row + 1


def _line(
    page: Page, row: int, label: str, key: str, unit: str, value: object, number_format: str
) -> None:
    page.put(row, LABEL, label, "ft_label")
    page.put(row, KEY, key, "ft_key")
    page.put(row, UNIT, unit_text(unit, page.book.language), "ft_unit")
    page.put(row, VALUE, value, "ft_constant", number_format)
