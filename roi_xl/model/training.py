"""How long fine-tuning takes and how many GPUs it needs, beside the source document's own figures."""

import math
from collections.abc import Callable

import numpy as np

from roi_xl.errors import DomainError, NotListedError
from roi_xl.functions.declare import Helper, ft
from roi_xl.model.defaults import (
    ACTIVATION_GB,
    ACTIVATION_GB_BY_SIZE,
    ATTENTION_MOST_TOKENS,
    ATTENTION_TOKENS,
    BETWEEN_SERVERS,
    BYTES_PER_PARAMETER_FULL,
    BYTES_PER_PARAMETER_LORA,
    BYTES_PER_PARAMETER_QLORA,
    CUBE_ROOT,
    EPOCHS_DEFAULT,
    ESTIMATE_SPREAD,
    FLOPS_PER_TOKEN_ADAPTER,
    FLOPS_PER_TOKEN_FULL,
    GPU_DEFAULT,
    GPU_HOUR_FLOPS_SCALE,
    GPUS_PER_SERVER,
    MEMORY_SHARE,
    NVLINK_GB_S,
    PASS_BYTES_FULL,
    PASS_BYTES_LORA,
    PASS_BYTES_QLORA,
    PASS_SECONDS,
    PCIE_GB_S,
    RUNTIME_GB,
    SAMPLES_PER_STEP_DEFAULT,
    SECONDS_PER_HOUR,
    SEVERAL_GPUS,
    SHARDED_BYTES,
    TOKENS_PER_MILLION,
    TOKENS_PER_THOUSAND,
    TRAINING_FLOPS_PER_BYTE,
    TRAINING_PEAK_SHARE,
    TWO_THIRDS,
)
from roi_xl.model.tables import gpu_steps, let, or_none, step
from roi_xl.prices.hardware import GpuSpec, find_spec, reference, spec_of
from roi_xl.prices.names import normal
from roi_xl.units import (
    BANDWIDTH,
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
    SAMPLES_PER_STEP,
    SECONDS_OR_BLANK,
    TEXT,
    TFLOPS,
    TOKENS_PER_SAMPLE,
    TRAINING_METHOD,
    UTILISATION,
)

LORA, QLORA, FULL = 0.0, 1.0, 2.0
_MID = 1.0


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
    """Wall-clock hours at a typed utilisation; blank where it or the GPU's peak is not known."""
    k = np.where(method > QLORA, FLOPS_PER_TOKEN_FULL, FLOPS_PER_TOKEN_ADAPTER)
    speed = gpu_peak_tflops * utilisation * gpu_count * GPU_HOUR_FLOPS_SCALE
    hours = model_params_b * training_tokens_m * k / speed
    return np.where(np.isnan(gpu_peak_tflops), BLANK, np.where(np.isnan(utilisation), BLANK, hours))


@ft(group="training")
def seconds_per_pass(
    model_params_b: BILLION_PARAMETERS,
    method: TRAINING_METHOD,
    tokens_per_sample: TOKENS_PER_SAMPLE,
    samples_per_step: SAMPLES_PER_STEP,
    gpu_count: GPUS_POSITIVE,
    training_memory_gb: GIGABYTES,
    gpu_peak_tflops: TFLOPS,
    gpu_bandwidth_gb_s: BANDWIDTH,
    gpu_memory_gb: GIGABYTES,
    gpu_link_gb_s: BANDWIDTH,
) -> SECONDS_OR_BLANK:
    """Seconds that one pass forward and back takes on each GPU; blank where the GPU is not known.

    Args:
        model_params_b: parameters of the model in billions, above 0.
        method: 0 LoRA, 1 QLoRA, 2 full fine-tuning.
        tokens_per_sample: tokens per sample, padding included.
        samples_per_step: samples that one GPU holds in one pass.
        gpu_count: GPUs that train together.
        training_memory_gb: GB of weights, gradients and optimiser; what one GPU cannot hold is spread
            over all and exchanged in every pass, as the gradients of full fine-tuning always are.
        gpu_peak_tflops: dense bf16 peak of one GPU.
        gpu_bandwidth_gb_s: memory bandwidth of one GPU in GB/s.
        gpu_memory_gb: memory of one GPU in GB.
        gpu_link_gb_s: GB/s at which the GPUs exchange weights and gradients.

    Returns:
        seconds, more than those of the FLOPs at the GPU's peak, of which 0.8 at most are reached.
    """
    k = np.where(method > QLORA, FLOPS_PER_TOKEN_FULL, FLOPS_PER_TOKEN_ADAPTER)
    tokens = tokens_per_sample * samples_per_step
    teraflops = k * model_params_b * tokens / TOKENS_PER_THOUSAND
    width = ATTENTION_TOKENS * model_params_b**CUBE_ROOT
    attention = 1.0 + np.minimum(tokens_per_sample, ATTENTION_MOST_TOKENS) / width
    by_peak = 1.0 / (gpu_peak_tflops * TRAINING_PEAK_SHARE)
    by_bandwidth = TOKENS_PER_THOUSAND / (gpu_bandwidth_gb_s * TRAINING_FLOPS_PER_BYTE)
    computing = teraflops * attention * (by_peak + by_bandwidth)
    adapter = np.where(method < QLORA, PASS_BYTES_LORA, PASS_BYTES_QLORA)
    moved = model_params_b * np.where(method > QLORA, PASS_BYTES_FULL, adapter)
    too_large = training_memory_gb > gpu_memory_gb * MEMORY_SHARE
    between = np.where(gpu_count > GPUS_PER_SERVER, BETWEEN_SERVERS, 1.0)
    others = np.maximum(gpu_count - 1.0, 0.0) / gpu_count
    spread = np.where(method > QLORA, 1.0, np.where(too_large, 1.0, 0.0))
    exchange = SHARDED_BYTES * model_params_b * spread * others * between / gpu_link_gb_s
    seconds = PASS_SECONDS + moved / gpu_bandwidth_gb_s + computing + exchange
    seconds = seconds * np.where(gpu_count > 1.0, SEVERAL_GPUS, 1.0)
    return np.where(np.isnan(gpu_peak_tflops), BLANK, seconds)


@ft(group="training", zero_base=lambda *a: np.where(np.isnan(a[4]), 1.0, a[3]))
def hours_by_passes(
    samples: SAMPLES,
    epochs: EPOCHS,
    samples_per_step: SAMPLES_PER_STEP,
    gpu_count: GPUS_POSITIVE,
    pass_seconds_each: SECONDS_OR_BLANK,
) -> HOURS_OR_BLANK:
    """Wall-clock hours of all passes of a run; blank where the GPU is not known."""
    passes = samples * epochs / (samples_per_step * gpu_count)
    hours = passes * pass_seconds_each / SECONDS_PER_HOUR
    return np.where(np.isnan(pass_seconds_each), BLANK, hours)


@ft(group="training")
def hours_estimate(typed: HOURS_OR_BLANK, by_passes: HOURS_OR_BLANK) -> HOURS_OR_BLANK:
    """Estimated hours: at the typed utilisation, else by passes."""
    return np.where(np.isnan(typed), by_passes, typed)


@ft(group="training")
def estimate_low(hours: HOURS_OR_BLANK) -> HOURS_OR_BLANK:
    """The low end of an estimate of hours."""
    return np.where(np.isnan(hours), BLANK, hours / ESTIMATE_SPREAD)


@ft(group="training")
def estimate_high(hours: HOURS_OR_BLANK) -> HOURS_OR_BLANK:
    """The high end of an estimate of hours."""
    return np.where(np.isnan(hours), BLANK, hours * ESTIMATE_SPREAD)


def link_speed(spec: GpuSpec) -> float:
    """GB/s at which GPUs of one server exchange data, as measured runs show it."""
    return float(NVLINK_GB_S if spec.nvlink else PCIE_GB_S)


def _looked_up(column: str) -> str:
    """The formula of a look-up in the workbook's table of GPUs."""
    return f'=IF(COUNTIF(spec_keys,spec_key)=0,"",INDEX({column},MATCH(spec_key,spec_keys,0)))'


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
    formula=_looked_up("spec_tflops"),
)
def peak_tflops(gpu_model: TEXT = None) -> TFLOPS:  # type: ignore[assignment]
    """Dense bf16 peak of the case's GPU; of an A100 where it names none, blank where unknown."""
    found = find_spec(gpu_model or GPU_DEFAULT)
    return math.nan if found is None else found.bf16_dense_tflops


@ft(group="training", mode="each", formula=_looked_up("spec_memory"))
def gpu_memory(gpu_model: TEXT = None) -> GIGABYTES:  # type: ignore[assignment]
    """Memory of the case's GPU in GB; of an A100 80 GB where it names none, blank where unknown."""
    found = find_spec(gpu_model or GPU_DEFAULT)
    return math.nan if found is None else found.memory_gb


@ft(group="training", mode="each", formula=_looked_up("spec_bandwidth"))
def gpu_bandwidth(gpu_model: TEXT = None) -> BANDWIDTH:  # type: ignore[assignment]
    """Memory bandwidth of the case's GPU in GB/s; of an A100 80 GB where it names none."""
    found = find_spec(gpu_model or GPU_DEFAULT)
    return math.nan if found is None else found.bandwidth_gb_s


@ft(group="training", mode="each", formula=_looked_up("spec_link"))
def gpu_link(gpu_model: TEXT = None) -> BANDWIDTH:  # type: ignore[assignment]
    """GB/s at which the case's GPUs exchange data; of an A100 80 GB where it names none."""
    found = find_spec(gpu_model or GPU_DEFAULT)
    return math.nan if found is None else link_speed(found)


@ft(group="training")
def training_memory(model_params_b: BILLION_PARAMETERS, method: TRAINING_METHOD) -> GIGABYTES:
    """GB that weights, gradients and optimiser states take, activations not counted."""
    adapter = np.where(method < QLORA, BYTES_PER_PARAMETER_LORA, BYTES_PER_PARAMETER_QLORA)
    return model_params_b * np.where(method > QLORA, BYTES_PER_PARAMETER_FULL, adapter)


@ft(group="training")
def activation_memory(
    model_params_b: BILLION_PARAMETERS,
    tokens_per_sample: TOKENS_PER_SAMPLE,
    samples_per_step: SAMPLES_PER_STEP,
) -> GIGABYTES:
    """GB that activations of one pass (with checkpointing) and the runtime take on each GPU."""
    thousands = tokens_per_sample * samples_per_step / TOKENS_PER_THOUSAND
    by_size = ACTIVATION_GB_BY_SIZE * model_params_b**TWO_THIRDS
    return RUNTIME_GB + thousands * (ACTIVATION_GB + by_size)


@ft(group="training")
def gpus_for(training_memory_gb: GIGABYTES, gpu_memory_gb: GIGABYTES) -> GPUS_OR_BLANK:
    """GPUs that hold a training run without activations; blank where the GPU's memory is not known."""
    gpus = -np.floor(-training_memory_gb / (gpu_memory_gb * MEMORY_SHARE))
    return np.where(np.isnan(gpu_memory_gb), BLANK, gpus)


@ft(group="training")
def gpus_to_train(
    training_memory_gb: GIGABYTES, activation_memory_gb: GIGABYTES, gpu_memory_gb: GIGABYTES
) -> GPUS_OR_BLANK:
    """GPUs that hold a training run; blank where one pass alone fills a GPU, or its memory is unknown."""
    room = gpu_memory_gb * MEMORY_SHARE - activation_memory_gb
    gpus = -np.floor(-training_memory_gb / room)
    return np.where(np.isnan(gpu_memory_gb), BLANK, np.where(room <= 0.0, BLANK, gpus))


# --- functions -----------------------------------------------------------------------------------

_FIGURES: dict[str, Callable[[GpuSpec], float]] = {
    "gpu_peak_tflops": lambda s: s.bf16_dense_tflops,
    "gpu_bandwidth_gb_s": lambda s: s.bandwidth_gb_s,
    "gpu_memory_gb": lambda s: s.memory_gb,
    "gpu_link_gb_s": link_speed,
}
_HOURS_FORMULA = let(
    [
        *gpu_steps(_FIGURES),
        ("training_memory_gb", step(training_memory)),
        ("training_tokens_m", step(training_tokens)),
        ("pass_seconds_each", step(seconds_per_pass)),
    ],
    f'IF(utilisation="",{step(hours_by_passes)},{step(hours_at)})',
)
_GPUS_FORMULA = let(
    [
        *gpu_steps({"gpu_memory_gb": _FIGURES["gpu_memory_gb"]}),
        ("training_memory_gb", step(training_memory)),
        ("activation_memory_gb", step(activation_memory)),
    ],
    or_none(step(gpus_to_train)),
)


@ft(
    "FT_TRAINING_HOURS",
    group="training",
    mode="each",
    example=((7, 1000, 500, 3, "lora", "A100-80GB", 1, 0.4), 0.14022435897435898),
    zero_base=lambda *a: a[6],
    formula=_HOURS_FORMULA,
)
def training_hours(
    model_params_b: BILLION_PARAMETERS,
    samples: SAMPLES,
    tokens_per_sample: TOKENS_PER_SAMPLE,
    epochs: EPOCHS = EPOCHS_DEFAULT,
    method: TRAINING_METHOD = LORA,
    gpu: TEXT = GPU_DEFAULT,
    gpu_count: GPUS = 1.0,
    utilisation: UTILISATION = None,  # type: ignore[assignment]
    samples_per_step: SAMPLES_PER_STEP = SAMPLES_PER_STEP_DEFAULT,
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
        utilisation: blank estimates by passes; typed, the share of the dense bf16 peak that is reached,
            above 0 and at most 1, takes the place of that estimate. Words stand for packed (0.40),
            long_context on several nodes (0.25), unpacked short samples or offloaded to the CPU (0.10).
        samples_per_step: samples that one GPU holds in one pass forward and back, above 0; 4.

    Returns:
        hours of one run, gradient checkpointing assumed; memory is not checked, see FT_GPU_COUNT.

    Raises:
        InputError, DomainError, ZeroBaseError: through `FUNCTIONS["FT_TRAINING_HOURS"]`.
        NotListedError: the GPU's figures are not known; the message suggests the nearest.

    Source:
        Passes × seconds per pass. A pass costs a fixed time, moving the weights, and FLOPs = k ×
        parameters × tokens with k = 8 for full and 6 for adapters; never less than these FLOPs at
        the GPU's peak. Fitted to published runs, see "Estimates" in the documentation.

    Example:
        >>> round(training_hours(7.0, 1000.0, 500.0), 3)
        0.118
        >>> round(training_hours(7.0, 1000.0, 500.0, utilisation=0.4), 4)
        0.1402
    """
    spec = spec_of(gpu)
    if gpu_count == 0:
        raise ZeroDivisionError
    if utilisation is not None and not math.isnan(utilisation):
        tokens_m = training_tokens(samples, tokens_per_sample, epochs)
        return float(
            hours_at(
                model_params_b, tokens_m, method, spec.bf16_dense_tflops, gpu_count, utilisation
            )
        )
    one_pass = seconds_per_pass(
        model_params_b,
        method,
        tokens_per_sample,
        samples_per_step,
        gpu_count,
        training_memory(model_params_b, method),
        spec.bf16_dense_tflops,
        spec.bandwidth_gb_s,
        spec.memory_gb,
        link_speed(spec),
    )
    return float(hours_by_passes(samples, epochs, samples_per_step, gpu_count, one_pass))


@ft(
    "FT_GPU_COUNT",
    group="training",
    mode="each",
    example=((70, "lora", "A100-80GB"), 3.0),
    formula=_GPUS_FORMULA,
)
def gpus_needed(
    model_params_b: BILLION_PARAMETERS,
    method: TRAINING_METHOD = LORA,
    gpu: TEXT = GPU_DEFAULT,
    tokens_per_sample: TOKENS_PER_SAMPLE = 500.0,
    samples_per_step: SAMPLES_PER_STEP = SAMPLES_PER_STEP_DEFAULT,
) -> GPUS:
    """GPUs needed to hold a fine-tuning run in memory, activations included.

    Args:
        model_params_b: parameters of the model in billions, above 0.
        method: 0 LoRA, 1 QLoRA, 2 full fine-tuning; a cell takes the words.
        gpu: the GPU, as on the price sheet or by its short name (A100, H100).
        tokens_per_sample: tokens per sample, at least 0, padding included; 500.
        samples_per_step: samples that one GPU holds in one pass, above 0; 4.

    Returns:
        whole GPUs. Weights, gradients and optimiser states are spread over them; the activations of a
        pass (gradient checkpointing assumed) and the runtime are needed on each.

    Raises:
        InputError: through `FUNCTIONS["FT_GPU_COUNT"]`.
        DomainError: the activations of one pass do not fit one GPU; fewer samples in a step do.
        NotListedError: the GPU's memory is not known; the message suggests the nearest.

    Source:
        Bytes per parameter: 18 full, 2.1 LoRA, 0.65 QLoRA; GB per 1,000 tokens: 1.2 + 0.11 ×
        billions^(2/3). Judged on published peaks, see "Estimates" in the documentation.

    Example:
        >>> gpus_needed(70.0)
        3.0
    """
    spec = spec_of(gpu)
    active = activation_memory(model_params_b, tokens_per_sample, samples_per_step)
    gpus = float(gpus_to_train(training_memory(model_params_b, method), active, spec.memory_gb))
    if math.isnan(gpus):
        tokens = tokens_per_sample * samples_per_step
        raise DomainError(
            "pass_too_large",
            found=f"{float(active):,.1f}",
            tokens=f"{tokens:,.0f}",
            gpu=spec.gpu,
            allowed=f"{spec.memory_gb:g}",
        )
    return gpus


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
