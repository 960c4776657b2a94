"""Standard output and error that write what their encoding can, and never fail on a character."""

import codecs
import sys

_NEAREST = "roi_xl_nearest"
_DEFAULTS = ("strict", "surrogateescape", "backslashreplace")  # how streams start unless told
# signs that code pages often lack, in characters that each of them has
_PLAIN = {"≥": ">=", "≤": "<=", "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "…": "..."}
_PLAIN |= {"“": '"', "”": '"', "‘": "'", "’": "'", "→": "->", "²": "2"}
_ESCAPED_FIRST, _ESCAPED_LAST = "\udc80", "\udcff"  # bytes of a file name that is no text


def write_what_can_be_written() -> None:
    """Let standard output and error replace the characters that their encoding lacks.

    Who chose another treatment, as in PYTHONIOENCODING=cp1252:xmlcharrefreplace, gets that one.
    """
    codecs.register_error(_NEAREST, _nearest)
    for stream in (sys.stdout, sys.stderr):  # None where there is no console, as in pythonw
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and getattr(stream, "errors", None) in _DEFAULTS:
            reconfigure(errors=_NEAREST)


def can_write(said: str) -> bool:
    """Whether standard output has every character of a text."""
    try:
        said.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """The nearest that an encoding has of what it lacks: a plain sign, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    if _ESCAPED_FIRST <= lacking[0] <= _ESCAPED_LAST:
        return bytes([ord(lacking[0]) - 0xDC00]), error.start + 1
    written = ""
    for character in _PLAIN.get(lacking[0], "?"):
        written += character if _has(error.encoding, character) else "?"
    return written, error.start + 1


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
