"""Every FT_ function of the package, in the order in which help pages list them.

A function is declared where its economics live: most in `model`, those that run the whole case in
`case`, which `model` may not import. Hosts take FUNCTIONS from here, so that none misses a part.
"""

from roi_xl.case import cell_functions
from roi_xl.functions.declare import FUNCTIONS
from roi_xl.model import about

# those that speak about the others come last
_LAST = (cell_functions.__name__, about.__name__)
_sorted = sorted(
    FUNCTIONS.items(),
    key=lambda item: _LAST.index(m) + 1 if (m := item[1].python.__module__) in _LAST else 0,
)
FUNCTIONS.clear()
FUNCTIONS.update(_sorted)

__all__ = ["FUNCTIONS"]
