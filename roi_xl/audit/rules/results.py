"""Rules about results: formulas as built, results as recomputed, the checks and their flag."""

import math
from collections.abc import Iterable, Iterator
from functools import cache

from openpyxl.utils import coordinate_to_tuple

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.formula_parts import parse
from roi_xl.audit.rule import Fault, Skip, Verdict, rule
from roi_xl.audit.snapshot import CellRef
from roi_xl.errors import ErrorValue
from roi_xl.text import LANGUAGES, table
from roi_xl.units import fold
from roi_xl.workbook.sheet_writer import CHECKS_FLAG
from roi_xl.workbook.sheets.functions import UNIT
from roi_xl.xlsx.cell_reader import plain

TOLERANCE = 1e-9  # relative; what separates two hosts that calculate in double precision

# faults by which the model is no longer the one that was built, whatever was typed into it
CHANGED = frozenset(
    {
        "formula_gone",
        "formula_changed",
        "formula_added",
        "pasted_number",
        "sheet_missing",
        "name_missing",
        "name_broken",
        "name_elsewhere",
        "header",
        "check_gone",
        "unreadable",
    }
)
STALE = frozenset({"value_differs", "no_value", "number_as_text"})


def is_intact(comparison: Comparison, verdicts: Iterable[Verdict]) -> bool | None:
    """Whether the model is the one that was built; None for a file of another version."""
    found = {f.key for v in verdicts for f in v.faults if not f.warn}
    if found & CHANGED:
        return False
    return True if comparison.same_version else None


def is_fresh(comparison: Comparison, verdicts: Iterable[Verdict]) -> bool | None:
    """Whether each stored result is what the inputs give; None where that cannot be recomputed."""
    if not comparison.file.has_values:
        return False
    if any(f.key in STALE for v in verdicts for f in v.faults if not f.warn):
        return False
    trusted = comparison.filled is not None and comparison.filled.trusted
    unknown = comparison.problems or trusted or not comparison.same_version
    return None if unknown else True


@rule(0, compares=True)
def results_are_recomputed(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each formula is the one of a freshly built workbook, each result the one Python computes."""
    if comparison.problems:
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
    yield from _typed_formulas(comparison)
    if not comparison.problems and comparison.file.has_values:
        yield from _values(comparison, broken)
    yield from _texts(comparison, typed)


def _typed_formulas(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Formulas in input cells: a stored value that is out of date, or that had to be trusted."""
    filled = comparison.filled
    if filled is None:
        return
    for where, (stored, value) in filled.recomputed.items():
        sheet, _, cell = where.rpartition("!")
        if stored is not None:
            yield Fault(sheet, cell, "value_differs", _shown(stored), _shown(value))
    for where in filled.trusted:
        sheet, _, cell = where.rpartition("!")
        formula = comparison.file.formulas.get(CellRef(sheet, cell), "")
        yield Fault(sheet, cell, "formula_trusted", f"={formula}", warn=True)


def _values(comparison: Comparison, broken: set[CellRef]) -> Iterator[Fault]:
    foreign = comparison.file.saved_by != "roi_xl"
    for at, expected in comparison.expected.items():
        if at in broken or at not in comparison.file.formulas:
            continue
        found = comparison.file.stored.get(at)
        if found is None or same(found, expected):
            continue
        if foreign and ErrorValue.of(found) and ErrorValue.of(expected):
            continue  # programs show different errors where no result exists
        yield Fault(*at, "value_differs", _shown(found), _shown(expected))


def _texts(comparison: Comparison, typed: frozenset[CellRef]) -> Iterator[Fault]:
    """Words that read differently from those built; a warning, since no figure depends on them."""
    for at, cell in comparison.twin.cells.items():
        if (
            cell.data_type != "s"
            or not cell.value
            or at in typed
            or at.sheet not in comparison.file.sheets
        ):
            continue
        if comparison.keys[at.sheet] == "functions" and cell.column == UNIT:
            continue  # in the currency that was chosen when the file was made
        found = comparison.file.cells.get(at)
        expected = plain(str(cell.value))
        if at not in comparison.file.formulas and (found is None or found.value != expected):
            shown = "" if found is None else str(found.value)
            yield Fault(*at, "text_differs", shown[:80], expected[:80], warn=True)


def same(found: object, expected: object) -> bool:
    """Whether two stored values are equal, to the precision of a double.

    Words are equal in any accepted spelling: a cell that repeats an input shows it as it was typed.
    """
    if expected is None or expected == "":
        return found in (None, "")
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(found, str) and isinstance(expected, str) and found != expected:
        return _words_of(found) == _words_of(expected)
    return found == expected


def _words_of(said: str) -> list[str]:
    """A text, or the parts of a key, with each accepted word as its own key."""
    known = _choices()
    return [known.get(word, word) for word in map(fold, said.split("|"))]


@cache
def _choices() -> dict[str, str]:
    """Every word that an input is chosen from, in all languages, with its key."""
    words = {fold(said): key for lang in LANGUAGES for key, said in table("choice", lang).items()}
    return {fold(key): key for key in words.values()} | words


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value)[:80]


@rule(33, compares=True)
def checks_are_present(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Every check is a formula on the Checks sheet that is TRUE or FALSE."""
    title = comparison.titles.get("checks")
    if title is None:
        yield Skip("no_checks", applies=False)
        return
    for at, expected in comparison.expected.items():
        if at.sheet == title and isinstance(expected, bool):
            found = comparison.file.value(at)
            if at not in comparison.file.formulas:
                yield Fault(*at, "check_gone", _shown(found))
            elif found is not None and not isinstance(found, bool) and not comparison.problems:
                yield Fault(*at, "check_not_boolean", _shown(found))


@rule(34)
def flag_on_every_sheet(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each sheet shows in words at its top whether all checks pass."""
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
            bad = not isinstance(value, str) or ErrorValue.of(value) is not None
            if value is not None and bad and not comparison.problems:
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
    """No formula shows an error or lacks its result, and all checks pass."""
    if not comparison.file.has_values:
        yield Skip("no_stored_values")
        return
    if comparison.problems:
        yield Skip("bad_input")  # what depends on a bad cell shows errors, one fault many times
        return
    for at in comparison.file.formulas:
        value, expected = comparison.file.stored.get(at), comparison.expected.get(at)
        if value is None and expected not in (None, ""):
            yield Fault(*at, "no_value", f"={comparison.file.formulas[at]}")
        elif ErrorValue.of(value) is not None:
            # a result that does not exist for these inputs is for the user to see, not a fault
            agreed = ErrorValue.of(expected) is not None
            yield Fault(*at, "error_value", str(value), warn=agreed)
    flag = _flag(comparison)
    if flag is not None and comparison.file.value(flag) is not True:
        yield Fault(*flag, "flag_false", _shown(comparison.file.value(flag)))
