"""The layout of help pages: examples first, lines that fit the screen, Chinese two columns wide.

The summaries are in `text/*/help.toml`, the examples, the same in every language, in `examples.toml`.
"""

import os
import re
import tomllib
from collections.abc import Iterable
from functools import cache

import click

from roi_xl.text import text
from roi_xl.text.width import text_width

# a line may break between any two Chinese characters, but not before closing punctuation or after
# opening punctuation
_PIECES = re.compile(
    r"\s+|[（《]*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。；：、？！）》]*|[（《，。；：、？！）》]+"
)


def wrapped(paragraph: str, width: int) -> list[str]:
    """The lines of a paragraph, at most `width` columns each; Chinese characters take two."""
    lines = [""]
    for piece in _PIECES.findall(" ".join(paragraph.split())):
        if text_width(lines[-1] + piece.rstrip()) > width and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [*lines[:-1], lines[-1].rstrip()]


class Formatter(click.HelpFormatter):
    """click's layout with our line breaks; a marked paragraph keeps its own."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, text("click.usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        self.write(f"{'':>{self.current_indent}}{text('click.heading', heading=heading)}\n")

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
        """Write terms and, in a column beside them, their explanations."""
        listed = [(term, explanation or "") for term, explanation in rows]
        column = min(max(text_width(term) for term, _ in listed), col_max) + col_spacing
        column += self.current_indent
        for term, explanation in listed:
            start = " " * self.current_indent + term
            lines = wrapped(explanation, max(self.width - column, 20))
            room = column - text_width(start)
            head = start + (" " * room if room >= col_spacing else "\n" + " " * column)
            self.write((head + ("\n" + " " * column).join(lines)).rstrip() + "\n")


class Context(click.Context):
    """A context whose help uses our layout."""

    formatter_class = Formatter


@cache
def examples() -> dict[str, str]:
    """The example lines of every command by its key, such as `new` or `prices.list`."""
    with open(os.path.join(os.path.dirname(__file__), "examples.toml"), "rb") as file:
        return tomllib.load(file)


def examples_paragraph(key: str) -> str:
    """The examples of a command as a paragraph of its help page; empty where it has none."""
    if key not in examples():
        return ""
    lines = (f"  {line}" for line in examples()[key].splitlines())
    return "\n".join(["\b", text("click.examples"), *lines])
