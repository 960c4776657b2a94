"""Monte Carlo: the whole case over random drivers, in chunks, the same on every machine.

Every run takes one uniform number a driver, in the order of the inputs, from numpy's PCG64; inverse
distribution functions turn them into values. So a run's numbers depend on the seed and its place
alone, not on the chunk size, and the first 10,000 of 100,000 runs are the 10,000 runs of that seed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from roi_xl.case.dependencies import (
    PAYBACK_STEP,
    VALUE_STEP,
    depend_on,
    evaluate_with,
    steps_behind,
)
from roi_xl.case.evaluate import first_problem, read_columns, run
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.sensitivity import tornado
from roi_xl.case.study import SWING, Span
from roi_xl.errors import BadInput
from roi_xl.functions.columns import Column

Distribution = Literal["triangular", "pert"]
DISTRIBUTIONS: tuple[Distribution, ...] = ("triangular", "pert")
PERCENTILES = (10, 50, 90)
RUNS, SEED, MOST_RUNS = 10_000, 1, 10_000_000
CHUNK = 32_768  # runs at a time: small enough that a chunk's columns stay in the processor's cache
RANKED_RUNS = 50_000  # runs from which rank correlations are taken, at most
_PERT_WEIGHT = 4.0
_PERT_NODES = 2_048
OUTCOME = "success_probability"  # each run succeeds or fails
BINS = 40  # of the histogram
_EVEN = ("total_cost", "monthly_savings", "last_month")
_UNEVEN = (  # inputs that make one month save more than another
    "build_months",
    "ramp_months",
    "monthly_volume_growth",
    "current_price_decline_per_year",
    "finetuned_price_decline_per_year",
    "wage_growth_per_year",
)
# decisions and conventions, which no simulation draws unless they are given a range
_CHOSEN = ("horizon_months", "days_per_month", "annual_discount_rate", OUTCOME)
_THRESHOLDS = (
    "strong_below_months",
    "recommended_below_months",
    "caution_below_months",
    "horizon_months",
)

Floats = NDArray[np.float64]
Quantile = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Chance:
    """The share of runs repaid within some months; `input` names the case's threshold."""

    input: str
    months: float
    share: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The runs that succeed, or those that fail: their share and the spread of their value."""

    success: bool
    share: float
    value: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the runs gave; money in the case's currency, payback in months (infinite is never)."""

    runs: int
    seed: int
    distribution: Distribution
    value: Mapping[int, float]
    payback: Mapping[int, float]
    mean_value: float
    positive: float
    chances: tuple[Chance, ...]
    correlations: Mapping[str, float]
    without_result: int
    outcomes: tuple[Outcome, ...]
    edges: tuple[float, ...]  # of the histogram's bins
    counts: tuple[int, ...]
    swing: float | None  # by which drivers moved where no input has a range


def simulate(
    case: Case,
    ranges: Mapping[str, Span],
    runs: int = RUNS,
    seed: int = SEED,
    distribution: Distribution = "triangular",
    progress: Callable[[int], object] | None = None,
    swing: float = SWING,
) -> Simulation:
    """The spread of value and payback when the drivers, and the outcome, are uncertain.

    Each run draws the drivers and whether the project succeeds, with the case's probability.

    Args:
        case: the values of all inputs that have no range, and the likely values of those whose
            range names none.
        ranges: low, likely and high of the uncertain inputs; without any, every driver of the net
            present value moves by `swing` around its value.
        runs: 1 to 10,000,000.
        seed: whole number, at least 0; the same seed gives the same result.
        distribution: triangular, or PERT (a beta distribution with four times the weight on likely).
        progress: called with the number of runs done since the last call.
        swing: share by which drivers move where no input has a range.

    Returns:
        percentiles (the smallest value that the share of runs does not exceed), chances of payback,
        and Spearman's rank correlation of each driver with the value, strongest first.

    Raises:
        BadInput: a range is out of order, the runs are out of bounds, or the case has no result.

    Source:
        Triangular and PERT distributions as in project risk analysis (PMBOK); Spearman 1904.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise BadInput("runs", found=runs, allowed=f"1 – {MOST_RUNS}")
    if seed < 0:
        raise BadInput("seed", found=seed)
    _refuse_without_result(case)
    assumed = None if ranges else swing
    ranges = ranges or _swung_drivers(case, swing)
    names = [name for name in INPUTS if name in ranges]
    spans = [ranges[name].with_likely(name, case[name]) for name in names]
    value, payback, succeeded, drivers = _run_all(
        case, names, [quantile(s, distribution) for s in spans], runs, seed, progress
    )
    usable = ~np.isnan(value) & ~np.isnan(payback)
    lost = runs - int(np.count_nonzero(usable))
    if lost == runs:
        raise BadInput("no_result_in_any_run")
    if lost:
        ranked = usable[: drivers.shape[1]]
        value, payback, drivers = value[usable], payback[usable], drivers[:, ranked]
        succeeded = succeeded[usable]
    counts, edges = np.histogram(value, BINS)
    return Simulation(
        runs,
        seed,
        distribution,
        percentiles(value),
        percentiles(payback),
        float(value.mean()),
        float(np.mean(value > 0)),
        _chances(case, payback),
        _correlations(names, drivers, value[: drivers.shape[1]]),
        lost,
        tuple(
            Outcome(success, float(np.mean(chosen)), percentiles(value[chosen]))
            for success, chosen in ((True, succeeded), (False, ~succeeded))
            if chosen.any()
        ),
        tuple(edges.tolist()),
        tuple(counts.tolist()),
        assumed,
    )


def _refuse_without_result(case: Case) -> None:
    """Name what is wrong with a case that has no value, before any run is drawn.

    Raises:
        RoiError: the error of the first step without a result, such as a GPU that is not listed.
    """
    column = evaluate_with(case, {}, [VALUE_STEP])[VALUE_STEP]
    problem = None if column.errors is None else first_problem(case)
    if problem is not None:
        raise BadInput("no_value", reason=problem)


def _swung_drivers(case: Case, swing: float) -> dict[str, Span]:
    """A span around the value of every driver that moves the net present value."""
    return {
        bar.driver: Span(bar.low, bar.high, float(case[bar.driver]))
        for bar in tornado(case, swing=swing)
        if bar.spread > 0 and bar.driver not in _CHOSEN
    }


def _run_all(
    case: Case,
    names: list[str],
    quantiles: list[Quantile],
    runs: int,
    seed: int,
    progress: Callable[[int], object] | None,
) -> tuple[Floats, Floats, NDArray[np.bool_], Floats]:
    """Value, payback and outcome of every run, and the drivers' uniform numbers of the first of them."""
    random = np.random.Generator(np.random.PCG64(seed))
    # a stream of its own, so that a case that may fail draws the same drivers as one that cannot
    chance = np.random.Generator(np.random.PCG64(seed).jumped())
    even = _is_even(case, names)
    steps = steps_behind([VALUE_STEP, *(_EVEN if even else (PAYBACK_STEP,))])
    moving = [s for s in steps if s.name in depend_on([*names, OUTCOME])]
    columns = read_columns(case, case.prices)
    columns |= run(columns, [s for s in steps if s not in moving])  # once for all runs
    certain = OUTCOME not in names and case[OUTCOME] == 1.0
    value, payback, succeeded = np.empty(runs), np.empty(runs), np.ones(runs, bool)
    drivers = np.empty((len(names), min(runs, RANKED_RUNS)))
    for start in range(0, runs, CHUNK):
        stop = min(start + CHUNK, runs)
        uniform = np.ascontiguousarray(random.random((stop - start, len(names))).T)
        for name, drawn, row in zip(names, quantiles, uniform, strict=True):
            columns[name] = Column(drawn(row))
        if not certain:
            probability = columns[OUTCOME].values if OUTCOME in names else case[OUTCOME]
            outcome = chance.random(stop - start) < probability
            succeeded[start:stop] = outcome
            columns[OUTCOME] = Column(outcome.astype(np.float64))
        results = columns | run(columns, moving)
        value[start:stop] = results[VALUE_STEP].values
        payback[start:stop] = (
            _even_payback(results, succeeded[start:stop]) if even else results[PAYBACK_STEP].values
        )
        kept = max(0, min(stop, drivers.shape[1]) - start)
        drivers[:, start : start + kept] = uniform[:, :kept]
        if progress is not None:
            progress(stop - start)
    return value, payback, succeeded, drivers


def _is_even(case: Case, names: list[str]) -> bool:
    """Whether every live month brings the same, so that payback is investment over savings.

    Then the monthly flows of a million runs need not be written down.
    """
    return all(case[name] == INPUTS[name].default and name not in names for name in _UNEVEN)


def _even_payback(results: Mapping[str, Column], succeeded: NDArray[np.bool_]) -> Floats:
    """Payback where every live month brings the same; a failure brings nothing and is never repaid."""
    cost, saved, last = (results[name].values for name in _EVEN)
    with np.errstate(divide="ignore", invalid="ignore"):
        months = np.where(saved > 0, cost / saved, np.inf)
    found: Floats = np.where(succeeded & (months <= last), months, np.inf)
    return found


# --- distributions -------------------------------------------------------------------------------


def quantile(span: Span, distribution: Distribution = "triangular") -> Quantile:
    """The inverse distribution function of a span: uniform numbers in, values out."""
    low, high = span.low, span.high
    likely = (low + high) / 2 if span.likely is None else span.likely
    if high == low:
        return lambda uniform: np.full(uniform.shape, low)
    if distribution == "pert":
        return _pert(low, likely, high)
    return _triangular(low, likely, high)


def _triangular(low: float, likely: float, high: float) -> Quantile:
    width = high - low
    corner = (likely - low) / width
    # only square roots, which every processor rounds alike: the same bits everywhere
    rising, falling = width * (likely - low), width * (high - likely)

    def drawn(uniform: Floats) -> Floats:
        up = np.sqrt(uniform * rising)
        down = np.sqrt((1.0 - uniform) * falling)
        return np.where(uniform < corner, low + up, high - down)

    return drawn


def _pert(low: float, likely: float, high: float) -> Quantile:
    width = high - low
    a = 1 + _PERT_WEIGHT * (likely - low) / width
    b = 1 + _PERT_WEIGHT * (high - likely) / width
    # nodes lie closer towards the ends, where the inverse is steep
    nodes = (1 - np.cos(np.linspace(0, np.pi, _PERT_NODES + 1))) / 2
    points, weights = np.polynomial.legendre.leggauss(5)
    middle, half = (nodes[1:] + nodes[:-1]) / 2, (nodes[1:] - nodes[:-1]) / 2
    at = middle[:, None] + half[:, None] * points
    mass = (at ** (a - 1) * (1 - at) ** (b - 1)) @ weights * half
    below = np.concatenate(([0.0], np.cumsum(mass)))
    below /= below[-1]
    values = low + width * nodes
    return lambda uniform: np.interp(uniform, below, values)


# --- what the runs say ---------------------------------------------------------------------------


def percentiles(values: Floats) -> dict[int, float]:
    """P10, P50 and P90: the smallest value that this share of the runs does not exceed."""
    at = [-(-values.size * p // 100) - 1 for p in PERCENTILES]
    ordered = np.sort(values)  # faster than a partition at three places
    return {p: float(ordered[i]) for p, i in zip(PERCENTILES, at, strict=True)}


def _chances(case: Case, payback: Floats) -> tuple[Chance, ...]:
    return tuple(Chance(n, case[n], float(np.mean(payback <= case[n]))) for n in _THRESHOLDS)


def _correlations(names: list[str], drivers: Floats, value: Floats) -> dict[str, float]:
    """Spearman's coefficients; a driver's uniform numbers have the ranks of its values."""
    ranked = ranks(value)
    found = {n: _correlation(ranks(row), ranked) for n, row in zip(names, drivers, strict=True)}
    return dict(sorted(found.items(), key=lambda item: -abs(item[1])))


def ranks(values: Floats) -> Floats:
    """The rank of every value from 0 on; equal values share the middle of their ranks."""
    order = np.argsort(values)
    ordered = values[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    found = np.empty(values.size)
    if first.size == values.size:
        found[order] = np.arange(values.size)
        return found
    last = np.concatenate((first[1:], [values.size]))
    found[order] = np.repeat((first + last - 1) / 2, last - first)
    return found


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = np.sqrt(_product(one, one) * _product(other, other))
    return float(_product(one, other) / scale) if scale > 0 else 0.0


def _product(one: Floats, other: Floats) -> Floats:
    """The inner product in one thread: starting several costs more than it saves here."""
    return np.asarray(np.einsum("i,i", one, other))


def as_data(found: Simulation) -> dict[str, Any]:
    """The result as plain data; an infinite payback is null."""

    def plain(values: Mapping[int, float]) -> dict[str, float | None]:
        return {f"p{p}": v if np.isfinite(v) else None for p, v in values.items()}

    return {
        "runs": found.runs,
        "seed": found.seed,
        "distribution": found.distribution,
        VALUE_STEP: {**plain(found.value), "mean": found.mean_value},
        "payback_months": plain(found.payback),
        "probability_value_positive": found.positive,
        "probability_payback_within": [
            {"threshold": c.input, "months": c.months, "probability": c.share}
            for c in found.chances
        ],
        "rank_correlation": dict(found.correlations),
        "outcomes": [
            {"success": o.success, "share": o.share, VALUE_STEP: plain(o.value)}
            for o in found.outcomes
        ],
        "histogram": {"edges": list(found.edges), "counts": list(found.counts)},
        "swing": found.swing,
        "runs_without_result": found.without_result,
    }
