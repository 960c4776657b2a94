"""The economics as JavaScript, generated from the same tracing as the Excel formulas."""
