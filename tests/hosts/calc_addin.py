"""Calls FT_ functions as Calc functions: LibreOffice with the add-in, through the worker process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from roi_xl import FUNCTIONS
from roi_xl.hosts.libreoffice.extension import extension_files
from tests.hosts.arguments import Call, literal
from tests.hosts.office import Doc, Office

FIRST_ARGUMENT_COLUMN = 30
SHEET = "Sheet1"


class CalcHost(AbstractContextManager["CalcHost"]):
    """A LibreOffice with the add-in; each `evaluate` has an empty document of its own."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="calc_addin_")
        folder = Path(self._folder.name)
        for name, content in extension_files(
            FUNCTIONS
        ).items():  # unpacked, as it reads bundled ones
            path = folder / "extensions" / "roi_xl" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        self._empty = folder / "empty.xlsx"
        book = Workbook()
        book.worksheets[0].title = SHEET
        book.save(self._empty)
        self.office = Office(extension=folder / "extensions", env=env)
        self.functions = list(FUNCTIONS)

    def open(self) -> Doc:
        """A new empty document."""
        return self.office.open(self._empty)

    def evaluate(
        self,
        calls: Sequence[Call],
        *,
        literals: bool = False,
        shapes: Sequence[tuple[int, int]] | None = None,
    ) -> list[Any]:
        """What each call gives: a number, text or error's text; rows of them for ranges.

        Arguments are put into cells (`None` leaves its cell blank) or, with `literals`, written
        into the formula. Calc hands over a blank cell as 0 and does not say which cell asks, so
        a document holds one call at a time. Unless `shapes` say how many cells each answer takes,
        Calc is asked.
        """
        known = list(shapes) if shapes else [None for _ in calls]
        with self.open() as doc:
            return [
                self._one(doc, name, args, literals, shape)
                for (name, args), shape in zip(calls, known, strict=True)
            ]

    def _one(
        self,
        doc: Doc,
        name: str,
        args: Sequence[Any],
        literals: bool,
        shape: tuple[int, int] | None,
    ) -> Any:
        values: dict[str, Any] = {}
        formulas: dict[str, str] = {}
        written = []
        for i, arg in enumerate(args):
            if literals:
                written.append(literal(arg))
                continue
            block = arg if isinstance(arg, list) else [[arg]]
            left = FIRST_ARGUMENT_COLUMN + 10 * i
            for row, line in enumerate(block, 1):
                for column, value in enumerate(line, left):
                    place = f"{SHEET}!{get_column_letter(column)}{row}"
                    if isinstance(value, str) and value.startswith("#"):
                        formulas[place] = value
                    else:
                        values[place] = value
            first, last = get_column_letter(left), get_column_letter(left + len(block[0]) - 1)
            written.append(f"{first}1:{last}{len(block)}" if isinstance(arg, list) else f"{first}1")
        doc.set_many(values)
        if formulas:
            doc.formulas(formulas)
        call = f"{name}({','.join(written)})"
        height, width = shape or self._shape(doc, name, args, call)
        if (height, width) == (1, 1):
            answer: Any = doc.formula(f"{SHEET}!A1", call)
        else:
            place = f"{SHEET}!A1:{get_column_letter(width)}{height}"
            answer = doc.array_formula(place, call)
            doc.array_formula(place, "")
        doc.set_many(dict.fromkeys([f"{SHEET}!A1", *values, *formulas]))
        return answer

    def _shape(self, doc: Doc, name: str, args: Sequence[Any], call: str) -> tuple[int, int]:
        """The rows and columns that the answer needs; a table is asked for its own."""
        if FUNCTIONS[name].returns.kind == "range":
            size = [doc.formula(f"{SHEET}!A1", f"{what}({call})") for what in ("ROWS", "COLUMNS")]
            rows, columns = (int(n) if isinstance(n, float) else 1 for n in size)
            return rows, columns
        blocks = [a for a in args if isinstance(a, list)]
        heights, widths = [len(b) for b in blocks], [len(b[0]) for b in blocks]
        return max(heights, default=1), max(widths, default=1)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.office.close()
        self._folder.cleanup()
