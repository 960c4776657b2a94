"""The page to hand in: well-formed, self-contained, escaped, and true to the model."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.rationale import rationale
from roi_xl.case.study import Study, study_of
from roi_xl.report.html import html_page
from roi_xl.report.numbers import formatted, money, shown
from roi_xl.report.page import percent
from roi_xl.text import LANGUAGES, speaking, text
from roi_xl.units import Quantity, Unit

NS = "{http://www.w3.org/1999/xhtml}"
HOSTILE = "<script>alert('&')</script>"
FILLED = {
    "name": "support",
    "inputs": {
        "project_name": HOSTILE,
        "daily_requests": 5000,
        "gpu_count": 2,
        "currency": "CNY",
        "currency_per_usd": 7.0,
        "hourly_rate": 350,
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


def verdict(page: str) -> str:
    """The class of the verdict's colour."""
    found = re.search(r'class="verdict (\w+)"', page)
    assert found is not None
    return found[1]


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
    assert page.count("<svg") == 3
    assert re.search(r"@page\s*{[^}]*A4", page)
    other = next(lang for lang in LANGUAGES if lang != language)
    assert text("report.section.risks", language) in words(page)
    assert text("report.section.risks", other) not in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_in_words(language: str) -> None:
    page = html_page(Study(), language)
    said = " ".join(words(page))
    symbol = "$" if language == "en" else "US$"
    for figure in (f"{symbol}82,167.44", f"{symbol}2,036.00", f"{symbol}2,700.00", "> 999%", "0.8"):
        assert figure in said
    assert str(rationale(Study().case, language)) in said
    assert text("choice.strong", language) in said
    assert verdict(page) == "green"
    assert text("report.warn.samples", language, count=6) in said
    assert text("report.section.scenarios", language) not in said  # there are none


def test_the_selected_scenario_and_amounts_in_its_currency() -> None:
    study = study_of(FILLED)
    page = html_page(study, "en")
    said = words(page)
    results = evaluate_case(study.live_case, "en")
    assert f"CN¥{results['npv']:,.0f}" in " ".join(said)
    assert "Scenario: Upside · Amounts in CNY" in said
    assert {"Base", "Upside", "Downside"} <= set(said)
    assert HOSTILE in said
    assert HOSTILE not in page


def test_scenarios_that_do_not_differ_are_left_out() -> None:
    study = study_of(
        {"inputs": {"daily_requests": 5000}, "scenario": {"best": {"daily_requests": 5000}}}
    )
    assert "Upside" not in words(html_page(study, "en"))
    same = study_of({"scenario": {"own_1": {"daily_requests": 10000}}})
    assert text("report.section.scenarios", "en") not in words(html_page(same, "en"))


@pytest.mark.parametrize(
    ("given", "colour"),
    [
        ({}, "green"),
        ({"success_probability": 0.02}, "red"),  # NPV below 0
        ({"daily_requests": 0}, "red"),
        ({"data_preparation_hours": 300}, "green"),  # repaid in 5.6 months
        ({"data_preparation_hours": 500}, "amber"),  # in 9.3 months: evaluate carefully
        ({"data_preparation_hours": 900}, "amber"),  # after the limit of 12 months, NPV above 0
        ({"horizon_months": 12, "retirement_month": 1, "build_months": 2}, "red"),
        ({"gpu_model": "no such GPU"}, "grey"),
    ],
)
def test_the_colour_of_the_verdict(given: dict[str, object], colour: str) -> None:
    assert verdict(html_page(study_of(given), "en")) == colour


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "given",
    [
        {"daily_requests": 0},
        {"data_preparation_hours": 0, "training_hours": 0},  # nothing invested: no return on it
        {"gpu_model": "no such GPU"},
        {"horizon_months": 1, "build_months": 3},
        {"strong_below_months": 9, "recommended_below_months": 3},
    ],
    ids=["nothing saved", "nothing invested", "not listed", "never live", "limits out of order"],
)
def test_errors_are_never_shown(language: str, given: dict[str, object]) -> None:
    page = html_page(study_of(given), language)
    said = " ".join(words(page))
    assert not re.search(r"\b(inf|nan|None)\b|#[A-Z]+[/0-9A-Z]*[!?]|#N/A", said)
    assert (
        text("report.none", language) in said
        or text("report.never", language) in said
        or ("strong_below_months" in given)
    )


def test_what_cannot_be_computed_says_why() -> None:
    said = " ".join(words(html_page(study_of({"gpu_model": "no such GPU"}), "en")))
    assert "no such GPU" in said
    assert said.count("n/a") == 4  # the net benefit of a month is known
    several = study_of({"retirement_month": 6, "finetuned_fixed_cost_per_month": 20})
    flips = study_of({"build_months": 1, "monthly_volume_growth": -0.3, "cost_per_retraining": 900,
                      "retrainings_per_year": 12})  # fmt: skip
    assert "> 999%" in " ".join(words(html_page(several, "en")))
    assert "the cash flow changes sign more than once" in " ".join(words(html_page(flips, "en")))


def test_checks_that_fail_are_named() -> None:
    study = study_of({"strong_below_months": 9, "recommended_below_months": 3})
    said = " ".join(words(html_page(study, "en")))
    assert text("workbook.check.limits_ascend.label", "en") in said


def test_assumptions_that_differ_have_room_for_source_and_owner() -> None:
    study = study_of({"daily_requests": 5000, "annual_discount_rate": 8.0, "hourly_rate": 50})
    body = tree(html_page(study, "en"))
    tables = [
        [["".join(cell.itertext()) for cell in row] for row in table.iter(f"{NS}tr")]
        for table in body.iter(f"{NS}table")
    ]
    (rows,) = [t for t in tables if t[0][0] == "Input"]
    assert rows[0] == ["Input", "Value", "Note", "Source", "Owner"]
    assert [row[0] for row in rows[1:]] == ["Requests per day", "Annual discount rate"] or [
        row[0] for row in rows[1:]
    ] == [text(f"quantity.{n}.label", "en") for n in ("daily_requests", "annual_discount_rate")]
    assert rows[1][2] == "sample 10,000 requests/day"
    assert rows[2][2] == text("report.note.doubt", "en")
    assert all(row[3:] == ["", ""] for row in rows[1:])


def test_stale_prices_are_said_from_the_181st_day_on() -> None:
    from roi_xl.prices.reader import shipped

    newest = shipped().newest
    assert newest is not None
    for days, is_said in ((180, False), (181, True)):
        page = html_page(Study(), "en", newest + dt.timedelta(days=days))
        assert ("more than 180 days old" in page) is is_said


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (-11128.34, "CNY", "-¥11,128.34"),
        (-40765.83, "EUR", "-€40,765.83"),
        (1234567.891, "CNY", "¥1,234,568"),
        (-0.001, "JPY", "JP¥0.00"),
        (99999.999, "USD", "US$100,000.00"),
    ],
)
def test_a_minus_stands_before_the_currency(amount: float, currency: str, said: str) -> None:
    with speaking("zh"):
        assert money(amount, currency) == said


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
    price = Quantity(Unit("money_per_request", "#,##0.00"))
    assert shown(price, 0.0095, typed=True).startswith("0.0095 ")
    assert shown(price, 0.0095).startswith("0.01 ")
    assert shown(price, None) == "–"


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0%"), (1.0, "100%"), (1e-5, "< 0.1%"), (0.99999, "> 99.9%")]
)
def test_rare_is_not_never(share: float, said: str) -> None:
    assert percent(share) == said


def test_risks_say_how_likely_a_loss_is_and_what_failure_costs() -> None:
    said = " ".join(words(html_page(study_of({"success_probability": 0.25}), "en")))
    found = re.search(r"Chance of a loss \(NPV below 0\): ([\d.]+)%", said)
    assert found is not None
    assert float(found[1]) == pytest.approx(75, abs=1.5)  # all that fail; 10,000 runs
    assert "A failure would cost $2,036.00; its probability is 75%." in said
    amounts = re.findall(r"P\d0 (-?\$[\d,.]+)", said)
    low, middle, high = (float(re.sub(r"[$,]", "", amount)) for amount in amounts)
    assert low <= middle < 0 < high
