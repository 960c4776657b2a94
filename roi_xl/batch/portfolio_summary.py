"""The first sheet of a portfolio: cases by recommendation, a chart of them, and what was assumed."""

import math
import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.utils import quote_sheetname

from roi_xl.batch.columns import ERROR
from roi_xl.batch.portfolio_columns import BY, FIRST_ROW, HeadingRow, OutHeading, Totals
from roi_xl.case.inputs import INPUTS
from roi_xl.case.steps import STEPS
from roi_xl.errors import ErrorValue
from roi_xl.functions.declare import declared
from roi_xl.model.returns import payback
from roi_xl.text import text
from roi_xl.workbook.book import Book, fit_width
from roi_xl.workbook.lanes import coded, step_formula
from roi_xl.workbook.sheets.inputs import used_formula

COST, SAVINGS, PAYBACK = "total_cost_usd", "monthly_savings_usd", "payback_months"
LABEL, CASES, SHARE, INVESTED, SAVED, REPAID = range(1, 7)
HEADER_ROW = 4
CHART_ROWS = 18
_BLUE, _ORANGE = "0072B2", "E69F00"  # Okabe–Ito


def cases_title(book: Book, number: int) -> str:
    """The title of the sheet with this part of the cases."""
    return book.title("cases") if number == 1 else f"{book.title('cases')} {number}"


class Summary:
    """Writes the sheet; `assumed` names the cell of every input as used where no case gives it."""

    def __init__(
        self, book: Book, heading: HeadingRow, rows: Sequence[int], totals: Totals
    ) -> None:
        self.book, self.heading, self.rows, self.totals = book, heading, rows, totals
        self.steps = {s.name: s for s in STEPS}
        self.page = book.sheet("portfolio", "FF70AD47")
        self.assumed: dict[str, str] = {}
        last = self._classes()
        self._chart(last)
        self._assumptions(last + CHART_ROWS + 3)
        self._finish()

    def _say(self, key: str) -> str:
        return text(f"batch.{key}", self.book.language)

    def _column(self, key: str) -> OutHeading:
        return next(c for c in self.heading.columns if c.key == key and c.entry is None)

    def _spans(self, key: str) -> list[str]:
        letters = self._column(key).letters
        return [
            f"{quote_sheetname(cases_title(self.book, i))}"
            f"!${letters}${FIRST_ROW}:${letters}${FIRST_ROW + max(count, 1) - 1}"
            for i, count in enumerate(self.rows, 1)
        ]

    def _classes(self) -> int:
        """A row for each recommendation, one for bad rows, one for all; the row of the last class."""
        book, page = self.book, self.page
        names = ("recommendation", "cases", "share", "invested", "saved", "repaid")
        page.row(HEADER_ROW, [self._say(f"head.{n}") for n in names], "ft_heading")
        choices = self.steps[BY].quantity.choices
        first = HEADER_ROW + 1
        last = first + len(choices) - 1
        bad, total = last + 1, last + 2
        counts = [
            float(self.totals.counts[BY][i]) if self.totals.counts else 0.0
            for i in range(len(choices))
        ]
        everything = sum(counts) + self.totals.bad
        for i, choice in enumerate(choices):
            row = first + i
            page.put(row, LABEL, text(f"choice.{choice}", book.language), "ft_label")
            counted = "+".join(f"COUNTIF({span},$A{row})" for span in self._spans(BY))
            page.formula(row, CASES, counted, counts[i], "ft_formula", "#,##0")
            self._share(row, total, counts[i], everything)
            cost = self._class_sum(row, INVESTED, COST, i)
            saved = self._class_sum(row, SAVED, SAVINGS, i)
            self._payback(row, cost, saved, counts[i])
        page.put(bad, LABEL, self._say("bad_rows"), "ft_label")
        counted = "+".join(f"COUNTA({span})" for span in self._spans(ERROR))
        page.formula(bad, CASES, counted, float(self.totals.bad), "ft_formula", "#,##0")
        self._share(bad, total, float(self.totals.bad), everything)
        for column in (INVESTED, SAVED, REPAID):
            page.put(bad, column, None, "ft_formula")
        page.put(total, LABEL, self._say("total"), "ft_block")
        page.formula(total, CASES, f"SUM(B{first}:B{bad})", everything, "ft_block", "#,##0")
        self._share(total, total, everything, everything, "ft_block")
        summed = []
        for column, key in ((INVESTED, COST), (SAVED, SAVINGS)):
            letter = "ABCDEF"[column - 1]
            value = float(self._sums(key).sum())
            formula = f"SUM({letter}{first}:{letter}{last})"
            page.formula(total, column, formula, value, "ft_block", self._format(key))
            summed.append(value)
        self._payback(total, summed[0], summed[1], everything, style="ft_block")
        return total

    def _sums(self, key: str) -> Any:
        import numpy as np

        return self.totals.sums.get((BY, key), np.zeros(8))

    def _format(self, key: str) -> str:
        return self.steps[key].quantity.unit.number_format

    def _share(
        self, row: int, total: int, part: float, whole: float, style: str = "ft_formula"
    ) -> None:
        value: Any = part / whole if whole else ErrorValue.DIV0
        self.page.formula(row, SHARE, f"B{row}/B${total}", value, style, "0.0%")

    def _class_sum(self, row: int, column: int, key: str, code: int) -> float:
        pairs = zip(self._spans(BY), self._spans(key), strict=True)
        formula = "+".join(f"SUMIF({words},$A{row},{values})" for words, values in pairs)
        value = float(self._sums(key)[code])
        self.page.formula(row, column, formula, value, "ft_formula", self._format(key))
        return value

    def _payback(
        self, row: int, cost: float, saved: float, count: float, style: str = "ft_formula"
    ) -> None:
        step = self.steps[PAYBACK]
        cells = {COST: f"D{row}", SAVINGS: f"E{row}"}
        formula = f'IF(B{row}=0,"",{step_formula(self.book, self.page, step, cells)})'
        value: Any = float(declared(payback).python(cost, saved)) if count else ""
        if isinstance(value, float) and math.isnan(value):
            value = ErrorValue.NUM
        self.page.formula(row, REPAID, formula, value, style, step.quantity.unit.number_format)

    def _chart(self, total: int) -> None:
        first, last = HEADER_ROW + 1, total - 2
        chart = BarChart()
        chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", -5, 60
        chart.title = self._say("chart.title")
        sheet = self.page.ws
        for column, colour in ((INVESTED, _BLUE), (SAVED, _ORANGE)):
            values = Reference(sheet, min_col=column, min_row=HEADER_ROW, max_row=last)
            chart.add_data(values, titles_from_data=True)
            chart.series[-1].graphicalProperties = GraphicalProperties(solidFill=colour)
        chart.set_categories(Reference(sheet, min_col=LABEL, min_row=first, max_row=last))
        chart.x_axis.title, chart.y_axis.title = self._say("head.recommendation"), "USD"
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.number_format, chart.y_axis.crosses = "#,##0", "max"
        chart.legend.position = "b"
        chart.width, chart.height = 24, 9
        sheet.add_chart(chart, f"A{total + 2}")

    def _assumptions(self, row: int) -> None:
        book, page = self.book, self.page
        page.row(row, [self._say("assumed"), None, None, None, None, None], "ft_heading")
        given = {c.entry.name for c in self.heading.columns if c.entry is not None}
        for entry in INPUTS.values():
            row += 1
            page.put(row, LABEL, entry.label(book.language), "ft_label")
            value = coded(entry, book.case[entry.name], book.language)
            number_format = "0" if entry.quantity.choices else entry.quantity.unit.number_format
            cell = page.formula(
                row, CASES, used_formula(book, entry), value, "ft_link", number_format
            )
            unit = text(f"unit.{entry.quantity.unit.key}", book.language)
            page.put(row, SHARE, unit, "ft_unit")
            said = self._say("given" if entry.name in given else "not_given")
            page.put(row, INVESTED, said, "ft_unit")
            absolute = f"${cell.column_letter}${cell.row}"
            self.assumed[entry.name] = f"{quote_sheetname(page.ws.title)}!{absolute}"

    def _finish(self) -> None:
        labels = [i.label(self.book.language) for i in INPUTS.values()]
        self.page.widths(fit_width(labels, 28, 40), 14, 16, 26, 26, 18)
        self.page.fit_rows(HEADER_ROW)
        self.page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW)
        self.page.ws.print_title_rows = None  # the block below has columns of its own

    def describe_chart(self, parts: dict[str, bytes]) -> None:
        """Give the chart the text that a screen reader says."""
        said = quoteattr(self._say("chart.description"))
        name = "xl/drawings/drawing1.xml"
        described = re.sub(r"<([\w:]*cNvPr) ", rf"<\1 descr={said} ", parts[name].decode(), count=1)
        parts[name] = described.encode()
