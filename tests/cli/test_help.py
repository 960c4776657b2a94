"""Help pages and usage errors: language, layout, and what a page imports."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl import __version__
from roi_xl.cli.help import wrapped
from roi_xl.cli.usage_errors import usage_error_page, usage_message
from roi_xl.text import LANGUAGES, speaking, system_language, use
from roi_xl.text.width import text_width
from tests.docs.commands import help_pages

NEUTRAL = {"LC_ALL": "C", "LANG": "C", "LC_MESSAGES": "C"}


def roi_xl(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "ROI_XL_LANG"} | NEUTRAL | environment
    env |= {"PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "roi_xl", *words]
    return subprocess.run(command, env=env, capture_output=True, encoding="utf-8")


def test_only_help_follows_the_system_language() -> None:
    for name, word in (("zh_CN.UTF-8", "用法"), ("en_GB.UTF-8", "Usage"), ("de_DE.UTF-8", "Usage")):
        assert word in roi_xl("--help", LC_ALL="", LC_MESSAGES="", LANG=name).stdout, name
        assert word in roi_xl("new", "-h", LC_ALL=name).stdout, name
    assert "用法" in roi_xl("--help").stdout
    assert "数值" in roi_xl("functions", "payback", LC_ALL="en_GB.UTF-8").stdout
    assert "Usage" in roi_xl("--help", LC_ALL="zh_CN.UTF-8", ROI_XL_LANG="en").stdout
    assert "用法" in roi_xl("--help", "--lang", "zh", LC_ALL="en_GB.UTF-8").stdout


def test_language_before_the_command() -> None:
    done = roi_xl("--lang", "en", "functions", "payback")
    assert "a number" in done.stdout
    assert "数值" in roi_xl("--lang", "en", "functions", "payback", "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("name", "found"),
    [("zh_TW.UTF-8", "zh"), ("fr_FR", "en"), ("C.UTF-8", None), ("POSIX", None), ("", None)],
)
def test_system_language(monkeypatch: pytest.MonkeyPatch, name: str, found: str | None) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", name)
    assert system_language() == found


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("fly",), "错误：没有命令 'fly'。", "error: No such command 'fly'."),
        (("clac",), "命令 'clac'。是否想用 'calc'？", "command 'clac'. Did you mean 'calc'?"),
        (("new",), "错误：缺少参数 'OUT'。", "error: Missing argument 'OUT'."),
        (("new",), "用法：roi-xl new [选项] OUT\n", "Usage: roi-xl new [OPTIONS] OUT\n"),
        (("sensitivity", "a", "--swing", "x"), "允许：数值 ≥ 0 且 ≤ 0.99", "number ≥ 0 and ≤ 0.99"),
        (("sensitivity", "a", "--swing", "2"), "'2' 不是允许的取值", "'2' is not allowed"),
        (("sensitivity", "a", "--swing", "1,234"), "千位", "thousands"),
        (("batch", "a", "-o", "b", "--chunk", "0"), "允许：整数 ≥ 1", "a whole number ≥ 1"),
        (("batch", "a", "-o", "b", "--engine", "x"), "'pandas', 'dask'", "not one of 'pandas'"),
        (("new", "a.xlsx", "--lng", "en"), "没有选项 '--lng'", "No such option '--lng'"),
        (
            ("new", "a.xlsx", "--forc"),
            "'--force', '--from' 之一？",
            "Did you mean one of '--force', '--from'?",
        ),
        (("calc", "a.toml", "b", "c"), "多余的参数：b c", "Too many arguments: b c"),
        (("simulate", "a", "--runs", "x"), "'--runs' 的取值无效", "Invalid value for '--runs'"),
        (("solve", "a.toml"), "缺少选项 '--for'", "Missing option '--for'"),
        (("solve", "a", "--for"), "选项 '--for' 后须给出取值", "'--for' requires a value"),
        (("calc", "--json=3", "a"), "选项 '--json' 后不带取值", "does not take a value"),
        (("prices", "lst"), "没有命令 'lst'。是否想用 'list'？", "Did you mean 'list'?"),
        (("prices", "--"), "错误：缺少命令。", "error: Missing command."),
    ],
)
def test_usage_errors(words: tuple[str, ...], zh: str, en: str) -> None:
    for language, said in (("zh", zh), ("en", en)):
        done = roi_xl(*words, ROI_XL_LANG=language)
        assert done.returncode == 2
        assert said in done.stderr
        assert "--help" in done.stderr


def test_other_messages_of_click_stay_english() -> None:
    command = click.Command("x")
    error = click.BadArgumentUsage("Argument 'a' takes 2 values.", ctx=click.Context(command))
    assert usage_message(error) == "Argument 'a' takes 2 values."
    assert usage_error_page(click.FileError("a.txt", "no rights")).startswith("错误：")


def test_chinese_help_has_no_words_of_click() -> None:
    pages = help_pages("zh").values()
    for english in ("Options", "Commands", "Usage", "Show ", "default", "required", "Examples"):
        assert not [page for page in pages if english in page], english


def test_the_version_in_both_languages() -> None:
    for language, said in (("zh", f"roi-xl 版本 {__version__}"), ("en", "roi-xl, version ")):
        assert roi_xl("--version", ROI_XL_LANG=language).stdout.startswith(said)


def test_help_imports_no_commands() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--help']; import atexit; from roi_xl.__main__ import main\n"
    )
    code += "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = set(done.stderr.split())
    ours = {name for name in loaded if name.startswith("roi_xl.cli.")}
    expected = ("commands", "completion", "help", "main", "options", "usage_errors")
    assert ours == {f"roi_xl.cli.{name}" for name in expected}
    assert not loaded & {"numpy", "importlib.resources", "pandas", "asyncio"}


@given(st.text(st.sampled_from("ab 微调，。（）\n"), min_size=1, max_size=80), st.integers(12, 40))
def test_wrapped_lines_fit_and_keep_every_word(said: str, width: int) -> None:
    lines = wrapped(said, width)
    assert "".join("".join(lines).split()) == "".join(said.split())
    longest = max((text_width(word) for word in said.split()), default=0)
    assert all(text_width(line) <= max(width, longest) for line in lines)


def test_chinese_breaks_between_characters_but_not_before_punctuation() -> None:
    assert wrapped("微调模型，是否划算。", 8) == ["微调模", "型，是否", "划算。"]
    assert wrapped("one two three", 8) == ["one two", "three"]


def test_help_pages_fit_80_columns() -> None:
    for language in LANGUAGES:
        for words in ((), ("new",), ("batch",), ("prices", "import")):
            page = roi_xl(*words, "--help", ROI_XL_LANG=language, COLUMNS="80").stdout
            assert max(map(text_width, page.splitlines())) <= 80


def test_speaking_leaves_no_trace() -> None:
    use(None)
    with speaking("en"):
        pass
    assert system_language() in (None, *LANGUAGES)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("roi-xl prices l", "plain,list"),
        ("roi-xl new --e", "plain,--edition"),
        ("roi-xl functions ft_pay", "plain,FT_PAYBACK"),
        ("roi-xl example customer_service_s", "plain,customer_service_small"),
        ("roi-xl solve a.toml --for daily", "plain,daily_requests"),
        ("roi-xl solve a.toml --target np", "plain,npv"),
        ("roi-xl new a.xlsx --set 日请求", "plain,日请求量"),
        ("roi-xl calc a.toml --scenario w", "plain,worst"),
        ("roi-xl prices list h100", "plain,H100-SXM-80GB"),
        ("roi-xl calc a", "file,a"),
    ],
)
def test_completion(typed: str, found: str) -> None:
    last = str(len(typed.split()) - 1)
    asked = {"_ROI_XL_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": last}
    assert found in roi_xl(**asked).stdout.splitlines()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to complete in")
def test_completion_in_bash(tmp_path: Path) -> None:
    """Completion as set up by the README's instructions."""
    tool = tmp_path / "roi-xl"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m roi_xl "$@"\n')
    tool.chmod(0o755)
    script = """
    eval "$(_ROI_XL_COMPLETE=bash_source roi-xl)"
    COMP_WORDS=(roi-xl so) COMP_CWORD=1
    "$(complete -p roi-xl | sed 's/.*-F \\([^ ]*\\).*/\\1/')" roi-xl so roi-xl
    echo "${COMPREPLY[@]}"
    """
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=os.environ | path
    )
    assert done.stdout == "solve\n", done.stderr


def test_choices_of_options_are_those_of_the_code() -> None:
    """The commands repeat them, so that a help page need not import the calculation."""
    from roi_xl.case.simulate import DISTRIBUTIONS
    from roi_xl.cli.main import cli
    from roi_xl.cli.new import EDITIONS
    from roi_xl.hosts.excel import editions
    from roi_xl.prices.catalogue import FORMATS
    from roi_xl.prices.sheet import MARKETS

    context = click.Context(cli)
    pages: Any = {name: cli.get_command(context, name) for name in ("simulate", "prices")}

    def choices(command: click.Command, name: str) -> tuple[object, ...]:
        kinds = [p.type for p in command.params if p.name == name]
        assert isinstance(kinds[0], click.Choice)
        return tuple(kinds[0].choices)

    assert choices(pages["simulate"], "distribution") == DISTRIBUTIONS
    assert choices(pages["prices"].commands["list"], "market") == MARKETS
    assert choices(pages["prices"].commands["import"], "kind") == ("auto", *FORMATS)
    assert EDITIONS == editions.EDITIONS
