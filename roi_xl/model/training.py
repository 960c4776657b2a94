"""How long fine-tuning takes and how many GPUs it needs, beside the source document's own figures."""

import math

import numpy as np

from roi_xl.errors import NotListedError
from roi_xl.functions.declare import Helper, ft
from roi_xl.model.defaults import (
    BYTES_PER_PARAMETER_FULL,
    BYTES_PER_PARAMETER_LORA,
    BYTES_PER_PARAMETER_QLORA,
    EPOCHS_DEFAULT,
    ESTIMATE_SPREAD,
    FLOPS_PER_TOKEN_ADAPTER,
    FLOPS_PER_TOKEN_FULL,
    GPU_DEFAULT,
    GPU_HOUR_FLOPS_SCALE,
    MEMORY_SHARE,
    PACKED_UTILISATION,
    TOKENS_PER_MILLION,
)
from roi_xl.prices.hardware import find_spec, reference, spec_of
from roi_xl.prices.names import normal
from roi_xl.units import (
    BILLION_PARAMETERS,
    BLANK,
    BOUND,
    EPOCHS,
    GIGABYTES,
    GPUS,
    GPUS_OR_BLANK,
    GPUS_POSITIVE,
    HOURS,
    HOURS_OR_BLANK,
    MILLION_TOKENS,
    REFERENCE_METHOD,
    SAMPLES,
    TEXT,
    TFLOPS,
    TOKENS_PER_SAMPLE,
    TRAINING_METHOD,
    UTILISATION,
)

LORA, QLORA, FULL = 0.0, 1.0, 2.0
_MID = 1.0


@ft(
    "FT_TRAINING_HOURS",
    group="training",
    mode="each",
    example=((7, 1000, 500, 3, "lora", "A100-80GB", 1, 0.4), 0.14022435897435898),
)
def training_hours(
    model_params_b: BILLION_PARAMETERS,
    samples: SAMPLES,
    tokens_per_sample: TOKENS_PER_SAMPLE,
    epochs: EPOCHS = EPOCHS_DEFAULT,
    method: TRAINING_METHOD = LORA,
    gpu: TEXT = GPU_DEFAULT,
    gpu_count: GPUS = 1.0,
    utilisation: UTILISATION = PACKED_UTILISATION,
) -> HOURS:
    """Wall-clock hours of one fine-tuning run: the likely figure, half and twice it being plausible.

    Args:
        model_params_b: parameters of the model in billions, above 0.
        samples: training samples, at least 0.
        tokens_per_sample: tokens per sample, at least 0; the padded length where samples are not packed.
        epochs: passes over the samples, at least 0.
        method: 0 LoRA, 1 QLoRA, 2 full fine-tuning; a cell takes the words.
        gpu: the GPU, as on the price sheet or by its short name (A100, H100).
        gpu_count: GPUs that train together; 0 gives #DIV/0!.
        utilisation: share of the dense bf16 peak that is reached, above 0 and at most 1, or a word:
            packed (0.40, the default), long_context on several nodes (0.25), unpacked short samples
            or offloaded to the CPU (0.10).

    Returns:
        hours of one run, gradient checkpointing assumed.

    Raises:
        InputError, DomainError, ZeroBaseError: through `FUNCTIONS["FT_TRAINING_HOURS"]`.
        NotListedError: the GPU's peak is not known; the message suggests the nearest.

    Source:
        FLOPs = k × parameters × tokens with k = 6 for full and 4 for adapters, 2 more with gradient
        checkpointing, over the GPUs' peak × utilisation; calibrated on published runs.

    Example:
        >>> round(float(training_hours(7.0, 1000.0, 500.0)), 4)
        0.1402
    """
    peak = spec_of(gpu).bf16_dense_tflops
    tokens_m = training_tokens(samples, tokens_per_sample, epochs)
    if gpu_count == 0:
        raise ZeroDivisionError
    return float(hours_at(model_params_b, tokens_m, method, peak, gpu_count, utilisation))


@ft(group="training")
def training_tokens(
    samples: SAMPLES, tokens_per_sample: TOKENS_PER_SAMPLE, epochs: EPOCHS = EPOCHS_DEFAULT
) -> MILLION_TOKENS:
    """Tokens that one training run processes, in millions."""
    return samples * tokens_per_sample * epochs / TOKENS_PER_MILLION


@ft(group="training", zero_base=lambda *a: np.where(np.isnan(a[3]), 1.0, a[4]))
def hours_at(
    model_params_b: BILLION_PARAMETERS,
    training_tokens_m: MILLION_TOKENS,
    method: TRAINING_METHOD,
    gpu_peak_tflops: TFLOPS,
    gpu_count: GPUS_POSITIVE,
    utilisation: UTILISATION,
) -> HOURS_OR_BLANK:
    """Wall-clock hours of a run on GPUs of a known peak; blank where the peak is not known."""
    k = np.where(method > QLORA, FLOPS_PER_TOKEN_FULL, FLOPS_PER_TOKEN_ADAPTER)
    speed = gpu_peak_tflops * utilisation * gpu_count * GPU_HOUR_FLOPS_SCALE
    hours = model_params_b * training_tokens_m * k / speed
    unknown = np.isnan(gpu_peak_tflops)
    return np.where(unknown, BLANK, hours)


@ft(group="training")
def estimate_low(hours: HOURS_OR_BLANK) -> HOURS_OR_BLANK:
    """The low end of an estimate of hours."""
    return np.where(np.isnan(hours), BLANK, hours / ESTIMATE_SPREAD)


@ft(group="training")
def estimate_high(hours: HOURS_OR_BLANK) -> HOURS_OR_BLANK:
    """The high end of an estimate of hours."""
    return np.where(np.isnan(hours), BLANK, hours * ESTIMATE_SPREAD)


@ft(
    group="training",
    mode="each",
    helpers=(
        Helper(
            "spec_key",
            "=SUBSTITUTE(UPPER(SUBSTITUTE(SUBSTITUTE("
            'IF(gpu_model="",spec_default,gpu_model)," ",""),"-","")),"GB","G")',
            lambda gpu_model, **_: normal(gpu_model or GPU_DEFAULT),
        ),
    ),
    formula='=IF(COUNTIF(spec_keys,spec_key)=0,"",INDEX(spec_tflops,MATCH(spec_key,spec_keys,0)))',
)
def peak_tflops(gpu_model: TEXT = None) -> TFLOPS:  # type: ignore[assignment]
    """Dense bf16 peak of the case's GPU; of an A100 where it names none, blank where unknown."""
    found = find_spec(gpu_model or GPU_DEFAULT)
    return math.nan if found is None else found.bf16_dense_tflops


@ft(
    group="training",
    mode="each",
    formula='=IF(COUNTIF(spec_keys,spec_key)=0,"",INDEX(spec_memory,MATCH(spec_key,spec_keys,0)))',
)
def gpu_memory(gpu_model: TEXT = None) -> GIGABYTES:  # type: ignore[assignment]
    """Memory of the case's GPU in GB; of an A100 80 GB where it names none, blank where unknown."""
    found = find_spec(gpu_model or GPU_DEFAULT)
    return math.nan if found is None else found.memory_gb


@ft(group="training")
def training_memory(model_params_b: BILLION_PARAMETERS, method: TRAINING_METHOD) -> GIGABYTES:
    """GB that weights, gradients and optimiser states take, activations not counted."""
    adapter = np.where(method < QLORA, BYTES_PER_PARAMETER_LORA, BYTES_PER_PARAMETER_QLORA)
    return model_params_b * np.where(method > QLORA, BYTES_PER_PARAMETER_FULL, adapter)


@ft(group="training")
def gpus_for(training_memory_gb: GIGABYTES, gpu_memory_gb: GIGABYTES) -> GPUS_OR_BLANK:
    """GPUs that hold a training run; blank where the GPU's memory is not known."""
    gpus = -np.floor(-training_memory_gb / (gpu_memory_gb * MEMORY_SHARE))
    return np.where(np.isnan(gpu_memory_gb), BLANK, gpus)


@ft("FT_GPU_COUNT", group="training", mode="each", example=((70, "lora", "A100-80GB"), 2.0))
def gpus_needed(
    model_params_b: BILLION_PARAMETERS,
    method: TRAINING_METHOD = LORA,
    gpu: TEXT = GPU_DEFAULT,
) -> GPUS:
    """GPUs needed to hold a fine-tuning run in memory.

    Args:
        model_params_b: parameters of the model in billions, above 0.
        method: 0 LoRA, 1 QLoRA, 2 full fine-tuning; a cell takes the words.
        gpu: the GPU, as on the price sheet or by its short name (A100, H100).

    Returns:
        whole GPUs; a tenth of each is kept free for activations (with gradient checkpointing, short
        batches) and the runtime. Long contexts and large batches need more.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_GPU_COUNT"]`.
        NotListedError: the GPU's memory is not known; the message suggests the nearest.

    Source:
        Bytes per parameter: 16 full (mixed-precision Adam), 2 LoRA, 0.5 QLoRA.

    Example:
        >>> gpus_needed(70.0)
        2.0
    """
    return float(gpus_for(training_memory(model_params_b, method), spec_of(gpu).memory_gb))


@ft(
    "FT_REFERENCE_HOURS",
    group="training",
    mode="each",
    example=((7, "lora", "mid"), 3.0),
    formula=(
        '=INDEX(reference_hours,MATCH(model_params_b&"|"&method,reference_keys,0),'
        "MATCH(bound,list_bound,0))"
    ),
)
def reference_hours(
    model_params_b: BILLION_PARAMETERS, method: REFERENCE_METHOD = 0.0, bound: BOUND = _MID
) -> HOURS:
    """Training hours as the source document's table gives them, for 1000 samples and 3 epochs.

    Args:
        model_params_b: 7, 13, 34 or 70, the sizes of the table.
        method: 0 LoRA, 1 full fine-tuning; a cell takes the words.
        bound: 0 the table's low end, 1 the middle of both, 2 its high end; a cell takes the words.

    Returns:
        hours; the table's days and weeks are converted.

    Raises:
        NotListedError: the table has no such size; the message names the nearest.

    Source:
        The source document, 「GPU 训练成本参考」, unchanged. It cannot hold throughout: see the
        workbook's Training Reference, and `FT_TRAINING_HOURS` for an estimate.

    Example:
        >>> reference_hours(7.0)
        3.0
    """
    row = next((r for r in reference() if r.model_params_b == model_params_b), None)
    if row is None:
        sizes = [r.model_params_b for r in reference()]
        near = min(sizes, key=lambda size: abs(math.log(size / model_params_b)))
        allowed = ", ".join(f"{size:g}" for size in sizes)
        raise NotListedError(
            "size_not_listed", found=f"{model_params_b:g}", allowed=allowed, nearest=f"{near:g}"
        )
    low, high = row.full_hours if method > 0 else row.lora_hours
    return (low, (low + high) / 2, high)[int(bound)]
