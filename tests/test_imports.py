"""Libraries are imported where they belong and cost what they should, seen in a fresh interpreter."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import roi_xl

ROOT = Path(roi_xl.__file__).parent
ONLY_IN = {
    "xlwings": {"udfs", "hosts"},
    "openpyxl": {"audit", "batch", "hosts", "workbook", "xlsx"},
    "click": {"cli", "__main__"},
    "pandas": {"batch", "prices"},
}
MODULES = sorted(p for p in ROOT.rglob("*.py") if p.parent != ROOT or p.stem != "__init__")


def own(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Everything it imports, at its top or when it runs."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_libraries_stay_where_they_belong(path: Path) -> None:
    for name in imports(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or own(path) in allowed, name


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "not_loaded"),
    [
        ("import roi_xl", {"numpy", "openpyxl", "pandas", "xlwings", "click", "tomllib"}),
        ("import roi_xl.cli.main", {"numpy", "openpyxl", "pandas", "xlwings"}),
        ("import roi_xl.functions.declare", {"numpy", "openpyxl", "pandas", "xlwings", "click"}),
        ("from roi_xl import FUNCTIONS", {"openpyxl", "pandas", "xlwings", "click"}),
        ("from roi_xl import evaluate_case", {"openpyxl", "pandas", "xlwings", "click"}),
        ("from roi_xl import build_workbook", {"xlwings", "click"}),
        ("import roi_xl.udfs", {"openpyxl", "click"}),
    ],
)
def test_import_budget(statement: str, not_loaded: set[str]) -> None:
    assert not loaded_by(statement) & not_loaded


def test_public_names() -> None:
    for name in roi_xl.__all__:
        assert getattr(roi_xl, name) is not None
    assert set(roi_xl.__all__) <= set(dir(roi_xl))
    with pytest.raises(AttributeError):
        roi_xl.no_such_name  # noqa: B018
