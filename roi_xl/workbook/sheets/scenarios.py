"""Scenarios: a column per scenario, in which only what differs from the base is typed."""

from openpyxl.utils import get_column_letter

from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS, scenario_label
from roi_xl.workbook.sheet_writer import Book, Page, fit_width
from roi_xl.workbook.sheets import input_status, inputs
from roi_xl.workbook.validation import accept_title, validate

LABEL, KEY, UNIT, BASE = range(1, 5)
LAST = BASE + len(SCENARIOS) - 1
NUMBER_ROW, HEADER_ROW = 3, 4


def build(book: Book) -> Page:
    """Write the sheet; name the scenarios' columns, their titles, and which one is chosen."""
    page = book.sheet("scenarios", "FFFFC000")
    heads = [book.say(f"head.{head}") for head in ("label", "key", "unit")]
    page.row(HEADER_ROW, heads, "ft_heading")
    titles = inputs.scenario_names(book)
    for i, (key, title) in enumerate(zip(SCENARIOS, titles, strict=True)):
        style = "ft_heading_number" if i == 0 else "ft_input_title"
        cell = page.put(HEADER_ROW, BASE + i, title, style)
        comment = scenario_label(key, book.language)
        book.name(f"scenario_title_{key}", page, cell.coordinate, comment)
    span = f"{get_column_letter(BASE)}{HEADER_ROW}:{get_column_letter(LAST)}{HEADER_ROW}"
    book.name("list_scenario", page, span, book.say("scenario.label"))
    accept_title(page, f"E{HEADER_ROW}:{get_column_letter(LAST)}{HEADER_ROW}")
    _chosen(book, page, titles)
    labels = [i.label(book.language) for i in INPUTS.values()]
    page.widths(fit_width(labels, 30, 40), 30, 22, *[17] * len(SCENARIOS))
    row = first = HEADER_ROW + 1
    for group, entries in inputs.blocks():
        page.row(row, [book.say(f"group.{group}"), *[None] * (LAST - 1)], "ft_block")
        row += 1
        for entry in entries:
            _row(book, page, row, entry.name)
            row += 1
    for i, key in enumerate(SCENARIOS):
        letter = get_column_letter(BASE + i)
        book.name(f"scenario_{key}", page, f"{letter}{first}:{letter}{row - 1}", titles[i])
    page.hide("B")
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW, pages_high=1, portrait=True)
    return page


def _chosen(book: Book, page: Page, titles: list[str]) -> None:
    """Which scenario is chosen on Inputs, as a number; the first where none is."""
    page.put(NUMBER_ROW, LABEL, book.say("scenario.label"), "ft_label")
    page.put(NUMBER_ROW, KEY, "scenario_number", "ft_key")
    page.put(NUMBER_ROW, UNIT, None, "ft_unit")
    place = SCENARIOS.index(book.study.live_scenario) + 1
    formula = 'IF(TRIM(scenario)="",1,MATCH(scenario,list_scenario,0))'
    cell = page.formula(NUMBER_ROW, BASE, formula, place, "ft_formula", "0")
    book.name("scenario_number", page, cell.coordinate, book.say("scenario.number"))
    book.name("scenario_chosen", page, f"E{NUMBER_ROW}", book.say("scenario.label"))
    formula = "INDEX(list_scenario,1,scenario_number)"
    page.formula(NUMBER_ROW, BASE + 1, formula, titles[place - 1], "ft_words")


def _row(book: Book, page: Page, row: int, name: str) -> None:
    entry, language = INPUTS[name], book.language
    number_format = entry.quantity.unit.number_format
    page.put(row, LABEL, entry.label(language), "ft_label")
    page.put(row, KEY, name, "ft_key")
    page.unit(row, UNIT, entry.quantity.unit.key)
    base, shown = inputs.base_cell(book, name), input_status.typed_value(book, entry)
    formula = f'IF({base}="","",{base})'
    page.formula(row, BASE, formula, "" if shown is None else shown, "ft_link", number_format)
    for i, key in enumerate(SCENARIOS[1:], 1):
        value = book.study.scenarios.get(key, {}).get(name)
        typed = None if value is None else entry.shown(value, language)
        page.put(row, BASE + i, typed, "ft_input", number_format)
    book.place(f"scenario_row_{name}", page, f"D{row}")
    validate(book, page, entry, f"E{row}:{get_column_letter(LAST)}{row}")
