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
ESTIMATE_SPREAD: Final = Constant("estimate_spread", 2.0)
PACKED_UTILISATION: Final = 0.40
EPOCHS_DEFAULT: Final = 3.0
GPU_DEFAULT: Final = "A100-80GB"
BYTES_PER_PARAMETER_FULL: Final = Constant("bytes_per_parameter_full", 16.0, "bytes_per_parameter")
BYTES_PER_PARAMETER_LORA: Final = Constant("bytes_per_parameter_lora", 2.0, "bytes_per_parameter")
BYTES_PER_PARAMETER_QLORA: Final = Constant("bytes_per_parameter_qlora", 0.5, "bytes_per_parameter")
MEMORY_SHARE: Final = Constant("memory_share", 0.9, "fraction")
IRR_MISLEADS_BELOW_MONTHS: Final = Constant("irr_misleads_below_months", 3.0, "months")
WIDEST_LOG_RATE: Final = Constant(
    "widest_log_rate", 40.0, "log_rate_per_month"
)  # no monthly rate lies further out
