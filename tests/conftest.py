"""What the whole test suite shares: one running LibreOffice, a clean language, the case counts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import openpyxl
import pytest

from roi_xl.text import use
from tests.hosts.office import Doc, Office, available
from tests.test_structure import PROJECT, ROOT, long_modules

_QUIET = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
hypothesis.settings.register_profile(
    "default", max_examples=40, deadline=None, suppress_health_check=_QUIET
)
hypothesis.settings.register_profile(
    "ci", max_examples=200, deadline=None, suppress_health_check=_QUIET, derandomize=True
)
hypothesis.settings.register_profile(  # .ci/release
    "release", max_examples=2000, deadline=None, suppress_health_check=_QUIET
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")


pytest_plugins = ("tests.hosts.table",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Snapshots are written anew only when asked for."""
    parser.addoption("--update-snapshots", action="store_true", help="write snapshots anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long, and is much like another test, waits for CI."""
    if os.environ.get("CI") == "true":
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Remark on modules that may hold more than one idea."""
    for folder in (ROOT, PROJECT / "tests", PROJECT / "benchmarks"):
        for remark in long_modules(folder):
            terminalreporter.write_line(f"remark: {remark}")


@pytest.fixture(autouse=True)
def _default_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test starts where nobody chose a language."""
    monkeypatch.delenv("ROI_XL_LANG", raising=False)
    use(None)
    yield
    use(None)


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """A started LibreOffice; without one the test is skipped, except in CI, where it fails."""
    if not available():
        reason = "needs LibreOffice and a Python with uno (libreoffice-calc, python3-uno)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with Office() as started:
        yield started


@pytest.fixture(scope="session")
def blank_sheet(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doc]:
    """An empty document with one sheet, Sheet1."""
    path: Path = tmp_path_factory.mktemp("blank") / "blank.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Sheet1"
    book.save(path)
    with office.open(path) as doc:
        yield doc
