"""A function's help page reads well in both languages."""

import re

import pytest

from roi_xl import FUNCTIONS
from roi_xl.functions.declare import Function
from roi_xl.functions.describe import ROWS_SHOWN, example, excel_formula, paragraphs
from roi_xl.text import LANGUAGES, speaking, unit_text

ALL = list(FUNCTIONS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", ALL, ids=lambda f: f.name)
def test_a_help_page_is_complete(function: Function, language: str) -> None:
    with speaking(language):
        page = "\n".join(paragraphs(function))
        parts = [function.signature(), function.doc(), example(function)]
        parts += [p.label() for p in function.params] + [p.help() for p in function.params]
        parts.append(unit_text(function.unit))
        plain = excel_formula(function)
    for part in [*parts, *([plain] if plain else [])]:
        assert part in page
    # no Python in what a person reads: no lists, no digits nobody asked for
    assert not re.search(r"\[\[|\bNone\b|\bnan\b|\d\.\d{12,}", page)


@pytest.mark.parametrize("name", ["FT_CASHFLOW", "FT_SENSITIVITY", "FT_MONTE_CARLO"])
def test_a_table_is_shown_in_columns(name: str) -> None:
    with speaking("en"):
        lines = paragraphs(FUNCTIONS[name])
    start = next(i for i, line in enumerate(lines) if line.endswith("→"))
    rows = [line for line in lines[start + 1 :] if line.startswith("      ")]
    assert 1 < len(rows) <= ROWS_SHOWN + 1
    assert len({len(re.split(r" {2,}", row.strip())) for row in rows if "…" not in row}) == 1


def test_the_page_of_payback() -> None:
    with speaking("en"):
        lines = paragraphs(FUNCTIONS["FT_PAYBACK"])
    assert lines[0] == "FT_PAYBACK(total_cost, monthly_savings)"
    assert "  total_cost: Total investment [amount; a number ≥ 0]" in lines
    assert "  example: =FT_PAYBACK(2036,2700) → 0.7540740741" in lines
