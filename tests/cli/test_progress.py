"""Progress on long work: shown where standard error is a terminal, and only there."""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from roi_xl.cli import batch
from roi_xl.cli.batch import CLEAR_LINE, Progress


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that is set by hand."""
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr("roi_xl.cli.batch.time.monotonic", lambda: now.seconds)
    return now


def counts(rows: int) -> Any:
    return SimpleNamespace(rows=rows, bad=0, without=0)


def test_batch_on_a_terminal(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress()
    clock.seconds += batch.REFRESH_SECONDS / 2
    progress.show(counts(1), 4000)
    assert terminal.getvalue() == ""  # too soon
    clock.seconds = 102.0
    progress.show(counts(1000), 4000)
    assert terminal.getvalue() == f"{CLEAR_LINE} 25%  1,000 行  500 行/秒"
    clock.seconds = 104.0
    progress.show(counts(4000), None)
    assert terminal.getvalue().endswith(f"{CLEAR_LINE}4,000 行  1,000 行/秒")
    progress.clear()
    assert terminal.getvalue().endswith(CLEAR_LINE)


def test_batch_elsewhere(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    for stream in (io.StringIO(), None):
        monkeypatch.setattr(sys, "stderr", stream)
        progress = Progress()
        clock.seconds += 10
        progress.show(counts(1000), 4000)
        progress.clear()
        assert stream is None or stream.getvalue() == ""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_simulate_on_a_terminal(tmp_path: Path) -> None:
    case = tmp_path / "a.toml"
    case.write_text("[range.daily_requests]\nlow = 4000\nhigh = 15000\n", encoding="utf-8")
    reading, terminal = os.openpty()
    command = [sys.executable, "-m", "roi_xl", "simulate", str(case), "--lang", "en"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, encoding="utf-8")
    os.close(terminal)
    with os.fdopen(reading, "rb", buffering=0) as stream:
        shown = stream.read(4096).decode()
    assert done.returncode == 0
    assert "Simulating" in shown
    assert "100%" in shown
    assert "Simulating" not in done.stdout
