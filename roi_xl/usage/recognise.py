"""Which of the known formats a table is of, told by its columns."""

from collections.abc import Collection, Iterable
from functools import cache

from roi_xl.errors import BadInput
from roi_xl.usage.declaration import Format
from roi_xl.usage.formats import (
    aliyun,
    anthropic,
    azure,
    deepseek,
    focus,
    helicone,
    langfuse,
    litellm,
    openai,
    openrouter,
)

_MODULES = (
    openai,
    anthropic,
    deepseek,
    aliyun,
    litellm,
    openrouter,
    langfuse,
    helicone,
    focus,
    azure,
)
_SHOWN = 30  # columns named in a message


@cache
def all_formats() -> tuple[Format, ...]:
    """Every known format."""
    return tuple(form for module in _MODULES for form in module.FORMATS)


def by_name(name: str) -> Format:
    """The format of this name."""
    return next(form for form in all_formats() if form.name == name)


def families() -> tuple[str, ...]:
    """The providers and tools whose exports are read."""
    return tuple(dict.fromkeys(form.family for form in all_formats()))


def matching(columns: Iterable[str]) -> tuple[Format, ...]:
    """The formats a table with these columns can be of, of which a table of pages may hold several."""
    known = set(columns)
    return tuple(form for form in all_formats() if form.matches(known))


def recognise(columns: Collection[str], path: str) -> tuple[Format, ...]:
    """The formats of a table.

    Raises:
        BadInput: it is of none; the message names its columns and what is known.
    """
    found = matching(columns)
    if found:
        return found
    if columns and set(columns) <= {*openai.EMPTY_COLUMNS, "starting_at", "ending_at"}:
        raise BadInput("usage.empty", path=path)
    shown = [_printable(column) for column in list(columns)[:_SHOWN]]
    more = ["…"] if len(columns) > _SHOWN else []
    raise BadInput(
        "usage.unknown_columns",
        path=path,
        found=", ".join(shown + more) or "-",
        allowed=", ".join(families()),
    )


def _printable(column: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in column[:40])
