"""Days that count, growth and ranges, files together: expected values by hand or by numpy's own."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.errors import BadInput
from roi_xl.usage.weekly import monthly_growth, spread_of, whole_weeks
from tests.usage.exports import (
    AZURE,
    HELICONE,
    LANGFUSE,
    LITELLM_DAILY,
    OPENAI_USAGE,
    TODAY,
    noted,
    openai_day,
    openai_empty,
    read,
    write,
)
from tests.usage.test_bills import metered
from tests.usage.test_gateways import observed, spend_day

DAY = dt.date(2026, 9, 1)


def day(n: int) -> dt.date:
    return DAY + dt.timedelta(n)


def daily(path: Path, requests: list[int], start: int = 0) -> Path:
    """A file of so many requests a day, of 100 input tokens each."""
    rows = [openai_day(day(start + n), r, (100 * r, 0, r)) for n, r in enumerate(requests)]
    return write(path, OPENAI_USAGE, rows)


# --- days ------------------------------------------------------------------------------------------


def test_from_and_to_are_inclusive(tmp_path: Path) -> None:
    path = daily(tmp_path / "u.csv", [1, 2, 4, 8, 16])
    found = read(path, first=day(1), last=day(3))
    assert (found.first, found.last, found.days, found.requests) == (day(1), day(3), 3, 14)
    assert read(path, last=day(0)).requests == 1
    beyond = read(path, first=day(4), last=day(40))
    assert (beyond.last, beyond.days) == (day(4), 1)
    assert "span" in noted(beyond)
    with pytest.raises(BadInput, match="2026-09-01 至 2026-09-05"):
        read(path, first=day(40))


def test_today_is_not_over(tmp_path: Path) -> None:
    path = daily(tmp_path / "u.csv", [10, 10, 2])
    found = read(path, today=day(2))
    assert (found.last, found.inputs["daily_requests"]) == (day(1), 10)
    assert "part_of_day" in noted(found)
    assert read(path, today=day(3)).days == 3


def test_a_bucket_that_ends_early(tmp_path: Path) -> None:
    """Buckets of an hour: the last day has twelve of them."""
    rows = []
    for hour in range(36):
        start = dt.datetime.combine(DAY, dt.time()) + dt.timedelta(hours=hour)
        end = start + dt.timedelta(hours=1)
        times = {"start_time_iso": start.isoformat(), "end_time_iso": end.isoformat()}
        rows.append(openai_day(DAY, 1, (10, 0, 1)) | times)
    found = read(write(tmp_path / "u.csv", OPENAI_USAGE, rows))
    assert (found.days, found.requests) == (1, 24)
    assert "part_of_day" in noted(found)


def test_nothing_but_a_part_of_a_day(tmp_path: Path) -> None:
    rows = [
        {"response_id": 1, "request_created_at": f"2026-09-01 08:0{n}:00", "model": "m"}
        | {"prompt_tokens": 10, "completion_tokens": 2, "cost": 0.5}
        for n in range(4)
    ]
    found = read(write(tmp_path / "h.csv", HELICONE, rows))
    assert found.inputs["input_tokens"] == 10
    assert found.missing[0] == "daily_requests"
    assert "no_whole_day" in noted(found)


def test_files_one_after_the_other(tmp_path: Path) -> None:
    """Days between the files are not covered; a day both have is said."""
    one, two = daily(tmp_path / "1.csv", [1, 1]), daily(tmp_path / "2.csv", [4, 4], start=4)
    found = read(one, two)
    assert (found.days, found.requests, found.last) == (4, 10, day(5))
    assert "gaps" in noted(found)
    assert "overlap" not in noted(found)
    three = daily(tmp_path / "3.csv", [3], start=1)
    assert "overlap" in noted(read(one, three))
    assert read(one, three).requests == 5


def test_the_same_file_twice(tmp_path: Path) -> None:
    path = daily(tmp_path / "u.csv", [1])
    copy = tmp_path / "copy.csv"
    copy.write_bytes(path.read_bytes())
    for other in (path, copy):
        with pytest.raises(BadInput, match="同一个文件"):
            read(path, other)


def test_files_of_two_providers(tmp_path: Path) -> None:
    one = daily(tmp_path / "u.csv", [1])
    two = write(tmp_path / "h.csv", HELICONE, [{"request_created_at": "2026-09-01"}])
    with pytest.raises(BadInput, match="openai, helicone"):
        read(one, two)


def test_quiet_days_at_the_edges(tmp_path: Path) -> None:
    rows: list[Any] = [
        openai_empty(day(0)),
        openai_day(day(1), 9, (90, 0, 9)),
        openai_empty(day(2)),
    ]
    found = read(write(tmp_path / "u.csv", OPENAI_USAGE, rows))
    assert (found.first, found.last, found.inputs["daily_requests"]) == (day(0), day(2), 3)


# --- weeks -----------------------------------------------------------------------------------------


def test_weeks_are_counted_back_from_the_last_day() -> None:
    assert whole_weeks(range(1, 16)) == [tuple(range(2, 9)), tuple(range(9, 16))]
    assert whole_weeks(range(1, 7)) == []
    assert whole_weeks({*range(1, 8), *range(9, 16)}) == [tuple(range(9, 16))]
    assert whole_weeks(()) == []


@pytest.mark.parametrize("weekly", [0.01, -0.03, 0.0])
def test_steady_growth(weekly: float, tmp_path: Path) -> None:
    """Volume that grows by the same share each week grows by that to the power of 365/84 a month."""
    requests = [round(1e6 * (1 + weekly) ** (n // 7)) for n in range(35)]
    found = read(daily(tmp_path / "u.csv", requests))
    expected = (1 + weekly) ** (365 / 12 / 7) - 1
    assert found.inputs["monthly_volume_growth"] == pytest.approx(expected, abs=1e-6)


def test_growth_is_the_least_squares_line(tmp_path: Path) -> None:
    requests = [100, 130, 90, 160, 170]
    found = read(daily(tmp_path / "u.csv", [r for r in requests for _ in range(7)]))
    line, covariance = np.polyfit(range(5), np.log(requests), 1, cov=True)
    month = 365 / 12 / 7
    assert found.inputs["monthly_volume_growth"] == pytest.approx(np.expm1(month * line[0]))
    # Student's t, 3 degrees of freedom: 90 % of it lies below 1.6377
    margin = 1.6377 * covariance[0, 0] ** 0.5
    low, likely, high = found.ranges["monthly_volume_growth"]
    assert low == pytest.approx(np.expm1(month * (line[0] - margin)), rel=0.002)
    assert high == pytest.approx(min(1.0, np.expm1(month * (line[0] + margin))), rel=0.002)
    assert likely == found.inputs["monthly_volume_growth"]


@pytest.mark.parametrize(
    ("requests", "note"),
    [
        ([100] * 27, "few_weeks"),
        ([100] * 21 + [0] * 7 + [100] * 7, "empty_week"),
        ([10 ** (1 + n // 7) for n in range(28)], "steep"),
    ],
)
def test_no_growth(requests: list[int], note: str, tmp_path: Path) -> None:
    rows = [
        openai_day(day(n), r, (100 * r, 0, r)) if r else openai_empty(day(n))
        for n, r in enumerate(requests)
    ]
    found = read(write(tmp_path / "u.csv", OPENAI_USAGE, rows))
    assert "monthly_volume_growth" in found.missing
    assert note in noted(found)


def test_ranges_are_percentiles_of_weeks(tmp_path: Path) -> None:
    requests = [100, 130, 90, 160, 170]
    found = read(daily(tmp_path / "u.csv", [r for r in requests for _ in range(7)]))
    low, likely, high = found.ranges["daily_requests"]
    # sorted 90 100 130 160 170: 10 % lie at 0.4 of the way to the second, 90 % at 0.6 of the last
    assert (low, likely, high) == pytest.approx((94, 130, 166))
    assert "input_tokens" not in found.ranges  # every request has the same
    assert "ranges_weeks" in noted(found)


def test_ranges_of_days_where_weeks_are_few(tmp_path: Path) -> None:
    found = read(daily(tmp_path / "u.csv", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]))
    assert found.ranges["daily_requests"] == pytest.approx((20, 60, 100))
    assert "ranges_days" in noted(found)
    assert not read(daily(tmp_path / "v.csv", [10, 20, 30])).ranges


@given(st.lists(st.floats(0, 1e9), max_size=20), st.floats(0, 1e9))
def test_spread_is_in_order(values: list[float], likely: float) -> None:
    span = spread_of(values, likely)
    assert span is None or span[0] <= span[1] <= span[2]
    assert span is None or (span[0] < span[2] and span[1] == likely)


@given(st.lists(st.floats(0, 1e15), min_size=4, max_size=60))
def test_growth_is_finite_or_none(volumes: list[float]) -> None:
    weeks = [tuple(range(n, n + 7)) for n in range(0, 7 * len(volumes), 7)]
    found = monthly_growth(weeks, volumes)
    assert all(np.isfinite(found))
    assert list(found) == sorted(found)
    assert bool(found) == (min(volumes) > 0)


def test_today_is_the_clock_of_the_machine(tmp_path: Path) -> None:
    today = dt.datetime.now(dt.UTC).date()
    rows = [openai_day(today - dt.timedelta(n), 10, (100, 0, 10)) for n in (2, 1, 0)]
    found = read(write(tmp_path / "u.csv", OPENAI_USAGE, rows), today=None)
    assert found.last <= dt.datetime.now(dt.UTC).date() - dt.timedelta(1)
    assert TODAY < dt.date(2100, 1, 1)


# --- words about figures that could mislead --------------------------------------------------------


def test_other_services_show_how_far_a_bill_goes(tmp_path: Path) -> None:
    """Tokens on one day of ten: the other nine had none."""
    rows = [metered(f"10/{n:02}/2026", "D2s v3", "24", "1 Hour", "9") for n in range(1, 11)]
    rows.append(metered("10/04/2026", "o3 Input Tokens", "1000", "1K", "1"))
    found = read(write(tmp_path / "a.csv", AZURE, rows), daily_requests=100)
    assert (found.days, found.inputs["input_tokens"]) == (10, 1000)
    assert "quiet_days" in noted(found)


def test_requests_that_cost_nothing_are_said(tmp_path: Path) -> None:
    """LiteLLM writes 0 where it does not know a price."""
    rows = [
        spend_day("2026-10-01", 10, (1000, 100, 0), "0.01"),
        spend_day("2026-10-01", 10, (1000, 100, 0), "0", model="own-model"),
    ]
    found = read(write(tmp_path / "d.csv", LITELLM_DAILY, rows))
    assert next(n for n in found.notes if n.key == "no_money").values == {"names": "own-model"}
    found = read(tmp_path / "d.csv", model="own-model")
    assert "current_cost_per_request" in found.missing
    assert "all_zero" in noted(found)


def test_cached_tokens_that_may_be_inside(tmp_path: Path) -> None:
    rows = [observed("2026-10-01 23:30:00", {"input": 100, "cache_read_input_tokens": 50}, {})]
    found = read(write(tmp_path / "o.csv", LANGFUSE, rows))
    assert (found.inputs["input_tokens"], found.inputs["cached_input_share"]) == (150, 1 / 3)
    assert "assumed_apart" in noted(found)


def test_amounts_in_two_currencies(tmp_path: Path) -> None:
    rows = [
        metered("10/04/2026", "o3 Input Tokens", "1000", "1K", "1"),
        metered("10/04/2026", "o3 Input Tokens", "1000", "1K", "1", BillingCurrency="EUR"),
    ]
    found = read(write(tmp_path / "a.csv", AZURE, rows), daily_requests=10)
    assert "current_cost_per_request" in found.missing
    assert "currency" not in found.inputs
    assert (
        next(n for n in found.notes if n.key == "currencies").values["found"]
        == "1.00 USD, 1.00 EUR"
    )
