"""Rules about what people type: validation, drop-downs, prices, samples, names, signs."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.audit.comparison import Subject, coordinate
from roi_xl.audit.formula_parts import box_of, parse
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.snapshot import At
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput
from roi_xl.prices.sheet import STALE_AFTER_DAYS

_CURRENCY = "USD"  # in the header of every column of prices
PRICES = ("gpu_prices", "llm_prices")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_CELL = re.compile(r"^[a-z]{1,3}[0-9]{1,7}$|^r[0-9]*c[0-9]*$", re.I)


def rules_of(ws: Worksheet) -> dict[str, Any]:
    """Cell → its validation."""
    found: dict[str, Any] = {}
    for validation in ws.data_validations.dataValidation:
        for box in validation.sqref.ranges:
            for row, column in box.cells:
                found[coordinate(row, column)] = validation
    return found


@rule(18, compares=True)
def inputs_are_validated(subject: Subject) -> Iterator[Fault | Skip]:
    """Each input takes only its type within its bounds, says so before and after, and stops."""
    if subject.bad_input is not None:
        yield _bad_value(subject.bad_input)
    expected = {title: rules_of(ws) for title, ws in subject.twin.sheets.items()}
    found = {title: rules_of(ws) for title, ws in subject.file.sheets.items()}
    elsewhere = _has_extension(subject)
    if elsewhere:
        yield Skip("validation_extension")
    for at in sorted(subject.typed):
        if at.sheet not in found:
            continue
        right, here = expected[at.sheet].get(at.cell), found[at.sheet].get(at.cell)
        if here is None:
            if not elsewhere:
                yield Fault(*at, "not_validated", expected=_says(right))
            continue
        if here.type in (None, "any"):
            yield Fault(*at, "not_validated", expected=_says(right))
        elif right is not None and _says(here) != _says(right):
            yield Fault(*at, "validation_differs", _says(here), _says(right))
        if here.errorStyle not in (None, "stop") or not here.showErrorMessage:
            yield Fault(*at, "validation_lets_pass", str(here.errorStyle or ""), "stop")
        if not here.prompt or not here.error:
            yield Fault(*at, "validation_silent")


def _bad_value(error: BadInput) -> Fault:
    sheet, _, cell = str(error.values.get("cell", "")).rpartition("!")
    found, allowed = error.values.get("found", ""), error.values.get("allowed", "")
    return Fault(sheet, cell, "bad_value", str(found or error), str(allowed))


def _says(validation: Any) -> str:
    if validation is None:
        return ""
    operator = "" if validation.type in ("list", "custom") else validation.operator or "between"
    written = [validation.formula1]
    if operator in ("between", "notBetween"):
        written.append(validation.formula2)  # some programs write a second bound that means nothing
    bounds = [_bound(f) for f in written if f]
    return " ".join(part for part in (validation.type or "", operator, *bounds) if part)


def _bound(formula: str) -> str:
    return parse(formula.lstrip("=")).spelling.replace("$", "").removeprefix("!")


def _has_extension(subject: Subject) -> bool:
    """Whether validations stand in an extension that the reader does not see."""
    sheets = (subject.file.parts.get(p, b"") for p in subject.file.sheet_parts.values())
    return any(b"x14:dataValidation" in part for part in sheets)


@rule(19)
def lists_are_visible(subject: Subject) -> Iterator[Fault | Skip]:
    """A drop-down reads its words from cells that can be seen."""
    for title, ws in subject.file.sheets.items():
        for validation in ws.data_validations.dataValidation:
            if validation.type != "list":
                continue
            at = At(title, str(validation.sqref).split(":")[0].split()[0])
            formula = (validation.formula1 or "").lstrip("=")
            if formula.startswith('"') or not formula:
                yield Fault(*at, "list_typed", formula)
                continue
            boxes = [b for r in parse(formula).references for b in subject.targets(at, r)]
            if not boxes:
                yield Fault(*at, "list_lost", formula)
            for sheet, box in boxes:
                yield from _list_cells(subject, at, formula, sheet, box)


def _list_cells(
    subject: Subject, at: At, formula: str, sheet: str, box: tuple[int, int, int, int]
) -> Iterator[Fault]:
    ws = subject.file.sheets.get(sheet)
    if ws is None:
        yield Fault(*at, "list_lost", formula)
        return
    left, top, right, bottom = box
    hidden = ws.sheet_state != "visible" or any(
        ws.row_dimensions[r].hidden for r in range(top, bottom + 1)
    )
    if hidden:
        yield Fault(*at, "list_hidden", formula)
    values = [
        subject.file.value(At(sheet, coordinate(r, c)))
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    ]
    if subject.file.has_values and not any(v not in (None, "") for v in values):
        yield Fault(*at, "list_empty", formula)


@rule(20)
def prices_are_dated(subject: Subject) -> Iterator[Fault | Skip]:
    """Each price has a source and a date; one older than 180 days says so on its row."""
    sheets = [subject.titles[k] for k in PRICES if k in subject.titles]
    if not sheets:
        yield Skip("no_prices", applies=False)
    for title in sheets:
        if title in subject.file.sheets:
            yield from _prices(subject, title)


def _prices(subject: Subject, title: str) -> Iterator[Fault | Skip]:
    ws = subject.file.sheets[title]
    for table in ws.tables.values():
        first, top, last, bottom = box_of(table.ref)
        heads = {c: str(ws.cell(top, c).value or "") for c in range(first, last + 1)}
        source = next((c for c, h in heads.items() if h == subject.say("head.source")), None)
        for row in range(top + 1, bottom + 1):
            cells = {c: At(title, coordinate(row, c)) for c in heads}
            values = {c: subject.value(at) for c, at in cells.items()}
            price = next((c for c in heads if _CURRENCY in heads[c] and values[c]), None)
            if price is not None:
                yield from _price(subject, cells, values, price, source)


def _price(
    subject: Subject,
    cells: dict[int, At],
    values: dict[int, object],
    price: int,
    source: int | None,
) -> Iterator[Fault]:
    days = [_day(v) for v in values.values() if isinstance(v, dt.date)]
    if not days:
        yield Fault(*cells[price], "price_undated", str(values[price]))
    elif (_as_of(subject) - days[0]).days > STALE_AFTER_DAYS:
        stale = subject.say("prices.stale")
        replaced = subject.say("prices.replaced")
        if not any(v in (stale, replaced) for v in values.values()):
            yield Fault(*cells[price], "price_stale", days[0].isoformat())
    if source is not None and not values.get(source):
        yield Fault(*cells[source], "price_unsourced", str(values[price]))


def _as_of(subject: Subject) -> dt.date:
    """The day that the workbook itself counts the age of prices to."""
    at = subject.names.get("prices_as_of")
    value = subject.file.value(at) if at is not None else None
    return _day(value) if isinstance(value, dt.date) else subject.today


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


@rule(21)
def samples_are_marked(subject: Subject) -> Iterator[Fault | Skip]:
    """An input that still holds the source example's figure says SAMPLE in its row."""
    sample = subject.say("sample")
    if not subject.file.has_values:
        yield Skip("no_stored_values")
        return
    for name, entry in INPUTS.items():
        at = subject.names.get(name) or subject.twin_names.get(name)
        if not entry.is_sample or at is None or at.sheet not in subject.file.sheets:
            continue
        value = subject.file.value(at)
        if value in (None, "") or value == entry.default:
            row = coordinate_to_tuple(at.cell)[0]
            ws = subject.file.sheets[at.sheet]
            shown = (subject.file.value(At(at.sheet, c.coordinate)) for c in ws[row])
            if sample not in shown:
                yield Fault(*at, "sample_unmarked", str(value or ""), sample)


@rule(22, compares=True)
def names_are_good(subject: Subject) -> Iterator[Fault | Skip]:
    """Names are lower_snake, resolved, where they belong, commented, for the whole workbook."""
    defined, expected = subject.file.book.defined_names, subject.twin.book.defined_names
    for name in expected:
        place = subject.twin_names.get(name, At("", ""))
        if name not in defined:
            yield Fault(*place, "name_missing", name)
        elif "#REF!" in (defined[name].attr_text or "") or (
            place.sheet and name not in subject.names
        ):
            yield Fault(*place, "name_broken", f"{name} = {defined[name].attr_text}", _at(place))
        elif place.sheet and _where(defined[name].attr_text) != _where(expected[name].attr_text):
            shown = f"{name} = {defined[name].attr_text}"
            yield Fault(*place, "name_elsewhere", shown, str(expected[name].attr_text))
    keeps_comments = any(d.comment for d in defined.values()) or not defined
    if not keeps_comments:
        yield Skip("comments_lost")
    for name, entry in defined.items():
        place = subject.names.get(name, At("", ""))
        own_function = (
            name in expected and name.isupper()
        )  # FT_ functions are called as they are listed
        if not _NAME.match(name) and not own_function:
            yield Fault(*place, "name_form", name)
        if _CELL.match(name):
            yield Fault(*place, "name_like_cell", name)
        if keeps_comments and not entry.comment:
            yield Fault(*place, "name_uncommented", name)
    for title, ws in subject.file.sheets.items():
        for name in ws.defined_names:
            if not name.startswith(("_xlnm.", "Print_")):
                yield Fault(title, "", "name_local", name)


def _at(place: At) -> str:
    return f"{place.sheet}!{place.cell}"


def _where(target: str | None) -> str:
    return (target or "").replace("'", "").replace("$", "")


@rule(32)
def signs_hold(subject: Subject) -> Iterator[Fault | Skip]:
    """What cannot be negative is not, and the first month of the cash flow is money out."""
    quantities = {n: i.quantity for n, i in INPUTS.items()} | {s.name: s.quantity for s in STEPS}
    for name, quantity in quantities.items():
        at = subject.names.get(name)
        value = subject.file.value(at) if at is not None else None
        if (
            at is not None
            and quantity.lower == 0.0
            and isinstance(value, (int, float))
            and value < 0
        ):
            yield Fault(*at, "negative", f"{value:g}")
    if not subject.file.has_values:
        yield Skip("no_stored_values")
