"""The process behind the Calc add-in: reads one call per line and writes one answer per line."""

import json
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from roi_xl.io.log import log_fault


def main() -> None:
    """Answer calls until the input ends; other output goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, answers)


def serve(calls: Iterable[str], answers: TextIO) -> None:
    """Write `ready`, then the answer to each `[name, [argument, …]]`."""
    _write(answers, "ready")
    for line in calls:
        name, args = json.loads(line)
        _write(answers, answer(name, args))


def answer(name: str, args: list[object]) -> object:
    """What a cell shows: a number, text, the text of an error, or rows of these."""
    try:
        return cells(FUNCTIONS[name], args)
    except Exception:  # noqa: BLE001 - a cell must never show a traceback
        log_fault(name, args)
        return "#VALUE!"


def _write(answers: TextIO, value: object) -> None:
    answers.write(json.dumps(value, default=str) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
