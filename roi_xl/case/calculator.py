"""The calculator of the source document, with its own field names, properties and result keys."""

import math
from dataclasses import dataclass
from typing import Any

from roi_xl.functions.declare import declared
from roi_xl.model import cost as model_cost
from roi_xl.model import decision, returns
from roi_xl.model import savings as model_savings
from roi_xl.model.defaults import (
    DAYS_PER_MONTH,
    GPU_COST_PER_HOUR,
    HOURLY_RATE,
    NUM_ITERATIONS,
    TRAINING_HOURS,
)


@dataclass
class FinetuningCost:
    """What the fine-tuning costs, in the source document's terms (USD and hours)."""

    data_preparation_hours: float
    hourly_rate_usd: float = HOURLY_RATE
    gpu_cost_per_hour: float = GPU_COST_PER_HOUR
    training_hours: float = TRAINING_HOURS
    num_iterations: int = int(NUM_ITERATIONS)

    @property
    def total_data_cost(self) -> float:
        """USD for preparing the data."""
        return _float(model_cost.data_cost(self.data_preparation_hours, self.hourly_rate_usd))

    @property
    def total_compute_cost(self) -> float:
        """USD for the GPUs over all iterations."""
        return _float(
            model_cost.compute_cost(
                self.gpu_cost_per_hour, self.training_hours, self.num_iterations
            )
        )

    @property
    def total_cost(self) -> float:
        """USD for both."""
        return self.total_data_cost + self.total_compute_cost


@dataclass
class InferenceSavings:
    """What the tuned model saves, in the source document's terms (USD per request)."""

    daily_requests: int
    current_cost_per_request: float
    finetuned_cost_per_request: float

    @property
    def daily_savings(self) -> float:
        """USD a day."""
        return self._over(1.0)

    @property
    def monthly_savings(self) -> float:
        """USD a month of 30 days."""
        return self._over(DAYS_PER_MONTH)

    def _over(self, days: float) -> float:
        return _float(
            model_savings.monthly_savings(
                self.daily_requests,
                self.current_cost_per_request,
                self.finetuned_cost_per_request,
                days,
            )
        )


def calculate_roi(cost: FinetuningCost, savings: InferenceSavings) -> dict[str, Any]:
    """The source document's result, rounded as there; its class is found before rounding.

    Args:
        cost: the one-off cost.
        savings: the savings per request.

    Returns:
        `total_investment_usd`, `monthly_savings_usd`, `payback_months` (inf = never),
        `annual_roi_pct` and `recommendation` (Chinese, as in the source).

    Raises:
        InputError, DomainError: a field is no number, or negative.
        ZeroBaseError: the investment is zero, so that no return on it exists.

    Source:
        The source document, `calculate_roi`. Its sample comment says 1492.4; its formula gives 1491.4.

    Example:
        >>> calculate_roi(FinetuningCost(40, training_hours=4), InferenceSavings(10000, 0.01, 0.001))
        {'total_investment_usd': 2036.0, 'monthly_savings_usd': 2700.0, 'payback_months': 0.8, \
'annual_roi_pct': 1491.4, 'recommendation': '强烈推荐'}
    """
    total_investment, monthly = cost.total_cost, savings.monthly_savings
    payback_months = float(returns.payback(total_investment, monthly))
    annual_roi = declared(returns.annual_roi)(total_investment, monthly)
    return {
        "total_investment_usd": round(total_investment, 2),
        "monthly_savings_usd": round(monthly, 2),
        "payback_months": round(payback_months, 1) if math.isfinite(payback_months) else math.inf,
        "annual_roi_pct": round(annual_roi * 100, 1),
        "recommendation": declared(decision.recommend)(payback_months, "zh"),
    }


def _float(value: Any) -> float:
    return float(value)
