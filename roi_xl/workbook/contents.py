"""The sheets of a workbook in the order in which a reader meets them."""

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
)
