"""Every text a person reads, in Chinese and English, by key: `text("error.blank", "en", name=...)`.

The first part of a key names the file (`text/en/error.toml`), the rest the entry in it, so a command
loads only the files it needs.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

LANGUAGES = ("zh", "en")
DEBUG = "ROI_XL_DEBUG"  # an environment variable: 1 shows tracebacks and stand-ins for labels
_WITH_STAND_IN = re.compile(r"quantity\.(\w+)\.(?:label|help)|workbook\.(?:group|block)\.(\w+)")
_chosen: str | None = None


class MissingText(Exception):
    """A key without a text in a language; the message names key, language and file."""

    def __init__(self, key: str, language: str) -> None:
        area, _, entry = key.partition(".")
        super().__init__(f"no text {entry!r} ({language}) in roi_xl/text/{language}/{area}.toml")
        self.key, self.language = key, language

    def __reduce__(self) -> tuple[object, ...]:
        return MissingText, (self.key, self.language)


def debugging() -> bool:
    """Whether ROI_XL_DEBUG=1 asks for tracebacks and for stand-ins for missing labels."""
    return os.environ.get(DEBUG, "").strip() == "1"


def current_language() -> str:
    """The current language: set with `use`, else by ROI_XL_LANG, else Chinese."""
    return set_language() or LANGUAGES[0]


def set_language() -> str | None:
    """The language chosen with `use` or ROI_XL_LANG; None where neither is set."""
    if _chosen is not None:
        return _chosen
    named = os.environ.get("ROI_XL_LANG", "").strip().lower()[:2]
    return named if named in LANGUAGES else None


def system_language() -> str | None:
    """The system's language if it is one of LANGUAGES, else English; None where the system names none."""
    names = (os.environ.get(n, "") for n in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), "") or _windows_language()
    if name.partition(".")[0] in ("", "C", "POSIX"):
        return None
    return next((known for known in LANGUAGES if name.lower().startswith(known)), "en")


def _windows_language() -> str:
    """The language of Windows menus, such as `zh_CN`; empty elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def use(language: str | None) -> None:
    """Set the current language; None returns to that of the environment."""
    global _chosen
    _chosen = language


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Set the language inside the block; None keeps the current one."""
    before = _chosen
    use(language or before)
    try:
        yield
    finally:
        use(before)


@cache
def table(area: str, language: str) -> dict[str, str]:
    """All entries of one file, nested tables flattened to dotted keys."""
    # not importlib.resources: importing it takes longer than most commands run
    path = os.path.join(os.path.dirname(__file__), language, f"{area}.toml")
    flat: dict[str, str] = {}
    if os.path.exists(path):
        with open(path, "rb") as source:
            _flatten(tomllib.load(source), "", flat)
    return flat


def _flatten(node: dict[str, object], prefix: str, into: dict[str, str]) -> None:
    for key, value in node.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", into)
        else:
            into[prefix + key] = str(value)


def text(key: str, language: str | None = None, **values: object) -> str:
    """The text under `key`, with `{name}` places filled from `values`.

    Raises:
        MissingText: the language has no such text. With ROI_XL_DEBUG=1 a missing label, help
            text or heading is the name it stands for instead, with spaces for underscores.
    """
    area, _, entry = key.partition(".")
    language = language or current_language()
    wording = table(area, language).get(entry)
    if wording is None:
        stand_in = _WITH_STAND_IN.fullmatch(key) if debugging() else None
        if stand_in is None:
            raise MissingText(key, language)
        return (stand_in[1] or stand_in[2]).replace("_", " ")
    return wording.format(**values) if values else wording


def has_text(key: str, language: str) -> bool:
    """Whether the language has an entry under `key`."""
    area, _, entry = key.partition(".")
    return entry in table(area, language)


def unit_text(unit: str, language: str | None = None, currency: str | None = None) -> str:
    """A unit in words; money is in `currency`, or just "amount" where no currency is given."""
    return text(f"unit.{unit}", language, currency=currency or text("unit.amount", language))
