"""Rules about the file: sheets in order, nothing hidden, merged, linked or running; the version."""

import re
from collections.abc import Iterator

from roi_xl import __version__
from roi_xl.audit.comparison import Comparison, coordinate
from roi_xl.audit.rule import Fault, Skip, rule
from roi_xl.audit.rules.results import same
from roi_xl.audit.snapshot import contrast
from roi_xl.prices.reader import newest_date
from roi_xl.registry import FUNCTIONS
from roi_xl.workbook.sheets.functions import UNIT

_LINKED = re.compile(r"externalLink|connections|queryTable|oleObject|embeddings|webExtension", re.I)
_RUNNING = re.compile(r"vbaProject|macrosheets|activeX|ctrlProps|customUI", re.I)
_OUTSIDE = re.compile(r"\[\d+\]|https?://|file:|\\\\|\.xls[xmb]?\b", re.I)
HIDING = (";;", ";;;")
INVISIBLE = 1.2  # a contrast nobody can read


@rule(1, compares=True)
def sheet_order(comparison: Comparison) -> Iterator[Fault | Skip]:
    """All sheets as built, in their order; a sheet of the user's own is a warning."""
    expected, found = list(comparison.keys), list(comparison.file.sheets)
    for title in expected:
        if title not in found:
            yield Fault(title, "", "sheet_missing", expected=" · ".join(expected))
    for title in found:
        if title not in expected:
            yield Fault(title, "", "sheet_extra", warn=True)
    ours = [t for t in found if t in expected]
    for title, right in zip(ours, [t for t in expected if t in found], strict=True):
        if title != right:
            yield Fault(title, "", "sheet_order", found=title, expected=right)


@rule(3)
def nothing_hidden(comparison: Comparison) -> Iterator[Fault | Skip]:
    """No hidden sheet, row or column, no invisible text, no number format that hides."""
    for title, ws in comparison.file.sheets.items():
        if ws.sheet_state != "visible":
            yield Fault(title, "", "hidden_sheet", found=ws.sheet_state)
        for letter, column in ws.column_dimensions.items():
            if column.hidden or column.width == 0:
                yield Fault(title, f"{letter}:{letter}", "hidden_column")
        for number, row in ws.row_dimensions.items():
            if row.hidden or row.height == 0:
                yield Fault(title, f"{number}:{number}", "hidden_row")
    seen: dict[tuple[str, str], bool] = {}
    for at, cell in comparison.file.cells.items():
        looks = comparison.file.colours(cell)
        if looks not in seen:
            seen[looks] = contrast(*looks) < INVISIBLE
        if seen[looks]:
            yield Fault(*at, "invisible_text", found=" / ".join(looks))
        if cell.number_format in HIDING:
            yield Fault(*at, "hiding_format", found=cell.number_format)


@rule(4)
def no_merged_cells(comparison: Comparison) -> Iterator[Fault | Skip]:
    """No merged cells, which break sorting, selecting and reading by programs."""
    for title, ranges in comparison.file.merged.items():
        for merged in ranges:
            yield Fault(title, merged, "merged")


@rule(9)
def no_external_links(comparison: Comparison) -> Iterator[Fault | Skip]:
    """No links to other files, connections or queries; hyperlinks are allowed."""
    if comparison.file.unread:
        yield Skip("large_sheet")
    for part in comparison.file.parts:
        if _LINKED.search(part):
            yield Fault(part, "", "linked_part")
        if part.endswith(".rels"):
            owner = part.replace("_rels/", "").removesuffix(".rels")
            for kind, target in comparison.file.relations(owner).values():
                if kind in ("externalLinkPath", "attachedTemplate", "oleObject"):
                    yield Fault(owner, "", "linked_part", found=target)
    for at, formula in comparison.file.formulas.items():
        bare = re.sub(r'"[^"]*"', '""', formula)
        if _OUTSIDE.search(bare):
            yield Fault(*at, "linked_formula", found=formula)
    for name, defined in comparison.file.book.defined_names.items():
        if _OUTSIDE.search(re.sub(r'"[^"]*"', '""', defined.attr_text or "")):
            yield Fault(name, "", "linked_formula", found=defined.attr_text or "")


@rule(10)
def no_macro(comparison: Comparison) -> Iterator[Fault | Skip]:
    """An .xlsx holds no macros or controls."""
    if comparison.macros:
        yield Skip("macro_workbook", applies=False)
        return
    for part in comparison.file.parts:
        if _RUNNING.search(part):
            yield Fault(part, "", "macro_part")
    types = comparison.file.parts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
    if "macroEnabled" in types:
        yield Fault("[Content_Types].xml", "", "macro_type")


@rule(37)
def version_matches(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Version and price date on the first sheet and in the log are those of the package."""
    first = comparison.about
    label, expected = comparison.say("about.version.label"), comparison.say("about.version.text")
    expected = expected.format(version=__version__)
    row = next((r for r in first.iter_rows(max_col=2) if r[0].value == label), None)
    if row is None:
        yield Fault(first.title, "", "no_version", expected=expected)
    elif row[1].value != expected:
        yield Fault(first.title, row[1].coordinate, "version", str(row[1].value), expected)
    if "log" in comparison.titles:
        yield from _log(comparison, comparison.titles["log"])


def _log(comparison: Comparison, title: str) -> Iterator[Fault | Skip]:
    if title not in comparison.file.sheets:
        return
    sheet, twin = comparison.file.sheets[title], comparison.twin.sheets[title]
    for (row, column), cell in twin._cells.items():
        expected = cell.value
        if isinstance(expected, str) and (__version__ in expected or newest_date() in expected):
            found = sheet.cell(row, column).value
            if found != expected:
                yield Fault(title, coordinate(row, column), "version", str(found), expected)


@rule(40, compares=True)
def functions_are_the_registry(comparison: Comparison) -> Iterator[Fault | Skip]:
    """Every FT_ function has a row that matches the registry."""
    title = comparison.titles["functions"]
    if title not in comparison.file.sheets:
        yield Skip("no_functions", applies=False)
        return
    sheet, twin = comparison.file.sheets[title], comparison.twin.sheets[title]
    rows = {r[0].value: r[0].row for r in twin.iter_rows(max_col=1) if r[0].value in FUNCTIONS}
    listed = {r[0].value: r[0].row for r in sheet.iter_rows(max_col=1)}
    for name in FUNCTIONS:
        if name not in listed:
            yield Fault(title, coordinate(rows[name] or 1, 1), "function_missing", expected=name)
    for said, row in listed.items():
        name = str(said)
        if name.upper().startswith("FT_") and name not in FUNCTIONS:
            yield Fault(title, coordinate(row or 1, 1), "function_unknown", name)
        elif name in rows:
            for cell in twin[rows[name]]:
                if cell.column == UNIT:
                    continue  # in the currency that was chosen when the file was made
                here = sheet.cell(row or 1, cell.column or 1)
                if (
                    cell.value is not None
                    and cell.data_type != "f"
                    and not _same(here.value, cell.value)
                ):
                    shown = "" if here.value is None else str(here.value)[:80]
                    yield Fault(
                        title, here.coordinate, "function_differs", shown, str(cell.value)[:80]
                    )


def _same(found: object, expected: object) -> bool:
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        return same(float(found), float(expected))
    return found == expected
