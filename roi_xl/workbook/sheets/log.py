"""Log: version, data date, changes, sources and licences of the data, errata of the source."""

from roi_xl import __version__
from roi_xl.prices.reader import newest_date, shipped
from roi_xl.text import table
from roi_xl.workbook.sheet_writer import Book, Page

HEADER_ROW = 4
WIDTHS = (26, 54, 70, 30)


def build(book: Book) -> Page:
    """Write the sheet from the package's own facts."""
    page = book.sheet("log", "FF7F7F7F")
    page.widths(*WIDTHS)
    row = HEADER_ROW
    _head(book, page, row, "package")
    for key, value in (("version", __version__), ("price_date", newest_date())):
        row += 1
        _line(page, row, book.say(f"log.{key}"), value, None)
    row += 2
    _head(book, page, row, "changes")
    for key in _entries(book, "log.change"):
        row += 1
        _line(page, row, key.split(".", 2)[2].replace("_", "."), book.say(key), None)
    row += 2
    _head(book, page, row, "data")
    for source, licence in sorted({(p.source, p.licence_of_source) for p in shipped()}):
        row += 1
        _line(page, row, licence, source, book.say("log.gpu_prices"))
    row += 2
    _head(book, page, row, "errata")
    for key in _entries(book, "log.erratum"):
        row += 1
        said, _, done = book.say(key).partition(" → ")
        _line(page, row, book.say("log.source_document"), said, done)
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _entries(book: Book, prefix: str) -> list[str]:
    return [key for key in table("workbook", book.language) if key.startswith(f"{prefix}.")]


def _head(book: Book, page: Page, row: int, key: str) -> None:
    page.row(row, [book.say(f"log.head.{key}.{i}") or None for i in (1, 2, 3)], "ft_heading")


def _line(page: Page, row: int, first: str, second: str, third: str | None) -> None:
    page.put(row, 1, first, "ft_label")
    page.put(row, 2, second, "ft_note")
    page.put(row, 3, third, "ft_note")
