"""The same drawn calls through every host, and the same drawn cases through whole workbooks.

The run ends with a table of hosts × functions: how many calls were compared, and the worst relative
difference, which may be 1e-9 (1e-6 for the rate that a spreadsheet's own IRR searches for).
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from roi_xl import FUNCTIONS, Case, ErrorValue, build_workbook, evaluate_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.functions.declare import Function
from roi_xl.text import text, use
from roi_xl.units import never
from tests.draw import cases
from tests.hosts.all_hosts import (
    LANGUAGE,
    CalcAddin,
    DispatcherHost,
    Host,
    LambdaNames,
    PlainHost,
    PythonHost,
    VbaHost,
    expected_of,
    plain,
)
from tests.hosts.arguments import Call
from tests.hosts.calls import calls_of
from tests.hosts.compare import difference
from tests.hosts.javascript.host import JavaScriptHost
from tests.hosts.office import Doc, Office
from tests.hosts.table import HostTable

TOLERANCE = 1e-9
# both searches stop where the next step is small, not where the rate is exact
TOLERANCE_OF_A_SEARCHED_RATE = 1e-6
LANGUAGES = ("zh", "en")
_BATCH = 10  # calls that go to a host at once
_BATCHES = settings(max_examples=max(2, settings().max_examples // 30))


@pytest.fixture(scope="module")
def hosts(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Host]]:
    """Every host, started."""
    started: list[Host] = [PythonHost()]
    try:
        started.append(PlainHost(office, tmp_path_factory.mktemp("plain")))
        started += [LambdaNames(), VbaHost(), CalcAddin()]
        if shutil.which("node") or os.environ.get("CI") == "true":
            started.append(JavaScriptHost(tmp_path_factory.mktemp("javascript")))
        started.insert(1, DispatcherHost())
        yield started
    finally:
        for host in reversed(started):
            host.__exit__(None, None, None)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_host_gives_the_same(
    hosts: list[Host], function: Function, request: pytest.FixtureRequest
) -> None:
    table = HostTable(request.node, function.name)
    able = []
    for host in hosts:
        reason = host.lacks(function)
        if reason is None:
            able.append(host)
            table.has(host.name)
        else:
            table.lacks(host.name, reason)

    example: Call = (function.name, function.example[0])

    @_BATCHES
    @given(calls=calls_of(function, _BATCH if function.params else 1))
    def agree(calls: list[Call]) -> None:
        use(LANGUAGE)
        calls = [*calls, example] if example[1] else calls  # one that every host must take
        expected = [expected_of(call) for call in calls]
        for host in able:
            taken = [
                (call, answer)
                for call, answer in zip(calls, expected, strict=True)
                if not host.sits_out(call, answer)
            ]
            found = host.evaluate([c for c, _ in taken], [a for _, a in taken])
            for (call, answer), other in zip(taken, found, strict=True):
                apart = difference(plain(answer), plain(other))
                table.compared(host.name, apart)
                assert apart <= tolerance(host, function), (host.name, call, answer, other)

    try:
        agree()
    finally:
        table.done()
    for host in able:
        assert table.cases(host.name), host.name


def tolerance(host: Host, function: Function) -> float:
    """The greatest relative difference of a host that gives the same."""
    searched = function.name == "FT_IRR" and isinstance(host, (PlainHost, LambdaNames))
    return TOLERANCE_OF_A_SEARCHED_RATE if searched else TOLERANCE


# --- whole cases ---------------------------------------------------------------------------------


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
    if isinstance(value, ErrorValue):
        return value.value
    if value is None:
        return ""  # nothing is known, so the cell shows nothing
    return never(language) if value == math.inf else value


def assert_same(found: Any, expected: Any, name: str) -> None:
    if isinstance(expected, str):
        assert found == expected, name
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9), name


def underflows(values: dict[str, Any]) -> bool:
    """Whether a monthly power gets too small for a float, which LibreOffice (not numpy) calls #NUM!."""
    case = Case(**values)
    growth = 1.0 + case["monthly_volume_growth"]
    price = (1.0 - case["current_price_decline_per_year"]) ** (1 / 12)
    discount = (1.0 + case["annual_discount_rate"]) ** (-1 / 12)
    bases = [g * p * d for g in (1.0, growth) for p in (1.0, price) for d in (1.0, discount)]
    return any(0.0 < base and base ** case["horizon_months"] < 1e-300 for base in bases)


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
    money = {"currency", "currency_per_usd"}  # a currency without its rate is refused
    blanks = blanks | money if blanks & money else blanks
    given_values = {name: None if name in blanks else value for name, value in values.items()}
    if (horizon := given_values.get("horizon_months")) is not None:
        given_values["horizon_months"] = min(float(horizon), 36.0)  # the months of the workbook
    assume(not underflows(given_values))
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
        if step.name == "irr" and expected["sign_changes"] not in (0, 1):
            continue
        # where all is lost, 1 + ROI is what rounding leaves, and its root makes that large
        roi = expected["roi_over_horizon"]
        if step.name == "annualised_roi" and isinstance(roi, float) and abs(1 + roi) < 1e-9:
            continue
        # an IF or an error of its own may come before the price of a GPU that is not listed
        if expected[step.name] == ErrorValue.NA and step.name != "total_cost":
            continue
        if step.name == "irr":  # by the spreadsheet's own search, which may stop short or find none
            if isinstance(found["irr"], float) and not isinstance(expected["irr"], ErrorValue):
                assert found["irr"] == pytest.approx(expected["irr"], rel=1e-5), given_values
            continue
        if isinstance(expected[step.name], ErrorValue):
            assert str(found[step.name]).startswith(("#", "Err:", "n/a", "不适用")), step.name
            continue
        word = text(f"choice.{step.quantity.infinity}", language)
        wanted = word if expected[step.name] == math.inf else shown(expected[step.name], language)
        assert_same(found[step.name], wanted, step.name)
