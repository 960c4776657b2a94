"""Parses formulas: functions, numbers, references, nesting, and a spelling to compare.

Formulas of a row differ only in their cells. So the cells are replaced by a placeholder first, and the
result, a shape, is parsed once for all formulas that share it.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import column_index_from_string

_PLACE = "ZZPLACE"  # stands in a shape for a cell or range
_CELLS = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?"
_SPLIT = re.compile(
    rf"""("(?:[^"]|"")*")|(?<![\w.$!'\]])((?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)?({_CELLS})(?![\w.(\[!:])"""
)
_SHEET = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!(.+)$")
_WHOLE = re.compile(r"^(\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+)$", re.I)
_TABLE = re.compile(r"^([A-Za-z_][\w.]*)\[")
_CORNER = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)")
_TRUTH = re.compile(r"\b(TRUE|FALSE)\(\)")
_SHAPES = frozenset(
    {"ROW", "ROWS", "COLUMN", "COLUMNS"}
)  # they read where cells are, not what they hold
_CONDITIONS = frozenset({"IF", "IFS", "SWITCH"})

Box = tuple[int, int, int, int]  # first column, first row, last column, last row


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference in a formula: cells, a name, a table, a whole column."""

    text: str
    sheet: str | None  # None: the formula's own
    target: str  # in capitals where it names cells
    is_cells: bool
    reads: bool = True  # false where only the place counts, as in ROWS(A1:A3)

    def relative(self, row: int, column: int) -> tuple[object, ...]:
        """The reference as offsets from its cell; absolute parts stay."""
        if not self.is_cells:
            return self.sheet, self.target
        steps = (
            (fixed_c, c if fixed_c else c - column, fixed_r, r if fixed_r else r - row)
            for fixed_c, c, fixed_r, r in corners(self.target)
        )
        return self.sheet, *steps

    @property
    def is_whole(self) -> bool:
        """A whole column or row."""
        return not self.is_cells and _WHOLE.match(self.target) is not None

    @property
    def table(self) -> str | None:
        """The table's name, where the reference is a structured one."""
        found = _TABLE.match(self.target)
        return found[1] if found else None

    @property
    def box(self) -> Box:
        """First column, first row, last column, last row."""
        return box_of(self.target)


@cache
def _number(letters: str) -> int:
    return int(column_index_from_string(letters))


@lru_cache(maxsize=200_000)
def corners(cells: str) -> tuple[tuple[bool, int, bool, int], ...]:
    """The corners of a cell or range: column and row, each with whether it is fixed by a dollar sign."""
    found = _CORNER.findall(cells.upper())
    return tuple((bool(c), _number(letters), bool(r), int(row)) for c, letters, r, row in found)


def box_of(cells: str) -> Box:
    """The box of a cell or range such as $A$1:B2."""
    found = corners(cells)
    return found[0][1], found[0][3], found[-1][1], found[-1][3]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The common part of formulas that differ only in their cells; one object each."""

    functions: tuple[str, ...]
    numbers: tuple[float, ...]
    depth: int
    pieces: tuple[str | Reference, ...]  # a place is a Reference without a target


@dataclass(frozen=True)
class Parsed:
    """One parsed formula."""

    shape: Shape
    cells: tuple[tuple[str, str], ...]  # sheet as written, cells

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions as written, with `_xlfn.` where it is used."""
        return self.shape.functions

    @property
    def plain_functions(self) -> tuple[str, ...]:
        """The functions without the prefixes of newer ones."""
        return tuple(bare(name) for name in self.shape.functions)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The literal numbers, with their sign."""
        return self.shape.numbers

    @property
    def depth(self) -> int:
        """How deep conditions are nested."""
        return self.shape.depth

    @cached_property
    def pieces(self) -> tuple[str | Reference, ...]:
        """Texts and references in order."""
        cells = iter(self.cells)
        return tuple(
            _placed(*next(cells), piece)
            if isinstance(piece, Reference) and not piece.target
            else piece
            for piece in self.shape.pieces
        )

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The references of the formula."""
        return tuple(p for p in self.pieces if isinstance(p, Reference))

    @property
    def spelling(self) -> str:
        """A spelling that is the same whichever program saved the formula."""
        return "".join(
            p if isinstance(p, str) else f"{p.sheet or ''}!{p.target}" for p in self.pieces
        )

    def relative(self, row: int, column: int) -> tuple[object, ...]:
        """A form that is the same in every cell that the formula is copied to."""
        return self.shape, *(r.relative(row, column) for r in self.references)


def bare(function: str) -> str:
    """A function's name without the prefix that files put before newer ones."""
    return re.sub(r"^(_XLFN\.|_XLWS\.|_XLPM\.)+", "", function.upper())


@lru_cache(maxsize=200_000)
def parse(formula: str) -> Parsed:
    """Parse a formula without its equals sign."""
    cells: list[tuple[str, str]] = []

    def cut(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        cells.append((found[2] or "", found[3]))
        return _PLACE

    return Parsed(shape_of(_SPLIT.sub(cut, formula)), tuple(cells))


@lru_cache(maxsize=20_000)
def shape_of(template: str) -> Shape:
    """Parse a formula whose cells were replaced by a placeholder."""
    functions: list[str] = []
    numbers: list[float] = []
    pieces: list[str | Reference] = []
    stack: list[str] = []
    depth = 0
    # some programs write the truth values as functions
    plain = _TRUTH.sub(r"\1", template)
    tokens = Tokenizer(f"={plain}").items
    for i, token in enumerate(tokens):
        said: str | Reference = token.value
        if token.type == Token.WSPACE:
            continue
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            functions.append(token.value[:-1].rpartition(":")[2])  # A1:INDEX( is one token
            stack.append(bare(functions[-1]))
            depth = max(depth, sum(name in _CONDITIONS for name in stack))
            said = f"{stack[-1]}("
        elif token.type == Token.FUNC and stack:
            stack.pop()
        elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
            number = float(token.value)
            numbers.append(-number if _negated(tokens, i) else number)
            said = repr(number)
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            said = _reference(token.value, reads=not stack or stack[-1] not in _SHAPES)
        pieces.append(said)
    return Shape(tuple(functions), tuple(numbers), depth, tuple(pieces))


def _negated(tokens: list[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].type == Token.OP_PRE and tokens[i - 1].value == "-"


def _reference(said: str, *, reads: bool) -> Reference:
    if said == _PLACE:
        return Reference("", None, "", True, reads)
    found = _SHEET.match(said)
    if found is None:
        return Reference(said, None, said.upper(), False, reads)
    return Reference(said, _title(found[1] or found[2]), found[3].upper(), False, reads)


def _placed(sheet: str, cells: str, piece: Reference) -> Reference:
    title = _title(sheet[:-1].strip("'")) if sheet else None
    return Reference(f"{sheet}{cells}", title, cells.upper(), True, piece.reads)


def _title(written: str) -> str:
    return written.replace("''", "'").lstrip("$")
