r"""Where the add-in, its settings and the record of an installation are."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from roi_xl.errors import OutputError

FILE_NAME = "roi_xl.xlam"
_START = ("Microsoft", "Excel", "XLSTART")


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one installation."""

    folder: Path | None  # of the add-in; None: there is none, see `problem`
    profile: Path  # the user's folder, where VBA looks for settings
    python: Path  # the interpreter that the add-in is to start
    windows: bool
    problem: OutputError | None = None

    @property
    def addin(self) -> Path:
        """The add-in.

        Raises:
            OutputError: there is no folder to put it in.
        """
        if self.folder is None:
            raise self.problem or OutputError("no_excel")
        return self.folder / FILE_NAME

    @property
    def lock(self) -> Path:
        """What Excel puts beside the add-in while it is open."""
        return self.addin.with_name(f"~${FILE_NAME}")

    @property
    def own(self) -> Path:
        """The folder of settings, record and logs."""
        return self.profile / ".roi_xl"

    @property
    def conf(self) -> Path:
        """The settings file."""
        return self.own / "roi_xl.conf"

    @property
    def record(self) -> Path:
        """What was written by installing, so that it can be taken back."""
        return self.own / "installed.json"


def find_places(dest: Path | None = None) -> Places:
    """The places on this computer.

    Args:
        dest: the folder for the add-in; None is Excel's start folder.
    """
    windows = sys.platform == "win32"
    profile = Path(os.environ.get("USERPROFILE") or Path.home())
    folder, problem = _folder(dest, windows)
    return Places(folder, profile, Path(sys.executable), windows, problem)


def _folder(dest: Path | None, windows: bool) -> tuple[Path | None, OutputError | None]:
    if dest is not None:
        if dest.is_dir():
            return dest.resolve(), None
        return None, OutputError("dest_missing", path=dest)
    roaming = os.environ.get("APPDATA")
    if not roaming:
        return None, OutputError("no_start_folder" if windows else "no_excel")
    folder = Path(roaming).joinpath(*_START)
    if folder.is_dir():
        return folder, None
    return None, OutputError("start_folder_missing", path=folder)
