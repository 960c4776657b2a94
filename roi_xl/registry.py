"""Every FT_ function of the package, in the order of the help pages.

Functions are declared beside their economics: most in `model` and `prices`, those that evaluate a
whole case in `case`. FT_EXPLAIN and FT_VERSION, which describe the others, are declared here.
"""

import difflib
from types import ModuleType

from roi_xl.case import cell_functions
from roi_xl.errors import InputError, RoiError
from roi_xl.functions.answers import diagnose
from roi_xl.functions.declare import Function, declared, ft, functions_of
from roi_xl.model import (
    cashflow,
    cost,
    decision,
    flows,
    irr,
    npv,
    returns,
    savings,
    serving,
    training,
)
from roi_xl.prices import lookup
from roi_xl.prices.reader import newest_date
from roi_xl.text import text
from roi_xl.units import ANY, TEXT

FUNCTION_MODULES: tuple[ModuleType, ...] = (
    cost,
    savings,
    returns,
    cashflow,
    npv,
    irr,
    flows,
    decision,
    lookup,
    training,
    serving,
    cell_functions,
)
OK = "OK"


@ft("FT_EXPLAIN", group="about", mode="whole", example=(("FT_PAYBACK", 2036, 2700), OK))
def explain(function: TEXT, *argument: ANY) -> TEXT:
    """OK, or the reason in words why the named function gives an error for these arguments.

    Args:
        function: the name of an FT_ function; case and the FT_ in front do not matter.
        argument: the arguments, as the function would get them.

    Returns:
        text in the current language.

    Raises:
        InputError: no function has this name; the message suggests the nearest.

    Source:
        The error contract of this package.

    Example:
        >>> explain("FT_PAYBACK", 2036, 2700)
        'OK'
    """
    called = find(function)
    try:
        if called.mode == "whole":
            called(*argument)
            return OK
        return str(diagnose(called, argument))
    except LookupError:
        return OK
    except RoiError as error:
        return str(error)


def find(name: str) -> Function:
    """The function of this name; FT_ may be left out and case does not matter.

    Raises:
        InputError: no function has this name; the message suggests the nearest.
    """
    wanted = name.strip().upper()
    if not wanted.startswith("FT_"):
        wanted = f"FT_{wanted}"
    if wanted in FUNCTIONS:
        return FUNCTIONS[wanted]
    near = difflib.get_close_matches(wanted, FUNCTIONS, n=1, cutoff=0.5)
    hint = text("error.hint", nearest=near[0]) if near else ""
    raise InputError("unknown_function", found=name, hint=hint)


@ft("FT_VERSION", group="about", mode="whole")
def version() -> TEXT:
    """The version of this package and the date of its price sheet.

    Returns:
        text in the current language, such as `roi_xl 0.2.0, GPU prices of 2026-09-26`.

    Source:
        The package's own version and the newest row of its shipped price sheet.

    Example:
        >>> version().startswith("roi_xl ")
        True
    """
    from roi_xl import __version__

    return text("functions.version", version=__version__, date=newest_date())


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        *(f for module in FUNCTION_MODULES for f in functions_of(module)),
        declared(explain),
        declared(version),
    )
}
