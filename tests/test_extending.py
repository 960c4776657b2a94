"""Adding a function with an input and a result takes five edited files, shown in a scratch copy."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import roi_xl

PACKAGE = Path(roi_xl.__file__).parent

DECLARATION = '''

from roi_xl.units import COUNT, MONEY  # noqa: E402


@ft("FT_LICENCE_COST", group="cost", example=((20, 30), 600.0))
def licence_cost(licences: COUNT = 0.0, licence_price: MONEY = 25.0) -> MONEY:
    """One-off cost of software licences.

    Args:
        licences: licences bought, at least 0.
        licence_price: amount per licence, at least 0.

    Returns:
        an amount, in the broadcast shape of the arguments.

    Source:
        A price list.

    Example:
        >>> licence_cost(20.0, 30.0)
        600.0
    """
    return licences * licence_price
'''
TEXTS = {
    "en": """
[licences]
label = "Licences bought"
help = "Licences bought once for the project."

[licence_price]
label = "Price of a licence"
help = "Amount paid per licence."

[licence_cost]
label = "Cost of licences"
""",
    "zh": """
[licences]
label = "许可数量"
help = "项目一次性购买的许可数量。"

[licence_price]
label = "许可单价"
help = "每个许可支付的金额。"

[licence_cost]
label = "许可成本"

[FT_LICENCE_COST]
doc = "软件许可的一次性成本。"
""",
}
INPUT = (
    '        _input("licences", "one_off", u.COUNT, 0.0),\n'
    '        _input("licence_price", "one_off", u.MONEY, 25.0),\n'
)
STEP = '    step("licence_cost", _COST, cost.licence_cost, "licences", "licence_price"),\n'


def put_before(path: Path, anchor: str, lines: str) -> None:
    source = path.read_text(encoding="utf-8")
    found = re.search(anchor, source, re.M)
    assert found, anchor
    path.write_text(source[: found.start()] + lines + source[found.start() :], encoding="utf-8")


def append(path: Path, lines: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the function declared, as an input and as a result, without texts."""
    folder = tmp_path_factory.mktemp("scratch")
    package = folder / "roi_xl"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    append(package / "model/cost.py", DECLARATION)
    # within their groups, which stand together in the workbook
    put_before(package / "case/inputs.py", r'^        _input\("data_preparation_hours"', INPUT)
    put_before(package / "case/graph_steps.py", r'^    step\(\n        "data_cost",', STEP)
    return folder


@pytest.fixture(scope="module")
def extended(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its texts."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(scratch, folder, dirs_exist_ok=True)
    for language, lines in TEXTS.items():
        append(folder / f"roi_xl/text/{language}/quantity.toml", lines)
    return folder


def python(folder: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ROI_XL_")}
    return subprocess.run(
        [sys.executable, *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**clean, "PYTHONPATH": str(folder), "PYTHONUTF8": "1", **env},
    )


def test_five_files_were_edited(extended: Path) -> None:
    edited = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and (extended / "roi_xl" / path.relative_to(PACKAGE)).read_bytes() != path.read_bytes()
    ]
    assert sorted(edited) == [
        "case/graph_steps.py",
        "case/inputs.py",
        "model/cost.py",
        "text/en/quantity.toml",
        "text/zh/quantity.toml",
    ]


def test_python_has_it(extended: Path) -> None:
    code = """
import json, roi_xl
from roi_xl import licence_cost, evaluate_case, FUNCTIONS
assert roi_xl.__file__.startswith({folder!r})
print(json.dumps([
    FUNCTIONS["FT_LICENCE_COST"](20, 30),
    FUNCTIONS["FT_LICENCE_COST"](licences=20),
    licence_cost(20),
    evaluate_case(licences=4)["licence_cost"],
    evaluate_case(licences=4)["source_payback_months"],
    FUNCTIONS["FT_LICENCE_COST"].doc("zh"),
]))
"""
    done = python(extended, "-c", code.format(folder=str(extended)))
    assert done.returncode == 0, done.stderr
    payback = roi_xl.evaluate_case()["source_payback_months"]
    assert json.loads(done.stdout) == [600, 500, 500, 100, payback, "软件许可的一次性成本。"]


def test_the_command_line_has_it(extended: Path) -> None:
    page = python(extended, "-m", "roi_xl", "functions", "licence_cost", "--lang", "en").stdout
    for part in (
        "FT_LICENCE_COST([licences=0], [licence_price=25])",
        "One-off cost of software licences.",
        "Amount paid per licence.",
        "=FT_LICENCE_COST(20,30) → 600",
        "=licences*licence_price",
    ):
        assert part in page
    assert "软件许可的一次性成本。" in python(extended, "-m", "roi_xl", "functions").stdout


def test_the_workbook_has_it(extended: Path) -> None:
    done = python(extended, "-m", "roi_xl", "new", "a.xlsx", "--set", "licences=4")
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(extended / "a.xlsx", data_only=True)
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    for label, value in (("许可数量", 4), ("许可单价", 25), ("许可成本", 100)):
        assert any(label in row and value in row for row in rows), label
    assert {"licences", "licence_price", "licence_cost"} <= set(book.defined_names)
    checked = python(extended, "-m", "roi_xl", "check", "a.xlsx")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    calculated = python(extended, "-m", "roi_xl", "calc", "a.xlsx", "--json")
    assert json.loads(calculated.stdout)["results"]["licence_cost"] == 100


def test_without_its_texts_the_missing_one_is_named(scratch: Path) -> None:
    done = python(scratch, "-m", "roi_xl", "functions", "licence_cost", "--lang", "zh")
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    for part in ("FT_LICENCE_COST.doc", "zh", "roi_xl/text/zh/quantity.toml"):
        assert part in done.stderr
    debugged = python(
        scratch, "-m", "roi_xl", "functions", "licence_cost", "--lang", "zh", ROI_XL_DEBUG="1"
    )
    assert debugged.returncode == 70
    assert "Traceback" in debugged.stderr
    assert debugged.stderr.splitlines()[-1] == done.stderr.strip()


def test_while_debugging_labels_have_stand_ins(scratch: Path) -> None:
    page = python(
        scratch, "-m", "roi_xl", "functions", "licence_cost", "--lang", "en", ROI_XL_DEBUG="1"
    )
    assert page.returncode == 0, page.stderr
    assert "licences: licences [" in page.stdout
    done = python(scratch, "-m", "roi_xl", "new", "a.xlsx", "--lang", "en", ROI_XL_DEBUG="1")
    assert done.returncode == 0, done.stderr


def test_a_fault_shows_its_traceback_only_while_debugging(scratch: Path, tmp_path: Path) -> None:
    code = (
        "import sys, roi_xl.registry, roi_xl.__main__ as m; del roi_xl.registry.find;"
        "sys.argv = ['roi-xl', 'functions', 'payback']; m.main()"
    )
    log = str(tmp_path / "log")
    quiet = python(scratch, "-c", code, ROI_XL_LOG=log)
    assert (quiet.returncode, quiet.stderr.count("\n")) == (70, 1)
    loud = python(scratch, "-c", code, ROI_XL_LOG=log, ROI_XL_DEBUG="1")
    assert loud.returncode == 70
    assert "Traceback" in loud.stderr
