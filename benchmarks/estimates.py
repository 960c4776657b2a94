"""How far the estimates of training and serving lie from published measurements.

`python -m benchmarks.estimates` prints, for each publisher, the share of its measurements within a factor
of two and the median ratio: with the constants as shipped, and with constants fitted to all other
publishers alone. `python -m benchmarks.estimates PAGE.md …` renews the tables of pages instead. The
measurements are in tests/model/, each row with its source.
"""

import csv
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from roi_xl import FUNCTIONS
from roi_xl.model import serving, training
from roi_xl.prices.hardware import shape_of, spec_of

FOLDER = Path(__file__).parent.parent / "tests" / "model"
METHODS = {"lora": 0.0, "qlora": 1.0, "full": 2.0}
PRECISIONS = {"bf16": 0.0, "fp8": 1.0, "int8": 2.0, "int4": 3.0, "fp16": 4.0}
UNSTATED_A100 = "A100 (memory size not stated)"

# What a source does not say: tokens per sample of Alpaca, padded to the longest of a micro-batch of so many
ALPACA = {1: 140.0, 2: 170.0, 4: 200.0, 8: 235.0}
SAMPLES_OF = {"alpaca": 52_000, "laion": 210_000, "open": 10_000, "slimorca": 518_000}
TOKENS_OF = {"alpaca": 180.0, "laion": 250.0, "open": 560.0, "slimorca": 480.0}
LITGPT_SAMPLES = 1900  # of 2,000, a twentieth being kept for validation
BILLIONS = {
    "falcon-7b": 7.2,
    "gemma-2b": 2.51,
    "gemma-7b": 8.54,
    "gemma-2-9b": 9.24,
    "llama-2-7b": 6.74,
    "llama-3-8b": 8.03,
    "llama-3.1-8b": 8.03,
    "mistral-7b": 7.24,
    "mistral-7b-v0.2": 7.24,
    "phi-2": 2.78,
    "phi-3-mini": 3.82,
    "stablelm-3b": 2.8,
    "tiny-llama": 1.1,
    "LLaMA2-7B": 6.74,
    "Llama-2-7B": 6.74,
}


@dataclass(frozen=True, slots=True)
class Training:
    """One published training run: what one pass held, and the seconds it took."""

    id: str
    publisher: str
    params_b: float
    method: str
    gpu: str
    gpu_count: float
    tokens_per_sample: float
    samples_per_step: float
    seconds: float
    memory_gb: float | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """One published serving measurement; `concurrency` is None where all requests were queued."""

    id: str
    publisher: str
    params_b: float
    precision: str
    gpu: str
    gpu_count: float
    input_tokens: float
    output_tokens: float
    concurrency: float | None
    tokens_per_s: float


def records(name: str) -> list[dict[str, str]]:
    """The rows of one of the files of measurements."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- training ------------------------------------------------------------------------------------


def training_runs() -> list[Training]:
    """The published training runs; those that off-load to the CPU are left out."""
    throughput = [_throughput(r) for r in records("training_throughput.csv")]
    return [
        *(r for r in throughput if r is not None),
        *(_timed(r) for r in records("published_hours.csv") if "offload" not in r["id"]),
        *(_calibration(r) for r in records("training_runs.csv") if _new(r["id"])),
    ]


def _new(run: str) -> bool:
    return not run.startswith("litgpt") or "a100" in run  # the others are in the throughput file


def _throughput(row: Mapping[str, str]) -> Training | None:
    publisher, batch = row["id"].partition("-")[0], float(row["micro_batch"])
    method = row["method"].partition(" ")[0]
    if method not in METHODS:  # LoRA with embeddings trained as well
        return None
    size = float(row["params_b"]) if publisher == "qwen" else BILLIONS[row["model"]]
    if publisher == "qwen":
        tokens, seconds = (
            float(row["seq_len"]),
            float(row["step_time_s"]) / float(row["grad_accum"]),
        )
    elif publisher == "litgpt":
        tokens, epochs = ALPACA[int(batch)], int(row["notes"].partition(" ")[0])
        seconds = float(row["wall_clock_s"]) * batch / (LITGPT_SAMPLES * epochs)
    elif publisher == "llamafactory":
        tokens = 1024.0
        seconds = tokens * batch / float(row["tokens_per_s"])
    else:
        data = row["id"].split("-")[2]
        tokens, seconds = TOKENS_OF[data], float(row["wall_clock_s"]) * batch / SAMPLES_OF[data]
    gpu = "A100-80GB" if row["gpu"] == UNSTATED_A100 else row["gpu"]
    count = float(row["gpu_count"])
    memory = float(row["peak_memory_gb"]) if row["peak_memory_gb"] else None
    return Training(row["id"], publisher, size, method, gpu, count, tokens, batch, seconds, memory)


def _timed(row: Mapping[str, str]) -> Training:
    """A run of known hours; the micro-batch is not stated and counted as blank: 4, or 1 if long."""
    tokens, count = float(row["tokens_per_sample"]), float(row["gpu_count"])
    batch = 1.0 if tokens >= 4096 else 4.0
    return _run(row, float(row["million_tokens"]), tokens, batch, count, row["id"].split("_")[0])


def _calibration(row: Mapping[str, str]) -> Training:
    publisher = row["id"].partition("-")[0]
    tokens, batch = {"litgpt": (125.0, 1.0), "tt": (2048.0, 2.0), "mpt": (2048.0, 4.0)}[publisher]
    if row["regime"] == "unpacked" and publisher == "tt":
        tokens = 280.0  # Alpaca, padded in a batch of two
    name = {"tt": "torchtune", "mpt": "llm-foundry"}.get(publisher, publisher)
    millions = float(row["million_tokens"])
    return _run(row, millions, tokens, batch, float(row["gpu_count"]), name)


def _run(
    row: Mapping[str, str],
    millions: float,
    tokens: float,
    batch: float,
    count: float,
    publisher: str,
) -> Training:
    passes = millions * 1e6 / (tokens * batch * count)
    seconds = float(row["hours"]) * 3600 / passes
    size, method, gpu = float(row["params_b"]), row["method"], row["gpu"]
    return Training(row["id"], publisher, size, method, gpu, count, tokens, batch, seconds)


def training_ratio(run: Training) -> float:
    """The estimate of a run over what was published, through the function of a cell."""
    samples = run.samples_per_step * run.gpu_count  # one pass
    hours = FUNCTIONS["FT_TRAINING_HOURS"](
        run.params_b,
        samples,
        run.tokens_per_sample,
        1,
        run.method,
        run.gpu,
        run.gpu_count,
        None,
        run.samples_per_step,
    )
    return float(hours) * 3600 / run.seconds


def memory_ratio(run: Training) -> float:
    """The estimated memory of a run over its published peak, over all its GPUs."""
    assert run.memory_gb is not None
    method = METHODS[run.method]
    held = training.training_memory(run.params_b, method)
    if run.gpu_count > 1 and run.method == "lora" and run.params_b < 20:
        held = held * run.gpu_count  # a copy of the weights on each
    # litgpt pads to 512 at most, the others as their source says; the peak is that of the longest
    tokens = 512.0 if run.publisher == "litgpt" else run.tokens_per_sample
    active = training.activation_memory(run.params_b, tokens, run.samples_per_step)
    return float(held + run.gpu_count * active) / run.memory_gb


# --- serving -------------------------------------------------------------------------------------

_PUBLISHERS = {"trt014": "NVIDIA", "nim180": "NVIDIA", "lambda": "LambdaLabsML/vllm-benchmark"}
# Found after the constants had been fitted; only their last rounding was done with these in sight
NEVER_FITTED = ("Qwen", "Oracle", "neuralmagic")
OLD_ENGINE = "vLLM 0.5.4"


def serving_runs() -> list[Serving]:
    """The published serving measurements, from both files."""
    found = []
    for row in records("serving_runs.csv"):
        start, said = row["id"].partition("-")[0], row["concurrency_or_rate"].partition(" ")[0]
        concurrency = float(said) if said.isdigit() else None
        found.append(_served(row, _PUBLISHERS.get(start, start), concurrency))
    for row in records("serving_checks.csv"):
        name = row["publisher"]
        if row["engine"] == OLD_ENGINE:
            name = f"{name}, {OLD_ENGINE}"
        concurrency = float(row["concurrency"]) if row["concurrency"] else None
        found.append(_served(row, name, concurrency))
    return found


def _served(row: Mapping[str, str], publisher: str, concurrency: float | None) -> Serving:
    return Serving(
        row["id"],
        publisher,
        float(row["params_b"]),
        row["precision"].lower(),
        row["gpu"],
        float(row["gpu_count"]),
        float(row["input_tokens"]),
        float(row["output_tokens"]),
        concurrency,
        float(row["output_tokens_per_s"]),
    )


def serving_ratio(run: Serving) -> float:
    """The estimate of a measurement over what was published, through the function of a cell."""
    tokens = FUNCTIONS["FT_SERVING_THROUGHPUT"](
        run.params_b,
        run.input_tokens,
        run.output_tokens,
        run.gpu,
        run.gpu_count,
        run.precision,
        run.concurrency,
    )
    return float(tokens) / run.tokens_per_s


# --- fitting -------------------------------------------------------------------------------------

Array = NDArray[np.float64]
# Starting points of a fit, weakly preferred: round guesses, not what is shipped
_TRAINING_START = {
    "PASS_SECONDS": 0.1,
    "PASS_BYTES_QLORA": 30.0,
    "PASS_BYTES_FULL": 30.0,
    "TRAINING_PEAK_SHARE": 0.75,
    "TRAINING_FLOPS_PER_BYTE": 400.0,
    "SEVERAL_GPUS": 1.1,
}
_SERVING_START = {
    "BANDWIDTH_SHARE": 0.8,
    "SERVING_PEAK_SHARE": 0.6,
    "SERVING_FP8_SHARE": 0.5,
    "STEP_SECONDS": 0.002,
    "STEP_SECONDS_PER_REQUEST": 1e-5,
}


def _training_model(runs: Sequence[Training]) -> Callable[[Mapping[str, float]], Array]:
    """Logarithm of estimate over published, as a function of the constants."""
    specs = [spec_of(r.gpu) for r in runs]
    size, count = _of(r.params_b for r in runs), _of(r.gpu_count for r in runs)
    method = _of(METHODS[r.method] for r in runs)
    arguments = (
        size,
        method,
        _of(r.tokens_per_sample for r in runs),
        _of(r.samples_per_step for r in runs),
        count,
        training.training_memory(size, method),
        _of(s.bf16_dense_tflops for s in specs),
        _of(s.bandwidth_gb_s for s in specs),
        _of(s.memory_gb for s in specs),
        _of(training.link_speed(s) for s in specs),
    )
    published = _of(r.seconds for r in runs)

    def apart(constants: Mapping[str, float]) -> Array:
        with patch.dict(vars(training), dict(constants)):
            return np.log(np.asarray(training.seconds_per_pass(*arguments)) / published)

    return apart


def _serving_model(runs: Sequence[Serving]) -> Callable[[Mapping[str, float]], Array]:
    specs, shapes = [spec_of(r.gpu) for r in runs], [shape_of(r.params_b) for r in runs]
    size, count = _of(r.params_b for r in runs), _of(r.gpu_count for r in runs)
    precision = _of(PRECISIONS[r.precision] for r in runs)
    read, write = _of(r.input_tokens for r in runs), _of(r.output_tokens for r in runs)
    cache, memory = _of(s.kv_gb for s in shapes), _of(s.memory_gb for s in specs)
    weights = serving.serving_weights(size, precision)
    request = serving.request_memory(cache, precision, read, write)
    held = serving.requests_in_memory(weights, cache, precision, read, write, memory, count)
    given = _of(math.nan if r.concurrency is None else r.concurrency for r in runs)
    batch = serving.serving_batch(held, given)
    arguments = (
        size,
        weights,
        request,
        cache,
        _of(s.layers for s in shapes),
        _of(s.hidden for s in shapes),
        precision,
        read,
        write,
        _of(s.bf16_dense_tflops for s in specs),
        _of(s.fp8_dense_tflops for s in specs),
        _of(s.bandwidth_gb_s for s in specs),
        memory,
        _of(training.link_speed(s) for s in specs),
        count,
        batch,
    )
    published = _of(r.tokens_per_s for r in runs)

    def apart(constants: Mapping[str, float]) -> Array:
        with patch.dict(vars(serving), dict(constants)):
            return np.log(np.asarray(serving.serving_throughput(*arguments)) / published)

    return apart


def _of(numbers: Iterable[float]) -> Array:
    return np.array(list(numbers), np.float64)


def fit(
    apart: Callable[[Mapping[str, float]], Array],
    weights: Array,
    start: Mapping[str, float],
) -> dict[str, float]:
    """Constants that bring the estimates near the measurements that have a weight.

    Every constant in turn is moved up or down by a factor that shrinks; far-off measurements count
    linearly, and so does, weakly, the distance from the start.
    """

    def loss(constants: Mapping[str, float]) -> float:
        far = np.sqrt(1 + (apart(constants) / 0.25) ** 2) - 1
        drift = sum(math.log(constants[k] / start[k]) ** 2 for k in start)
        return float(np.sum(weights * far) + 0.5 * drift)

    best, least, step = dict(start), loss(start), 0.5
    while step > 0.01:
        moved = False
        for name in start:
            for factor in (math.exp(step), math.exp(-step)):
                tried = best | {name: best[name] * factor}
                found = loss(tried)
                if found < least:
                    best, least, moved = tried, found, True
        if not moved:
            step /= 2
    return best


def left_out(
    runs: Sequence[Any],
    model: Callable[[Sequence[Any]], Callable[[Mapping[str, float]], Array]],
    start: Mapping[str, float],
) -> dict[str, Array]:
    """For each publisher the ratios of its runs under constants fitted to all others."""
    apart, names = model(runs), np.array([r.publisher for r in runs])
    found = {}
    for publisher in dict.fromkeys(names.tolist()):
        mine = names == publisher
        weights = np.zeros(len(runs))
        for other in set(names[~mine].tolist()):
            if not other.endswith(OLD_ENGINE):
                weights[names == other] = 1 / math.sqrt(np.sum(names == other))
        found[publisher] = np.exp(apart(fit(apart, weights, start))[mine])
    return found


# --- the table -----------------------------------------------------------------------------------


def within_twice(ratios: Iterable[float]) -> float:
    """Share of the ratios between a half and two."""
    listed = list(ratios)
    return sum(0.5 <= r <= 2 for r in listed) / len(listed)


HEADS = (
    "| publisher | rows | within a factor of two | median | fitted to the others: within two | median |",
    "|---|---:|---:|---:|---:|---:|",
)


def body(
    runs: Sequence[Any], ratio: Callable[[Any], float], fitted: Mapping[str, Array]
) -> list[str]:
    """The rows of a Markdown table: each publisher and all, as shipped and fitted to all others."""
    shipped: dict[str, list[float]] = {}
    for run in runs:
        shipped.setdefault(run.publisher, []).append(ratio(run))
    rows = [(name, found, fitted[name].tolist()) for name, found in shipped.items()]
    rows.append(_together("**all**", rows))
    if any(name.endswith(OLD_ENGINE) for name in shipped):
        newer = [row for row in rows[:-1] if not row[0].endswith(OLD_ENGINE)]
        rows.append(_together(f"**all but {OLD_ENGINE}**", newer))
    lines = []
    for name, found, others in rows:
        here = f"{within_twice(found):.0%} | {np.median(found):.2f}"
        there = f"{within_twice(others):.0%} | {np.median(others):.2f}"
        lines.append(f"| {name} | {len(found)} | {here} | {there} |")
    return lines


_Row = tuple[str, list[float], list[float]]


def _together(name: str, rows: Sequence[_Row]) -> _Row:
    return name, [r for _, f, _ in rows for r in f], [r for *_, f in rows for r in f]


def blocks() -> dict[str, list[str]]:
    """The rows that the documentation holds: training, memory and serving."""
    runs, served = training_runs(), serving_runs()
    peaks = [memory_ratio(r) for r in runs if r.memory_gb is not None]
    near = sum(2 / 3 <= r <= 1.5 for r in peaks) / len(peaks)
    shares = f"{near:.0%} | {within_twice(peaks):.0%} | {np.median(peaks):.2f}"
    return {
        "training": body(runs, training_ratio, left_out(runs, _training_model, _TRAINING_START)),
        "memory": [f"| {len(peaks)} | {shares} |"],
        "serving": body(served, serving_ratio, left_out(served, _serving_model, _SERVING_START)),
    }


def renewed(page: str, made: Mapping[str, Sequence[str]]) -> str:
    """A page whose tables, marked `<!-- estimates: NAME -->` before and after, have the rows made."""
    for name, rows in made.items():
        mark = f"<!-- estimates: {name} -->\n"
        before, table, after = page.split(mark)
        heads = table.splitlines()[:2]
        page = f"{before}{mark}" + "\n".join([*heads, *rows]) + f"\n{mark}{after}"
    return page


def main() -> None:
    """Print the tables, or write them into the pages named."""
    made = blocks()
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(renewed(page.read_text(encoding="utf-8"), made), encoding="utf-8")
    if len(sys.argv) > 1:
        return
    print("\n".join(["Training, estimate over published\n", *HEADS, *made["training"]]))
    print("\nMemory: peaks | within 1.5 | within 2 | median:", *made["memory"])
    print("\n".join(["\nServing, estimate over published\n", *HEADS, *made["serving"]]))


if __name__ == "__main__":
    main()
