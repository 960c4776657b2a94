"""Rules about formulas: no circular references or constants; short, consistent, known functions."""

from collections.abc import Iterator

from roi_xl.audit.comparison import DOCUMENTS, TYPED, Comparison
from roi_xl.audit.dependencies import loops
from roi_xl.audit.formula_parts import bare, parse
from roi_xl.audit.repeated_columns import beside, has_key, pair_of, relative, repeating
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.rules.layout import MODEL
from roi_xl.audit.snapshot import CellRef
from roi_xl.registry import FUNCTIONS


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# in Excel 2010, LibreOffice and WPS alike
KNOWN = _words("""
    ABS AND AVERAGE CHOOSE COLUMN COLUMNS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DAY EDATE
    EXACT EXP FALSE FLOOR IF IFERROR INDEX INT IRR ISBLANK ISERROR ISNA ISNUMBER ISTEXT LARGE LEFT LEN
    LN LOOKUP LOWER MATCH MAX MEDIAN MID MIN MOD MONTH N NA NOT NPV OR PI POWER PRODUCT RANK REPT RIGHT
    ROUND ROUNDDOWN ROUNDUP ROW ROWS SIGN SMALL SQRT SUBSTITUTE SUM SUMIF SUMIFS SUMPRODUCT T TEXT
    TRANSPOSE TRIM TRUE TRUNC UPPER VALUE VLOOKUP XIRR XNPV YEAR""")

# newer ones, which a file must write with _xlfn. in front
NEWER = _words("""
    AGGREGATE CONCAT FILTER IFNA IFS ISFORMULA ISOMITTED LAMBDA LET MAP MAXIFS MINIFS PERCENTILE.INC
    RANK.EQ REDUCE SCAN SEQUENCE SORT SORTBY SWITCH TAKE TEXTJOIN UNIQUE VSTACK XLOOKUP XMATCH XOR
    BYROW BYCOL CHOOSECOLS DROP HSTACK MAKEARRAY""")

VOLATILE = _words("CELL INDIRECT INFO NOW OFFSET RAND RANDARRAY RANDBETWEEN TODAY WEBSERVICE RTD")
ROUNDING = _words("CEILING FLOOR MROUND ROUND ROUNDDOWN ROUNDUP TRUNC")


_RECORDS = frozenset({"simulation", "sensitivity"})
LONGEST = 120
DEEPEST = 2
PLAIN_NUMBERS = frozenset((0.0, 1.0, -1.0))


@rule(11)
def no_circular_reference(comparison: Comparison) -> Iterator[Fault | Skip]:
    """No cell depends on itself, and iteration is off."""
    calculation = comparison.file.book.calculation
    if calculation is not None and calculation.iterate:
        yield Fault("xl/workbook.xml", "", "iteration")
    for loop in loops(comparison):
        path = " → ".join(f"{at.sheet}!{at.cell}" for at in loop[:8])
        yield Fault(*loop[0], "circular", path)


@rule(12)
def numbers_only_where_typed(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Numbers are typed on Inputs and the price sheets and calculated everywhere else."""
    typed = comparison.typed
    for at, cell in comparison.cells():
        key = comparison.keys[at.sheet]
        number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        if number and at in comparison.twin.formulas:
            yield Fault(*at, "pasted_number", str(cell.value), f"={comparison.twin.formulas[at]}")
        elif (
            number
            and key not in TYPED | DOCUMENTS
            and at not in typed
            and not _static(comparison, at)
        ):
            yield Fault(*at, "typed_number", str(cell.value))


def _static(comparison: Comparison, at: CellRef) -> bool:
    """Whether a number is part of a dated record, such as a simulation's result."""
    twin = comparison.twin.cells.get(at)
    return twin is not None and twin.data_type == "n" and comparison.keys[at.sheet] in _RECORDS


@rule(13)
def no_constants(comparison: Comparison) -> Iterator[Fault | Skip]:
    """The only numbers in formulas are 0, 1 and −1, but for the examples on Functions."""
    for at, formula, parsed in comparison.formulas():
        odd = [n for n in parsed.numbers if n not in PLAIN_NUMBERS]
        if odd and comparison.keys[at.sheet] != "functions":
            yield Fault(*at, "constant", ", ".join(f"{n:g}" for n in odd), f"={formula}")


@rule(23)
def one_formula_a_row(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each row of the model has the same formula in every column of its series."""
    pairs = {
        (comparison.titles[k], p)
        for k in MODEL
        if k in comparison.titles
        for p in repeating(comparison, comparison.titles[k])
    }
    if not pairs:
        yield Skip("no_series", applies=False)
    odd: set[CellRef] = comparison.notes.get("odd", set())
    for at, formula, _ in comparison.formulas(*MODEL):
        left = beside(at)
        if left is None or (at.sheet, pair_of(comparison, at)) not in pairs:
            continue
        if not has_key(comparison, at):
            continue
        if _as_twin(comparison, left) and _as_twin(comparison, at) and at not in odd:
            continue
        copied = relative(comparison.file, left)
        if copied is not None and copied != relative(comparison.file, at):
            shown = f"={comparison.file.formulas[left]} ({left.cell})"
            yield Fault(*at, "row_differs", f"={formula}", shown)


def _as_twin(comparison: Comparison, at: CellRef) -> bool:
    return comparison.file.formulas.get(at) == comparison.twin.formulas.get(at)


@rule(24)
def formulas_are_short(comparison: Comparison) -> Iterator[Fault | Skip]:
    """At most 120 characters on one line."""
    for at, formula, _ in comparison.formulas():
        if len(formula) + 1 > LONGEST and not _written_anew(comparison, at):
            yield Fault(*at, "long", str(len(formula) + 1), str(LONGEST))
        if "\n" in formula or "\r" in formula:
            yield Fault(*at, "lines")


def _written_anew(comparison: Comparison, at: CellRef) -> bool:
    """Whether a program has only spelled our own formula in more characters."""
    ours = comparison.twin.formulas.get(at)
    return ours is not None and parse(ours).spelling == parse(comparison.file.formulas[at]).spelling


@rule(25)
def conditions_are_flat(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Conditions are nested at most two deep."""
    for at, formula, parsed in comparison.formulas():
        if parsed.depth > DEEPEST:
            yield Fault(*at, "nested", f"{parsed.depth}: ={formula}", str(DEEPEST))


@rule(26)
def nothing_volatile(comparison: Comparison) -> Iterator[Fault | Skip]:
    """No function gives another result tomorrow for the same inputs."""
    for at, _, parsed in comparison.formulas():
        for name in parsed.plain_functions:
            if name in VOLATILE:
                yield Fault(*at, "volatile", name)


@rule(27)
def known_functions(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Only functions that every program has, newer ones with their prefix; no whole columns."""
    own = {name.upper() for name in (*FUNCTIONS, *comparison.twin.book.defined_names)}
    allowed = KNOWN | NEWER | VOLATILE | own
    for at, _, parsed in comparison.formulas():
        for written in parsed.functions:
            name = bare(written)
            if name in NEWER and not written.upper().startswith("_XLFN."):
                yield Fault(*at, "no_prefix", written, f"_xlfn.{name}")
            elif name not in allowed:
                yield Fault(*at, "unknown_function", name)
        for whole in dict.fromkeys(r.text for r in parsed.references if r.is_whole):
            yield Fault(*at, "whole_column", whole)


@rule(28, "warn")
def calculated_once(comparison: Comparison) -> Iterator[Fault | Skip]:
    """The same formula over the same cells is calculated once and linked elsewhere."""
    seen: dict[tuple[str, str], CellRef] = {}
    for at, formula, parsed in comparison.formulas(*MODEL):
        if len(parsed.references) < 2 or not any(mark in formula for mark in "+-*/^("):
            continue
        first = seen.setdefault((at.sheet, parsed.spelling), at)
        if first != at:
            yield Fault(*at, "twice", f"={formula}", first.cell)


@rule(29)
def round_only_to_show(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Only Summary rounds; elsewhere the number format does."""
    for at, _, parsed in comparison.formulas():
        for name in parsed.plain_functions:
            if name in ROUNDING and comparison.keys[at.sheet] != "summary":
                yield Fault(*at, "rounded", name)


@rule(30)
def no_iferror(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Calculation does not hide errors."""
    for at, _, parsed in comparison.formulas("calculation"):
        for name in parsed.plain_functions:
            if name in ("IFERROR", "IFNA"):
                yield Fault(*at, "iferror", name)
