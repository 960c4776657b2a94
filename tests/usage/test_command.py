"""`roi-xl usage`: exit codes, JSON, the case file it writes, and that it keeps files that are there."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from roi_xl import read_case
from roi_xl.casefile import read_study
from roi_xl.usage.case_toml import case_toml
from tests.cli.test_help import roi_xl
from tests.usage.exports import (
    ANTHROPIC_USAGE,
    DEEPSEEK_AMOUNT,
    DEEPSEEK_COST,
    OPENAI_COST,
    OPENAI_USAGE,
    openai_cost,
    openai_day,
    read,
    write,
)
from tests.usage.test_providers import AMOUNTS, COSTS, console

DAY = dt.date(2026, 9, 1)
KEYS = [
    "format",
    "from",
    "to",
    "days",
    "requests",
    "inputs",
    "ranges",
    "models",
    "missing",
    "notes",
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    days = [DAY + dt.timedelta(n) for n in range(35)]
    requests = [1000 + 10 * (n // 7) for n in range(35)]
    rows = [
        openai_day(d, r, (r * 800, r * 200, r * 100)) for d, r in zip(days, requests, strict=True)
    ]
    costs = [openai_cost(d, 3 + n % 2) for n, d in enumerate(days)]
    usage = write(tmp_path / "usage.csv", OPENAI_USAGE, rows)
    return usage, write(tmp_path / "costs.csv", OPENAI_COST, costs)


def run(*words: object) -> Any:
    from roi_xl.cli.main import cli

    return CliRunner().invoke(cli, ["usage", *map(str, words)])


def test_json(files: tuple[Path, Path]) -> None:
    done = roi_xl("usage", *map(str, files), "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert list(found) == KEYS
    assert (found["from"], found["to"], found["days"]) == ("2026-09-01", "2026-10-05", 35)
    assert found["requests"] == sum(1000 + 10 * (n // 7) for n in range(35))
    assert found["inputs"]["input_tokens"] == 800
    assert found["inputs"]["currency"] == "USD"
    assert found["ranges"]["daily_requests"]["likely"] == 1020
    assert found["missing"] == []
    assert list(found["models"]) == ["gpt-4o"]


def test_case_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    """The case reader takes it; every figure stands under a comment that says where it is from."""
    out = tmp_path / "case.toml"
    done = roi_xl("usage", *map(str, files), "-o", str(out), "--lang", "en")
    assert done.returncode == 0
    case, study = read_case(out), read_study(out)
    found = read(*files)
    for name in ("daily_requests", "input_tokens", "output_tokens", "cached_input_share"):
        assert case[name] == pytest.approx(found.inputs[name], rel=1e-11)
        assert name in case.given
    assert case["current_cost_per_request"] == pytest.approx(
        found.inputs["current_cost_per_request"]
    )
    for name, (low, likely, high) in found.ranges.items():
        span = study.span(name)
        assert (span.low, span.likely, span.high) == pytest.approx((low, likely, high), rel=1e-11)
    lines = out.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.partition(" = ")[0] in found.inputs and not line.startswith("currency"):
            assert lines[number - 1].startswith("# ")
    assert "35,700 requests ÷ 35 days" in "\n".join(lines)
    assert "usage.csv" in lines[0]


def test_a_case_file_is_kept(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "case.toml"
    out.write_text("mine")
    done = roi_xl("usage", str(files[0]), "-o", str(out))
    assert done.returncode == 4
    assert out.read_text() == "mine"
    assert roi_xl("usage", str(files[0]), "-o", str(out), "--force").returncode == 0
    assert "[inputs]" in out.read_text(encoding="utf-8")


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ANTHROPIC_USAGE, [console(0, (100, 20, 30, 250, 60))])
    for language, word in (("en", "asked for: requests per day"), ("zh", "请填写：日请求量")):
        said = case_toml(read(path), language)
        assert f"# {word}\n# daily_requests = \n" in said
        assert tomllib.loads(said)["inputs"] == {"cached_input_share": 0.625}


def test_a_bill_in_another_currency(tmp_path: Path) -> None:
    amounts = write(tmp_path / "a.csv", DEEPSEEK_AMOUNT, AMOUNTS)
    costs = write(tmp_path / "c.csv", DEEPSEEK_COST, COSTS)
    said = case_toml(read(amounts, costs), "en")
    assert 'currency = "CNY"' in said
    assert "# currency_per_usd = " in said


def test_names_cannot_break_out_of_a_comment(tmp_path: Path) -> None:
    name = 'x\n[inputs]\ndaily_requests = 5 \x1b[2J\u2028"'
    path = write(tmp_path / "u.csv", OPENAI_USAGE, [openai_day(DAY, 10, (1000, 0, 10), name)])
    said = case_toml(read(path), "en")
    assert tomllib.loads(said)["inputs"]["daily_requests"] == 10
    assert "\x1b" not in said
    assert "\x1b" not in run(path).output


def test_exit_codes(files: tuple[Path, Path], tmp_path: Path) -> None:
    text = tmp_path / "notes.csv"
    text.write_text("a,b\n1,2\n")
    for words in ([files[1]], [text, "-o", "case.toml"]):
        done = roi_xl("usage", *map(str, words))
        assert done.returncode == 3, words
        assert done.stderr.count("\n") == 1
        assert "Traceback" not in done.stderr
    for words in ([], [files[0], "--from", "1.9.2026"], [files[0], "--scheduler", "x"]):
        assert run(*words).exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_printed(lang: str, files: tuple[Path, Path]) -> None:
    done = run(*files, "--lang", lang)
    assert done.exit_code == 0
    assert "1020" in done.output
    assert "2026-09-01" in done.output
    assert "35" in done.output
    assert "secret" not in done.output


def test_model_and_days(files: tuple[Path, Path]) -> None:
    done = run(
        files[0], "--model", "gpt-4o", "--from", "2026-09-08", "--to", "2026-09-14", "--json"
    )
    found = json.loads(done.output)
    assert (found["from"], found["to"], found["requests"]) == ("2026-09-08", "2026-09-14", 7070)


def test_typed_requests(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ANTHROPIC_USAGE, [console(0, (100, 20, 30, 250, 60))])
    found = json.loads(run(path, "--daily-requests", "4", "--json").output)
    assert found["inputs"]["input_tokens"] == 100
    assert "daily_requests" not in found["missing"]
