"""A usage put into a case: only what was read, extra tokens off, currencies converted or refused."""

import datetime as dt
import json
import math
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import Span, Study, study_of
from roi_xl.case.toml_writer import study_toml
from roi_xl.casefile import read_study
from roi_xl.errors import BadInput
from roi_xl.usage.case_toml import case_toml
from roi_xl.usage.currency import rate_between
from roi_xl.usage.into_case import updated, updated_toml, usage_study, with_rate, without_extra
from roi_xl.usage.result import Usage
from tests.cli.test_main import one_line, roi_xl
from tests.usage.exports import OPENAI_COST, OPENAI_USAGE, openai_cost, openai_day, write

CASE = """
quality_value_per_month = 300
daily_requests = 5
extra_input_tokens_current = 300
[name]
en = "mine"
[scenario.best]
daily_requests = 99999
[range.quality_value_per_month]
low = 0
high = 500
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """35 days of 1,000 requests with 800 + 200 tokens each, and 5 USD."""
    days = [dt.date(2026, 9, 1) + dt.timedelta(n) for n in range(35)]
    usage = [openai_day(day, 1000, (800_000, 200_000, 0)) for day in days]
    costs = [openai_cost(day, 5) for day in days]
    return (
        write(tmp_path / "usage.csv", OPENAI_USAGE, usage),
        write(tmp_path / "costs.csv", OPENAI_COST, costs),
    )


def usage_of(currency: str = "USD", **inputs: float) -> Usage:
    values: dict[str, float | str] = {
        "daily_requests": 1000.0,
        "input_tokens": 800.0,
        "output_tokens": 200.0,
        "current_cost_per_request": 0.005,
        "currency": currency,
        **inputs,
    }
    return Usage(
        "openai",
        dt.date(2026, 9, 1),
        dt.date(2026, 9, 30),
        30,
        30_000.0,
        values,
        {"input_tokens": (700, 800, 900), "current_cost_per_request": (0.004, 0.005, 0.006)},
        {"gpt-4o": 1.0},
        ("currency_per_usd",) if currency != "USD" else (),
        (),
        ("september.csv",),
    )


def test_extra_tokens_are_taken_off() -> None:
    found = without_extra(usage_of(), 300)
    assert found.inputs["input_tokens"] == 500
    assert found.ranges["input_tokens"] == (400, 500, 600)
    assert found.inputs["extra_input_tokens_current"] == 300
    assert "300 input tokens" in found.notes[-1].said("en")
    written = tomllib.loads(case_toml(found, "en"))["inputs"]
    assert (written["input_tokens"], written["extra_input_tokens_current"]) == (500, 300)
    # a low end below the extra stays at nothing
    assert without_extra(usage_of(), 750).ranges["input_tokens"] == (0, 50, 150)
    with pytest.raises(BadInput, match="801"):
        without_extra(usage_of(), 801)


def test_a_study_with_the_origin_of_each_figure() -> None:
    study = usage_study(usage_of(), "en")
    assert study.case["daily_requests"] == 1000
    assert study.ranges["input_tokens"] == Span(700, 900, 800)
    note = "30,000 requests ÷ 30 days. OpenAI, september.csv: 2026-09-01 to 2026-09-30"
    assert study.notes["daily_requests"] == note
    assert "cached_input_share" not in study.notes


def test_a_bill_in_another_currency_needs_its_rate() -> None:
    with pytest.raises(BadInput) as error:
        usage_study(usage_of("CNY"))
    assert error.value.key == "rate_missing"
    rated = with_rate(usage_of("CNY"), 7.2)
    assert rated.missing == ()
    study = usage_study(rated)
    assert (study.case["currency"], study.case["currency_per_usd"]) == ("CNY", 7.2)
    written = case_toml(rated)
    assert study_of(tomllib.loads(written)).case["currency"] == "CNY"
    with pytest.raises(BadInput):  # asked for, and not taken as 1
        study_of(tomllib.loads(case_toml(usage_of("CNY"))))


def test_only_what_was_read_is_updated() -> None:
    before = study_of(tomllib.loads(CASE))
    after, found = updated(before, usage_of(), "en")
    assert after.case["daily_requests"] == 1000
    assert after.case["input_tokens"] == 500  # 800 less 300
    assert after.case["extra_input_tokens_current"] == 300
    assert after.case["quality_value_per_month"] == 300
    changed = {"daily_requests", "input_tokens", "output_tokens", "current_cost_per_request"}
    assert after.case.given - before.case.given <= changed
    assert after.scenarios == before.scenarios
    assert after.ranges["quality_value_per_month"] == Span(0, 500)
    assert after.ranges["current_cost_per_request"] == Span(0.004, 0.006, 0.005)
    assert after.names == before.names
    assert set(after.notes) == changed
    assert found.inputs["input_tokens"] == 500


@pytest.mark.parametrize(
    ("billed", "inputs", "rates", "rate"),
    [
        ("USD", {"currency": "CNY", "currency_per_usd": 7.2}, {}, 7.2),
        ("EUR", {}, {"EUR": 0.8}, 1.25),
        ("EUR", {"currency": "CNY", "currency_per_usd": 7.2}, {"EUR": 0.8}, 9.0),
        ("CNY", {"currency": "CNY", "currency_per_usd": 7.2}, {}, 1.0),
    ],
)
def test_money_is_converted(
    billed: str, inputs: dict[str, Any], rates: dict[str, float], rate: float
) -> None:
    study = study_of({"inputs": inputs, "rates": rates} if inputs else {"rates": rates})
    assert rate_between(billed, study.case) == pytest.approx(rate)
    after, found = updated(study, usage_of(billed), "en")
    assert after.case["current_cost_per_request"] == pytest.approx(0.005 * rate)
    span = after.ranges["current_cost_per_request"]
    assert (span.low, span.high) == pytest.approx((0.004 * rate, 0.006 * rate))
    assert after.case["currency"] == study.case["currency"] == found.inputs["currency"]
    assert found.missing == ()
    assert any(note.key == "converted" for note in found.notes) == (rate != 1.0)


def test_an_unknown_rate_is_refused() -> None:
    with pytest.raises(BadInput, match="CNY"):
        updated(Study(), usage_of("CNY"))


# --- the case file ------------------------------------------------------------------------------


def test_a_study_as_a_case_file() -> None:
    study = study_of(
        {
            "inputs": {
                "project_name": 'a "b" \\ 中\n',
                "currency": "CNY",
                "currency_per_usd": 7.2,
                "retirement_month": math.inf,
                "quality_need": "high",
                "annual_discount_rate": 0.1,
            },
            "rates": {"EUR": 0.9},
            "name": {"zh": "方案", "en": "plan"},
            "scenario": {"best": {"daily_requests": 7}},
            "live_scenario": "best",
            "range": {"daily_requests": {"low": 1, "high": 2.5}},
            "swing": 0.3,
        }
    )
    again = study_of(tomllib.loads(study_toml(study)))
    assert again == study or (
        dict(again.case) == dict(study.case) and again.case.given == study.case.given
    )
    for name in ("scenarios", "ranges", "names", "live_scenario", "swing"):
        assert getattr(again, name) == getattr(study, name)
    assert dict(again.case.prices.rates)["EUR"] == 0.9  # type: ignore[union-attr]


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "daily_requests": st.floats(0, 1e9),
            "project_name": st.text(st.characters(codec="utf-8"), max_size=20),
            "current_cost_per_request": st.floats(0, 5),
            "gpu_count": st.integers(0, 8),
        },
    ),
    st.text(st.characters(codec="utf-8"), max_size=30),
)
def test_values_and_notes_survive(inputs: dict[str, Any], note: str) -> None:
    notes = dict.fromkeys(INPUTS, note)
    study = Study(Case(**inputs), notes=notes)
    again = study_of(tomllib.loads(study_toml(study)))
    assert dict(again.case) == dict(study.case)


def test_prices_of_its_own_do_not_go_into_a_case_file() -> None:
    from dataclasses import replace

    from roi_xl.prices.reader import shipped
    from roi_xl.prices.sheet import PriceSheet

    row = shipped().rows[0]
    dear = PriceSheet((replace(row, usd_per_gpu_hour=99.0, currency="USD"),))
    case = Case(prices=dear, gpu_model=row.gpu, gpu_market=row.market)
    with pytest.raises(BadInput) as error:
        updated_toml(Study(case), "roi.xlsx")
    assert error.value.key == "usage.prices_lost"
    # a sheet that the case does not look in is no loss
    assert "daily_requests = 7" in updated_toml(Study(Case(prices=dear, daily_requests=7)), "x")


# --- the command --------------------------------------------------------------------------------


def test_into_a_case_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    case, out = tmp_path / "case.toml", tmp_path / "new.toml"
    case.write_text(CASE, encoding="utf-8")
    done = roi_xl("usage", *files, "--into", case, "-o", out, "--lang", "en", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["inputs"]["input_tokens"] == 500
    study = read_study(out)
    assert study.case["daily_requests"] == 1000
    assert study.case["input_tokens"] == 500
    assert study.case["current_cost_per_request"] == pytest.approx(0.005)
    assert study.case["quality_value_per_month"] == 300
    assert study.scenarios["best"] == {"daily_requests": 99999}
    assert study.name("en") == "mine"
    assert "# 35,000 requests ÷ 35 days. OpenAI, usage.csv, costs.csv" in out.read_text("utf-8")


def test_options_without_a_case(files: tuple[Path, Path], tmp_path: Path) -> None:
    done = roi_xl("usage", *files, "--extra-input-tokens", "100", "--json")
    assert json.loads(done.stdout)["inputs"]["input_tokens"] == 700
    assert roi_xl("usage", *files, "--into", tmp_path / "x.toml").returncode == 2
    one_line(roi_xl("usage", *files, "--extra-input-tokens", "5000"), 3, "5000")
    one_line(roi_xl("usage", *files, "-o", tmp_path / "a.csv"), 3, ".xlsx")


def test_into_a_case_in_another_currency(files: tuple[Path, Path], tmp_path: Path) -> None:
    case, out = tmp_path / "case.toml", tmp_path / "new.toml"
    case.write_text('currency = "CNY"\ncurrency_per_usd = 7\n')
    assert roi_xl("usage", *files, "--into", case, "-o", out).returncode == 0
    assert read_study(out).case["current_cost_per_request"] == pytest.approx(0.035)


def test_workbooks(files: tuple[Path, Path], tmp_path: Path) -> None:
    """A new workbook and an updated one: values, ranges, and where they are from in the notes."""
    new, filled, out = (tmp_path / f"{name}.xlsx" for name in ("new", "filled", "out"))
    done = roi_xl("usage", *files, "-o", new, "--lang", "en")
    assert done.returncode == 0, done.stderr
    study = read_study(new)
    assert (study.case["daily_requests"], study.case["input_tokens"]) == (1000, 800)
    assert study.case["current_cost_per_request"] == pytest.approx(0.005)
    case = tmp_path / "case.toml"
    case.write_text(CASE, encoding="utf-8")
    assert roi_xl("new", filled, "--from", case, "--lang", "en").returncode == 0
    assert roi_xl("usage", *files, "--into", filled, "-o", out).returncode == 0
    study = read_study(out)
    assert (study.case["daily_requests"], study.case["input_tokens"]) == (1000, 500)
    assert study.case["quality_value_per_month"] == 300
    assert study.scenarios["best"] == {"daily_requests": 99999}
    assert study.ranges["quality_value_per_month"] == Span(0, 500)
    workbook = openpyxl.load_workbook(out)
    sheet, cell = next(iter(workbook.defined_names["daily_requests"].destinations))
    notes = [str(c.value) for c in workbook[sheet][workbook[sheet][cell.replace("$", "")].row]]
    assert any(note.startswith("35,000 requests ÷ 35 days. OpenAI") for note in notes)
    assert roi_xl("usage", *files, "--into", filled, "-o", filled).returncode == 4
