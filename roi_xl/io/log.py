"""Log of internal faults: tracebacks that must not reach a cell go to a file in the home folder."""

import os
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

LIMIT = 1_000_000  # bytes after which the log is started over


def log_path() -> Path:
    """The log file, `~/.roi_xl/roi_xl.log` unless ROI_XL_LOG names another."""
    named = os.environ.get("ROI_XL_LOG")
    return Path(named) if named else Path.home() / ".roi_xl" / "roi_xl.log"


def log_fault(function: str, args: Sequence[object]) -> None:
    """Log the exception being handled and the call that raised it; never raises."""
    try:
        path = log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = "w" if path.exists() and path.stat().st_size > LIMIT else "a"
        with path.open(mode, encoding="utf-8", errors="backslashreplace") as log:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            log.write(f"{now} {function}{tuple(args)!r:.2000}\n{traceback.format_exc()}\n")
    except Exception:  # noqa: BLE001 - a full disk, no home folder, an argument without repr
        pass
