"""Exports as providers write them: headings as they are, rows from maps of what matters."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from roi_xl.usage.result import Usage, read_usage

BOM = "\ufeff"
TODAY = dt.date(2026, 11, 24)

OPENAI_USAGE = [
    "start_time",
    "end_time",
    "start_time_iso",
    "end_time_iso",
    "project_id",
    "num_model_requests",
    "user_id",
    "api_key_id",
    "model",
    "batch",
    "service_tier",
    "input_tokens",
    "output_tokens",
    "input_cached_tokens",
    "input_uncached_tokens",
    "input_text_tokens",
    "output_text_tokens",
    "input_cached_text_tokens",
    "input_audio_tokens",
    "input_cached_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens",
    "input_cached_image_tokens",
    "output_image_tokens",
]
OPENAI_COST = [
    "start_time",
    "end_time",
    "start_time_iso",
    "end_time_iso",
    "amount_value",
    "amount_currency",
    "line_item",
    "project_id",
    "organization_id",
    "organization_name",
]
ANTHROPIC_USAGE = [
    "usage_date_utc",
    "model_version",
    "api_key",
    "workspace",
    "usage_type",
    "context_window",
    "usage_input_tokens_no_cache",
    "usage_input_tokens_cache_write_5m",
    "usage_input_tokens_cache_write_1h",
    "usage_input_tokens_cache_read",
    "usage_output_tokens",
    "web_search_count",
    "inference_geo",
    "speed",
]
DEEPSEEK_AMOUNT = [
    "user_id",
    "start_time_iso",
    "end_time_iso",
    "model",
    "api_key_name",
    "api_key",
    "type",
    "price",
    "amount",
]
DEEPSEEK_COST = [
    "user_id",
    "start_time_iso",
    "end_time_iso",
    "model",
    "wallet_type",
    "cost",
    "currency",
]
ALIYUN = [
    "账单信息/账单月份",
    "账单信息/账单日期",
    "账单信息/费用类型",
    "账单信息/消费时间",
    "产品信息/商品名称",
    "产品信息/计费项Code",
    "产品信息/选型配置",
    "资源信息/实例ID（出账粒度）",
    "用量信息/抵扣前用量",
    "用量信息/用量",
    "用量信息/用量单位",
    "定价信息/官网目录价",
    "定价信息/定价币种",
    "费用信息/目录总价",
    "优惠信息/优惠后金额",
    "应付信息/应付金额（含税）",
]
OPENROUTER = [
    "generation_id",
    "created_at",
    "cost_total",
    "cost_web_search",
    "cost_cache",
    "cost_file_processing",
    "byok_usage_inference",
    "tokens_prompt",
    "tokens_completion",
    "tokens_reasoning",
    "tokens_cached",
    "model_permaslug",
    "provider_name",
    "variant",
    "cancelled",
    "streamed",
    "user",
    "finish_reason_raw",
    "finish_reason_normalized",
    "generation_time_ms",
    "time_to_first_token_ms",
    "api_key_disabled",
    "api_key_name",
    "app_name",
]
LITELLM_LOGS = [
    "request_id",
    "call_type",
    "api_key",
    "spend",
    "total_tokens",
    "prompt_tokens",
    "completion_tokens",
    "startTime",
    "endTime",
    "request_duration_ms",
    "completionStartTime",
    "model",
    "model_id",
    "model_group",
    "custom_llm_provider",
    "api_base",
    "user",
    "metadata",
    "cache_hit",
    "cache_key",
    "request_tags",
    "team_id",
    "organization_id",
    "end_user",
    "requester_ip_address",
    "messages",
    "response",
    "session_id",
    "status",
    "mcp_namespaced_tool_name",
    "agent_id",
    "proxy_server_request",
]
LITELLM_DAILY = [
    "id",
    "user_id",
    "date",
    "api_key",
    "model",
    "model_group",
    "custom_llm_provider",
    "mcp_namespaced_tool_name",
    "endpoint",
    "prompt_tokens",
    "completion_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "spend",
    "api_requests",
    "successful_requests",
    "failed_requests",
    "created_at",
    "updated_at",
]
LANGFUSE = [
    "id",
    "trace_id",
    "project_id",
    "environment",
    "type",
    "parent_observation_id",
    "start_time",
    "end_time",
    "name",
    "metadata",
    "level",
    "status_message",
    "version",
    "input",
    "output",
    "provided_model_name",
    "model_parameters",
    "usage_details",
    "cost_details",
    "completion_start_time",
    "prompt_name",
    "prompt_version",
    "total_cost",
]
HELICONE = [
    "response_id",
    "response_created_at",
    "response_status",
    "request_created_at",
    "request_body",
    "request_properties",
    "request_user_id",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "latency",
    "cost",
]
FOCUS_12 = [
    "AvailabilityZone",
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingAccountType",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "CapacityReservationId",
    "CapacityReservationStatus",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "SubAccountType",
    "Tags",
]
AZURE = [
    "Date",
    "Product",
    "MeterId",
    "MeterCategory",
    "MeterSubCategory",
    "MeterName",
    "Quantity",
    "EffectivePrice",
    "Cost",
    "UnitPrice",
    "BillingCurrency",
    "ConsumedService",
    "ResourceId",
    "AdditionalInfo",
    "Tags",
    "UnitOfMeasure",
    "ChargeType",
    "PricingModel",
    "ReservationId",
    "benefitName",
]

Rows = Iterable[Mapping[str, Any] | Sequence[Any]]


def csv_text(headings: Sequence[str], rows: Rows, *, bom: bool = False, end: str = "\n") -> str:
    """A CSV; a row is a map, or a list of as many cells as it really has."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        cells = [row.get(h, "") for h in headings] if isinstance(row, Mapping) else row
        writer.writerow(cells)
    text = stream.getvalue().removesuffix("\n") + end
    return (BOM if bom else "") + text


def write(path: Path, headings: Sequence[str], rows: Rows, **how: Any) -> Path:
    """A CSV file."""
    path.write_bytes(csv_text(headings, rows, **how).encode())
    return path


def write_json(path: Path, *values: Any, lines: bool = False) -> Path:
    """A JSON file of one value, or of lines."""
    shown = [json.dumps(v, ensure_ascii=False, indent=None if lines else 1) for v in values]
    path.write_text("\n".join(shown), encoding="utf-8")
    return path


def write_zip(path: Path, **members: str) -> Path:
    """A ZIP of texts; `__` in a name is its point."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return path


def read(*paths: Path, **wanted: Any) -> Usage:
    """What the files say, on a fixed day."""
    return read_usage(paths, **{"today": TODAY, **wanted})


def noted(usage: Usage) -> set[str]:
    """Keys of the notes."""
    return {note.key for note in usage.notes}


def iso(day: dt.date, zone: str = "+00:00") -> str:
    """Midnight of a day."""
    return f"{day.isoformat()}T00:00:00{zone}"


def openai_day(
    day: dt.date,
    requests: float,
    tokens: tuple[float, float, float],
    model: str = "gpt-4o",
    **more: Any,
) -> dict[str, Any]:
    """A row of the usage CSV: requests, and input, cached input and output tokens."""
    start = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
    return {
        "start_time": start,
        "end_time": start + 86400,
        "start_time_iso": iso(day),
        "end_time_iso": iso(day + dt.timedelta(1)),
        "project_id": "proj_secret",
        "user_id": "user-secret",
        "api_key_id": "key_secret",
        "num_model_requests": float(requests),
        "model": model,
        "batch": "FALSE",
        "input_tokens": float(tokens[0]),
        "input_cached_tokens": float(tokens[1]),
        "output_tokens": float(tokens[2]),
    } | more


def openai_empty(day: dt.date) -> list[Any]:
    """A day without use: the first four cells and no more."""
    row = openai_day(day, 0, (0, 0, 0))
    return [row[name] for name in OPENAI_USAGE[:4]]


def openai_cost(
    day: dt.date, value: Any, item: str = "gpt-4o, input", **more: Any
) -> dict[str, Any]:
    """A row of the cost CSV."""
    row = openai_day(day, 0, (0, 0, 0))
    times = {name: row[name] for name in OPENAI_USAGE[:4]}
    return times | {"amount_value": value, "amount_currency": "usd", "line_item": item} | more
