"""A portfolio workbook without its rows of cases: summary, inputs, and the frame of each table.

These few cells are built as in every other workbook; `roi_xl.batch.portfolio` streams the rows
between the head and the tail of a sheet.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from roi_xl.batch.columns import ERROR, RESULTS, input_of
from roi_xl.batch.evaluate import CURRENCY, Evaluated
from roi_xl.batch.table import Chunk
from roi_xl.case.graph_steps import STEPS, Step
from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.case.study import Study
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.functions.declare import declared
from roi_xl.model.returns import payback
from roi_xl.text import text, unit_text
from roi_xl.text.width import text_width
from roi_xl.units import codes, fold, words
from roi_xl.workbook.save import BUILD_TIME, finished_parts
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets import inputs, lists
from roi_xl.workbook.sheets.inputs import used_formula
from roi_xl.workbook.step_rows import MONTHS, coded, step_formula

SHEET_COLUMNS = 16_384  # of a worksheet
KEY_ROW, HEADING_ROW, FIRST_ROW = 3, 4, 5
BY = "recommendation"  # cases are counted and summed by this result
SUMMED = ("money", "money_per_month")


@dataclass(frozen=True, slots=True)
class CaseColumn:
    """A column of the table of cases."""

    letters: str
    heading: Any  # in the file of cases; the name of a result
    key: str
    shown: str
    entry: Input | None = None
    step: Step | None = None
    is_date: bool = False

    @property
    def summed(self) -> bool:
        """Whether the totals row has its sum."""
        return self.step is not None and self.step.quantity.unit.key in SUMMED

    def entry_word(self, cell: Any, language: str) -> Any:
        """A word of a closed set in the language of the workbook's lists, which the formulas use."""
        assert self.entry is not None
        code = None if cell is None else codes(self.entry.quantity.choices).get(fold(str(cell)))
        return cell if code is None else words(self.entry.quantity, language)[int(code)]

    def default(self, language: str) -> Any:
        """The value that a blank cell stands for."""
        return None if self.entry is None else self.entry.shown(self.entry.default, language)


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """The columns of the table of cases, from left to right."""

    columns: tuple[CaseColumn, ...]

    @classmethod
    def of(cls, chunk: Chunk, language: str) -> "CaseColumns":
        """Carried columns and inputs in the order of the file, then results, then errors.

        Raises:
            BadInput: there are more columns than a worksheet has.
        """
        table = chunk.table
        headings = list(table.columns) if hasattr(table, "columns") else []
        headings = list(getattr(table, "column_names", headings))
        if len(headings) + len(RESULTS) > SHEET_COLUMNS:
            about = {"found": f"{len(headings):,}", "results": len(RESULTS)}
            raise BadInput("too_many_columns", allowed=f"{SHEET_COLUMNS:,}", **about)
        taken: set[str] = set()
        made: list[CaseColumn] = []

        def add(heading: Any, key: str, shown: str, **more: Any) -> None:
            unique, count = shown or "–", 2
            while unique.casefold() in taken:
                unique, count = f"{shown} ({count})", count + 1
            taken.add(unique.casefold())
            made.append(CaseColumn(get_column_letter(len(made) + 1), heading, key, unique, **more))

        for heading in headings:
            name = input_of(heading)
            if name is not None and heading in chunk.inputs:
                add(heading, name, INPUTS[name].label(language), entry=INPUTS[name])
            else:
                some = next((c for c in chunk.cells(heading) if c is not None), None)
                add(heading, "", str(heading), is_date=hasattr(some, "year"))
        for step in STEPS:
            add(step.name, step.name, step.label(language), step=step)
        add(ERROR, ERROR, text("batch.error", language))
        return cls(tuple(made))


@dataclass(slots=True)
class Totals:
    """Sums and counts of the written rows, for the cached values of totals row and summary."""

    by_sheet: dict[int, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, "np.ndarray[Any, Any]"] = field(default_factory=dict)
    sums: dict[tuple[str, str], "np.ndarray[Any, Any]"] = field(default_factory=dict)
    bad: int = 0
    currencies: set[str] = field(default_factory=set)  # of good rows

    @property
    def mixed(self) -> bool:
        """Whether the amounts are in several currencies, so that no sum of them means anything."""
        return len(self.currencies) > 1

    def add(self, done: Evaluated, part: slice, sheet: int, currencies: Sequence[str] = ()) -> None:
        """Count rows written to a sheet; `currencies` has one for each, or none for the default."""
        self.currencies.update(
            currency
            for row, currency in enumerate(currencies, part.start)
            if row not in done.messages
        )
        self.bad += sum(part.start <= row < part.stop for row in done.messages)
        sums = self.by_sheet.setdefault(sheet, {})
        good = np.ones(part.stop - part.start, bool)
        good[[r - part.start for r in done.messages if part.start <= r < part.stop]] = False
        codes = done.values[BY][part]
        for step in STEPS:
            if step.quantity.unit.key in SUMMED:
                values = np.nan_to_num(done.values[step.name][part], posinf=0.0) * good
                sums[step.name] = sums.get(step.name, 0.0) + float(values.sum())
                classed = good & (codes >= 0)
                weights = np.bincount(codes[classed], values[classed], minlength=8)
                key = (BY, step.name)
                self.sums[key] = self.sums.get(key, np.zeros(8)) + weights
        counted = np.bincount(codes[good & (codes >= 0)], minlength=8)
        self.counts[BY] = self.counts.get(BY, np.zeros(8)) + counted

    def currency(self, language: str) -> str:
        """The currency of the amounts; just "amount" where there are several."""
        if self.mixed:
            return text("unit.amount", language)
        entry = INPUTS[CURRENCY]
        return next(iter(self.currencies), entry.shown(entry.default, language))

    def label(self, language: str) -> str:
        """What a totals row is called."""
        return text("batch.total_mixed" if self.mixed else "batch.total", language)

    def row(
        self, heading: CaseColumns, sheet: int, rows: int, language: str
    ) -> list[tuple[str, Any, str | None]]:
        """Letters, value and formula of each cell of a sheet's totals row."""
        cells: list[tuple[str, Any, str | None]] = []
        for place, column in enumerate(heading.columns):
            if column.summed and not self.mixed:
                value = self.by_sheet.get(sheet, {}).get(column.key, 0.0)
                span = f"{column.letters}{FIRST_ROW}:{column.letters}{FIRST_ROW + rows - 1}"
                cells.append((column.letters, value, f"SUBTOTAL(109,{span})"))
            else:
                shown = self.label(language) if place == 0 else None
                cells.append((column.letters, shown, None))
        return cells


# --- the shell -----------------------------------------------------------------------------------

_MONTHS = re.compile(rf"\b{MONTHS}\b")  # sums over months, which no row of a portfolio has room for
_BLANK_CELL = re.compile(rb'(<c [^>]*?) t="(?:n|inlineStr)" ?/>')  # Excel gives blanks no type
# Okabe–Ito hues, light enough for black text; the words mean the same without colour
COLOURS = {"strong": "FFB3E2D2", "recommended": "FFD5EEFA", "caution": "FFFBE7B8", "no": "FFF6CFB8"}


@dataclass(slots=True)
class Shell:
    """The parts of the workbook without its rows, and the styles and formulas of the rows."""

    parts: dict[str, bytes]
    styles: dict[str, int]
    total_styles: dict[str, int]
    formulas: dict[str, str]
    sheets: list[tuple[str, str]]  # head and tail of each sheet of cases

    def head(self, sheet: int) -> str:
        """The XML of a sheet before its first case."""
        head = self.sheets[0][0]
        return head if sheet == 1 else re.sub(r' codeName="[^"]*"', "", head)

    def tail(self, rows: int) -> str:
        """The XML of a sheet after its totals row, with references to the rows it has."""
        tail, last = self.sheets[0][1], FIRST_ROW + rows - 1
        span = rf'sqref="([A-Z]+){FIRST_ROW}:([A-Z]+){FIRST_ROW + 1}"'
        return re.sub(span, rf'sqref="\g<1>{FIRST_ROW}:\g<2>{last}"', tail)


def build_shell(
    heading: CaseColumns, language: str, rows: Sequence[int], *, live: bool, totals: Totals
) -> Shell:
    """Everything but the rows, for sheets of cases with this many rows each."""
    case = Case()
    book = Book(Study(case), language, BUILD_TIME, flagged=False)
    # first the names and lists of the inputs, since formulas refer to them
    lists.build(book)
    inputs.build(book, alone=True)
    summary = Summary(book, heading, rows, totals)
    pages = [_cases_sheet(book, heading, i, count, live, totals) for i, count in enumerate(rows, 1)]
    formulas = _formulas(book, pages[0], heading, summary.assumed) if live else {}
    for page in pages:
        page.put(2, 1, _purpose(heading, formulas, language, live), "ft_line")
    order = [summary.page.ws.title, book.title("inputs"), *(page.ws.title for page in pages)]
    order.append(book.title("lists"))
    book.workbook._sheets.sort(key=lambda ws: order.index(ws.title))  # type: ignore[attr-defined]
    book.workbook.active = 0
    properties = book.workbook.properties
    properties.title = text("batch.document", language)
    properties.creator = "roi_xl"
    properties.language = {"zh": "zh-CN", "en": "en-US"}[language]
    parts = finished_parts(book, BUILD_TIME)
    summary.describe_chart(parts)
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = _BLANK_CELL.sub(rb"\1/>", parts[name])
    sheets, styles, total_styles = [], {}, {}
    for i in range(1, len(rows) + 1):
        xml = parts.pop(f"xl/worksheets/sheet{i + 2}.xml").decode()
        xml = re.sub(r'<dimension ref="[^"]*" ?/>', "", xml)
        found = re.search(rf'<row r="{FIRST_ROW}".*?</row><row .*?</row></sheetData>', xml, re.S)
        assert found is not None
        samples = re.findall(r'<c r="([A-Z]+)(\d+)" s="(\d+)"', found[0])
        styles = {c: int(s) for c, r, s in samples if int(r) == FIRST_ROW}
        total_styles = {c: int(s) for c, r, s in samples if int(r) == FIRST_ROW + 1}
        sheets.append((xml[: found.start()], "</sheetData>" + xml[found.end() :]))
    return Shell(parts, styles, total_styles, formulas, sheets)


def _purpose(heading: CaseColumns, formulas: dict[str, str], language: str, live: bool) -> str:
    """The line above the table: which results are formulas, and which are values."""
    if not live:
        return text("batch.values", language)
    fixed = [c.shown for c in heading.columns if c.step and c.letters not in formulas]
    said = text("batch.live", language)
    if fixed:
        said += text("batch.fixed", language, names=text("batch.join", language).join(fixed))
    return said


def _cases_sheet(
    book: Book, heading: CaseColumns, number: int, rows: int, live: bool, totals: Totals
) -> Page:
    page = book.sheet("cases", "FF4472C4")
    if number > 1:
        page.ws.title = cases_title(book, number)
        book.cached[page.ws.title] = {}
    for place, column in enumerate(heading.columns, 1):
        page.put(KEY_ROW, place, column.key, "ft_key")
        page.put(HEADING_ROW, place, column.shown, "ft_heading")
        style, number_format = _style(column, live)
        page.put(FIRST_ROW, place, None, style, number_format)
        page.put(FIRST_ROW + 1, place, None, "ft_block", number_format)
        page.ws.column_dimensions[column.letters].width = _width(column, book.language)
    page.ws.row_dimensions[HEADING_ROW].height = 50
    page.ws.freeze_panes = f"B{FIRST_ROW}"
    page.ws.sheet_view.showGridLines = False
    page.ws.page_setup.orientation = "landscape"
    page.ws.page_setup.paperSize = 9
    page.ws.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    page.ws.print_title_cols = "A:A"
    page.ws.oddFooter.left.text = book.say("footer", sheet=page.ws.title)  # type: ignore[union-attr]
    page.ws.oddFooter.right.text = "&P / &N"  # type: ignore[union-attr]
    page.ws.add_table(_table(heading, number, rows, book.language, totals))
    _conditional(page, heading, book.language)
    return page


def _style(column: CaseColumn, live: bool) -> tuple[str, str | None]:
    if column.entry is not None:
        # inputs look editable only where results follow when they are edited
        return "ft_input" if live else "ft_constant", column.entry.quantity.unit.number_format
    if column.step is not None:
        in_words = bool(column.step.quantity.choices)
        return (
            ("ft_words", None)
            if in_words
            else ("ft_formula", column.step.quantity.unit.number_format)
        )
    return "ft_line", "yyyy-mm-dd" if column.is_date else None


def _width(column: CaseColumn, language: str) -> float:
    if column.key == ERROR:
        return 60
    widest = max(text_width(column.shown) / 2 + 3, text_width(column.key) + 3)
    if column.step is not None and column.step.quantity.choices:
        options = [text(f"choice.{c}", language) for c in column.step.quantity.choices]
        return min(34, max(18, *(text_width(o) + 3 for o in options)))
    return min(36, max(15, widest))


def _table(heading: CaseColumns, number: int, rows: int, language: str, totals: Totals) -> Table:
    last = heading.columns[-1].letters
    name = "Cases" if number == 1 else f"Cases_{number}"
    table = Table(
        displayName=name,
        name=name,
        ref=f"A{HEADING_ROW}:{last}{FIRST_ROW + rows}",
        totalsRowCount=1,
        totalsRowShown=True,
    )
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    table._initialise_columns()  # type: ignore[attr-defined]
    columns: list[TableColumn] = table.tableColumns
    for place, (made, column) in enumerate(zip(columns, heading.columns, strict=True)):
        made.name = column.shown
        if column.summed and not totals.mixed:
            made.totalsRowFunction = "sum"
        elif place == 0:
            made.totalsRowLabel = totals.label(language)
    assert table.autoFilter is not None
    table.autoFilter.ref = f"A{HEADING_ROW}:{last}{FIRST_ROW + rows - 1}"
    return table


def _conditional(page: Page, heading: CaseColumns, language: str) -> None:
    for column in heading.columns:
        if column.step is None or set(column.step.quantity.choices) != set(COLOURS):
            continue
        span = f"{column.letters}{FIRST_ROW}:{column.letters}{FIRST_ROW + 1}"
        for choice, colour in COLOURS.items():
            word = text(f"choice.{choice}", language)
            rule = CellIsRule(  # type: ignore[no-untyped-call]
                operator="equal",
                formula=[f'"{word}"'],
                fill=PatternFill("solid", bgColor=colour),
                font=Font(color="FF000000", bold=choice in ("strong", "no")),
            )
            page.ws.conditional_formatting.add(span, rule)


def _formulas(
    book: Book, page: Page, heading: CaseColumns, assumed: dict[str, str]
) -> dict[str, str]:
    """Formulas by column letters, with NUL for the row number; an input's is for blank cells."""
    cells = dict(assumed)
    formulas: dict[str, str] = {}
    values: set[str] = set()  # results that need the cash flow by months
    for column in heading.columns:
        if column.entry is not None:
            name = column.entry.name
            formulas[column.letters] = assumed[name]
            if column.entry.quantity.choices:
                options = book.reference(f"list_{name}", page)
                formulas[column.letters] = f"INDEX({options},1+{assumed[name]})"
            cells[name] = _coded(book, page, name, f"{column.letters}\0", column.entry.quantity)
    for column in heading.columns:
        if column.step is None:
            continue
        name = column.step.name
        cells[name] = _coded(book, page, name, f"{column.letters}\0", column.step.quantity)
        if _looked_up(column.step):
            continue
        # a formula over results of the cash flow, which are values, would only seem to follow
        over_months = column.step.over_flows or bool(column.step.function.helpers)
        if over_months or not values.isdisjoint(column.step.args):
            values.add(name)
            continue
        formula = step_formula(book, page, column.step, cells)
        if _MONTHS.search(formula):
            values.add(name)
            continue
        if column.step.quantity.choices:
            formula = f"INDEX({book.reference(f'list_{name}', page)},1+{formula})"
        formulas[column.letters] = formula
    return formulas


def _looked_up(step: Step) -> bool:
    """Whether a result comes from a price sheet, which a portfolio lacks."""
    return step.function.formula is not None and step.function.mode == "each"


def _coded(book: Book, page: Page, name: str, cell: str, quantity: Any) -> str:
    if not quantity.choices:
        return cell
    return f"(MATCH({cell},{book.reference(f'list_{name}', page)},0)-1)"


# --- the summary sheet ---------------------------------------------------------------------------

COST, SAVINGS = "total_cost", "monthly_savings"
# simple payback, which sums have, unlike a payback on the cash flow
PAYBACK = next(step for step in STEPS if step.function is declared(payback))
LABEL, CASES, SHARE, INVESTED, SAVED, REPAID = range(1, 7)
HEADER_ROW = 4
CHART_ROWS = 18
_BLUE, _ORANGE = "0072B2", "E69F00"  # Okabe–Ito


def cases_title(book: Book, number: int) -> str:
    """The title of the sheet with this part of the cases."""
    return book.title("cases") if number == 1 else f"{book.title('cases')} {number}"


class Summary:
    """The summary sheet; `assumed` has, by input, the cell of its value where a case gives none."""

    def __init__(
        self, book: Book, heading: CaseColumns, rows: Sequence[int], totals: Totals
    ) -> None:
        self.book, self.heading, self.rows, self.totals = book, heading, rows, totals
        self.steps = {s.name: s for s in STEPS}
        self.page = book.sheet("portfolio", "FF70AD47")
        self.assumed: dict[str, str] = {}
        self.currency = totals.currency(book.language)
        last = self._classes()
        if not totals.mixed:
            self._chart(last)
        self._assumptions(last + CHART_ROWS + 3)
        self._finish()

    def _say(self, key: str) -> str:
        return text(f"batch.{key}", self.book.language, currency=self.currency)

    def _column(self, key: str) -> CaseColumn:
        return next(c for c in self.heading.columns if c.key == key and c.entry is None)

    def _spans(self, key: str) -> list[str]:
        letters = self._column(key).letters
        return [
            f"{quote_sheetname(cases_title(self.book, i))}"
            f"!${letters}${FIRST_ROW}:${letters}${FIRST_ROW + max(count, 1) - 1}"
            for i, count in enumerate(self.rows, 1)
        ]

    def _classes(self) -> int:
        """One row per recommendation, one for bad rows, one for all cases; the number of the last."""
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
            if self.totals.mixed:
                page.put(total, column, None, "ft_block")
                continue
            value = float(self._sums(key).sum()) + 0.0
            formula = f"SUM({letter}{first}:{letter}{last})"
            page.formula(total, column, formula, value, "ft_block", self._format(key))
            summed.append(value)
        if self.totals.mixed:
            page.put(total, INVESTED, self.totals.label(book.language), "ft_block")
            page.put(total, REPAID, None, "ft_block")
        else:
            self._payback(total, summed[0], summed[1], everything, style="ft_block")
        return total

    def _sums(self, key: str) -> Any:
        return self.totals.sums.get((BY, key), np.zeros(8))

    def _format(self, key: str) -> str:
        return self.steps[key].quantity.unit.number_format

    def _share(
        self, row: int, total: int, part: float, whole: float, style: str = "ft_formula"
    ) -> None:
        value: Any = part / whole if whole else ErrorValue.DIV0
        self.page.formula(row, SHARE, f"B{row}/B${total}", value, style, "0.0%")

    def _class_sum(self, row: int, column: int, key: str, code: int) -> float:
        if self.totals.mixed:
            self.page.put(row, column, None, "ft_formula")
            return 0.0
        pairs = zip(self._spans(BY), self._spans(key), strict=True)
        formula = "+".join(f"SUMIF({words},$A{row},{values})" for words, values in pairs)
        value = float(self._sums(key)[code]) + 0.0
        self.page.formula(row, column, formula, value, "ft_formula", self._format(key))
        return value

    def _payback(
        self, row: int, cost: float, saved: float, count: float, style: str = "ft_formula"
    ) -> None:
        if self.totals.mixed:
            self.page.put(row, REPAID, None, style)
            return
        cells = dict(zip(PAYBACK.args, (f"D{row}", f"E{row}"), strict=True))
        formula = f'IF(B{row}=0,"",{step_formula(self.book, self.page, PAYBACK, cells)})'
        value: Any = float(declared(payback).python(cost, saved)) if count else ""
        if isinstance(value, float) and math.isnan(value):
            value = ErrorValue.NUM
        self.page.formula(row, REPAID, formula, value, style, PAYBACK.quantity.unit.number_format)

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
        chart.x_axis.title, chart.y_axis.title = self._say("head.recommendation"), self.currency
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
            unit = unit_text(entry.quantity.unit.key, book.language)
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
        self.page.ws.print_title_rows = None  # the block of inputs has other columns

    def describe_chart(self, parts: dict[str, bytes]) -> None:
        """Give the chart its alt text."""
        if self.totals.mixed:
            return
        said = quoteattr(self._say("chart.description"))
        name = "xl/drawings/drawing1.xml"
        described = re.sub(r"<([\w:]*cNvPr) ", rf"<\1 descr={said} ", parts[name].decode(), count=1)
        parts[name] = described.encode()
