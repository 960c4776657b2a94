"""Inputs of a case from the sums of a usage: means over whole days, ranges, growth, and shares."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.usage.aggregate import Tally
from roi_xl.usage.bill import Bill, bill_of
from roi_xl.usage.daily import Daily, Sums, covered
from roi_xl.usage.declaration import (
    CACHEABLE,
    CACHED,
    COST,
    INPUT,
    METERED,
    OUTPUT,
    PRICED,
    REQUESTS,
    USAGE,
    WRITTEN,
)
from roi_xl.usage.list_price import at_list_prices
from roi_xl.usage.notes import Notes, amounts, money, several, shown_model
from roi_xl.usage.tables import Table
from roi_xl.usage.weekly import FEWEST_WEEKS, WEEK, monthly_growth, spread_of, whole_weeks

# the inputs that are looked for, in the order in which they are shown
FIGURES = (
    "daily_requests",
    "input_tokens",
    "output_tokens",
    "cached_input_share",
    "current_cost_per_request",
    "monthly_volume_growth",
)
PER_REQUEST = FIGURES[1:3]
COST_PER_REQUEST, GROWTH = FIGURES[4:]
RATE = "currency_per_usd"
EXTRA = "extra_input_tokens_current"  # what fine-tuning makes unnecessary
_MOST_NAMED = 30  # models in the message that none has the name
_PARTS = (  # measures that are told as a share of others
    ("failed", (REQUESTS,)),
    ("batched", (REQUESTS,)),
    ("free", (INPUT, OUTPUT)),
    ("assumed_apart", (INPUT,)),
)
_ALIKE = 0.005  # amounts that differ by a smaller share are the same

Span = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows count: see the arguments of `read_usage`."""

    model: str | None
    first: dt.date | None
    last: dt.date | None
    daily_requests: float | None
    today: dt.date


def work_out(read: Sequence[tuple[Table, Tally]], wanted: Wanted) -> dict[str, Any]:
    """The fields of a `Usage`, without its files.

    Args:
        read: tables with their sums, of one provider.
        wanted: which rows count.

    Raises:
        BadInput: there is no use in the files, or none of what is wanted.
    """
    return _Case(read, wanted).fields()


class _Case:
    """Figures of the wanted days and models."""

    def __init__(self, read: Sequence[tuple[Table, Tally]], wanted: Wanted) -> None:
        self.read, self.wanted, self.notes = read, wanted, Notes()
        self.usages = [tally for _, tally in read if tally.form.kind == USAGE]
        self.costs = [tally for _, tally in read if tally.form.kind == COST]
        self.names = ", ".join(dict.fromkeys(table.name for table, _ in read))
        self.daily = Daily.of(self.usages)
        self._check_tokens()
        self.form = self.usages[0].form
        self._settle_cached()
        self.covered = covered(self.usages, wanted.today)
        self.days = self._days()
        self.asked = self._asked()
        self.total = self.daily.total(self.days, self.asked)
        self._check_use()

    def fields(self) -> dict[str, Any]:
        self._say_days()
        self._say_files()
        today = self.wanted.today
        bill = bill_of(self.daily, self.costs, self.days, self.asked, today, self.notes)
        inputs: dict[str, Any] = self._means(self.days)
        inputs[COST_PER_REQUEST] = self._cost(self.days if bill is None else bill.days, bill)
        ranges = self._ranges(inputs, bill)
        growth = self._growth()
        if growth:
            inputs[GROWTH] = growth[1]
            if growth[0] < growth[2]:
                ranges[GROWTH] = growth
        found = {name: inputs[name] for name in FIGURES if inputs.get(name) is not None}
        missing = [name for name in FIGURES if name not in found]
        if COST_PER_REQUEST in found and bill is not None:
            found["currency"] = bill.currency
        if bill is not None and bill.currency != "USD":
            missing.append(RATE)
            self.notes.say("rate", currency=bill.currency)
        self._say_sums(bill)
        return {
            "format": self.form.family,
            "first": dt.date.fromordinal(min(self.days)),
            "last": dt.date.fromordinal(max(self.days)),
            "days": len(self.days),
            "requests": self.total.get(REQUESTS) if self.form.requests else None,
            "inputs": found,
            "ranges": {name: ranges[name] for name in FIGURES if name in ranges},
            "models": self._models(),
            "missing": tuple(missing),
            "notes": tuple(self.notes),
        }

    # --- what is there ---

    def _check_tokens(self) -> None:
        if not self.usages:
            raise BadInput("usage.only_cost", path=self.names)
        if self.daily.days:
            return
        if self.daily.aside:
            shown = several(sorted({label for label, _ in self.daily.aside}))
            raise BadInput("usage.no_direction", path=self.names, found=shown)
        raise BadInput("usage.no_tokens", path=self.names)

    def _settle_cached(self) -> None:
        """Find out whether cached tokens are inside the input, where an export has known both."""
        if not self.form.unless_apart:
            return
        apart = self.daily.add_apart()
        if apart:
            self.notes.say("apart", names=several(apart))
        if any(
            sums.get(CACHED) + sums.get(WRITTEN)
            for name, sums in self.daily.models(self.daily.days).items()
            if name not in apart
        ):
            self.notes.say("inside")

    def _days(self) -> frozenset[int]:
        days = set(self.covered.whole or self.covered.parts)
        first, last = self.wanted.first, self.wanted.last
        if (first or last) and any(t.long_periods for t in (*self.usages, *self.costs)):
            raise BadInput("usage.long_periods", path=self.names)
        low = first.toordinal() if first else min(days)
        high = last.toordinal() if last else max(days)
        found = frozenset(day for day in days if low <= day <= high)
        if not found:
            known = [dt.date.fromordinal(d).isoformat() for d in (min(days), max(days))]
            raise BadInput("usage.no_days", path=self.names, first=known[0], last=known[1])
        if low < min(days) or high > max(days):
            self.notes.say("span")
        return found

    def _asked(self) -> frozenset[str] | None:
        """The names meant by the model asked for; None: all."""
        if self.wanted.model is None:
            return None
        known = set(self.daily.models(self.daily.days))
        wanted = self.wanted.model.strip().casefold()
        found = frozenset(name for name in known if name.casefold() == wanted)
        if not found:
            shown = ", ".join(shown_model(name) for name in sorted(known)[:_MOST_NAMED])
            asked = shown_model(self.wanted.model[:80])
            raise BadInput("usage.model", found=asked, allowed=shown)
        return found

    def _check_use(self) -> None:
        if not self.total.get(INPUT) and not self.total.get(OUTPUT):
            raise BadInput("usage.no_use", path=self.names)
        for measure in (INPUT, OUTPUT, CACHED):  # corrections may take away more than there is
            if self.total.get(measure) < 0:
                raise BadInput("usage.negative", path=self.names)
        if self.total.get(CACHED) > self.total.get(INPUT):
            raise BadInput("usage.cached_more", path=self.names)

    # --- means ---

    def _requests(self, days: Collection[int], total: Sums) -> float | None:
        if self.form.requests:
            return total.get(REQUESTS)
        typed = self.wanted.daily_requests
        return None if typed is None else typed * len(days)

    def _means(self, days: Collection[int]) -> dict[str, float | None]:
        total = self.daily.total(days, self.asked)
        requests = self._requests(days, total)
        metered = total.get(METERED) if self.form.requests else requests
        share = _ratio(total.get(CACHED), total.get(CACHEABLE)) if self.form.cached else None
        daily = None if requests is None or not self.covered.whole else requests / len(days)
        return {
            "daily_requests": daily,
            "input_tokens": _ratio(total.get(INPUT), metered),
            "output_tokens": _ratio(total.get(OUTPUT), metered),
            "cached_input_share": share,
        }

    def _cost(self, days: Collection[int], bill: Bill | None) -> float | None:
        if bill is None:
            return None
        total = self.daily.total(days, self.asked)
        requests = self._requests(days, total)
        if self.form.requests and not self.costs:
            requests = total.get(PRICED)
        return _ratio(bill.total(days), requests)

    def _volume(self, total: Sums) -> float:
        return total.get(REQUESTS) if self.form.requests else total.get(INPUT) + total.get(OUTPUT)

    def _models(self) -> dict[str, float]:
        """The share of each model, the largest first."""
        volumes = {
            name: self._volume(sums)
            for name, sums in self.daily.models(self.days).items()
            if self.asked is None or name in self.asked
        }
        whole = sum(volumes.values())
        ordered = sorted(volumes.items(), key=lambda item: (-item[1], item[0]))
        return {name: value / whole for name, value in ordered if value > 0}

    # --- series ---

    def _weeks(self) -> list[tuple[int, ...]]:
        if self.daily.long_periods or not self.covered.whole:
            return []
        return whole_weeks(self.days)

    def _growth(self) -> Span | None:
        weeks = self._weeks()
        if len(weeks) < FEWEST_WEEKS:
            self.notes.say("few_weeks", weeks=len(weeks), needed=FEWEST_WEEKS)
            return None
        volumes = [self._volume(self.daily.total(week, self.asked)) for week in weeks]
        found = monthly_growth(weeks, volumes)
        if not found:
            self.notes.say("empty_week")
            return None
        low, likely, high = found
        if not -1 <= likely <= 1:
            self.notes.say("steep", found=f"{likely:+.0%}")
            return None
        if not self.form.requests:
            self.notes.say("growth_of_tokens")
        return max(-1.0, low), likely, min(1.0, high)

    def _ranges(self, likely: dict[str, float | None], bill: Bill | None) -> dict[str, Span]:
        periods = self._weeks()
        if len(periods) >= FEWEST_WEEKS:
            self.notes.say("ranges_weeks", weeks=len(periods))
        elif len(self.days) >= WEEK and not self.daily.long_periods:
            periods = [(day,) for day in sorted(self.days)]
            self.notes.say("ranges_days", days=len(periods))
        else:
            self.notes.say("no_ranges")
            return {}
        each = [self._means(period) for period in periods]
        if bill is not None:
            for values, period in zip(each, periods, strict=True):
                known = bill.days.issuperset(period)
                values[COST_PER_REQUEST] = self._cost(period, bill) if known else None
        found = {}
        for name, value in likely.items():
            seen = [v for v in (one.get(name) for one in each) if v is not None]
            span = None if value is None else spread_of(seen, value)
            if span:
                found[name] = span
        return found

    # --- what to know ---

    def _say_days(self) -> None:
        say = self.notes.say
        for day in self.covered.parts:
            if day not in self.days:
                say("part_of_day", day=dt.date.fromordinal(day).isoformat())
        if not self.covered.whole:
            say("no_whole_day")
            return
        starts = [t.start for t in self.usages if t.start]
        begun = min(starts)
        if begun.hour and begun.toordinal() in self.days:
            say("first_day", time=begun.strftime("%Y-%m-%d %H:%M"))
        gaps = max(self.days) - min(self.days) + 1 - len(self.days)
        if gaps:
            say("gaps", days=gaps)
        quiet = sum(day not in self.daily.days for day in self.days)
        if quiet and not self.daily.long_periods:
            say("quiet_days", days=quiet, all=len(self.days))

    def _say_files(self) -> None:
        for tally in (*self.usages, *self.costs):
            for key in tally.form.notes:
                self.notes.say(key)
        for table, tally in self.read:
            if getattr(table, "unfinished", False):
                self.notes.say("unfinished", path=table.name)
            if tally.form.kind == USAGE and tally.aside:
                names = several(sorted({label for label, _ in tally.aside}))
                sums: dict[str, float] = {}
                for (_, code), value in tally.aside.items():
                    sums[code] = sums.get(code, 0.0) + value
                self.notes.say("aside", names=names, money=amounts(sums))
        for kind in (self.usages, self.costs):
            both = _shared_days(kind)
            if both:
                self.notes.say("overlap", days=both)

    def _say_sums(self, bill: Bill | None) -> None:
        say, total = self.notes.say, self.total
        if not self.form.requests:
            self._say_no_requests(bill)
        shares = self._models()
        if len(shares) > 1:
            say("several_models", count=len(shares))
        requests = total.get(REQUESTS)
        if self.form.requests and total.get(METERED) < requests:
            say("unmetered", count=f"{requests - total.get(METERED):,.0f}", all=f"{requests:,.0f}")
        if bill is not None and not self.costs and self.form.requests:
            unpriced = requests - total.get(PRICED)
            if unpriced > 0:
                say("unpriced", count=f"{unpriced:,.0f}", all=f"{requests:,.0f}")
        if self.form.cached and total.get(CACHEABLE) < total.get(INPUT):
            say("uncacheable", share=f"{total.get(CACHEABLE) / total.get(INPUT):.0%}")
        for measure, whole in _PARTS:
            part = total.get(measure)
            if part:
                of = sum(total.get(name) for name in whole)
                say(measure, count=f"{part:,.0f}", share=f"{part / of:.1%}" if of else "-")
        self._say_money(bill)

    def _say_no_requests(self, bill: Bill | None) -> None:
        if self.wanted.daily_requests is not None:
            self.notes.say("typed_requests", count=f"{self.wanted.daily_requests:,.10g}")
            return
        days = len(self.days)
        self.notes.say(
            "no_requests",
            input=f"{self.total.get(INPUT) / days:,.0f}",
            output=f"{self.total.get(OUTPUT) / days:,.0f}",
        )
        if bill is not None:
            per_day = bill.total(bill.days) / len(bill.days)
            self.notes.say("money_per_day", money=f"{money(per_day)} {bill.currency}")

    def _say_money(self, bill: Bill | None) -> None:
        if bill is None:
            return
        sums = Daily.of(self.costs or self.usages).total(bill.days, self.asked)
        free = sorted(name for name, amount in bill.by_model.items() if not amount)
        if free:
            self.notes.say("no_money", names=several(free))
        for measure in ("own_key", "granted"):
            known = {code: v for code, v in sums.money(measure).items() if v}
            if known:
                self.notes.say(measure, money=amounts(known))
        spent = bill.total(bill.days)
        billed = sums.money("billed").get(bill.currency, spent)
        if abs(billed - spent) > _ALIKE * max(abs(spent), abs(billed)):
            self.notes.say("billed", money=money(billed), spent=f"{money(spent)} {bill.currency}")
        self._say_list_price(bill)

    def _say_list_price(self, bill: Bill) -> None:
        at_price = self.daily.total(bill.days, self.asked).get("at_price")
        if at_price:
            self._say_difference("at_price", at_price, bill.total(bill.days), bill.currency)
            return
        if bill.currency != "USD":
            return
        models = {
            name: sums
            for name, sums in self.daily.models(bill.days).items()
            if self.asked is None or name in self.asked
        }
        listed = at_list_prices(models, self.form.provider)
        if listed.unknown:
            self.notes.say("unlisted", names=several(sorted(listed.unknown)))
            if not bill.by_model:
                return  # the bill is of all of them together
        compared = sum(listed.by_model.values())
        folded = {name.casefold() for name in listed.by_model}
        spent = sum(v for name, v in bill.by_model.items() if name.casefold() in folded)
        if not bill.by_model:
            spent = bill.total(bill.days)
        if listed.by_model:
            self._say_difference("list_price", compared, spent, bill.currency)

    def _say_difference(self, key: str, listed: float, spent: float, currency: str) -> None:
        alike = abs(spent - listed) <= _ALIKE * max(abs(spent), abs(listed))
        change = "" if alike or not listed else f"{spent / listed - 1:+.1%}"
        values = {"listed": money(listed), "spent": money(spent), "currency": currency}
        if alike:
            self.notes.say(f"{key}_same", **values)
        else:
            self.notes.say(f"{key}_other", **values, change=change or "-")


def _ratio(part: float, whole: float | None) -> float | None:
    return part / whole if whole else None


def _shared_days(found: Sequence[Tally]) -> int:
    """How many days more than one file has rows of."""
    seen: dict[int, int] = {}
    for tally in found:
        for day in {day for day, _ in tally.cells}:
            seen[day] = seen.get(day, 0) + 1
    return sum(count > 1 for count in seen.values())
