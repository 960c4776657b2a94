"""Rules about layout: headings, columns, panes, reading order, units, formats, labels, print."""

import re
from collections.abc import Iterator

from openpyxl.utils import (
    column_index_from_string,
    coordinate_to_tuple,
    get_column_letter,
    range_boundaries,
)
from openpyxl.worksheet.worksheet import Worksheet

from roi_xl.audit.comparison import Comparison, Heading, coordinate
from roi_xl.audit.formula_parts import box_of
from roi_xl.audit.repeated_columns import repeating
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.snapshot import CellRef
from roi_xl.text import table
from roi_xl.workbook.sheet_writer import CHECKS_FLAG

_EVERYWHERE = ("MONTHS", CHECKS_FLAG.upper())  # the axis and the flag, which stand once for all
MODEL = ("calculation", "cashflow", "sensitivity")
_ABOUT = ("currency", "period", "sign", "version")
_KEYED = {
    "ft_input_key": ("0000FF", "FFF2CC"),
    "ft_formula": ("000000", None),
    "ft_link": ("006100", None),
}
_CURRENCY = re.compile(r"[$¥￥€£]")
_LOCALE = re.compile(r"\[\$-[0-9A-Fa-f]+\]|\[\$\]")
_IN_BRACKETS = re.compile(r"[（(].+[）)]")


@rule(2)
def first_sheet_tells_how_to_read(comparison: Comparison) -> Iterator[Fault | Skip]:
    """The first sheet states purpose, currency, period, signs, version and the colour key."""
    from roi_xl.audit.snapshot import background, text_colour

    first = comparison.about
    by_text = {c.value: c for row in first.iter_rows() for c in row if isinstance(c.value, str)}
    purpose = comparison.say(f"sheet.{comparison.keys.get(first.title, 'summary')}.purpose")
    wanted = {"purpose": purpose}
    wanted |= {key: comparison.say(f"about.{key}.label") for key in (*_ABOUT, *_KEYED)}
    for expected in wanted.values():
        if expected not in by_text:
            yield Fault(first.title, "", "not_told", expected=expected)
    for key, (colour, fill) in _KEYED.items():
        sample = by_text.get(comparison.say(f"about.{key}.text"))
        if sample is None:
            yield Fault(first.title, "", "not_told", expected=comparison.say(f"about.{key}.text"))
        elif text_colour(sample) != colour or (fill and background(sample) != fill):
            found = f"{text_colour(sample)} / {background(sample)}"
            shown = f"{colour} / {fill or 'FFFFFF'}"
            yield Fault(first.title, sample.coordinate, "colour_key", found, shown)


@rule(5, compares=True)
def one_purpose_a_column(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each column keeps its heading; columns of one series are equally wide (a warning)."""
    for key, ws, _ in comparison.pairs():
        for heading in comparison.headings[ws.title]:
            for column, said in heading.texts.items():
                cell = ws.cell(heading.row, column)
                if cell.value != said and not str(said).startswith("="):
                    yield Fault(ws.title, cell.coordinate, "header", str(cell.value or ""), said)
        if key in MODEL:
            yield from _widths(comparison, ws.title)


def _widths(comparison: Comparison, title: str) -> Iterator[Fault]:
    ws = comparison.file.sheets[title]
    widths, standard = _column_widths(ws), float(ws.sheet_format.defaultColWidth or 13)
    for pair in sorted(p for p, numeric in repeating(comparison, title).items() if numeric):
        first, second = (widths.get(column, standard) for column in (pair.left, pair.right))
        if abs(first - second) > 0.5:
            letter = get_column_letter(pair.right)
            shown = f"{letter}:{letter}"
            yield Fault(title, shown, "width", f"{second:.1f}", f"{first:.1f}", warn=True)


def _column_widths(ws: Worksheet) -> dict[int, float]:
    """The width of each column that has one; some programs store it once for several columns."""
    found: dict[int, float] = {}
    most = ws.max_column
    for letter, dimension in ws.column_dimensions.items():
        last = min(dimension.max or column_index_from_string(letter), most)
        for column in range(dimension.min or last, last + 1):
            found.setdefault(column, float(dimension.width))
    return found


@rule(6)
def one_time_axis(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Months run across in the same columns, once per sheet, without gaps."""
    if "cashflow" not in comparison.titles:
        yield Skip("no_time_axis", applies=False)
        return
    title = comparison.titles["cashflow"]
    place = comparison.twin_names.get("months")
    if place is None or title not in comparison.file.sheets:
        return
    row, first = coordinate_to_tuple(place.cell)
    last = box_of(comparison.twin.book.defined_names["months"].attr_text.rpartition("!")[2])[2]
    for column in range(first, last + 1):
        at = CellRef(title, coordinate(row, column))
        value = comparison.value(at)
        if not isinstance(value, (int, float)):
            yield Fault(*at, "no_axis", str(value or ""))
        elif value != column - first:
            yield Fault(*at, "axis_gap", f"{value}", f"{column - first}")
    for key, ws, twin in comparison.pairs():
        beyond = ws.max_column > max(twin.max_column, 26) and key in MODEL
        if beyond:
            yield Fault(ws.title, coordinate(1, ws.max_column), "axis_differs")


@rule(7)
def panes_are_frozen(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Headings and labels stay visible."""
    for _, ws, twin in comparison.pairs():
        if not ws.freeze_panes:
            yield Fault(ws.title, "", "not_frozen", expected=str(twin.freeze_panes))
        elif ws.freeze_panes != twin.freeze_panes:
            yield Fault(
                ws.title, "", "frozen_elsewhere", ws.freeze_panes, str(twin.freeze_panes), True
            )


@rule(8, "warn")
def flow_runs_down(comparison: Comparison) -> Iterator[Fault | Skip]:
    """A formula refers to cells above it, to its left or on earlier sheets."""
    order = [t for t, key in comparison.keys.items() if key != "summary"]
    for at, _, parsed in comparison.formulas("calculation", "cashflow"):
        row, column = coordinate_to_tuple(at.cell)
        for reference in dict.fromkeys(r for r in parsed.references if r.reads):
            if reference.target in _EVERYWHERE:
                continue
            for title, (left, top, right, _) in comparison.targets(at, reference):
                if CellRef(title, coordinate(top, left)) not in comparison.file.formulas:
                    continue
                below, beside = top > row and left >= column, top == row and left > column
                # a total may stand before its series
                if title == at.sheet and (below or (beside and left == right)):
                    yield Fault(*at, "refers_ahead", reference.text)
                elif title in order and order.index(title) > order.index(at.sheet):
                    yield Fault(*at, "refers_to_later_sheet", reference.text)


@rule(16)
def every_number_has_a_unit(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each row with a number has its unit, or the column's heading names it."""
    said = comparison.say("head.unit")
    units = set(table("unit", comparison.language).values())
    missing: dict[CellRef, str] = {}
    for at, _ in comparison.cells():
        row, column = coordinate_to_tuple(at.cell)
        heading = comparison.heading(at.sheet, row)
        if heading is None or column not in heading.texts or not comparison.is_number(at):
            continue
        place = heading.column(said)
        if place is not None:
            beside = CellRef(at.sheet, coordinate(row, place))
            if _shows_any_driver(comparison, beside):
                continue  # a share has none, and may stand in any row
            # a program that stores no results stores no unit that a formula looks up either
            looked_up = beside in comparison.file.formulas and not comparison.file.has_values
            unit = (comparison.twin if looked_up else comparison.file).value(beside)
            if not (isinstance(unit, str) and unit.strip()):
                missing.setdefault(beside, at.cell)
        elif not _names_unit(heading.texts[column], units):
            missing.setdefault(CellRef(at.sheet, coordinate(heading.row, column)), at.cell)
    for at, number in missing.items():
        yield Fault(*at, "no_unit", found=number)


def _names_unit(header: str, units: set[str]) -> bool:
    return bool(_IN_BRACKETS.search(header)) or any(u.lower() in header.lower() for u in units)


@rule(17, compares=True)
def format_fits_unit(comparison: Comparison) -> Iterator[Fault | Skip]:
    """The number format is that of the unit; no currency format on cells that formulas read."""
    for at, cell in comparison.cells():
        shown = cell.number_format
        if not comparison.is_number(at):
            continue
        if _CURRENCY.search(_LOCALE.sub("", shown)) and _is_read(comparison, at):
            yield Fault(*at, "currency_format", shown)
            continue
        twin = comparison.twin.cells.get(at)
        if _shows_any_driver(comparison, at):
            continue
        if twin is not None and comparison.file.saved_by in ("roi_xl", "openpyxl"):
            if shown != twin.number_format:
                yield Fault(*at, "number_format", shown, twin.number_format)
        elif twin is not None and _kind(shown) != _kind(twin.number_format):
            yield Fault(*at, "number_format", shown, twin.number_format)


def _shows_any_driver(comparison: Comparison, at: CellRef) -> bool:
    """Whether a cell of a sorted table shows now one driver, now another, each with a unit of its own.

    Its format is that of the driver which stood there when the file was made.
    """
    key, formula = comparison.keys[at.sheet], comparison.twin.formulas.get(at, "")
    if key == "sensitivity":
        return "MATCH(ROWS(" in formula
    source = f"{comparison.titles.get('sensitivity', '')}!"
    return key == "summary" and source in formula.replace("'", "")


def _is_read(comparison: Comparison, at: CellRef) -> bool:
    row, column = coordinate_to_tuple(at.cell)
    return any(
        title == at.sheet and left <= column <= right and top <= row <= bottom
        for here, _, parsed in comparison.formulas()
        for reference in parsed.references
        for title, (left, top, right, bottom) in comparison.targets(here, reference)
    )


def _kind(number_format: str) -> str:
    if "%" in number_format:
        return "%"
    if number_format == "@":
        return "@"
    return (
        "date"
        if re.search(r"[ymd]", _LOCALE.sub("", number_format), re.I)
        and "General" not in number_format
        else "0"
    )


@rule(31, compares=True)
def labels_are_unique(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each row with a key has a label of its own, once per sheet."""
    key_head, label_head = comparison.say("head.key"), comparison.say("head.label")
    for title in comparison.keys:
        for heading in comparison.headings[title]:
            key, label = heading.column(key_head), heading.column(label_head)
            if title in comparison.file.sheets and key is not None and label is not None:
                yield from _labels(comparison, title, heading, key, label)


def _labels(
    comparison: Comparison, title: str, heading: Heading, key: int, label: int
) -> Iterator[Fault]:
    ws, twin = comparison.file.sheets[title], comparison.twin.sheets[title]
    seen: dict[str, tuple[str, object]] = {}
    for row in range(heading.row + 1, twin.max_row + 1):
        if comparison.heading(title, row) != heading:
            break
        named, place = twin.cell(row, key).value, coordinate(row, label)
        if not named or CellRef(title, place) in comparison.twin.formulas:
            continue
        expected, said = twin.cell(row, label).value, ws.cell(row, label).value
        if not (isinstance(said, str) and said.strip()):
            yield Fault(title, place, "label_empty", expected=str(expected or ""))
        elif seen.get(said, ("", named))[1] != named:  # the same quantity may be shown again
            yield Fault(title, place, "label_twice", said, seen[said][0])
        elif said != expected:
            yield Fault(title, place, "label_differs", said, str(expected))
        seen.setdefault(str(said), (place, named))


@rule(38)
def print_is_set_up(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Landscape, one page wide, with print area, repeated headings and footer."""
    for _, ws, twin in comparison.pairs():
        area = str(ws.print_area or "")
        if not area:
            yield Fault(ws.title, "", "print_area", expected=str(twin.print_area))
        elif not _covers(area, str(twin.print_area or "")):
            # a longer horizon or more prices may need more pages than were set up
            yield Fault(ws.title, "", "print_area", area, str(twin.print_area), warn=True)
        if ws.page_setup.orientation != "landscape":
            yield Fault(ws.title, "", "print_portrait", str(ws.page_setup.orientation))
        fits = (
            ws.sheet_properties.pageSetUpPr is not None
            and ws.sheet_properties.pageSetUpPr.fitToPage
        )
        if not fits or ws.page_setup.fitToWidth not in (None, 1):
            yield Fault(ws.title, "", "print_width", str(ws.page_setup.fitToWidth))
        if not ws.print_title_rows:
            yield Fault(ws.title, "", "print_titles", expected=str(twin.print_title_rows))
        if not _footer(ws):
            yield Fault(ws.title, "", "print_footer")


def _footer(ws: Worksheet) -> bool:
    footer = ws.oddFooter
    parts = (footer.left, footer.center, footer.right) if footer is not None else ()
    return any(part is not None and part.text for part in parts)


def _covers(area: str, expected: str) -> bool:
    """Whether a print area reaches as far as another."""
    boxes = (range_boundaries(a.rpartition("!")[2].replace("$", "")) for a in (area, expected))
    (_, _, right, bottom), (_, _, last_column, last_row) = boxes
    return int(right or 0) >= int(last_column or 0) and int(bottom or 0) >= int(last_row or 0)
