"""Parsing Calc formulas, by which blank cells are told from zeros."""

import pytest

from roi_xl.hosts.libreoffice.blanks import CALL, arguments, column_number


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=ROIXL.FT_X()", [[""]]),
        ("=ROIXL.FT_X(A1;;3)", [["A1", "", "3"]]),
        ("=1+FT_X($A$1; B2 )*2", [["$A$1", "B2"]]),
        ('=FT_X("a;b)";{1;2};SUM(A1;2))', [['"a;b)"', "{1;2}", "SUM(A1;2)"]]),
        ("=FT_X($'It''s; two'.A1;1)", [["$'It''s; two'.A1", "1"]]),
        ("=FT_X(FT_Y(A1;2);B1)", [["FT_Y(A1;2)", "B1"], ["A1", "2"]]),
        ('="FT_X(1;2)"', []),
        ("=FT_X(A1", [[]]),
    ],
)
def test_arguments(formula: str, expected: list[list[str]]) -> None:
    calls = [m for m in CALL.finditer(formula) if m.group(1)]
    assert expected == [arguments(formula, m.end()) for m in calls]


@pytest.mark.parametrize(("letters", "number"), [("A", 0), ("Z", 25), ("aa", 26), ("XFD", 16383)])
def test_columns(letters: str, number: int) -> None:
    assert number == column_number(letters)
