"""The built wheel: everything that runs, nothing that does not."""

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "roi_xl"
SHIPPED = {
    ".py",
    ".toml",
    ".csv",
    ".json",
    ".typed",
    ".bas",
    ".cls",
    ".xml",
    ".txt",
    ".xlam",
    ".xcu",
}
ALLOWED_LICENCES = ("MIT", "BSD", "Apache", "PSF", "Unlicense")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy of the files that git knows, so that a stray file cannot slip in or help."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--quiet",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("roi_xl-*.whl")
    return zipfile.ZipFile(built)


def test_it_holds_the_package_and_its_metadata_alone(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"roi_xl"}
    assert len(tops) == 2
    for name in wheel.namelist():
        assert "test" not in name.lower().split("/")[1]
        assert "__pycache__" not in name
        assert Path(name).suffix in SHIPPED or ".dist-info/" in name, name


def test_every_file_of_the_package_is_in_it(wheel: zipfile.ZipFile) -> None:
    here = {
        f"roi_xl/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    inside = {name for name in wheel.namelist() if name.startswith("roi_xl/")}
    assert inside == here
    for needed in ("py.typed", "prices/gpu_prices.csv", "text/zh/error.toml", "text/en/error.toml"):
        assert f"roi_xl/{needed}" in inside


def test_its_metadata(wheel: zipfile.ZipFile) -> None:
    (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
    metadata = message_from_bytes(wheel.read(name))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = [r for r in metadata.get_all("Requires-Dist", []) if "extra ==" not in r]
    assert len(required) == len(project["dependencies"])
    assert metadata["Requires-Python"] == project["requires-python"]
    (entry,) = (n for n in wheel.namelist() if n.endswith("entry_points.txt"))
    assert b"roi-xl = roi_xl.__main__:main" in wheel.read(entry)
    assert any(n.endswith("LICENSE") for n in wheel.namelist())


def test_every_dependency_has_a_lower_bound_and_a_permissive_licence() -> None:
    """Copyleft or unknown terms would bind whoever installs the package."""
    import re
    from importlib.metadata import metadata

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name = re.split(r"[^A-Za-z0-9_.-]", requirement)[0]
        assert ">=" in requirement, requirement
        about: Any = metadata(name)
        said = [about.get("License-Expression") or "", about.get("License") or ""]
        said += [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
        assert any(word in line for word in ALLOWED_LICENCES for line in said), (name, said)
