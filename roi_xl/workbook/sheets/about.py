"""About: how to read the workbook, its sheets, its sources, and what the source document left open."""

from openpyxl.worksheet.hyperlink import Hyperlink

from roi_xl import __version__
from roi_xl.prices.reader import newest_date, shipped
from roi_xl.text import table
from roi_xl.workbook.layout import SHEETS
from roi_xl.workbook.sheet_writer import Book, Page

HEADER_ROW = 4


def build(book: Book) -> Page:
    """Write the sheet from the package's own facts."""
    page = book.sheet("about", "FF7F7F7F")
    page.widths(30, 64, 62)
    row = _reading(book, page, HEADER_ROW)
    row = _contents(book, page, row + 2)
    row = _sources(book, page, row + 2)
    _errata(book, page, row + 2)
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW, printed=False)
    page.ws.print_title_rows = "1:1"
    return page


def _head(book: Book, page: Page, row: int, key: str) -> None:
    page.row(row, [book.say(f"block.{key}"), None, None], "ft_heading")


def _reading(book: Book, page: Page, row: int) -> int:
    _head(book, page, row, "about")
    for key in ("start", "currency", "period", "sign", "status", "version"):
        row += 1
        page.put(row, 1, book.say(f"about.{key}.label"), "ft_label")
        page.put(row, 2, book.say(f"about.{key}.text", version=__version__), "ft_note")
    for style in ("ft_input_key", "ft_formula", "ft_link"):
        row += 1
        page.put(row, 1, book.say(f"about.{style}.label"), "ft_label")
        page.put(row, 2, book.say(f"about.{style}.text"), style)
    return row


def _contents(book: Book, page: Page, row: int) -> int:
    _head(book, page, row, "contents")
    for key in SHEETS:
        row += 1
        cell = page.put(row, 1, book.title(key), "ft_contents")
        link = Hyperlink(ref=cell.coordinate, location=f"'{book.title(key)}'!A1")
        page.ws._hyperlinks.append(link)  # type: ignore[attr-defined]
        page.put(row, 2, book.say(f"sheet.{key}.purpose"), "ft_note")
    return row


def _sources(book: Book, page: Page, row: int) -> int:
    _head(book, page, row, "sources")
    row += 1
    page.put(row, 1, book.say("log.price_date"), "ft_label")
    page.put(row, 2, newest_date(), "ft_note", "yyyy-mm-dd")
    for source, licence in sorted({(p.source, p.licence_of_source) for p in shipped()}):
        row += 1
        page.put(row, 1, book.say("log.gpu_prices"), "ft_label")
        page.put(row, 2, source, "ft_note")
        page.put(row, 3, licence, "ft_note")
    return row


def _errata(book: Book, page: Page, row: int) -> None:
    _head(book, page, row, "errata")
    for key in (k for k in table("workbook", book.language) if k.startswith("log.erratum.")):
        row += 1
        said, _, done = book.say(key).partition(" → ")
        page.put(row, 1, book.say("log.source_document"), "ft_label")
        page.put(row, 2, said, "ft_note")
        page.put(row, 3, done, "ft_note")
