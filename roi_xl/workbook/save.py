"""The only writer: cached values into the finished parts, byte-identical archives."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from roi_xl.errors import ErrorValue, OutputError
from roi_xl.io.atomic_write import check_output, temporary_folder, write_file
from roi_xl.workbook.sheet_writer import Book, escaped

_METADATA = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">\
<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" \
pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" \
clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes>\
<futureMetadata name="XLDAPR" count="1"><bk><extLst>\
<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">\
<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>\
<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"""
_PART = "xl/metadata.xml"
_CONTENT_TYPE = (
    f'<Override PartName="/{_PART}" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheetMetadata+xml"/>'
)
_RELATION = (
    '<Relationship Id="rIdMetadata" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/sheetMetadata" Target="metadata.xml"/>'
)
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>')


def mark(sheet: str, cells: set[str]) -> str:
    """The XML of a sheet with these cells' formulas marked as dynamic arrays."""

    def marked(found: re.Match[str]) -> str:
        if found[1] not in cells:
            return found[0]
        return f'<c r="{found[1]}"{found[2]} cm="1"><f t="array" ref="{found[1]}">'

    return _CELL.sub(marked, sheet) if cells else sheet


def with_metadata(parts: dict[str, bytes]) -> None:
    """Add to a workbook's parts the one that the marked cells refer to."""
    parts[_PART] = _METADATA.encode()
    _append(parts, "[Content_Types].xml", "</Types>", _CONTENT_TYPE)
    _append(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", _RELATION)


def _append(parts: dict[str, bytes], part: str, end: str, element: str) -> None:
    parts[part] = parts[part].decode().replace(end, element + end).encode()


__all__ = ["BUILD_TIME", "check_output", "finished", "finished_parts", "pack", "write_file"]

BUILD_TIME = dt.datetime(2026, 1, 1)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_FORMULA_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)>(<f>.*?</f>)<v ?/?>(?:</v>)?</c>', re.S)
_TIMES = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*")


Finisher = Callable[[Book, dict[str, bytes]], bytes]


def finished(book: Book, stamp: dt.datetime, finish: Finisher | None = None) -> bytes:
    """The workbook as a file: every formula with its value, parts in order, fixed times.

    `finish` makes a file of another kind of the finished parts; without it they are packed as .xlsx.
    """
    parts = finished_parts(book, stamp)
    return pack(parts) if finish is None else finish(book, parts)


def finished_parts(book: Book, stamp: dt.datetime) -> dict[str, bytes]:
    """The parts of the workbook by name, every formula with its value."""
    raw = io.BytesIO()
    _save(book, raw)
    titles = [ws.title for ws in book.workbook.worksheets]
    caches = [book.cached[title] for title in titles]
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(raw) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    for i, cache in enumerate(caches, 1):
        name = f"xl/worksheets/sheet{i}.xml"
        filled = _with_values(parts[name].decode(), cache)
        cells = {cell for sheet, cell in book.dynamic if sheet == titles[i - 1]}
        parts[name] = mark(filled, cells).encode()
        _describe_charts(parts, i, book.chart_texts.get(titles[i - 1], []))
    if book.dynamic:
        with_metadata(parts)
    core = parts["docProps/core.xml"].decode()
    when = stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    parts["docProps/core.xml"] = _TIMES.sub(rf"\g<1>{when}", core).encode()
    return parts


def _save(book: Book, out: io.BytesIO) -> None:
    try:
        book.workbook.save(out)
    except Exception as error:
        # openpyxl puts each sheet into a temporary file first; lxml has its own error for a full disk
        if not isinstance(error, OSError) and not type(error).__module__.startswith("lxml"):
            raise
        raise OutputError("no_temporary", folder=temporary_folder(), reason=error) from None


def pack(parts: dict[str, bytes]) -> bytes:
    """Parts as an Office archive: content types first, the rest sorted, the same bytes every time."""
    out = io.BytesIO()
    order = sorted(parts, key=lambda n: (n != "[Content_Types].xml", n != "_rels/.rels", n))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in order:
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, parts[name])
    return out.getvalue()


def _describe_charts(parts: dict[str, bytes], sheet: int, texts: list[str]) -> None:
    """Give the charts of a sheet the texts that a screen reader says, which openpyxl leaves out."""
    links = parts.get(f"xl/worksheets/_rels/sheet{sheet}.xml.rels", b"").decode()
    drawing = re.search(r"/?(?:xl/|\.\./)(drawings/drawing\d+\.xml)", links)
    if not texts or drawing is None:
        return
    name, said = f"xl/{drawing[1]}", iter(texts)
    described = re.sub(
        r"<([\w:]*cNvPr) ",
        lambda m: f"<{m[1]} descr={quoteattr(next(said))} ",
        parts[name].decode(),
    )
    parts[name] = described.encode()


def _with_values(xml: str, cache: dict[str, Any]) -> str:
    def fill(found: re.Match[str]) -> str:
        kind, value = _cached(cache[found[1]])
        return f'<c r="{found[1]}"{found[2]}{kind}>{found[3]}<v>{value}</v></c>'

    return _FORMULA_CELL.sub(fill, xml)


def _cached(value: object) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, ErrorValue):
        return ' t="e"', value.value
    if isinstance(value, (int, float)):
        return "", repr(value)
    return ' t="str"', escape(escaped(str(value)))
