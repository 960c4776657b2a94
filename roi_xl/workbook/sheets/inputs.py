"""Inputs: every input with a column a scenario, the live column, default, unit, rule and note."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.inputs import GROUPS, INPUTS, Input
from roi_xl.case.study import SCENARIOS, scenario_label
from roi_xl.text import text, unit_text
from roi_xl.units import allowed
from roi_xl.workbook.layout import LIVE_SCENARIO, range_key, scenario_name
from roi_xl.workbook.sheet_writer import Book, Page, fit_width, sheet_name
from roi_xl.workbook.sheets import input_blocks
from roi_xl.workbook.validation import add, validate

LABEL, KEY, BASE = range(1, 4)  # the base scenario; the others stand to its right
LAST = BASE + len(SCENARIOS) - 1
LIVE, DEFAULT, UNIT, RULE, STATUS, NOTE = range(LAST + 1, LAST + 7)
CHOICE_ROW, HEADER_ROW = 3, 4


def build(book: Book) -> Page:
    """Write the sheet and name every input, scenario, list, range and fixed number."""
    page = book.sheet("inputs", "FFFFC000")
    heads = {LABEL: "label", KEY: "key", LIVE: "live", DEFAULT: "default"}
    heads |= {UNIT: "unit", RULE: "rule", STATUS: "status", NOTE: "note"}
    for column, head in heads.items():
        page.put(HEADER_ROW, column, book.say(f"head.{head}"), "ft_heading")
    for i, name in enumerate(SCENARIOS):
        label = scenario_label(name, book.language)
        page.put(HEADER_ROW, BASE + i, label, "ft_heading_number")
    labels = [i.label(book.language) for i in INPUTS.values()]
    rules = [allowed(i.quantity, book.language) for i in INPUTS.values()]
    units = [unit_text(i.quantity.unit.key, book.language) for i in INPUTS.values()]
    words = [
        text(f"choice.{c}", book.language) for i in INPUTS.values() for c in i.quantity.choices
    ]
    choice = fit_width(words, 13, 19)
    key = fit_width(map(range_key, INPUTS), 20, 40)
    columns = [choice] * (DEFAULT - BASE + 1)
    unit, rule = fit_width(units, 12, 22), fit_width(rules, 14, 26)
    page.widths(fit_width(labels, 24, 40), key, *columns, unit, rule, 10, 52)
    _live_choice(book, page)
    row = HEADER_ROW + 1
    first = row
    for group in GROUPS:
        page.row(row, [book.say(f"group.{group}"), *[None] * (NOTE - 1)], "ft_block")
        row += 1
        for entry in (i for i in INPUTS.values() if i.group == group):
            _input_row(book, page, row, entry)
            row += 1
    _name_scenarios(book, page, first, row - 1)
    row = input_blocks.ranges(book, page, row + 1, NOTE)
    row = input_blocks.constants(book, page, row + 1, NOTE)
    input_blocks.lists(book, page, row + 1, NOTE)
    _validate(book, page)
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW)
    return page


def _live_choice(book: Book, page: Page) -> None:
    """The drop-down that chooses the scenario, and its place in the list."""
    page.put(CHOICE_ROW, LABEL, book.say("scenario.label"), "ft_label")
    page.put(CHOICE_ROW, KEY, LIVE_SCENARIO, "ft_key")
    chosen = scenario_label(book.study.live_scenario, book.language)
    cell = page.put(CHOICE_ROW, BASE, chosen, "ft_input")
    book.name(LIVE_SCENARIO, page, cell.coordinate, book.say("scenario.help"))
    place = f"{get_column_letter(BASE + 1)}{CHOICE_ROW}"
    book.name("scenario_number", page, place, book.say("scenario.number"))
    page.put(CHOICE_ROW, BASE + 2, book.say("scenario.number"), "ft_unit")


def _input_row(book: Book, page: Page, row: int, entry: Input) -> None:
    language, number_format = book.language, entry.quantity.unit.number_format
    page.put(row, LABEL, entry.label(language), "ft_label")
    page.put(row, KEY, entry.name, "ft_key")
    base = _shown(entry, book.study.case[entry.name], language)
    blank = entry.open_ended and book.study.case[entry.name] == entry.default
    blank = blank or (book.continues and entry.name not in book.study.case.given)
    cell = page.put(row, BASE, None if blank else base, "ft_input", number_format)
    for i, name in enumerate(SCENARIOS[1:], 1):
        value = book.study.scenarios.get(name, {}).get(entry.name)
        shown = None if value is None else entry.shown(value, language)
        page.put(row, BASE + i, shown, "ft_input", number_format)
    standard = _shown(entry, entry.default, language)
    default = page.put(row, DEFAULT, standard, "ft_constant", number_format)
    live, here = _shown(entry, book.case[entry.name], language), default.coordinate
    fallback = '""' if may_be_blank(entry) else here
    live = "" if live is None else live
    page.formula(row, LIVE, _live(page, row, fallback), live, "ft_formula", number_format)
    page.put(row, UNIT, unit_text(entry.quantity.unit.key, language), "ft_unit")
    page.put(row, RULE, allowed(entry.quantity, language), "ft_note")
    if entry.is_sample:
        sample = book.say("sample")
        status = sample if blank or base == standard else ""
        typed = cell.coordinate
        mark = f'IF(OR(TRIM({typed})="",{typed}={here}),"{sample}","")'
        page.formula(row, STATUS, mark, status, "ft_words")
    else:
        page.put(row, STATUS, None, "ft_unit")
    page.put(row, NOTE, entry.param.help(language), "ft_note")
    book.name(entry.name, page, cell.coordinate, entry.param.help(language))
    book.name(f"default_{entry.name}", page, here, book.say("default_of", name=entry.name))


def _shown(entry: Input, value: object, language: str) -> object:
    return None if value is None else entry.shown(value, language)


def _live(page: Page, row: int, default: str) -> str:
    """What the chosen scenario says; where it says nothing the base, and then the default."""
    base = f"{get_column_letter(BASE)}{row}"
    number = page.book.reference("scenario_number", page)
    chosen = f"INDEX({base}:{get_column_letter(LAST)}{row},{number})"
    return f'IF(TRIM({chosen})<>"",{chosen},IF(TRIM({base})<>"",{base},{default}))'


def _name_scenarios(book: Book, page: Page, first: int, last: int) -> None:
    """Name each scenario's column, by which a reader finds its cells."""
    for i, name in enumerate(SCENARIOS):
        letter = get_column_letter(BASE + i)
        comment = scenario_label(name, book.language)
        book.name(scenario_name(name), page, f"{letter}{first}:{letter}{last}", comment)


def _validate(book: Book, page: Page) -> None:
    for entry in INPUTS.values():
        row = book.places[entry.name][1].split("$")[-1]
        cells = f"{get_column_letter(BASE)}{row}:{get_column_letter(LAST)}{row}"
        validate(book, page, entry, cells)
    options = book.reference("list_scenario", page)
    words = ", ".join(scenario_label(name, book.language) for name in SCENARIOS)
    cell = book.places[LIVE_SCENARIO][1].replace("$", "")
    number = f'MATCH(IF(TRIM({cell})="",INDEX({options},1),{cell}),{options},0)'
    place = SCENARIOS.index(book.study.live_scenario) + 1
    page.formula(CHOICE_ROW, BASE + 1, number, place, "ft_formula", "0")
    add(
        page,
        DataValidation(type="list", formula1=f"={options}"),
        cell,
        book.say("scenario.label"),
        book.say("scenario.help"),
        book.say("error_text", name="scenario", allowed=words),
    )


def may_be_blank(entry: Input) -> bool:
    """Whether a blank stays one, with a meaning of its own."""
    return entry.default is None or entry.worked_out is not None


def used_formula(book: Book, entry: Input, column: int = BASE) -> str:
    """The input as a lane uses it: what a column of Inputs says, else the base, else the default."""
    title, base = book.places[entry.name]
    sheet, row = sheet_name(title), base.split("$")[-1]
    default = f"{sheet}!${get_column_letter(DEFAULT)}{row}"
    if may_be_blank(entry):
        default = '""'
    typed = f"{sheet}!{get_column_letter(column)}{row}"
    first = f"{sheet}!${get_column_letter(BASE)}{row}"
    chosen = f'IF(TRIM({typed})<>"",{typed},IF(TRIM({first})<>"",{first},{default}))'
    if not entry.quantity.choices:
        return chosen
    return f"MATCH({chosen},{book.reference(f'list_{entry.name}')},0)-1"
