"""The what-if page in a real browser: what it shows after a slider moved is what Python gives."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.rationale import rationale
from roi_xl.case.study import Study, study_of
from roi_xl.hosts.javascript.module import case_names, case_script
from roi_xl.report.page import report_page, tornado_bars
from roi_xl.report.whatif import whatif_page
from roi_xl.text import LANGUAGES, speaking, text
from tests.hosts.javascript.node import number
from tests.hosts.javascript.test_module import compare
from tests.report.browser import Browser, browser
from tests.report.test_html import HOSTILE

LARGE = {
    "project_name": HOSTILE,
    "currency": "CNY",
    "currency_per_usd": 7.12,
    "hourly_rate": 420,
    "data_preparation_hours": 2400,
    "daily_requests": 900_000,
    "current_cost_per_request": 0.035,
    "serving_gpu_cost_per_hour": 22,
    "serving_requests_per_gpu_hour": 4000,
    "regression_test_hours_per_month": 80,
    "horizon_months": 60,
    "build_months": 4,
    "ramp_months": 6,
    "success_probability": 0.8,
    "current_price_decline_per_year": 0.15,
}
GIVEN: dict[str, dict[str, Any]] = {
    "sample": {},
    "losing": {"success_probability": 0.02},
    "large": LARGE,
}
MOVE = """
const field = document.getElementById(arguments[0]);
field.value = arguments[1];
field.dispatchEvent(new Event("input", {bubbles: true}));
field.dispatchEvent(new Event("change", {bubbles: true}));
return {...typed};
"""
READ = """
const said = id => document.getElementById(id).textContent;
const parts = id => [...document.getElementById(id).querySelectorAll("text")].map(t => t.textContent);
return {
  verdict: said("verdict"), colour: document.getElementById("verdict").className.split(" ")[1],
  why: said("why"), values: PAGE_FIGURES.map(n => [said("value_" + n), said("note_" + n)]),
  table: [...document.getElementById("annual").rows].map(r => [...r.cells].map(c => c.textContent)),
  line: document.querySelector("#cashflow polyline")?.getAttribute("points"),
  bars: [...document.querySelectorAll("#tornado rect")].map(r => r.getAttribute("width")),
  cashflow: parts("cashflow"), tornado: parts("tornado"),
  hidden: document.getElementById("results").hidden,
};
""".replace("PAGE_FIGURES", '["npv", "payback_months", "total_cost", "monthly_savings", "irr"]')


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def page_of(study: Study, language: str) -> str:
    case = study.live_case
    return whatif_page(study, case_script(case_names([case]), case.prices), language)


def show(chromium: Browser, folder: Path, study: Study, language: str = "en") -> dict[str, Any]:
    path = folder / "whatif.html"
    path.write_text(page_of(study, language), "utf-8")
    chromium.open(path)
    shown: dict[str, Any] = chromium.run(READ)
    return shown


def check(shown: dict[str, Any], study: Study, language: str) -> None:
    """What the page shows against the report of the same case."""
    case = study.live_case
    with speaking(language):
        wanted = report_page(study)
        drivers = [(bar.label, bar.note) for bar in tornado_bars(study, evaluate_case(case)["npv"])]
    sentences = rationale(case, language).sentences
    assert shown["verdict"].endswith(wanted.verdict)
    assert shown["colour"] == wanted.colour
    assert shown["why"] == sentences[0] + ("" if language == "zh" else " ") + sentences[1]
    assert shown["values"] == [[f.value, f.note] for f in wanted.figures]
    annual = wanted.sections["annual"].table
    assert annual is not None
    assert shown["table"] == [list(annual.head), *map(list, annual.rows)]
    said = shown["tornado"]
    assert [(name, said[said.index(name) + 1]) for name, _ in drivers] == drivers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_it_opens_with_the_report_s_own_figures(
    chromium: Browser, tmp_path: Path, given: dict[str, Any], language: str
) -> None:
    study = study_of({"inputs": given})
    check(show(chromium, tmp_path, study, language), study, language)
    assert chromium.log() == []  # nothing refused by the policy, no error


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slider_changes_verdict_figures_table_and_charts(
    chromium: Browser, tmp_path: Path, language: str
) -> None:
    before = show(chromium, tmp_path, study_of({}), language)
    typed = chromium.run(MOVE, "slider_daily_requests", "100")
    after = chromium.run(READ)
    assert 0 < typed["daily_requests"] < 200
    check(after, study_of(typed), language)
    assert (before["colour"], after["colour"]) == ("green", "red")
    for part in ("verdict", "why", "values", "table", "line", "bars"):
        assert before[part] != after[part], part
    not_repaid = text("report.chart.not_repaid", language, months="36")
    assert not_repaid in after["cashflow"]
    chromium.run('document.getElementById("reset").click()')
    assert chromium.run(READ) == before


def test_every_slider_moves_within_its_plausible_range(chromium: Browser, tmp_path: Path) -> None:
    show(chromium, tmp_path, study_of({"inputs": LARGE}))
    entries = chromium.run("return PAGE.entries.filter(e => e.slider)")
    assert len(entries) == 8
    for entry in entries:
        ends = [
            chromium.run(MOVE, f"slider_{entry['name']}", place)[entry["name"]]
            for place in ("0", "1000")
        ]
        assert ends == [entry["low"], entry["high"]]
        Case(**{**LARGE, entry["name"]: ends[0]}), Case(**{**LARGE, entry["name"]: ends[1]})


@pytest.mark.parametrize("seed", range(4))
def test_fields_of_all_kinds_give_python_s_results_to_1e_9(
    chromium: Browser, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    given = {} if seed % 2 else LARGE
    show(chromium, tmp_path, study_of({"inputs": given}))
    entries = chromium.run("return PAGE.entries")
    typed: dict[str, Any] = {}
    for entry in rng.sample(entries, 25):
        quantity, span = INPUTS[entry["name"]].quantity, INPUTS[entry["name"]].plausible
        if quantity.choices:
            value: Any = rng.choice(quantity.choices)
        else:
            assert span is not None
            low, high = span[0], min(span[1], 10 * max(1.0, abs(entry["today"])), 120.0)
            value = round(low + (max(high, low) - low) * rng.random(), 4)
            value = float(round(value)) if quantity.whole else value
            value = round(100 * value, 6) if entry["percent"] else value
        typed = chromium.run(MOVE, f"field_{entry['name']}", str(value))
    answer = chromium.run(
        "const show = (k, v) => typeof v === 'number' && !Number.isFinite(v) ? {number: String(v)} : v;"
        "return JSON.stringify(evaluateCase(typed), show)"
    )
    case = Case(**typed)
    assert len(typed) >= 20
    assert not compare(case, json.loads(answer, object_hook=number))


@pytest.mark.parametrize("said", ["-5", "150"])
def test_a_value_that_is_not_allowed_shows_no_figure(
    chromium: Browser, tmp_path: Path, said: str
) -> None:
    show(chromium, tmp_path, study_of({}))
    chromium.run(MOVE, "field_success_probability", said)
    shown = chromium.run(READ)
    assert shown["colour"] == "grey"
    assert shown["hidden"]
    assert shown["values"][0][0] == "n/a"
    invalid = 'return document.getElementById("field_success_probability").ariaInvalid'
    assert chromium.run(invalid) == "true"
    chromium.run(MOVE, "field_success_probability", "90")
    assert not chromium.run(READ)["hidden"]
    assert chromium.run(invalid) == "false"


def test_the_policy_lets_no_other_script_in(chromium: Browser, tmp_path: Path) -> None:
    page = page_of(study_of({}), "en")
    path = tmp_path / "planted.html"
    path.write_text(page.replace("</body>", "<script>window.planted = 1</script></body>"), "utf-8")
    chromium.open(path)
    assert chromium.run("return [typeof window.planted, typeof evaluateCase]") == [
        "undefined",
        "function",
    ]
    assert any("Content Security Policy" in line for line in chromium.log())
    chromium.run(
        "const i = new Image(); i.src = 'https://example.com/x.png'; document.body.append(i);"
    )
    assert any("img-src" in line or "default-src" in line for line in chromium.log())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_stands_alone(language: str) -> None:
    page = page_of(study_of({"inputs": LARGE}), language)
    assert HOSTILE not in page
    assert page.count("<script>") == page.count("</script>") == 1
    assert not re.search(r"\b(src|href)=|url\(|@import|\beval\(|new Function|innerHTML", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#x27;none&#x27;; script-src &#x27;sha256-")
    assert "unsafe" not in policy[1]
