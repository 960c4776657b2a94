"""The Actuals sheet, recalculated by a real spreadsheet program, against the same table as a CSV."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from roi_xl import Case, build_workbook
from roi_xl.case.actuals import CAUSES, COLUMNS, GO_ON, LOOK_AGAIN, OVER, STOP, Review, review
from roi_xl.case.actuals_file import read_actuals
from roi_xl.case.study import Study
from roi_xl.report.actuals_page import sentence
from roi_xl.text import speaking, text
from roi_xl.units import never
from roi_xl.workbook.build import make_book
from roi_xl.workbook.sheets.actuals import HEADER_ROW
from tests.hosts.office import Doc, Office

TOP = HEADER_ROW + 1  # the row of month 0
HORIZON = 30
CASE = Case(
    daily_requests=8000,
    build_months=2,
    ramp_months=3,
    monthly_volume_growth=0.02,
    current_price_decline_per_year=0.2,
    finetuned_price_decline_per_year=0.1,
    finetuned_fixed_cost_per_month=120,
    regression_test_hours_per_month=6,
    quality_value_per_month=250,
    success_probability=0.7,
    horizon_months=HORIZON,
    retirement_month=26,
)
Rows = Mapping[int, Mapping[str, float]]
SOFAR: Rows = {
    0: {"one_off": 3100},
    3: {"requests": 70_000, "finetuned_model_cost": 300, "run_cost": 420, "quality": 90},
    4: {"requests": 150_000, "current_model_price": 0.0083, "quality": -20},
    6: {"finetuned_model_cost": 700, "current_model_price": 0.009, "one_off": 80},
}
FULL = {m: {"requests": 400_000.0} for m in range(3, 7)}
TABLES: dict[str, tuple[Rows, str]] = {
    "so far": (SOFAR, LOOK_AGAIN),
    "one month": ({5: {"requests": 240_000, "run_cost": 310}}, GO_ON),
    "more than planned": (FULL, GO_ON),
    "investment only": ({0: {"one_off": 2500}}, GO_ON),
    "spent too much": ({0: {"one_off": 90_000}}, LOOK_AGAIN),
    "while building": ({1: {"run_cost": 700}}, GO_ON),
    "no requests": ({3: {"requests": 0}, 4: {"requests": 0}}, STOP),
    "today's price fell": ({5: {"current_model_price": 0.0006}}, STOP),
    "over": ({m: {"requests": 200_000.0} for m in (20, 26)}, OVER),
    "after retirement": ({28: {"run_cost": 50}}, OVER),
}


@pytest.fixture(scope="module", params=("en", "zh"))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def book(office: Office, tmp_path_factory: pytest.TempPathFactory, language: str) -> Iterator[Doc]:
    folder = tmp_path_factory.mktemp("actuals")
    with office.open(build_workbook(folder / "a.xlsx", CASE, language)) as doc:
        yield doc


def from_csv(case: Case, rows: Rows, path: Path) -> Review:
    lines = [",".join(("month", *COLUMNS))]
    for month, values in rows.items():
        lines.append(",".join((str(month), *(str(values.get(name, "")) for name in COLUMNS))))
    path.write_text("\n".join(lines))
    return review(case, read_actuals(path, None))


def typed(sheet: str, rows: Rows) -> dict[str, float]:
    return {
        f"{sheet}!{letter}{TOP + month}": values[name]
        for month, values in rows.items()
        for letter, name in zip("CDEFGH", COLUMNS, strict=True)
        if name in values
    }


def close(wanted: float) -> Any:
    return pytest.approx(wanted, rel=1e-9, abs=1e-7)  # parts are differences of larger amounts


def follows(doc: Doc, sheet: str, found: Review, language: str) -> None:
    """Every figure on the sheet is that of a review."""
    shown = doc.block(f"{sheet}.A{TOP}:Q{TOP + HORIZON}")
    known = {v.month: v for v in found.variances}
    for month, row in enumerate(shown):
        assert row[9] == close(found.plan.flow[month]), month
        assert row[16] == close(found.forecast.flow[month]), month
        if month not in known:
            assert {row[i] for i in (8, 10, 11, 12, 13, 14, 15)} <= {None, ""}, month
            continue
        v = known[month]
        actual, plan, difference, *parts = (float(cell or 0.0) for cell in row[8:16])
        assert (actual, plan) == (close(v.actual_net), close(v.planned_net))
        assert difference == close(v.difference)
        assert parts == [close(v.by_cause[cause]) for cause in CAUSES]
        assert sum(parts) == close(difference)
    left = [row[0] for row in doc.block(f"{sheet}.C5:C10")]
    right = [row[0] for row in doc.block(f"{sheet}.I5:I10")]
    plan_side, now = found.plan, found.forecast

    def months(value: float) -> Any:
        return never(language) if value == float("inf") else close(value)

    assert left[:2] == [len(known), max(known)]
    assert left[2:4] == [close(plan_side.npv), close(now.npv)]
    assert left[4:] == [months(plan_side.payback_months), months(now.payback_months)]
    assert right[:2] == [close(plan_side.to_come), close(now.to_come)]
    ratio = ("", None) if now.volume_ratio is None else (close(now.volume_ratio),)
    assert right[2] in ratio
    assert right[3:] == [
        close(now.price_variance),
        close(now.run_variance),
        close(now.quality_variance),
    ]
    with speaking(language):
        assert doc.get(f"{sheet}.A4") == sentence(found)


@pytest.mark.parametrize("name", TABLES)
def test_the_sheet_gives_what_a_table_gives(
    book: Doc, tmp_path: Path, language: str, name: str
) -> None:
    rows, advice = TABLES[name]
    found = from_csv(CASE, rows, tmp_path / "a.csv")
    assert found.advice == advice
    sheet = text("workbook.sheet.actuals.title", language)
    cells = typed(sheet, rows)
    book.set_many(cells)
    try:
        follows(book, sheet, found, language)
    finally:
        book.set_many(dict.fromkeys(cells))


def test_the_limits_are_those_of_the_case(book: Doc, tmp_path: Path, language: str) -> None:
    sheet = text("workbook.sheet.actuals.title", language)
    cells = typed(sheet, SOFAR)
    book.set_many(cells)
    for limits in ({"look_again_below": 0.1}, {"stop_below": 0.95}):
        book.set_many(limits)
        case = CASE.replace(**limits)
        found = from_csv(case, SOFAR, tmp_path / "a.csv")
        assert found.advice == (GO_ON if "look_again_below" in limits else STOP)
        follows(book, sheet, found, language)
        book.set_many({name: CASE[name] for name in limits})
    book.set_many(dict.fromkeys(cells))


def test_nothing_reported_is_the_plan(book: Doc, language: str) -> None:
    sheet = text("workbook.sheet.actuals.title", language)
    assert book.get(f"{sheet}.A4") in (None, "")
    npv, now = book.get_many([f"{sheet}.C7", f"{sheet}.C8"]).values()
    assert npv == now == close(float(from_plan().npv))


def from_plan() -> Any:
    from roi_xl.case.actuals import Actual

    return review(CASE, [Actual(1, {"requests": 0})]).plan


def test_a_month_behind_the_horizon_is_said(book: Doc, language: str) -> None:
    sheet = text("workbook.sheet.actuals.title", language)
    place = f"{sheet}!C{TOP + HORIZON + 1}"
    book.set(place, 5.0)
    assert book.get(f"{sheet}.A4") == text("workbook.actual.outside", language)
    assert book.get(f"{sheet}.C5") == 0
    assert book.get(f"{sheet}.C8") == book.get(f"{sheet}.C7")
    book.set(place, None)


@pytest.mark.parametrize("name", ["so far", "spent too much", "no requests", "over"])
def test_stored_results_of_a_filled_sheet(
    office: Office, tmp_path: Path, name: str, language: str
) -> None:
    """A workbook made from a filled one stores what a spreadsheet computes."""
    import openpyxl

    from roi_xl.casefile import read_study

    path = build_workbook(tmp_path / "a.xlsx", CASE, language)
    workbook = openpyxl.load_workbook(path)
    sheet = text("workbook.sheet.actuals.title", language)
    for place, value in typed(sheet, TABLES[name][0]).items():
        workbook[sheet][place.split("!")[1]] = value
    workbook.save(path)
    study: Study = read_study(path)
    made = make_book(study, language)
    again = build_workbook(tmp_path / "b.xlsx", study, language)
    with office.open(again) as doc:
        cached = made.cached[sheet]
        shown = doc.get_many([f"{sheet}.{cell}" for cell in cached])
    for cell, wanted in cached.items():
        got = shown[f"{sheet}.{cell}"]
        if isinstance(wanted, float):
            assert got == close(wanted), cell
        else:
            assert (got or "") == wanted, cell
