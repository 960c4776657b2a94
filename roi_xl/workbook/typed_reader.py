"""Reads what a person typed into a workbook beside its case, and names what no new one can hold."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS, Key, Typed
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show
from roi_xl.prices.reader import sheet_of_range
from roi_xl.prices.sheet import market_of
from roi_xl.text import LANGUAGES, text
from roi_xl.units import allowed
from roi_xl.workbook.contents import SHEETS
from roi_xl.xlsx.addresses import (
    ALTERNATIVES,
    LLM_ADDED,
    LLM_LISTED,
    PRICE_TABLE,
    RANGE_ENDS,
    Area,
    area_of,
)
from roi_xl.xlsx.cell_reader import Cell, Contents, address

SINGLE = ("swing", "scenario", "prices_as_of", "llm_lookup_model")
COLUMNS = (*(f"scenario_{s}" for s in SCENARIOS), *(f"range_{end}" for end in RANGE_ENDS))
TABLES = (PRICE_TABLE, LLM_LISTED, LLM_ADDED, ALTERNATIVES)
_MARKET = 3  # its column in the price table, from 0
_OWN = range(5, 8)  # own prices beside a model
_USED = range(8, 11)  # formulas of ours: the prices that count
_KEYS = 2  # the column of keys on Inputs
_FIRST_ALTERNATIVE = 3  # behind key, unit and this case


class Read:
    """The cells of a workbook that people type in, by the name of their area."""

    def __init__(self, path: Path, contents: Contents) -> None:
        self.path = path
        areas = {name: area_of(contents, name) for name in (*SINGLE, *COLUMNS, *TABLES)}
        self.areas: dict[str, Area] = {n: a for n, a in areas.items() if a is not None}
        sheets = {area.sheet for area in self.areas.values()}
        covered = {t: [a for a in self.areas.values() if a.sheet == t] for t in sheets}
        if (likely := self.areas.get("range_likely")) is not None:  # with the keys of its rows
            keys = Area(likely.sheet, likely.top, _KEYS, likely.bottom, _KEYS)
            covered[likely.sheet].append(keys)
        self._cells = contents.cells({title: _within(areas) for title, areas in covered.items()})
        ours = sheets | {
            text(f"workbook.sheet.{key}.title", lang) for key in SHEETS for lang in LANGUAGES
        }
        self.foreign = tuple(t for t in contents.sheets if t not in ours)
        self.commented = tuple(t for t in contents.commented() if t in ours)

    def cell(self, area: Area, row: int, column: int) -> Cell:
        """A cell of an area, counted from the area's first."""
        place = (area.top + row, area.left + column)
        return self._cells.get(area.sheet, {}).get(place, Cell(None))

    def lines(self, name: str) -> Iterator[tuple[int, list[object]]]:
        """The rows of an area in which something stands, with their place in it."""
        area = self.areas.get(name)
        if area is None:
            return
        filled = sorted({r for r, c in self._cells.get(area.sheet, {}) if area.holds(r, c)})
        for row in filled:
            at = row - area.top
            yield at, [self.cell(area, at, i).value for i in range(area.right - area.left + 1)]

    def key(self, area: Area, row: int) -> str:
        """The key in the sheet's column of keys, beside a cell of an area."""
        value = self._cells.get(area.sheet, {}).get((area.top + row, _KEYS), Cell(None)).value
        return value if isinstance(value, str) else ""

    def where(self, name: str, row: int, column: int) -> str:
        """A cell of an area as a person writes it."""
        area = self.areas[name]
        return f"{area.sheet}!{address(area.top + row, area.left + column)}"

    def formulas(self) -> Iterator[str]:
        """Cells of all areas in which a formula stands."""
        found = {
            (area.sheet, row, column)
            for area in self.areas.values()
            for (row, column), cell in self._cells.get(area.sheet, {}).items()
            if cell.formula is not None and area.holds(row, column)
        }
        return (f"{sheet}!{address(row, column)}" for sheet, row, column in sorted(found))


def read_typed(path: Path, contents: Contents) -> Typed:
    """What was typed beside the case.

    Raises:
        BadInput: an alternative's cell holds what its input may not be; the message names the cell.
    """
    read = Read(path, contents)
    cells: dict[Key, Any] = {}
    for name in ("prices_as_of", "llm_lookup_model"):
        if name in read.areas:
            value = read.cell(read.areas[name], 0, 0).value
            cells[name, "", ""] = value.date() if isinstance(value, dt.datetime) else value
    for _, line in read.lines(LLM_LISTED):
        for column in _OWN:
            if line[column] is not None:
                cells["llm_own", f"{line[0]}|{line[1]}", str(column)] = line[column]
    cells |= _lone_likely(read)
    return Typed(
        cells,
        {
            PRICE_TABLE: tuple(_unfinished(read)),
            LLM_ADDED: tuple(_added(read)),
        },
        _alternatives(read),
        read.foreign,
        read.commented,
        tuple(_own_formulas(read)),
    )


def _lone_likely(read: Read) -> dict[Key, Any]:
    """Likely values of ranges without ends, by input."""
    found: dict[Key, Any] = {}
    low, likely, high = (read.areas.get(f"range_{end}") for end in RANGE_ENDS)
    if low is None or likely is None or high is None:
        return found
    for row, line in read.lines("range_likely"):
        ends = (read.cell(low, row, 0).value, read.cell(high, row, 0).value)
        name = read.key(likely, row).removeprefix("range_")
        if line[0] is not None and ends == (None, None) and name in INPUTS:
            found["range", name, "likely"] = line[0]
    return found


def _within(areas: list[Area]) -> Any:
    return lambda row, column: any(area.holds(row, column) for area in areas)


def _own_formulas(read: Read) -> Iterator[str]:
    """Formulas where ours would be values."""
    links = set()
    for name, columns in ((ALTERNATIVES, range(_FIRST_ALTERNATIVE)), (LLM_ADDED, _USED)):
        area = read.areas.get(name)
        if area is not None:
            rows = range(area.bottom - area.top + 1)
            links |= {read.where(name, row, column) for row in rows for column in columns}
    return (cell for cell in read.formulas() if cell not in links)


def _added(read: Read) -> Iterator[tuple[Any, ...]]:
    """Models that somebody added."""
    for _, line in read.lines(LLM_ADDED):
        typed = [None if i in _USED else value for i, value in enumerate(line)]
        if any(value is not None for value in typed):
            yield tuple(typed)


def _unfinished(read: Read) -> Iterator[tuple[Any, ...]]:
    """Rows of the price table that are no price yet; the market as its key."""
    for _, line in read.lines(PRICE_TABLE):
        if not len(sheet_of_range([line])):
            market = line[_MARKET]
            known = market_of(market) if isinstance(market, str) and market.strip() else None
            line[_MARKET] = known or market
            yield tuple(line)


def _alternatives(read: Read) -> tuple[tuple[str, dict[str, Any]], ...] | None:
    lines = list(read.lines(ALTERNATIVES))
    if not lines or lines[0][0] != 0:
        return None
    names = lines[0][1][_FIRST_ALTERNATIVE:]
    found: list[tuple[str, dict[str, Any]]] = [("" if n is None else str(n), {}) for n in names]
    for row, line in lines[1:]:
        name = str(line[0]).removeprefix("alternative_")
        if name not in INPUTS:
            continue
        entry = INPUTS[name]
        for i, raw in enumerate(line[_FIRST_ALTERNATIVE:]):
            if raw is None or (isinstance(raw, str) and not raw.strip()):
                continue
            try:
                found[i][1][name] = entry.read(raw)
            except BadInput:
                raise BadInput(
                    "cell_value",
                    path=read.path,
                    cell=read.where(ALTERNATIVES, row, _FIRST_ALTERNATIVE + i),
                    name=name,
                    label=entry.label(),
                    found=show(raw),
                    allowed=allowed(entry.quantity),
                ) from None
    return tuple(found)
