"""A user's folder as on Windows, to install into."""

from pathlib import Path

import pytest

from roi_xl.hosts.excel import doctor
from roi_xl.hosts.excel.places import Places, find_places


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with Excel's start folder; LibreOffice is not asked."""
    start = tmp_path / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    start.mkdir(parents=True)
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path / "AppData" / "Roaming"))
    monkeypatch.setattr(doctor, "CHECKS", [c for c in doctor.CHECKS if c is not doctor.libreoffice])
    return tmp_path


@pytest.fixture
def here(profile: Path) -> Places:
    return find_places()
