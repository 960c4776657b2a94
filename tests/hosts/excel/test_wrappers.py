"""The VBA text: one wrapper for each function of the registry, real errors, texts for the wizard."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS
from roi_xl.errors import ErrorValue
from roi_xl.functions.declare import Function
from roi_xl.hosts.excel import wrappers as made
from roi_xl.hosts.excel.wrappers import (
    cells_module,
    texts_module,
    wrappers,
    xlwings_module,
    xlwings_udfs,
    xlwings_version,
)
from roi_xl.text import text
from roi_xl.udfs import vba_name
from tests.marks import POSIX

SNAPSHOTS = Path(__file__).parent / "snapshots"
RESERVED = {"function", "optional", "end", "next", "type", "date", "string", "long", "mod", "is"}


@pytest.fixture(scope="module")
def code() -> str:
    return wrappers("zh").code


def declared(function: Function) -> str:
    """The head of the VBA function, from the registry."""
    parts = []
    for p in function.params:
        name = vba_name(p)
        parts.append(
            f"ParamArray {name}()" if p.variadic else name if p.required else f"Optional {name}"
        )
    return f"Function {function.name}({', '.join(parts)})"


def test_names_and_signatures_are_the_registrys(code: str) -> None:
    heads = re.findall(r"^Function .*$", code, re.M)
    assert sorted(heads) == sorted(declared(f) for f in FUNCTIONS.values())


def test_no_argument_is_a_reserved_word(code: str) -> None:
    for head in re.findall(r"^Function \w+\((.*)\)$", code, re.M):
        names = {word.rstrip("()").lower() for word in re.findall(r"\w+(?:\(\))?(?=,|$)", head)}
        assert not names & RESERVED
    assert vba_name(FUNCTIONS["FT_EXPLAIN"].params[0]) == "function_"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_each_wrapper(code: str, function: Function) -> None:
    body = code[code.index(f"Function {function.name}(") :].partition("End Function")[0]
    assert body.count(f'{function.name} = FtResult(XLPy.CallUDF("roi_xl.excel.udfs_zh", ') == 2
    assert f'{function.name} = FtFault("{function.name}", Err.Description)' in body
    assert "TypeOf" not in body
    assert 'If TypeName(Application.Caller) = "Range" Then On Error GoTo failed' in body
    assert "= Err.Description" not in body
    said = re.search(rf'^Attribute {function.name}\.VB_Description = "(.*)"$', body, re.M)
    assert said
    assert 0 < len(said[1].replace('""', '"')) <= 255


def test_cells_are_passed_as_values_and_neither_book_nor_caller(code: str) -> None:
    for function in FUNCTIONS.values():
        body = code[code.index(f"Function {function.name}(") :].partition("End Function")[0]
        calls = re.findall(r"XLPy\.CallUDF\((.*)\)\)$", body, re.M)
        names = ", ".join(vba_name(p) for p in function.params)
        passed = f"FtValues(Array({names}))" if names else "Array()"
        if function.params and function.params[-1].variadic:
            passed = "FtValues(argsArray)"
        assert calls == [f'"roi_xl.excel.udfs_zh", "{function.name}", {passed}'] * 2


def test_language_is_in_the_module_called() -> None:
    assert '"roi_xl.excel.udfs_en"' in wrappers("en").code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_snapshots(language: str, request: pytest.FixtureRequest) -> None:
    """The text that ships, against the one kept; `--update-snapshots` writes it anew."""
    modules = wrappers(language), texts_module(language), cells_module()
    for module in modules[: 3 if language == "zh" else 2]:
        path = SNAPSHOTS / f"{module.name}_{language}.bas"
        if request.config.getoption("--update-snapshots"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(module.code, encoding="ascii")
        assert path.read_text(encoding="ascii") == module.code


def test_unknown_wrappers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A future xlwings that writes wrappers differently must not slip through."""
    monkeypatch.setattr(made, "_RANGE_TEST_BY_NAME", "something else")
    monkeypatch.setattr(made, "_RANGE_TEST", "no such text")
    with pytest.raises(ValueError, match="not known"):
        wrappers("zh")


# --- errors --------------------------------------------------------------------------------------


def test_every_error_has_its_number() -> None:
    """The numbers of Excel's XlCVError: xlErrNull 2000, xlErrDiv0 2007, xlErrValue 2015, …"""
    numbers = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029}
    numbers |= {"#NUM!": 2036, "#N/A": 2042, "#SPILL!": 2045, "#CALC!": 2050}
    found = re.findall(r'Case "(#[^"]+)": FtCell = CVErr\((\d+)\)', cells_module().code)
    assert {error: int(number) for error, number in found} == numbers
    assert {e.value: e.number for e in ErrorValue} == numbers


# --- texts ---------------------------------------------------------------------------------------


def unescaped(line: str) -> str:
    """What `FtText("…")` gives."""
    found = re.search(r'FtText\("((?:[^"]|"")*)"\)', line)
    assert found
    text = found[1].replace('""', '"')
    units = re.sub(r"\\u([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_wizard_texts(language: str) -> None:
    said = texts_module(language).code
    for function in FUNCTIONS.values():
        body = said[said.index(f"Sub Describe_{function.name}()") :].partition("End Sub")[0]
        lines = [unescaped(line) for line in body.splitlines() if "FtText(" in line]
        expected = [text("functions.category", language), function.doc(language)[:255]]
        expected += [p.help(language)[:255] for p in function.params]
        assert lines == expected
        assert f'FtDescribe "{function.name}"' in body
        assert f"Describe_{function.name}\n" in said.partition("End Sub")[0]


@given(st.text(max_size=300))
def test_any_text_survives(said: str) -> None:
    lines = list(made._assign("x", said))
    assert "".join(map(unescaped, lines)) == said[:255]
    assert all(line.isascii() and len(line) <= 1023 and line.isprintable() for line in lines)


# --- xlwings' own module -------------------------------------------------------------------------


def test_module_of_the_installed_xlwings() -> None:
    code = xlwings_module().code
    assert 'Public Const PROJECT_NAME As String = "roi_xl"' in code
    assert f'XLWINGS_VERSION As String = "{xlwings_version()}"' in code
    assert f"xlwings64-{xlwings_version()}.dll" in code
    assert "BSD 3-clause" in code
    assert not code.startswith("Attribute")


def test_a_module_of_xlwings_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = made._of_xlwings("xlwings_custom_addin.bas")
    for gone in ("PROJECT_NAME", "LoadLibrary", "XLPyDLLActivateAuto", "BSD 3-clause"):
        monkeypatch.setattr(made, "_of_xlwings", lambda _, gone=gone: shipped.replace(gone, "x"))
        with pytest.raises(ValueError, match="not known"):
            xlwings_module()


def test_python_is_started_by_its_full_path_without_shell_or_current_folder() -> None:
    code = xlwings_module().code
    command = re.findall(r"^    FtServerCommand = (.*)$", code, re.M)
    assert command == [
        '"""" & python & """ -P -B -c ""import xlwings; xlwings.serve(\'$(CLSID)\')"""'
    ]
    assert "XLPyDLLActivateAuto(XLPy, FtServerCommand(python), 1)" in code


@POSIX
def test_stand_ins_leave_no_trace() -> None:
    import xlwings

    before = set(sys.modules)
    with xlwings_udfs() as udfs:
        assert udfs.generate_vba_wrapper
    left = {name for name in set(sys.modules) - before if "win" in name or "python" in name}
    assert not left
    assert "xlwings.udfs" not in sys.modules
    assert not hasattr(xlwings, "udfs")
