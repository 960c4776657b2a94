"""The extension's files are well formed and describe every function and argument in both languages."""

import ast
import io
import json
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from roi_xl import FUNCTIONS, __version__
from roi_xl.hosts.libreoffice.extension import argument_text, extension_bytes, extension_files
from roi_xl.hosts.libreoffice.worker import answer, serve
from roi_xl.text import LANGUAGES, speaking

OOR = "{http://openoffice.org/2001/registry}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FILES = extension_files(FUNCTIONS)


@pytest.mark.parametrize("name", [n for n in FILES if n.endswith((".xml", ".xcu"))])
def test_xml_is_well_formed(name: str) -> None:
    ElementTree.fromstring(FILES[name])


def test_the_manifest_lists_the_files_that_libreoffice_loads() -> None:
    root = ElementTree.fromstring(FILES["META-INF/manifest.xml"])
    space = "{http://openoffice.org/2001/manifest}"
    named = {e.get(f"{space}full-path") for e in root}
    assert {"functions.idl", "component.py", "CalcAddIns.xcu"} == named
    assert named <= set(FILES)


def test_the_version_is_the_packages() -> None:
    root = ElementTree.fromstring(FILES["description.xml"])
    space = "{http://openoffice.org/extensions/description/2006}"
    element = root.find(f"{space}version")
    assert element is not None
    assert __version__ == element.get("value")


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_the_wizard_describes_every_function_and_argument(function: object) -> None:
    from roi_xl.functions.declare import Function

    assert isinstance(function, Function)
    root = ElementTree.fromstring(FILES["CalcAddIns.xcu"])
    (node,) = (e for e in root.iter("node") if e.get(f"{OOR}name") == function.name)

    def said(parent: ElementTree.Element, prop: str) -> dict[str | None, str | None]:
        (found,) = (e for e in parent.findall("prop") if e.get(f"{OOR}name") == prop)
        return {v.get(LANG): v.text for v in found}

    assert said(node, "DisplayName") == {"zh-CN": function.name, "en": function.name}
    assert said(node, "Description") == {"zh-CN": function.doc("zh"), "en": function.doc("en")}
    parameters = node.find("node")
    assert parameters is not None
    assert [f"p{i}" for i in range(len(function.params))] == [
        e.get(f"{OOR}name") for e in parameters
    ]
    for param, element in zip(function.params, parameters, strict=True):
        assert said(element, "DisplayName")["en"] == param.name
        texts = said(element, "Description")
        assert param.label("zh") in (texts["zh-CN"] or "")
        assert param.help("en") in (texts["en"] or "")
    kinds = ["sequence<any>" if p.variadic else "any" for p in function.params]
    arguments = ["[in] com::sun::star::beans::XPropertySet document"]
    arguments += [f"[in] {kind} p{i}" for i, kind in enumerate(kinds)]
    line = f"sequence< sequence<any> > {function.name}({', '.join(arguments)});"
    assert line in FILES["functions.idl"]


def test_argument_texts_give_unit_bounds_and_default() -> None:
    rate = FUNCTIONS["FT_TOTAL_COST"].params[1]
    assert argument_text(rate, "en") == (
        "Labour cost per hour: Full cost of one working hour, social charges included. "
        "Unit: amount/hour. Allowed: a number ≥ 0. Default: 50."
    )
    need = FUNCTIONS["FT_STRATEGY"].params[1]
    assert "Default: normal." in argument_text(need, "en")
    assert argument_text(need, "zh").endswith("默认为 一般。")
    language = FUNCTIONS["FT_STRATEGY"].params[2]
    assert argument_text(language, "en").endswith("Optional.")
    for sentence in (argument_text(p, x) for x in LANGUAGES for p in (rate, need, language)):
        assert "None" not in sentence
        assert "{" not in sentence


def test_settings_name_this_interpreter_and_where_blank_is_not_zero() -> None:
    with speaking("en"):
        made = json.loads(extension_files(FUNCTIONS)["settings.json"])
    assert sys.executable == made["python"]
    assert "en" == made["language"]
    assert (Path(made["path"][0]) / "roi_xl" / "__init__.py").exists()
    # a blank hourly rate is 50, blank samples and prices are 0, blank hours are an error
    assert {"variadic": False, "blank_differs": [0, 1]} == made["functions"]["FT_DATA_COST"]
    assert made["functions"]["FT_EXPLAIN"]["variadic"]


@pytest.mark.parametrize("name", ["component.py", "blanks.py"])
def test_modules_inside_libreoffice_parse_as_python_3_8(name: str) -> None:
    """LibreOffice 7.4 ships Python 3.8; annotations are not evaluated, so only the syntax counts."""
    tree = ast.parse(FILES[name], feature_version=(3, 8))
    imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert "__future__" in imported
    assert not any((m or "").startswith("roi_xl") for m in imported)


def test_the_extension_holds_its_files_and_is_reproducible() -> None:
    assert extension_bytes(FUNCTIONS) == extension_bytes(FUNCTIONS)
    with zipfile.ZipFile(io.BytesIO(extension_bytes(FUNCTIONS))) as archive:
        assert {n: archive.read(n).decode() for n in archive.namelist()} == FILES


# --- the worker ----------------------------------------------------------------------------------


def test_the_worker_answers_one_line_per_call() -> None:
    calls = [
        ["FT_DATA_COST", [40.0]],
        ["FT_PAYBACK", [1.0, -1.0]],
        ["FT_DATA_COST", [[[1.0], [""], [-1.0]], None]],
        ["FT_EXPLAIN", ["FT_PAYBACK", 2036.0, 2700.0]],
    ]
    out = io.StringIO()
    serve([json.dumps(c) + "\n" for c in calls], out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    column = [[50.0], ["#VALUE!"], ["#NUM!"]]
    assert ["ready", 2000.0, "never", column, "OK"] == answers


def test_an_internal_error_is_logged_and_shown_as_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "roi_xl.log"
    monkeypatch.setenv("ROI_XL_LOG", str(log))
    assert answer("FT_NO_SUCH", []) == "#VALUE!"
    assert "KeyError" in log.read_text()
