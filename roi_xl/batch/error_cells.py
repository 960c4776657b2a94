"""The error cells of a worksheet, found by searching its XML: what python-calamine does not return.

python-calamine reads an error cell, and a formula without a cached value, as a blank. It also makes
a table of every cell up to the last, however far away that is. A search of the XML is much faster
than parsing it, but sees only what is spelled as spreadsheet programs spell it. Whatever else a sheet
holds that could hide a cell makes it a sheet for our own reader.
"""

import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from roi_xl.errors import ErrorValue
from roi_xl.xlsx.cell_reader import Place, column_number

_NAMESPACES = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_PIECE = 4 << 20
_LONGEST_ROW = 64 << 20  # bytes
_ROW_END = b"</row>"
_START = re.compile(rb'\s*(?:<\?xml [^>]*\?>\s*)?<worksheet [^>]*\bxmlns="([^"]*)"[^>]*>')
# comments, character data and declarations; attributes with references; other encodings
_ODD = (b"<!", b"<?", b'="&', b"='e'", b"\0")
_NO_VALUE = re.compile(rb"</f>(?!<v>[^<])|<f(?: [^>]*)?/>(?!<v>[^<])")
_EMPTY_TEXT = re.compile(
    rb'<c [^>]* t="str"[^>]*>(?:<f(?: [^>]*)?/>|<f(?: [^>]*)?>[^<]*</f>)<v></v>'
)
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: [a-z]+="[^"<>]*")* t="e"(?: [a-z]+="[^"<>]*")*>'
    rb"(?:<f(?: [^>]*)?/>|<f(?: [^>]*)?>[^<]*</f>)?<v>([^<]*)</v></c>"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)\d')


def fits_table(archive: zipfile.ZipFile, part: str, most_area: float) -> bool:
    """Whether a sheet is spelled plainly, and a table of all its cells is no larger than this.

    Args:
        archive: the workbook.
        part: the sheet's name in the archive.
        most_area: rows × columns.
    """
    beyond: re.Pattern[bytes] | None = None
    for block in _blocks(archive, part):
        start = 0
        if beyond is None:
            root = _START.match(block)
            if root is None or root[1] not in _NAMESPACES or block.count(root[1]) > 1:
                return False  # with a prefix, elements would have other names
            widest = max(map(column_number, _letters(block)), default=1)
            beyond, start = _beyond(2 * widest, most_area), root.end()
        # one byte is found much faster than several
        if any(odd[-1:] in block and block.find(odd, start) >= 0 for odd in _ODD):
            return False
        if beyond.search(block):
            return False
    return beyond is not None


def error_cells(archive: zipfile.ZipFile, part: str) -> dict[Place, ErrorValue] | None:
    """The error cells of a plainly spelled sheet by row and column, from 1.

    None where a formula has no cached value, or a cell only looks like an error.
    """
    found: dict[Place, ErrorValue] = {}
    for block in _blocks(archive, part):
        if (b"f" in block and _lacks_value(block)) or not _add_errors(block, found):
            return None
    return found


def _letters(block: bytes) -> set[str]:
    return {letters.decode() for letters in set(_REFERENCE.findall(block))}


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet in blocks of whole rows; the next is unpacked while one is searched."""
    with archive.open(part) as stream, ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(stream.read, _PIECE)
        rest = b""
        while piece := coming.result():
            coming = ahead.submit(stream.read, _PIECE)
            end = piece.rfind(_ROW_END)
            if end < 0:
                rest += piece
                if len(rest) > _LONGEST_ROW:
                    yield b"\0"  # not a plain sheet
                    return
                continue
            end += len(_ROW_END)
            yield rest + piece[:end]
            rest = piece[end:]
        yield rest


def _lacks_value(block: bytes) -> bool:
    """Whether a formula has no cached value; an empty text is one."""
    for match in _NO_VALUE.finditer(block):
        cell = _EMPTY_TEXT.match(block, max(0, block.rfind(b"<c ", 0, match.start())))
        if cell is None or cell.end() < match.end():
            return True
    return False


def _add_errors(block: bytes, found: dict[Place, ErrorValue]) -> bool:
    """Add a block's error cells; False where something looks like one but is not plainly one."""
    place = block.find(b'"e"')
    while place >= 0:
        cell = _ERROR_CELL.match(block, max(0, block.rfind(b"<c ", 0, place)))
        if cell is None or not cell.start() < place < cell.end():
            return False
        error = ErrorValue.of(cell[3].decode(errors="replace")) or ErrorValue.VALUE
        found[int(cell[2]), column_number(cell[1].decode())] = error
        place = block.find(b'"e"', cell.end())
    return True


# --- cells beyond a column or row ----------------------------------------------------------------


def _beyond(columns: int, most_area: float) -> re.Pattern[bytes]:
    """Finds a cell outside a table of at least so many columns and at most so many cells.

    For speed, the last column allowed is Z, AZ, BZ …, and the last row 9, 19, …, 99, 199, …
    """
    from roi_xl.xlsx.cell_reader import column_letters

    last = "Z" if columns <= 26 else column_letters(min(columns, 26 * 26))[0] + "Z"
    rows = str(max(1, int(most_area / column_number(last))) + 1)
    right = "[A-Z]{2}" if last == "Z" else "[A-Z]{3}"
    if last[0] < "Z" and len(last) == 2:
        right += f"|[{chr(ord(last[0]) + 1)}-Z][A-Z]"
    below = rf"[{rows[0]}-9]\d{{{len(rows) - 1}}}|\d{{{len(rows) + 1}}}"
    return re.compile(rf' r="(?:{right}|[A-Z]*+(?:{below}))'.encode())
