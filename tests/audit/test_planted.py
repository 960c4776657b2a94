"""Each rule about the file finds a fault that is planted in a fresh workbook, and names its cell."""

import re

import pytest
from openpyxl.styles import Font, Protection

from roi_xl.audit.snapshot import CellRef
from tests.audit.planting import (
    Patch,
    at,
    cell,
    changed,
    fires,
    fresh,
    put,
    restyle,
    sheet,
    shown,
    verdict,
)
from tests.marks import EACH_LANGUAGE

# --- 0: the recomputation ------------------------------------------------------------------------


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_changed_formula(language: str, monkeypatch: Patch) -> None:
    comparison = fresh(language)
    place = CellRef(comparison.titles["calculation"], at(comparison, "total_cost").cell)
    formula = comparison.file.formulas[place]
    where = put(monkeypatch, comparison, place, f"={formula}+1")
    fault = fires(comparison, 0, "formula_changed", where)
    assert fault.found == f"={formula}+1"
    assert fault.expected == f"={formula}"


def test_a_number_pasted_over_a_formula(monkeypatch: Patch) -> None:
    comparison = fresh()
    where = put(monkeypatch, comparison, at(comparison, "compute_cost"), 36)
    assert fires(comparison, 0, "formula_gone", where).found == "36"
    assert fires(comparison, 12, "pasted_number", where).found == "36"


def test_a_stale_result() -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    comparison.file.stored[place] = 2035.0
    fault = fires(comparison, 0, "value_differs", shown(place))
    assert (fault.found, fault.expected) == ("2035", "2036")


def test_an_added_formula_and_a_changed_word(monkeypatch: Patch) -> None:
    comparison = fresh()
    title = comparison.titles["calculation"]
    where = put(monkeypatch, comparison, CellRef(title, "A2"), "=1+1")
    fires(comparison, 0, "formula_added", where)
    where = put(monkeypatch, comparison, CellRef(title, "A1"), "Sums")
    assert fires(comparison, 0, "text_differs", where).warn


# --- 1 to 11: the file and its layout ------------------------------------------------------------


def test_sheet_order(monkeypatch: Patch) -> None:
    comparison = fresh()
    sheets = list(comparison.file.sheets.items())
    monkeypatch.setattr(comparison.file, "sheets", dict([sheets[1], sheets[0], *sheets[2:]]))
    fires(comparison, 1, "sheet_order", "Inputs")
    monkeypatch.setattr(comparison.file, "sheets", dict(sheets[:-1]))
    fires(comparison, 1, "sheet_missing", sheets[-1][0])
    extra = {**dict(sheets), "Mine": sheets[0][1]}
    monkeypatch.setattr(comparison.file, "sheets", extra)
    assert fires(comparison, 1, "sheet_extra", "Mine").warn
    assert verdict(comparison, 1).status == "warn"


def test_first_sheet(monkeypatch: Patch) -> None:
    comparison = fresh()
    first = sheet(comparison, "about")
    label = comparison.say("about.currency.label")
    found = next(c for row in first.iter_rows() for c in row if c.value == label)
    monkeypatch.setattr(found, "value", "Money")
    assert fires(comparison, 2, "not_told").expected == label
    key = next(
        c
        for row in first.iter_rows()
        for c in row
        if c.value == comparison.say("about.ft_link.text")
    )
    restyle(monkeypatch, key, font=Font(color="FF00FF00"))
    fires(comparison, 2, "colour_key", f"{first.title}!{key.coordinate}")


def test_hidden(monkeypatch: Patch) -> None:
    comparison = fresh()
    ws = sheet(comparison, "calculation")
    monkeypatch.setattr(ws, "sheet_state", "hidden")
    fires(comparison, 3, "hidden_sheet", ws.title)
    monkeypatch.setattr(ws.column_dimensions["D"], "hidden", True)
    fires(comparison, 3, "hidden_column", f"{ws.title}!D:D")
    monkeypatch.setattr(ws.row_dimensions[1], "hidden", True)
    fires(comparison, 3, "hidden_row", f"{ws.title}!1:1")
    restyle(monkeypatch, ws["A1"], font=Font(color="FFFFFFFF"))
    fires(comparison, 3, "invisible_text", f"{ws.title}!A1")
    restyle(monkeypatch, ws["A2"], number_format=";;;")
    fires(comparison, 3, "hiding_format", f"{ws.title}!A2")


def test_merged() -> None:
    comparison = changed(
        lambda parts: parts.update(
            {
                "xl/worksheets/sheet1.xml": parts["xl/worksheets/sheet1.xml"].replace(
                    b"<pageMargins",
                    b'<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells><pageMargins',
                )
            }
        )
    )
    fires(comparison, 4, "merged", "Summary!A1:B1")


def test_header_and_width(monkeypatch: Patch) -> None:
    comparison = fresh()
    heading = comparison.headings[comparison.titles["calculation"]][0]
    column, said = min(heading.texts.items())
    where = CellRef(comparison.titles["calculation"], f"A{heading.row}")
    put(monkeypatch, comparison, where, "Other")
    assert fires(comparison, 5, "header", shown(where)).expected == said
    assert column == 1
    ws = sheet(comparison, "cashflow")
    monkeypatch.setattr(ws.column_dimensions["J"], "width", 40)
    assert fires(comparison, 5, "width").warn


def test_time_axis(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "months")
    place = CellRef(place.sheet, place.cell.replace("H", "K"))
    put(monkeypatch, comparison, place, 9)
    assert fires(comparison, 6, "axis_gap", shown(place)).expected == "3"
    fires(comparison, 6, "no_axis", put(monkeypatch, comparison, place, "May"))


def test_panes(monkeypatch: Patch) -> None:
    comparison = fresh()
    ws = sheet(comparison, "inputs")
    monkeypatch.setattr(ws.sheet_view, "pane", None)
    fires(comparison, 7, "not_frozen", ws.title)


def test_flow(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "data_cost")
    below = at(comparison, "total_cost").cell
    where = put(monkeypatch, comparison, place, f"={below}*1")
    assert fires(comparison, 8, "refers_ahead", where).found == below
    assert verdict(comparison, 8).status == "warn"


def test_links(monkeypatch: Patch) -> None:
    comparison = fresh()
    where = put(monkeypatch, comparison, at(comparison, "data_cost"), "=[1]Other!A1")
    fires(comparison, 9, "linked_formula", where)
    comparison.file.parts["xl/externalLinks/externalLink1.xml"] = b"<x/>"
    fires(comparison, 9, "linked_part", "xl/externalLinks/externalLink1.xml")
    comparison.file.parts["xl/connections.xml"] = b"<x/>"
    fires(comparison, 9, "linked_part", "xl/connections.xml")


def test_macro() -> None:
    comparison = fresh()
    comparison.file.parts["xl/vbaProject.bin"] = b""
    fires(comparison, 10, "macro_part", "xl/vbaProject.bin")
    comparison.macros = True
    assert verdict(comparison, 10).status == "not_applicable"


def test_circle(monkeypatch: Patch) -> None:
    comparison = fresh()
    first, second = at(comparison, "data_cost"), at(comparison, "total_cost")
    put(monkeypatch, comparison, first, f"={second.cell}")
    fault = fires(comparison, 11, "circular")
    assert shown(first) in fault.found
    assert shown(second) in fault.found
    monkeypatch.setattr(comparison.file.book.calculation, "iterate", True)
    fires(comparison, 11, "iteration")


def test_a_circle_through_a_name(monkeypatch: Patch) -> None:
    comparison = fresh()
    put(monkeypatch, comparison, at(comparison, "total_cost"), "=SUM(total_cost)")
    assert "total" not in fires(comparison, 11, "circular").found


# --- 35 to 40: results, protection, print, charts, functions -------------------------------------


def test_blank_and_wrong_results() -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    comparison.file.stored[place] = None
    fires(comparison, 35, "no_value", shown(place))
    comparison.file.stored[place] = "#REF!"
    assert not fires(comparison, 35, "error_value", shown(place)).warn


def test_protection(monkeypatch: Patch) -> None:
    comparison = fresh()
    ws = sheet(comparison, "calculation")
    monkeypatch.setattr(ws.protection, "formatColumns", True)
    fires(comparison, 36, "columns_fixed", ws.title)
    monkeypatch.setattr(ws.protection, "hashValue", "YWJj")
    fires(comparison, 36, "password", ws.title)
    monkeypatch.setattr(ws.protection, "sheet", False)
    fires(comparison, 36, "not_protected", ws.title)
    place = at(comparison, "total_cost")
    restyle(monkeypatch, cell(comparison, place), protection=Protection(locked=False))
    fires(comparison, 36, "unlocked", shown(place))
    place = at(comparison, "hourly_rate")
    restyle(monkeypatch, cell(comparison, place), protection=Protection(locked=True))
    fires(comparison, 36, "input_locked", shown(place))


def test_version(monkeypatch: Patch) -> None:
    comparison = fresh()
    first = sheet(comparison, "about")
    said = comparison.say("about.version.label")
    label = next(row[0] for row in first.iter_rows(max_col=1) if row[0].value == said)
    value = CellRef(first.title, label.coordinate.replace("A", "B"))
    fires(comparison, 37, "version", put(monkeypatch, comparison, value, "roi_xl 0.0.1"))
    monkeypatch.setattr(label, "value", "Edition")
    fires(comparison, 37, "no_version", first.title)


def test_another_version_is_not_compared(monkeypatch: Patch) -> None:
    comparison = fresh()
    monkeypatch.setattr(comparison.file.book.properties, "creator", "roi_xl 0.0.1")
    assert verdict(comparison, 0).status == "not_checkable"
    assert verdict(comparison, 0).reasons == ("other_version",)


def test_print_setup(monkeypatch: Patch) -> None:
    comparison = fresh()
    ws = sheet(comparison, "inputs")
    monkeypatch.setattr(ws.page_setup, "orientation", "portrait")
    fires(comparison, 38, "print_portrait", ws.title)
    monkeypatch.setattr(ws.page_setup, "fitToWidth", 2)
    fires(comparison, 38, "print_width", ws.title)
    monkeypatch.setattr(ws, "_print_rows", None)
    fires(comparison, 38, "print_titles", ws.title)
    for part in (ws.oddFooter.left, ws.oddFooter.right):  # type: ignore[union-attr]
        monkeypatch.setattr(part, "text", None)
    fires(comparison, 38, "print_footer", ws.title)


def test_functions_sheet(monkeypatch: Patch) -> None:
    comparison = fresh()
    ws = sheet(comparison, "functions")
    row = next(r for r in ws.iter_rows() if r[0].value == "FT_PAYBACK")
    place = CellRef(ws.title, row[1].coordinate)
    fires(comparison, 40, "function_differs", put(monkeypatch, comparison, place, "Months or so"))
    where = put(monkeypatch, comparison, CellRef(ws.title, row[0].coordinate), "FT_PAYBAK")
    fires(comparison, 40, "function_unknown", where)
    assert fires(comparison, 40, "function_missing").expected == "FT_PAYBACK"


# --- checks, flag, charts ------------------------------------------------------------------------


def test_checks(monkeypatch: Patch) -> None:
    comparison = fresh()
    title = comparison.titles["checks"]
    place = next(
        a for a, value in comparison.file.stored.items() if a.sheet == title and value is True
    )
    comparison.file.stored[place] = 1.0
    fires(comparison, 33, "check_not_boolean", shown(place))
    fires(comparison, 33, "check_gone", put(monkeypatch, comparison, place, True))


def test_flag(monkeypatch: Patch) -> None:
    comparison = fresh()
    flag = at(comparison, "checks_ok")
    comparison.file.stored[flag] = False
    fires(comparison, 35, "flag_false", shown(flag))
    place = next(a for a, f in comparison.file.formulas.items() if "checks_ok" in f)
    title = place.sheet
    comparison.file.stored[place] = 1.0
    fires(comparison, 34, "flag_not_text", shown(place))
    put(monkeypatch, comparison, place, "All well")
    fires(comparison, 34, "flag_missing", title)


def drawn(parts: dict[str, bytes], folder: str) -> str:
    return min(n for n in parts if n.startswith(f"xl/{folder}/") and n.endswith(".xml"))


@pytest.mark.parametrize(
    ("folder", "old", "new", "key"),
    [
        ("charts", rb"(<(?:c:)?chart>.*?)<((?:c:)?)title>.*?</\2title>", rb"\1", "chart_title"),
        ("charts", rb'srgbClr val="[0-9A-Fa-f]{6}"', b'srgbClr val="FF00FF"', "chart_colour"),
        ("charts", rb"barChart>", b"bar3DChart>", "chart_3d"),
        ("drawings", rb'descr="[^"]*"', b'descr=""', "chart_alt"),
    ],
)
def test_charts(folder: str, old: bytes, new: bytes, key: str) -> None:
    found: list[int] = []

    def change(parts: dict[str, bytes]) -> None:
        for part in [n for n in parts if n.startswith(f"xl/{folder}/") and n.endswith(".xml")]:
            parts[part], count = re.subn(old, new, parts[part], flags=re.S)
            found.append(count)

    comparison = changed(change)
    assert sum(found) > 0
    fires(comparison, 39, key)


def test_a_missing_chart_and_a_picture() -> None:
    def remove(parts: dict[str, bytes]) -> None:
        part = drawn(parts, "drawings")
        anchors = rb"<((?:xdr:)?(?:oneCell|twoCell|absolute)Anchor)[ >].*?</\1>"
        parts[part] = re.sub(anchors, b"", parts[part], count=1, flags=re.S)

    fires(changed(remove), 39, "chart_missing", "Summary")


def test_what_a_foreign_program_rewrites_is_not_held_against_it(monkeypatch: Patch) -> None:
    comparison = fresh()
    app = comparison.file.parts["docProps/app.xml"]
    comparison.file.parts["docProps/app.xml"] = re.sub(
        rb"<Application>.*?</Application>", b"<Application>LibreOffice/25.2</Application>", app
    )
    found = verdict(comparison, 39)
    assert found.status == "not_checkable"
    assert found.reasons == ("charts_rewritten",)
