"""Simulation: what the runs gave, shown only while the inputs are those that they were run with."""

import itertools
from collections.abc import Sequence
from typing import Any

from openpyxl.utils.cell import coordinate_from_string

from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, find_step
from roi_xl.case.inputs import INPUTS
from roi_xl.case.simulate import _THRESHOLDS as THRESHOLDS
from roi_xl.case.simulate import BINS, PERCENTILES, RUNS, SEED, Chance, Simulation, simulate
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.text import text
from roi_xl.units import never
from roi_xl.workbook import charts
from roi_xl.workbook.sheet_writer import Book, Page, sheet_name
from roi_xl.workbook.sheets import ranges
from roi_xl.workbook.sheets.calculation import Calculation

LABEL, KEY, UNIT, SHOWN, STORED = range(1, 6)
STATE_ROW, HEADER_ROW = 3, 4
FRESH, STORED_INPUTS, STORED_RANGES = "simulation_fresh", "simulation_inputs", "simulation_ranges"
_DRIVERS = 6  # correlations shown
_FIGURES = 2 * len(PERCENTILES) + 3 + len(THRESHOLDS) + _DRIVERS
FIRST_HELD = 37  # the first row of the inputs that the figures were run with
SWING = "run_swing"
_CLOSE = 1e-9


def build(book: Book, calculation: Calculation) -> Page:
    """Write the sheet and name whether its figures are those of the present inputs."""
    page = book.sheet("simulation", "FFED7D31")
    page.widths(52, 26, 18, 18, 18, 3, 18, 12)
    heads = ("label", "key", "unit", "value", "stored")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in heads], "ft_heading")
    held = _held(book, calculation)
    book.stale = book.kept is not None and _differs(book, held)
    found = None if book.stale else _simulated(book)
    _figures(book, page, found)
    _histogram(book, page, found)
    last = _snapshot(book, page, FIRST_HELD - 1, held, calculation)
    if book.stale:
        _keep(book, page)
    page.hide("B", "E")
    page.close(FIRST_HELD - 1, last)
    page.last_column = 19
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW, pages_high=1)
    page.ws.print_area = f"A1:S{FIRST_HELD - 3}"
    return page


def _held(book: Book, calculation: Calculation) -> list[tuple[str, tuple[Any, Any, Any]]]:
    """Key, and what stands in the last three columns, of each input and range as they are now."""
    used = calculation.live.cells
    cells = [cell for name in INPUTS for cell in (used.get(f"word_{name}"), used[name]) if cell]
    numbers = sorted(int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in cells)
    ws = calculation.page.ws
    found: list[tuple[str, tuple[Any, Any, Any]]] = []
    for at in range(numbers[0], numbers[-1] + 1):
        value = book.cached[ws.title][f"D{at}"]
        known = value != "" and not isinstance(value, ErrorValue)
        found.append((str(ws.cell(at, KEY).value), (None, None, value if known else None)))
    for name in ranges.drivers():
        span = book.study.ranges.get(name)
        likely = book.typed.cell("range", name, "likely")
        ends = (None, likely, None) if span is None else (span.low, span.likely, span.high)
        found.append((f"range_{name}", ends))
    found.append((SWING, (None, None, book.study.swing)))
    value = book.results[VALUE_STEP]
    found.append(
        (f"run_{VALUE_STEP}", (None, None, None if isinstance(value, ErrorValue) else value))
    )
    return found


def _differs(book: Book, held: Sequence[tuple[str, tuple[Any, Any, Any]]]) -> bool:
    """Whether the run that was kept is one of other inputs, ranges or swing, or has no value."""
    kept = book.kept or {}
    for row, (key, values) in enumerate(held, FIRST_HELD):
        for letter, value in zip("CDE", values, strict=True):
            before = kept.get(("simulation", f"{letter}{row}"))
            if key == f"run_{VALUE_STEP}" and letter == "E":
                if not isinstance(before, (int, float)) or not isinstance(value, (int, float)):
                    return True
                if abs(value - before) > _CLOSE * abs(before) + _CLOSE:
                    return True
            elif _plain(before) != _plain(value):
                return True
    return False


def _plain(value: object) -> object:
    """A value as a spreadsheet compares it: words without case, a blank as no text."""
    if value is None:
        return ""
    return value.casefold() if isinstance(value, str) else value


def _keep(book: Book, page: Page) -> None:
    """Put back what the file holds of the run: figures, the inputs they were run with, and words."""
    formulas = book.cached[page.ws.title]
    for (key, place), value in (book.kept or {}).items():
        column, row = coordinate_from_string(place)
        if key != "simulation" or place in formulas or row <= HEADER_ROW:
            continue
        figures = column in "ABC" and row <= HEADER_ROW + _FIGURES + 1
        changes = column in "EGI" or figures or (column in "CD" and row >= FIRST_HELD)
        if changes and page.ws[f"B{row}"].value != "simulation_tolerance":
            page.ws[place].value = value


def _simulated(book: Book) -> Simulation | None:
    """The runs over the study's ranges, else over the swing; None where the case has no result."""
    spans = {n: s.around(book.case[n] or 0.0) for n, s in book.study.ranges.items()}
    try:
        return simulate(book.case, spans, swing=book.study.swing)
    except BadInput:
        return None


def _figures(book: Book, page: Page, found: Simulation | None) -> int:
    """Percentiles, chances and correlations: stored, and shown while they hold."""
    language = book.language
    value, payback = find_step(VALUE_STEP), find_step(PAYBACK_STEP)
    if found is None:  # the rows stand where they would
        found, known = _nothing(book), False
    else:
        known = True
    kind = text(f"risk.distribution.{found.distribution}", language)
    said = text("risk.runs", language, runs=found.runs, seed=found.seed, distribution=kind)
    basis = book.say("sim.ranges" if found.swing is None else "sim.swing")
    lines: list[tuple[str, str, str, Any, str]] = []
    for step, values in ((value, found.value), (payback, found.payback)):
        for p, number in values.items():
            label = text("risk.percentile", language, p=p, step=step.label(language))
            form = "#,##0" if step is value else "#,##0.0"
            lines.append((label, f"p{p}_{step.name}", step.quantity.unit.key, number, form))
    label = book.say("sim.mean", step=value.label(language))
    lines.append((label, f"mean_{VALUE_STEP}", "money", found.mean_value, "#,##0"))
    label = text("risk.positive", language, step=value.label(language))
    lines.append((label, f"chance_{VALUE_STEP}", "fraction", found.positive, "0.0%"))
    lines.append((book.say("sim.loss"), "chance_of_loss", "fraction", 1 - found.positive, "0.0%"))
    for chance in found.chances:
        label = text("risk.chance", language, months=f"{chance.months:g}")
        lines.append((label, f"chance_{chance.input}", "fraction", chance.share, "0.0%"))
    for name, rho in list(found.correlations.items())[:_DRIVERS]:
        label = book.say("sim.correlation", name=INPUTS[name].label(language))
        lines.append((label, f"correlation_{name}", "number", rho, "0.00"))
    missing = _DRIVERS - min(len(found.correlations), _DRIVERS)
    lines += [("", "", "number", None, "0.00")] * missing
    row = HEADER_ROW
    for label, key, unit, number, form in lines:
        row += 1
        page.put(row, LABEL, label, "ft_label")
        page.put(row, KEY, key, "ft_key")
        page.unit(row, UNIT, unit)
        stored = never(language) if number == float("inf") else number
        stored = stored if known else None
        page.put(row, STORED, stored, "ft_constant", form)
        shown = "" if stored is None else stored
        formula = f'IF({FRESH},IF(E{row}="","",E{row}),"")'
        page.formula(row, SHOWN, formula, shown, "ft_formula", form)
    row += 1
    page.put(row, LABEL, f"{said} {basis}" if known else None, "ft_line")
    return row


def _nothing(book: Book) -> Simulation:
    """A simulation without figures, of a case that has no result."""
    none = dict.fromkeys(PERCENTILES, 0.0)
    chances = tuple(Chance(n, book.case[n], 0.0) for n in THRESHOLDS)
    return Simulation(
        RUNS, SEED, "triangular", none, none, 0.0, 0.0, chances, {}, 0, (), (), (), None
    )


def _histogram(book: Book, page: Page, found: Simulation | None) -> None:
    """The spread of the value: how many runs fell between two values."""
    page.put(HEADER_ROW, 7, find_step(VALUE_STEP).label(book.language), "ft_heading_number")
    page.put(HEADER_ROW, 8, book.say("sim.share"), "ft_heading_number")
    edges, counts = ((), ()) if found is None else (found.edges, found.counts)
    total = sum(counts) or 1
    padded = (*edges, *[0.0] * (BINS + 1 - len(edges)))
    row = HEADER_ROW
    for i, (low, high) in enumerate(itertools.pairwise(padded)):
        row += 1
        share = counts[i] / total if i < len(counts) else 0.0
        page.put(row, 7, (low + high) / 2, "ft_constant", "#,##0")
        page.put(row, 9, share, "ft_constant", "0.0%")
        page.formula(row, 8, f"IF({FRESH},I{row},0)", share, "ft_formula", "0.0%")
    page.ws.column_dimensions["I"].hidden = True
    page.ws.column_dimensions["I"].outlineLevel = 1
    middle = charts.cells(page, (HEADER_ROW + 1, 7), (row, 7))
    shares = charts.cells(page, (HEADER_ROW + 1, 8), (row, 8))
    charts.columns(page, "J5", "histogram", middle, [(None, shares)], size=(17.0, 9.0))


def _snapshot(
    book: Book,
    page: Page,
    row: int,
    held: Sequence[tuple[str, tuple[Any, Any, Any]]],
    calculation: Calculation,
) -> int:
    """The inputs and ranges that the figures were run with, and whether they still hold."""
    page.row(row, [book.say("block.snapshot"), *[None] * (STORED - 1)], "ft_block")
    for at, (key, values) in enumerate(held, row + 1):
        page.put(at, KEY, key, "ft_key")
        form = "#,##0.00" if key == f"run_{VALUE_STEP}" else "General"
        for column, value in zip((UNIT, SHOWN, STORED), values, strict=True):
            if value is not None:
                page.put(at, column, value, "ft_constant", form)
    spans = len(ranges.drivers())
    end = row + len(held) - spans - 2
    start, finish = end + 1, end + spans
    used = calculation.live.cells
    live = used.get(f"word_{next(iter(INPUTS))}") or used[next(iter(INPUTS))]
    first = int(live.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    now = f"{sheet_name(calculation.page.ws.title)}!$D${first}:$D${first + end - row - 1}"
    stored = f"$E${row + 1}:$E${end}"
    book.name(STORED_INPUTS, page, stored.replace("$", ""), book.say("block.snapshot"))
    kept = f"$C${start}:$E${finish}"
    book.name(STORED_RANGES, page, kept.replace("$", ""), book.say("block.snapshot"))
    low, high = book.places["range_low"], book.places["range_high"]
    sheet = sheet_name(low[0])
    typed = f"{sheet}!{low[1].split(':')[0]}:{high[1].split(':')[1]}"
    finish += 1
    page.put(finish, LABEL, text("quantity.swing.label", book.language), "ft_label")
    swung = f"$E${finish}={book.reference('swing')}"
    finish += 1
    page.put(finish, LABEL, find_step(VALUE_STEP).label(book.language), "ft_label")
    value = book.results[VALUE_STEP]
    npv = book.reference(VALUE_STEP)
    near = f"simulation_tolerance*ABS($E${finish})+simulation_tolerance"
    close = f"IF(ISNUMBER({npv}),ABS({npv}-$E${finish})<={near},FALSE)"
    finish += 1
    page.put(finish, LABEL, book.say("sim.tolerance"), "ft_label")
    page.put(finish, KEY, "simulation_tolerance", "ft_key")
    cell = page.put(finish, STORED, _CLOSE, "ft_constant", "0E+00")
    book.name("simulation_tolerance", page, cell.coordinate, book.say("sim.tolerance"))
    finish += 1
    page.put(finish, LABEL, book.say("sim.changed"), "ft_label")
    page.put(finish, KEY, FRESH, "ft_key")
    same = f"SUMPRODUCT(({now}<>{stored})*1)+SUMPRODUCT(({typed}<>{kept})*1)=0"
    fresh = not book.stale and not isinstance(value, ErrorValue)
    cell = page.formula(finish, STORED, f"AND({same},{swung},{close})", fresh, "ft_formula")
    book.name(FRESH, page, cell.coordinate, book.say("sim.changed"))
    good, stale = book.say("sim.fresh"), book.say("sim.stale")
    formula = f'IF({FRESH},"{good}","{stale}")'
    page.formula(STATE_ROW, LABEL, formula, good if fresh else stale, "ft_flag")
    return finish
