"""Every text exists in both languages, says the same places, and nothing is left over."""

import re
from pathlib import Path

import pytest

import roi_xl
from roi_xl.case.graph_steps import BLOCKS, STEPS
from roi_xl.case.inputs import GROUPS, INPUTS
from roi_xl.text import LANGUAGES, has_text, table, text, use

FOLDER = Path(roi_xl.__file__).parent / "text"
AREAS = sorted(p.stem for p in (FOLDER / "zh").glob("*.toml"))
# English function texts are the docstrings themselves
ONE_SIDED = re.compile(r"FT_[A-Z_]+$")


def test_both_languages_have_the_same_files() -> None:
    assert sorted(p.stem for p in (FOLDER / "en").glob("*.toml")) == AREAS


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_entries_and_places(area: str) -> None:
    zh, en = table(area, "zh"), table(area, "en")
    assert {k for k in zh if not ONE_SIDED.match(k)} == {k for k in en if not ONE_SIDED.match(k)}
    for key in set(zh) & set(en):
        assert set(re.findall(r"{\w+}", zh[key])) == set(re.findall(r"{\w+}", en[key])), key


@pytest.mark.parametrize("area", AREAS)
def test_chinese_is_chinese_and_english_is_english(area: str) -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for key, said in table(area, "en").items():
        assert not han.search(said), (key, said)
    words_alone = re.compile(r"^[\W\dA-Za-z_{}·/+ ]{0,24}$")  # USD, roi_xl, {path} and the like
    for key, said in table(area, "zh").items():
        assert han.search(said) or words_alone.match(said), (key, said)


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


def test_language_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text("choice.high") == "高"
    monkeypatch.setenv("ROI_XL_LANG", "en_US")
    assert text("choice.high") == "high"
    use("zh")
    assert text("choice.high") == "高"
    use(None)
    monkeypatch.setenv("ROI_XL_LANG", "fr")
    assert text("choice.high") == "高"
