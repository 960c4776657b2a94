"""FT_SENSITIVITY and FT_MONTE_CARLO: what is uncertain about a case, as tables in cells."""

from roi_xl.case.cell_range import read_range
from roi_xl.case.dependencies import PAYBACK_STEP, VALUE_STEP, find_step
from roi_xl.case.inputs import INPUTS
from roi_xl.errors import InputError
from roi_xl.functions.declare import ft
from roi_xl.text import text
from roi_xl.units import ANY, SWING_SHARE, TABLE, WHOLE_RUNS, WHOLE_SEED, never

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


@ft("FT_SENSITIVITY", group="risk", mode="whole", example=((_CASE, 0.2), _TORNADO))
def sensitivity(case_range: ANY, swing: SWING_SHARE = _SWING) -> TABLE:
    """Tornado table: what net present value each driver of a case reaches at its low and high value.

    Args:
        case_range: two columns, input name (key or label) and value; or three, name, low and high;
            or four, name, low, likely and high. Inputs it does not name take their defaults.
        swing: share by which a driver without low and high moves down and up, 0 to 0.99.

    Returns:
        a row a driver, the widest effect first: name as written, low value, high value, NPV in USD
        at low and at high, and the spread between the two.

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
            alone are fixed values. Triangular distributions.
        runs: whole number of runs, 1 to 1,000,000.
        seed: whole number, at least 0; the same seed gives the same table on every machine.

    Returns:
        rows of label and value: P10, P50 and P90 of NPV (USD) and of payback (months), and the
        chance (a fraction) of payback within the case's thresholds and horizon.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_MONTE_CARLO"]`, for a range without low and
            high.

    Source:
        Triangular distributions as in project risk analysis (PMBOK); numpy's PCG64.

    Example:
        >>> rows = monte_carlo([["daily_requests", 5000, 10000, 12000]], 1000, 1)
        >>> len(rows) >= 9
        True
    """
    from roi_xl.case.simulate import simulate

    cells = read_range(case_range)
    if not cells.spans:
        raise InputError("no_ranges")
    found = simulate(cells.case, cells.spans, int(runs), int(seed))
    rows: list[list[object]] = []
    for name, values in ((VALUE_STEP, found.value), (PAYBACK_STEP, found.payback)):
        label = find_step(name).label()
        rows += [[f"P{p} {label}", v if v != float("inf") else never()] for p, v in values.items()]
    rows += [
        [text("risk.chance", months=f"{chance.months:g}"), chance.share] for chance in found.chances
    ]
    return rows
