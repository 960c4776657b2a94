"""Where LibreOffice's programs stand."""

import shutil
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
