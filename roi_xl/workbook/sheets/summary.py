"""Summary: the decision, what it costs, when it pays back, and how the workbook is to be read."""

from openpyxl.worksheet.hyperlink import Hyperlink

from roi_xl import __version__
from roi_xl.case.steps import STEPS
from roi_xl.text import text
from roi_xl.workbook.book import Book, Page, fit_width

LABEL, VALUE, UNIT, SOURCE, NOTE = range(1, 6)
VERDICTS = ("recommendation", "strategy", "agreement")
FIGURES = ("total_cost_usd", "monthly_savings_usd", "payback_months", "annual_roi")
MORE_FIGURES = (
    "breakeven_daily_requests",
    "data_cost_usd",
    "compute_cost_usd",
    "people_cost_usd",
    "maintenance_cost_per_month_usd",
)
SHEETS = ("summary", "inputs", "calculation", "functions")


def build(book: Book) -> Page:
    """Write the sheet; its figures link to the calculation."""
    page = book.sheet("summary", "FF70AD47")
    steps = {s.name: s for s in STEPS}
    labels = [steps[n].label(book.language) for n in (*VERDICTS, *FIGURES, *MORE_FIGURES)]
    page.widths(fit_width(labels, 28, 40), 34, 16, 24, 46)
    row = 4
    page.row(row, [book.say("block.verdict"), None, None, None, None], "ft_heading")
    for name in VERDICTS:
        row += 1
        page.put(row, LABEL, steps[name].label(book.language), "ft_label")
        style = "ft_link_words"
        page.formula(row, VALUE, book.reference(name), book.results[name], style)
        if name != "agreement":
            for column in (UNIT, SOURCE):
                page.put(row, column, None, "ft_unit")
            page.put(row, NOTE, book.say(f"note.{name}"), "ft_note")
    row += 2
    heads = ("figure", "full_cost", "unit", "source_formula", "note")
    page.row(row, [book.say(f"head.{h}") for h in heads], "ft_heading")
    for name in (*FIGURES, *MORE_FIGURES):
        row += 1
        _figure(book, page, row, name)
    row = _about(book, page, row + 2)
    _contents(book, page, row + 1)
    page.fit_rows(4)
    page.finish("A4", 4)
    return page


def _figure(book: Book, page: Page, row: int, name: str) -> None:
    step = next(s for s in STEPS if s.name == name)
    number_format = step.quantity.unit.number_format
    page.put(row, LABEL, step.label(book.language), "ft_label")
    page.formula(row, VALUE, book.reference(name), book.results[name], "ft_link", number_format)
    page.put(row, UNIT, text(f"unit.{step.quantity.unit.key}", book.language), "ft_unit")
    source = f"source_{name}"
    if source in book.results:
        value = book.results[source]
        page.formula(row, SOURCE, book.reference(source), value, "ft_link", number_format)
    else:
        page.put(row, SOURCE, None, "ft_unit")
    page.put(row, NOTE, book.say(f"note.{name}"), "ft_note")


def _about(book: Book, page: Page, row: int) -> int:
    page.row(row, [book.say("block.about"), None, None, None, None], "ft_heading")
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
    page.row(row, [book.say("block.contents"), None, None, None, None], "ft_heading")
    for key in SHEETS:
        row += 1
        cell = page.put(row, LABEL, book.title(key), "ft_contents")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{book.title(key)}'!A1")
        said = book.say(f"sheet.{key}.purpose")
        page.put(row, VALUE, said, "ft_line")
