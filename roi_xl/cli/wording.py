"""click's own words ("Usage", "No such option") in the language in force.

click asks the standard library's gettext for them. It is handed our texts instead of compiled
message catalogues, so that these words stand beside all others in `text/`.
"""

import gettext
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from roi_xl.text import current_language, table, text

if TYPE_CHECKING:
    import click

_CLICKS_OWN = "en"
_KINDS = ("integer range", "float range", "integer", "float")


@contextmanager
def our_words() -> Iterator[None]:
    """Let what is imported inside the block take its words from us, in any language, at each use."""
    before = gettext.gettext, gettext.ngettext
    gettext.gettext, gettext.ngettext = _one, _many
    try:
        yield
    finally:
        gettext.gettext, gettext.ngettext = before


def _one(message: str) -> str:
    language = current_language()
    if language == _CLICKS_OWN:
        return message
    key = _keys().get(message)
    return message if key is None else table("click", language)[key]


def _many(msgid1: str, msgid2: str, n: int) -> str:
    return _one(msgid1 if n == 1 else msgid2)


def as_said(error: "click.ClickException") -> str:
    """What click says of wrong usage, its last line like our own errors, in our punctuation."""
    page = io.StringIO()
    error.show(page)
    said, message = page.getvalue(), error.format_message()
    if message:
        theirs = _one("Error: {message}").format(message=message)
        said = said.replace(theirs, text("cli.error", message=message))
    if current_language() == _CLICKS_OWN:
        return said
    for kind in _KINDS:  # click's names of types, for which it asks nobody
        said = said.replace(kind, _one(kind))
    # it puts a full stop and a space of its own behind some sentences
    stop = text("help.full_stop")
    return re.sub(r"(?<=\W)\.$", stop, said, flags=re.M).replace(f"{stop} ", stop)


def _keys() -> dict[str, str]:
    return {said: key for key, said in table("click", _CLICKS_OWN).items()}
