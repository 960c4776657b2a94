"""Why: the verdict in one paragraph, from the same templates in every place that shows it.

Which sentences are said, and what stands in their slots, follows from steps of the graph, so that a
workbook can say the same by formulas: a sentence is a template of `text/*/rationale.toml` whose slots
name results, inputs or break-even values, each with a kind that decides how it is written.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roi_xl.case.break_even import Turn
from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.sensitivity import strongest_turn
from roi_xl.errors import ErrorValue
from roi_xl.text import text, unit_text
from roi_xl.units import LEAD, quantity_of

LEADS = quantity_of(LEAD).choices
LARGE = 1000.0  # amounts from here on are written without decimals
NO_DECIMALS, TWO_DECIMALS = "#,##0", "#,##0.00"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: the key of its template, and the kind of each slot by the name that fills it."""

    key: str
    slots: Mapping[str, str]  # name of a result or input -> money | months | percent | count | word


_PERIOD = {"npv": "money", "horizon_months": "whole"}
SENTENCES: Mapping[str, Sentence] = {
    s.key: s
    for s in (
        Sentence("lead_worth", {"recommendation": "word", "payback_months": "months", **_PERIOD}),
        Sentence(
            "lead_slow",
            {"payback_months": "months", "caution_below_months": "whole", **_PERIOD},
        ),
        Sentence("lead_unpaid", _PERIOD),
        Sentence("lead_loss", {"recommendation": "word", **_PERIOD}),
        Sentence("paid", {"total_cost": "money", "monthly_savings": "money"}),
        Sentence("source", {"largest_source": "word", "largest_share": "percent"}),
        Sentence("no_source", {}),
        Sentence("turn", {}),
        Sentence("no_turn", {}),
        Sentence("failure", {"cost_of_failure": "money", "failure_probability": "percent"}),
        Sentence("failure_unplanned", {"cost_of_failure": "money"}),
        Sentence("conflict", {"strategy_conflict": "word"}),
        Sentence("samples", {}),
        Sentence("next_samples", {}),
        Sentence("next_worth", {}),
        Sentence("next_check", {}),
        Sentence("next_loss", {}),
        Sentence("no_result", {}),
    )
}


@dataclass(frozen=True, slots=True)
class Rationale:
    """The sentences of a case in order, and the break-even value that they name."""

    sentences: tuple[str, ...]
    turn: Turn | None

    def __str__(self) -> str:
        return "".join(self.sentences) if self.joined else " ".join(self.sentences)

    @property
    def joined(self) -> bool:
        """Whether sentences follow each other without a space, as in Chinese."""
        return bool(self.sentences) and self.sentences[0][-1:] not in ".!?"


def rationale(
    case: Case, language: str | None = None, results: Mapping[str, Any] | None = None
) -> Rationale:
    """Why a case is recommended or not, in one paragraph.

    Args:
        case: the case.
        language: `zh` or `en`; None is the current language.
        results: the case's results in that language, where they are known already.

    Returns:
        what is paid and comes in, where it comes from, what would turn it, what failure costs, how
        many inputs are still samples, and the next step.
    """
    found = evaluate_case(case, language) if results is None else results
    if any(isinstance(found[name], ErrorValue) for name in ("npv", "monthly_savings")):
        return Rationale((text("rationale.no_result", language),), None)
    known: dict[str, Any] = {**case, **found}
    known["failure_probability"] = 1.0 - float(case["success_probability"])
    turn = strongest_turn(case)
    keys = _keys(case, found, language, turn)
    said = tuple(_sentence(key, known, case, language, turn) for key in keys)
    return Rationale(said, turn)


def _keys(
    case: Case, found: Mapping[str, Any], language: str | None, turn: Turn | None
) -> list[str]:
    """Which sentences are said, in order."""
    words = [text(f"choice.{key}", language) for key in LEADS]
    lead = LEADS[words.index(found["lead"])]
    samples, worth = len(case.samples), lead in ("lead_worth", "lead_slow")
    keys = [lead, "paid", "source" if found["gross_benefit_per_month"] > 0 else "no_source"]
    keys.append("no_turn" if turn is None else "turn")
    keys.append("failure" if case["success_probability"] < 1 else "failure_unplanned")
    if found["strategy_conflict"] != text("choice.agree", language):
        keys.append("conflict")
    if samples:
        keys += ["samples", "next_samples"]
    elif lead == "lead_worth":
        keys.append("next_worth")
    else:
        keys.append("next_check" if worth and turn is not None else "next_loss")
    return keys


def _sentence(
    key: str, known: Mapping[str, Any], case: Case, language: str | None, turn: Turn | None
) -> str:
    written = {
        name: written_as(kind, known[name], case["currency"], language)
        for name, kind in SENTENCES[key].slots.items()
    }
    written["count"] = str(len(case.samples))
    if turn is not None:
        entry = INPUTS[turn.driver]
        written["driver"] = entry.label(language)
        unit = unit_text(entry.quantity.unit.key, language, case["currency"])
        written["turn"] = in_unit(turn.driver, turn.value, unit)
        written["today"] = in_unit(turn.driver, turn.today, unit)
    return text(f"rationale.{key}", language).format(**written)


def written_as(kind: str, value: Any, currency: str, language: str | None = None) -> str:
    """A slot's value in words, as a workbook's TEXT() writes it."""
    if kind == "word":
        return str(value)
    if kind == "money":
        said = f"{value:,.0f}" if abs(value) >= LARGE else f"{value:,.2f}"
        said = said.lstrip("-") if not said.strip("-0,.") else said
        return f"{said} {currency}"
    if kind == "percent":
        return f"{value * 100:.0f}%"
    if kind == "months":
        return text("choice.never", language) if math.isinf(value) else f"{value:.1f}"
    return f"{value:,.0f}"


def in_unit(name: str, value: float, unit: str) -> str:
    """An input's value with its unit, in as many digits as tell it from its neighbours."""
    if INPUTS[name].quantity.unit.number_format.endswith("%"):
        return f"{value * 100:.4g}%"
    said = f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.4g}"
    return f"{said} {unit}" if unit else said
