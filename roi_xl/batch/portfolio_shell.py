"""The portfolio workbook around its rows: summary, inputs, and the head and tail of the table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from roi_xl.batch.columns import ERROR
from roi_xl.batch.portfolio_columns import (
    FIRST_ROW,
    HEADING_ROW,
    KEY_ROW,
    HeadingRow,
    OutHeading,
    Totals,
)
from roi_xl.batch.portfolio_summary import Summary, cases_title
from roi_xl.case.inputs import Case
from roi_xl.case.scenarios import Study
from roi_xl.case.step import Step
from roi_xl.text import text
from roi_xl.text.width import text_width
from roi_xl.workbook.book import Book, Page
from roi_xl.workbook.lanes import step_formula
from roi_xl.workbook.sheets import inputs
from roi_xl.workbook.write import BUILD_TIME, finished_parts

_MONTHS = re.compile(r"\bmonths\b")  # the axis of the Cash Flow sheet, which a portfolio has not
# Okabe–Ito hues, light enough for black text; the words say the same without colour
COLOURS = {"strong": "FFB3E2D2", "recommended": "FFD5EEFA", "caution": "FFFBE7B8", "no": "FFF6CFB8"}


@dataclass(slots=True)
class Shell:
    """The parts of the workbook without its rows, and what the rows need to know of it."""

    parts: dict[str, bytes]
    styles: dict[str, int]
    total_styles: dict[str, int]
    formulas: dict[str, str]
    sheets: list[tuple[str, str]]  # head and tail of each sheet of cases

    def head(self, sheet: int) -> str:
        """What stands in a sheet before its first case."""
        head = self.sheets[0][0]
        return head if sheet == 1 else re.sub(r' codeName="[^"]*"', "", head)

    def tail(self, rows: int) -> str:
        """What stands in a sheet after its totals row, with references to the rows it has."""
        tail, last = self.sheets[0][1], FIRST_ROW + rows - 1
        span = rf'sqref="([A-Z]+){FIRST_ROW}:([A-Z]+){FIRST_ROW + 1}"'
        return re.sub(span, rf'sqref="\g<1>{FIRST_ROW}:\g<2>{last}"', tail)


def build_shell(
    heading: HeadingRow, language: str, rows: Sequence[int], *, live: bool, totals: Totals
) -> Shell:
    """Everything but the rows, for sheets with so many rows each."""
    case = Case()
    book = Book(Study(case), language, BUILD_TIME, flagged=False)
    # names and lists of the inputs come first, since formulas point at them
    inputs.build(book)
    summary = Summary(book, heading, rows, totals)
    pages = [_cases_sheet(book, heading, i, count, live) for i, count in enumerate(rows, 1)]
    formulas = _formulas(book, pages[0], heading, summary.assumed) if live else {}
    for page in pages:
        page.put(2, 1, _purpose(heading, formulas, language, live), "ft_line")
    order = [summary.page.ws.title, book.title("inputs"), *(page.ws.title for page in pages)]
    book.workbook._sheets.sort(key=lambda ws: order.index(ws.title))  # type: ignore[attr-defined]
    book.workbook.active = 0
    properties = book.workbook.properties
    properties.title = text("batch.document", language)
    properties.creator = "roi_xl"
    properties.language = {"zh": "zh-CN", "en": "en-US"}[language]
    parts = finished_parts(book, BUILD_TIME)
    summary.describe_chart(parts)
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


def _purpose(heading: HeadingRow, formulas: dict[str, str], language: str, live: bool) -> str:
    """What the sheet says of its results: formulas, but for those that no row can compute."""
    if not live:
        return text("batch.values", language)
    fixed = [c.shown for c in heading.columns if c.step and c.letters not in formulas]
    said = text("batch.live", language)
    if fixed:
        said += text("batch.fixed", language, names=text("batch.join", language).join(fixed))
    return said


def _cases_sheet(book: Book, heading: HeadingRow, number: int, rows: int, live: bool) -> Page:
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
    page.ws.add_table(_table(heading, number, rows, book.language))
    _conditional(page, heading, book.language)
    return page


def _style(column: OutHeading, live: bool) -> tuple[str, str | None]:
    if column.entry is not None:
        # typed figures are blue on yellow only where something follows when they are changed
        return "ft_input" if live else "ft_constant", column.entry.quantity.unit.number_format
    if column.step is not None:
        in_words = bool(column.step.quantity.choices)
        return (
            ("ft_words", None)
            if in_words
            else ("ft_formula", column.step.quantity.unit.number_format)
        )
    return "ft_line", "yyyy-mm-dd" if column.is_date else None


def _width(column: OutHeading, language: str) -> float:
    if column.key == ERROR:
        return 60
    widest = max(text_width(column.shown) / 2 + 3, text_width(column.key) + 3)
    if column.step is not None and column.step.quantity.choices:
        options = [text(f"choice.{c}", language) for c in column.step.quantity.choices]
        return min(34, max(18, *(text_width(o) + 3 for o in options)))
    return min(36, max(15, widest))


def _table(heading: HeadingRow, number: int, rows: int, language: str) -> Table:
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
        if column.summed:
            made.totalsRowFunction = "sum"
        elif place == 0:
            made.totalsRowLabel = text("batch.total", language)
    assert table.autoFilter is not None
    table.autoFilter.ref = f"A{HEADING_ROW}:{last}{FIRST_ROW + rows - 1}"
    return table


def _conditional(page: Page, heading: HeadingRow, language: str) -> None:
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
    book: Book, page: Page, heading: HeadingRow, assumed: dict[str, str]
) -> dict[str, str]:
    """Formulas by column letters, the row number as a NUL; those of inputs are for blank cells."""
    cells = dict(assumed)
    formulas: dict[str, str] = {}
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
        if not _in_one_row(column.step):
            continue
        formula = step_formula(book, page, column.step, cells)
        if _MONTHS.search(formula):
            continue
        if column.step.quantity.choices:
            formula = f"INDEX({book.reference(f'list_{name}', page)},1+{formula})"
        formulas[column.letters] = formula
    return formulas


def _in_one_row(step: Step) -> bool:
    """Whether a result has a formula over its own row: no cash flow by months, no price sheet."""
    looked_up = step.function.formula is not None and step.function.mode == "each"
    return not (step.over_flows or step.function.helpers or looked_up)


def _coded(book: Book, page: Page, name: str, cell: str, quantity: Any) -> str:
    if not quantity.choices:
        return cell
    return f"(MATCH({cell},{book.reference(f'list_{name}', page)},0)-1)"
