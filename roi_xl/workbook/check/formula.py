"""A formula taken apart: its functions, numbers and references, its depth, and a spelling to compare."""

import re
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import column_index_from_string, range_boundaries

_SHEET = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!(.+)$")
_CELLS = re.compile(r"^\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?$", re.I)
_WHOLE = re.compile(r"^(\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+)$", re.I)
_TABLE = re.compile(r"^([A-Za-z_][\w.]*)\[")
_CORNER = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)", re.I)
_SHAPES = frozenset(
    {"ROW", "ROWS", "COLUMN", "COLUMNS"}
)  # they read where cells are, not what they hold
_CONDITIONS = frozenset({"IF", "IFS", "SWITCH"})


@dataclass(frozen=True, slots=True)
class Reference:
    """One operand that points somewhere: cells, a name, a table, a whole column."""

    text: str
    sheet: str | None  # None: the formula's own
    target: str
    reads: bool = True  # false where only the place counts, as in ROWS(A1:A3)

    @property
    def is_cells(self) -> bool:
        """A cell or a range of cells."""
        return _CELLS.match(self.target) is not None

    def relative(self, row: int, column: int) -> str:
        """The reference as steps from the cell it is written in; absolute parts stay."""

        def corner(found: re.Match[str]) -> str:
            across = column_index_from_string(found[2].upper()) - (0 if found[1] else column)
            down = int(found[4]) - (0 if found[3] else row)
            return f"R{found[3]}{down}C{found[1]}{across}"

        steps = _CORNER.sub(corner, self.target) if self.is_cells else self.target.upper()
        return f"{self.sheet or ''}!{steps}"

    @property
    def is_whole(self) -> bool:
        """A whole column or row."""
        return _WHOLE.match(self.target) is not None

    @property
    def table(self) -> str | None:
        """The table's name, where the reference is a structured one."""
        found = _TABLE.match(self.target)
        return found[1] if found else None

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First column, first row, last column, last row."""
        left, top, right, bottom = range_boundaries(self.target.replace("$", ""))
        return int(left or 1), int(top or 1), int(right or 16384), int(bottom or 1048576)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One formula, taken apart."""

    functions: tuple[str, ...]  # as written, with _xlfn. where it stands
    numbers: tuple[float, ...]  # signed literals
    references: tuple[Reference, ...]
    depth: int  # levels of conditions inside one another
    spelling: str  # the same for every program that saves the formula
    pieces: tuple[str | Reference, ...] = ()

    def relative(self, row: int, column: int) -> str:
        """A spelling that is the same in every cell that the formula is copied to."""
        return "".join(p if isinstance(p, str) else p.relative(row, column) for p in self.pieces)

    @property
    def plain_functions(self) -> tuple[str, ...]:
        """The functions without the prefixes of newer ones."""
        return tuple(bare(name) for name in self.functions)


def bare(function: str) -> str:
    """A function's name without the prefix that files put before newer ones."""
    return re.sub(r"^(_XLFN\.|_XLWS\.|_XLPM\.)+", "", function.upper())


@lru_cache(maxsize=20_000)
def parse(formula: str) -> Parsed:
    """Take a formula, without its equals sign, apart."""
    functions: list[str] = []
    numbers: list[float] = []
    pieces: list[str | Reference] = []
    stack: list[str] = []
    depth = 0
    tokens = Tokenizer(f"={formula}").items
    for i, token in enumerate(tokens):
        said: str | Reference = token.value
        if token.type == Token.WSPACE:
            continue
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            functions.append(token.value[:-1])
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
    references = tuple(p for p in pieces if isinstance(p, Reference))
    spelled = (p if isinstance(p, str) else f"{p.sheet or ''}!{p.target.upper()}" for p in pieces)
    return Parsed(
        tuple(functions), tuple(numbers), references, depth, "".join(spelled), tuple(pieces)
    )


def _negated(tokens: list[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].type == Token.OP_PRE and tokens[i - 1].value == "-"


def _reference(said: str, *, reads: bool) -> Reference:
    found = _SHEET.match(said)
    if found is None:
        return Reference(said, None, said, reads)
    sheet = (found[1] or found[2]).replace("''", "'")
    return Reference(said, sheet.lstrip("$"), found[3], reads)
