"""Workbooks that somebody made to do harm, and the tools to take a good one apart."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{RELS}">{each}</Relationships>'


def minimal(
    sheet: str = "<sheetData/>",
    *,
    strings: str = "<sst/>",
    styles: str = "<styleSheet/>",
    names: str = "",
    book_properties: str = "",
    sheets: int = 1,
) -> dict[str, bytes]:
    """The parts of a small workbook whose one sheet part is listed as many times as asked."""
    listed = "".join(
        f'<sheet name="S{i}" sheetId="{i}" r:id="rId1"/>' for i in range(1, sheets + 1)
    )
    return {
        name: content.encode()
        for name, content in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book_properties}'
                f"<sheets>{listed}</sheets><definedNames>{names}</definedNames></workbook>"
            ),
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
            "xl/sharedStrings.xml": strings,
            "xl/styles.xml": styles,
        }.items()
    }


def cell(content: str, *, place: str = "B1", attributes: str = "") -> str:
    """Sheet data with the key of an input in A1 and one cell beside it."""
    return (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>daily_requests</t></is></c>'
        f'<c r="{place}" {attributes}>{content}</c></row></sheetData>'
    )


def write(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- files of up to ten megabytes that ask for more than a machine has -----------------------------


def _noise(size: int) -> bytes:
    """Letters that do not pack well."""
    return random.Random(1).randbytes(size).hex().encode()[:size]


def zip_bomb() -> dict[str, bytes]:
    return minimal() | {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 190_000_000}


def many_parts() -> dict[str, bytes]:
    return minimal() | {f"xl/media/{i}.bin": b"" for i in range(90_000)}


def billion_laughs() -> dict[str, bytes]:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    doctype = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{entities}]>'
    return minimal(cell("<v>0</v>", attributes='t="s"')) | {
        "xl/sharedStrings.xml": f"{doctype}<sst><si><t>&l9;</t></si></sst>".encode()
    }


def utf16_entities() -> dict[str, bytes]:
    text = (
        '<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    )
    return minimal() | {"xl/worksheets/sheet1.xml": text.encode("utf-16")}


def huge_sheet() -> dict[str, bytes]:
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="B{0}"><v>1</v></c></row>'
    return minimal("<sheetData>" + "".join(row.format(i) for i in range(1, 1_000_000)))


def far_corner() -> dict[str, bytes]:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return minimal(f'<dimension ref="A1:XFD1048576"/><sheetData>{far}</sheetData>')


def deep_nesting() -> dict[str, bytes]:
    return minimal("".join(f"<a{i % 7}>" for i in range(2_000_000)) + _noise(1_000_000).decode())


def many_strings() -> dict[str, bytes]:
    strings = "".join(f"<si><t>text {i}</t></si>" for i in range(1_400_000))
    return minimal(cell("<v>5</v>", attributes='t="s"'), strings=f"<sst>{strings}</sst>")


def many_styles() -> dict[str, bytes]:
    styles = "<xf numFmtId='14'/>" * 3_000_000 + _noise(300_000).decode()
    sheet = cell("<v>5</v>", attributes='s="1"')
    return minimal(sheet, styles=f"<styleSheet><cellXfs>{styles}</cellXfs></styleSheet>")


def many_names() -> dict[str, bytes]:
    names = "".join(
        f'<definedName name="n{i}">S1!$A${i % 999 + 1}</definedName>' for i in range(1_000_000)
    )
    return minimal(names=names)


def one_sheet_many_times() -> dict[str, bytes]:
    filler = "".join(f"<!--{_noise(100_000).decode()}-->" for _ in range(180))
    return minimal(filler + "<sheetData/>", sheets=4_000)


def many_tag_names() -> dict[str, bytes]:
    return minimal("".join(f"<t{i} a{i}='' />" for i in range(1_600_000)))


def one_long_tag() -> dict[str, bytes]:
    return minimal(f'<sheetData a="{_noise(9_000_000).decode()}"/>')


def long_texts() -> dict[str, bytes]:
    letters = "x" * 30_000 + "\U0001f600"
    strings = "".join(f"<si><t>{i}{letters}</t></si>" for i in range(6_000))
    rows = "".join(
        f'<row r="{r + 1}">'
        + "".join(f'<c r="{chr(65 + c)}{r + 1}" t="s"><v>{r * 9 + c}</v></c>' for c in range(9))
        + "</row>"
        for r in range(500)
    )
    return minimal(
        f"<sheetData>{rows}</sheetData>", strings=f"<sst>{strings}{_noise(900_000).decode()}</sst>"
    )


BOMBS: dict[str, Callable[[], dict[str, bytes]]] = {
    made.__name__: made
    for made in (
        zip_bomb,
        many_parts,
        billion_laughs,
        utf16_entities,
        huge_sheet,
        far_corner,
        deep_nesting,
        many_strings,
        many_styles,
        many_names,
        one_sheet_many_times,
        many_tag_names,
        one_long_tag,
        long_texts,
    )
}


LONG = ("huge_sheet", "many_parts", "many_strings", "one_sheet_many_times", "long_texts")


def lying_sizes(path: Path) -> Path:
    """A bomb whose directory says that each part is small."""
    write(path, zip_bomb())
    data = bytearray(path.read_bytes())
    size = struct.pack("<I", 190_000_011)
    at = data.find(size)
    while at != -1:
        data[at : at + 4] = struct.pack("<I", 1000)
        at = data.find(size, at + 4)
    path.write_bytes(bytes(data))
    return path


def doubled(path: Path, parts: dict[str, bytes], name: str) -> Path:
    """The same part written twice, as no program does."""
    import warnings

    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(held, "w") as archive:
            for part, content in [*parts.items(), (name, b"<worksheet/>")]:
                archive.writestr(part, content)
    path.write_bytes(held.getvalue())
    return path
