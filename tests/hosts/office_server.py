"""The half of the LibreOffice driver that needs `import uno`: JSON lines in, JSON lines out.

Started by `office.py` under whichever interpreter has uno. It owns the soffice process: when its
standard input ends, because the test run closed it or died, soffice and its profile go too.
"""

from __future__ import annotations

import functools
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uno

ERROR_TEXTS = {
    502: "#NUM!",  # "invalid argument", as of SQRT(-1) and LN(0); Excel tells it from #VALUE!
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    523: "#NUM!",  # no convergence, as of IRR
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
ERROR_LITERALS = {  # the formula parser refuses error constants; these give the same errors
    "#N/A": "NA()",
    "#DIV/0!": "(1/0)",
    "#VALUE!": '("a"+1)',
    "#NUM!": "(10^400)",
    "#NAME?": "(no_such_name)",
    "#REF!": "INDEX({1},2)",
}
_LITERAL = re.compile(r'"(?:[^"]|"")*"|' + "|".join(map(re.escape, ERROR_LITERALS)))
_ALL_CONTENTS = 1 | 2 | 4 | 16  # CellFlags: VALUE, DATETIME, STRING, FORMULA
_XL_OOX = 3  # AddressConvention; with CompileEnglish, the grammar of formulas in .xlsx files
_ERROR_RESULT = 4  # FormulaResult
_RUN_MACROS, _NO_MACROS = 4, 0  # MacroExecutionMode


def property_value(name: str, value: Any) -> Any:
    return uno.createUnoStruct("com.sun.star.beans.PropertyValue", Name=name, Value=value)


def url(path: str) -> str:
    return Path(path).resolve().as_uri()


def error_text(code: int) -> str:
    return ERROR_TEXTS.get(code, f"#ERR:{code}")


def read_cell(cell: Any) -> float | str | None:
    """The cell's number, text, None where it is blank, or error text."""
    code = cell.getError()
    if code:
        return error_text(code)
    kind = cell.Type.value
    if kind == "FORMULA":
        kind = "VALUE" if cell.FormulaResultType2 == 1 else "TEXT"
    if kind == "EMPTY":
        return None
    return float(cell.Value) if kind == "VALUE" else str(cell.String)


def write_cell(cell: Any, value: float | str | None) -> None:
    """Puts a constant into the cell; None clears it; text is never taken for a formula."""
    if value is None:
        cell.clearContents(_ALL_CONTENTS)
    elif isinstance(value, str):
        cell.String = value
    else:
        cell.Value = float(value)


class Book:
    """One open document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.parser = document.createInstance("com.sun.star.sheet.FormulaParser")
        self.parser.setPropertyValue("CompileEnglish", True)
        self.parser.setPropertyValue("FormulaConvention", _XL_OOX)
        self.named = document.NamedRanges
        self.known = frozenset(self.named.ElementNames)
        self.sheets = {
            name: document.Sheets.getByName(name) for name in document.Sheets.ElementNames
        }
        self.cell = functools.cache(self._cell)  # looking one up takes longer than reading it

    def range(self, ref: str) -> Any:
        """The cells that a defined name, `Sheet.A1` or `Sheet!A1:B2` refers to."""
        if ref in self.known:
            cells = self.named.getByName(ref).getReferredCells()
            if cells is None:
                raise LookupError(f"the name {ref} does not refer to cells")
            return cells
        sheet, _, address = ref.rpartition("!" if "!" in ref else ".")
        sheet = sheet.strip("$")
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        if sheet not in self.sheets:
            raise LookupError(f"no cell or name {ref}")
        return self.sheets[sheet].getCellRangeByName(address)

    def _cell(self, ref: str) -> Any:
        cells = self.range(ref)
        if cells.supportsService("com.sun.star.sheet.SheetCell"):
            return cells
        area = cells.RangeAddress
        if (area.StartRow, area.StartColumn) != (area.EndRow, area.EndColumn):
            raise LookupError(f"{ref} is more than one cell")
        return cells.getCellByPosition(0, 0)

    def names(self) -> dict[str, str]:
        return {name: self.named.getByName(name).Content for name in self.named.ElementNames}

    def get(self, refs: list[str]) -> list[Any]:
        return [read_cell(self.cell(ref)) for ref in refs]

    def set(self, values: dict[str, Any]) -> None:
        with self.calculating_once():
            for ref, value in values.items():
                write_cell(self.cell(ref), value)

    @contextmanager
    def calculating_once(self) -> Iterator[None]:
        """What is put into cells inside the block is calculated at its end, not cell by cell."""
        self.document.enableAutomaticCalculation(False)
        try:
            yield
        finally:
            self.document.enableAutomaticCalculation(True)

    def formulas(self, texts: dict[str, str]) -> list[Any]:
        for ref, text in texts.items():
            cell = self.cell(ref)
            cell.setTokens(self.tokens(text, cell))
        return self.get(list(texts))

    def array_formula(self, ref: str, text: str) -> list[list[Any]]:
        cells = self.range(ref)
        cells.setArrayTokens(self.tokens(text, cells.getCellByPosition(0, 0)))
        return self.block(ref)

    def tokens(self, text: str, cell: Any) -> Any:
        excel = _LITERAL.sub(lambda m: ERROR_LITERALS.get(m[0], m[0]), text.lstrip("="))
        return self.parser.parseFormula(excel, cell.getCellAddress())

    def block(self, ref: str) -> list[list[Any]]:
        """Rows of values, read at once; then blanks and errors, which look like text, are put in."""
        cells = self.range(ref)
        rows = [list(row) for row in cells.getDataArray()]
        top, left = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
        for area in cells.queryEmptyCells().RangeAddresses:
            for row in range(area.StartRow - top, area.EndRow - top + 1):
                rows[row][area.StartColumn - left : area.EndColumn - left + 1] = [None] * (
                    area.EndColumn - area.StartColumn + 1
                )
        for area in cells.queryFormulaCells(_ERROR_RESULT).RangeAddresses:
            for row in range(area.StartRow - top, area.EndRow - top + 1):
                for column in range(area.StartColumn - left, area.EndColumn - left + 1):
                    rows[row][column] = read_cell(cells.getCellByPosition(column, row))
        return rows

    def recalculate(self) -> None:
        self.document.calculateAll()

    def save_as(self, path: str, filter_name: str) -> None:
        self.document.storeToURL(url(path), (property_value("FilterName", filter_name),))

    def close(self) -> None:
        self.document.close(True)


class Server:
    """Starts soffice, connects to it, and answers requests by method name."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.profile = ""
        self.context: Any = None
        self.desktop: Any = None
        self.books: dict[int, Book] = {}

    def start(self, command: list[str], profile: str) -> int:
        """The process group of soffice, which the client may have to kill."""
        self.profile = profile
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            stderr=sys.stderr,
            start_new_session=True,
        )
        return self.process.pid

    def connect(self, pipe: str, timeout: float) -> None:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", local
        )
        not_yet = uno.getClass("com.sun.star.connection.NoConnectException")
        deadline = time.monotonic() + timeout
        while self.context is None:
            try:
                self.context = resolver.resolve(
                    f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
                )
            except not_yet:
                if self.process is None or self.process.poll() is not None:
                    raise RuntimeError("soffice ended while starting") from None
                if time.monotonic() > deadline:
                    raise TimeoutError(f"soffice not ready after {timeout} s") from None
                time.sleep(0.05)
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def open(self, path: str, macros: bool) -> int:
        """The number by which later requests name the document."""
        if macros:  # Basic that calls Python fails now and then unless the provider is awake
            factory = self.service("com.sun.star.script.provider.MasterScriptProviderFactory")
            factory.createScriptProvider("")
        options = (
            property_value("Hidden", True),
            property_value("MacroExecutionMode", _RUN_MACROS if macros else _NO_MACROS),
        )
        document = self.desktop.loadComponentFromURL(url(path), "_blank", 0, options)
        if document is None:
            raise OSError(f"LibreOffice cannot load {path}")
        number = len(self.books)
        self.books[number] = Book(document)
        return number

    def quit(self) -> None:
        """Lets soffice leave by itself if it can; `kill` follows in any case."""
        assert self.process is not None
        with suppress(Exception):  # the connection often breaks before the answer
            self.desktop.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.profile:
            shutil.rmtree(self.profile, ignore_errors=True)

    def answer(self, request: dict[str, Any]) -> Any:
        book = request.pop("book", None)
        target: Any = self if book is None else self.books[book]
        return getattr(target, request.pop("op"))(**request)


def main() -> None:
    """Answers requests until standard input ends, even if LibreOffice never answers a call."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever else prints must not get between the answers
    server = Server()
    requests: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in sys.stdin:
            requests.put(line)
        server.kill()
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            answer = {"result": server.answer(json.loads(requests.get()))}
        except Exception as error:  # noqa: BLE001  the client must hear of it, whatever it is
            answer = {"error": f"{type(error).__name__}: {error}"}
        with suppress(BrokenPipeError):
            print(json.dumps(answer), file=answers)


if __name__ == "__main__":
    main()
