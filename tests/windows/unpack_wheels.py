"""Unpacks wheels for Windows into a Windows Python, as pip would there.

python -m tests.windows.unpack_wheels PYTHON_FOLDER WHEEL...
"""

import sys
import zipfile
from pathlib import Path, PurePosixPath


def unpack(wheel: Path, python: Path) -> None:
    """Put the files of a wheel where they belong."""
    site = python / "Lib" / "site-packages"
    homes = {"purelib": site, "platlib": site, "scripts": python / "Scripts", "data": python}
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            first, *rest = PurePosixPath(info.filename).parts
            if first.endswith(".data"):
                target = homes[rest[0]].joinpath(*rest[1:])
            else:
                target = site.joinpath(first, *rest)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(info))


if __name__ == "__main__":
    for name in sys.argv[2:]:
        unpack(Path(name), Path(sys.argv[1]))
