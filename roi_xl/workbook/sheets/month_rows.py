"""The rows of the time axis: months across, one formula a row, with its values beside it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from openpyxl.utils import column_index_from_string, get_column_letter

from roi_xl.case.cash_flow import full_series
from roi_xl.case.graph_steps import CUMULATIVE, MONTH, Step
from roi_xl.errors import ErrorValue
from roi_xl.functions.formula import Dialect, Ref, Symbol, render, trace
from roi_xl.model.defaults import MONTHS_PER_YEAR, REPAID_WITHIN, WIDEST_LOG_RATE
from roi_xl.text import text, unit_text
from roi_xl.units import LONGEST_HORIZON
from roi_xl.workbook.sheet_writer import Book, Page
from roi_xl.workbook.sheets import rate_search

LABEL, KEY, UNIT, VALUE, FIRST = range(1, 6)
LAST = FIRST + LONGEST_HORIZON
HEADER_ROW = 4

Row = NDArray[np.float64]


def label_of(book: Book, name: str) -> str:
    """What a row or result is called in words."""
    return text(f"quantity.{name}.label", book.language)


def across(
    page: Page,
    row: int,
    formula: Callable[[str], str],
    values: Row,
    style: str,
    number_format: str,
) -> None:
    """The same formula in every month, given by its column letter."""
    for i, value in enumerate(values.tolist()):
        letter = get_column_letter(FIRST + i)
        cached = value if np.isfinite(value) else ErrorValue.NUM
        page.formula(row, FIRST + i, formula(letter), cached, style, number_format)


def name_row(book: Book, page: Page, row: int, name: str) -> None:
    """Give the months of a row a name in the workbook."""
    label = text(f"quantity.{MONTH if name == 'months' else name}.label", book.language)
    span = f"{get_column_letter(FIRST)}{row}:{get_column_letter(LAST)}{row}"
    book.name(name, page, span, label)


class MonthRows:
    """The rows of the time axis, one after the other."""

    def __init__(self, book: Book, page: Page) -> None:
        self.book, self.page = book, page
        self.row = HEADER_ROW
        self.at = {MONTH: HEADER_ROW}
        self.values: dict[str, Row] = full_series(book.case, LONGEST_HORIZON)
        self.rate = 0.0  # that the search ends at

    def heading(self, block: str) -> None:
        """The title of what follows."""
        self.row += 1
        said = self.book.say(f"block.{block}")
        self.page.row(self.row, [said, *[None] * (VALUE - 1)], "ft_block")

    def series(self, step: Step) -> None:
        """A row traced from the model's own function of the month."""
        formula, unit = self.formula(step), step.quantity.unit
        self._write(step.name, unit.key, unit.number_format, lambda c: formula.replace("{}", c))

    def formula(self, step: Step) -> str:
        """A step's Excel formula; `{}` stands for the column where it reads a row of this sheet."""
        names = [p.name for p in step.function.all_params]
        arguments = {n: Symbol(Ref(a)) for n, a in zip(names, step.args, strict=False)}
        dialect = Dialect(
            reference=self._place,
            constant=lambda name, _: self.book.reference(name, self.page),
        )
        return render(trace(step.function, arguments), dialect)

    def cumulative(self, flow: str) -> None:
        """The running total of a row."""
        row = self.at[flow]
        self._write(CUMULATIVE[flow], "money", "#,##0.00", lambda c: f"SUM($E{row}:{c}{row})")

    def sizes(self, flow: str) -> str:
        """A running total without signs, against which rounding is measured."""
        row, name = self.at[flow], f"size_of_{flow}"
        self.values[name] = np.cumsum(np.abs(self.values[flow]))
        here = self.row + 1
        self._write(name, "money", "#,##0.00", lambda c: f"{_before(c)}{here}+ABS({c}{row})")
        return name

    def owed(self, flow: str) -> str:
        """A row that shows, while the investment is not repaid, the month counted from 1."""
        row, size = self.at[CUMULATIVE[flow]], self.at[self.sizes(flow)]
        tolerance = self.book.reference(REPAID_WITHIN.name, self.page)
        total = self.values[CUMULATIVE[flow]]
        unpaid = total < -REPAID_WITHIN * self.values[f"size_of_{flow}"]
        name = f"unpaid_{flow}"
        self.values[name] = np.where(unpaid, np.arange(total.size) + 1.0, 0.0)
        self._write(
            name,
            "months",
            "0",
            lambda c: f"IF({c}{row}<-{tolerance}*{c}{size},{c}${HEADER_ROW}+1,0)",
        )
        self._greatest(name)
        return name

    def paid(self, flow: str) -> str:
        """A row with the month where it has an amount; its greatest is the last such month."""
        row, name = self.at[flow], "month_with_amount"
        flows = self.values[flow]
        self.values[name] = np.where(flows != 0, np.arange(flows.size), 0.0)
        self._write(name, "months", "0", lambda c: f"IF({c}{row}=0,0,{c}${HEADER_ROW})")
        self._greatest(name)
        return name

    def _greatest(self, name: str) -> None:
        greatest = float(self.values[name].max())
        formula = f"MAX({self.span(name)})"
        self.page.formula(self.at[name], VALUE, formula, greatest, "ft_formula", "0")

    def span(self, name: str) -> str:
        """A row from month 0 on."""
        row = self.at[name]
        return f"${get_column_letter(FIRST)}${row}:${get_column_letter(LAST)}${row}"

    def signs(self, flow: str) -> str:
        """A row with the sign of each flow; a month without one keeps the sign before it."""
        row, name = self.at[flow], f"sign_of_{flow}"
        found = np.sign(self.values[flow])
        last = np.maximum.accumulate(np.where(found != 0, np.arange(found.size), 0))
        self.values[name] = found[last]
        here = self.row + 1

        self._write(
            name,
            "factor",
            "0",
            lambda c: f"IF({c}{row}=0,{_before(c)}{here},SIGN({c}{row}))",
        )
        return name

    def rate_search(self, flow: str, signs: str) -> int:
        """The three rows of the search for the rate of return; gives the first of them."""
        paid = self.paid(flow)
        first, last = self.row + 1, get_column_letter(LAST)
        places = {
            "flow": self.span(flow),
            "months": self.span(paid),
            "last_month": f"$D${self.at[paid]}",
            "last_sign": f"${last}${self.at[signs]}",
        }
        months = int(self.values[paid].max()) + 1
        found = rate_search.search(self.values[flow][:months], float(self.values[signs][-1]))
        self.rate = rate_search.rate_of(found)
        limit = self.book.reference(WIDEST_LOG_RATE.name, self.page)
        made = rate_search.formulas(first, places)
        starts = (f"-{limit}", limit, made[2]("D", ""))
        styles = ("ft_formula", "ft_link", "ft_formula")
        for name, formula, start, values, style in zip(
            rate_search.NAMES, made, starts, found, styles, strict=True
        ):
            self.row += 1
            self._labels(name, "factor")
            self.page.formula(self.row, VALUE, start, values[0], style, "0.000000")
            for i, value in enumerate(values[1:]):
                letter = get_column_letter(FIRST + i)
                text_ = formula(letter, _before(letter))
                self.page.formula(self.row, FIRST + i, text_, value, "ft_formula", "0.000000")
        return first

    def rate_found(self, search: int) -> str:
        """The row of the annual rate where the search ends; gives its cell."""
        self.row += 1
        name, year = "irr_by_halving", self.book.reference(MONTHS_PER_YEAR.name, self.page)
        self._labels(name, "rate_per_year")
        formula = rate_search.rate(search, FIRST, year)
        cell = self.page.formula(self.row, VALUE, formula, self.rate, "ft_formula", "0.0%")
        return str(cell.coordinate)

    def _place(self, name: str) -> str:
        if name in self.at:
            row = self.at[name]
            return f"{{}}${row}" if name == MONTH else f"{{}}{row}"
        used = f"used_{name}"
        return self.book.reference(used if used in self.book.places else name, self.page)

    def _write(
        self, name: str, unit: str, number_format: str, formula: Callable[[str], str]
    ) -> None:
        self.row += 1
        self.at[name] = self.row
        page, book = self.page, self.book
        self._labels(name, unit)
        page.put(self.row, VALUE, None, "ft_formula")
        across(page, self.row, formula, self.values[name], "ft_formula", number_format)
        name_row(book, page, self.row, name)

    def _labels(self, name: str, unit: str) -> None:
        self.page.put(self.row, LABEL, label_of(self.book, name), "ft_label")
        self.page.put(self.row, KEY, name, "ft_key")
        said = unit_text(unit, self.book.language)
        self.page.put(self.row, UNIT, said, "ft_unit")


def _before(letter: str) -> str:
    return get_column_letter(column_index_from_string(letter) - 1)
