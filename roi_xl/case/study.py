"""A study: one case with its scenarios and ranges, as a file or a filled workbook holds it.

A scenario is a handful of values that replace those of the base case; a range is the low, likely and
high value of one input, for the tornado and the simulation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from roi_xl.case.inputs import Case, by_key, find_input
from roi_xl.case.typed_values import typed_value, typed_values
from roi_xl.errors import BadInput
from roi_xl.functions.answers import show, value_of
from roi_xl.functions.declare import Param
from roi_xl.prices.reader import shipped
from roi_xl.prices.sheet import CURRENCIES, USD, currency_of
from roi_xl.text import LANGUAGES, current_language, text
from roi_xl.units import SWING_SHARE, nearest, quantity_of

Key = tuple[str, str, str]  # the block of cells, the row's key in it, the column's


@dataclass(frozen=True, slots=True)
class Typed:
    """Typed cells by key, rows added to tables, alternatives, and what a new workbook cannot hold."""

    cells: Mapping[Key, Any] = field(default_factory=dict)
    rows: Mapping[str, tuple[tuple[Any, ...], ...]] = field(default_factory=dict)
    # name and set values of each alternative, from the left; None where there is no such sheet
    alternatives: tuple[tuple[str, Mapping[str, Any]], ...] | None = None
    sheets: tuple[str, ...] = ()  # sheets that are none of ours
    commented: tuple[str, ...] = ()  # sheets of ours with comments
    formulas: tuple[str, ...] = ()  # cells in which a formula was typed; their values are kept
    trusted: tuple[str, ...] = ()  # those whose stored value was used, as it cannot be recomputed

    def cell(self, block: str, row: str = "", column: str = "", default: Any = None) -> Any:
        """What was typed into a cell, which may be nothing; `default` where it was not read."""
        return self.cells.get((block, row, column), default)

    @property
    def left_behind(self) -> bool:
        """Whether a workbook written from this one lacks something of it."""
        return bool(self.sheets or self.commented or self.formulas)


BASE = "base"
SCENARIOS = (BASE, "best", "worst", "own_1", "own_2")
SWING = 0.2  # share by which a driver without a range moves down and up
_INPUTS = "inputs"
_OUTPUTS = (
    "results",
    "scenario_results",
    "rationale",
)  # what the command prints beside; not read back
_KEYS = ("name", "live_scenario", "scenario", "range", "swing", "rates", *_OUTPUTS)


@dataclass(frozen=True, slots=True)
class Span:
    """Low, likely and high value of one input; `likely` is None where it is the case's own value."""

    low: float
    high: float
    likely: float | None = None

    def around(self, value: float) -> "Span":
        """The span with its likely value, else the given one or the end nearest to it."""
        likely = min(max(value, self.low), self.high) if self.likely is None else self.likely
        return Span(self.low, self.high, likely)

    def with_likely(self, name: str, value: float) -> "Span":
        """The span with a likely value, which may be the case's.

        Raises:
            BadInput: the three are not in order.
        """
        likely = value if self.likely is None else self.likely
        if not self.low <= likely <= self.high:
            raise BadInput(
                "range_order",
                name=name,
                label=find_input(name).label(),
                found=f"{self.low:g}, {likely:g}, {self.high:g}",
            )
        return Span(self.low, self.high, likely)


@dataclass(frozen=True, slots=True)
class Study:
    """A base case, the scenarios that differ from it, ranges of inputs, and a name.

    `swing` is how far inputs without a range move, `typed` what the file held beside all this, and
    `notes` where the values of some inputs are from, in words.
    """

    case: Case = field(default_factory=Case)
    scenarios: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ranges: Mapping[str, Span] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    live_scenario: str = BASE
    swing: float = SWING
    typed: Typed | None = field(default=None, compare=False)
    notes: Mapping[str, str] = field(default_factory=dict, compare=False)

    def scenario(self, name: str) -> Case:
        """The case of a scenario: the base with what the scenario says instead.

        Raises:
            BadInput: no scenario has this name.
        """
        return self.case.replace(**self.scenarios.get(find_scenario(name), {}))

    def with_live(self, name: str) -> "Study":
        """The same study with another scenario chosen."""
        return replace(self, live_scenario=find_scenario(name))

    @property
    def live_case(self) -> Case:
        """The case of the chosen scenario."""
        return self.scenario(self.live_scenario)

    @property
    def cases(self) -> dict[str, Case]:
        """The base case and every scenario that says something, in the fixed order."""
        return {name: self.scenario(name) for name in SCENARIOS if self.holds(name)}

    def holds(self, name: str) -> bool:
        """Whether the scenario differs from the base or is the one chosen."""
        return name in (BASE, self.live_scenario) or bool(self.scenarios.get(name))

    def name(self, language: str | None = None) -> str:
        """The study's name in this language, or in any."""
        chosen = language or current_language()
        return self.names.get(chosen) or next(iter(self.names.values()), "")

    def span(self, name: str) -> Span:
        """The range of an input with its likely value."""
        return self.ranges[name].with_likely(name, self.live_case[name])


def find_scenario(name: str) -> str:
    """The key of a scenario, from the key or its label in either language.

    Raises:
        BadInput: there is none; the message suggests the nearest.
    """
    wanted = name.strip().casefold()
    for key in SCENARIOS:
        if wanted in (key, *(scenario_label(key, lang).casefold() for lang in LANGUAGES)):
            return key
    hint = nearest(wanted, SCENARIOS)
    raise BadInput("unknown_scenario", found=show(name), allowed=", ".join(SCENARIOS), hint=hint)


def scenario_label(key: str, language: str | None = None) -> str:
    """The scenario's name in words."""
    return text(f"choice.{key}", language)


# --- from what a file holds ----------------------------------------------------------------------


def study_of(values: Any) -> Study:
    """A study from a mapping: inputs at the top or under `inputs`, and the tables beside them.

    Raises:
        BadInput: it is no mapping, or a key or value is not allowed; the message names the table.
    """
    if not isinstance(values, Mapping):
        raise BadInput("not_a_table", found=type(values).__name__)
    beside = {str(key): value for key, value in values.items() if key in _KEYS}
    rest = {str(key): value for key, value in values.items() if key not in _KEYS}
    if isinstance(rest.get(_INPUTS), Mapping):
        extra = [key for key in rest if key != _INPUTS]
        if extra:
            raise BadInput(
                "beside_inputs", found=", ".join(extra), allowed=", ".join((_INPUTS, *_KEYS))
            )
        rest = {str(key): value for key, value in rest[_INPUTS].items()}
    rates = rates_of(beside.get("rates", {}))
    return Study(
        Case(prices=shipped().with_rates(rates) if rates else None, **typed_values(rest)),
        scenarios_of(beside.get("scenario", {})),
        ranges_of(beside.get("range", {})),
        _names_of(beside.get("name", {})),
        _live_of(beside.get("live_scenario", BASE)),
        swing_of(beside.get("swing", SWING)),
    )


def rates_of(given: Any) -> dict[str, float]:
    """Exchange rates of other currencies in units per USD; a `date` beside them is a note.

    Raises:
        BadInput: a currency that is not known, or a rate that is no number above 0.
    """
    found: dict[str, float] = {}
    for name, raw in _table("rates", given).items():
        if name == "date":
            continue
        currency = currency_of(name)
        if currency is None or currency == USD:
            allowed = ", ".join(CURRENCIES[1:])
            raise BadInput("in_table", table="rates", reason=f"{show(name)}; {allowed}")
        try:
            found[currency] = float(find_input("currency_per_usd").read(raw))
        except BadInput as error:
            raise BadInput("in_table", table=f"rates.{name}", reason=error) from None
    return found


def scenarios_of(tables: Any) -> dict[str, dict[str, Any]]:
    """Overrides by scenario; each value is one the input may have, a blank is left out.

    Raises:
        BadInput: naming the table.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, values in _table("scenario", tables).items():
        where = f"scenario.{name}"
        try:
            key = find_scenario(name)
            if key == BASE:
                raise BadInput("base_scenario")
            given = by_key(typed_values(_table(where, values)))
            read = {n: find_input(n).read(v) for n, v in given.items()}
            found[key] = {n: v for n, v in read.items() if given[n] is not None}
        except BadInput as error:
            raise BadInput("in_table", table=where, reason=error) from None
    return found


def ranges_of(tables: Any) -> dict[str, Span]:
    """Spans by input; each end is a number the input may have.

    Raises:
        BadInput: naming the table.
    """
    found: dict[str, Span] = {}
    for name, values in _table("range", tables).items():
        where = f"range.{name}"
        try:
            key = find_input(name).name
            if key in found:
                raise BadInput("input_twice", name=key, first=key, second=name)
            found[key] = _span(key, _table(where, values))
        except BadInput as error:
            raise BadInput("in_table", table=where, reason=error) from None
    return found


def _span(name: str, ends: Mapping[str, Any]) -> Span:
    unknown = [key for key in ends if key not in ("low", "likely", "high")]
    missing = [key for key in ("low", "high") if ends.get(key) is None]
    if unknown or missing:
        raise BadInput("range_keys", found=", ".join(ends) or "-")
    entry = find_input(name)
    low, likely, high = (typed_value(entry, ends.get(end)) for end in ("low", "likely", "high"))
    return span_of(name, low, likely, high)


def span_of(name: str, low: object, likely: object, high: object) -> Span:
    """The span of an input from values as a file or a cell holds them.

    Raises:
        BadInput: one is no number the input may have, or they are not in order.
    """
    entry = find_input(name)
    if entry.quantity.kind != "number":
        raise BadInput("range_of_words", name=name, label=entry.label())
    if low is None or high is None:
        raise BadInput("range_ends", name=name, label=entry.label())
    ends = [entry.read(value) for value in (low, high)]
    middle = None if likely is None or likely == "" else entry.read(likely)
    span = Span(ends[0], ends[1], middle)
    span.with_likely(name, ends[0] if middle is None else middle)
    return span


def swing_of(raw: object) -> float:
    """The swing from a value as a file or a cell holds it.

    Raises:
        BadInput: it is no share that the swing may be.
    """
    return float(value_of(Param("swing", quantity_of(SWING_SHARE), SWING), raw))


def _names_of(given: Any) -> dict[str, str]:
    if isinstance(given, str):
        return dict.fromkeys(LANGUAGES, given) if given.strip() else {}
    names = _table("name", given)
    if any(key not in LANGUAGES or not isinstance(said, str) for key, said in names.items()):
        raise BadInput("case_name", found=show(given), allowed=", ".join(LANGUAGES))
    return names


def _live_of(given: Any) -> str:
    return find_scenario(given if isinstance(given, str) else str(given))


def _table(where: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise BadInput("in_table", table=where, reason=text("error.table", found=show(given)))
    return {str(key): value for key, value in given.items()}
