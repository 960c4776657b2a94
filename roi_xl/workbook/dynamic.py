"""Dynamic-array formulas: how a finished workbook says that a cell's formula may spill.

Excel puts `@` before a call in a cell that does not say so, and the call then gives one value.
"""

import re

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
