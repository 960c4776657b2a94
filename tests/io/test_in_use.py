"""A file that another program holds is in use; one that may not be read is that; neither is "no workbook"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roi_xl.audit.run import check_workbook
from roi_xl.casefile import read_study
from roi_xl.errors import BadInput, BadWorkbook, FileInUse
from roi_xl.text import LANGUAGES, use
from roi_xl.workbook.build import build_workbook
from tests.marks import POSIX

SHARING_VIOLATION = 32


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Opening a file to read it is refused, with the reasons of Windows that are put here."""
    reasons: list[int | None] = []
    real = Path.open

    def held(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        if reasons and "r" in mode and path.suffix in (".xlsx", ".toml", ".csv"):
            error = PermissionError(13, "Permission denied", str(path))
            if reasons[-1] is not None:
                error.winerror = reasons[-1]  # type: ignore[attr-defined, unused-ignore]
            raise error
        return real(path, mode, *args, **options)

    monkeypatch.setattr(Path, "open", held)
    return reasons


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", ["xlsx", "toml"])
def test_held_by_another_program(
    tmp_path: Path, refused: list[int | None], ending: str, language: str
) -> None:
    use(language)
    path = tmp_path / f"a.{ending}"
    if ending == "xlsx":
        build_workbook(path)
    else:
        path.write_text("gpu_count = 1")
    refused.append(SHARING_VIOLATION)
    with pytest.raises(FileInUse) as held:
        read_study(path)
    assert str(path) in str(held.value)
    if ending == "xlsx":
        with pytest.raises(FileInUse):
            check_workbook(path)


@POSIX
def test_not_to_be_read(tmp_path: Path, refused: list[int | None]) -> None:
    path = build_workbook(tmp_path / "a.xlsx")
    refused.append(None)
    with pytest.raises(BadInput, match="Permission denied") as denied:
        read_study(path)
    assert not isinstance(denied.value, BadWorkbook)


def test_python_on_windows_does_not_say_why(
    tmp_path: Path, refused: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build_workbook(tmp_path / "a.xlsx")
    refused.append(None)
    monkeypatch.setattr("roi_xl.io.atomic_write.sys.platform", "win32")
    with pytest.raises(FileInUse):
        read_study(path)


def test_cases_held_by_another_program(tmp_path: Path, refused: list[int | None]) -> None:
    from roi_xl.batch.run import Batch, run_batch

    cases = tmp_path / "cases.csv"
    cases.write_text("daily_requests\n100\n")
    refused.append(SHARING_VIOLATION)
    with pytest.raises(FileInUse):
        run_batch(Batch(str(cases), str(tmp_path / "o.csv"), "en"))
