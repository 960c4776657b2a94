"""Checks an installation, one thing at a time, and says how to mend what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roi_xl import __version__
from roi_xl.hosts.excel.addin import addin_bytes, digest, read_labels
from roi_xl.hosts.excel.conf import INTERPRETER, code_page_lacking, value_of
from roi_xl.hosts.excel.places import Places
from roi_xl.hosts.excel.wrappers import xlwings_version
from roi_xl.text import LANGUAGES, current_language, text

OK, FAILED, SKIPPED = "ok", "failed", "skipped"
_BLOCKED_MARK = ":Zone.Identifier"  # the stream that Windows adds to files from the internet


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: its name, how it came out, and the text keys and values that say so."""

    check: str
    state: str
    key: str
    values: dict[str, Any]
    area: str = "install"

    def found(self) -> str:
        """What was found, in words."""
        return text(f"{self.area}.{self.check}.{self.key}", **self.values)

    def mend(self) -> str | None:
        """How to put it right; None where nothing is wrong."""
        if self.state != FAILED:
            return None
        return text(f"{self.area}.{self.check}.mend", **self.values)


Check = Callable[[Places], Finding]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Append a check; the order here is the order of the report."""
    CHECKS.append(function)
    return function


def examine(places: Places) -> list[Finding]:
    """The findings of all checks."""
    return [one(places) for one in CHECKS]


def _finding(name: str, good: bool, /, **values: Any) -> Finding:
    return Finding(name, OK if good else FAILED, "ok" if good else "failed", values)


def _skipped(name: str, key: str = "skipped", /, **values: Any) -> Finding:
    return Finding(name, SKIPPED, key, values)


def _conf(places: Places) -> bytes:
    try:
        return places.conf.read_bytes()
    except OSError:
        return b""


def _interpreter(places: Places) -> Path:
    """The interpreter that Excel starts: the one in the settings, else the one at work."""
    named = value_of(_conf(places), INTERPRETER)
    return Path(named) if named else places.python


@check
def interpreter(places: Places) -> Finding:
    """The interpreter that Excel starts is there."""
    python = _interpreter(places)
    return _finding("interpreter", python.is_file(), path=python)


@check
def xlwings(places: Places) -> Finding:  # noqa: ARG001 - of every check's form
    """The installed xlwings can be used, and its wrappers are of the form known here."""
    try:
        addin_bytes(current_language())
    except (ImportError, ValueError, OSError) as error:
        return _finding("xlwings", False, reason=str(error))
    return _finding("xlwings", True, version=xlwings_version())


@check
def dll(places: Places) -> Finding:
    """The DLL of exactly this xlwings lies where the VBA looks: beside the interpreter, or above."""
    name = f"xlwings64-{xlwings_version()}.dll"
    if not places.windows:
        return _skipped("dll", name=name)
    folder = _interpreter(places).parent
    good = any((where / name).is_file() for where in (folder, folder.parent))
    return _finding("dll", good, name=name, folder=folder)


@check
def conf(places: Places) -> Finding:
    """The settings name this interpreter."""
    if places.folder is None:
        return _skipped("conf")
    named = value_of(_conf(places), INTERPRETER)
    good = named is not None and Path(named) == places.python
    shown = named or text("install.conf.blank")
    return _finding("conf", good, path=places.conf, found=shown, python=places.python)


@check
def code_page(places: Places) -> Finding:
    """VBA can name the settings and the interpreter in the code page of Windows."""
    if places.folder is None:
        return _skipped("code_page")
    paths = (places.conf, _interpreter(places))
    lacking = next(((p, page) for p in paths if (page := code_page_lacking(p))), None)
    path, page = lacking or (places.conf, "")
    return _finding("code_page", lacking is None, path=path, code_page=page)


@check
def addin(places: Places) -> Finding:
    """The add-in is in its folder."""
    if places.folder is None:
        problem = places.problem
        if places.windows:
            return Finding("addin", FAILED, "no_folder", {"path": "", "reason": str(problem)})
        return _skipped("addin", reason=str(problem))
    return _finding("addin", places.addin.is_file(), path=places.addin)


def _installed(places: Places) -> bool:
    return places.folder is not None and places.addin.is_file()


@check
def versions(places: Places) -> Finding:
    """The add-in is of this package's version and of the installed xlwings."""
    if not _installed(places):
        return _skipped("versions")
    labels, wanted = (
        read_labels(places.addin),
        {"roi_xl": __version__, "xlwings": xlwings_version()},
    )
    found = {name: labels.get(name, "?") for name in wanted}
    return _finding("versions", found == wanted, found=_listed(found), wanted=_listed(wanted))


def _listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


@check
def content(places: Places) -> Finding:
    """The add-in is byte for byte what this package builds."""
    if not _installed(places):
        return _skipped("content")
    try:
        found = places.addin.read_bytes()
        language = read_labels(places.addin).get("language", "")
        built = addin_bytes(language if language in LANGUAGES else current_language())
    except (OSError, ValueError) as error:
        return Finding("content", FAILED, "unreadable", {"reason": str(error)})
    hashes = {"found": digest(found), "built": digest(built)}
    return _finding("content", found == built, path=places.addin, **hashes)


@check
def blocked(places: Places) -> Finding:
    """Windows has not marked the add-in as coming from the internet, which would block its macros."""
    if not _installed(places):
        return _skipped("blocked")
    marked = Path(f"{places.addin}{_BLOCKED_MARK}").exists()
    return _finding("blocked", not marked, path=places.addin)


@check
def libreoffice(places: Places) -> Finding:  # noqa: ARG001 - of every check's form
    """LibreOffice, where it is installed, knows the functions of this version."""
    from roi_xl.hosts.libreoffice.register import status

    found = status()
    if found.unopkg is None:
        return _skipped("libreoffice", "absent")
    if found.problem is not None:
        return _skipped("libreoffice", "silent", reason=found.problem)
    if not found.registered:
        return _skipped("libreoffice", "not_registered")
    return _finding("libreoffice", found.current, version=found.version, python=found.python)
