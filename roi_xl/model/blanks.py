"""Typed beats worked out, worked out beats the default: which of several figures a case uses."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.units import (
    MONEY_PER_GPU_HOUR,
    MONEY_PER_GPU_HOUR_OR_BLANK,
    MONEY_PER_REQUEST,
    MONEY_PER_REQUEST_OR_BLANK,
)


@ft(group="savings", mode="pick")
def first_filled(
    typed: MONEY_PER_REQUEST_OR_BLANK,
    worked_out: MONEY_PER_REQUEST_OR_BLANK,
    default: MONEY_PER_REQUEST,
) -> MONEY_PER_REQUEST:
    """Cost in USD per request that the case uses."""
    otherwise = np.where(np.isnan(worked_out), default, worked_out)
    return np.where(np.isnan(typed), otherwise, typed)


@ft(group="cost", mode="pick")
def gpu_price_used(
    typed: MONEY_PER_GPU_HOUR_OR_BLANK,
    worked_out: MONEY_PER_GPU_HOUR_OR_BLANK,
    default: MONEY_PER_GPU_HOUR,
) -> MONEY_PER_GPU_HOUR:
    """Price in USD per GPU-hour that the case uses."""
    return first_filled(typed, worked_out, default)
