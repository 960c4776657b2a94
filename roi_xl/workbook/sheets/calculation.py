"""Calculation: the case graph, one row per step and one column per scenario, traced from the model."""

from collections.abc import Callable

from openpyxl.utils import get_column_letter

from roi_xl.case.graph_steps import BLOCKS, FLOW_BLOCK, STEPS, Step
from roi_xl.case.inputs import INPUTS, Input
from roi_xl.case.study import SCENARIOS
from roi_xl.workbook.sheet_writer import CURRENCY, Book, fit_width, sheet_name
from roi_xl.workbook.sheets import inputs
from roi_xl.workbook.step_rows import Grid, Lane, input_rows, lane_of, step_formula, step_rows

LABEL, KEY, UNIT, LIVE = range(1, 5)
FIRST = LIVE + 1  # the base scenario
LAST = LIVE + len(SCENARIOS)
HEADER_ROW = 4
_AFTER_FLOWS = (FLOW_BLOCK, "decision", "source")
PAYBACK = "payback_months"


class Calculation:
    """The sheet in the making: written up to the cash flow first, and with what follows from it then."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.page = page = book.sheet("calculation", "FF4472C4")
        heads = [book.say(f"head.{h}") for h in ("label", "key", "unit", "live")]
        for column, head in enumerate([*heads, *inputs.scenario_names(book)], 1):
            number = column >= LIVE
            style = "ft_heading_number" if number else "ft_heading"
            if column > LIVE:
                formula = f"INDEX(list_scenario,1,{column - LIVE})"
                page.formula(HEADER_ROW, column, formula, head, style)
            else:
                page.put(HEADER_ROW, column, head, style)
        labels = [i.label(book.language) for i in INPUTS.values()]
        labels += [s.label(book.language) for s in STEPS]
        page.widths(fit_width(labels, 30, 46), 34, 22, *[17] * (LAST - LIVE + 1))
        live = Lane(LIVE, book.case, book.results, key="live")
        lanes = [
            lane_of(book, FIRST + i, book.study.scenario(key), key)
            for i, key in enumerate(SCENARIOS)
        ]
        self.grid = Grid(page, [live, *lanes], LABEL, KEY, UNIT)
        self.live = live
        self.row = self._block(HEADER_ROW + 1, "inputs")
        self._inputs()
        for block in (b for b in BLOCKS if b not in _AFTER_FLOWS):
            self.row = self._block(self.row, block)
            for step in (s for s in STEPS if s.block == block):
                self._step(step)

    def _inputs(self) -> None:
        self.row = input_rows(self.book, self.grid, self.row, INPUTS, self._used)
        for name in INPUTS:
            self.book.places[f"used_{name}"] = self._absolute(self.live.cells[name])
            word = self.live.cells.get(f"word_{name}", self.live.cells[name])
            self.book.places[f"word_{name}"] = self._absolute(word)
        cell = self.live.cells["word_currency"]
        self.book.name(CURRENCY, self.page, cell, INPUTS["currency"].label(self.book.language))

    def _absolute(self, cell: str) -> tuple[str, str]:
        letters = cell.rstrip("0123456789")
        return self.page.ws.title, f"${letters}${cell[len(letters) :]}"

    def _used(self, entry: Input, lane: Lane, row: int) -> str:
        """The chosen scenario's value; a scenario's own, else the base's, else the default."""
        book = self.book
        if lane is self.live:
            first, last = get_column_letter(FIRST), get_column_letter(LAST)
            return f"INDEX({first}{row}:{last}{row},1,scenario_number)"
        title, place = book.places[f"scenario_row_{entry.name}"]
        at = place.rsplit("$", 1)[-1]
        sheet, base = sheet_name(title), f"{sheet_name(title)}!$D{at}"
        own = f"{sheet}!{get_column_letter(lane.column - 1)}{at}"
        default = '""' if inputs.may_be_blank(entry) else inputs.default_cell(book, entry.name)
        return f'IF(TRIM({own})<>"",{own},IF(TRIM({base})<>"",{base},{default}))'

    def _block(self, row: int, key: str) -> int:
        self.page.row(row, [self.book.say(f"block.{key}"), *[None] * (LAST - 1)], "ft_block")
        return row + 1

    def _step(self, step: Step, formula: Callable[[Lane], str] | None = None) -> None:
        flows = step.block == FLOW_BLOCK
        self.row = step_rows(self.book, self.grid, self.row, step, formula, only_live=flows)
        live = f"{get_column_letter(LIVE)}{self.row - 1}"  # of a word, the word
        self.book.name(step.name, self.page, live)
        if step.quantity.choices:
            self.book.places[f"code_{step.name}"] = self._absolute(self.live.cells[step.name])

    def conclude(self, found: dict[str, dict[str, str]]) -> None:
        """What follows from the cash flow; `found` holds its cells by lane and name."""
        for block in _AFTER_FLOWS:
            self.row = self._block(self.row, block)
            for step in (s for s in STEPS if s.block == block):
                self._step(step, self._flow_formula(step, found) if block == FLOW_BLOCK else None)
        page = self.page
        page.hide("B")
        page.fit_rows(HEADER_ROW)
        page.finish(f"D{HEADER_ROW + 1}", HEADER_ROW, pages_high=2, portrait=True)

    def _flow_formula(
        self, step: Step, found: dict[str, dict[str, str]]
    ) -> Callable[[Lane], str] | None:
        """A link to the Cash Flow sheet; of other scenarios than the chosen one only payback."""

        def formula(lane: Lane) -> str:
            if step.over_flows:
                return found[lane.key].get(step.name, "")
            return step_formula(self.book, self.page, step, lane.cells) if lane is self.live else ""

        return None if step.quantity.choices else formula


def ends_by_lane(grid: Grid) -> dict[str, Lane]:
    """The lanes by their key."""
    return {lane.key: lane for lane in grid.lanes}
