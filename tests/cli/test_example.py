"""`roi-xl example`: every example is a case that can be calculated."""

import json
from pathlib import Path

import pytest

from roi_xl.case.evaluate import evaluate_case
from roi_xl.casefile import read_study
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.examples import all_names, find_example, source, study
from roi_xl.text import LANGUAGES
from tests.cli.test_main import one_line, roi_xl

USES = ("customer_service", "document_extraction", "code_assistant")


@pytest.mark.parametrize("name", all_names())
def test_every_example_can_be_calculated(name: str, tmp_path: Path) -> None:
    done = roi_xl("example", name, "-o", tmp_path)
    assert done.returncode == 0
    path = tmp_path / f"{name}.toml"
    assert path.read_bytes() == source(name)
    assert f"roi-xl calc {path}" in done.stderr  # the next step
    found = read_study(path)
    for case in found.cases.values():
        results = evaluate_case(case, "en")
        for key in ("total_cost", "npv", "payback_months", "recommendation"):
            assert not isinstance(results[key], ErrorValue), key
    assert set(found.names) == set(LANGUAGES)
    assert b"SAMPLE" in source(name)


def test_each_use_case_has_two_sizes_and_one_does_not_pay() -> None:
    names = set(all_names())
    assert {f"{use}_{size}" for use in USES for size in ("small", "large")} <= names
    results = evaluate_case(study("customer_service_small").live_case, "en")
    assert results["recommendation"] == "Not recommended"
    assert results["npv"] < 0


def test_list() -> None:
    listed = roi_xl("example", "--lang", "en").stdout
    for name in all_names():
        assert f"\n{name} " in listed
    data = json.loads(roi_xl("example", "--json", "--lang", "en").stdout)
    assert [entry["name"] for entry in data] == list(all_names())
    (small,) = (entry for entry in data if entry["name"] == "customer_service_small")
    assert small["recommendation"] == "Not recommended"
    assert small["npv"] < 0
    assert roi_xl("example", "customer_service_small", "--json").returncode == 2


def test_write_all_to_a_folder(tmp_path: Path) -> None:
    assert roi_xl("example", "-o", tmp_path).returncode == 0
    assert sorted(p.stem for p in tmp_path.iterdir()) == list(all_names())


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    kept = tmp_path / f"{all_names()[-1]}.toml"
    kept.write_text("mine")
    one_line(roi_xl("example", "-o", tmp_path), 4, kept.name, "--force")
    assert [p.name for p in tmp_path.iterdir()] == [kept.name]
    assert roi_xl("example", "-o", tmp_path, "--force").returncode == 0
    assert kept.read_text() != "mine"


def test_names() -> None:
    assert find_example(" Code-Assistant-Small.toml ") == "code_assistant_small"
    with pytest.raises(BadInput, match="code_assistant_small"):
        find_example("code_asistant_small")
    one_line(roi_xl("example", "nothing_of_the_kind"), 3, "roi-xl example")
