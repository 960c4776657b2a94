"""The add-in inside LibreOffice: passes each FT_ call to a separate Python process and waits for it.

LibreOffice ships its own Python, often of another version, which cannot load the numpy of the Python
in which roi_xl is installed, and a crash there would take the office down. So a process of that
Python (`roi_xl.hosts.libreoffice.worker`) does the work, with JSON lines in both directions. If it
fails or exceeds the timeout, the cell shows #VALUE! and the process is restarted.

This file is copied into the extension: it runs on Python 3.8 and later and imports nothing of ours.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

import unohelper
from com.sun.star.lang import XServiceInfo
from roixl import XFunctions

NAME = "roixl"
ERRORS = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
START_SECONDS = 60.0  # timeout of a cold start
PAUSE_SECONDS = float(os.environ.get("FT_PAUSE", "10"))  # between a failure and a restart
FOLDER = os.path.dirname(__file__)


def load_module(name: str) -> Any:
    """A module of this folder; LibreOffice's loader knows only the component itself."""
    path = os.path.join(FOLDER, f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"roixl_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


blanks = load_module("blanks")
with open(os.path.join(FOLDER, "settings.json"), encoding="utf-8") as _file:
    SETTINGS = json.load(_file)
CALL_SECONDS = float(os.environ.get("FT_TIMEOUT", SETTINGS["timeout"]))


class Failure(Exception):
    """The process did not answer."""


class Worker:
    """The Python process, started at the first call and restarted after a failure."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.Queue[str] = queue.Queue()
        self.not_before = 0.0

    def ask(self, name: str, args: list[Any]) -> Any:
        """The answer to one call.

        Raises:
            Failure: no answer in time, or the process cannot be started.
        """
        with self.lock:
            if time.monotonic() < self.not_before:
                raise Failure("paused")
            try:
                if self.process is None or self.process.poll() is not None:
                    self.process = self.start()
                    self.answer(START_SECONDS)
                assert self.process.stdin is not None
                self.process.stdin.write(json.dumps([name, args]) + "\n")
                self.process.stdin.flush()
                return self.answer(CALL_SECONDS)
            except (Failure, OSError, ValueError) as error:
                self.stop()
                raise Failure(name) from error

    def start(self) -> subprocess.Popen[str]:
        """Start the process and a thread that reads its lines."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LD_LIBRARY"))}
        site = os.environ.get("FT_SITE")
        env["PYTHONPATH"] = os.pathsep.join([site] if site else SETTINGS["path"])
        if SETTINGS["language"]:
            env.setdefault("ROI_XL_LANG", SETTINGS["language"])
        python = os.environ.get("FT_PYTHON", SETTINGS["python"])
        process = subprocess.Popen(
            [python, "-P", "-X", "utf8", "-m", "roi_xl.hosts.libreoffice.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.answers = queue.Queue()
        threading.Thread(target=_listen, args=(process.stdout, self.answers), daemon=True).start()
        return process

    def answer(self, seconds: float) -> Any:
        """The next line of the process."""
        try:
            line = self.answers.get(timeout=seconds)
        except queue.Empty:
            raise Failure("timeout") from None
        if not line:
            raise Failure("ended")
        return json.loads(line)

    def stop(self) -> None:
        """Kill the process; the restart is delayed, or many cells would wait in turn."""
        self.not_before = time.monotonic() + PAUSE_SECONDS
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None


def _listen(lines: TextIO, answers: queue.Queue[str]) -> None:
    with lines:
        for line in lines:
            answers.put(line)
    answers.put("")


WORKER = Worker()
BLANKS = blanks.Blanks()


def calc_value(value: Any) -> Any:
    """An answer as Calc expects it: a number, text, or the NaN that encodes an error."""
    if isinstance(value, str) and value in ERRORS:
        return struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | ERRORS[value]))[0]
    if isinstance(value, bool) or value is None:
        return "" if value is None else float(value)
    return value


def method(name: str, about: dict[str, Any]) -> Callable[..., Any]:
    """The add-in's method for one function; Calc passes the document before the arguments."""

    def call(_self: Any, document: Any, *args: Any) -> Any:
        given = list(args)
        if about["variadic"]:
            given = given[:-1] + list(given[-1] or ())
        open_ = list(range(len(given))) if about["variadic"] else about["blank_differs"]
        try:
            answer = WORKER.ask(name, BLANKS.restore(document, name, given, open_))
        except (Failure, blanks.Unknown):
            answer = "#VALUE!"
        BLANKS.done()
        rows = answer if isinstance(answer, list) else [[answer]]
        return tuple(tuple(calc_value(value) for value in row) for row in rows)

    call.__name__ = name
    return call


class Base(unohelper.Base, XFunctions, XServiceInfo):  # type: ignore[misc]
    """What LibreOffice requires of an add-in."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def getImplementationName(self) -> str:
        """The implementation name."""
        return NAME

    def supportsService(self, name: str) -> bool:
        """Whether this implements a service."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, str]:
        """The services: a Calc add-in."""
        return ("com.sun.star.sheet.AddIn", NAME)


AddIn = type("AddIn", (Base,), {n: method(n, a) for n, a in SETTINGS["functions"].items()})
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the loader looks for it
g_ImplementationHelper.addImplementation(AddIn, NAME, ("com.sun.star.sheet.AddIn", NAME))
