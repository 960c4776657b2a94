"""Rules about results: nothing changed, pasted over, blank, wrong or stale; the checks and their flag."""

import datetime as dt
import math
from collections.abc import Iterator

from openpyxl.utils import coordinate_to_tuple

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.dependencies import dependents
from roi_xl.audit.formula_parts import parse
from roi_xl.audit.repeated_columns import corner
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.snapshot import CellRef
from roi_xl.errors import ErrorValue
from roi_xl.workbook.layout import PRICE_TABLE
from roi_xl.workbook.sheet_writer import CHECKS_FLAG

TOLERANCE = 1e-9  # relative; what separates two hosts that calculate in double precision


@rule(0, compares=True)
def results_are_recomputed(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each formula is the one of a freshly built workbook, each result the one Python computes."""
    if comparison.bad_input is not None:
        yield Skip("bad_input")
    if not comparison.file.has_values:
        yield Skip("no_stored_values")
    broken = set()
    typed = comparison.typed
    for at, expected in comparison.twin.formulas.items():
        if at.sheet not in comparison.file.sheets or at in typed:
            continue
        found = comparison.file.formulas.get(at)
        if found is None:
            broken.add(at)
            value = comparison.file.value(at)
            yield Fault(*at, "formula_gone", "" if value is None else str(value), f"={expected}")
        elif found != expected and parse(found).spelling != parse(expected).spelling:
            broken.add(at)
            yield Fault(*at, "formula_changed", f"={found}", f"={expected}")
    for at, formula in comparison.file.formulas.items():
        if at.sheet in comparison.keys and at not in comparison.twin.formulas and at not in typed:
            yield Fault(*at, "formula_added", f"={formula}", _shown(comparison.twin.value(at)))
    if comparison.bad_input is None and comparison.file.has_values:
        unknown = dependents(comparison, unread(comparison))
        if unknown:
            yield Skip("typed_unread")
        yield from _values(comparison, broken | unknown)
    yield from _texts(comparison, typed)


def unread(comparison: Comparison) -> list[CellRef]:
    """Cells that the user changed and the reader of cases does not read, such as an alternative's."""
    rows = comparison.named_boxes.get(PRICE_TABLE.upper())
    found: list[CellRef] = []
    for at in comparison.typed:
        if comparison.keys[at.sheet] == "inputs" or at.sheet not in comparison.file.sheets:
            continue
        row, _ = corner(at)
        in_table = rows is not None and rows[0] == at.sheet and rows[1][1] <= row <= rows[1][3]
        if not in_table and _day(comparison.file.value(at)) != _day(comparison.twin.value(at)):
            found.append(at)
    return found


def _day(value: object) -> object:
    return value.date() if isinstance(value, dt.datetime) else value


def _values(comparison: Comparison, broken: set[CellRef]) -> Iterator[Fault]:
    for at, expected in comparison.twin.stored.items():
        if at in broken or at not in comparison.file.formulas:
            continue
        found = comparison.file.stored.get(at)
        if found is not None and not same(found, expected):
            yield Fault(*at, "value_differs", _shown(found), _shown(expected))


def _texts(comparison: Comparison, typed: frozenset[CellRef]) -> Iterator[Fault]:
    """Words that were built and now read otherwise; a warning, since no figure hangs on them."""
    for at, cell in comparison.twin.cells.items():
        if (
            cell.data_type != "s"
            or not cell.value
            or at in typed
            or at.sheet not in comparison.file.sheets
        ):
            continue
        found = comparison.file.cells.get(at)
        if at not in comparison.file.formulas and (found is None or found.value != cell.value):
            shown = "" if found is None else str(found.value)
            yield Fault(*at, "text_differs", shown[:80], str(cell.value)[:80], warn=True)


def same(found: object, expected: object) -> bool:
    """Whether two stored values are one, to the precision of a double."""
    if expected is None or expected == "":
        return found in (None, "")
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return found == expected


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value)[:80]


@rule(33, compares=True)
def checks_are_present(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Every check stands on the Checks sheet as a formula that is true or false."""
    title = comparison.titles.get("checks")
    if title is None:
        yield Skip("no_checks", applies=False)
        return
    for at, expected in comparison.twin.stored.items():
        if at.sheet == title and isinstance(expected, bool):
            found = comparison.file.value(at)
            if at not in comparison.file.formulas:
                yield Fault(*at, "check_gone", _shown(found))
            elif found is not None and not isinstance(found, bool):
                yield Fault(*at, "check_not_boolean", _shown(found))


@rule(34)
def flag_on_every_sheet(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each sheet says in words at its top whether all checks hold."""
    flag = _flag(comparison)
    if flag is None:
        yield Skip("no_checks", applies=False)
        return
    for _, ws, _ in comparison.pairs():
        top = [CellRef(ws.title, c.coordinate) for row in ws.iter_rows(max_row=3) for c in row]
        shows = [a for a in top if a in comparison.file.formulas and _reads(comparison, a, flag)]
        if not shows and ws.title != flag.sheet:
            yield Fault(ws.title, "", "flag_missing", expected=f"{flag.sheet}!{flag.cell}")
        for at in shows:
            value = comparison.file.value(at)
            if value is not None and not isinstance(value, str):
                yield Fault(*at, "flag_not_text", _shown(value))


def _reads(comparison: Comparison, at: CellRef, flag: CellRef) -> bool:
    row, column = coordinate_to_tuple(flag.cell)
    for reference in parse(comparison.file.formulas[at]).references:
        for sheet, (left, top, right, bottom) in comparison.targets(at, reference):
            if sheet == flag.sheet and left <= column <= right and top <= row <= bottom:
                return True
    return False


def _flag(comparison: Comparison) -> CellRef | None:
    return comparison.twin_names.get(CHECKS_FLAG)


@rule(35)
def nothing_blank_or_wrong(comparison: Comparison) -> Iterator[Fault | Skip]:
    """After recalculation no cell shows an error, none is without its result, the flag is true."""
    if not comparison.file.has_values:
        yield Skip("no_stored_values")
        return
    for at in comparison.file.formulas:
        value, expected = comparison.file.stored.get(at), comparison.twin.stored.get(at)
        if value is None and expected not in (None, ""):
            yield Fault(*at, "no_value", f"={comparison.file.formulas[at]}")
        elif ErrorValue.of(value) is not None:
            # a figure that does not exist for these inputs is the user's to see, not a fault of the file
            agreed = comparison.bad_input is None and value == expected
            yield Fault(*at, "error_value", str(value), warn=agreed)
    flag = _flag(comparison)
    if flag is not None and comparison.file.value(flag) is not True:
        yield Fault(*flag, "flag_false", _shown(comparison.file.value(flag)))
