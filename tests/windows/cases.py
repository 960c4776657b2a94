"""Calls of every FT_ function with what plain Python answers, and the parts of built workbooks.

python -m tests.windows.cases FILE

Runs on Linux; the tests on Windows read the file and must come to the same. An argument is a value of
a cell, rows of them, or `{"missing": true}`; errors are their texts.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from roi_xl.hosts.excel.addin import addin_bytes
from roi_xl.hosts.excel.editions import lambda_workbook, udf_workbook
from roi_xl.text import LANGUAGES, speaking
from roi_xl.workbook.build import workbook_bytes
from tests.hosts.calls import calls_of

MISSING = {"missing": True}
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
EXAMPLES = 10  # of three calls each, for every function
_ROWS: list[list[Any]] = [[2036.0, 100.0], [None, "#N/A"], ["你好𠀀", True], ["", -5.0]]
_ODD: list[tuple[str, list[Any]]] = [
    ("FT_PAYBACK", [_ROWS, [[2700.0]]]),
    ("FT_PAYBACK", [[[row[0]] for row in _ROWS], [[2700.0, 0.0]]]),
    ("FT_PAYBACK", [2036.0, 0.0]),
    ("FT_PAYBACK", [None, 2700.0]),
    ("FT_PAYBACK", ["你好", 1.0]),
    ("FT_PAYBACK", [True, 1.0]),
    ("FT_PAYBACK", ["2036", 2.0]),
    ("FT_PAYBACK", [1e308, 1e-308]),
    *(("FT_PAYBACK", [error, 1.0]) for error in ERRORS),
    ("FT_PAYBACK", [[[1.0] * 300], 2.0]),
    ("FT_PAYBACK", [[[float(i)] for i in range(1, 2001)], 2.0]),
    ("FT_PEOPLE_COST", [10.0, MISSING, MISSING]),
    ("FT_PEOPLE_COST", [10.0, MISSING, 2.0]),
    ("FT_RECOMMEND", [[[1.5], [4.0], [9.0], [50.0], ["never"], ["永不回本"]], MISSING]),
    ("FT_RECOMMEND", [1.5, "zh"]),
    ("FT_RECOMMEND", [1.5, "en"]),
    ("FT_EXPLAIN", ["FT_PAYBACK", 1.0, "x"]),
    ("FT_VERSION", []),
]


def drawn() -> list[tuple[str, list[Any]]]:
    """Calls drawn from the declarations, the same in every run of one version."""
    found: list[tuple[str, list[Any]]] = []
    for function in FUNCTIONS.values():

        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @seed(20261124)
        @given(calls_of(function, 3))
        def draw(calls: list[tuple[str, tuple[Any, ...]]]) -> None:
            found.extend((name, list(args)) for name, args in calls)

        draw()
    return found


def answered(language: str, name: str, args: list[Any]) -> dict[str, Any]:
    """A case: the call, and what plain Python answers in the shape that COM gives it."""
    plain = [None if arg == MISSING else arg for arg in args]
    with speaking(language):
        answer = cells(FUNCTIONS[name], plain)
    return {"language": language, "name": name, "args": args, "expected": as_sent(answer)}


def as_sent(answer: Any) -> Any:
    """An answer as xlwings hands it over: one row comes flat, one cell as its value."""
    if isinstance(answer, list) and len(answer) == 1:
        return answer[0] if len(answer[0]) > 1 else answer[0][0]
    return answer


def parts(data: bytes) -> dict[str, str]:
    """Each part of a file with its hash and all that its entry in the archive says of it."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            said = (entry.create_system, entry.external_attr, entry.create_version, entry.date_time)
            content = hashlib.sha256(_steady(archive.read(entry))).hexdigest()
            found[entry.filename] = f"{content} {said} {entry.flag_bits} {entry.compress_type}"
    return found


def _steady(part: bytes) -> bytes:
    """A part with its results to twelve digits: the last one of a power depends on the C library."""
    return re.sub(rb"<v>(-?[0-9.e+-]+)</v>", lambda m: b"<v>%.12g</v>" % float(m[1]), part)


def files() -> dict[str, dict[str, str]]:
    """The parts of each edition and the add-in; what is built twice is the same."""
    found = {}
    for language in LANGUAGES:
        found[f"plain {language}"] = parts(workbook_bytes(None, language))
        found[f"lambda {language}"] = parts(lambda_workbook(None, language))
        found[f"udf {language}"] = parts(udf_workbook(None, language))
        found[f"addin {language}"] = parts(addin_bytes(language))
    return found


def main(path: str) -> None:
    """Write the file."""
    cases = [answered("en", *call) for call in drawn()]
    cases += [answered(language, *call) for language in LANGUAGES for call in _ODD]
    data = {"calls": cases, "files": files()}
    Path(path).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    print(f"{len(cases)} calls of {len({c['name'] for c in cases})} functions")


if __name__ == "__main__":
    main(sys.argv[1])
