"""Looks into a macro file: its parts, its sheets, the cells of the calculation."""

import io
import re
import zipfile
from typing import Any

import openpyxl

from roi_xl.case.graph_steps import STEPS


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


def step_cells(data: bytes, *, data_only: bool) -> dict[str, Any]:
    """The formula, or the cached value, of each step of the calculation that has a cell."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)
    found: dict[str, Any] = {}
    for name in (s.name for s in STEPS if s.name in book.defined_names):
        sheet, cell = next(iter(book.defined_names[name].destinations))
        found[name] = book[sheet][cell.replace("$", "")].value
    assert len(found) >= 17
    return found
