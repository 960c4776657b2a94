"""When the investment is repaid and what it returns."""

import numpy as np

from roi_xl.functions.declare import ft
from roi_xl.model.defaults import MONTHS_PER_YEAR
from roi_xl.units import (
    FRACTION_SIGNED,
    MONEY,
    MONEY_PER_MONTH_SIGNED,
    MONTHS_OR_NEVER,
)


@ft("FT_PAYBACK", group="returns", example=((2036, 2700), 0.7540740740740741))
def payback(total_cost: MONEY, monthly_savings: MONEY_PER_MONTH_SIGNED) -> MONTHS_OR_NEVER:
    """Months until the savings have repaid the cost; never where nothing is saved.

    Args:
        total_cost: one-off investment, at least 0.
        monthly_savings: amount per month after maintenance, of either sign.

    Returns:
        months, infinite (a cell shows `never`) where the savings are not positive; in the
        broadcast shape of the arguments.

    Raises:
        InputError, DomainError: through `FUNCTIONS["FT_PAYBACK"]`, for blank or negative cost.

    Source:
        The source document, `payback_months`.

    Example:
        >>> round(float(payback(2036.0, 2700.0)), 4)
        0.7541
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(monthly_savings > 0, np.divide(total_cost, monthly_savings), np.inf)


@ft(
    "FT_ANNUAL_ROI",
    group="returns",
    example=((2036, 2700), 14.913555992141453),
    zero_base=lambda *a: a[0],
)
def annual_roi(total_cost: MONEY, monthly_savings: MONEY_PER_MONTH_SIGNED) -> FRACTION_SIGNED:
    """Return on the investment in the first year, as a fraction (14.914 is 1491.4%).

    Args:
        total_cost: one-off investment, above 0; 0 gives #DIV/0!.
        monthly_savings: amount per month after maintenance, of either sign.

    Returns:
        a fraction, in the broadcast shape of the arguments.

    Raises:
        InputError, DomainError, ZeroBaseError: through `FUNCTIONS["FT_ANNUAL_ROI"]`.

    Source:
        The source document, `annual_roi`: (12 × monthly savings − cost) / cost.

    Example:
        >>> round(annual_roi(2036.0, 2700.0), 4)
        14.9136
    """
    return (monthly_savings * MONTHS_PER_YEAR - total_cost) / total_cost
