"""A changed input moves Summary, charts, Checks and Sensitivity in a spreadsheet as Python says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from roi_xl import Case, build_workbook, evaluate_case
from roi_xl.case.cash_flow import full_series
from roi_xl.case.checks import CHECKS, all_pass, run_checks
from roi_xl.case.graph_steps import CUMULATIVE, STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.sensitivity import tornado
from roi_xl.text import text
from roi_xl.units import never
from roi_xl.workbook.sheets import checks, sensitivity
from roi_xl.workbook.sheets.summary import FIGURES, MORE_FIGURES, VERDICTS
from tests.hosts.office import Doc, Office

SHOWN = (*VERDICTS, *FIGURES, *MORE_FIGURES, "irr_state", "rate_state")
CHANGES: dict[str, dict[str, Any]] = {
    "work": {"data_preparation_hours": 120, "hourly_rate": 80, "labelled_samples": 500},
    "computing": {"gpu_cost_per_hour": 12.5, "training_hours": 30, "gpu_count": 8},
    "listed GPU": {"gpu_cost_per_hour": None, "gpu_model": "H100-SXM-80GB"},
    "people": {"engineer_hours_per_iteration": 25, "num_iterations": 5},
    "upkeep": {"retrainings_per_year": 4, "cost_per_retraining": 900},
    "volume": {"daily_requests": 700, "quality_need": "high", "days_per_month": 22},
    "nothing saved": {"finetuned_cost_per_request": 0.02},
    "by tokens": {
        "current_cost_per_request": None,
        "input_tokens": 1500,
        "output_tokens": 400,
        "current_input_price": 2.5,
        "current_output_price": 10,
    },
    "time": {"horizon_months": 24, "build_months": 2.5, "ramp_months": 4, "retirement_month": 18},
    "growth": {"monthly_volume_growth": 0.03, "current_price_decline_per_year": 0.3},
    "risk": {"success_probability": 0.6, "annual_discount_rate": 0.25},
    "limits": {"strong_below_months": 0.5, "low_daily_requests": 20000, "high_daily_requests": 1e6},
    "currency": {"reporting_currency": "CNY", "usd_to_reporting_rate": 7.15},
    "a failed check": {"strong_below_months": 9, "recommended_below_months": 6},
}


# words differ between the languages, formulas do not
WORDY = ("nothing saved", "volume", "currency", "a failed check")


@pytest.fixture(scope="module")
def live(
    request: pytest.FixtureRequest, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Doc, str, dict[str, int]]]:
    """An open workbook, its language, and the rows of Summary by their labels."""
    language = request.param
    path = build_workbook(Path(tmp_path_factory.mktemp("live")) / "a.xlsx", language=language)
    summary = openpyxl.load_workbook(path).worksheets[0]
    rows = {str(cell.value): cell.row for cell in summary["A"] if cell.value}
    with office.open(path) as doc:
        yield doc, language, rows


@pytest.mark.parametrize(
    ("live", "change"),
    [
        *(("zh", change) for change in CHANGES if change not in WORDY),
        *(("en", change) for change in WORDY),
        *(pytest.param("zh", change, marks=pytest.mark.slow) for change in WORDY),
    ],
    indirect=["live"],
)
def test_the_workbook_follows_its_inputs(
    live: tuple[Doc, str, dict[str, int]], change: str
) -> None:
    doc, language, rows = live
    values = CHANGES[change]
    case = Case(**values)
    typed = {
        name: None if value is None else INPUTS[name].shown(value, language)
        for name, value in values.items()
    }
    before = doc.get_many(values)
    doc.set_many(typed)
    try:
        expected = evaluate_case(case, language)
        summary_follows(doc, language, rows, case, expected)
        checks_follow(doc, language, case, expected)
        sensitivity_follows(doc, language, case)
        charts_follow(doc, case)
    finally:
        doc.set_many({name: None if v == "" else v for name, v in before.items()})


def same(expected: Any, language: str) -> Any:
    if isinstance(expected, str):
        return expected
    if expected == float("inf"):
        return never(language)
    if isinstance(expected, float):
        return pytest.approx(expected, rel=1e-9, abs=1e-9)
    return str(expected)  # an error of a cell


def summary_follows(
    doc: Doc, language: str, rows: dict[str, int], case: Case, expected: dict[str, Any]
) -> None:
    sheet = text("workbook.sheet.summary.title", language)
    steps = {s.name: s for s in STEPS}
    places = {name: rows[steps[name].label(language)] for name in SHOWN}
    found = doc.get_many([f"{sheet}.{c}{row}" for c in "BD" for row in places.values()])
    rate = expected["reporting_rate"]
    for name, row in places.items():
        assert found[f"{sheet}.B{row}"] == same(expected[name], language), name
        if steps[name].quantity.unit.key in ("money", "money_per_month"):
            amount = expected[name] * rate
            assert found[f"{sheet}.D{row}"] == same(amount, language), name


def checks_follow(doc: Doc, language: str, case: Case, expected: dict[str, Any]) -> None:
    sheet = text("workbook.sheet.checks.title", language)
    differences = run_checks(case, expected)
    first = checks.HEADER_ROW + 1
    found = doc.block(f"{sheet}.B{first}:E{first + len(CHECKS) - 1}")
    assert [bool(row[3]) for row in found] == [abs(d) <= 1e-6 for d in differences.values()]
    for row, wanted in zip(found, differences.values(), strict=True):
        assert row[0] == pytest.approx(wanted, abs=1e-6)
    said = text(f"workbook.flag.{'passed' if all_pass(differences) else 'failed'}", language)
    for key in ("summary", "inputs", "sensitivity", "log"):
        assert doc.get(f"{text(f'workbook.sheet.{key}.title', language)}.D1") == said


def sensitivity_follows(doc: Doc, language: str, case: Case) -> None:
    sheet = text("workbook.sheet.sensitivity.title", language)
    bars = [b for b in tornado(case) if b.spread > 1e-6][:6]
    first = sensitivity.HEADER_ROW + 1
    found = doc.block(f"{sheet}.B{first}:I{first + len(bars) - 1}")
    for row, bar in zip(found, bars, strict=True):
        assert row[7] == pytest.approx(bar.spread, rel=1e-9), bar.driver
        tied = sum(np.isclose(b.spread, bar.spread, rtol=1e-9) for b in bars) > 1
        if not tied:
            assert row[0] == bar.driver
            assert row[5:7] == pytest.approx([bar.at_low, bar.at_high], rel=1e-9)


def charts_follow(doc: Doc, case: Case) -> None:
    months = int(case["horizon_months"]) + 1
    series = full_series(case, months - 1)
    for name in CUMULATIVE.values():
        (row,) = doc.block(name)
        assert row[:months] == pytest.approx(series[name].tolist(), rel=1e-9, abs=1e-6)
