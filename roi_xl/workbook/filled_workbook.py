"""Finds the cells that people type in: by defined name, row key and heading, in one pass over the file.

What cannot be found is refused by name. A value taken from the wrong row or sheet, or a default in the
place of one that was typed, would be a wrong figure without a word.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from roi_xl import __version__
from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS, scenario_label
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.functions.answers import show
from roi_xl.io.numbers import looks_blank, number
from roi_xl.text import LANGUAGES, table, text
from roi_xl.units import Quantity, allowed, fold, named_number, never_words
from roi_xl.workbook import layout
from roi_xl.xlsx.addresses import Area, area_of, is_broken
from roi_xl.xlsx.cell_reader import Cell, Contents, Place, address
from roi_xl.xlsx.formula_values import Recomputation

MAKER = "roi_xl "  # how the creator in the document properties begins
_COLUMNS = 64  # how far right headings and values beside keys are read
_SHEETS = 20  # looked through for keys, in a workbook without names

Located = tuple[str, Place]  # sheet, and row and column


class FilledWorkbook:
    """The filled cells of a workbook, with the names and keys by which they are found."""

    def __init__(
        self, path: Path, contents: Contents, problems: list[BadInput] | None = None
    ) -> None:
        """Read the cells of a file.

        Args:
            path: the file, for messages.
            contents: its sheets.
            problems: where errors are noted, so that a checker sees them all; what a bad cell holds
                then counts as blank. None raises the first.
        """
        self.path, self.contents, self.problems = path, contents, problems
        self.areas: dict[str, Area] = {
            name: area
            for name in (*INPUTS, *layout.NAMES)
            if (area := area_of(contents, name)) is not None
        }
        self.cells = contents.cells(self._wanted())
        self.recomputed: dict[str, tuple[object, float]] = {}  # cell: stored and recomputed value
        self.trusted: list[str] = []  # cells whose formula could not be recomputed
        self.numbers_as_text: list[str] = []  # cells whose text was read as a number
        self.price_rows: list[int] = []  # of the GPU prices, in the order of the price sheet
        self._recomputation = Recomputation(contents)
        self.inputs = self._locate_inputs()
        if not self.inputs:
            raise BadWorkbook("no_inputs", path=path)
        if self.is_ours:
            for name in layout.REQUIRED:
                if name not in self.areas and (area := self._without_name(name)) is not None:
                    self.areas[name] = area
            self._refuse_lost_names()
            self._refuse_misplaced_names()

    def report(self, error: BadInput) -> None:
        """Raise an error, or note it where all are collected."""
        if self.problems is None:
            raise error
        if str(error) not in map(str, self.problems):
            self.problems.append(error)

    # --- what kind of workbook it is ---

    @cached_property
    def is_ours(self) -> bool:
        """Whether it was made by this package, as far as the file still shows."""
        return (
            self.contents.creator.startswith(MAKER)
            or any(self.contents.targets(name) for name in layout.NAMES)
            or len(layout.all_titles() & set(self.contents.sheets)) > 1
        )

    @cached_property
    def is_this_version(self) -> bool:
        """Whether it was made by this version, so that it has every input."""
        return self.contents.creator == f"{MAKER}{__version__}"

    # --- cells ---

    def cell(self, sheet: str, place: Place) -> Cell:
        """A cell; a blank one where the file has none."""
        return self.cells.get(sheet, {}).get(place, Cell(None))

    def value(self, sheet: str, place: Place, about: Mapping[str, object]) -> object:
        """The value of a cell that a person types in; None for a blank.

        A formula is recomputed where that is possible, for its stored value may be out of date.
        Otherwise the stored value is trusted, and the cell noted in `trusted`.

        Raises:
            BadInput: the formula can be neither recomputed nor read, or the cell only looks blank.
        """
        cell, where = self.cell(sheet, place), f"{sheet}!{address(*place)}"
        value = cell.value
        if cell.formula is not None:
            found = self._recomputation.value(sheet, cell.formula)
            if found is not None:
                if not _same(value, found):
                    self.recomputed[where] = (value, found)
                value = found
            elif value is None:
                formula = show(cell.formula)[1:-1]
                self.report(
                    BadInput("cell_no_value", path=self.path, cell=where, found=formula, **about)
                )
            elif where not in self.trusted:
                self.trusted.append(where)
        if isinstance(value, str):
            if looks_blank(value):
                codes = ", ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in value))
                self.report(
                    BadInput("cell_invisible", path=self.path, cell=where, found=codes, **about)
                )
            if not value.strip():
                return None
        return value

    def input_value(self, name: str, sheet: str, place: Place) -> object:
        """The value of an input's cell; a number written as text is read as a number.

        Raises:
            BadInput: as `value`, or the text may be two numbers.
        """
        about = {"name": name, "label": INPUTS[name].label()}
        value = self.value(sheet, place, about)
        if isinstance(value, str) and INPUTS[name].quantity.kind == "number":
            return self.as_number(value, INPUTS[name].quantity, f"{sheet}!{address(*place)}", about)
        return value

    def as_number(
        self, written: str, quantity: Quantity, where: str, about: Mapping[str, object]
    ) -> object:
        """The number that a text stands for, or the text where it is a word or no number.

        Raises:
            BadInput: the text may be two numbers.
        """
        word = (quantity.never and fold(written) in never_words()) or (
            quantity.named and named_number(quantity, written) is not None
        )
        if word:
            return written
        return self.number_in_text(written, where, about)

    def number_in_text(
        self, written: str, where: str, about: Mapping[str, object], currency: str = ""
    ) -> object:
        """The number that a text stands for, else the text; None where it may be two numbers.

        Raises:
            BadInput: the text may be two numbers.
        """
        try:
            found = number(written, currency=currency)
        except BadInput:
            self.report(
                BadInput("cell_ambiguous", path=self.path, cell=where, found=show(written), **about)
            )
            return None
        if found is None:
            return written
        if where not in self.numbers_as_text:
            self.numbers_as_text.append(where)
        return found

    def refuse(self, error: BadInput, sheet: str, place: Place, name: str) -> None:
        """Report the error with the cell in which a value is not allowed."""
        if error.key != "input_value":
            self.report(BadInput("in_file", path=self.path, reason=error))
            return
        self.report(
            BadInput(
                "cell_value",
                path=self.path,
                cell=f"{sheet}!{address(*place)}",
                name=name,
                label=INPUTS[name].label(),
                found=show(self.cell(sheet, place).value),
                allowed=allowed(INPUTS[name].quantity),
            )
        )

    # --- keys and headings ---

    def key_rows(self, sheet: str, prefix: str = "") -> dict[str, int]:
        """The row of each input on a sheet, by the keys in its first columns.

        Raises:
            BadInput: a key stands in two rows, so that either may be meant.
        """
        found: dict[str, int] = {}
        for name, places in self._keys(sheet, prefix).items():
            rows = sorted({row for row, _ in places})
            if len(rows) > 1:
                first, second = (f"{sheet}!{address(*p)}" for p in sorted(places)[:2])
                key = f"{prefix}{name}"
                self.report(
                    BadInput("key_twice", path=self.path, name=key, first=first, second=second)
                )
            found[name] = rows[0]
        return found

    def _keys(self, sheet: str, prefix: str = "") -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for (row, column), cell in self.cells.get(sheet, {}).items():
            if column <= layout.KEY_COLUMNS and row <= layout.KEY_ROWS:
                name = layout.input_of_key(cell.value, prefix)
                if name is not None:
                    found.setdefault(name, []).append((row, column))
        columns = Counter(column for places in found.values() for _, column in places)
        own = columns.most_common(1)[0][0] if columns else 0
        # the unit beside a key may be the same word, such as epochs
        keyed = {row for places in found.values() for row, column in places if column == own}
        return {
            name: [p for p in places if p[1] == own or p[0] not in keyed] or places
            for name, places in found.items()
        }

    def heading_above(self, area: Area) -> str | None:
        """The text above a column of values: in the row before it, or a little further up."""
        for row in range(area.top - 1, max(0, area.top - 4), -1):
            value = self.cell(area.sheet, (row, area.left)).value
            if isinstance(value, str) and value.strip():
                return value.strip()
        return None

    def columns(self, area: Area, heads: Iterable[str], row: int) -> dict[str, int]:
        """The column of each heading of a table, wherever it stands.

        Args:
            area: the table without its headings.
            heads: keys of the headings that must be there.
            row: the row of the headings.

        Raises:
            BadInput: a heading is missing or stands there twice.
        """
        said: dict[str, list[int]] = {}
        for column in range(area.left, min(area.right, area.left + _COLUMNS) + 1):
            value = self.cell(area.sheet, (row, column)).value
            if isinstance(value, str):
                said.setdefault(value.strip(), []).append(column)
        found: dict[str, int] = {}
        missing: list[str] = []
        for head in heads:
            columns = [c for h in layout.headings(head) for c in said.get(h, [])]
            if len(columns) > 1:
                cells = ", ".join(f"{area.sheet}!{address(row, c)}" for c in columns)
                self.report(BadInput("table_heading_twice", path=self.path, found=cells))
            if columns:
                found[head] = columns[0]
            else:
                missing.append(text(f"workbook.head.{head}"))
        if missing:
            where = f"{area.sheet}!{address(row, area.left)}"
            said_missing = ", ".join(missing)
            self.report(
                BadInput("table_heading_missing", path=self.path, cell=where, found=said_missing)
            )
        return found

    def filled_rows(self, area: Area) -> list[int]:
        """The rows of an area in which something stands."""
        return sorted({r for r, c in self.cells.get(area.sheet, {}) if area.holds(r, c)})

    # --- locating ---

    def _wanted(self) -> dict[str, Callable[[int, int], bool]]:
        by_sheet: dict[str, list[Area]] = {}
        for area in self.areas.values():
            by_sheet.setdefault(area.sheet, []).append(area)
        for title in layout.titles("inputs").values():
            if title in self.contents.sheets:
                by_sheet.setdefault(title, [])
        return {title: _near_or_in(areas) for title, areas in by_sheet.items()}

    def _locate_inputs(self) -> dict[str, Located]:
        """The base cell of each input: by its name, else by its key on the sheet of the inputs."""
        named: dict[str, Located] = {
            name: (area.sheet, (area.top, area.left))
            for name, area in self.areas.items()
            if name in INPUTS and area.is_cell
        }
        if len(named) == len(INPUTS):
            return named
        sheet = self._inputs_sheet(named)
        if sheet is None:
            return named
        rows = self._unnamed_rows(sheet, named)
        columns = {name: max(c for _, c in self._keys(sheet)[name]) + 1 for name in rows}
        if named and self.is_ours:  # the column of the other inputs
            base = Counter(column for _, (_, column) in named.values()).most_common(1)[0][0]
            columns = dict.fromkeys(rows, base)
        return named | {name: (sheet, (row, columns[name])) for name, row in rows.items()}

    def _unnamed_rows(self, sheet: str, named: Mapping[str, Located]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, places in self._keys(sheet).items():
            if name in named:
                continue
            rows = sorted({row for row, _ in places})
            if len(rows) > 1:
                self.key_rows(sheet)  # says which
            found[name] = rows[0]
        return found

    def _inputs_sheet(self, named: Mapping[str, Located]) -> str | None:
        """The sheet on which keys are looked for.

        Raises:
            BadInput: two sheets could be it, such as the inputs and an old copy of them.
        """
        if named:
            return Counter(sheet for sheet, _ in named.values()).most_common(1)[0][0]
        titles = list(self.contents.sheets)[:_SHEETS]
        unread = {t: _near_or_in([]) for t in titles if t not in self.cells}
        self.cells |= self.contents.cells(unread)
        counts = {title: len(self._keys(title)) for title in titles}
        most = max(counts.values(), default=0)
        if most == 0:
            return None
        likely = [title for title, count in counts.items() if count and 2 * count >= most]
        ours = [title for title in likely if title in layout.titles("inputs").values()]
        chosen = ours or likely
        if len(chosen) > 1:
            self.report(BadInput("inputs_ambiguous", path=self.path, found=", ".join(chosen)))
        return chosen[0]

    def _without_name(self, name: str) -> Area | None:
        """Where a lost name must have referred to, by key or heading; None where that is in doubt."""
        found = [
            area for sheet in self._sheets_of(name) for area in self._likely_areas(name, sheet)
        ]
        return found[0] if len(found) == 1 else None

    def _sheets_of(self, name: str) -> list[str]:
        """The sheets on which a lost name may have stood, read if they were not."""
        keys = {layout.LIVE_SCENARIO: "inputs", layout.SWING: "ranges"}
        key = keys.get(name, "ranges" if name in layout.RANGES else "scenarios")
        titles = list(layout.titles(key).values())
        if key == "inputs" and (own := self._inputs_sheet(self.inputs)) is not None:
            titles.append(own)
        known = [t for t in dict.fromkeys(titles) if t in self.contents.sheets]
        unread = {t: _near_or_in([]) for t in known if t not in self.cells}
        self.cells |= self.contents.cells(unread)
        return known

    def _likely_areas(self, name: str, sheet: str) -> list[Area]:
        """The cells on a sheet that a lost name may have referred to."""
        texts = {
            place: cell.value.strip()
            for place, cell in self.cells.get(sheet, {}).items()
            if isinstance(cell.value, str)
        }
        if name in layout.SINGLE_CELLS:
            keys = [p for p, said in texts.items() if said == name and p[1] <= layout.KEY_COLUMNS]
            columns = self._value_columns(sheet)
            return [Area(sheet, r, c, r, c) for r, _ in keys for c in columns]
        if name in layout.RANGES:
            rows = list(self.key_rows(sheet, layout.RANGE_KEY).values())
            wanted = layout.headings(layout.RANGE_ENDS[layout.RANGES.index(name)])
        else:
            scenario = SCENARIOS[1 + layout.OWN_SCENARIOS.index(name)]
            rows = list(self.key_rows(sheet).values())
            wanted = frozenset(scenario_headings(scenario))
        heads = [
            (row, column)
            for (row, column), said in texts.items()
            if rows and min(rows) - 3 < row < min(rows) and said in wanted
        ]
        return [Area(sheet, min(rows), c, max(rows), c) for _, c in heads]

    def _value_columns(self, sheet: str) -> list[int]:
        """The column of the inputs, or of low values, whose keys stand on the sheet."""
        own = Counter(c for title, (_, c) in self.inputs.values() if title == sheet)
        if own:
            return [own.most_common(1)[0][0]]
        area = self.areas.get(layout.RANGES[0])
        if area is not None and area.sheet == sheet:
            return [area.left]
        return [a.left for a in self._likely_areas(layout.RANGES[0], sheet)]

    # --- refusals ---

    def _refuse_lost_names(self) -> None:
        lost = [name for name in layout.REQUIRED if name not in self.areas]
        lost += [name for name in INPUTS if name not in self.inputs and self._is_expected(name)]
        if lost:
            self.report(BadInput("names_lost", path=self.path, found=", ".join(lost)))

    def _is_expected(self, name: str) -> bool:
        return self.is_this_version or is_broken(self.contents, name)

    def _refuse_misplaced_names(self) -> None:
        """Refuse a name that refers to the row of another input, or to the column of a scenario."""
        sheet = self._inputs_sheet(self.inputs) or ""
        keys = self._keys(sheet)
        row_of = {name: {row for row, _ in places} for name, places in keys.items()}
        of_row: dict[int, set[str]] = {}
        for name, rows in row_of.items():
            for row in rows:
                of_row.setdefault(row, set()).add(name)
        columns = Counter(column for _, (_, column) in self.inputs.values())
        base = columns.most_common(1)[0][0]
        for name, (title, (row, column)) in self.inputs.items():
            there = of_row.get(row, set()) if title == sheet else set()
            wrong_row = (there and name not in there) or (not there and name in row_of)
            if not wrong_row and (title != sheet or column == base):
                continue
            rows = row_of.get(name, {row})
            self.report(
                BadInput(
                    "name_misplaced",
                    path=self.path,
                    name=name,
                    cell=f"{title}!{address(row, column)}",
                    expected=", ".join(f"{sheet}!{address(r, base)}" for r in sorted(rows)),
                )
            )

    def scenario_rows(self, area: Area) -> dict[str, int]:
        """The row of each input in a scenario's column.

        Raises:
            BadInput: the name covers something else than the scenario's values.
        """
        rows = {
            name: row for name, (sheet, (row, _)) in self.inputs.items() if sheet == area.sheet
        } or self.key_rows(area.sheet)
        if self.is_ours and any(not area.top <= row <= area.bottom for row in rows.values()):
            name = next(n for n, row in rows.items() if not area.top <= row <= area.bottom)
            self.report(BadInput("name_too_short", path=self.path, cell=area, name=name))
        return {name: row for name, row in rows.items() if area.top <= row <= area.bottom}

    def refuse_wrong_column(self, name: str, area: Area, own: Iterable[str]) -> None:
        """Refuse a column's name that stands under the heading of something else.

        Args:
            name: the defined name.
            area: what it refers to.
            own: the headings that it may stand under; a heading of the user's own is allowed, too.
        """
        if not self.is_ours:
            return
        heading = self.heading_above(area)
        if area.left != area.right or (heading in _known_headings() and heading not in own):
            said = show(heading or "")
            self.report(
                BadInput("column_misplaced", path=self.path, name=name, cell=area, found=said)
            )


def _near_or_in(areas: list[Area]) -> Callable[[int, int], bool]:
    """Near the top left, where keys and headings stand, or in one of the areas."""
    beyond = [a for a in areas if a.bottom > layout.KEY_ROWS or a.right > _COLUMNS]

    def wanted(row: int, column: int) -> bool:
        if row <= layout.KEY_ROWS and column <= _COLUMNS:
            return True
        return any(area.holds(row, column) for area in beyond)

    return wanted


def _same(stored: object, found: float) -> bool:
    if isinstance(stored, bool) or not isinstance(stored, (int, float)):
        return False
    return abs(stored - found) <= 1e-9 * max(1.0, abs(found))


def _known_headings() -> frozenset[str]:
    said = {h for language in LANGUAGES for h in _heads(language)}
    return frozenset(said | {scenario_label(s, lang) for s in SCENARIOS for lang in LANGUAGES})


def _heads(language: str) -> Iterator[str]:
    return (said for key, said in table("workbook", language).items() if key.startswith("head."))


def scenario_headings(scenario: str) -> list[str]:
    """What a scenario is called in every language."""
    return [scenario_label(scenario, language) for language in LANGUAGES]
