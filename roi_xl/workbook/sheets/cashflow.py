"""Cash Flow: the model itself, months across, rolled up by year; Excel's own IRR and NPV over it."""

from typing import Any

import numpy as np
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break, ColBreak

from roi_xl.case.cash_flow import full_series
from roi_xl.case.graph_steps import CUMULATIVE, MONTH, SERIES
from roi_xl.errors import ErrorValue
from roi_xl.model.defaults import MONTHS_PER_YEAR
from roi_xl.model.irr import sign_changes
from roi_xl.workbook.sheet_writer import Book, Page, sheet_name
from roi_xl.workbook.sheets.calculation import Calculation
from roi_xl.workbook.sheets.month_rows import (
    CALENDAR_ROW,
    KEY,
    LABEL,
    MONTH_ROW,
    TOTAL,
    YEAR_0,
    YEAR_ROW,
    MonthRows,
    before,
    label_of,
)
from roi_xl.workbook.styles import MUTED

NET, DISCOUNTED = "net_cash_flow", "discounted_cash_flow"
NPV_BY_MONTH = "npv_from_cash_flow"
_STEPS = {step.name: step for step in SERIES}
_AMOUNT = "#,##0"
_BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "volume",
        ("live_age_months", "use_share", "requests_in_month", "replicas_in_month", "gpus_in_month"),
    ),
    (
        "benefits",
        ("current_model_cost", "avoided_fixed_cost", "quality_value", "error_savings"),
    ),
    (
        "costs",
        ("finetuned_model_cost", "finetuned_fixed_cost", "serving_cost", "run_cost"),
    ),
    ("net", ("net_if_success", "net_if_failure")),
)
FLOWS: dict[str, dict[str, str]] = {}


def build(book: Book, calculation: Calculation) -> dict[str, dict[str, str]]:
    """Write the sheet; gives the cells of what follows from the flows, by scenario and name."""
    page = book.sheet("cashflow", "FF4472C4")
    rows = MonthRows(book, page)
    values = full_series(book.case, book.months)
    _axis(book, page, rows)
    _flags(book, rows, values)
    for block, names in _BLOCKS:
        rows.heading(block)
        for name in names:
            _series(rows, name, values)
        if block == "costs":
            _one_off(book, rows, values)
    _series(rows, NET, values)
    _balance(rows, values)
    rows.heading("value")
    _series(rows, "discount_factor", values)
    _series(rows, DISCOUNTED, values)
    _running(rows, DISCOUNTED, values)
    found = {"live": _figures(book, page, rows, values)}
    start = rows.row + 1
    rows.heading("scenarios")
    closing = rows.at[CUMULATIVE[NET]]
    drawn = values[CUMULATIVE[NET]] if book.filled else np.full(book.months + 1, np.nan)
    rows.write(
        "cumulative_drawn",
        lambda c: f"IF(template*inputs_to_fill>0,NA(),{c}{closing})",
        drawn,
        _AMOUNT,
    )
    for lane in calculation.grid.lanes[1:]:
        found[lane.key] = {"payback_months": _scenario(book, rows, calculation, lane)}
    page.close(start + 1, rows.row)
    _finish(book, page, rows)
    sheet = sheet_name(page.ws.title)
    return {
        key: {name: f"{sheet}!{_fixed(cell)}" for name, cell in cells.items()}
        for key, cells in found.items()
    }


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def _axis(book: Book, page: Page, rows: MonthRows) -> None:
    """Three rows of heading: the month, its calendar month, its year."""
    page.put(MONTH_ROW, LABEL, book.say("flow.month"), "ft_heading")
    page.put(MONTH_ROW, KEY, MONTH, "ft_heading")
    page.put(MONTH_ROW, TOTAL, book.say("head.total"), "ft_heading_number")
    page.put(CALENDAR_ROW, LABEL, book.say("flow.calendar"), "ft_label")
    page.put(YEAR_ROW, LABEL, book.say("flow.year"), "ft_label")
    for i in range(rows.years + 1):
        column, form = YEAR_0 + i, book.say("flow.year_format")
        page.put(MONTH_ROW, column, float(i), "ft_heading_number", form)
    start = book.reference("word_start_month")
    given = book.case["start_month"]
    for m in range(book.months + 1):
        column = rows.first + m
        letter = get_column_letter(column)
        page.put(MONTH_ROW, column, float(m), "ft_heading_number", "0")
        when = _month_text(given, m)
        formula = (
            f'IF({start}="","",TEXT(DATE(LEFT({start},4),RIGHT({start},2)+{letter}{MONTH_ROW}-1,1),'
            '"yyyy-mm"))'
        )
        page.formula(CALENDAR_ROW, column, formula, when, "ft_word")
        year = f"-INT(-{letter}{MONTH_ROW}/{book.reference(MONTHS_PER_YEAR.name, page)})"
        page.formula(YEAR_ROW, column, year, float(np.ceil(m / 12)), "ft_formula", "0")
    book.name("months", page, rows.span(MONTH_ROW).replace("$", ""), book.say("flow.month"))
    page.widths(34, 26, 15, *[13] * (rows.years + 1), *[10.5] * (book.months + 1))


def _month_text(start: str | None, month: int) -> str:
    if start is None:
        return ""
    year, first = map(int, start.split("-"))
    years, at = divmod(first + month - 2, 12)
    return f"{year + years}-{at + 1:02d}"


def _flags(book: Book, rows: MonthRows, values: dict[str, Any]) -> None:
    """Whether a month is one of building, of use, or after the last that counts."""
    rows.heading("flags")
    month, age = values[MONTH], values["live_age_months"]
    last = float(book.results["last_month"])
    first = float(book.results["first_live_month"])
    # the row of the age stands below: three flags, a heading, then it
    at = rows.row + 5
    span = book.reference("last_month"), book.reference("first_live_month")
    m = f"${MONTH_ROW}"
    built = (month > 0) & (month < first) & (month <= last)
    rows.write(
        "building",
        lambda c: f"IF({c}{m}>0,IF({c}{m}<{span[1]},IF({c}{m}>{span[0]},0,1),0),0)",
        built * 1.0,
        "0",
        named=False,
    )
    rows.write("live", lambda c: f"IF({c}{at}>0,1,0)", (age > 0) * 1.0, "0", named=False)
    rows.write(
        "ended", lambda c: f"IF({c}{m}>{span[0]},1,0)", (month > last) * 1.0, "0", named=False
    )


def _series(rows: MonthRows, name: str, values: dict[str, Any]) -> None:
    step = _STEPS[name]
    money = step.quantity.unit.key.startswith("money")
    summed = money or name == "requests_in_month"
    number_format = _AMOUNT if money else step.quantity.unit.number_format
    rows.write(name, rows.formula(step, {}), values[name], number_format, summed=summed)


def _one_off(book: Book, rows: MonthRows, values: dict[str, Any]) -> None:
    total = book.reference("total_cost")
    found = np.where(values[MONTH] == 0, -values[NET][0], 0.0)
    rows.write(
        "one_off_cost",
        lambda c: f"IF({c}${MONTH_ROW}=0,{total},0)",
        found,
        _AMOUNT,
        summed=True,
    )


def _balance(rows: MonthRows, values: dict[str, Any]) -> None:
    """Opening + flow = closing."""
    closing = values[CUMULATIVE[NET]]
    opening = np.concatenate(([0.0], closing[:-1]))
    at, net = rows.row + 2, rows.at[NET]
    first = get_column_letter(rows.first)
    rows.write(
        "opening_balance",
        lambda c: f"IF({c}${MONTH_ROW}=${first}${MONTH_ROW},0,{before(c)}{at})",
        opening,
        _AMOUNT,
    )
    opened = rows.row
    rows.write(CUMULATIVE[NET], lambda c: f"{c}{opened}+{c}{net}", closing, _AMOUNT)


def _running(rows: MonthRows, flow: str, values: dict[str, Any]) -> None:
    row, first = rows.at[flow], get_column_letter(rows.first)
    total = CUMULATIVE[flow]
    rows.write(total, lambda c: f"SUM(${first}{row}:{c}{row})", values[total], _AMOUNT)


def _figures(book: Book, page: Page, rows: MonthRows, values: dict[str, Any]) -> dict[str, str]:
    """Payback, IRR and NPV over the flows, by the spreadsheet's own functions."""
    rows.heading("figures")
    found = {"payback_months": rows.payback(NET, values[NET], "payback_months")}
    discounted = rows.payback(DISCOUNTED, values[DISCOUNTED], "discounted_payback_months")
    found["discounted_payback_months"] = discounted
    net, first = rows.at[NET], get_column_letter(rows.first)
    last = get_column_letter(rows.last)
    signs = _signs(rows, values[NET])
    flows = rows.span(net)
    second, until = get_column_letter(rows.first + 1), get_column_letter(rows.last - 1)

    def figure(name: str, formula: str, value: Any, form: str) -> str:
        rows.row += 1
        page.put(rows.row, LABEL, label_of(book, name), "ft_label")
        page.put(rows.row, KEY, name, "ft_key")
        cell = page.formula(rows.row, TOTAL, formula, value, "ft_formula", form)
        return str(cell.coordinate)

    total = float(np.sum(values[NET]))
    found["net_total"] = figure("net_total", f"SUM({flows})", total, _AMOUNT)
    changes = f"SUMPRODUCT(({first}{signs}:{until}{signs}*{second}{signs}:{last}{signs}<0)*1)"
    number = int(sign_changes(values[NET]))
    found["sign_changes"] = figure("sign_changes", changes, float(number), "0")
    year = book.reference(MONTHS_PER_YEAR.name, page)
    payback = found["payback_months"]
    guess = f"IF(ISNUMBER({payback}),1/({payback}+1),-0.01)"
    no = book.say("none")
    irr = f'IF({found["sign_changes"]}=1,IFERROR((1+IRR({flows},{guess}))^{year}-1,"{no}"),"{no}")'
    rate = book.results["irr"]
    shown = no if number != 1 or rate is None or isinstance(rate, ErrorValue) else rate
    found["irr"] = figure("irr", irr, shown, "0.0%")
    book.results["irr"] = shown  # as the workbook says it
    factor = book.reference("monthly_discount_factor")
    later = f"${second}${net}:${last}${net}"
    npv = f"${first}${net}+NPV(1/{factor}-1,{later})"
    value = float(np.sum(values[DISCOUNTED]))
    cell = figure(NPV_BY_MONTH, npv, value, "#,##0.00")
    book.name(NPV_BY_MONTH, page, cell, label_of(book, NPV_BY_MONTH))
    at_irr = f"${first}${net}+NPV((1+{found['irr']})^(1/{year})-1,{later})"
    cell = figure("npv_at_irr", f"IF(ISNUMBER({found['irr']}),{at_irr},0)", 0.0, "#,##0.00")
    book.name("npv_at_irr", page, cell, label_of(book, "npv_at_irr"))
    return found


def _signs(rows: MonthRows, flows: Any) -> int:
    """The sign of each flow; a month without one keeps the sign before it."""
    net = rows.at[NET]
    found = np.sign(flows)
    last = np.maximum.accumulate(np.where(found != 0, np.arange(found.size), 0))
    here = rows.row + 1
    rows.write(
        "sign_of_flow",
        lambda c: f"IF({c}{net}=0,IF({c}${MONTH_ROW}=0,0,{before(c)}{here}),SIGN({c}{net}))",
        found[last],
        "0",
        label=rows.book.say("flow.sign"),
        named=False,
    )
    return rows.row


def _scenario(book: Book, rows: MonthRows, calculation: Calculation, lane: Any) -> str:
    sheet = sheet_name(calculation.page.ws.title)
    cells = {name: f"{sheet}!{_fixed(cell)}" for name, cell in lane.cells.items()}
    case = book.study.scenario(lane.key)
    from roi_xl.workbook.sheets.inputs import scenario_title

    title = book.say("block.scenario", name=scenario_title(book, lane.key))
    return rows.scenario(title, cells, full_series(case, book.months))


def _finish(book: Book, page: Page, rows: MonthRows) -> None:
    horizon = book.reference("used_horizon_months")
    first, last = rows.letters
    flag = rows.at["ended"]
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[f"{first}${flag}=1"], font=Font(color=MUTED, italic=True)
    )
    assert horizon
    span = f"{first}{YEAR_ROW}:{last}{rows.at[CUMULATIVE[DISCOUNTED]]}"
    page.ws.conditional_formatting.add(span, rule)
    page.hide("B")
    page.fit_rows(MONTH_ROW)
    page.finish(f"{get_column_letter(TOTAL)}{YEAR_ROW + 1}", MONTH_ROW)
    ws = page.ws
    ws.print_title_rows, ws.print_title_cols = f"{MONTH_ROW}:{YEAR_ROW}", "A:A"
    ws.print_area = f"A1:{last}{rows.at[CUMULATIVE[DISCOUNTED]]}"
    ws.page_setup.paperSize = 8  # A3
    ws.page_setup.fitToWidth = 1 + book.months // 48
    ws.page_setup.fitToHeight = 1
    if ws.page_setup.fitToWidth > 1:
        ws.col_breaks = ColBreak()
        ws.col_breaks.append(Break(id=rows.first + 24))


def chart_ranges(book: Book) -> tuple[str, str]:
    """The months up to the horizon and the running total, as charts refer to them."""
    title, place = book.places["cumulative_drawn"]
    first, row = place.split(":")[0].split("$")[1:]
    from openpyxl.utils import column_index_from_string, quote_sheetname

    at = column_index_from_string(first)
    last = get_column_letter(at + min(int(book.case["horizon_months"]), book.months))
    sheet = quote_sheetname(title)
    months = f"{sheet}!${first}${MONTH_ROW}:${last}${MONTH_ROW}"
    return months, f"{sheet}!${first}${row}:${last}${row}"
