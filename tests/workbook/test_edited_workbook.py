"""Edits that used to give a wrong figure without a word: now the right figure, or a refusal by name."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from roi_xl import BadInput, Case, build_workbook, evaluate_case, read_case
from roi_xl.audit.run import Report, check_workbook
from roi_xl.case.inputs import INPUTS
from roi_xl.functions.arguments import read_value
from roi_xl.workbook import layout
from roi_xl.workbook.study_reader import read_workbook
from tests.cli.test_main import roi_xl
from tests.xlsx.hostile import parts_of, write

Book = openpyxl.Workbook
Edit = Callable[[Book], None]
_READ = ("Inputs", "Scenarios", "Ranges", "GPU Prices", "LLM Prices", "Alternatives", "Checks")
INPUTS_PART = "xl/worksheets/sheet2.xml"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_workbook(tmp_path_factory.mktemp("whole") / "whole.xlsx", language="en")


@pytest.fixture(scope="module")
def fresh(whole: Path) -> Path:
    """The sheets that are read, of a fresh workbook; the others would only cost time."""
    book = openpyxl.load_workbook(whole)
    for title in book.sheetnames:
        if title not in _READ:
            del book[title]
    path = whole.with_name("fresh.xlsx")
    book.save(path)
    return path


@pytest.fixture(scope="module")
def listed_gpu() -> str:
    from roi_xl.prices.reader import shipped

    return next(r.gpu for r in shipped().current() if r.market == "on-demand")


def edited(fresh: Path, folder: Path, edit: Edit) -> Path:
    book = openpyxl.load_workbook(fresh)
    edit(book)
    path = folder / "edited.xlsx"
    book.save(path)
    return path


def with_xml(path: Path, folder: Path, old: str, new: str, part: str = "xl/workbook.xml") -> Path:
    """A copy in which a part reads differently, as openpyxl would not write it."""
    parts = parts_of(path)
    changed, count = re.subn(old, new, parts[part].decode(), flags=re.S)
    assert count == 1, (old, count)
    return write(folder / "edited.xlsx", parts | {part: changed.encode()})


def place(book: Book, name: str) -> tuple[str, str]:
    title, cell = book.defined_names[name].attr_text.replace("$", "").rsplit("!", 1)
    return title.strip("'"), cell


def cell_of(book: Book, name: str) -> Any:
    title, cell = place(book, name)
    return book[title][cell]


def key_row(book: Book, key: str, title: str = "Inputs") -> int:
    ws = book[title]
    return next(r for r in range(1, ws.max_row + 1) if ws.cell(r, 2).value == key)


def scenario_cell(book: Book, scenario: str, name: str) -> Any:
    title, cells = place(book, layout.scenario_name(scenario))
    letter = re.match("[A-Z]+", cells)[0]  # type: ignore[index]
    return book[title][f"{letter}{key_row(book, name, title)}"]


def typed_price(book: Book, price: Any, **others: Any) -> int:
    """Add a row to the GPU prices; returns its number."""
    ws = book["GPU Prices"]
    row = next(r for r in range(6, ws.max_row) if not ws.cell(r, 1).protection.locked)
    values: dict[str, Any] = {"gpu": "Z1", "provider": "Mine", "market": "on-demand"}
    values |= {"usd_per_gpu_hour": price, "source": "offer"} | others
    for head, value in values.items():
        ws.cell(row, 1 + layout.GPU_PRICE_HEADS.index(head)).value = value
    return row


def refused(path: Path, *parts: str) -> None:
    """`read_case` refuses the file in words that name the place, in both languages."""
    with pytest.raises(BadInput) as raised:
        read_case(path)
    for language in ("zh", "en"):
        said = raised.value.message(language)
        assert path.name in said
        for part in parts:
            assert part in said, said


# --- 1: the price table --------------------------------------------------------------------------


def use_gpu(book: Book, gpu: str) -> None:
    cell_of(book, "gpu_model").value = gpu
    cell_of(book, "gpu_cost_per_hour").value = None


def lose_table_name(book: Book) -> None:
    del book.defined_names[layout.PRICE_TABLE]


def break_table_name(book: Book) -> None:
    book.defined_names[layout.PRICE_TABLE] = DefinedName(layout.PRICE_TABLE, attr_text="#REF!")


def remove_price_sheet(book: Book) -> None:
    del book["GPU Prices"]


def empty_table(book: Book) -> None:
    ws = book["GPU Prices"]
    for row in ws.iter_rows(min_row=6, max_col=11):
        for cell in row:
            cell.value = None


@pytest.mark.parametrize(
    "lose", [lose_table_name, break_table_name, remove_price_sheet, empty_table]
)
def test_lost_prices_are_never_the_shipped_ones(
    lose: Edit, fresh: Path, listed_gpu: str, tmp_path: Path
) -> None:
    def edit(book: Book) -> None:
        use_gpu(book, listed_gpu)
        lose(book)

    refused(edited(fresh, tmp_path, edit), layout.PRICE_TABLE)
    path = edited(fresh, tmp_path, lose)  # where no GPU is looked up, its prices are not needed
    case = read_case(path)
    assert dict(case) == dict(Case())
    assert case.prices is not None
    assert len(case.prices) == 0
    assert (
        evaluate_case(case.replace(gpu_model=listed_gpu, gpu_cost_per_hour=None))[
            "gpu_price_per_hour"
        ]
        == "#N/A"
    )


def test_own_prices_are_used(fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        typed_price(book, 1.25)
        use_gpu(book, "Z1")

    path = edited(fresh, tmp_path, edit)
    assert evaluate_case(read_case(path))["gpu_price_per_hour"] == 1.25


# --- 2: names ------------------------------------------------------------------------------------


def rename(old: str, new: str) -> Edit:
    def edit(book: Book) -> None:
        defined = book.defined_names.pop(old)
        book.defined_names[new] = DefinedName(new, attr_text=defined.attr_text)

    return edit


def make_local(name: str) -> Edit:
    def edit(book: Book) -> None:
        defined = book.defined_names.pop(name)
        book["Inputs"].defined_names[name] = DefinedName(name, attr_text=defined.attr_text)

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        rename("scenario_worst", "SCENARIO_Worst"),
        make_local("scenario_worst"),
        make_local("daily_requests"),
        rename("daily_requests", "Daily_Requests"),
        rename("scenario_worst", "my_worst"),  # found by its heading
        rename("scenario", "chosen"),  # by its key
        rename("range_low", "lowest"),
    ],
)
def test_names_that_are_spelled_or_scoped_differently(
    edit: Edit, fresh: Path, tmp_path: Path
) -> None:
    def both(book: Book) -> None:
        scenario_cell(book, "worst", "daily_requests").value = 321
        cell_of(book, "scenario").value = "Worst"
        ws, row = book["Ranges"], key_row(book, "range_daily_requests", "Ranges")
        ws.cell(row, 4).value, ws.cell(row, 6).value = 100, 900
        edit(book)

    study = read_workbook(edited(fresh, tmp_path, both))
    assert study.live_case["daily_requests"] == 321
    assert study.case["daily_requests"] == 10000
    assert study.ranges["daily_requests"].low == 100


def break_name(name: str) -> Edit:
    def edit(book: Book) -> None:
        book.defined_names[name] = DefinedName(name, attr_text="#REF!")

    return edit


@pytest.mark.parametrize("name", ["scenario_worst", "range_high"])
def test_a_lost_name_without_its_heading_is_refused(name: str, fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        title, cells = place(book, name)
        ws = book[title]
        column, row = re.match(r"([A-Z]+)(\d+)", cells).groups()  # type: ignore[union-attr]
        ws[f"{column}{int(row) - 1}"].value = None
        break_name(name)(book)

    refused(edited(fresh, tmp_path, edit), name)


def test_a_scenario_whose_heading_was_renamed_is_read_by_its_name(
    fresh: Path, tmp_path: Path
) -> None:
    def edit(book: Book) -> None:
        scenario_cell(book, "own_1", "daily_requests").value = 77
        cell_of(book, layout.scenario_title("own_1")).value = "Board case"

    assert edited(fresh, tmp_path, edit)
    study = read_workbook(tmp_path / "edited.xlsx")
    assert study.scenarios["own_1"] == {"daily_requests": 77}


def test_two_names_of_single_sheets_are_refused(fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        defined = book.defined_names.pop("scenario_worst")
        for title, target in (("Scenarios", defined.attr_text), ("Checks", "Checks!$A$1:$A$9")):
            local = DefinedName("scenario_worst", attr_text=target)
            book[title].defined_names["scenario_worst"] = local
        cell_of(book, layout.scenario_title("worst")).value = None

    refused(edited(fresh, tmp_path, edit), "scenario_worst")


# --- 4 and 5: keys, rows and headings --------------------------------------------------------------


def without_names(book: Book) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


def test_an_old_copy_in_front_does_not_win(fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        copy = book.copy_worksheet(book["Inputs"])
        copy.title = "Old"
        book.move_sheet(copy, -book.index(copy))
        cell_of(book, "hourly_rate").value = 75
        without_names(book)

    assert read_case(edited(fresh, tmp_path, edit))["hourly_rate"] == 75


def test_two_sheets_that_may_hold_the_inputs_are_refused(fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        book.copy_worksheet(book["Inputs"]).title = "New inputs"
        book["Inputs"].title = "Old inputs"
        without_names(book)

    refused(edited(fresh, tmp_path, edit), "Old inputs", "New inputs")


def test_a_deleted_row_is_refused(fresh: Path, tmp_path: Path) -> None:
    """Its key also stands on other sheets, beside a unit."""

    def edit(book: Book) -> None:
        row = key_row(book, "hourly_rate")
        book["Inputs"].cell(row, 1).value = book["Inputs"].cell(row, 2).value = None
        break_name("hourly_rate")(book)

    refused(edited(fresh, tmp_path, edit), "hourly_rate")


@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, 1)])
def test_a_name_on_a_neighbouring_cell_is_refused(
    down: int, right: int, fresh: Path, tmp_path: Path
) -> None:
    def edit(book: Book) -> None:
        cell = cell_of(book, "hourly_rate").offset(down, right)
        target = f"Inputs!${cell.column_letter}${cell.row}"
        book.defined_names["hourly_rate"] = DefinedName("hourly_rate", attr_text=target)

    refused(edited(fresh, tmp_path, edit), "hourly_rate", "Inputs!")


def test_rows_moved_under_the_names_are_refused(fresh: Path, tmp_path: Path) -> None:
    """openpyxl inserts a row and leaves all names where they were."""
    refused(edited(fresh, tmp_path, lambda book: book["Inputs"].insert_rows(1)), "Inputs!")


@pytest.mark.parametrize("other", ["scenario_best", "default"])
def test_a_scenario_name_on_another_column_is_refused(
    other: str, fresh: Path, tmp_path: Path
) -> None:
    def edit(book: Book) -> None:
        target = book.defined_names["scenario_best"].attr_text
        if other == "default":
            target = target.replace("$D$", "$I$")
        book.defined_names["scenario_worst"] = DefinedName("scenario_worst", attr_text=target)

    refused(edited(fresh, tmp_path, edit), "scenario_worst")


def test_a_scenario_name_that_covers_too_few_rows_is_refused(fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        target = "Inputs!$E$5:$E$9"
        book.defined_names["scenario_worst"] = DefinedName("scenario_worst", attr_text=target)

    refused(edited(fresh, tmp_path, edit), "Inputs!E5:E9")


def swap_columns(book: Book, first: int, second: int) -> None:
    ws = book["GPU Prices"]
    for row in range(5, ws.max_row + 1):
        one, two = ws.cell(row, first), ws.cell(row, second)
        one.value, two.value = two.value, one.value


def test_price_columns_are_found_by_their_headings(
    fresh: Path, listed_gpu: str, tmp_path: Path
) -> None:
    def edit(book: Book) -> None:
        use_gpu(book, listed_gpu)
        swap_columns(book, 5, 6)  # the price and the least number of GPUs

    before = evaluate_case(Case(gpu_model=listed_gpu))["gpu_price_per_hour"]
    after = evaluate_case(read_case(edited(fresh, tmp_path, edit)))["gpu_price_per_hour"]
    assert after == before


@pytest.mark.parametrize("title", ["GPU Prices", "LLM Prices"])
def test_a_deleted_price_column_is_refused(title: str, fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        book[title].delete_cols(5)

    refused(edited(fresh, tmp_path, edit), title)


def test_a_heading_twice_is_refused(fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        ws = book["GPU Prices"]
        ws.cell(5, 6).value = ws.cell(5, 5).value

    refused(edited(fresh, tmp_path, edit), "GPU Prices!E5", "GPU Prices!F5")


# --- 6: what a number is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [("$0.90", 0.9), ("0.90", 0.9), ("０．９０", 0.9), ("$1,234.50", 1234.5), (0.9, 0.9)],
)
def test_a_price_written_as_text_is_read(
    written: object, value: float, fresh: Path, tmp_path: Path
) -> None:
    def edit(book: Book) -> None:
        typed_price(book, written)
        use_gpu(book, "Z1")

    path = edited(fresh, tmp_path, edit)
    assert evaluate_case(read_case(path))["gpu_price_per_hour"] == value


@pytest.mark.parametrize("written", ["1,234", "$1,234", "about 2", "€2", "#N/A", True, 0, -1])
def test_what_is_no_price_is_refused(written: object, fresh: Path, tmp_path: Path) -> None:
    rows: list[int] = []
    path = edited(fresh, tmp_path, lambda book: rows.append(typed_price(book, written)))
    refused(path, f"GPU Prices!E{rows[0]}")


def test_an_unknown_market_is_refused(fresh: Path, tmp_path: Path) -> None:
    rows: list[int] = []
    path = edited(fresh, tmp_path, lambda b: rows.append(typed_price(b, 1, market="auction")))
    refused(path, f"GPU Prices!D{rows[0]}", "auction")


@pytest.mark.parametrize(
    ("written", "value"), [("75", 75), ("７５", 75), ("1,234.5", 1234.5), (" ", 50), ("", 50)]
)
def test_an_input_written_as_text(written: str, value: float, fresh: Path, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        cell_of(book, "hourly_rate").value = written

    assert read_case(edited(fresh, tmp_path, edit))["hourly_rate"] == value


@pytest.mark.parametrize("written", ["1,234", "$75", "75 USD", "\u00a0", "\u3000", "1_000"])
def test_what_is_no_number_is_refused(written: str, fresh: Path, tmp_path: Path) -> None:
    cells: list[str] = []

    def edit(book: Book) -> None:
        cell = cell_of(book, "hourly_rate")
        cell.value = written
        cells.append(f"Inputs!{cell.coordinate}")

    refused(edited(fresh, tmp_path, edit), *cells[:1])


@pytest.mark.parametrize("stored", ["1_000", "１０００", "1,000", "0x10", "inf", "1 000"])
def test_what_no_program_stores_as_a_number_is_refused(
    stored: str, fresh: Path, tmp_path: Path
) -> None:
    path = with_xml(
        fresh,
        tmp_path,
        r'(<c r="C10"[^>]*>)<v>[^<]*</v>',
        rf"\1<v>{stored}</v>",
        "xl/worksheets/sheet1.xml",
    )
    refused(path, "Inputs!C10")


# --- 7: formulas in input cells --------------------------------------------------------------------


def cells_of(path: Path) -> dict[str, str]:
    """The cell of each input on Inputs."""
    book = openpyxl.load_workbook(path)
    return {name: place(book, name)[1] for name in Case()}


def stored_formula(whole: Path, folder: Path, formula: str, value: str) -> Path:
    cell = rf'<c r="C10" t="n"><f>{formula}</f><v>{value}</v></c>'
    return with_xml(whole, folder, r'<c r="C10"[^>]*><v>[^<]*</v></c>', cell, INPUTS_PART)


@pytest.mark.parametrize(
    ("formula", "value"),
    [("40*1.5", 60), ("SUM(10,20)+C13/C13", 31), ("Inputs!C13*2", None), ("ROUND(10/3,1)", 3.3)],
)
def test_a_stale_stored_value_is_recomputed(
    formula: str, value: float | None, whole: Path, tmp_path: Path
) -> None:
    case = read_case(whole)
    name = next(n for n, cell in cells_of(whole).items() if cell == "C10")
    first = next(case[n] for n, cell in cells_of(whole).items() if cell == "C13")
    path = stored_formula(whole, tmp_path, formula, "999")
    assert read_case(path)[name] == (2 * first if value is None else value)


def test_the_check_names_stale_and_trusted_formulas(whole: Path, tmp_path: Path) -> None:
    def check(formula: str, value: str) -> tuple[Path, Report, list[str]]:
        path = stored_formula(whole, tmp_path, formula, value)
        report = check_workbook(path)
        found = report.verdicts[0].faults
        return path, report, [f.key for f in found if f.place == "Inputs!C10"]

    _, report, found = check("40*1.5", "999")
    assert (found, report.fresh, report.intact) == (["value_differs"], False, True)
    trusted, report, found = check("LEN(&quot;abc&quot;)*20", "60")
    assert (found, report.intact) == (["formula_trusted"], True)
    calc = roi_xl("calc", trusted, "--lang", "en")
    assert calc.returncode == 0
    assert "Inputs!C10" in calc.stderr


# --- all commands, and one pass ---------------------------------------------------------------------


def lose_scenario(book: Book) -> None:
    cell_of(book, layout.scenario_title("worst")).value = None
    del book.defined_names["scenario_worst"]


def delete_column(book: Book) -> None:
    book["LLM Prices"].delete_cols(5)


@pytest.mark.parametrize(
    ("edit", "said"), [(lose_scenario, "scenario_worst"), (delete_column, "LLM Prices")]
)
def test_every_command_refuses(edit: Edit, said: str, fresh: Path, tmp_path: Path) -> None:
    path = edited(fresh, tmp_path, edit)
    commands: dict[str, list[Any]] = {
        "calc": [path],
        "report": [path, "-o", tmp_path / "report.html"],
        "compare": [path, path],
        "simulate": [path],
        "new": [tmp_path / "new.xlsx", "--from", path],
    }
    for command, words in commands.items():
        done = roi_xl(command, *words)
        assert done.returncode == 3, (command, done.stdout, done.stderr)
        assert said in done.stderr, command
        assert len(done.stderr.strip().splitlines()) == 1, command
    report = check_workbook(path)
    assert report.failed
    assert report.intact is False
    assert any(said in fault.sentence() for v in report.verdicts for fault in v.faults)


def test_each_input_is_validated_twice_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build_workbook(tmp_path / "alone.xlsx", alternatives=[])
    counted: dict[str, int] = {}
    read = read_value

    def counting(param: Any, raw: object) -> Any:
        counted[param.name] = counted.get(param.name, 0) + 1
        return read(param, raw)

    monkeypatch.setattr("roi_xl.functions.answers.read_value", counting)
    read_case(path)
    assert {name: counted[name] for name in INPUTS if not 1 <= counted[name] <= 2} == {}
