"""Looks into a macro file with nothing but the standard library."""

import io
import re
import zipfile


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of an Office file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def code_names(parts: dict[str, bytes]) -> list[str]:
    """The code name of each sheet, in the order in which the workbook lists them."""
    book = parts["xl/workbook.xml"].decode()
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    found = []
    for relation in re.findall(r'<sheet [^>]*r:id="([^"]+)"', book):
        element = re.search(rf'<Relationship [^>]*Id="{relation}"[^>]*>', relations)
        assert element
        target = re.search(r'Target="/?(?:xl/)?([^"]+)"', element[0])
        assert target
        code_name = re.search(r'<sheetPr[^>]*codeName="([^"]+)"', parts[f"xl/{target[1]}"].decode())
        assert code_name, target[1]
        found.append(code_name[1])
    return found
