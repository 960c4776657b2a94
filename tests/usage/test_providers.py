"""Anthropic, DeepSeek and Alibaba Cloud: cached input apart from the rest, amounts that are not money."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from roi_xl.errors import BadInput
from tests.usage.exports import (
    ALIYUN,
    ANTHROPIC_USAGE,
    DEEPSEEK_AMOUNT,
    DEEPSEEK_COST,
    csv_text,
    iso,
    noted,
    read,
    write,
    write_json,
    write_zip,
)

DAY = dt.date(2026, 10, 1)


def day(n: int) -> dt.date:
    return DAY + dt.timedelta(n)


# --- Anthropic -------------------------------------------------------------------------------------


def console(n: int, tokens: tuple[int, int, int, int, int], **more: Any) -> dict[str, Any]:
    names = [*ANTHROPIC_USAGE[6:10], ANTHROPIC_USAGE[10]]
    return {
        "usage_date_utc": day(n).isoformat(),
        "model_version": "claude-sonnet-4-5-20250929",
        "api_key": "secret",
        "workspace": "Default",
        "usage_type": "standard",
        "context_window": "≤ 200k",
        **dict(zip(names, tokens, strict=True)),
    } | more


def test_anthropic_console(tmp_path: Path) -> None:
    """Uncached 100, written 20 + 30, read 250: 400 input, of which 250 cached. No request count."""
    path = write(
        tmp_path / "a.csv",
        ANTHROPIC_USAGE,
        [console(0, (100, 20, 30, 250, 60)), console(1, (100, 20, 30, 250, 40))],
    )
    found = read(path)
    assert (found.format, found.requests, found.days) == ("anthropic", None, 2)
    assert found.inputs == {"cached_input_share": 500 / 800}
    assert found.missing[:3] == ("daily_requests", "input_tokens", "output_tokens")
    assert "current_cost_per_request" in found.missing
    asked = next(note for note in found.notes if note.key == "no_requests")
    assert asked.values == {"input": "400", "output": "50"}
    typed = read(path, daily_requests=4)
    assert typed.inputs["input_tokens"] == 100  # 800 / (4 × 2)
    assert typed.inputs["output_tokens"] == 12.5
    assert typed.inputs["daily_requests"] == 4
    assert "typed_requests" in noted(typed)


def test_anthropic_console_of_older_make(tmp_path: Path) -> None:
    headings = [h for h in ANTHROPIC_USAGE[:12] if not h.endswith(("_5m", "_1h"))]
    headings.insert(7, "usage_input_tokens_cache_write")
    row = console(0, (100, 0, 0, 300, 60)) | {"usage_input_tokens_cache_write": 200}
    assert read(write(tmp_path / "a.csv", headings, [row])).inputs == {"cached_input_share": 0.5}


def anthropic_page(*results: list[dict[str, Any]], more: bool = False) -> dict[str, Any]:
    data = [
        {
            "starting_at": f"{day(n)}T00:00:00Z",
            "ending_at": f"{day(n + 1)}T00:00:00Z",
            "results": found,
        }
        for n, found in enumerate(results)
    ]
    return {"data": data, "has_more": more, "next_page": None}


REPORTED: dict[str, Any] = {
    "uncached_input_tokens": 1000,
    "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 0},
    "cache_read_input_tokens": 800,
    "output_tokens": 500,
    "server_tool_use": {"web_search_requests": 3},
    "model": "claude-sonnet-4-5-20250929",
}


def test_anthropic_api(tmp_path: Path) -> None:
    """The cost report's amounts are text, in cents."""
    usage = write_json(tmp_path / "usage.json", anthropic_page([REPORTED], [], [REPORTED]))
    costs = anthropic_page(
        [{"amount": "123.5", "currency": "USD", "model": None}],
        [],
        [{"amount": "76.5", "currency": "USD", "model": None}],
    )
    cost = write_json(tmp_path / "cost.json", costs)
    found = read(usage, cost, daily_requests=10)
    assert found.days == 3
    assert found.inputs == {
        "daily_requests": 10.0,
        "input_tokens": pytest.approx(4000 / 30),
        "output_tokens": pytest.approx(1000 / 30),
        "cached_input_share": 0.4,  # 800 of 2000
        "current_cost_per_request": pytest.approx(2.00 / 30),  # 200 cents
        "currency": "USD",
    }
    assert {"priority_tier", "cost_unsplit", "quiet_days"} <= noted(found)
    alone = read(usage, cost)
    money = next(note for note in alone.notes if note.key == "money_per_day")
    assert money.values["money"] == "0.6667 USD"
    assert "current_cost_per_request" in alone.missing
    assert "currency" not in alone.inputs


def test_anthropic_cost_by_description(tmp_path: Path) -> None:
    usage = write_json(tmp_path / "usage.json", anthropic_page([REPORTED]))
    rows: list[dict[str, Any]] = [
        {
            "amount": "100",
            "currency": "USD",
            "model": "claude-sonnet-4-5-20250929",
            "cost_type": "tokens",
        },
        {"amount": "900", "currency": "USD", "model": None, "cost_type": "web_search"},
        {"amount": "50", "currency": "USD", "model": "claude-opus-4-1", "cost_type": "tokens"},
    ]
    cost = write_json(tmp_path / "cost.json", anthropic_page(rows))
    found = read(usage, cost, daily_requests=10)
    assert found.inputs["current_cost_per_request"] == pytest.approx(0.1)
    aside = next(note for note in found.notes if note.key == "aside")
    assert aside.values == {"names": "claude-opus-4-1, web_search", "money": "9.50 USD"}


# --- DeepSeek --------------------------------------------------------------------------------------


def amount(n: int, kind: str, quantity: float, price: str, **more: Any) -> dict[str, Any]:
    return {
        "user_id": "secret",
        "start_time_iso": iso(day(n), "+08:00"),
        "end_time_iso": iso(day(n + 1), "+08:00"),
        "model": "deepseek-chat",
        "api_key_name": "secret",
        "api_key": "sk-secret",
        "type": kind,
        "price": price,
        "amount": quantity,
    } | more


def spent(n: int, wallet: str, cost: str, **more: Any) -> dict[str, Any]:
    row = amount(n, "", 0, "")
    keys = {k: row[k] for k in ("user_id", "start_time_iso", "end_time_iso", "model")}
    return keys | {"wallet_type": wallet, "cost": cost, "currency": "CNY"} | more


AMOUNTS = [
    amount(0, "input_cache_hit_tokens", 6_000_000, "0.0000005"),
    amount(0, "input_cache_miss_tokens", 2_000_000, "0.000002"),
    amount(0, "output_tokens", 1_000_000, "0.000008"),
    amount(0, "request_count", 4000, ""),
    amount(1, "input_cache_miss_tokens", 2_000_000, "0.000002"),
    amount(1, "output_tokens", 1_000_000, "0.000008"),
    amount(1, "request_count", 1000, ""),
]
# 3 + 4 + 8 on the first day, 4 + 8 on the second
COSTS = [spent(0, "Paid", "10"), spent(0, "Granted", "5"), spent(1, "Paid", "12")]


def test_deepseek(tmp_path: Path) -> None:
    """Hits and misses are apart; the amount is a quantity; granted money is said to be no cash."""
    path = write_zip(
        tmp_path / "usage_data.zip",
        amount__csv=csv_text(DEEPSEEK_AMOUNT, AMOUNTS, bom=True),
        cost__csv=csv_text(DEEPSEEK_COST, COSTS, bom=True),
    )
    found = read(path)
    assert (found.format, found.days, found.requests) == ("deepseek", 2, 5000)
    assert found.inputs == {
        "daily_requests": 2500.0,
        "input_tokens": 2000.0,  # 10 million / 5000
        "output_tokens": 400.0,
        "cached_input_share": 0.6,
        "current_cost_per_request": pytest.approx(27 / 5000),
        "currency": "CNY",
    }
    assert "currency_per_usd" in found.missing
    assert {"granted", "at_price_same", "rate"} <= noted(found)
    assert next(n for n in found.notes if n.key == "granted").values == {"money": "5.00 CNY"}
    assert "secret" not in str(found.data())


def test_deepseek_of_older_make(tmp_path: Path) -> None:
    headings = [h for h in DEEPSEEK_AMOUNT if h != "end_time_iso"]
    headings[headings.index("start_time_iso")] = "utc_date"
    rows = [row | {"utc_date": row["start_time_iso"][:10]} for row in AMOUNTS]
    found = read(write(tmp_path / "amount.csv", headings, rows))
    assert (found.days, found.requests) == (2, 5000)
    assert "current_cost_per_request" in found.missing  # the quantity has no currency


def test_deepseek_that_does_not_add_up(tmp_path: Path) -> None:
    amounts = write(tmp_path / "a.csv", DEEPSEEK_AMOUNT, AMOUNTS)
    costs = write(tmp_path / "c.csv", DEEPSEEK_COST, [*COSTS[1:], spent(0, "Paid", "20")])
    assert "at_price_other" in noted(read(amounts, costs))


def test_deepseek_of_a_kind_not_known(tmp_path: Path) -> None:
    rows = [*AMOUNTS, amount(1, "thinking_tokens", 5, "0.1")]
    with pytest.raises(BadInput, match=r"第 8 行.*thinking_tokens"):
        read(write(tmp_path / "a.csv", DEEPSEEK_AMOUNT, rows))


def test_money_alone(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有 token"):
        read(write(tmp_path / "c.csv", DEEPSEEK_COST, COSTS))


# --- Alibaba Cloud ---------------------------------------------------------------------------------


def billed(n: int, part: str, quantity: str, payable: str, **more: Any) -> dict[str, Any]:
    return {
        "账单信息/账单日期": day(n).strftime("%Y%m%d"),
        "账单信息/费用类型": "云资源按量费用",
        "账单信息/消费时间": f"{day(n)} 10:05:00",
        "产品信息/商品名称": "百炼大模型推理",
        "产品信息/计费项Code": "token_number",
        "产品信息/选型配置": json.dumps([{"name": "文本生成模型规格", "value": "qwen3.6-plus"}]),
        "资源信息/实例ID（出账粒度）": f"x;llm-secret;qwen3.6-plus;{part};bmp;0",
        "用量信息/抵扣前用量": quantity,
        "用量信息/用量": quantity,
        "用量信息/用量单位": "千tokens",
        "定价信息/定价币种": "CNY",
        "应付信息/应付金额（含税）": payable,
    } | more


def test_aliyun(tmp_path: Path) -> None:
    """Thousands of tokens, a free quota that costs nothing, other units beside them."""
    free = {"账单信息/费用类型": "免费额度", "用量信息/用量": "0"}
    rows = [
        billed(0, "context_0-256k_input_token", "300.5", "0.6"),
        billed(0, "context_0-256k_output_token", "50", "0.6"),
        billed(1, "context_0-256k_input_token", "99.5", "0", **free),
        billed(1, "context_0-256k_input_token_cache", "100", "0.3"),
        billed(1, "", "12", "9", **{"用量信息/用量单位": "秒"}),
    ]
    path = write(tmp_path / "consumedetailbillv2.csv", ALIYUN, rows, bom=True)
    found = read(path, daily_requests=100)
    assert found.format == "aliyun"
    assert found.inputs == {
        "daily_requests": 100.0,
        "input_tokens": 2500.0,  # 500,000 / 200
        "output_tokens": 250.0,
        "cached_input_share": 0.2,
        "current_cost_per_request": pytest.approx(1.5 / 200),
        "currency": "CNY",
    }
    assert found.models == {"qwen3.6-plus": 1.0}
    assert next(n for n in found.notes if n.key == "free").values["count"] == "99,500"
    assert "secret" not in str(found.data())
    assert read(path).missing[0] == "daily_requests"


def test_aliyun_in_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [billed(0, "context_0-256k_input_token", "1", "0.6")]
    path.write_bytes(csv_text(ALIYUN, rows).encode("gb18030"))
    assert read(path, daily_requests=10).inputs["input_tokens"] == 100


def test_aliyun_with_a_blank_amount(tmp_path: Path) -> None:
    rows = [billed(0, "input_token", "1", "0.6"), billed(0, "input_token", "1", "")]
    with pytest.raises(BadInput, match=r"第 2 行.*应付"):
        read(write(tmp_path / "a.csv", ALIYUN, rows))
