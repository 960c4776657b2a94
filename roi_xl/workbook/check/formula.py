"""A formula taken apart: its functions, numbers and references, its depth, and a spelling to compare."""

import re
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries

_SHEET = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!(.+)$")
_CELLS = re.compile(r"^\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?$", re.I)
_WHOLE = re.compile(r"^(\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+)$", re.I)
_TABLE = re.compile(r"^([A-Za-z_][\w.]*)\[")
_CONDITIONS = frozenset({"IF", "IFS", "SWITCH"})


@dataclass(frozen=True, slots=True)
class Reference:
    """One operand that points somewhere: cells, a name, a table, a whole column."""

    text: str
    sheet: str | None  # None: the formula's own
    target: str

    @property
    def is_cells(self) -> bool:
        """A cell or a range of cells."""
        return _CELLS.match(self.target) is not None

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
    references: list[Reference] = []
    written: list[str] = []
    stack: list[bool] = []
    depth = 0
    tokens = Tokenizer(f"={formula}").items
    for i, token in enumerate(tokens):
        if token.type == Token.WSPACE:
            continue
        said = token.value
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            name = said[:-1]
            functions.append(name)
            stack.append(bare(name) in _CONDITIONS)
            depth = max(depth, sum(stack))
            said = f"{bare(name)}("
        elif token.type == Token.FUNC and stack:
            stack.pop()
        elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
            number = float(said)
            numbers.append(-number if _negated(tokens, i) else number)
            said = repr(number)
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            reference = _reference(said)
            references.append(reference)
            said = f"{reference.sheet or ''}!{reference.target.upper()}"
        written.append(said)
    return Parsed(tuple(functions), tuple(numbers), tuple(references), depth, "".join(written))


def _negated(tokens: list[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].type == Token.OP_PRE and tokens[i - 1].value == "-"


def _reference(said: str) -> Reference:
    found = _SHEET.match(said)
    if found is None:
        return Reference(said, None, said)
    sheet = (found[1] or found[2]).replace("''", "'")
    return Reference(said, sheet.lstrip("$"), found[3])


def moved(formula: str, origin: str, target: str) -> str:
    """The formula as it reads when it is copied from one cell to another."""
    return parse(Translator(f"={formula}", origin).translate_formula(target)[1:]).spelling
