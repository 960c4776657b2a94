"""The generated JavaScript answers as Python does: every step and series, errors and blanks too."""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.graph_steps import SERIES, STEPS
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.functions.formula import Call, Number, Ref
from roi_xl.hosts.javascript.expressions import javascript
from roi_xl.hosts.javascript.module import case_names, node_module, traceable
from roi_xl.text import text
from tests.draw import argument, clean_arguments
from tests.hosts.javascript.node import answers
from tests.oracle import random_case

CASES = 60
NAMED: list[dict[str, Any]] = [
    {"gpu_model": "H100-SXM-80GB", "gpu_count": 8},
    {"gpu_model": "no such GPU"},
    {"current_model": "gpt-4o", "input_tokens": 1500, "output_tokens": 300, "batch_share": 0.5},
    {"finetuned_model": "gpt-4o-mini", "start_month": "2026-10", "input_tokens": 100},
    {"serving_gpu_model": "A100-80GB", "model_params_b": 7, "output_tokens": 200},
    {"serving_gpu_cost_per_hour": 2.5, "serving_requests_per_gpu_hour": 900},
    {"serving_gpu_cost_per_hour": 2.5},  # no capacity: not available
    {"model_params_b": 70, "training_samples": 5000, "utilisation": 0.4},
    {"model_params_b": 0.5, "training_samples": 5000},
    {"daily_requests": 0},
    {"data_preparation_hours": 0, "training_hours": 0},
    {"success_probability": 0.02},
    {"success_probability": 0},
    {"currency": "CNY", "currency_per_usd": 7.1, "hourly_rate": 300},
    {"horizon_months": 600, "monthly_volume_growth": 0.02},
    {"horizon_months": 7.5, "build_months": 1.5, "ramp_months": 3},
]


def same(found: Any, wanted: Any, scale: float) -> bool:
    if isinstance(wanted, ErrorValue) or isinstance(found, str):
        return bool(found == wanted)
    if wanted is None:
        return isinstance(found, float) and math.isnan(found)
    if math.isinf(wanted) or not math.isfinite(found):
        return bool(found == wanted)
    return bool(abs(found - wanted) <= 1e-9 * max(abs(wanted), scale))


def compare(case: Case, found: dict[str, Any]) -> list[str]:
    """The steps and series in which an answer differs from Python."""
    wanted = evaluate_case(case, "en")
    money = [v for k in ("npv_if_success", "total_cost") if isinstance(v := wanted[k], float)]
    scale = max([1e-6, *map(abs, money)])
    wrong = []
    for step in STEPS:
        value = found["results"][step.name]
        choices = step.quantity.choices
        if choices and not isinstance(value, str):
            value = text(f"choice.{choices[int(value)]}", "en")
            if value != wanted[step.name]:
                wrong.append(step.name)
        elif not same(value, wanted[step.name], scale if step.quantity.unit.key == "money" else 0):
            wrong.append(f"{step.name}: {value} for {wanted[step.name]}")
    flows = cash_flow(case)
    for name in (*(s.name for s in SERIES), "cumulative_cash_flow"):
        row = np.array(found["series"][name])
        if not np.allclose(row, flows[name], rtol=1e-9, atol=1e-9 * scale, equal_nan=True):
            wrong.append(name)
    return wrong


def typed(case: Case) -> dict[str, Any]:
    return {n: case[n] for n in case.given}


def check(folder: Path, cases: list[Case]) -> None:
    script = node_module(case_names(cases))
    found = answers(folder, script, [typed(case) for case in cases])
    assert len(found) == len(cases)
    wrong = {repr(c): w for c, f in zip(cases, found, strict=True) if (w := compare(c, f))}
    assert not wrong


def test_random_cases(tmp_path: Path) -> None:
    check(tmp_path, [Case(**random_case(random.Random(seed))) for seed in range(CASES)])


def test_look_ups_estimates_and_edges(tmp_path: Path) -> None:
    check(tmp_path, [Case(**values) for values in NAMED])
