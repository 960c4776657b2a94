"""Every text exists in both languages with the same placeholders; a missing one is named."""

import pickle
import re
from pathlib import Path

import pytest

import roi_xl
from roi_xl.case.graph_steps import BLOCKS, STEPS
from roi_xl.case.inputs import GROUPS, INPUTS
from roi_xl.text import LANGUAGES, MissingText, has_text, table, text, unit_text, use

FOLDER = Path(roi_xl.__file__).parent / "text"
AREAS = sorted(p.stem for p in (FOLDER / "zh").glob("*.toml"))
# the English texts of functions are the first sentences of their docstrings
ONE_SIDED = re.compile(r"FT_[A-Z_]+\.doc$")


def test_both_languages_have_the_same_files() -> None:
    assert sorted(p.stem for p in (FOLDER / "en").glob("*.toml")) == AREAS


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_entries_and_placeholders(area: str) -> None:
    zh, en = table(area, "zh"), table(area, "en")
    assert {k for k in zh if not ONE_SIDED.match(k)} == {k for k in en if not ONE_SIDED.match(k)}
    for key in set(zh) & set(en):
        assert set(re.findall(r"{\w+}", zh[key])) == set(re.findall(r"{\w+}", en[key])), key


@pytest.mark.parametrize("area", AREAS)
def test_chinese_is_chinese_and_english_is_english(area: str) -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for key, said in table(area, "en").items():
        assert not han.search(said), (key, said)
    symbols_alone = re.compile(r"^[\W\dA-Za-z_{}·/+ ]{0,24}$")  # USD, roi_xl, {path} and the like
    for key, said in table(area, "zh").items():
        assert han.search(said) or symbols_alone.match(said), (key, said)


def test_every_input_and_step_is_named() -> None:
    for language in LANGUAGES:
        for entry in INPUTS.values():
            assert entry.label(language)
            assert entry.param.help(language)
        for step in STEPS:
            assert step.label(language)
        assert all(has_text(f"workbook.group.{g}", language) for g in GROUPS)
        assert all(has_text(f"workbook.block.{b}", language) for b in BLOCKS)


def test_labels_are_unique() -> None:
    """A label can stand for its input in a table's header."""
    for language in LANGUAGES:
        labels = [i.label(language) for i in INPUTS.values()]
        labels += [s.label(language) for s in STEPS]
        assert len(labels) == len(set(labels))


def test_current_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text("choice.high") == "高"
    monkeypatch.setenv("ROI_XL_LANG", "en_US")
    assert text("choice.high") == "high"
    use("zh")
    assert text("choice.high") == "高"
    use(None)
    monkeypatch.setenv("ROI_XL_LANG", "fr")
    assert text("choice.high") == "高"


def test_a_missing_text_names_its_key_language_and_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROI_XL_DEBUG", raising=False)
    for key, file in (("quantity.new_cost.label", "quantity"), ("no_area.entry", "no_area")):
        with pytest.raises(MissingText) as caught:
            text(key, "en")
        assert (caught.value.key, caught.value.language) == (key, "en")
        assert key.partition(".")[2] in str(caught.value)
        assert f"roi_xl/text/en/{file}.toml" in str(caught.value)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)


def test_labels_have_stand_ins_while_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROI_XL_DEBUG", "1")
    assert text("quantity.new_cost.label", "en") == "new cost"
    assert text("quantity.new_cost.help", "zh") == "new cost"
    assert text("workbook.group.new_costs", "zh") == "new costs"
    with pytest.raises(MissingText):  # a message without its values would mislead
        text("error.new_error", "en")
    monkeypatch.setenv("ROI_XL_DEBUG", "0")
    with pytest.raises(MissingText):
        text("quantity.new_cost.label", "en")


def test_units_of_money_name_the_currency() -> None:
    assert unit_text("money_per_hour", "en") == "amount/hour"
    assert unit_text("money_per_hour", "en", "CNY") == "CNY/hour"
    assert unit_text("usd_per_gpu_hour", "en", "CNY") == "USD/GPU-hour"
