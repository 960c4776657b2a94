"""The price sheets: what every row must be, which rows count, and how a name is found."""

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import (
    FUNCTIONS,
    BadInput,
    Case,
    DomainError,
    InputError,
    NotListedError,
    evaluate_case,
)
from roi_xl.prices.hardware import reference, services, specs
from roi_xl.prices.names import nearest, normal
from roi_xl.prices.reader import RANGE_COLUMNS, read_sheet, sheet_of_range, shipped
from roi_xl.prices.sheet import (
    MARKETS,
    GpuPrice,
    PriceSheet,
    currency_of,
    date_of,
)

GPU_PRICE = FUNCTIONS["FT_GPU_PRICE"]
ROW = GpuPrice(
    "X-80GB", 80, "Acme", "on-demand", "p", 2.0, 1, dt.date(2026, 1, 1), "quote", "own", ""
)


@pytest.mark.parametrize("row", shipped().rows, ids=lambda r: "|".join(r.offer))
def test_every_shipped_row_is_valid(row: GpuPrice) -> None:
    assert 0 < row.usd_per_gpu_hour < 50
    assert row.market in MARKETS
    assert row.snapshot_date is not None
    assert row.snapshot_date <= dt.date.today()
    assert row.licence_of_source in ("MIT", "CC BY 4.0")
    assert row.source
    assert row.provider
    assert row.vram_gb
    assert row.vram_gb > 0


def test_no_shipped_row_occurs_twice() -> None:
    keys = [(*r.offer, r.snapshot_date) for r in shipped()]
    assert len(set(keys)) == len(keys) == 33


def test_every_spec_reference_and_service_is_valid() -> None:
    names = [normal(n) for s in specs() for n in s.names]
    assert len(set(names)) == len(names)
    assert all(s.memory_gb > 0 < s.bf16_dense_tflops and s.source for s in specs())
    assert {r.gpu for r in shipped()} <= {s.gpu for s in specs()}
    assert [(r.model_params_b, r.gpu_count, r.lora_hours, r.full_hours) for r in reference()] == [
        (7, 1, (2, 4), (8, 24)),
        (13, 2, (4, 8), (24, 72)),
        (34, 4, (8, 16), (3 * 24, 7 * 24)),
        (70, 8, (16, 48), (7 * 24, 3 * 7 * 24)),
    ]
    for service in services():
        assert service.low is None or 0 < service.low <= (service.high or 0)
        assert (service.status == "withdrawn") == bool(service.shut_down)
        assert service.status == "undated" or service.date


@pytest.mark.parametrize("name", ["a100 80g", "A100-80GB", " A100 - 80 gb", "Ａ100-80GB"])
def test_names_ignore_case_spaces_and_hyphens(name: str) -> None:
    """RunPod's three A100-80GB offers of 2026-09-25 cost 1.59, 1.39 and 1.19; Lambda's 2.79."""
    assert GPU_PRICE(name) == 1.19
    assert GPU_PRICE(name, "lambda") == 2.79
    assert GPU_PRICE(name, None, "竞价") == 1.47


@given(st.sampled_from([r.gpu for r in shipped()]), st.data())
def test_any_spelling_of_a_listed_name_finds_it(name: str, data: st.DataObject) -> None:
    forms = [(c.lower(), c.upper(), f" {c}", f"{c}-") for c in name]
    spelt = "".join(data.draw(st.sampled_from(form)) for form in forms)
    assert normal(spelt) == normal(name)


def test_a_name_that_is_not_listed_suggests_the_nearest() -> None:
    with pytest.raises(NotListedError, match="H100-SXM-80GB"):
        GPU_PRICE("H100")
    with pytest.raises(NotListedError, match="RunPod"):
        GPU_PRICE("A100-80GB", "Nebius")
    assert "A100-80GB" in FUNCTIONS["FT_EXPLAIN"]("FT_GPU_PRICE", "A100-80")
    assert FUNCTIONS["FT_EXPLAIN"]("FT_GPU_PRICE", "A100-80GB") == "OK"
    with pytest.raises(InputError):
        GPU_PRICE(None)
    with pytest.raises(InputError):
        GPU_PRICE("A100-80GB", None, "rented")
    assert nearest("zzz", ["A100-80GB"]) is None


def test_a_range_gives_a_result_per_element() -> None:
    found = GPU_PRICE([["A100-80GB"], ["none"], ["L40S-48GB"]])
    assert [str(x) for x in found.ravel()] == ["1.19", "#N/A", "1.09"]


def test_a_later_row_of_the_same_offer_replaces_the_earlier() -> None:
    later = replace(ROW, usd_per_gpu_hour=3.0, snapshot_date=dt.date(2026, 2, 1), gpu="x 80g")
    other = replace(ROW, region_or_product="q", usd_per_gpu_hour=2.5)
    assert PriceSheet((ROW, later)).current() == [later]
    assert GPU_PRICE("X-80GB", None, None, PriceSheet((ROW, later))) == 3.0
    assert GPU_PRICE("X-80GB", None, None, PriceSheet((later, ROW, other))) == 2.5


@given(st.permutations([ROW, replace(ROW, snapshot_date=None), replace(ROW, provider="B")]))
def test_order_does_not_matter(rows: list[GpuPrice]) -> None:
    current = PriceSheet(tuple(rows)).current()
    assert {(r.provider, r.snapshot_date) for r in current} == {
        ("Acme", dt.date(2026, 1, 1)),
        ("B", dt.date(2026, 1, 1)),
    }


def test_stale_after_180_days() -> None:
    assert not ROW.stale(dt.date(2026, 6, 30))  # 31 + 28 + 31 + 30 + 31 + 29 = 180 days later
    assert ROW.stale(dt.date(2026, 7, 1))
    assert replace(ROW, snapshot_date=None).stale(dt.date(2026, 1, 1))


def test_a_workbooks_own_range_is_read() -> None:
    """With its header or without; rows that are no prices do not count."""
    rows: list[list[object]] = [
        list(RANGE_COLUMNS),
        ["Mine", 24, "Acme", "on-demand", 0.5, 1, "p", 46000, "quote", "own", None],
        ["Mine", 24, "Acme", "按需", 0.4, None, None, None, None, None, None],
        ["Mine", 24, "Acme", "on-demand", -1, 1, "p", 46000, "quote", "own", None],
        ["Mine", 24, "Acme", None, 0.1, 1, "p", 46000, "quote", "own", None],
        ["Mine", 24, "Acme", "on-demand", "0.1", 1, "p", 46000, "quote", "own", None],
        [None] * 11,
    ]
    assert GPU_PRICE("mine", None, None, rows) == 0.4
    assert GPU_PRICE("mine", None, None, rows[:2]) == 0.5
    assert GPU_PRICE(["mine", "other"], None, None, rows)[0] == 0.4
    assert len(sheet_of_range(rows)) == 2
    with pytest.raises(NotListedError):
        GPU_PRICE("A100-80GB", None, None, rows)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026-09-25", dt.date(2026, 9, 25)),
        ("2024-08", dt.date(2024, 8, 1)),
        (46350, dt.date(2026, 11, 24)),  # Excel's serial number: 46350 days after 1899-12-30
        (dt.datetime(2026, 1, 2, 3), dt.date(2026, 1, 2)),
        ("yesterday", None),
        ("", None),
        (math.nan, None),
        (True, None),
    ],
)
def test_dates(written: object, date: dt.date | None) -> None:
    assert date_of(written) == date


def test_written_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(shipped().write(), encoding="utf-8")
    assert read_sheet(file) == shipped()


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("usd_per_gpu_hour", "0", "usd_per_gpu_hour"),
        ("usd_per_gpu_hour", "nan", "usd_per_gpu_hour"),
        ("usd_per_gpu_hour", "1e9", "usd_per_gpu_hour"),
        ("snapshot_date", "2999-01-01", "snapshot_date"),
        ("snapshot_date", "soon", "snapshot_date"),
        ("market", "auction", "market"),
        ("licence_of_source", "", "licence_of_source"),
        ("gpu", " ", "gpu"),
        ("vram_gb", "-1", "vram_gb"),
    ],
)
def test_a_bad_row_is_named_by_line_and_field(
    tmp_path: Path, field: str, value: str, found: str
) -> None:
    lines = PriceSheet((ROW, replace(ROW, provider="B", notes="#2"))).write().splitlines()
    names, cells = lines[0].split(","), lines[2].split(",")
    cells[names.index(field)] = value
    file = tmp_path / "prices.csv"
    file.write_text("\n".join([lines[0], lines[1], ",".join(cells)]), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_sheet(file, dt.date.today())
    assert f"3 行，{found}" in caught.value.message("zh")


def test_two_prices_of_an_offer_on_one_day_are_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(PriceSheet((ROW, replace(ROW, gpu="x 80g"))).write(), encoding="utf-8")
    with pytest.raises(BadInput, match="2"):
        read_sheet(file)


def test_llm_prices() -> None:
    """OpenAI's and Anthropic's published prices, as the sample of genai-prices 0.2.3 lists them."""
    price = FUNCTIONS["FT_LLM_PRICE"]
    assert (price("gpt-4o"), price("gpt-4o", "output")) == (2.5, 10)
    assert (price("gpt-4o-mini"), price("GPT-4o-mini", "输出")) == (0.15, 0.6)
    assert price("gemini-2.5-pro", "input", "google") == 1.25  # 2.50 above 200,000 tokens
    assert price("claude-haiku-4-5", "output", "Anthropic") == 5
    with pytest.raises(NotListedError, match="gpt-4o"):
        price("gpt-4oo")
    with pytest.raises(NotListedError, match="openai"):
        price("gpt-4o", "input", "opnai")
    with pytest.raises(InputError):
        price("gpt-4o", "both")


def test_request_cost() -> None:
    """1,000 input tokens at $2.50 and 500 output at $10 per million: 0.0025 + 0.005 USD."""
    cost = FUNCTIONS["FT_REQUEST_COST"]
    assert cost(1000, 500, 2.5, 10) == pytest.approx(0.0075)
    # 800 of the 1,000 from the cache at $1.25: 200 × 2.5 + 800 × 1.25 + 500 × 10 = 6,500 / 10^6
    assert cost(1000, 500, 2.5, 10, 800, 1.25) == pytest.approx(0.0065)
    with pytest.raises(DomainError):
        cost(1000, 500, 2.5, 10, 1001, 1.25)
    with pytest.raises(InputError):
        cost(1000, 500, None, 10)


def test_a_row_in_another_currency(tmp_path: Path) -> None:
    """It is kept with its currency, and its price is known once the currency has a rate."""
    yuan = replace(ROW, gpu="H20-96GB", currency="CNY", usd_per_gpu_hour=7.5)
    file = tmp_path / "prices.csv"
    file.write_text(PriceSheet((ROW, yuan)).write(), encoding="utf-8")
    assert file.read_text(encoding="utf-8").splitlines()[0].endswith(",currency")
    sheet = read_sheet(file)
    assert sheet.rows == (ROW, yuan)
    with pytest.raises(NotListedError, match="CNY"):
        matching_price(sheet, "H20-96GB")
    assert matching_price(sheet.with_rates({"CNY": 7.5}), "H20-96GB") == 1.0
    case = Case(currency="CNY", currency_per_usd=7.5, gpu_model="H20-96GB", prices=sheet)
    assert evaluate_case(case)["gpu_price_per_hour"] == pytest.approx(7.5)
    assert "currency" not in PriceSheet((ROW,)).write().splitlines()[0]
    assert [currency_of(w) for w in ("", None, "rmb", "人民币", "usd", "BTC")] == [
        "USD",
        "USD",
        "CNY",
        "CNY",
        "USD",
        None,
    ]


def matching_price(sheet: PriceSheet, gpu: str) -> float:
    from roi_xl.prices.lookup import gpu_price

    return float(gpu_price(gpu, price_sheet=sheet))
