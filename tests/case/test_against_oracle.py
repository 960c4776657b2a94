"""The case graph against a month-by-month computation written from the economics alone."""

import math
import os
import random
from typing import Any

import numpy as np
import pytest

from roi_xl.case.cash_flow import cash_flow
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.errors import ErrorValue
from roi_xl.text import text
from roi_xl.units import RECOMMENDATION, quantity_of
from tests.oracle import evaluate, random_case

CASES = int(
    os.environ.get("ROI_XL_RANDOM_CASES", "100" if os.environ.get("CI") == "true" else "40")
)
AMOUNTS = (
    "data_cost",
    "compute_cost",
    "people_cost",
    "hosted_training_cost",
    "total_cost",
    "maintenance_cost_per_month",
    "monthly_savings",
    "npv",
    "npv_if_success",
    "npv_if_failure",
    "source_total_cost",
    "source_monthly_savings",
)
TIMES_AND_RATES = (
    "payback_months",
    "discounted_payback_months",
    "irr",
    "source_payback_months",
    "source_annual_roi",
)
CLASSES = quantity_of(RECOMMENDATION).choices
SERIES = {  # a series of the graph, and the oracle's line or flow
    "net_if_success": "success_flow",
    "net_if_failure": "failure_flow",
    "net_cash_flow": "expected_flow",
}


def same(found: Any, wanted: float | None, scale: float) -> bool:
    if isinstance(found, ErrorValue) or wanted is None:
        return isinstance(found, ErrorValue) and wanted is None
    if math.isinf(wanted) or math.isinf(found):
        return bool(found == wanted)
    return bool(abs(found - wanted) <= 1e-9 * max(abs(wanted), scale))


@pytest.mark.parametrize("seed", range(CASES))
def test_random_case(seed: int) -> None:
    inputs: dict[str, Any] = {**random_case(random.Random(seed))}
    wanted, found = evaluate(inputs), evaluate_case(inputs, "en")
    largest = max(1.0, *map(abs, wanted["expected_flow"]), *map(abs, wanted["success_flow"]))
    for name in AMOUNTS:
        assert same(found[name], wanted[name], largest), name  # type: ignore[literal-required]
    for name in TIMES_AND_RATES:
        assert same(found[name], wanted[name], 1.0), name  # type: ignore[literal-required]
    for name in ("recommendation", "source_recommendation"):
        word = text(f"choice.{CLASSES[wanted[name]]}", "en")  # type: ignore[literal-required]
        assert found[name] == word, name
    flows = cash_flow(Case(**inputs))
    for name, line in SERIES.items():
        expected = wanted[line]  # type: ignore[literal-required]
        assert np.allclose(flows[name], expected, rtol=1e-9, atol=1e-9 * largest), name


def test_many_cases_at_once_are_the_same_as_one_by_one() -> None:
    """One call with a column per input gives each case what a call of its own gives."""
    drawn = [random_case(random.Random(seed)) for seed in range(60)]
    drawn = [case for case in drawn if "serving_requests_per_gpu_hour" not in case]
    numeric = [
        name
        for name in {n for case in drawn for n in case}
        if INPUTS[name].quantity.kind == "number"
    ]
    typed: list[dict[str, Any]] = [{n: v for n, v in c.items() if n in numeric} for c in drawn]
    rows = [Case(**values) for values in typed]
    columns = {name: [row[name] for row in rows] for name in numeric}
    together = evaluate_case(columns, "en")
    for i, row in enumerate(rows):
        alone = evaluate_case(row, "en")
        for name in (*AMOUNTS, *TIMES_AND_RATES, "recommendation"):
            one, other = alone[name], np.ravel(together[name])[i if np.ndim(together[name]) else 0]
            if isinstance(one, str):
                assert other == one, (i, name)
            else:
                assert other == pytest.approx(one, rel=1e-12), (i, name)
