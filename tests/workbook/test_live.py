"""A changed input moves every sheet in a spreadsheet as Python says; nothing stored is believed."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roi_xl import Case, build_workbook, evaluate_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.sensitivity import strongest_turn, tornado
from roi_xl.case.study import Span, Study
from roi_xl.errors import ErrorValue
from roi_xl.text import text
from roi_xl.workbook.build import make_book
from roi_xl.workbook.sheet_writer import Book
from roi_xl.workbook.sheets import ranges, sensitivity
from tests.hosts.office import Doc, Office

_BANK: dict[str, Any] = {
    "project_name": "Bank",
    "start_month": "2026-10",
    "currency": "CNY",
    "currency_per_usd": 7.15,
    "daily_requests": 60000,
    "current_model": "gpt-4o",
    "current_cost_per_request": None,
    "input_tokens": 1500,
    "output_tokens": 300,
    "extra_input_tokens_current": 600,
    "cached_input_share": 0.3,
    "serving_gpu_model": "H100-SXM-80GB",
    "finetuned_cost_per_request": None,
    "model_params_b": 8,
    "training_samples": 20000,
    "training_hours": None,
    "serving_min_gpus": 2,
    "hourly_rate": 260,
    "data_preparation_hours": 900,
    "engineer_hours_per_iteration": 120,
    "retrainings_per_year": 4,
    "cost_per_retraining": 60000,
    "quality_value_per_month": 60000,
    "build_months": 3,
    "ramp_months": 4,
    "monthly_volume_growth": 0.01,
    "current_price_decline_per_year": 0.2,
    "contingency_share": 0.1,
    "other_one_off_cost": 300000,
    "wage_growth_per_year": 0.04,
}
_LOSING: dict[str, Any] = {
    "daily_requests": 150,
    "current_cost_per_request": 0.02,
    "finetuned_cost_per_request": 0.004,
    "engineer_hours_per_iteration": 20,
    "regression_test_hours_per_month": 4,
    "data_preparation_hours": 120,
    "training_hours": 6,
}
_FAILING: dict[str, Any] = {
    "daily_requests": 4000,
    "current_cost_per_request": 0.05,
    "data_preparation_hours": 400,
    "engineer_hours_per_iteration": 60,
    "success_probability": 0.6,
    "failure_stop_months": 4,
    "build_months": 2.5,
    "ramp_months": 3,
    "regression_test_hours_per_month": 10,
    "current_error_rate": 0.05,
    "finetuned_error_rate": 0.03,
    "cost_per_error": 1.5,
    "retirement_month": 30,
}
CHANGES: dict[str, dict[str, Any]] = {
    "work": {"data_preparation_hours": 120, "hourly_rate": 80, "labelled_samples": 500},
    "computing": {"gpu_cost_per_hour": 12.5, "training_hours": 30, "gpu_count": 8},
    "listed GPU": {"gpu_model": "H100-SXM-80GB"},
    "hosted training": {"hosted_training_price": 25, "gpu_count": 0, "training_samples": 3000},
    "nothing saved": {"finetuned_cost_per_request": 0.02},
    "a model from the list": {
        "current_cost_per_request": None,
        "current_model": "gpt-4o",
        "input_tokens": 1500,
        "output_tokens": 400,
    },
    "trends": {"wage_growth_per_year": 0.05, "finetuned_price_decline_per_year": 0.1},
    "limits": {"strong_below_months": 0.5, "low_daily_requests": 20000, "high_daily_requests": 1e6},
    "losing": _LOSING,
    "failing": _FAILING,
    "bank": _BANK,
}


QUICK = ("a model from the list", "failing", "bank")


@pytest.fixture(scope="module")
def live(
    request: pytest.FixtureRequest, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Doc, str]]:
    """An open workbook and its language."""
    language = request.param
    path = build_workbook(Path(tmp_path_factory.mktemp("live")) / "a.xlsx", language=language)
    with office.open(path) as doc:
        yield doc, language


@pytest.mark.parametrize(
    ("live", "change"),
    [
        *(("en", change) for change in CHANGES if change in QUICK),
        *(pytest.param("en", c, marks=pytest.mark.slow) for c in CHANGES if c not in QUICK),
        *(pytest.param("zh", change, marks=pytest.mark.slow) for change in CHANGES),
    ],
    indirect=["live"],
)
def test_the_workbook_follows_its_inputs(live: tuple[Doc, str], change: str) -> None:
    doc, language = live
    values = CHANGES[change]
    sample = {name: i.default for name, i in INPUTS.items() if i.is_sample}
    case = Case(**{**sample, **values})
    typed = {
        name: None if value is None else INPUTS[name].shown(value, language)
        for name, value in values.items()
    }
    before = doc.get_many(values)
    doc.set_many(typed)
    try:
        results_follow(doc, case, language)
        tornado_follows(doc, case, language)
        pages_follow(doc, case, language)
    finally:
        doc.set_many({name: None if v == "" else v for name, v in before.items()})


def same(found: Any, expected: Any, infinity: str) -> bool:
    if expected is None or (isinstance(expected, float) and math.isnan(expected)):
        return found in (None, "")
    if isinstance(expected, ErrorValue):
        return isinstance(found, str) and (
            found.startswith(("#", "Err:")) or found in ("n/a", "不适用")
        )
    if isinstance(expected, float) and math.isinf(expected):
        return bool(found == infinity)
    if isinstance(expected, (int, float)):
        close = isinstance(found, (int, float)) and math.isclose(
            found, expected, rel_tol=1e-9, abs_tol=1e-9
        )
        return bool(close)
    return bool(found == expected)


def results_follow(doc: Doc, case: Case, language: str) -> None:
    """Every result of the case stands under its name."""
    expected = evaluate_case(case, language)
    found = doc.get_many([step.name for step in STEPS])
    for step in STEPS:
        got, wanted = found[step.name], expected[step.name]
        if step.name == "irr":  # by the spreadsheet's own search, or not at all
            if isinstance(got, float) and not isinstance(wanted, ErrorValue):
                assert math.isclose(got, wanted, rel_tol=1e-6), step.name
            continue
        infinity = text(f"choice.{step.quantity.infinity}", language)
        assert same(got, wanted, infinity), (step.name, got, wanted)


def tornado_follows(doc: Doc, case: Case, language: str) -> None:
    """The sorted tornado, and the driver that turns the result."""
    shown = set(ranges.drivers())
    bars = [b for b in tornado(case) if b.driver in shown and b.spread > 1e-6][:6]
    left_out = {"currency_per_usd", *(n for n, i in INPUTS.items() if i.group == "training")}
    bars = [b for b in bars if b.driver not in left_out]
    sheet = text("workbook.sheet.sensitivity.title", language)
    first = sensitivity.HEADER_ROW + 1
    rows = doc.block(f"{sheet}.B{first}:L{first + sensitivity.TOP - 1}")
    found = {row[0]: row for row in rows}
    for bar in bars:
        row = found[bar.driver]
        assert row[5] == pytest.approx(bar.at_low, rel=1e-9), bar.driver
        assert row[6] == pytest.approx(bar.at_high, rel=1e-9), bar.driver
    turn = strongest_turn(case)
    if turn is not None and turn.driver in sensitivity.LINEAR and turn.driver in found:
        assert found[turn.driver][10] == pytest.approx(turn.value, rel=1e-6)


def pages_follow(doc: Doc, case: Case, language: str) -> None:
    """Checks, Cash Flow, Alternatives and Actuals are those of a workbook made from the case."""
    book = make_book(case, language)
    for key in ("checks", "alternatives", "actuals", "scenarios"):
        title = book.title(key)
        cached = book.cached[title]
        found = doc.get_many([f"{title}.{cell}" for cell in cached])
        for cell, wanted in cached.items():
            got = found[f"{title}.{cell}"]
            if isinstance(wanted, bool):
                assert bool(got) == wanted, (title, cell)
            elif isinstance(wanted, float):
                close = math.isclose(float(got), wanted, rel_tol=1e-8, abs_tol=1e-5)  # type: ignore[arg-type]
                assert close, (title, cell, got, wanted)
            elif wanted == "":
                assert got in (None, ""), (title, cell, got)


CASES: dict[str, Study | None] = {
    "sample": None,
    "losing": Study(Case(**_LOSING)),
    "failing": Study(Case(**_FAILING), scenarios={"worst": {"success_probability": 0.2}}),
    "bank": Study(
        Case(**_BANK, horizon_months=48),
        scenarios={"best": {"daily_requests": 90000}, "worst": {"success_probability": 0.5}},
        ranges={"daily_requests": Span(30000, 90000, 60000), "hourly_rate": Span(200, 320)},
    ),
}


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("zh", "bank"),
        *(
            pytest.param(language, name, marks=pytest.mark.slow)
            for language, name in (("en", "sample"), ("en", "failing"), ("zh", "losing"))
        ),
    ],
)
def test_every_stored_result_is_what_a_spreadsheet_computes(
    office: Office, tmp_path: Path, language: str, name: str
) -> None:
    book = make_book(CASES[name], language)
    path = build_workbook(tmp_path / "a.xlsx", CASES[name], language)
    with office.open(path) as doc:
        compare(doc, book)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_a_template_asks_for_its_inputs(office: Office, tmp_path: Path, language: str) -> None:
    from roi_xl.workbook.build import workbook_bytes

    path = tmp_path / "template.xlsx"
    path.write_bytes(workbook_bytes(None, language, months=60, unfilled=True))
    summary = text("workbook.sheet.summary.title", language)
    wanted = text("workbook.flag.unfilled", language)
    with office.open(path) as doc:
        assert doc.get(f"{summary}.A4") == wanted.format(count=6)
        assert doc.get(f"{summary}.A7") in (None, "")
        samples = [n for n, i in INPUTS.items() if i.is_sample]
        doc.set_many({name: INPUTS[name].default for name in samples[:-1]})
        assert doc.get(f"{summary}.A4") == wanted.format(count=1)
        doc.set_many({samples[-1]: 0.002})
        verdict = str(doc.get(f"{summary}.A4"))
        assert verdict.endswith(text("choice.strong", language))


def compare(doc: Doc, book: Book) -> None:
    """Every formula of the workbook gives what was stored beside it."""
    for title, cached in book.cached.items():
        found = doc.get_many([f"{title}.{cell}" for cell in cached])
        for cell, wanted in cached.items():
            got = found[f"{title}.{cell}"]
            where = (title, cell, got, wanted)
            if isinstance(wanted, ErrorValue):
                assert isinstance(got, str), where
                assert got.startswith(("#", "Err:")), where
            elif isinstance(wanted, str):
                assert (got or "") == wanted, where
            else:
                close = math.isclose(float(got), float(wanted), rel_tol=1e-8, abs_tol=1e-7)  # type: ignore[arg-type]
                assert close, where
