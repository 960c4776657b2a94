"""How results are printed: figures with their units, tables, JSON, and notes on standard error."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from roi_xl.io.console import can_write
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.inputs import Case
    from roi_xl.units import Quantity

MAX_COLUMN_WIDTH = 44  # terminal columns; a row with a longer cell is printed below the table


def print_note(message: str) -> None:
    """Print a message for people on standard error."""
    click.echo(message, err=True)


def print_written(path: object) -> None:
    """Say on standard error which file was written."""
    print_note(text("cli.written", path=path))


def print_json(data: object) -> None:
    """Print data for programs on standard output."""
    written = json.dumps(data, ensure_ascii=False, indent=2)
    # escaped rather than replaced where the encoding lacks a character: programs read it
    click.echo(written if can_write(written) else json.dumps(data, indent=2))


def json_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for JSON: infinity (never repaid, no end) is null."""
    return {name: None if value == float("inf") else value for name, value in values.items()}


def currency_of(case: "Case") -> str:
    """The currency of a case's amounts."""
    return str(case.get("currency", "USD"))


def format_value(quantity: "Quantity", value: Any, currency: str | None = None) -> str:
    """A result with its unit for the terminal: no thousands separators, a space before %.

    Args:
        quantity: unit and number format.
        value: the result; None prints as a dash, infinity as its word.
        currency: code of the currency of amounts.
    """
    from roi_xl.report.numbers import shown

    formatted = shown(quantity, value, currency=currency)
    if isinstance(value, str):
        return formatted
    return formatted.replace(",", "").replace("%", " %")


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows in aligned columns.

    In a table of three or more columns a row with a long cell is printed below the table, one line
    per column.

    Args:
        rows: the cells of each row; the first row holds the headings where there are several columns.
    """
    from roi_xl.text.width import text_width

    listed = [list(row) for row in rows]
    several = len(listed[0]) > 2
    long_rows = [
        r for r in listed[1:] if several and max(map(text_width, r[1:])) > MAX_COLUMN_WIDTH
    ]
    table = [row for row in listed if row not in long_rows]
    widths = [max(map(text_width, column)) for column in zip(*table, strict=True)]
    for row in table:
        padded = [
            cell + " " * (width - text_width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())
    for row in long_rows:
        click.echo(f"\n{row[0]}")
        for heading, cell in zip(listed[0][1:], row[1:], strict=True):
            click.echo(f"  {heading}: {cell}")
