"""Values of options, and the notes that the list of options ends with."""

from typing import Any

import click
import pytest

from roi_xl.cli.commands import Choice, Command, Group, Number, command, option
from roi_xl.text import speaking


def convert(kind: Number | Choice, typed: str) -> Any:
    with speaking("en"):
        return kind.convert(typed, None, None)


def test_numbers_as_people_write_them() -> None:
    assert convert(Number(), "１２，３４５．５") == 12345.5
    assert convert(Number(), "1,234,567") == 1234567
    assert convert(Number(0, 1, share=True), "12.5%") == 0.125
    assert convert(Number(0, 1, share=True), "0.125") == 0.125
    whole = convert(Number(whole=True), "10000")
    assert (whole, type(whole)) == (10000, int)


@pytest.mark.parametrize(
    ("kind", "typed", "allowed"),
    [
        (Number(0, lower_open=True), "0", "a number > 0"),
        (Number(0, 1), "1.01", "a number ≥ 0 and ≤ 1"),
        (Number(1, whole=True), "1.5", "a whole number ≥ 1"),
        (Number(), "ten", "a number"),
        (Number(), "nan", "a number"),
        (Number(), "1e999", "a number"),
        (Number(0, 1), "50%", "a number ≥ 0 and ≤ 1"),  # not a share
    ],
)
def test_numbers_that_are_refused(kind: Number, typed: str, allowed: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        convert(kind, typed)
    assert caught.value.message == f"'{typed}' is not allowed; allowed: {allowed}."


def test_choices() -> None:
    assert convert(Choice(("a", "b")), "a") == "a"
    with pytest.raises(click.BadParameter, match=r"'c' is not one of 'a', 'b'\."):
        convert(Choice(("a", "b")), "c")


def test_notes_of_options() -> None:
    with speaking("zh"):

        @command(help="x")
        @option("--out", required=True, help="y")
        @option("--runs", type=Number(1, whole=True), default=10, show_default=True, help="z")
        def made(out: str, runs: int) -> None:
            pass

        assert isinstance(made, Command)
        page = made.get_help(click.Context(made, info_name="made"))
    lines = [line.split() for line in page.splitlines()]
    assert ["--out", "TEXT", "y", "[必填]"] in lines
    assert ["--runs", "NUMBER", "z", "[默认：10;", "整数", "≥", "1]"] in lines


def test_a_group_imports_a_command_when_it_is_called() -> None:
    group = Group("x", homes={"calc": "roi_xl.cli.calc"})
    context = click.Context(group)
    assert group.list_commands(context) == ["calc"]
    assert group.commands == {}
    found = group.get_command(context, "calc")
    assert found is not None
    assert found.name == "calc"
    assert group.get_command(context, "other") is None
