"""What a GPU can compute and hold, and the source document's table of training hours."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from roi_xl.errors import NotListedError
from roi_xl.prices.names import hint, normal


@dataclass(frozen=True, slots=True)
class GpuSpec:
    """One GPU: its name on the price sheet, other names, memory and dense bf16 peak."""

    gpu: str
    also: tuple[str, ...]
    memory_gb: float
    bf16_dense_tflops: float
    source: str
    read_date: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.gpu, *self.also)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One row of the source document's table; days and weeks are in hours."""

    model_params_b: float
    gpu: str
    gpu_count: float
    lora_hours: tuple[float, float]
    full_hours: tuple[float, float]
    cost_usd: tuple[float, float]


def _records(name: str) -> list[dict[str, str]]:
    source = resources.files("roi_xl.prices").joinpath(name)
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@lru_cache(maxsize=1)
def specs() -> tuple[GpuSpec, ...]:
    """The GPUs whose peak and memory are known from a named source."""
    return tuple(
        GpuSpec(
            r["gpu"],
            tuple(name for name in r["also"].split(";") if name),
            float(r["memory_gb"]),
            float(r["bf16_dense_tflops"]),
            r["source"],
            r["read_date"],
        )
        for r in _records("gpu_specs.csv")
    )


def find_spec(gpu: str) -> GpuSpec | None:
    """The GPU of this name, None where its peak is not known."""
    wanted = normal(gpu)
    return next((s for s in specs() if wanted in map(normal, s.names)), None)


def spec_of(gpu: str) -> GpuSpec:
    """The GPU of this name.

    Raises:
        NotListedError: its peak is not known; the message suggests the nearest.
    """
    found = find_spec(gpu)
    if found is None:
        names = [name for s in specs() for name in s.names]
        raise NotListedError("gpu_no_spec", found=gpu, hint=hint(gpu, names))
    return found


@lru_cache(maxsize=1)
def reference() -> tuple[ReferenceRow, ...]:
    """The source document's table, unchanged."""
    return tuple(
        ReferenceRow(
            float(r["model_params_b"]),
            r["gpu"],
            float(r["gpu_count"]),
            (float(r["lora_hours_low"]), float(r["lora_hours_high"])),
            (float(r["full_hours_low"]), float(r["full_hours_high"])),
            (float(r["cost_usd_low"]), float(r["cost_usd_high"])),
        )
        for r in _records("source_reference.csv")
    )


@dataclass(frozen=True, slots=True)
class TuningService:
    """A hosted fine-tuning service: USD per million training tokens, and until when it is sold."""

    provider: str
    model: str
    method: str
    low: float | None
    high: float | None
    input_price: float | None
    output_price: float | None
    date: str
    status: str
    new_jobs_until: str
    shut_down: str
    source: str


@lru_cache(maxsize=1)
def services() -> tuple[TuningService, ...]:
    """Hosted fine-tuning services with a known price, and those withdrawn."""

    def number(written: str) -> float | None:
        return float(written) if written else None

    return tuple(
        TuningService(
            r["provider"],
            r["model"],
            r["method"],
            number(r["usd_per_million_training_tokens_low"]),
            number(r["usd_per_million_training_tokens_high"]),
            number(r["usd_per_million_input_tokens"]),
            number(r["usd_per_million_output_tokens"]),
            r["date"],
            r["status"],
            r["new_jobs_until"],
            r["shut_down"],
            r["source"],
        )
        for r in _records("finetune_service_prices.csv")
    )
