"""What a case estimates where nothing is typed: training hours, GPUs, requests per GPU-hour."""

import math

import numpy as np

from roi_xl.functions.declare import Helper, ft
from roi_xl.model.defaults import GPU_DEFAULT, MOST_AT_ONCE, SECONDS_PER_HOUR
from roi_xl.model.training import link_speed
from roi_xl.prices.hardware import find_spec
from roi_xl.prices.names import normal
from roi_xl.units import (
    BANDWIDTH,
    BILLION_PARAMETERS,
    BILLION_PARAMETERS_OR_BLANK,
    BLANK,
    CONCURRENCY,
    GIGABYTES,
    GPUS,
    GPUS_OR_BLANK,
    GPUS_POSITIVE,
    HOURS,
    HOURS_OR_BLANK,
    REQUESTS_AT_ONCE,
    REQUESTS_PER_GPU_HOUR_OR_BLANK,
    SAMPLES,
    SAMPLES_OR_BLANK,
    TEXT,
    TFLOPS,
    TOKENS,
    TOKENS_PER_SECOND_OR_BLANK,
)

# --- training ------------------------------------------------------------------------------------


@ft(group="training", mode="pick")
def size_used(
    model_params_b: BILLION_PARAMETERS_OR_BLANK, default: BILLION_PARAMETERS
) -> BILLION_PARAMETERS:
    """Parameters that estimates are for: the typed ones, else those of a usual small model."""
    return np.where(np.isnan(model_params_b), default, model_params_b)


@ft(group="training", mode="pick")
def samples_used(training_samples: SAMPLES_OR_BLANK, default: SAMPLES) -> SAMPLES:
    """Training samples that estimates are for."""
    return np.where(np.isnan(training_samples), default, training_samples)


@ft(group="training", no_result="#N/A")
def gpu_count_used(
    gpu_count: GPUS_OR_BLANK,
    model_params_b: BILLION_PARAMETERS_OR_BLANK,
    training_samples: SAMPLES_OR_BLANK,
    estimated: GPUS_OR_BLANK,
    default: GPUS,
) -> GPUS:
    """GPUs of a training run: typed, else for memory once model and samples are typed, else the sample's."""
    known = np.where(np.isnan(estimated), np.nan, estimated)
    with_samples = np.where(np.isnan(training_samples), default, known)
    worked_out = np.where(np.isnan(model_params_b), default, with_samples)
    return np.where(np.isnan(gpu_count), worked_out, gpu_count)


@ft(group="training")
def gpus_that_train(gpu_count: GPUS) -> GPUS_POSITIVE:
    """GPUs for an estimate of hours: at least one, also where a provider trains."""
    return np.maximum(gpu_count, 1.0)


@ft(group="training", no_result="#N/A")
def training_hours_used(
    training_hours: HOURS_OR_BLANK,
    model_params_b: BILLION_PARAMETERS_OR_BLANK,
    training_samples: SAMPLES_OR_BLANK,
    estimated: HOURS_OR_BLANK,
    default: HOURS,
) -> HOURS:
    """Hours of a training run: typed, else estimated once model and samples are typed, else the sample's."""
    known = np.where(np.isnan(estimated), np.nan, estimated)
    with_samples = np.where(np.isnan(training_samples), default, known)
    worked_out = np.where(np.isnan(model_params_b), default, with_samples)
    return np.where(np.isnan(training_hours), worked_out, training_hours)


# --- the GPUs that serve ---------------------------------------------------------------------------


def _looked_up(column: str) -> str:
    """The formula of a look-up of the serving GPU in the workbook's table of GPUs."""
    return (
        '=IF(serving_gpu_model="","",IF(COUNTIF(spec_keys,serving_spec_key)=0,"",'
        f"INDEX({column},MATCH(serving_spec_key,spec_keys,0))))"
    )


@ft(
    group="serving",
    mode="each",
    helpers=(
        Helper(
            "serving_spec_key",
            "=SUBSTITUTE(UPPER(SUBSTITUTE(SUBSTITUTE("
            'IF(serving_gpu_model="",spec_default,serving_gpu_model)," ",""),"-","")),"GB","G")',
            lambda serving_gpu_model, **_: normal(serving_gpu_model or GPU_DEFAULT),
        ),
    ),
    formula=_looked_up("spec_tflops"),
)
def serving_peak(serving_gpu_model: TEXT = None) -> TFLOPS:  # type: ignore[assignment]
    """Dense bf16 peak of the GPU that serves; blank where none is named or it is unknown."""
    found = find_spec(serving_gpu_model or "")
    return math.nan if found is None else found.bf16_dense_tflops


@ft(group="serving", mode="each", formula=_looked_up("spec_fp8"))
def serving_fp8_peak(serving_gpu_model: TEXT = None) -> TFLOPS:  # type: ignore[assignment]
    """Dense FP8 peak of the GPU that serves; blank where it has none."""
    found = find_spec(serving_gpu_model or "")
    return math.nan if found is None else found.fp8_dense_tflops


@ft(group="serving", mode="each", formula=_looked_up("spec_memory"))
def serving_memory(serving_gpu_model: TEXT = None) -> GIGABYTES:  # type: ignore[assignment]
    """Memory of the GPU that serves, in GB; blank where none is named or it is unknown."""
    found = find_spec(serving_gpu_model or "")
    return math.nan if found is None else found.memory_gb


@ft(group="serving", mode="each", formula=_looked_up("spec_bandwidth"))
def serving_bandwidth(serving_gpu_model: TEXT = None) -> BANDWIDTH:  # type: ignore[assignment]
    """Memory bandwidth of the GPU that serves, in GB/s; blank where it is unknown."""
    found = find_spec(serving_gpu_model or "")
    return math.nan if found is None else found.bandwidth_gb_s


@ft(group="serving", mode="each", formula=_looked_up("spec_link"))
def serving_link(serving_gpu_model: TEXT = None) -> BANDWIDTH:  # type: ignore[assignment]
    """GB/s at which the GPUs that serve exchange data; blank where it is unknown."""
    found = find_spec(serving_gpu_model or "")
    return math.nan if found is None else link_speed(found)


@ft(group="serving")
def requests_at_once(in_memory: REQUESTS_AT_ONCE) -> CONCURRENCY:
    """Requests that a replica serves at once: as many as memory holds, 1,024 at most."""
    return np.maximum(np.where(np.isnan(in_memory), 1.0, np.minimum(in_memory, MOST_AT_ONCE)), 1.0)


@ft(group="serving")
def estimated_capacity(
    model_params_b: BILLION_PARAMETERS_OR_BLANK,
    tokens_per_s: TOKENS_PER_SECOND_OR_BLANK,
    output_tokens: TOKENS,
    gpus_per_replica: GPUS_POSITIVE,
) -> REQUESTS_PER_GPU_HOUR_OR_BLANK:
    """Requests per GPU-hour by the roofline; blank until model, GPU and tokens are typed."""
    answered = np.where(output_tokens > 0.0, output_tokens, 1.0)
    requests = tokens_per_s * SECONDS_PER_HOUR / answered / gpus_per_replica
    with_speed = np.where(np.isnan(tokens_per_s), BLANK, requests)
    with_tokens = np.where(output_tokens > 0.0, with_speed, BLANK)
    return np.where(np.isnan(model_params_b), BLANK, with_tokens)
