"""`roi-xl check` as a person uses it: what it says, where, and with which exit code."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.audit.planting import file_bytes
from tests.cli.test_main import one_line, roi_xl


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.xlsx"
    path.write_bytes(file_bytes("en"))
    return path


def edit(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Change one part of the file, as a program would that keeps everything else."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def sheet_part(path: Path, title: str) -> str:
    return f"xl/worksheets/sheet{openpyxl.load_workbook(path).sheetnames.index(title) + 1}.xml"


def test_json_has_every_rule(ours: Path) -> None:
    done = roi_xl("check", ours, "--json")
    data = json.loads(done.stdout)
    assert [r["rule"] for r in data["rules"]] == list(range(41))
    assert {r["status"] for r in data["rules"]} <= {
        "ok", "warn", "fail", "not_applicable", "not_checkable",
    }  # fmt: skip
    assert data["ok"] == (done.returncode == 0)
    assert {r["rule"] for r in data["rules"] if r["status"] == "fail"} == set()
    assert data["language"] == "en"
    assert (data["intact"], data["fresh"]) == (True, True)
    assert done.stderr == ""


def test_a_stale_value_is_named_by_cell_and_fails(ours: Path) -> None:
    edit(ours, sheet_part(ours, "Calculation"), b"<v>2036</v>", b"<v>2037</v>")
    done = roi_xl("check", ours)
    assert done.returncode == 1
    assert "Model intact: yes" in done.stdout
    assert "Results fresh: no" in done.stdout
    line = next(line for line in done.stdout.splitlines() if "rule 0 " in line)
    assert line.startswith("FAIL rule 0 Calculation!")
    assert "2037" in line
    assert "2036" in line
    chinese = roi_xl("check", ours, "--lang", "zh").stdout
    assert "不通过 规则 0 Calculation!" in chinese
    assert chinese.splitlines()[-1].startswith("共 41 条规则")


def test_a_bad_input_is_a_finding(ours: Path) -> None:
    book = openpyxl.load_workbook(ours)
    place = book.defined_names["training_hours"].attr_text.replace("'", "").replace("$", "")
    sheet, cell = place.split("!")
    book[sheet][cell] = "four"
    book.save(ours)
    done = roi_xl("check", ours, "--json")
    assert done.returncode == 1
    rule = json.loads(done.stdout)["rules"][18]
    found = next(f for f in rule["findings"] if f["kind"] == "bad_value")
    assert (found["sheet"], found["cell"], found["found"]) == (sheet, cell, '"four"')


def test_files_that_cannot_be_checked(ours: Path, tmp_path: Path) -> None:
    one_line(roi_xl("check", tmp_path / "none.xlsx"), 3, "none.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    one_line(roi_xl("check", tmp_path / "folder.xlsx"), 3, "folder.xlsx")
    (tmp_path / "case.toml").write_text("daily_requests = 5")
    one_line(roi_xl("check", tmp_path / "case.toml"), 3, "case.toml", ".xlsx")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    one_line(roi_xl("check", tmp_path / "other.xlsx"), 3, "other.xlsx")
    half = tmp_path / "half.xlsx"
    half.write_bytes(ours.read_bytes()[:20_000])
    one_line(roi_xl("check", half), 3, "half.xlsx")
    assert roi_xl("check").returncode == 2


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b"</workbook>", b""),
        ("xl/styles.xml", b"<fonts", b"<fnts"),
        ("[Content_Types].xml", b"</Types>", b""),
        ("docProps/app.xml", b"</Properties>", b""),
    ],
)
def test_broken_parts_are_bad_files(ours: Path, part: str, old: bytes, new: bytes) -> None:
    edit(ours, part, old, new)
    one_line(roi_xl("check", ours), 3, "ours.xlsx")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", b"\0" * 80_000_000)
    one_line(roi_xl("check", bomb), 3, "bomb.xlsx")
