"""Each rule about cells and formulas finds a fault that is planted in a fresh workbook."""

import datetime as dt

import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.snapshot import CellRef
from tests.audit.planting import (
    Patch,
    at,
    cell,
    fires,
    fresh,
    put,
    restyle,
    sheet,
    shown,
    verdict,
)

# --- 12 to 17: numbers, colours, units -----------------------------------------------------------


def test_a_typed_number(monkeypatch: Patch) -> None:
    comparison = fresh()
    where = put(monkeypatch, comparison, CellRef(comparison.titles["summary"], "E3"), 42)
    fires(comparison, 12, "typed_number", where)


def test_a_constant(monkeypatch: Patch) -> None:
    comparison = fresh()
    where = put(monkeypatch, comparison, at(comparison, "data_cost"), "=D6*-1.2+1-1")
    assert fires(comparison, 13, "constant", where).found == "-1.2"


def test_colours(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    restyle(monkeypatch, cell(comparison, place), font=Font(color="FFC00000"))
    fires(comparison, 14, "colour", shown(place))
    fires(comparison, 14, "formula_colour", shown(place))
    place = at(comparison, "daily_requests")
    restyle(monkeypatch, cell(comparison, place), fill=PatternFill("solid", fgColor="FFFFFFFF"))
    fires(comparison, 14, "input_colour", shown(place))


def test_contrast(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    restyle(monkeypatch, cell(comparison, place), font=Font(color="FFAAAAAA"))
    assert "2.32" in fires(comparison, 15, "contrast", shown(place)).found  # #AAA on white


def test_units(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    row = int("".join(filter(str.isdigit, place.cell)))
    heading = comparison.heading(place.sheet, row)
    assert heading is not None
    column = heading.column(comparison.say("head.unit"))
    unit = comparison.file.sheets[place.sheet].cell(row, column or 1)
    where = put(monkeypatch, comparison, CellRef(place.sheet, unit.coordinate), " ")
    fires(comparison, 16, "no_unit", where)


def test_formats(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    restyle(monkeypatch, cell(comparison, place), number_format="0.0%")
    assert fires(comparison, 17, "number_format", shown(place)).expected == "#,##0.00"
    place = at(comparison, "daily_requests")
    restyle(monkeypatch, cell(comparison, place), number_format="[$¥-804]#,##0.00")
    fires(comparison, 17, "currency_format", shown(place))


# --- 18 to 22: what people type ------------------------------------------------------------------


def rule_on(comparison: Comparison, place: CellRef) -> DataValidation:
    ws = comparison.file.sheets[place.sheet]
    found: DataValidation = next(
        v for v in ws.data_validations.dataValidation if place.cell in v.sqref
    )
    return found


def test_validation(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "hourly_rate")
    rule = rule_on(comparison, place)
    monkeypatch.setattr(rule, "formula1", "-5")
    fires(comparison, 18, "validation_differs", shown(place))
    monkeypatch.setattr(rule, "errorStyle", "warning")
    fires(comparison, 18, "validation_lets_pass", shown(place))
    ws = comparison.file.sheets[place.sheet]
    rest = [v for v in ws.data_validations.dataValidation if v is not rule]
    monkeypatch.setattr(ws.data_validations, "dataValidation", rest)
    fires(comparison, 18, "not_validated", shown(place))


def test_drop_down(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "quality_need")
    rule = rule_on(comparison, place)
    for formula, key in (
        ('"normal,high"', "list_typed"),
        ("=no_such_list", "list_lost"),
        ("=$Z$500:$Z$501", "list_empty"),
    ):
        monkeypatch.setattr(rule, "formula1", formula)
        fires(comparison, 19, key)


def test_prices(monkeypatch: Patch) -> None:
    comparison = fresh()
    title = comparison.titles["gpu_prices"]
    heading = comparison.headings[title][0]
    columns = {h: heading.column(comparison.say(f"head.{h}")) for h in ("date", "source", "status")}
    ws, row = comparison.file.sheets[title], heading.row + 1
    price = f"E{row}"
    for column, value, key, place in (
        ("source", None, "price_unsourced", None),
        ("date", None, "price_undated", f"{title}!{price}"),
        ("date", dt.datetime(2020, 1, 1), "price_stale", f"{title}!{price}"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(ws.cell(row, columns[column] or 1), "value", value)
            fires(comparison, 20, key, place)


def test_sample(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "training_hours")
    row = place.cell.lstrip("C")
    for found, value in list(comparison.file.stored.items()):
        if "SAMPLE" in str(value) and found.sheet == place.sheet and found.cell[1:] == row:
            comparison.file.stored[found] = ""
    fires(comparison, 21, "sample_unmarked", shown(place))


@pytest.mark.parametrize(
    ("name", "target", "comment", "key"),
    [
        ("Total", "Inputs!$C$6", "x", "name_form"),
        ("abc12", "Inputs!$C$6", "x", "name_like_cell"),
        ("total_extra", "Inputs!$C$6", None, "name_uncommented"),
        ("total_cost", "#REF!", "x", "name_broken"),
        ("total_cost", "Nowhere!$A$1", "x", "name_broken"),
        ("total_cost", "Inputs!$C$6", "x", "name_elsewhere"),
    ],
)
def test_names(name: str, target: str, comment: str | None, key: str, monkeypatch: Patch) -> None:
    comparison = fresh()
    defined = DefinedName(name, attr_text=target, comment=comment)
    monkeypatch.setitem(comparison.file.book.defined_names, name, defined)
    assert name in fires(comparison, 22, key).found


def test_a_missing_and_a_local_name(monkeypatch: Patch) -> None:
    comparison = fresh()
    monkeypatch.delitem(comparison.file.book.defined_names, "total_cost")
    fires(comparison, 22, "name_missing", shown(at(comparison, "total_cost")))
    ws = sheet(comparison, "inputs")
    monkeypatch.setitem(ws.defined_names, "mine", DefinedName("mine", attr_text="Inputs!$C$6"))
    fires(comparison, 22, "name_local", ws.title)


# --- 23 to 32: formulas and labels ---------------------------------------------------------------


def test_a_row_with_another_formula(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = next(
        a
        for a in comparison.file.formulas
        if a.sheet == "Cash Flow" and a.cell.startswith("J") and a.cell != "J4"
    )
    where = put(monkeypatch, comparison, place, f"={comparison.file.formulas[place]}+0")
    fires(comparison, 23, "row_differs", where)


@pytest.mark.parametrize(
    ("formula", "number", "key", "found"),
    [
        ("=" + "D6+" * 40 + "1", 24, "long", "122"),
        ("=D6+\n1", 24, "lines", ""),
        ("=IF(D6>1,IF(D6>0,IF(D6>-1,1,0),0),0)", 25, "nested", "3:"),
        ("=D6*RAND()", 26, "volatile", "RAND"),
        ("=SUM(OFFSET(D6,0,0))", 26, "volatile", "OFFSET"),
        ("=XLOOKUP(D6,D7,D8)", 27, "no_prefix", "XLOOKUP"),
        ("=HARMEAN(D6)", 27, "unknown_function", "HARMEAN"),
        ("=SUM(D:D)", 27, "whole_column", "D:D"),
        ("=ROUND(D6,1)", 29, "rounded", "ROUND"),
        ("=IFERROR(D6,0)", 30, "iferror", "IFERROR"),
    ],
)
def test_formulas(formula: str, number: int, key: str, found: str, monkeypatch: Patch) -> None:
    comparison = fresh()
    where = put(monkeypatch, comparison, at(comparison, "data_cost"), formula)
    assert fires(comparison, number, key, where).found.startswith(found)


def test_a_prefix_satisfies(monkeypatch: Patch) -> None:
    comparison = fresh()
    where = put(monkeypatch, comparison, at(comparison, "data_cost"), "=_xlfn.XLOOKUP(D6,D7,D8)")
    assert where not in [f.place for f in verdict(comparison, 27).faults]


def test_calculated_twice(monkeypatch: Patch) -> None:
    comparison = fresh()
    first = at(comparison, "data_cost")
    second = at(comparison, "total_cost")
    formula = comparison.file.formulas[first]
    where = put(monkeypatch, comparison, second, f"={formula}")
    assert fires(comparison, 28, "twice", where).expected == first.cell


def test_labels(monkeypatch: Patch) -> None:
    comparison = fresh()
    place = at(comparison, "total_cost")
    label = CellRef(place.sheet, "A" + "".join(filter(str.isdigit, place.cell)))
    above = CellRef(place.sheet, f"A{int(label.cell[1:]) - 1}")
    fires(comparison, 31, "label_empty", put(monkeypatch, comparison, label, ""))
    fires(comparison, 31, "label_differs", put(monkeypatch, comparison, label, "Cost"))
    other = str(cell(comparison, above).value)
    fires(comparison, 31, "label_twice", put(monkeypatch, comparison, label, other))


def test_signs(monkeypatch: Patch) -> None:
    comparison = fresh()
    fires(
        comparison, 32, "negative", put(monkeypatch, comparison, at(comparison, "hourly_rate"), -5)
    )
