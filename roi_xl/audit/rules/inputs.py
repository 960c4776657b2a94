"""Rules about what people type: validation, drop-downs, prices, samples, names, signs."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.audit.comparison import Comparison, coordinate
from roi_xl.audit.formula_parts import box_of, parse
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.snapshot import CellRef
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import BadInput
from roi_xl.prices.sheet import STALE_AFTER_DAYS

_CURRENCY = "USD"  # in the header of every column of prices
PRICES = ("gpu_prices", "llm_prices")
_BOOK_PART = "xl/workbook.xml"  # where names are kept
# errors of reading that say that the model was changed, not that a value is bad
_STRUCTURE = frozenset(
    {
        "names_lost",
        "name_misplaced",
        "name_too_short",
        "column_misplaced",
        "inputs_ambiguous",
        "key_twice",
        "table_heading_missing",
        "table_heading_twice",
        "prices_lost",
    }
)
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_CELL = re.compile(r"^[a-z]{1,3}[0-9]{1,7}$|^r[0-9]*c[0-9]*$", re.I)


def validations_of(ws: Worksheet, cells: Iterable[str]) -> dict[str, Any]:
    """The validation of each of these cells that has one, however large its ranges are."""
    places = [(cell, *coordinate_to_tuple(cell)) for cell in cells]
    found: dict[str, Any] = {}
    for validation in ws.data_validations.dataValidation:
        for box in validation.sqref.ranges:
            for cell, row, column in places:
                if box.min_row <= row <= box.max_row and box.min_col <= column <= box.max_col:
                    found[cell] = validation
    return found


@rule(18, compares=True)
def inputs_are_validated(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each input accepts only its type within its bounds, with a prompt and an error message."""
    yield from map(_problem, comparison.problems)
    for where in comparison.filled.numbers_as_text if comparison.filled else ():
        sheet, _, cell = where.rpartition("!")
        shown = comparison.file.value(CellRef(sheet, cell))
        yield Fault(sheet, cell, "number_as_text", f'"{shown}"')
    typed: dict[str, list[str]] = {}
    for at in comparison.typed:
        typed.setdefault(at.sheet, []).append(at.cell)
    twin, file = comparison.twin.sheets, comparison.file.sheets
    expected = {title: validations_of(twin[title], cells) for title, cells in typed.items()}
    found = {
        title: validations_of(file[title], cells) for title, cells in typed.items() if title in file
    }
    elsewhere = _has_extension(comparison)
    if elsewhere:
        yield Skip("validation_extension")
    for at in sorted(comparison.typed):
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


def _problem(error: BadInput) -> Fault:
    """An error of reading as a fault, at its cell where it has one."""
    sheet, _, cell = str(error.values.get("cell", "")).rpartition("!")
    if error.key != "cell_value":
        key = "unreadable" if error.key in _STRUCTURE else "bad_cell"
        path = str(error.values.get("path", ""))
        said = str(error).removeprefix(path)[1:].strip()  # after the path and its colon
        where = str(error.values.get("cell", ""))
        if not cell:
            return Fault(_BOOK_PART, "", key, said)
        return Fault(sheet, cell, key, said.removeprefix(where).strip())
    found, allowed = error.values.get("found", ""), error.values.get("allowed", "")
    return Fault(sheet, cell, "bad_value", str(found), str(allowed))


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


def _has_extension(comparison: Comparison) -> bool:
    """Whether validations use an extension that openpyxl does not read."""
    sheets = (comparison.file.parts.get(p, b"") for p in comparison.file.sheet_parts.values())
    return any(b"x14:dataValidation" in part for part in sheets)


@rule(19)
def lists_are_visible(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Drop-downs read their words from visible cells."""
    for title, ws in comparison.file.sheets.items():
        for validation in ws.data_validations.dataValidation:
            if validation.type != "list":
                continue
            at = CellRef(title, str(validation.sqref).split(":")[0].split()[0])
            formula = (validation.formula1 or "").lstrip("=")
            if formula.startswith('"') or not formula:
                yield Fault(*at, "list_typed", formula)
                continue
            boxes = [b for r in parse(formula).references for b in comparison.targets(at, r)]
            if not boxes:
                yield Fault(*at, "list_lost", formula)
            for sheet, box in boxes:
                yield from _list_cells(comparison, at, formula, sheet, box)


def _list_cells(
    comparison: Comparison, at: CellRef, formula: str, sheet: str, box: tuple[int, int, int, int]
) -> Iterator[Fault]:
    ws = comparison.file.sheets.get(sheet)
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
        comparison.file.value(CellRef(sheet, coordinate(r, c)))
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    ]
    if comparison.file.has_values and not any(v not in (None, "") for v in values):
        yield Fault(*at, "list_empty", formula)


@rule(20)
def prices_are_dated(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each price has a source and a date; one older than 180 days is flagged in its row."""
    sheets = [comparison.titles[k] for k in PRICES if k in comparison.titles]
    if not sheets:
        yield Skip("no_prices", applies=False)
    for title in sheets:
        if title in comparison.file.sheets:
            yield from _prices(comparison, title)


def _prices(comparison: Comparison, title: str) -> Iterator[Fault | Skip]:
    ws = comparison.file.sheets[title]
    for table in ws.tables.values():
        first, top, last, bottom = box_of(table.ref)
        heads = {c: str(ws.cell(top, c).value or "") for c in range(first, last + 1)}
        source = next((c for c, h in heads.items() if h == comparison.say("head.source")), None)
        for row in range(top + 1, bottom + 1):
            cells = {c: CellRef(title, coordinate(row, c)) for c in heads}
            values = {c: comparison.value(at) for c, at in cells.items()}
            price = next((c for c in heads if _CURRENCY in heads[c] and values[c]), None)
            if price is not None:
                yield from _price(comparison, cells, values, price, source)


def _price(
    comparison: Comparison,
    cells: dict[int, CellRef],
    values: dict[int, object],
    price: int,
    source: int | None,
) -> Iterator[Fault]:
    days = [_day(v) for v in values.values() if isinstance(v, dt.date)]
    if not days:
        yield Fault(*cells[price], "price_undated", str(values[price]))
    elif (_as_of(comparison) - days[0]).days > STALE_AFTER_DAYS:
        stale = comparison.say("prices.stale")
        replaced = comparison.say("prices.replaced")
        if not any(v in (stale, replaced) for v in values.values()):
            yield Fault(*cells[price], "price_stale", days[0].isoformat())
    if source is not None and not values.get(source):
        yield Fault(*cells[source], "price_unsourced", str(values[price]))


def _as_of(comparison: Comparison) -> dt.date:
    """The date to which the workbook counts the age of prices."""
    at = comparison.names.get("prices_as_of")
    value = comparison.file.value(at) if at is not None else None
    return _day(value) if isinstance(value, dt.date) else comparison.today


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


@rule(21)
def samples_are_marked(comparison: Comparison) -> Iterator[Fault | Skip]:
    """An input that still has the source example's figure is marked as a sample in its row."""
    sample = comparison.say("sample")
    if not comparison.file.has_values:
        yield Skip("no_stored_values")
        return
    for name, entry in INPUTS.items():
        at = comparison.names.get(name) or comparison.twin_names.get(name)
        if not entry.is_sample or at is None or at.sheet not in comparison.file.sheets:
            continue
        value = comparison.file.value(at)
        if value in (None, "") or value == entry.default:
            row = coordinate_to_tuple(at.cell)[0]
            ws = comparison.file.sheets[at.sheet]
            shown = (comparison.file.value(CellRef(at.sheet, c.coordinate)) for c in ws[row])
            if not any(sample in str(said) for said in shown):
                yield Fault(*at, "sample_unmarked", str(value or ""), sample)


@rule(22, compares=True)
def names_are_good(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Names are lower_snake, refer to the cells as built, have comments and are workbook-wide."""
    defined, expected = comparison.file.book.defined_names, comparison.twin.book.defined_names
    for name in expected:
        place = comparison.twin_names.get(name, CellRef("", ""))
        if name not in defined:
            yield Fault(*place, "name_missing", name)
        elif "#REF!" in (defined[name].attr_text or "") or (
            place.sheet and name not in comparison.names
        ):
            yield Fault(*place, "name_broken", f"{name} = {defined[name].attr_text}", _at(place))
        elif place.sheet and _where(defined[name].attr_text) != _where(expected[name].attr_text):
            shown = f"{name} = {defined[name].attr_text}"
            yield Fault(*place, "name_elsewhere", shown, str(expected[name].attr_text))
    keeps_comments = any(d.comment for d in defined.values()) or not defined
    if not keeps_comments:
        yield Skip("comments_lost")
    for name, entry in defined.items():
        place = comparison.names.get(name, CellRef("", ""))
        own_function = (
            name in expected and name.isupper()
        )  # FT_ functions are called as they are listed
        if not _NAME.match(name) and not own_function:
            yield Fault(*place, "name_form", name)
        if _CELL.match(name):
            yield Fault(*place, "name_like_cell", name)
        if keeps_comments and not entry.comment:
            yield Fault(*place, "name_uncommented", name)
    for title, ws in comparison.file.sheets.items():
        for name in ws.defined_names:
            if not name.startswith(("_xlnm.", "Print_")):
                yield Fault(title, "", "name_local", name)


def _at(place: CellRef) -> str:
    return f"{place.sheet}!{place.cell}"


def _where(target: str | None) -> str:
    return (target or "").replace("'", "").replace("$", "")


@rule(32)
def signs_hold(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Quantities that cannot be negative are not."""
    quantities = {n: i.quantity for n, i in INPUTS.items()} | {s.name: s.quantity for s in STEPS}
    for name, quantity in quantities.items():
        at = comparison.names.get(name)
        value = comparison.file.value(at) if at is not None else None
        if (
            at is not None
            and quantity.lower == 0.0
            and isinstance(value, (int, float))
            and value < 0
        ):
            yield Fault(*at, "negative", f"{value:g}")
    if not comparison.file.has_values:
        yield Skip("no_stored_values")
