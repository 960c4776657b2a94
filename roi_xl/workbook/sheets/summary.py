"""Summary: the decision, what it costs, when it pays back, and how the workbook is to be read."""

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from roi_xl import __version__
from roi_xl.case.graph_steps import STEPS, Step
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import ErrorValue
from roi_xl.text import text, unit_text
from roi_xl.workbook import charts
from roi_xl.workbook.layout import SHEETS
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets import calculation, cashflow, sensitivity

LABEL, VALUE, UNIT, REPORTING, SOURCE, NOTE = range(1, 7)
VERDICTS = ("recommendation", "strategy", "agreement", "recommendation_on_cashflow")
_CHART_HEIGHT, _CHART_ROWS = 8.7, 14  # centimetres, and the rows that they cover
_HEAD_STYLES = {
    VALUE: "ft_heading_number",
    REPORTING: "ft_heading_number",
    SOURCE: "ft_heading_number",
    UNIT: "ft_heading_note",
    NOTE: "ft_heading_note",
}
_HEADS = ("figure", "full_cost", "unit", "reporting", "source_formula", "note")
FIRST_OWN_FORMAT = 200  # number formats below belong to the program and to other cells
SENTENCES = ("agreement", "irr_state", "rate_state")  # too long for the value's column alone
FIGURES = ("npv", "payback_months", "total_cost", "monthly_savings", "annual_roi")
MORE_FIGURES = (
    "payback_on_cashflow_months",
    "discounted_payback_months",
    "irr",
    "roi_over_horizon",
    "annualised_roi",
    "breakeven_daily_requests",
    "data_cost",
    "compute_cost",
    "people_cost",
    "maintenance_cost_per_month",
)


def build(book: Book) -> Page:
    """Write the sheet; its figures link to the calculation."""
    page = book.sheet("summary", "FF70AD47")
    steps = {s.name: s for s in STEPS}
    labels = [steps[n].label(book.language) for n in (*VERDICTS, *FIGURES, *MORE_FIGURES)]
    page.widths(fit_width(labels, 28, 40), 30, 16, 22, 22, 58)
    row = 4
    page.row(row, [book.say("block.verdict"), *[None] * (NOTE - 1)], "ft_heading")
    for name in VERDICTS:
        row += 1
        _words(book, page, row, steps[name])
    row = _figures(book, page, row + 2, FIGURES)
    charts_at, row = row + 2, row + 2 + 2 * _CHART_ROWS + 3
    more = row
    row = _figures(book, page, row, MORE_FIGURES)
    for name in SENTENCES[1:]:
        row += 1
        _words(book, page, row, steps[name])
    page.ws.row_breaks.append(Break(id=row + 1))
    row = _about(book, page, row + 2)
    _contents(book, page, row + 1)
    page.fit_rows(4)
    _charts(book, page, charts_at, more + 1)
    page.finish("A4", 4)
    page.ws.print_title_rows = "1:1"  # the blocks have heads of their own
    page.ws.row_breaks.append(Break(id=charts_at + _CHART_ROWS))
    return page


def _figures(book: Book, page: Page, row: int, names: tuple[str, ...]) -> int:
    """A block of figures with its head; returns its last row."""
    for column, head in enumerate(_HEADS, 1):
        page.put(row, column, book.say(f"head.{head}"), _HEAD_STYLES.get(column, "ft_heading"))
    _reporting_head(book, page, row)
    first = row + 1
    last = row + len(names)
    for place, name in enumerate(names, first):
        _figure(book, page, place, name)
    _currency_formats(book, page, f"D{first}:D{last}")
    return last


def _charts(book: Book, page: Page, row: int, first_figure: int) -> None:
    """Cumulative cash flow, tornado, scenarios and cost by branch, two by two."""
    page.row(row, [book.say("block.charts"), *[None] * (NOTE - 1)], "ft_heading")
    below, second = row + 1, row + 2 + _CHART_ROWS
    left = page.width(LABEL, UNIT) - 0.3, _CHART_HEIGHT
    right = page.width(REPORTING, NOTE) - 0.3, _CHART_HEIGHT
    months, flows = cashflow.chart_ranges(book)
    charts.lines(page, f"A{below}", "cashflow", months, flows, size=left)
    drivers, effects = sensitivity.chart_ranges(book)
    charts.bars(
        page, f"D{below}", "tornado", drivers, effects, horizontal=True, overlap=100, size=right
    )
    branch = first_figure + MORE_FIGURES.index("data_cost")
    names = charts.cells(page, (branch, LABEL), (branch + 2, LABEL))
    costs = charts.cells(page, (branch, VALUE), (branch + 2, VALUE))
    charts.bars(page, f"A{second}", "cost", names, [(None, costs)], size=left)
    scenarios, values = calculation.chart_ranges(book)
    charts.bars(page, f"D{second}", "scenarios", scenarios, [(None, values)], size=right)


def _words(book: Book, page: Page, row: int, step: Step) -> None:
    page.put(row, LABEL, step.label(book.language), "ft_label")
    sentence = step.name in SENTENCES
    style = "ft_link_sentence" if sentence else "ft_link_words"
    page.formula(row, VALUE, book.reference(step.name), book.results[step.name], style)
    for column in (UNIT, REPORTING, SOURCE):
        page.put(row, column, None, "ft_unit")
    page.put(row, NOTE, None if sentence else book.say(f"note.{step.name}"), "ft_note")


def _reporting_head(book: Book, page: Page, row: int) -> None:
    """The head of the amounts in the reporting currency, with the currency's name."""
    said, currency = book.say("head.reporting"), book.case["reporting_currency"]
    code = book.reference("used_reporting_currency")
    chosen = f"INDEX({book.reference('list_reporting_currency')},1+{code})"
    page.formula(row, REPORTING, f'"{said} "&{chosen}', f"{said} {currency}", "ft_heading_number")


def _currency_formats(book: Book, page: Page, cells: str) -> None:
    """Amounts carry the sign of whichever reporting currency is chosen."""
    code = book.reference("used_reporting_currency")
    for i, currency in enumerate(INPUTS["reporting_currency"].quantity.choices):
        sign = text(f"currency.{currency}", book.language)
        style = DifferentialStyle(
            numFmt=NumberFormat(numFmtId=FIRST_OWN_FORMAT + i, formatCode=f'"{sign}"#,##0.00')
        )
        rule = Rule(type="expression", dxf=style, formula=[f"{code}={i}"])
        page.ws.conditional_formatting.add(cells, rule)


def _figure(book: Book, page: Page, row: int, name: str) -> None:
    step = next(s for s in STEPS if s.name == name)
    number_format = step.quantity.unit.number_format
    page.put(row, LABEL, step.label(book.language), "ft_label")
    page.formula(row, VALUE, book.reference(name), book.results[name], "ft_link", number_format)
    page.put(row, UNIT, unit_text(step.quantity.unit.key, book.language), "ft_unit")
    _reporting_amount(book, page, row, step)
    source = f"source_{name}"
    if source in book.results:
        value = book.results[source]
        page.formula(row, SOURCE, book.reference(source), value, "ft_link", number_format)
    else:
        page.put(row, SOURCE, None, "ft_unit")
    page.put(row, NOTE, book.say(f"note.{name}"), "ft_note")


def _reporting_amount(book: Book, page: Page, row: int, step: Step) -> None:
    if step.quantity.unit.key not in ("money", "money_per_month"):
        page.put(row, REPORTING, None, "ft_unit")
        return
    value, rate = book.results[step.name], book.results["reporting_rate"]
    amount = value if isinstance(value, ErrorValue) else value * rate
    formula = f"B{row}*{book.reference('reporting_rate')}"
    page.formula(row, REPORTING, formula, amount, "ft_link", "#,##0.00")


def _about(book: Book, page: Page, row: int) -> int:
    page.row(row, [book.say("block.about"), *[None] * (NOTE - 1)], "ft_heading")
    for key in ("currency", "period", "sign", "version"):
        row += 1
        page.put(row, LABEL, book.say(f"about.{key}.label"), "ft_label")
        said = book.say(f"about.{key}.text", version=__version__)
        page.put(row, VALUE, said, "ft_line")
    for style in ("ft_input_key", "ft_formula", "ft_link"):
        row += 1
        page.put(row, LABEL, book.say(f"about.{style}.label"), "ft_label")
        page.put(row, VALUE, book.say(f"about.{style}.text"), style)
    return row + 1


def _contents(book: Book, page: Page, row: int) -> None:
    page.row(row, [book.say("block.contents"), *[None] * (NOTE - 1)], "ft_heading")
    for key in SHEETS:
        row += 1
        cell = page.put(row, LABEL, book.title(key), "ft_contents")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{book.title(key)}'!A1")
        said = book.say(f"sheet.{key}.purpose")
        page.put(row, VALUE, said, "ft_line")
