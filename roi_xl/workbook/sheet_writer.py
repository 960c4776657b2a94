"""A workbook in the making: typed cells, cached values, names; sheet modules write through it."""

import datetime as dt
import math
import numbers
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.case.checks import all_pass, run_checks
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import INPUTS, Case, Input
from roi_xl.case.study import Study, Typed
from roi_xl.errors import ErrorValue, OutputError
from roi_xl.functions.answers import show
from roi_xl.text import text, unit_text
from roi_xl.text.width import text_width
from roi_xl.units import never
from roi_xl.workbook import row_heights
from roi_xl.workbook.styles import named_styles
from roi_xl.xlsx.cell_reader import MOST_COLUMNS, MOST_ROWS

TEXT_LIMIT = 32_767  # UTF-16 units, as Excel counts
FORMULA_LIMIT = 8_191  # characters behind the `=`
_FIRST_YEAR = 1900
_IMPOSSIBLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_START = frozenset("=+-@\t\r")
_TO_ESCAPE = re.compile(r"\r|_(?=x[0-9A-Fa-f]{4}_)")


def cell_value(value: object) -> object:
    """The value, as it can stand in a cell: text, a finite number, a truth value or a date.

    Raises:
        ValueError: no cell can hold it.
    """
    if isinstance(value, (bool, str)):
        if isinstance(value, str) and (_utf16(value) > TEXT_LIMIT or _IMPOSSIBLE.search(value)):
            raise ValueError(value)
        return value
    if isinstance(value, dt.date):
        if value.year < _FIRST_YEAR:
            raise ValueError(value)
        return value
    if isinstance(value, (numbers.Real, Decimal)):
        return _finite(value)
    raise ValueError(value)


def _finite(value: numbers.Real | Decimal) -> float | int:
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(value) from None
    if not math.isfinite(number):
        raise ValueError(value)
    return int(value) if isinstance(value, numbers.Integral) else number


def _utf16(text: str) -> int:
    return len(text) + sum(ch > "\uffff" for ch in text)


def reads_as_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula if somebody typed it."""
    return unicodedata.normalize("NFKC", text[:1]) in _FORMULA_START


def escaped(text: str) -> str:
    """Text as the file holds it, where `_x000D_` stands for a carriage return."""
    return _TO_ESCAPE.sub(lambda found: "_x000D_" if found[0] == "\r" else "_x005F_", text)


LINE_HEIGHT = 16.5
LEAST_MONTHS = 36  # on the time axis of a workbook
TOP_HEIGHTS = (27.0, LINE_HEIGHT, LINE_HEIGHT)
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.4, "bottom": 0.6, "header": 0.2, "footer": 0.3}
CHECKS_FLAG, FLAG_COLUMN = "checks_ok", 4
WARNINGS = "warning_line"  # what is wrong, in a line; on every sheet
CURRENCY = "case_currency"
# units that a number format says, or that say nothing
_UNSAID = frozenset({"fraction", "choice", "text", "factor", "number", "any", "table", "count"})


@dataclass
class Book:
    """One workbook being built for one study in one language."""

    study: Study
    language: str
    stamp: dt.datetime
    alternatives: Sequence[Study] = ()
    edition: str = "plain"
    months: int = LEAST_MONTHS  # on the time axis behind month 0, in whole years
    unfilled: bool = False  # a template: inputs without a value are to be filled in
    as_of: dt.date = dt.date.max  # the day that the age of prices counts to
    workbook: Workbook = field(default_factory=Workbook)
    cached: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> sheet title, $A$1
    chart_texts: dict[str, list[str]] = field(default_factory=dict)  # by sheet title, in order
    flagged: bool = True  # whether every sheet says how the checks stand
    looks: dict[tuple[str, str | None], StyleArray] = field(default_factory=dict)
    groups: dict[str, dict[str, int]] = field(default_factory=dict)  # sheet title, cell, its group
    dynamic: set[tuple[str, str]] = field(default_factory=set)  # sheet title, cell

    typed: Typed = field(
        init=False
    )  # what the workbook that this one continues held beside the case
    case: Case = field(init=False)  # of the scenario in force
    results: dict[str, Any] = field(init=False)
    checks_pass: bool = field(init=False)
    # what a file holds of an earlier run, by sheet key and cell; kept where the run is out of date
    kept: Mapping[tuple[str, str], object] | None = None
    stale: bool = field(default=False, init=False)  # whether the run kept was of other inputs
    evaluated: dict[Any, dict[str, Any]] = field(default_factory=dict)
    wrapped: dict[str, tuple[float, bool]] = field(default_factory=dict)  # size to 11, bold

    def __post_init__(self) -> None:
        self.typed = self.study.typed or Typed()
        self.case = self.study.live_case
        self.results = self.evaluate(self.case)
        enough = self.case["horizon_months"] <= self.months  # the time axis may be too short
        self.checks_pass = enough and all_pass(run_checks(self.case, self.results))
        self.workbook.remove(self.workbook.active)  # type: ignore[arg-type]
        for style in named_styles(self.language):
            self.workbook.add_named_style(style)
            if style.alignment.wrap_text:
                self.wrapped[style.name] = (style.font.size or 11) / 11, bool(style.font.bold)

    @property
    def continues(self) -> bool:
        """Whether somebody has filled in the workbook that this one is made from."""
        return self.study.typed is not None

    def evaluate(self, case: Case) -> dict[str, Any]:
        """The results of a case with words in the workbook's language."""
        known = (*sorted((n, str(case[n])) for n in case.given), id(case.prices))
        if known not in self.evaluated:
            self.evaluated[known] = evaluate_case(case, self.language)
        return dict(self.evaluated[known])

    def say(self, key: str, **values: object) -> str:
        """A text of the workbook in its language."""
        return text(f"workbook.{key}", self.language, **values)

    def title(self, sheet: str) -> str:
        """A sheet's title in the workbook's language."""
        return self.say(f"sheet.{sheet}.title")

    def sheet(self, key: str, colour: str) -> "Page":
        """A new sheet at the end, with its title and purpose in the first two rows."""
        made = self.workbook.create_sheet(self.title(key))
        made.sheet_properties.tabColor = colour
        made.sheet_properties.codeName = f"Sheet_{key}"
        self.cached[made.title] = {}
        page = Page(self, made, key)
        page.put(1, 1, self.title(key), "ft_title")
        page.put(2, 1, self.say(f"sheet.{key}.purpose"), "ft_line")
        for row, height in enumerate(TOP_HEIGHTS, 1):
            made.row_dimensions[row].height = height
        if self.flagged and key != "summary":
            page.formula(1, FLAG_COLUMN, WARNINGS, self.warning, "ft_flag")
        return page

    def shows_sample(self, entry: Input) -> bool:
        """Whether an input that nobody gave shows its sample figure, rather than an empty cell."""
        emptied = self.typed.cell("blank", entry.name)
        return entry.is_sample and not self.unfilled and not emptied

    @property
    def filled(self) -> bool:
        """Whether every input that a template asks for is there."""
        return not (self.unfilled and self.to_fill)

    @property
    def to_fill(self) -> tuple[str, ...]:
        """The inputs of a template that are still to be filled in."""
        case, found = self.case, []
        for name in case.samples:
            entry = INPUTS[name]
            worked_out = entry.worked_out is not None and entry.worked_out(case)
            if not worked_out:
                found.append(name)
        return tuple(found) if self.unfilled else ()

    @property
    def warning(self) -> str:
        """What the top of every sheet says where something is wrong."""
        if not self.filled:
            return self.say("flag.unfilled", count=len(self.to_fill))
        return "" if self.checks_pass else self.say("flag.failed")

    def shown_unit(self, key: str) -> str:
        """A unit in words, in the case's currency; nothing where the number format says it."""
        return "" if key in _UNSAID else unit_text(key, self.language, self.case["currency"])

    def name(self, name: str, page: "Page", coordinate: str, comment: str = "") -> None:
        """Give a cell or range a workbook-wide name."""
        absolute = self.place(name, page, coordinate)
        target = f"{quote_sheetname(page.ws.title)}!{absolute}"
        defined = DefinedName(name, attr_text=target, comment=comment[:255] or None)
        self.workbook.defined_names[name] = defined

    def place(self, name: str, page: "Page", coordinate: str) -> str:
        """Remember where something stands, for `reference`, without naming it in the workbook."""
        absolute = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", coordinate)
        self.places[name] = (page.ws.title, absolute)
        return absolute

    def define(self, name: str, formula: str, comment: str) -> None:
        """Give a formula, without `=`, a workbook-wide name that cells can call."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=formula, comment=comment)

    def defines(self, name: str) -> bool:
        """Whether the workbook itself defines this name."""
        return name in self.workbook.defined_names

    def reference(self, name: str, page: "Page | None" = None) -> str:
        """The cell of a name as a formula on `page` writes it."""
        title, absolute = self.places[name]
        return absolute if page and page.ws.title == title else f"{sheet_name(title)}!{absolute}"


@dataclass
class Page:
    """One sheet being written; rows and columns count from 1."""

    book: Book
    ws: Worksheet
    key: str
    last_column: int = 1
    last_group: int = -1
    styles: dict[tuple[int, int], str] = field(default_factory=dict)  # by row and column

    def put(
        self, row: int, column: int, value: object, style: str, number_format: str | None = None
    ) -> Cell:
        """Write a value; text never becomes a formula, what a cell cannot hold is an error.

        Raises:
            OutputError: NaN, infinity, over-long text, a control character, a place off the sheet.
        """
        cell = self._cell(row, column, style, number_format)
        if value is None:
            return cell
        held = self._held(cell, value)
        cell.value = escaped(held) if isinstance(held, str) else held  # type: ignore[assignment]
        if isinstance(held, str):
            cell.data_type = "s"
            cell.quotePrefix = reads_as_formula(held)
        return cell

    def _held(self, cell: Cell, value: object) -> object:
        try:
            return cell_value(value)
        except ValueError:
            where = f"{self.ws.title}!{cell.coordinate}"
            raise OutputError("cell_cannot_hold", cell=where, found=show(value)) from None

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        cached: object,
        style: str,
        number_format: str | None = None,
    ) -> Cell:
        """Write a formula (without `=`) together with the value it has.

        Raises:
            OutputError: the formula or its value is more than a cell holds.
        """
        cell = self._cell(row, column, style, number_format)
        if len(formula) > FORMULA_LIMIT:
            where = f"{self.ws.title}!{cell.coordinate}"
            raise OutputError("cell_cannot_hold", cell=where, found=show(f"={formula}"))
        cell.value = f"={formula}"
        if isinstance(cached, float) and not math.isfinite(cached):
            cached = never(self.book.language) if cached > 0 else ErrorValue.NUM
        if not isinstance(cached, ErrorValue):
            cached = self._held(cell, cached)
        self.book.cached[self.ws.title][cell.coordinate] = cached
        return cell

    def share(self, cells: Iterable[Cell]) -> None:
        """Store one formula for cells side by side, or below each other, that differ in place alone."""
        known = self.book.groups.setdefault(self.ws.title, {})
        number = self.last_group = self.last_group + 1
        known.update((cell.coordinate, number) for cell in cells)

    def evaluate_as_array(self, cell: Cell) -> None:
        """Have Excel evaluate a formula as an array and store it so: a call of a LAMBDA name."""
        self.book.dynamic.add((self.ws.title, cell.coordinate))

    def _cell(self, row: int, column: int, style: str, number_format: str | None) -> Cell:
        if not (1 <= row <= MOST_ROWS and 1 <= column <= MOST_COLUMNS):
            place = f"{self.ws.title}!R{row}C{column}"
            raise OutputError("cell_off_sheet", cell=place, rows=MOST_ROWS, columns=MOST_COLUMNS)
        cell = self.ws.cell(row, column)
        self._styled(cell, style, number_format)
        self.styles[row, column] = style
        self.last_column = max(self.last_column, column)
        return cell  # type: ignore[return-value]

    def _styled(self, cell: Any, style: str, number_format: str | None) -> None:
        """Give a cell its look; each look is worked out once, since that takes longer than writing."""
        known = self.book.looks.get((style, number_format))
        if known is None:
            cell.style = style
            if number_format:
                cell.number_format = number_format
            self.book.looks[style, number_format] = copy(cell._style)
        else:
            cell._style = copy(known)

    def unit(self, row: int, column: int, key: str, style: str = "ft_unit") -> None:
        """The unit of a row, which follows the currency chosen where it is one of money."""
        said = self.book.shown_unit(key)
        wording = text(f"unit.{key}", self.book.language)
        if not said or "{currency}" not in wording:
            self.put(row, column, said or None, style)
            return
        before, after = (f'"{part}"' for part in wording.split("{currency}"))
        parts = [part for part in (before, CURRENCY, after) if part != '""']
        self.formula(row, column, "&".join(parts), said, style)

    def row(self, row: int, values: Iterable[object], style: str) -> None:
        """Write several values side by side in one style."""
        for column, value in enumerate(values, 1):
            self.put(row, column, value, style)

    def widths(self, *widths: float) -> None:
        """Set the widths of the columns from A on."""
        for column, width in enumerate(widths, 1):
            self.ws.column_dimensions[get_column_letter(column)].width = width

    def width(self, first: int, last: int) -> float:
        """The width of some columns together in centimetres."""
        letters = (get_column_letter(column) for column in range(first, last + 1))
        pixels = sum(self.ws.column_dimensions[letter].width * 7 + 5 for letter in letters)
        return pixels * 2.54 / 96

    def fit_rows(self, first: int, *, minimum: float = 18.0) -> None:
        """Make rows high enough for their wrapped texts."""
        for row, lines in row_heights.lines_by_row(self, first).items():
            if self.ws.row_dimensions[row].hidden and lines <= 1:
                continue
            self.ws.row_dimensions[row].height = max(minimum, lines * LINE_HEIGHT)

    def hide(self, *letters: str) -> None:
        """Close columns that only formulas and readers of files need, as an outline group."""
        for letter in letters:
            column = self.ws.column_dimensions[letter]
            column.outlineLevel, column.hidden = 1, True

    def close(self, first: int, last: int) -> None:
        """Close rows as an outline group, with the button on the row above."""
        for row in range(first, last + 1):
            dimension = self.ws.row_dimensions[row]
            dimension.outlineLevel, dimension.hidden = 1, True
        self.ws.sheet_properties.outlinePr.summaryBelow = False  # type: ignore[union-attr]

    def finish(
        self,
        freeze: str,
        header_row: int,
        *,
        pages_high: int = 0,
        portrait: bool = False,
        protect: bool = True,
        printed: bool = True,
    ) -> None:
        """Freeze panes, protect without password, set up printing.

        Args:
            freeze: the first cell that scrolls.
            header_row: the row repeated on every printed page.
            pages_high: how many pages the sheet may take; 0 is as many as it needs.
            portrait: whether the paper stands upright.
            protect: whether formulas are locked; outline groups open only without.
            printed: whether printing the whole workbook prints this sheet.
        """
        ws = self.ws
        ws.freeze_panes = freeze
        ws.sheet_view.showGridLines = False
        ws.sheet_view.zoomScale = 100
        ws.protection.sheet = protect
        ws.protection.formatColumns = False
        ws.protection.formatRows = False
        for (row, column), style in row_heights.headings(self.styles).items():
            self._styled(ws.cell(row, column), style, None)
        ws.page_margins = PageMargins(**MARGINS)
        ws.page_setup.orientation = "portrait" if portrait else "landscape"
        ws.page_setup.paperSize = 9
        ws.page_setup.fitToWidth = 1
        ws.page_setup.fitToHeight = pages_high
        ws.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        ws.print_title_rows = f"{header_row}:{header_row}"
        if printed:
            ws.print_area = f"A1:{get_column_letter(self.last_column)}{ws.max_row}"
        ws.oddFooter.left.text = self.book.say("footer", sheet=ws.title)  # type: ignore[union-attr]
        ws.oddFooter.right.text = "&P / &N"  # type: ignore[union-attr]


def sheet_name(title: str) -> str:
    """A sheet's title as Excel writes it in a formula: in quotes only where they are needed."""
    plain = re.fullmatch(r"[^\W\d]\w*", title) and not re.fullmatch(r"[A-Za-z]{1,3}\d*", title)
    return title if plain else quote_sheetname(title)


def fit_width(texts: Iterable[object], least: float, most: float) -> float:
    """A column width that holds these texts, within limits."""
    return min(most, max(least, *(text_width(t) * 1.08 + 2 for t in texts)))
