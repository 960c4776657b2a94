"""What the tests on Windows share: a user's folder, the commands, the cases; elsewhere none runs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

collect_ignore_glob = [] if sys.platform == "win32" else ["test_*.py"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user's folder with Excel's start folder, for this process and those it starts."""
    home = tmp_path_factory.mktemp("user")
    roaming = home / "AppData" / "Roaming"
    (roaming / "Microsoft" / "Excel" / "XLSTART").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("USERPROFILE", str(home))
        patched.setenv("APPDATA", str(roaming))
        yield home


@pytest.fixture(scope="session")
def roi_xl(profile: Path) -> Run:
    """Runs a command as a person would, reading what it prints in the code page of Windows."""

    def run(*args: str, cwd: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "roi_xl", *args]
        whole = {**os.environ, **env}
        return subprocess.run(
            command, cwd=cwd, env=whole, capture_output=True, encoding="mbcs", check=False
        )

    return run


@pytest.fixture(scope="session")
def installed(roi_xl: Run, profile: Path) -> Path:
    """The settings file of an installed add-in."""
    done = roi_xl("install", "--lang", "en")
    assert done.returncode == 0, done.stderr
    return profile / ".roi_xl" / "roi_xl.conf"


@pytest.fixture(scope="session")
def cases() -> dict[str, Any]:
    """What `tests.windows.cases` wrote on Linux."""
    data: dict[str, Any] = json.loads(Path(os.environ["ROI_XL_CASES"]).read_text("utf-8"))
    return data
