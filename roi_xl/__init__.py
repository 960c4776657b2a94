"""Should we fine-tune a model? Costs, savings, payback and returns for spreadsheets and Python.

>>> from roi_xl import FUNCTIONS
>>> FUNCTIONS["FT_TOTAL_COST"](40, 50, 3, 4, 3)
2036.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from roi_xl.batch.evaluate import evaluate_frame
    from roi_xl.case.calculator import FinetuningCost, InferenceSavings, calculate_roi
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.case.inputs import Case
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

_HOME = {
    "FUNCTIONS": "roi_xl.registry",
    "FinetuningCost": "roi_xl.case.calculator",
    "InferenceSavings": "roi_xl.case.calculator",
    "calculate_roi": "roi_xl.case.calculator",
    "Case": "roi_xl.case.inputs",
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
    "RoiError",
    "ZeroBaseError",
    "__version__",
    "build_workbook",
    "calculate_roi",
    "evaluate_case",
    "evaluate_frame",
    "read_case",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import roi_xl` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'roi_xl' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
