"""Registers the Calc extension with LibreOffice, removes it, and reports its status."""

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from roi_xl import __version__
from roi_xl.errors import FileInUse, OutputError, RoiError
from roi_xl.hosts.libreoffice.extension import FILE_NAME, IDENTIFIER, extension_bytes
from roi_xl.hosts.libreoffice.program import find_program, run
from roi_xl.text import text

_PROFILE_OPTION = "-env:UserInstallation="


@dataclass(frozen=True, slots=True)
class Status:
    """The status of the add-in in this user's LibreOffice."""

    unopkg: str | None  # the program that registers extensions; None: no LibreOffice
    registered: bool = False
    version: str | None = None  # of the registered extension
    python: str | None = None  # the interpreter it starts
    problem: RoiError | None = None  # why the status could not be determined

    @property
    def current(self) -> bool:
        """Whether the registered extension is of this version and its interpreter exists."""
        exists = self.python is not None and Path(self.python).exists()
        return self.registered and self.version == __version__ and exists


def find_unopkg() -> str | None:
    """LibreOffice's extension manager: on the path, beside soffice, or in its default folder."""
    return find_program("unopkg")


def install(
    dest: Path | None = None, *, dry_run: bool = False, options: Sequence[str] = ()
) -> list[str]:
    """Register the extension for this user, or write it into a folder.

    Args:
        dest: a folder to write roi_xl.oxt into, instead of registering it.
        dry_run: only report what would be done.
        options: further options for unopkg, such as the profile to register with.

    Returns:
        What was done, or would be done, one line each.

    Raises:
        OutputError: LibreOffice was not found, the folder is missing, or unopkg failed.
        FileInUse: LibreOffice is open.
    """
    from roi_xl import FUNCTIONS

    if dest is not None:
        path = dest / FILE_NAME
        if dry_run:
            return [text("libreoffice.would_write", path=path)]
        _write(path, extension_bytes(FUNCTIONS))
        return [text("libreoffice.written", path=path)]
    program = _unopkg()
    with tempfile.TemporaryDirectory(prefix="roi_xl_") as folder:
        path = Path(folder) / FILE_NAME
        command = [program, "add", "--force", "--suppress-license", *options, str(path)]
        if dry_run:
            return [text("libreoffice.would_run", command=" ".join(command))]
        path.write_bytes(extension_bytes(FUNCTIONS))
        _run(command)
    return [text("libreoffice.installed")]


def uninstall(*, dry_run: bool = False, options: Sequence[str] = ()) -> list[str]:
    """Remove the extension from this user's LibreOffice.

    Args:
        dry_run: only report what would be done.
        options: further options for unopkg, such as the profile to remove it from.

    Returns:
        What was done, or would be done, one line each.

    Raises:
        OutputError: LibreOffice was not found, or unopkg failed.
        FileInUse: LibreOffice is open.
    """
    program = _unopkg()
    command = [program, "remove", *options, IDENTIFIER]
    if dry_run:
        return [text("libreoffice.would_run", command=" ".join(command))]
    if not _listed(program, options):
        return [text("libreoffice.nothing_to_remove")]
    _run(command)
    return [text("libreoffice.removed")]


def status(options: Sequence[str] = ()) -> Status:
    """The status of the add-in; asking LibreOffice takes a second or two."""
    program = find_unopkg()
    if program is None:
        return Status(None)
    try:
        place = _listed(program, options)
    except OutputError as error:
        return Status(program, problem=error)
    if not place:
        return Status(program)
    settings = _settings(place.get("URL", ""), options)
    python = settings.get("python")
    return Status(program, True, place.get("Version"), str(python) if python else None)


def _unopkg() -> str:
    program = find_unopkg()
    if program is None:
        raise OutputError("libreoffice_missing")
    return program


def _listed(program: str, options: Sequence[str]) -> dict[str, str]:
    """The entry of our extension in unopkg's list; empty if it is not registered."""
    output = _run([program, "list", *options])
    found: dict[str, str] = {}
    for line in output.splitlines():
        name, colon, value = line.strip().partition(": ")
        if name == "Identifier":
            found = {}
        if colon:
            found[name] = value.strip()
        if name == "URL" and found.get("Identifier") == IDENTIFIER:
            return found
    return {}


def _settings(url: str, options: Sequence[str]) -> dict[str, object]:
    """The settings in the registered extension, whose URL is relative to the profile."""
    inside = unquote(url).partition("$UNO_USER_PACKAGES_CACHE/")[2]
    path = _profile(options) / "user" / "uno_packages" / "cache" / inside / "settings.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(found)


def _profile(options: Sequence[str]) -> Path:
    """The user's profile folder: the one named by the options, else the default one."""
    for option in options:
        if option.startswith(_PROFILE_OPTION):
            return Path(url2pathname(urlsplit(option.removeprefix(_PROFILE_OPTION)).path))
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "LibreOffice" / "4"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "LibreOffice" / "4"
    return Path.home() / ".config" / "libreoffice" / "4"


def _run(command: list[str]) -> str:
    done = run(command)
    if done.code:
        output = " ".join((done.err or done.out).split())
        if "lock" in output.lower() or "already running" in output.lower():
            raise FileInUse("libreoffice_open")
        raise OutputError("unopkg_failed", program=command[0], reason=output[:300] or done.code)
    return done.out


def _write(path: Path, data: bytes) -> None:
    """Write the extension atomically, replacing an older one."""
    from roi_xl.io.atomic_write import write_file

    write_file(path, data, overwrite=True)
