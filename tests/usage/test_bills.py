"""FOCUS and Azure: token meters by their names, units of many kinds, dates with strokes."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from roi_xl.errors import BadInput
from roi_xl.usage.directions import direction, model_of, tokens_per_unit
from tests.usage.exports import AZURE, FOCUS_12, noted, read, write


def charge(
    day: str, end: str, meter: str, quantity: str, unit: str, cost: str, **more: Any
) -> dict[str, Any]:
    return {
        "BilledCost": cost,
        "BillingCurrency": "EUR",
        "BillingPeriodStart": "2026-10-01",
        "BillingPeriodEnd": "2026-11-01",
        "ChargeCategory": "Usage",
        "ChargeDescription": "NULL",
        "ChargePeriodStart": day,
        "ChargePeriodEnd": end,
        "ConsumedQuantity": quantity,
        "ConsumedUnit": unit,
        "EffectiveCost": cost,
        "ProviderName": "Microsoft",
        "ServiceCategory": "AI and Machine Learning",
        "ResourceId": "/secret",
        "SkuMeter": meter,
    } | more


OCTOBER = ("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z")


def test_focus(tmp_path: Path) -> None:
    """Tokens, thousands and millions; NULL for blank; what is bought ahead is no usage."""
    rows = [
        charge(*OCTOBER, "gpt 4o 0513 Input global Tokens", "300000", "Tokens", "3"),
        charge(*OCTOBER, "gpt 4o 0513 cached Inp global Tokens", "100", "1K Tokens", "1"),
        charge(*OCTOBER, "gpt 4o 0513 Output global Tokens", "0.05", "MTok", "2.5", BilledCost="0"),
        charge(*OCTOBER, "gpt 4o Input", "NULL", "NULL", "NULL", ConsumedUnit="Hours"),
        charge(*OCTOBER, "Token pack, input", "5", "Tokens", "100", ChargeCategory="Purchase"),
        charge(*OCTOBER, "Standard_D2s", "24", "Hours", "7"),
    ]
    found = read(write(tmp_path / "f.csv", FOCUS_12, rows, bom=True, end=""), daily_requests=1000)
    assert found.inputs == {
        "daily_requests": 1000.0,
        "input_tokens": 400.0,
        "output_tokens": 50.0,
        "cached_input_share": 0.25,
        "current_cost_per_request": pytest.approx(0.0065),
        "currency": "EUR",
    }
    assert found.models == {"gpt-4o-0513": 1.0}
    assert {"aside", "billed", "rate"} <= noted(found)
    assert "daily_requests" in read(tmp_path / "f.csv").missing


@pytest.mark.parametrize("version", ["1.0", "1.3"])
def test_focus_of_other_versions(version: str, tmp_path: Path) -> None:
    later = {"ProviderName": "ServiceProviderName", "PublisherName": "HostProviderName"}
    headings = [later.get(h, h) for h in FOCUS_12] if version == "1.3" else FOCUS_12
    if version == "1.0":  # no SkuMeter yet; a stray column
        headings = [
            "Id",
            *(h for h in FOCUS_12 if h not in ("SkuMeter", "PricingCurrency", "InvoiceId")),
        ]
    rows = [
        charge(*OCTOBER, "", "4000", "Tokens", "3", ChargeDescription="o3 input tokens"),
        charge(*OCTOBER, "", "1000", "Tokens", "3", ChargeDescription="o3 output tokens"),
    ]
    rows = [
        row | ({"SkuMeter": row["ChargeDescription"]} if version == "1.3" else {}) for row in rows
    ]
    found = read(write(tmp_path / "f.csv", headings, rows), daily_requests=10)
    assert (found.inputs["input_tokens"], found.inputs["output_tokens"]) == (400, 100)


def test_focus_without_tokens(tmp_path: Path) -> None:
    """The FinOps sample: no token rows, so nothing is said but a sentence."""
    rows = [
        charge(*OCTOBER, "Standard_D2s", "24", "Hours", "7"),
        charge(*OCTOBER, "NULL", "NULL", "NULL", "1"),
    ]
    with pytest.raises(BadInput, match="没有 token"):
        read(write(tmp_path / "f.csv", FOCUS_12, rows))


def test_tokens_that_are_a_currency(tmp_path: Path) -> None:
    """A SaaS provider's own tokens are no model's."""
    rows = [charge(*OCTOBER, "Workflow Operation", "24", "Tokens", "7")]
    with pytest.raises(BadInput, match="Workflow Operation"):
        read(write(tmp_path / "f.csv", FOCUS_12, rows))


def focus_dates(
    *days: tuple[str, str], billing: tuple[str, str] = ("", "")
) -> list[dict[str, Any]]:
    more = {"BillingPeriodStart": billing[0], "BillingPeriodEnd": billing[1]}
    return [charge(*d, "o3 input tokens", "1000", "Tokens", "3", **more) for d in days]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        (focus_dates(("5/1/25", "5/2/25"), billing=("5/1/25", "6/1/25")), dt.date(2025, 5, 1)),
        (focus_dates(("1/5/25", "2/5/25"), billing=("1/5/25", "1/6/25")), dt.date(2025, 5, 1)),
        (focus_dates(("5/1/25", "5/2/25"), ("5/13/25", "5/14/25")), dt.date(2025, 5, 1)),
        (focus_dates(("13/5/2025", "14/5/2025"), ("5/6/2025", "6/6/2025")), dt.date(2025, 5, 13)),
        (focus_dates(("5/5/25", "")), dt.date(2025, 5, 5)),
        (focus_dates(("2025/5/1", "2025/5/2")), dt.date(2025, 5, 1)),
    ],
)
def test_order_of_day_and_month(rows: list[dict[str, Any]], first: dt.date, tmp_path: Path) -> None:
    assert read(write(tmp_path / "f.csv", FOCUS_12, rows)).first == first


@pytest.mark.parametrize(
    "rows",
    [
        focus_dates(("5/1/25", "5/2/25")),
        focus_dates(("5/1/25", "5/2/25"), ("5/13/25", "5/14/25"), ("13/5/25", "14/5/25")),
    ],
)
def test_either_order_is_no_order(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"第 1 行.*哪个是月份"):
        read(write(tmp_path / "f.csv", FOCUS_12, rows))


def test_rows_of_a_month(tmp_path: Path) -> None:
    """A monthly row gives means, but neither weeks nor single days."""
    rows = [charge("2026-09-01", "2026-10-01", "o3 input tokens", "30000", "Tokens", "3")]
    path = write(tmp_path / "f.csv", FOCUS_12, rows)
    found = read(path, daily_requests=10)
    assert found.days == 30
    assert found.inputs["input_tokens"] == 100
    assert not found.ranges
    with pytest.raises(BadInput, match="超过一天"):
        read(path, first=dt.date(2026, 9, 10))


def metered(
    day: str, meter: str, quantity: str, unit: str, cost: str, **more: Any
) -> dict[str, Any]:
    return {
        "Date": day,
        "MeterCategory": "Cognitive Services",
        "MeterName": meter,
        "Quantity": quantity,
        "Cost": cost,
        "BillingCurrency": "USD",
        "UnitOfMeasure": unit,
        "ChargeType": "Usage",
        "ResourceId": "/secret",
        "AdditionalInfo": '{"a": "b, c"}',
    } | more


AZURE_ROWS = [
    metered("10/01/2026", "gpt 4o 0513 Input global Tokens", "300", "1K", "1.5"),
    metered("10/02/2026", "gpt 4o 0513 cached Inp global Tokens", "100", "1K", "0.25"),
    metered("10/02/2026", "GPT 5 Mini Outpt Glbl 1M Tokens", "0.1", "1M", "0.25"),
    metered("10/02/2026", "text embedding 3 small Tokens", "5", "1K", "0.1"),
    metered("10/02/2026", "D2s v3", "24", "1 Hour", "9"),
]


def test_azure(tmp_path: Path) -> None:
    """US dates, units of thousands and millions, embeddings aside, the rest of the bill not at all."""
    found = read(write(tmp_path / "ea.csv", AZURE, AZURE_ROWS, bom=True), daily_requests=100)
    assert (found.first, found.last) == (dt.date(2026, 10, 1), dt.date(2026, 10, 2))
    assert found.inputs == {
        "daily_requests": 100.0,
        "input_tokens": 2000.0,
        "output_tokens": 500.0,
        "cached_input_share": 0.25,
        "current_cost_per_request": pytest.approx(0.01),
        "currency": "USD",
    }
    aside = next(n for n in found.notes if n.key == "aside")
    assert aside.values == {"names": "text embedding 3 small Tokens", "money": "0.1 USD"}


def test_azure_customer_agreement(tmp_path: Path) -> None:
    names = {"Cost": "costInBillingCurrency", "BillingCurrency": "billingCurrency", "Date": "date"}
    headings = [names.get(h, h[0].lower() + h[1:]) for h in AZURE]
    rows = [{names.get(k, k[0].lower() + k[1:]): v for k, v in row.items()} for row in AZURE_ROWS]
    assert read(write(tmp_path / "mca.csv", headings, rows)).inputs["cached_input_share"] == 0.25


def test_azure_with_the_day_first(tmp_path: Path) -> None:
    rows = [*AZURE_ROWS, metered("13/10/2026", "o3 Input Tokens", "1", "1K", "1")]
    with pytest.raises(BadInput, match=r"第 6 行.*13/10/2026"):
        read(write(tmp_path / "ea.csv", AZURE, rows))


def test_azure_without_openai(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有 token"):
        read(write(tmp_path / "ea.csv", AZURE, AZURE_ROWS[-1:]))


@pytest.mark.parametrize(
    ("meter", "kind", "model"),
    [
        ("gpt 4o 0513 Input global Tokens", "input", "gpt-4o-0513"),
        ("gpt 4o 0513 Output global Tokens", "output", "gpt-4o-0513"),
        ("gpt-4o-mini-0718-Inp-glbl Tokens", "input", "gpt-4o-mini-0718"),
        ("gpt 4.1 cached Inp glbl Tokens", "cached", "gpt-4.1"),
        ("GPT 5 Mini cchd Inpt Glbl 1M Tokens", "cached", "GPT-5-Mini"),
        ("gpt 4.1 mini Batch Outp glbl Tokens", "output", "gpt-4.1-mini"),
        ("6-sol ShortCo Cd Wr Std Gl", "written", "6-sol-ShortCo"),
        ("USE1-Claude3Sonnet-output-tokens", "output", "USE1-Claude3Sonnet"),
        ("CacheReadInputTokenCount", "cached", "CacheReadInputTokenCount"),
        ("text-embedding-3-small Tokens", None, "text-embedding-3-small"),
        ("input and output tokens", None, "and"),
        ("Provisioned Managed Global Unit", None, "Provisioned-Managed-Unit"),
    ],
)
def test_names_of_meters(meter: str, kind: str | None, model: str) -> None:
    assert direction(meter) == kind
    assert model_of(meter) == model


@pytest.mark.parametrize(
    ("unit", "tokens"),
    [
        ("Tokens", 1),
        ("1K Tokens", 1000),
        ("KTok", 1000),
        ("1,000 tokens", 1000),
        ("MTok", 1e6),
        ("1M", 1e6),
        ("Million Tokens", 1e6),
        ("千tokens", 1000),
        ("百万tokens", 1e6),
        ("Hours", None),
        ("1 Hour", None),
        ("GB", None),
        ("", None),
    ],
)
def test_units(unit: str, tokens: float | None) -> None:
    assert tokens_per_unit(unit) == tokens
