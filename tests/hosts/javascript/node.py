"""Runs the generated script in node, with cases and calls passed as JSON."""

import json
import math
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

MODULE = "roi.js"
RUN = """
const roi = require(process.argv[1]);
const show = (key, value) => typeof value === "number" && !Number.isFinite(value)
  ? {number: String(value)} : value;
const value = raw => raw && raw.number ? Number(raw.number) : raw;
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean).map(JSON.parse);
for (const line of lines) {
  const answer = line.function
    ? roi.FUNCTIONS[line.function](...line.args.map(value))
    : roi.evaluateCase(Object.fromEntries(Object.entries(line).map(([k, v]) => [k, value(v)])));
  console.log(JSON.stringify(answer, show));
}
"""


def node() -> str:
    """The path of node; skips the test without it, except where CI=true."""
    found = shutil.which("node")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("needs node")
    assert found is not None, "CI runs these tests: install node"
    return found


def answers(folder: Path, script: str, lines: Sequence[Any]) -> list[Any]:
    """What the script answers to each case or call."""
    module = folder / MODULE
    module.write_text(script, "utf-8")
    asked = "\n".join(json.dumps(plain(line)) for line in lines)
    done = subprocess.run(
        [node(), "-e", RUN, str(module)],
        input=asked,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line, object_hook=number) for line in done.stdout.splitlines()]


def plain(value: Any) -> Any:
    """A value as JSON, with infinity and NaN under a name."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")}
    return value


def number(found: dict[str, Any]) -> Any:
    """The number under a name, or the object as it is."""
    if found.keys() != {"number"}:
        return found
    return float(found["number"].replace("Infinity", "inf"))
