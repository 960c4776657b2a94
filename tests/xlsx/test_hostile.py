"""A workbook from anywhere: it is read, or refused with one error, within memory and time."""

import os
import random
import zipfile
from pathlib import Path

import pytest

from roi_xl import BadWorkbook, Case, RoiError, build_workbook, read_case
from roi_xl.errors import BadInput
from roi_xl.xlsx import safe_archive as limits
from roi_xl.xlsx.safe_archive import refuse_unsafe
from tests.hosts.office import Office
from tests.marks import in_ci
from tests.workbook.measured import read_measured
from tests.xlsx import hostile
from tests.xlsx.hostile import BOMBS, LONG, cell, minimal, parts_of, write

CI = os.environ.get("CI") == "true"  # where more of the same is tried
MOST_FILE_BYTES = 10_500_000


@pytest.mark.parametrize(
    "made", [*(b for b in BOMBS if b not in LONG), *in_ci(*LONG), "lying_sizes"]
)
def test_hostile_files_cost_little(made: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    if made == "lying_sizes":
        hostile.lying_sizes(path)
    else:
        write(path, BOMBS[made]())
    assert path.stat().st_size < MOST_FILE_BYTES
    imports = "from roi_xl import read_case\nfrom roi_xl.workbook import study_reader"
    said = read_measured(path, "read_case", imports, loaded_mb=100)
    assert said in EXPECTED[made], said


EXPECTED = {
    "zip_bomb": {"bad_workbook.part_ratio"},
    "lying_sizes": {"bad_workbook.part_damaged"},
    "many_parts": {"bad_workbook.too_many_parts"},
    "billion_laughs": {"bad_workbook.part_entities"},
    "utf16_entities": {"bad_workbook.part_entities"},
    "huge_sheet": {"bad_workbook.part_too_much"},
    "far_corner": {"no_inputs"},
    "deep_nesting": {"bad_workbook.part_too_much"},
    "many_strings": {"cell_value"},
    "many_styles": {"bad_workbook.part_too_much"},
    "many_names": {"bad_workbook.part_too_much"},
    "one_sheet_many_times": {"no_inputs", "bad_workbook.part_too_much"},
    "many_tag_names": {"bad_workbook.part_too_much"},
    "one_long_tag": {"bad_workbook.part_too_much"},
    "long_texts": {"bad_workbook.part_too_much"},  # 180 million characters
}


def refused(path: Path) -> str:
    with pytest.raises(BadWorkbook) as raised:
        read_case(path)
    for language in ("zh", "en"):
        assert path.name in raised.value.message(language)
    return raised.value.key.removeprefix("bad_workbook.")


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\..\\evil.xml", "C:/evil.xml", "xl/../../x.xml"],
)
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.xlsx", minimal() | {name: b"x"})
    assert refused(path) == "part_name"
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_target_that_leads_elsewhere_is_missing(tmp_path: Path) -> None:
    for target in ("../../../../etc/passwd", "file:///etc/passwd", "http://localhost/book.xml"):
        parts = minimal() | {"_rels/.rels": hostile.relations(("officeDocument", target)).encode()}
        assert refused(write(tmp_path / "a.xlsx", parts)) == "part_missing"


def test_parts_twice(tmp_path: Path) -> None:
    for name in ("xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.XML"):
        path = hostile.doubled(tmp_path / "a.xlsx", minimal(), name)
        assert refused(path) == "part_twice"


def test_odd_packing_and_passwords(tmp_path: Path) -> None:
    assert refused(write(tmp_path / "a.xlsx", minimal(), zipfile.ZIP_LZMA)) == "part_packing"
    path = write(tmp_path / "b.xlsx", minimal())
    data = bytearray(path.read_bytes())
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 8] |= 1  # the flag of an encrypted part
    path.write_bytes(bytes(data))
    assert refused(path) == "part_packing"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert refused(path) == "old_or_encrypted"
    path.write_bytes(b"")
    assert refused(path) == "no_archive"


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        (cell("<v>7</v>", attributes='t="s"'), "string_missing"),
        (cell("<v>-1</v>", attributes='t="s"'), "string_missing"),
        (cell("<v>four</v>"), "cell_number"),
        (cell("<v>1</v>", place="A1"), "cell_twice"),
    ],
)
def test_cells_no_program_writes(tmp_path: Path, sheet: str, key: str) -> None:
    assert refused(write(tmp_path / "a.xlsx", minimal(sheet))) == key


@pytest.mark.parametrize(
    ("content", "attributes", "shown"),
    [
        ("<v>1e400</v>", "", "inf"),
        ("<v>nan</v>", "", "nan"),
        ("<v>1</v>", 't="b"', "True"),
        ("<v>#N/A</v>", 't="e"', "#N/A"),
        ("<v>45000</v>", 's="1"', "2023-03-15"),  # a date, as Excel counts from 1900
        ("<v>0.5</v>", 's="2"', "12:00:00"),
        ("<v>1e9</v>", 's="1"', "1e+09"),  # no date that exists
        ("<v>2026-01-01</v>", 't="d"', "2026-01-01"),
        ("<is><r><t>fo</t></r><r><t>ur</t></r><rPh><t>x</t></rPh></is>", 't="inlineStr"', '"four"'),
        ("<f>NOW()</f>", "", "=NOW()"),
    ],
)
def test_what_stands_in_the_cell_is_quoted(
    tmp_path: Path, content: str, attributes: str, shown: str
) -> None:
    styles = (
        '<styleSheet><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="21"/></cellXfs></styleSheet>'
    )
    path = write(tmp_path / "a.xlsx", minimal(cell(content, attributes=attributes), styles=styles))
    with pytest.raises(BadInput, match=r"S1!B1") as raised:
        read_case(path)
    assert shown in str(raised.value)


def test_dates_of_old_macintosh_files(tmp_path: Path) -> None:
    styles = '<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
    sheet = cell("<v>43538</v>", attributes='s="1"')  # 45000 less the 1,462 days between the epochs
    parts = minimal(sheet, styles=styles, book_properties='<workbookPr date1904="1"/>')
    with pytest.raises(BadInput, match="2023-03-15"):
        read_case(write(tmp_path / "a.xlsx", parts))


def test_cyclic_and_foreign_names_are_not_followed(tmp_path: Path) -> None:
    names = "".join(
        f'<definedName name="{name}">{target}</definedName>'
        for name, target in {
            "daily_requests": "gpu_count",
            "gpu_count": "daily_requests",
            "training_hours": "[1]S1!$A$1",
            "hourly_rate": "'\\\\server\\share\\[a.xlsx]S1'!$A$1",
            "num_iterations": "Nowhere!$A$1",
            "days_per_month": 'INDIRECT("S1!A1")',
        }.items()
    )
    path = write(tmp_path / "a.xlsx", minimal(cell("<v>1234</v>"), names=names))
    case = read_case(path)
    assert case["daily_requests"] == 1234  # found beside its key
    assert case.given == {"daily_requests"}


def test_texts_as_a_file_writes_them(tmp_path: Path) -> None:
    sheet = (
        '<sheetData><row><c t="s"><v>0</v></c><c><v>5</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>quality_need</t></is></c>'
        '<c r="B3" t="str"><f>"hi"</f><v>_x0020_high_x000D_</v></c></row></sheetData>'
    )
    strings = "<sst><si><r><t>daily_</t></r><r><t>requests</t></r></si></sst>"
    with pytest.raises(BadInput, match="B3"):  # _x0020_ is no control character
        read_case(write(tmp_path / "a.xlsx", minimal(sheet, strings=strings)))
    sheet = sheet.replace("_x0020_", "")
    case = read_case(write(tmp_path / "a.xlsx", minimal(sheet, strings=strings)))
    assert (case["daily_requests"], case["quality_need"]) == (5, "high")


def test_one_bad_input_in_a_part_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    path = build_workbook(tmp_path / "a.xlsx")
    extra = {"xl/externalLinks/externalLink1.xml": b"<!DOCTYPE a>", "xl/vbaProject.bin": b"\0macro"}
    again = write(tmp_path / "b.xlsm", parts_of(path) | extra)
    assert dict(read_case(again)) == dict(Case())
    with pytest.raises(BadWorkbook, match="externalLink1"):  # for libraries that might read it
        refuse_unsafe(again)
    refuse_unsafe(path)


def test_limits_leave_room_for_honest_files(tmp_path: Path) -> None:
    """100,000 rows of ten cells are 2,100,000 elements and pack about tenfold."""
    rows = "".join(
        f'<row r="{r}">' + "".join(f"<c><v>{r * c % 9973}</v></c>" for c in range(10)) + "</row>"
        for r in range(2, 10_002)
    )
    sheet = cell("<v>42</v>").replace("</sheetData>", f"{rows}</sheetData>")
    path = write(tmp_path / "large.xlsx", minimal(sheet))
    assert read_case(path)["daily_requests"] == 42
    unpacked = len(sheet)
    assert unpacked / path.stat().st_size < limits.MOST_RATIO / 5
    assert sheet.count("<") // 2 * 10 < limits.MOST_ELEMENTS


def test_a_larger_file_may_hold_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What 10 MB may hold is a limit for files up to that size; three times the size, three times it."""
    rows = "".join(f'<row r="{r}"><c><v>{r}</v></c></row>' for r in range(2, 2_002))
    sheet = cell("<v>42</v>").replace("</sheetData>", f"{rows}</sheetData>")
    path = write(tmp_path / "large.xlsx", minimal(sheet))
    monkeypatch.setattr(limits, "MOST_ELEMENTS", 2_500)
    with pytest.raises(BadWorkbook):
        read_case(path)
    monkeypatch.setattr(limits, "PLAIN_SIZE", path.stat().st_size // 3)
    assert read_case(path)["daily_requests"] == 42


# --- our own workbooks, damaged ------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_workbook(tmp_path_factory.mktemp("good") / "good.xlsx")


def outcome(path: Path) -> None:
    """Reading gives a case or one of the agreed errors, in words; anything else fails the test."""
    try:
        case = read_case(path)
    except RoiError as error:
        assert isinstance(error, BadInput), error
        assert str(error)
    else:
        assert isinstance(case, Case)


def test_cut_anywhere(good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(0, len(data), max(1, len(data) // 150)):
        path.write_bytes(data[:length])
        refused(path)


def test_bits_flipped_in_the_file(good: Path, tmp_path: Path) -> None:
    data, chance = good.read_bytes(), random.Random(8)
    path = tmp_path / "flipped.xlsx"
    for _ in range(300 if CI else 60):
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8))):
            at = chance.choice((chance.randrange(len(data)), len(data) - chance.randrange(2000)))
            damaged[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(damaged))
        outcome(path)


def test_bits_flipped_inside_the_parts(good: Path, tmp_path: Path) -> None:
    """The archive is sound, its content is not."""
    parts, chance = parts_of(good), random.Random(9)
    read = [n for n in parts if n.endswith((".rels", "workbook.xml", "sharedStrings.xml"))]
    read += [n for n in parts if "sheet" in n and n not in read]
    path = tmp_path / "inside.xlsx"
    for _ in range(150 if CI else 40):
        name = chance.choice(read)
        content = bytearray(parts[name])
        for _ in range(chance.choice((1, 3))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        write(path, parts | {name: bytes(content)}, zipfile.ZIP_STORED)
        outcome(path)


def test_parts_removed_renamed_and_swapped(good: Path, tmp_path: Path) -> None:
    parts = parts_of(good)
    path = tmp_path / "parts.xlsx"
    names = list(parts)
    for i, name in enumerate(names if CI else names[::3]):
        without = {n: c for n, c in parts.items() if n != name}
        write(path, without, zipfile.ZIP_STORED)
        outcome(path)
        write(path, without | {f"{name}.bak": parts[name]}, zipfile.ZIP_STORED)
        outcome(path)
        other = names[(i + 3) % len(names)]
        write(path, parts | {name: parts[other], other: parts[name]}, zipfile.ZIP_STORED)
        outcome(path)
        write(path, parts | {name: b""}, zipfile.ZIP_STORED)
        outcome(path)


def test_files_that_are_something_else(tmp_path: Path) -> None:
    contents = {
        "text": b"daily_requests = 5",
        "html": b"<html><table><tr><td>5</td></tr></table></html>",
        "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        "pdf": b"%PDF-1.7\n",
        "docx": b"",
    }
    for name, content in contents.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        if name == "docx":
            parts = minimal() | {
                "_rels/.rels": hostile.relations(("officeDocument", "word/document.xml")).encode(),
                "word/document.xml": b"<document><body><p><t>5</t></p></body></document>",
            }
            write(path, parts)
        assert refused(path) in ("no_archive", "no_inputs")


def test_libreoffice_opens_what_the_reader_reads(
    good: Path, tmp_path: Path, office: Office
) -> None:
    """The reader is no stricter than a spreadsheet program: a copy it saved is read the same."""
    with office.open(good) as doc:
        saved = doc.save_as(tmp_path / "saved.xlsx")
    assert dict(read_case(saved)) == dict(read_case(good))
