"""Keeps spreadsheets from running text of a CSV file as a formula.

A CSV cell has no type, so a spreadsheet takes text that begins with `=`, `+`, `-` or `@` for a formula,
even one that somebody slipped into a customer's name. Such text gets an apostrophe in front, the
spreadsheets' own sign for text. What reads as a number, `-12.5` or `+3 %`, is left alone.
"""

import re
from typing import Any

_STARTS = "[=+\\-@\\t\\r＝＋－＠]"
_NUMBER = r"[+\-＋－]?(\d[\d,. ，．]*|[.．]\d+)([eE][+\-]?\d+)?\s*%?"
_DANGEROUS = re.compile(_STARTS)
_HARMLESS = re.compile(_NUMBER)


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would run it."""
    if _DANGEROUS.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def guarded_column(column: Any) -> Any:
    """The same for an Arrow column of text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    suspect = pc.match_substring_regex(column, f"^{_STARTS}")
    if not pc.any(suspect).as_py():
        return column
    cells = [None if cell is None else guarded(cell) for cell in column.to_pylist()]
    return pa.array(cells, column.type)
