"""The money of a usage: which days, models and currency it belongs to."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from roi_xl.usage.aggregate import Tally
from roi_xl.usage.daily import Daily, Models, covered
from roi_xl.usage.declaration import MONEY
from roi_xl.usage.notes import Notes, amounts, several


@dataclass(frozen=True, slots=True)
class Bill:
    """Money by day.

    Args:
        days: whole days of which both usage and cost are known.
        currency: of the amounts.
        by_day: amounts of the wanted models.
        by_model: the same on `days`, by model; empty where the bill does not say.
    """

    days: frozenset[int]
    currency: str
    by_day: dict[int, float]
    by_model: dict[str, float]

    def total(self, days: Iterable[int]) -> float:
        """The amount of some of the days."""
        return sum(self.by_day.get(day, 0.0) for day in days)


def bill_of(
    usage: Daily,
    costs: Sequence[Tally],
    days: frozenset[int],
    asked: Models,
    today: dt.date,
    notes: Notes,
) -> Bill | None:
    """The bill that belongs to a usage; None, with a note, where there is none.

    Money of services that the usage does not hold is left out, and said.

    Args:
        usage: requests and tokens, and perhaps money.
        costs: files that hold money alone; none: the usage has it.
        days: wanted days of the usage.
        asked: wanted models.
        today: the day that is not over.
        notes: where notes go.
    """
    if not costs:
        if not usage.total(days).money():
            notes.say("no_cost")
            return None
        return _one_currency(usage, days, asked, notes, split=True)
    known = days & covered(costs, today).whole
    if not known:
        notes.say("cost_elsewhere")
        return None
    if known != days:
        notes.say("cost_days", days=len(known), all=len(days))
    money = Daily.of(costs)
    models, found = _models(usage, money, known, asked, notes)
    return _one_currency(money, known, models, notes, split="" not in models) if found else None


def _models(
    usage: Daily, money: Daily, days: frozenset[int], asked: Models, notes: Notes
) -> tuple[frozenset[str], bool]:
    """The names under which the cost files have the models of the usage."""
    labels = set(money.models(days))
    used = {name for name in usage.models(days) if asked is None or name in asked}
    split = bool(labels - {""} or money.aside)
    nothing: frozenset[str] = frozenset()
    if not split:
        notes.say("cost_unsplit" if asked is None else "cost_unsplit_model")
        return frozenset({""}), asked is None
    if not used - {""}:  # the usage does not say whose it is
        notes.say("cost_all_models")
        _say_aside(money, nothing, days, notes)
        return frozenset(labels), bool(labels)
    folded = {name.casefold() for name in used}
    mine = frozenset(name for name in labels if name and name.casefold() in folded)
    if asked is None:
        _say_aside(money, frozenset(labels - mine), days, notes)
    if not mine:
        notes.say("cost_no_model")
    elif len(mine) < len(used - {""}):
        known = {name.casefold() for name in mine}
        notes.say("cost_lacks", names=several(sorted(n for n in used if n.casefold() not in known)))
        return nothing, False
    return mine, bool(mine)


def _say_aside(money: Daily, others: frozenset[str], days: frozenset[int], notes: Notes) -> None:
    """Tell which money belongs to nothing in the usage."""
    sums = dict(money.total(days, others).money()) if others else {}
    for (_, currency), value in money.aside.items():
        sums[currency] = sums.get(currency, 0.0) + value
    names = [*sorted(others), *sorted({label for label, _ in money.aside})]
    if names:
        notes.say("aside", names=several(names), money=amounts(sums))


def _one_currency(
    money: Daily, days: frozenset[int], models: Models, notes: Notes, *, split: bool
) -> Bill | None:
    sums = money.total(days, models).money()
    known = {code: value for code, value in sums.items() if value} or sums
    if len(known) > 1:
        notes.say("currencies", found=amounts(known))
        return None
    code, value = next(iter(known.items()), ("", 0.0))
    if not code:
        notes.say("no_currency")
        return None
    if not value:
        notes.say("all_zero")
        return None
    if value < 0:
        notes.say("credit", money=amounts(known))
        return None
    by_day: dict[int, float] = {}
    by_model: dict[str, float] = {}
    for day, model, cell in money.cells(days, models):
        amount = cell.values.get((MONEY, code), 0.0)
        by_day[day] = by_day.get(day, 0.0) + amount
        if split:
            by_model[model] = by_model.get(model, 0.0) + amount
    return Bill(days, code, by_day, by_model)
