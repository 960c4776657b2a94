"""The two drivers themselves: xlwings over the pywin32 stand-in, and a real LibreOffice."""

from __future__ import annotations

import datetime as dt
import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlwings
from openpyxl.workbook.defined_name import DefinedName

from tests.hosts import pywin32
from tests.hosts.office import Doc, Office, OfficeError, convert, pdf_to_png
from tests.hosts.pywin32 import ERR, MISSING, Currency, Date, XlBook, XlRange

NOON = dt.datetime(2024, 1, 2, 12)
UDFS = '''
import xlwings as xw

@xw.func(category="Tiny")
@xw.arg("a", doc="what to show")
def SHOW(a, b="default"):
    """Python's view of the arguments."""
    return repr((a, b))

@xw.func
@xw.arg("a", err_to_str=True)
def SHOW_ERRORS(a):
    return repr(a)

@xw.func
@xw.arg("cells", ndim=2)
def DOUBLE(cells):
    return [[2 * cell for cell in row] for row in cells]

@xw.func
def FAIL():
    raise ValueError("as told")
'''


@pytest.fixture
def udfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module of UDFs, imported by the real dispatcher."""
    name = "tiny_udfs_of_test_drivers"
    (tmp_path / f"{name}.py").write_text(UDFS)
    monkeypatch.syspath_prepend(tmp_path)
    with pywin32.installed():
        yield name
        sys.modules["xlwings.udfs"].udf_modules.pop(name, None)
    sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("argument", "seen"),
    [
        (5, 5.0),
        (True, True),
        ("text", "text"),
        (MISSING, None),
        (XlRange(5), 5.0),
        (XlRange(True), True),
        (XlRange("text"), "text"),
        (XlRange(None), None),
        (XlRange(Currency(0.00015)), Decimal("0.0002")),
        (XlRange(Date(NOON)), NOON),
        (XlRange(ERR["#N/A"]), None),
        (XlRange(ERR["#SPILL!"]), ERR["#SPILL!"]),
        (XlRange([[1], [None], [3]]), [1.0, None, 3.0]),
        (XlRange([[1, 2, 3]]), [1.0, 2.0, 3.0]),
        (XlRange([[1, 2], [3, "x"]]), [[1.0, 2.0], [3.0, "x"]]),
        (((1, 2), (3, 4)), [[1.0, 2.0], [3.0, 4.0]]),
    ],
)
def test_the_real_dispatcher_hands_over(udfs: str, argument: object, seen: object) -> None:
    assert repr((seen, "default")) == pywin32.call(udfs, "SHOW", argument)


def test_a_blank_cell_is_not_a_missing_argument(udfs: str) -> None:
    assert pywin32.call(udfs, "SHOW", 1, XlRange(None)) == "(1.0, None)"
    assert pywin32.call(udfs, "SHOW", 1, MISSING) == "(1.0, 'default')"


def test_errors_as_text(udfs: str) -> None:
    assert pywin32.call(udfs, "SHOW_ERRORS", XlRange(ERR["#N/A"])) == "'#N/A'"


def test_rows_come_back(udfs: str) -> None:
    assert pywin32.call(udfs, "DOUBLE", XlRange([[1, 2], [3, 4]])) == [[2.0, 4.0], [6.0, 8.0]]
    assert pywin32.call(udfs, "DOUBLE", XlRange(5)) == 10.0


def test_what_excel_would_not_accept_and_what_the_function_raises(udfs: str) -> None:
    with pytest.raises(TypeError, match="SHOW needs a"):
        pywin32.call(udfs, "SHOW")
    with pytest.raises(ValueError, match="as told"):
        pywin32.call(udfs, "FAIL")


def test_value_and_value2_of_a_range() -> None:
    cells = XlRange([[Currency(0.00015), Date(NOON)], [ERR["#N/A"], 7]], row=2, column=3)
    moment = pywin32.PyTime(2024, 1, 2, 12, tzinfo=dt.UTC)
    assert ((Decimal("0.0002"), moment), (ERR["#N/A"], 7.0)) == cells.Value
    assert ((0.00015, 45293.5), (ERR["#N/A"], 7.0)) == cells.Value2
    assert cells.Address == "$C$2:$D$3"
    assert ERR["#N/A"] == -2146826246


def test_vba_wrappers_and_wizard_texts(udfs: str) -> None:
    book = XlBook("Tiny.xlam")
    source = pywin32.generate_wrappers(udfs, book)
    assert "Function SHOW(a, Optional b)" in source
    assert f'XLPy.CallUDF("{udfs}", "SHOW", Array(a, b), ActiveWorkbook' in source
    options = dict(book.macro_options)["'Tiny.xlam'!SHOW"]
    assert options["Category"] == "Tiny"
    assert options["ArgumentDescriptions"][0] == "what to show"
    assert "ThisWorkbook" in pywin32.generate_wrappers(udfs, "Tiny.xlsm")


def test_plain_xlwings_is_back_afterwards() -> None:
    plain = xlwings.func
    with pywin32.installed():
        with pywin32.installed():
            assert xlwings.func is not plain
        assert xlwings.func is not plain
        with pytest.raises(ImportError):
            importlib.import_module("win32api")
    assert xlwings.func is plain
    assert len(xlwings.engines) == 0


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A workbook whose only stored result is wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "My Inputs"
    sheet["A1"], sheet["A2"], sheet["A3"] = 21, "=A1*2", "label"
    book.create_sheet("Out")["B1"] = "='My Inputs'!A2+1"
    for name, ref in (("price", "A1"), ("doubled", "A2"), ("all_inputs", "A1:B3")):
        column, _, end = ref.partition(":")
        cells = ":".join(f"${c[0]}${c[1:]}" for c in (column, end) if c)
        book.defined_names[name] = DefinedName(name, attr_text=f"'My Inputs'!{cells}")
    honest, poisoned = tmp_path / "honest.xlsx", tmp_path / "model.xlsx"
    book.save(honest)
    with ZipFile(honest) as source, ZipFile(poisoned, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert b"<f>A1*2</f><v />" in data or b"<f>A1*2</f><v></v>" in data
                data = data.replace(b"<v />", b"<v>999</v>").replace(b"<v></v>", b"<v>999</v>")
            target.writestr(part, data)
    assert openpyxl.load_workbook(poisoned, data_only=True)["My Inputs"]["A2"].value == 999
    return poisoned


@pytest.fixture
def doc(office: Office, model: Path) -> Iterator[Doc]:
    with office.open(model) as opened:
        yield opened


def test_a_poisoned_result_is_recalculated(doc: Doc) -> None:
    assert doc.get("My Inputs!A2") == 42.0
    assert doc.get("Out!B1") == 43.0


def test_names(doc: Doc) -> None:
    assert {"price": "$'My Inputs'.$A$1", "doubled": "$'My Inputs'.$A$2"}.items() <= (
        doc.names().items()
    )
    assert doc.block("all_inputs") == [[21.0, None], [42.0, None], ["label", None]]
    with pytest.raises(OfficeError, match="more than one cell"):
        doc.get("all_inputs")
    with pytest.raises(OfficeError, match="no cell or name nothing"):
        doc.get("nothing")


def test_set_and_get(doc: Doc) -> None:
    doc.set("price", 5)
    refs = ["doubled", "My Inputs.A1", "'My Inputs'!$A$3", "My Inputs!A9"]
    assert list(doc.get_many(refs).values()) == [10.0, 5.0, "label", None]
    doc.set_many({"price": None, "Out!A1": "=1+1", "Out!A2": True, "Out!A3": ""})
    assert doc.block("Out!A1:B3") == [["=1+1", 1.0], [1.0, None], [None, None]]
    assert doc.get("doubled") == 0.0


FORMULAS: dict[str, float | str] = {
    "=SUM(price,'My Inputs'!A2,{1,2;3,4})": 73.0,
    '=IF(Out!$B$1>3,"a,b","")': "a,b",
    "=_xlfn.XLOOKUP(2,{1,2},{3,4})": 4.0,
    "=_xlfn.LET(_xlpm.x,2,_xlpm.x+1)": 3.0,
    "=TRUE": 1.0,
    '=""': "",
    "=DATE(2024,1,2)": 45293.0,
    "=IFERROR(#N/A,5)": 5.0,
    '="#N/A "&1': "#N/A 1",
    "=1/0": "#DIV/0!",
    "=SQRT(-1)": "#NUM!",
    "=LN(0)": "#NUM!",
    "=IRR({1,1})": "#NUM!",
    "=10^400": "#NUM!",
    "=NA()": "#N/A",
    '="a"+1': "#VALUE!",
    "=NO_SUCH(1)": "#NAME?",
    "=INDEX({1,2},5)": "#REF!",
    "=SUM(#DIV/0!,1)": "#DIV/0!",
    "=SUM(#VALUE!,1)": "#VALUE!",
    "=SUM(#NUM!,1)": "#NUM!",
    "=SUM(#NAME?,1)": "#NAME?",
    "=SUM(#REF!,1)": "#REF!",
    "=Out!Z9+Out!C100": "#ERR:522",  # circular
}


def test_formulas_in_excel_english(doc: Doc) -> None:
    texts = {f"Out!C{row}": text for row, text in enumerate(FORMULAS, 77)}
    assert list(texts)[-1] == "Out!C100"
    assert list(FORMULAS.values()) == list(doc.formulas(texts).values())
    assert [[value] for value in FORMULAS.values()] == doc.block("Out!C77:C100")
    assert doc.formula("Out!A1", "=price+1") == 22.0


def test_an_array_formula(doc: Doc) -> None:
    rows = doc.array_formula("Out!D1:E2", "={1,2;3,4}/{1,1;0,1}")
    assert rows == [[1.0, 2.0], ["#DIV/0!", 4.0]]


def test_hundreds_of_cases_take_one_round_trip(doc: Doc) -> None:
    texts = {f"Out!F{row}": f"=price*{row}" for row in range(1, 501)}
    started = time.monotonic()
    assert doc.formulas(texts)["Out!F500"] == 21.0 * 500
    assert time.monotonic() - started < 10


def test_recalculate_runs_volatile_functions_again(doc: Doc) -> None:
    before = doc.formula("Out!A1", "=RAND()")
    doc.recalculate()
    assert before != doc.get("Out!A1")


def test_save_as(doc: Doc, tmp_path: Path) -> None:
    doc.set("price", 4)
    saved = openpyxl.load_workbook(doc.save_as(tmp_path / "saved.xlsx"), data_only=True)
    assert saved["My Inputs"]["A2"].value == 8
    pages = pdf_to_png(doc.save_as(tmp_path / "saved.pdf"), tmp_path, dpi=50)
    assert pages
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


def test_no_lock_file_beside_an_open_document(doc: Doc, tmp_path: Path) -> None:
    assert doc.get("My Inputs!A3") == "label"
    assert {"honest.xlsx", "model.xlsx"} == {path.name for path in tmp_path.iterdir()}


@pytest.mark.usefixtures("office")
def test_convert(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (result,) = convert([model], out, "xlsx")
    assert openpyxl.load_workbook(result, data_only=True)["My Inputs"]["A2"].value == 42
    with pytest.raises(OfficeError, match=r"within 0\.01 s"):
        convert([model], out, "pdf", timeout=0.01)
    with pytest.raises(OfficeError, match="did not write"):
        convert([tmp_path / "absent.xlsx"], out, "xlsx")


def test_a_file_that_cannot_be_opened(office: Office, tmp_path: Path) -> None:
    with pytest.raises(OfficeError):
        office.open(tmp_path / "absent.xlsx")


def processes_of(profile: Path) -> list[str]:
    """The command lines of what still runs with a profile."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(path.read_text(errors="replace"))
    return [line for line in lines if profile.name in line]


def left_behind(profile: Path, seconds: float = 20) -> list[str]:
    """What of it still runs after this time; a killed process takes a moment to leave /proc."""
    deadline = time.monotonic() + seconds
    while (found := processes_of(profile)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("end", ["close", "kill", "silence"])
def test_nothing_is_left_behind(end: str) -> None:
    own = Office()
    assert processes_of(own.profile)
    if end == "silence":
        with pytest.raises(OfficeError, match="LibreOffice was killed"):
            own.ask("open", wait=0, path="/", macros=False)
    else:
        getattr(own, end)()
    assert not left_behind(own.profile)
    assert not own.profile.exists()
    own.close()
    with pytest.raises(OfficeError, match="has been closed"):
        own.open("model.xlsx")


@pytest.mark.usefixtures("office")
def test_nothing_is_left_behind_by_a_failed_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(OfficeError, match="soffice not ready"):
        Office(startup_timeout=0)
    assert not list(tmp_path.iterdir())
    assert not left_behind(tmp_path)


@pytest.mark.usefixtures("office")
def test_nothing_is_left_behind_when_the_test_run_dies() -> None:
    program = (
        "import os; from tests.hosts.office import Office; "
        "print(Office().profile, flush=True); os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program]
    died = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    profile = Path(died.stdout.strip())
    deadline = time.monotonic() + 20
    while (profile.exists() or processes_of(profile)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert profile.name.startswith("office_")
    assert not processes_of(profile)
    assert not profile.exists()
