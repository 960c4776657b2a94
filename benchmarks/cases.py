"""Random cases for the benchmarks, the same every time, and the steps that they move."""

from typing import Any

import numpy as np
import pandas as pd

from roi_xl.case.evaluate import steps_moved_by
from roi_xl.case.graph_steps import STEPS, Step

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


def without_cash_flow() -> tuple[Step, ...]:
    """The steps that need no monthly series, neither themselves nor through others."""
    flows: set[str] = set()
    for step in STEPS:
        if step.over_flows or not flows.isdisjoint(step.args):
            flows.add(step.name)
    return tuple(step for step in STEPS if step.name not in flows)


def moved() -> tuple[Step, ...]:
    """The steps to which a column of COLUMNS leads; all others are one number for all cases."""
    names = steps_moved_by(tuple(COLUMNS))
    return tuple(step for step in STEPS if step.name in names)
