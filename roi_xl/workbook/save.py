"""The only writer: cached values into the finished parts, byte-identical archives."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.dimensions import DimensionHolder, RowDimension

from roi_xl.errors import OutputError
from roi_xl.io.archives import entry
from roi_xl.io.atomic_write import check_output, temporary_folder, write_file
from roi_xl.workbook.sheet_writer import Book
from roi_xl.workbook.sheet_xml import Strings, rows_xml

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


_STRINGS = "xl/sharedStrings.xml"
_STRINGS_TYPE = (
    f'<Override PartName="/{_STRINGS}" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sharedStrings+xml"/>'
)
_STRINGS_RELATION = (
    '<Relationship Id="rIdStrings" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/sharedStrings" Target="sharedStrings.xml"/>'
)


def with_metadata(parts: dict[str, bytes]) -> None:
    """Add to a workbook's parts the one that the marked cells refer to."""
    parts[_PART] = _METADATA.encode()
    _append(parts, "[Content_Types].xml", "</Types>", _CONTENT_TYPE)
    _append(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", _RELATION)


def _append(parts: dict[str, bytes], part: str, end: str, element: str) -> None:
    parts[part] = parts[part].decode().replace(end, element + end).encode()


__all__ = ["BUILD_TIME", "check_output", "finished", "finished_parts", "pack", "write_file"]

BUILD_TIME = dt.datetime(2026, 1, 1)
_EMPTY = re.compile(r"<sheetData ?/>|<sheetData>.*?</sheetData>", re.S)
_DIMENSION = re.compile(r'<dimension ref="[^"]*"')
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
    sheets = book.workbook.worksheets
    strings = Strings()
    rows = [
        rows_xml(
            ws,
            book.cached[ws.title],
            book.groups.get(ws.title, {}),
            {cell for sheet, cell in book.dynamic if sheet == ws.title},
            strings,
        )
        for ws in sheets
    ]
    sizes = [ws.dimensions for ws in sheets]
    raw = io.BytesIO()
    _save(book, raw)
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(raw) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    for i, (ws, found, size) in enumerate(zip(sheets, rows, sizes, strict=True), 1):
        name = f"xl/worksheets/sheet{i}.xml"
        filled = f"<sheetData>{found}</sheetData>".replace("\\", r"\\")
        xml = _EMPTY.sub(filled, parts[name].decode(), 1)
        parts[name] = _DIMENSION.sub(f'<dimension ref="{size}"', xml, 1).encode()
        _describe_charts(parts, i, book.chart_texts.get(ws.title, []))
    parts[_STRINGS] = strings.xml()
    for part, end, element in (
        ("[Content_Types].xml", "</Types>", _STRINGS_TYPE),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", _STRINGS_RELATION),
    ):
        if b"sharedStrings" not in parts[part]:
            _append(parts, part, end, element)
    if book.dynamic:
        with_metadata(parts)
    core = parts["docProps/core.xml"].decode()
    when = stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    parts["docProps/core.xml"] = _TIMES.sub(rf"\g<1>{when}", core).encode()
    return parts


def _save(book: Book, out: io.BytesIO) -> None:
    """Everything but the cells, which stand in the workbook again afterwards."""
    kept = [(ws, ws._cells) for ws in book.workbook.worksheets]
    heights = [(ws, ws.row_dimensions) for ws in book.workbook.worksheets]
    for ws, _ in kept:
        ws._cells = _heads(ws)
        ws.row_dimensions = DimensionHolder(ws, "index", RowDimension)  # type: ignore[arg-type]
    try:
        book.workbook.save(out)
    except Exception as error:
        # openpyxl puts each sheet into a temporary file first; lxml has its own error for a full disk
        if not isinstance(error, OSError) and not type(error).__module__.startswith("lxml"):
            raise
        raise OutputError("no_temporary", folder=temporary_folder(), reason=error) from None
    finally:
        for (ws, cells), (_, rows) in zip(kept, heights, strict=True):
            ws._cells, ws.row_dimensions = cells, rows


def _heads(ws: Any) -> dict[tuple[int, int], Any]:
    """The headings of a sheet's tables, which openpyxl reads when it writes these."""
    tops = {range_boundaries(table.ref)[1] for table in ws.tables.values()}
    return {place: cell for place, cell in ws._cells.items() if place[0] in tops}


def pack(parts: dict[str, bytes]) -> bytes:
    """Parts as an Office archive: content types first, the rest sorted, the same bytes every time."""
    out = io.BytesIO()
    order = sorted(parts, key=lambda n: (n != "[Content_Types].xml", n != "_rels/.rels", n))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in order:
            archive.writestr(entry(name), parts[name])
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
