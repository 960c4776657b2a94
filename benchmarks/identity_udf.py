"""The cheapest UDF there can be, for comparison: it returns its argument."""

from typing import Any

import xlwings as xw


@xw.func
@xw.arg("values", ndim=2)
def IDENTITY(values: Any) -> Any:
    """The argument."""
    return values


IDENTITY.__annotations__.clear()
