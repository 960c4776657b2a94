"""Calls FT_ functions as LAMBDA names in IronCalc, a spreadsheet engine independent of ours."""

from collections.abc import Sequence
from typing import Any

import ironcalc

from roi_xl import FUNCTIONS
from roi_xl.hosts.excel.lambdas import lambda_names
from tests.hosts.arguments import Call, literal

FIRST_ARGUMENT_COLUMN = 30  # results spill to the left of it
ROWS_APART = 2
LONGEST_TABLE = 610  # rows: a cash flow of the longest horizon


class LambdaHost:
    """A workbook of one language that defines every name; each `evaluate` starts with empty cells."""

    def __init__(self, language: str = "zh") -> None:
        self._names = {n.name: n.formula for n in lambda_names(FUNCTIONS.values(), language)}

    @property
    def functions(self) -> list[str]:
        """The functions this host has."""
        return list(self._names)

    def evaluate(self, calls: Sequence[Call], *, literals: bool = False) -> list[Any]:
        """What each call gives: a number, text or error's text; rows of them for ranges.

        Arguments are put into cells (`None` leaves its cell blank) or, with `literals`, written
        into the formula (`None` leaves its place empty, as in `FT_X(1,,2)`).
        """
        model = ironcalc.create("host", "en", "UTC", "en")
        for name in sorted({name for name, _ in calls}):
            model.new_defined_name(name, None, self._names[name])
        places = []
        row = 1
        for name, args in calls:
            written = [
                literal(a) if literals else self._put(model, row, i, a) for i, a in enumerate(args)
            ]
            model.set_user_input(0, row, 1, f"={name}({','.join(written)})")
            table = FUNCTIONS[name].mode == "whole"
            height, width = _shape(args)
            places.append((row, height, width, table))
            row += LONGEST_TABLE if table else height + ROWS_APART
        model.evaluate()
        return [
            _read_table(model, row) if table else _read(model, row, height, width)
            for row, height, width, table in places
        ]

    def _put(self, model: Any, row: int, index: int, value: Any) -> str:
        block = value if isinstance(value, list) else [[value]]
        left = FIRST_ARGUMENT_COLUMN + 10 * index
        for i, cells in enumerate(block):
            for j, cell in enumerate(cells):
                _write(model, row + i, left + j, cell)
        letters = [ironcalc.column_name_from_number(left + j) for j in (0, len(block[0]) - 1)]
        first, last = f"{letters[0]}{row}", f"{letters[1]}{row + len(block) - 1}"
        return first if first == last else f"{first}:{last}"


def _write(model: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        model.update_cell_with_bool(0, row, column, value)
    elif isinstance(value, float | int):
        model.update_cell_with_number(0, row, column, float(value))
    elif value.startswith("#"):
        model.set_user_input(0, row, column, value)
    else:
        model.update_cell_with_text(0, row, column, value)


def _shape(args: Sequence[Any]) -> tuple[int, int]:
    blocks = [a for a in args if isinstance(a, list)]
    return max((len(b) for b in blocks), default=1), max((len(b[0]) for b in blocks), default=1)


def _read(model: Any, row: int, height: int, width: int) -> Any:
    rows = [[model.get_cell_value(0, row + i, 1 + j) for j in range(width)] for i in range(height)]
    return rows if (height, width) != (1, 1) else rows[0][0]


def _read_table(model: Any, row: int) -> Any:
    """The block that spilled from a cell, as far as it is filled; one cell is a value."""
    height = next(i for i in range(LONGEST_TABLE) if model.get_cell_value(0, row + i, 1) is None)
    width = next(j for j in range(1, 30) if model.get_cell_value(0, row, 1 + j) is None)
    return _read(model, row, height, width)
