"""GPU Prices: the dated price sheet as a table with room for more rows, and the keys that find a price.

All look-ups are INDEX and MATCH over key columns, so they work in any spreadsheet program. A row counts
while no later row of the same offer replaces it; of those that count, the cheapest carries the key.
"""

import datetime as dt
from collections.abc import Sequence

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from roi_xl.case.study import Study
from roi_xl.prices.lookup import KEY_FORMULA
from roi_xl.prices.names import normal
from roi_xl.prices.reader import MOST_USD_PER_GPU_HOUR, shipped
from roi_xl.prices.sheet import MARKETS, STALE_AFTER_DAYS, GpuPrice, PriceSheet
from roi_xl.text import text
from roi_xl.workbook.layout import GPU_PRICE_HEADS, PRICE_TABLE, PRICES_AS_OF
from roi_xl.workbook.sheet_writer import Book, Page, fit_width

GPU, MEMORY, PROVIDER, MARKET, PRICE, MIN_GPUS, PRODUCT, DATE, SOURCE, LICENCE, NOTES = range(1, 12)
STATUS, AGE, OFFER, OFFER_KEY, COUNTS, ANY_KEY, OWN_KEY, CHEAPEST, CHEAPEST_OWN = range(12, 21)
AS_OF_ROW, HEADER_ROW = 3, 5
FREE_ROWS, SPARE_ROWS = 20, 10  # for new prices; at least, however many are begun
DAY_ZERO = dt.date(1899, 12, 30)  # what a blank date counts as in a spreadsheet
DATE_FORMAT, PRICE_FORMAT = "yyyy-mm-dd", "#,##0.00##"


def build(book: Book) -> Page:
    """Write the sheet and name the table, its prices and its keys."""
    sheet = shipped() if book.case.prices is None else book.case.prices
    page = book.sheet("gpu_prices", "FF9DC3E6")
    added = book.typed.rows.get(PRICE_TABLE, ())
    last = HEADER_ROW + len(sheet) + max(FREE_ROWS, len(added) + SPARE_ROWS)
    _top(book, page, last)
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in GPU_PRICE_HEADS], "ft_heading")
    _widths(page, sheet)
    keys = _keys(book, sheet)
    own = _own_rows(book, sheet)
    for row, price in enumerate(sheet, HEADER_ROW + 1):
        _price_row(book, page, row, price, typed=row in own)
    free = HEADER_ROW + 1 + len(sheet)
    for row in range(free, last + 1):
        begun = added[row - free] if row - free < len(added) else [None] * NOTES
        for column, value in enumerate(begun, GPU):
            shown = _market(book, value) if column == MARKET else value
            page.put(row, column, shown, "ft_input", _FORMATS.get(column))
    blank = [""] * (CHEAPEST_OWN - STATUS + 1)
    rows = []
    for row in range(HEADER_ROW + 1, last + 1):
        at = row - HEADER_ROW - 1
        rows.append(_formulas(book, page, row, last, keys[at] if at < len(keys) else blank))
    for shared in zip(*rows, strict=True):
        page.share(shared)
    _names(book, page, last)
    _validate(book, page, min(own, default=free), last)
    table = Table(displayName="GpuPrices", ref=f"A{HEADER_ROW}:{_letter(CHEAPEST_OWN)}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.ws.add_table(table)
    page.fit_rows(HEADER_ROW)
    page.finish(f"B{HEADER_ROW + 1}", HEADER_ROW, printed=False)
    return page


_letter = get_column_letter
_FORMATS = {MEMORY: "#,##0", PRICE: PRICE_FORMAT, MIN_GPUS: "#,##0", DATE: DATE_FORMAT}


def _top(book: Book, page: Page, last: int) -> None:
    status = f"{_letter(STATUS)}{HEADER_ROW + 1}:{_letter(STATUS)}{last}"
    page.put(AS_OF_ROW, GPU, book.say("prices.as_of"), "ft_label")
    when = page.put(AS_OF_ROW, MEMORY, book.as_of, "ft_input", DATE_FORMAT)
    book.name(PRICES_AS_OF, page, when.coordinate, book.say("prices.as_of"))
    page.put(AS_OF_ROW, MARKET, book.say("prices.stale_count"), "ft_label")
    sheet = shipped() if book.case.prices is None else book.case.prices
    current = sheet.current()
    count = float(sum(r.stale(book.as_of) for r in current))
    formula = f'COUNTIF({status},"{book.say("prices.stale")}")'
    cell = page.formula(AS_OF_ROW, PRICE, formula, count, "ft_formula", "0")
    book.name("gpu_prices_stale", page, cell.coordinate, book.say("prices.stale_count"))
    page.put(AS_OF_ROW, MIN_GPUS, book.say("prices.how"), "ft_line")


def _widths(page: Page, sheet: PriceSheet) -> None:
    gpus = fit_width((r.gpu for r in sheet), 22, 32)
    providers = fit_width((r.provider for r in sheet), 12, 24)
    products = fit_width((r.region_or_product for r in sheet), 16, 30)
    page.widths(gpus, 13, providers, 14, 16, 12, products, 13, 54, 13, 36, 14, 10, *[24] * 7)
    page.hide(*(_letter(c) for c in range(OFFER, CHEAPEST_OWN + 1)))


def _own_rows(book: Book, sheet: PriceSheet) -> set[int]:
    """The rows of prices that somebody added to the workbook, and may still correct."""
    known = frozenset(shipped())
    rows = enumerate(sheet, HEADER_ROW + 1)
    return {row for row, price in rows if price not in known} if book.continues else set()


def _market(book: Book, value: object) -> object:
    return text(f"choice.{value}", book.language) if value in MARKETS else value


def _price_row(book: Book, page: Page, row: int, price: GpuPrice, *, typed: bool) -> None:
    values: tuple[object, ...] = (
        price.gpu,
        price.vram_gb,
        price.provider,
        text(f"choice.{price.market}", book.language),
        price.usd_per_gpu_hour,
        price.min_gpus,
        price.region_or_product or None,
        price.snapshot_date,
        price.source,
        price.licence_of_source,
        price.notes or None,
    )
    for column, value in enumerate(values, GPU):
        style = (
            "ft_note" if column >= SOURCE else "ft_constant" if column in _FORMATS else "ft_text"
        )
        page.put(row, column, value, "ft_input" if typed else style, _FORMATS.get(column))


def _formulas(book: Book, page: Page, row: int, last: int, cached: Sequence[object]) -> list[Cell]:
    first, and_bars = HEADER_ROW + 1, '&"|"&'

    def span(column: int) -> str:
        return f"{_letter(column)}${first}:{_letter(column)}${last}"

    def at(column: int) -> str:
        return f"{_letter(column)}{row}"

    def key(*parts: str) -> str:
        return KEY_FORMULA.format(and_bars.join(parts))

    def cheapest(column: int) -> str:
        lower = f"({span(column)}={at(column)})*({span(COUNTS)}<{at(COUNTS)})"
        return f'IF({at(COUNTS)}="","",IF(SUMPRODUCT({lower})=0,{at(column)},""))'

    gpu, provider, market, price, date = map(at, (GPU, PROVIDER, MARKET, PRICE, DATE))
    stale, ok = book.say("prices.stale"), book.say("prices.current")
    replaced, lacking = book.say("prices.replaced"), book.say("prices.lacking")
    dated = f"IF(ISNUMBER({date}),{date},0)"
    later = f"({span(OFFER_KEY)}={at(OFFER_KEY)})*ISNUMBER({span(DATE)})*({span(DATE)}>{dated})"
    formulas = (
        f'IF({at(COUNTS)}="",IF({at(OFFER_KEY)}="",REPT("{lacking}",IF({gpu}<>"",1,0)),"{replaced}"),'
        f'IF({at(AGE)}>{STALE_AFTER_DAYS.name},"{stale}","{ok}"))',
        f'IF({at(COUNTS)}="","",prices_as_of-{dated})',
        f'IF(ISNUMBER({price}),IF({price}>0,{and_bars.join((gpu, provider, market, at(PRODUCT)))},""),"")',
        f'IF({market}="","",{KEY_FORMULA.format(at(OFFER))})',
        f'IF({at(OFFER_KEY)}="","",IF(SUMPRODUCT({later})=0,{price},""))',
        f'IF({at(COUNTS)}="","",{key(gpu, chr(34) * 2, market)})',
        f'IF({at(COUNTS)}="","",{key(gpu, provider, market)})',
        cheapest(ANY_KEY),
        cheapest(OWN_KEY),
    )
    made = []
    for column, (formula, value) in enumerate(zip(formulas, cached, strict=True), STATUS):
        style = {STATUS: "ft_text", AGE: "ft_formula", COUNTS: "ft_formula"}.get(column, "ft_key")
        number_format = {AGE: "0", COUNTS: PRICE_FORMAT}.get(column)
        made.append(page.formula(row, column, formula, value, style, number_format))
    return made


def _keys(book: Book, sheet: PriceSheet) -> list[list[object]]:
    """What the formula columns of each row hold."""
    current = sheet.current()
    counting = {id(r) for r in current}
    words = {r.market: text(f"choice.{r.market}", book.language) for r in sheet}

    def any_key(r: GpuPrice) -> str:
        return normal(f"{r.gpu}||{words[r.market]}")

    def own_key(r: GpuPrice) -> str:
        return normal(f"{r.gpu}|{r.provider}|{words[r.market]}")

    lowest: dict[str, float] = {}
    for r in current:
        for key in {any_key(r), own_key(r)}:
            lowest[key] = min(lowest.get(key, r.usd_per_gpu_hour), r.usd_per_gpu_hour)
    rows: list[list[object]] = []
    for r in sheet:
        offer = f"{r.gpu}|{r.provider}|{words[r.market]}|{r.region_or_product}"
        if id(r) not in counting:
            said = book.say("prices.replaced")
            rows.append([said, "", offer, normal(offer), *[""] * 5])
            continue
        status = book.say("prices.stale" if r.stale(book.as_of) else "prices.current")
        keys = (any_key(r), own_key(r))
        cheapest = [k if lowest[k] == r.usd_per_gpu_hour else "" for k in keys]
        age = float((book.as_of - (r.snapshot_date or DAY_ZERO)).days)
        rows.append([status, age, offer, normal(offer), r.usd_per_gpu_hour, *keys, *cheapest])
    return rows


def _names(book: Book, page: Page, last: int) -> None:
    first = HEADER_ROW + 1
    for name, column, to in (
        (PRICE_TABLE, GPU, NOTES),
        ("gpu_price_usd", PRICE, PRICE),
        ("gpu_key_cheapest", CHEAPEST, CHEAPEST),
        ("gpu_key_provider", CHEAPEST_OWN, CHEAPEST_OWN),
    ):
        span = f"{_letter(column)}{first}:{_letter(to)}{last}"
        book.name(name, page, span, book.say(f"name.{name}"))


def _validate(book: Book, page: Page, first: int, last: int) -> None:
    """Only what a price may be, in the free rows and in the date on top."""
    market = DataValidation(type="list", formula1="list_gpu_market")
    most = f"{MOST_USD_PER_GPU_HOUR:g}"
    price = DataValidation(
        type="custom",
        formula1=f"AND(N({_letter(PRICE)}{first})>0,N({_letter(PRICE)}{first})<={most})",
    )
    whole = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    date = DataValidation(type="date", operator="greaterThanOrEqual", formula1="36526")
    words = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="1000")
    for rule, columns, allowed in (
        (market, (MARKET,), "prices.rule.market"),
        (price, (PRICE,), "prices.rule.price"),
        (whole, (MEMORY, MIN_GPUS), "prices.rule.positive"),
        (date, (DATE,), "prices.rule.date"),
        (words, (GPU, PROVIDER, PRODUCT, SOURCE, LICENCE, NOTES), "prices.rule.text"),
    ):
        rule.allow_blank = True
        rule.showErrorMessage = rule.showInputMessage = True
        rule.errorStyle = "stop"
        rule.promptTitle = book.say("prices.new_row")[:32]
        rule.prompt = rule.error = book.say(allowed, most=most)[:255]
        rule.errorTitle = book.say("error_title")[:32]
        for column in columns:
            rule.add(f"{_letter(column)}{first}:{_letter(column)}{last}")
        if rule is date:
            rule.add(f"{_letter(MEMORY)}{AS_OF_ROW}")
        page.ws.add_data_validation(rule)


def as_of(study: Study, stamp: dt.datetime | None) -> dt.date:
    """The day that the age of prices counts to.

    The one typed into the workbook that this one continues, else that of the file's making or, if it is
    later or there is none, that of the newest price.
    """
    typed = study.typed and study.typed.cell("prices_as_of")
    if isinstance(typed, dt.date):
        return typed
    sheet = study.case.prices
    newest = (shipped() if sheet is None else sheet).newest or dt.date(2000, 1, 1)
    return newest if stamp is None else max(stamp.date(), newest)
