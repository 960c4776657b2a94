"""The house keeps its order: short modules, imports downward, texts in `text/`, docstrings as agreed.

Each check takes the folder of a package, so that it can be shown a folder with a planted fault.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import roi_xl

ROOT = Path(roi_xl.__file__).parent
PROJECT = ROOT.parent

# a folder or module imports from the lines above its own, and within its own folder
LAYERS: list[set[str]] = [
    {"colours", "text"},
    {"units"},
    {"errors"},
    {"io"},
    {"functions"},
    {"prices", "xlsx"},
    {"model"},
    {"case"},
    {"examples", "registry"},
    {"api", "report", "workbook"},
    {"audit", "batch", "casefile"},
    {"usage"},
    {"udfs"},
    {"excel"},
    {"hosts"},
    {"cli"},
    {"__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

LONG = 600  # lines from which a module is remarked on in the summary of a test run

# Chinese characters in code that are no text for people
HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
SYMBOLS = {
    "case/actuals_file.py": "the marks of a Chinese month",
    "report/small_page.py": "names of fonts",
    "batch/csv_writer.py": "characters with which Excel starts a formula",
    "batch/cell_numbers.py": "wide marks of decimals and thousands",
    "cli/help.py": "punctuation at which a line may break",
    "hosts/excel/lambdas.py": "the wide space, which counts as blank",
    "functions/arguments.py": "the marks of a Chinese date",
    "model/decision.py": "examples of answers in the default language",
    "report/html.py": "names of fonts",
    "io/numbers.py": "wide spaces and dashes in numbers",
    "audit/rules/layout.py": "currency signs and brackets looked for in labels",
    "usage/directions.py": "Chinese words for thousand and million in units",
    "usage/formats/aliyun.py": "column names of the bill",
    "workbook/styles.py": "the name of a font",
}
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
SPEAKS = re.compile(r"echo|secho|.*(?:Error|BadInput|BadWorkbook|NotListed|UsageError|FileExists)$")
FOR_PROGRAMMERS = {
    "TypeError",
    "ValueError",
    "AssertionError",
    "AttributeError",
    "LookupError",
    "RuntimeError",
}

SECTIONS = ("Args", "Returns", "Yields", "Raises", "Source", "Example")
_HEAD = re.compile(rf"^({'|'.join(SECTIONS)}|[A-Z]\w+):$", re.M)

Tree = ast.Module
Def = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def modules(root: Path) -> Iterator[tuple[str, Tree]]:
    """Every module by its path, parsed."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def own(name: str) -> str:
    """The folder or module of the package that a path belongs to."""
    return name.split("/", maxsplit=1)[0].removesuffix(".py")


# --- length --------------------------------------------------------------------------------------


def long_modules(root: Path) -> list[str]:
    """Modules with more lines than one idea usually needs: a remark, not a fault."""
    found = []
    for path in sorted(root.rglob("*.py")):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONG:
            found.append(f"{root.name}/{path.relative_to(root).as_posix()}: {lines} lines")
    return found


# --- imports -------------------------------------------------------------------------------------


def upward(root: Path) -> list[str]:
    """Imports, at the top or in a function, that do not run down."""
    found = []
    for name, tree in modules(root):
        here = own(name)
        if here == "__init__":
            continue
        if here not in RANK:
            found.append(f"{name}: has no layer")
            continue
        for node in ast.walk(tree):
            for part in _parts(node):
                if part != here and RANK.get(part, len(LAYERS)) >= RANK[here]:
                    found.append(f"{name}: {part}")
    return found


def _parts(node: ast.AST) -> Iterator[str]:
    """The parts of the package that a statement imports from."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module == "roi_xl":
        homes = {"__version__": None, **roi_xl._HOME}
        given = [homes.get(a.name, f"roi_xl.{a.name}") for a in node.names]
        names = [n for n in given if n is not None]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are written in full"
        names = [node.module or ""]
    else:
        return
    for name in names:
        if name.startswith("roi_xl."):
            yield name.split(".")[1]


# imports inside a function that close a circle, each for a reason
LAZY = {
    # calling a declaration evaluates it, which needs everything that reads declarations
    ("roi_xl.functions.declare", "roi_xl.functions.answers"),
}


def circles(root: Path) -> list[str]:
    """Modules that import each other, at their top or inside a function, directly or through others."""
    trees = {f"roi_xl.{n[:-3].replace('/', '.')}": tree for n, tree in modules(root)}
    trees = {name.removesuffix(".__init__"): tree for name, tree in trees.items()}
    needs = {
        name: {n for n in _imported(tree) if n in trees and (name, n) not in LAZY}
        - {name, "roi_xl"}
        for name, tree in trees.items()
    }
    while True:  # drop modules that need no others until nothing, or a circle, is left
        free = {name for name, wanted in needs.items() if not wanted}
        if not free:
            return sorted(needs)
        needs = {n: wanted - free for n, wanted in needs.items() if n not in free}


def _imported(tree: Tree) -> set[str]:
    """Modules that may be imported at any time; imports for type checkers only do not count."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{a.name}" for a in node.names} | {node.module or ""}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        waiting += ast.iter_child_nodes(node)
    return found


# --- texts ---------------------------------------------------------------------------------------


def written_texts(root: Path) -> list[str]:
    """Texts for people that stand in the code: Chinese anywhere, sentences in messages."""
    found = [f"{name}:{at}: {said}" for name, at, said in chinese(root) if name not in SYMBOLS]
    for name, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _speaks(node):
                for said in _literals(node):
                    if SENTENCE.search(said):
                        found.append(f"{name}:{node.lineno}: {said}")
    return found


def chinese(root: Path) -> Iterator[tuple[str, int, str]]:
    """Every literal with Chinese characters that is no docstring: its module, line and text."""
    for name, tree in modules(root):
        docs = {id(d) for d in _docstrings(tree)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in docs:
                continue
            if isinstance(node.value, str) and HAN.search(node.value):
                yield name, node.lineno, node.value


def _docstrings(tree: Tree) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, Def)) and ast.get_docstring(node) is not None:
            first = node.body[0]
            assert isinstance(first, ast.Expr)
            yield first.value


def _speaks(call: ast.Call) -> bool:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    called = call.func.id if isinstance(call.func, ast.Name) else called
    return bool(SPEAKS.fullmatch(called)) and called not in FOR_PROGRAMMERS


def _literals(call: ast.Call) -> Iterator[str]:
    """Text written into the arguments themselves, not into calls within them."""
    for given in [*call.args, *(k.value for k in call.keywords)]:
        for part in given.values if isinstance(given, ast.JoinedStr) else [given]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


# --- docstrings ----------------------------------------------------------------------------------


def odd_docstrings(root: Path) -> list[str]:
    """Public names without a docstring, or with one that is not of the agreed shape."""
    found = []
    for name, tree in modules(root):
        if not ast.get_docstring(tree):
            found.append(f"{name}: no docstring")
        found += [
            f"{name}: {node.name}: {fault}" for node in _public(tree) for fault in _faults(node)
        ]
    return found


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[Def]:
    for node in tree.body:
        if isinstance(node, Def) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _faults(node: Def) -> Iterator[str]:
    said = ast.get_docstring(node)
    if said is None:
        if not _overrides(node):
            yield "no docstring"
        return
    if not said.split("\n\n")[0].rstrip().endswith((".", ":", "?", "…")):
        yield "the first line is no sentence"
    heads = _HEAD.findall(said)
    if any(head not in SECTIONS for head in heads):
        yield f"sections {heads}"
    elif heads != sorted(set(heads), key=SECTIONS.index):
        yield f"the order of {heads}"
    if "Example" in heads and ">>> " not in said:
        yield "an example that does not run"
    if not isinstance(node, ast.ClassDef) and "Args" in heads:
        told = _told(said)
        args = node.args
        given = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        given += [a.arg for a in (args.vararg, args.kwarg) if a is not None]
        if not set(told) <= set(given):
            yield f"tells of {sorted(set(told) - set(given))}"
    declared = [d for d in node.decorator_list if isinstance(d, ast.Call) and _is_ft(d)]
    if declared and declared[0].args and not {"Returns", "Source", "Example"} <= set(heads):
        yield f"a function for cells with only {heads}"


def _overrides(node: Def) -> bool:
    """Whether ruff is told that the base class says what it does."""
    return node.name in ("start", "end")


def _is_ft(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "ft"


def _told(said: str) -> list[str]:
    """The arguments that a docstring tells of."""
    part = re.split(r"^Args:\n", said, flags=re.M)[1]
    part = re.split(r"^\S", part, maxsplit=1, flags=re.M)[0]
    return [
        word for line in re.findall(r"^ {4}(\S[^:\n]*):", part, re.M) for word in line.split(", ")
    ]


# --- the tests -----------------------------------------------------------------------------------

CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "layers": upward,
    "circles": circles,
    "texts": written_texts,
    "docstrings": odd_docstrings,
}
GOOD = '"""A module."""\n'
FAULTS = [
    ("layers", "model/up.py", f"{GOOD}from roi_xl.case.graph_steps import STEPS\n"),
    ("layers", "model/late.py", f"{GOOD}\n\ndef f():\n    import roi_xl.workbook.sheet_writer\n"),
    ("layers", "model/home.py", f"{GOOD}from roi_xl import evaluate_case\n"),
    ("layers", "helpers.py", GOOD),
    ("texts", "model/zh.py", f'{GOOD}LABEL = "回本期"\n'),
    ("texts", "cli/en.py", f'{GOOD}click.echo("The file is written.")\n'),
    ("texts", "case/en.py", f'{GOOD}raise BadInput(f"Nothing stands in {{path}}")\n'),
    ("docstrings", "model/mute.py", f"{GOOD}\n\ndef payback(cost):\n    return cost\n"),
    ("docstrings", "model/silent.py", "x = 1\n"),
    (
        "docstrings",
        "model/order.py",
        f'{GOOD}\n\ndef f(a):\n    """Gives.\n\n    Returns:\n        it\n\n    Args:\n        a: it.\n    """\n',
    ),
    (
        "docstrings",
        "model/gone.py",
        f'{GOOD}\n\ndef f(a):\n    """Gives.\n\n    Args:\n        b: what is gone.\n    """\n',
    ),
    (
        "docstrings",
        "model/still.py",
        f'{GOOD}\n\ndef f(a):\n    """Gives.\n\n    Example:\n        f(2) is 4\n    """\n',
    ),
    ("docstrings", "model/bare.py", f'{GOOD}\n\n@ft("FT_X")\ndef f(a):\n    """Gives."""\n'),
]


@pytest.mark.parametrize("check", CHECKS)
def test_order_is_kept(check: str) -> None:
    assert CHECKS[check](ROOT) == []


@pytest.mark.parametrize(("check", "file", "source"), FAULTS, ids=[f[1] for f in FAULTS])
def test_each_check_finds_its_fault(check: str, file: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / "roi_xl" / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    found = {name: run(tmp_path / "roi_xl") for name, run in CHECKS.items()}
    assert len(found[check]) == 1
    assert file in found[check][0]


def test_a_circle_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    for one, other in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        folder.joinpath(f"{one}.py").write_text(f"from roi_xl.case.{other} import x\n")
    assert circles(tmp_path) == [f"roi_xl.case.{name}" for name in "abcd"]
    folder.joinpath("c.py").write_text("def f():\n    from roi_xl.case import a\n")
    assert circles(tmp_path) == [f"roi_xl.case.{name}" for name in "abcd"]
    folder.joinpath("c.py").write_text("if TYPE_CHECKING:\n    from roi_xl.case.a import x\n")
    assert circles(tmp_path) == []


def test_every_allowed_circle_is_needed() -> None:
    for module, imported in LAZY:
        path = ROOT.parent / f"{module.replace('.', '/')}.py"
        assert imported in _imported(ast.parse(path.read_text(encoding="utf-8")))


def test_a_long_module_is_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(GOOD + "x = 1\n" * LONG, encoding="utf-8")
    (tmp_path / "short.py").write_text(GOOD, encoding="utf-8")
    assert long_modules(tmp_path) == [f"{tmp_path.name}/long.py: {LONG + 1} lines"]


def test_every_listed_module_still_holds_its_symbols() -> None:
    assert {name for name, _, _ in chinese(ROOT)} == set(SYMBOLS)
