"""Where things stand on a sheet: how high rows are, and on which side headings begin."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from roi_xl.workbook.styles import lines_needed

if TYPE_CHECKING:
    from roi_xl.workbook.sheet_writer import Page

_BOLD = 1.2  # how much wider bold letters are, in the fonts that stand in for ours
_INDENT = 1.5  # digits
_INDENTED = frozenset({"ft_key", "ft_unit", "ft_note", "ft_text", "ft_status", "ft_small_unit"})
_TO_THE_RIGHT = frozenset(
    {
        "ft_constant",
        "ft_formula",
        "ft_link",
        "ft_input",
        "ft_word",
        "ft_small_number",
        "ft_link_text",
    }
)


def lines_by_row(page: "Page", first: int) -> dict[int, float]:
    """The lines that each row from `first` on needs for its wrapped texts."""
    book, ws = page.book, page.ws
    needed = dict.fromkeys(range(first, ws.max_row + 1), 1.0)
    for (row, column), style in page.styles.items():
        if row < first or style not in book.wrapped:
            continue
        size, bold = book.wrapped[style]
        cell = ws.cell(row, column)
        shown = book.cached[ws.title].get(cell.coordinate, cell.value)
        if isinstance(shown, str):
            room = ws.column_dimensions[get_column_letter(column)].width / size
            room -= _INDENT if style in _INDENTED else 0
            lines = lines_needed(shown, room / (_BOLD if bold else 1), book.language)
            needed[row] = max(needed[row], lines * size)
    return needed


def headings(styles: Mapping[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    """The styles of a sheet's headings, by row and column: each stands as the cells below it do."""
    found = {}
    for (row, column), style in styles.items():
        if style == "ft_heading" and column > 1:
            found[row, column] = _over([styles.get((row + down, column), "") for down in (1, 2)])
    return found


def _over(styles: list[str]) -> str:
    """The heading over cells of these styles: numbers to the right, notes indented."""
    if not _TO_THE_RIGHT.isdisjoint(styles):
        return "ft_heading_number"
    return "ft_heading" if _INDENTED.isdisjoint(styles) else "ft_heading_note"
