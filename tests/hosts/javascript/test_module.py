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
from roi_xl.errors import ErrorValue
from roi_xl.functions.apply import compute
from roi_xl.functions.declare import Function, Param
from roi_xl.functions.formula import Call, Number, Ref
from roi_xl.hosts.javascript.expressions import javascript
from roi_xl.hosts.javascript.module import case_names, node_module, traceable
from roi_xl.registry import FUNCTIONS
from roi_xl.text import text
from roi_xl.units import Quantity
from tests.draw import argument
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


def drawn(seed: int) -> dict[str, Any]:
    return dict(random_case(random.Random(seed)))


def test_random_cases(tmp_path: Path) -> None:
    check(tmp_path, [Case(**drawn(seed)) for seed in range(CASES)])


def test_look_ups_estimates_and_edges(tmp_path: Path) -> None:
    check(tmp_path, [Case(**values) for values in NAMED])


@given(st.data())
@settings(
    max_examples=1,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_cases_anywhere_inside_the_bounds(tmp_path: Path, data: st.DataObject) -> None:
    """Sixty cases of numbers and choices at and between their bounds, a few inputs each."""
    numeric = [n for n, i in INPUTS.items() if i.quantity.kind != "text" and n != "currency"]
    cases = []
    for _ in range(CASES):
        names = data.draw(st.lists(st.sampled_from(numeric), min_size=1, max_size=8, unique=True))
        values = {n: data.draw(argument(INPUTS[n].quantity)) for n in names}
        values["horizon_months"] = min(values.get("horizon_months", 36.0), 120.0)
        cases.append(Case(**values))
    check(tmp_path, cases)


@pytest.mark.parametrize("seed", range(3))
def test_functions_answer_as_cells_do(tmp_path: Path, seed: int) -> None:
    """Every traceable function over random arguments, blanks, errors and values out of bounds."""
    rng = random.Random(seed)
    calls: list[dict[str, Any]] = []
    for function in traceable():
        calls.append(
            {"function": function.name, "args": list(function.example[0][: len(shown(function))])}
        )
        for _ in range(8):
            args = [_drawn(p.quantity, rng) for p in shown(function)]
            calls.append({"function": function.name, "args": args})
    found = answers(tmp_path, node_module(), calls)
    wrong = []
    for call, answer in zip(calls, found, strict=True):
        function = FUNCTIONS[call["function"]]
        column, _ = compute(function, call["args"])
        if column.errors is not None and column.errors.any():
            fits = answer == ErrorValue.from_code(int(column.errors.item()))
        else:
            fits = not isinstance(answer, str) and same(answer, float(column.values), 0)
        if not fits:
            wrong.append((call, answer, column))
    assert not wrong


def _drawn(quantity: Quantity, rng: random.Random) -> Any:
    if rng.random() < 0.1:
        return rng.choice([None, "", "#N/A", "#DIV/0!", "word", -1.0, 0.0, 1e12, math.inf])
    if quantity.choices:
        return rng.choice(quantity.choices)
    low = 0.0 if quantity.lower is None else quantity.lower
    top = (
        {"fraction": 1.0}.get(quantity.unit.key, 200.0)
        if quantity.upper is None
        else quantity.upper
    )
    drawn = low + (min(top, 600.0) - low) * rng.random()
    return float(round(drawn)) if quantity.whole else round(drawn, 4)


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (Call("^", (Ref("a"), Number(2.0))), "pow(a, 2)"),
        (Call("-", (Number(-1.5), Ref("default"))), "((-1.5) - default_)"),
        (
            Call("IF", (Call("is_blank", (Ref("a"),)), Number(math.inf), Ref("b"))),
            "(Number.isNaN(a) ? Infinity : b)",
        ),
    ],
)
def test_spelling(node: Any, said: str) -> None:
    assert javascript(node) == said


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(TypeError, match="ROMAN"):
        javascript(Call("ROMAN", (Ref("a"),)))
    with pytest.raises(TypeError, match="bound"):
        javascript(Call("SUMPRODUCT", (Ref("a"),)))


def test_a_name_outside_the_tables_is_an_error_not_a_figure(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="not in the embedded table"):
        answers(tmp_path, node_module(), [{"gpu_model": "H100-SXM-80GB"}])


def shown(function: Function) -> list[Param]:
    """The parameters without the language: JavaScript answers with the code of a word."""
    return [p for p in function.params if p.name != "language"]
