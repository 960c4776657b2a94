"""The committed templates are what the command builds, and open as what they say."""

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from roi_xl import __version__
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.study import Study
from roi_xl.casefile import read_study
from roi_xl.errors import FileExists
from roi_xl.hosts.excel import templates as module
from roi_xl.hosts.excel.templates import BUILT_WITH, PACKAGES, build_templates, example
from roi_xl.text import LANGUAGES
from tests.marks import POSIX

FOLDER = Path(__file__).parents[3] / "templates"
MOST_BYTES = 3_500_000


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the command writes, in a process of its own as a user's is."""
    folder = tmp_path_factory.mktemp("templates")
    command = [sys.executable, "-m", "roi_xl", "templates", "build", "-o", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@POSIX
def test_the_committed_files_are_a_fresh_build(fresh: dict[str, bytes]) -> None:
    """Where another version of a package is installed, its files may differ and are left out."""
    built_with = tomllib.loads((FOLDER / BUILT_WITH).read_text(encoding="utf-8"))
    assert built_with["roi_xl"] == __version__
    assert {p.name for p in FOLDER.iterdir() if p.is_file()} == set(fresh)
    same = {name: built_with[name] == version(name) for name in PACKAGES}
    compared, differ = [], []
    for name, data in fresh.items():
        books = name.endswith((".xlsx", ".xlsm"))
        if name == BUILT_WITH or (books and not (same["genai-prices"] and same["openpyxl"])):
            continue
        if name.endswith(".xlsm") and not same["xlwings"]:
            continue
        compared.append(name)
        if (FOLDER / name).read_bytes() != data:  # a bool: nobody wants to see the bytes compared
            differ.append(name)
    assert not differ, "roi-xl templates build -o templates --force"
    assert {"gpu_prices.csv", "finetune_service_prices.csv"} <= set(compared)


def test_the_folder_stays_small(fresh: dict[str, bytes]) -> None:
    assert sum(map(len, fresh.values())) < MOST_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", [".xlsx", ".xlsm"])
def test_they_hold_the_cases_that_they_should(
    language: str, ending: str, fresh: dict[str, bytes], tmp_path: Path
) -> None:
    for name, study in ((f"finetuning_roi_{language}", Study()), ("", example())):
        stem = name or f"finetuning_roi_{language}_example"
        path = tmp_path / f"{stem}{ending}"
        path.write_bytes(fresh[path.name])
        found = read_study(path)
        assert evaluate_case(found.case) == evaluate_case(study.case)
        assert found.scenarios == study.scenarios
        assert found.ranges == study.ranges


def test_the_example_is_a_case_worth_looking_at() -> None:
    """No sample figure of the source is left, and the scenarios differ as their names say."""
    study = example()
    assert not study.case.samples
    values = {name: evaluate_case(case)["npv"] for name, case in study.cases.items()}
    assert values["best"] > values["base"] > values["worst"]


def test_nothing_is_written_where_one_would_be_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "templates", lambda: iter([("a.csv", b"1"), ("b.csv", b"2")]))
    (tmp_path / "b.csv").write_bytes(b"mine")
    with pytest.raises(FileExists):
        build_templates(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["b.csv"]
    build_templates(tmp_path, overwrite=True)
    assert (tmp_path / "b.csv").read_bytes() == b"2"
