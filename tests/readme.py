"""The parts of README.md and README.zh.md that are made, not written: `python -m tests.readme` writes them.

Between `<!-- begin NAME -->` and `<!-- end NAME -->` stands what the code, its help or a table of
facts says. In a console block stand commands after `$ ` and what they print; … stands for anything, of
one line or of several.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import click

from benchmarks.scaling import PACE, count_of

ROOT = Path(__file__).parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
_MARKED = re.compile(r"<!-- begin ([\w-]+) -->\n(.*?)<!-- end \1 -->", re.S)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.M | re.S)  # a block with a file's name
ANYTHING = "…"
HEAD: dict[str, dict[str, list[str]]] = {
    "functions": {
        "en": ["Function", "Gives", "Unit"],
        "zh": ["函数", "返回", "单位"],
    },
    "inputs": {
        "en": ["Input", "Key", "Unit", "Allowed", "Default"],
        "zh": ["输入项", "键名", "单位", "允许的取值", "默认值"],
    },
    "data": {
        "en": ["Source", "Licence", "Rows", "Newest"],
        "zh": ["来源", "许可", "行数", "最新日期"],
    },
    "dependencies": {
        "en": ["Package", "Versions", "With", "Licence", "For"],
        "zh": ["软件包", "版本", "附加组", "许可", "用途"],
    },
    "promises": {"en": ["Promise", "Test"], "zh": ["承诺", "由哪个测试证明"]},
    "benchmarks": {
        "en": ["What", "Peer", "Ours ÷ theirs", "Promised"],
        "zh": ["内容", "对照", "我们 ÷ 对照", "承诺"],
    },
    "scaling": {
        "en": ["Cases", "µs per case", "÷ that of 100,000 cases"],
        "zh": ["案例数", "每个案例（微秒）", "÷ 100,000 个案例时"],
    },
}


def made(name: str, language: str) -> str:
    """The content of one marked block."""
    from roi_xl.text import speaking

    with speaking(language):
        lines = {
            "functions": _functions,
            "inputs": _inputs,
            "commands": _commands,
            "data": _data,
            "dependencies": _dependencies,
            "promises": _promises,
            "benchmarks": _benchmarks,
            "scaling": _scaling,
        }[name](language)
        return "\n".join(lines) + "\n"


def _table(name: str, language: str, rows: list[list[str]]) -> Iterator[str]:
    head = HEAD[name][language]
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |"


def _functions(language: str) -> Iterator[str]:
    from roi_xl import FUNCTIONS
    from roi_xl.text import unit_text

    rows = []
    for f in FUNCTIONS.values():
        rows.append([f"`{f.signature()}`", f.doc(), unit_text(f.unit)])
    yield from _table("functions", language, rows)


def _inputs(language: str) -> Iterator[str]:
    from roi_xl.case.inputs import INPUTS
    from roi_xl.text import unit_text
    from roi_xl.units import allowed

    rows = []
    for i in INPUTS.values():
        default = "" if i.default is None else i.shown(i.default)
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        unit = unit_text(i.quantity.unit.key)
        rows.append([i.label(), f"`{i.name}`", unit, allowed(i.quantity), shown])
    yield from _table("inputs", language, rows)


def _data(language: str) -> Iterator[str]:
    with (ROOT / "roi_xl/prices/gpu_prices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dates: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        repository = row["source"].split()[0]
        dates.setdefault((repository, row["licence_of_source"]), []).append(row["snapshot_date"])
    listed = [[*key, str(len(found)), max(found)] for key, found in sorted(dates.items())]
    yield from _table("data", language, listed)


def requirements() -> dict[str, tuple[str, list[str]]]:
    """What pyproject.toml asks for to run: package → versions, and the extras that ask for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [(line, "") for line in project["dependencies"]]
    for extra, lines in project["optional-dependencies"].items():
        if extra not in ("test", "bench"):
            asked += [(line, f"[{extra}]") for line in lines]
    found: dict[str, tuple[str, list[str]]] = {}
    for line, extra in asked:
        match = re.match(r"([\w.-]+)(?:\[[\w,]+\])?([^;]*)", line)
        assert match
        versions, extras = found.setdefault(match[1], (match[2].strip(), []))
        assert versions == match[2].strip(), f"{match[1]} is asked for in two versions"
        extras += [extra] if extra else []
    return found


def licence(package: str) -> str:
    """The licence that an installed package states."""
    about: Any = metadata(package)
    classified = [
        c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if "License" in c
    ]
    stated = about.get("License-Expression") or about.get("License") or ", ".join(classified)
    return str(stated)


def _dependencies(language: str) -> Iterator[str]:
    path = ROOT / "tests/dependencies.toml"
    purposes = tomllib.loads(path.read_text(encoding="utf-8"))
    asked = requirements()
    assert set(asked) == set(purposes), "tests/dependencies.toml"
    rows = []
    for name, purpose in purposes.items():
        versions, extras = asked[name]
        given = " ".join(f"`{extra}`" for extra in extras)
        rows.append([name, versions, given, purpose["licence"], purpose[language]])
    yield from _table("dependencies", language, rows)


def _promises(language: str) -> Iterator[str]:
    rows = [[p[language], f"`{p['test']}`"] for p in promises()]
    yield from _table("promises", language, rows)


def promises() -> list[dict[str, str]]:
    """What is promised, and the test of each."""
    data: dict[str, Any] = tomllib.loads((ROOT / "tests/promises.toml").read_text(encoding="utf-8"))
    found: list[dict[str, str]] = data["promise"]
    return found


def _results() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was measured: the rows against peers, and those on how the cost grows with the rows."""
    found: list[dict[str, Any]] = json.loads(
        (ROOT / "benchmarks/results.json").read_text(encoding="utf-8")
    )
    scaling = [row for row in found if row["peer"].startswith(PACE)]
    return [row for row in found if row not in scaling], scaling


def _benchmarks(language: str) -> Iterator[str]:
    rows = []
    for row in _results()[0]:
        kept = (
            "" if row["at_most"] is None else f"≤ {row['at_most']:g} {'✓' if row['kept'] else '✗'}"
        )
        cells = [said_in(language, row["what"]), said_in(language, row["peer"])]
        rows.append([*cells, f"{row['ratio']:.3g}", kept])
    yield from _table("benchmarks", language, rows)


def said_in(language: str, english: str) -> str:
    """A cell of the benchmarks' table in a language.

    Raises:
        LookupError: it has no translation.
    """
    if language == "en":
        return english
    for pattern, said in phrases().items():
        if found := re.fullmatch(pattern, english):
            return said.format(*found.groups())
    raise LookupError(english)


@cache
def phrases() -> dict[str, str]:
    """Patterns of English cells, and the Chinese for them."""
    data: dict[str, Any] = tomllib.loads(
        (ROOT / "tests/benchmarks_zh.toml").read_text(encoding="utf-8")
    )
    return {str(pattern): str(said) for pattern, said in data["phrases"].items()}


def _scaling(language: str) -> Iterator[str]:
    rows = []
    for row in _results()[1]:
        count = count_of(row)
        rows.append([f"{count:,}", f"{row['ours'] / count * 1e6:.2f}", f"{row['ratio']:.2f}"])
    yield from _table("scaling", language, rows)


# --- commands ------------------------------------------------------------------------------------


def command_names() -> list[str]:
    """Every command, `prices list` among them."""
    from roi_xl.cli.main import cli

    return list(_names(cli, click.Context(cli), ""))


def _names(group: click.Group, context: click.Context, before: str) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield before + name
        if isinstance(command, click.Group):
            yield from _names(command, context, f"{before}{name} ")


_PAGES = """
import contextlib, io, json, sys
from roi_xl.cli.main import cli

def page(words):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        cli.main([*words.split(), "--help"], prog_name="roi-xl", standalone_mode=False)
    return printed.getvalue()

sys.stdout.buffer.write(json.dumps({w: page(w) for w in json.load(sys.stdin)}).encode())
"""


@cache
def help_pages(language: str) -> dict[str, str]:
    """What `roi-xl … --help` prints, by command; all from one process of that language."""
    done = subprocess.run(
        [sys.executable, "-c", _PAGES],
        env={**os.environ, "ROI_XL_LANG": language, "COLUMNS": "100"},
        input=json.dumps(["", *command_names()]),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    pages: dict[str, str] = json.loads(done.stdout)
    return pages


def _commands(language: str) -> Iterator[str]:
    for name in ["", *command_names()]:
        yield f"<details><summary><code>{f'roi-xl {name}'.strip()}</code></summary>\n"
        yield f"```text\n{help_pages(language)[name].rstrip()}\n```\n"
        yield "</details>"


# --- console blocks ------------------------------------------------------------------------------


def blocks(readme: str) -> list[list[tuple[str, str]]]:
    """The console blocks: the commands of each with what stands below them."""
    found = []
    for block in CONSOLE.findall(readme):
        parts = re.split(r"^\$ (.*)\n", block, flags=re.M)[1:]
        found.append(list(zip(parts[::2], parts[1::2], strict=True)))
    return found


class Shell:
    """A folder with nothing in it but the files of the README, where `roi-xl` and `python` are those of this interpreter."""

    def __init__(self, folder: Path, language: str, readme: str) -> None:
        self.folder = folder / "work"
        tools = folder / "bin"
        for made_folder in (self.folder, tools):
            made_folder.mkdir()
        for name, content in FILE.findall(readme):
            (self.folder / name).write_text(content, encoding="utf-8")
        for name, arguments in (("roi-xl", " -m roi_xl"), ("python", "")):
            tool = tools / name
            tool.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
            tool.chmod(0o755)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "ROI_XL_LANG": language, "COLUMNS": "100"}

    def run(self, command: str) -> str:
        """What the command prints, messages included."""
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        return done.stdout


def agrees(written: str, printed: str) -> bool:
    """Whether a console block says what was printed; … stands for anything."""
    pattern = ".*".join(map(re.escape, written.strip().split(ANYTHING)))
    return re.fullmatch(pattern, printed.strip(), re.S) is not None


# --- writing -------------------------------------------------------------------------------------


def renewed(readme: str, language: str) -> str:
    """The README with every made block and every output as they are now."""
    readme = _MARKED.sub(
        lambda m: f"<!-- begin {m[1]} -->\n{made(m[1], language)}<!-- end {m[1]} -->", readme
    )
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(Path(folder), language, readme)

        def again(block: re.Match[str]) -> str:
            (commands,) = blocks(block[0])
            lines = ""
            for command, written in commands:
                printed = shell.run(command)
                kept = written if written and agrees(written, printed) else printed
                lines += f"$ {command}\n{kept}"
            return f"```console\n{lines}```"

        return CONSOLE.sub(again, readme)


def main() -> None:
    """Write both files."""
    for language, path in READMES.items():
        path.write_text(renewed(path.read_text(encoding="utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    main()
