"""Where things stand in our workbooks: defined names, keys and headings, for writer and reader alike.

The reader finds a cell by a defined name, a row by the key in it, a table's column by its heading.
Whoever moves something on a sheet changes it here once.
"""

from roi_xl.case.inputs import INPUTS
from roi_xl.case.study import SCENARIOS
from roi_xl.text import LANGUAGES, text

# --- defined names -------------------------------------------------------------------------------

LIVE_SCENARIO, SWING = "scenario", "swing"  # single cells
PRICES_AS_OF, LLM_LOOKUP_MODEL = "prices_as_of", "llm_lookup_model"
PRICE_TABLE = "gpu_price_table"  # tables without their heading row
LLM_LISTED = "llm_listed_rows"
LLM_ADDED = "llm_added_rows"
ALTERNATIVES = "alternative_values"  # with its heading row
RANGE_ENDS = ("low", "likely", "high")
ACTUALS, RATES = "actual_rows", "currency_rates"  # typed blocks without heading
MONTHS, TEMPLATE = "months", "template"  # the months across, and whether inputs are to be filled in


def scenario_name(scenario: str) -> str:
    """The name of a scenario's column of values."""
    return f"scenario_{scenario}"


def range_name(end: str) -> str:
    """The name of the column of low, likely or high values."""
    return f"range_{end}"


def scenario_title(scenario: str) -> str:
    """The name of the cell that says what a scenario is called."""
    return f"scenario_title_{scenario}"


OWN_SCENARIOS = tuple(scenario_name(key) for key in SCENARIOS[1:])  # the base has the inputs' names
RANGES = tuple(range_name(end) for end in RANGE_ENDS)
SINGLE_CELLS = (LIVE_SCENARIO, SWING, PRICES_AS_OF, LLM_LOOKUP_MODEL)
COLUMNS = (*OWN_SCENARIOS, *RANGES)
TABLES = (PRICE_TABLE, LLM_LISTED, LLM_ADDED, ALTERNATIVES)
TITLES = tuple(scenario_title(key) for key in SCENARIOS[1:])
NAMES = (*SINGLE_CELLS, *COLUMNS, *TABLES, *TITLES, ACTUALS, RATES, MONTHS, TEMPLATE)
ALTERNATIVE_SHARES = (
    "people_share",
    "compute_share",
    "request_share",
    "run_share",
    "quality_share",
)  # rows of the table of alternatives
# without these a scenario, range or swing would count as not given
REQUIRED = (LIVE_SCENARIO, SWING, *OWN_SCENARIOS, *RANGES)

# --- keys of rows --------------------------------------------------------------------------------

KEY_COLUMNS, KEY_ROWS = 8, 2_000  # how far right and down a row's key may stand
RANGE_KEY, ALTERNATIVE_KEY = "range_", "alternative_"


def range_key(name: str) -> str:
    """The key of an input's row of low, likely and high."""
    return f"{RANGE_KEY}{name}"


def alternative_key(name: str) -> str:
    """The key of an input's row on the sheet of alternatives."""
    return f"{ALTERNATIVE_KEY}{name}"


FIRST_ALTERNATIVE = 3  # column of the table of alternatives, from 0: after key, unit and this case

# --- headings of tables, by the key of their text, from the first column ----------------------------

GPU_PRICE_HEADS = (
    "gpu",
    "memory",
    "provider",
    "market",
    "usd_per_gpu_hour",
    "min_gpus",
    "product",
    "date",
    "source",
    "licence",
    "price_notes",
    "status",
    "age",
    "offer",
    "key_offer",
    "counts",
    "key_any",
    "key_own",
    "key_cheapest",
    "key_provider",
)
GPU_TYPED = GPU_PRICE_HEADS[: GPU_PRICE_HEADS.index("status")]  # typed; the rest are formulas
LLM_PRICE_HEADS = (
    "provider",
    "model",
    "input_price",
    "output_price",
    "cached_price",
    "batch_ratio",
    "own_input",
    "own_output",
    "own_cached",
    "used_input",
    "used_output",
    "used_cached",
    "read_on",
    "source",
)
LLM_OWN = (
    "batch_ratio",
    "own_input",
    "own_output",
    "own_cached",
)  # own prices beside a listed model
LLM_USED = ("used_input", "used_output", "used_cached")  # formulas: the prices that count

# --- sheets --------------------------------------------------------------------------------------

SHEETS = (
    "summary",
    "inputs",
    "scenarios",
    "ranges",
    "gpu_prices",
    "llm_prices",
    "training",
    "calculation",
    "cashflow",
    "sensitivity",
    "simulation",
    "alternatives",
    "decision",
    "actuals",
    "checks",
    "functions",
    "about",
    "lists",
)  # in the order in which a reader meets them


def titles(key: str) -> dict[str, str]:
    """A sheet's title by language."""
    return {language: text(f"workbook.sheet.{key}.title", language) for language in LANGUAGES}


def all_titles() -> frozenset[str]:
    """The titles of all our sheets in every language."""
    return frozenset(title for key in SHEETS for title in titles(key).values())


def headings(key: str) -> frozenset[str]:
    """A column heading in every language."""
    return frozenset(text(f"workbook.head.{key}", language) for language in LANGUAGES)


def input_of_key(key: object, prefix: str = "") -> str | None:
    """The input that a row's key belongs to; None where the cell holds no key."""
    if not isinstance(key, str) or not key.startswith(prefix):
        return None
    name = key.removeprefix(prefix).strip()
    return name if name in INPUTS else None
