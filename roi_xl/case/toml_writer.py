"""Writes a study as a case file in TOML, the values that were given and nothing else."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import BASE, SWING, Study
from roi_xl.prices.sheet import USD


def study_toml(study: Study) -> str:
    """The text of a case file: names, given inputs with their notes, scenarios, ranges, exchange rates.

    Prices of a workbook's own, which a case file cannot hold, are left out.

    Example:
        >>> print(study_toml(Study(Case(daily_requests=5000), notes={"daily_requests": "export"})))
        [inputs]
        # export
        daily_requests = 5000
        <BLANKLINE>
    """
    return "\n".join(_lines(study)) + "\n"


def _lines(study: Study) -> Iterator[str]:
    if study.live_scenario != BASE:
        yield f"live_scenario = {_value(study.live_scenario)}"
    if study.swing != SWING:
        yield f"swing = {_value(study.swing)}"
    if study.names:
        yield from ("[name]", *_pairs(study.names), "")
    yield "[inputs]"
    case = study.case
    for name in INPUTS:
        if name in case.given and case[name] is not None:
            if name in study.notes:
                yield f"# {_one_line(study.notes[name])}"
            yield f"{name} = {_value(case[name])}"
    for scenario, values in study.scenarios.items():
        if values:
            yield from ("", f"[scenario.{scenario}]", *_pairs(values))
    for name, span in study.ranges.items():
        ends = {"low": span.low, "likely": span.likely, "high": span.high}
        given = {end: value for end, value in ends.items() if value is not None}
        yield from ("", f"[range.{name}]", *_pairs(given))
    rates = _rates(case)
    if rates:
        yield from ("", "[rates]", *_pairs(rates))


def _rates(case: Case) -> dict[str, float]:
    rates = dict(case.prices.rates) if case.prices is not None else {}
    return {code: rate for code, rate in rates.items() if code not in (USD, case["currency"])}


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in values.items()]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if math.isinf(value):
        return "inf"
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _one_line(said: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in " ".join(said.split()))
