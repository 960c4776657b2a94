"""The rows of the time axis: months across, one formula per row, with years and total beside it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openpyxl.utils import column_index_from_string, get_column_letter

from roi_xl.case.graph_steps import MONTH, SERIES, SERIES_NAMES, Step
from roi_xl.errors import ErrorValue
from roi_xl.functions.formula import Dialect, Ref, Symbol, render
from roi_xl.model.defaults import REPAID_WITHIN
from roi_xl.text import has_text, text
from roi_xl.units import never
from roi_xl.workbook.sheet_writer import Book, Page

LABEL, KEY, TOTAL, YEAR_0 = range(1, 5)
MONTH_ROW, CALENDAR_ROW, YEAR_ROW = 4, 5, 6
Row = NDArray[np.float64]
Place = Callable[[str], str]
_SCENARIO_ROWS = ("live_age_months", "use_share", "requests_in_month", "replicas_in_month")


def label_of(book: Book, name: str) -> str:
    """What a row is called in words."""
    key = f"quantity.{name}.label"
    return text(key, book.language) if has_text(key, book.language) else book.say(f"flow.{name}")


class MonthRows:
    """The rows of the time axis, one after the other."""

    def __init__(self, book: Book, page: Page) -> None:
        self.book, self.page = book, page
        self.years = book.months // 12
        self.first = YEAR_0 + self.years + 1
        self.last = self.first + book.months
        self.row = YEAR_ROW
        self.at = {MONTH: MONTH_ROW}

    @property
    def letters(self) -> tuple[str, str]:
        """The columns of month 0 and of the last month."""
        return get_column_letter(self.first), get_column_letter(self.last)

    def span(self, row: int) -> str:
        """A row from month 0 on."""
        first, last = self.letters
        return f"${first}${row}:${last}${row}"

    def heading(self, block: str, **values: object) -> None:
        """The title of what follows."""
        self.row += 1
        said = self.book.say(f"block.{block}", **values)
        self.page.row(self.row, [said, *[None] * (self.first - 2)], "ft_block")

    def write(
        self,
        name: str,
        formula: Callable[[str], str],
        values: Row,
        number_format: str,
        *,
        summed: bool = False,
        label: str | None = None,
        named: bool = True,
    ) -> int:
        """One row: its label, the same formula in every month, and sums by year where it has any."""
        self.row += 1
        row, page = self.row, self.page
        self.at[name] = row
        page.put(row, LABEL, label or label_of(self.book, name), "ft_label")
        page.put(row, KEY, name, "ft_key")
        cells = []
        for i, value in enumerate(values.tolist()):
            letter = get_column_letter(self.first + i)
            cached = value if np.isfinite(value) else ErrorValue.NA
            column = self.first + i
            cells.append(
                page.formula(row, column, formula(letter), cached, "ft_formula", number_format)
            )
        page.share(cells)
        if summed:
            self._sums(row, values, number_format)
        elif named:
            page.put(row, TOTAL, None, "ft_formula")
        if named:
            self.book.name(name, page, self.span(row).replace("$", ""), label_of(self.book, name))
        return row

    def _sums(self, row: int, values: Row, number_format: str) -> None:
        year = np.ceil(np.arange(values.size) / 12)
        span, years = self.span(row), self.span(YEAR_ROW)
        total = float(np.sum(values))
        self.page.formula(row, TOTAL, f"SUM({span})", total, "ft_formula", number_format)
        cells = []
        for i in range(self.years + 1):
            letter, column = get_column_letter(YEAR_0 + i), YEAR_0 + i
            formula = f"SUMIF({years},{letter}${MONTH_ROW},{span})"
            value = float(np.sum(values[year == i]))
            cells.append(
                self.page.formula(row, column, formula, value, "ft_formula", number_format)
            )
        self.page.share(cells)

    def place(self, name: str, cells: Mapping[str, str]) -> str:
        """Where a name stands: a row of this sheet (`{}` is the column), a lane's cell, or another."""
        if name in self.at and (name == MONTH or name in SERIES_NAMES):
            return f"{{}}${MONTH_ROW}" if name == MONTH else f"{{}}{self.at[name]}"
        if name in cells:
            return cells[name]
        used = f"used_{name}"
        return self.book.reference(used if used in self.book.places else name, self.page)

    def formula(self, step: Step, cells: Mapping[str, str]) -> Callable[[str], str]:
        """A step's formula by column letter."""
        names = [p.name for p in step.function.all_params]
        arguments = {n: Symbol(Ref(a)) for n, a in zip(names, step.args, strict=False)}
        return self.rendered(step.function.python(**arguments), cells)

    def rendered(self, symbol: Any, cells: Mapping[str, str]) -> Callable[[str], str]:
        """An expression over names as a formula by column letter."""
        made = Dialect(
            reference=lambda name: self.place(name, cells),
            constant=lambda name, _: self.book.reference(f"constant_{name}", self.page),
        )
        formula = render(symbol.node, made)
        return lambda letter: formula.replace("{}", letter)

    # --- a scenario in few rows --------------------------------------------------------------------

    def scenario(self, title: str, cells: Mapping[str, str], values: Mapping[str, Row]) -> str:
        """The expected net cash flow of a scenario, and its payback; gives the cell of that."""
        self.row += 1
        self.page.row(self.row, [title, *[None] * (self.first - 2)], "ft_subhead")
        outer, self.at = self.at, {MONTH: MONTH_ROW}
        symbols: dict[str, Any] = {}
        for step in SERIES:
            given = [symbols.get(a, Symbol(Ref(a))) for a in step.args]
            found = step.function.python(*given)
            if step.name in _SCENARIO_ROWS or step.name == "net_cash_flow":
                made, unit = self.rendered(found, cells), step.quantity.unit
                net = step.name == "net_cash_flow"
                self.write(
                    step.name, made, values[step.name], unit.number_format,
                    named=False, summed=net,
                )  # fmt: skip
                symbols[step.name] = Symbol(Ref(step.name))
            else:
                symbols[step.name] = found
        payback = self.payback("net_cash_flow", values["net_cash_flow"], PAYBACK_LABEL)
        self.at = outer
        return payback

    def payback(self, flow: str, values: Row, name: str) -> str:
        """When a flow has repaid the investment for good, within the month; gives the cell."""
        row = self.at[flow]
        first = get_column_letter(self.first)
        tolerance = self.book.reference(REPAID_WITHIN.name, self.page)
        total, size = np.cumsum(values), np.cumsum(np.abs(values))
        unpaid = np.where(total < -REPAID_WITHIN * size, np.arange(values.size) + 1.0, 0.0)
        self.write(
            f"unpaid_{flow}",
            lambda c: (
                f"IF(SUM(${first}{row}:{c}{row})<-{tolerance}*"
                f"SUMPRODUCT(ABS(${first}{row}:{c}{row})),{c}${MONTH_ROW}+1,0)"
            ),
            unpaid,
            "0",
            label=self.book.say("flow.unpaid"),
            named=False,
        )
        owed, page = self.row, self.page
        most = page.formula(
            owed, TOTAL, f"MAX({self.span(owed)})", float(unpaid.max()), "ft_formula", "0"
        ).coordinate
        flows = self.span(row)
        owing = f"SUM(INDEX({flows},1,1):INDEX({flows},1,{most}))"
        within = f"{most}-1-{owing}/INDEX({flows},1,{most}+1)"
        word = f'"{never(self.book.language)}"'
        formula = (
            f"IF({most}=0,IF(MAX({flows})>0,0,{word}),"
            f"IF({most}=COUNT({self.span(MONTH_ROW)}),{word},{within}))"
        )
        self.row += 1
        page.put(self.row, LABEL, label_of(self.book, name), "ft_label")
        page.put(self.row, KEY, name, "ft_key")
        cell = page.formula(self.row, TOTAL, formula, _payback(values), "ft_formula", "#,##0.0")
        return str(cell.coordinate)


PAYBACK_LABEL = "payback_months"


def _payback(values: Row) -> float:
    from roi_xl.model.flows import flow_payback

    return float(flow_payback(values))


def before(letter: str) -> str:
    """The column to the left."""
    return get_column_letter(column_index_from_string(letter) - 1)
