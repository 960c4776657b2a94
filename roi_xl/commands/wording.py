"""click's own words ("Usage", "No such option") in the language in force.

click asks the standard library's gettext for them. It is handed our texts instead of compiled
message catalogues, so that these words stand beside all others in `text/`.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager

from roi_xl.text import current_language, table

_CLICKS_OWN = "en"


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


def _keys() -> dict[str, str]:
    return {said: key for key, said in table("click", _CLICKS_OWN).items()}
