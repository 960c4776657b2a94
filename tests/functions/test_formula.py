"""Trace and Python agree: structure here, values through LibreOffice."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from roi_xl.functions.declare import Function
from roi_xl.functions.formula import Dialect, Ref, Symbol, formula, render, trace
from roi_xl.units import Constant, words
from tests.draw import clean_arguments
from tests.hosts.office import Doc

TRACEABLE = [f for f in FUNCTIONS.values() if f.traceable]
a: Any
b: Any
c: Any
a, b, c = (Symbol(Ref(name)) for name in "abc")


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        (a + b * c, "a+b*c"),
        ((a + b) * c, "(a+b)*c"),
        (a - (b - c), "a-(b-c)"),
        (a - b - c, "a-b-c"),
        (a / (b * c), "a/(b*c)"),
        (a / b * c, "a/b*c"),
        (a * (b / c), "a*(b/c)"),
        (-(a + b), "-(a+b)"),
        (a - -b, "a--b"),
        ((-a) ** 2, "(-a)^2"),
        (a ** (b + 1), "a^(b+1)"),
        ((a**b) ** c, "(a^b)^c"),
        (2 - a, "2-a"),
        (a * 1 + 0, "a"),
        (a < b, "a<b"),
        (np.where(a >= b, 0.5, c), "IF(a>=b,0.5,c)"),
        (np.minimum(a, b), "IF(a<b,a,b)"),
        (np.maximum(a, 1.0), "IF(a>1,a,1)"),
        (np.exp(np.log(a)), "EXP(LN(a))"),
        (np.where(a != b, np.inf, np.nan), 'IF(a<>b,"never",SQRT(-1))'),
        (a * Constant("months_per_year", 12.0), "a*12"),
    ],
)
def test_formula_text(symbol: Symbol, expected: str) -> None:
    assert render(symbol.node) == expected


def test_dialects() -> None:
    said = Dialect(reference=lambda n: f"_{n}", constant=lambda n, _: n, never="永不回本")
    assert formula(FUNCTIONS["FT_PAYBACK"], said) == (
        'IF(_monthly_savings>0,_total_cost/_monthly_savings,"永不回本")'
    )
    assert formula(FUNCTIONS["FT_ANNUAL_ROI"], said) == (
        "(_monthly_savings*months_per_year-_total_cost)/_total_cost"
    )


def test_what_has_no_formula_is_refused() -> None:
    for function in (np.sin, np.add.reduce, np.sum):
        with pytest.raises(TypeError):
            function(a)
    with pytest.raises(TypeError, match="truth"):
        bool(a > b)


@pytest.mark.parametrize("function", TRACEABLE, ids=lambda f: f.name)
def test_every_argument_is_in_the_formula(function: Function) -> None:
    text = formula(function)
    for param in function.all_params:
        assert (param.name in text) == (param.name not in function.inner)


@given(data=st.data())
def test_trace_agrees_with_python_in_libreoffice(blank_sheet: Doc, data: st.DataObject) -> None:
    """The traced formula over cells gives what Python gives, errors included."""
    function = data.draw(st.sampled_from(TRACEABLE))
    shown = [p for p in function.all_params if p.name not in function.inner]
    values = data.draw(clean_arguments(function))[: len(shown)]
    places = {p.name: f"{chr(65 + i)}1" for i, p in enumerate(shown)}
    codes = [
        float(p.quantity.choices.index(v)) if p.quantity.choices else v
        for p, v in zip(shown, values, strict=True)
    ]
    codes = ["never" if v == math.inf else v for v in codes]
    blank_sheet.set_many(
        {f"Sheet1.{place}": v for place, v in zip(places.values(), codes, strict=True)}
    )
    text = render(trace(function), Dialect(reference=lambda name: places[name]))
    found = blank_sheet.formula("Sheet1.A3", f"={text}")
    expected = cells(function, [*values, *(["en"] if function.speaks else [])])
    if function.speaks:
        expected = float(words(function.returns, "en").index(str(expected)))
    if isinstance(expected, str):
        assert found == expected
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
