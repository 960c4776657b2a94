"""Installs the add-in for one user, and takes back exactly what that wrote."""

import base64
import hashlib
import json
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from openpyxl.packaging.custom import StringProperty

from roi_xl import __version__
from roi_xl.case.study import Study
from roi_xl.errors import FileExists, FileInUse, OutputError
from roi_xl.hosts.excel.conf import code_page_lacking, settings, with_settings, without_settings
from roi_xl.hosts.excel.editions import ADDIN_TYPE, with_project
from roi_xl.hosts.excel.places import Places
from roi_xl.hosts.excel.wrappers import WORKBOOK, project, xlwings_version
from roi_xl.io.atomic_write import make_folder
from roi_xl.text import speaking
from roi_xl.workbook.save import BUILD_TIME, finished, pack, write_file
from roi_xl.workbook.sheet_writer import Book


def addin_bytes(language: str) -> bytes:
    """The finished add-in in a language; the same bytes for the same versions."""
    with speaking(language):
        book = Book(Study(), language, BUILD_TIME)
        page = book.sheet("addin", "FF4472C4")
        page.widths(90)
        page.put(4, 1, book.say("about.version.text", version=__version__), "ft_line")
        book.workbook.code_name = WORKBOOK
        for name, value in _labels(language).items():
            label = StringProperty(name=name, value=value)
            book.workbook.custom_doc_props.append(label)  # type: ignore[attr-defined]
        return finished(book, BUILD_TIME, _finish)


def _labels(language: str) -> dict[str, str]:
    return {"roi_xl": __version__, "xlwings": xlwings_version(), "language": language}


def _finish(book: Book, parts: dict[str, bytes]) -> bytes:
    sheets = [str(ws.sheet_properties.codeName) for ws in book.workbook.worksheets]
    vba = project(book.language, sheets)
    return pack(with_project(parts, vba, ADDIN_TYPE))


def read_labels(path: Path) -> dict[str, str]:
    """The versions and language that an add-in names; empty where it is none of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("docProps/custom.xml"))
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return {}
    return {str(e.get("name")): "".join(e.itertext()) for e in root}


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done, or with a dry run to be done: the key of its text, and the file."""

    key: str  # written, unchanged, removed, restored, kept, nothing
    path: Path


@dataclass(slots=True)
class Record:
    """What installing wrote: add-ins by path, and the settings file with what was there before."""

    addins: dict[str, str] = field(default_factory=dict)  # path -> SHA-256
    conf: str | None = None  # SHA-256 of what was written
    conf_before: bytes | None = None  # None: there was no file
    own_folder: bool = False  # whether the folder of the settings is of our making

    @classmethod
    def read(cls, path: Path) -> "Record":
        """The record of a user.

        Raises:
            OutputError: it is there but cannot be read.
        """
        if not path.exists():
            return cls()
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            before = data["conf_before"]
            decoded = None if before is None else base64.b64decode(before, validate=True)
            return cls(dict(data["addins"]), data["conf"], decoded, bool(data["own_folder"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise OutputError("record_unreadable", path=path) from None

    def write(self, path: Path) -> None:
        """Keep the record, or remove it where nothing is left to take back."""
        if not self.addins and self.conf is None:
            path.unlink(missing_ok=True)
            return
        before = None if self.conf_before is None else base64.b64encode(self.conf_before).decode()
        data: dict[str, object] = {"version": __version__, "addins": self.addins, "conf": self.conf}
        data |= {"conf_before": before, "own_folder": self.own_folder}
        write_file(path, f"{json.dumps(data, indent=2)}\n".encode(), overwrite=True)


def digest(data: bytes) -> str:
    """SHA-256 as text."""
    return hashlib.sha256(data).hexdigest()


# --- install -------------------------------------------------------------------------------------


def install(
    places: Places, language: str, *, dry_run: bool = False, force: bool = False
) -> list[Done]:
    """Put the add-in and its settings in place; doing it again changes nothing.

    Args:
        places: where.
        language: of the wizard's texts and of answers in words.
        dry_run: only say what would be done.
        force: replace an add-in of this name that is not the one installed before.

    Returns:
        What was done to each file.

    Raises:
        FileExists: another add-in of this name is there.
        FileInUse: Excel has the add-in open.
        OutputError: there is no folder for it, it cannot be written, or Excel's VBA could not find
            the settings.
    """
    addin, record = places.addin, Record.read(places.record)
    lacking = code_page_lacking(places.conf)
    if lacking:
        raise OutputError("profile_encoding", path=places.profile, code_page=lacking)
    data, there = addin_bytes(language), _content(addin)
    known = there is None or there == data or digest(there) == record.addins.get(str(addin))
    if not known and not force:
        raise FileExists("addin_foreign", path=addin)
    conf_there = _content(places.conf)
    conf = with_settings(conf_there or b"", settings(places.python))
    done = [
        Done("unchanged" if there == data else "written", addin),
        Done("unchanged" if conf_there == conf else "written", places.conf),
    ]
    if done[0].key == "written":
        _refuse_open(places)
    if dry_run:
        return done
    if not places.own.is_dir():
        make_folder(places.own)
        record.own_folder = True
    if done[0].key == "written":
        write_file(addin, data, overwrite=True)
    record.addins[str(addin)] = digest(data)
    record.write(places.record)
    _remember_conf(record, conf_there)
    if done[1].key == "written":
        write_file(places.conf, conf, overwrite=True)
    record.conf = digest(conf)
    record.write(places.record)
    return done


def _remember_conf(record: Record, there: bytes | None) -> None:
    """Keep what the settings file held without us, edits since the last installation included."""
    if record.conf is None:
        record.conf_before = there
    elif there is None:
        record.conf_before = None
    elif digest(there) != record.conf:
        record.conf_before = without_settings(there, record.conf_before or b"")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except PermissionError:
        raise FileInUse("output_in_use", path=path) from None


def _refuse_open(places: Places) -> None:
    if places.lock.exists():
        raise FileInUse("addin_open", path=places.addin)


# --- uninstall -----------------------------------------------------------------------------------


def uninstall(places: Places, *, dry_run: bool = False) -> list[Done]:
    """Take back what `install` wrote to these places, and nothing else.

    The settings go with the last add-in; a file that was changed since is kept, but for our line in
    the settings.

    Returns:
        What was done to each file; an add-in that was never installed is `nothing`.

    Raises:
        FileInUse: Excel has the add-in open.
        OutputError: there is no such folder, or a file cannot be changed.
    """
    addin, record = places.addin, Record.read(places.record)
    written = record.addins.pop(str(addin), None)
    if written is None:
        return [Done("nothing", addin)]
    done, there = [], _content(addin)
    if there is not None:
        ours = digest(there) == written
        if ours:
            _refuse_open(places)
        done.append(Done("removed" if ours else "kept", addin))
        if ours and not dry_run:
            _remove(addin)
    if not record.addins and record.conf is not None:
        done += _restore_conf(places, record, dry_run=dry_run)
        record.conf = None
    if not dry_run:
        record.write(places.record)
        if record.own_folder and record.conf is None:
            with suppress(OSError):  # logs are in it
                places.own.rmdir()
    return done or [Done("nothing", addin)]


def _restore_conf(places: Places, record: Record, *, dry_run: bool) -> list[Done]:
    there = _content(places.conf)
    if there is None:
        return []
    if digest(there) == record.conf:
        wanted = record.conf_before
    else:
        wanted = without_settings(there, record.conf_before or b"")
        if record.conf_before is None and not wanted.strip():
            wanted = None
    if wanted is None:
        if not dry_run:
            _remove(places.conf)
        return [Done("removed", places.conf)]
    if not dry_run and wanted != there:
        write_file(places.conf, wanted, overwrite=True)
    return [Done("restored", places.conf)]


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        raise FileInUse("output_in_use", path=path) from None
