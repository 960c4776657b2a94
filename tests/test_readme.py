"""The READMEs say what is so: made blocks equal their source, commands print what stands there."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from roi_xl.text import LANGUAGES, table
from tests import readme
from tests.readme import READMES, ROOT

TEXTS = {language: path.read_text(encoding="utf-8") for language, path in READMES.items()}
MADE = [(lang, m[1]) for lang, said in TEXTS.items() for m in readme._MARKED.finditer(said)]
HEADING = re.compile(r"^(#+) (.*)$", re.M)


def prose(said: str) -> str:
    """Without code, whose comments look like headings."""
    return re.sub(r"^```.*?^```$", "", said, flags=re.M | re.S)


@pytest.mark.parametrize(("language", "name"), MADE)
def test_made_blocks_equal_their_source(language: str, name: str) -> None:
    """`python -m tests.readme` writes them anew."""
    found = {m[1]: m[2] for m in readme._MARKED.finditer(TEXTS[language])}
    assert found[name] == readme.made(name, language)


def test_every_made_block_is_in_both() -> None:
    for language in LANGUAGES:
        assert {name for lang, name in MADE if lang == language} == set(readme.HEAD) | {"commands"}


@pytest.mark.skipif(os.name == "nt", reason="the console blocks are typed into a POSIX shell")
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_console_blocks_run_as_written(language: str, tmp_path: Path) -> None:
    """In order and in one folder, as a newcomer types them."""
    shell = readme.Shell(tmp_path, language, TEXTS[language])
    commands = [c for block in readme.blocks(TEXTS[language]) for c in block]
    assert len(commands) > 10
    for command, written in commands:
        printed = shell.run(command)
        assert readme.agrees(written, printed), f"$ {command}\n{printed}"


def test_both_have_the_same_parts() -> None:
    marks = {lang: [m[1] for m in HEADING.finditer(prose(said))] for lang, said in TEXTS.items()}
    assert marks["zh"] == marks["en"]
    typed = {
        lang: [[command for command, _ in block] for block in readme.blocks(said)]
        for lang, said in TEXTS.items()
    }
    assert typed["zh"] == typed["en"]
    fenced = re.compile(r"^```(?!console|text)(\w[^\n]*)\n(.*?)^```$", re.M | re.S)
    assert fenced.findall(TEXTS["zh"]) == fenced.findall(TEXTS["en"])
    formulas = re.compile(r"^\$\$\n.*?^\$\$$", re.M | re.S)
    assert formulas.findall(TEXTS["zh"]) == formulas.findall(TEXTS["en"]) != []


def test_the_two_commands_come_first() -> None:
    lines = [
        line
        for line in TEXTS["en"].splitlines()
        if line.startswith("    ") or line.startswith("$ ")
    ]
    assert lines[0].strip() == "python -m pip install . && roi-xl new finetuning_roi.xlsx"
    assert lines[1].strip() == 'python -m pip install ".[test]" && python -m pytest'


@pytest.mark.parametrize("said", TEXTS.values(), ids=list(TEXTS))
def test_links_lead_somewhere(said: str) -> None:
    for target in re.findall(r"\]\(([^)\s#]+)\)", said):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("said", TEXTS.values(), ids=list(TEXTS))
def test_links_within_the_page_lead_to_a_heading(said: str) -> None:
    """A heading's address is its words in small letters, joined by hyphens, without punctuation."""
    titles = (m[2].lower() for m in HEADING.finditer(prose(said)))
    addresses = {re.sub(r"[^\w\s-]", "", title).replace(" ", "-") for title in titles}
    linked = set(re.findall(r"\]\(#([^)]+)\)", said))
    assert len(linked) > 5
    assert linked <= addresses


def test_promised_tests_exist() -> None:
    for promise in readme.promises():
        file, _, name = promise["test"].partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        assert not name or name in names, promise["test"]


@pytest.mark.parametrize("name", readme.command_names())
def test_every_command_has_texts_and_examples(name: str) -> None:
    """A line in the list, a help text, and examples that name the command, in both languages."""
    from roi_xl.cli.help import examples

    key = name.replace(" ", ".")
    for language in LANGUAGES:
        assert table("help", language)[f"short.{key}"]
        page = readme.help_pages(language)[name]
        assert table("click", language)["examples"] in page
    assert all(line.startswith(f"roi-xl {name}") for line in examples()[key].splitlines())


def test_no_example_of_a_command_that_is_gone() -> None:
    from roi_xl.cli.help import examples

    known = {name.replace(" ", ".") for name in readme.command_names()}
    assert set(examples()) == known | {"roi-xl"}


def test_dependencies_are_listed_with_their_licences() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for requirement in [*project["dependencies"], *extras["batch"], *extras["dask"]]:
        name = re.split(r"[^A-Za-z0-9_-]", requirement)[0]
        for said in TEXTS.values():
            assert f"| {name} |" in said, name


def test_licences_are_those_the_packages_state() -> None:
    import tomllib

    listed = tomllib.loads((ROOT / "tests/dependencies.toml").read_text(encoding="utf-8"))
    for name, about in listed.items():
        assert about["licence"] == readme.licence(name), name


WITHOUT_EXTRAS = """
import sys
for name in ("pyarrow", "python_calamine", "dask", "distributed", "pytest", "hypothesis", "polars",
             "duckdb", "xlsxwriter", "mypy", "ironcalc", "oletools"):
    sys.modules[name] = None
from tests import readme
for name in [*readme.HEAD, "commands"]:
    assert readme.made(name, "en")
"""


def test_the_tables_need_no_extras() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
