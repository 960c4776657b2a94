"""What to know about figures, as keys and values of texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from roi_xl.text import text

_NAMED = 5  # names in one note


@dataclass(frozen=True, slots=True)
class Note:
    """One note: the key of its text and the values in it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: str | None = None) -> str:
        """The note in words."""
        return text(f"usage.note.{self.key}", language, **self.values)


class Notes(list[Note]):
    """Notes in the order in which they came up, each once."""

    def say(self, key: str, **values: object) -> None:
        """Add a note."""
        note = Note(key, values)
        if note not in self:
            self.append(note)


def shown_model(name: str, language: str | None = None) -> str:
    """A model's or service's name, as it may be printed anywhere."""
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain or text("usage.unnamed", language)


def several(names: Iterable[str]) -> str:
    """The first of several names, and a mark that there are more."""
    listed = [shown_model(name) for name in names]
    return ", ".join([*listed[:_NAMED], *(["…"] if listed[_NAMED:] else [])])


def money(value: float) -> str:
    """An amount to the cent, or to four digits where it is small."""
    return f"{value:,.2f}" if abs(value) >= 1 or not value else f"{value:.4g}"


def amounts(by_currency: Mapping[str, float]) -> str:
    """Amounts with their currencies."""
    known = {code: value for code, value in by_currency.items() if value} or by_currency
    return ", ".join(f"{money(value)} {code or '?'}" for code, value in known.items()) or "0"
