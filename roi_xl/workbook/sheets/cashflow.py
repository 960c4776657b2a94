"""Cash Flow: months across, one formula a row, and what Excel's own functions make of the flows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname

from roi_xl.case.cashflow_steps import CUMULATIVE, FLOW_BLOCK, MONTH, SERIES
from roi_xl.case.series import full_series
from roi_xl.case.step import Step
from roi_xl.case.steps import STEPS
from roi_xl.errors import ErrorValue
from roi_xl.functions.bounds import never
from roi_xl.functions.trace import Dialect, Ref, Symbol, render, trace
from roi_xl.model.defaults import MONTHS_PER_YEAR, REPAID_WITHIN, WIDEST_LOG_RATE
from roi_xl.text import text
from roi_xl.units import LONGEST_HORIZON
from roi_xl.workbook.book import Book, Page, fit_width
from roi_xl.workbook.sheets import rate_search
from roi_xl.workbook.style import BLOCK_FILL, MUTED

LABEL, KEY, UNIT, VALUE, FIRST = range(1, 6)
LAST = FIRST + LONGEST_HORIZON
HEADER_ROW = 4
NET, DISCOUNTED = "net_cash_flow_usd", "discounted_cash_flow_usd"
A3 = 8

Row = NDArray[np.float64]


def build(book: Book) -> Page:
    """Write the sheet; name the axis of months, every row of flows and every result."""
    page = book.sheet("cashflow", "FF00B0F0")
    names = [s.name for s in SERIES] + list(CUMULATIVE.values())
    labels = [_label(book, n) for n in (*names, *(s.name for s in STEPS if s.over_flows))]
    page.widths(fit_width(labels, 26, 36), fit_width(names, 24, 36), 14, 20)
    heads = [book.say(f"head.{h}") for h in ("label", "key", "unit", "value")]
    page.row(HEADER_ROW, heads, "ft_heading")
    months = np.arange(LONGEST_HORIZON + 1.0)
    _across(
        page, HEADER_ROW, lambda c: f"COLUMN({c}{HEADER_ROW})-COLUMN($E{HEADER_ROW})", months,
        "ft_heading", "0",
    )  # fmt: skip
    _name_row(book, page, HEADER_ROW, "months")
    rows = _Rows(book, page)
    for step in SERIES:
        rows.series(step)
        if step.name in CUMULATIVE:
            rows.cumulative(step.name)
    _results(book, page, rows)
    _grey_after_the_end(book, page, rows)
    largest = max(float(np.nanmax(np.abs(row))) for row in rows.values.values())
    for column in range(FIRST, LAST + 1):
        width = fit_width([f"-{largest:,.2f}"], 9, 20)
        page.ws.column_dimensions[get_column_letter(column)].width = width
    page.fit_rows(HEADER_ROW)
    page.finish(f"E{HEADER_ROW + 1}", HEADER_ROW)
    page.ws.print_title_cols = "A:A"
    page.ws.page_setup.paperSize = A3
    shown = FIRST + int(book.case["horizon_months"])
    page.ws.print_area = f"A1:{get_column_letter(shown)}{page.ws.max_row}"
    return page


def _label(book: Book, name: str) -> str:
    return text(f"quantity.{name}.label", book.language)


def _across(
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


def _name_row(book: Book, page: Page, row: int, name: str) -> None:
    label = text(f"quantity.{MONTH if name == 'months' else name}.label", book.language)
    span = f"{get_column_letter(FIRST)}{row}:{get_column_letter(LAST)}{row}"
    book.name(name, page, span, label)


class _Rows:
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
        names = [p.name for p in step.function.all_params]
        arguments = {n: Symbol(Ref(a)) for n, a in zip(names, step.args, strict=False)}
        dialect = Dialect(
            reference=self._place,
            constant=lambda name, _: self.book.reference(name, self.page),
        )
        formula = render(trace(step.function, arguments), dialect)
        unit = step.quantity.unit
        self._write(step.name, unit.key, unit.number_format, lambda c: formula.replace("{}", c))

    def cumulative(self, flow: str) -> None:
        """The running total of a row."""
        row = self.at[flow]
        self._write(CUMULATIVE[flow], "usd", "#,##0.00", lambda c: f"SUM($E{row}:{c}{row})")

    def sizes(self, flow: str) -> str:
        """A running total without signs, against which rounding is measured."""
        row, name = self.at[flow], f"size_of_{flow}"
        self.values[name] = np.cumsum(np.abs(self.values[flow]))
        here = self.row + 1
        self._write(name, "usd", "#,##0.00", lambda c: f"{_before(c)}{here}+ABS({c}{row})")
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
        _across(page, self.row, formula, self.values[name], "ft_formula", number_format)
        _name_row(book, page, self.row, name)

    def _labels(self, name: str, unit: str) -> None:
        self.page.put(self.row, LABEL, _label(self.book, name), "ft_label")
        self.page.put(self.row, KEY, name, "ft_key")
        said = text(f"unit.{unit}", self.book.language)
        self.page.put(self.row, UNIT, said, "ft_unit")


def _before(letter: str) -> str:
    return get_column_letter(column_index_from_string(letter) - 1)


# --- results -------------------------------------------------------------------------------------


def _results(book: Book, page: Page, rows: _Rows) -> None:
    """What follows from whole rows, by the spreadsheet's own functions."""
    rows.heading("helpers")
    unpaid = {flow: rows.owed(flow) for flow in (NET, DISCOUNTED)}
    signs = rows.signs(NET)
    by_halving = rows.rate_found(rows.rate_search(NET, signs))
    rows.heading("flows")
    natives = {
        "net_total_usd": f"SUM({NET})",
        "payback_on_cashflow_months": _repaid(rows, NET, unpaid[NET]),
        "discounted_payback_months": _repaid(rows, DISCOUNTED, unpaid[DISCOUNTED]),
        "sign_changes": _changes(rows.at[signs]),
        "irr": _irr(book, page, rows, by_halving),
    }
    for step in (s for s in STEPS if s.block == FLOW_BLOCK):
        unit = step.quantity.unit
        value = book.results[step.name]
        if step.name in natives:
            _result(page, rows, step.name, unit.key, unit.number_format, natives[step.name], value)
        else:
            _traced(book, page, rows, step, value)
    year = book.reference(MONTHS_PER_YEAR.name, page)
    guess = f"(1+irr)^(1/{year})-1"
    native = f"(1+IRR({_flows(rows)},{guess}))^{year}-1"
    value = book.results["irr"]
    _result(page, rows, "irr_by_irr", "rate_per_year", "0.0%", native, value)
    npv = f"SUM({DISCOUNTED})"
    total = float(rows.values[CUMULATIVE[DISCOUNTED]][-1])
    _result(page, rows, "npv_from_cash_flow_usd", "usd", "#,##0.00", npv, total)
    rate = f"1/{book.reference('monthly_discount_factor', page)}-1"
    excel = f"E{rows.at[NET]}+NPV({rate},F{rows.at[NET]}:{get_column_letter(LAST)}{rows.at[NET]})"
    _result(page, rows, "npv_by_npv_usd", "usd", "#,##0.00", excel, total)


def _line(
    page: Page, rows: _Rows, label: str, key: str, unit: str, formula: str, value: Any
) -> str:
    """A row of one figure without a name of its own; gives its cell."""
    rows.row += 1
    page.put(rows.row, LABEL, label, "ft_label")
    page.put(rows.row, KEY, key, "ft_key")
    page.put(rows.row, UNIT, unit, "ft_unit")
    return str(page.formula(rows.row, VALUE, formula, value, "ft_formula", "0").coordinate)


def _result(
    page: Page,
    rows: _Rows,
    name: str,
    unit: str,
    number_format: str,
    formula: str,
    value: Any,
    style: str = "ft_formula",
) -> None:
    rows.row += 1
    book = page.book
    page.put(rows.row, LABEL, _label(book, name), "ft_label")
    page.put(rows.row, KEY, name, "ft_key")
    page.put(rows.row, UNIT, text(f"unit.{unit}", book.language), "ft_unit")
    cell = page.formula(rows.row, VALUE, formula, value, style, number_format)
    book.name(name, page, cell.coordinate, _label(book, name))


def _traced(book: Book, page: Page, rows: _Rows, step: Step, value: Any) -> None:
    names = [p.name for p in step.function.all_params]
    arguments = {n: Symbol(Ref(a)) for n, a in zip(names, step.args, strict=False)}

    def place(name: str) -> str:
        used = f"used_{name}"
        return book.reference(used if used in book.places else name, page)

    dialect = Dialect(reference=place, constant=lambda n, _: book.reference(n, page))
    formula = render(trace(step.function, arguments), dialect)
    unit = step.quantity.unit
    if not step.quantity.choices:
        _result(page, rows, step.name, unit.key, unit.number_format, formula, value)
        return
    label, code = step.label(book.language), f"{step.name}_code"
    options = [text(f"choice.{choice}", book.language) for choice in step.quantity.choices]
    at = value if isinstance(value, ErrorValue) else float(options.index(value))
    cell = _line(page, rows, book.say("code_of", name=label), code, book.say("code"), formula, at)
    chosen = f"INDEX({book.reference(f'list_{step.name}', page)},1+{cell})"
    _result(page, rows, step.name, unit.key, "@", chosen, value, "ft_words")


def _repaid(rows: _Rows, flow: str, unpaid: str) -> str:
    """Months until the last debt is gone, even within the month; the axis ends in debt: never."""
    last, total = f"D{rows.at[unpaid]}", rows.span(CUMULATIVE[flow])
    within = f"{last}-1-INDEX({total},{last})/INDEX({rows.span(flow)},{last}+1)"
    return f'IF({last}=0,0,IF({last}=COUNT(months),"{never(rows.book.language)}",{within}))'


def _changes(row: int) -> str:
    first, last = get_column_letter(FIRST), get_column_letter(LAST)
    second, before = get_column_letter(FIRST + 1), get_column_letter(LAST - 1)
    return f"SUMPRODUCT(({first}{row}:{before}{row}*{second}{row}:{last}{row}<0)*1)"


def _irr(book: Book, page: Page, rows: _Rows, by_halving: str) -> str:
    """The rate found by halving where only one exists, else the spreadsheet's own search from zero."""
    year = book.reference(MONTHS_PER_YEAR.name, page)
    return f"IF(sign_changes=1,{by_halving},(1+IRR({_flows(rows)},0))^{year}-1)"


def _flows(rows: _Rows) -> str:
    """The cash flow from month 0 to the last month with an amount."""
    return f"E{rows.at[NET]}:INDEX({NET},1+D{rows.at['month_with_amount']})"


def _grey_after_the_end(book: Book, page: Page, rows: _Rows) -> None:
    """Months after the horizon, which count for nothing, stand back."""
    horizon = book.reference("used_horizon_months", page)
    span = f"E{HEADER_ROW + 1}:{get_column_letter(LAST)}{max(rows.at.values())}"
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[f"E${HEADER_ROW}>{horizon}"],
        font=Font(color=MUTED, italic=True),
        fill=PatternFill("solid", bgColor=BLOCK_FILL),
    )
    page.ws.conditional_formatting.add(span, rule)


def chart_ranges(book: Book) -> tuple[str, list[tuple[str | None, str]]]:
    """The months up to the horizon, and the running totals with their names, for a chart."""
    sheet = quote_sheetname(book.title("cashflow"))
    first = get_column_letter(FIRST)
    last = get_column_letter(FIRST + int(book.case["horizon_months"]))
    series: list[tuple[str | None, str]] = []
    for total in CUMULATIVE.values():
        row = book.places[total][1].split("$")[-1]
        name = f"{sheet}!${get_column_letter(LABEL)}${row}"
        series.append((name, f"{sheet}!${first}${row}:${last}${row}"))
    return f"{sheet}!${first}${HEADER_ROW}:${last}${HEADER_ROW}", series
