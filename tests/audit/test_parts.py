"""The pieces the rules stand on: formulas taken apart, colours, stored values, circles."""

import pytest

from roi_xl.audit.formula_parts import parse
from roi_xl.audit.rules.results import same
from roi_xl.audit.snapshot import contrast


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("'Inputs'!$C$6*2", "Inputs!$C$6 * 2"),
        ("_xlfn.XLOOKUP(A1,B1:B2,C1:C2)", "xlookup(a1,B1:B2,C1:C2)"),
        ("1.50+A1", "1.5+a1"),
        ("'O''Brien'!A1", "'O''Brien'!A1"),
    ],
)
def test_one_spelling_for_every_program(first: str, second: str) -> None:
    assert parse(first).spelling == parse(second).spelling


@pytest.mark.parametrize(
    ("first", "second"), [("A1+B1", "A1-B1"), ("$A$1", "A1"), ('"a"', '"A"'), ("A1*2", "A1*3")]
)
def test_another_formula_is_another_spelling(first: str, second: str) -> None:
    assert parse(first).spelling != parse(second).spelling


def test_taken_apart() -> None:
    parsed = parse("IF(A1>-1,IF(Inputs!B2<2,SUM(C1:C9),total_cost),Prices[usd])+'a b'!$A:$A")
    assert parsed.functions == ("IF", "IF", "SUM")
    assert parsed.numbers == (-1.0, 2.0)
    assert parsed.depth == 2
    assert [r.text for r in parsed.references if r.is_whole] == ["'a b'!$A:$A"]
    assert [r.table for r in parsed.references if r.table] == ["PRICES"]
    assert parsed.references[1].sheet == "Inputs"
    assert parsed.references[2].box == (3, 1, 3, 9)
    assert parse('IF(A1="IF(IF(",1,2)').depth == 1


def test_a_copied_formula_has_one_relative_spelling() -> None:
    # B1*$A$1 in C2, copied to D3, reads C2*$A$1
    assert parse("B1*$A$1").relative(2, 3) == parse("C2*$A$1").relative(3, 4)
    assert parse("B1*$A$1").relative(2, 3) != parse("B1*$A$1").relative(3, 4)
    assert parse("SUM(B$1:B9)").relative(10, 2) == parse("SUM(C$1:C9)").relative(10, 3)


def test_places_are_not_read() -> None:
    assert [r.reads for r in parse("ROWS(A$1:A3)+A1").references] == [False, True]


def test_contrast_as_published() -> None:
    # WCAG's own example pair: #777777 on white is 4.48, #767676 is 4.54
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("FFFFFF", "FFFFFF") == 1


def test_same_values() -> None:
    assert same(0.1 + 0.2, 0.3)
    assert not same(2036.0, 2036.01)
    assert not same(True, 1.0)
    assert same(None, "")
    assert not same("", "SAMPLE")
    assert not same(None, 3.0)
