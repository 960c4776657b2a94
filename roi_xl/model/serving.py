"""What GPUs serve of a self-hosted model: tokens a second by a roofline, and GPUs for a peak.

A group of GPUs (a replica) generates for a batch of requests at once. One step of the batch reads the
weights and the KV cache and computes one token for each request; each request's prompt is computed
before. The batch is as large as memory allows, or as the concurrency given.
"""

import math

import numpy as np

from roi_xl.errors import DomainError
from roi_xl.functions.declare import Helper, ft
from roi_xl.model.defaults import (
    ATTENTION_FACTOR,
    BANDWIDTH_SHARE,
    BILLION,
    CACHE_SHARE_FP8,
    ESTIMATE_SPREAD,
    EXCHANGED_BYTES,
    HOURS_PER_DAY,
    MEMORY_SHARE,
    MOST_AT_ONCE,
    PEAK_TO_AVERAGE_DEFAULT,
    REQUEST_SECONDS,
    SECONDS_PER_HOUR,
    SERVING_BYTES_4,
    SERVING_BYTES_8,
    SERVING_BYTES_16,
    SERVING_FP8_SHARE,
    SERVING_GPU_DEFAULT,
    SERVING_PEAK_SHARE,
    SERVING_RUNTIME_GB,
    STEP_SECONDS,
    STEP_SECONDS_PER_LAYER,
    STEP_SECONDS_PER_REQUEST,
    TOKENS_PER_THOUSAND,
)
from roi_xl.model.tables import Steps, gpu_steps, let, or_none, shape_steps, step
from roi_xl.model.training import link_speed
from roi_xl.prices.hardware import GpuSpec, find_spec, shape_of, spec_of
from roi_xl.prices.names import normal
from roi_xl.units import (
    BANDWIDTH,
    BILLION_PARAMETERS,
    BLANK,
    CACHE_PER_TOKENS,
    CONCURRENCY,
    GIGABYTES,
    GPUS,
    GPUS_OR_BLANK,
    GPUS_POSITIVE,
    MODEL_LAYERS,
    MODEL_WIDTH,
    PEAK_TO_AVERAGE,
    PRECISION,
    REQUESTS_AT_ONCE,
    REQUESTS_PER_DAY,
    REQUESTS_PER_GPU_HOUR_OR_BLANK,
    TEXT,
    TFLOPS,
    TOKENS,
    TOKENS_PER_SECOND,
    TOKENS_PER_SECOND_OR_BLANK,
    Num,
)

BF16, FP8, INT8, INT4, FP16 = 0.0, 1.0, 2.0, 3.0, 4.0


# --- steps of a case -----------------------------------------------------------------------------


@ft(group="serving")
def serving_weights(model_params_b: BILLION_PARAMETERS, precision: PRECISION) -> GIGABYTES:
    """GB that the model's weights take, over all GPUs of a replica."""
    low = np.where(precision == INT4, SERVING_BYTES_4, SERVING_BYTES_8)
    narrow = np.where(precision == FP16, SERVING_BYTES_16, low)
    return model_params_b * np.where(precision == BF16, SERVING_BYTES_16, narrow)


@ft(group="serving")
def request_memory(
    cache_gb: CACHE_PER_TOKENS,
    precision: PRECISION,
    input_tokens: TOKENS,
    output_tokens: TOKENS,
) -> GIGABYTES:
    """GB of KV cache that one request needs at its end."""
    share = np.where(precision == FP8, CACHE_SHARE_FP8, 1.0)
    return cache_gb * share * (input_tokens + output_tokens) / TOKENS_PER_THOUSAND


@ft(group="serving")
def gpus_to_hold(
    weights_gb: GIGABYTES, request_gb: GIGABYTES, gpu_memory_gb: GIGABYTES
) -> GPUS_OR_BLANK:
    """GPUs that hold the model and one request; blank where the GPU's memory is not known."""
    gpus = -np.floor(-(weights_gb + request_gb) / (gpu_memory_gb * MEMORY_SHARE))
    return np.where(np.isnan(gpu_memory_gb), BLANK, gpus)


@ft(group="serving")
def requests_in_memory(
    weights_gb: GIGABYTES,
    cache_gb: CACHE_PER_TOKENS,
    precision: PRECISION,
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    gpu_memory_gb: GIGABYTES,
    gpus_per_replica: GPUS_POSITIVE,
) -> REQUESTS_AT_ONCE:
    """Requests, half answered on average, that a replica's memory holds beside the weights."""
    share = np.where(precision == FP8, CACHE_SHARE_FP8, 1.0)
    tokens = np.maximum(input_tokens + output_tokens / 2.0, 1.0)
    each = cache_gb * share * tokens / TOKENS_PER_THOUSAND
    free = gpus_per_replica * (gpu_memory_gb * MEMORY_SHARE - SERVING_RUNTIME_GB) - weights_gb
    return np.where(np.isnan(gpu_memory_gb), BLANK, free / each)


@ft(group="serving")
def serving_batch(in_memory: REQUESTS_AT_ONCE, concurrency: CONCURRENCY) -> CONCURRENCY:
    """Requests that a replica serves at once: those given, else 1,024, as far as memory holds them."""
    wanted = np.where(np.isnan(concurrency), MOST_AT_ONCE, concurrency)
    return np.maximum(np.minimum(in_memory, wanted), 1.0)


@ft(group="serving")
def serving_throughput(
    model_params_b: BILLION_PARAMETERS,
    weights_gb: GIGABYTES,
    request_gb: GIGABYTES,
    cache_gb: CACHE_PER_TOKENS,
    layers: MODEL_LAYERS,
    hidden: MODEL_WIDTH,
    precision: PRECISION,
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    gpu_peak_tflops: TFLOPS,
    gpu_fp8_tflops: TFLOPS,
    gpu_bandwidth_gb_s: BANDWIDTH,
    gpu_memory_gb: GIGABYTES,
    gpu_link_gb_s: BANDWIDTH,
    gpus_per_replica: GPUS_POSITIVE,
    batch: CONCURRENCY,
) -> TOKENS_PER_SECOND_OR_BLANK:
    """Output tokens per second of a replica; blank where it does not hold the model or is not known.

    Args:
        model_params_b: parameters of a dense model in billions, above 0.
        weights_gb: GB of its weights.
        request_gb: GB of KV cache of one request.
        cache_gb: GB of KV cache per 1,000 tokens at 16 bits.
        layers: layers of the model.
        hidden: hidden size of the model.
        precision: 0 bf16, 1 fp8, 2 int8, 3 int4, 4 fp16.
        input_tokens: tokens of a prompt.
        output_tokens: tokens of an answer.
        gpu_peak_tflops: dense bf16 peak of one GPU.
        gpu_fp8_tflops: dense FP8 peak of one GPU, blank where it has none.
        gpu_bandwidth_gb_s: memory bandwidth of one GPU in GB/s.
        gpu_memory_gb: memory of one GPU in GB.
        gpu_link_gb_s: GB/s at which the GPUs exchange data.
        gpus_per_replica: GPUs of the replica.
        batch: requests at once.

    Returns:
        output tokens per second of all requests together.
    """
    wide = gpu_peak_tflops * SERVING_PEAK_SHARE
    narrow = np.where(np.isnan(gpu_fp8_tflops), wide, gpu_fp8_tflops * SERVING_FP8_SHARE)
    speed = gpus_per_replica * np.where(precision == FP8, narrow, wide)
    per_token = 2.0 * model_params_b / TOKENS_PER_THOUSAND / speed
    others = (gpus_per_replica - 1.0) / gpus_per_replica
    exchanged = EXCHANGED_BYTES * layers * hidden / BILLION * others / gpu_link_gb_s
    share = np.where(precision == FP8, CACHE_SHARE_FP8, 1.0)
    context = cache_gb * share * (input_tokens + output_tokens / 2.0) / TOKENS_PER_THOUSAND
    bandwidth = gpus_per_replica * gpu_bandwidth_gb_s * BANDWIDTH_SHARE
    reading = (weights_gb + batch * context) / bandwidth
    waiting = STEP_SECONDS + np.where(gpus_per_replica > 1.0, STEP_SECONDS_PER_LAYER * layers, 0.0)
    step = reading + waiting + batch * (per_token + exchanged + STEP_SECONDS_PER_REQUEST)
    attention = 1.0 + input_tokens / (ATTENTION_FACTOR * hidden)
    prompt = input_tokens * (per_token * attention + exchanged) + REQUEST_SECONDS
    tokens = batch * output_tokens / (output_tokens * step + batch * prompt)
    fits = weights_gb + request_gb <= gpus_per_replica * gpu_memory_gb * MEMORY_SHARE
    held = np.where(fits, tokens, BLANK)
    return np.where(np.isnan(gpu_memory_gb), BLANK, held)


@ft(group="serving")
def serving_low(tokens_per_s: TOKENS_PER_SECOND_OR_BLANK) -> TOKENS_PER_SECOND_OR_BLANK:
    """The low end of an estimate of tokens per second."""
    return np.where(np.isnan(tokens_per_s), BLANK, tokens_per_s / ESTIMATE_SPREAD)


@ft(group="serving")
def serving_high(tokens_per_s: TOKENS_PER_SECOND_OR_BLANK) -> TOKENS_PER_SECOND_OR_BLANK:
    """The high end of an estimate of tokens per second."""
    return np.where(np.isnan(tokens_per_s), BLANK, tokens_per_s * ESTIMATE_SPREAD)


@ft(group="serving", zero_base=lambda *a: np.where(np.isnan(a[0]), 1.0, a[1]))
def requests_per_gpu_hour(
    tokens_per_s: TOKENS_PER_SECOND_OR_BLANK,
    output_tokens: TOKENS,
    gpus_per_replica: GPUS_POSITIVE,
) -> REQUESTS_PER_GPU_HOUR_OR_BLANK:
    """Requests that one GPU serves in an hour at full use; blank where the throughput is not known."""
    requests = tokens_per_s * SECONDS_PER_HOUR / output_tokens / gpus_per_replica
    return np.where(np.isnan(tokens_per_s), BLANK, requests)


@ft(group="serving")
def serving_gpus(
    daily_requests: REQUESTS_PER_DAY,
    requests_per_gpu_hour: REQUESTS_PER_GPU_HOUR_OR_BLANK,
    peak_to_average: PEAK_TO_AVERAGE,
    gpus_per_replica: GPUS_POSITIVE,
) -> GPUS_OR_BLANK:
    """GPUs for the busiest hour in whole replicas; blank where the capacity is not known."""
    demand = daily_requests * peak_to_average / HOURS_PER_DAY
    replicas = -np.floor(-demand / (requests_per_gpu_hour * gpus_per_replica))
    return np.where(np.isnan(requests_per_gpu_hour), BLANK, replicas * gpus_per_replica)


# --- look-ups of a case --------------------------------------------------------------------------


def _by_size(column: str) -> str:
    """The formula of a look-up in the workbook's table of model shapes."""
    return f"=INDEX({column},MATCH(model_params_b,shape_from,1))"


@ft(group="serving", mode="each", formula=_by_size("shape_layers"))
def model_layers(model_params_b: BILLION_PARAMETERS) -> MODEL_LAYERS:
    """Layers of the listed model nearest in size."""
    return shape_of(float(model_params_b)).layers


@ft(group="serving", mode="each", formula=_by_size("shape_hidden"))
def model_hidden(model_params_b: BILLION_PARAMETERS) -> MODEL_WIDTH:
    """Hidden size of the listed model nearest in size."""
    return shape_of(float(model_params_b)).hidden


@ft(group="serving", mode="each", formula=_by_size("shape_cache"))
def model_cache(model_params_b: BILLION_PARAMETERS) -> CACHE_PER_TOKENS:
    """GB of KV cache per 1,000 tokens, at 16 bits, of the listed model nearest in size."""
    return shape_of(float(model_params_b)).kv_gb


def _serving_figure(column: str) -> str:
    """The formula of a look-up of the serving GPU in the workbook's table of GPUs."""
    found = f"INDEX({column},MATCH(serving_spec_key,spec_keys,0))"
    return f'=IF(serving_spec_key="","",IF(COUNTIF(spec_keys,serving_spec_key)=0,"",{found}))'


def _serving_spec(serving_gpu_model: str | None) -> GpuSpec | None:
    return find_spec(serving_gpu_model) if serving_gpu_model else None


@ft(
    group="serving",
    mode="each",
    helpers=(
        Helper(
            "serving_spec_key",
            '=SUBSTITUTE(UPPER(SUBSTITUTE(SUBSTITUTE(serving_gpu_model," ",""),"-","")),"GB","G")',
            lambda serving_gpu_model, **_: normal(serving_gpu_model or ""),
        ),
    ),
    formula=_serving_figure("spec_tflops"),
)
def serving_peak(serving_gpu_model: TEXT = None) -> TFLOPS:  # type: ignore[assignment]
    """Dense bf16 peak of the serving GPU; blank where none is named or it is unknown."""
    found = _serving_spec(serving_gpu_model)
    return math.nan if found is None else found.bf16_dense_tflops


@ft(group="serving", mode="each", formula=_serving_figure("spec_fp8"))
def serving_fp8(serving_gpu_model: TEXT = None) -> TFLOPS:  # type: ignore[assignment]
    """Dense FP8 peak of the serving GPU; blank where it has none, none is named or it is unknown."""
    found = _serving_spec(serving_gpu_model)
    return math.nan if found is None else found.fp8_dense_tflops


@ft(group="serving", mode="each", formula=_serving_figure("spec_bandwidth"))
def serving_bandwidth(serving_gpu_model: TEXT = None) -> BANDWIDTH:  # type: ignore[assignment]
    """Memory bandwidth of the serving GPU in GB/s; blank where none is named or it is unknown."""
    found = _serving_spec(serving_gpu_model)
    return math.nan if found is None else found.bandwidth_gb_s


@ft(group="serving", mode="each", formula=_serving_figure("spec_memory"))
def serving_memory(serving_gpu_model: TEXT = None) -> GIGABYTES:  # type: ignore[assignment]
    """Memory of the serving GPU in GB; blank where none is named or it is unknown."""
    found = _serving_spec(serving_gpu_model)
    return math.nan if found is None else found.memory_gb


@ft(group="serving", mode="each", formula=_serving_figure("spec_link"))
def serving_link(serving_gpu_model: TEXT = None) -> BANDWIDTH:  # type: ignore[assignment]
    """GB/s at which serving GPUs exchange data; blank where none is named or it is unknown."""
    found = _serving_spec(serving_gpu_model)
    return math.nan if found is None else link_speed(found)


def _gpus_to_hold(
    params: Num, input_tokens: Num, output_tokens: Num, spec: GpuSpec, precision: Num
) -> float:
    request = request_memory(shape_of(float(params)).kv_gb, precision, input_tokens, output_tokens)
    return float(gpus_to_hold(serving_weights(params, precision), request, spec.memory_gb))


def _group(
    params: Num,
    input_tokens: Num,
    output_tokens: Num,
    spec: GpuSpec,
    count: float,
    precision: Num,
    concurrency: Num,
) -> float:
    """Tokens per second of a group, NaN where it does not hold the model."""
    shape = shape_of(float(params))
    weights = serving_weights(params, precision)
    request = request_memory(shape.kv_gb, precision, input_tokens, output_tokens)
    held = requests_in_memory(
        weights, shape.kv_gb, precision, input_tokens, output_tokens, spec.memory_gb, count
    )
    batch = serving_batch(held, concurrency)
    return float(
        serving_throughput(
            params,
            weights,
            request,
            shape.kv_gb,
            shape.layers,
            shape.hidden,
            precision,
            input_tokens,
            output_tokens,
            spec.bf16_dense_tflops,
            spec.fp8_dense_tflops,
            spec.bandwidth_gb_s,
            spec.memory_gb,
            link_speed(spec),
            count,
            batch,
        )
    )


# --- functions -----------------------------------------------------------------------------------

_STEPS: Steps = [
    *gpu_steps(
        {
            "gpu_peak_tflops": lambda s: s.bf16_dense_tflops,
            "gpu_fp8_tflops": lambda s: s.fp8_dense_tflops,
            "gpu_bandwidth_gb_s": lambda s: s.bandwidth_gb_s,
            "gpu_memory_gb": lambda s: s.memory_gb,
            "gpu_link_gb_s": link_speed,
        }
    ),
    *shape_steps(),
    ("weights_gb", step(serving_weights)),
    ("request_gb", step(request_memory)),
]


def _group_steps(group: str, concurrency: str | float) -> Steps:
    """LET steps to the tokens per second of a group of GPUs, #NUM! where they do not hold the model."""
    named = {"gpus_per_replica": group}
    return [
        ("in_memory", step(requests_in_memory, named)),
        ("batch", step(serving_batch, {"concurrency": concurrency})),
        ("tokens_per_s", or_none(step(serving_throughput, named))),
    ]


_THROUGHPUT_FORMULA = let([*_STEPS, *_group_steps("gpu_count", "concurrency")], "tokens_per_s")
_PEAK_FORMULA = let(
    [
        *_STEPS,
        ("group", f'IF(gpus_per_replica="",{step(gpus_to_hold)},gpus_per_replica)'),
        *_group_steps("group", math.nan),
        ("requests_per_gpu_hour", step(requests_per_gpu_hour, {"gpus_per_replica": "group"})),
    ],
    step(serving_gpus, {"gpus_per_replica": "group"}),
)


@ft(
    "FT_SERVING_THROUGHPUT",
    group="serving",
    mode="each",
    example=((8, 1000, 1000, "H100", 1, "fp8"), 11837.453786460688),
    formula=_THROUGHPUT_FORMULA,
)
def throughput(
    model_params_b: BILLION_PARAMETERS,
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    gpu: TEXT = SERVING_GPU_DEFAULT,
    gpu_count: GPUS_POSITIVE = 1.0,
    precision: PRECISION = BF16,
    concurrency: CONCURRENCY = None,  # type: ignore[assignment]
) -> TOKENS_PER_SECOND:
    """Tokens per second that a group of GPUs generates: the likely figure, half and twice it plausible.

    Args:
        model_params_b: parameters of a dense model in billions, above 0.
        input_tokens: tokens of a request's prompt, at least 0, none of them cached.
        output_tokens: tokens of its answer, at least 0.
        gpu: the GPU, as on the price sheet or by its short name (H100, L40S).
        gpu_count: GPUs that hold the model together (tensor parallel), above 0.
        precision: 0 bf16, 1 fp8, 2 int8, 3 int4, 4 fp16 (as bf16); a cell takes the words. FP8 on a
            GPU without it, int8 and int4 save memory and bandwidth, not computing.
        concurrency: requests at once, at least 1; blank as many as memory holds, 1,024 at most.

    Returns:
        output tokens per second of the whole group, over all its requests.

    Raises:
        InputError: through `FUNCTIONS["FT_SERVING_THROUGHPUT"]`.
        DomainError: the model and one request do not fit the GPUs; the message says how many hold it.
        NotListedError: the GPU's figures are not known; the message suggests the nearest.

    Source:
        Roofline of a decoding step and the prompt's computing, with the shape of the listed model nearest
        in size; fitted to published measurements, see "Estimates" in the documentation.

    Example:
        >>> round(throughput(8.0, 1000.0, 1000.0, "H100", precision=FP8), -2)
        11800.0
    """
    spec = spec_of(gpu)
    gpu_count = float(gpu_count)
    given = math.nan if concurrency is None else concurrency
    found = _group(model_params_b, input_tokens, output_tokens, spec, gpu_count, precision, given)
    if math.isnan(found):
        needed = _gpus_to_hold(model_params_b, input_tokens, output_tokens, spec, precision)
        raise DomainError(
            "serving_too_large",
            size=f"{model_params_b:g}",
            found=f"{gpu_count:g}",
            gpu=spec.gpu,
            needed=f"{needed:g}",
        )
    return found


@ft(
    "FT_SERVING_GPUS",
    group="serving",
    mode="each",
    example=((500000, 8, 1000, 300), 2.0),
    zero_base=lambda *a: a[3],
    formula=_PEAK_FORMULA,
)
def gpus_for_peak(
    daily_requests: REQUESTS_PER_DAY,
    model_params_b: BILLION_PARAMETERS,
    input_tokens: TOKENS,
    output_tokens: TOKENS,
    gpu: TEXT = SERVING_GPU_DEFAULT,
    precision: PRECISION = BF16,
    peak_to_average: PEAK_TO_AVERAGE = PEAK_TO_AVERAGE_DEFAULT,
    gpus_per_replica: GPUS_POSITIVE = None,  # type: ignore[assignment]
) -> GPUS:
    """GPUs that serve the busiest hour of a day, in whole replicas of the model.

    Args:
        daily_requests: requests per day, at least 0.
        model_params_b: parameters of a dense model in billions, above 0.
        input_tokens: tokens of a request's prompt, at least 0.
        output_tokens: tokens of its answer, at least 0.
        gpu: the GPU, as on the price sheet or by its short name (H100, L40S).
        precision: 0 bf16, 1 fp8, 2 int8, 3 int4, 4 fp16 (as bf16); a cell takes the words.
        peak_to_average: requests of the busiest hour over the mean of 24 hours, at least 1; 3.
        gpus_per_replica: GPUs that hold the model together; blank the fewest that do.

    Returns:
        GPUs, a whole number of replicas; 0 without requests.

    Raises:
        InputError: through `FUNCTIONS["FT_SERVING_GPUS"]`.
        ZeroBaseError: `output_tokens` is 0.
        DomainError: the model does not fit the GPUs of a replica; the message says how many hold it.
        NotListedError: the GPU's figures are not known; the message suggests the nearest.

    Source:
        Requests of the peak hour over those that a replica serves in an hour, by FT_SERVING_THROUGHPUT.

    Example:
        >>> gpus_for_peak(500_000.0, 8.0, 1000.0, 300.0)
        2.0
    """
    spec = spec_of(gpu)
    if output_tokens == 0:
        raise ZeroDivisionError
    group = gpus_per_replica
    if group is None or math.isnan(group):
        group = _gpus_to_hold(model_params_b, input_tokens, output_tokens, spec, precision)
    tokens = throughput(model_params_b, input_tokens, output_tokens, gpu, group, precision)
    capacity = requests_per_gpu_hour(tokens, output_tokens, group)
    return float(serving_gpus(daily_requests, capacity, peak_to_average, group))
