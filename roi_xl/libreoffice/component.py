"""The add-in inside LibreOffice: hands each FT_ call to a Python process of its own and waits for it.

LibreOffice brings its own Python, often of another version, which cannot load the numpy of the Python
that roi_xl is installed in; and a fault there would take the office down. So the work is done in a
process of that Python (`roi_xl.libreoffice.worker`), JSON lines both ways. Whatever happens to it, a
cell shows #VALUE!: the office never waits longer than the timeout, and the process is started anew.

This file is copied into the extension; it runs under Python 3.8 and later and imports nothing of ours.
"""

import json
import os
import queue
import struct
import subprocess
import threading
import time

import uno
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
START_SECONDS = 60.0  # a cold start reads a hundred files
PAUSE_SECONDS = 10.0  # after a failure, before the process is started again

with open(os.path.join(os.path.dirname(__file__), "settings.json"), encoding="utf-8") as _file:
    SETTINGS = json.load(_file)
CALL_SECONDS = float(os.environ.get("ROI_XL_TIMEOUT", SETTINGS["timeout"]))


class Failure(Exception):
    """The process does not answer."""


class Worker:
    """The Python process; started at the first call and again after a failure."""

    def __init__(self):
        self.lock = threading.Lock()
        self.process = None
        self.answers = None
        self.not_before = 0.0

    def ask(self, name, args):
        """The answer to one call.

        Raises:
            Failure: none came in time, or the process cannot be started.
        """
        with self.lock:
            if time.monotonic() < self.not_before:
                raise Failure("paused")
            try:
                if self.process is None or self.process.poll() is not None:
                    self.start()
                self.process.stdin.write(json.dumps([name, args]) + "\n")
                self.process.stdin.flush()
                return self.answer(CALL_SECONDS)
            except (Failure, OSError, ValueError):
                self.stop()
                raise Failure(name)

    def start(self):
        """Start the process and wait until it says that it is ready."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LD_LIBRARY"))}
        site = os.environ.get("FT_SITE")
        env["PYTHONPATH"] = os.pathsep.join([site] if site else SETTINGS["path"])
        if SETTINGS["language"]:
            env.setdefault("ROI_XL_LANG", SETTINGS["language"])
        python = os.environ.get("FT_PYTHON", SETTINGS["python"])
        command = [python, "-P", "-X", "utf8", "-m", "roi_xl.libreoffice.worker"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.answers = queue.Queue()
        threading.Thread(
            target=_listen, args=(self.process.stdout, self.answers), daemon=True
        ).start()
        self.answer(START_SECONDS)

    def answer(self, seconds):
        """The next line of the process."""
        try:
            line = self.answers.get(timeout=seconds)
        except queue.Empty:
            raise Failure("timeout")
        if not line:
            raise Failure("ended")
        return json.loads(line)

    def stop(self):
        """End the process; the next one is not started at once, or many cells would wait in turn."""
        self.not_before = time.monotonic() + PAUSE_SECONDS
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
        self.process = None


def _listen(lines, answers):
    try:
        for line in lines:
            answers.put(line)
    except ValueError:
        pass  # closed while reading
    answers.put("")


WORKER = Worker()


def shown(value):
    """An answer as Calc takes it: numbers, text, and errors as the numbers that mean them."""
    if isinstance(value, str) and value in ERRORS:
        return struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | ERRORS[value]))[0]
    if isinstance(value, bool) or value is None:
        return "" if value is None else float(value)
    return value


def method(name, variadic):
    """The add-in's method for one function."""

    def call(_self, *args):
        given = list(args)
        if variadic:
            given = given[:-1] + list(given[-1] or ())
        try:
            answer = WORKER.ask(name, given)
        except Failure:
            answer = "#VALUE!"
        if isinstance(answer, list):
            rows = tuple(tuple(shown(value) for value in row) for row in answer)
            return uno.Any("[][]any", rows)
        return shown(answer)

    call.__name__ = name
    return call


class Base(unohelper.Base, XFunctions, XServiceInfo):
    """What LibreOffice asks of any add-in."""

    def __init__(self, context):
        self.context = context

    def getImplementationName(self):
        return NAME

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return ("com.sun.star.sheet.AddIn", NAME)


AddIn = type("AddIn", (Base,), {n: method(n, v) for n, v in SETTINGS["functions"].items()})
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(AddIn, NAME, ("com.sun.star.sheet.AddIn", NAME))
