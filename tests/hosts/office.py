"""Drives a real headless LibreOffice from any Python: the client of `office_server.py`.

with Office() as office, office.open("model.xlsx") as doc:
    doc.set("Inputs!B2", 7)
    doc.get("payback_months")
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

from roi_xl.hosts.libreoffice.program import clean_environment

Value = float | str | None
"""What a cell gives: a number (booleans too), text, None if blank, or an error's text."""

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".pdf": "calc_pdf_Export", ".ods": "calc8"}

# Always recalculate on load, whatever results the file holds; leave no lock file beside it.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseLocking" oor:op="fuse"><value>false</value></prop></item>
</oor:items>"""


class OfficeError(Exception):
    """LibreOffice, or the server that drives it, did not do what it was asked."""


@functools.cache
def soffice() -> str | None:
    """The soffice program, if LibreOffice is installed."""
    on_a_mac = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
    return shutil.which("soffice") or shutil.which("libreoffice") or shutil.which(on_a_mac)


@functools.cache
def uno_python() -> str | None:
    """An interpreter that can `import uno`: this one, the system's or LibreOffice's own."""
    program = Path(soffice() or "").resolve().parent
    bundled = (program / "python", program.parent / "Resources" / "python")
    for python in (sys.executable, "/usr/bin/python3", *map(str, bundled)):
        with suppress(OSError, subprocess.SubprocessError):
            test = [python, "-E", "-c", "import uno"]
            subprocess.run(test, check=True, capture_output=True, timeout=60)
            return python
    return None


def available() -> bool:
    """Whether a LibreOffice can be driven here."""
    return hasattr(os, "killpg") and soffice() is not None and uno_python() is not None


def _new_profile() -> Path:
    """A fresh user profile, which also holds the program's temporary files and log."""
    profile = Path(tempfile.mkdtemp(prefix="office_"))
    for folder in ("user", "tmp"):
        (profile / folder).mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
    return profile


def clean_env(profile: Path) -> dict[str, str]:
    """The environment for LibreOffice, with temporary files in its profile."""
    return clean_environment() | {"TMPDIR": str(profile / "tmp")}


def _command(profile: Path, extension: Path | None = None) -> list[str]:
    """The soffice command line, apart from what it is to do."""
    command = [soffice() or "soffice", f"-env:UserInstallation={profile.as_uri()}"]
    if extension is not None:
        command.append(f"-env:BUNDLED_EXTENSIONS={extension.resolve().as_uri()}")
    return [*command, "--headless", "--norestore", "--nologo", "--nodefault"]


def _spawn(command: list[str], profile: Path, env: dict[str, str], stream: int) -> Popen[str]:
    """A process in a group of its own, which logs into its profile."""
    options: dict[str, Any] = {"stdin": stream, "stdout": stream, "start_new_session": True}
    with (profile / "log.txt").open("w") as log:
        return Popen(command, env=env, stderr=log, text=True, **options)


class Doc(AbstractContextManager["Doc"]):
    """An open document. A ref is a defined name, `Sheet!A1` or `Sheet.A1`."""

    def __init__(self, office: Office, number: int) -> None:
        self._office = office
        self._number = number

    def _ask(self, op: str, **arguments: Any) -> Any:
        return self._office.ask(op, book=self._number, **arguments)

    def names(self) -> dict[str, str]:
        """The workbook's defined names and what each refers to, as LibreOffice writes it."""
        return dict(self._ask("names"))

    def get(self, ref: str) -> Value:
        """The value of one cell."""
        return self.get_many([ref])[ref]

    def get_many(self, refs: Iterable[str]) -> dict[str, Value]:
        """The value of each cell, in one round trip."""
        refs = list(refs)
        return dict(zip(refs, self._ask("get", refs=refs), strict=True))

    def set(self, ref: str, value: Value) -> None:
        """Puts a constant into one cell; None clears it; text is never taken for a formula."""
        self.set_many({ref: value})

    def set_many(self, values: Mapping[str, Value]) -> None:
        """Puts a constant into each cell, in one round trip."""
        self._ask("set", values=dict(values))

    def formula(self, ref: str, text: str) -> Value:
        """Puts a formula into one cell; gives its value."""
        return self.formulas({ref: text})[ref]

    def formulas(self, texts: Mapping[str, str]) -> dict[str, Value]:
        """Puts a formula into each cell; gives their values, all in one round trip.

        Args:
            texts: ref → formula, written as an .xlsx file has it: English, comma separated,
                `Sheet!A1`, newer functions with their prefix (`_xlfn.XLOOKUP`).
        """
        return dict(zip(texts, self._ask("formulas", texts=dict(texts)), strict=True))

    def array_formula(self, ref: str, text: str) -> list[list[Value]]:
        """Puts one array formula over a range; gives the rows."""
        return list(self._ask("array_formula", ref=ref, text=text))

    def block(self, ref: str) -> list[list[Value]]:
        """The rows of a range or of a name that refers to one."""
        return list(self._ask("block", ref=ref))

    def recalculate(self) -> None:
        """Calculates every formula again."""
        self._ask("recalculate")

    def save_as(self, path: Path, filter_name: str | None = None) -> Path:
        """Writes a copy; the filter follows from the suffix unless it is given."""
        name = filter_name or FILTERS[path.suffix]
        self._ask("save_as", path=str(path.resolve()), filter_name=name)
        return path

    def close(self) -> None:
        """Closes the document without saving."""
        self._ask("close")

    def __exit__(self, *_exc: object) -> None:
        self.close()


class Office(AbstractContextManager["Office"]):
    """A headless LibreOffice with a profile of its own, gone without trace when closed.

    Args:
        extension: the folder with bundled extensions, read in place.
        site: what `FT_SITE` tells our add-in: the folder to import Python packages from.
        env: more environment variables for LibreOffice.
        startup_timeout: seconds until LibreOffice must accept requests.
        timeout: seconds for any other request, after which LibreOffice is killed.
    """

    def __init__(
        self,
        extension: Path | None = None,
        site: Path | None = None,
        env: Mapping[str, str] | None = None,
        startup_timeout: float = 60,
        timeout: float = 120,
    ) -> None:
        python = uno_python()
        if python is None:
            raise OfficeError("no Python here can import uno")
        self.profile = _new_profile()
        self._timeout = timeout
        self._group: int | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        server = [python, str(Path(__file__).with_name("office_server.py"))]
        env_of_both = clean_env(self.profile) | ({"FT_SITE": str(site.resolve())} if site else {})
        self._server = _spawn(server, self.profile, env_of_both | dict(env or {}), PIPE)
        self._requests: Any = self._server.stdin
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        atexit.register(self.close)
        pipe = f"office{uuid.uuid4().hex}"
        command = [*_command(self.profile, extension), f"--accept=pipe,name={pipe};urp;"]
        try:
            self._group = int(self.ask("start", command=command, profile=str(self.profile)))
            self.ask("connect", pipe=pipe, timeout=startup_timeout, wait=startup_timeout + 10)
        except BaseException:
            self.kill()
            raise

    def _listen(self) -> None:
        with self._server.stdout or nullcontext(()) as lines:
            for line in lines:
                self._answers.put(line)
        self._answers.put("")  # the server is gone

    def ask(self, op: str, wait: float | None = None, **arguments: Any) -> Any:
        """The server's answer to one request.

        Raises:
            OfficeError: the request failed; or no answer came in time and LibreOffice was killed.
        """
        if self._requests.closed:
            raise OfficeError("LibreOffice has been closed")
        seconds = self._timeout if wait is None else wait
        line = ""
        with suppress(queue.Empty, BrokenPipeError):
            print(json.dumps({"op": op, **arguments}), file=self._requests, flush=True)
            line = self._answers.get(timeout=seconds)
        if not line:
            self.kill()
            raise OfficeError(f"no answer to {op!r} within {seconds} s; LibreOffice was killed")
        answer = json.loads(line)
        if "error" in answer:
            raise OfficeError(answer["error"])
        return answer["result"]

    def open(self, path: Path | str, macros: bool = False) -> Doc:
        """The document in a file; its macros run without a question, or not at all."""
        return Doc(self, self.ask("open", path=str(Path(path).resolve()), macros=macros))

    def close(self) -> None:
        """Ends LibreOffice, gently if it can be."""
        with suppress(OfficeError):
            self.ask("quit", wait=20)
        self.kill()

    def kill(self) -> None:
        """Ends LibreOffice and the server at once and removes the profile."""
        atexit.unregister(self.close)
        if self._group is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)
        with suppress(BrokenPipeError):
            self._requests.close()  # the server, too, kills LibreOffice when it reads no more
        with suppress(subprocess.TimeoutExpired):
            self._server.wait(10)
        self._server.kill()
        self._server.wait()
        self._listener.join()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __exit__(self, *_exc: object) -> None:
        self.close()


def convert(paths: Iterable[Path], outdir: Path, fmt: str, timeout: float = 120) -> list[Path]:
    """The files that one `soffice --convert-to` run with a fresh profile writes into outdir.

    Past the timeout (seconds), or if a file is missing in the end, it raises `OfficeError`.
    """
    sources = list(paths)
    profile = _new_profile()
    command = [*_command(profile), "--convert-to", fmt, "--outdir", str(outdir)]
    command += map(str, sources)
    process = _spawn(command, profile, clean_env(profile), DEVNULL)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise OfficeError(f"no conversion to {fmt} within {timeout} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(profile, ignore_errors=True)
    results = [outdir / f"{source.stem}.{fmt.partition(':')[0]}" for source in sources]
    if not all(result.exists() for result in results):
        raise OfficeError(f"LibreOffice did not write all of {', '.join(map(str, results))}")
    return results


def pdf_to_png(pdf: Path, outdir: Path, dpi: int = 100) -> list[Path]:
    """One picture per page, in order."""
    command = ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(outdir / pdf.stem)]
    subprocess.run(command, check=True)
    return sorted(outdir.glob(f"{pdf.stem}-*.png"))
