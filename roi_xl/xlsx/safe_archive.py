"""A workbook file as untrusted parts: limits before parsing, XML without entities, one exception.

Nothing is unpacked to disk, followed or run; a part is a stream of elements within a budget. Whoever
opens a user's workbook with another library calls `refuse_unsafe` first.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from roi_xl.errors import BadWorkbook, RoiError
from roi_xl.io.atomic_write import cannot_read
from roi_xl.io.paths import extended

# bytes of a file up to which these limits hold; a larger one may hold more, in proportion
PLAIN_SIZE = 10_000_000
MOST_BYTES = 200_000_000  # of all parts together, unpacked
MOST_PARTS = 5_000
MOST_RATIO = 250  # unpacked to packed, of a part over a megabyte; honest sheets reach about 100
MOST_ELEMENTS = 3_000_000  # read in one file: 100,000 rows of ten cells have 2,100,000
MOST_DEPTH = 100
MOST_TOKEN = 2_000_000  # bytes of one tag
MOST_TAGS = 2_000  # different names of elements and attributes in a part; real ones have about 200
TEXT_KEPT = 32_767  # characters of one text, as many as a cell holds
MOST_TEXT = 40_000_000  # characters taken from one file
_LARGE = 1_000_000
_LONGEST_TAG = 4_000  # bytes of a tag that is looked for across chunks
_CHUNK = 1 << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_FLAG = 0x1
_ZIP_ERRORS = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)


class Handler:
    """Receives the elements of a part; names come without their namespace."""

    wants_text = False  # whether the text that follows is added to `taken`
    taken = ""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def text(self, data: str, /) -> None:
        """A piece of text; only the beginning of a very long one is kept."""
        if len(self.taken) < TEXT_KEPT:
            self.taken = (self.taken + data)[:TEXT_KEPT]

    def end(self, name: str, /) -> None:
        """An element ends."""


class Archive:
    """The parts of a workbook file by name, without regard to case."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = archive
        self.scale = max(1.0, extended(path).stat().st_size / PLAIN_SIZE)
        self._parts = {info.filename.lower(): info for info in self._checked(archive.infolist())}
        self._elements = int(self.scale * MOST_ELEMENTS)
        self._text = int(self.scale * MOST_TEXT)
        # a part may be read twice, but not once a sheet that names it
        self._bytes = int(2 * self.scale * MOST_BYTES)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def __iter__(self) -> Iterator[str]:
        return (info.filename for info in self._parts.values())

    def size(self, part: str) -> int:
        """Bytes of a part, unpacked; 0 where it is missing."""
        info = self._parts.get(part.lower())
        return 0 if info is None else info.file_size

    def names(self) -> list[str]:
        """The parts by their names in the file."""
        return [info.filename for info in self._parts.values()]

    def read(self, part: str, most: int, without: tuple[str, ...] = ()) -> bytes:
        """A part as bytes, of which there may be `most`, without some of its elements.

        Args:
            part: its name.
            most: bytes; more than these are refused, not cut.
            without: local names of elements to leave out, with all they hold.

        Raises:
            BadWorkbook: the part is missing, damaged or too large.
        """
        kept = bytearray()
        with self.stream(part) as stream:
            for piece in (
                _without(stream, without) if without else iter(lambda: stream.read(_CHUNK), b"")
            ):
                kept += piece
                if len(kept) > most:
                    raise self.fault("part_too_much", part=part)
        return bytes(kept)

    def fault(self, key: str, **values: object) -> BadWorkbook:
        """The exception that names what is wrong with this file, and where."""
        return BadWorkbook(f"bad_workbook.{key}", path=self.path, **values)

    def _checked(self, infos: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
        if len(infos) > MOST_PARTS:
            raise self.fault("too_many_parts", found=len(infos), allowed=MOST_PARTS)
        most = self.scale * MOST_BYTES
        if sum(info.file_size for info in infos) > most:
            raise self.fault("too_large", allowed=f"{most / 1e6:.0f} MB")
        seen: set[str] = set()
        for info in infos:
            name = info.filename
            shown = name[:80]
            if ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name:
                raise self.fault("part_name", part=shown)
            if name.lower() in seen:
                raise self.fault("part_twice", part=shown)
            if info.file_size > max(_LARGE, MOST_RATIO * info.compress_size):
                raise self.fault("part_ratio", part=shown)
            if info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED_FLAG:
                raise self.fault("part_packing", part=shown)
            seen.add(name.lower())
            yield info

    @contextmanager
    def stream(self, part: str) -> Iterator[IO[bytes]]:
        """The bytes of a part, unpacked as they are read.

        Raises:
            BadWorkbook: the part is missing or damaged.
        """
        info = self._parts.get(part.lower())
        if info is None:
            raise self.fault("part_missing", part=part[:80])
        try:
            with self._zip.open(info) as stream:
                yield stream
        except RoiError:  # of whoever reads the part
            raise
        except _ZIP_ERRORS:
            raise self.fault("part_damaged", part=part[:80]) from None

    def parse(self, part: str, handler: Handler, most: int | None = None) -> None:
        """Send the elements of an XML part, of which it may have `most`, to the handler.

        Without `most` it may have as many as are left of what the file may have.

        Raises:
            BadWorkbook: the part is missing, damaged, no XML, declares a document type, or is more
                than a workbook needs.
        """
        parser = self._parser(part, handler, most)
        with self.stream(part) as stream:
            fed = 0
            while chunk := stream.read(_CHUNK):
                fed += len(chunk)
                self._bytes -= len(chunk)
                waiting = fed - parser.CurrentByteIndex
                if self._bytes < 0 or waiting > MOST_TOKEN or len(parser.intern) > MOST_TAGS:
                    raise self.fault("part_too_much", part=part)
                self._feed(parser, part, chunk, final=False)
        self._feed(parser, part, b"", final=True)

    def _feed(self, parser: expat.XMLParserType, part: str, data: bytes, *, final: bool) -> None:
        try:
            parser.Parse(data, final)
        except (expat.ExpatError, UnicodeError, LookupError):
            raise self.fault("part_xml", part=part, line=parser.CurrentLineNumber) from None

    def _parser(self, part: str, handler: Handler, most: int | None) -> expat.XMLParserType:
        parser = _entity_free(self, part)
        parser.buffer_text = True
        depth, listening = 0, False
        most = self._elements if most is None else min(most, self._elements)
        started, ended, local = handler.start, handler.end, _Local()

        def listen() -> None:
            nonlocal listening
            listening = handler.wants_text
            parser.CharacterDataHandler = take if listening else None

        def take(data: str) -> None:
            self._text -= len(data)
            if self._text < 0:
                raise self.fault("part_too_much", part=part)
            handler.text(data)

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, most
            depth += 1
            most -= 1
            self._elements -= 1
            if most < 0 or depth > MOST_DEPTH:
                raise self.fault("part_too_much", part=part)
            started(local[name], attributes)
            if handler.wants_text is not listening:
                listen()

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            ended(local[name])
            if handler.wants_text is not listening:
                listen()

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        return parser

    def check_prologs(self) -> None:
        """Refuse parts that declare a document type, whichever library reads them later."""
        for info in self._parts.values():
            with self.stream(info.filename) as stream:
                self._check_prolog(info.filename, stream)

    def _check_prolog(self, part: str, stream: IO[bytes]) -> None:
        parser = _entity_free(self, part)
        begun = False

        def start(*_: Any) -> None:
            nonlocal begun
            begun = True

        parser.StartElementHandler = start
        while not begun and (chunk := stream.read(_CHUNK)):
            try:
                parser.Parse(chunk, False)
            except (expat.ExpatError, UnicodeError, LookupError):
                return  # a picture or another part that is no XML


def _without(stream: IO[bytes], elements: tuple[str, ...]) -> Iterator[bytes]:
    """The bytes of an XML part without some elements, which are never held in memory as a whole."""
    names = b"|".join(name.encode() for name in elements)
    start = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:" + names + rb"))(?=[\s/>])[^>]*>")
    waiting = b""
    inside: re.Pattern[bytes] | None = None  # the end tag that is looked for
    while chunk := stream.read(_CHUNK):
        waiting += chunk
        while True:
            if inside is not None:
                ended = inside.search(waiting)
                if ended is None:
                    waiting = waiting[-_LONGEST_TAG:]
                    break
                waiting, inside = waiting[ended.end() :], None
            found = start.search(waiting)
            if found is None:
                hold = waiting.rfind(b"<", -_LONGEST_TAG)  # a tag that may go on in the next chunk
                cut = len(waiting) if hold < 0 else hold
                yield waiting[:cut]
                waiting = waiting[cut:]
                break
            yield waiting[: found.start()]
            waiting = waiting[found.end() :]
            if not found[0].endswith(b"/>"):
                inside = re.compile(b"</" + re.escape(found[1]) + rb"\s*>")
    yield waiting if inside is None else b""


def _entity_free(archive: Archive, part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_: Any) -> None:
        raise archive.fault("part_entities", part=part[:80])

    parser.StartDoctypeDeclHandler = refuse
    return parser


class _Local(dict[str, str]):
    """Element names without their namespace, cached."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition("}")[2]
        return self[name]


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """A workbook file as an archive whose parts are within the limits.

    Raises:
        BadWorkbook: it is no archive, or not one that a spreadsheet program writes.
        FileInUse: another program holds it open.
    """
    magic = b""
    try:
        reached = extended(path)
        with reached.open("rb") as file:
            magic = file.read(len(_OLD_OR_ENCRYPTED))
        archive = zipfile.ZipFile(reached)
    except PermissionError as error:
        raise cannot_read(path, error) from None
    except _ZIP_ERRORS:
        key = "old_or_encrypted" if magic == _OLD_OR_ENCRYPTED else "no_archive"
        raise BadWorkbook(f"bad_workbook.{key}", path=path) from None
    with archive:
        yield Archive(path, archive)


def refuse_unsafe(path: Path) -> None:
    """Refuse a file that is not safe to hand to a library for workbooks.

    Raises:
        BadWorkbook: saying what is unsafe, and in which part.
    """
    with open_archive(path) as archive:
        archive.check_prologs()
