"""Every unlocked cell is read and stands in the workbook written from the filled one."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils import coordinate_to_tuple

from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS
from roi_xl.text import text
from roi_xl.units import Quantity
from roi_xl.workbook.build import build_workbook
from roi_xl.workbook.study_reader import read_workbook
from tests.cli.test_main import one_line, roi_xl
from tests.hosts.office import Office

DAY = dt.datetime(2026, 10, 9)
GPU_ROW = ("H100", 80, "我的云", None, 1.75, 2, "rack", DAY, "offer 7", "own", "till June")


def unlocked(path: Path) -> Iterator[Any]:
    for ws in openpyxl.load_workbook(path).worksheets:
        for row in ws.iter_rows():
            yield from (cell for cell in row if not cell.protection.locked)


def by_key(path: Path, language: str) -> dict[tuple[str, ...], Any]:
    """What stands in the unlocked cells, by sheet, the row's own words and the column.

    Rows of tables that a person adds to are keyed by what they hold, not by where they stand.
    """
    found: dict[tuple[str, ...], Any] = {}
    added: dict[str, dict[int, list[Any]]] = {"gpu_prices": {}, "llm_prices": {}}
    titles = {text(f"workbook.sheet.{key}.title", language): key for key in KEYS}
    cells = list(unlocked(path))
    starts = {key: [c for c in cells if titles[c.parent.title] == key][:1] for key in BY_ROW}
    for cell in cells:
        key, ws = titles[cell.parent.title], cell.parent
        row = [ws.cell(cell.row, c).value for c in (1, 2)]
        if key in added and cell.row > 5 and ws.cell(cell.row, 1).protection.locked is False:
            if cell.value is not None:
                added[key].setdefault(cell.row, []).append((cell.column_letter, cell.value))
            continue
        name = "|".join(map(str, row)) if key == "llm_prices" and cell.column > 2 else str(row[1])
        if key in added and cell.row < 9:
            name = "top"
        if key in BY_ROW:
            name = str(cell.row - min(c.row for c in starts[key]))
        found[key, name, cell.column_letter] = cell.value
    for key, rows in added.items():
        found[key, "added"] = sorted(map(repr, rows.values()))
    return found


KEYS = (
    "inputs",
    "scenarios",
    "ranges",
    "gpu_prices",
    "llm_prices",
    "alternatives",
    "actuals",
    "lists",
)
BY_ROW = ("actuals", "lists")  # sheets whose typed rows have no key


def a_value(quantity: Quantity, language: str, at: int) -> Any:
    """A value that the quantity allows, another for each place."""
    if quantity.choices:
        words = [text(f"choice.{c}", language) for c in quantity.choices]
        return words[at % len(words)]
    if quantity.form == "month":
        return f"2027-{at % 12 + 1:02d}"
    if quantity.kind == "text":
        return f"name {at}"
    low = (quantity.lower or 0.0) + (1.0 if quantity.whole else 0.0625)
    step = (1 if quantity.whole else 0.03125) * (at % 7)
    high = quantity.upper
    return low + step if high is None or low + step <= high else high


def filling(path: Path, language: str) -> dict[tuple[str, str], Any]:
    """A value for every unlocked cell, by sheet title and cell."""
    found: dict[tuple[str, str], Any] = {}
    sheets = {text(f"workbook.sheet.{key}.title", language): key for key in KEYS}
    rows: set[tuple[str, int]] = set()
    for at, cell in enumerate(unlocked(path)):
        ws, title = cell.parent, cell.parent.title
        sheet, key = sheets[title], str(ws.cell(cell.row, 2).value)
        place = (title, cell.coordinate)
        if sheet in ("scenarios", "alternatives") and cell.row == 4:
            found[place] = f"My {sheet} {cell.column_letter}"
        elif key == "scenario":
            found[place] = "My scenarios H"
        elif key == "swing":
            found[place] = 0.35
        elif sheet == "ranges":  # low, likely, high in order
            quantity = INPUTS[key.removeprefix("range_")].quantity
            column = cell.column - 4
            found[place] = (quantity.upper or 8.0) if column == 2 else column + 1.0
            if quantity.upper is not None and quantity.upper <= 1:
                found[place] = (0.25, 0.5, 0.75)[column]
        elif sheet in ("inputs", "scenarios"):
            found[place] = a_value(INPUTS[key].quantity, language, at)
        elif sheet == "alternatives":
            found[place] = 0.25 + at % 5
        elif sheet == "actuals":
            found[place] = float(at % 11)
        elif sheet == "lists":
            found[place] = {"A": "CNY", "C": 7.25, "D": DAY}[cell.column_letter]
        elif cell.row == 3 and sheet == "gpu_prices":
            found[place] = DAY
        elif sheet == "llm_prices" and cell.row < 9:
            found[place] = "my model 25"
        elif ws.cell(cell.row, 1).protection.locked:  # own prices beside a listed model
            found[place] = at % 9 + 0.125
        else:
            rows.add((title, cell.row))
    for i, (title, row) in enumerate(sorted(rows)):
        if sheets[title] == "gpu_prices":
            for column, cell_value in enumerate(GPU_ROW, 1):
                found[title, f"{openpyxl.utils.get_column_letter(column)}{row}"] = cell_value
            found[title, f"C{row}"] = f"cloud {i}"
            market = "on-demand" if i % 2 else "spot"
            found[title, f"D{row}"] = text(f"choice.{market}", language)
            if i % 5 == 0:  # not finished: no price yet
                found[title, f"E{row}"] = None
        else:
            line: list[Any] = ["me", f"my model {i}", 1.5, 2.5, None, 0.5, None, 3.5, None]
            for column, value in enumerate(line, 1):
                found[title, f"{openpyxl.utils.get_column_letter(column)}{row}"] = value
            found[title, f"M{row}"], found[title, f"N{row}"] = DAY, "my note"
    return {place: value for place, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("zh", "LibreOffice"),
        ("en", "openpyxl"),
        pytest.param("zh", "openpyxl", marks=pytest.mark.slow),
        pytest.param("en", "LibreOffice", marks=pytest.mark.slow),
    ],
)
def test_every_typed_cell_is_carried_over(
    language: str, program: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    blank, filled = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    build_workbook(blank, language=language)
    wanted = filling(blank, language)
    book = openpyxl.load_workbook(blank)
    for (title, place), value in wanted.items():
        book[title][place].value = value
    book.save(filled)
    if program == "LibreOffice":
        office: Office = request.getfixturevalue("office")
        with office.open(filled) as doc:
            doc.save_as(tmp_path / "saved.xlsx")
        filled = tmp_path / "saved.xlsx"
    study = read_workbook(filled)
    assert study.live_scenario == "own_2"
    assert study.swing == 0.35
    assert {n for n in SCENARIOS if n in study.scenarios} == set(SCENARIOS[1:])
    again = tmp_path / "again.xlsx"
    build_workbook(again, study, language)
    before, after = by_key(filled, language), by_key(again, language)
    assert {k: v for k, v in after.items() if before.get(k) != v} == {}
    assert {k: v for k, v in before.items() if after.get(k) != v} == {}


def test_the_other_language_and_what_follows_from_typed_cells(
    office: Office, tmp_path: Path
) -> None:
    """Words are translated, and every stored value is what LibreOffice works out again."""
    blank, filled = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    build_workbook(blank, language="zh")
    book = openpyxl.load_workbook(blank)
    for (title, place), value in filling(blank, "zh").items():
        book[title][place].value = value
    book.save(filled)
    again = tmp_path / "again.xlsx"
    build_workbook(again, read_workbook(filled), "en")
    titles = [text(f"workbook.sheet.{key}.title", "en") for key in KEYS]
    said = {c.value for c in unlocked(again) if isinstance(c.value, str)}
    assert {"on-demand", "spot", "high", "My scenarios H"} <= said
    stored = openpyxl.load_workbook(again, data_only=True)
    with office.open(again) as doc:
        for name in ("llm_input_price_found", "llm_output_price_found", "gpu_prices_stale"):
            title, place = stored.defined_names[name].attr_text.replace("$", "").split("!")
            value = stored[title.strip("'")][place].value
            assert value is not None
            assert doc.get(name) == value, name
        for title, last in ((titles[5], 18), (text("workbook.sheet.sensitivity.title", "en"), 14)):
            for row in stored[title].iter_rows(max_row=last):
                for cell in row:
                    if isinstance(cell.value, (int, float)):
                        shown = doc.get(f"{title}.{cell.coordinate}")
                        assert shown == pytest.approx(cell.value), (title, cell.coordinate)


def test_blank_inputs_stay_blank(tmp_path: Path) -> None:
    """A blank price that a GPU's name will fill must not come back as a typed number."""
    path, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    build_workbook(path, language="en")
    book = openpyxl.load_workbook(path)
    place = book.defined_names["gpu_cost_per_hour"].attr_text.split("$", 1)[1].replace("$", "")
    book["Inputs"][place].value = None
    book.save(path)
    build_workbook(again, read_workbook(path), "en")
    assert openpyxl.load_workbook(again)["Inputs"][place].value is None
    row, _ = coordinate_to_tuple(place)
    assert row > 4


def test_what_is_not_carried_is_said_and_never_overwritten(tmp_path: Path) -> None:
    path, again = tmp_path / "mine.xlsx", tmp_path / "again.xlsx"
    build_workbook(path, language="en")
    book = openpyxl.load_workbook(path)
    book.create_sheet("My notes")["A1"] = "ask Li"
    book["Inputs"]["C9"].comment = Comment("checked", "me")
    book["Inputs"]["C10"] = '=LEN("ab")*30'
    book.save(path)
    one_line(roi_xl("calc", path, "--lang", "en"), 3, "Inputs!C10", "stored value")
    book["Inputs"]["C10"] = 60
    book.save(path)
    done = roi_xl("calc", path, "--write", again)
    assert done.returncode == 0, done.stderr
    assert "My notes" in done.stderr
    assert "comments" in done.stderr
    before = path.read_bytes()
    done = roi_xl("calc", path, "--write", path, "--force")
    assert done.returncode == 3
    assert "My notes" in done.stderr
    assert path.read_bytes() == before
    done = roi_xl("calc", again, "--write", again, "--force")  # of ours alone: may be renewed
    assert done.returncode == 0, done.stderr


def test_formulas_typed_into_cells_are_named(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    build_workbook(path, language="en")
    book = openpyxl.load_workbook(path)
    book["Inputs"]["C10"] = "=40*1.5"
    book.save(path)
    with office.open(path) as doc:
        doc.save_as(tmp_path / "saved.xlsx")
    study = read_workbook(tmp_path / "saved.xlsx")
    assert study.typed is not None
    assert study.typed.formulas == ("Inputs!C10",)
    assert study.typed.left_behind
