"""The serving estimate against published measurements, by hand, and its properties."""

import math
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.estimates import (
    NEVER_FITTED,
    OLD_ENGINE,
    blocks,
    renewed,
    serving_ratio,
    serving_runs,
    within_twice,
)
from roi_xl import FUNCTIONS, DomainError, InputError, NotListedError, ZeroBaseError
from roi_xl.prices.hardware import shape_of, shape_starts, shapes, specs

TOKENS, GPUS = FUNCTIONS["FT_SERVING_THROUGHPUT"], FUNCTIONS["FT_SERVING_GPUS"]
EXPLAIN = FUNCTIONS["FT_EXPLAIN"]
RUNS = serving_runs()


def judge(ratios: list[float], least: float) -> None:
    assert within_twice(ratios) >= least
    assert 0.75 <= statistics.median(ratios) <= 1.33


def test_published_measurements() -> None:
    """343 of eleven publishers; of those with vLLM 0.5.4, of 2024, the estimate is far too high."""
    old = [r for r in RUNS if r.publisher.endswith(OLD_ENGINE)]
    ratios = [serving_ratio(r) for r in RUNS if r not in old]
    assert len(RUNS) == 343
    assert len(ratios) == 305
    judge(ratios, 0.95)
    assert within_twice(map(serving_ratio, old)) < 0.5  # said in the documentation


@pytest.mark.parametrize("publisher", ["NVIDIA", "gpustack"])
def test_publishers_of_many(publisher: str) -> None:
    judge([serving_ratio(r) for r in RUNS if r.publisher == publisher], 0.9)


def test_measurements_found_after_the_fit() -> None:
    """Qwen on A100 and H20, Oracle on MI300X, neuralmagic on an A10G: 46."""
    ratios = [serving_ratio(r) for r in RUNS if r.publisher in NEVER_FITTED]
    assert len(ratios) == 46
    judge(ratios, 0.9)


def test_by_hand() -> None:
    """Llama-3.1-8B in FP8 on an H100, 16 requests of 1,000 and 500 tokens.

    A step reads 8.03 GB of weights and 16 × 1,250 tokens of 65.5 kB at 2,680 GB/s, and computes 0.257
    TFLOP at 1,148 TFLOPS; a prompt takes 16.1 TFLOP and attention.
    """
    cache = 2 * 32 * 8 * 128 * 1 / 1e9
    per_token = 2 * 8.03e9 / (1979e12 * 0.58)
    step = (8.03 + 16 * 1250 * cache) / (3350 * 0.8) + 0.0028 + 16 * (per_token + 8e-6)
    prompt = 1000 * per_token * (1 + 1000 / (6 * 4096)) + 0.003
    expected = 16 * 500 / (500 * step + 16 * prompt)
    assert TOKENS(8.03, 1000, 500, "H100", 1, "fp8", 16) == pytest.approx(expected)


def test_two_gpus_by_hand() -> None:
    """Llama-3.1-70B in bf16 on two L40S does not fit; on four a token exchanges 10.5 MB a side."""
    with pytest.raises(DomainError):
        TOKENS(70.6, 100, 100, "L40S", 2)
    cache = 2 * 80 * 8 * 128 * 2 / 1e9
    per_token = 2 * 70.6e9 / (4 * 362e12 * 0.56)
    exchanged = 4 * 80 * 8192 / 1e9 * 3 / 4 / 15
    reading = (141.2 + 150 * cache) / (4 * 864 * 0.8)
    step = reading + 0.0028 + 80 / 32_000 + per_token + exchanged + 8e-6
    prompt = 100 * (per_token * (1 + 100 / (6 * 8192)) + exchanged) + 0.003
    found = TOKENS(70.6, 100, 100, "L40S", 4, "FP16", 1)
    assert found == pytest.approx(100 / (100 * step + prompt))


def test_the_batch_is_what_memory_holds() -> None:
    """80 GB × 0.97 − 1.5 − 16.06 of weights hold 366 requests of 1,500 tokens on average at 131 kB."""
    cache = 2 * 32 * 8 * 128 * 2 / 1e9
    held = (80 * 0.97 - 1.5 - 2 * 8.03) / (1250 * cache)
    all_of_them = TOKENS(8.03, 1000, 500, "A100-80GB")
    assert all_of_them == pytest.approx(TOKENS(8.03, 1000, 500, "A100-80GB", 1, "bf16", held))
    assert all_of_them == TOKENS(8.03, 1000, 500, "A100-80GB", 1, "bf16", 5000)
    assert TOKENS(8.03, 1000, 500, "A100-80GB", 1, "bf16", held / 2) < all_of_them


def test_what_fits_is_never_refused() -> None:
    """Even one request beside the weights; what does not fit names the GPUs that hold it."""
    assert TOKENS(70.6, 1000, 1000, "H100", 2, "bf16") > 0
    assert TOKENS(72.7, 1000, 1000, "H100", 2, "fp16") > 0
    with pytest.raises(DomainError, match="4 × L40S-48GB"):
        TOKENS(70, 1000, 1000, "L40S", 1)
    said = EXPLAIN("FT_SERVING_THROUGHPUT", 405, 1000, 1000, "H100", 4, "fp8")
    needed = math.ceil((405 + 0.5 * 0.516096 * 2) / (80 * 0.97))
    assert f"{needed} × H100-SXM-80GB" in said
    assert TOKENS(405, 1000, 1000, "H100", needed, "fp8") > 0
    with pytest.raises(DomainError):
        TOKENS(405, 1000, 1000, "H100", needed - 1, "fp8")


def test_gpus_for_the_peak() -> None:
    """A million requests a day, three times the mean at the peak: 125,000 in that hour."""
    each = TOKENS(8, 1000, 300, "H100", 1, "fp8") * 3600 / 300
    assert GPUS(1_000_000, 8, 1000, 300, "H100", "fp8") == math.ceil(125_000 / each)
    pair = TOKENS(8, 1000, 300, "H100", 2, "fp8") * 3600 / 300
    found = GPUS(1_000_000, 8, 1000, 300, "H100", "fp8", 3, 2)
    assert found == 2 * math.ceil(125_000 / pair)
    assert GPUS(1, 70, 1000, 300) == 2  # the fewest that hold it
    assert GPUS(0, 70, 1000, 300) == 0
    with pytest.raises(ZeroBaseError):
        GPUS(1000, 8, 1000, 0)
    with pytest.raises(DomainError, match="2 × H100"):
        GPUS(1000, 70, 1000, 300, "H100", "bf16", 3, 1)


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(NotListedError, match="H100"):
        TOKENS(8, 1000, 1000, "H1000")
    with pytest.raises(InputError, match="int4"):
        TOKENS(8, 1000, 1000, "H100", 1, "fp4")
    with pytest.raises(DomainError):
        TOKENS(8, 1000, 1000, "H100", 1, "fp8", 0.5)
    assert TOKENS(8, 0, 0) == 0


def test_the_nearest_shape() -> None:
    """On a scale of ratios: 9.9 lies between 9.24 and 12.25, nearer the first."""
    listed = shapes()
    for shape in listed:
        assert shape_of(shape.params_b) is shape
    for size in (0.01, 0.9, 7, 9.9, 11, 20, 50, 100, 1000):
        nearest = min(listed, key=lambda s: abs(math.log(s.params_b / size)))
        assert shape_of(size) is nearest
    assert list(shape_starts()) == sorted(shape_starts())
    llama = shape_of(8.03)
    assert (llama.layers, llama.kv_heads, llama.head_size) == (32, 8, 128)
    assert llama.kv_gb == pytest.approx(0.131072)


_BATCHES = st.one_of(st.none(), st.floats(1, 2000))


@given(
    st.floats(0.3, 500),
    st.floats(0, 1e5),
    st.floats(1, 1e4),
    st.sampled_from([s.gpu for s in specs()]),
    st.sampled_from(["bf16", "fp8", "int8", "int4"]),
    _BATCHES,
)
def test_properties(
    size: float, read: float, write: float, gpu: str, precision: str, at_once: float | None
) -> None:
    count = GPUS(1, size, read, write, gpu, precision)

    def tokens(*, prompt: float = read, gpus: float = count) -> float:
        return float(TOKENS(size, prompt, write, gpu, gpus, precision, at_once))

    base = tokens()
    spec = next(s for s in specs() if s.gpu == gpu)
    peak = spec.bf16_dense_tflops
    if precision == "fp8" and not math.isnan(spec.fp8_dense_tflops):
        peak = spec.fp8_dense_tflops
    assert 0 < base < count * peak * 1e12 / (2 * size * 1e9)  # 2 FLOPs a parameter and token
    more = count + 8  # of any GPU in the list, enough for the longer prompt
    assert tokens(prompt=read * 2 + 1000, gpus=more) < tokens(gpus=more)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_documented_tables_are_what_the_script_gives(language: str) -> None:
    page = Path(__file__).parents[2] / "docs" / language / "estimates.md"
    text = page.read_text(encoding="utf-8")
    assert renewed(text, blocks()) == text
