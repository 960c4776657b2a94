"""The environment in which LibreOffice's own programs run, whatever Python called them."""

import os
import sys
from pathlib import Path


def clean_environment() -> dict[str, str]:
    """The process's environment without what is meant for the Python that runs now.

    LibreOffice's own Python looks for its library beside the first `python3` of the path, which an
    active virtual environment would be.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    active = env.pop("VIRTUAL_ENV", None)
    own = {str(Path(folder) / "bin") for folder in (active, sys.prefix) if folder}
    path = [folder for folder in env.get("PATH", "").split(os.pathsep) if folder not in own]
    system = [folder for folder in ("/usr/bin", "/bin") if Path(folder).is_dir()]
    return env | {"PATH": os.pathsep.join([*system, *path])}
