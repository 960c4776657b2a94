"""Random cases for the benchmarks, the same every time."""

from typing import Any

import numpy as np
import pandas as pd

COLUMNS = {
    "data_preparation_hours": (10, 200, 1),
    "hourly_rate": (20, 100, 2),
    "training_hours": (1, 50, 1),
    "gpu_count": (1, 8, 0),
    "engineer_hours_per_iteration": (0, 40, 1),
    "daily_requests": (10, 50_000, 0),
    "current_cost_per_request": (0.005, 0.02, 5),
    "finetuned_cost_per_request": (0.0005, 0.004, 6),
}


def made_up(rows: int) -> pd.DataFrame:
    """A frame of cases with names."""
    random: Any = np.random.default_rng(1)
    numbers = {
        name: np.round(random.uniform(low, high, rows), places)
        for name, (low, high, places) in COLUMNS.items()
    }
    return pd.DataFrame({"customer": [f"c{i}" for i in range(rows)], **numbers})
