"""Summary: the page to sign: verdict and why, five figures, cash flow, drivers, scenarios, alternatives."""

import math
from typing import Any

import numpy as np
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl import __version__
from roi_xl.case.cash_flow import full_series
from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS
from roi_xl.errors import ErrorValue
from roi_xl.prices.reader import newest_date
from roi_xl.text import text
from roi_xl.workbook import charts
from roi_xl.workbook.sheet_writer import CURRENCY, Book, Page, sheet_name
from roi_xl.workbook.sheets import alternatives, cashflow, input_status, sensitivity
from roi_xl.workbook.sheets.calculation import FIRST, LAST, Calculation
from roi_xl.workbook.sheets.inputs import scenario_title
from roi_xl.workbook.sheets.month_rows import YEAR_0
from roi_xl.workbook.sheets.sensitivity import SHOWN, Tornado
from roi_xl.workbook.styles import AMBER, GREEN, RED

LAST_COLUMN, HELPER = 10, 12
SCALE, OK, COLOUR = "$L$2", "$L$3", "$L$4"
MARK, HEIGHT = "$L$5", "$L$6"  # where the cash flow has repaid the investment, for the chart
WARNING_ROW, VERDICT_ROW, RATIONALE_ROW, FIGURES_ROW, TABLE_ROW = 3, 4, 5, 6, 9
_CHART_HEIGHT, _CHART_ROWS = 6.6, 12  # centimetres, and the rows that they cover
MOST_YEARS = 6  # columns of years behind year 0; the last takes what is left
THOUSANDS_FROM = 1e6
MOST_IRR = 9.99  # above, the rate says nothing but that payback is short
_AMOUNT = '#,##0;-#,##0;"–"'
_GREY = "FF757575"
FIGURES = ("npv", "payback_months", "total_cost", "monthly_savings", "irr")
_WAYS = (6, 7, 8, 9)  # columns of scenarios and alternatives
_ROWS = ("today", "tuned", "run", "quality", "failure", "one_off", "net", "cumulative")


def build(book: Book, calculation: Calculation, tornado: Tornado) -> Page:
    """Write the sheet; its figures link to the sheets behind."""
    page = book.sheet("summary", "FF70AD47")
    page.widths(26, *[16] * 4, 22, 15, 15, 22, 10, 2, 10)
    scale = _helpers(book, page)
    _head(book, page, scale)
    _verdict(book, page)
    _figures(book, page, scale)
    last = _table(book, page, scale)
    charts_at = last + 2
    _charts(book, page, charts_at)
    row = charts_at + _CHART_ROWS
    _drivers(book, page, row, tornado)
    _scenarios(book, page, row, calculation, scale)
    row = _alternatives(book, page, row + len(SCENARIOS) + 1, scale)
    _sign_off(book, page, row + 1)
    _finish(page, row + 2)
    return page


# --- what the rest goes by ---------------------------------------------------------------------------


def _solid(book: Book) -> bool:
    return book.filled and not isinstance(book.results["npv"], ErrorValue)


def _helpers(book: Book, page: Page) -> float:
    """Scale of amounts, whether there is a result, and the colour of the verdict."""
    ref, results = book.reference, book.results
    sizes = [results[n] for n in ("npv", "total_cost") if not isinstance(results[n], ErrorValue)]
    large = any(abs(v) >= THOUSANDS_FROM for v in sizes)
    scale = 1000.0 if large and len(sizes) == 2 else 1.0
    npv, total = ref("npv"), ref("total_cost")
    formula = (
        f"IF(ISNUMBER({npv}),IF(ABS({npv})+ABS({total})-MIN(ABS({npv}),ABS({total}))>="
        f"{THOUSANDS_FROM:.0f},1000,1),1)"
    )
    page.formula(2, HELPER, formula, scale, "ft_key")
    ok = f"IF(template*inputs_to_fill=0,ISNUMBER({npv}),FALSE)"
    page.formula(3, HELPER, ok, _solid(book), "ft_key")
    code, payback = ref("code_recommendation"), ref("payback_months")
    colour = f"IF({OK},IF({npv}<=0,3,IF(ISNUMBER({payback}),IF({code}<2,1,2),3)),0)"
    page.formula(4, HELPER, colour, float(_colour(book)), "ft_key")
    months = results["payback_months"]
    known = _solid(book) and not isinstance(months, ErrorValue) and not math.isinf(months)
    repaid = f"AND({OK},ISNUMBER({payback}))"
    for row, there, shown in ((5, payback, months), (6, "0", 0.0)):
        cached = shown if known else ErrorValue.NA
        page.formula(row, HELPER, f"IF({repaid},{there},NA())", cached, "ft_key")
    return scale


def _colour(book: Book) -> int:
    """0 no result, 1 green, 2 amber, 3 red."""
    results = book.results
    if not _solid(book):
        return 0
    if results["npv"] <= 0 or math.isinf(results["payback_months"]):
        return 3
    words = [text(f"choice.{c}", book.language) for c in ("strong", "recommended")]
    return 1 if results["recommendation"] in words else 2


def _money_unit(book: Book, scale: float) -> tuple[str, str]:
    """The currency, in thousands where amounts are large: as formula and as it reads now."""
    thousand = book.say("sum.thousand")
    before, _, after = thousand.partition("{currency}")
    parts = "&".join(
        p for p in (f'"{before}"' * bool(before), CURRENCY, f'"{after}"' * bool(after)) if p
    )
    shown = thousand.format(currency=book.case["currency"]) if scale > 1 else book.case["currency"]
    return f"IF({SCALE}=1,{CURRENCY},{parts})", shown


# --- head --------------------------------------------------------------------------------------------


def _head(book: Book, page: Page, scale: float) -> None:
    name = book.reference("word_project_name")
    title = book.title("summary")
    shown = book.case["project_name"] or title
    page.formula(1, 1, f'IF({name}="","{title}",{name})', shown, "ft_title")
    unit, said = _money_unit(book, scale)
    scenario = scenario_title(book, book.study.live_scenario)
    word, currency = book.say("sum.scenario"), book.say("sum.currency")
    tail = book.say("sum.version", version=__version__, date=newest_date())
    today = book.stamp.date().isoformat()
    formula = f'"{word}"&scenario_chosen&"  ·  {currency}"&{unit}&"  ·  {today}  ·  {tail}"'
    line = f"{word}{scenario}  ·  {currency}{said}  ·  {today}  ·  {tail}"
    page.formula(2, 1, formula, line, "ft_head_line")
    _warnings(book, page)


def _warnings(book: Book, page: Page) -> None:
    """What is wrong, only where it is."""
    samples = input_status.sample_count(book)
    to_fill = len(book.to_fill)
    doubtful = float(book.cached[book.title("inputs")]["I3"])
    rate = isinstance(book.results["currency_rate"], ErrorValue)
    fresh = bool(
        book.cached[book.title("simulation")].get(_place_of(book, "simulation_fresh"), True)
    )
    lines = (
        ("samples", f"AND({OK},inputs_sample>0)", "inputs_sample", _solid(book) and samples - to_fill > 0,
         samples - to_fill),
        ("rate", "ISERROR(currency_rate)", None, rate, None),
        ("range", "inputs_out_of_range>0", "inputs_out_of_range", doubtful > 0, int(doubtful)),
        ("checks", f"AND({OK},NOT(checks_ok))", None, _solid(book) and not book.checks_pass, None),
        ("stale", f"AND({OK},NOT(simulation_fresh))", None, _solid(book) and not fresh, None),
    )  # fmt: skip
    formulas, said = [], []
    for key, condition, number, due, count in lines:
        before, _, after = book.say(f"warn.{key}").partition("{count}")
        written = f'"⚠ {before}"' + (f'&{number}&"{after}   "' if number else '&"   "')
        formulas.append(f'IF({condition},{written},"")')
        if due:
            said.append(f"⚠ {before}" + (f"{count}{after}   " if number else "   "))
    page.formula(WARNING_ROW, 1, "&".join(formulas), "".join(said), "ft_warning")


def _place_of(book: Book, name: str) -> str:
    return book.places[name][1].replace("$", "")


def _merge(page: Page, row: int, first: int, last: int) -> None:
    page.ws.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


# --- verdict -----------------------------------------------------------------------------------------


def _verdict(book: Book, page: Page) -> None:
    """The coloured block with a symbol and a word, and the paragraph that says why."""
    word = book.reference("recommendation")
    before, _, after = book.say("flag.unfilled").partition("{count}")
    unfilled = f'"{before}"&inputs_to_fill&"{after}"'
    nothing = book.say("sum.no_result")
    formula = (
        f'IF(template*inputs_to_fill>0,{unfilled},IF({OK},CHOOSE({COLOUR},"✔  ","▲  ","✘  ")&{word},'
        f'"{nothing}"))'
    )
    colour = _colour(book)
    shown = nothing
    if colour:
        shown = ("✔  ", "▲  ", "✘  ")[colour - 1] + str(book.results["recommendation"])
    if not book.filled:
        shown = book.say("flag.unfilled", count=len(book.to_fill))
    page.formula(VERDICT_ROW, 1, formula, shown, "ft_block_verdict")
    cells = f"A{VERDICT_ROW}:{get_column_letter(LAST_COLUMN)}{VERDICT_ROW}"
    for code, fill in ((0, _GREY), (1, GREEN), (2, AMBER), (3, RED)):
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[f"{COLOUR}={code}"], fill=PatternFill("solid", bgColor=fill)
        )
        page.ws.conditional_formatting.add(cells, rule)
    title, place = book.places["rationale"]
    paragraph = book.cached[title][place.replace("$", "")]
    page.formula(RATIONALE_ROW, 1, book.reference("rationale"), paragraph, "ft_rationale")


# --- figures -----------------------------------------------------------------------------------------


def _figures(book: Book, page: Page, scale: float) -> None:
    """Five figures on one basis: the expected cash flow; net benefit is that of success."""
    unit, said = _money_unit(book, scale)
    results = book.results
    none, limit = book.say("none"), MOST_IRR
    ref = book.reference
    payback, irr = ref("payback_months"), ref("irr")
    before, _, after = book.say("sum.not_within").partition("{months}")
    horizon = ref("used_horizon_months")
    found: dict[str, tuple[str, Any, str]] = {}
    for name in ("npv", "total_cost", "monthly_savings"):
        value = results[name]
        shown = none if isinstance(value, ErrorValue) else value / scale
        found[name] = f'IF({OK},{ref(name)}/{SCALE},"")', shown, "#,##0"
    months = results["payback_months"]
    never = f"{before}{book.case['horizon_months']:g}{after}"
    shown = never if isinstance(months, ErrorValue) or math.isinf(months) else months
    found["payback_months"] = (
        f'IF({OK},IF(ISNUMBER({payback}),{payback},"{before}"&{horizon}&"{after}"),"")', shown, "0.0",
    )  # fmt: skip
    rate = book.cached[book.title("cashflow")][_irr_place(book)]
    over = book.say("sum.irr_over")
    shown = over if isinstance(rate, float) and rate > limit else rate
    found["irr"] = (
        f'IF({OK},IF(ISNUMBER({irr}),IF({irr}>{limit},"{over}",{irr}),"{none}"),"")', shown, "0%",
    )  # fmt: skip
    places = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10))
    for name, (first, last) in zip(FIGURES, places, strict=True):
        label = book.say(f"sum.figure.{name}")
        page.put(FIGURES_ROW, first, label, "ft_figure_head")
        formula, value, form = found[name]
        value = value if _solid(book) else ""
        page.formula(FIGURES_ROW + 1, first, formula, value, "ft_figure", form)
        if name in ("payback_months", "irr"):
            word = book.say("sum.months") if name == "payback_months" else book.say("sum.per_year")
            cell = f"{get_column_letter(first)}{FIGURES_ROW + 1}"
            number = isinstance(value, float)
            formula = f'IF(ISNUMBER({cell}),"{word}","")'
            page.formula(FIGURES_ROW + 2, first, formula, word if number else "", "ft_figure_unit")
        else:
            page.formula(FIGURES_ROW + 2, first, unit, said, "ft_figure_unit")
        if first != last:
            for down in range(3):
                _merge(page, FIGURES_ROW + down, first, last)


def _irr_place(book: Book) -> str:
    """The cell of the IRR on Cash Flow."""
    title = book.title("cashflow")
    link = str(book.workbook[book.places["irr"][0]][book.places["irr"][1].replace("$", "")].value)
    assert title
    return link.rsplit("!", 1)[-1].replace("$", "")


# --- by year -----------------------------------------------------------------------------------------


def _table(book: Book, page: Page, scale: float) -> int:
    """The expected cash flow by year; returns the last row."""
    years = book.months // 12
    shown = min(years, MOST_YEARS)
    total = 2 + shown + 1
    unit, said = _money_unit(book, scale)
    label = book.say("sum.table")
    page.formula(TABLE_ROW, 1, f'"{label} ("&{unit}&")"', f"{label} ({said})", "ft_heading")
    for i in range(shown + 1):
        more = i == MOST_YEARS and years > MOST_YEARS
        form = book.say("flow.years_format" if more else "flow.year_format")
        page.put(TABLE_ROW, 2 + i, float(i), "ft_heading_number", form)
    page.put(TABLE_ROW, total, book.say("head.total"), "ft_heading_number")
    for column in range(total + 1, LAST_COLUMN + 1):
        page.put(TABLE_ROW, column, None, "ft_heading")
    sheet = sheet_name(book.title("cashflow"))
    values = _by_year(book)
    at = {key: TABLE_ROW + 1 + i for i, key in enumerate(_ROWS)}
    chance = book.reference("used_success_probability")
    for key, row in at.items():
        bold = key in ("net", "cumulative")
        page.put(row, 1, book.say(f"sum.row.{key}"), "ft_table_label" if bold else "ft_label")
        style = "ft_table_total" if bold else "ft_link"
        for i in range(shown + 2):
            column = 2 + i
            letter = get_column_letter(column)
            if key == "cumulative":
                if i > shown:
                    page.put(row, column, None, style)
                    continue
                net = f"$B{at['net']}:{letter}{at['net']}"
                formula = f'IF({OK},SUM({net}),"")'
                value = float(np.cumsum(values["net"][: shown + 1])[i])
            elif i > shown:
                formula = f'IF({OK},SUM(B{row}:{get_column_letter(1 + shown + 1)}{row}),"")'
                value = float(np.sum(values[key]))
            else:
                amount = _amount(
                    book, sheet, key, i, more=i == shown and years > shown, chance=chance
                )
                formula = f'IF({OK},({amount})/{SCALE},"")'
                value = float(values[key][i])
            shown_value: Any = value / scale if _solid(book) else ""
            page.formula(row, column, formula, shown_value, style, _AMOUNT)
    return max(at.values())


def _amount(book: Book, sheet: str, key: str, year: int, *, more: bool, chance: str) -> str:
    """What a row of the table takes from Cash Flow for a year."""
    first = get_column_letter(YEAR_0 + year)
    last = get_column_letter(YEAR_0 + book.months // 12)

    def row(name: str) -> str:
        number = book.places[name][1].split("$")[-1]
        if more:
            return f"SUM({sheet}!${first}${number}:${last}${number})"
        return f"{sheet}!${first}${number}"

    if key == "today":
        return f"{chance}*({row('current_model_cost')}+{row('avoided_fixed_cost')})"
    if key == "tuned":
        parts = "+".join(
            row(n) for n in ("finetuned_model_cost", "finetuned_fixed_cost", "serving_cost")
        )
        return f"-{chance}*({parts})"
    if key == "run":
        return f"-{chance}*{row('run_cost')}"
    if key == "quality":
        return f"{chance}*({row('quality_value')}+{row('error_savings')})"
    if key == "failure":
        return f"(1-{chance})*({row('net_if_failure')}+{row('one_off_cost')})"
    return f"-{row('one_off_cost')}" if key == "one_off" else row("net_cash_flow")


def _by_year(book: Book) -> dict[str, Any]:
    rows = full_series(book.case, book.months)
    p = float(book.case["success_probability"])
    one_off = np.where(rows["month"] == 0, -rows["net_cash_flow"][0], 0.0)
    monthly = {
        "today": p * (rows["current_model_cost"] + rows["avoided_fixed_cost"]),
        "tuned": -p
        * (rows["finetuned_model_cost"] + rows["finetuned_fixed_cost"] + rows["serving_cost"]),
        "run": -p * rows["run_cost"],
        "quality": p * (rows["quality_value"] + rows["error_savings"]),
        "failure": (1 - p) * (rows["net_if_failure"] + one_off),
        "one_off": -one_off,
        "net": rows["net_cash_flow"],
    }
    year = np.minimum(np.ceil(rows["month"] / 12), MOST_YEARS)
    shown = int(year.max())
    found = {
        k: np.array([np.sum(v[year == y]) for y in range(shown + 1)]) for k, v in monthly.items()
    }
    return {**found, "cumulative": np.cumsum(found["net"])}


# --- below the first screen --------------------------------------------------------------------------


def _charts(book: Book, page: Page, row: int) -> None:
    left = page.width(1, 5) - 0.2, _CHART_HEIGHT
    right = page.width(6, LAST_COLUMN) - 0.2, _CHART_HEIGHT
    months, total = cashflow.chart_ranges(book)
    title = quote_sheetname(book.title("cashflow"))
    label = f"{title}!$A${total.rsplit('$', 1)[-1]}"
    own = quote_sheetname(page.ws.title)
    name = f"{own}!${get_column_letter(3)}${FIGURES_ROW}"
    last = min(int(book.case["horizon_months"]), book.months)
    mark = (name, f"{own}!{MARK}", f"{own}!{HEIGHT}")
    charts.cumulative(page, f"A{row}", months, (label, total), mark, last, size=left)
    drivers, effects = sensitivity.chart_ranges(book)
    charts.tornado(page, f"F{row}", drivers, effects, size=right)


def _digits(cell: str) -> str:
    """The Excel text of a number to four significant digits."""
    return f"ROUND({cell},3-INT(LOG10(ABS({cell})+({cell}=0))))"


def _four_digits(value: object) -> object:
    """A number to four significant digits; anything else as it is."""
    if not isinstance(value, float) or not value or not math.isfinite(value):
        return value
    return round(value, 3 - math.floor(math.log10(abs(value))))


def _drivers(book: Book, page: Page, row: int, tornado: Tornado) -> None:
    """The strongest drivers: today's value, and the one at which the project is worth nothing."""
    heads = ("driver", "today", "turn", "unit")
    for column, head in enumerate(heads, 1):
        style = "ft_heading_number" if head in ("today", "turn") else "ft_heading"
        page.put(row, column, book.say(f"head.{head}"), style)
    sheet = sheet_name(book.title("sensitivity"))
    columns = (sensitivity.LABEL, sensitivity.TODAY, sensitivity.TURN, sensitivity.UNIT)
    for i in range(SHOWN):
        at = sensitivity.HEADER_ROW + 1 + i
        driver = tornado.order[i]
        entry = INPUTS[driver.name]
        turn = driver.turn if driver.turn is not None else driver.static
        own = book.case[driver.name]
        values = (
            entry.label(book.language),
            "" if own is None else entry.shown(own, book.language),
            book.say("none") if turn is None else turn,
            book.shown_unit(entry.quantity.unit.key),
        )
        form = "General"  # a row shows whichever driver stands there now
        for column, (source, value) in enumerate(zip(columns, values, strict=True), 1):
            cell = f"{sheet}!{get_column_letter(source)}{at}"
            empty = f'"{book.say("none")}"' if source == sensitivity.TURN else '""'
            figure = cell
            if source == sensitivity.TURN:  # four digits say enough
                figure = f"IF(ISNUMBER({cell}),{_digits(cell)},{cell})"
                value = _four_digits(value)
            formula = f'IF({OK},IF({cell}="",{empty},{figure}),"")'
            shown = value if _solid(book) else ""
            style = {1: "ft_small", 4: "ft_small_unit"}.get(column, "ft_small_number")
            page.formula(
                row + 1 + i, column, formula, shown, style, form if column in (2, 3) else None
            )


def _scenarios(book: Book, page: Page, row: int, calculation: Calculation, scale: float) -> None:
    """The base and the scenarios that differ from it."""
    heads = ("scenario", "npv", "payback", "recommendation")
    for column, head in zip(_WAYS, heads, strict=True):
        style = "ft_heading" if head in ("scenario", "recommendation") else "ft_heading_number"
        page.put(row, column, book.say(f"sum.head.{head}"), style)
    page.put(row, _WAYS[-1] + 1, None, "ft_heading")
    sheet = sheet_name(calculation.page.ws.title)
    first, last = get_column_letter(FIRST), get_column_letter(LAST)
    spans = {}
    for name in ("npv", "payback_months", "recommendation"):
        number = book.places[name][1].split("$")[-1]
        spans[name] = f"{sheet}!${first}${number}:${last}${number}"
    top = row + 1
    differing = [i for i, key in enumerate(SCENARIOS) if i == 0 or book.study.scenarios.get(key)]
    seen = 0
    for i, key in enumerate(SCENARIOS):
        here = row + 1 + i
        counted = "1" if i == 0 else f"IF(COUNTA(scenario_{key})>0,1,0)"
        seen += i in differing
        page.formula(
            here, HELPER, f"{counted}+L{here - 1}" if i else "1", float(seen), "ft_key", "0"
        )
        at = f"MATCH(ROWS(L${top}:L{here}),$L${top}:$L${top + len(SCENARIOS) - 1},0)"
        there = i < len(differing) and _solid(book)
        lane = calculation.grid.lanes[1 + differing[i]] if i < len(differing) else None
        values: tuple[Any, ...] = ("", "", "", "")
        if lane is not None and there:
            npv, payback = lane.results["npv"], lane.results["payback_months"]
            values = (
                scenario_title(book, SCENARIOS[differing[i]]),
                book.say("none") if isinstance(npv, ErrorValue) else npv / scale,
                book.say("none") if isinstance(payback, ErrorValue) else payback,
                lane.results["recommendation"],
            )
        more = f"AND({OK},ROWS(L${top}:L{here})<=MAX($L${top}:$L${top + len(SCENARIOS) - 1}))"
        none = f'"{book.say("none")}"'
        formulas = (
            f"INDEX(list_scenario,1,{at})",
            f"IFERROR(INDEX({spans['npv']},1,{at})/{SCALE},{none})",
            f"IFERROR(INDEX({spans['payback_months']},1,{at}),{none})",
            f"IFERROR(INDEX({spans['recommendation']},1,{at}),{none})",
        )
        forms = (None, "#,##0", "0.0", None)
        for column, formula, value, form in zip(_WAYS, formulas, values, forms, strict=True):
            style = "ft_small" if column == _WAYS[0] else "ft_small_number"
            style = "ft_small_unit" if column == _WAYS[-1] else style
            page.formula(here, column, f'IF({more},{formula},"")', value, style, form)


def _alternatives(book: Book, page: Page, row: int, scale: float) -> int:
    """One line per alternative, in the columns of the scenarios."""
    for column, head in zip(
        _WAYS, ("alternative", "npv", "payback", "recommendation"), strict=True
    ):
        style = "ft_heading" if head in ("alternative", "recommendation") else "ft_heading_number"
        page.put(row, column, book.say(f"sum.head.{head}"), style)
    page.put(row, _WAYS[-1] + 1, None, "ft_heading")
    sheet = sheet_name(book.title("alternatives"))
    cached = book.cached[book.title("alternatives")]
    start = alternatives.HEADER_ROW + len(alternatives.SHARES) + 3
    none = f'"{book.say("none")}"'
    for i, way in enumerate(alternatives.WAYS):
        row += 1
        letter = get_column_letter(alternatives.THIS + 1 + i)
        title = f"{sheet}!{letter}${alternatives.HEADER_ROW}"
        name = alternatives.title_of(book, i, way)
        shown = name if _solid(book) else ""
        page.formula(row, _WAYS[0], f'IF({OK},{title},"")', shown, "ft_small")
        for column, figure, form in zip(
            _WAYS[1:],
            ("npv", "payback_months", "recommendation"),
            ("#,##0", "0.0", None),
            strict=True,
        ):
            place = start + alternatives.FIGURES.index(figure)
            value = cached[f"{letter}{place}"]
            if figure == "npv" and isinstance(value, float):
                value /= scale
            value = book.say("none") if isinstance(value, ErrorValue) else value
            divided = f"/{SCALE}" if figure == "npv" else ""
            formula = f'IF({OK},IFERROR({sheet}!{letter}${place}{divided},{none}),"")'
            style = "ft_small_unit" if figure == "recommendation" else "ft_small_number"
            page.formula(row, column, formula, value if _solid(book) else "", style, form)
    return row


def _sign_off(book: Book, page: Page, row: int) -> None:
    for column, key in ((1, "prepared"), (4, "reviewed"), (8, "approved")):
        page.put(row, column, book.say(f"sum.{key}"), "ft_sign")
        for beside in range(column + 1, min(column + 3, LAST_COLUMN + 1)):
            page.put(row, beside, None, "ft_sign")


def _finish(page: Page, last: int) -> None:
    for row in (1, 2, WARNING_ROW, VERDICT_ROW, RATIONALE_ROW):
        _merge(page, row, 1, LAST_COLUMN)
    ws = page.ws
    page.hide("K", "L")
    page.last_column = LAST_COLUMN
    page.fit_rows(TABLE_ROW, minimum=16.0)
    heights = {1: 26, 2: 15, WARNING_ROW: 16, VERDICT_ROW: 32, RATIONALE_ROW: 56}
    heights |= {FIGURES_ROW: 15, FIGURES_ROW + 1: 25, FIGURES_ROW + 2: 14, last - 1: 24}
    for row, height in heights.items():
        ws.row_dimensions[row].height = height
    page.finish(f"A{VERDICT_ROW}", 1, pages_high=1)
    ws.freeze_panes = None
    ws.print_title_rows = None
    ws.print_area = f"A1:{get_column_letter(LAST_COLUMN)}{last - 1}"
