"""The pages say what is so: tables equal their source, commands print what stands there, links lead somewhere."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from roi_xl import FUNCTIONS, __version__
from roi_xl.text import LANGUAGES, table
from tests.docs import tables
from tests.docs.commands import command_names, help_pages
from tests.docs.pages import DOCS, MARKED, ROOT, Page, Shell, agrees, pages, without_code

PAGES = {page.name: page for page in pages()}
PAIRS = [
    (page, other)
    for page in PAGES.values()
    for other in PAGES.values()
    if (page.topic, page.language, other.language) == (other.topic, "en", "zh")
]
README_LINES = 200


def each(chosen: list[Page], *slow: str) -> list[object]:
    """Pages as parameters; those of the languages in `slow` run only in CI."""
    return [
        pytest.param(p, id=p.name, marks=[pytest.mark.slow] if p.language in slow else [])
        for p in chosen
    ]


@pytest.mark.parametrize(
    ("page", "name"), [(p, m[1]) for p in PAGES.values() for m in MARKED.finditer(p.content)]
)
def test_generated_blocks_equal_their_source(page: Page, name: str) -> None:
    """`python -m tests.docs` writes them."""
    found = {m[1]: m[2] for m in MARKED.finditer(page.content)}
    assert found[name] == tables.generated(name, page.language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_generated_block_has_its_place(language: str) -> None:
    found = [
        m[1] for p in PAGES.values() if p.language == language for m in MARKED.finditer(p.content)
    ]
    assert sorted(found) == sorted(tables.BLOCKS)


@pytest.mark.skipif(os.name == "nt", reason="the console blocks are typed into a POSIX shell")
@pytest.mark.parametrize("page", each([p for p in PAGES.values() if p.commands], "zh"))
def test_console_blocks_run_as_written(page: Page, tmp_path: Path) -> None:
    """Each page in a folder of its own, in order, as a newcomer types them."""
    shell = Shell(tmp_path, page)
    for command, written in page.commands:
        printed = shell.run(command)
        assert agrees(written, printed), f"$ {command}\n{printed}"


def test_commands_are_shown_in_both_languages() -> None:
    shown = " ".join(command for p in PAGES.values() for command, _ in p.commands)
    for name in ("new", "calc", "check", "report", "example", "solve", "simulate", "batch"):
        assert f"roi-xl {name}" in shown


# --- both languages ------------------------------------------------------------------------------


def test_every_page_is_in_both_languages() -> None:
    assert len(PAIRS) * 2 == len(PAGES)


@pytest.mark.parametrize(("page", "other"), PAIRS, ids=[page.topic for page, _ in PAIRS])
def test_both_languages_hold_the_same(page: Page, other: Page) -> None:
    levels = [re.findall(r"^(#+) ", without_code(p.content), re.M) for p in (page, other)]
    assert levels[0] == levels[1]
    typed = [[command for command, _ in p.commands] for p in (page, other)]
    assert typed[0] == typed[1]
    fenced = re.compile(r"^```(?!console|text)(\w[^\n]*)\n(.*?)^```$", re.M | re.S)
    assert fenced.findall(page.content) == fenced.findall(other.content)
    formulas = re.compile(r"^\$\$\n.*?^\$\$$", re.M | re.S)
    assert formulas.findall(page.content) == formulas.findall(other.content)


# --- the front page ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_front_page_is_short_and_begins_with_the_two_commands(name: str) -> None:
    content = PAGES[name].content
    assert content.count("\n") <= README_LINES
    lines = [line for line in content.splitlines() if line.startswith(("    ", "$ "))]
    assert lines[:2] == [
        "    python -m pip install . && roi-xl new finetuning_roi.xlsx",
        '    python -m pip install ".[test]" && python -m pytest',
    ]


# --- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", each(list(PAGES.values())))
def test_links_lead_somewhere(page: Page) -> None:
    """To a file, and where they name a heading, to one that is there."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.content):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        path = (page.path.parent / file).resolve() if file else page.path
        assert path.exists(), target
        if anchor:
            assert anchor in Page(path, page.language).anchors, target


@pytest.mark.parametrize("page", each([p for p in PAGES.values() if DOCS in p.path.parents]))
def test_pages_of_the_site_link_within_it(page: Page) -> None:
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.content):
        if not target.startswith("http"):
            assert DOCS in (page.path.parent / target).resolve().parents, target


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"\b(?:en|zh)/[\w-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8"))
    assert sorted(listed) == sorted(p.name[5:] for p in PAGES.values() if DOCS in p.path.parents)


# --- facts ---------------------------------------------------------------------------------------


def test_promised_tests_exist() -> None:
    for promise in tables.promises():
        file, _, name = promise["test"].partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        assert not name or name in names, promise["test"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_named_on_a_page_exists(language: str) -> None:
    known = {*FUNCTIONS, "FT_LICENCE_COST"}  # the example of the page on extending
    for page in PAGES.values():
        if page.language == language:
            assert set(re.findall(r"\bFT_[A-Z_]+[A-Z]", page.content)) <= known, page.name


TYPED = re.compile(r"^\| `=(FT_[A-Z_]+)\(([^`]*)\)` \| (-?\d[\d.]*)", re.M)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_formulas_show_what_stands_beside_them(name: str) -> None:
    rows = TYPED.findall(PAGES[name].content)
    assert len(rows) >= 4
    for function, typed, shown in rows:
        arguments = ast.literal_eval("[" + re.sub(r"(\d+)%", r"0.0\1", typed) + "]")
        digits = len(shown.partition(".")[2])
        assert round(FUNCTIONS[function](*arguments), digits) == float(shown), function


@pytest.mark.parametrize("name", command_names())
def test_every_command_has_texts_and_examples(name: str) -> None:
    """A line in the list, a help text, and examples that name the command, in both languages."""
    from roi_xl.cli.help import examples

    key = name.replace(" ", ".")
    for language in LANGUAGES:
        assert table("help", language)[f"short.{key}"]
        page = help_pages(language)[name]
        assert table("click", language)["examples"] in page
    assert all(line.startswith(f"roi-xl {name}") for line in examples()[key].splitlines())


def test_no_example_of_a_command_that_is_gone() -> None:
    from roi_xl.cli.help import examples

    known = {name.replace(" ", ".") for name in command_names()}
    assert set(examples()) == known | {"roi-xl"}


def test_licences_are_those_the_packages_state() -> None:
    for name, about in tables.reasons().items():
        assert about["licence"] == tables.licence(name), name


def test_the_changelog_begins_with_this_version() -> None:
    titles = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert titles[0] == __version__


def test_ci_runs_the_pythons_that_the_package_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [c.rpartition(" ")[2] for c in project["classifiers"] if "Python :: 3." in c]
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    for version in named:
        assert f'"{version}"' in workflow


WITHOUT_EXTRAS = """
import sys
for name in ("pyarrow", "python_calamine", "dask", "distributed", "pytest", "hypothesis", "polars",
             "duckdb", "xlsxwriter", "mypy", "ironcalc", "oletools"):
    sys.modules[name] = None
from tests.docs.tables import BLOCKS, generated
for name in BLOCKS:
    assert generated(name, "en")
"""


def test_the_tables_need_no_extras() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
