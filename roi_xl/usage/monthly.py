"""Usage and cost exports as actuals: requests and money of every whole month in them."""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from roi_xl.case.actuals import REQUESTS, TODAY, TUNED, Actual, month_number, plan_of
from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput
from roi_xl.usage.currency import rate_between
from roi_xl.usage.figures import COST_PER_REQUEST
from roi_xl.usage.notes import Note, money
from roi_xl.usage.result import Usage, read_usage

BILLS = ("finetuned", "current")
# what a month's notes say about its money or requests; the others are about a case's inputs
_TOLD = (
    "gaps",
    "unfinished",
    "no_requests",
    "no_cost",
    "cost_elsewhere",
    "cost_days",
    "cost_unsplit",
    "cost_unsplit_model",
    "cost_all_models",
    "cost_no_model",
    "cost_lacks",
    "currencies",
    "no_currency",
    "credit",
    "granted",
    "unpriced",
    "aside",
)


@dataclass(frozen=True, slots=True)
class MonthNote:
    """A note about one calendar month."""

    month: str
    note: Note

    def said(self, language: str | None = None) -> str:
        """The month and the note in words."""
        return f"{self.month}: {self.note.said(language)}"


def monthly_actuals(
    files: Sequence[str | Path],
    case: Case,
    *,
    bill: str = BILLS[0],
    model: str | None = None,
    today: dt.date | None = None,
) -> tuple[list[Actual], list[MonthNote]]:
    """Requests and money of the whole months in usage and cost exports.

    Args:
        files: the exports of one provider.
        case: the plan, whose start month is month 1 and whose currency the amounts get.
        bill: whose bill it is. `finetuned` gives requests and the fine-tuned model's cost, to which
            fees and GPUs of one's own are added as planned; `current` gives today's price per request.
        model: only this model's rows.
        today: the day that is not over yet; None: today, UTC.

    Returns:
        the months that are whole in the files, and what to know about them.

    Raises:
        BadInput: the plan has no start month, no month is whole, the bill is in a currency without a
            known rate, or a file cannot be read.
    """
    start = case["start_month"]
    if start is None:
        raise BadInput("actuals.usage_start")
    whole = read_usage(files, model=model, today=today)
    fixed = plan_of(case).fixed_cost
    found, notes = list[Actual](), list[MonthNote]()
    for first, last in _months(whole.first, whole.last):
        name = f"{first:%Y-%m}"
        month = month_number(name, start)
        if whole.first > first or whole.last < last:
            notes.append(MonthNote(name, Note("part_of_month")))
            continue
        usage = read_usage(files, model=model, first=first, last=last, today=today)
        if usage.days < (last - first).days + 1:
            notes.append(MonthNote(name, Note("part_of_month")))
            continue
        notes += [MonthNote(name, note) for note in usage.notes if note.key in _TOLD]
        assert month is not None
        fees = float(fixed[month]) if 0 <= month < fixed.size else 0.0
        values = _values(usage, case, bill, fees)
        if values:
            found.append(Actual(month, values))
        if TUNED in values and fees:
            notes.append(MonthNote(name, Note("fixed_added", {"money": money(fees)})))
    if not found:
        raise BadInput("actuals.no_whole_month", first=whole.first, last=whole.last)
    return found, notes


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    day = first.replace(day=1)
    while day <= last:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        yield day, end
        day = end + dt.timedelta(1)


def _values(usage: Usage, case: Case, bill: str, fees: float) -> dict[str, float]:
    values: dict[str, float] = {}
    cost = usage.inputs.get(COST_PER_REQUEST)
    if cost is not None:
        cost = float(cost) * rate_between(str(usage.inputs["currency"]), case)
    if bill != BILLS[0]:
        return {} if cost is None else {TODAY: cost}
    if usage.requests is not None:
        values[REQUESTS] = usage.requests
        if cost is not None:
            values[TUNED] = cost * usage.requests + fees
    return values
