"""OpenAI's exports: cached input inside the input, empty buckets, cost by line item."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from roi_xl.errors import BadInput
from tests.usage.exports import (
    OPENAI_COST,
    OPENAI_USAGE,
    noted,
    openai_cost,
    openai_day,
    openai_empty,
    read,
    write,
    write_json,
)

DAY = dt.date(2026, 10, 1)


def day(n: int) -> dt.date:
    return DAY + dt.timedelta(n)


def test_usage_csv(tmp_path: Path) -> None:
    """Counts as 10.0, a day of four cells inside the span, one row per key and model."""
    path = write(
        tmp_path / "completions_usage.csv",
        OPENAI_USAGE,
        [
            openai_day(day(0), 10, (1000, 400, 50)),
            openai_day(day(0), 30, (3000, 200, 350), batch="TRUE"),
            openai_empty(day(1)),
            openai_day(day(2), 20, (2000, 0, 200), model="gpt-4o-mini"),
            openai_empty(day(3)),
        ],
        bom=True,
        end="",
    )
    found = read(path)
    assert (found.format, found.days, found.requests) == ("openai", 4, 60)
    assert (found.first, found.last) == (day(0), day(3))
    assert found.inputs == {
        "daily_requests": 15.0,  # 60 / 4
        "input_tokens": 100.0,  # 6000 / 60
        "output_tokens": 10.0,  # 600 / 60
        "cached_input_share": 0.1,  # 600 / 6000
    }
    assert found.models == {"gpt-4o": pytest.approx(2 / 3), "gpt-4o-mini": pytest.approx(1 / 3)}
    assert found.missing == ("current_cost_per_request", "monthly_volume_growth")
    assert {"quiet_days", "no_cost", "few_weeks", "several_models", "batched"} <= noted(found)
    assert "secret" not in str(found.data())


def test_one_model(tmp_path: Path) -> None:
    rows = [openai_day(day(0), 10, (1000, 0, 50)), openai_day(day(1), 30, (30, 0, 30), "other")]
    path = write(tmp_path / "u.csv", OPENAI_USAGE, rows)
    found = read(path, model="GPT-4o")
    assert (found.days, found.requests) == (2, 10)  # the other's day is a day of the export
    assert found.inputs["daily_requests"] == 5
    with pytest.raises(BadInput, match="gpt-4o, other"):
        read(path, model="gpt-5")


def test_usage_and_cost(tmp_path: Path) -> None:
    """Money of models that the usage does not hold is no part of its cost."""
    usage = write(
        tmp_path / "u.csv",
        OPENAI_USAGE,
        [openai_day(day(0), 100, (1e6, 0, 1e5)), openai_day(day(1), 100, (1e6, 0, 1e5))],
    )
    cost = write(
        tmp_path / "c.csv",
        OPENAI_COST,
        [
            openai_cost(day(0), 2.5, "gpt-4o, input"),
            openai_cost(day(0), "1.0", "gpt-4o, output"),
            openai_cost(day(1), 2.0, "gpt-4o, cached input"),
            openai_cost(day(1), 7.0, "text-embedding-3-small, input"),
            openai_cost(day(1), 9.0, "image generation"),
            openai_cost(day(2), "", "", amount_currency=""),
        ],
    )
    found = read(usage, cost)
    assert found.inputs["current_cost_per_request"] == pytest.approx(5.5 / 200)
    assert found.inputs["currency"] == "USD"
    aside = next(n for n in found.notes if n.key == "aside")
    assert aside.values == {
        "names": "text-embedding-3-small, image generation",
        "money": "16.00 USD",
    }
    # 2 million input at 2.50 and 200,000 output at 10.00: what OpenAI lists for gpt-4o
    listed = next(n for n in found.notes if n.key.startswith("list_price"))
    assert listed.values["listed"] == "7.00"
    assert listed.values["spent"] == "5.50"


def test_cost_of_other_days(tmp_path: Path) -> None:
    usage = write(
        tmp_path / "u.csv", OPENAI_USAGE, [openai_day(day(n), 10, (10, 0, 10)) for n in range(4)]
    )
    cost = write(tmp_path / "c.csv", OPENAI_COST, [openai_cost(day(n), 3) for n in range(2, 6)])
    found = read(usage, cost)
    assert found.inputs["current_cost_per_request"] == pytest.approx(6 / 20)
    assert "cost_days" in noted(found)
    later = write(tmp_path / "d.csv", OPENAI_COST, [openai_cost(day(9), 3)])
    found = read(usage, later)
    assert "current_cost_per_request" in found.missing
    assert "cost_elsewhere" in noted(found)


def test_cost_without_line_items(tmp_path: Path) -> None:
    usage = write(tmp_path / "u.csv", OPENAI_USAGE, [openai_day(day(0), 10, (10, 0, 10))])
    cost = write(tmp_path / "c.csv", OPENAI_COST, [openai_cost(day(0), 3, "")])
    assert read(usage, cost).inputs["current_cost_per_request"] == pytest.approx(0.3)
    assert "current_cost_per_request" in read(usage, cost, model="gpt-4o").missing


def test_cost_that_lacks_a_model(tmp_path: Path) -> None:
    rows = [openai_day(day(0), 10, (10, 0, 10)), openai_day(day(0), 10, (10, 0, 10), "o3")]
    usage = write(tmp_path / "u.csv", OPENAI_USAGE, rows)
    cost = write(tmp_path / "c.csv", OPENAI_COST, [openai_cost(day(0), 3)])
    found = read(usage, cost)
    assert "current_cost_per_request" in found.missing
    assert "cost_lacks" in noted(found)


def bucket(n: int, *results: dict[str, object]) -> dict[str, object]:
    start = int(dt.datetime.combine(day(n), dt.time(), dt.UTC).timestamp())
    return {
        "object": "bucket",
        "start_time": start,
        "end_time": start + 86400,
        "results": [*results],
    }


USED = {
    "object": "organization.usage.completions.result",
    "input_tokens": 1000,
    "output_tokens": 500,
    "input_cached_tokens": 800,
    "num_model_requests": 5,
    "project_id": None,
    "user_id": None,
    "api_key_id": None,
    "model": None,
    "batch": None,
}
COSTS: dict[str, object] = {
    "object": "organization.costs.result",
    "amount": {"value": 0.06, "currency": "usd"},
}


@pytest.mark.parametrize("shape", ["page", "pages", "lines", "both"])
def test_api(tmp_path: Path, shape: str) -> None:
    """Pages of the API in one file or several; empty buckets; cost as text or number."""
    one = {"object": "page", "data": [bucket(0), bucket(1, USED)], "has_more": True}
    two = {"object": "page", "data": [bucket(2, USED), bucket(3)], "has_more": False}
    text: dict[str, object] = COSTS | {"amount": {"value": "0.04", "currency": "usd"}}
    costs = {"object": "page", "data": [bucket(0), bucket(1, COSTS), bucket(2, text), bucket(3)]}
    whole = {"object": "page", "data": [*one["data"], *two["data"]]}  # type: ignore[misc]
    usage = tmp_path / "usage.json"
    files = [usage, write_json(tmp_path / "costs.json", costs)]
    if shape == "page":
        write_json(usage, whole)
    elif shape == "pages":
        write_json(usage, [one, two])
    elif shape == "lines":
        write_json(usage, one, two, lines=True)
    else:
        files = [write_json(usage, [one, two, costs])]
    found = read(*files)
    assert (found.days, found.requests) == (4, 10)
    assert found.inputs == {
        "daily_requests": 2.5,
        "input_tokens": 200.0,
        "output_tokens": 100.0,
        "cached_input_share": 0.8,
        "current_cost_per_request": pytest.approx(0.01),
        "currency": "USD",
    }
    assert "unfinished" not in noted(found)


def test_a_page_is_missing(tmp_path: Path) -> None:
    path = write_json(tmp_path / "u.json", {"data": [bucket(0, USED)], "has_more": True})
    assert "unfinished" in noted(read(path))


def test_nothing_in_it(tmp_path: Path) -> None:
    """An export without any use has the first four columns only."""
    rows = [openai_empty(day(n)) for n in range(3)]
    with pytest.raises(BadInput, match="没有用量"):
        read(write(tmp_path / "u.csv", OPENAI_USAGE[:4], rows))
    with pytest.raises(BadInput, match="没有 token"):
        read(write(tmp_path / "v.csv", OPENAI_USAGE, rows))
    with pytest.raises(BadInput, match="没有用量"):
        read(write_json(tmp_path / "u.json", {"data": [bucket(0), bucket(1)]}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"input_tokens": "1.5"}, "input_tokens"),
        ({"input_tokens": "-1"}, "input_tokens"),
        ({"input_tokens": "1,234"}, "千位"),
        ({"input_tokens": ""}, "input_tokens"),
        ({"output_tokens": "1e16"}, "output_tokens"),
        ({"num_model_requests": "nan"}, "num_model_requests"),
        ({"input_cached_tokens": "1001"}, "1001 > 1000"),
        ({"start_time_iso": "5/6/26"}, "哪个是月份"),
        ({"start_time_iso": "yesterday"}, "yesterday"),
        ({"model": "m" * 300}, "model"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, change: dict[str, str], said: str) -> None:
    rows = [openai_day(day(0), 10, (1000, 0, 50)), openai_day(day(1), 10, (1000, 0, 50), **change)]
    path = write(tmp_path / "u.csv", OPENAI_USAGE, rows)
    with pytest.raises(BadInput) as caught:
        read(path)
    assert "u.csv" in str(caught.value)
    assert "第 2 行" in str(caught.value)
    assert said in str(caught.value)


def test_empty_lines_of_a_spreadsheet(tmp_path: Path) -> None:
    blank = [""] * len(OPENAI_USAGE)
    rows: list[Any] = [
        openai_day(day(0), 10, (1000, 0, 50)),
        blank,
        openai_day(day(1), 10, (0, 0, 9)),
        blank,
    ]
    assert read(write(tmp_path / "u.csv", OPENAI_USAGE, rows)).requests == 20


def test_a_row_cut_short(tmp_path: Path) -> None:
    """Only a day without use may end early: 12 cells with numbers are half a row."""
    good = openai_day(day(0), 10, (1000, 0, 50))
    half = [good[name] for name in OPENAI_USAGE[:4]] + ["p", 10, "", "", "gpt-4o", "", "", 100, 5]
    with pytest.raises(BadInput, match=r"第 2 行有 13|第 2 行：有 13"):
        read(write(tmp_path / "u.csv", OPENAI_USAGE, [good, half]))
