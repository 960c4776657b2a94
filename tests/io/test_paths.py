"""Long paths in the form that Windows takes at any length."""

from pathlib import Path

import pytest

from roi_xl.io.paths import extended

DEEP = "\\folder" * 40


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"C:{DEEP}\\a.xlsx", f"\\\\?\\C:{DEEP}\\a.xlsx"),
        (f"C:{DEEP}\\..\\a.xlsx", f"\\\\?\\C:{DEEP.rpartition(chr(92))[0]}\\a.xlsx"),
        (f"\\\\server\\share{DEEP}\\a.xlsx", f"\\\\?\\UNC\\server\\share{DEEP}\\a.xlsx"),
        (f"\\\\?\\C:{DEEP}\\a.xlsx", f"\\\\?\\C:{DEEP}\\a.xlsx"),
        ("C:\\a.xlsx", "C:\\a.xlsx"),
        ("a.xlsx", "a.xlsx"),
    ],
)
def test_on_windows(given: str, expected: str) -> None:
    assert str(extended(Path(given), windows=True)) == expected


def test_elsewhere_a_path_is_left_alone() -> None:
    path = Path("/" + "folder/" * 60 + "a.xlsx")
    assert extended(path, windows=False) is path
