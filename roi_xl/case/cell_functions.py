"""The functions that take a whole case from a range of cells: any figure, why, break-even, risk."""

import math
from functools import cache

from roi_xl.case.cell_range import read_range
from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, evaluate_with, find_step
from roi_xl.case.evaluate import first_problem, present
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS, find_input
from roi_xl.errors import ArgumentIsError, DomainError, ErrorValue, InputError
from roi_xl.functions.answers import show
from roi_xl.functions.declare import ft
from roi_xl.text import LANGUAGES, text
from roi_xl.units import (
    ANY,
    FIGURE,
    LANGUAGE,
    SWING_SHARE,
    TABLE,
    TARGET,
    TEXT,
    WHOLE_RUNS,
    WHOLE_SEED,
    fold,
    nearest,
    never,
)

_SWING, _RUNS, _SEED = 0.2, 10_000.0, 1.0
# lists, as a range of cells arrives
_CASE = [
    ["daily_requests", 10000],
    ["current_cost_per_request", 0.01],
    ["finetuned_cost_per_request", 0.001],
]
_TORNADO = [
    [
        "current_cost_per_request",
        0.008,
        0.012,
        63455.562728659,
        100879.312859322,
        37423.750130662,
    ],
    ["daily_requests", 8000.0, 12000.0, 65326.750235192, 99008.125352788, 33681.375117596],
    [
        "finetuned_cost_per_request",
        0.0008,
        0.0012,
        84038.625300524,
        80296.250287457,
        3742.375013066,
    ],
]
_RANGES = [["daily_requests", 5000, 10000, 12000], ["training_hours", 2, 4, 10]]


@ft("FT_CASE", group="case", mode="whole", example=((_CASE, "npv"), 82167.43779399041))
def case_figure(case_range: ANY, figure: TEXT = VALUE_STEP) -> FIGURE:
    """Any result of the whole case, from its inputs.

    Args:
        case_range: two columns, input name (key or label) and value. Inputs it does not name take
            their defaults.
        figure: the result by its key or label, such as npv, payback_months or recommendation.

    Returns:
        the number or word, in the case's currency where it is an amount; `never` for a payback
        that is not reached, an empty text where nothing is known.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_CASE"]`, for a range that is no case, an
            unknown figure, or a figure that the case does not have.

    Source:
        The case graph of this package.

    Example:
        >>> round(case_figure([["daily_requests", 10000]]), 2)
        82167.44
    """
    name = find_figure(figure)
    case = read_range(case_range).case
    step = next(s for s in STEPS if s.name == name)
    value = present(step, evaluate_with(case, {}, [name])[name])
    if isinstance(value, ErrorValue):
        problem = first_problem(case)
        raise problem or ArgumentIsError("no_figure", value, figure=name)
    if value is None:
        return ""
    return never() if isinstance(value, float) and math.isinf(value) else value


def find_figure(written: str) -> str:
    """The key of a result, from the key or its label in either language.

    Raises:
        InputError: there is none; the message suggests the nearest.
    """
    found = _figures().get(fold(written))
    if found is None:
        names = [step.name for step in STEPS]
        raise InputError("unknown_figure", found=show(written), hint=nearest(written, names))
    return found


@cache
def _figures() -> dict[str, str]:
    """Every way to write a result: its key, and its label in each language."""
    labels = {fold(step.label(lang)): step.name for lang in LANGUAGES for step in reversed(STEPS)}
    return labels | {step.name: step.name for step in STEPS}


@ft("FT_RATIONALE", group="case", mode="whole", example=((_CASE, "en"), None))
def rationale_text(case_range: ANY, language: LANGUAGE = None) -> TEXT:  # type: ignore[assignment]
    """Why the case is recommended or not, in one paragraph.

    Args:
        case_range: two columns, input name (key or label) and value. Inputs it does not name take
            their defaults.
        language: `zh` or `en`; blank is the current language.

    Returns:
        what is paid and comes in, where it comes from, the break-even value of the strongest driver,
        what a failure costs, and the next step.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_RATIONALE"]`, for a range that is no case.

    Source:
        The case graph of this package.

    Example:
        >>> rationale_text([["daily_requests", 10000]], 1.0).startswith("Strongly recommended")
        True
    """
    from roi_xl.case.rationale import rationale

    chosen = None if language is None or math.isnan(language) else LANGUAGES[int(language)]
    return str(rationale(read_range(case_range).case, chosen))


@ft(
    "FT_BREAKEVEN",
    group="case",
    mode="whole",
    example=((_CASE, "daily_requests", "npv"), 241.795353413149),
)
def breakeven(
    case_range: ANY, input: TEXT, figure: TEXT = VALUE_STEP, target: TARGET = 0.0
) -> FIGURE:
    """The value of an input at which a figure of the case reaches a target.

    Args:
        case_range: two columns, input name (key or label) and value. Inputs it does not name take
            their defaults.
        input: the input to vary over its plausible range, by key or label.
        figure: a numeric result, by key or label.
        target: what the figure shall be, in its unit.

    Returns:
        the value in the input's unit; of several the one nearest to today's, at a jump the nearest
        that meets the target.

    Raises:
        InputError: through `FUNCTIONS["FT_BREAKEVEN"]`, for an unknown input or figure.
        DomainError: no plausible value reaches the target; the message names the range searched.

    Source:
        Break-even analysis; the case graph of this package.

    Example:
        >>> round(breakeven([["daily_requests", 10000]], "daily_requests"), 4)
        241.7954
    """
    from roi_xl.case.break_even import break_even, searched

    case = read_range(case_range).case
    entry, step = find_input(input), find_step(find_figure(figure))
    value = break_even(case, entry.name, step.name, float(target))
    if value is None:
        low, high = searched(case, entry.name)
        raise DomainError(
            "no_break_even",
            name=entry.name,
            label=entry.label(),
            low=f"{low:g}",
            high=f"{high:g}",
            step=step.label(),
            target=f"{target:g}",
        )
    return value


@ft("FT_SENSITIVITY", group="risk", mode="whole", example=((_CASE, 0.2), _TORNADO))
def sensitivity(case_range: ANY, swing: SWING_SHARE = _SWING) -> TABLE:
    """Tornado table: what net present value each driver of a case reaches at its low and high value.

    Args:
        case_range: two columns, input name (key or label) and value; or three, name, low and high;
            or four, name, low, likely and high. Inputs it does not name take their defaults.
        swing: share by which a driver without low and high moves down and up, 0 to 0.99.

    Returns:
        one row per driver, the widest effect first: name as written, low value, high value, NPV at
        low and at high, and the spread between the two.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_SENSITIVITY"]`, for a range that is no case.

    Source:
        One-at-a-time sensitivity analysis; the case graph of this package.

    Example:
        >>> rows = sensitivity([["daily_requests", 10000], ["training_hours", 4]])
        >>> [row[0] for row in rows]
        ['daily_requests', 'training_hours']
    """
    from roi_xl.case.sensitivity import tornado

    cells = read_range(case_range)
    drivers = [n for n in cells.written if INPUTS[n].quantity.kind == "number"]
    bars = tornado(cells.case, cells.spans, float(swing), drivers=drivers)
    if not bars:
        raise InputError("no_drivers", step=find_step(VALUE_STEP).label())
    return [[cells.written[b.driver], b.low, b.high, b.at_low, b.at_high, b.spread] for b in bars]


@ft("FT_MONTE_CARLO", group="risk", mode="whole", example=((_RANGES, 10000, 1), None))
def monte_carlo(case_range: ANY, runs: WHOLE_RUNS = _RUNS, seed: WHOLE_SEED = _SEED) -> TABLE:
    """Spread of net present value and payback when the drivers of a case are uncertain.

    Args:
        case_range: four columns, input name (key or label), low, likely and high; rows with likely
            alone are fixed values. Triangular distributions. Without any low and high, every driver
            moves by a fifth. Success or failure is drawn with the case's probability.
        runs: whole number of runs, 1 to 1,000,000.
        seed: whole number, at least 0; the same seed gives the same table on every machine.

    Returns:
        one row per figure, label and value: P10, P50 and P90 of NPV and of payback (months), and the
        chance (a fraction) of payback within the case's thresholds and horizon.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_MONTE_CARLO"]`, for a range that is no case.

    Source:
        Triangular distributions as in project risk analysis (PMBOK); numpy's PCG64.

    Example:
        >>> rows = monte_carlo([["daily_requests", 5000, 10000, 12000]], 1000, 1)
        >>> len(rows) >= 9
        True
    """
    from roi_xl.case.simulate import simulate

    cells = read_range(case_range)
    found = simulate(cells.case, cells.spans, int(runs), int(seed))
    rows: list[list[object]] = []
    for name, values in ((VALUE_STEP, found.value), (PAYBACK_STEP, found.payback)):
        label = find_step(name).label()
        rows += [[f"P{p} {label}", v if v != float("inf") else never()] for p, v in values.items()]
    rows += [
        [text("risk.chance", months=f"{chance.months:g}"), chance.share] for chance in found.chances
    ]
    return rows
