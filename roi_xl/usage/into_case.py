"""A usage as a study, or put into one: only what the exports say, in the study's currency."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from roi_xl.case.dependencies import VALUE_STEP
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import Case
from roi_xl.case.study import Span, Study, span_of, study_of
from roi_xl.case.toml_writer import study_toml
from roi_xl.errors import BadInput
from roi_xl.text import LANGUAGES, text
from roi_xl.usage.case_toml import origin_of
from roi_xl.usage.currency import rate_between
from roi_xl.usage.figures import COST_PER_REQUEST, EXTRA, FIGURES, RATE
from roi_xl.usage.notes import Note
from roi_xl.usage.result import Usage

_TOKENS, _CURRENCY = "input_tokens", "currency"


def without_extra(usage: Usage, extra: float) -> Usage:
    """The usage with input tokens as they are after fine-tuning; what that saves stands beside them.

    Args:
        usage: as the exports say, with all input tokens of today.
        extra: input tokens per request that fine-tuning makes unnecessary.

    Raises:
        BadInput: these are more than all input tokens.
    """
    today = usage.inputs.get(_TOKENS)
    if not extra or today is None:
        return usage
    if extra > float(today):
        raise BadInput("usage.extra", found=f"{extra:.10g}", allowed=f"{float(today):.10g}")
    found = _changed(usage, _TOKENS, lambda value: max(value - extra, 0.0))
    note = Note("extra", {"count": f"{extra:,.10g}", "today": f"{float(today):,.6g}"})
    return replace(found, inputs={**found.inputs, EXTRA: extra}, notes=(*usage.notes, note))


def with_rate(usage: Usage, per_usd: float) -> Usage:
    """The usage with the exchange rate of its currency, which is not asked for any more."""
    missing = tuple(name for name in usage.missing if name != RATE)
    return replace(usage, inputs={**usage.inputs, RATE: per_usd}, missing=missing)


def usage_study(usage: Usage, language: str | None = None) -> Study:
    """A study of what the exports say, with the origin of each figure as its note.

    Raises:
        BadInput: the bill is not in USD and has no exchange rate, or a figure is not one its input
            may have.
    """
    names = dict.fromkeys(LANGUAGES, Path(usage.files[0]).stem)
    return Study(
        Case(**_values(usage)), ranges=_spans(usage), names=names, notes=_origins(usage, language)
    )


def updated(study: Study, usage: Usage, language: str | None = None) -> tuple[Study, Usage]:
    """A study with what the exports say in place of its own, all else unchanged.

    Args:
        study: its `extra_input_tokens_current` is taken off the input tokens, and money is converted
            into its currency.
        usage: what the exports say.
        language: of the notes.

    Returns:
        the study, and the usage as it was put in.

    Raises:
        BadInput: no rate is known between the currencies, or a figure is not one its input may have.
    """
    case = study.case
    found = without_extra(usage, float(case[EXTRA]))
    billed = found.inputs.get(_CURRENCY)
    if billed is not None and billed != case[_CURRENCY]:
        rate = rate_between(str(billed), case)
        found = _changed(found, COST_PER_REQUEST, lambda value: value * rate)
        words = {"found": billed, "wanted": case[_CURRENCY], "rate": f"{rate:.6g}"}
        inputs = {**found.inputs, _CURRENCY: case[_CURRENCY]}
        found = replace(found, inputs=inputs, notes=(*found.notes, Note("converted", words)))
    missing = tuple(name for name in found.missing if name != RATE)
    found = replace(found, missing=missing)
    values = {n: v for n, v in _values(found).items() if n in FIGURES}
    changed = replace(
        study,
        case=case.replace(**values),
        ranges={**study.ranges, **_spans(found)},
        notes={**study.notes, **_origins(found, language)},
    )
    return changed, found


def updated_toml(study: Study, path: object) -> str:
    """A study as a case file.

    Raises:
        BadInput: its results would be others, since it has prices that a case file cannot hold.
    """
    written = study_toml(study)
    again = study_of(tomllib.loads(written))
    for one, two in zip(study.cases.values(), again.cases.values(), strict=True):
        if evaluate_case(one)[VALUE_STEP] != evaluate_case(two)[VALUE_STEP]:
            raise BadInput("usage.prices_lost", path=path)
    return written


def _changed(usage: Usage, name: str, change: Callable[[float], float]) -> Usage:
    """The usage with another value and range of one input."""
    inputs = dict(usage.inputs)
    ranges = dict(usage.ranges)
    if name in inputs:
        inputs[name] = change(float(inputs[name]))
    if name in ranges:
        low, likely, high = (change(value) for value in ranges[name])
        ranges[name] = (low, likely, high)
    return replace(usage, inputs=inputs, ranges=ranges)


def _values(usage: Usage) -> dict[str, Any]:
    return dict(usage.inputs)


def _spans(usage: Usage) -> dict[str, Span]:
    return {
        name: span_of(name, low, likely, high) for name, (low, likely, high) in usage.ranges.items()
    }


def _origins(usage: Usage, language: str | None) -> dict[str, str]:
    about = {
        "format": text(f"usage.format.{usage.format}", language),
        "files": ", ".join(usage.files),
        "first": usage.first,
        "last": usage.last,
    }
    return {
        name: text("usage.source", language, origin=origin_of(usage, name, language), **about)
        for name in FIGURES
        if name in usage.inputs
    }
