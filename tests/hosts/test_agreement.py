"""The same cases through every host agree to 1e-9."""

import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, ErrorValue, build_workbook, evaluate_case
from roi_xl.case.inputs import INPUTS
from roi_xl.case.steps import STEPS
from roi_xl.functions.bounds import never
from roi_xl.functions.evaluate import cells
from tests.draw import cases, clean_arguments
from tests.hosts import pywin32
from tests.hosts.office import Doc, Office

LANGUAGES = ("zh", "en")
VECTORS = [f for f in FUNCTIONS.values() if f.mode == "vector"]


@pytest.fixture(scope="module")
def workbooks(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Doc]]:
    """The generated workbook in both languages, open in LibreOffice."""
    folder = tmp_path_factory.mktemp("workbooks")
    docs = {
        lang: office.open(build_workbook(folder / f"{lang}.xlsx", language=lang))
        for lang in LANGUAGES
    }
    yield docs
    for doc in docs.values():
        doc.close()


def shown(value: Any, language: str) -> Any:
    """A Python result as a cell of the workbook shows it."""
    if value is None:
        return ""  # nothing is known, so the cell shows nothing
    if isinstance(value, ErrorValue):
        return value.value
    return never(language) if value == math.inf else value


def assert_same(found: Any, expected: Any, name: str) -> None:
    if isinstance(expected, str):
        assert found == expected, name
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9), name


@given(
    values=cases(),
    language=st.sampled_from(LANGUAGES),
    blanks=st.sets(st.sampled_from(list(INPUTS))),
)
def test_workbook_in_libreoffice_agrees_with_python(
    workbooks: dict[str, Doc], values: dict[str, Any], language: str, blanks: set[str]
) -> None:
    """Typing a case into the generated workbook gives Python's results, blank cells included."""
    doc = workbooks[language]
    given_values = {name: None if name in blanks else value for name, value in values.items()}
    doc.set_many(
        {
            name: None if value is None else INPUTS[name].shown(value, language)
            for name, value in given_values.items()
        }
    )
    expected = evaluate_case(given_values, language)
    found = doc.get_many([s.name for s in STEPS])
    for step in STEPS:
        # of several rates a spreadsheet's own search may find another one
        if step.name != "irr" or expected["sign_changes"] in (0, 1):
            assert_same(found[step.name], shown(expected[step.name], language), step.name)


@pytest.fixture(scope="module")
def dispatcher() -> Iterator[None]:
    """The UDF module as xlwings on Windows has it."""
    sys.modules.pop("roi_xl.udfs", None)
    with pywin32.installed():
        yield
    sys.modules.pop("roi_xl.udfs", None)


@given(data=st.data())
@pytest.mark.usefixtures("dispatcher")
def test_dispatcher_agrees_with_python(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(VECTORS))
    args = data.draw(clean_arguments(function))
    wire = ["never" if a == math.inf else a for a in args]
    wire += [pywin32.MISSING] * (len(function.params) - len(wire))
    found = pywin32.call("roi_xl.udfs", function.name, *wire)
    assert_same(found, cells(function, args), function.name)
