"""What a GPU can compute, move and hold, the shapes of open models, and the source document's table."""

import bisect
import csv
import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from roi_xl.errors import NotListedError
from roi_xl.prices.names import hint, normal
from roi_xl.text import text


@dataclass(frozen=True, slots=True)
class GpuSpec:
    """One GPU: its name on the price sheet, other names, memory, bandwidth, dense peaks and links.

    `fp8_dense_tflops` is NaN for a GPU without FP8. `nvlink` says whether GPUs of one server talk over
    NVLink (or AMD's Infinity Fabric), else over PCIe.
    """

    gpu: str
    also: tuple[str, ...]
    memory_gb: float
    bandwidth_gb_s: float
    bf16_dense_tflops: float
    fp8_dense_tflops: float
    nvlink: bool
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
    """The GPUs whose peak, memory and bandwidth are known from a named source."""
    return tuple(
        GpuSpec(
            r["gpu"],
            tuple(name for name in r["also"].split(";") if name),
            float(r["memory_gb"]),
            float(r["bandwidth_gb_s"]),
            float(r["bf16_dense_tflops"]),
            float(r["fp8_dense_tflops"] or math.nan),
            r["interconnect"] == "NVLink",
            r["source"],
            r["read_date"],
        )
        for r in _records("gpu_specs.csv")
    )


def find_spec(gpu: str) -> GpuSpec | None:
    """The GPU of this name, None where its peak is not known."""
    return _by_name().get(normal(gpu))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, GpuSpec]:
    """The GPUs by every name they go by, as `normal` writes it; the first of a name counts."""
    return {normal(name): spec for spec in reversed(specs()) for name in spec.names}


def spec_of(gpu: str) -> GpuSpec:
    """The GPU of this name.

    Raises:
        NotListedError: its figures are not known; the message names the GPUs of that family (of an
            A100 whose memory is not stated all of them), else the nearest.
    """
    found = find_spec(gpu)
    if found is None:
        family = _family(gpu)
        names = [name for s in specs() for name in s.names]
        known = text("error.candidates", names=", ".join(family)) if family else hint(gpu, names)
        raise NotListedError("gpu_no_spec", found=gpu, hint=known)
    return found


def _family(gpu: str) -> list[str]:
    """The listed GPUs that share the first word of a name, where that word is a GPU's."""
    words = gpu.replace("-", " ").replace("(", " ").split()
    first = normal(words[0]) if words else ""
    family = [s.gpu for s in specs() if normal(s.gpu.partition("-")[0]) == first]
    return family if len(family) > 1 else []


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The shape of an open model: what its KV cache, attention and exchange between GPUs depend on."""

    model: str
    params_b: float
    layers: float
    kv_heads: float
    head_size: float
    hidden: float
    source: str

    @property
    def kv_gb(self) -> float:
        """GB of KV cache per 1,000 tokens at 16 bits."""
        return 2 * self.layers * self.kv_heads * self.head_size * 2 * 1000 / 1e9


@lru_cache(maxsize=1)
def shapes() -> tuple[ModelShape, ...]:
    """The shapes of common open dense models, the smallest first."""
    found = (
        ModelShape(
            r["model"],
            float(r["params_b"]),
            float(r["layers"]),
            float(r["kv_heads"]),
            float(r["head_size"]),
            float(r["hidden"]),
            r["source"],
        )
        for r in _records("model_shapes.csv")
    )
    return tuple(sorted(found, key=lambda shape: shape.params_b))


@lru_cache(maxsize=1)
def shape_starts() -> tuple[float, ...]:
    """From which size on each shape is the nearest: the geometric mean with the one below it."""
    sizes = [s.params_b for s in shapes()]
    return (0.0, *(math.sqrt(a * b) for a, b in itertools.pairwise(sizes)))


def shape_of(params_b: float) -> ModelShape:
    """The shape of the listed model nearest in size."""
    return shapes()[bisect.bisect_right(shape_starts(), params_b) - 1]


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
