"""The page to hand in: well-formed, self-contained, escaped, and true to the model."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.study import Study, study_of
from roi_xl.report.html import html_page
from roi_xl.report.numbers import formatted, shown
from roi_xl.text import LANGUAGES, text
from roi_xl.units import Quantity, Unit

NS = "{http://www.w3.org/1999/xhtml}"
HOSTILE = "<script>alert('&')</script>"
FILLED = {
    "name": HOSTILE,
    "inputs": {
        "daily_requests": 5000,
        "gpu_count": 2,
        "reporting_currency": "CNY",
        "usd_to_reporting_rate": 7.0,
    },
    "scenario": {"best": {"daily_requests": 12000}, "worst": {"daily_requests": 0}},
    "live_scenario": "best",
}


def tree(page: str) -> ET.Element:
    first, _, rest = page.partition("\n")
    assert first == "<!DOCTYPE html>"
    return ET.fromstring(rest)


def words(page: str) -> list[str]:
    body = tree(page).find(f"{NS}body")
    assert body is not None
    return [" ".join(said.split()) for said in body.itertext() if said.strip()]


class Balanced(HTMLParser):
    """An HTML parser, not an XML one, that sees every element closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.open.append(tag)
        for name, value in attrs:
            assert name not in ("src", "href", "srcset", "data", "onload"), (tag, name)
            assert value is None or "url(" not in value

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", [{}, FILLED], ids=["sample", "filled"])
def test_a_page_stands_alone(language: str, given: dict[str, object]) -> None:
    page = html_page(study_of(given), language, dt.date(2026, 11, 1))
    tree(page)
    parser = Balanced()
    parser.feed(page)
    assert not parser.open
    assert not parser.seen & {"script", "link", "img", "iframe", "object"}
    assert "@import" not in page
    assert "url(" not in page
    assert page.count("<svg") == 4
    assert re.search(r"@page\s*{[^}]*A4", page)
    other = next(lang for lang in LANGUAGES if lang != language)
    assert text("report.section.figures", language) in words(page)
    assert text("report.section.figures", other) not in words(page)


def test_the_source_example_in_words() -> None:
    page = html_page(Study(), "en")
    said = " ".join(words(page))
    for figure in ("Strongly recommended", "2,036.00 USD", "2,700.00 USD/month", "1,491.4%"):
        assert figure in said
    assert said.count("SAMPLE") >= 4  # its inputs, and the sentence below
    assert "CNY" not in said
    assert "All 7 checks passed" in said


def test_the_chosen_scenario_and_the_reporting_currency() -> None:
    study = study_of(FILLED)
    page = html_page(study, "en")
    said = words(page)
    results = evaluate_case(study.live_case, "en")
    assert "Best *" in said
    assert f"{results['npv']:,.2f} USD" in said
    assert f"CN¥{results['npv'] * 7:,.2f}" in said
    assert "never" in said  # the worst scenario saves nothing
    assert HOSTILE in " ".join(said)
    assert HOSTILE not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_never_repaid_and_what_fails(language: str) -> None:
    study = study_of({"daily_requests": 0, "strong_below_months": 9, "recommended_below_months": 3})
    said = " ".join(words(html_page(study, language)))
    assert text("workbook.check.limits_ascend.label", language) in said
    assert text("report.checks_failed", language) in said
    assert text("choice.no", language) in said
    assert not re.search(r"\b(inf|nan|None)\b", said)


def test_nothing_invested_shows_the_error_and_leaves_out_no_chart_that_exists() -> None:
    study = study_of({"data_preparation_hours": 0, "training_hours": 0})
    page = html_page(study, "en")
    assert "#DIV/0!" in page
    assert page.count("<svg") == 4


def test_stale_prices_are_said_from_the_181st_day_on() -> None:
    from roi_xl.prices.reader import shipped

    newest = shipped().newest
    assert newest is not None
    for days, is_said in ((180, False), (181, True)):
        page = html_page(Study(), "en", newest + dt.timedelta(days=days))
        assert ("more than 180 days old" in page) is is_said


@pytest.mark.parametrize(
    ("number_format", "value", "said"),
    [
        ("#,##0.00", 1234567.891, "1,234,567.89"),
        ("#,##0.00", -0.001, "0.00"),
        ("#,##0.00", -5, "-5.00"),
        ("0.0%", 14.91356, "1,491.4%"),
        ("#,##0", 1256.79, "1,257"),
        ("#,##0.00##", 3.1, "3.10"),
        ("#,##0.##", 4.0, "4"),
        ("#,##0.##", -0.004, "0"),
    ],
)
def test_numbers_are_written_in_their_format(number_format: str, value: float, said: str) -> None:
    assert formatted(number_format, value) == said


def test_a_typed_number_keeps_its_places() -> None:
    price = Quantity(Unit("usd_per_request", "#,##0.00"))
    assert shown(price, 0.0095, typed=True).startswith("0.0095 ")
    assert shown(price, 0.0095).startswith("0.01 ")
    assert shown(price, None) == "–"
