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

from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, depend_on, steps_behind
from roi_xl.case.evaluate import read_columns, run
from roi_xl.case.graph_steps import Step
from roi_xl.case.inputs import INPUTS, Case
from roi_xl.case.study import Span
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
_SIMPLE_PAYBACK, _LAST_MONTH = "payback_months", "last_month"
_UNEVEN = (  # inputs that make one month save more than another
    "build_months",
    "ramp_months",
    "monthly_volume_growth",
    "current_price_decline_per_year",
    "quality_value_per_month",
    "success_probability",
)
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
class Simulation:
    """What the runs gave; money in USD, payback in months (infinite is never)."""

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


def simulate(
    case: Case,
    ranges: Mapping[str, Span],
    runs: int = RUNS,
    seed: int = SEED,
    distribution: Distribution = "triangular",
    progress: Callable[[int], object] | None = None,
) -> Simulation:
    """The spread of value and payback when the drivers are uncertain.

    Args:
        case: the values of all inputs that have no range, and the likely values of those whose
            range names none.
        ranges: low, likely and high of the uncertain inputs.
        runs: 1 to 10,000,000.
        seed: whole number, at least 0; the same seed gives the same result.
        distribution: triangular, or PERT (a beta distribution with four times the weight on likely).
        progress: called with the number of runs done since the last call.

    Returns:
        percentiles (the smallest value that the share of runs does not exceed), chances of payback,
        and Spearman's rank correlation of each driver with the value, strongest first.

    Raises:
        BadInput: no input has a range, a range is out of order, or the runs are out of bounds.

    Source:
        Triangular and PERT distributions as in project risk analysis (PMBOK); Spearman 1904.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise BadInput("runs", found=runs, allowed=f"1 – {MOST_RUNS}")
    if seed < 0:
        raise BadInput("seed", found=seed)
    names = [name for name in INPUTS if name in ranges]
    if not names:
        raise BadInput("no_ranges")
    spans = [ranges[name].with_likely(name, case[name]) for name in names]
    value, payback, drivers = _run_all(
        case, names, [quantile(s, distribution) for s in spans], runs, seed, progress
    )
    usable = ~np.isnan(value) & ~np.isnan(payback)
    lost = runs - int(np.count_nonzero(usable))
    if lost == runs:
        raise BadInput("no_result_in_any_run")
    if lost:
        ranked = usable[: drivers.shape[1]]
        value, payback, drivers = value[usable], payback[usable], drivers[:, ranked]
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
    )


def _run_all(
    case: Case,
    names: list[str],
    quantiles: list[Quantile],
    runs: int,
    seed: int,
    progress: Callable[[int], object] | None,
) -> tuple[Floats, Floats, Floats]:
    """Value and payback of every run, and the drivers' uniform numbers of the first of them."""
    random = np.random.Generator(np.random.PCG64(seed))
    steps = _steps(case, names)
    moving = [s for s in steps if s.name in depend_on(names)]
    columns = read_columns(case, case.prices)
    columns |= run(columns, [s for s in steps if s not in moving])  # once for all runs
    value, payback = np.empty(runs), np.empty(runs)
    drivers = np.empty((len(names), min(runs, RANKED_RUNS)))
    for start in range(0, runs, CHUNK):
        stop = min(start + CHUNK, runs)
        uniform = np.ascontiguousarray(random.random((stop - start, len(names))).T)
        for name, drawn, row in zip(names, quantiles, uniform, strict=True):
            columns[name] = Column(drawn(row))
        results = columns | run(columns, moving)
        value[start:stop] = results[VALUE_STEP].values
        payback[start:stop] = _payback(results)
        kept = max(0, min(stop, drivers.shape[1]) - start)
        drivers[:, start : start + kept] = uniform[:, :kept]
        if progress is not None:
            progress(stop - start)
    return value, payback, drivers


def _steps(case: Case, names: list[str]) -> tuple[Step, ...]:
    """The steps behind value and payback.

    Where every month saves the same, the payback on the cash flow is investment over savings, within
    the months that count; so the flows of a million cases need not be written down.
    """
    even = all(case[n] == INPUTS[n].default and n not in names for n in _UNEVEN)
    payback = (_SIMPLE_PAYBACK, _LAST_MONTH) if even else (PAYBACK_STEP,)
    return steps_behind([VALUE_STEP, *payback])


def _payback(results: Mapping[str, Column]) -> Floats:
    if PAYBACK_STEP in results:
        return results[PAYBACK_STEP].values
    simple = results[_SIMPLE_PAYBACK].values
    return np.where(simple <= results[_LAST_MONTH].values, simple, np.inf)


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
        "runs_without_result": found.without_result,
    }
