"""The process behind the Calc add-in: a call a line in, its answer a line out, until the input ends."""

import json
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from roi_xl import FUNCTIONS
from roi_xl.functions.answers import cells
from roi_xl.io.log import log_fault


def main() -> None:
    """Answer calls; what else prints must not get between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, answers)


def serve(calls: Iterable[str], answers: TextIO) -> None:
    """Say that we are ready, then answer each `[name, [argument, …]]`."""
    _say(answers, "ready")
    for line in calls:
        name, args = json.loads(line)
        _say(answers, answer(name, args))


def answer(name: str, args: list[object]) -> object:
    """What a cell shows: a number, text, an error's text, or rows of them."""
    try:
        return cells(FUNCTIONS[name], args)
    except Exception:  # noqa: BLE001 - a cell must never show a traceback
        log_fault(name, args)
        return "#VALUE!"


def _say(answers: TextIO, value: object) -> None:
    answers.write(json.dumps(value, default=str) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
