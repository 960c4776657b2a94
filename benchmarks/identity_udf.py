"""The cheapest UDFs there can be, for comparison: they return their argument."""

from typing import Any

import xlwings as xw

from roi_xl.udfs import CELLS


@xw.func
@xw.arg("values", ndim=2)
def IDENTITY(values: Any) -> Any:
    """The argument."""
    return values


@xw.func
@xw.arg("values", CELLS)
@xw.ret(CELLS)
def IDENTITY_CELLS(values: Any) -> Any:
    """The argument, by the way our functions take theirs."""
    return [list(row) for row in values]


for udf in (IDENTITY, IDENTITY_CELLS):
    udf.__annotations__.clear()
