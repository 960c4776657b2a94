"""Writes a compound file (MS-CFB version 3), the container of a VBA project, the same bytes every time."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
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
