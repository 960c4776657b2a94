"""Every text a person reads, in Chinese and English, by key: `text("error.blank", "en", name=...)`.

The first part of a key names the file (`text/en/error.toml`), the rest the entry in it, so a command
loads only the files it speaks from.
"""

import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

LANGUAGES = ("zh", "en")
_chosen: str | None = None


def current_language() -> str:
    """The language in force: the one set with `use`, else ROI_XL_LANG, else Chinese."""
    return set_language() or LANGUAGES[0]


def set_language() -> str | None:
    """The language somebody chose (`use` or ROI_XL_LANG), or None where nobody did."""
    if _chosen is not None:
        return _chosen
    named = os.environ.get("ROI_XL_LANG", "").strip().lower()[:2]
    return named if named in LANGUAGES else None


def system_language() -> str | None:
    """The language of the system's messages: ours if it is one of them, else English; None unsaid."""
    names = (os.environ.get(n, "") for n in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), "") or _windows_language()
    if name.partition(".")[0] in ("", "C", "POSIX"):
        return None
    return next((known for known in LANGUAGES if name.lower().startswith(known)), "en")


def _windows_language() -> str:
    """What Windows shows its own menus in, as `zh_CN`; nothing elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def use(language: str | None) -> None:
    """Choose the language of everything said from here on; None goes back to the environment's."""
    global _chosen
    _chosen = language


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """A language for what is said inside the block; None leaves the one in force."""
    before = _chosen
    use(language or before)
    try:
        yield
    finally:
        use(before)


@cache
def table(area: str, language: str) -> dict[str, str]:
    """All entries of one file, nested tables flattened to dotted keys."""
    # beside this file, and without importlib.resources, whose import costs more than all commands
    path = os.path.join(os.path.dirname(__file__), language, f"{area}.toml")
    flat: dict[str, str] = {}
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
    """The text under `key`, with `{name}` places filled from `values`."""
    area, _, entry = key.partition(".")
    wording = table(area, language or current_language())[entry]
    return wording.format(**values) if values else wording


def has_text(key: str, language: str) -> bool:
    """Whether the language has an entry under `key`."""
    area, _, entry = key.partition(".")
    return entry in table(area, language)


def unit_text(unit: str, language: str | None = None, currency: str | None = None) -> str:
    """A unit in words; amounts are in `currency`, or just an amount where none is chosen."""
    wording = text(f"unit.{unit}", language)
    return wording.replace("{currency}", currency or text("unit.amount", language))
