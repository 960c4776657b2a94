"""Rules about appearance and protection: colours by style, contrast, charts, locked cells."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from openpyxl.cell import Cell

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.formula_parts import parse
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.snapshot import (
    LEAST_CONTRAST,
    OKABE_ITO,
    WHITE,
    CellRef,
    Snapshot,
    background,
    contrast,
    rgb,
    text_colour,
)
from roi_xl.workbook.styles import INK, INPUT_BLUE, INPUT_FILL, LINK_GREEN

_INPUT = (INPUT_BLUE[-6:], INPUT_FILL[-6:])


@rule(14, compares=True)
def colours_by_style(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each cell has the colours of its named style; inputs, formulas and links have their own."""
    styles = {s.name: _style_colours(s) for s in comparison.twin.book._named_styles}  # type: ignore[attr-defined]
    foreign = comparison.file.saved_by not in ("roi_xl", "openpyxl")
    if foreign:
        yield Skip("styles_rewritten")
    typed = comparison.typed
    for at, cell in comparison.cells():
        twin = comparison.twin.cells.get(at)
        built = comparison.twin.style(twin) if twin is not None else ""
        style = built if foreign else comparison.file.style(cell)
        shown = comparison.file.colours(cell)
        if at in typed and shown != _INPUT:
            yield Fault(*at, "input_colour", " / ".join(shown), " / ".join(_INPUT), foreign)
        elif style in styles and shown != styles[style]:
            yield Fault(*at, "colour", " / ".join(shown), " / ".join(styles[style]), foreign)
        elif style not in styles and not foreign and at not in typed and twin is not None:
            yield Fault(*at, "no_style", cell.style)
        if at in comparison.file.formulas and not built.startswith("ft_heading"):
            yield from _formula_colour(comparison, at, cell, warn=foreign)


def _style_colours(style: Any) -> tuple[str, str]:
    return text_colour(style), background(style)


def _formula_colour(
    comparison: Comparison, at: CellRef, cell: Cell, *, warn: bool
) -> Iterator[Fault]:
    """Results are black; a link that only repeats another sheet's cell is green and italic."""
    formula, (text, _) = comparison.file.formulas[at], comparison.file.colours(cell)
    only = parse(formula).references[:2]
    is_link = len(only) == 1 and only[0].text == formula and only[0].sheet not in (None, at.sheet)
    green, black = LINK_GREEN[-6:], INK[-6:]
    if is_link and (text != green or not cell.font.italic):
        yield Fault(*at, "link_colour", text, green, warn)
    elif comparison.is_number(at) and (text != black and not (text == green and cell.font.italic)):
        yield Fault(*at, "formula_colour", text, f"{black}, {green}", warn)


@rule(15)
def readable_contrast(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Text has a contrast of 4.5 : 1, and conditional colours come with words."""
    seen: set[tuple[str, str, str]] = set()
    for at, cell in comparison.file.cells.items():
        looks = (at.sheet, *comparison.file.colours(cell))
        if looks not in seen:
            seen.add(looks)
            ratio = contrast(looks[1], looks[2])
            if ratio < LEAST_CONTRAST:
                yield Fault(*at, "contrast", f"{ratio:g} ({looks[1]} / {looks[2]})")
    for title, ws in comparison.file.sheets.items():
        for ranges in ws.conditional_formatting:
            for condition in ranges.rules:
                first = str(ranges.sqref).split(":")[0].split()[0]
                yield from _conditional(
                    comparison, ws[first], CellRef(title, first), ranges, condition
                )


def _conditional(
    comparison: Comparison, cell: Cell, at: CellRef, ranges: Any, condition: Any
) -> Iterator[Fault]:
    dxf = condition.dxf
    if dxf is None:
        return
    text = rgb(dxf.font.color, text_colour(cell)) if dxf.font is not None else text_colour(cell)
    fill = background(cell)
    if dxf.fill is not None:
        fill = rgb(dxf.fill.bgColor if dxf.fill.fill_type in (None, "solid") else None, WHITE)
    ratio = contrast(text, fill)
    if ratio < LEAST_CONTRAST:
        yield Fault(*at, "contrast", f"{ratio:g} ({text} / {fill})")
    if not _has_words(comparison, at.sheet, ranges):
        yield Fault(*at, "colour_alone", str(ranges.sqref))


def _has_words(comparison: Comparison, title: str, ranges: Any) -> bool:
    """Whether the rows under the condition hold words beside the colour."""
    ws = comparison.file.sheets[title]
    rows = {r for box in ranges.sqref.ranges for r in range(box.min_row, box.max_row + 1)}
    for (row, _), cell in ws._cells.items():
        if row in rows and isinstance(comparison.file.value(CellRef(title, cell.coordinate)), str):
            return True
    return not comparison.file.has_values


@rule(36, compares=True)
def protected_without_password(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Sheets are protected without a password; only inputs are unlocked; columns can be resized."""
    open_cells = comparison.typed
    for _, ws, twin in comparison.pairs():
        lock = ws.protection
        if twin.protection.sheet and not lock.sheet:
            yield Fault(ws.title, "", "not_protected")
        if lock.password or lock.hashValue:
            yield Fault(ws.title, "", "password")
        if lock.sheet and lock.formatColumns:
            yield Fault(ws.title, "", "columns_fixed")
    found = set(comparison.file.unlocked(comparison.keys))
    for at in sorted(found - open_cells):
        if at in comparison.twin.cells or at in comparison.file.formulas:
            yield Fault(*at, "unlocked")
    for at in sorted(open_cells - found):
        if at.sheet in comparison.file.sheets:
            yield Fault(*at, "input_locked")


_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


@rule(39, compares=True)
def charts_read_well(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Each chart is native, 2-D, titled, with Okabe–Ito colours and alt text."""
    expected = {title: len(ws._charts) for title, ws in comparison.twin.sheets.items()}  # type: ignore[attr-defined]
    found = drawings(comparison.file)
    if not any(expected.values()) and not any(found.values()):
        yield Skip("no_charts", applies=False)
        return
    if comparison.file.saved_by == "openpyxl":
        yield Skip("charts_lost")
        return
    for title, count in expected.items():
        here = len(found.get(title, []))
        if title in comparison.file.sheets and here < count:
            yield Fault(title, "", "chart_missing", str(here), str(count))
    own = comparison.file.saved_by == "roi_xl"
    if not own:
        yield Skip("charts_rewritten")
    for title, frames in found.items():
        for name, alt, chart in frames:
            if chart is None:
                yield Fault(title, "", "chart_picture", name)
                continue
            if own and not alt.strip():
                yield Fault(title, "", "chart_alt", name)
            yield from _chart(title, name, chart, colours=own)


def _chart(title: str, name: str, chart: ElementTree.Element, *, colours: bool) -> Iterator[Fault]:
    plot = chart.find(f".//{_C}plotArea")
    if plot is None:
        return
    if chart.find(f".//{_C}view3D") is not None or any(e.tag.endswith("3DChart") for e in plot):
        yield Fault(title, "", "chart_3d", name)
    if not _said(chart.find(f"{_C}chart/{_C}title")):
        yield Fault(title, "", "chart_title", name)
    if colours:
        for used in sorted(_colours(plot) - OKABE_ITO):
            yield Fault(title, "", "chart_colour", f"{name}: {used}", ", ".join(sorted(OKABE_ITO)))


def _said(title: ElementTree.Element | None) -> str:
    """The words of a title, typed or taken from a cell."""
    if title is None:
        return ""
    typed = "".join(e.text or "" for e in title.iter(f"{_A}t"))
    linked = "".join(e.text or "" for e in title.iter(f"{_C}f"))
    return (typed or linked).strip()


def _colours(plot: ElementTree.Element) -> set[str]:
    """The colours of series, points and markers, without grid lines and texts."""
    found: set[str] = set()
    for series in plot.iter(f"{_C}ser"):
        for shape in series.iter(f"{_C}spPr"):
            found |= {e.get("val", "").upper() for e in shape.iter(f"{_A}srgbClr")}
    return found


def drawings(opened: Snapshot) -> dict[str, list[tuple[str, str, ElementTree.Element | None]]]:
    """Name, alt text and chart (None for a picture) of the drawings of each sheet."""
    found: dict[str, list[tuple[str, str, ElementTree.Element | None]]] = {}
    for title, part in opened.sheet_parts.items():
        found[title] = []
        for kind, target in opened.relations(part).values():
            if kind == "drawing" and target in opened.parts:
                found[title] += _frames(opened, target)
    return found


def _frames(opened: Snapshot, part: str) -> Iterator[tuple[str, str, ElementTree.Element | None]]:
    targets = opened.relations(part)
    for anchor in ElementTree.fromstring(opened.parts[part]):
        properties = anchor.find(f".//{_XDR}cNvPr")
        if properties is None:
            continue
        name, alt = properties.get("name", ""), properties.get("descr", "")
        link = anchor.find(f".//{_C}chart")
        if link is not None:
            relation = next((v for k, v in link.attrib.items() if k.endswith("}id")), "")
            target = targets.get(relation, ("", ""))[1]
            if target in opened.parts:
                yield name, alt, ElementTree.fromstring(opened.parts[target])
        elif anchor.find(f".//{_XDR}pic") is not None:
            yield name, alt, None
