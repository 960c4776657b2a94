"""A usage as a case file: TOML, with where each figure comes from as a comment."""

from collections.abc import Iterator

from roi_xl.text import text
from roi_xl.usage.figures import COST_PER_REQUEST, EXTRA, FIGURES, GROWTH, RATE
from roi_xl.usage.notes import shown_model
from roi_xl.usage.result import Usage

_MODELS = 20  # listed


def case_toml(usage: Usage, language: str | None = None) -> str:
    """The text of a case file with what a usage gives; what it does not give is asked for.

    Args:
        usage: the figures.
        language: of the comments; None: the one in force.
    """
    return "\n".join(_lines(usage, language)) + "\n"


def _lines(usage: Usage, language: str | None) -> Iterator[str]:
    def said(key: str, **values: object) -> str:
        return "# " + _one_line(text(f"usage.case.{key}", language, **values))

    yield said(
        "head",
        format=text(f"usage.format.{usage.format}", language),
        files=", ".join(usage.files),
        first=usage.first,
        last=usage.last,
        days=usage.days,
    )
    for note in usage.notes:
        yield "# " + _one_line(note.said(language))
    yield from _models(usage, language)
    yield ""
    yield "[inputs]"
    for name in FIGURES:
        if name in usage.inputs:
            yield "# " + origin_of(usage, name, language)
            yield f"{name} = {_number(usage.inputs[name])}"
        else:
            yield said(f"asked.{name}")
            yield f"# {name} = "
    for name in (EXTRA, RATE):
        if name in usage.inputs:
            yield f"{name} = {_number(usage.inputs[name])}"
    if "currency" in usage.inputs:
        yield f'currency = "{usage.inputs["currency"]}"'
    if RATE in usage.missing:
        yield said(f"asked.{RATE}")
        yield f"# {RATE} = "
    for name, (low, likely, high) in usage.ranges.items():
        yield ""
        if name == GROWTH:
            yield said("range_of_growth")
        yield f"[range.{name}]"
        for end, value in (("low", low), ("likely", likely), ("high", high)):
            yield f"{end} = {_number(value)}"


def origin_of(usage: Usage, name: str, language: str | None = None) -> str:
    """Where a figure is from, in one line."""
    return _one_line(text(f"usage.case.origin.{name}", language, **_about(usage)))


def _about(usage: Usage) -> dict[str, object]:
    requests = "" if usage.requests is None else f"{usage.requests:,.10g}"
    currency = usage.inputs.get("currency", "") if COST_PER_REQUEST in usage.inputs else ""
    return {"requests": requests or "?", "days": usage.days, "currency": currency}


def _models(usage: Usage, language: str | None) -> Iterator[str]:
    for name, share in list(usage.models.items())[:_MODELS]:
        yield "#   " + _one_line(f"{shown_model(name, language)}: {share:.1%}")


def _number(value: object) -> str:
    assert isinstance(value, (int, float))
    return f"{value:.12g}"


def _one_line(said: str) -> str:
    """A text as it may stand in a comment: one line without control characters."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(said.split()))
