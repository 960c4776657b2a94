"""Inputs: the basics open, the other groups closed; value, unit, status and note of every input."""

from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.case.inputs import GROUPS, INPUTS, Input
from roi_xl.case.study import SCENARIOS, scenario_label
from roi_xl.text import text
from roi_xl.workbook.sheet_writer import Book, Page, fit_width, sheet_name
from roi_xl.workbook.sheets import input_status
from roi_xl.workbook.validation import add, validate

LABEL, KEY, VALUE, UNIT, STATUS, NOTE, DEFAULT, LOW, HIGH = range(1, 10)
CHOICE_ROW, HEADER_ROW = 3, 4
BASICS = (
    "project_name",
    "start_month",
    "currency",
    "currency_per_usd",
    "data_preparation_hours",
    "hourly_rate",
    "gpu_cost_per_hour",
    "training_hours",
    "engineer_hours_per_iteration",
    "daily_requests",
    "current_cost_per_request",
    "finetuned_cost_per_request",
    "regression_test_hours_per_month",
    "annual_discount_rate",
)
_HEADS = ("label", "key", "value", "unit", "status", "note", "default", "least", "most")


def blocks() -> list[tuple[str, list[Input]]]:
    """The blocks of the sheet with their inputs: the basics, then what is left of each group."""
    found = [("basics", [INPUTS[name] for name in BASICS])]
    for group in GROUPS:
        rest = [i for i in INPUTS.values() if i.group == group and i.name not in BASICS]
        if rest:
            found.append((group, rest))
    return found


def build(book: Book, *, alone: bool = False) -> Page:
    """Write the sheet and name every input.

    `alone` leaves out what refers to the sheets of the case: the scenario and the status of inputs.
    """
    page = book.sheet("inputs", "FFFFC000")
    page.row(HEADER_ROW, [book.say(f"head.{head}") for head in _HEADS], "ft_heading")
    labels = [i.label(book.language) for i in INPUTS.values()]
    page.widths(fit_width(labels, 30, 40), 30, 20, 22, 18, 64, 14, 12, 12)
    row = HEADER_ROW + 1
    first = row
    for group, entries in blocks():
        page.row(row, [book.say(f"group.{group}"), *[None] * (DEFAULT - 1)], "ft_block")
        start, row = row + 1, row + 1
        for entry in entries:
            _input_row(book, page, row, entry, alone=alone)
            row += 1
        if group != "basics":
            page.close(start, row - 1)
    if not alone:
        input_status.counts(book, page, first, row - 1)
        _live_choice(book, page)
    page.hide("B", "H", "I", "J")
    page.last_column = DEFAULT
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW, pages_high=2, protect=False)
    return page


def _live_choice(book: Book, page: Page) -> None:
    """The drop-down that chooses the scenario."""
    page.put(CHOICE_ROW, LABEL, book.say("scenario.label"), "ft_label")
    page.put(CHOICE_ROW, KEY, "scenario", "ft_key")
    cell = page.put(CHOICE_ROW, VALUE, scenario_title(book, book.study.live_scenario), "ft_input")
    book.name("scenario", page, cell.coordinate, book.say("scenario.help"))
    add(
        page,
        DataValidation(type="list", formula1="list_scenario"),
        cell.coordinate,
        book.say("scenario.label"),
        book.say("scenario.help"),
        book.say("scenario.help"),
    )


def scenario_title(book: Book, key: str) -> str:
    """What a scenario is called: its own name where somebody renamed it."""
    named = book.typed.cell("scenario_title", key)
    return str(named) if named else scenario_label(key, book.language)


def _input_row(book: Book, page: Page, row: int, entry: Input, *, alone: bool) -> None:
    language, number_format = book.language, entry.quantity.unit.number_format
    page.put(row, LABEL, entry.label(language), "ft_label")
    page.put(row, KEY, entry.name, "ft_key")
    shown = input_status.typed_value(book, entry)
    cell = page.put(row, VALUE, shown, "ft_input", number_format)
    if alone:
        page.put(row, UNIT, book.shown_unit(entry.quantity.unit.key) or None, "ft_unit")
    else:
        page.unit(row, UNIT, entry.quantity.unit.key)
    standard = None if entry.default is None else entry.shown(entry.default, language)
    default = page.put(row, DEFAULT, standard, "ft_constant", number_format)
    if entry.plausible is not None:
        for column, bound in zip((LOW, HIGH), entry.plausible, strict=True):
            page.put(row, column, bound, "ft_constant", "General")
    if not alone:
        input_status.status(book, page, row, entry)
    note = book.study.notes.get(entry.name) or entry.param.help(language)
    page.put(row, NOTE, note, "ft_note")
    book.name(entry.name, page, cell.coordinate, entry.param.help(language))
    book.place(f"default_{entry.name}", page, default.coordinate)
    validate(book, page, entry, cell.coordinate, prompt=True)


def used_formula(book: Book, entry: Input) -> str:
    """The input as a sheet without scenarios uses it: what is typed, else the default."""
    base, default = base_cell(book, entry.name), default_cell(book, entry.name)
    if entry.default is None:
        default = '""'
    chosen = f'IF(TRIM({base})<>"",{base},{default})'
    if not entry.quantity.choices:
        return chosen
    return f"MATCH({chosen},{book.reference(f'list_{entry.name}')},0)-1"


def may_be_blank(entry: Input) -> bool:
    """Whether a blank stays one, with a meaning of its own."""
    return entry.default is None or entry.worked_out is not None


def base_cell(book: Book, name: str) -> str:
    """The typed base cell of an input as another sheet writes it."""
    title, cell = book.places[name]
    return f"{sheet_name(title)}!{cell.replace('$C', 'C').replace('$', '')}"


def default_cell(book: Book, name: str) -> str:
    """The cell of an input's default as another sheet writes it."""
    title, cell = book.places[f"default_{name}"]
    return f"{sheet_name(title)}!{cell}"


def scenario_names(book: Book) -> list[str]:
    """The scenarios' titles in the fixed order."""
    return [scenario_title(book, key) for key in SCENARIOS]


def unit_of(entry: Input, language: str) -> str:
    """An input's unit in words, for texts outside a cell."""
    return text(f"unit.{entry.quantity.unit.key}", language)
