"""OpenRouter, LiteLLM, Langfuse and Helicone: one row per request, or a table of days."""

import json
from pathlib import Path
from typing import Any

import pytest

from roi_xl.errors import BadInput
from tests.usage.exports import (
    HELICONE,
    LANGFUSE,
    LITELLM_DAILY,
    LITELLM_LOGS,
    OPENROUTER,
    noted,
    read,
    write,
    write_json,
)

LAST = "23:59:59"


# --- OpenRouter ------------------------------------------------------------------------------------


def generation(stamp: str, tokens: tuple[int, int, int], cost: str, **more: Any) -> dict[str, Any]:
    return {
        "generation_id": f"gen-{stamp}",
        "created_at": stamp,
        "cost_total": cost,
        "byok_usage_inference": "0",
        "tokens_prompt": tokens[0],
        "tokens_completion": tokens[1],
        "tokens_reasoning": tokens[1] // 2,
        "tokens_cached": tokens[2],
        "model_permaslug": "openai/gpt-4o-2024-08-06",
        "cancelled": "false",
        "user": "secret",
        "api_key_name": "secret",
    } | more


def test_openrouter_csv(tmp_path: Path) -> None:
    """Days without a request count, a last day that ends at noon does not; own keys cost too."""
    rows = [
        generation("2026-10-01 08:00:00.123", (1000, 100, 500), "0.002"),
        generation("2026-10-01 23:59:59.000", (3000, 300, 500), "0.004"),
        generation("2026-10-04 23:10:00", (2000, 200, 0), "0.001", byok_usage_inference="0.005"),
        generation("2026-10-05 12:00:00", (9000, 900, 0), "9"),
    ]
    found = read(write(tmp_path / "activity.csv", OPENROUTER, rows))
    assert (found.days, found.requests) == (4, 3)
    assert found.data()["to"] == "2026-10-04"
    assert found.inputs == {
        "daily_requests": 0.75,
        "input_tokens": 2000.0,
        "output_tokens": 200.0,
        "cached_input_share": pytest.approx(1 / 6),
        "current_cost_per_request": pytest.approx(0.004),  # 0.012 / 3
        "currency": "USD",
    }
    part = next(note for note in found.notes if note.key == "part_of_day")
    assert part.values == {"day": "2026-10-05"}
    assert {"first_day", "quiet_days", "own_key"} <= noted(found)
    assert "secret" not in str(found.data())


def test_openrouter_api(tmp_path: Path) -> None:
    item = {
        "date": "2026-10-01",
        "model": "openai/gpt-4o",
        "model_permaslug": "openai/gpt-4o-2024-08-06",
        "endpoint_id": "x",
        "provider_name": "OpenAI",
        "usage": 0.5,
        "byok_usage_inference": 0,
        "requests": 100,
        "prompt_tokens": 50_000,
        "completion_tokens": 10_000,
        "reasoning_tokens": 3_000,
    }
    path = write_json(
        tmp_path / "activity.json", {"data": [item, item | {"date": "2026-10-02 00:00:00"}]}
    )
    found = read(path)
    assert found.inputs == {
        "daily_requests": 100.0,
        "input_tokens": 500.0,
        "output_tokens": 100.0,
        "current_cost_per_request": 0.005,
        "currency": "USD",
    }
    assert "cached_input_share" in found.missing
    assert found.days == 2


# --- LiteLLM ---------------------------------------------------------------------------------------


def spend_day(
    date: str, requests: int, tokens: tuple[int, int, int], spend: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": "secret",
        "user_id": "secret",
        "date": date,
        "api_key": "secret",
        "model": "gpt-4o",
        "custom_llm_provider": "openai",
        "prompt_tokens": tokens[0],
        "completion_tokens": tokens[1],
        "cache_read_input_tokens": tokens[2],
        "cache_creation_input_tokens": 0,
        "spend": spend,
        "api_requests": requests,
        "successful_requests": requests,
        "failed_requests": 0,
    } | more


def test_litellm_daily(tmp_path: Path) -> None:
    rows = [
        spend_day("2026-10-01", 10, (1000, 100, 400), "0.01", failed_requests=3),
        spend_day("2026-10-02", 30, (3000, 300, 0), "0.03"),
    ]
    found = read(write(tmp_path / "daily.csv", LITELLM_DAILY, rows))
    assert found.requests == 40
    assert found.inputs == {
        "daily_requests": 20.0,
        "input_tokens": 100.0,
        "output_tokens": 10.0,
        "cached_input_share": 0.1,
        "current_cost_per_request": 0.001,
        "currency": "USD",
    }
    assert "failed" in noted(found)


@pytest.mark.parametrize("table", ["team_id", "organization_id", "agent_id", "end_user_id", "tag"])
def test_litellm_daily_by(table: str, tmp_path: Path) -> None:
    headings = [table if h == "user_id" else h for h in LITELLM_DAILY]
    rows = [spend_day("2026-10-01", 10, (1000, 100, 400), "0.01")]
    found = read(write(tmp_path / "daily.csv", headings, rows))
    assert found.requests == 10
    assert ("tags" in noted(found)) == (table == "tag")
    again = write(tmp_path / "user.csv", LITELLM_DAILY, rows)
    with pytest.raises(BadInput, match="不能合并"):
        read(tmp_path / "daily.csv", again)  # the same requests once more


def logged(
    stamp: str, tokens: tuple[int, int], spend: str, usage: object = None, **more: Any
) -> dict[str, Any]:
    metadata = {"user_api_key": "secret"} | ({"usage_object": usage} if usage else {})
    return {
        "request_id": stamp,
        "call_type": "acompletion",
        "api_key": "secret",
        "spend": spend,
        "prompt_tokens": tokens[0],
        "completion_tokens": tokens[1],
        "startTime": stamp,
        "model": "claude-sonnet-4-5",
        "metadata": json.dumps(metadata),
        "messages": json.dumps([{"role": "user", "content": 'a "secret",\nof two lines'}]),
        "response": "secret" * 30_000,
        "status": "success",
    } | more


LOGS = [
    logged("2026-10-01 08:00:00.1+00", (1000, 100), "0.01", {"cache_read_input_tokens": 600}),
    logged(
        "2026-10-01T09:00:00.000Z",
        (3000, 300),
        "0.03",
        {"prompt_tokens_details": {"cached_tokens": 200}},
    ),
    logged("2026-10-01 10:00:00", (1000, 100), "0.01"),
    logged("2026-10-02 10:00:00", (0, 0), "0", {"cache_read_input_tokens": 0}, status="failure"),
    logged("2026-10-02 11:00:00", (500, 0), "0.7", call_type="aembedding"),
    logged("2026-10-02 23:00:00", (1000, 100), "", {"cache_read_input_tokens": "0"}),
]


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
def test_litellm_logs(kind: str, tmp_path: Path) -> None:
    """Quoted JSON with quotes in it; cached tokens where the log says so; no prompt comes out."""
    if kind == "csv":
        path = write(tmp_path / "logs.csv", LITELLM_LOGS, LOGS)
    else:
        rows = [row | {"metadata": json.loads(row["metadata"])} for row in LOGS]
        values = [rows] if kind == "json" else rows
        path = write_json(tmp_path / "logs.json", *values, lines=kind == "jsonl")
    found = read(path)
    assert (found.days, found.requests) == (2, 5)
    assert found.inputs == {
        "daily_requests": 2.5,
        "input_tokens": 1200.0,  # 6000 / 5
        "output_tokens": 120.0,
        "cached_input_share": 0.16,  # 800 of the 5000 of which it is known
        "current_cost_per_request": pytest.approx(0.05 / 4),
        "currency": "USD",
    }
    assert {"unpriced", "uncacheable", "failed", "aside"} <= noted(found)
    assert "secret" not in str(found.data())


def test_litellm_logs_with_metadata_cut_off(tmp_path: Path) -> None:
    rows = [*LOGS[:2], LOGS[2] | {"metadata": '{"usage_object": {"cache_re'}]
    with pytest.raises(BadInput, match=r"第 3 行.*metadata"):
        read(write(tmp_path / "logs.csv", LITELLM_LOGS, rows))


def test_litellm_that_keeps_cached_tokens_apart(tmp_path: Path) -> None:
    """31 of prompt, 1,253 written, 600 read: no part of 31; then all of the model's are apart."""
    apart = {"cache_creation_input_tokens": 1253, "cache_read_input_tokens": 600}
    rows = [
        logged("2026-10-01 10:00:00", (31, 10), "0.1", apart),
        logged("2026-10-01 23:00:00", (5000, 10), "0.1", {"cache_read_input_tokens": 100}),
        logged(
            "2026-10-01 23:00:00", (500, 10), "0.1", {"cache_read_input_tokens": 50}, model="o3"
        ),
    ]
    path = write(tmp_path / "logs.csv", LITELLM_LOGS, rows)
    found = read(path, model="claude-sonnet-4-5")
    assert found.inputs["input_tokens"] == (31 + 1253 + 600 + 5000 + 100) / 2
    assert found.inputs["cached_input_share"] == 700 / 6984
    assert {"apart", "inside"} <= noted(found)
    assert read(path, model="o3").inputs["input_tokens"] == 500
    day = spend_day("2026-10-01", 1, (31, 10, 600), "0.1", cache_creation_input_tokens=1253)
    found = read(write(tmp_path / "daily.csv", LITELLM_DAILY, [day]))
    assert found.inputs["input_tokens"] == 1884


# --- Langfuse --------------------------------------------------------------------------------------


def observed(stamp: str, usage: object, cost: object, **more: Any) -> dict[str, Any]:
    return {
        "id": "secret",
        "trace_id": "secret",
        "type": "GENERATION",
        "start_time": stamp,
        "input": json.dumps({"role": "user", "content": "secret"}),
        "output": "secret",
        "provided_model_name": "gpt-4o",
        "usage_details": json.dumps(usage),
        "cost_details": json.dumps(cost),
    } | more


OBSERVED = [
    observed(
        "2026-10-01 00:10:00.000",
        {
            "input": 400,
            "input_cached_tokens": 600,
            "output": 80,
            "output_reasoning_tokens": 20,
            "total": 1100,
        },
        {"input": 0.002, "output": 0.002, "total": 0.004},
    ),
    observed("2026-10-01 05:00:00", {}, {}, type="SPAN"),
    # a total that leaves the cached tokens out: they are inside the input
    observed(
        "2026-10-01 06:00:00",
        {"input": "2000", "cache_read_input_tokens": "400", "output": "300", "total": "2300"},
        {"input": 0.004, "output": 0.002},
    ),
    observed("2026-10-01 23:30:00", {}, {}),
]


@pytest.mark.parametrize("kind", ["csv", "json", "api"])
def test_langfuse(kind: str, tmp_path: Path) -> None:
    if kind == "csv":
        path = write(tmp_path / "o.csv", LANGFUSE, OBSERVED)
    else:
        maps = ("usage_details", "cost_details")
        rows = [row | {name: json.loads(row[name]) for name in maps} for row in OBSERVED]
        if kind == "api":
            rows = [{_camel(k): v for k, v in row.items()} for row in rows]
        path = write_json(
            tmp_path / "o.json", rows if kind == "json" else {"data": rows, "meta": {}}
        )
    found = read(path)
    assert (found.days, found.requests) == (1, 3)
    assert found.inputs == {
        "daily_requests": 3.0,
        "input_tokens": 1500.0,  # (400 + 600 + 2000) / 2
        "output_tokens": 200.0,  # (100 + 300) / 2
        "cached_input_share": pytest.approx(1 / 3),
        "current_cost_per_request": pytest.approx(0.005),
        "currency": "USD",
    }
    assert {"unmetered", "unpriced"} <= noted(found)
    assert "secret" not in str(found.data())


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return "model" if name == "provided_model_name" else first + "".join(map(str.title, rest))


# --- Helicone --------------------------------------------------------------------------------------


def asked(stamp: str, tokens: tuple[Any, Any], cost: str, **more: Any) -> dict[str, Any]:
    return {
        "response_id": "secret",
        "response_status": 200,
        "request_created_at": stamp,
        "request_body": json.dumps({"messages": ["secret, with comma"]}),
        "request_user_id": "secret",
        "model": "gpt-4o-mini",
        "prompt_tokens": tokens[0],
        "completion_tokens": tokens[1],
        "cost": cost,
    } | more


def test_helicone(tmp_path: Path) -> None:
    rows = [
        asked("2026-10-01T00:00:00+00:00", (300, 30), "0.003"),
        asked("2026-10-02T23:00:00+00:00", (100, 10), "0.001"),
        asked("2026-10-02T23:00:00+00:00", ("", ""), "NULL", response_status=429),
    ]
    found = read(write(tmp_path / "h.csv", HELICONE, rows))
    assert found.inputs == {
        "daily_requests": 1.5,
        "input_tokens": 200.0,
        "output_tokens": 20.0,
        "current_cost_per_request": pytest.approx(0.002),
        "currency": "USD",
    }
    assert "cached_input_share" in found.missing
    assert {"failed", "unmetered", "unpriced"} <= noted(found)
