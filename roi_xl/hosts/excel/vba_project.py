"""Writes a VBA project (MS-OVBA) from source text: vbaProject.bin of a macro workbook or add-in.

Only source is written, in the form that MS-OVBA asks of writers (2.3.4.1): `_VBA_PROJECT` is the seven
bytes of a project without a performance cache, every module starts at offset 0, and Excel compiles
when it opens the file. EPPlus and xlwings ship files of that form.

Why no library: of those on PyPI only pyOpenVBA writes projects. It is good, and the tests read every
project with it, but it starts from a project that Excel once saved, keeps that one's compiled cache
and id, has no way to set project name, cannot start an add-in, replaces characters it cannot encode,
works on files only, and is a dependency of 14 MB for what is below.

The text of every module is ASCII. A project stores text in one code page, and Excel reads it with that
of the computer: a Chinese literal written for one is garbled on another. Texts for people are therefore
escaped (`wrappers.py`) and become Unicode strings when the workbook opens.
"""

import hashlib
import re
import struct
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import TypeAlias, Union

Tree: TypeAlias = Mapping[str, Union[bytes, "Tree"]]

_SECTOR, _MINI_SECTOR, _MINI_CUTOFF, _ENTRY = 512, 64, 4096, 128
_FREE, _END, _FAT_SECTOR, _NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_FATS_IN_HEADER = 109  # 7 MB; a project of ours has about 60 kB


@dataclass(slots=True)
class _Entry:
    """One directory entry; left, right and child number other entries."""

    name: str
    kind: int
    data: bytes = b""
    left: int = _NOBODY
    right: int = _NOBODY
    child: int = _NOBODY
    colour: int = _BLACK
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        """The entry's 128 bytes; no class, no state, no times."""
        name = self.name.encode("utf-16-le") + b"\0\0"
        links = (self.left, self.right, self.child)
        return name.ljust(64, b"\0") + struct.pack(
            "<HBB3I16xI16xIQ", len(name), self.kind, self.colour, *links, 0, self.start, self.size
        )


_UNUSED = bytes(64) + struct.pack("<HBB3I16xI16xIQ", 0, 0, 0, _NOBODY, _NOBODY, _NOBODY, 0, 0, 0)


def compound_file(tree: Tree) -> bytes:
    """A compound file with these streams (bytes) and storages (mappings).

    Raises:
        ValueError: a name is longer than 31 characters, or all streams together exceed 7 MB.
    """
    entries = _directory(tree)
    mini_stream, mini_fat = _pack_small_streams(entries)
    entries[0].start, entries[0].size = _END, len(mini_stream)

    directory_size = -(-len(entries) // (_SECTOR // _ENTRY)) * _SECTOR
    mini_fat_bytes = b"".join(struct.pack("<I", n) for n in mini_fat)
    large = [e for e in entries if e.kind == _STREAM and e.size >= _MINI_CUTOFF]
    sizes = [directory_size, len(mini_fat_bytes), len(mini_stream), *(e.size for e in large)]
    counts = [-(-size // _SECTOR) for size in sizes]
    fat_count = _fat_sectors(sum(counts))

    fat = [_FAT_SECTOR] * fat_count
    starts = []
    for count in counts:
        starts.append(len(fat) if count else _END)
        fat += [*range(len(fat) + 1, len(fat) + count), _END] if count else []
    fat += [_FREE] * (fat_count * (_SECTOR // 4) - len(fat))
    entries[0].start = starts[2]
    for entry, start in zip(large, starts[3:], strict=True):
        entry.start = start

    unused = (directory_size // _ENTRY - len(entries)) * _UNUSED
    directory = b"".join(e.packed() for e in entries) + unused
    mini_fat_padded = mini_fat_bytes + b"\xff" * (-len(mini_fat_bytes) % _SECTOR)
    header = _header(fat_count, starts[0], starts[1], counts[1])
    bodies = chain((mini_stream,), (e.data for e in large))
    padded = b"".join(body + bytes(-len(body) % _SECTOR) for body in bodies)
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + mini_fat_padded + padded


def _directory(tree: Tree) -> list[_Entry]:
    entries = [_Entry("Root Entry", _ROOT)]

    def add(children: Tree, parent: int) -> None:
        numbers = []
        for name, content in children.items():
            if not 0 < len(name) <= 31:
                raise ValueError(f"{name!r} cannot be the name of a stream")
            numbers.append(len(entries))
            if isinstance(content, bytes):
                entries.append(_Entry(name, _STREAM, content, size=len(content)))
            else:
                entries.append(_Entry(name, _STORAGE))
                add(content, numbers[-1])
        numbers.sort(key=lambda i: (len(entries[i].name), entries[i].name.upper()))
        top = _balance(entries, numbers, len(numbers).bit_length())
        entries[parent].child = top
        if top != _NOBODY:
            entries[top].colour = _BLACK

    add(tree, 0)
    return entries


def _balance(entries: list[_Entry], numbers: list[int], levels: int) -> int:
    """The root of a red-black tree of these siblings: all black but for an unfilled last level."""
    if not numbers:
        return _NOBODY
    middle = len(numbers) // 2
    top = entries[numbers[middle]]
    top.left = _balance(entries, numbers[:middle], levels - 1)
    top.right = _balance(entries, numbers[middle + 1 :], levels - 1)
    top.colour = _RED if levels == 1 else _BLACK
    return numbers[middle]


def _pack_small_streams(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """The streams under 4096 bytes behind one another, and the chain of each."""
    stream, fat = bytearray(), list[int]()
    for entry in entries:
        if entry.kind != _STREAM or entry.size >= _MINI_CUTOFF:
            continue
        if not entry.size:
            entry.start = _END
            continue
        entry.start = len(fat)
        count = -(-entry.size // _MINI_SECTOR)
        fat += [*range(entry.start + 1, entry.start + count), _END]
        stream += entry.data.ljust(count * _MINI_SECTOR, b"\0")
    return bytes(stream), fat


def _fat_sectors(others: int) -> int:
    """How many sectors the table takes that lists these sectors and its own."""
    count = 1
    while count * (_SECTOR // 4) < others + count:
        count += 1
    if count > _FATS_IN_HEADER:
        raise ValueError("the streams together exceed 7 MB")
    return count


def _header(fat_count: int, directory: int, mini_fat: int, mini_fat_count: int) -> bytes:
    fixed = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    sizes = (0, fat_count, directory, 0, _MINI_CUTOFF, mini_fat, mini_fat_count, _END, 0)
    fats = [*range(fat_count), *[_FREE] * (_FATS_IN_HEADER - fat_count)]
    return fixed + struct.pack(f"<9I{_FATS_IN_HEADER}I", *sizes, *fats)


CODE_PAGE = 1252
LONGEST_LINE = 1023
MOST_CONTINUED_LINES = 24
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_LANGUAGE_ID = 0x409
_REFERENCES = (
    (
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb"
        "#OLE Automation",
    ),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#"
        r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"
        "#Microsoft Office 16.0 Object Library",
    ),
)


class Kind(Enum):
    """What a module belongs to, with its class in Excel's type library."""

    STANDARD = ""
    CLASS = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
    WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"
    SHEET = "0{00020820-0000-0000-C000-000000000046}"
    CHART_SHEET = "0{00020821-0000-0000-C000-000000000046}"

    @property
    def document(self) -> bool:
        """Whether it is the module of the workbook or of a sheet."""
        return self in (Kind.WORKBOOK, Kind.SHEET, Kind.CHART_SHEET)


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name, its code (without the attributes of its head), its kind."""

    name: str
    code: str = ""
    kind: Kind = Kind.STANDARD

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a VBA module")
        _check_lines(self.name, self.code)

    def source(self) -> str:
        """The text as the project stores it, attributes first, lines ended by CR LF."""
        lines = [*self._head(), *self.code.splitlines()]
        return "".join(f"{line}\r\n" for line in lines)

    def _head(self) -> list[str]:
        head = {"Name": f'"{self.name}"'}
        if self.kind is not Kind.STANDARD:
            own = str(self.kind.document)
            head |= {"Base": f'"{self.kind.value}"', "GlobalNameSpace": "False"}
            head |= {"Creatable": "False", "PredeclaredId": own, "Exposed": own}
            head |= {"TemplateDerived": "False", "Customizable": own}
        return [f"Attribute VB_{key} = {value}" for key, value in head.items()]


def _check_lines(name: str, code: str) -> None:
    """Refuse what the editor cannot take: long lines, long statements, anything but ASCII."""
    if not code.isascii():
        raise ValueError(f"{name}: the code is not ASCII")
    continued = 0
    for number, line in enumerate(code.splitlines(), 1):
        continued = continued + 1 if line.endswith(" _") else 0
        if len(line) > LONGEST_LINE or continued > MOST_CONTINUED_LINES:
            raise ValueError(f"{name}, line {number}: too long for VBA")


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """The finished vbaProject.bin.

    Args:
        name: the project's name, as the editor shows it.
        modules: document modules first, as Excel lists them.

    Raises:
        ValueError: a module's name is used twice.
    """
    if len({m.name.upper() for m in modules}) < len(modules):
        raise ValueError("two VBA modules have the same name")
    streams = {m.name: compress(m.source().encode("ascii")) for m in modules}
    streams["_VBA_PROJECT"] = bytes.fromhex("cc61ffff000000")
    streams["dir"] = compress(_dir(name, modules))
    names = (m.name.encode() + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    return compound_file(
        {
            "VBA": streams,
            "PROJECT": _project(name, modules),
            "PROJECTwm": b"".join(names) + b"\0\0",
        }
    )


# --- the dir stream ------------------------------------------------------------------------------


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _twice(number: int, wide_number: int, text: str) -> bytes:
    """A text in the project's code page, and again in UTF-16."""
    return _record(number, text.encode("ascii")) + _record(wide_number, text.encode("utf-16-le"))


def _dir(name: str, modules: Sequence[Module]) -> bytes:
    """Project information, references and the list of modules (2.3.4.2)."""
    out = [
        _record(0x01, struct.pack("<I", 3)),  # 64-bit Windows; Excel adapts it on saving
        _record(0x02, struct.pack("<I", _LANGUAGE_ID)),
        _record(0x14, struct.pack("<I", _LANGUAGE_ID)),
        _record(0x03, struct.pack("<H", CODE_PAGE)),
        _record(0x04, name.encode("ascii")),
        _twice(0x05, 0x40, ""),  # description
        _record(0x06) + _record(0x3D),  # help files
        _record(0x07, bytes(4)) + _record(0x08, bytes(4)),  # help context, library flags
        struct.pack("<HIIH", 0x09, 4, 1, 1),  # version; its size does not count the minor number
        _twice(0x0C, 0x3C, ""),  # constants
    ]
    for reference, library in _REFERENCES:
        out.append(_twice(0x16, 0x3E, reference))
        written = library.encode("ascii")
        out.append(_record(0x0D, struct.pack("<I", len(written)) + written + bytes(6)))
    out += [_record(0x0F, struct.pack("<H", len(modules))), _record(0x13, b"\xff\xff")]
    for module in modules:
        out += [
            _twice(0x19, 0x47, module.name),
            _twice(0x1A, 0x32, module.name),  # its stream
            _twice(0x1C, 0x48, ""),  # description
            _record(0x31, bytes(4)),  # where its source starts
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x21 if module.kind is Kind.STANDARD else 0x22),
            _record(0x2B),
        ]
    return b"".join([*out, _record(0x10)])


# --- the PROJECT stream --------------------------------------------------------------------------


def _project(name: str, modules: Sequence[Module]) -> bytes:
    """The project's properties as text (2.3.1): modules, no protection, no password, visible."""
    digest = hashlib.sha256("".join(m.source() for m in modules).encode()).digest()
    identity = f"{{{str(uuid.UUID(bytes=digest[:16], version=4)).upper()}}}"
    lines = [f'ID="{identity}"']
    for module in modules:
        if module.kind.document:
            lines.append(f"Document={module.name}/&H00000000")
        else:
            lines.append(f"{'Class' if module.kind is Kind.CLASS else 'Module'}={module.name}")
    lines += [
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_veil(bytes(4), identity, 0x9A)}"',
        f'DPB="{_veil(bytes(1), identity, 0x34)}"',
        f'GC="{_veil(bytes([0xFF]), identity, 0xCE)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{m.name}=0, 0, 0, 0, C" for m in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _veil(data: bytes, identity: str, seed: int) -> str:
    """Data obfuscated with the project's id (2.4.3.2)."""
    key = sum(identity.encode("ascii")) & 0xFF
    version = 2
    out = [seed, seed ^ version, seed ^ key]
    ignored = b"\x07" * ((seed & 6) >> 1)
    plain = key
    for byte in ignored + struct.pack("<I", len(data)) + data:
        out.append(byte ^ ((out[-2] + plain) & 0xFF))
        plain = byte
    return bytes(out).hex().upper()


# --- compression ---------------------------------------------------------------------------------


def compress(data: bytes) -> bytes:
    """Data as a compressed container (2.4.1.3): chunks of 4096 bytes, each by itself."""
    chunks = (data[i : i + 4096] for i in range(0, len(data), 4096))
    return b"\x01" + b"".join(_chunk(c) for c in chunks)


def _chunk(chunk: bytes) -> bytes:
    packed = _packed(chunk)
    if len(packed) > 4096:  # raw; only noise comes to this, and then only whole chunks exist
        return struct.pack("<H", 0x3FFF) + chunk.ljust(4096, b"\0")
    return struct.pack("<H", 0xB000 | (len(packed) - 1)) + packed


def _packed(chunk: bytes) -> bytes:
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    position = 0
    while position < len(chunk):
        flag_at = len(out)
        out.append(0)
        for bit in range(8):
            if position >= len(chunk):
                break
            length, offset = _longest(chunk, position, seen)
            if length >= 3:
                offset_bits = max(4, (position - 1).bit_length())
                out += struct.pack("<H", ((offset - 1) << (16 - offset_bits)) | (length - 3))
                out[flag_at] |= 1 << bit
            else:
                length = 1
                out.append(chunk[position])
            for i in range(position, position + length):
                seen.setdefault(chunk[i : i + 3], []).append(i)
            position += length
    return bytes(out)


def _longest(chunk: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest text before `position` that repeats there: its length and distance."""
    offset_bits = max(4, (position - 1).bit_length())
    most = min((0xFFFF >> offset_bits) + 3, len(chunk) - position)
    best = (0, 0)
    for start in reversed(seen.get(chunk[position : position + 3], ())):
        length = 3
        while length < most and chunk[start + length] == chunk[position + length]:
            length += 1
        if length <= most and length > best[0]:
            best = (length, position - start)
            if length == most:
                break
    return best
