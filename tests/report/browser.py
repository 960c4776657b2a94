"""A headless Chromium, driven over WebDriver by plain HTTP requests."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--window-size=1366,768",
)


class Browser:
    """One session of a browser."""

    def __init__(self, address: str, session: str) -> None:
        self.address, self.session = address, session

    def open(self, page: Path) -> None:
        self._post("url", {"url": page.as_uri()})

    def run(self, script: str, *args: Any) -> Any:
        """What a function body returns in the page."""
        return self._post("execute/sync", {"script": script, "args": list(args)})

    def log(self) -> list[str]:
        """What the page wrote to its console, violations of its policy among it."""
        return [entry["message"] for entry in self._post("se/log", {"type": "browser"})]

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return post(f"{self.address}/session/{self.session}/{path}", body)


def post(address: str, body: dict[str, Any], method: str = "POST") -> Any:
    request = urllib.request.Request(
        address,
        json.dumps(body).encode() if method == "POST" else None,
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]


def program(*names: str) -> str:
    """The path of the first program there is; skips the test without, except where CI=true."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and os.environ.get("CI") != "true":
        pytest.skip(f"needs {names[0]}")
    assert found is not None, f"CI runs these tests: install {names[0]}"
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A session with a fresh profile, ended with its processes."""
    chromium, driver = program(*CHROMIUM), program("chromedriver")
    with (
        tempfile.TemporaryDirectory(prefix="profile_", ignore_cleanup_errors=True) as profile,
        subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True) as started,
    ):
        try:
            assert started.stdout is not None
            lines = iter(started.stdout.readline, "")
            port = next(
                m[1] for line in lines if (m := re.search(r"successfully on port (\d+)", line))
            )
            options = {"binary": chromium, "args": [*ARGUMENTS, f"--user-data-dir={profile}"]}
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            address = f"http://127.0.0.1:{port}"
            made = post(f"{address}/session", {"capabilities": {"alwaysMatch": wanted}})
            yield Browser(address, made["sessionId"])
            post(f"{address}/session/{made['sessionId']}", {}, "DELETE")
        finally:
            started.terminate()
