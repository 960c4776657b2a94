"""The price sheets in a real spreadsheet program: what a user adds is found, and Python agrees."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook.defined_name import DefinedName

from roi_xl import build_workbook, evaluate_case, read_case
from roi_xl.prices.reader import shipped
from roi_xl.text import text
from roi_xl.workbook.layout import LLM_ADDED, LLM_LISTED
from roi_xl.workbook.sheets.gpu_prices import HEADER_ROW
from tests.hosts.office import Doc, Office, Value
from tests.marks import EACH_LANGUAGE

FREE = HEADER_ROW + len(shipped()) + 1
SERIAL = 46350  # 2026-11-24


@pytest.fixture(params=EACH_LANGUAGE)
def opened(
    request: pytest.FixtureRequest, office: Office, tmp_path: Path
) -> Iterator[tuple[Doc, str]]:
    path = build_workbook(tmp_path / "roi.xlsx", language=request.param)
    with office.open(path) as doc:
        yield doc, request.param


def add(doc: Doc, language: str, row: int, **cells: Value) -> None:
    sheet = text("workbook.sheet.gpu_prices.title", language)
    market = text("choice.on-demand", language)
    values: dict[str, Value] = {
        "A": "My GPU-9",
        "C": "Acme",
        "D": market,
        "G": "p",
        "H": SERIAL,
        **cells,
    }
    doc.set_many({f"{sheet}!{column}{row}": value for column, value in values.items()})


def test_what_a_user_adds_is_found(opened: tuple[Doc, str], tmp_path: Path) -> None:
    doc, language = opened
    sheet = text("workbook.sheet.gpu_prices.title", language)
    doc.set_many({"gpu_cost_per_hour": None, "gpu_model": "mygpu 9"})
    assert doc.get("gpu_price_per_hour") == "#N/A"
    add(doc, language, FREE, E=0.5)
    assert doc.get("gpu_price_per_hour") == 0.5
    assert doc.get("total_cost") == 2006  # 2,000 + 4 hours × 3 × 0.5
    add(doc, language, FREE + 1, E=0.4, C="Other")
    assert doc.get("gpu_price_per_hour") == 0.4  # the cheapest
    doc.set("gpu_provider", "ACME")
    assert doc.get("gpu_price_per_hour") == 0.5
    add(doc, language, FREE + 2, A="my gpu 9", E=0.7, H=SERIAL + 1)
    assert doc.get("gpu_price_per_hour") == 0.7  # a later row of the same offer replaces it
    assert doc.get(f"{sheet}!L{FREE}") == text("workbook.prices.replaced", language)
    case = read_case(doc.save_as(tmp_path / "saved.xlsx"))
    assert evaluate_case(case)["gpu_price_per_hour"] == 0.7
    doc.set("gpu_cost_per_hour", 2)
    assert doc.get("total_cost") == 2024  # typed means typed


def test_every_shipped_gpu_is_found_as_python_finds_it(opened: tuple[Doc, str]) -> None:
    doc, language = opened
    doc.set("gpu_cost_per_hour", None)
    for row in shipped():
        market = text(f"choice.{row.market}", language)
        for provider in (None, row.provider.lower()):
            case: dict[str, Value] = {
                "gpu_model": row.gpu.lower(),
                "gpu_provider": provider,
                "gpu_market": market,
            }
            doc.set_many(case)
            assert doc.get("gpu_price_per_hour") == evaluate_case(case)["gpu_price_per_hour"]


def test_age_is_counted_to_the_date_on_the_sheet(opened: tuple[Doc, str]) -> None:
    doc, _ = opened
    assert doc.get("gpu_prices_stale") == 10
    doc.set("prices_as_of", SERIAL + 365)
    assert doc.get("gpu_prices_stale") == len(shipped())


def test_costs_by_tokens_and_estimates(opened: tuple[Doc, str]) -> None:
    doc, _ = opened
    case: dict[str, Value] = {
        "input_tokens": 1000,
        "output_tokens": 500,
        "current_input_price": 2.5,
        "current_output_price": 10,
        "cached_input_share": 0.5,
        "current_cached_input_price": 1.25,
        "gpu_model": "h100",
        "gpu_cost_per_hour": 3,
        "gpu_count": 8,
        "model_params_b": 70,
        "training_samples": 5000,
    }
    doc.set_many({**case, "current_cost_per_request": None})
    expected = evaluate_case(case)
    for name in (
        "current_request_cost",
        "finetuned_request_cost",
        "monthly_savings",
        "estimated_training_hours",
        "estimated_training_hours_high",
        "gpus_for_memory",
    ):
        assert doc.get(name) == pytest.approx(expected[name]), name


def test_a_model_is_found(opened: tuple[Doc, str]) -> None:
    doc, _ = opened
    assert doc.get("llm_input_price_found") == 2.5
    doc.set("llm_lookup_model", "GPT-4o-mini")
    assert (doc.get("llm_input_price_found"), doc.get("llm_output_price_found")) == (0.15, 0.6)
    doc.set("llm_lookup_model", "nothing")
    assert doc.get("llm_input_price_found") == ""


def test_own_prices_and_own_models_replace_and_join_the_listed(
    opened: tuple[Doc, str], tmp_path: Path
) -> None:
    doc, language = opened
    sheet = text("workbook.sheet.llm_prices.title", language)
    names = openpyxl.load_workbook(doc.save_as(tmp_path / "saved.xlsx")).defined_names
    rows = doc.block(LLM_LISTED)
    listed = first_row(names[LLM_LISTED]) + [row[1] for row in rows].index("gpt-4o-mini")
    doc.set("llm_lookup_model", "gpt-4o-mini")
    doc.set(
        f"{sheet}!G{listed}", 0.11
    )  # its own input price; the output price stays the listed one
    assert doc.get("llm_input_price_found") == 0.11
    assert doc.get("llm_output_price_found") == 0.6
    free = first_row(names[LLM_ADDED])
    doc.set_many({f"{sheet}!B{free}": "our own model", f"{sheet}!C{free}": 0.2})
    doc.set("llm_lookup_model", "OUR OWN MODEL")
    assert doc.get("llm_input_price_found") == 0.2
    assert doc.get("llm_output_price_found") == ""  # none was typed


def first_row(name: DefinedName) -> int:
    """The row in which a named range starts."""
    ((_, span),) = name.destinations
    return int(range_boundaries(span)[1] or 0)
