"""Sums by day and model, and the days files cover."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from roi_xl.usage.aggregate import Tally
from roi_xl.usage.declaration import APART, CACHEABLE, CACHED, INPUT, MONEY, WRITTEN

Models = frozenset[str] | None  # None: all


@dataclass(slots=True)
class Sums:
    """Sums by measure and currency ("" for what is no money)."""

    values: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(self, measure: tuple[str, str], value: float) -> None:
        """Add to a measure."""
        self.values[measure] = self.values.get(measure, 0.0) + value

    def get(self, measure: str) -> float:
        """A measure that is no money; 0 where there is none."""
        return self.values.get((measure, ""), 0.0)

    def money(self, measure: str = MONEY) -> dict[str, float]:
        """An amount by currency."""
        return {code: value for (name, code), value in self.values.items() if name == measure}


@dataclass(slots=True)
class Daily:
    """What several files of one kind add up to."""

    days: dict[int, dict[str, Sums]] = field(default_factory=dict)
    aside: dict[tuple[str, str], float] = field(default_factory=dict)
    long_periods: bool = False

    @classmethod
    def of(cls, found: Iterable[Tally]) -> "Daily":
        """The sums of tallies together."""
        daily = cls()
        for one in found:
            for (day, model), cell in one.cells.items():
                sums = daily.days.setdefault(day, {}).setdefault(model, Sums())
                for measure, value in cell.items():
                    sums.add(measure, value)
            for key, value in one.aside.items():
                daily.aside[key] = daily.aside.get(key, 0.0) + value
            daily.long_periods |= one.long_periods
        return daily

    def add_apart(self) -> list[str]:
        """Add cached and written tokens to the input of models where they are more than it.

        Returns:
            Names of these models: somewhere their cached tokens cannot have been inside.
        """
        found = {
            model
            for day in self.days.values()
            for model, sums in day.items()
            if sums.get(APART) or sums.get(CACHED) + sums.get(WRITTEN) > sums.get(INPUT)
        }
        for day in self.days.values():
            for model in found & day.keys():
                tokens = day[model].get(CACHED) + day[model].get(WRITTEN)
                day[model].add((INPUT, ""), tokens)
                day[model].add((CACHEABLE, ""), tokens)
        return sorted(found)

    def cells(self, days: Iterable[int], models: Models = None) -> Iterator[tuple[int, str, Sums]]:
        """The sums of days, one model after the other."""
        for day in days:
            for model, sums in self.days.get(day, {}).items():
                if models is None or model in models:
                    yield day, model, sums

    def total(self, days: Iterable[int], models: Models = None) -> Sums:
        """The sums of days and models together."""
        total = Sums()
        for _, _, sums in self.cells(days, models):
            for measure, value in sums.values.items():
                total.add(measure, value)
        return total

    def models(self, days: Iterable[int]) -> dict[str, Sums]:
        """The sums of days by model."""
        found: dict[str, Sums] = {}
        for _, model, sums in self.cells(days):
            mine = found.setdefault(model, Sums())
            for measure, value in sums.values.items():
                mine.add(measure, value)
        return found


@dataclass(frozen=True, slots=True)
class Covered:
    """Whole days that files cover, as ordinals, and days of which only a part is there."""

    whole: frozenset[int]
    parts: tuple[int, ...]


def covered(found: Iterable[Tally], today: dt.date) -> Covered:
    """The days files cover: from the first day of each to its end.

    A day at whose end a file stops early counts only where another file goes on; today is not over.
    """
    spans = sorted((t.start.date(), t.end) for t in found if t.start and t.end)
    merged: list[tuple[dt.datetime, dt.datetime]] = []
    for day, end in spans:
        start = dt.datetime.combine(day, dt.time())
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    whole: set[int] = set()
    parts = {end.toordinal() for _, end in merged if end.time() != dt.time()}
    for start, end in merged:
        whole.update(range(start.toordinal(), end.toordinal()))
    # where the day begins earlier than here, tomorrow may have begun
    for late in (today.toordinal() + 1, today.toordinal()):
        if whole and max(whole) == late:
            whole.discard(late)
            parts.add(late)
    return Covered(frozenset(whole), tuple(sorted(parts)))
