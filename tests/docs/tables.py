"""The generated tables of the documentation, from the declarations and from tables of facts."""

import csv
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

from roi_xl.text import speaking, text, unit_text
from tests.docs.commands import command_names, help_pages
from tests.docs.pages import ROOT

HERE = Path(__file__).parent
HEAD: dict[str, dict[str, list[str]]] = {
    "functions": {
        "en": ["Function", "Gives", "Unit", "Example"],
        "zh": ["函数", "返回", "单位", "示例"],
    },
    "inputs": {
        "en": ["Input", "Key", "Unit", "Allowed", "Default", "Meaning"],
        "zh": ["输入项", "字段名", "单位", "允许的取值", "默认值", "含义"],
    },
    "results": {
        "en": ["Result", "Key", "Unit"],
        "zh": ["结果", "字段名", "单位"],
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
        "en": ["What", "Peer", "Ours ÷ theirs", "Promised", "Version"],
        "zh": ["内容", "对照", "我们 ÷ 对照", "承诺", "版本"],
    },
    "scaling": {
        "en": ["Cases", "µs per case", "÷ that of 100,000 cases", "Version"],
        "zh": ["案例数", "每个案例（微秒）", "÷ 100,000 个案例时", "版本"],
    },
}


def generated(name: str, language: str) -> str:
    """The content of one marked block."""
    with speaking(language):
        return "\n".join(BLOCKS[name](language)) + "\n"


def _table(name: str, language: str, rows: Iterable[list[str]]) -> Iterator[str]:
    head = HEAD[name][language]
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |"


@cache
def _headings() -> dict[str, Any]:
    return tomllib.loads((HERE / "headings.toml").read_text(encoding="utf-8"))


def _grouped(
    name: str, language: str, titles: dict[str, str], rows: list[tuple[str, list[str]]]
) -> Iterator[str]:
    """A table under a heading for each group."""
    for group in dict.fromkeys(group for group, _ in rows):
        yield f"### {titles[group]}\n"
        yield from _table(name, language, [row for its, row in rows if its == group])
        yield ""


def _functions(language: str) -> Iterator[str]:
    from roi_xl import FUNCTIONS
    from roi_xl.functions.describe import example

    rows = [
        (
            f.group,
            [f"`{f.signature()}`", f.doc(), unit_text(f.unit), _example(example(f), f.example[1])],
        )
        for f in FUNCTIONS.values()
    ]
    titles = {group: text(f"functions.group.{group}") for group, _ in rows}
    yield from _grouped("functions", language, titles, rows)


def _example(typed: str, answer: object) -> str:
    if isinstance(answer, float):
        return f"`{typed}` → {answer:.6g}"
    return f"`{typed}`"


def _inputs(language: str) -> Iterator[str]:
    from roi_xl.case.inputs import INPUTS
    from roi_xl.units import allowed

    rows = []
    for i in INPUTS.values():
        default = "" if i.default is None else i.shown(i.default)
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        unit = unit_text(i.quantity.unit.key)
        cells = [i.label(), f"`{i.name}`", unit, allowed(i.quantity), shown, i.param.help()]
        rows.append((i.group, cells))
    yield from _grouped("inputs", language, _headings()["inputs"][language], rows)


def _results(language: str) -> Iterator[str]:
    from roi_xl.case.graph_steps import SERIES, STEPS

    rows = [
        (s.block, [s.label(), f"`{s.name}`", unit_text(s.quantity.unit.key)])
        for s in (*STEPS, *SERIES)
    ]
    blocks = _headings()["results"][language]
    ordered = [row for block in blocks for row in rows if row[0] == block]
    assert len(ordered) == len(rows), "tests/docs/headings.toml"
    yield from _grouped("results", language, blocks, ordered)


def _commands(language: str) -> Iterator[str]:
    for name in ["", *command_names()]:
        yield f"### {f'roi-xl {name}'.strip()}\n"
        yield f"```text\n{help_pages(language)[name].rstrip()}\n```\n"


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


def reasons() -> dict[str, dict[str, str]]:
    """What each package that pyproject.toml names is for, and its licence."""
    return tomllib.loads((HERE / "dependencies.toml").read_text(encoding="utf-8"))


def _dependencies(language: str) -> Iterator[str]:
    asked = requirements()
    assert set(asked) == set(reasons()), "tests/docs/dependencies.toml"
    rows = []
    for name, about in reasons().items():
        versions, extras = asked[name]
        given = " ".join(f"`{extra}`" for extra in extras)
        rows.append([name, versions, given, about["licence"], about[language]])
    yield from _table("dependencies", language, rows)


def promises() -> list[dict[str, str]]:
    """What is promised, and the test of each."""
    data: dict[str, Any] = tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))
    found: list[dict[str, str]] = data["promise"]
    return found


def _promises(language: str) -> Iterator[str]:
    rows = [[p[language], f"`{p['test']}`"] for p in promises()]
    yield from _table("promises", language, rows)


# --- measurements --------------------------------------------------------------------------------


def _measured() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows against peers, and those on how the cost grows with the rows."""
    from benchmarks.scaling import PACE

    found: list[dict[str, Any]] = json.loads(
        (ROOT / "benchmarks/results.json").read_text(encoding="utf-8")
    )
    scaling = [row for row in found if row["peer"].startswith(PACE)]
    return [row for row in found if row not in scaling], scaling


def _benchmarks(language: str) -> Iterator[str]:
    rows = []
    for row in _measured()[0]:
        kept = (
            "" if row["at_most"] is None else f"≤ {row['at_most']:g} {'✓' if row['kept'] else '✗'}"
        )
        cells = [said_in(language, row["what"]), said_in(language, row["peer"])]
        rows.append([*cells, f"{row['ratio']:.3g}", kept, row["version"]])
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
    data: dict[str, Any] = tomllib.loads((HERE / "benchmarks_zh.toml").read_text(encoding="utf-8"))
    return {str(pattern): str(said) for pattern, said in data["phrases"].items()}


def _scaling(language: str) -> Iterator[str]:
    from benchmarks.scaling import count_of

    rows = []
    for row in _measured()[1]:
        count = count_of(row)
        cost = f"{row['ours'] / count * 1e6:.2f}"
        rows.append([f"{count:,}", cost, f"{row['ratio']:.2f}", row["version"]])
    yield from _table("scaling", language, rows)


BLOCKS: dict[str, Callable[[str], Iterator[str]]] = {
    "functions": _functions,
    "inputs": _inputs,
    "results": _results,
    "commands": _commands,
    "data": _data,
    "dependencies": _dependencies,
    "promises": _promises,
    "benchmarks": _benchmarks,
    "scaling": _scaling,
}
