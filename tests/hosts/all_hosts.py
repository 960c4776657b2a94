"""Every host behind one face: which functions it lacks and why, which calls it takes, its answers.

An answer is a number, a text or an error's text, or rows of them. `sits_out` names the calls whose
answer the host cannot give as Excel does, because of what it is and not of what we wrote.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from roi_xl import FUNCTIONS, ErrorValue, RoiError, build_workbook
from roi_xl.errors import ArgumentIsError
from roi_xl.functions.answers import cells
from roi_xl.functions.arguments import read_value
from roi_xl.functions.declare import Function
from roi_xl.functions.formula import Dialect, render, trace
from roi_xl.hosts.excel.lambdas import rewrite
from roi_xl.units import never, words
from tests.hosts import pywin32
from tests.hosts.arguments import Call
from tests.hosts.calc_addin import CalcHost
from tests.hosts.calls import flat, has_range, is_error
from tests.hosts.lambda_host import LambdaHost
from tests.hosts.office import Office
from tests.hosts.vba_bridge import VbaBridge

LANGUAGE = "en"
_DISPATCHED = "roi_xl.excel.udfs_en"


class Host(AbstractContextManager["Host"]):
    """One way to call an FT_ function."""

    name = ""

    def __init__(self) -> None:
        self.stack = ExitStack()

    def lacks(self, function: Function) -> str | None:
        """Why this host does not have a function; None where it has it."""
        return None

    def sits_out(self, call: Call, expected: Any) -> bool:
        """Whether the host cannot answer this call as Excel does."""
        return False

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        """The answers; what is expected only says how many cells an answer takes."""
        raise NotImplementedError

    def __exit__(self, *_exc: object) -> None:
        self.stack.close()


class PythonHost(Host):
    """`FUNCTIONS["FT_X"](…)`, which raises what a cell shows."""

    name = "Python"

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        return [self._one(*call) for call in calls]

    def _one(self, name: str, args: tuple[Any, ...]) -> Any:
        try:
            return FUNCTIONS[name](*args)
        except ArgumentIsError as error:
            return error.error.value
        except RoiError as error:
            return error.excel.value


class DispatcherHost(Host):
    """xlwings' own dispatcher, as Excel on Windows reaches it; every argument is a cell or range."""

    name = "xlwings"

    def __init__(self) -> None:
        super().__init__()
        self.stack.enter_context(pywin32.installed())
        for module in (_DISPATCHED, "roi_xl.udfs"):  # imported without pywin32 they are bare
            sys.modules.pop(module, None)
            self.stack.callback(sys.modules.pop, module, None)

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        return [
            pywin32.call(_DISPATCHED, name, *(pywin32.XlRange(self._cells(a)) for a in args))
            for name, args in calls
        ]

    def _cells(self, value: Any) -> Any:
        if isinstance(value, list):
            return [list(map(self._cells, row)) for row in value]
        return pywin32.ERR[value] if is_error(value) else value


_BEYOND_POWERS = 1e15


class PlainHost(Host):
    """The plain formula over cells, inside the generated workbook, recalculated by LibreOffice.

    The workbook's effective column turns blanks into defaults and words into codes, and its data
    validation refuses what is out of bounds; so a formula meets good values only, one a cell.
    """

    name = "formulas"
    _SHEET = "Scratch"

    def __init__(self, office: Office, folder: Path) -> None:
        super().__init__()
        path = build_workbook(folder / "plain.xlsx", language=LANGUAGE)
        book = openpyxl.load_workbook(path)
        book.create_sheet(self._SHEET)
        book.save(path)
        self._doc = self.stack.enter_context(office.open(path))

    def lacks(self, function: Function) -> str | None:
        if function.formula is None and not function.traceable:
            return "no plain formula"
        if "LET(" in (function.formula or ""):
            return "written for Microsoft 365; the workbook has rows, compared as whole cases"
        return None

    def sits_out(self, call: Call, expected: Any) -> bool:
        name, args = call
        if has_range(name, args):
            return True
        function = FUNCTIONS[name]
        read = [read_value(p, a) for p, a in zip(function.params, args, strict=False)]
        if any(code for _, code in read):
            return True
        # months without number: a spreadsheet's power overflows where Python knows the limit is zero
        if any(isinstance(v, float) and _BEYOND_POWERS < abs(v) < math.inf for v, _ in read):
            return True
        return _unsteady(name, expected)

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        formulas = {}
        values: dict[str, Any] = {}
        for row, (name, args) in enumerate(calls, 1):
            function = FUNCTIONS[name]
            full = [*args, *[None] * (len(function.params) - len(args))]
            places = {}
            for i, (param, raw) in enumerate(zip(function.params, full, strict=True)):
                if param.quantity.kind == "range" or param.name == "language":
                    continue
                value, _ = read_value(param, raw)
                if param.quantity.kind == "choice" and function.formula is not None:
                    value = words(param.quantity, LANGUAGE)[int(value)]
                places[param.name] = f"{chr(ord('C') + i)}{row}"
                values[f"{self._SHEET}!{places[param.name]}"] = _shown(value)
            formulas[f"{self._SHEET}!A{row}"] = self._text(function, places)
        self._doc.set_many(values)
        found = list(self._doc.formulas(formulas).values())
        self._doc.set_many(dict.fromkeys([*values, *formulas]))
        return [
            self._worded(FUNCTIONS[name], args, value)
            for (name, args), value in zip(calls, found, strict=True)
        ]

    def _text(self, function: Function, places: dict[str, str]) -> str:
        dialect = Dialect(reference=places.__getitem__, never=never(LANGUAGE))
        if function.formula is None:
            text = render(trace(function), dialect)
            return f"SUMPRODUCT({text})" if "ROW(" in text else text

        return rewrite(function.formula, lambda w, called: w if called else places.get(w, w))

    def _worded(self, function: Function, args: tuple[Any, ...], value: Any) -> Any:
        if not function.speaks or not isinstance(value, float):
            return value
        spoken = args[-1] if len(args) == len(function.params) else None
        code, _ = read_value(function.params[-1], spoken)
        language = LANGUAGE if math.isnan(code) else ("zh", "en")[int(code)]
        return words(function.returns, language)[int(value)]


class LambdaNames(Host):
    """The LAMBDA names of the Microsoft 365 edition, evaluated by IronCalc."""

    name = "LAMBDA"

    def __init__(self) -> None:
        super().__init__()
        self._host = LambdaHost(LANGUAGE)

    def lacks(self, function: Function) -> str | None:
        if function.name in self._host.functions:
            return None
        if function.formula is not None:
            return "looks into a sheet"
        return "no plain formula"

    def sits_out(self, call: Call, expected: Any) -> bool:
        return _unsteady(call[0], expected)

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        return self._host.evaluate(calls)


class VbaHost(Host):
    """The shipped VBA wrappers, run by LibreOffice, with xlwings' dispatcher behind them.

    LibreOffice shows a call's error argument without calling, writes TRUE as 1, and calls a
    macro that gets an error in a range with something else.
    """

    name = "VBA"

    def __init__(self) -> None:
        super().__init__()
        self._bridge = self.stack.enter_context(VbaBridge(LANGUAGE))

    def sits_out(self, call: Call, expected: Any) -> bool:
        return _only_in_excel(call)

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        given = [(name, [_as_error(a) for a in args]) for name, args in calls]
        return self._bridge.evaluate(given, [_shape(e) for e in expected])


class CalcAddin(Host):
    """The functions of the Calc add-in in LibreOffice.

    Calc shows an error argument without calling, and TRUE is 1 there.
    """

    name = "Calc"

    def __init__(self) -> None:
        super().__init__()
        self._host = self.stack.enter_context(CalcHost({"ROI_XL_LANG": LANGUAGE}))

    def sits_out(self, call: Call, expected: Any) -> bool:
        return _only_in_excel(call)

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        return self._host.evaluate(calls, shapes=[_shape(e) for e in expected])


def expected_of(call: Call) -> Any:
    """The answer of the evaluation path that every host is measured against."""
    name, args = call
    return cells(FUNCTIONS[name], args)


def plain(answer: Any) -> Any:
    """An answer of any host in one shape: a value, or rows of them where they are several."""
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if not isinstance(answer, (list, tuple)):
        return answer.value if isinstance(answer, ErrorValue) else answer
    rows = [r if isinstance(r, (list, tuple)) else [r] for r in answer]
    if not isinstance(answer[0], (list, tuple)):  # one row, as COM hands it over
        rows = [list(answer)]
    found = [[plain(v) for v in row] for row in rows]
    return found[0][0] if len(found) == 1 == len(found[0]) else found


def _shape(expected: Any) -> tuple[int, int]:
    return (len(expected), len(expected[0])) if isinstance(expected, list) else (1, 1)


def _shown(value: Any) -> Any:
    if isinstance(value, float) and math.isinf(value):
        return never(LANGUAGE)
    return None if isinstance(value, float) and math.isnan(value) else value


def _as_error(value: Any) -> Any:
    return ErrorValue(value) if is_error(value) else value


def _only_in_excel(call: Call) -> bool:
    name, args = call
    values = flat(args)
    if any(v is True for v in values):
        return True
    return name == "FT_EXPLAIN" and any(map(is_error, values))


def _unsteady(name: str, expected: Any) -> bool:
    """Whether a spreadsheet's own search for a rate, from 10 % a month, need not find this one."""
    return name == "FT_IRR" and not (isinstance(expected, float) and 0 < expected < 100)
