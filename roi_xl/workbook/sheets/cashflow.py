"""Cash Flow: months across, one formula a row, and what Excel's own functions make of the flows."""

from typing import Any

import numpy as np
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.case.graph_steps import CUMULATIVE, FLOW_BLOCK, SERIES, STEPS, Step
from roi_xl.errors import ErrorValue
from roi_xl.model.defaults import MONTHS_PER_YEAR
from roi_xl.text import text, unit_text
from roi_xl.units import LONGEST_HORIZON, never
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets.month_rows import (
    FIRST,
    HEADER_ROW,
    KEY,
    LABEL,
    LAST,
    UNIT,
    VALUE,
    MonthRows,
    across,
    label_of,
    name_row,
)
from roi_xl.workbook.styles import BLOCK_FILL, MUTED

NET, DISCOUNTED = "net_cash_flow", "discounted_cash_flow"
A3 = 8


def build(book: Book) -> Page:
    """Write the sheet; name the axis of months, every row of flows and every result."""
    page = book.sheet("cashflow", "FF00B0F0")
    names = [s.name for s in SERIES] + list(CUMULATIVE.values())
    labels = [label_of(book, n) for n in (*names, *(s.name for s in STEPS if s.over_flows))]
    page.widths(fit_width(labels, 26, 36), fit_width(names, 24, 36), 14, 20)
    heads = [book.say(f"head.{h}") for h in ("label", "key", "unit", "value")]
    page.row(HEADER_ROW, heads, "ft_heading")
    months = np.arange(LONGEST_HORIZON + 1.0)
    across(
        page, HEADER_ROW, lambda c: f"COLUMN({c}{HEADER_ROW})-COLUMN($E{HEADER_ROW})", months,
        "ft_heading", "0",
    )  # fmt: skip
    name_row(book, page, HEADER_ROW, "months")
    rows = MonthRows(book, page)
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


# --- results -------------------------------------------------------------------------------------


def _results(book: Book, page: Page, rows: MonthRows) -> None:
    """What follows from whole rows, by the spreadsheet's own functions."""
    rows.heading("helpers")
    unpaid = {flow: rows.owed(flow) for flow in (NET, DISCOUNTED)}
    signs = rows.signs(NET)
    by_halving = rows.rate_found(rows.rate_search(NET, signs))
    rows.heading("flows")
    natives = {
        "net_total": f"SUM({NET})",
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
    _result(page, rows, "npv_from_cash_flow", "money", "#,##0.00", npv, total)
    rate = f"1/{book.reference('monthly_discount_factor', page)}-1"
    excel = f"E{rows.at[NET]}+NPV({rate},F{rows.at[NET]}:{get_column_letter(LAST)}{rows.at[NET]})"
    _result(page, rows, "npv_by_npv", "money", "#,##0.00", excel, total)


def _line(
    page: Page, rows: MonthRows, label: str, key: str, unit: str, formula: str, value: Any
) -> str:
    """A row of one figure without a name of its own; gives its cell."""
    rows.row += 1
    page.put(rows.row, LABEL, label, "ft_label")
    page.put(rows.row, KEY, key, "ft_key")
    page.put(rows.row, UNIT, unit, "ft_unit")
    return str(page.formula(rows.row, VALUE, formula, value, "ft_formula", "0").coordinate)


def _result(
    page: Page,
    rows: MonthRows,
    name: str,
    unit: str,
    number_format: str,
    formula: str,
    value: Any,
    style: str = "ft_formula",
) -> None:
    rows.row += 1
    book = page.book
    page.put(rows.row, LABEL, label_of(book, name), "ft_label")
    page.put(rows.row, KEY, name, "ft_key")
    page.put(rows.row, UNIT, unit_text(unit, book.language), "ft_unit")
    cell = page.formula(rows.row, VALUE, formula, value, style, number_format)
    book.name(name, page, cell.coordinate, label_of(book, name))


def _traced(book: Book, page: Page, rows: MonthRows, step: Step, value: Any) -> None:
    formula = rows.formula(step)
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


def _repaid(rows: MonthRows, flow: str, unpaid: str) -> str:
    """Months until the last debt is gone, even within the month; the axis ends in debt: never."""
    last, total = f"D{rows.at[unpaid]}", rows.span(CUMULATIVE[flow])
    within = f"{last}-1-INDEX({total},{last})/INDEX({rows.span(flow)},{last}+1)"
    return f'IF({last}=0,0,IF({last}=COUNT(months),"{never(rows.book.language)}",{within}))'


def _changes(row: int) -> str:
    first, last = get_column_letter(FIRST), get_column_letter(LAST)
    second, before = get_column_letter(FIRST + 1), get_column_letter(LAST - 1)
    return f"SUMPRODUCT(({first}{row}:{before}{row}*{second}{row}:{last}{row}<0)*1)"


def _irr(book: Book, page: Page, rows: MonthRows, by_halving: str) -> str:
    """The rate found by halving where only one exists, else the spreadsheet's own search from zero."""
    year = book.reference(MONTHS_PER_YEAR.name, page)
    return f"IF(sign_changes=1,{by_halving},(1+IRR({_flows(rows)},0))^{year}-1)"


def _flows(rows: MonthRows) -> str:
    """The cash flow from month 0 to the last month with an amount."""
    return f"E{rows.at[NET]}:INDEX({NET},1+D{rows.at['month_with_amount']})"


def _grey_after_the_end(book: Book, page: Page, rows: MonthRows) -> None:
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
