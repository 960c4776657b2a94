"""A second computation of the case, one month at a time, that shares no code with the product."""

from tests.oracle.month_by_month import DEFAULTS, Lines, Result, Value, evaluate
from tests.oracle.random_cases import cases, random_case

__all__ = ["DEFAULTS", "Lines", "Result", "Value", "cases", "evaluate", "random_case"]
