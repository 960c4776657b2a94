"""The sheets of a workbook in the order in which a reader meets them."""

SHEETS = (
    "summary",
    "inputs",
    "gpu_prices",
    "llm_prices",
    "training",
    "calculation",
    "cashflow",
    "sensitivity",
    "alternatives",
    "decision",
    "checks",
    "functions",
    "log",
)
