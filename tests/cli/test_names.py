"""Names and numbers as people type them: labels in both languages, percentages, RMB, words to search for."""

import json
from pathlib import Path

import pytest

from roi_xl import FUNCTIONS, BadInput, Case, InputError
from roi_xl.case.inputs import INPUTS, find_input, input_names
from roi_xl.case.study import Span, Study, study_of
from roi_xl.casefile import read_study
from roi_xl.cli.case_options import read_setting, with_settings
from roi_xl.cli.functions import search
from roi_xl.io.numbers import percentage
from roi_xl.text import LANGUAGES, speaking
from roi_xl.units import fold
from tests.cli.test_main import one_line, roi_xl


@pytest.mark.parametrize(
    ("setting", "key", "value"),
    [
        ("日请求量=5000", "daily_requests", 5000),
        ("Daily requests=5000", "daily_requests", 5000),
        ("requests per day = 5000", "daily_requests", 5000),
        ("DAILY_REQUESTS\uff1d５０００", "daily_requests", 5000),  # a full-width equals sign
        ("annual_discount_rate=10%", "annual_discount_rate", 0.1),
        ("年折现率=１２．５％", "annual_discount_rate", 0.125),
        ("annual_discount_rate=0.1", "annual_discount_rate", 0.1),
        ("quality_need=高", "quality_need", "high"),
    ],
)
def test_settings(setting: str, key: str, value: object) -> None:
    name, read = read_setting(setting)
    assert name == key
    assert Case(**{name: read})[key] == value


@pytest.mark.parametrize(
    ("setting", "parts"),
    [
        ("日请求=5000", ["日请求", "daily_requests（日请求量）"]),
        ("daily=5000", ["daily", "daily_requests（日请求量）"]),
        ("annual_discount_rate=1,234%", ["annual_discount_rate", '"1,234"']),
        # a percentage only where the unit is a share or a rate
        ("training_hours=50%", ["training_hours", '"50%"']),
    ],
)
def test_settings_that_are_refused(setting: str, parts: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        with_settings(Study(), [setting])
    assert all(part in str(caught.value) for part in parts), str(caught.value)


def test_the_last_of_two_settings_of_one_input_wins() -> None:
    study = with_settings(Study(), ["daily_requests=1", "日请求量=2"])
    assert study.case["daily_requests"] == 2


def test_settings_of_the_command(tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    done = roi_xl("new", out, "--set", "日请求量=5000", "--set", "annual_discount_rate=10%")
    assert done.returncode == 0, done.stderr
    inputs = json.loads(roi_xl("calc", out, "--json").stdout)["inputs"]
    assert (inputs["daily_requests"], inputs["annual_discount_rate"]) == (5000, 0.1)


def test_labels_in_case_files(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        '"日请求量" = 5000\n"训练 GPU 数量" = 2\n'
        '[scenario."乐观"]\n"Requests per day" = 7000\n'
        '[range."日请求量"]\nlow = 4000\nhigh = 9000\n',
        encoding="utf-8",
    )
    data = json.loads(roi_xl("calc", path, "--json").stdout)
    assert data["inputs"]["daily_requests"] == 5000
    assert data["inputs"]["gpu_count"] == 2
    assert data["scenario"] == {"best": {"daily_requests": 7000}}
    assert read_study(path).span("daily_requests") == Span(4000, 9000, 5000)
    solved = roi_xl(
        "solve", path, "--for", "日请求量", "--target", "source_annual_roi=100%", "--json"
    )
    # (0.009 × 30 × n × 12 - cost) ÷ cost = 1, cost = 40 × 50 + 3 × 4 × 3: the source counts one GPU
    assert json.loads(solved.stdout)["solution"] == pytest.approx(2 * 2036 / 3.24)


@pytest.mark.parametrize(
    "values",
    [
        {"daily_requests": 1, "日请求量": 2},
        {"scenario": {"best": {"daily_requests": 1, "Requests per day": 2}}},
        {
            "range": {
                "daily_requests": {"low": 1, "high": 2},
                "日请求量": {"low": 1, "high": 3},
            }
        },
    ],
    ids=["inputs", "scenario", "range"],
)
def test_an_input_given_under_two_names_is_refused(values: dict[str, object]) -> None:
    with speaking("en"), pytest.raises(BadInput, match="are the same input, daily_requests"):
        study_of(values)


def test_a_case_is_changed_under_any_name() -> None:
    case = Case(daily_requests=5).replace(**{"日请求量": 7})
    assert case["daily_requests"] == 7


@pytest.mark.parametrize("word", ["CNY", "rmb", "RMB", "人民币"])
def test_words_for_the_chinese_currency(word: str) -> None:
    (currency,) = (i for i in INPUTS.values() if "CNY" in i.quantity.choices)
    assert currency.read(word) == "CNY"


def test_every_spelling_means_one_input() -> None:
    for key, entry in INPUTS.items():
        spellings = [key, key.replace("_", " "), *(entry.label(lang) for lang in LANGUAGES)]
        for spelling in spellings:
            assert find_input(f" {spelling.upper()} ").name == key
            assert input_names()[fold(spelling)] == key


def test_percentages() -> None:
    assert percentage("7%") == 0.07  # not 7 * 0.01, which is 0.07000000000000001
    assert percentage("－３ ％") == -0.03
    assert percentage("7") is None
    assert percentage("%") is None
    with pytest.raises(BadInput):
        percentage("1,234%")


@pytest.mark.parametrize("words", ["回本", "payback", "FT_PAYBACK", "ft_payback", "总投资 净节省"])
def test_search_finds_payback_first(words: str) -> None:
    assert search(words)[0].name == "FT_PAYBACK"


def test_search_by_words() -> None:
    found = {f.name for f in search("折现")}
    assert {"FT_NPV", "FT_DISCOUNTED_PAYBACK"} <= found
    assert "FT_DATA_COST" not in found
    assert {f.name for f in search("discount rate")} == {"FT_NPV", "FT_DISCOUNTED_PAYBACK"}
    with pytest.raises(InputError, match="FT_PAYBACK"):
        search("FT_PAYBAK")


def test_the_command_lists_several_and_describes_one() -> None:
    several = roi_xl("functions", "折现").stdout
    for name in ("FT_NPV", "FT_DISCOUNTED_PAYBACK"):
        assert FUNCTIONS[name].signature() in several
    assert "=FT_IRR(" in roi_xl("functions", "internal", "rate", "--lang", "en").stdout
    one_line(roi_xl("functions", "回不了本"), 3, "回不了本")
