"""Where LibreOffice's programs stand, and the environment that they run in."""

import os
import shutil
import sys
from pathlib import Path

_FOLDERS = (
    "/Applications/LibreOffice.app/Contents/MacOS",
    r"C:\Program Files\LibreOffice\program",
    r"C:\Program Files (x86)\LibreOffice\program",
)
# the .com on Windows is the one that a console waits for; LibreOffice is soffice's other name
_NAMES = {"soffice": ("soffice", "libreoffice", "soffice.com"), "unopkg": ("unopkg", "unopkg.com")}


def find_program(name: str) -> str | None:
    """The program `soffice` or `unopkg`: on the path, beside soffice, or in its usual place."""
    names = _NAMES[name]
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    office = next(filter(None, map(shutil.which, _NAMES["soffice"])), None)
    folders = [str(Path(office).resolve().parent)] if office else []
    places = (Path(folder) / each for folder in (*folders, *_FOLDERS) for each in names)
    return next((str(place) for place in places if place.exists()), None)


def environment() -> dict[str, str]:
    """The environment without what is meant for the Python that runs us.

    LibreOffice's own Python looks for its library beside the first `python3` of the path, which that
    of an active virtual environment would be.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    active = env.pop("VIRTUAL_ENV", None)
    if sys.prefix == sys.base_prefix and active is None:
        return env
    own = {
        str(Path(folder) / part)
        for folder in (active, sys.prefix)
        if folder
        for part in ("bin", "Scripts")
    }
    path = [folder for folder in env.get("PATH", "").split(os.pathsep) if folder not in own]
    return env | {"PATH": os.pathsep.join(path)}
