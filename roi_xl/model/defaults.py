"""Default values and fixed numbers of the model, each written once."""

from typing import Final

from roi_xl.units import Constant

MONTHS_PER_YEAR: Final = Constant("months_per_year", 12.0, "months_per_year")

# The calculator of the source document.
HOURLY_RATE: Final = 50.0
GPU_COST_PER_HOUR: Final = 3.0
TRAINING_HOURS: Final = 8.0
NUM_ITERATIONS: Final = 3.0
GPU_COUNT: Final = 1.0
DAYS_PER_MONTH: Final = Constant("source_days_per_month", 30.0, "days_per_month")
HOURS_PER_DAY: Final = 24.0

# Its recommendation by payback, strict below each.
STRONG_BELOW_MONTHS: Final = 2.0
RECOMMENDED_BELOW_MONTHS: Final = 6.0
CAUTION_BELOW_MONTHS: Final = 12.0
TARGET_PAYBACK_MONTHS: Final = RECOMMENDED_BELOW_MONTHS

# Its decision matrix by daily requests: below, up to and including, above.
LOW_DAILY_REQUESTS: Final = 100.0
HIGH_DAILY_REQUESTS: Final = 1000.0

# Cash flow: neutral values, with which every month is like the first; the rate is a usual hurdle rate.
HORIZON_MONTHS: Final = 36.0
NO_END: Final = float("inf")
ANNUAL_DISCOUNT_RATE: Final = 0.10
REPAID_WITHIN: Final = Constant(
    "repaid_within", 1e-12, "fraction"
)  # share of all flows, for rounding alone
CHECK_TOLERANCE: Final = Constant("check_tolerance", 1e-6, "money")  # of what must be zero
HOURS_A_DAY: Final = Constant("hours_a_day", 24.0, "hours_per_day")
WHOLE_WITHIN: Final = Constant("whole_within", 1e-9, "factor")  # a rounding error of a whole number
NOWHERE: Final = Constant("nowhere", 4.0)  # the place of "no benefit" among the sources
FAILURE_STOP_MONTHS: Final = 3.0
PEAK_TO_AVERAGE: Final = 3.0
TOKENS_PER_MILLION: Final = Constant("tokens_per_million", 1_000_000.0, "tokens")

# Training: floating-point operations per parameter and token, gradient checkpointing included.
FLOPS_PER_TOKEN_FULL: Final = Constant("flops_per_token_full", 8.0, "flops_per_parameter_token")
FLOPS_PER_TOKEN_ADAPTER: Final = Constant(
    "flops_per_token_adapter", 6.0, "flops_per_parameter_token"
)
# 10^9 parameters x 10^6 tokens over 10^12 FLOPS x 3600 seconds
GPU_HOUR_FLOPS_SCALE: Final = Constant("gpu_hour_flops_scale", 3.6)
SECONDS_PER_HOUR: Final = Constant("seconds_per_hour", 3600.0, "seconds")
ESTIMATE_SPREAD: Final = Constant("estimate_spread", 2.0)
EPOCHS_DEFAULT: Final = 3.0
SAMPLES_PER_STEP_DEFAULT: Final = 4.0
GPU_DEFAULT: Final = "A100-80GB"

# The seconds of one pass, fitted to published runs (see "Estimates" in the documentation).
PASS_SECONDS: Final = Constant("pass_seconds", 0.1, "seconds")  # starting some thousand kernels
# read weights three times; what the optimiser and unpacking 4-bit weights move on top
PASS_BYTES_LORA: Final = Constant("pass_bytes_lora", 6.0, "bytes_per_parameter")
PASS_BYTES_QLORA: Final = Constant("pass_bytes_qlora", 42.0, "bytes_per_parameter")
PASS_BYTES_FULL: Final = Constant("pass_bytes_full", 46.0, "bytes_per_parameter")
TRAINING_PEAK_SHARE: Final = Constant("training_peak_share", 0.8, "fraction")  # of the bf16 peak
# operations per byte that activations move: GPUs with little bandwidth for their peak reach less of it
TRAINING_FLOPS_PER_BYTE: Final = Constant("training_flops_per_byte", 400.0, "flops_per_byte")
# attention adds tokens / (12 x hidden size), and the hidden size is about 2140 x billions^(1/3)
ATTENTION_TOKENS: Final = Constant("attention_tokens", 25_700.0, "tokens")
ATTENTION_MOST_TOKENS: Final = Constant("attention_most_tokens", 131_072.0, "tokens")
CUBE_ROOT: Final = Constant("cube_root", 1 / 3, "exponent")
TWO_THIRDS: Final = Constant("two_thirds", 2 / 3, "exponent")
SHARDED_BYTES: Final = Constant("sharded_bytes", 6.0, "bytes_per_parameter")  # exchanged in a pass
GPUS_PER_SERVER: Final = Constant("gpus_per_server", 8.0, "gpus")
BETWEEN_SERVERS: Final = Constant("between_servers", 4.0)  # times slower than inside one
SEVERAL_GPUS: Final = Constant("several_gpus", 1.05)
NVLINK_GB_S: Final = Constant("nvlink_gb_s", 200.0, "gigabytes_per_second")
PCIE_GB_S: Final = Constant("pcie_gb_s", 15.0, "gigabytes_per_second")

# Memory of training: weights, gradients and optimiser, and what each GPU needs on top.
BYTES_PER_PARAMETER_FULL: Final = Constant("bytes_per_parameter_full", 18.0, "bytes_per_parameter")
BYTES_PER_PARAMETER_LORA: Final = Constant("bytes_per_parameter_lora", 2.1, "bytes_per_parameter")
BYTES_PER_PARAMETER_QLORA: Final = Constant(
    "bytes_per_parameter_qlora", 0.65, "bytes_per_parameter"
)
RUNTIME_GB: Final = Constant("runtime_gb", 2.5, "gigabytes")
ACTIVATION_GB: Final = Constant("activation_gb", 1.2, "gigabytes_per_thousand_tokens")
ACTIVATION_GB_BY_SIZE: Final = Constant(
    "activation_gb_by_size", 0.11, "gigabytes_per_thousand_tokens"
)
TOKENS_PER_THOUSAND: Final = Constant("tokens_per_thousand", 1000.0, "tokens")
MEMORY_SHARE: Final = Constant("memory_share", 0.97, "fraction")  # 80 "GB" hold 85.9e9 bytes

# Serving: a roofline, fitted to published measurements.
SERVING_GPU_DEFAULT: Final = "H100-SXM-80GB"
SERVING_BYTES_16: Final = Constant("serving_bytes_16", 2.0, "bytes_per_parameter")
SERVING_BYTES_8: Final = Constant("serving_bytes_8", 1.0, "bytes_per_parameter")
SERVING_BYTES_4: Final = Constant("serving_bytes_4", 0.55, "bytes_per_parameter")  # with scales
CACHE_SHARE_FP8: Final = Constant("cache_share_fp8", 0.5, "fraction")
SERVING_RUNTIME_GB: Final = Constant("serving_runtime_gb", 1.5, "gigabytes")
MOST_AT_ONCE: Final = Constant("most_at_once", 1024.0, "requests")
BANDWIDTH_SHARE: Final = Constant("bandwidth_share", 0.8, "fraction")
SERVING_PEAK_SHARE: Final = Constant("serving_peak_share", 0.56, "fraction")
SERVING_FP8_SHARE: Final = Constant("serving_fp8_share", 0.58, "fraction")
STEP_SECONDS: Final = Constant("step_seconds", 0.0028, "seconds")
STEP_SECONDS_PER_LAYER: Final = Constant("step_seconds_per_layer", 1 / 32_000, "seconds")
STEP_SECONDS_PER_REQUEST: Final = Constant("step_seconds_per_request", 8e-6, "seconds")
REQUEST_SECONDS: Final = Constant("request_seconds", 0.003, "seconds")
EXCHANGED_BYTES: Final = Constant("exchanged_bytes", 4.0, "bytes")  # a token, layer and value
BILLION: Final = Constant("billion", 1e9)
ATTENTION_FACTOR: Final = Constant("attention_factor", 6.0)
PEAK_TO_AVERAGE_DEFAULT: Final = 3.0
IRR_MISLEADS_BELOW_MONTHS: Final = Constant("irr_misleads_below_months", 3.0, "months")
WIDEST_LOG_RATE: Final = Constant(
    "widest_log_rate", 40.0, "log_rate_per_month"
)  # no monthly rate lies further out
