"""The built wheel: everything that runs, nothing that does not."""

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.docs.tables import licence, requirements

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "roi_xl"
SHIPPED = {
    ".py",
    ".pyi",
    ".toml",
    ".csv",
    ".js",
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
    for needed in (
        "py.typed",
        "prices/gpu_prices.csv",
        "text/zh/error.toml",
        "text/en/error.toml",
        "examples/customer_service_large.toml",
        "hosts/excel/bas/ThisWorkbook.cls",
    ):
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
    for name, (versions, _) in requirements().items():
        assert versions.startswith(">="), name
        assert any(word in licence(name) for word in ALLOWED_LICENCES), (name, licence(name))


NO_NETWORK = """
import os, socket

def refuse(self, address):
    if self.family != socket.AF_UNIX:
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("there is no network")

socket.socket.connect = socket.socket.connect_ex = refuse
"""


@pytest.mark.slow
def test_installed_alone_and_without_a_network(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """From an empty folder, with the package and what it asks for, and nothing else."""
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    install = [str(programs / "python"), "-m", "pip", "install", "-q", str(wheel.filename)]
    subprocess.run(install, check=True, capture_output=True)
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    for left_out in ("pytest", "hypothesis", "pyarrow", "dask", "python_calamine", "lxml"):
        assert not (site / left_out).exists()
    (site / "sitecustomize.py").write_text(NO_NETWORK)
    folder = tmp_path / "empty"
    folder.mkdir()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PIP_", "ROI_XL"))}
    env = clean | {"NETWORK_LOG": str(tmp_path / "network"), "ROI_XL_LANG": "en"}
    env |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_INDEX": "1"}

    def run(*words: str, code: int = 0) -> str:
        done = subprocess.run(
            [str(programs / "roi-xl"), *words], cwd=folder, env=env, capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    seen = [
        str(programs / "python"),
        "-c",
        "import urllib.request as u; u.urlopen('http://127.0.0.1:9')",
    ]
    assert b"there is no network" in subprocess.run(seen, env=env, capture_output=True).stderr
    (tmp_path / "network").unlink()
    assert "2036.00 USD" in run("new", "roi.xlsx")
    run("new", "roi.xlsm")
    assert "2036.00" in run("calc", "roi.xlsx")
    run("check", "roi.xlsx")
    assert "FT_PAYBACK" in run("functions")
    (folder / "cases.csv").write_text("日请求量\n5000\n", encoding="gb18030")
    assert "payback_months" in run("batch", "cases.csv", "-o", "-")
    run("report", "roi.xlsx", "-o", "roi.html")
    run("prices", "list")
    run("batch", "cases.csv", "-o", "out.parquet", code=3)  # an extra, which the message names
    assert not (tmp_path / "network").exists()
    made = {"roi.xlsx", "roi.xlsm", "cases.csv", "roi.html"}
    assert {path.name for path in folder.iterdir()} == made
