"""Sensitivity: the strongest drivers first, with break-even values; each driver's steps in formulas.

Each driver goes to its low and its high alone. Only the steps that depend on it are computed again,
the others are read from Calculation: plain formulas, no data tables, no macro.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.case.break_even import Turn, break_evens, searched
from roi_xl.case.dependencies import VALUE_STEP, depend_on, evaluate_with, steps_behind
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.case.sensitivity import MOST_TRIED, spans_of, typed
from roi_xl.case.study import Span
from roi_xl.errors import ErrorValue
from roi_xl.functions.columns import Column
from roi_xl.text import text
from roi_xl.workbook.sheet_writer import Book, Page, fit_width, sheet_name
from roi_xl.workbook.sheets import inputs, ranges
from roi_xl.workbook.step_rows import blank, step_formula

LABEL, KEY, UNIT, TODAY, LOW, HIGH, AT_LOW, AT_HIGH, SPREAD, FALL, RISE, TURN = range(1, 13)
RANK, LEAST, MOST, STATIC = range(13, 17)
HEADER_ROW = 4
TOP = 10  # drivers in the sorted tornado
SHOWN = 6  # of these, on the Summary
_PLACES = 6  # of a spread, so that rounding noise decides no order
_ANY_NUMBER = "#,##0.######"
_HEADS = (
    "driver", "key", "unit", "today", "low", "high", "at_low", "at_high", "spread", "fall", "rise",
    "turn", "rank", "least", "most", "static",
)  # fmt: skip
# the net present value is a straight line in these
LINEAR = frozenset(
    [
        "data_preparation_hours",
        "hourly_rate",
        "labelled_samples",
        "label_cost_per_sample",
        "gpu_cost_per_hour",
        "training_hours",
        "num_iterations",
        "engineer_hours_per_iteration",
        "hosted_training_price",
        "other_one_off_cost",
        "contingency_share",
        "current_cost_per_request",
        "finetuned_cost_per_request",
        "days_per_month",
        "current_fixed_cost_per_month",
        "finetuned_fixed_cost_per_month",
        "extra_input_tokens_current",
        "batch_share",
        "current_input_price",
        "current_output_price",
        "current_cached_input_price",
        "finetuned_input_price",
        "finetuned_output_price",
        "finetuned_cached_input_price",
        "serving_gpu_cost_per_hour",
        "serving_hours_per_day",
        "regression_test_hours_per_month",
        "versioning_hours_per_month",
        "retrainings_per_year",
        "cost_per_retraining",
        "quality_value_per_month",
        "hours_saved_per_month",
        "current_error_rate",
        "finetuned_error_rate",
        "cost_per_error",
        "success_probability",
    ]
)
# a straight line only where a provider serves the model
LINEAR_IF_HOSTED = frozenset(
    ("daily_requests", "input_tokens", "output_tokens", "cached_input_share")
)


_TRAINED = 'AND(used_model_params_b<>"",used_training_samples<>"")'
# blank inputs: when they are worked out, and the step that holds their default otherwise
_OTHERWISE = {
    "hourly_rate": ("FALSE", "hourly_rate_used"),
    "gpu_cost_per_hour": ('used_gpu_model<>""', "gpu_price_per_hour"),
    "training_hours": (_TRAINED, "training_hours_used"),
    "gpu_count": (_TRAINED, "gpu_count_used"),
    "current_cost_per_request": ("ISNUMBER(current_cost_by_tokens)", "current_request_cost"),
    "finetuned_cost_per_request": ("ISNUMBER(finetuned_cost_worked_out)", "finetuned_request_cost"),
    "retirement_month": ("ISNUMBER(months_until_withdrawal)", "retirement_used"),
    **{
        f"{model}_{kind}_price": (f'used_{model}_model<>""', f"{model}_{kind}_price_used")
        for model in ("current", "finetuned")
        for kind in ("input", "output", "cached_input")
    },
}


@dataclass(slots=True)
class Driver:
    """One driver: its span, the results at its ends, and its break-even value where it has one."""

    name: str
    span: Span
    at_low: Any
    at_high: Any
    turn: float | None = None  # by formula
    static: float | None = None  # found when the workbook was made

    @property
    def spread(self) -> float:
        """How far apart the results are."""
        if isinstance(self.at_low, ErrorValue) or isinstance(self.at_high, ErrorValue):
            return 0.0
        return round(abs(float(self.at_high) - float(self.at_low)), _PLACES)


@dataclass(slots=True)
class Tornado:
    """What the sheet shows, for the Summary: drivers in order, and the one that turns the result."""

    order: list[Driver]
    turning: Driver | None


def build(book: Book) -> Tornado:
    """Write the sheet; the sorted tornado stands first, the steps last."""
    page = book.sheet("sensitivity", "FFED7D31")
    names = _in_use(book)
    spans = spans_of(book.case, book.study.ranges, book.study.swing)
    drivers = _evaluated(book, names, spans)
    order = sorted(drivers, key=lambda d: -d.spread)
    _turns(book, order)
    labels = [INPUTS[n].label(book.language) for n in names]
    page.widths(fit_width(labels, 30, 38), 30, 22, *[15] * 9, 8, 12, 12, 12)
    shown = min(TOP, len(names))
    first = HEADER_ROW + shown + 4
    last = first + len(names) - 1
    ends = _steps(book, page, last + 3, drivers, first)
    _drivers(book, page, first, drivers, order, ends)
    turning = _sorted(book, page, shown, first, last, order)
    page.hide("B", "M", "N", "O", "P")
    page.last_column = TURN
    page.fit_rows(HEADER_ROW)
    page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW, pages_high=1)
    page.ws.print_area = f"A1:{get_column_letter(TURN)}{HEADER_ROW + shown}"
    return Tornado(order, turning)


def _in_use(book: Book) -> tuple[str, ...]:
    """The drivers shown: not those of estimates and currency that this workbook does not use."""
    case = book.case
    # samples in the cells stay as they are when the rate moves, so its bar would mean little
    unused = {"currency_per_usd"}
    trained = {n for n, i in INPUTS.items() if i.group == "training"}
    hosted = {"training_samples", "tokens_per_sample", "epochs"}
    if book.kept is not None:  # which rows there are was settled when the file was made
        listed = {said for (key, _), said in book.kept.items() if key == "sensitivity"}
        for group in (trained - hosted, hosted):
            unused |= set() if group & listed else group
    elif not (book.unfilled or case["model_params_b"] or case["training_samples"]):
        unused |= trained - hosted if case["hosted_training_price"] > 0 else trained
    return tuple(n for n in ranges.drivers() if n not in unused)


# --- values ------------------------------------------------------------------------------------------


def _evaluated(book: Book, names: Sequence[str], spans: Mapping[str, Span]) -> list[Driver]:
    """Every driver with the results at both ends, all in one pass; the steps' values are kept."""
    case, size = book.case, 2 * len(names)
    changed = {}
    for i, name in enumerate(names):
        own = typed(case, name)
        values = np.full(size, np.nan if own is None else own)
        span = spans[name]
        values[2 * i], values[2 * i + 1] = span.low, span.high
        changed[name] = Column(values)
    steps = [s.name for s in steps_behind([VALUE_STEP])]
    found = evaluate_with(case, changed, steps)
    _VALUES.clear()
    _VALUES.update({name: _listed(column, size) for name, column in found.items()})
    at = _VALUES[VALUE_STEP]
    return [Driver(n, spans[n], at[2 * i], at[2 * i + 1]) for i, n in enumerate(names)]


_VALUES: dict[
    str, list[Any]
] = {}  # of the workbook being built, by step, low and high of each driver


def _listed(column: Column, size: int) -> list[Any]:
    values: list[Any] = np.broadcast_to(column.values, size).astype(object).tolist()
    if column.errors is not None:
        codes = np.broadcast_to(column.errors, size).tolist()
        values = [
            ErrorValue.from_code(int(c)) if c else v for v, c in zip(values, codes, strict=True)
        ]
    return values


def _turns(book: Book, order: Sequence[Driver]) -> None:
    """Break-even values: by a straight line, else searched for, among the strongest drivers."""
    hosted = not book.results["serving_cost_per_month"]
    for place, driver in enumerate(order):
        if _is_line(driver.name, hosted):
            driver.turn = _on_the_line(book, driver)
        elif book.stale:
            continue  # those found when the file was made are not shown
        elif place < MOST_TRIED and driver.spread > 0 and book.case[driver.name] is not None:
            found: dict[str, Turn] = break_evens(book.case, [driver.name])
            if driver.name in found:
                driver.static = found[driver.name].value


def _is_line(name: str, hosted: bool) -> bool:
    return name in LINEAR or (hosted and name in LINEAR_IF_HOSTED)


def _on_the_line(book: Book, driver: Driver) -> float | None:
    low, high = driver.span.low, driver.span.high
    if driver.spread == 0 or low == high or book.case[driver.name] is None:
        return None
    rise = (float(driver.at_high) - float(driver.at_low)) / (high - low)
    value = low - float(driver.at_low) / rise
    least, most = searched(book.case, driver.name)
    return value if least <= value <= most else None


# --- the drivers -------------------------------------------------------------------------------------


def _drivers(
    book: Book,
    page: Page,
    first: int,
    drivers: Sequence[Driver],
    order: Sequence[Driver],
    ends: Mapping[str, int],
) -> None:
    """A row per driver: today's value, its low and high, the results there, spread and place."""
    page.row(first - 2, [book.say("block.drivers"), *[None] * (TURN - 1)], "ft_block")
    page.row(first - 1, [book.say(f"head.{h}") for h in _HEADS], "ft_heading")
    last = first + len(drivers) - 1
    places = {d.name: i for i, d in enumerate(order, 1)}
    alike = Runs(page)
    for row, driver in enumerate(drivers, first):
        entry = INPUTS[driver.name]
        form = entry.quantity.unit.number_format
        page.put(row, LABEL, entry.label(book.language), "ft_label")
        page.put(row, KEY, driver.name, "ft_key")
        page.unit(row, UNIT, entry.quantity.unit.key)
        own = book.case[driver.name]
        today = "" if own is None else entry.shown(own, book.language)
        page.formula(row, TODAY, _today(book, driver.name), today, "ft_link", form)
        low, high = _ends(book, entry, f"{get_column_letter(TODAY)}{row}")
        for column, formula, value in ((LOW, low, driver.span.low), (HIGH, high, driver.span.high)):
            shown = "" if blank(value) else entry.shown(value, book.language)
            cell = page.formula(row, column, formula, shown, "ft_formula", form)
            at = int(book.places[f"range_row_{driver.name}"][1].rsplit("$", 1)[-1]) - row
            alike.add(cell, f"{at} {re.sub(r'[0-9]+', '', formula)}")
        npv = _fixed_row(ends[driver.name])
        page.formula(row, AT_LOW, f"E{npv}", driver.at_low, "ft_formula", "#,##0")
        page.formula(row, AT_HIGH, f"F{npv}", driver.at_high, "ft_formula", "#,##0")
        _effects(book, page, row, driver, first, last, places[driver.name], alike)
        _turn(book, page, row, driver, entry, alike)
    alike.close()


def _today(book: Book, name: str) -> str:
    """Today's value of a driver: typed, or the default unless it is worked out from other inputs."""
    used = book.reference(f"used_{name}")
    if name not in _OTHERWISE:
        return used
    condition, step = _OTHERWISE[name]
    said = re.sub(r"used_\w+", lambda found: book.reference(found[0]), condition)
    return f'IF({used}<>"",{used},IF({said},"",{book.reference(step)}))'


def _fixed_row(row: int) -> str:
    return f"${row}"


def _ends(book: Book, entry: Input, live: str) -> tuple[str, str]:
    """Low and high: as typed on Ranges, else the live value swung, inside the input's bounds."""
    title, place = book.places[f"range_row_{entry.name}"]
    sheet, row = sheet_name(title), place.rsplit("$", 1)[-1]
    low, high, least, most = (f"{sheet}!${column}{row}" for column in "DFGH")
    swing = f"ABS({live})*{book.reference('swing')}"
    down, up = f"{live}-{swing}", f"{live}+{swing}"
    if entry.quantity.whole:
        down, up = f"INT({down})", f"-INT(-({up}))"
    if entry.quantity.lower is not None:
        down = f"MAX({least},{down})"
    if entry.quantity.upper is not None:
        up = f"MIN({most},{up})"
    if entry.quantity.never or inputs.may_be_blank(entry):  # no end stays, and so does a blank
        down, up = (f"IF(ISNUMBER({live}),{end},{live})" for end in (down, up))
    return f'IF({low}<>"",{low},{down})', f'IF({high}<>"",{high},{up})'


def _effects(
    book: Book,
    page: Page,
    row: int,
    driver: Driver,
    first: int,
    last: int,
    place: int,
    alike: "Runs",
) -> None:
    low, high = f"G{row}", f"H{row}"
    base, value = book.reference(VALUE_STEP), book.results[VALUE_STEP]
    found = f"IF(ISNUMBER({low}),IF(ISNUMBER({high}),ROUND(ABS({high}-{low}),{_PLACES}),0),0)"
    alike.add(page.formula(row, SPREAD, found, driver.spread, "ft_formula", "#,##0"))
    for column, end, at in ((FALL, low, driver.at_low), (RISE, high, driver.at_high)):
        known = not isinstance(at, ErrorValue) and not isinstance(value, ErrorValue)
        change = float(at) - float(value) if known else 0.0
        formula = f"IF(ISNUMBER({end}),{end}-{base},0)"
        alike.add(page.formula(row, column, formula, change, "ft_formula", "#,##0"))
    spread, own = f"$I${first}:$I${last}", f"I{row}"
    formula = f"SUMPRODUCT(({spread}>{own})*1)+SUMPRODUCT(($I${first}:I{row}={own})*1)"
    alike.add(page.formula(row, RANK, formula, float(place), "ft_formula", "0"))


def _turn(book: Book, page: Page, row: int, driver: Driver, entry: Input, alike: "Runs") -> None:
    """The driver's value at an NPV of zero: on the line through both ends, else the one found once."""
    least, most = entry.plausible or (None, None)
    lower, upper = entry.quantity.lower, entry.quantity.upper
    if least is not None and lower is not None:
        least = max(least, lower)
    if most is not None and upper is not None:
        most = min(most, upper)
    page.put(row, LEAST, least, "ft_constant", "General")
    page.put(row, MOST, most, "ft_constant", "General")
    found = driver.static
    if book.stale and book.kept is not None:
        place = f"{get_column_letter(STATIC)}{row}"
        found = book.kept.get(("sensitivity", place))  # type: ignore[assignment]
    page.put(row, STATIC, found, "ft_constant", _ANY_NUMBER)
    line = f"E{row}-G{row}*(F{row}-E{row})/(H{row}-G{row})"
    rate = "*currency_rate" if entry.is_money else ""
    inside = f"AND({line}>=MIN(N{row}{rate},D{row}),{line}<=MAX(O{row}{rate},D{row}))"
    moved = f"AND(ISNUMBER(D{row}),I{row}>0,F{row}<>E{row})"
    by_line = f'IF({moved},IF({inside},{line},""),"")'
    if entry.quantity.lower is not None:
        # today's value may lie outside what is plausible, never outside what is allowed
        pass
    static = f'IF(AND(P{row}<>"",simulation_fresh),P{row},"")'
    if driver.name in LINEAR:
        formula = by_line
    elif driver.name in LINEAR_IF_HOSTED:
        formula = f"IF({book.reference('code_served_by')}=0,{by_line},{static})"
    else:
        formula = static
    value = driver.turn if driver.turn is not None else driver.static
    form = entry.quantity.unit.number_format
    cell = page.formula(row, TURN, formula, "" if value is None else value, "ft_formula", form)
    alike.add(cell, formula.replace(str(row), ""))


# --- sorted ------------------------------------------------------------------------------------------


def _sorted(
    book: Book, page: Page, shown: int, first: int, last: int, order: Sequence[Driver]
) -> Driver | None:
    """The strongest drivers, the widest on top; gives the first that turns the result."""
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in _HEADS[:TURN]], "ft_heading")
    top = HEADER_ROW + 1
    value = book.results[VALUE_STEP]
    alike = Runs(page)
    for row, driver in enumerate(order[:shown], top):
        entry = INPUTS[driver.name]
        at = f"MATCH(ROWS(A${top}:A{row}),$M${first}:$M${last},0)"
        own = book.case[driver.name]
        form = "General"  # a row shows whichever driver stands there now
        known = not isinstance(value, ErrorValue)
        turn = driver.turn if driver.turn is not None else driver.static
        cached: tuple[Any, ...] = (
            entry.label(book.language),
            driver.name,
            book.shown_unit(entry.quantity.unit.key),
            "" if own is None else entry.shown(own, book.language),
            *(
                "" if blank(v) else entry.shown(v, book.language)
                for v in (driver.span.low, driver.span.high)
            ),
            driver.at_low,
            driver.at_high,
            driver.spread,
            float(driver.at_low) - float(value) if known and driver.spread else 0.0,
            float(driver.at_high) - float(value) if known and driver.spread else 0.0,
            "" if turn is None else turn,
        )
        for column, held in enumerate(cached, LABEL):
            letter = get_column_letter(column)
            span = f"INDEX({letter}${first}:{letter}${last},{at},1)"
            formula = (
                f'IF({span}="","",{span})' if column in (UNIT, TODAY, LOW, HIGH, TURN) else span
            )
            if column in (FALL, RISE):  # drawn on Summary, where a template shows no result
                formula = f"IF(template*inputs_to_fill>0,0,{span})"
                held = held if book.filled else 0.0
            style = "ft_words" if column == LABEL else "ft_key" if column == KEY else "ft_formula"
            style = "ft_unit" if column == UNIT else style
            shown_as = "#,##0"
            shown_as = form if column in (TODAY, LOW, HIGH, TURN) else shown_as
            alike.add(page.formula(row, column, formula, held, style, shown_as))
    alike.close()
    tried = min(MOST_TRIED, shown)
    turns = f"$L${top}:$L${top + tried - 1}"
    turning = next(
        (d for d in order[:tried] if d.spread > 0 and (d.turn is not None or d.static is not None)),
        None,
    )
    place = float(order.index(turning) + 1) if turning is not None else 0.0
    row = HEADER_ROW - 1
    page.put(row, LABEL, book.say("turn_place"), "ft_line")
    formula = (
        f'IF(COUNT({turns})=0,0,SUMPRODUCT(MIN(({turns}="")*1000+ROW({turns})))-ROW($L${top})+1)'
    )
    cell = page.formula(row, RANK, formula, place, "ft_formula", "0")
    book.name("turn_place", page, cell.coordinate, book.say("turn_place"))
    for name, column in (("turn_label", LABEL), ("turn_key", KEY), ("turn_unit", UNIT),
                         ("turn_today", TODAY), ("turn_value", TURN)):  # fmt: skip
        letter = get_column_letter(column)
        book.place(f"{name}s", page, f"{letter}{top}:{letter}{top + shown - 1}")
    return turning


# --- the steps ---------------------------------------------------------------------------------------


def _steps(
    book: Book, page: Page, row: int, drivers: Sequence[Driver], first: int
) -> dict[str, int]:
    """The steps that depend on each driver, at its low and its high; gives the row of each result."""
    page.row(row, [book.say("block.grid"), *[None] * (TURN - 1)], "ft_block")
    start = row + 1
    behind = steps_behind([VALUE_STEP])
    ends: dict[str, int] = {}
    for i, driver in enumerate(drivers):
        row += 1
        page.put(row, LABEL, INPUTS[driver.name].label(book.language), "ft_subhead")
        moving = depend_on([driver.name])
        cells = {
            end: {driver.name: f"{letter}${first + i}"}
            for end, letter in (("low", "E"), ("high", "F"))
        }
        for step in (s for s in behind if s.name in moving):
            row += 1
            page.put(row, LABEL, step.label(book.language), "ft_label")
            page.put(row, KEY, step.name, "ft_key")
            form = "0" if step.quantity.choices else step.quantity.unit.number_format
            pair = []
            for j, (end, column) in enumerate((("low", LOW), ("high", HIGH))):
                known = _Known(book, cells[end])
                formula = step_formula(book, page, step, known)
                value = _VALUES[step.name][2 * i + j]
                shown = "" if blank(value) else value
                if isinstance(shown, float) and np.isinf(shown):
                    shown = text(f"choice.{step.quantity.infinity}", book.language)
                made = page.formula(row, column, formula, shown, "ft_formula", form)
                cells[end][step.name] = made.coordinate
                pair.append(made)
            page.share(pair)
        ends[driver.name] = row
    page.close(start, row)
    return ends


class Runs:
    """Cells below each other whose formulas differ in their row alone, shared as they end."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: dict[int, tuple[str, list[Any]]] = {}

    def add(self, cell: Any, kind: str = "") -> None:
        """One more cell; of another kind than the one above it, it begins a run of its own."""
        known = self.open.get(cell.column)
        if known is not None and known[0] == kind:
            known[1].append(cell)
            return
        if known is not None:
            self.page.share(known[1])
        self.open[cell.column] = (kind, [cell])

    def close(self) -> None:
        """Share what is still open."""
        for _, cells in self.open.values():
            self.page.share(cells)
        self.open.clear()


class _Known(Mapping[str, str]):
    """Where names stand for one end of one driver: its own cells, else those of the live case."""

    def __init__(self, book: Book, own: dict[str, str]) -> None:
        self.book, self.own = book, own

    def __getitem__(self, name: str) -> str:
        if name in self.own:
            return self.own[name]
        for place in (f"used_{name}", f"code_{name}"):
            if place in self.book.places:
                return self.book.reference(place)
        if name.startswith("default_"):
            return self.book.reference(name)
        if name in self.book.places and self.book.places[name][0] == self.book.title("calculation"):
            return self.book.reference(name)
        raise KeyError(name)

    def __iter__(self) -> Any:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)


def chart_ranges(book: Book, shown: int = SHOWN) -> tuple[str, list[tuple[str | None, str]]]:
    """The strongest drivers and their effects at low and high, as a chart refers to them."""
    sheet = quote_sheetname(book.title("sensitivity"))
    first, last = HEADER_ROW + 1, HEADER_ROW + shown

    def column(number: int) -> str:
        letter = get_column_letter(number)
        return f"{sheet}!${letter}${first}:${letter}${last}"

    series: list[tuple[str | None, str]] = [
        (f"{sheet}!${get_column_letter(c)}${HEADER_ROW}", column(c)) for c in (FALL, RISE)
    ]
    return column(LABEL), series
