"""A strict reader of compound files and VBA projects, written from MS-CFB and MS-OVBA alone.

It shares no code with the writer, accepts only what the specifications allow, and insists that every
sector and every byte is accounted for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

FREE, END, FAT, DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
NOBODY = 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5


# --- MS-CFB --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A directory entry."""

    name: str
    kind: int
    red: bool
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    """A compound file of version 3, checked while it is read; `streams` maps paths to bytes."""

    def __init__(self, data: bytes) -> None:
        assert data[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
        assert data[8:24] == bytes(16), "no class"
        minor, major, order, shift, mini_shift = struct.unpack_from("<5H", data, 24)
        assert (minor, major, order, shift, mini_shift) == (0x3E, 3, 0xFFFE, 9, 6)
        assert data[34:40] == bytes(6)
        (directories, fats, directory, transaction, cutoff, mini_fat, mini_fats, difat, difats) = (
            struct.unpack_from("<9I", data, 40)
        )
        assert (directories, transaction, cutoff, difat, difats) == (0, 0, 4096, END, 0)
        assert len(data) % 512 == 0
        self.data = data
        self.count = len(data) // 512 - 1
        places = struct.unpack_from("<109I", data, 76)
        assert all(place == FREE for place in places[fats:])
        self.fat = [
            n for place in places[:fats] for n in struct.unpack("<128I", self.sector(place))
        ]
        assert all(n == FREE for n in self.fat[self.count :])
        self.used = dict.fromkeys(places[:fats], "FAT")
        assert {i for i, n in enumerate(self.fat) if n == FAT} == set(self.used)
        entries = self.chain(directory, "directory")
        self.entries = [self.entry(entries[i : i + 128]) for i in range(0, len(entries), 128)]
        table = self.chain(mini_fat, "mini FAT") if mini_fats else b""
        assert len(table) == mini_fats * 512
        self.mini_fat = list(struct.unpack(f"<{len(table) // 4}I", table))
        root = self.entries[0]
        assert root
        assert root.name == "Root Entry"
        assert root.kind == ROOT
        assert (root.left, root.right, root.red) == (NOBODY, NOBODY, False)
        self.mini = self.chain(root.start, "mini stream") if root.size else b""
        assert 0 <= len(self.mini) - root.size < 512
        self.mini_used: set[int] = set()
        self.reached = {0}
        self.streams: dict[str, bytes] = {}
        self.walk(root.child, "")
        assert self.reached == {i for i, e in enumerate(self.entries) if e}, "lost entries"
        assert set(self.used) == set(range(self.count)), "sectors that nothing owns"
        assert self.mini_used == {i for i, n in enumerate(self.mini_fat) if n != FREE}

    def sector(self, number: int) -> bytes:
        assert number < self.count
        return self.data[512 * (number + 1) : 512 * (number + 2)]

    def chain(self, start: int, owner: str) -> bytes:
        found = b""
        while start != END:
            assert start not in self.used, f"sector {start}: {owner} and {self.used[start]}"
            self.used[start] = owner
            found += self.sector(start)
            start = self.fat[start]
        return found

    def entry(self, raw: bytes) -> Entry | None:
        length, kind, colour, left, right, child = struct.unpack_from("<HBB3I", raw, 64)
        start, size = struct.unpack_from("<IQ", raw, 116)
        assert raw[80:116] == bytes(36), "class, state and times are zero"
        if kind == 0:
            assert raw[:66] == bytes(66)
            assert (left, right, child) == (NOBODY,) * 3
            return None
        name = raw[: length - 2].decode("utf-16-le")
        assert raw[length - 2 : 64] == bytes(66 - length), "name ends with zeros"
        assert not set(name) & set("/\\:!")
        assert colour in (0, 1)
        assert kind in (STORAGE, STREAM, ROOT)
        return Entry(name, kind, colour == 0, left, right, child, start, size)

    def walk(self, child: int, path: str) -> None:
        """Visit the children of a storage in order; their tree must be a red-black search tree."""
        names: list[str] = []

        def visit(number: int, parent_red: bool) -> int:
            if number == NOBODY:
                return 1
            assert number not in self.reached
            self.reached.add(number)
            entry = self.entries[number]
            assert entry is not None
            assert not (parent_red and entry.red), "two reds in a row"
            left = visit(entry.left, entry.red)
            names.append(entry.name)
            self.content(entry, path)
            assert left == visit(entry.right, entry.red), "black heights differ"
            return left + (not entry.red)

        if child != NOBODY:
            top = self.entries[child]
            assert top is not None
            assert not top.red
            visit(child, False)
        order = [(len(name.encode("utf-16-le")), name.upper()) for name in names]
        assert all(a < b for a, b in pairwise(order)), names

    def content(self, entry: Entry, path: str) -> None:
        if entry.kind == STORAGE:
            assert (entry.start, entry.size) == (0, 0)
            self.walk(entry.child, f"{path}{entry.name}/")
            return
        assert entry.kind == STREAM
        assert entry.child == NOBODY
        if entry.size >= 4096:
            found = self.chain(entry.start, entry.name)
            assert 0 <= len(found) - entry.size < 512
        else:
            found = self.mini_chain(entry)
            assert 0 <= len(found) - entry.size < 64
        assert not found[entry.size :].strip(b"\0")
        self.streams[path + entry.name] = found[: entry.size]

    def mini_chain(self, entry: Entry) -> bytes:
        found, start = b"", entry.start
        while start != END:
            assert start not in self.mini_used
            self.mini_used.add(start)
            found += self.mini[64 * start : 64 * (start + 1)]
            start = self.mini_fat[start]
        return found


# --- MS-OVBA 2.4.1 -------------------------------------------------------------------------------


def decompress(container: bytes) -> bytes:
    """The content of a compressed container."""
    assert container[0] == 1
    out, position = bytearray(), 1
    while position < len(container):
        (header,) = struct.unpack_from("<H", container, position)
        assert header >> 12 & 7 == 0b011, "chunk signature"
        end = position + (header & 0xFFF) + 3
        assert end <= len(container)
        position += 2
        assert len(out) % 4096 == 0, "only the last chunk may be short"
        start = len(out)
        if not header & 0x8000:
            assert end - position == 4096
            out += container[position:end]
            position = end
            continue
        while position < end:
            flags = container[position]
            position += 1
            for bit in range(8):
                if position >= end:
                    assert not flags >> bit, "flags beyond the end"
                    break
                if not flags >> bit & 1:
                    out.append(container[position])
                    position += 1
                    continue
                (token,) = struct.unpack_from("<H", container, position)
                position += 2
                offset_bits = max(4, (len(out) - start - 1).bit_length())
                offset = (token >> (16 - offset_bits)) + 1
                length = (token & (0xFFFF >> offset_bits)) + 3
                assert offset <= len(out) - start, "copies from before the chunk"
                for _ in range(length):
                    out.append(out[-offset])
        assert position == end
        assert len(out) - start <= 4096
    return bytes(out)


# --- MS-OVBA 2.3.4.2 -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A module as the dir stream lists it."""

    name: str
    stream: str
    offset: int
    standard: bool


class Dir:
    """The dir stream, every record in the order of the grammar and of the size it must have."""

    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 0
        assert self.number(0x01, "<I") in (1, 3)
        self.number(0x02, "<I"), self.number(0x14, "<I")
        self.code_page = self.number(0x03, "<H")
        self.encoding = f"cp{self.code_page}"
        self.name = self.record(0x04).decode(self.encoding)
        assert 1 <= len(self.name) <= 128
        assert self.both(0x05, 0x40) == ""
        assert self.record(0x06) == self.record(0x3D)
        assert self.number(0x07, "<I") == 0 == self.number(0x08, "<I")
        assert self.take("<HI") == (0x09, 4)
        self.version = self.take("<IH")
        self.constants = self.both(0x0C, 0x3C)
        self.references = []
        while self.peek() == 0x16:
            name = self.both(0x16, 0x3E)
            body = self.record(0x0D)
            (size,) = struct.unpack_from("<I", body)
            assert len(body) == size + 10
            assert body[-6:] == bytes(6)
            self.references.append((name, body[4 : 4 + size].decode(self.encoding)))
        count = self.number(0x0F, "<H")
        self.number(0x13, "<H")
        self.modules = [self.module() for _ in range(count)]
        assert self.record(0x10) == b""
        assert self.position == len(data)

    def module(self) -> Listed:
        name, stream = self.both(0x19, 0x47), self.both(0x1A, 0x32)
        assert self.both(0x1C, 0x48) == ""
        offset = self.number(0x31, "<I")
        assert self.number(0x1E, "<I") == 0
        self.number(0x2C, "<H")
        kind = self.peek()
        assert kind in (0x21, 0x22)
        assert self.record(kind) == b""
        assert self.record(0x2B) == b""
        return Listed(name, stream, offset, kind == 0x21)

    def peek(self) -> int:
        return int(struct.unpack_from("<H", self.data, self.position)[0])

    def take(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from(layout, self.data, self.position)
        self.position += struct.calcsize(layout)
        return found

    def record(self, wanted: int) -> bytes:
        kind, size = self.take("<HI")
        assert kind == wanted, (hex(kind), hex(wanted), self.position)
        self.position += size
        assert self.position <= len(self.data)
        return self.data[self.position - size : self.position]

    def number(self, wanted: int, layout: str) -> int:
        body = self.record(wanted)
        assert len(body) == struct.calcsize(layout)
        return int(struct.unpack(layout, body)[0])

    def both(self, wanted: int, wide: int) -> str:
        text = self.record(wanted).decode(self.encoding)
        assert self.record(wide).decode("utf-16-le") == text
        return text


def sources(project: bytes) -> dict[str, str]:
    """Every module's text, out of a project without a performance cache."""
    streams = Compound(project).streams
    listed = Dir(decompress(streams["VBA/dir"]))
    found = {}
    for module in listed.modules:
        assert module.offset == 0
        text = decompress(streams[f"VBA/{module.stream}"]).decode(listed.encoding)
        assert text.startswith(f'Attribute VB_Name = "{module.name}"\r\n')
        found[module.name] = text
    known = {f"VBA/{name}" for name in (*found, "dir", "_VBA_PROJECT")} | {"PROJECT", "PROJECTwm"}
    assert set(streams) == known
    return found
