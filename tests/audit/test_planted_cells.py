"""Each rule about cells and formulas finds a fault that is planted in a fresh workbook."""

import datetime as dt

import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.audit.comparison import Subject
from roi_xl.audit.snapshot import At
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
    subject = fresh()
    where = put(monkeypatch, subject, At(subject.titles["summary"], "E3"), 42)
    fires(subject, 12, "typed_number", where)


def test_a_constant(monkeypatch: Patch) -> None:
    subject = fresh()
    where = put(monkeypatch, subject, at(subject, "data_cost"), "=D6*-1.2+1-1")
    assert fires(subject, 13, "constant", where).found == "-1.2"


def test_colours(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "total_cost")
    restyle(monkeypatch, cell(subject, place), font=Font(color="FFC00000"))
    fires(subject, 14, "colour", shown(place))
    fires(subject, 14, "formula_colour", shown(place))
    place = at(subject, "hourly_rate")
    restyle(monkeypatch, cell(subject, place), fill=PatternFill("solid", fgColor="FFFFFFFF"))
    fires(subject, 14, "input_colour", shown(place))


def test_contrast(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "total_cost")
    restyle(monkeypatch, cell(subject, place), font=Font(color="FFAAAAAA"))
    assert "2.32" in fires(subject, 15, "contrast", shown(place)).found  # #AAA on white


def test_units(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "total_cost")
    row = int("".join(filter(str.isdigit, place.cell)))
    heading = subject.heading(place.sheet, row)
    assert heading is not None
    column = heading.column(subject.say("head.unit"))
    unit = subject.file.sheets[place.sheet].cell(row, column or 1)
    where = put(monkeypatch, subject, At(place.sheet, unit.coordinate), " ")
    fires(subject, 16, "no_unit", where)


def test_formats(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "total_cost")
    restyle(monkeypatch, cell(subject, place), number_format="0.0%")
    assert fires(subject, 17, "number_format", shown(place)).expected == "#,##0.00"
    place = at(subject, "hourly_rate")
    restyle(monkeypatch, cell(subject, place), number_format="[$¥-804]#,##0.00")
    fires(subject, 17, "currency_format", shown(place))


# --- 18 to 22: what people type ------------------------------------------------------------------


def rule_on(subject: Subject, place: At) -> DataValidation:
    ws = subject.file.sheets[place.sheet]
    found: DataValidation = next(
        v for v in ws.data_validations.dataValidation if place.cell in v.sqref
    )
    return found


def test_validation(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "hourly_rate")
    rule = rule_on(subject, place)
    monkeypatch.setattr(rule, "formula1", "-5")
    fires(subject, 18, "validation_differs", shown(place))
    monkeypatch.setattr(rule, "errorStyle", "warning")
    fires(subject, 18, "validation_lets_pass", shown(place))
    monkeypatch.setattr(rule, "prompt", None)
    fires(subject, 18, "validation_silent", shown(place))
    ws = subject.file.sheets[place.sheet]
    rest = [v for v in ws.data_validations.dataValidation if v is not rule]
    monkeypatch.setattr(ws.data_validations, "dataValidation", rest)
    fires(subject, 18, "not_validated", shown(place))


def test_drop_down(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "quality_need")
    rule = rule_on(subject, place)
    for formula, key in (
        ('"normal,high"', "list_typed"),
        ("=no_such_list", "list_lost"),
        ("=$Z$500:$Z$501", "list_empty"),
    ):
        monkeypatch.setattr(rule, "formula1", formula)
        fires(subject, 19, key)


def test_prices(monkeypatch: Patch) -> None:
    subject = fresh()
    title = subject.titles["gpu_prices"]
    heading = subject.headings[title][0]
    columns = {h: heading.column(subject.say(f"head.{h}")) for h in ("date", "source", "status")}
    ws, row = subject.file.sheets[title], heading.row + 1
    price = f"E{row}"
    for column, value, key, place in (
        ("source", None, "price_unsourced", None),
        ("date", None, "price_undated", f"{title}!{price}"),
        ("date", dt.datetime(2020, 1, 1), "price_stale", f"{title}!{price}"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(ws.cell(row, columns[column] or 1), "value", value)
            fires(subject, 20, key, place)


def test_sample(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "training_hours")
    for sheet_cell, value in subject.file.stored.items():
        if value == "SAMPLE" and sheet_cell.cell.endswith(place.cell.lstrip("C")):
            subject.file.stored[sheet_cell] = ""
    fires(subject, 21, "sample_unmarked", shown(place))


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
    subject = fresh()
    defined = DefinedName(name, attr_text=target, comment=comment)
    monkeypatch.setitem(subject.file.book.defined_names, name, defined)
    assert name in fires(subject, 22, key).found


def test_a_missing_and_a_local_name(monkeypatch: Patch) -> None:
    subject = fresh()
    monkeypatch.delitem(subject.file.book.defined_names, "total_cost")
    fires(subject, 22, "name_missing", shown(at(subject, "total_cost")))
    ws = sheet(subject, "inputs")
    monkeypatch.setitem(ws.defined_names, "mine", DefinedName("mine", attr_text="Inputs!$C$6"))
    fires(subject, 22, "name_local", ws.title)


# --- 23 to 32: formulas and labels ---------------------------------------------------------------


def test_a_row_with_another_formula(monkeypatch: Patch) -> None:
    subject = fresh()
    place = next(
        a
        for a in subject.file.formulas
        if a.sheet == "Cash Flow" and a.cell.startswith("J") and a.cell != "J4"
    )
    where = put(monkeypatch, subject, place, f"={subject.file.formulas[place]}+0")
    fires(subject, 23, "row_differs", where)


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
    subject = fresh()
    where = put(monkeypatch, subject, at(subject, "data_cost"), formula)
    assert fires(subject, number, key, where).found.startswith(found)


def test_a_prefix_satisfies(monkeypatch: Patch) -> None:
    subject = fresh()
    where = put(monkeypatch, subject, at(subject, "data_cost"), "=_xlfn.XLOOKUP(D6,D7,D8)")
    assert where not in [f.place for f in verdict(subject, 27).faults]


def test_calculated_twice(monkeypatch: Patch) -> None:
    subject = fresh()
    first = at(subject, "data_cost")
    second = at(subject, "total_cost")
    formula = subject.file.formulas[first]
    where = put(monkeypatch, subject, second, f"={formula}")
    assert fires(subject, 28, "twice", where).expected == first.cell


def test_labels(monkeypatch: Patch) -> None:
    subject = fresh()
    place = at(subject, "total_cost")
    label = At(place.sheet, "A" + "".join(filter(str.isdigit, place.cell)))
    above = At(place.sheet, f"A{int(label.cell[1:]) - 1}")
    fires(subject, 31, "label_empty", put(monkeypatch, subject, label, ""))
    fires(subject, 31, "label_differs", put(monkeypatch, subject, label, "Cost"))
    other = str(cell(subject, above).value)
    fires(subject, 31, "label_twice", put(monkeypatch, subject, label, other))


def test_signs(monkeypatch: Patch) -> None:
    subject = fresh()
    fires(subject, 32, "negative", put(monkeypatch, subject, at(subject, "hourly_rate"), -5))
