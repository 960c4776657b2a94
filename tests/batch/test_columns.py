"""The columns of a table: what they are, however many there are."""

import difflib
from typing import Any

import pytest

from roi_xl.batch import columns
from roi_xl.batch.columns import lay_out, repeated
from roi_xl.case.inputs import INPUTS


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The headings that difflib, which is slow, was asked about."""
    found: list[str] = []
    compare = difflib.get_close_matches

    def counted(word: str, words: Any, **options: Any) -> list[str]:
        found.append(word)
        return compare(word, words, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    return found


def test_only_headings_like_an_input_are_compared(compared: list[str]) -> None:
    headings = ["daily_requests", *(f"x{i}" for i in range(100_000))]
    assert lay_out(headings).near == {}
    assert compared == []


def test_comparing_ends(compared: list[str]) -> None:
    headings = ["gpu_count", *(f"daily_reqests{i}" for i in range(columns._MOST_COMPARED + 50))]
    lay_out(headings)
    assert len(compared) == columns._MOST_COMPARED


@pytest.mark.parametrize("name", INPUTS)
def test_a_slip_in_any_name_is_noticed(name: str) -> None:
    other = "daily_requests" if name != "daily_requests" else "gpu_count"
    letter = len(name) // 2
    slips = [name[:letter] + name[letter + 1 :], name[:letter] + name[letter] + name[letter:]]
    for slip in slips:
        if slip not in INPUTS:
            assert slip in lay_out([other, slip]).near


def test_an_input_that_has_its_column_is_not_suggested() -> None:
    near = lay_out(["daily_requests", "daily_request"]).near
    assert near.get("daily_request") != "daily_requests"


def test_repeated() -> None:
    assert repeated(["a", "b", "a", "b"]) == "a"
    assert repeated(["a", "A", ""]) is None
