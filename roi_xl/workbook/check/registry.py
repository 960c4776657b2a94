"""The rule about the Functions sheet: it lists the registry, no more and no less."""

from collections.abc import Iterator

from roi_xl.registry import FUNCTIONS
from roi_xl.workbook.check.declare import Fault, Skip, rule
from roi_xl.workbook.check.results import same
from roi_xl.workbook.check.subject import Subject, coordinate


@rule(40, compares=True)
def functions_are_the_registry(subject: Subject) -> Iterator[Fault | Skip]:
    """Every FT_ function has its row, and each cell of it says what the registry says."""
    title = subject.titles["functions"]
    if title not in subject.file.sheets:
        yield Skip("no_functions", applies=False)
        return
    sheet, twin = subject.file.sheets[title], subject.twin.sheets[title]
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
