"""Actuals against plan: variances by month and cause, and what is to be expected now.

The plan is the case as if the project succeeds, month by month. The net benefit of a month is requests
× today's price per request - fine-tuned model cost - run cost + quality - one-off. Its difference from
plan splits into

- volume: requests more or less than planned, at what a further request was planned to bring (today's
  price less the fine-tuned model's cost per request; fees and GPUs of one's own do not follow it);
- price: the rest of what the requests bring, so today's price and the fine-tuned model's cost;
- run cost, quality and one-off: actual against planned.

Later months are expected at the plan's requests × actual ÷ planned requests so far, each bringing what
was planned plus the mean price variance per request so far, with the mean variance of run cost and
quality per month. Fees and GPUs stay as planned in them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.cash_flow import full_series
from roi_xl.case.evaluate import evaluate_case, first_problem
from roi_xl.case.exact_sums import grid_of, on_grid
from roi_xl.case.inputs import Case
from roi_xl.case.monthly_series import HORIZON
from roi_xl.errors import BadInput, ErrorValue
from roi_xl.model.cashflow import months_of
from roi_xl.model.flows import flow_payback

Floats = NDArray[np.float64]
REQUESTS, TUNED, TODAY, RUN, QUALITY, ONE_OFF = COLUMNS = (
    "requests",
    "finetuned_model_cost",
    "current_model_price",
    "run_cost",
    "quality",
    "one_off",
)
CAUSES = ("volume", "price", "run_cost", "quality", "one_off")
GO_ON, LOOK_AGAIN, STOP, OVER = "go_on", "look_again", "stop", "over"
_ROUNDING = 1e-9  # share of what is to come that is a rounding error
_NO_REQUESTS = 1e-6  # so few requests that a ratio to them says nothing
_TERMS = 4096  # amounts that one sum may have, with room to spare


@dataclass(frozen=True, slots=True)
class Actual:
    """What is known of one month, by the names of COLUMNS; amounts in the plan's currency."""

    month: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """A case's months as planned, from month 0, as if the project succeeds.

    Args:
        columns: the plan by the names of COLUMNS.
        request_margin: what a further request brings: today's price less the fine-tuned cost.
        fixed_cost: fees and GPUs, which are part of the fine-tuned model cost.
        live: whether the fine-tuned model is in use.
        discount: value today of one unit of money at the end of a month.
    """

    columns: Mapping[str, Floats]
    request_margin: Floats
    fixed_cost: Floats
    live: NDArray[np.bool_]
    discount: Floats

    @property
    def months(self) -> int:
        """How many months there are, month 0 included."""
        return int(self.discount.size)

    def net(self) -> Floats:
        """Net benefit by month."""
        return _net(self.columns)


def _net(columns: Mapping[str, Floats]) -> Floats:
    margin = columns[REQUESTS] * columns[TODAY] - columns[TUNED]
    return margin - columns[RUN] + columns[QUALITY] - columns[ONE_OFF]


def plan_of(case: Case) -> Plan:
    """The months of a case as planned, as if the project succeeds.

    Raises:
        BadInput: the case has no result.
    """
    results = evaluate_case(case)
    if isinstance(results["npv"], ErrorValue):
        raise BadInput("actuals.no_plan", reason=first_problem(case) or "-")
    rows = full_series(case, int(months_of(case[HORIZON])) - 1)
    month = rows["month"]
    today = results.number("current_request_cost") * (
        results.number("current_price_factor") ** month
    )
    tuned = results.number("finetuned_request_cost") * (
        results.number("finetuned_price_factor") ** month
    )
    fixed = rows["finetuned_fixed_cost"] + rows["serving_cost"]
    columns = {
        REQUESTS: rows["requests_in_month"],
        TUNED: rows["finetuned_model_cost"] + fixed,
        TODAY: today,
        RUN: rows["run_cost"],
        QUALITY: rows["quality_value"] + rows["error_savings"] + rows["avoided_fixed_cost"],
        ONE_OFF: np.where(month == 0, results.number("total_cost"), 0.0),
    }
    live = rows["live_age_months"] > 0
    return Plan(columns, today - tuned, fixed, live, rows["discount_factor"])


@dataclass(frozen=True, slots=True)
class Variance:
    """One month with actuals: both sides, and the difference of net benefit by cause.

    The parts of `by_cause` add up exactly to `difference`; `as_planned` names the columns that were
    blank and count as planned.
    """

    month: int
    planned: Mapping[str, float]
    actual: Mapping[str, float]
    planned_net: float
    actual_net: float
    by_cause: Mapping[str, float]
    as_planned: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Actual net benefit less planned."""
        return self.actual_net - self.planned_net


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected now, with what it rests on.

    Args:
        flow: net benefit by month from month 0, actual where it is known.
        npv: its net present value.
        payback_months: months until it is repaid for good, infinite where it is not.
        to_come: value today of the months after the last one with actuals.
        volume_ratio: actual ÷ planned requests so far; None where none were planned so far.
        price_variance: mean price variance per request so far.
        run_variance: mean change of net benefit by run cost per month so far.
        quality_variance: mean change of net benefit by quality per month so far.
    """

    flow: Floats
    npv: float
    payback_months: float
    to_come: float
    volume_ratio: float | None = None
    price_variance: float = 0.0
    run_variance: float = 0.0
    quality_variance: float = 0.0


@dataclass(frozen=True, slots=True)
class Review:
    """Actuals against plan.

    Args:
        case: the plan's case.
        variances: the months with actuals, in order.
        plan: the plan as a forecast.
        forecast: what is expected now.
        advice: GO_ON, LOOK_AGAIN, STOP, or OVER where no month of use is still to come.
        gaps: months without actuals before the last that has some; they count as planned.
    """

    case: Case
    variances: tuple[Variance, ...]
    plan: Forecast
    forecast: Forecast
    advice: str
    gaps: tuple[int, ...] = field(default=())

    @property
    def by_cause(self) -> dict[str, float]:
        """The differences of all months by cause."""
        return {cause: math.fsum(v.by_cause[cause] for v in self.variances) for cause in CAUSES}

    @property
    def difference(self) -> float:
        """Actual less planned net benefit of all months with actuals."""
        return math.fsum(v.difference for v in self.variances)


def review(case: Case, actuals: Iterable[Actual]) -> Review:
    """Set actuals against the plan of a case.

    Args:
        case: the plan.
        actuals: the months known so far, in any order, each once.

    Returns:
        variances by month and cause, the forecast beside the plan, and what to do by the case's
        `look_again_below` and `stop_below`.

    Raises:
        BadInput: the case has no result, a month is given twice or lies outside the plan, or there
            are no actuals.

    Example:
        >>> found = review(Case(), [Actual(1, {"requests": 150_000})])
        >>> found.variances[0].by_cause["volume"], found.forecast.volume_ratio
        (-1350.0, 0.5)
    """
    plan = plan_of(case)
    known = _by_month(actuals, plan.months - 1)
    variances = tuple(_variance(plan, month, values) for month, values in known.items())
    planned = plan.net()
    last = max(known)
    expected = _forecast(plan, variances, last)
    as_planned = Forecast(
        planned,
        float(np.sum(planned * plan.discount)),
        _payback(planned),
        float(np.sum((planned * plan.discount)[last + 1 :])),
    )
    to_come = bool(plan.live[last + 1 :].any())
    advice = advice_of(case, as_planned, expected) if to_come else OVER
    gaps = tuple(m for m in range(1, last) if m not in known and plan.live[m])
    return Review(case, variances, as_planned, expected, advice, gaps)


def _payback(flow: Floats) -> float:
    with np.errstate(all="ignore"):
        return float(flow_payback(flow))


def _by_month(actuals: Iterable[Actual], last: int) -> dict[int, Mapping[str, float]]:
    found: dict[int, Mapping[str, float]] = {}
    for actual in actuals:
        if not 0 <= actual.month <= last:
            raise BadInput("actuals.month_outside", found=actual.month, last=last)
        if actual.month in found:
            raise BadInput("actuals.month_twice", found=actual.month)
        if actual.values:
            found[actual.month] = actual.values
    if not found:
        raise BadInput("actuals.nothing")
    return dict(sorted(found.items()))


def _variance(plan: Plan, month: int, given: Mapping[str, float]) -> Variance:
    planned = {name: float(plan.columns[name][month]) for name in COLUMNS}
    actual = {name: float(given.get(name, planned[name])) for name in COLUMNS}
    sides = [(values[REQUESTS] * values[TODAY], values) for values in (planned, actual)]
    volume = (actual[REQUESTS] - planned[REQUESTS]) * float(plan.request_margin[month])
    parts = [[gross, *(v[n] for n in (TUNED, RUN, QUALITY, ONE_OFF))] for gross, v in sides]
    step = grid_of([volume, *parts[0], *parts[1]], _TERMS)
    volume = on_grid(volume, step)
    before, after = ([on_grid(amount, step) for amount in side] for side in parts)
    gross, tuned, run, quality, one_off = (b - a for a, b in zip(before, after, strict=True))
    causes = (volume, gross - tuned - volume, -run, quality, -one_off)
    planned_net, actual_net = (s[0] - s[1] - s[2] + s[3] - s[4] for s in (before, after))
    blank = tuple(name for name in COLUMNS if name not in given and _matters(plan, month, name))
    by_cause = dict(zip(CAUSES, causes, strict=True))
    return Variance(month, planned, actual, planned_net, actual_net, by_cause, blank)


def _matters(plan: Plan, month: int, name: str) -> bool:
    """Whether a blank is worth a word: in months of use, and the investment itself."""
    return bool(plan.columns[ONE_OFF][month]) if name == ONE_OFF else bool(plan.live[month])


def _forecast(plan: Plan, variances: Sequence[Variance], last: int) -> Forecast:
    used = [v for v in variances if plan.live[v.month]]
    planned = math.fsum(v.planned[REQUESTS] for v in used)
    actual = math.fsum(v.actual[REQUESTS] for v in used)
    ratio = actual / planned if planned > _NO_REQUESTS else None

    def total(cause: str) -> float:
        return math.fsum(v.by_cause[cause] for v in used)

    price = total("price") / actual if actual > _NO_REQUESTS else 0.0
    run, quality = (total(cause) / max(len(used), 1) for cause in ("run_cost", "quality"))
    columns = plan.columns
    requests = columns[REQUESTS] * (1.0 if ratio is None else ratio)
    later = requests * (plan.request_margin + price) - plan.fixed_cost
    later = later - columns[RUN] + run + columns[QUALITY] + quality
    flow = plan.net()
    later_live = np.arange(plan.months) > last
    flow = np.where(later_live & plan.live, later, flow)
    for variance in variances:
        flow[variance.month] = variance.actual_net
    discounted = flow * plan.discount
    return Forecast(
        flow,
        float(np.sum(discounted)),
        _payback(flow),
        float(np.sum(discounted[last + 1 :])),
        ratio,
        price,
        run,
        quality,
    )


def advice_of(case: Case, plan: Forecast, expected: Forecast) -> str:
    """Whether to go on, look again, or stop.

    Stop where the months still to come are worth no more than `stop_below` of what the plan had them
    worth: what is spent is spent either way. Look again where the NPV now expected is not above 0, or
    is below `look_again_below` of the plan's.
    """
    limit = case["stop_below"] * max(plan.to_come, 0.0)
    if expected.to_come <= limit + _ROUNDING * abs(plan.to_come):
        return STOP
    if expected.npv <= 0 or expected.npv < case["look_again_below"] * plan.npv:
        return LOOK_AGAIN
    return GO_ON


def month_number(calendar: str, start_month: str | None) -> int | None:
    """The month of a plan that a calendar month such as 2026-10 is; `start_month` is month 1.

    Example:
        >>> month_number("2027-01", "2026-10")
        4
    """
    if start_month is None:
        return None
    (year, month), (first_year, first) = (
        (int(part) for part in said.split("-")) for said in (calendar, start_month)
    )
    return (year - first_year) * 12 + month - first + 1


def calendar_month(month: int, start_month: str | None) -> str:
    """The calendar month of a plan's month, such as 2026-10; empty where the plan has no calendar."""
    if start_month is None:
        return ""
    year, first = (int(part) for part in start_month.split("-"))
    years, place = divmod(first + month - 2, 12)
    return f"{year + years}-{place + 1:02d}"
