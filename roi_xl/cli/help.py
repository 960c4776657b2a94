"""Help pages that lead with examples, in lines that fit the screen, and commands loaded when called.

What a page says stands in `text/*/help.toml`, the examples, which no language changes, in
`examples.toml`.
"""

import os
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

import click

from roi_xl.text import has_text, text
from roi_xl.text.width import text_width

# a line may end between any two Chinese characters, but not before closing punctuation or after
# opening one
_PIECES = re.compile(
    r"\s+|[（《]*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。；：、？！）》]*|[（《，。；：、？！）》]+"
)


def wrapped(said: str, width: int) -> list[str]:
    """A paragraph in lines of at most `width` columns; Chinese characters take two."""
    lines = [""]
    for piece in _PIECES.findall(" ".join(said.split())):
        if text_width(lines[-1] + piece.rstrip()) > width and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [*lines[:-1], lines[-1].rstrip()]


class Formatter(click.HelpFormatter):
    """click's layout with our line breaks; a paragraph marked as such keeps its own."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, text("help.usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write what the list below is of."""
        self.write(f"{'':>{self.current_indent}}{text('help.heading', heading=heading)}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        margin = " " * self.current_indent
        paragraphs = []
        for paragraph in re.split(r"\n\s*\n", text.strip()):
            kept = paragraph.startswith("\b")
            lines = (
                paragraph.splitlines()[1:]
                if kept
                else wrapped(paragraph, self.width - self.current_indent)
            )
            paragraphs.append("\n".join(f"{margin}{line}".rstrip() for line in lines))
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str | None]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms with their explanations in a column beside them."""
        listed = [(term, said or "") for term, said in rows]
        column = min(max(text_width(term) for term, _ in listed), col_max) + col_spacing
        column += self.current_indent
        for term, said in listed:
            start = " " * self.current_indent + term
            lines = wrapped(said, max(self.width - column, 20))
            room = column - text_width(start)
            head = start + (" " * room if room >= col_spacing else "\n" + " " * column)
            self.write((head + ("\n" + " " * column).join(lines)).rstrip() + "\n")


class Context(click.Context):
    """A context whose help uses our layout."""

    formatter_class = Formatter


@cache
def examples() -> dict[str, str]:
    """The example lines of every command; `prices.list` is one under a group."""
    with open(os.path.join(os.path.dirname(__file__), "examples.toml"), "rb") as file:
        return tomllib.load(file)


def dress(command: click.Command, key: str) -> None:
    """Give a command, and those under it, their examples and our layout; `key` is its text's place."""
    command.context_class = Context
    command.options_metavar = text("help.options")
    if key in examples():
        lines = [f"  {line}" for line in examples()[key].splitlines()]
        head = "\n".join(["\b", text("help.examples"), *lines])
        command.help = f"{head}\n\n{command.help}"
        command.short_help = short(key)
    if isinstance(command, click.Group):
        command.subcommand_metavar = text("help.subcommand")
    if isinstance(command, click.Group) and not isinstance(command, LazyGroup):
        for name, under in command.commands.items():
            dress(under, f"{key}.{name}")


def short(key: str) -> str | None:
    """What the list of commands says about one."""
    return text(f"help.short.{key}") if has_text(f"help.short.{key}", "en") else None


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called; its list needs only their texts."""

    def __init__(self, *args: Any, homes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = homes
        self._dressed: set[str] = set()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the alphabet."""
        return sorted({*self.homes, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported if it is not there yet."""
        if cmd_name in self.homes and cmd_name not in self.commands:
            import_module(self.homes[cmd_name]).register(self)
        command = super().get_command(ctx, cmd_name)
        if command is not None and cmd_name not in self._dressed:
            self._dressed.add(cmd_name)
            dress(command, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with a line each, without importing them."""
        with formatter.section(text("help.commands")):
            formatter.write_dl([(n, self._short(ctx, n)) for n in self.list_commands(ctx)])

    def _short(self, ctx: click.Context, name: str) -> str:
        said = short(name)
        if said is None:  # a command that came with no text of its own
            command = self.get_command(ctx, name)
            return command.get_short_help_str() if command else ""
        return said
