"""The status of every input: filled, to fill in, sample, out of range, or not used; and their counts."""

import math
from collections.abc import Mapping
from typing import Any

from roi_xl.case.inputs import INPUTS, Input, self_hosted
from roi_xl.errors import ErrorValue
from roi_xl.text import text
from roi_xl.workbook.sheet_writer import Book, Page

FILLED, TO_FILL, SAMPLE, DOUBTFUL, UNUSED = "✔", "□", "○", "✘", "◌"
MARKS = (FILLED, TO_FILL, SAMPLE, DOUBTFUL, UNUSED)
KEYS = ("filled", "to_fill", "sample", "doubtful", "unused")
_STATUS, _VALUE, _DEFAULT, _LOW, _HIGH = "E", "C", "G", "H", "I"
COUNTED = {TO_FILL: "inputs_to_fill", SAMPLE: "inputs_sample", DOUBTFUL: "inputs_out_of_range"}

_TRAINED = ("model_params_b", "training_samples")
_CURRENT = tuple(n for n in INPUTS if n.startswith("current_") and INPUTS[n].group == "tokens")
_TUNED = tuple(n for n in INPUTS if n.startswith("finetuned_") and INPUTS[n].group == "tokens")
_BOTH = ("input_tokens", "output_tokens", "cached_input_share", "batch_share")
_SERVED = tuple(
    n
    for n, i in INPUTS.items()
    if i.group == "serving" and n not in ("serving_gpu_model", "serving_gpu_cost_per_hour")
)
# what replaces an input: the names that, all typed, leave it without effect
_REPLACED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("gpu_model", "gpu_provider", "gpu_market"), ("gpu_cost_per_hour",)),
    **dict.fromkeys((*_CURRENT, "extra_input_tokens_current"), ("current_cost_per_request",)),
    **dict.fromkeys(_TUNED, ("finetuned_cost_per_request",)),
    **dict.fromkeys(_BOTH, ("current_cost_per_request", "finetuned_cost_per_request")),
}


def typed_value(book: Book, entry: Input) -> object:
    """What stands in an input's cell: what was given; samples too, unless they are to be filled in."""
    case = book.study.case
    if entry.name in case.given:
        return entry.shown(case[entry.name], book.language)
    if not book.shows_sample(entry) or case[entry.name] is None:
        return None
    return entry.shown(case[entry.name], book.language)


def status(book: Book, page: Page, row: int, entry: Input) -> None:
    """Write the status of an input's row."""
    says = {
        key: f"{mark} {book.say(f'status.{key}')}" for mark, key in zip(MARKS, KEYS, strict=True)
    }
    cell, default = f"{_VALUE}{row}", f"{_DEFAULT}{row}"
    blank = '""'
    if entry.is_sample:
        to_do = f'IF({_replaced_sample(entry.name)},"",IF(template=1,"{says["to_fill"]}",'
        to_do += f'"{says["sample"]}"))'
        typed = f'IF(AND(template=0,{cell}={default}),"{says["sample"]}","{says["filled"]}")'
        blank = to_do
    else:
        typed = f'"{says["filled"]}"'
    if (unused := _unused(entry.name)) is not None:
        typed = f'IF({unused},"{says["unused"]}",{typed})'
    bad = _bad(book, row, entry)
    if bad is not None:
        typed = f'IF({bad},"{says["doubtful"]}",{typed})'
    formula = f'IF(TRIM({cell})="",{blank},{typed})'
    page.formula(row, ord(_STATUS) - 64, formula, _known(book, entry, says), "ft_status")


def counts(book: Book, page: Page, first: int, last: int) -> None:
    """How many inputs have each status, as one line on top and as named cells."""
    found = [
        str(book.cached[page.ws.title][f"{_STATUS}{r}"]) for r in _rows(book, page, first, last)
    ]
    total = {mark: sum(s.startswith(mark) for s in found) for mark in MARKS}
    span = f"${_STATUS}${first}:${_STATUS}${last}"
    places = {TO_FILL: 10, SAMPLE: 8, DOUBTFUL: 9}
    for mark, column in places.items():
        formula = f'SUMPRODUCT((LEFT({span},1)="{mark}")*1)'
        cell = page.formula(3, column, formula, float(total[mark]), "ft_formula", "0")
        book.name(COUNTED[mark], page, cell.coordinate, mark)
    parts = [f'"{FILLED} "&SUMPRODUCT((LEFT({span},1)="{FILLED}")*1)']
    parts += [
        f'"  {mark} "&{page.ws.cell(3, column).coordinate}' for mark, column in places.items()
    ]
    parts.append(f'"  {UNUSED} "&SUMPRODUCT((LEFT({span},1)="{UNUSED}")*1)')
    said = "  ".join(f"{mark} {total[mark]}" for mark in MARKS)
    page.formula(3, 4, "&".join(parts), said, "ft_flag")
    page.put(
        3,
        6,
        "   ".join(f"{m} {book.say(f'status.{k}')}" for m, k in zip(MARKS, KEYS, strict=True)),
        "ft_unit",
    )


def _rows(book: Book, page: Page, first: int, last: int) -> list[int]:
    known = book.cached[page.ws.title]
    return [r for r in range(first, last + 1) if f"{_STATUS}{r}" in known]


def _replaced_sample(name: str) -> str:
    """Whether a blank sample is worked out from other inputs."""
    if name == "training_hours":
        return "AND(" + ",".join(f'TRIM({n})<>""' for n in _TRAINED) + ")"
    if name == "current_cost_per_request":
        return "ISNUMBER(current_cost_by_tokens)"
    if name == "finetuned_cost_per_request":
        return "ISNUMBER(finetuned_cost_worked_out)"
    return "FALSE"


def _unused(name: str) -> str | None:
    if name in _REPLACED:
        typed = [f'TRIM({n})<>""' for n in _REPLACED[name]]
        return typed[0] if len(typed) == 1 else f"AND({','.join(typed)})"
    if name in _SERVED:
        return 'AND(TRIM(serving_gpu_model)="",TRIM(serving_gpu_cost_per_hour)="")'
    return None


def _bad(book: Book, row: int, entry: Input) -> str | None:
    cell = f"{_VALUE}{row}"
    if entry.quantity.choices:
        return f"COUNTIF({book.reference(f'list_{entry.name}')},{cell})=0"
    if entry.quantity.form == "month":
        return f'ISERROR(DATEVALUE({cell}&"-01"))'
    if entry.quantity.kind != "number":
        return None
    rate = "*IF(ISNUMBER(currency_rate),currency_rate,1)" if entry.is_money else ""
    outside = f"OR({cell}<{_LOW}{row}{rate},{cell}>{_HIGH}{row}{rate})"
    if entry.plausible is None:
        outside = "FALSE"
    if entry.name == "horizon_months":
        outside = f"OR({outside},{cell}>COUNT(months)-1)"
    words = [text(f"choice.{word}", book.language) for word, _ in entry.quantity.named]
    if entry.quantity.never:
        words.append(text(f"choice.{entry.quantity.infinity}", book.language))
    unknown = "TRUE"
    if words:
        unknown = "AND(" + ",".join(f'{cell}<>"{word}"' for word in words) + ")"
    return f"IF(ISNUMBER({cell}),{outside},{unknown})"


def _known(book: Book, entry: Input, says: Mapping[str, str]) -> str:
    """What the formula gives for the case that the workbook is made from."""
    case, shown = book.study.case, typed_value(book, entry)
    if shown is None:
        if not entry.is_sample or (entry.worked_out is not None and entry.worked_out(case)):
            return ""
        return says["to_fill" if book.unfilled else "sample"]
    value: Any = case[entry.name]
    if isinstance(value, float) and entry.plausible is not None and not math.isinf(value):
        low, high = entry.plausible_in(_rate(book)) or entry.plausible
        if not low <= value <= high:
            return says["doubtful"]
    if entry.name == "horizon_months" and value > book.months:
        return says["doubtful"]
    if entry.name in _REPLACED and all(
        typed_value(book, INPUTS[n]) is not None for n in _REPLACED[entry.name]
    ):
        return says["unused"]
    if entry.name in _SERVED and not self_hosted(case):
        return says["unused"]
    if entry.is_sample and not book.unfilled and value == entry.default:
        return says["sample"]
    return says["filled"]


def _rate(book: Book) -> float:
    rate = book.evaluate(book.study.case)["currency_rate"]
    return 1.0 if isinstance(rate, ErrorValue) else float(rate)


def sample_count(book: Book) -> int:
    """How many inputs the workbook marks as samples or to be filled in."""
    title = book.title("inputs")
    found = (str(v) for cell, v in book.cached[title].items() if cell.startswith(_STATUS))
    return sum(said[:1] in (SAMPLE, TO_FILL) for said in found)
