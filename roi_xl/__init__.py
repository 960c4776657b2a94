"""Should we fine-tune a model? Costs, savings, payback and returns for spreadsheets and Python.

>>> from roi_xl import payback, total_cost
>>> cost = total_cost(data_preparation_hours=40, training_hours=4)
>>> round(payback(cost, monthly_savings=2700), 3)
0.754

`FUNCTIONS["FT_PAYBACK"]` is the same function as a cell calls it, with `never` for an infinite payback.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from roi_xl import api
    from roi_xl.api import *  # noqa: F403 - the FT_ functions, from api.pyi
    from roi_xl.batch.evaluate import evaluate_frame
    from roi_xl.case.calculator import FinetuningCost, InferenceSavings, calculate_roi
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.case.inputs import Case
    from roi_xl.case.results import Results
    from roi_xl.casefile import read_case
    from roi_xl.errors import (
        BadInput,
        BadWorkbook,
        DomainError,
        ErrorValue,
        FileExists,
        FileInUse,
        InputError,
        NotListedError,
        RoiError,
        ZeroBaseError,
    )
    from roi_xl.registry import FUNCTIONS
    from roi_xl.workbook.build import build_workbook

    __all__ = [
        "FUNCTIONS",
        "BadInput",
        "BadWorkbook",
        "Case",
        "DomainError",
        "ErrorValue",
        "FileExists",
        "FileInUse",
        "FinetuningCost",
        "InferenceSavings",
        "InputError",
        "NotListedError",
        "Results",
        "RoiError",
        "ZeroBaseError",
        "__version__",
        "build_workbook",
        "calculate_roi",
        "evaluate_case",
        "evaluate_frame",
        "read_case",
    ]
    __all__ += api.__all__

_HOME = {
    "FUNCTIONS": "roi_xl.registry",
    "FinetuningCost": "roi_xl.case.calculator",
    "InferenceSavings": "roi_xl.case.calculator",
    "calculate_roi": "roi_xl.case.calculator",
    "Case": "roi_xl.case.inputs",
    "Results": "roi_xl.case.results",
    "evaluate_case": "roi_xl.case.evaluate",
    "evaluate_frame": "roi_xl.batch.evaluate",
    "read_case": "roi_xl.casefile",
    "build_workbook": "roi_xl.workbook.build",
    **dict.fromkeys(
        (
            "RoiError",
            "InputError",
            "DomainError",
            "ZeroBaseError",
            "NotListedError",
            "BadInput",
            "BadWorkbook",
            "FileExists",
            "FileInUse",
            "ErrorValue",
        ),
        "roi_xl.errors",
    ),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `import roi_xl` is fast."""
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif name == "__all__":
        value = sorted((*_HOME, "__version__", *dir(import_module("roi_xl.api"))))
    elif name.startswith("_"):
        raise AttributeError(f"module 'roi_xl' has no attribute {name!r}")
    else:
        try:
            value = getattr(import_module("roi_xl.api"), name)
        except AttributeError:
            raise AttributeError(f"module 'roi_xl' has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__getattr__("__all__"))
