"""What no workbook of ours does: reach outside, run by itself beyond `Workbook_Open`, hide a macro."""

import json
import re
import subprocess
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.rules.package import no_external_links, no_macro
from roi_xl.batch.run import Batch, run_batch
from roi_xl.hosts.excel.addin import addin_bytes
from roi_xl.hosts.excel.editions import lambda_workbook, udf_workbook
from roi_xl.hosts.excel.places import FILE_NAME
from roi_xl.hosts.excel.templates import example
from roi_xl.hosts.excel.wrappers import modules, source
from roi_xl.text import LANGUAGES
from roi_xl.workbook.build import workbook_bytes
from tests.audit.planting import snapshot
from tests.hosts.macro_file import code_names, parts_of

EDITIONS = ("plain", "lambda", "udf", "addin", "portfolio", "portfolio_of_values")
MACROS = ("udf", "addin")

# every kind of part that is there, by its relation; nothing that fetches, embeds or runs is among them
KINDS = {
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "worksheet", "styles",
    "theme", "sharedStrings", "drawing", "chart", "table", "comments", "vmlDrawing", "sheetMetadata",
    "vbaProject",
}  # fmt: skip
FORMULAS = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"}
EMBEDDED = {"oleObject", "control", "ddeLink", "webPublishItem", "dataBinding"}
FETCHING = re.compile(
    r"\b(DDE|WEBSERVICE|FILTERXML|RTD|HYPERLINK|IMAGE|STOCKHISTORY|CALL|REGISTER|REGISTER\.ID|EXEC|"
    r"EVALUATE|SQL\.REQUEST|CUBE\w*|INDIRECT|PY)\(|\|'|\[\d+\]|\\\\|https?:|file:",
    re.I,
)
_OLEVBA = """
import json, sys
from oletools.olevba import VBA_Parser, VBA_Scanner
found = [
    [name.rpartition(".")[0], code, VBA_Scanner(code).scan(include_decoded_strings=False)]
    for _, _, name, code in VBA_Parser(sys.argv[1]).extract_macros()
]
print(json.dumps(found))
"""

# what olevba points at, and why it is there
GUIDS = {"Hex Strings": "the class of the document in the attributes of every document module"}
OURS = {
    "ThisWorkbook": GUIDS | {"Workbook_Open": "gives the function wizard its texts"},
    "roi_xl_cells": {
        "Environ": "finds the user's folder, where the log of faults goes",
        "MkDir": "makes %USERPROFILE%\\.roi_xl for it",
        "Open": "appends a line to it",
        "Print #": "writes that line",
        "Kill": "deletes it when it is longer than LOG_LIMIT",
        "ChrW": "turns escaped characters of other alphabets back: the module is ASCII",
        "Base64 Strings": "a long name that looks like one",
    },
    "roi_xl_texts": {
        "run": "a word in the texts of functions",
        "Output": "a word in the texts of functions",
    },
    "xlwings_udfs": {"run": "a word in the names of arguments"},
    "xlwings": {
        "Environ": "finds the user's folder, where the settings are",
        "Open": "reads the settings",
        "Lib": "declares the functions of xlwings' DLL, and LoadLibrary, which loads it",
        "binary": "a word of the licence",
        "run": "a word in comments and in a message",
        # of xlwings' declarations, on a Mac; nothing calls it
        "system": "declared",
        "Command": "its argument",
        "libc.dylib": "declared",
        "dylib": "declared",
        "Base64 Strings": "a long name that looks like one",
    },
}


@cache
def file_of(edition: str, language: str) -> bytes:
    if edition == "plain":
        return workbook_bytes(example(), language)
    if edition == "lambda":
        return lambda_workbook(None, language)
    if edition == "udf":
        return udf_workbook(example(), language)
    if edition == "addin":
        return addin_bytes(language)
    return portfolio(language, live=edition == "portfolio")


def portfolio(language: str, *, live: bool) -> bytes:
    """A portfolio of cases whose own texts try to reach outside."""
    from tempfile import TemporaryDirectory

    from roi_xl.batch import portfolio as module

    texts = [
        '=WEBSERVICE("http://x.y")',
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "https://x.y",
        "\\\\x\\y",
    ]
    before = module.LIVE_ROWS
    with TemporaryDirectory() as folder:
        cases, out = Path(folder, "c.csv"), Path(folder, "o.xlsx")
        pd.DataFrame({"customer": texts, "daily_requests": 5000}).to_csv(cases, index=False)
        module.LIVE_ROWS = before if live else 2
        try:
            run_batch(Batch(str(cases), str(out), language))
        finally:
            module.LIVE_ROWS = before
        return out.read_bytes()


def params(editions: tuple[str, ...]) -> list[Any]:
    """Every edition in both languages; outside CI each in one, by turns."""
    files = [(e, language) for e in editions for language in LANGUAGES]
    quick = {(e, LANGUAGES[EDITIONS.index(e) % 2]) for e in editions}
    marks = {file: () if file in quick else (pytest.mark.slow,) for file in files}
    return [pytest.param(file, marks=marks[file], id="-".join(file)) for file in files]


@pytest.fixture(params=params(EDITIONS))
def made(request: pytest.FixtureRequest) -> tuple[str, str]:
    edition, language = request.param
    return edition, language


def odd_relations(parts: dict[str, bytes]) -> list[dict[str, str]]:
    """Relations of parts to what lies outside the file, or is of no kind that belongs here."""
    found = [e for n, p in parts.items() if n.endswith(".rels") for e in ElementTree.fromstring(p)]
    return [
        dict(e.attrib)
        for e in found
        if e.get("TargetMode", "Internal") != "Internal"
        or e.get("Type", "").rpartition("/")[2] not in KINDS
    ]


def odd_elements(parts: dict[str, bytes]) -> list[str]:
    """Formulas that reach outside, names that run, links that leave, and what is embedded."""
    found = []
    for name, part in parts.items():
        if not name.endswith((".xml", ".vml")) or name == "[Content_Types].xml":
            continue
        for element in ElementTree.fromstring(part).iter():
            tag, text = element.tag.rpartition("}")[2], element.text or ""
            odd = tag in EMBEDDED
            if tag in FORMULAS:
                odd |= FETCHING.search(re.sub(r'"[^"]*"', '""', text)) is not None
            if tag == "definedName":
                odd |= re.match("(_xlnm.)?auto_", element.get("name", ""), re.I) is not None
                odd |= {element.get("xlm", "0"), element.get("function", "0")} != {"0"}
            if tag == "hyperlink":  # to a sheet of the same book
                odd |= not element.get("location", "").startswith("'")
            if odd:
                found.append(f"{name}: {tag} {element.attrib} {text}")
    return found


def test_no_part_links_embeds_fetches_or_runs(made: tuple[str, str]) -> None:
    parts = parts_of(file_of(*made))
    assert odd_relations(parts) == []
    assert ("xl/vbaProject.bin" in parts) == (made[0] in MACROS)


def test_no_formula_name_or_link_reaches_outside(made: tuple[str, str]) -> None:
    assert odd_elements(parts_of(file_of(*made))) == []


PLANTED = {
    "link": ("xl/_rels/workbook.xml.rels", "</Relationships>",
             '<Relationship Id="x" Type="http://x/hyperlink" Target="http://x.y" TargetMode="External"/>'),
    "query": ("xl/_rels/workbook.xml.rels", "</Relationships>",
              '<Relationship Id="x" Type="http://x/connections" Target="connections.xml"/>'),
    "name": ("xl/workbook.xml", "</definedNames>", '<definedName name="Auto_Open">1</definedName>'),
    "dde": ("xl/workbook.xml", "</definedNames>", "<definedName name=\"a\">cmd|' /C calc'!A0</definedName>"),
    "book": ("xl/workbook.xml", "</definedNames>", "<definedName name=\"a\">'[1]x'!A1</definedName>"),
    "fetch": ("xl/workbook.xml", "</definedNames>", '<definedName name="a">WEBSERVICE(A1)</definedName>'),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_seen(planted: str) -> None:
    part, end, bad = PLANTED[planted]
    parts = parts_of(file_of("plain", LANGUAGES[0]))
    assert end in parts[part].decode()
    parts[part] = parts[part].decode().replace(end, bad + end).encode()
    assert len(odd_relations(parts) + odd_elements(parts)) == 1


def test_the_rules_of_the_check_agree(made: tuple[str, str]) -> None:
    edition, language = made
    if edition == "addin":  # a workbook to Excel, but openpyxl opens none; its parts are seen above
        assert FILE_NAME.endswith(".xlam")
        return
    file = snapshot(file_of(*made))
    comparison = Comparison(file, file, language, macros=edition in MACROS)
    assert list(no_external_links(comparison)) == []
    assert [fault for fault in no_macro(comparison) if edition not in MACROS] == []


@pytest.fixture(scope="module", params=params(MACROS))
def macros(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """The modules of a macro file as olevba reads them: code, and what it points at."""
    edition, language = request.param
    path = tmp_path_factory.mktemp("macros") / ("a.xlsm" if edition == "udf" else FILE_NAME)
    path.write_bytes(file_of(edition, language))
    command = [sys.executable, "-W", "ignore", "-c", _OLEVBA, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {name: (code, marks) for name, code, marks in json.loads(done.stdout)}
    names = code_names(parts_of(path.read_bytes()))
    stored = {m.name: m.source().splitlines() for m in modules(language, names)}
    # what runs is what can be read: there is no compiled code beside it (test_project.py)
    assert {name: code.splitlines() for name, (code, _) in found.items()} == stored
    return found


Macros = dict[str, tuple[str, list[tuple[str, str, str]]]]


def test_macros_can_be_read(macros: Macros) -> None:
    for name, (code, _) in macros.items():
        assert code.isascii(), name
        assert max(map(len, code.splitlines())) < 1_024


def test_nothing_runs_by_itself_but_workbook_open(macros: Macros) -> None:
    runs = {
        (n, word)
        for n, (_, found) in macros.items()
        for kind, word, _ in found
        if kind == "AutoExec"
    }
    assert runs == {("ThisWorkbook", "Workbook_Open")}
    named = re.compile(r"^\s*(?:Private |Public )?(?:Sub|Function) (\w+)\(", re.M | re.I)
    for name, (code, _) in macros.items():
        procedures = named.findall(code)
        assert not [p for p in procedures if p.lower().startswith("auto")], name
        if name == "ThisWorkbook" or name.startswith("Sheet_"):
            assert procedures == (["Workbook_Open"] if name == "ThisWorkbook" else [])
        assert not re.search(r"OnTime|OnKey|WithEvents|OnAction", code, re.I)


def test_nothing_suspicious_that_is_not_accounted_for(macros: Macros) -> None:
    for name, (_, found) in macros.items():
        pointed_at = {word for kind, word, _ in found if kind in ("AutoExec", "Suspicious")}
        addresses = {word for kind, word, _ in found if kind == "IOC"}
        known = OURS.get(name, GUIDS)
        assert pointed_at <= set(known), (name, pointed_at - set(known))
        assert {a for a in addresses if not a.endswith(".dll")} == set(), name
        assert not addresses or name == "xlwings"


def test_of_xlwings_stand_the_licence_and_the_declarations(macros: Macros) -> None:
    whole = resources.files("xlwings").joinpath("xlwings_custom_addin.bas").read_text("ascii")
    lines = [x for x in macros["xlwings"][0].splitlines() if not x.startswith("Attribute VB_")]
    ours = source("roi_xl_python.bas").splitlines()
    assert lines[-len(ours) :] == ours
    theirs = lines[2 : -len(ours)]
    assert lines[:2] == ["Option Explicit", "Option Private Module"]
    assert theirs[-1] == 'Public Const PROJECT_NAME As String = "roi_xl"'
    start = whole.splitlines()[1 : len(theirs) + 1]
    assert theirs[:-1] == start[:-1]
    assert "Redistribution and use in source and binary forms" in "\n".join(theirs)


def test_no_setting_is_read_but_the_users(macros: Macros) -> None:
    """Nothing looks into a sheet or beside a workbook, and no workbook is named to Python."""
    code = "\n".join(code for _, (code, _) in macros.items())
    said = re.sub(r"(?m)^\s*'.*$", "", code)  # comments may name what was left out
    for reader in (
        "GetConfig",
        "GetFullName",
        "Sheets(",
        "Worksheets",
        "ActiveWorkbook",
        ".FullName",
        ".Path ",
    ):
        assert reader not in said, reader
    for runner in ("RunPython", "WScript", "CreateObject", "cmd.exe", "Shell", "prepare_sys_path"):
        assert runner not in said, runner
    assert said.count(" For Input ") == 1
    assert "GetConfig, which reads a sheet named roi_xl.conf" in code
