"""Runs LibreOffice's programs with a timeout; a hung one is killed with its child processes."""

import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from roi_xl.errors import BadInput, OutputError


def clean_environment() -> dict[str, str]:
    """The process's environment without the settings of the running Python.

    LibreOffice's own Python looks for its library beside the first `python3` on the path, which in an
    active virtual environment would be the wrong one.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    active = env.pop("VIRTUAL_ENV", None)
    own = {str(Path(folder) / "bin") for folder in (active, sys.prefix) if folder}
    path = [folder for folder in env.get("PATH", "").split(os.pathsep) if folder not in own]
    system = [folder for folder in ("/usr/bin", "/bin") if Path(folder).is_dir()]
    return env | {"PATH": os.pathsep.join([*system, *path])}


SECONDS = 180.0  # LibreOffice starts within a minute, even on a slow machine
VARIABLE = "ROI_XL_OFFICE_SECONDS"  # overrides the timeout


@dataclass(frozen=True, slots=True)
class Done:
    """A finished program: its exit code and output."""

    code: int
    out: str
    err: str


def run(command: Sequence[str]) -> Done:
    """Run one of LibreOffice's programs until it exits.

    Its output goes to files: child processes that outlive it would keep a pipe open.

    Raises:
        OutputError: it cannot be started, or timed out.
        BadInput: the timeout in the environment is not a number of seconds.
    """
    seconds = limit()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=clean_environment(),
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise OutputError("office_no_start", program=command[0], reason=error) from None
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            about = {"program": command[0], "seconds": f"{seconds:g}", "variable": VARIABLE}
            raise OutputError("office_slow", **about) from None
        finally:
            _kill(process)
        return Done(code, _text(out), _text(err))


def limit() -> float:
    """The timeout of a program in seconds."""
    given = os.environ.get(VARIABLE, "").strip()
    if not given:
        return SECONDS
    with suppress(ValueError):
        seconds = float(given)
        if 0 < seconds < math.inf:
            return seconds
    raise BadInput("office_limit", variable=VARIABLE, found=f'"{given[:40]}"')


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process and its children; soffice and unopkg are scripts that start the real program."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


_FOLDERS = (
    "/Applications/LibreOffice.app/Contents/MacOS",
    r"C:\Program Files\LibreOffice\program",
    r"C:\Program Files (x86)\LibreOffice\program",
)
# a Windows console waits for the .com program; soffice is also called libreoffice
_NAMES = {"soffice": ("soffice", "libreoffice", "soffice.com"), "unopkg": ("unopkg", "unopkg.com")}


def find_program(name: str) -> str | None:
    """The program `soffice` or `unopkg`: on the path, beside soffice, or in its default folder."""
    names = _NAMES[name]
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    office = next(filter(None, map(shutil.which, _NAMES["soffice"])), None)
    folders = [str(Path(office).resolve().parent)] if office else []
    places = (Path(folder) / each for folder in (*folders, *_FOLDERS) for each in names)
    return next((str(place) for place in places if place.exists()), None)
