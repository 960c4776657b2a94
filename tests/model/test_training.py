"""The training estimate against published runs, its properties, and the source document's table."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.estimates import (
    Training,
    memory_ratio,
    records,
    training_ratio,
    training_runs,
    within_twice,
)
from roi_xl import (
    FUNCTIONS,
    DomainError,
    InputError,
    NotListedError,
    ZeroBaseError,
    evaluate_case,
)
from roi_xl.prices.hardware import specs

HOURS, GPUS = FUNCTIONS["FT_TRAINING_HOURS"], FUNCTIONS["FT_GPU_COUNT"]
REFERENCE = FUNCTIONS["FT_REFERENCE_HOURS"]
RUNS = training_runs()


def test_published_runs() -> None:
    """136 runs of 18 publishers: Qwen's profile, litgpt, torchtune and others, each with its source.

    Where a source does not say how long its samples are, the benchmark's assumption is used. litgpt pads
    the samples of a micro-batch to the longest of them; it does not pack.
    """
    ratios = [training_ratio(run) for run in RUNS]
    assert len(ratios) == 136
    assert within_twice(ratios) >= 0.95
    assert 0.9 <= statistics.median(ratios) <= 1.1
    publishers = {run.publisher for run in RUNS}
    assert len(publishers) == 18
    assert len({p for p in publishers if within_twice(map(training_ratio, of(p))) >= 0.85}) >= 14


def of(publisher: str) -> list[Training]:
    return [run for run in RUNS if run.publisher == publisher]


def test_short_unpacked_samples() -> None:
    """Batches of at most 600 tokens, where the fixed time of a pass decides: within two as well."""
    ratios = [training_ratio(r) for r in RUNS if r.tokens_per_sample * r.samples_per_step <= 600]
    assert len(ratios) >= 40
    assert within_twice(ratios) >= 0.9
    assert 0.75 <= statistics.median(ratios) <= 1.33


def test_published_peaks_of_memory() -> None:
    """Qwen, litgpt, LLaMA-Factory and Unsloth publish the peak of 101 runs."""
    ratios = [memory_ratio(run) for run in RUNS if run.memory_gb is not None]
    assert len(ratios) == 101
    assert within_twice(ratios) >= 0.95
    assert sum(2 / 3 <= r <= 1.5 for r in ratios) >= 0.8 * len(ratios)
    assert 0.75 <= statistics.median(ratios) <= 1.33


def test_every_gpu_of_the_measurements_is_known() -> None:
    """All but the A100 whose memory is not stated: the error names those it may be."""
    names = {r["gpu"] for n in ("training_throughput.csv", "serving_runs.csv") for r in records(n)}
    unstated = "A100 (memory size not stated)"
    assert unstated in names
    for name in names - {unstated}:
        assert HOURS(7, 1000, 500, 3, "lora", name) > 0
    with pytest.raises(NotListedError, match=r"A100-80GB.*A100-40GB"):
        HOURS(7, 1000, 500, 3, "lora", unstated)


def test_a_pass_by_hand() -> None:
    """LoRA of 8 billion on an A100, 4 samples of 512 tokens in each of 250 passes.

    98.3 TFLOP, 100.2 with attention; a TFLOP takes 1/249.6 + 1/815.6 s; 48 GB at 2,039 GB/s take 0.0235 s.
    """
    teraflop = 6 * 8e9 * 2048 / 1e12
    attention = 1 + 512 / (25_700 * 8 ** (1 / 3))
    rate = 1 / (312 * 0.8) + 1 / (2.039 * 400)
    one = 0.1 + 6 * 8 / 2039 + teraflop * attention * rate
    assert HOURS(8, 1000, 512, 1, "lora", "A100-80GB") == pytest.approx(250 * one / 3600)
    both = (one + (42 - 6) * 8 / 2039) * 1.05  # QLoRA on two: more to move, nothing to exchange
    assert HOURS(8, 1000, 512, 1, "qlora", "A100-80GB", 2) == pytest.approx(125 * both / 3600)


def test_full_fine_tuning_exchanges_gradients() -> None:
    """6 bytes a parameter between two GPUs at 200 GB/s, 15 without NVLink, a quarter between servers."""

    def seconds(count: float, gpu: str) -> float:
        return float(HOURS(8, 4 * count, 512, 1, "full", gpu, count)) * 3600

    alone = seconds(1, "A100-80GB")
    assert seconds(2, "A100-80GB") == pytest.approx((alone + 6 * 8 / 2 / 200) * 1.05)
    pcie = (seconds(1, "A100-PCIe-80GB") + 6 * 8 / 2 / 15) * 1.05
    assert seconds(2, "A100-PCIe-80GB") == pytest.approx(pcie)
    assert seconds(16, "A100-80GB") == pytest.approx((alone + 4 * 6 * 8 * 15 / 16 / 200) * 1.05)


def test_typed_utilisation() -> None:
    """8 × 7e9 × 1.5e6 FLOPs over 312e12 × 0.40 a second: 673.1 s; LoRA takes 6/8 of it."""
    seconds = 8 * 7e9 * 1.5e6 / (312e12 * 0.40)
    assert HOURS(7, 1000, 500, 3, "full", None, None, "packed") == pytest.approx(seconds / 3600)
    lora = HOURS(7, 1000, 500, None, None, None, None, 0.4)
    assert lora == pytest.approx(seconds / 3600 * 6 / 8)
    assert lora == HOURS(7, 1000, 500, 3, "QLoRA", "a100 80g", 1, 0.4, 17)
    h100 = HOURS(7, 1000, 500, 3, "lora", "H100", 1, 0.4)
    assert h100 == pytest.approx(lora * 312 / 989)
    assert HOURS(7, 1000, 500, 3, "全量微调", "A100", 4, "未打包") == pytest.approx(seconds / 3600)
    assert HOURS(7, 1000, 500) != lora


_SIZES = st.floats(0.1, 500)
_GPUS = st.sampled_from([s.gpu for s in specs()])


@given(
    _SIZES,
    st.floats(1, 1e6),
    st.floats(1, 2e5),
    st.sampled_from(["lora", "qlora", "full"]),
    _GPUS,
    st.integers(1, 64),
    st.floats(0.5, 64),
)
def test_properties(
    params: float,
    samples: float,
    tokens: float,
    method: str,
    gpu: str,
    count: int,
    held: float,
) -> None:
    def hours(size: float, number: float, length: float) -> float:
        return float(HOURS(size, number, length, 2, method, gpu, count, None, held))

    base = hours(params, samples, tokens)
    at_the_peak = HOURS(params, samples, tokens, 2, method, gpu, count, 1)
    assert base > at_the_peak  # whatever the memory: it is not asked
    assert hours(params, samples * 2, tokens) == pytest.approx(base * 2)
    assert hours(params * 2, samples, tokens) > base
    assert hours(params, samples, tokens * 2) > base


def test_gpus_for_memory() -> None:
    """By hand: 18 bytes × 7e9 are 126 GB, on each GPU 2.5 GB and 2,000 tokens of activations more.

    QLoRA of 65 billion on one GPU of 48 GB, with short batches, is what its authors report.
    """
    each = 2.5 + 2 * (1.2 + 0.11 * 7 ** (2 / 3))
    assert GPUS(7, "full") == math.ceil(126 / (80 * 0.97 - each)) == 2
    assert GPUS(7) == 1
    assert GPUS(65, "qlora", "L40S", 512, 1) == 1
    assert GPUS(70, "full") > 8  # more than the 8 the source lists
    assert GPUS(7, "full", "A100", 8000, 4) > GPUS(7, "full")
    with pytest.raises(DomainError, match="T4-16GB"):
        GPUS(7, "lora", "T4", 100_000, 4)
    assert HOURS(7, 1000, 100_000, 1, "lora", "T4") > 0


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(NotListedError, match="H100"):
        HOURS(7, 1000, 500, 3, "lora", "H1000")
    with pytest.raises(ZeroBaseError):
        HOURS(7, 1000, 500, 3, "lora", "A100", 0)
    with pytest.raises(InputError, match="打包"):
        HOURS(7, 1000, 500, 3, "lora", "A100", 1, "fast")
    with pytest.raises(DomainError):
        HOURS(7, 1000, 500, 3, "lora", "A100", 1, None, 0)
    with pytest.raises(NotListedError, match="7"):
        REFERENCE(8)
    with pytest.raises(InputError):
        REFERENCE(7, "qlora")


@pytest.mark.parametrize(
    ("size", "method", "low", "high"),
    [
        (7, "lora", 2, 4),
        (7, "full", 8, 24),
        (13, "lora", 4, 8),
        (13, "full", 24, 72),
        (34, "lora", 8, 16),
        (34, "full", 3 * 24, 7 * 24),
        (70, "lora", 16, 48),
        (70, "full", 7 * 24, 3 * 7 * 24),
    ],
)
def test_the_sources_table(size: float, method: str, low: float, high: float) -> None:
    assert REFERENCE(size, method, "low") == low
    assert REFERENCE(size, method, "高") == high
    assert REFERENCE(size, method) == (low + high) / 2


def test_the_case_estimates_as_the_function_does() -> None:
    found = evaluate_case(
        model_params_b=13, training_method="full", gpu_model="h100", gpu_count=8, utilisation=0.3
    )
    hours = HOURS(13, 1000, 500, 3, "full", "H100", 8, 0.3)
    assert found["estimated_training_hours"] == pytest.approx(hours)
    assert found["estimated_training_hours_low"] == pytest.approx(hours / 2)
    assert found["estimated_training_hours_high"] == pytest.approx(hours * 2)
    assert evaluate_case(gpu_model="unknown")["estimated_training_hours"] is None
