"""Decision: the source document's ladder and matrix with their thresholds, and where this case falls."""

from roi_xl.functions.declare import declared
from roi_xl.model.decision import recommend, strategy
from roi_xl.text import text, unit_text
from roi_xl.units import words
from roi_xl.workbook.sheet_writer import Book, Page, fit_width

LADDER = ("strong_below_months", "recommended_below_months", "caution_below_months")
HEADER_ROW = 4
COLUMNS = 5


def build(book: Book) -> Page:
    """Write the sheet; thresholds link to Inputs, verdicts to Calculation."""
    page = book.sheet("decision", "FFED7D31")
    verdicts = words(declared(recommend).returns, book.language)
    strategies = words(declared(strategy).returns, book.language)
    page.widths(fit_width([*verdicts, *strategies], 30, 44), 16, 16, 22, 40)
    row = _ladder(book, page, HEADER_ROW, verdicts)
    row = _matrix(book, page, row + 2, strategies)
    _verdict(book, page, row + 2)
    page.fit_rows(HEADER_ROW)
    page.finish(f"B{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _head(book: Book, page: Page, row: int, *keys: str) -> None:
    said = [book.say(f"head.{key}") for key in keys]
    page.row(row, [*said, *[None] * (COLUMNS - len(said))], "ft_heading")


def _ladder(book: Book, page: Page, row: int, verdicts: list[str]) -> int:
    """One row a class: from, below, and a mark on the class of this case."""
    _head(book, page, row, "recommendation", "from_months", "below_months", "this_case", "note")
    case_class = book.results["recommendation"]
    for i, verdict in enumerate(verdicts):
        row += 1
        page.put(row, 1, verdict, "ft_label")
        lower, upper = LADDER[i - 1] if i else None, LADDER[i] if i < len(LADDER) else None
        for column, name in ((2, lower), (3, upper)):
            if name is None:
                page.put(row, column, None, "ft_unit")
            else:
                page.formula(
                    row,
                    column,
                    book.reference(f"used_{name}"),
                    book.case[name],
                    "ft_link",
                    "#,##0.0",
                )
        _mark(book, page, row, "recommendation", case_class, verdict)
        page.put(
            row,
            5,
            unit_text(declared(recommend).param(LADDER[0]).quantity.unit.key),
            "ft_note",
        )
    return row


def _matrix(book: Book, page: Page, row: int, strategies: list[str]) -> int:
    """Volume against quality, as in the source."""
    _head(book, page, row, "strategy", "from_requests", "to_requests", "this_case", "quality")
    prompt, lora, finetune = strategies
    high, normal = text("choice.high"), text("choice.normal")
    both = book.say("any_quality")
    low, top = "low_daily_requests", "high_daily_requests"
    bands = (
        (prompt, None, low, both),
        (prompt, low, top, normal),
        (lora, low, top, high),
        (finetune, top, None, both),
    )
    position = _band(book)
    for i, (strategy_word, start, end, quality) in enumerate(bands):
        row += 1
        page.put(row, 1, strategy_word, "ft_label")
        for column, name in ((2, start), (3, end)):
            if name is None:
                page.put(row, column, None, "ft_unit")
            else:
                page.formula(
                    row, column, book.reference(f"used_{name}"), book.case[name], "ft_link", "#,##0"
                )
        mark = book.say("here") if i == position else ""
        page.formula(
            row, 4, f'IF({_in_band(book, i, row)},"{book.say("here")}","")', mark, "ft_text"
        )
        page.put(row, 5, quality, "ft_note")
    return row


def _band(book: Book) -> int:
    requests, case = book.case["daily_requests"], book.case
    if requests < case["low_daily_requests"]:
        return 0
    if requests > case["high_daily_requests"]:
        return 3
    return 2 if case["quality_need"] == "high" else 1


def _in_band(book: Book, band: int, row: int) -> str:
    """The condition of a row of the matrix over the thresholds that stand in it."""
    requests, quality = book.reference("used_daily_requests"), book.reference("used_quality_need")
    low, top = book.reference("used_low_daily_requests"), f"{requests}<=$C{row}"
    return (
        f"{requests}<$C{row}",
        f"AND({requests}>=$B{row},{top},{quality}=0)",
        f"AND({requests}>=$B{row},{top},{quality}=1)",
        f"AND({requests}>={low},{requests}>$B{row})",
    )[band]


def _mark(book: Book, page: Page, row: int, name: str, found: object, word: str) -> None:
    here = book.say("here")
    formula = f'IF({book.reference(name)}=$A{row},"{here}","")'
    page.formula(row, 4, formula, here if found == word else "", "ft_text")


def _verdict(book: Book, page: Page, row: int) -> None:
    page.row(row, [book.say("block.verdict"), *[None] * (COLUMNS - 1)], "ft_heading")
    for name in ("recommendation", "strategy", "agreement"):
        row += 1
        page.put(row, 1, text(f"quantity.{name}.label", book.language), "ft_label")
        page.formula(row, 2, book.reference(name), book.results[name], "ft_link_sentence")
        for column in range(3, COLUMNS + 1):
            page.put(row, column, None, "ft_unit")
